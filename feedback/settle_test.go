package feedback

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// offeredBy are the sources of the suggestion and one that was not shown.
func offeredBy(s *retrieval.Suggestion) []Offered {
	var out []Offered
	for i, c := range s.Sources {
		o := Offered{ID: c.ID, Kind: c.Kind, Article: c.ID, Place: i + 1, Title: c.Title, Text: c.Quote, Cited: i == 0}
		if c.Kind == kb.Case {
			o.Article = "warranty"
		}
		out = append(out, o)
	}
	return append(out, Offered{ID: "elsewhere", Kind: kb.Article, Article: "elsewhere", Title: "Shops"})
}

// settled is the judgement of a suggestion about which nothing but es was told
// and whose texts gave the credits.
func settled(credits []Credit, es ...Event) Judgement {
	s := suggested()
	return fold(s, series(es...)).settle(s, offeredBy(s), credits)
}

// creditOf returns the credit of one source; nil: none was given.
func creditOf(j Judgement, source string) *Credit {
	for i := range j.Credits {
		if j.Credits[i].SourceID == source {
			return &j.Credits[i]
		}
	}
	return nil
}

func TestEvidenceWithoutTexts(t *testing.T) {
	shown := Event{Kind: Displayed, Shown: []string{"returns", "refunds", "c1"}}
	vote := func(source, value, operator string) Event {
		return Event{Kind: Voted, SourceID: source, Value: value, OperatorID: operator}
	}
	for _, tt := range []struct {
		name   string
		es     []Event
		source string
		amount float64 // NaN: there must be no credit
		why    string
	}{
		{"a vote for a source", []Event{vote("refunds", Relevant, "anna")}, "refunds", .6, "Voted relevant by 1"},
		{"a down-vote of a source that nobody voted on", []Event{vote("refunds", Irrelevant, "anna")}, "refunds", -.6, "Voted irrelevant by 1"},
		{"a down-vote of a source that was not shown", []Event{vote("elsewhere", Outdated, "anna")}, "elsewhere", -.8, "Voted outdated by 1"},
		{"a vote on what does not exist", []Event{vote("nothing", Relevant, "anna")}, "nothing", math.NaN(), ""},
		{"a vote says nothing of other sources", []Event{vote("refunds", Irrelevant, "anna")}, "returns", math.NaN(), ""},
		{"operators who disagree", []Event{vote("refunds", Relevant, "anna"), vote("refunds", Irrelevant, "boris")}, "refunds", 0, "relevant by 1, irrelevant by 1"},
		{"one operator who votes twice", []Event{vote("refunds", Relevant, "anna"), vote("refunds", Incorrect, "anna")}, "refunds", -.8, "incorrect by 1"},
		{"a hundred votes are no more than one", []Event{vote("refunds", Relevant, "anna"), vote("refunds", Relevant, "b"), vote("refunds", Relevant, "c")}, "refunds", .6, "relevant by 3"},
		{"a rejection as wrong", []Event{{Kind: Rejected, Value: Wrong}}, "returns", -.5, "rejected: wrong"},
		{"a rejection blames what is cited", []Event{{Kind: Rejected, Value: Wrong}}, "refunds", math.NaN(), ""},
		{"a rejection of the tone", []Event{{Kind: Rejected, Value: WrongTone}}, "returns", math.NaN(), ""},
		{"a bad rating", []Event{{Kind: Rated, Score: 0}}, "returns", -.4, "rated 0.00"},
		{"a good rating", []Event{{Kind: Rated, Score: 1}}, "returns", .4, "rated 1.00"},
		{"an opened source", []Event{shown, {Kind: Opened, SourceID: "c1"}}, "c1", .05, "opened"},
		{"an opened source where it is not known what was shown", []Event{{Kind: Opened, SourceID: "c1"}}, "c1", math.NaN(), ""},
		{"a source opened and copied", []Event{shown, {Kind: Opened, SourceID: "c1"}, {Kind: Copied, SourceID: "c1"}}, "c1", .2, "opened. It was copied"},
		{"a copied draft", []Event{shown, {Kind: Copied}}, "returns", .15, "draft that rests on it was copied"},
		{"a copied draft that is then rejected", []Event{shown, {Kind: Copied}, {Kind: Rejected, Value: Wrong}}, "returns", -.5, "rejected"},
	} {
		j := settled(nil, tt.es...)
		c := creditOf(j, tt.source)
		switch {
		case c == nil && math.IsNaN(tt.amount):
		case c == nil || math.Abs(c.Amount-tt.amount) > 1e-9 || !strings.Contains(c.Why, tt.why):
			t.Errorf("%s: %+v, want %v and %q", tt.name, c, tt.amount, tt.why)
		}
	}
}

func TestVotesAddToWhatTheTextsSay(t *testing.T) {
	kept := Credit{SourceID: "returns", Kind: kb.Article, Article: "returns", Place: 1, Verdict: Kept, Share: .9, Amount: .7, Why: "All of it was sent."}
	j := settled([]Credit{kept}, Event{Kind: Sent}, Event{Kind: Voted, SourceID: "returns", Value: Relevant}, Event{Kind: Voted, SourceID: "elsewhere", Value: Relevant},
		Event{Kind: Voted, SourceID: "refunds", Value: Incorrect}, Event{Kind: Opened, SourceID: "c1"}, Event{Kind: Displayed}, Event{Kind: Rated})
	if c := creditOf(j, "returns"); c.Amount != 1 || c.Why != "All of it was sent. Voted relevant by 1." || c.Verdict != Kept {
		t.Errorf("kept and voted for: %+v", c)
	}
	var ids []string
	for _, c := range j.Credits {
		ids = append(ids, c.SourceID)
	}
	if got, want := strings.Join(ids, " "), "returns refunds elsewhere"; got != want {
		t.Errorf("credits of %s, want %s: in order of place, without weak evidence where the texts say more", got, want)
	}
}

func TestAVoteIsItsVotersAndNotTheJudges(t *testing.T) {
	kept := Credit{SourceID: "returns", Kind: kb.Article, Article: "returns", Place: 1, Verdict: Kept, Share: .9, Amount: .7, Why: "All of it was sent."}
	j := settled([]Credit{kept}, Event{Kind: Sent}, Event{Kind: Voted, SourceID: "returns", Value: Incorrect, OperatorID: "evil"},
		Event{Kind: Voted, SourceID: "returns", Value: Relevant, OperatorID: "vera"})
	c := creditOf(j, "returns")
	want := []Vote{{OperatorID: "evil", Amount: -.8}, {OperatorID: "vera", Amount: .6}}
	if j.OperatorID != "anna" || c.Base != .7 || math.Abs(c.Amount-.6) > 1e-9 || !slices.Equal(c.Votes, want) {
		t.Errorf("%s judged: %+v", j.OperatorID, c)
	}
	parts := c.Parts("anna")
	if len(parts) != 3 || parts[0].Amount != .7 || parts[1].Amount != -.4 || parts[2].Amount != .3 {
		t.Errorf("the credit falls into %+v", parts)
	}
	j = settled(nil, Event{Kind: Rated, Score: 0, OperatorID: "evil"}, Event{Kind: Rated, Score: 1})
	want = []Vote{{OperatorID: "anna", Amount: .4, Rated: true}, {OperatorID: "evil", Amount: -.4, Rated: true}}
	if c := creditOf(j, "returns"); c.Base != 0 || c.Amount != 0 || !slices.Equal(c.Votes, want) {
		t.Errorf("ratings give %+v", c)
	}
}

func TestWhatATicketWasResolvedWith(t *testing.T) {
	credit := func(source, article string, v Verdict, share float64) Credit {
		return Credit{SourceID: source, Article: article, Verdict: v, Share: share}
	}
	relevant := Event{Kind: Voted, SourceID: "refunds", Value: Relevant, OperatorID: "boris"}
	for _, tt := range []struct {
		name    string
		credits []Credit
		es      []Event
		want    string
	}{
		{"nothing known", nil, nil, ""},
		{"most of the reply", []Credit{credit("returns", "returns", Kept, .3), credit("elsewhere", "elsewhere", BroughtIn, .6)}, []Event{{Kind: Edited, Text: "x"}}, "elsewhere"},
		{"a case is its article", []Credit{credit("c1", "warranty", BroughtIn, .6)}, []Event{{Kind: Edited, Text: "x"}}, "warranty"},
		{"too small a share", []Credit{credit("returns", "returns", Kept, .2)}, []Event{{Kind: Edited, Text: "x"}}, ""},
		{"what was dropped", []Credit{credit("returns", "returns", Dropped, 1)}, []Event{{Kind: Edited, Text: "x"}}, ""},
		{"the text outdoes a vote", []Credit{credit("returns", "returns", Kept, .9)}, []Event{{Kind: Sent}, relevant}, "returns"},
		{"a vote where the text says nothing", nil, []Event{{Kind: Edited, Text: "x"}, relevant}, "refunds"},
		{"votes that disagree", nil, []Event{relevant, {Kind: Voted, SourceID: "refunds", Value: Irrelevant}}, ""},
		{"a copied source", nil, []Event{{Kind: Copied, SourceID: "c1"}}, "warranty"},
		{"a copied source that is shown", nil, []Event{{Kind: Displayed}, {Kind: Copied, SourceID: "c1"}}, "warranty"},
		{"a draft rated well", nil, []Event{{Kind: Rated, Score: 1}}, "returns"},
		{"a draft rated four of five", nil, []Event{{Kind: Rated, Score: .75}}, "returns"},
		{"a draft rated so and so", nil, []Event{{Kind: Rated, Score: .5}}, ""},
		{"a draft rated badly", nil, []Event{{Kind: Rated, Score: 0}}, ""},
		{"a draft rated well by one and badly by another", nil, []Event{{Kind: Rated, Score: 1}, {Kind: Rated, Score: 0, OperatorID: "boris"}}, ""},
		{"a draft rated well whose source was voted down", nil, []Event{{Kind: Rated, Score: 1}, {Kind: Voted, SourceID: "returns", Value: Outdated}}, ""},
		{"a draft rated well and rewritten all the same", nil, []Event{{Kind: Rated, Score: 1}, {Kind: Edited, Text: rewritten}}, ""},
		{"a vote outdoes a rating", nil, []Event{{Kind: Rated, Score: 1}, relevant}, "refunds"},
		{"a vote outdoes a copy", nil, []Event{{Kind: Displayed}, {Kind: Copied, SourceID: "returns"}, relevant}, "refunds"},
	} {
		if got := settled(tt.credits, tt.es...).ResolvedWith; got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestPraiseOfADraftOfTwoArticlesNamesNeither(t *testing.T) {
	s := suggested()
	rests := func(second string) string {
		offered := offeredBy(s)
		for i := range offered {
			offered[i].Cited = offered[i].Cited || offered[i].ID == second
		}
		if second == "c1" {
			offered[2].Article = "returns" // a case of the article
		}
		return fold(s, series(Event{Kind: Rated, Score: 1})).settle(s, offered, nil).ResolvedWith
	}
	if got := rests("refunds"); got != "" {
		t.Errorf("a draft of two articles was resolved with %q", got)
	}
	if got := rests("c1"); got != "returns" {
		t.Errorf("a draft of an article and its case was resolved with %q", got)
	}
	s.Decision = retrieval.Abstained
	if got := rests("returns"); got != "" {
		t.Errorf("where there was no draft, praise names %q", got)
	}
}

func TestADraftOfWhichNothingIsLeftIsReplaced(t *testing.T) {
	away := Event{Kind: Edited, Text: "Dear customer, please find our other shop around the corner, where somebody helps."}
	if j := settled(nil, away); j.Used != Replaced {
		t.Errorf("%q at distance %v, want replaced", j.Used, j.Distance)
	}
	kept := Credit{SourceID: "returns", Verdict: Kept, Share: .3, Amount: .4}
	if j := settled([]Credit{kept}, away); j.Used != Changed {
		t.Errorf("%q though a source was kept, want edited", j.Used)
	}
	if j := settled(nil, Event{Kind: Edited, Text: drafted + " Bye."}); j.Used != Changed {
		t.Errorf("%q at distance %v, want edited", j.Used, j.Distance)
	}
}

func TestWithoutADraftTheFirstSourceIsJudged(t *testing.T) {
	s := suggested()
	s.Decision = retrieval.Abstained
	j := fold(s, series(Event{Kind: Rated, Score: 0})).settle(s, offeredBy(s), nil)
	if c := creditOf(j, "returns"); c == nil || c.Amount != -.4 || len(j.Credits) != 1 {
		t.Errorf("credits %+v", j.Credits)
	}
}
