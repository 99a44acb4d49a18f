package web

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"

	"github.com/whetstone-desk/whetstone/kb/source"
	"github.com/whetstone-desk/whetstone/kb/source/fetch"
)

// maxFeedPages bounds how far a feed is followed into its past.
const maxFeedPages = 20

// An entry is one of a feed, whatever its format.
type entry struct {
	id, link, title string
	body            string // HTML, unless plain
	plain           bool
	plainTitle      bool   // a < in it is one
	published       string // as the feed writes it
	updated         string
	tags            []string
	locale          string
}

// A feed is one answer of a feed.
type feed struct {
	entries []entry
	next    string // the address of older entries
	locale  string
}

// readFeed reads a feed, and its older pages as far as they hold what is new.
func readFeed(r *Run) error {
	if r.o.Client == nil {
		return errors.New("no client was given")
	}
	address, cursor := r.o.URL, ""
	seen := make(map[string]bool)
	for n := 0; n < maxFeedPages && address != "" && !seen[address]; n++ {
		seen[address] = true
		var with fetch.Conditions
		if n == 0 {
			with = r.since()
		}
		with.Header = http.Header{"Accept": {"application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"}}
		resp, err := r.o.Client.Get(r.ctx, address, with)
		switch {
		case err != nil && n == 0:
			return err
		case err != nil:
			if err := r.lost(address, "older entries cannot be read: %v", err); err != nil {
				return err
			}
			return r.ctx.Err()
		case resp.NotModified:
			r.cursor = r.o.Cursor
			return nil
		}
		if n == 0 {
			cursor = mark{ETag: resp.Header.Get("ETag"), Modified: resp.Header.Get("Last-Modified"), URL: r.o.Client.Redact(address)}.String()
		}
		f, broken := parseFeed(resp.Body)
		if broken != nil && len(f.entries) == 0 && n == 0 {
			return fmt.Errorf("%s: %w", r.o.Client.Redact(address), broken)
		}
		fresh, err := r.entries(resp.URL, f)
		if err != nil {
			return err
		}
		if broken != nil {
			// What was cut off may come whole next time.
			return r.lost(address, "%v", broken)
		}
		if address = ""; f.next != "" && fresh {
			address = join(resp.URL, f.next)
		}
	}
	r.cursor = cursor
	return nil
}

// since returns the version of the feed that Options.Cursor stands for.
func (r *Run) since() fetch.Conditions {
	m := parseMark(r.o.Cursor)
	if m.URL != r.o.Client.Redact(r.o.URL) {
		return fetch.Conditions{}
	}
	return fetch.Conditions{ETag: m.ETag, LastModified: m.Modified}
}

// entries hands on the entries of one page of a feed, and reports whether one
// of them was not known.
func (r *Run) entries(address string, f feed) (fresh bool, err error) {
	for i := range f.entries {
		e := &f.entries[i]
		item, why := r.article(address, e, f.locale)
		if why != nil {
			if err := r.lost(item.File, "%v", why); err != nil {
				return fresh, err
			}
			continue
		}
		if item.Document.Title == "" && item.Document.Body == "" {
			if err := r.skip(item.File, "no text"); err != nil {
				return fresh, err
			}
			continue
		}
		fresh = fresh || r.known(item.Document.ID).Hash == ""
		if err := r.deliver(item, mark{}); err != nil {
			return fresh, err
		}
	}
	return fresh, r.ctx.Err()
}

// article makes an article of an entry.
func (r *Run) article(address string, e *entry, locale string) (source.Item, error) {
	link := join(address, e.link)
	item := source.Item{File: r.o.Client.Redact(link), Line: 1}
	d := &item.Document
	d.Title, d.Tags, d.Locale = strings.Join(strings.Fields(e.title), " "), e.tags, language(e.locale, locale)
	if !e.plainTitle {
		d.Title = textOf(e.title)
	}
	d.ID = r.entryID(e, link)
	if e.link != "" {
		d.URL = r.o.Client.Redact(link)
	}
	for _, text := range []string{e.updated, e.published} {
		if at, ok := moment(text); ok && d.UpdatedAt.IsZero() {
			d.UpdatedAt = at
		}
	}
	if e.plain {
		d.Body = strings.TrimSpace(e.body)
		return item, nil
	}
	page, err := source.HTMLPage([]byte("<main>"+e.body+"</main>"), "text/html; charset=utf-8", link)
	if err != nil {
		return item, err
	}
	d.Body = page.Body
	if page.Title != "" && page.Title != d.Title {
		// The heading of its text is none of a page.
		d.Body = strings.TrimSpace("## " + page.Title + "\n\n" + page.Body)
	}
	return item, nil
}

// entryID makes an id of the entry's own, which stays when its address changes,
// of its address where it has none, and else of its title and time.
func (r *Run) entryID(e *entry, link string) string {
	own := strings.TrimSpace(e.id)
	if own == "" && e.link != "" {
		own = link
	}
	if own == "" {
		sum := sha256.Sum256([]byte(e.title + "\n" + e.published))
		own = "entry-" + hex.EncodeToString(sum[:6])
	}
	if u, err := url.Parse(own); err == nil && (u.Scheme == "http" || u.Scheme == "https") {
		return pathID(r.o.Prefix, u, false)
	}
	return source.PathID(r.o.Prefix + own)
}

// join returns where a reference in a feed leads.
func join(address, ref string) string {
	base, err := url.Parse(address)
	if err != nil {
		return address
	}
	to, err := base.Parse(strings.TrimSpace(ref))
	if err != nil || to.Scheme != "http" && to.Scheme != "https" {
		return address
	}
	return to.String()
}

// textOf returns a title as text: many feeds write HTML in it.
func textOf(title string) string {
	if strings.ContainsAny(title, "<&") {
		if doc, err := html.Parse(strings.NewReader(title)); err == nil {
			var b strings.Builder
			for n := range doc.Descendants() {
				if n.Type == html.TextNode {
					b.WriteString(n.Data)
				}
			}
			title = b.String()
		}
	}
	return strings.Join(strings.Fields(title), " ")
}

// language returns the ISO 639-1 code of the first locale that has one.
func language(locales ...string) string {
	for _, locale := range locales {
		code, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(strings.TrimSpace(locale)), "_", "-"), "-")
		if len(code) == 2 && strings.Trim(code, "abcdefghijklmnopqrstuvwxyz") == "" {
			return code
		}
	}
	return ""
}

// moment reads a time as feeds write it: RFC 3339, or RFC 822 with its many
// variants.
func moment(text string) (time.Time, bool) {
	text = strings.Join(strings.Fields(text), " ")
	if _, rest, ok := strings.Cut(text, ", "); ok {
		text = rest // the day of the week says nothing
	}
	for _, layout := range [...]string{
		time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02",
		"2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 MST", "2 Jan 2006 15:04 -0700", "2 Jan 2006 15:04 MST",
		"2 Jan 06 15:04:05 -0700", "2 Jan 06 15:04:05 MST", "2 January 2006 15:04:05 -0700", "2 Jan 2006",
	} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC(), true
		}
	}
	return time.Time{}, false
}
