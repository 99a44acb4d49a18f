package upkeep_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/upkeep"
)

func (d *desk) merge(from, into string) upkeep.Merger {
	d.t.Helper()
	m, err := d.Merge(d.t.Context(), from, into, "ann")
	if err != nil {
		d.t.Fatal(err)
	}
	return m
}

func (d *desk) redirects() string {
	d.t.Helper()
	m, err := d.Redirects(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	return fmt.Sprint(m)
}

func (d *desk) document(id string) kb.Document {
	d.t.Helper()
	doc, err := d.docs.Document(d.t.Context(), id)
	if err != nil {
		d.t.Fatal(err)
	}
	return doc
}

func TestAMergeMovesAllThatRestedOnTheArticle(t *testing.T) {
	each(t, func(d *desk) {
		for _, id := range []string{"k1", "k2", "k3"} {
			put(d.t, d.docs, &kb.Document{ID: id, Kind: kb.Case, Content: kb.Content{
				Problem: "My number is +7 912 345-67-89 and nothing works.", Resolution: "Now it does.", ResolvedWith: "a",
			}})
		}
		put(d.t, d.docs, &kb.Document{ID: "k4", Kind: kb.Case, Content: kb.Content{Problem: "P", Resolution: "R", ResolvedWith: "c"}})
		was := d.document("k1")
		d.find(contradiction("a", "1", "c", "2", 0.5), contradiction("c", "1", "d", "2", 0.5))
		if got, want := d.merge("a", "b"), (upkeep.Merger{From: "a", Into: "b", Cases: 3}); got != want {
			d.t.Errorf("merged %+v, want %+v", got, want)
		}
		if a := d.document("a"); a.Status != kb.Archived || a.Author != "ann" || a.Body != "Text." {
			d.t.Errorf("what was merged is %+v", a)
		}
		k := d.document("k1")
		if k.ResolvedWith != "b" || k.Problem != was.Problem || len(k.Originals) != len(was.Originals) || k.Seq <= was.Seq {
			d.t.Errorf("a case that rested on it is %+v, was %+v", k, was)
		}
		if other := d.document("k4"); other.ResolvedWith != "c" {
			d.t.Errorf("a case of another article rests on %s", other.ResolvedWith)
		}
		if got, want := d.list(upkeep.Filter{Status: upkeep.Open}), "contradiction cd open"; got != want {
			d.t.Errorf("open are %s, want %s", got, want)
		}
		if got := d.merge("a", "b"); got.Cases != 0 {
			d.t.Errorf("merged again: %+v", got)
		}
		if got, err := d.other.Redirects(d.t.Context()); err != nil || len(got) != 0 {
			d.t.Errorf("the other workspace has %v, %v", got, err)
		}
	})
}

func TestRedirectsLeadStraightToTheEndOfAChain(t *testing.T) {
	each(t, func(d *desk) {
		d.merge("a", "b")
		if got := d.merge("b", "c"); got.Redirects != 1 {
			d.t.Errorf("merged %+v, want one redirect moved", got)
		}
		if got := d.merge("d", "a"); got.Into != "c" {
			d.t.Errorf("merged into %s, want the target of a, c", got.Into)
		}
		if got, want := d.redirects(), "map[a:c b:c d:c]"; got != want {
			d.t.Errorf("redirects %s, want %s", got, want)
		}
	})
}

func TestAMergeThatCannotBeChangesNothing(t *testing.T) {
	each(t, func(d *desk) {
		put(d.t, d.docs, &kb.Document{ID: "k", Kind: kb.Case, Content: kb.Content{Problem: "P", Resolution: "R"}})
		put(d.t, d.docs, &kb.Document{ID: "draft", Kind: kb.Article, Content: kb.Content{Title: "Soon", Status: kb.Draft}})
		d.merge("a", "b")
		before := d.redirects()
		for _, c := range []struct {
			name, from, into string
			want             error
		}{
			{"into itself", "c", "c", kb.ErrInvalid},
			{"a loop", "b", "a", kb.ErrInvalid},
			{"what was merged elsewhere", "a", "d", kb.ErrConflict},
			{"from nothing", "none", "b", kb.ErrNotFound},
			{"into nothing", "c", "none", kb.ErrNotFound},
			{"an article into a case", "c", "k", kb.ErrInvalid},
			{"into a draft", "c", "draft", kb.ErrConflict},
		} {
			if _, err := d.Merge(d.t.Context(), c.from, c.into, "ann"); !errors.Is(err, c.want) {
				d.t.Errorf("%s: got %v, want %v", c.name, err, c.want)
			}
		}
		if got := d.redirects(); got != before {
			d.t.Errorf("redirects %s, want %s", got, before)
		}
		if c := d.document("c"); c.Status != kb.Published {
			d.t.Errorf("c is %s", c.Status)
		}
	})
}
