package training

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
)

func TestRerankMakesACandidateOfWhatCameBeforeTheCut(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		g := newGarden(t, db)
		g.open("shop")
		g.grow("shop", 400)
		note := g.rerank()
		rs := g.rankers("shop")
		if note != "1 with a candidate" || len(rs) != 1 || rs[0].Status != retrieval.Untried {
			t.Fatalf("%s: %v", note, g.statuses("shop"))
		}
		r := rs[0]
		if from, ok := r.Figures["learned_from"].(float64); !ok || from != 280 {
			t.Errorf("it learned from %v of 400, want seven tenths", r.Figures["learned_from"])
		}
		// The 280th of the questions, each a quarter of an hour after another.
		if want := today.Add(280 * 15 * time.Minute); !r.Learned.Through.Equal(want) || r.Through != 280 {
			t.Errorf("it learned up to %v, judgement %d, want %v", r.Learned.Through, r.Through, want)
		}
		f := r.Learned.Factors
		if f.Body <= f.Title {
			t.Errorf("words of texts tell more than those of titles, and the factors are %+v", f)
		}
		if len(r.Learned.Sources) != plots {
			t.Errorf("it learned of %d sources", len(r.Learned.Sources))
		}
	})
}

func TestRerankLearnsNothingFromWhatIsKeptBack(t *testing.T) {
	g := newGarden(t, sqldbtest.SQLite(t))
	g.open("shop")
	g.grow("shop", 300)
	var last []seed
	for range 100 { // an article that nobody used before
		s := g.seed(0)
		s.judgement.Credits[0].SourceID = "newcomer"
		last = append(last, s)
	}
	g.plant("shop", last...)
	g.rerank()
	if _, ok := g.rankers("shop")[0].Learned.Sources["newcomer"]; ok {
		t.Error("it learned of a source that was only used in the questions to prove itself on")
	}
}

func TestRerankSaysThatThereIsTooLittleToLearnFrom(t *testing.T) {
	g := newGarden(t, sqldbtest.SQLite(t))
	g.open("empty")
	g.open("young")
	g.grow("young", 139)
	if note := g.rerank(); note != "2 with too few judgements" {
		t.Errorf("the note is %q", note)
	}
	g.grow("young", 1)
	if note := g.rerank(); !strings.Contains(note, "1 with a candidate") {
		t.Errorf("with 140 judgements the note is %q", note)
	}
}

func TestANewCandidateTakesThePlaceOfOneThatWaits(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		g := newGarden(t, db)
		g.open("shop")
		other := g.add("shop", better()) // of another job
		g.grow("shop", 200)
		g.rerank()
		g.grow("shop", 20)
		g.rerank()
		if got, want := g.statuses("shop"), "1 candidate, 2 rejected, 3 candidate, "; got != want {
			t.Errorf("the rankers are %s, want %s", got, want)
		}
		if note := g.rankers("shop")[1].Note; !strings.Contains(note, "a newer candidate") || other != 1 {
			t.Errorf("the note on the second is %q", note)
		}
	})
}

func TestACandidateThatWasJudgedMeanwhileKeepsItsVerdict(t *testing.T) {
	g := newGarden(t, sqldbtest.SQLite(t))
	g.open("shop")
	version := g.add("shop", better())
	serves := func(status retrieval.RankerStatus) retrieval.Ruling {
		return retrieval.Ruling{Status: status, At: g.now, From: retrieval.Untried}
	}
	if err := g.learner.Suggestions.Judge(t.Context(), "shop", version, serves(retrieval.Serving)); err != nil {
		t.Fatal(err)
	}
	if err := g.learner.Suggestions.Judge(t.Context(), "shop", version, serves(retrieval.Rejected)); err == nil {
		t.Error("a ranker that serves was rejected as a candidate")
	}
	if got := g.statuses("shop"); got != "1 serving, " {
		t.Errorf("the rankers are %s", got)
	}
}

func TestWhatWasLearnedOfAChangedArticleIsDiscounted(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		g := newGarden(t, db)
		g.open("shop")
		g.grow("shop", 400)
		store := g.learner.KB.In("shop")
		put := func(i int, body string) {
			t.Helper()
			d := &kb.Document{ID: article(i), Kind: kb.Article, Content: kb.Content{Title: fmt.Sprint("Article ", i), Body: body, Locale: "en"}}
			if _, err := store.Put(t.Context(), d); err != nil {
				t.Fatal(err)
			}
		}
		const body = "Returns take thirty days from the day on which the parcel came. Refunds go to the card that was used."
		was := "It says something. It says something else, at some length. And that is all of it."
		put(1, body)
		put(1, body+" Thank you.") // the change before counts as well
		put(2, was+" "+was+" It says more now, and that does no harm.")
		put(2, "It says something. It says something else, at some length. And what is left of it is told in other words.")
		put(3, "It  says SOMETHING. It says something else,\nat some length. And that is all of it.")
		if err := store.Delete(t.Context(), article(4), "editor"); err != nil {
			t.Fatal(err)
		}
		g.rerank()
		sources := g.rankers("shop")[0].Learned.Sources
		if _, ok := sources[article(4)]; ok {
			t.Error("what was learned of an article that has gone is there")
		}
		for _, c := range []struct {
			i         int
			low, high float64
			revision  int64
			about     string
		}{
			{0, 1, 1, 1, "one that nobody has touched"},
			{1, 0, 0.15, 3, "one that was written anew"},
			{2, 0.6, 0.8, 3, "one that says half of it otherwise"},
			{3, 1, 1, 2, "one that was only laid out anew"},
		} {
			u := sources[article(c.i)]
			if u.Kept < c.low || u.Kept > c.high || u.Revision != c.revision {
				t.Errorf("of %s %.2f counts, of revision %d", c.about, u.Kept, u.Revision)
			}
		}
	})
}

func TestWhatWasLearnedSinceAChangeCounts(t *testing.T) {
	g := newGarden(t, sqldbtest.SQLite(t))
	d := kb.Document{ID: "a", WorkspaceID: "shop", UpdatedAt: today}
	got, err := g.learner.standing(t.Context(), &d, []time.Time{today, today.Add(time.Hour)})
	if err != nil || got != 1 {
		t.Errorf("%.2f of it counts: %v", got, err)
	}
	if got := stands("One thing. Another thing.", "Another   THING. A third."); got < 0.55 || got > 0.65 {
		t.Errorf("%.2f of the text stands", got)
	}
}
