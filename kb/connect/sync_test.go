package connect_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/connect"
	"github.com/whetstone-desk/whetstone/kb/notice"
	"github.com/whetstone-desk/whetstone/kb/source"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

func TestModelsMatchTheSchema(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		sqldbtest.Matches(t, db, &connect.Connection{}, &connect.Version{}, &connect.SyncRun{})
	})
}

func TestWhatChangesAtTheSourceChangesHere(t *testing.T) {
	each(t, func(d *desk) {
		d.shelf.steps = []step{page("a", "one"), page("b", "two"), page("c", "three")}
		d.want(d.sync(connect.How{}), "seen 3 created 3 changed 0 unchanged 0 deleted 0")
		end := d.seq()
		d.want(d.sync(connect.How{}), "seen 3 created 0 changed 0 unchanged 3 deleted 0")
		if d.seq() != end {
			d.Error("an unchanged source was written again")
		}
		d.shelf.steps = []step{page("a", "one"), page("b", "two, and more"), page("d", "four")}
		d.want(d.sync(connect.How{}), "seen 3 created 1 changed 1 unchanged 1 deleted 1")
		if got := d.ids(); got != "a b d" || d.body("b") != "two, and more" {
			d.Errorf("the workspace holds %s, b says %q", got, d.body("b"))
		}
		d.shelf.steps = append(d.shelf.steps, page("c", "three"))
		d.want(d.sync(connect.How{}), "seen 4 created 1 changed 0 unchanged 3 deleted 0")
		doc, err := d.kb.In("shop").Document(d.Context(), "c")
		if err != nil || doc.Origin != "connection:docs" || doc.Author != "connection:docs" {
			d.Errorf("a page that came back is %+v, %v", doc, err)
		}
	})
}

func TestAReaderIsToldWhatIsKnown(t *testing.T) {
	each(t, func(d *desk) {
		d.shelf.marks = true
		d.has(3)
		d.sync(connect.How{})
		end := d.seq()
		d.want(d.sync(connect.How{}), "seen 3 created 0 changed 0 unchanged 3 deleted 0")
		if d.seq() != end {
			d.Error("unchanged items were written")
		}
		// Tags are of the connection: what the source did not change changes here.
		d.put(connect.Connection{Kind: connect.Folder, Config: connect.Config{Path: "/docs", Tags: []string{"manual"}}, Spec: "@every 1h"})
		d.want(d.sync(connect.How{}), "seen 3 created 0 changed 3 unchanged 0 deleted 0")
	})
}

func TestASourceThatLosesMostOfItsPagesIsHeld(t *testing.T) {
	each(t, func(d *desk) {
		d.has(20)
		d.sync(connect.How{})
		all := d.ids()
		d.has(13)
		d.shelf.steps = append(d.shelf.steps, page("new", "New."))
		d.want(d.sync(connect.How{Approve: true}), "seen 14 created 1 changed 0 unchanged 13 deleted 0 held 7")
		c := d.connection()
		if c.Status != connect.Held || c.Held == nil || c.Held.Documents != 20 || strings.Join(c.Held.Gone, " ") != "p0014 p0015 p0016 p0017 p0018 p0019 p0020" {
			d.Fatalf("the connection is %s, held %+v", c.Status, c.Held)
		}
		if d.ids() != "new "+all {
			d.Error("something was deleted before anybody was asked")
		}
		told, err := notice.NewStore(d.db).Notices(d.Context(), "shop", "source", notice.Page{Limit: 10})
		if err != nil || len(told) != 1 || told[0].Kind != notice.SourceHeld || told[0].Subject != "docs" || !strings.Contains(string(told[0].Data), `"gone":7`) {
			d.Errorf("told %+v, %v", told, err)
		}
		if due, err := d.syncer.Due(d.Context(), d.clock.Add(9*time.Hour)); err != nil || len(due) > 0 {
			d.Errorf("a held connection is due: %v, %v", due, err)
		}
		if _, err := d.syncer.Sync(d.Context(), "shop", "docs", connect.How{}); !errors.Is(err, connect.ErrHeld) {
			d.Errorf("a held connection was synced: %v", err)
		}
		d.want(d.sync(connect.How{Approve: true}), "seen 14 created 0 changed 0 unchanged 14 deleted 7")
		if c := d.connection(); c.Status != connect.Active || c.Held != nil {
			d.Errorf("after approval the connection is %s, held %+v", c.Status, c.Held)
		}
	})
}

func TestAnApprovalIsForWhatWasListed(t *testing.T) {
	each(t, func(d *desk) {
		d.has(40)
		d.sync(connect.How{})
		d.has(20)
		d.want(d.sync(connect.How{}), "seen 20 created 0 changed 0 unchanged 20 deleted 0 held 20")
		d.has(1)
		d.want(d.sync(connect.How{Approve: true}), "seen 1 created 0 changed 0 unchanged 1 deleted 0 held 39")
		if c := d.connection(); c.Status != connect.Held || len(c.Held.Gone) != 39 {
			d.Errorf("the connection is %s", c.Status)
		}
	})
}

func TestOneMayGoAndAnEmptySourceMayNot(t *testing.T) {
	each(t, func(d *desk) {
		d.has(10)
		d.sync(connect.How{})
		d.has(7) // 30 % and no more
		d.want(d.sync(connect.How{}), "seen 7 created 0 changed 0 unchanged 7 deleted 3")
		d.has(4)
		d.want(d.sync(connect.How{}), "seen 4 created 0 changed 0 unchanged 4 deleted 0 held 3")
		d.sync(connect.How{Approve: true})
		d.has(3)
		d.want(d.sync(connect.How{}), "seen 3 created 0 changed 0 unchanged 3 deleted 1")
		d.has(2)
		d.want(d.sync(connect.How{}), "seen 2 created 0 changed 0 unchanged 2 deleted 1")
		d.has(1)
		d.sync(connect.How{})
		d.has(0)
		d.want(d.sync(connect.How{}), "seen 0 created 0 changed 0 unchanged 0 deleted 0 held 1")
		// Who resumes without approving is asked again.
		if _, err := d.syncer.Resume(d.Context(), "shop", "docs", "anna"); err != nil {
			d.Fatal(err)
		}
		d.want(d.sync(connect.How{}), "seen 0 created 0 changed 0 unchanged 0 deleted 0 held 1")
	})
}

func TestAHalfFinishedRunDeletesNothing(t *testing.T) {
	for name, breaks := range map[string]func(d *desk, cancel func()) step{
		"the reader fails":       func(*desk, func()) step { return step{err: errors.New("connection reset")} },
		"the server shuts down":  func(_ *desk, cancel func()) step { return step{id: "x", body: "x", before: cancel} },
		"the reader fails at it": func(_ *desk, cancel func()) step { return step{err: context.Canceled, before: cancel} },
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(d *desk) {
				d.has(450)
				d.sync(connect.How{})
				all := d.ids()
				d.has(230)
				ctx, cancel := context.WithCancel(d.Context())
				defer cancel()
				d.shelf.steps = append(d.shelf.steps, breaks(d, cancel))
				for i := range d.shelf.steps[:230] {
					d.shelf.steps[i].body = "Another text."
				}
				d.wait(time.Minute)
				if _, err := d.syncer.Sync(ctx, "shop", "docs", connect.How{}); err == nil {
					d.Fatal("a run that broke off was taken for whole")
				}
				if d.ids() != all {
					d.Error("a half-finished run deleted something")
				}
				if d.body(name200) != "Another text." {
					d.Error("what was read before the break is not there")
				}
				at := d.connection().Cursor
				if at == "" {
					d.Fatal("a run that broke off left no cursor")
				}
				// The next one goes on there, and deletes nothing either: it has
				// not met what the first one met.
				d.has(450)
				r := d.sync(connect.How{})
				if r.Seen >= 450 || r.Deleted > 0 || r.Complete {
					d.Errorf("from %s: %+v", at, r)
				}
				if r := d.sync(connect.How{}); r.Seen != 450 || r.Changed < 200 || r.Changed+r.Unchanged != 450 || !r.Complete {
					d.Errorf("the whole run: %+v", r)
				}
			})
		})
	}
}

const name200 = "p0200"

func TestAPageThatCannotBeReadKeepsItsDocument(t *testing.T) {
	each(t, func(d *desk) {
		d.shelf.steps = []step{page("a", "one"), page("guides/b", "two"), page("c", "three")}
		for i, id := range []string{"a", "guides.b", "c"} {
			d.shelf.steps[i].id = id
		}
		d.sync(connect.How{})
		lost := &source.Skip{File: "guides.b.md", Reason: "cannot be read", Lost: true}
		d.shelf.steps = []step{page("a", "one"), {err: lost}, {err: &source.Skip{File: "logo.png", Reason: "an image"}}}
		r := d.sync(connect.How{})
		d.want(r, "seen 1 created 0 changed 0 unchanged 1 deleted 1 kept 1 skipped 2")
		if d.ids() != "a guides.b" {
			d.Errorf("what is left: %s", d.ids())
		}
	})
}

func TestWhatWasEditedByHandStays(t *testing.T) {
	each(t, func(d *desk) {
		d.shelf.steps = []step{page("a", "one"), page("b", "two"), page("c", "three"), page("d", "four")}
		d.sync(connect.How{})
		d.edit("a", "edited")
		d.edit("b", "edited too")
		if err := d.kb.In("shop").Delete(d.Context(), "d", "boris"); err != nil {
			d.Fatal(err)
		}
		d.shelf.steps = []step{page("a", "one"), page("b", "two, changed"), page("c", "three"), page("d", "four, changed")}
		for range 2 { // it is said as long as it is so
			r := d.sync(connect.How{})
			d.want(r, "seen 4 created 0 changed 0 unchanged 1 deleted 0 conflicts 3")
			for _, c := range r.Conflict {
				if c.Changed != (c.ID != "a") || !strings.Contains(c.Reason, "boris") {
					d.Errorf("conflict %+v", c)
				}
			}
		}
		if d.body("a") != "edited" || d.body("b") != "edited too" || d.ids() != "a b c" {
			d.Error("an editor's work was written over")
		}
		// It is gone at the source: what was edited stays all the same.
		steps := d.shelf.steps
		d.shelf.steps = steps[1:]
		d.want(d.sync(connect.How{}), "seen 3 created 0 changed 0 unchanged 1 deleted 0 conflicts 3")
		d.shelf.steps = steps
		d.want(d.sync(connect.How{Take: []string{"b", "d"}}), "seen 4 created 1 changed 1 unchanged 1 deleted 0 conflicts 1")
		if d.body("b") != "two, changed" || d.body("d") != "four, changed" || d.body("a") != "edited" {
			d.Error("the source's version was not taken where that was asked for")
		}
		// The editor brings in by hand what the source says: all are of one mind.
		d.shelf.steps[0] = page("a", "one and a half")
		d.edit("a", "one and a half")
		d.want(d.sync(connect.How{}), "seen 4 created 0 changed 0 unchanged 4 deleted 0")
		d.shelf.steps[0] = page("a", "one and three quarters")
		d.want(d.sync(connect.How{}), "seen 4 created 0 changed 1 unchanged 3 deleted 0")
	})
}

func TestADocumentOfAnotherOriginIsLeftAlone(t *testing.T) {
	each(t, func(d *desk) {
		d.edit("a", "mine")
		imported := kb.Document{ID: "b", Kind: kb.Article, Origin: "import:/docs", Author: "root", Content: kb.Content{Title: "B", Body: "old"}}
		if _, err := d.kb.In("shop").Put(d.Context(), &imported); err != nil {
			d.Fatal(err)
		}
		d.shelf.steps = []step{page("a", "theirs"), page("b", "new"), page("c", "c")}
		d.want(d.sync(connect.How{}), "seen 3 created 1 changed 0 unchanged 0 deleted 0 conflicts 2")
		if d.body("a") != "mine" || d.body("b") != "old" {
			d.Errorf("a says %q, b %q", d.body("a"), d.body("b"))
		}
		d.want(d.sync(connect.How{Take: []string{"b"}}), "seen 3 created 0 changed 1 unchanged 1 deleted 0 skipped 1 conflicts 1")
		if d.body("b") != "new" {
			d.Errorf("b says %q", d.body("b"))
		}
	})
}

func TestAnEditWhileARunIsUnderWayStays(t *testing.T) {
	each(t, func(d *desk) {
		d.shelf.steps = []step{page("a", "one"), page("b", "two"), page("c", "three")}
		d.sync(connect.How{})
		// The run has read how all stand; a is about to be written, c to go.
		d.shelf.steps = []step{page("a", "one, changed"), page("b", "two, changed")}
		d.shelf.steps[1].before = func() {
			d.edit("a", "edited")
			d.edit("c", "edited too")
		}
		d.want(d.sync(connect.How{}), "seen 2 created 0 changed 1 unchanged 0 deleted 0 conflicts 2")
		if d.body("a") != "edited" || d.body("c") != "edited too" || d.body("b") != "two, changed" {
			d.Errorf("a says %q, c %q", d.body("a"), d.body("c"))
		}
	})
}

func TestARunThatReadsWhatIsNewDeletesNothing(t *testing.T) {
	each(t, func(d *desk) {
		d.has(10)
		d.shelf.partial = true
		d.sync(connect.How{})
		d.shelf.steps = []step{page("new", "New.")}
		r := d.sync(connect.How{})
		d.want(r, "seen 1 created 1 changed 0 unchanged 0 deleted 0")
		if r.Complete {
			d.Error("it was taken for whole")
		}
		d.has(0)
		d.want(d.sync(connect.How{}), "seen 0 created 0 changed 0 unchanged 0 deleted 0")
	})
}

func TestWhatIsTakenIsReadFromTheStart(t *testing.T) {
	each(t, func(d *desk) {
		d.has(3)
		d.sync(connect.How{})
		d.edit("p0001", "edited")
		d.shelf.steps[2] = step{err: errors.New("gone away")}
		if _, err := d.syncer.Sync(d.Context(), "shop", "docs", connect.How{}); err == nil || d.connection().Cursor == "" {
			d.Fatalf("a broken run ended with %v at %q", err, d.connection().Cursor)
		}
		d.has(3)
		d.want(d.sync(connect.How{Take: []string{"p0001"}}), "seen 3 created 0 changed 1 unchanged 2 deleted 0")
		if at := d.connection().Cursor; at != "" {
			d.Errorf("after a whole run the next one begins at %q", at)
		}
	})
}

func TestPagesThatCannotBeReadAreListedBeforePictures(t *testing.T) {
	each(t, func(d *desk) {
		d.shelf.steps = []step{page("a", "one")}
		for i := range 150 {
			d.shelf.steps = append(d.shelf.steps, step{err: &source.Skip{File: name(i) + ".png", Reason: "an image"}})
		}
		d.shelf.steps = append(d.shelf.steps, step{err: &source.Skip{File: "b.md", Line: 7, Reason: "cannot be read", Lost: true}})
		r := d.sync(connect.How{})
		lost := slices.DeleteFunc(r.Skips, func(s connect.Skipped) bool { return !s.Lost })
		if r.Skipped != 151 || len(lost) != 1 || lost[0].Place != "b.md:7" {
			d.Errorf("of %d skips, lost are %+v", r.Skipped, lost)
		}
	})
}

func TestWhatTheSourceSaysIsGoneGoes(t *testing.T) {
	each(t, func(d *desk) {
		d.has(10)
		d.sync(connect.How{})
		// A source that tells what is new says of nothing else that it is gone.
		d.shelf.partial, d.shelf.steps = true, []step{{id: "p0001", gone: true}, {id: "p0002", gone: true}, {id: "never", gone: true}}
		d.want(d.sync(connect.How{}), "seen 0 created 0 changed 0 unchanged 0 deleted 2")
		var gone []step
		for _, id := range []string{"p0003", "p0004", "p0005"} {
			gone = append(gone, step{id: id, gone: true})
		}
		d.shelf.steps = gone
		d.want(d.sync(connect.How{}), "seen 0 created 0 changed 0 unchanged 0 deleted 0 held 3")
		d.shelf.steps = []step{page("p0004", "it is back")} // and the others are not told again
		d.want(d.sync(connect.How{Approve: true}), "seen 1 created 0 changed 1 unchanged 0 deleted 2")
		d.shelf.steps = []step{page("p0006", "new"), {id: "p0007", gone: true}}
		d.edit("p0007", "by hand")
		d.want(d.sync(connect.How{}), "seen 1 created 0 changed 1 unchanged 0 deleted 0 conflicts 1")
	})
}
