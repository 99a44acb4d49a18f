package retrieval

import (
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

func TestMergesAreFollowedToTheirEnd(t *testing.T) {
	db := sqldbtest.SQLite(t)
	s := NewStore(db)
	if err := db.Exec("INSERT INTO workspaces (id, name, changes, created_at) VALUES ('shop', 'Shop', 0, ?)", time.Now()).Error; err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{"a": "b", "b": "c", "x": "y", "y": "x"} {
		err := db.Exec("INSERT INTO redirects (workspace_id, from_id, to_id, author, at) VALUES ('shop', ?, ?, 'vera', ?)", from, to, time.Now()).Error
		if err != nil {
			t.Fatal(err)
		}
	}
	d, err := s.Doubts(t.Context(), "shop")
	if err != nil || d.Now("a") != "c" || d.Now("b") != "c" || d.Now("c") != "c" || d.Now("z") != "z" {
		t.Errorf("a leads to %s, b to %s, c to %s, z to %s, %v", d.Now("a"), d.Now("b"), d.Now("c"), d.Now("z"), err)
	}
	if d, err := s.Doubts(t.Context(), "another"); err != nil || len(d.Merged) != 0 {
		t.Errorf("another workspace has %v, %v", d.Merged, err)
	}
}

func TestWhatWasLearnedOfAMergedSourceStays(t *testing.T) {
	proven := Usefulness{Whole: Posterior{Bonus: 0.08, Lower: 0.7}, Kept: 1, Revision: 3}
	weak := Usefulness{Whole: Posterior{Bonus: 0.02, Lower: 0.2}, Kept: 1, Revision: 1}
	l := Learned{Sources: map[string]Usefulness{"old": proven, "older": weak, "own": weak, "into-own": proven}}
	got := l.absorbed(&Doubts{Merged: map[string]string{"old": "new", "older": "new", "into-own": "own", "unknown": "new"}})
	if u, ok := got["new"]; !ok || u.bonus("", 7) != 0.08 {
		t.Errorf("the new one has a bonus of %v, %v; want that of the best proven", u.bonus("", 7), ok)
	}
	if _, ok := got["own"]; ok {
		t.Error("what was learned of a source itself gives way to what it absorbed")
	}
}
