package web

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/source/fetch"
)

// dated answers with a version, and with 304 to who knows it.
func dated(version, page string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", version)
		if r.Header.Get("If-None-Match") == version {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = w.Write([]byte(page))
	}
}

func TestWhatIsUnchangedIsToldSo(t *testing.T) {
	w := serve(t, map[string]any{
		"/sitemap.xml": urlset("/etag", "/plain", "/dated 2026-01-01"),
		"/etag":        dated(`"1"`, text("E")), "/plain": text("P"), "/dated": text("D"),
	})
	first := reap(w, OpenSite(t.Context(), w.options()))
	first.expect(t, "dated etag plain", true)
	o := w.options()
	o.Known = first.marks
	again := reap(w, OpenSite(t.Context(), o))
	again.expect(t, "dated* etag* plain*", true)
	if again.items["etag"].Mark != first.items["etag"].Mark {
		t.Errorf("marks %s and %s", first.items["etag"].Mark, again.items["etag"].Mark)
	}

	w.set("/etag", dated(`"2"`, text("E, changed")))
	w.set("/plain", text("P, changed"))
	w.set("/dated", text("D, changed"))
	o.TrustLastmod = true
	third := reap(w, OpenSite(t.Context(), o))
	third.expect(t, "dated* etag plain", true)
	if third.items["etag"].Document.Title != "E, changed" || third.items["etag"].Mark == first.items["etag"].Mark {
		t.Errorf("%+v", third.items["etag"])
	}
	w.set("/sitemap.xml", urlset("/dated 2026-01-02"))
	o.Known = func(id string) string { return first.marks(id) }
	reap(w, OpenSite(t.Context(), o)).expect(t, "dated", true)
	o.TrustLastmod = false
	w.set("/sitemap.xml", urlset("/dated 2026-01-01"))
	reap(w, OpenSite(t.Context(), o)).expect(t, "dated", true)
	// The mark of another reader is no reason to fail.
	o.Known = func(string) string { return `W/"x"` }
	reap(w, OpenSite(t.Context(), o)).expect(t, "dated", true)
}

// Where links are followed a page must be read for them, though it is the same.
func TestPagesBehindAnUnchangedPageAreMet(t *testing.T) {
	w := serve(t, map[string]any{"/": dated(`"1"`, text("Home", "/a")), "/a": dated(`"1"`, text("A", "/b")), "/b": dated(`"1"`, text("B"))})
	first := reap(w, OpenSite(t.Context(), w.options()))
	first.expect(t, "a b index", true)
	o := w.options()
	o.Known = first.marks
	reap(w, OpenSite(t.Context(), o)).expect(t, "a* b* index*", true)
}

func TestACrawlComesToAnEnd(t *testing.T) {
	for _, tt := range []struct {
		name string
		page func(*url.URL) string
		most int // requests
	}{
		{"a calendar of months", func(u *url.URL) string { return text("Month "+u.Path, u.Path+"1") }, 20},
		{"a calendar of parameters", func(u *url.URL) string { return text("Month", "/?month="+u.Query().Get("month")+"1") }, 8},
		{"a link that leads into itself", func(u *url.URL) string { return text("Deep "+u.Path, "x/", "y/", "x/y/") }, 200},
		{"a session in the path", func(u *url.URL) string { return text("Home", "/s"+strconv.Itoa(len(u.Path))+"/", "/t"+u.Path) }, 12},
		{"a session in a parameter", func(u *url.URL) string {
			return text("Home", "/a;jsessionid=1"+u.RawQuery, "/a?sid="+u.RawQuery+"1")
		}, 10},
		{"pages without number", func(u *url.URL) string {
			var links []string
			for i := range 50 {
				links = append(links, fmt.Sprintf("/%d%s", i, u.Path))
			}
			return text("Page "+u.Path, links...)
		}, 110},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := serve(t, map[string]any{"/robots.txt": 404, "/sitemap.xml": 404, "/sitemap_index.xml": 404})
			w.set("*", func(rw http.ResponseWriter, r *http.Request) { _, _ = rw.Write([]byte(tt.page(r.URL))) })
			o := w.options()
			o.MaxPages = 100
			c := reap(w, OpenSite(t.Context(), o))
			if c.err != nil || len(c.ids) == 0 || len(w.asked) > tt.most {
				t.Errorf("%d requests, %d documents, %v", len(w.asked), len(c.ids), c.err)
			}
		})
	}
}

func TestBombsEndAPageAndNotTheRun(t *testing.T) {
	w := serve(t, map[string]any{
		"/robots.txt": "Sitemap: {{host}}/bomb.xml.gz\nSitemap: {{host}}/sitemap.xml",
		"/bomb.xml.gz": func(w http.ResponseWriter, _ *http.Request) {
			z, _ := gzip.NewWriterLevel(w, gzip.BestSpeed)
			_, _ = z.Write([]byte("<urlset>"))
			for range 60 { // 60 MB in 270 KB
				_, _ = z.Write(make([]byte, 1<<20))
			}
			_ = z.Close()
		},
		"/sitemap.xml": urlset("/a", "/bomb", "/laughs", "/deep", "/z"), "/a": text("A"), "/z": text("Z"),
		"/laughs": `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;">]><html><p>&b;</p></html>`,
		"/deep":   strings.Repeat("<div>", 100_000) + "text",
		"/bomb": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			for r.Context().Err() == nil {
				if _, err := z.Write(make([]byte, 1<<20)); err != nil {
					return
				}
			}
		},
	})
	w.set("/laughs", func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "application/xhtml+xml")
		_, _ = rw.Write([]byte(`<!DOCTYPE x [<!ENTITY a "haha">]><html><p>&a;</p></html>`))
	})
	c := reap(w, OpenSite(t.Context(), w.options()))
	if c.err != nil || c.items["a"].Mark == "" || c.items["z"].Mark == "" || c.whole {
		t.Errorf("documents %q, complete %v, %v", c.ids, c.whole, c.err)
	}
	if got := strings.Join(c.lost, " "); !strings.Contains(got, "/bomb ") && !strings.Contains(got, "/bomb.xml.gz") {
		t.Errorf("lost %q", got)
	}
}

func TestARunReadsNoMoreThanItMay(t *testing.T) {
	w := serve(t, map[string]any{"/sitemap.xml": urlset("/a", "/b", "/c", "/d")})
	for _, p := range []string{"/a", "/b", "/c", "/d"} {
		w.set(p, text(p)+strings.Repeat("<!-- -->", 500))
	}
	f := w.fetch()
	f.MaxTotal = 10_000
	o := w.options()
	o.Client = fetch.New(f)
	c := reap(w, OpenSite(t.Context(), o))
	if len(c.ids) != 2 || c.whole || c.err != nil || len(c.lost) != 1 {
		t.Errorf("documents %q, lost %q, complete %v, %v", c.ids, c.lost, c.whole, c.err)
	}
}

func TestASiteThatDoesNotAnswerIsGivenUp(t *testing.T) {
	paths := make([]string, 50)
	for i := range paths {
		paths[i] = fmt.Sprintf("/p%d", i)
	}
	for _, tt := range []struct {
		status, ids, lost int
		broken            bool
	}{{500, 1, maxFailed - 1, true}, {429, 1, 0, true}, {403, 1, maxFailed - 1, true}, {404, 2, 0, false}} {
		w := serve(t, map[string]any{
			"/robots.txt": 404, "/sitemap.xml": urlset(append(append([]string{"/a"}, paths...), "/z")...), "/a": text("A"), "/z": text("Z"), "*": tt.status,
		})
		c := reap(w, OpenSite(t.Context(), w.options()))
		if (c.err != nil) != tt.broken || len(c.lost) != tt.lost || len(c.ids) != tt.ids || c.whole == tt.broken {
			t.Errorf("%d: %d lost, documents %q, %v", tt.status, len(c.lost), c.ids, c.err)
		}
	}
}

func TestTheDelayThatIsAskedForIsKeptWithinBounds(t *testing.T) {
	for ask, want := range map[string]time.Duration{"3": 3 * time.Second, "86400": 10 * time.Second} {
		w := serve(t, map[string]any{
			"/robots.txt": "User-agent: *\nCrawl-delay: " + ask, "/sitemap.xml": urlset("/a", "/b"), "/a": text("A"), "/b": text("B"),
		})
		now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
		begin := now
		f := w.fetch()
		f.Now = func() time.Time { return now }
		f.Wait = func(_ context.Context, d time.Duration) error {
			now = now.Add(d)
			return nil
		}
		o := w.options()
		o.Client = fetch.New(f)
		reap(w, OpenSite(t.Context(), o)).expect(t, "a b", true)
		// Three requests follow robots.txt; the first may go at once.
		if took := now.Sub(begin).Round(time.Second); took < 2*want || took > 3*want {
			t.Errorf("a delay of %s s: the run took %v", ask, took)
		}
	}
}

func TestARunEndsWithItsContextAndItsReader(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	w := serve(t, map[string]any{"/sitemap.xml": urlset("/a", "/b", "/c"), "/a": text("A"), "/c": text("C")})
	w.set("/b", func(http.ResponseWriter, *http.Request) { cancel() })
	run := OpenSite(ctx, w.options())
	if c := reap(w, run); !errors.Is(c.err, context.Canceled) || c.whole || len(c.ids) != 1 {
		t.Errorf("documents %q, %v", c.ids, c.err)
	}
	w.set("/b", text("B"))
	run = OpenSite(t.Context(), w.options())
	n := 0
	for _, err := range run.Items() {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 2 {
			break
		}
	}
	if n != 2 || run.Complete(kb.Article) {
		t.Errorf("%d items, complete %v", n, run.Complete(kb.Article))
	}
	if run := OpenSite(t.Context(), w.options()); !reap(w, run).whole || run.Complete(kb.Case) || run.Cursor() != "" {
		t.Error("a site is complete of articles alone, and has no cursor")
	}
}

func TestATokenIsInNoReport(t *testing.T) {
	const token = "t0ken/very secret"
	w := serve(t, map[string]any{
		"/sitemap.xml": urlset("/a?access_token=abcd1", "/500?access_token=abcd1", "/404?key=abcd1", "/away?token=abcd1"),
		"/500":         500,
		"/away": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://elsewhere.example/?"+r.URL.RawQuery+"&auth="+url.QueryEscape(r.Header.Get("Authorization")), http.StatusFound)
		},
	})
	w.set("/a", func(rw http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "Bearer "+token {
			_, _ = rw.Write([]byte(text("A")))
		}
	})
	f := w.fetch()
	f.Credentials = []fetch.Credential{fetch.Bearer(w.host(), fetch.NewSecret(token))}
	o := w.options()
	o.Client = fetch.New(f)
	n := 0
	for item, err := range Site(t.Context(), o) {
		n++
		said := fmt.Sprintf("%v %+v %s %s", err, err, item.File, item.Document.URL)
		for _, secret := range []string{token, url.QueryEscape(token), url.PathEscape(token), "abcd1"} {
			if strings.Contains(said, secret) {
				t.Errorf("%q shows it: %s", secret, said)
			}
		}
	}
	if n != 4 {
		t.Errorf("%d steps", n)
	}
}

func BenchmarkUnchangedSite(b *testing.B) {
	paths := make([]string, 5000)
	for i := range paths {
		paths[i] = fmt.Sprintf("/p%d", i)
	}
	w := serve(b, map[string]any{"/sitemap.xml": urlset(paths...)})
	w.set("*", dated(`"1"`, text("P")))
	o := w.options()
	first := reap(w, OpenSite(b.Context(), o))
	o.Known = first.marks
	for b.Loop() {
		if c := reap(w, OpenSite(b.Context(), o)); len(c.ids) != len(paths) || !c.whole {
			b.Fatalf("%d documents, %v", len(c.ids), c.err)
		}
	}
}
