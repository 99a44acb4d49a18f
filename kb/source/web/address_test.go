package web

import (
	"net/url"
	"testing"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/source/fetch"
)

// open returns a site that asks nobody.
func open(t *testing.T, o Options) *site {
	t.Helper()
	o.Client = fetch.New(fetch.Options{Hosts: []string{"*.example.com"}})
	s, err := newSite(OpenSite(t.Context(), o))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAddressesOfOnePageAreOne(t *testing.T) {
	s := open(t, Options{URL: "https://help.example.com/", KeepQuery: []string{"id"}})
	for _, tt := range []struct{ in, listed, linked string }{
		{"https://HELP.example.com:443/a/../b/./c#d", "https://help.example.com/b/c", "https://help.example.com/b/c"},
		{"http://help.example.com:80", "http://help.example.com/", "http://help.example.com/"},
		{"http://help.example.com:8080//a//b/", "http://help.example.com:8080/a/b/", "http://help.example.com:8080/a/b/"},
		{"https://help.example.com/a?utm_source=x&z=1&id=2&yclid=3", "https://help.example.com/a?z=1&id=2", "https://help.example.com/a?id=2"},
		{"https://help.example.com/a;jsessionid=F0?PHPSESSID=1", "https://help.example.com/a", "https://help.example.com/a"},
		{"https://help.example.com/%61%2f%d0%b0?", "https://help.example.com/a%2F%D0%B0", "https://help.example.com/a%2F%D0%B0"},
		{"https://help.example.com/справка", "https://help.example.com/%D1%81%D0%BF%D1%80%D0%B0%D0%B2%D0%BA%D0%B0", "https://help.example.com/%D1%81%D0%BF%D1%80%D0%B0%D0%B2%D0%BA%D0%B0"},
		{"https://help.example.com/%2e%2e/%2e%2e/etc", "https://help.example.com/etc", "https://help.example.com/etc"},
		{"mailto:a@example.com", "", ""},
		{"/relative", "", ""},
		{"https://help.example.com/a/b/a/b/a/b/a/b", "", ""},
		{"https://help.example.com/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19/20/21", "", ""},
	} {
		for links, want := range map[bool]string{false: tt.listed, true: tt.linked} {
			u, ok := s.normal(tt.in, links)
			if ok != (want != "") || ok && u.String() != want {
				t.Errorf("%s, links %v: %v, want %s", tt.in, links, u, want)
			}
			if !ok {
				continue
			}
			if again, _ := s.normal(u.String(), links); again.String() != want {
				t.Errorf("%s is not normal: %s", want, again)
			}
		}
	}
}

func TestIDsAreMadeOfPaths(t *testing.T) {
	s := open(t, Options{URL: "https://help.example.com/", Prefix: "s:"})
	for in, want := range map[string]string{
		"https://help.example.com/":                           "s:index",
		"https://help.example.com/index.html":                 "s:index",
		"https://help.example.com/guides/":                    "s:guides",
		"https://help.example.com/guides":                     "s:guides",
		"https://help.example.com/guides/index.php":           "s:guides",
		"https://help.example.com/guides/How%20to.html":       "s:guides.How-to",
		"https://help.example.com/v1.2":                       "s:v1.2",
		"https://help.example.com/v1.2/release.notes":         "s:v1.2.release.notes",
		"https://help.example.com/a.aspx?id=5":                "s:a-id-5",
		"https://www.example.com/a":                           "s:www.example.com:a",
		"https://help.example.com/%D1%81%D1%87%D1%91%D1%82/1": "s:счёт.1",
	} {
		u, err := url.Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.id(u); got != want || !kb.ValidID(got) {
			t.Errorf("%s: id %q, want %q", in, got, want)
		}
	}
}

func TestWhatBelongsToASite(t *testing.T) {
	for _, tt := range []struct {
		o       Options
		address string
		want    bool
	}{
		{Options{URL: "https://help.example.com/"}, "https://help.example.com/any/page", true},
		{Options{URL: "https://help.example.com/"}, "https://example.org/", false},
		{Options{URL: "https://help.example.com/"}, "https://docs.example.com/any", true},
		{Options{URL: "https://help.example.com/"}, "https://help.example.com:8443/", false},
		{Options{URL: "https://help.example.com/help"}, "https://help.example.com/help", true},
		{Options{URL: "https://help.example.com/help"}, "https://help.example.com/help/a", true},
		{Options{URL: "https://help.example.com/help"}, "https://help.example.com/helper", false},
		{Options{URL: "https://help.example.com/help/index.html"}, "https://help.example.com/help/a", true},
		{Options{URL: "https://help.example.com/help/index.html"}, "https://help.example.com/", false},
		{Options{URL: "https://help.example.com/map/sitemap.xml.gz"}, "https://help.example.com/map/a", true},
		{Options{URL: "https://help.example.com/start", Within: "/docs"}, "https://help.example.com/docs/a", true},
		{Options{URL: "https://help.example.com/start", Within: "/docs"}, "https://help.example.com/start", false},
	} {
		s := open(t, tt.o)
		u, ok := s.normal(tt.address, false)
		if got := ok && s.within(u); got != tt.want {
			t.Errorf("%s within %s: %v, want %v", tt.address, s.folder, got, tt.want)
		}
	}
}
