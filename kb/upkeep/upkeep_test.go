package upkeep_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/kb/upkeep"
)

var start = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// A desk is a workspace with articles, and a clock that the test sets.
type desk struct {
	t    *testing.T
	now  time.Time
	docs *kb.Store
	*upkeep.Store
	other *upkeep.Store // of another workspace
}

// each runs a test on every database, in a workspace with articles a to f and
// another one that has them too.
func each(t *testing.T, test func(d *desk)) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		d := &desk{t: t, now: start}
		base := kb.New(db)
		for _, w := range []string{"acme", "other"} {
			if _, err := base.Create(t.Context(), w, w); err != nil {
				t.Fatal(err)
			}
			for _, id := range strings.Fields("a b c d e f") {
				put(t, base.In(w), &kb.Document{ID: id, Kind: kb.Article, Content: kb.Content{Title: "About " + id, Body: "Text."}})
			}
		}
		all := upkeep.New(db, func() time.Time { return d.now })
		d.docs, d.Store, d.other = base.In("acme"), all.In("acme"), all.In("other")
		test(d)
	})
}

func put(t *testing.T, s *kb.Store, d *kb.Document) {
	t.Helper()
	if _, err := s.Put(t.Context(), d); err != nil {
		t.Fatal(err)
	}
}

func TestRowsMatchTheSchema(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		sqldbtest.Matches(t, db, upkeep.Chore{}, upkeep.Care{}, upkeep.Redirect{}, upkeep.Quarantine{})
	})
}

// contradiction is a chore about two documents that say this.
func contradiction(a, saysA, b, saysB string, score float64) upkeep.Chore {
	return upkeep.Chore{
		ID:   upkeep.ChoreID(upkeep.Contradiction, upkeep.Part{DocumentID: a, Text: saysA}, upkeep.Part{DocumentID: b, Text: saysB}),
		Kind: upkeep.Contradiction, DocumentID: a, OtherID: b, Score: score,
		Data: upkeep.Evidence{What: "number", Why: "They differ.", Passages: []upkeep.Passage{{DocumentID: a, Quote: saysA, End: len(saysA), UpdatedAt: start}}},
	}
}

func (d *desk) find(cs ...upkeep.Chore) int {
	d.t.Helper()
	n, err := d.Put(d.t.Context(), cs)
	if err != nil {
		d.t.Fatal(err)
	}
	return n
}

func (d *desk) list(f upkeep.Filter) string {
	d.t.Helper()
	cs, err := d.Chores(d.t.Context(), f)
	if err != nil {
		d.t.Fatal(err)
	}
	var out []string
	for _, c := range cs {
		out = append(out, fmt.Sprintf("%s %s%s %s", c.Kind, c.DocumentID, c.OtherID, c.Status))
	}
	return strings.Join(out, ", ")
}

func (d *desk) set(id string, status upkeep.Status, note string) {
	d.t.Helper()
	if _, err := d.Set(d.t.Context(), id, upkeep.Change{Status: &status, Note: &note, Author: "ann"}); err != nil {
		d.t.Fatal(err)
	}
}

func TestAChoreIsNeverThereTwice(t *testing.T) {
	each(t, func(d *desk) {
		c, turned := contradiction("a", "5 days", "b", "9 days", 0.8), contradiction("b", "9 days", "a", "5 days", 0.7)
		if n := d.find(c, c); n != 1 {
			d.t.Errorf("%d opened, want 1", n)
		}
		d.now = start.Add(time.Hour)
		if n := d.find(turned); n != 0 {
			d.t.Errorf("%d opened by the same finding the other way round, want 0", n)
		}
		if got, want := d.list(upkeep.Filter{}), "contradiction ba open"; got != want {
			d.t.Errorf("chores %s, want %s", got, want)
		}
		kept, err := d.Chore(d.t.Context(), c.ID)
		if err != nil || !kept.FoundAt.Equal(start) || kept.Score != 0.7 || !kept.UpdatedAt.Equal(d.now) {
			d.t.Errorf("kept %+v, %v", kept, err)
		}
		if cs, err := d.other.Chores(d.t.Context(), upkeep.Filter{}); err != nil || len(cs) != 0 {
			d.t.Errorf("the other workspace has %v, %v", cs, err)
		}
	})
}

func TestADismissedChoreStaysDismissedUntilATextChanges(t *testing.T) {
	each(t, func(d *desk) {
		c := contradiction("a", "5 days", "b", "9 days", 0.8)
		d.find(c)
		d.set(c.ID, upkeep.Dismissed, "two kinds of delivery")
		if n := d.find(c); n != 0 {
			d.t.Errorf("%d opened that was dismissed", n)
		}
		if gone, err := d.CloseGone(d.t.Context(), upkeep.Kinds(), nil); err != nil || len(gone) != 0 {
			d.t.Errorf("closed %v, %v: a dismissed chore is no open one", gone, err)
		}
		if n := d.find(contradiction("a", "6 days", "b", "9 days", 0.8)); n != 1 {
			d.t.Errorf("%d opened after a text changed, want 1", n)
		}
		if got, want := d.list(upkeep.Filter{}), "contradiction ab dismissed"; !strings.Contains(got, want) || !strings.Contains(got, "open") {
			d.t.Errorf("chores %s", got)
		}
		kept, err := d.Chore(d.t.Context(), c.ID)
		if err != nil || kept.Note != "two kinds of delivery" || kept.Author != "ann" {
			d.t.Errorf("kept %+v, %v", kept, err)
		}
	})
}

func TestWhatIsNoLongerFoundIsDoneAndOpensAgainWhenItIs(t *testing.T) {
	each(t, func(d *desk) {
		c, other := contradiction("a", "5", "b", "9", 0.8), contradiction("c", "1", "d", "2", 0.9)
		stale := upkeep.Chore{ID: upkeep.ChoreID(upkeep.Stale, upkeep.Part{DocumentID: "e", Text: "h"}), Kind: upkeep.Stale, DocumentID: "e", Score: 1}
		d.find(c, other, stale)
		gone, err := d.CloseGone(d.t.Context(), []upkeep.Kind{upkeep.Duplicate, upkeep.Contradiction}, []string{other.ID})
		if err != nil || len(gone) != 1 || gone[0] != c.ID {
			d.t.Errorf("closed %v, %v, want %s", gone, err, c.ID)
		}
		if got, want := d.list(upkeep.Filter{Status: upkeep.Open}), "stale e open, contradiction cd open"; got != want {
			d.t.Errorf("open are %s, want %s", got, want)
		}
		if n := d.find(c, other); n != 1 {
			d.t.Errorf("%d opened that is found again, want 1", n)
		}
	})
}

func TestChoresAreListedByScoreAndInParts(t *testing.T) {
	each(t, func(d *desk) {
		d.find(contradiction("a", "1", "b", "2", 0.3), contradiction("c", "1", "a", "2", 0.9), contradiction("d", "1", "e", "2", 0.6))
		for _, c := range []struct {
			f    upkeep.Filter
			want string
		}{
			{upkeep.Filter{}, "contradiction ca open, contradiction de open, contradiction ab open"},
			{upkeep.Filter{DocumentID: "a"}, "contradiction ca open, contradiction ab open"},
			{upkeep.Filter{Kind: upkeep.Stale}, ""},
			{upkeep.Filter{Status: upkeep.Done}, ""},
			{upkeep.Filter{Limit: 1, Offset: 1}, "contradiction de open"},
			{upkeep.Filter{Offset: 2}, "contradiction ab open"},
			{upkeep.Filter{DocumentID: "a", Status: upkeep.Open, Limit: 1}, "contradiction ca open"},
		} {
			if got := d.list(c.f); got != c.want {
				d.t.Errorf("%+v: %s, want %s", c.f, got, c.want)
			}
		}
		n, err := d.Count(d.t.Context(), upkeep.Filter{Status: upkeep.Open, DocumentID: "a"})
		if err != nil || n[upkeep.Contradiction] != 2 || len(n) != 1 {
			d.t.Errorf("counted %v, %v", n, err)
		}
	})
}

func TestAChoreThatCannotBeIsRefused(t *testing.T) {
	each(t, func(d *desk) {
		good := contradiction("a", "1", "b", "2", 0.3)
		for name, spoil := range map[string]func(c *upkeep.Chore){
			"an unknown kind":              func(c *upkeep.Chore) { c.Kind = "boring" },
			"a contradiction of one":       func(c *upkeep.Chore) { c.OtherID = "" },
			"a contradiction with itself":  func(c *upkeep.Chore) { c.OtherID = "a" },
			"a score above one":            func(c *upkeep.Chore) { c.Score = 1.1 },
			"a document without a real id": func(c *upkeep.Chore) { c.DocumentID = "no id" },
		} {
			bad := good
			spoil(&bad)
			if _, err := d.Put(d.t.Context(), []upkeep.Chore{good, bad}); !errors.Is(err, kb.ErrInvalid) {
				d.t.Errorf("%s: got %v, want ErrInvalid", name, err)
			}
		}
		if got := d.list(upkeep.Filter{}); got != "" {
			d.t.Errorf("kept %s", got)
		}
		d.find(good)
		odd := upkeep.Status("odd")
		if _, err := d.Set(d.t.Context(), good.ID, upkeep.Change{Status: &odd}); !errors.Is(err, kb.ErrInvalid) {
			d.t.Errorf("an odd status: got %v, want ErrInvalid", err)
		}
		if _, err := d.Set(d.t.Context(), "none", upkeep.Change{}); !errors.Is(err, kb.ErrNotFound) {
			d.t.Errorf("no chore: got %v, want ErrNotFound", err)
		}
		if _, err := d.other.Set(d.t.Context(), good.ID, upkeep.Change{}); !errors.Is(err, kb.ErrNotFound) {
			d.t.Errorf("another workspace's chore: got %v, want ErrNotFound", err)
		}
	})
}

func TestForgettingLeavesNoQuoteBehind(t *testing.T) {
	each(t, func(d *desk) {
		ctx := d.t.Context()
		d.find(contradiction("a", "1", "b", "2", 0.3), contradiction("b", "1", "a", "3", 0.4), contradiction("c", "1", "d", "2", 0.5))
		if _, err := d.Quarantine(ctx, []upkeep.Quarantine{{DocumentID: "b", CauseID: "a", Revision: 1}, {DocumentID: "b", CauseID: "c", Revision: 1}}); err != nil {
			d.t.Fatal(err)
		}
		if _, err := d.SetOwner(ctx, "a", "ann", 0); err != nil {
			d.t.Fatal(err)
		}
		if err := d.Forget(ctx, []string{"a", "never"}); err != nil {
			d.t.Fatal(err)
		}
		if got, want := d.list(upkeep.Filter{}), "contradiction cd open"; got != want {
			d.t.Errorf("left %s, want %s", got, want)
		}
		qs, err := d.Quarantines(ctx, upkeep.QuarantineFilter{})
		if err != nil || len(qs) != 1 || qs[0].CauseID != "c" {
			d.t.Errorf("left %v, %v", qs, err)
		}
		if cs, err := d.Cares(ctx, []string{"a"}); err != nil || len(cs) != 0 {
			d.t.Errorf("left %v, %v", cs, err)
		}
	})
}
