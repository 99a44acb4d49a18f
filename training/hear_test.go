package training

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// heard is what is left of a judgement by good on which evil voted, once one of
// the two is ignored.
func heard(t *testing.T, ignored string, j feedback.Judgement) (left feedback.Judgement, counts bool) {
	t.Helper()
	j.At = today
	for i := range j.Credits {
		j.Credits[i].Sum()
	}
	r := reader{ignored: map[string]time.Time{ignored: never}}
	return j, r.hear(&j)
}

func TestExcludingAVoterRestoresWhatOthersFound(t *testing.T) {
	sent := feedback.Credit{SourceID: "a", Article: "a", Place: 1, Verdict: feedback.Kept, Share: 1, Base: 0.8}
	marred := sent
	marred.Votes = []feedback.Vote{{OperatorID: "evil", Amount: -0.8}}
	j := feedback.Judgement{OperatorID: "good", Used: feedback.Unchanged, ResolvedWith: "a", Credits: []feedback.Credit{marred}}
	got, counts := heard(t, "evil", j)
	if !counts || got.OperatorID != "good" || got.ResolvedWith != "a" || got.Used != feedback.Unchanged {
		t.Errorf("without the voter: %+v", got)
	}
	if c := got.Credits[0]; c.Amount != 0.8 || len(c.Votes) != 0 {
		t.Errorf("the credit without the vote is %+v", c)
	}
}

func TestExcludingAJudgeLeavesTheVotesOfOthers(t *testing.T) {
	c := feedback.Credit{SourceID: "a", Article: "a", Verdict: feedback.Kept, Share: 1, Base: 0.8, Votes: []feedback.Vote{{OperatorID: "good", Amount: -0.6}}}
	named := feedback.Credit{SourceID: "b", Article: "b", Votes: []feedback.Vote{{OperatorID: "good", Amount: 0.6}}}
	j := feedback.Judgement{OperatorID: "evil", Used: feedback.Unchanged, ResolvedWith: "a", Credits: []feedback.Credit{c, named}}
	got, counts := heard(t, "evil", j)
	if !counts || got.OperatorID != "good" || got.ResolvedWith != "" || got.Used != feedback.Unknown || got.Credits[0].Amount != -0.6 {
		t.Errorf("without the judge: %+v", got)
	}
	j.Credits = []feedback.Credit{named}
	j.ResolvedWith = "b"
	if got, counts := heard(t, "evil", j); !counts || got.ResolvedWith != "b" {
		t.Errorf("the article that a voter named is %q", got.ResolvedWith)
	}
	j.Credits = []feedback.Credit{{SourceID: "a", Article: "a", Base: 0.8}}
	if _, counts := heard(t, "evil", j); counts {
		t.Error("a judgement counts of which nobody's word is left")
	}
}

func TestAnArticleThatOnlyAVoterNamedIsNotTheJudges(t *testing.T) {
	vote := feedback.Credit{SourceID: "b", Article: "b", Votes: []feedback.Vote{{OperatorID: "evil", Amount: 0.6}}}
	blamed := feedback.Credit{SourceID: "a", Article: "a", Base: -0.5}
	j := feedback.Judgement{OperatorID: "good", Used: feedback.Refused, ResolvedWith: "b", Credits: []feedback.Credit{blamed, vote}}
	if got, _ := heard(t, "nobody", j); got.ResolvedWith != "" || got.OperatorID != "good" {
		t.Errorf("%s is said to have answered from %q", got.OperatorID, got.ResolvedWith)
	}
	j = feedback.Judgement{OperatorID: "good", ResolvedWith: "b", Credits: []feedback.Credit{vote}}
	if got, _ := heard(t, "nobody", j); got.ResolvedWith != "b" || got.OperatorID != "evil" {
		t.Errorf("%s is said to have answered from %q, want the voter", got.OperatorID, got.ResolvedWith)
	}
	if got, counts := heard(t, "evil", j); !counts || got.ResolvedWith != "" {
		t.Errorf("without the voter the article is %q", got.ResolvedWith)
	}
}

func TestWhatNobodyIgnoredSaidIsReadAsItIs(t *testing.T) {
	own := feedback.Credit{SourceID: "a", Article: "a", Base: 0.8, Votes: []feedback.Vote{{OperatorID: "good", Amount: 0.6}}}
	own.Sum()
	j := feedback.Judgement{OperatorID: "good", Used: feedback.Unchanged, ResolvedWith: "a", Credits: []feedback.Credit{own}, At: today}
	if got, counts := heard(t, "nobody", j); !counts || !reflect.DeepEqual(got, j) {
		t.Errorf("read is %+v, want %+v", got, j)
	}
}

func TestALessonIsDeafToTheVotesOfWhoIsExcluded(t *testing.T) {
	g := newGarden(t, sqldbtest.SQLite(t))
	g.open("shop")
	seeds := make([]seed, 10)
	voted := 0
	for i := range seeds {
		seeds[i] = g.seed(i % plots)
		j := &seeds[i].judgement
		j.Credits = slices.Clone(j.Credits)
		for k := range j.Credits {
			c := &j.Credits[k]
			c.Base, c.Votes = c.Amount, []feedback.Vote{{OperatorID: "evil", Amount: -0.8}}
			c.Sum()
			voted++
		}
	}
	g.plant("shop", seeds...)
	o := retrieval.Override{WorkspaceID: "shop", Kind: retrieval.OverOperator, ID: "evil", Action: retrieval.Exclude, At: today}
	if err := g.learner.Suggestions.Override(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	s, err := g.learner.lesson(t.Context(), "shop")
	if err != nil || len(s.judged) != len(seeds) || voted == 0 {
		t.Fatalf("%d judgements with %d votes, %v", len(s.judged), voted, err)
	}
	for i := range s.judged {
		for _, c := range s.judged[i].credits {
			if len(c.Votes) > 0 || c.Amount != c.Base {
				t.Errorf("a vote of the excluded operator still counts: %+v", c)
			}
		}
	}
}
