package connect_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/connect"
	"github.com/whetstone-desk/whetstone/kb/source"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

// A shelf is a source in memory.
type shelf struct {
	steps   []step
	partial bool // it never is complete
	at      int
	from    int
	marks   bool // it tells unchanged items by their marks
	known   func(string) string
}

// A step is what a shelf gives next.
type step struct {
	id, body, mark string
	rating         *float64
	gone           bool // the source says that it was deleted
	kind           kb.Kind
	err            error
	before         func() // called before the step
}

func page(id, body string) step { return step{id: id, body: body, mark: "v:" + body} }

func (s *shelf) Items() iter.Seq2[source.Item, error] {
	return func(yield func(source.Item, error) bool) {
		for i, st := range s.steps {
			if i < s.from {
				continue
			}
			if st.before != nil {
				st.before()
			}
			s.at = i + 1
			if st.err != nil {
				if !yield(source.Item{}, st.err) {
					return
				}
				continue
			}
			item := source.Item{File: st.id + ".md", Line: 1, Mark: st.mark, Rating: st.rating}
			item.Document = kb.Document{ID: st.id, Kind: kb.Article, Content: kb.Content{Title: "Title of " + st.id, Body: st.body}}
			if st.kind == kb.Case {
				item.Document = kb.Document{ID: st.id, Kind: kb.Case, Content: kb.Content{Title: st.id, Problem: "It is broken", Resolution: st.body}}
			}
			if s.marks && st.mark != "" && s.known(st.id) == st.mark {
				item.Unchanged, item.Document = true, kb.Document{ID: st.id}
			}
			if st.gone {
				item.Document = kb.Document{ID: st.id, Deleted: true}
			}
			if !yield(item, nil) {
				return
			}
		}
		s.at = 0
	}
}

func (s *shelf) Complete(kb.Kind) bool { return !s.partial && s.from == 0 }

func (s *shelf) Cursor() string {
	if s.at == 0 {
		return ""
	}
	return strconv.Itoa(s.at)
}

// A desk is a workspace with one connection.
type desk struct {
	*testing.T
	db     *gorm.DB
	kb     *kb.DB
	syncer *connect.Syncer
	shelf  *shelf
	mu     sync.Mutex // signs of life read the clock while it is set
	clock  time.Time
}

// wait moves the clock on.
func (d *desk) wait(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.clock = d.clock.Add(by)
}

func (d *desk) now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.clock
}

func open(t *testing.T, db *gorm.DB) *desk {
	d := &desk{T: t, db: db, kb: kb.New(db), shelf: &shelf{}, clock: time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)}
	if _, err := d.kb.Create(t.Context(), "shop", "Shop"); err != nil {
		t.Fatal(err)
	}
	d.syncer = &connect.Syncer{
		DB: db, Log: slog.New(slog.DiscardHandler), Now: d.now,
		Latest: func(spec string, now time.Time) (time.Time, error) {
			if spec != "@every 1h" {
				return time.Time{}, errors.New("no timetable")
			}
			return now.Truncate(time.Hour), nil
		},
		Token: func(name string) (string, bool) { return "s3cret-" + name, name != "MISSING" },
		Open: func(_ context.Context, c connect.Connection, known func(string) string) (connect.Run, error) {
			s := *d.shelf
			s.known = known
			if c.Cursor != "" {
				if _, err := fmt.Sscan(c.Cursor, &s.from); err != nil {
					return nil, err
				}
			}
			return &s, nil
		},
	}
	d.put(connect.Connection{Spec: "@every 1h"})
	return d
}

// each runs test on every database.
func each(t *testing.T, test func(d *desk)) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) { test(open(t, db)) })
}

// put sets the connection up, as a folder unless it says otherwise.
func (d *desk) put(c connect.Connection) {
	d.Helper()
	c.WorkspaceID, c.ID, c.Author = "shop", "docs", "anna"
	if c.Kind == "" {
		c.Kind, c.Config.Path = connect.Folder, "/docs"
	}
	if err := d.syncer.Put(d.Context(), &c); err != nil {
		d.Fatal(err)
	}
}

// has makes the shelf hold pages numbered from 1 to n.
func (d *desk) has(n int) {
	d.shelf.steps = nil
	for i := range n {
		d.shelf.steps = append(d.shelf.steps, page(name(i+1), "Text of the page."))
	}
}

func name(i int) string { return fmt.Sprintf("p%04d", i) }

func (d *desk) sync(how connect.How) connect.Report {
	d.Helper()
	d.wait(time.Minute)
	r, err := d.syncer.Sync(d.Context(), "shop", "docs", how)
	if err != nil {
		d.Fatal(err)
	}
	return r
}

// said is a report in short.
func said(r connect.Report) string {
	parts := []string{fmt.Sprintf("seen %d created %d changed %d unchanged %d deleted %d", r.Seen, r.Created, r.Changed, r.Unchanged, r.Deleted)}
	for _, part := range []struct {
		name string
		n    int
	}{{"kept", r.Kept}, {"skipped", r.Skipped}, {"conflicts", r.Conflicts}, {"held", r.Held}} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", part.name, part.n))
		}
	}
	return strings.Join(parts, " ")
}

func (d *desk) want(r connect.Report, want string) {
	d.Helper()
	if got := said(r); got != want {
		d.Errorf("got  %s\nwant %s\n%+v", got, want, r)
	}
}

// ids returns the documents in use.
func (d *desk) ids() string {
	d.Helper()
	docs, err := d.kb.In("shop").List(d.Context(), kb.Page{Limit: 10000})
	if err != nil {
		d.Fatal(err)
	}
	var out []string
	for _, doc := range docs {
		out = append(out, doc.ID)
	}
	return strings.Join(out, " ")
}

func (d *desk) body(id string) string {
	d.Helper()
	doc, err := d.kb.In("shop").Document(d.Context(), id)
	if err != nil {
		d.Fatal(err)
	}
	return doc.Body
}

// edit is what an editor does.
func (d *desk) edit(id, body string) {
	d.Helper()
	doc := kb.Document{ID: id, Kind: kb.Article, Origin: "api", Author: "boris", Content: kb.Content{Title: "Title of " + id, Body: body}}
	if _, err := d.kb.In("shop").Put(d.Context(), &doc); err != nil {
		d.Fatal(err)
	}
}

func (d *desk) connection() connect.Connection {
	d.Helper()
	c, err := d.syncer.Connection(d.Context(), "shop", "docs")
	if err != nil {
		d.Fatal(err)
	}
	return c
}

// seq is the end of the change feed.
func (d *desk) seq() int64 {
	d.Helper()
	var n int64
	if err := d.db.Raw("SELECT COALESCE(MAX(seq), 0) FROM documents").Scan(&n).Error; err != nil {
		d.Fatal(err)
	}
	return n
}
