package connect_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/connect"
)

// What was imported by hand is taken up where it is the same page by its title,
// and the report says so.
func TestAnImportedPageIsTakenOverAndReported(t *testing.T) {
	each(t, func(d *desk) {
		for _, id := range []string{"a", "b"} {
			imported := kb.Document{ID: id, Kind: kb.Article, Origin: "import:/docs", Author: "root", Content: kb.Content{Title: "Title of " + id, Body: "old"}}
			if _, err := d.kb.In("shop").Put(d.Context(), &imported); err != nil {
				d.Fatal(err)
			}
		}
		d.shelf.steps = []step{page("a", "new"), page("b", "new"), page("c", "c")}
		r := d.sync(connect.How{})
		d.want(r, "seen 3 created 1 changed 2 unchanged 0 deleted 0 skipped 1")
		if want := "2 documents of import:/docs are this connection's now: a b"; len(r.Skips) != 1 || r.Skips[0].Reason != want || r.Skips[0].Lost {
			d.Errorf("reported %+v, want %q", r.Skips, want)
		}
		d.want(d.sync(connect.How{}), "seen 3 created 0 changed 0 unchanged 3 deleted 0")
	})
}

// The run reads by the old config; what it has reached means nothing for the
// new one.
func TestAConfigChangedDuringARunIsReadInFull(t *testing.T) {
	each(t, func(d *desk) {
		d.has(450)
		c := d.connection()
		d.shelf.steps[300].before = func() {
			c.Config.Product = "other"
			d.put(connect.Connection{Kind: c.Kind, Config: c.Config, Spec: c.Spec})
		}
		steps := d.shelf.steps
		d.shelf.steps = append(slices.Clone(steps), step{err: errors.New("connection reset")})
		if _, err := d.syncer.Sync(d.Context(), "shop", "docs", connect.How{}); err == nil {
			d.Fatal("the run did not break off")
		}
		if got := d.connection().Cursor; got != "" {
			d.Errorf("the old config's run wrote its cursor %q over the one that the new config cleared", got)
		}
		d.shelf.steps = steps
		d.shelf.steps[300].before = nil
		d.want(d.sync(connect.How{}), "seen 450 created 0 changed 450 unchanged 0 deleted 0")
	})
}

func TestAPausedConnectionStaysPausedAfterAnApproval(t *testing.T) {
	each(t, func(d *desk) {
		pause := func() {
			d.Helper()
			if _, err := d.syncer.Pause(d.Context(), "shop", "docs", "anna"); err != nil {
				d.Fatal(err)
			}
		}
		d.has(20)
		d.sync(connect.How{})
		pause()
		d.has(10)
		d.sync(connect.How{})
		if c := d.connection(); c.Status != connect.Held || c.Held == nil {
			d.Fatalf("a paused connection that asks is %s", c.Status)
		}
		d.has(2) // it asks again
		d.sync(connect.How{Approve: true})
		d.want(d.sync(connect.How{Approve: true}), "seen 2 created 0 changed 0 unchanged 2 deleted 18")
		if c := d.connection(); c.Status != connect.Paused || c.Held != nil {
			d.Errorf("after approval the connection is %s, held %+v", c.Status, c.Held)
		}
		// So does one that is paused while the run that will ask is under way.
		if _, err := d.syncer.Resume(d.Context(), "shop", "docs", "anna"); err != nil {
			d.Fatal(err)
		}
		d.has(20)
		d.sync(connect.How{})
		d.has(2)
		d.shelf.steps[1].before = pause
		d.sync(connect.How{})
		d.shelf.steps[1].before = nil
		d.sync(connect.How{Approve: true})
		if c := d.connection(); c.Status != connect.Paused || c.Held != nil {
			d.Errorf("paused during a run, after approval the connection is %s", c.Status)
		}
	})
}
