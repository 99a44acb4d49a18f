package connect_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/connect"
)

func TestOfTwoSyncsTheSecondIsTold(t *testing.T) {
	each(t, func(d *desk) {
		var second, removed error
		d.has(3)
		d.shelf.steps[1].before = func() {
			_, second = d.syncer.Sync(d.Context(), "shop", "docs", connect.How{})
			removed = d.syncer.Remove(d.Context(), "shop", "docs")
		}
		d.want(d.sync(connect.How{}), "seen 3 created 3 changed 0 unchanged 0 deleted 0")
		if !errors.Is(second, connect.ErrRunning) || !errors.Is(removed, connect.ErrRunning) {
			d.Errorf("while it ran: sync %v, remove %v", second, removed)
		}
		d.shelf.steps[1].before = nil
		d.want(d.sync(connect.How{}), "seen 3 created 0 changed 0 unchanged 3 deleted 0")
	})
}

func TestManyProcessesDoOneSlotOnce(t *testing.T) {
	each(t, func(d *desk) {
		d.has(3)
		turns, err := d.syncer.Due(d.Context(), d.clock)
		if err != nil || len(turns) != 1 {
			d.Fatalf("due %v, %v", turns, err)
		}
		var mu sync.Mutex
		done := 0
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				_, err := d.syncer.Sync(d.Context(), "shop", "docs", connect.How{Slot: turns[0].Slot})
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					done++
				} else if !errors.Is(err, connect.ErrRunning) {
					d.Error(err)
				}
			})
		}
		all.Wait()
		if done != 1 {
			d.Errorf("a slot was done %d times", done)
		}
	})
}

// die syncs in a process that is killed at the step.
func (d *desk) die(how connect.How) {
	d.Helper()
	defer func() {
		if recover() == nil {
			d.Error("the run did not die")
		}
	}()
	_, err := d.syncer.Sync(d.Context(), "shop", "docs", how)
	d.Errorf("the run ended: %v", err)
}

func TestARunWhoseProcessIsKilledGoesOnWhereItWas(t *testing.T) {
	each(t, func(d *desk) {
		d.has(450)
		d.shelf.steps[430].before = func() { panic("killed") }
		slot := d.clock.Truncate(time.Hour)
		d.die(connect.How{Slot: slot})
		if n := len(strings.Fields(d.ids())); n != 400 {
			d.Errorf("two batches hold %d pages", n)
		}
		if _, err := d.syncer.Sync(d.Context(), "shop", "docs", connect.How{}); !errors.Is(err, connect.ErrRunning) {
			d.Errorf("a claim was taken while its process may live: %v", err)
		}
		if due, err := d.syncer.Due(d.Context(), d.clock); err != nil || len(due) > 0 {
			d.Errorf("due while claimed: %v, %v", due, err)
		}
		d.wait(3 * time.Minute)
		if due, err := d.syncer.Due(d.Context(), d.clock); err != nil || len(due) != 1 || !due[0].Slot.Equal(slot) {
			d.Errorf("after the claim has run out, due is %v, %v", due, err)
		}
		d.shelf.steps[430].before = nil
		d.want(d.sync(connect.How{Slot: slot}), "seen 50 created 50 changed 0 unchanged 0 deleted 0")
		runs, err := d.syncer.Runs(d.Context(), "shop", "docs")
		if err != nil || len(runs) != 2 || runs[1].Status != connect.Died || runs[1].Report.Created != 400 || runs[0].Status != connect.Done {
			d.Errorf("runs %+v, %v", runs, err)
		}
		d.want(d.sync(connect.How{}), "seen 450 created 0 changed 0 unchanged 450 deleted 0")
	})
}

func TestASourceThatKillsItsServerRests(t *testing.T) {
	each(t, func(d *desk) {
		d.has(3)
		d.shelf.steps[0].before = func() { panic("killed") }
		n := 0
		for range 20 {
			due, err := d.syncer.Due(d.Context(), d.clock)
			if err != nil {
				d.Fatal(err)
			}
			for _, turn := range due {
				n++
				d.die(connect.How{Slot: turn.Slot})
			}
			d.wait(time.Minute)
		}
		if n != 4 {
			d.Errorf("within an hour it killed %d processes", n)
		}
	})
}

func TestARunThatWasTakenOverWritesNothing(t *testing.T) {
	each(t, func(d *desk) {
		d.has(250)
		d.shelf.steps[220].before = func() {
			// This process slept, its claim ran out and another did the work.
			d.wait(time.Hour)
			steps := d.shelf.steps
			d.shelf.steps = []step{page("only", "one")}
			if _, err := d.syncer.Sync(d.Context(), "shop", "docs", connect.How{}); err != nil {
				d.Error(err)
			}
			d.shelf.steps = steps
		}
		d.wait(time.Minute)
		_, err := d.syncer.Sync(d.Context(), "shop", "docs", connect.How{})
		if err == nil || !strings.Contains(err.Error(), "taken the connection over") {
			d.Errorf("it ended with %v", err)
		}
		if runs, err := d.syncer.Runs(d.Context(), "shop", "docs"); err != nil || len(runs) != 2 || d.connection().ClaimedBy != "" {
			d.Errorf("runs %+v, %v", runs, err)
		}
	})
}

func TestConnectionsAreDueByTheirTimetable(t *testing.T) {
	each(t, func(d *desk) {
		due := func(after time.Duration) []connect.Turn {
			d.Helper()
			turns, err := d.syncer.Due(d.Context(), d.clock.Add(after))
			if err != nil {
				d.Fatal(err)
			}
			return turns
		}
		d.has(1)
		first := due(0)
		if len(first) != 1 {
			d.Fatal("a new connection is not due")
		}
		d.sync(connect.How{Slot: first[0].Slot})
		if len(due(time.Minute)) > 0 {
			d.Error("it is due again at once")
		}
		if len(due(time.Hour)) != 1 {
			d.Error("it is not due after an hour")
		}
		// A run that broke off waits for its next time.
		d.shelf.steps = []step{{err: errors.New("gone away")}}
		next := due(time.Hour)[0].Slot
		if _, err := d.syncer.Sync(d.Context(), "shop", "docs", connect.How{Slot: next}); err == nil {
			d.Error("a source that cannot be read was synced")
		}
		if len(due(time.Hour)) > 0 {
			d.Error("a broken source is asked again at once")
		}
		if _, err := d.syncer.Pause(d.Context(), "shop", "docs", "anna"); err != nil || len(due(5*time.Hour)) > 0 {
			d.Errorf("a paused connection is due, %v", err)
		}
		if c, err := d.syncer.Resume(d.Context(), "shop", "docs", "boris"); err != nil || c.Author != "boris" || len(due(5*time.Hour)) != 1 {
			d.Errorf("a resumed connection is not due, %v", err)
		}
		d.put(connect.Connection{})
		if len(due(5*time.Hour)) > 0 {
			d.Error("a connection without a timetable is due")
		}
	})
}

func TestTheLastFiftyRunsAreKept(t *testing.T) {
	each(t, func(d *desk) {
		d.has(1)
		for range 55 {
			d.sync(connect.How{By: "anna"})
		}
		var n int64
		if err := d.db.Model(&connect.SyncRun{}).Count(&n).Error; err != nil || n != 50 {
			d.Errorf("%d runs are kept, %v", n, err)
		}
		runs, err := d.syncer.Runs(d.Context(), "shop", "docs")
		if err != nil || len(runs) != 50 || !runs[0].StartedAt.After(runs[1].StartedAt) || runs[0].Report.Unchanged != 1 || runs[0].FinishedAt == nil {
			d.Errorf("the last run is %+v, %v", runs[0], err)
		}
	})
}

func TestATokenIsInNoReport(t *testing.T) {
	each(t, func(d *desk) {
		d.put(connect.Connection{Kind: connect.Folder, Config: connect.Config{Path: "/docs", Token: "ZENDESK"}})
		d.shelf.steps = []step{{err: fmt.Errorf("get /?key=s3cret-ZENDESK: %w", kb.ErrConflict)}}
		r, err := d.syncer.Sync(d.Context(), "shop", "docs", connect.How{})
		if !errors.Is(err, kb.ErrConflict) || strings.Contains(err.Error()+r.Error, "s3cret") || !strings.Contains(r.Error, "key=****") {
			d.Errorf("error %v, report %q", err, r.Error)
		}
		var rows string
		if err := d.db.Raw("SELECT report FROM sync_runs").Scan(&rows).Error; err != nil || strings.Contains(rows, "s3cret") {
			d.Errorf("stored: %s, %v", rows, err)
		}
		d.put(connect.Connection{Kind: connect.Folder, Config: connect.Config{Path: "/docs", Token: "MISSING"}})
		_, err = d.syncer.Sync(d.Context(), "shop", "docs", connect.How{})
		if !errors.Is(err, kb.ErrInvalid) || !strings.Contains(err.Error(), "WHETSTONE_TOKEN_MISSING") {
			d.Errorf("a missing token: %v", err)
		}
	})
}

func TestACaseThatItsCustomerRatedBadlyIsNotPut(t *testing.T) {
	each(t, func(d *desk) {
		d.shelf.partial = true
		bad, good := .25, .5
		d.shelf.steps = []step{
			{id: "t1", kind: kb.Case, body: "Restart it", rating: &bad}, {id: "t2", kind: kb.Case, body: "Restart it", rating: &good},
			{id: "t3", kind: kb.Case, body: "Restart it"}, {id: "a1", body: "An article", rating: &bad},
		}
		r := d.sync(connect.How{})
		d.want(r, "seen 4 created 3 changed 0 unchanged 0 deleted 0 skipped 1")
		if !strings.Contains(r.Skips[0].Reason, "not content") || d.ids() != "a1 t2 t3" {
			d.Errorf("skipped %+v, put %s", r.Skips, d.ids())
		}
		// The rating comes later than the case, in a run of what is new.
		d.shelf.steps = []step{{id: "t3", kind: kb.Case, body: "Restart it", rating: &bad}}
		d.want(d.sync(connect.How{}), "seen 1 created 0 changed 0 unchanged 0 deleted 1 skipped 1")
		if d.ids() != "a1 t2" {
			d.Errorf("left %s", d.ids())
		}
	})
}

func TestABadPageDoesNotStopARun(t *testing.T) {
	each(t, func(d *desk) {
		d.shelf.steps = []step{page("a", "one"), page("no id", "two"), page("a", "again"), {id: "b", kind: kb.Case}, page("c", "three")}
		r := d.sync(connect.How{})
		d.want(r, "seen 4 created 2 changed 0 unchanged 0 deleted 0 skipped 3")
		if d.body("a") != "one" {
			d.Error("of two pages with one id the first does not count")
		}
		d.has(300)
		for i := range d.shelf.steps {
			d.shelf.steps[i].id = "bad id " + d.shelf.steps[i].id
		}
		if r := d.sync(connect.How{}); r.Skipped != 300 || len(r.Skips) != 100 {
			d.Errorf("skipped %d, listed %d", r.Skipped, len(r.Skips))
		}
	})
}

func TestARunThatReadsSlowlyKeepsItsClaim(t *testing.T) {
	each(t, func(d *desk) {
		beats := make(chan time.Time)
		d.syncer.BeatOn(beats)
		beat := func() {
			beats <- d.clock
			beats <- d.clock // the first one is dealt with when the second is taken
		}
		d.has(3)
		d.shelf.steps[1].before = func() {
			for range 10 {
				d.wait(time.Minute)
				beat()
			}
			if _, err := d.syncer.Sync(d.Context(), "shop", "docs", connect.How{}); !errors.Is(err, connect.ErrRunning) {
				d.Errorf("after ten minutes of reading: %v", err)
			}
		}
		d.want(d.sync(connect.How{}), "seen 3 created 3 changed 0 unchanged 0 deleted 0")
		// One that has lost its claim is told so while it reads.
		d.shelf.steps[1].before = func() {
			if err := d.db.Exec("UPDATE connections SET claimed_by = ?", "another").Error; err != nil {
				d.Error(err)
			}
			beats <- d.clock
		}
		d.shelf.steps = append(d.shelf.steps, page("more", "More."))
		_, err := d.syncer.Sync(d.Context(), "shop", "docs", connect.How{})
		if err == nil || !strings.Contains(err.Error(), "taken the connection over") || strings.Contains(d.ids(), "more") {
			d.Errorf("it ended with %v, and holds %s", err, d.ids())
		}
	})
}
