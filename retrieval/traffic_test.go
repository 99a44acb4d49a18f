package retrieval_test

import (
	"slices"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
)

func TestTrafficIsReadOldestFirstAndByWorkspace(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := retrieval.NewStore(db)
		noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
		for _, w := range []string{"shop", "other"} {
			if _, err := kb.New(db).Create(t.Context(), w, w); err != nil {
				t.Fatal(err)
			}
		}
		want := retrieval.Passing{
			ID: "s-3", TicketID: "T", CustomerID: "anna", Topic: "refunds", Question: "Where is it?", Language: "en", RawConfidence: 0.25,
			Decision: retrieval.Abstained, Blind: retrieval.BlindFilter, CreatedAt: noon.Add(3 * time.Hour),
		}
		keep := func(workspace, id string, hours int) {
			err := s.Keep(t.Context(), &retrieval.Suggestion{
				WorkspaceID: workspace, ID: id, TicketID: want.TicketID, CustomerID: want.CustomerID, Topic: want.Topic, Question: want.Question,
				Language: want.Language, RawConfidence: want.RawConfidence, Decision: want.Decision, Blind: want.Blind,
				CreatedAt: noon.Add(time.Duration(hours) * time.Hour),
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		keep("shop", "s-3", 3)
		keep("shop", "s-1", 1)
		keep("shop", "s-2", 2)
		keep("other", "o-2", 2)
		for _, tt := range []struct {
			after time.Time
			most  int
			want  []string
		}{
			{noon, 10, []string{"s-1", "s-2", "s-3"}},
			{noon.Add(time.Hour), 10, []string{"s-2", "s-3"}},
			{noon, 2, []string{"s-2", "s-3"}},
		} {
			ps, err := s.Traffic(t.Context(), "shop", tt.after, tt.most)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range ps {
				got = append(got, p.ID)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("after %v at most %d: %v, want %v", tt.after, tt.most, got, tt.want)
			}
			if last := ps[len(ps)-1]; last != want {
				t.Errorf("got %+v, want %+v", last, want)
			}
		}
	})
}
