package training

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// opened is when the helpdesk of these tests saw its first ticket.
var opened = time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)

// A helpdesk is a workspace with judgements.
type helpdesk struct {
	t  testing.TB
	db *gorm.DB
	Desk
}

func newHelpdesk(t testing.TB, db *gorm.DB) *helpdesk {
	t.Helper()
	h := &helpdesk{t, db, Desk{KB: kb.New(db), Suggestions: retrieval.NewStore(db), Feedback: feedback.NewStore(db, nil), Workspace: "shop"}}
	h.create("shop")
	return h
}

func (h *helpdesk) create(workspace string) {
	h.t.Helper()
	if _, err := h.KB.Create(h.t.Context(), workspace, workspace); err != nil {
		h.t.Fatal(err)
	}
}

// judge stores judgements, the first as s0.
func (h *helpdesk) judge(js []feedback.Judgement) {
	h.t.Helper()
	for i := range js {
		js[i].SuggestionID, js[i].Seq = fmt.Sprint("s", i), int64(i+1)
	}
	if err := h.Feedback.In(h.Workspace).PutJudgements(h.t.Context(), js); err != nil {
		h.t.Fatal(err)
	}
}

func (h *helpdesk) report(now time.Time) Report {
	h.t.Helper()
	r, err := Progress(h.t.Context(), h.Desk, now)
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

// at is a judgement of a draft on the day since the helpdesk opened.
func at(day float64, topic string, use feedback.Use, distance float64) feedback.Judgement {
	when := opened.Add(time.Duration(day * float64(24*time.Hour)))
	return feedback.Judgement{
		Decision: retrieval.Drafted, Topic: topic, Language: "en", OperatorGroup: "day", Used: use, Distance: distance,
		Rating: -1, SuggestedAt: when, At: when,
	}
}

// learned is encounters with a topic whose drafts get better: what is edited of
// them fades from first to the rest with the given rate.
func learned(r *rand.Rand, topic string, n int, rate float64) []feedback.Judgement {
	js := make([]feedback.Judgement, n)
	for i := range js {
		y := 0.9 - 0.7*math.Exp(-float64(i)/rate)
		use, distance := feedback.Refused, -1.0
		if r.Float64() < y {
			use, distance = feedback.Unchanged, 0
			if r.Float64() < 0.3 {
				use, distance = feedback.Changed, 0.1
			}
		}
		js[i] = at(float64(i), topic, use, distance)
	}
	return js
}

func never40() []feedback.Judgement {
	js := make([]feedback.Judgement, 40)
	for i := range js {
		js[i] = at(float64(i), "hopeless", feedback.Replaced, 1)
	}
	return js
}

func (r *Report) topic(t *testing.T, id string) *TopicSpeed {
	t.Helper()
	i := slices.IndexFunc(r.Topics, func(s TopicSpeed) bool { return s.ID == id })
	if i < 0 {
		t.Fatalf("there is no topic %q", id)
	}
	return &r.Topics[i]
}

func TestATopicThatIsNeverLearnedIsCensoredAndNotDropped(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation: make test runs it in full, without the race detector")
	}
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		h, r := newHelpdesk(t, db), rand.New(rand.NewPCG(1, 2))
		var js []feedback.Judgement
		for i := range 12 {
			js = append(js, learned(r, fmt.Sprint("topic ", i), 60, 6)...)
		}
		h.judge(append(js, never40()...))
		got := h.report(opened.AddDate(0, 0, 90))

		if s := got.Topics[0]; s.ID != "hopeless" || s.Reached || s.Proficient != nil || s.FirstAccepted != nil || s.Unchanged.Count != 0 {
			t.Errorf("the slowest topic is %+v", s)
		}
		w := got.Whole
		if w.Topics != 13 || w.ToEncounters.Count != 13 || w.ToEncounters.Censored < 1 || w.ToEncounters.Ended+w.ToEncounters.Censored != 13 || w.ToDays.Count != 13 {
			t.Errorf("of %d topics %+v are counted", w.Topics, w.ToEncounters)
		}
		// 80 % of the level of the mature ones, from 0.2 towards 0.9 at a rate of 6.
		if m := w.ToEncounters.Median; m.Value == nil || *m.Value < 4 || *m.Value > 16 || *m.Low > *m.Value {
			t.Errorf("half of the topics are there after %v encounters", show(m))
		}
		if m := w.ToDays.Median; m.Value == nil || *m.Value < 3 || *m.Value > 16 {
			t.Errorf("half of the topics are there after %v days", show(m))
		}
		for _, s := range got.Topics {
			if s.Reached && (s.Proficient == nil || s.ToDays.Value == nil) || !s.Reached && s.Proficient != nil {
				t.Errorf("%s: reached %t, proficient %v", s.ID, s.Reached, s.Proficient)
			}
		}
		whole := w.Ways[len(w.Ways)-1]
		if len(w.Ways) != 5 || whole.From != "first seen" || whole.To != "proficient" || whole.Days.Ended != w.ToDays.Ended || whole.Days.Count != 13 {
			t.Errorf("the parts of the way are %+v", w.Ways)
		}
		// Without it the rest is there, and quicker.
		h.judgeAgain(js)
		if less := h.report(opened.AddDate(0, 0, 90)).Whole.ToEncounters; less.Count != 12 || less.Censored >= w.ToEncounters.Censored {
			t.Errorf("without it %+v are counted, with it %+v", less, w.ToEncounters)
		}
	})
}

// judgeAgain puts judgements in place of all there were.
func (h *helpdesk) judgeAgain(js []feedback.Judgement) {
	h.t.Helper()
	if err := h.db.Exec("DELETE FROM judgements").Error; err != nil {
		h.t.Fatal(err)
	}
	h.judge(js)
}

func show(e Estimate) string {
	b, _ := json.Marshal(e)
	return string(b)
}

// six is a topic whose figures were worked out by hand, and a suggestion of
// which nothing is known but that it was rated.
func six() []feedback.Judgement {
	rated := at(0, "refunds", feedback.Unknown, -1)
	rated.Rating = 1
	answered := at(0.5, "refunds", feedback.Replaced, -1)
	answered.Decision = retrieval.Abstained
	return []feedback.Judgement{
		rated, answered,
		at(1.5, "refunds", feedback.Refused, 0.9), at(3, "refunds", feedback.Changed, 0.4),
		at(3.5, "refunds", feedback.Changed, 0.2), at(9, "refunds", feedback.Unchanged, 0),
	}
}

func TestTheFiguresOfATopicAreThoseWorkedOutByHand(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		h := newHelpdesk(t, db)
		h.judge(six())
		r := h.report(opened.AddDate(0, 0, 10))
		if r.Judgements != 6 || r.Encounters != 5 || r.Unsorted != 0 || len(r.Topics) != 1 || r.Whole.Topics != 1 {
			t.Fatalf("%d judgements, %d encounters, %d unsorted, %d topics", r.Judgements, r.Encounters, r.Unsorted, len(r.Topics))
		}
		s := r.topic(t, "refunds")
		if s.Kind != ToldTopic || s.Encounters != 5 || s.Unchanged.Count != 1 || s.Edited.Count != 2 || s.AnyUse.Count != 3 || s.AnyUse.Of != 5 {
			t.Errorf("the topic is %+v", s)
		}
		if !s.FirstSeen.Equal(opened) || !s.LastSeen.Equal(opened.AddDate(0, 0, 9)) || s.FirstAccepted == nil || !s.FirstAccepted.Equal(opened.AddDate(0, 0, 3)) {
			t.Errorf("seen from %v to %v, first accepted %v", s.FirstSeen, s.LastSeen, s.FirstAccepted)
		}
		for name, tt := range map[string]struct {
			got  []Band
			want string
		}{
			"encounter": {s.ByEncounter, "1-1:0+0/1 q0.000, 2-2:0+0/1 q0.000, 3-3:0+1/1 q0.600, 4-5:1+1/2 q0.900"},
			"day":       {s.ByDay, "0-0:0+0/1 q0.000, 1-6:0+2/3 q0.467, 7-13:1+0/1 q1.000"},
		} {
			var got []string
			for _, b := range tt.got {
				got = append(got, fmt.Sprintf("%d-%d:%d+%d/%d q%.3f", b.From, b.To, b.Unchanged.Count, b.Edited.Count, b.AnyUse.Of, *b.Quality.Mean))
				if b.AnyUse.Count != b.Unchanged.Count+b.Edited.Count {
					t.Errorf("%+v", b)
				}
			}
			if strings.Join(got, ", ") != tt.want {
				t.Errorf("by %s: %v, want %s", name, got, tt.want)
			}
		}
	})
}

// A figure that nothing can move says nothing.
func TestEachFigureOfATopicMovesWithWhatItIsAbout(t *testing.T) {
	h := newHelpdesk(t, sqldbtest.SQLite(t))
	figures := func(js []feedback.Judgement) map[string]string {
		h.judgeAgain(js)
		r := h.report(opened.AddDate(0, 0, 10))
		s := r.topic(t, "refunds")
		return map[string]string{
			"judgements": strconv.Itoa(r.Judgements), "encounters": strconv.Itoa(s.Encounters), "unchanged": strconv.Itoa(s.Unchanged.Count),
			"edited": strconv.Itoa(s.Edited.Count), "any use": strconv.Itoa(s.AnyUse.Count), "accepted": fmt.Sprint(s.FirstAccepted),
			"end": show(s.Curve.End), "seen": fmt.Sprint(s.FirstSeen), "day": strconv.Itoa(len(s.ByDay)), "published": fmt.Sprint(s.ArticlePublished),
		}
	}
	before := figures(six())
	for _, tt := range []struct {
		name   string
		change func(js []feedback.Judgement)
		moves  string
	}{
		{"one more is sent unchanged", func(js []feedback.Judgement) { js[4].Used, js[4].Distance = feedback.Unchanged, 0 }, "edited, end, unchanged"},
		{"one less is used", func(js []feedback.Judgement) { js[4].Used = feedback.Replaced }, "any use, edited, end"},
		{"one is edited less", func(js []feedback.Judgement) { js[4].Distance = 0 }, "end"},
		{"one is accepted earlier", func(js []feedback.Judgement) { js[2].Used, js[2].Distance = feedback.Changed, 1 }, "accepted, any use, edited"},
		{"what became of one is not known", func(js []feedback.Judgement) { js[5].Used = feedback.Unknown }, "any use, day, encounters, end, unchanged"},
		{"it was seen earlier", func(js []feedback.Judgement) { js[0].SuggestedAt = opened.AddDate(0, 0, -1) }, "seen"},
		{"one belongs elsewhere", func(js []feedback.Judgement) { js[1].Topic = "other" }, "day, encounters, end"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			js := six()
			tt.change(js)
			var moved []string
			for name, v := range figures(js) {
				if v != before[name] {
					moved = append(moved, name)
				}
			}
			slices.Sort(moved)
			for _, want := range strings.Split(tt.moves, ", ") {
				if !slices.Contains(moved, want) {
					t.Errorf("%s does not move, only %v", want, moved)
				}
			}
			for _, apart := range []string{"unchanged", "edited", "any use"} {
				if slices.Contains(moved, apart) && !strings.Contains(tt.moves, apart) {
					t.Errorf("%s moves too", apart)
				}
			}
		})
	}
}

func TestTheCurvesMoveWithHowQuicklyTopicsAreLearned(t *testing.T) {
	h := newHelpdesk(t, sqldbtest.SQLite(t))
	of := func(rate float64) Speed {
		var js []feedback.Judgement
		r := rand.New(rand.NewPCG(3, 4))
		for i := range 10 {
			js = append(js, learned(r, fmt.Sprint("topic ", i), 80, rate)...)
		}
		h.judgeAgain(js)
		return h.report(opened.AddDate(0, 0, 90)).Whole
	}
	quick, slow := of(3), of(20)
	for name, v := range map[string][2]float64{
		"rate":       {*quick.Curve.Rate.Value, *slow.Curve.Rate.Value},
		"encounters": {*quick.ToEncounters.Median.Value, *slow.ToEncounters.Median.Value},
		"days":       {*quick.ToDays.Median.Value, *slow.ToDays.Median.Value},
	} {
		if v[0]*1.5 > v[1] {
			t.Errorf("%s: %.1f where topics are learned quickly and %.1f where slowly", name, v[0], v[1])
		}
	}
	if quick.Mature == 0 || quick.Target == nil || quick.MatureLevel == nil || *quick.Target >= *quick.MatureLevel {
		t.Errorf("%d mature topics, level %v, target %v", quick.Mature, quick.MatureLevel, quick.Target)
	}
	if quick.Curve.Exponential == nil || quick.Curve.Power == nil || quick.Curve.Better == "" {
		t.Errorf("the laws are not compared: %+v", quick.Curve)
	}
	if q, s := quick.Line[4], slow.Line[4]; q.N != s.N || *q.Value <= *s.Value || *q.Low > *q.Value || *q.High < *q.Value {
		t.Errorf("at the same encounter the quick ones are at %s and the slow ones at %s", show(q.Estimate), show(s.Estimate))
	}
}
