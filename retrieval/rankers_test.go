package retrieval

import (
	"errors"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

var day = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

// rankers returns a store with a workspace and n rankers, none of them judged.
func rankers(t *testing.T, db *gorm.DB, n int) *Store {
	t.Helper()
	if _, err := kb.New(db).Create(t.Context(), "shop", "Shop"); err != nil {
		t.Fatal(err)
	}
	s := NewStore(db)
	for i := range n {
		r := Ranker{WorkspaceID: "shop", Status: Untried, CreatedAt: day, Learned: Learned{Factors: Factors{Title: 1 + float64(i)/10}}}
		if err := s.AddRanker(t.Context(), &r); err != nil || r.Version != int64(i+1) {
			t.Fatalf("version %d, %v", r.Version, err)
		}
	}
	return s
}

func rule(t *testing.T, s *Store, version int64, status RankerStatus) {
	t.Helper()
	err := s.Judge(t.Context(), "shop", version, Ruling{Status: status, Note: "so", Figures: map[string]any{"n": 1.0}, At: day.AddDate(0, 0, int(version))})
	if err != nil {
		t.Fatal(err)
	}
}

// wantLearned checks which version a profile's choice comes to.
func wantLearned(t *testing.T, s *Store, which string, version int64) {
	t.Helper()
	l, got, err := s.learned(t.Context(), "shop", which)
	if err != nil || got != version {
		t.Errorf("%s is version %d (%v), want %d", which, got, err, version)
	}
	if version > 0 && l.Factors.Title != 1+float64(version-1)/10 {
		t.Errorf("version %d has the factors of another: %v", version, l.Factors)
	}
}

func TestOneRankerServes(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		sqldbtest.Matches(t, db, &Ranker{}, &Override{}, &storedTuned{}, &storedBeliefs{}, &Suggestion{})
		s := rankers(t, db, 4)
		wantLearned(t, s, "", 0)
		rule(t, s, 1, Serving)
		rule(t, s, 2, Serving)
		rule(t, s, 3, Proven)
		rule(t, s, 4, Rejected)
		wantLearned(t, s, ServingRanker, 2)
		wantLearned(t, s, NewestRanker, 3)
		wantLearned(t, s, "4", 4)
		wantLearned(t, s, NoRanker, 0)
		if r, err := s.RankerVersion(t.Context(), "shop", 1); err != nil || r.Status != Retired {
			t.Errorf("the one that served before is %s, %v", r.Status, err)
		}
	})
}

func TestRollBackReturnsToWhatServedBefore(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := rankers(t, db, 3)
		rule(t, s, 1, Serving)
		rule(t, s, 2, Serving)
		rule(t, s, 3, Proven)
		for _, tt := range []struct {
			back, serving, newest int64
		}{{3, 2, 2}, {2, 1, 1}, {1, 0, 0}} {
			serves, err := s.RollBack(t.Context(), "shop", tt.back, "worse", day)
			if err != nil || tt.back < 3 && serves != tt.serving {
				t.Errorf("rolling %d back made %d serve, %v", tt.back, serves, err)
			}
			wantLearned(t, s, ServingRanker, tt.serving)
			wantLearned(t, s, NewestRanker, tt.newest)
		}
		if _, err := s.RollBack(t.Context(), "shop", 1, "again", day); !errors.Is(err, ErrInvalid) {
			t.Errorf("what nobody is answered with was rolled back: %v", err)
		}
		if _, err := s.RollBack(t.Context(), "shop", 9, "unknown", day); !errors.Is(err, ErrNotFound) {
			t.Errorf("an unknown version: %v", err)
		}
	})
}

func TestOverridesHoldAtOnce(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := rankers(t, db, 0)
		ctx := t.Context()
		put := func(o Override) error { o.WorkspaceID, o.At = "shop", day; return s.Override(ctx, o) }
		for _, o := range []Override{{Kind: OverSource, ID: "a", Action: Pin}, {Kind: OverSource, ID: "b", Action: Exclude}, {Kind: OverOperator, ID: "a", Action: Exclude}} {
			if err := put(o); err != nil {
				t.Fatal(err)
			}
		}
		got, err := s.sourceOverrides(ctx, "shop")
		if err != nil || len(got) != 2 || got["a"].Action != Pin || got["b"].Action != Exclude {
			t.Errorf("got %v, %v", got, err)
		}
		if err := s.Lift(ctx, "shop", OverSource, "a"); err != nil {
			t.Fatal(err)
		}
		if got, _ = s.sourceOverrides(ctx, "shop"); got["a"].Action != "" {
			t.Error("a lifted override holds")
		}
		for _, o := range []Override{{Kind: "moon", ID: "a", Action: Pin}, {Kind: OverSource, Action: Pin}, {Kind: OverOperator, ID: "a", Action: Pin}, {Kind: OverSource, ID: "a", Action: "paint"}} {
			if err := put(o); !errors.Is(err, ErrInvalid) {
				t.Errorf("%+v: %v", o, err)
			}
		}
	})
}

func TestTunedVectorsComeBackAsTheyWere(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := rankers(t, db, 0)
		r := Ranker{WorkspaceID: "shop", Status: Untried, CreatedAt: day}
		p := kb.Passage{Heading: "h", Text: "text"}
		want := Tuned{Document: "a", Passage: PassageHash("title", &p), Vector: embeddings.Vector{0.6, -0.8}}
		if err := s.AddTuned(t.Context(), &r, "m", []Tuned{want, {Document: "b", Vector: embeddings.Vector{1, 0}}}); err != nil {
			t.Fatal(err)
		}
		vectors, err := s.tuned(t.Context(), "shop", 1, "m")
		if err != nil || len(vectors) != 2 {
			t.Fatalf("%v, %v", vectors, err)
		}
		if other, err := s.tuned(t.Context(), "shop", 1, "n"); err != nil || len(other) != 0 {
			t.Errorf("another model has %v, %v", other, err)
		}
		hits := []Hit{
			{Source: Source{ID: "a", Title: "title"}, Passage: p, Dense: 0.5, Score: 7},
			{Source: Source{ID: "a", Title: "another title"}, Passage: p, Dense: 0.5, Score: 7},
		}
		vectors.near(embeddings.Vector{1, 0}, 10, hits)
		if h := hits[0]; h.Dense < 0.599 || h.Dense > 0.601 || h.Score < 7.99 || h.Score > 8.01 {
			t.Errorf("a moved passage has cosine %v and score %v", h.Dense, h.Score)
		}
		if h := hits[1]; h.Dense != 0.5 || h.Score != 7 {
			t.Error("a passage that has changed since was moved")
		}
	})
}
