package training

import (
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/feedback/experiment"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/training/gate"
)

// verdict is what the gate found of a ranker, as it is kept.
func verdict(t *testing.T, r *retrieval.Ranker) (v gate.Verdict) {
	t.Helper()
	b, err := json.Marshal(r.Figures["gate"])
	if err == nil {
		err = json.Unmarshal(b, &v)
	}
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// tried is a workspace with a candidate and later questions to try it on.
func tried(t *testing.T, db *gorm.DB, learned retrieval.Learned, later int) *garden {
	t.Helper()
	g := newGarden(t, db)
	g.open("shop")
	g.grow("shop", 60)
	g.add("shop", learned)
	g.grow("shop", later)
	return g
}

func TestABetterCandidateServesAndIsNotJudgedTwice(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		g := tried(t, db, better(), 250)
		if note := g.promote(); note != "1 promoted" {
			t.Fatalf("the note is %q: %s", note, g.rankers("shop")[0].Note)
		}
		r := g.rankers("shop")[0]
		if v := verdict(t, &r); r.Status != retrieval.Serving || !v.Promote || v.Questions != 250 || v.Low < 0 || v.OffPolicy.Logged != 250 {
			t.Errorf("it is %s with %+v", r.Status, v)
		}
		g.now = g.now.Add(time.Hour)
		if note := g.promote(); note != "1 without a candidate" {
			t.Errorf("the second note is %q", note)
		}
		if again := g.rankers("shop")[0]; again.Status != r.Status || !again.StatusAt.Equal(r.StatusAt) || again.Note != r.Note {
			t.Errorf("the second run made %s of it: %s", again.Status, again.Note)
		}
	})
}

func TestAWorseCandidateIsKeptWithTheFigures(t *testing.T) {
	g := tried(t, sqldbtest.SQLite(t), worse(), 250)
	if note := g.promote(); note != "1 rejected" {
		t.Errorf("the note is %q", note)
	}
	r := g.rankers("shop")[0]
	if v := verdict(t, &r); r.Status != retrieval.Rejected || v.Promote || v.Difference >= 0 || !strings.HasPrefix(r.Note, "Not promoted") {
		t.Errorf("it is %s, %s, with %+v", r.Status, r.Note, v)
	}
	if _, err := g.learner.Suggestions.ServingRanker(t.Context(), "shop"); !errors.Is(err, retrieval.ErrNotFound) {
		t.Errorf("something serves: %v", err)
	}
}

func TestACandidateWaitsForQuestionsButNotForEver(t *testing.T) {
	g := tried(t, sqldbtest.SQLite(t), better(), provenOn-1)
	if note := g.promote(); note != "1 waiting for more questions" || g.statuses("shop") != "1 candidate, " {
		t.Errorf("the note is %q, and the rankers are %s", note, g.statuses("shop"))
	}
	g.now = g.now.Add(waits)
	if note := g.promote(); note != "1 rejected" || g.statuses("shop") != "1 rejected, " {
		t.Errorf("after a month the note is %q, and the rankers are %s", note, g.statuses("shop"))
	}
}

func TestACandidateWithoutAnyQuestionWaits(t *testing.T) {
	g := newGarden(t, sqldbtest.SQLite(t))
	g.open("shop")
	g.add("shop", better())
	if note := g.promote(); note != "1 waiting for more questions" {
		t.Errorf("the note is %q", note)
	}
}

func TestQuestionsThatTrainingKnewProveNothing(t *testing.T) {
	g := newGarden(t, sqldbtest.SQLite(t))
	g.open("shop")
	var known []seed
	for range 150 {
		known = append(known, g.seed(g.rng.IntN(plots)))
	}
	g.plant("shop", known...)
	g.add("shop", better())
	for i := range known {
		known[i].suggestion.Question += " please"
	}
	g.plant("shop", known...)
	if note := g.promote(); note != "1 waiting for more questions" {
		t.Errorf("with rephrasings alone the note is %q", note)
	}
}

// pilot starts one in which half of the operators have the newest ranker.
func (g *garden) pilot(workspace string) {
	g.Helper()
	p := retrieval.DefaultProfile()
	p.Name, p.Ranker = "fresh", retrieval.NewestRanker
	if err := g.learner.Suggestions.SetProfile(g.Context(), workspace, p); err != nil {
		g.Fatal(err)
	}
	if _, err := g.learner.Pilots.Put(g.Context(), &experiment.Pilot{WorkspaceID: workspace, Name: "trial", Profile: "fresh", Percent: 50, Author: "lead"}, nil); err != nil {
		g.Fatal(err)
	}
	if _, err := g.learner.Pilots.Start(g.Context(), workspace, "trial", "lead"); err != nil {
		g.Fatal(err)
	}
}

func TestWhileAPilotTriesTheNewestOnlyThePilotHasIt(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		g := tried(t, db, better(), 250)
		g.pilot("shop")
		for range 2 {
			g.promote()
			newest, err := g.learner.Suggestions.NewestRanker(t.Context(), "shop")
			if err != nil || newest.Version != 1 || newest.Status != retrieval.Proven {
				t.Fatalf("the newest is %d, %s: %v", newest.Version, newest.Status, err)
			}
			if _, err := g.learner.Suggestions.ServingRanker(t.Context(), "shop"); !errors.Is(err, retrieval.ErrNotFound) {
				t.Errorf("everybody has it: %v", err)
			}
		}
		if _, err := g.learner.Pilots.Stop(t.Context(), "shop", "trial", "lead"); err != nil {
			t.Fatal(err)
		}
		if note := g.promote(); note != "1 promoted after a pilot" || g.statuses("shop") != "1 serving, " {
			t.Errorf("after the pilot the note is %q, and the rankers are %s", note, g.statuses("shop"))
		}
	})
}

func TestAPersonPromotesWhereTheSettingsSaySo(t *testing.T) {
	g := tried(t, sqldbtest.SQLite(t), better(), 250)
	g.set("shop", func(s *feedback.Settings) { s.Promote = feedback.PromoteByHand })
	for range 2 {
		g.promote()
		if got := g.statuses("shop"); got != "1 proven, " {
			t.Errorf("the rankers are %s", got)
		}
	}
}

func TestWhatWasProvenBeforeTheServingRankerStaysBack(t *testing.T) {
	g := newGarden(t, sqldbtest.SQLite(t))
	g.open("shop")
	for i, status := range []retrieval.RankerStatus{retrieval.Proven, retrieval.Serving} {
		version := g.add("shop", better())
		err := g.learner.Suggestions.Judge(t.Context(), "shop", version, retrieval.Ruling{Status: status, At: g.now})
		if err != nil || version != int64(i+1) {
			t.Fatal(version, err)
		}
	}
	g.promote()
	if got := g.statuses("shop"); got != "1 proven, 2 serving, " {
		t.Errorf("the rankers are %s", got)
	}
}

// served is a workspace whose ranker began to serve after 300 suggestions of
// which a share was accepted, and n suggestions of which another share was.
func served(g *garden, workspace string, before, live float64, n int) {
	g.Helper()
	g.open(workspace)
	accept := func(n int, share float64, ranker int64) {
		seeds := make([]seed, n)
		for i := range seeds {
			s := g.seed(0)
			s.judgement.Ranker, s.judgement.Used = ranker, feedback.Refused
			if g.rng.Float64() < share {
				s.judgement.Used = feedback.Unchanged
			}
			seeds[i] = s
		}
		g.plant(workspace, seeds...)
	}
	accept(300, before, 0)
	version := g.add(workspace, better())
	if err := g.learner.Suggestions.Judge(g.Context(), workspace, version, retrieval.Ruling{Status: retrieval.Serving, At: g.now}); err != nil {
		g.Fatal(err)
	}
	accept(n, live, version)
}

func TestARankerThatIsAcceptedLessIsRolledBack(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		g := newGarden(t, db)
		served(g, "falls", 0.8, 0.4, 100)
		served(g, "stays", 0.8, 0.8, 200)
		served(g, "young", 0.8, 0.2, 20)
		if note := g.promote(); note != "1 rolled back, 2 without a candidate" {
			t.Errorf("the note is %q", note)
		}
		for workspace, want := range map[string]string{"falls": "1 rolled_back, ", "stays": "1 serving, ", "young": "1 serving, "} {
			if got := g.statuses(workspace); got != want {
				t.Errorf("%s: the rankers are %s", workspace, got)
			}
		}
		if note := g.rankers("falls")[0].Note; !strings.Contains(note, "acceptance has fallen") {
			t.Errorf("the note on it is %q", note)
		}
		if note := g.promote(); note != "3 without a candidate" {
			t.Errorf("the second time the note is %q", note)
		}
	})
}

func TestAVerdictOnWhatSomebodyElseHasJudgedIsNotBelieved(t *testing.T) {
	g := tried(t, sqldbtest.SQLite(t), better(), 250)
	candidate := g.rankers("shop")[0]
	s, err := g.learner.lesson(t.Context(), "shop")
	if err != nil {
		t.Fatal(err)
	}
	if outcome, err := g.learner.try(t.Context(), s, &candidate); err != nil || outcome != "promoted" {
		t.Fatal(outcome, err)
	}
	// A run that has read the candidate before finds it no better than itself.
	if outcome, err := g.learner.try(t.Context(), s, &candidate); err != nil || outcome != "overtaken by another run" {
		t.Errorf("the other run: %s, %v", outcome, err)
	}
	if got := g.statuses("shop"); got != "1 serving, " {
		t.Errorf("the rankers are %s", got)
	}
	against := int64(0) // what served when a third run compared
	version := g.add("shop", worse())
	err = g.learner.Suggestions.Judge(t.Context(), "shop", version, retrieval.Ruling{Status: retrieval.Serving, At: g.now, Against: &against})
	if !errors.Is(err, retrieval.ErrOvertaken) || g.statuses("shop") != "1 serving, 2 candidate, " {
		t.Errorf("a verdict against what served before: %v; the rankers are %s", err, g.statuses("shop"))
	}
}

func TestReplicasThatPromoteAtOnceLeaveOneServing(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		g := tried(t, db, better(), 200)
		through := g.rankers("shop")[0].Learned.Through
		for _, learned := range []retrieval.Learned{worse(), {Factors: retrieval.Factors{Title: 0.6, Body: 1.8}}, worse()} {
			learned.Through = through
			g.add("shop", learned)
		}
		var wg sync.WaitGroup
		for range 4 {
			replica := newGarden(t, db)
			replica.now = g.now
			wg.Go(func() {
				if _, err := replica.learner.Promote(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		// What one run found is what all of them leave: the first is better, and
		// nothing is better than the first.
		if got, want := g.statuses("shop"), "1 serving, 2 rejected, 3 rejected, 4 rejected, "; got != want {
			t.Errorf("the rankers are %s, want %s", got, want)
		}
	})
}
