package feedback

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

var morning = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

const drafted = "Send the kettle back within 14 days of delivery. We pay for the parcel."

// suggested is a suggestion made for anna in the morning, whose draft rests on
// the first of its three sources.
func suggested() *retrieval.Suggestion {
	return &retrieval.Suggestion{
		ID: "s", OperatorID: "anna", OperatorGroup: "phones", Decision: retrieval.Drafted, CreatedAt: morning, Topic: "returns",
		Answer: retrieval.Answer{Text: drafted + " [1]", Citations: []retrieval.Citation{{Marker: 1, SourceID: "returns", End: len(drafted)}}},
		Sources: []retrieval.Cited{
			{ID: "returns", Kind: kb.Article, Title: "Returns", Quote: drafted},
			{ID: "refunds", Kind: kb.Article, Title: "Refunds", Quote: "The money is back in 5 days."},
			{ID: "c1", Kind: kb.Case, Title: "Broken kettle", Quote: "We sent a new one."},
		},
	}
}

// series is what happened one minute after the other, done by anna where nobody
// else is named.
func series(es ...Event) []Event {
	for i := range es {
		e := &es[i]
		if e.ID == "" {
			e.ID = fmt.Sprint("e", i)
		}
		if e.OperatorID == "" {
			e.OperatorID = "anna"
		}
		if e.At.IsZero() {
			e.At = morning.Add(time.Duration(i+1) * time.Minute)
		}
		e.SuggestionID, e.Seq = "s", int64(i+1)
	}
	return es
}

const rewritten = "Dear customer, please find the new shop around the corner, where somebody helps."

func TestWhatWasDoneWithADraft(t *testing.T) {
	sent, copied := Event{Kind: Sent}, Event{Kind: Copied}
	edited := Event{Kind: Edited, Text: drafted + " Thank you."}
	wrong := Event{Kind: Rejected, Value: Wrong}
	for _, tt := range []struct {
		name  string
		es    []Event
		used  Use
		final string
	}{
		{"nothing told", nil, Unknown, ""},
		{"copied only", []Event{copied}, Unknown, ""},
		{"sent", []Event{sent}, Unchanged, drafted},
		{"edited", []Event{edited}, Changed, edited.Text},
		{"sent, then edited", []Event{sent, edited}, Changed, edited.Text},
		{"edited, then the tool says sent", []Event{edited, sent}, Changed, edited.Text},
		{"edited twice", []Event{{Kind: Edited, Text: "a b c"}, edited}, Changed, edited.Text},
		{"edited without a change", []Event{{Kind: Edited, Text: drafted}}, Unchanged, drafted},
		{"rejected", []Event{wrong}, Refused, ""},
		{"sent, then rejected", []Event{sent, wrong}, Refused, ""},
		{"edited, then rejected", []Event{edited, wrong}, Refused, edited.Text},
		{"rejected, then sent", []Event{wrong, sent}, Unchanged, drafted},
		{"rejected, then another text was sent", []Event{wrong, edited}, Changed, edited.Text},
		{"edited, rejected, then sent", []Event{edited, wrong, sent}, Unchanged, drafted},
		{"a correction", []Event{sent, {Kind: Edited, Text: edited.Text, Supersedes: "e0"}}, Changed, edited.Text},
		{"a correction that takes back an edit", []Event{edited, {Kind: Sent, Supersedes: "e0"}}, Unchanged, drafted},
		{"a corrected correction", []Event{edited, {Kind: Sent, Supersedes: "e0"}, {Kind: Rejected, Value: Other, Supersedes: "e1"}}, Refused, ""},
		{"a correction of what has not arrived", []Event{{Kind: Sent, Supersedes: "lost"}}, Unchanged, drafted},
	} {
		f := fold(suggested(), series(tt.es...))
		if f.Used != tt.used || f.final != tt.final {
			t.Errorf("%s: %q, final %q; want %q, %q", tt.name, f.Used, f.final, tt.used, tt.final)
		}
	}
}

func TestDistanceIsKnownWhereBothTextsAre(t *testing.T) {
	for _, tt := range []struct {
		name      string
		e         Event
		low, high float64
	}{
		{"sent", Event{Kind: Sent}, 0, 0},
		{"edited", Event{Kind: Edited, Text: drafted + " Thank you."}, 0.05, 0.3},
		{"rewritten", Event{Kind: Edited, Text: rewritten}, 0.8, 1},
		{"rejected", Event{Kind: Rejected, Value: Wrong}, -1, -1},
		{"rated", Event{Kind: Rated, Score: 1}, -1, -1},
	} {
		if d := fold(suggested(), series(tt.e)).Distance; d < tt.low || d > tt.high {
			t.Errorf("%s: distance %v, want %v to %v", tt.name, d, tt.low, tt.high)
		}
	}
}

func TestWithoutADraft(t *testing.T) {
	s := suggested()
	s.Decision = retrieval.Abstained // though a draft that was not good enough is kept
	if f := fold(s, series(Event{Kind: Sent})); f.Used != Unknown || f.final != "" {
		t.Errorf("what was not drafted was sent: %+v", f.Judgement)
	}
	if f := fold(s, series(Event{Kind: Edited, Text: drafted})); f.Used != Replaced || f.final != drafted || f.Distance != -1 {
		t.Errorf("an operator's reply in place of none: %+v", f.Judgement)
	}
}

func TestTheLatestOfEachOperatorCounts(t *testing.T) {
	f := fold(suggested(), series(
		Event{Kind: Rated, Score: 0}, Event{Kind: Rated, Score: 1}, Event{Kind: Rated, Score: 0.5, OperatorID: "boris"},
		Event{Kind: Voted, SourceID: "returns", Value: Relevant}, Event{Kind: Voted, SourceID: "returns", Value: Outdated},
	))
	if f.Rating != 0.75 {
		t.Errorf("rating %v, want .75", f.Rating)
	}
	if got := f.votes["returns"]["anna"]; got != Outdated {
		t.Errorf("vote %q, want the later one", got)
	}
	if f := fold(suggested(), nil); f.Rating != -1 || f.Shown != nil {
		t.Errorf("nothing told: rating %v, shown %v", f.Rating, f.Shown)
	}
}

func TestOutcomesFillEachOtherIn(t *testing.T) {
	nps, seconds := 9, 60.0
	f := fold(suggested(), series(
		Event{Kind: Resulted, Outcome: &Outcome{Status: ReopenedStatus}, At: morning.Add(time.Hour)}, // arrives first
		Event{Kind: Resulted, Outcome: &Outcome{Status: ResolvedStatus, Satisfaction: 4, Bot: true}},
		Event{Kind: Resulted, Outcome: &Outcome{NPS: &nps}},
		Event{Kind: Resulted, Outcome: &Outcome{Handling: &seconds}},
	))
	want := Outcome{Status: ReopenedStatus, Satisfaction: 4, NPS: &nps, Handling: &seconds, Bot: true}
	if !reflect.DeepEqual(f.Outcome, want) {
		t.Errorf("outcome %+v, want %+v", f.Outcome, want)
	}
	if f.At != morning.Add(time.Hour) || f.Seq != 4 {
		t.Errorf("judged at %v, seq %d", f.At, f.Seq)
	}
}

func TestWhoJudgedAndWhatTheySaw(t *testing.T) {
	f := fold(suggested(), series(
		Event{Kind: Displayed, Shown: []string{"refunds", "returns"}, OperatorID: "boris"},
		Event{Kind: Displayed, Shown: []string{"returns"}, OperatorID: "vera"},
		Event{Kind: Sent, OperatorID: "boris"},
		Event{Kind: Rated, Score: 1, OperatorID: "vera"},
	))
	if f.OperatorID != "boris" || fmt.Sprint(f.Shown) != "[refunds returns]" {
		t.Errorf("%s judged and saw %v", f.OperatorID, f.Shown)
	}
	f = fold(suggested(), series(Event{Kind: Displayed, OperatorID: "vera"}, Event{Kind: Missing, Text: "how"}))
	if f.OperatorID != "anna" || f.Shown == nil || len(f.Shown) != 0 || !f.Missing {
		t.Errorf("%s judged and saw %#v, missing %v", f.OperatorID, f.Shown, f.Missing)
	}
	if f := fold(suggested(), series(Event{Kind: Voted, SourceID: "returns", Value: Relevant, OperatorID: "vera"})); f.OperatorID != "vera" {
		t.Errorf("%s judged, want who voted", f.OperatorID)
	}
}

func TestWhatOthersOpenedAndCopiedIsNotTheJudges(t *testing.T) {
	f := fold(suggested(), series(
		Event{Kind: Copied, SourceID: "refunds", OperatorID: "boris"}, Event{Kind: Opened, SourceID: "c1", OperatorID: "boris"},
		Event{Kind: Copied, SourceID: "returns"}, Event{Kind: Sent},
	))
	if len(f.opened) != 0 || len(f.copied) != 1 || !f.copied["returns"] {
		t.Errorf("opened are %v and copied %v, want what anna did", f.opened, f.copied)
	}
	if f := fold(suggested(), series(Event{Kind: Copied, SourceID: "refunds", OperatorID: "boris"})); f.OperatorID != "boris" || !f.copied["refunds"] {
		t.Errorf("%s judged, want who copied", f.OperatorID)
	}
}

func TestMarkersAreTakenOut(t *testing.T) {
	a := retrieval.Answer{Text: "Press [5] twice. [1] Then wait [1][2].", Citations: []retrieval.Citation{{Marker: 1}, {Marker: 2}}}
	if got, want := unmarked(&a), "Press [5] twice. Then wait."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Whatever was told, in whatever order it arrives and however often: the
// judgement is the same.
func TestOrderAndRepetitionDoNotMatter(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	sources := []string{"returns", "refunds", "c1", "elsewhere"}
	offered := []Offered{{ID: "returns", Kind: kb.Article, Article: "returns", Place: 1, Text: drafted, Cited: true}, {ID: "refunds", Kind: kb.Article, Article: "refunds", Place: 2}, {ID: "c1", Kind: kb.Case, Article: "returns", Place: 3}, {ID: "elsewhere", Kind: kb.Article, Article: "elsewhere"}}
	kinds := make(map[Use]int)
	for range 2000 {
		es := make([]Event, 1+rng.IntN(9))
		for i := range es {
			es[i] = anyEvent(rng, i, sources)
		}
		es = series(es...)
		for i := range es {
			es[i].At = morning.Add(time.Duration(rng.IntN(4)) * time.Minute) // some at the same time
		}
		f := fold(suggested(), es)
		want := f.settle(suggested(), offered, CreditsOf(&Reply{Draft: f.draft, Final: f.final, Offered: offered}))
		kinds[want.Used]++
		mixed := append([]Event(nil), es...)
		for range rng.IntN(4) {
			mixed = append(mixed, es[rng.IntN(len(es))])
		}
		rng.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		f = fold(suggested(), mixed)
		got := f.settle(suggested(), offered, CreditsOf(&Reply{Draft: f.draft, Final: f.final, Offered: offered}))
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v\ncome to\n%+v\nand in another order\n%+v\nto\n%+v", es, want, mixed, got)
		}
	}
	for _, u := range []Use{Unknown, Unchanged, Changed, Refused} {
		if kinds[u] < 20 {
			t.Errorf("only %d of the judgements are %q", kinds[u], u)
		}
	}
}

func anyEvent(rng *rand.Rand, i int, sources []string) Event {
	source := sources[rng.IntN(len(sources))]
	e := []Event{
		{Kind: Displayed, Shown: sources[:rng.IntN(3)]},
		{Kind: Opened, SourceID: source},
		{Kind: Copied, SourceID: []string{"", source}[rng.IntN(2)]},
		{Kind: Sent},
		{Kind: Edited, Text: []string{drafted + " Bye.", rewritten}[rng.IntN(2)]},
		{Kind: Rejected, Value: rejectionReasons()[rng.IntN(6)]},
		{Kind: Rated, Score: float64(rng.IntN(5)) / 4},
		{Kind: Voted, SourceID: source, Value: sourceVotes()[rng.IntN(4)]},
		{Kind: Missing, Text: "more"},
		{Kind: Resulted, Outcome: &Outcome{Status: []string{ResolvedStatus, ReopenedStatus}[rng.IntN(2)], Satisfaction: rng.IntN(6)}},
	}[rng.IntN(10)]
	e.OperatorID = []string{"anna", "boris", "vera"}[rng.IntN(3)]
	if rng.IntN(4) == 0 {
		e.Supersedes = fmt.Sprint("e", (i+1+rng.IntN(5))%9) // earlier, later or not there
	}
	return e
}
