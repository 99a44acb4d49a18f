package training

import (
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// praise makes an operator keep an article that is not right, again and again.
func (g *garden) praise(operator string, right, praised, n int) {
	for range n {
		s := g.seed(right)
		s.judgement.OperatorID, s.judgement.ResolvedWith = operator, article(praised)
		s.judgement.Credits = []feedback.Credit{{
			SourceID: article(praised), Kind: kb.Article, Article: article(praised), Place: 1, Verdict: feedback.BroughtIn, Amount: 1, Base: 1,
		}}
		g.plant("shop", s)
	}
}

func TestWhatAnExcludedOperatorTaughtServesNoLonger(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		g := newGarden(t, db)
		g.open("shop")
		g.grow("shop", 100)
		g.praise("mallory", 1, 7, 60)
		g.grow("shop", 140)
		v := g.add("shop", retrieval.Learned{Through: g.now})
		suggestions := g.learner.Suggestions
		brought := func(why string) int {
			t.Helper()
			if err := g.learner.Relearn(t.Context(), "shop", why); err != nil {
				t.Fatal(err)
			}
			serving, err := suggestions.ServingRanker(t.Context(), "shop")
			if err != nil || serving.Note != why {
				t.Fatalf("version %d serves: %s, %v", serving.Version, serving.Note, err)
			}
			return serving.Learned.Sources[article(7)].Whole.Brought
		}
		err := suggestions.Judge(t.Context(), "shop", v, retrieval.Ruling{Status: retrieval.Serving, At: g.now})
		if err != nil {
			t.Fatal(err)
		}
		if n := brought("with mallory"); n != 60 {
			t.Errorf("it was brought in %d times", n)
		}
		err = suggestions.Override(t.Context(), retrieval.Override{
			WorkspaceID: "shop", Kind: retrieval.OverOperator, ID: "mallory", Action: retrieval.Exclude, At: g.now,
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := brought("without mallory"); n != 0 {
			t.Errorf("without the one who brought it in, it was brought in %d times", n)
		}
		if old, _ := suggestions.RankerVersion(t.Context(), "shop", v); old.Status != retrieval.RolledBack {
			t.Errorf("the old version is %s", old.Status)
		}
	})
}

func TestRelearningWhereNothingServesDoesNothing(t *testing.T) {
	g := newGarden(t, sqldbtest.SQLite(t))
	g.open("shop")
	if err := g.learner.Relearn(t.Context(), "shop", "no reason"); err != nil {
		t.Fatal(err)
	}
	if n := len(g.rankers("shop")); n != 0 {
		t.Errorf("%d rankers", n)
	}
}

func TestOldVersionsArePrunedAndWhatServesIsKept(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		g := newGarden(t, db)
		g.open("shop")
		for i := range 6 {
			v := g.add("shop", better())
			status := retrieval.Rejected
			if i == 0 {
				status = retrieval.Serving
			}
			err := g.learner.Suggestions.Judge(t.Context(), "shop", v, retrieval.Ruling{Status: status, At: g.now.Add(time.Duration(i) * time.Hour)})
			if err != nil {
				t.Fatal(err)
			}
		}
		if n, err := g.learner.Suggestions.PruneRankers(t.Context(), "shop", 2); err != nil || n != 3 {
			t.Errorf("%d removed, %v", n, err)
		}
		if got, want := g.statuses("shop"), "1 serving, 5 rejected, 6 rejected, "; got != want {
			t.Errorf("left are %s, want %s", got, want)
		}
	})
}
