package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
)

const rss = `<?xml version="1.0" encoding="windows-1251"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>Changes</title><link>{{host}}/</link><atom:link href="{{host}}/feed" rel="self"/><language>ru-ru</language>
<item><title>1.2 &amp;amp; more</title><link>{{host}}/news/1-2</link><guid isPermaLink="false">release-1.2</guid>
<pubDate>Tue, 03 Nov 2026 10:00:00 +0300</pubDate><description>Short.</description><category>API</category>
<content:encoded><![CDATA[<h1>What is new</h1><p>Export in <a href="/csv">CSV</a>.</p><ul><li><a href=1>a</a><li><a href=2>b</a><li><a href=3>c</a><li><a href=4>d</a><li><a href=5>e</a></ul>]]></content:encoded></item>
<item><title>1.1</title><link>{{host}}/news/?p=11</link><guid>{{host}}/news/?p=11</guid><description>&lt;p&gt;Fixed &lt;b&gt;login&lt;/b&gt;.&lt;/p&gt;</description></item>
<item><title>1.0</title><pubDate>bad date</pubDate><description>Plain text
of two lines, &lt; no tags</description></item>
<item><description></description></item>
</channel></rss>`

const atom = `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-US"><title>Releases</title>
<link rel="self" href="/feed"/><link rel="next" href="/feed?page=2"/>
<entry><id>tag:example.com,2026:Release/7/v1.2.3</id><title type="html">&lt;b&gt;v1.2.3&lt;/b&gt;</title><updated>2026-11-02T08:00:00Z</updated><published>2026-11-01T08:00:00Z</published>
<link rel="edit" href="/edit"/><link href="/releases/v1.2.3"/><category term="stable"/><content type="html">&lt;p&gt;Faster &lt;em&gt;search&lt;/em&gt;.&lt;/p&gt;</content></entry>
<entry><id>urn:uuid:60a76c80-d399-11d9-b93C-0003939e0af6</id><title>a &lt; b</title><updated>2026-10-01</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Of <strong>XHTML</strong>.</p></div></content></entry>
<entry><id>x1</id><title type="text">Text</title><summary type="text">1 &lt; 2 *stars*</summary></entry>
</feed>`

const jsonFeed = `{"version":"https://jsonfeed.org/version/1.1","title":"N","language":"en","next_url":"/feed2",
"items":[{"id":"https://h.example/n/1","url":"{{host}}/n/1","title":"One <1>","content_html":"<p>First.</p>","date_published":"2026-01-02T03:04:05+01:00","tags":["a","b"]},
{"id":2,"content_text":"Second.\n\nStill."},{"id":"3","title":3},{"id":"4","url":"{{host}}/n/4","summary":"Fourth."}]}`

func (w *world) feed(t *testing.T, format string) (Options, crop) {
	t.Helper()
	if strings.HasPrefix(format, "<?xml") {
		format = strings.ReplaceAll(format, "windows-1251", "utf-8")
	}
	w.set("/feed", format)
	o := w.options()
	o.URL = w.URL + "/feed"
	return o, reap(w, OpenFeed(t.Context(), o))
}

func TestRSSIsReadAsArticles(t *testing.T) {
	w := serve(t, nil)
	_, c := w.feed(t, rss)
	if c.err != nil || len(c.items) != 3 || c.whole {
		t.Fatalf("documents %q, complete %v, %v", c.ids, c.whole, c.err)
	}
	d := c.items["release-1.2"].Document
	want := "## What is new\n\nExport in [CSV](" + w.URL + "/csv)."
	if d.Title != "1.2 & more" || !strings.HasPrefix(d.Body, want) || !strings.Contains(d.Body, "[e]") || d.Locale != "ru" || d.URL != w.URL+"/news/1-2" ||
		!d.UpdatedAt.Equal(time.Date(2026, 11, 3, 7, 0, 0, 0, time.UTC)) || !slices.Equal(d.Tags, []string{"API"}) || d.Kind != kb.Article {
		t.Errorf("document %+v", d)
	}
	if d := c.items["news-p-11"].Document; d.Body != "Fixed **login**." {
		t.Errorf("documents %q, body %q", c.ids, d.Body)
	}
	if !slices.ContainsFunc(c.ids, func(id string) bool { return strings.HasPrefix(id, "entry-") }) || len(c.skips) != 1 {
		t.Errorf("documents %q, skips %q", c.ids, c.skips)
	}
}

func TestAtomIsReadAsArticles(t *testing.T) {
	w := serve(t, map[string]any{
		"/feed?page=2": `<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="/feed"/><entry><id>old</id><title>Old</title><content>Text</content></entry></feed>`,
	})
	o, c := w.feed(t, atom)
	c.expect(t, "old tag:example.com-2026:Release.7.v1.2.3 urn:uuid:60a76c80-d399-11d9-b93C-0003939e0af6 x1", false)
	d := c.items["tag:example.com-2026:Release.7.v1.2.3"].Document
	if d.Title != "v1.2.3" || d.Body != "Faster *search*." || d.URL != w.URL+"/releases/v1.2.3" || d.UpdatedAt.Day() != 2 || d.Locale != "en" {
		t.Errorf("document %+v", d)
	}
	if d := c.items["urn:uuid:60a76c80-d399-11d9-b93C-0003939e0af6"].Document; d.Title != "a < b" || d.Body != "Of **XHTML**." {
		t.Errorf("document %+v", d)
	}
	if d := c.items["x1"].Document; d.Body != "1 < 2 *stars*" || d.Title != "Text" {
		t.Errorf("document %+v", d)
	}

	o.Known, o.Tags = c.marks, []string{ReleaseNotes}
	again := reap(w, OpenFeed(t.Context(), o))
	if d := again.items["x1"].Document; !slices.Equal(d.Tags, []string{ReleaseNotes}) {
		t.Errorf("a tag that is new: %+v", d)
	}
	o.Tags = nil
	w.asked = nil
	again = reap(w, OpenFeed(t.Context(), o))
	if got := strings.Join(again.ids, " "); got != "tag:example.com-2026:Release.7.v1.2.3* urn:uuid:60a76c80-d399-11d9-b93C-0003939e0af6* x1*" || len(w.asked) != 1 {
		t.Errorf("where all is known: documents %q, asked %q", got, w.asked)
	}
}

func TestJSONFeedIsReadAsArticles(t *testing.T) {
	w := serve(t, map[string]any{"/feed2": 500})
	_, c := w.feed(t, jsonFeed)
	if got := strings.Join(c.ids, " "); got != "2 4 n.1" || c.err != nil || len(c.lost) != 1 {
		t.Errorf("documents %q, lost %q, %v", got, c.lost, c.err)
	}
	if d := c.items["n.1"].Document; d.Title != "One <1>" || d.Body != "First." || d.URL != w.URL+"/n/1" || d.UpdatedAt.Hour() != 2 || len(d.Tags) != 2 {
		t.Errorf("document %+v", d)
	}
	if d := c.items["2"].Document; d.Body != "Second.\n\nStill." || d.URL != "" {
		t.Errorf("document %+v", d)
	}
}

func TestAFeedThatIsTheSameIsNotReadAgain(t *testing.T) {
	w := serve(t, nil)
	o, _ := w.feed(t, "")
	w.set("/feed", dated(`"1"`, `<rss><channel><item><guid>a</guid><title>A</title></item></channel></rss>`))
	first := OpenFeed(t.Context(), o)
	reap(w, first).expect(t, "a", false)
	o.Cursor = first.Cursor()
	second := OpenFeed(t.Context(), o)
	reap(w, second).expect(t, "", false)
	if second.Cursor() != o.Cursor || o.Cursor == "" {
		t.Errorf("cursor %q, then %q", o.Cursor, second.Cursor())
	}
	w.set("/feed", dated(`"2"`, `<rss><channel><item><guid>b</guid><title>B</title></item></channel></rss>`))
	third := OpenFeed(t.Context(), o)
	reap(w, third).expect(t, "b", false)
	if third.Cursor() == o.Cursor {
		t.Error("the cursor of another version is the same")
	}
	// A feed that was not read to its end has no cursor to go on from.
	broken := OpenFeed(t.Context(), o)
	w.set("/feed", dated(`"3"`, `<rss><channel><item><guid>c</guid><title>C</title></item><item><guid>d`))
	if c := reap(w, broken); len(c.ids) != 1 || len(c.lost) != 1 || broken.Cursor() != "" || c.err != nil {
		t.Errorf("documents %q, lost %q, cursor %q, %v", c.ids, c.lost, broken.Cursor(), c.err)
	}
}

func TestWhatIsNoFeedIsAnError(t *testing.T) {
	for name, page := range map[string]any{
		"a page": text("News"), "nothing": "", "another JSON": `{"items":[]}`, "not there": 404, "another XML": `<urlset><url/></urlset>`,
		"not to be asked": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusFound)
		},
	} {
		w := serve(t, map[string]any{"/feed": page})
		o := w.options()
		o.URL += "feed"
		var last error
		for _, err := range Feed(t.Context(), o) {
			last = err
		}
		if last == nil || strings.Contains(name, "page") && !errors.Is(last, errNoFeed) {
			t.Errorf("%s: %v", name, last)
		}
	}
}

func TestTimesOfFeeds(t *testing.T) {
	want := time.Date(2026, 11, 3, 7, 0, 0, 0, time.UTC)
	for _, in := range []string{
		"Tue, 03 Nov 2026 10:00:00 +0300", "3 Nov 2026 07:00:00 GMT", "Tue, 3 Nov 26 07:00:00 +0000", "2026-11-03T07:00:00Z",
		"2026-11-03T10:00:00+03:00", " Tue,  03 Nov 2026 07:00 GMT ", "2026-11-03T07:00:00.000Z",
	} {
		if got, ok := moment(in); !ok || !got.Equal(want) {
			t.Errorf("%q is %v", in, got)
		}
	}
	for _, in := range []string{"", "yesterday", "2026"} {
		if at, ok := moment(in); ok {
			t.Errorf("%q is %v", in, at)
		}
	}
}

func FuzzFeed(f *testing.F) {
	for _, seed := range []string{rss, atom, jsonFeed} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		in, _ := parseFeed(body)
		r := OpenFeed(t.Context(), Options{Client: open(t, Options{URL: "https://help.example.com/"}).o.Client})
		for i := range in.entries {
			item, err := r.article("https://help.example.com/feed", &in.entries[i], in.locale)
			if err == nil && !kb.ValidID(item.Document.ID) {
				t.Errorf("id %q", item.Document.ID)
			}
		}
	})
}
