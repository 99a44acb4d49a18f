package training

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
)

func TestSuggestionsAreSortedIntoTopics(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		h := newHelpdesk(t, db)
		article := &kb.Document{ID: "couriers", Kind: kb.Article, Content: kb.Content{Title: "When couriers come", Body: "At noon.", Status: kb.Published, Audience: kb.Public}}
		if _, err := h.KB.In("shop").Put(t.Context(), article); err != nil {
			t.Fatal(err)
		}
		topics, err := topicsOf(t.Context(), nil, asked(delivery...))
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Suggestions.SetBeliefs(t.Context(), "shop", retrieval.Beliefs{Topics: topics}); err != nil {
			t.Fatal(err)
		}
		found := topics[0].ID
		js := []feedback.Judgement{
			at(0, "refunds", feedback.Refused, -1),        // the helpdesk said so
			at(1, "", feedback.Refused, -1),               // asks about a courier
			at(2, "", feedback.Refused, -1),               // asks about nothing known
			at(3, found, feedback.Refused, -1),            // nothing resolved it
			at(4, "", feedback.Unchanged, 0),              // the article resolved it
			at(5, found, feedback.Unchanged, 0),           // so here
			at(6, "t-000000000000", feedback.Refused, -1), // of a topic of which nothing was resolved
			at(7, "refunds", feedback.Changed, 0.5),       // an article resolved it, and the helpdesk knows better
		}
		for _, i := range []int{4, 5, 7} {
			js[i].ResolvedWith = "couriers"
		}
		h.judge(js)
		for id, question := range map[string]string{"s1": "The courier has not brought my parcel", "s2": "What is the weather?"} {
			s := &retrieval.Suggestion{WorkspaceID: "shop", ID: id, Decision: retrieval.Drafted, Mode: retrieval.ForOperator, Question: question, CreatedAt: opened}
			if err := h.Suggestions.Keep(t.Context(), s); err != nil {
				t.Fatal(err)
			}
		}
		r := h.report(opened.AddDate(0, 0, 10))
		var got []string
		for _, s := range r.Topics {
			got = append(got, fmt.Sprintf("%s %s %q %d", s.Kind, s.ID, s.Label, s.Encounters))
		}
		slices.Sort(got)
		want := []string{`article couriers "When couriers come" 4`, `found t-000000000000 "t-000000000000" 1`, `helpdesk refunds "refunds" 2`}
		if !slices.Equal(got, want) || r.Unsorted != 1 {
			t.Errorf("topics %q and %d unsorted, want %q and 1", got, r.Unsorted, want)
		}
		// The article was written after these tests' helpdesk opened.
		if s := r.topic(t, "couriers"); s.ArticlePublished == nil || s.FirstSeen.After(*s.ArticlePublished) {
			t.Errorf("published %v, first seen %v", s.ArticlePublished, s.FirstSeen)
		}

		// Where no article resolves most of it, a topic that was found is one.
		js[4].ResolvedWith, js[5].ResolvedWith = "", ""
		h.judgeAgain(js)
		if s := h.report(opened.AddDate(0, 0, 10)); s.topic(t, found).Label != topics[0].Label || s.topic(t, found).Encounters != 3 {
			t.Errorf("the topic that was found is %+v", s.topic(t, found))
		}
	})
}

func TestWhatIsJudgedAnewMeanwhileCountsOnceAndAsItIsNow(t *testing.T) {
	first, other, again := at(0, "x", feedback.Refused, -1), at(1, "x", feedback.Refused, -1), at(0, "x", feedback.Unchanged, 0)
	other.SuggestionID = "other"
	broken := errors.New("broken")
	for _, end := range []error{nil, broken} {
		ms, err := metsOf(func(yield func(feedback.Judgement, error) bool) {
			_ = yield(first, nil) && yield(other, nil) && yield(again, end)
		})
		if end != nil {
			if !errors.Is(err, broken) {
				t.Errorf("half of the judgements are read: %v", err)
			}
			continue
		}
		if err != nil || len(ms) != 2 || ms[0].quality != 1 || ms[1].quality != 0 {
			t.Errorf("read %+v, %v", ms, err)
		}
	}
}

func TestAnAbstentionAnsweredByHandCountsAsNoQuality(t *testing.T) {
	for _, tt := range []struct {
		name    string
		used    feedback.Use
		outcome feedback.Outcome
		told    bool
	}{
		{"something was sent", feedback.Replaced, feedback.Outcome{}, true},
		{"the ticket was resolved", feedback.Unknown, feedback.Outcome{Status: feedback.ResolvedStatus}, true},
		{"a bot has resolved it", feedback.Unknown, feedback.Outcome{Status: feedback.ResolvedStatus, Bot: true}, false},
		{"the ticket is open", feedback.Unknown, feedback.Outcome{}, false},
	} {
		j := at(0, "", tt.used, -1)
		j.Decision, j.Outcome = retrieval.Abstained, tt.outcome
		if m := metOf(&j); m.told != tt.told || m.told && m.quality != 0 || m.accepted() {
			t.Errorf("%s: told %t, quality %v", tt.name, m.told, m.quality)
		}
	}
}

func TestTeamsAndLanguagesHaveFiguresOfTheirOwn(t *testing.T) {
	h, r := newHelpdesk(t, sqldbtest.SQLite(t)), rand.New(rand.NewPCG(5, 6))
	var js []feedback.Judgement
	for i := range 12 {
		some := learned(r, fmt.Sprint("topic ", i), 40, []float64{2, 12}[i%2])
		for k := range some {
			some[k].OperatorGroup = []string{"quick", "slow"}[i%2]
			some[k].Language = "en"
			if i == 0 && k%2 == 0 {
				some[k].Language = "ru"
			}
		}
		js = append(js, some...)
	}
	h.judge(js)
	got := h.report(opened.AddDate(0, 0, 60))
	if len(got.Teams) != 2 || len(got.Languages) != 2 || got.Languages[0].Key != "en" || got.Languages[1].Encounters != 20 || got.Languages[1].Topics != 1 {
		t.Fatalf("teams %d, languages %+v", len(got.Teams), got.Languages)
	}
	team := make(map[string]GroupSpeed)
	for _, g := range got.Teams {
		team[g.Key] = g
	}
	quick, slow := team["quick"], team["slow"]
	if quick.Topics != 6 || quick.Encounters != 240 || quick.ToEncounters.Count != 6 {
		t.Errorf("the quick team has %d topics and %d encounters", quick.Topics, quick.Encounters)
	}
	if *quick.Curve.Rate.Value >= *slow.Curve.Rate.Value || *quick.ToEncounters.Median.Value >= *slow.ToEncounters.Median.Value {
		t.Errorf("the quick team's rate is %s and the slow one's %s", show(quick.Curve.Rate), show(slow.Curve.Rate))
	}
	for _, by := range []string{ByTopic, ByTeam, ByLanguage} {
		one, err := got.By(by)
		if n := len(one.Topics) + len(one.Teams) + len(one.Languages); err != nil || n != map[string]int{ByTopic: 12, ByTeam: 2, ByLanguage: 2}[by] {
			t.Errorf("by %s: %d, %v", by, n, err)
		}
	}
	if _, err := got.By("weather"); !errors.Is(err, feedback.ErrInvalid) {
		t.Errorf("by weather: %v", err)
	}
}

func TestWhatIsNotKnownIsNullInJSON(t *testing.T) {
	h := newHelpdesk(t, sqldbtest.SQLite(t))
	for name, js := range map[string][]feedback.Judgement{
		"nothing": nil, "only a rating": six()[:1], "one encounter": six()[:2], "never": never40(), "some": six(),
		"edited by nobody knows how much": {at(0, "x", feedback.Changed, -1)},
	} {
		h.judgeAgain(js)
		r := h.report(opened.AddDate(0, 0, 60))
		b, err := json.Marshal(r)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if name == "nothing" || name == "only a rating" {
			if r.Encounters != 0 || !strings.Contains(string(b), `"topics":[]`) {
				t.Errorf("%s: %s", name, b)
			}
		} else if len(r.Topics) != 1 || r.Topics[0].Encounters == 0 {
			t.Errorf("%s: %s", name, b)
		}
	}
}

func TestTheJobKeepsAReportOfEachWorkspace(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		h := newHelpdesk(t, db)
		h.create("bank")
		h.judge(six())
		now := time.Now().UTC().Truncate(time.Microsecond)
		l := &Learner{KB: h.KB, Suggestions: h.Suggestions, Feedback: h.Feedback, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return now }}
		note, err := l.KeepProgress(db)(t.Context())
		if err != nil || note != "1 with nothing yet, 1 reported" {
			t.Fatalf("note %q, %v", note, err)
		}
		h.judgeAgain(never40()) // nobody sees it until the job runs again
		later := now.Add(time.Hour)
		kept, err := LatestProgress(t.Context(), h.Desk, db, later)
		if err != nil || !kept.ComputedAt.Equal(now) || kept.Encounters != 5 || kept.Topics[0].ID != "refunds" {
			t.Errorf("kept %+v, %v", kept, err)
		}
		bank := h.Desk
		bank.Workspace = "bank"
		if r, err := LatestProgress(t.Context(), bank, db, later); err != nil || r.Judgements != 0 || !r.ComputedAt.Equal(now) {
			t.Errorf("of the bank %+v, %v", r, err)
		}
		if r, err := LatestProgress(t.Context(), h.Desk, nil, later); err != nil || r.Encounters != 40 || !r.ComputedAt.Equal(later) {
			t.Errorf("on the spot %+v, %v", r, err)
		}
		// Another workspace under the same id has nothing of the first one's.
		if err := h.KB.Remove(t.Context(), "shop"); err != nil {
			t.Fatal(err)
		}
		h.create("shop")
		if r, err := LatestProgress(t.Context(), h.Desk, db, later); err != nil || r.Judgements != 0 {
			t.Errorf("a new workspace has the report of the old one: %+v, %v", r, err)
		}
		if _, err := LatestProgress(t.Context(), Desk{KB: h.KB, Suggestions: h.Suggestions, Feedback: h.Feedback, Workspace: "nobody"}, db, later); !errors.Is(err, kb.ErrNotFound) {
			t.Errorf("of a workspace that is not there: %v", err)
		}
	})
}

func TestTopicsWithoutEndAreBoundedAndSaid(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation: make test runs it in full, without the race detector")
	}
	h := newHelpdesk(t, sqldbtest.SQLite(t))
	js := make([]feedback.Judgement, fittedTopics+7)
	for i := range js {
		js[i] = at(float64(i)/1000, fmt.Sprint("ticket ", i), feedback.Unchanged, 0)
	}
	h.judge(js)
	r := h.report(opened.AddDate(0, 0, 10))
	if r.LeftOut != 7 || r.Whole.Topics != fittedTopics || len(r.Topics) != listedTopics || r.Encounters != len(js) {
		t.Errorf("%d left out, %d looked at, %d listed of %d encounters", r.LeftOut, r.Whole.Topics, len(r.Topics), r.Encounters)
	}
}

// BenchmarkProgress works out the report of 100,000 judgements of 500 topics.
func BenchmarkProgress(b *testing.B) {
	h, r := newHelpdesk(b, sqldbtest.SQLite(b)), rand.New(rand.NewPCG(7, 8))
	var js []feedback.Judgement
	for i := range 500 {
		some := learned(r, fmt.Sprint("topic ", i), 200, 8)
		for k := range some {
			some[k].OperatorGroup = fmt.Sprint("team ", k%20)
		}
		js = append(js, some...)
	}
	h.judge(js)
	b.ResetTimer()
	for b.Loop() {
		if got := h.report(opened.AddDate(1, 0, 0)); got.Encounters != len(js) || len(got.Teams) != 20 {
			b.Fatalf("%d encounters", got.Encounters)
		}
	}
}
