package upkeep_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/upkeep"
)

// doubt puts a document in quarantine because of a revision of a cause.
func (d *desk) doubt(document, cause string, revision int64) int {
	d.t.Helper()
	n, err := d.Quarantine(d.t.Context(), []upkeep.Quarantine{{
		DocumentID: document, CauseID: cause, Revision: revision, Author: "job",
		Data: upkeep.Shift{Was: []upkeep.Passage{{DocumentID: cause, Quote: "5 days"}}, Is: []upkeep.Passage{{DocumentID: cause, Quote: "9 days"}}, Why: "It changed."},
	}})
	if err != nil {
		d.t.Fatal(err)
	}
	return n
}

func (d *desk) doubted(ids ...string) string {
	d.t.Helper()
	m, err := d.Quarantined(d.t.Context(), ids)
	if err != nil {
		d.t.Fatal(err)
	}
	var out []string
	for _, id := range strings.Fields("a b c d") {
		for _, q := range m[id] {
			out = append(out, fmt.Sprint(id, q.CauseID, q.Revision))
		}
	}
	return strings.Join(out, " ")
}

func TestADocumentIsInQuarantineUntilEveryCauseIsSettled(t *testing.T) {
	each(t, func(d *desk) {
		ctx := d.t.Context()
		d.doubt("a", "x", 2)
		d.now = d.now.Add(time.Hour)
		d.doubt("a", "y", 1)
		d.doubt("b", "x", 2)
		if got, want := d.doubted("a", "c"), "ax2 ay1"; got != want {
			d.t.Errorf("in quarantine %s, want %s", got, want)
		}
		q, err := d.Release(ctx, "a", "x", upkeep.Confirmed, "ann")
		if err != nil || q.Status != upkeep.Confirmed || q.Author != "ann" || q.ClosedAt == nil || !q.ClosedAt.Equal(d.now) || q.Data.Is[0].Quote != "9 days" {
			d.t.Errorf("released %+v, %v", q, err)
		}
		if got, want := d.doubted(), "ay1 bx2"; got != want {
			d.t.Errorf("in quarantine %s, want %s", got, want)
		}
		if _, err := d.Release(ctx, "a", "x", upkeep.Lifted, "bob"); !errors.Is(err, kb.ErrConflict) {
			d.t.Errorf("released twice: %v", err)
		}
		if _, err := d.Release(ctx, "c", "x", upkeep.Lifted, "bob"); !errors.Is(err, kb.ErrNotFound) {
			d.t.Errorf("what was in none: %v", err)
		}
		if _, err := d.Release(ctx, "a", "y", upkeep.Doubted, "bob"); !errors.Is(err, kb.ErrInvalid) {
			d.t.Errorf("released as open: %v", err)
		}
		if m, err := d.other.Quarantined(ctx, nil); err != nil || len(m) != 0 {
			d.t.Errorf("the other workspace has %v, %v", m, err)
		}
	})
}

func TestOnlyALaterRevisionOfTheCauseOpensAQuarantineAgain(t *testing.T) {
	each(t, func(d *desk) {
		if n := d.doubt("a", "x", 2); n != 1 {
			d.t.Errorf("%d opened, want 1", n)
		}
		if n := d.doubt("a", "x", 2); n != 0 {
			d.t.Errorf("%d opened twice", n)
		}
		if n := d.doubt("a", "x", 3); n != 0 {
			d.t.Errorf("%d opened by a second change, want 0: it is open", n)
		}
		if got, want := d.doubted("a"), "ax3"; got != want {
			d.t.Errorf("in quarantine %s, want %s", got, want)
		}
		if _, err := d.Release(d.t.Context(), "a", "x", upkeep.Lifted, "ann"); err != nil {
			d.t.Fatal(err)
		}
		if n := d.doubt("a", "x", 3); n != 0 {
			d.t.Errorf("%d opened that was lifted", n)
		}
		if n := d.doubt("a", "x", 4); n != 1 {
			d.t.Errorf("%d opened by a later change, want 1", n)
		}
	})
}

func TestQuarantinesAreListedTheLatestFirst(t *testing.T) {
	each(t, func(d *desk) {
		ctx := d.t.Context()
		for i, id := range []string{"a", "b", "c"} {
			d.now = start.Add(time.Duration(i) * time.Minute)
			d.doubt(id, "x", 1)
		}
		if _, err := d.Release(ctx, "b", "x", upkeep.Lifted, "ann"); err != nil {
			d.t.Fatal(err)
		}
		for _, c := range []struct {
			f    upkeep.QuarantineFilter
			want string
		}{
			{upkeep.QuarantineFilter{}, "c b a"},
			{upkeep.QuarantineFilter{Status: upkeep.Doubted}, "c a"},
			{upkeep.QuarantineFilter{DocumentID: "b"}, "b"},
			{upkeep.QuarantineFilter{CauseID: "x", Offset: 1, Limit: 1}, "b"},
			{upkeep.QuarantineFilter{Offset: 2}, "a"},
			{upkeep.QuarantineFilter{CauseID: "y"}, ""},
		} {
			qs, err := d.Quarantines(ctx, c.f)
			if err != nil {
				d.t.Fatal(err)
			}
			var ids []string
			for _, q := range qs {
				ids = append(ids, q.DocumentID)
			}
			if got := strings.Join(ids, " "); got != c.want {
				d.t.Errorf("%+v: %s, want %s", c.f, got, c.want)
			}
		}
		if _, err := d.Quarantine(ctx, []upkeep.Quarantine{{DocumentID: "d", CauseID: "x"}, {DocumentID: "a", CauseID: "a"}}); !errors.Is(err, kb.ErrInvalid) {
			d.t.Errorf("a document because of itself: %v", err)
		}
		if got, want := d.doubted("d"), ""; got != want {
			d.t.Errorf("kept %s", got)
		}
	})
}
