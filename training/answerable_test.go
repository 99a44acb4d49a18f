package training

import (
	"fmt"
	"testing"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// asked plants n questions on eight subjects, which the same sources are found
// for; covered says of each subject and question whether there is an answer.
func (g *garden) asked(workspace string, n int, covered func(subject int) bool) {
	g.Helper()
	seeds := make([]seed, n)
	for i := range seeds {
		subject := i % plots
		s := g.seed(subject)
		s.suggestion.Question = fmt.Sprintf("how about zorp%d and blim%d and w%d", subject, subject, i)
		s.suggestion.RawConfidence = 0.3 + 0.4*g.rng.Float64()
		if !covered(subject) {
			s.judgement.ResolvedWith, s.judgement.Used, s.judgement.Distance = "", feedback.Replaced, 1
		}
		seeds[i] = s
	}
	g.plant(workspace, seeds...)
}

func TestEarlierQuestionsCountAsMuchAsTheyTell(t *testing.T) {
	g := newGarden(t, sqldbtest.SQLite(t))
	g.open("shop")
	g.asked("shop", 300, func(subject int) bool { return subject%2 == 0 })
	g.calibrate()
	tells := g.beliefs("shop")
	if tells.KnownWeight < 1 {
		t.Errorf("where like questions have like outcomes the weight is %.2f, want 1 and more: %v", tells.KnownWeight, tells.Figures["known"])
	}
	if len(tells.Known) != 300 || tells.Known[0].Key != retrieval.KnownKey("how about zorp0 and blim0 and w0") {
		t.Errorf("%d questions are known", len(tells.Known))
	}
	odds := func(subject int) float64 {
		v, err := embeddings.Local{}.Embed(t.Context(), []string{fmt.Sprintf("how about zorp%d and blim%d", subject, subject)})
		if err != nil {
			t.Fatal(err)
		}
		ids := make([]string, plots)
		for i := range ids {
			ids[i] = article(i)
		}
		return retrieval.KnownOdds(tells.Known, "en", v[0], ids)
	}
	if yes, no := odds(2), odds(3); yes <= 0 || no >= 0 {
		t.Errorf("the odds are %.2f on a subject that is covered and %.2f on one that is not", yes, no)
	}
}

func TestEarlierQuestionsThatMisleadAreNotListenedTo(t *testing.T) {
	var b retrieval.Beliefs
	var js []*judged
	var odds []float64
	for i := range 200 {
		covered := i%2 == 0
		j := &judged{language: "en", raw: 0.5, used: feedback.Replaced, candidates: []retrieval.Candidate{{ID: "a"}}, decision: retrieval.Drafted}
		against := 1.
		if covered {
			j.used, against = feedback.Unchanged, -1
		}
		js, odds = append([]*judged{j}, js...), append(odds, against)
		b.Known = append(b.Known, retrieval.Known{Covered: covered, Weight: 1})
	}
	if weight, figures := knownTrust(&b, js, odds); weight > 0.02 {
		t.Errorf("the weight is %.3f, want nothing to speak of: %v", weight, figures)
	}
}

func TestWithoutJudgementsEarlierQuestionsCountAsMuchAsUsual(t *testing.T) {
	weights, before := knownGrid()
	want := 0.
	for i, w := range weights {
		want += w * before[i]
	}
	got, _ := knownTrust(&retrieval.Beliefs{}, nil, nil)
	if got < want-1e-9 || got > want+1e-9 {
		t.Errorf("the weight is %.3f, want %.3f", got, want)
	}
}

func TestWhatAnsweredAQuestionIsWhatTheJudgementSpeaksOf(t *testing.T) {
	cs := []retrieval.Candidate{{ID: "first"}, {ID: "second"}}
	for _, tt := range []struct {
		name     string
		j        judged
		answered bool
		known    bool
		speaks   string
	}{
		{"sent as it was", judged{used: feedback.Unchanged, candidates: cs}, true, true, "[first]"},
		{"answered from another article", judged{used: feedback.Replaced, right: "third", candidates: cs}, true, true, "[third]"},
		{"answered from nothing of ours", judged{used: feedback.Replaced, candidates: cs}, false, true, "[first second]"},
		{"rejected", judged{used: feedback.Refused, candidates: cs}, false, true, "[first second]"},
		{"nothing was told", judged{candidates: cs}, false, false, ""},
	} {
		answered, is := wasAnswered(&tt.j)
		if answered != tt.answered || is != tt.known {
			t.Errorf("%s: answered %v, known %v", tt.name, answered, is)
		}
		if got := fmt.Sprint(speaksOf(&tt.j, answered)); is && got != tt.speaks {
			t.Errorf("%s: it speaks of %s, want %s", tt.name, got, tt.speaks)
		}
	}
}
