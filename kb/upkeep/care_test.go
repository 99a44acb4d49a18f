package upkeep_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/upkeep"
)

// stale returns the ids of what is stale a number of days after it was written,
// as the documents' own clock tells.
func (d *desk) stale(days int) string {
	d.t.Helper()
	a, err := d.docs.Document(d.t.Context(), "a")
	if err != nil {
		d.t.Fatal(err)
	}
	os, err := d.Stale(d.t.Context(), a.CreatedAt.Add(time.Duration(days)*24*time.Hour+time.Minute))
	if err != nil {
		d.t.Fatal(err)
	}
	var ids []string
	for _, o := range os {
		ids = append(ids, o.DocumentID)
	}
	return strings.Join(ids, " ")
}

func TestAnArticleIsStaleWhenItsIntervalHasEnded(t *testing.T) {
	each(t, func(d *desk) {
		ctx := d.t.Context()
		put(d.t, d.docs, &kb.Document{ID: "draft", Kind: kb.Article, Content: kb.Content{Title: "Soon", Status: kb.Draft}})
		put(d.t, d.docs, &kb.Document{ID: "case", Kind: kb.Case, Content: kb.Content{Problem: "It is broken.", Resolution: "It is mended."}})
		if _, err := d.SetOwner(ctx, "b", "ann", 30); err != nil {
			d.t.Fatal(err)
		}
		b, err := d.docs.Document(ctx, "b")
		if err != nil {
			d.t.Fatal(err)
		}
		if _, err := d.Verify(ctx, "c", upkeep.Verification{By: "bob", At: b.CreatedAt.Add(50 * 24 * time.Hour), Revision: 1}); err != nil {
			d.t.Fatal(err)
		}
		for days, want := range map[int]string{29: "", 30: "b", 89: "b", 90: "b a d e f", 139: "b a d e f", 140: "b a d e f c"} {
			if got := d.stale(days); got != want {
				d.t.Errorf("after %d days %q are stale, want %q", days, got, want)
			}
		}
		if os, err := d.Stale(ctx, b.CreatedAt.Add(31*24*time.Hour)); err != nil || len(os) != 1 || os[0].Owner != "ann" || os[0].VerifiedAt != nil || os[0].Hash != b.Hash {
			d.t.Errorf("stale is %+v, %v", os, err)
		}
	})
}

func TestAVerificationIsOfTheRevisionThatWasRead(t *testing.T) {
	each(t, func(d *desk) {
		ctx := d.t.Context()
		put(d.t, d.docs, &kb.Document{ID: "a", Kind: kb.Article, Content: kb.Content{Title: "About a", Body: "Another text."}})
		_, err := d.Verify(ctx, "a", upkeep.Verification{By: "ann", At: start, Revision: 1})
		if !errors.Is(err, kb.ErrConflict) {
			d.t.Errorf("an old revision: got %v, want ErrConflict", err)
		}
		c, err := d.Verify(ctx, "a", upkeep.Verification{By: "ann", At: start})
		if err != nil || c.Revision != 2 || c.VerifiedBy != "ann" || !c.VerifiedAt.Equal(start) {
			d.t.Errorf("got %+v, %v", c, err)
		}
		if c, err = d.Verify(ctx, "a", upkeep.Verification{By: "auto", At: start.Add(-time.Hour)}); err != nil || c.VerifiedBy != "ann" {
			d.t.Errorf("an older word replaced a newer one: %+v, %v", c, err)
		}
		if c, err = d.SetOwner(ctx, "a", "bob", 7); err != nil || c.Owner != "bob" || c.VerifiedBy != "ann" {
			d.t.Errorf("a new owner: %+v, %v", c, err)
		}
		got, err := d.Cares(ctx, []string{"a", "b"})
		if err != nil || len(got) != 1 || got["a"].IntervalDays != 7 || !got["a"].VerifiedAt.Equal(start) {
			d.t.Errorf("cares %+v, %v", got, err)
		}
		if got, err := d.other.Cares(ctx, []string{"a"}); err != nil || len(got) != 0 {
			d.t.Errorf("the other workspace has %v, %v", got, err)
		}
	})
}

func TestCareOfNothingIsRefused(t *testing.T) {
	each(t, func(d *desk) {
		ctx := d.t.Context()
		if _, err := d.SetOwner(ctx, "none", "ann", 0); !errors.Is(err, kb.ErrNotFound) {
			d.t.Errorf("no document: %v", err)
		}
		if _, err := d.SetOwner(ctx, "a", "ann", -1); !errors.Is(err, kb.ErrInvalid) {
			d.t.Errorf("a negative interval: %v", err)
		}
		if _, err := d.Verify(ctx, "a", upkeep.Verification{At: start}); !errors.Is(err, kb.ErrInvalid) {
			d.t.Errorf("nobody's word: %v", err)
		}
		if err := d.docs.Delete(ctx, "b", "ann"); err != nil {
			d.t.Fatal(err)
		}
		if _, err := d.Verify(ctx, "b", upkeep.Verification{By: "ann", At: start}); !errors.Is(err, kb.ErrNotFound) {
			d.t.Errorf("a deleted document: %v", err)
		}
	})
}
