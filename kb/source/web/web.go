// Package web reads a knowledge base from the web: the pages of a website, and
// the entries of a feed.
//
// [Site] goes by the sitemap where there is one, and follows links from the
// start page where there is none. It does what robots.txt and the pages ask of
// those who crawl, and ends: depth, pages and bytes are bounded, and addresses
// that lead to the same page are one. [Feed] reads RSS, Atom and JSON Feed.
//
// Whom it may ask, and how much it may read, is settled by the fetch.Client that
// it is given. The package stores nothing and keeps no state between runs but
// the marks that it is told of.
package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/source"
	"github.com/whetstone-desk/whetstone/kb/source/fetch"
)

// Options say what is read. URL and Client are required.
type Options struct {
	URL    string        // of the page where the site begins, or of the feed
	Client *fetch.Client // asks the hosts that it names, and no others

	// Known returns the source.Item.Mark of the version that is known of a
	// document, empty where none is. Nil: nothing is known.
	Known func(id string) string

	// Cursor is what Run.Cursor returned of the last run that came to its end;
	// empty: the feed is read whatever its version. Sites need none.
	Cursor string

	// Of a site. Pages below the folder of URL are read, or below Within, a path
	// such as "/help/". Depth is how many links from URL a page may be, where
	// there is no sitemap; 0: 8, below 0: only a sitemap will do. MaxPages are
	// asked for at most; 0: 10000.
	Within          string
	Sitemap         string // its address; empty: where robots.txt says, or sitemap.xml
	Depth, MaxPages int

	// KeepQuery are the parameters that tell one page of a site from another
	// where links are followed; all others are taken off. Those that only count
	// visitors are always taken off.
	KeepQuery []string

	// TrustLastmod takes a page for unchanged, without asking for it, if the
	// sitemap names the time of change that it named before.
	TrustLastmod bool

	MaxDelay time.Duration // between requests, of the delay robots.txt asks for; 0: 10 s

	// Of every document.
	Prefix                  string   // of its id
	Origin                  string   // see kb.Document
	Tags                    []string // added to its own, such as "release-notes"
	Locale, Product, Region string   // where the page names none
	Audience                kb.Audience
	Detect                  func(text string) string // the language of a text; may be nil
}

// ReleaseNotes is the tag of feeds that tell what is new in a product.
const ReleaseNotes = "release-notes"

// Site reads the pages of a website. Each step has a source.Item, or a
// *source.Skip, or, as the last step, another error: it cannot be read. File of
// both is the address that was asked for. Whether all pages were met is known
// to a Run, see OpenSite.
func Site(ctx context.Context, o Options) iter.Seq2[source.Item, error] {
	return OpenSite(ctx, o).Items()
}

// Feed reads the entries of a feed as Site reads pages, each as one article. An
// entry that is no longer in the feed is not gone: feeds hold what is new.
func Feed(ctx context.Context, o Options) iter.Seq2[source.Item, error] {
	return OpenFeed(ctx, o).Items()
}

// A Run is one pass over a site or a feed. It is used by one goroutine, once.
type Run struct {
	o        Options
	ctx      context.Context
	read     func(*Run) error
	yield    func(source.Item, error) bool
	ids      map[string]string // the address of each document that was given
	complete bool
	cursor   string
}

// OpenSite returns a run over a site. Nothing is asked before Items.
func OpenSite(ctx context.Context, o Options) *Run {
	return &Run{o: o, ctx: ctx, read: readSite, ids: make(map[string]string)}
}

// OpenFeed returns a run over a feed. Nothing is asked before Items.
func OpenFeed(ctx context.Context, o Options) *Run {
	return &Run{o: o, ctx: ctx, read: readFeed, ids: make(map[string]string)}
}

// errStop ends a run whose reader wants no more.
var errStop = errors.New("stop")

// Items reads, see Site.
func (r *Run) Items() iter.Seq2[source.Item, error] {
	return func(yield func(source.Item, error) bool) {
		r.yield = yield
		err := r.read(r)
		if err != nil {
			r.complete = false
		}
		if err != nil && !errors.Is(err, errStop) {
			yield(source.Item{}, fmt.Errorf("web: %w", err))
		}
	}
}

// Complete reports, after Items came to its end, whether every article of the
// site was met or skipped, so that one that was not is gone. It is false where a
// bound ended the run, where a sitemap or, with links, a page could not be read,
// of cases, and always of feeds.
func (r *Run) Complete(kind kb.Kind) bool { return r.complete && kind == kb.Article }

// Cursor returns, after the last item of a feed, what tells its version from
// the next. It is empty before, and of sites.
func (r *Run) Cursor() string { return r.cursor }

// skip reports an address that is no document.
func (r *Run) skip(address, format string, args ...any) error {
	return r.report(&source.Skip{File: r.o.Client.Redact(address), Reason: fmt.Sprintf(format, args...)})
}

// lost reports an address where a document may stand that cannot be read.
func (r *Run) lost(address, format string, args ...any) error {
	return r.report(&source.Skip{File: r.o.Client.Redact(address), Reason: fmt.Sprintf(format, args...), Lost: true})
}

func (r *Run) report(s *source.Skip) error {
	if !r.yield(source.Item{}, s) {
		return errStop
	}
	return nil
}

// A mark tells versions of a page apart. It is kept as JSON in source.Item.Mark.
type mark struct {
	URL      string `json:"u,omitempty"` // the fields ETag and Modified are of
	Hash     string `json:"h,omitempty"` // of what was made of it
	ETag     string `json:"e,omitempty"`
	Modified string `json:"m,omitempty"` // as the server wrote it
	Lastmod  string `json:"l,omitempty"` // as the sitemap wrote it
}

func (m mark) String() string {
	b, err := json.Marshal(m)
	if err != nil {
		panic(err) // five strings
	}
	return string(b)
}

// parseMark reads a mark; one of another reader is none of this one's.
func parseMark(text string) mark {
	var m mark
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return mark{}
	}
	return m
}

// known returns the mark of a document; the zero mark where there is none.
func (r *Run) known(id string) mark {
	if r.o.Known == nil {
		return mark{}
	}
	return parseMark(r.o.Known(id))
}

// deliver fills in what the document does not say, checks it and hands it on:
// as unchanged if m has the hash of the known version.
func (r *Run) deliver(item source.Item, m mark) error {
	d := &item.Document
	d.Kind, d.Origin, d.Product, d.Region = kb.Article, r.o.Origin, r.o.Product, r.o.Region
	d.Audience, d.Status = r.o.Audience, kb.Published
	if d.Audience == "" {
		d.Audience = kb.Public
	}
	if d.Locale == "" {
		d.Locale = r.o.Locale
	}
	if d.Locale == "" && r.o.Detect != nil {
		text := d.Title + "\n" + d.Body
		d.Locale = r.o.Detect(kb.Plain(strings.ToValidUTF8(text[:min(len(text), 4<<10)], "")))
	}
	d.Tags = append(d.Tags, r.o.Tags...)
	slices.Sort(d.Tags)
	d.Tags = slices.Compact(d.Tags)
	if err := d.Validate(); err != nil {
		return r.lost(item.File, "%s", strings.TrimPrefix(err.Error(), kb.ErrInvalid.Error()+": "))
	}
	m.Hash = hash(d)
	if known := r.known(d.ID); known.Hash == m.Hash {
		return r.unchanged(d.ID, item.File, m)
	}
	if done, err := r.again(d.ID, item.File); done || err != nil {
		return err
	}
	item.Mark = m.String()
	if !r.yield(item, nil) {
		return errStop
	}
	return nil
}

// unchanged hands on that a document is the known version.
func (r *Run) unchanged(id, address string, m mark) error {
	if done, err := r.again(id, address); done || err != nil {
		return err
	}
	item := source.Item{File: r.o.Client.Redact(address), Mark: m.String(), Unchanged: true}
	item.Document.ID = id
	if !r.yield(item, nil) {
		return errStop
	}
	return nil
}

// again reports whether a document of this id was given already, and says so.
func (r *Run) again(id, address string) (bool, error) {
	if first, ok := r.ids[id]; ok {
		return true, r.skip(address, "id %s is that of %s already", id, r.o.Client.Redact(first))
	}
	r.ids[id] = address
	return false, nil
}

// hash tells apart what a document says.
func hash(d *kb.Document) string {
	h := sha256.New()
	for _, text := range append([]string{d.Title, d.Body, d.Locale, d.URL}, d.Tags...) {
		_, _ = fmt.Fprintf(h, "%d:%s\n", len(text), text) // a hash takes everything
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}
