package feedback_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// made is when the suggestions of tests are made, and noon when events are told.
var (
	made = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	noon = made.Add(3 * time.Hour)
)

// A desk is a helpdesk with feedback, at noon.
type desk struct {
	db    *gorm.DB
	kb    *kb.DB
	store *feedback.Store
	feed  *feedback.Feed // of the workspace "shop"
}

func newDesk(t testing.TB, db *gorm.DB) *desk {
	t.Helper()
	d := &desk{db: db, kb: kb.New(db), store: feedback.NewStore(db, func() time.Time { return noon })}
	d.feed = d.store.In("shop")
	d.add(t, "shop")
	return d
}

func (d *desk) add(t testing.TB, workspace string) {
	t.Helper()
	if _, err := d.kb.Create(t.Context(), workspace, workspace); err != nil {
		t.Fatal(err)
	}
}

// suggest keeps suggestions with the given ids, made for anna, whose draft says
// what the article "returns" says.
func (d *desk) suggest(t testing.TB, workspace string, ids ...string) {
	t.Helper()
	for _, id := range ids {
		s := suggestion(id)
		s.WorkspaceID = workspace
		if err := retrieval.NewStore(d.db).Keep(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
}

func suggestion(id string) *retrieval.Suggestion {
	text := "Send it back within 14 days."
	return &retrieval.Suggestion{
		WorkspaceID: "shop", ID: id, TicketID: "t-" + id, OperatorID: "anna", Mode: retrieval.ForOperator,
		Decision: retrieval.Drafted, Language: "en", Question: "How do I return a kettle?", CreatedAt: made,
		Answer: retrieval.Answer{Text: text + " [1]", Citations: []retrieval.Citation{{Marker: 1, SourceID: "returns", End: len(text)}}},
		Sources: []retrieval.Cited{
			{ID: "returns", Kind: kb.Article, Title: "Returns", Quote: text, Revision: 1},
			{ID: "refunds", Kind: kb.Article, Title: "Refunds", Quote: "The money is back in 5 days.", Revision: 1},
		},
	}
}

// record tells events and fails the test if it cannot.
func (d *desk) record(t testing.TB, es ...feedback.Event) []feedback.Recorded {
	t.Helper()
	out, err := d.feed.Record(t.Context(), es)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// since returns up to limit events of the shop that were told after a place in its
// feed, in order. It may be called from other goroutines.
func (d *desk) since(t testing.TB, seq int64, limit int) []feedback.Event {
	t.Helper()
	var es []feedback.Event
	err := d.db.WithContext(t.Context()).Where("workspace_id = ? AND seq > ?", "shop", seq).Order("seq").Limit(limit).Find(&es).Error
	if err != nil {
		t.Error(err)
	}
	return es
}

// event is something that happened to the suggestion s a minute after it was made.
func event(id string, kind feedback.Kind) feedback.Event {
	return feedback.Event{ID: id, SuggestionID: "s", Kind: kind, At: made.Add(time.Minute)}
}

func TestModelsMatchTheSchema(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		sqldbtest.Matches(t, db, feedback.Event{}, feedback.Judgement{})
	})
}

func TestWhatIsReadIsWhatWasTold(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		d := newDesk(t, db)
		d.suggest(t, "shop", "s", "other")
		nps, seconds := 9, 12.5
		outcome := event("e3", feedback.Resulted)
		outcome.Outcome = &feedback.Outcome{Status: feedback.ResolvedStatus, NPS: &nps, Handling: &seconds}
		shown := event("e1", feedback.Displayed)
		shown.Shown = []string{"refunds", "returns"}
		elsewhere := event("e2", feedback.Sent)
		elsewhere.SuggestionID = "other"
		d.record(t, shown, elsewhere, outcome)

		es, err := d.feed.Events(t.Context(), "s")
		if err != nil || len(es) != 2 {
			t.Fatalf("%d events, %v", len(es), err)
		}
		if e := es[0]; e.ID != "e1" || e.Seq != 1 || e.OperatorID != "anna" || !e.At.Equal(shown.At) || !e.ReceivedAt.Equal(noon) || fmt.Sprint(e.Shown) != "[refunds returns]" {
			t.Errorf("stored %+v", e)
		}
		if o := es[1].Outcome; o == nil || *o.NPS != 9 || *o.Handling != 12.5 || o.Status != feedback.ResolvedStatus {
			t.Errorf("stored outcome %+v", o)
		}
	})
}

func TestNothingCrossesWorkspaces(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		d := newDesk(t, db)
		d.add(t, "bank")
		d.suggest(t, "bank", "s")
		if _, err := d.feed.Record(t.Context(), []feedback.Event{event("e", feedback.Sent)}); !errors.Is(err, feedback.ErrNotFound) {
			t.Errorf("feedback for another workspace's suggestion: %v", err)
		}
		bank := d.store.In("bank")
		if _, err := bank.Record(t.Context(), []feedback.Event{event("e", feedback.Sent)}); err != nil {
			t.Fatal(err)
		}
		if err := bank.PutJudgements(t.Context(), []feedback.Judgement{{SuggestionID: "s", Seq: 1, SuggestedAt: made, At: made}}); err != nil {
			t.Fatal(err)
		}
		if es, err := d.feed.Events(t.Context(), "s"); len(es) != 0 || err != nil {
			t.Errorf("another workspace's events: %v, %v", es, err)
		}
		if _, err := d.feed.Judgement(t.Context(), "s"); !errors.Is(err, feedback.ErrNotFound) {
			t.Errorf("another workspace's judgement: %v", err)
		}
		for j, err := range d.feed.Judgements(t.Context(), feedback.Filter{}) {
			t.Errorf("another workspace's judgements: %v, %v", j, err)
		}
	})
}

func TestAJudgementThatKnewLessIsPassedOver(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		d := newDesk(t, db)
		for _, j := range []feedback.Judgement{{Seq: 3, Used: feedback.Changed}, {Seq: 7, Used: feedback.Refused}, {Seq: 5, Used: feedback.Unchanged}} {
			j.SuggestionID, j.SuggestedAt, j.At = "s", made, noon
			j.Credits = []feedback.Credit{{SourceID: "returns", Kind: kb.Article, Amount: -0.5, Why: "because"}}
			if err := d.feed.PutJudgements(t.Context(), []feedback.Judgement{j}); err != nil {
				t.Fatal(err)
			}
		}
		got, err := d.feed.Judgement(t.Context(), "s")
		if err != nil || got.Seq != 7 || got.Used != feedback.Refused || len(got.Credits) != 1 || got.Credits[0].Amount != -0.5 || got.Shown != nil {
			t.Errorf("stored %+v, %v", got, err)
		}
	})
}

func TestJudgementsAreReadInBatchesAndChosen(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		d := newDesk(t, db)
		const n = 2500
		js := make([]feedback.Judgement, n)
		for i := range js {
			js[i] = feedback.Judgement{
				SuggestionID: fmt.Sprint("s", i), Seq: int64(i + 1), OperatorID: []string{"anna", "boris"}[i%2],
				TicketID: fmt.Sprint("t", i/2), SuggestedAt: made.Add(time.Duration(i) * time.Minute), At: noon,
			}
		}
		if err := d.feed.PutJudgements(t.Context(), js); err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			name        string
			want        feedback.Filter
			n           int
			first, last int64
		}{
			{"all", feedback.Filter{}, n, 1, n},
			{"after a place", feedback.Filter{After: 2400}, 100, 2401, n},
			{"no more than asked for", feedback.Filter{Limit: 1500}, 1500, 1, 1500},
			{"no more than one batch", feedback.Filter{Limit: 1000}, 1000, 1, 1000},
			{"one operator's", feedback.Filter{OperatorID: "boris"}, n / 2, 2, n},
			{"one ticket's", feedback.Filter{TicketID: "t4"}, 2, 9, 10},
			{"of a time", feedback.Filter{From: made.Add(time.Minute), Until: made.Add(3 * time.Minute)}, 2, 2, 3},
		} {
			count, first, last := 0, int64(0), int64(0)
			for j, err := range d.feed.Judgements(t.Context(), tt.want) {
				if err != nil {
					t.Fatal(err)
				}
				if count++; first == 0 {
					first = j.Seq
				}
				last = j.Seq
			}
			if count != tt.n || first != tt.first || last != tt.last {
				t.Errorf("%s: %d judgements, %d to %d; want %d, %d to %d", tt.name, count, first, last, tt.n, tt.first, tt.last)
			}
		}
	})
}
