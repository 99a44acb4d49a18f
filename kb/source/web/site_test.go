package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/source"
	"github.com/whetstone-desk/whetstone/kb/source/fetch"
)

// A world is a server of the test and what it was asked.
type world struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
	pages map[string]http.HandlerFunc
}

// serve starts a server. Pages are handlers, bodies, or numbers of a status;
// {{host}} in a body is the server's address.
func serve(t testing.TB, pages map[string]any) *world {
	t.Helper()
	w := &world{pages: make(map[string]http.HandlerFunc)}
	w.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		w.asked = append(w.asked, r.URL.RequestURI())
		handler := w.pages[r.URL.RequestURI()]
		if handler == nil {
			handler = w.pages[r.URL.Path]
		}
		if handler == nil {
			handler = w.pages["*"]
		}
		w.mu.Unlock()
		if handler == nil {
			http.NotFound(rw, r)
			return
		}
		handler(rw, r)
	}))
	t.Cleanup(w.Close)
	for path, page := range pages {
		w.set(path, page)
	}
	return w
}

func (w *world) set(path string, page any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch p := page.(type) {
	case func(http.ResponseWriter, *http.Request):
		w.pages[path] = p
	case int:
		w.pages[path] = func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(p) }
	case string:
		w.pages[path] = func(rw http.ResponseWriter, r *http.Request) {
			body := strings.ReplaceAll(p, "{{host}}", w.URL)
			if !strings.Contains(body, "<?xml") {
				rw.Header().Set("Content-Type", "text/html; charset=utf-8")
			}
			if strings.HasSuffix(r.URL.Path, ".gz") {
				var b bytes.Buffer
				z := gzip.NewWriter(&b)
				_, _ = z.Write([]byte(body))
				_ = z.Close()
				body = b.String()
				rw.Header().Set("Content-Type", "application/gzip")
			}
			_, _ = rw.Write([]byte(body))
		}
	}
}

func (w *world) host() string { return strings.TrimPrefix(w.URL, "http://") }

// options read the server without waiting.
func (w *world) options() Options {
	return Options{URL: w.URL + "/", Client: fetch.New(w.fetch())}
}

func (w *world) fetch() fetch.Options {
	return fetch.Options{
		Hosts: []string{w.host()}, AllowPrivate: true, Rate: -1, MaxBody: 1 << 20,
		Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}
}

// A crop is what a run gave.
type crop struct {
	items map[string]source.Item
	ids   []string // sorted; a * follows those that are unchanged
	lost  []string // paths, sorted
	skips []string // "path: reason" of the others, sorted
	err   error
	whole bool
}

func reap(w *world, run *Run) crop {
	c := crop{items: make(map[string]source.Item)}
	for item, err := range run.Items() {
		var skip *source.Skip
		switch {
		case errors.As(err, &skip) && skip.Lost:
			c.lost = append(c.lost, strings.TrimPrefix(skip.File, w.URL))
		case errors.As(err, &skip):
			c.skips = append(c.skips, strings.ReplaceAll(skip.Error(), w.URL, ""))
		case err != nil:
			c.err = err
		default:
			id := item.Document.ID
			c.items[id] = item
			if item.Unchanged {
				id += "*"
			}
			c.ids = append(c.ids, id)
		}
	}
	c.whole = run.Complete(kb.Article)
	sort.Strings(c.ids)
	sort.Strings(c.lost)
	sort.Strings(c.skips)
	return c
}

// marks returns what is known after a run.
func (c crop) marks(id string) string { return c.items[id].Mark }

// text is a page of some text that links elsewhere.
func text(title string, links ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<html lang=en><title>%s</title><main><h1>%s</h1><p>What %s says.</p>", title, title, title)
	for _, link := range links {
		fmt.Fprintf(&b, `<p>See <a href="%s">%s</a></p>`, link, "there")
	}
	return b.String()
}

func urlset(paths ...string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
	for _, p := range paths {
		path, lastmod, _ := strings.Cut(p, " ")
		fmt.Fprintf(&b, "<url><loc>{{host}}%s</loc><lastmod>%s</lastmod></url>", path, lastmod)
	}
	return b.String() + "</urlset>"
}

func index(paths ...string) string {
	var b strings.Builder
	b.WriteString(`<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
	for _, p := range paths {
		fmt.Fprintf(&b, "<sitemap><loc>{{host}}%s</loc></sitemap>", p)
	}
	return b.String() + "</sitemapindex>"
}

func (c crop) expect(t *testing.T, ids string, whole bool, lost ...string) {
	t.Helper()
	if got := strings.Join(c.ids, " "); got != ids {
		t.Errorf("documents %q\nwant      %q", got, ids)
	}
	if !slices.Equal(c.lost, lost) {
		t.Errorf("lost %q, want %q", c.lost, lost)
	}
	if c.whole != whole || c.err != nil {
		t.Errorf("complete %v, want %v (%v)", c.whole, whole, c.err)
	}
}

func TestASiteIsReadByItsSitemaps(t *testing.T) {
	w := serve(t, map[string]any{
		"/robots.txt": "User-agent: *\nDisallow: /secret\nSitemap: {{host}}/maps.xml\n",
		"/maps.xml":   index("/maps.xml", "/one.xml.gz", "/two.txt", "/maps.xml?", "/none.xml"),
		"/one.xml.gz": urlset("/", "/help/a", "/help/a/?utm_source=x", "/help/a#b", "/secret/x", "/help/pic.png", "/gone", "/noindex", "/xrobots", "/json", "/empty"),
		"/two.txt":    "{{host}}/help/b.html\nhttps://elsewhere.example/x\n{{host}}/v1.2?id=5",
		"/":           text("Home"), "/help/a": text("A"), "/help/b.html": text("B", "/unlisted"), "/v1.2": text("V"), "/secret/x": text("S"),
		"/noindex": `<meta name=robots content=noindex><p>x`, "/empty": "<nav>x</nav>",
		"/xrobots": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Robots-Tag", "noindex")
			_, _ = w.Write([]byte(text("X")))
		},
		"/json": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{}`))
		},
	})
	o := w.options()
	o.Product, o.Origin, o.Tags = "desk", "connection:site", []string{"b", "a", "b"}
	c := reap(w, OpenSite(t.Context(), o))
	c.expect(t, "help.a help.b index v1.2-id-5", true)
	d := c.items["help.b"].Document
	if d.Title != "B" || !strings.HasPrefix(d.Body, "What B says.") || d.Locale != "en" || d.URL != w.URL+"/help/b.html" ||
		d.Kind != kb.Article || d.Audience != kb.Public || d.Status != kb.Published || d.Product != "desk" || d.Origin != "connection:site" ||
		!slices.Equal(d.Tags, []string{"a", "b"}) {
		t.Errorf("document %+v", d)
	}
	want := []string{
		"/empty: no text", "/gone: the server answers 404 not found", "/json: it is no page but application/json",
		"/noindex: the page asks not to be read (noindex)", "/none.xml: there is no sitemap", "/secret/x: robots.txt asks not to read it",
		"/xrobots: the page asks not to be read (noindex)",
	}
	if !slices.Equal(c.skips, want) {
		t.Errorf("skips %q\nwant  %q", c.skips, want)
	}
	for _, path := range []string{"/secret/x", "/unlisted", "/help/pic.png"} {
		if slices.Contains(w.asked, path) {
			t.Errorf("%s was asked for", path)
		}
	}
	if n := len(w.asked); n != 14 {
		t.Errorf("%d requests: %q", n, w.asked)
	}
}

func TestASiteWithoutASitemapIsReadByItsLinks(t *testing.T) {
	w := serve(t, map[string]any{
		"/help/":       text("Home", "a", "a?sort=up", "/help/a/#top", "/shop/x", "//elsewhere.example/", "b?page=2&sid=9", "file.pdf", "login"),
		"/help/a":      text("A", "/help/", "a/deep", "a"),
		"/help/a/deep": text("Deep", "deeper/"),
		"/help/b":      text("B", "../../help/c", "mailto:x@y.z", "javascript:void(0)"),
		"/help/c":      text("C") + `<link rel=canonical href="/help/real-c">`,
		"/help/real-c": text("Real C") + `<link rel=canonical href="/help/real-c#x">`,
		"/help/login":  func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/help/a", http.StatusFound) },
		"/shop/x":      text("Shop"),
	})
	o := w.options()
	o.URL, o.Depth = w.URL+"/help/", 2
	c := reap(w, OpenSite(t.Context(), o))
	c.expect(t, "help help.a help.a.deep help.b help.real-c", true)
	if want := []string{"/help/c: it is the same page as /help/real-c", "/help/login: it leads to /help/a, which is read as such"}; !slices.Equal(c.skips, want) {
		t.Errorf("skips %q, want %q", c.skips, want)
	}
	if c.items["help.real-c"].File != w.URL+"/help/c" {
		t.Errorf("the page was found at %s", c.items["help.real-c"].File)
	}
	for _, path := range []string{"/shop/x", "/help/a/deep/deeper/", "/help/file.pdf"} {
		if slices.Contains(w.asked, path) {
			t.Errorf("%s was asked for", path)
		}
	}
	o.Depth = -1
	if c := reap(w, OpenSite(t.Context(), o)); c.err == nil || len(c.ids) > 0 || c.whole {
		t.Errorf("with a sitemap only: %v, %q", c.err, c.ids)
	}
	o.Depth, o.KeepQuery = 1, []string{"page"}
	w.set("/help/b", func(rw http.ResponseWriter, r *http.Request) { _, _ = rw.Write([]byte(text("B" + r.URL.RawQuery))) })
	if c := reap(w, OpenSite(t.Context(), o)); c.items["help.b-page-2"].Document.Title != "Bpage=2" {
		t.Errorf("with a parameter that counts: %q", c.ids)
	}
}

func TestAStartPageOfLinksIsNoArticle(t *testing.T) {
	w := serve(t, map[string]any{
		"/help/":  `<title>Help</title><main><h1>Help</h1><ul><li><a href="a">How to pay</a><li><a href="b">How to return</a></ul></main>`,
		"/help/a": text("A"),
		"/help/b": text("B"),
	})
	o := w.options()
	o.URL = w.URL + "/help/"
	c := reap(w, OpenSite(t.Context(), o))
	c.expect(t, "help.a help.b", true)
	if want := []string{"/help/: it leads to other pages and says nothing itself"}; !slices.Equal(c.skips, want) {
		t.Errorf("skips %q, want %q", c.skips, want)
	}
}

func TestASitemapOfOtherPagesIsReported(t *testing.T) {
	w := serve(t, map[string]any{
		"/robots.txt": "Sitemap: {{host}}/s.xml", "/s.xml": "https://www.elsewhere.example/a\nhttps://www.elsewhere.example/b", "/": text("H"),
	})
	c := reap(w, OpenSite(t.Context(), w.options()))
	c.expect(t, "index", true)
	want := []string{"/s.xml: none of its pages is among those that are read, such as https://www.elsewhere.example/b"}
	if !slices.Equal(c.skips, want) {
		t.Errorf("skips %q", c.skips)
	}
}

func TestAPageThatFailsDoesNotStopTheRun(t *testing.T) {
	tries := 0
	w := serve(t, map[string]any{
		"/sitemap.xml": urlset("/a", "/broken", "/later", "/forbidden", "/binary", "/large", "/away", "/z"),
		"/a":           text("A"), "/z": text("Z"), "/broken": 500, "/forbidden": 403,
		"/binary": "\x00\x01\x02\x03\x00\x00\xff\xfe\x00\x00\x00\x01",
		"/later": func(w http.ResponseWriter, _ *http.Request) {
			if tries++; tries == 1 {
				w.WriteHeader(http.StatusInternalServerError)
				return
			}
			_, _ = w.Write([]byte(text("Later")))
		},
		"/large": func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 1<<16)); err != nil {
					return
				}
			}
		},
		"/away": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/latest", http.StatusFound)
		},
	})
	w.set("/binary", func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/html")
		_, _ = rw.Write([]byte("\x00\x01\x02\x03\x00\x00\xff\xfe\x00\x00\x00\x01"))
	})
	c := reap(w, OpenSite(t.Context(), w.options()))
	// Those which were not met are named one by one, so that the run is whole.
	c.expect(t, "a later z", true, "/away", "/binary", "/broken", "/forbidden", "/large")
}

func TestAPartThatCannotBeReadLeavesTheRunIncomplete(t *testing.T) {
	for name, pages := range map[string]map[string]any{
		"a broken sitemap":           {"/sitemap.xml": index("/1.xml", "/2.xml"), "/1.xml": "<urlset><url><loc>{{host}}/a</loc></url><url><loc>", "/2.xml": urlset("/b")},
		"a sitemap that fails":       {"/sitemap.xml": index("/1.xml", "/2.xml"), "/1.xml": 503, "/2.xml": urlset("/a", "/b")},
		"a page that others hang on": {"/": text("H", "/a", "/b", "/c"), "/c": 500},
		"more pages than the bound":  {"/sitemap.xml": urlset("/a", "/b", "/c")},
	} {
		t.Run(name, func(t *testing.T) {
			w := serve(t, pages)
			w.set("/a", text("A"))
			w.set("/b", text("B"))
			o := w.options()
			if strings.Contains(name, "bound") {
				o.MaxPages = 2
			}
			c := reap(w, OpenSite(t.Context(), o))
			if c.whole || len(c.lost) != 1 || c.items["a"].Mark == "" || c.items["b"].Mark == "" || c.err != nil {
				t.Errorf("complete %v, documents %q, lost %q, %v", c.whole, c.ids, c.lost, c.err)
			}
		})
	}
}

func TestWhatCannotBeReadAtAllIsAnError(t *testing.T) {
	for name, pages := range map[string]map[string]any{
		"robots.txt fails": {"/robots.txt": 503, "/": text("H"), "/sitemap.xml": urlset("/")},
		"there is no page": {},
		"the page refuses": {"/": 401},
		"it leads elsewhere": {"/": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://elsewhere.example/", http.StatusMovedPermanently)
		}},
	} {
		w := serve(t, pages)
		if c := reap(w, OpenSite(t.Context(), w.options())); c.err == nil || c.whole || len(c.ids) > 0 {
			t.Errorf("%s: %v, documents %q", name, c.err, c.ids)
		}
	}
	w := serve(t, map[string]any{"/": text("H")})
	f := w.fetch()
	f.AllowPrivate = false
	o := w.options()
	o.Client = fetch.New(f)
	if c := reap(w, OpenSite(t.Context(), o)); !errors.Is(c.err, fetch.ErrRefused) || len(w.asked) > 0 {
		t.Errorf("a private address: %v, asked %q", c.err, w.asked)
	}
	for _, address := range []string{"", "ftp://h/", "https://elsewhere.example/", "/a"} {
		if o.URL = address; reap(w, OpenSite(t.Context(), o)).err == nil {
			t.Errorf("%q: no error", address)
		}
	}
}
