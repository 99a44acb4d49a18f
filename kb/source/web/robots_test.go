package web

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestRobotsRules(t *testing.T) {
	for _, tt := range []struct {
		name, text, path string
		want             bool
	}{
		{"no rules", "", "/a", true},
		{"everything", "User-agent: *\nDisallow: /", "/a", false},
		{"an empty rule", "User-agent: *\nDisallow:", "/a", true},
		{"the beginning of a path", "User-agent: *\nDisallow: /a", "/ab", false},
		{"another path", "User-agent: *\nDisallow: /a/", "/a", true},
		{"an own group goes before that for all", "User-agent: *\nDisallow: /\n\nUser-agent: Whetstone\nDisallow: /x", "/a", true},
		{"an own group in any letters, with a version", "User-agent: WHETSTONE/1.0\nDisallow: /\n", "/a", false},
		{"a group for a name that begins alike", "User-agent: whetstonebot\nDisallow: /\n", "/a", true},
		{"groups for one name are one", "User-agent: whetstone\nDisallow: /a\nUser-agent: x\nDisallow: /\nUser-agent: whetstone\nDisallow: /b", "/b", false},
		{"several names for one group", "User-agent: x\nUser-agent: whetstone\nUser-agent: y\nDisallow: /a", "/a", false},
		{"the longest rule", "User-agent: *\nAllow: /a/b\nDisallow: /a", "/a/b/c", true},
		{"the longest rule, in any order", "User-agent: *\nDisallow: /a/b\nAllow: /a", "/a/b/c", false},
		{"of equal rules the one that allows", "User-agent: *\nDisallow: /a\nAllow: /a", "/a", true},
		{"a star", "User-agent: *\nDisallow: /*/print", "/a/b/print/c", false},
		{"a star stands for nothing too", "User-agent: *\nDisallow: /a*b", "/ab", false},
		{"an end", "User-agent: *\nDisallow: /*.php$", "/a.php", false},
		{"an end that is none", "User-agent: *\nDisallow: /*.php$", "/a.php5", true},
		{"a sign at the end, no path", "User-agent: *\nDisallow: /$", "/", false},
		{"a query", "User-agent: *\nDisallow: /*?sort=", "/a?sort=1", false},
		{"a pattern that would be slow", "User-agent: *\nDisallow: /" + strings.Repeat("*a", 400) + "$", "/" + strings.Repeat("a", 900) + "b", true},
		{"letters that are escaped", "User-agent: *\nDisallow: /справка", "/%D1%81%D0%BF%D1%80%D0%B0%D0%B2%D0%BA%D0%B0/x", false},
		{"letters that need no escape", "User-agent: *\nDisallow: /%61b", "/ab", false},
		{"a comment", "User-agent: * # all\nDisallow: /a # b", "/a", false},
		{"a mark before the text, and old ends of lines", "\ufeffUser-agent: *\rDisallow: /a", "/a", false},
		{"rules without a group", "Disallow: /", "/a", true},
		{"lines that are none of a group", "User-agent: *\nSitemap: https://h/s.xml\nHost: h\nDisallow: /a", "/a", false},
		{"no robots.txt but a page", "<html>\n<p>User: a</p></html>", "/a", true},
	} {
		u, err := url.Parse("https://h.example" + tt.path)
		if err != nil {
			t.Fatal(err)
		}
		if got := parseRobots(tt.text).allows(u); got != tt.want {
			t.Errorf("%s: %s allowed %v, want %v", tt.name, tt.path, got, tt.want)
		}
	}
}

func TestRobotsNamesSitemapsAndAPace(t *testing.T) {
	r := parseRobots("Sitemap: https://h/a.xml\nUser-agent: x\nCrawl-delay: 90\nUser-agent: *\nCrawl-delay: 2.5\nSitemap:https://h/b.xml.gz")
	if r.delay != 2500*time.Millisecond || !slices.Equal(r.sitemaps, []string{"https://h/a.xml", "https://h/b.xml.gz"}) {
		t.Errorf("delay %v, sitemaps %q", r.delay, r.sitemaps)
	}
	for _, bad := range []string{"-1", "NaN", "x", ""} {
		if r := parseRobots("User-agent: *\nCrawl-delay: " + bad); r.delay != 0 {
			t.Errorf("a delay of %q is %v", bad, r.delay)
		}
	}
}

func FuzzRobots(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /*a$\nAllow: %zz", "/a%")
	f.Fuzz(func(_ *testing.T, text, path string) {
		parseRobots(text).allows(&url.URL{Path: path})
	})
}
