package training

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// drawnUp is a suggestion that was drafted from an article, as it is at first.
func drawnUp(change func(s *retrieval.Suggestion, t *feedback.Told)) *feedback.Told {
	t := &feedback.Told{Suggestion: retrieval.Suggestion{
		ID: "s", Decision: retrieval.Drafted, Mode: retrieval.ForOperator, Confidence: 0.8, Question: "Where is it?",
		Sources: []retrieval.Cited{{ID: "a", Kind: kb.Article}, {ID: "case", Kind: kb.Case}},
		Answer:  retrieval.Answer{Text: "There [1].", Citations: []retrieval.Citation{{Marker: 1, SourceID: "a"}}},
	}}
	change(&t.Suggestion, t)
	return t
}

const useful = "Open the settings, choose Devices and press Remove beside the old one."

func TestEverySignThatKnowledgeFailedIsHeard(t *testing.T) {
	judged := func(t *feedback.Told, j feedback.Judgement) {
		if j.Rating == 0 {
			j.Rating = -1
		}
		t.Judgement = &j
	}
	for _, tt := range []struct {
		name   string
		change func(s *retrieval.Suggestion, t *feedback.Told)
		want   []gap.Sign // nil: it is none
	}{
		{"a confident draft of which nothing is told is none", func(*retrieval.Suggestion, *feedback.Told) {}, nil},
		{"a doubtful draft of which nothing is told", func(s *retrieval.Suggestion, _ *feedback.Told) { s.Confidence = 0.4 }, []gap.Sign{gap.LowConfidence}},
		{"a doubtful draft that was sent is none", func(s *retrieval.Suggestion, t *feedback.Told) {
			s.Confidence = 0.4
			t.Final = useful
			judged(t, feedback.Judgement{Used: feedback.Unchanged, ResolvedWith: "a"})
		}, nil},
		{"a draft from a case that was sent: nobody has written it down", func(s *retrieval.Suggestion, t *feedback.Told) {
			s.Answer.Citations[0].SourceID = "case"
			t.Final = useful
			judged(t, feedback.Judgement{Used: feedback.Unchanged})
		}, []gap.Sign{gap.NoSource}},
		{"no reply", func(s *retrieval.Suggestion, _ *feedback.Told) {
			s.Decision, s.AbstainReason, s.Confidence = retrieval.Abstained, retrieval.NoEvidence, 0
		}, []gap.Sign{gap.Abstained}},
		{"an outage is none", func(s *retrieval.Suggestion, _ *feedback.Told) {
			s.Decision, s.AbstainReason, s.Blind = retrieval.Abstained, retrieval.NoEvidence, retrieval.BlindOutage
		}, nil},
		{"an empty index is none", func(s *retrieval.Suggestion, _ *feedback.Told) {
			s.Decision, s.AbstainReason, s.Blind = retrieval.Abstained, retrieval.NoEvidence, retrieval.BlindEmpty
		}, nil},
		{"a filter that leaves all out is none, even if the reply was written by hand", func(s *retrieval.Suggestion, t *feedback.Told) {
			s.Decision, s.AbstainReason, s.Blind = retrieval.Abstained, retrieval.NoEvidence, retrieval.BlindFilter
			t.Final = useful
			judged(t, feedback.Judgement{Used: feedback.Replaced})
		}, nil},
		{"what is not promised to customers is none", func(s *retrieval.Suggestion, _ *feedback.Told) {
			s.Mode, s.Decision, s.AbstainReason = retrieval.ForCustomer, retrieval.Abstained, retrieval.NotCalibrated
		}, nil},
		{"what is good enough for an operator is none", func(s *retrieval.Suggestion, _ *feedback.Told) {
			s.Mode, s.Decision, s.AbstainReason, s.Confidence = retrieval.ForCustomer, retrieval.Abstained, retrieval.LowConfidence, 0.7
		}, nil},
		{"what is covered and cannot be quoted is none", func(s *retrieval.Suggestion, _ *feedback.Told) {
			s.Decision, s.AbstainReason, s.Confidence = retrieval.Abstained, retrieval.LowConfidence, 0.99
		}, nil},
		{"what an operator had to write though it is covered", func(s *retrieval.Suggestion, t *feedback.Told) {
			s.Decision, s.AbstainReason, s.Confidence = retrieval.Abstained, retrieval.LowConfidence, 0.99
			t.Final = useful
			judged(t, feedback.Judgement{Used: feedback.Replaced})
		}, []gap.Sign{gap.NoSource}},
		{"the reply resembles another article in one of two sentences", func(_ *retrieval.Suggestion, t *feedback.Told) {
			t.Final = useful
			judged(t, feedback.Judgement{Used: feedback.Changed, Distance: 0.4, ResolvedWith: "b", Credits: []feedback.Credit{{SourceID: "b", Article: "b", Share: 0.5}}})
		}, []gap.Sign{gap.NoSource}},
		{"what is good enough for nobody", func(s *retrieval.Suggestion, _ *feedback.Told) {
			s.Mode, s.Decision, s.AbstainReason, s.Confidence = retrieval.ForCustomer, retrieval.Abstained, retrieval.LowConfidence, 0.2
		}, []gap.Sign{gap.Abstained}},
		{"a rejection", func(_ *retrieval.Suggestion, t *feedback.Told) {
			judged(t, feedback.Judgement{Used: feedback.Refused, Reason: feedback.Wrong})
		}, []gap.Sign{gap.Rejected}},
		{"a rejection of the tone is none", func(_ *retrieval.Suggestion, t *feedback.Told) {
			judged(t, feedback.Judgement{Used: feedback.Refused, Reason: feedback.WrongTone})
		}, nil},
		{"a ticket that needed no answer is none", func(s *retrieval.Suggestion, t *feedback.Told) {
			s.Decision, s.AbstainReason = retrieval.Abstained, retrieval.NoEvidence
			judged(t, feedback.Judgement{Used: feedback.Refused, Reason: feedback.NotNeeded})
		}, nil},
		{"something else was written", func(_ *retrieval.Suggestion, t *feedback.Told) {
			t.Final = useful
			judged(t, feedback.Judgement{Used: feedback.Replaced, Distance: 1})
		}, []gap.Sign{gap.Rewritten, gap.NoSource}},
		{"thanks rest on no article and are none", func(s *retrieval.Suggestion, t *feedback.Told) {
			t.Final = "Thank you!"
			judged(t, feedback.Judgement{Used: feedback.Changed, Distance: 0.5})
		}, nil},
		{"the reply rests on another article", func(_ *retrieval.Suggestion, t *feedback.Told) {
			t.Final = useful
			judged(t, feedback.Judgement{Used: feedback.Changed, Distance: 0.4, ResolvedWith: "b", Credits: []feedback.Credit{{SourceID: "b", Article: "b", Share: 0.8}}})
		}, []gap.Sign{gap.Rewritten}},
		{"the reply resembles another article in part", func(_ *retrieval.Suggestion, t *feedback.Told) {
			t.Final = useful
			judged(t, feedback.Judgement{Used: feedback.Changed, Distance: 0.4, ResolvedWith: "b", Credits: []feedback.Credit{{SourceID: "b", Article: "b", Share: 0.4}}})
		}, []gap.Sign{gap.NoSource}},
		{"a note is not a reply", func(s *retrieval.Suggestion, t *feedback.Told) {
			t.Final = useful
			judged(t, feedback.Judgement{Used: feedback.Changed, Distance: 0.5, Outcome: feedback.Outcome{Private: true}})
		}, nil},
		{"votes", func(_ *retrieval.Suggestion, t *feedback.Told) {
			t.Votes = map[string]map[string]string{"a": {"ann": feedback.Outdated, "bob": feedback.Relevant}, "b": {"ann": feedback.Incorrect}}
			judged(t, feedback.Judgement{})
		}, []gap.Sign{gap.SourceOutdated, gap.SourceIncorrect}},
		{"missing knowledge", func(_ *retrieval.Suggestion, t *feedback.Told) { judged(t, feedback.Judgement{Missing: true}) }, []gap.Sign{gap.Missing}},
		{"the customer came back", func(_ *retrieval.Suggestion, t *feedback.Told) {
			t.Final = useful
			judged(t, feedback.Judgement{Used: feedback.Unchanged, ResolvedWith: "a", Outcome: feedback.Outcome{Status: feedback.ReopenedStatus}})
		}, []gap.Sign{gap.ReopenedTicket}},
		{"a bad rating", func(_ *retrieval.Suggestion, t *feedback.Told) { judged(t, feedback.Judgement{Rating: 0.1}) }, []gap.Sign{gap.Rejected}},
	} {
		f, ok := failureOf(drawnUp(tt.change), 0.35)
		if ok != (tt.want != nil) || !slices.Equal(f.Signs, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, f.Signs, tt.want)
		}
	}
}

func TestWhatIsToldLaterChangesAFailureOrTakesItBack(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		b := newBureau(t, db)
		collect := func(want int) {
			t.Helper()
			if n, err := b.learner.collect(t.Context(), "shop"); err != nil || n != want {
				t.Errorf("%d failures have changed, %v, want %d", n, err, want)
			}
		}
		s := b.asks("rose", refunds()[0])
		if s.Decision != retrieval.Abstained {
			t.Fatalf("it is answered: %+v", s)
		}
		collect(1)
		collect(0)
		b.tells(&s, edited("I have no idea, but ⟦name:A⟧ will look into it for you. "+refundReply))
		collect(1)
		fs, err := b.gaps.Failures(t.Context(), time.Time{}, 10)
		if err != nil || len(fs) != 1 || fs[0].Reply == "" || !slices.Equal(fs[0].Signs, []gap.Sign{gap.Abstained, gap.NoSource}) {
			t.Fatalf("known is %+v, %v", fs, err)
		}
		b.tells(&s, feedback.Event{Kind: feedback.Rejected, Value: feedback.NotNeeded})
		collect(1)
		if fs, err := b.gaps.Failures(t.Context(), time.Time{}, 10); err != nil || len(fs) != 0 {
			t.Errorf("taken back, and left are %+v, %v", fs, err)
		}
	})
}

func TestOfOnePersonThreeFailuresADayCount(t *testing.T) {
	day := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	var fs []gap.Failure
	for i := range 10 {
		fs = append(fs, gap.Failure{SuggestionID: strconv.Itoa(i), TicketID: strconv.Itoa(i), CustomerID: "rose", Counted: true, At: day.Add(time.Duration(i*3) * time.Hour)})
	}
	fs = append(fs, gap.Failure{SuggestionID: "other", TicketID: "other", Counted: true, At: day})
	changed := capped(fs)
	var out []string
	for _, f := range changed {
		out = append(out, f.SuggestionID)
	}
	if !slices.Equal(out, []string{"3", "4", "8", "9"}) {
		t.Errorf("these do not count any more: %v", out)
	}
	if again := capped(fs); len(again) != 0 {
		t.Errorf("the second time %d change", len(again))
	}
}
