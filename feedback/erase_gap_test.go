package feedback_test

import (
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

func TestAnErasedCustomerLeavesNothingInGaps(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		x := newErasable(t, db)
		gaps := gap.New(db, nil).In("shop")
		fail := func(id, question string) gap.Failure {
			return gap.Failure{SuggestionID: id, TicketID: "t-" + id, Question: question, Signs: []gap.Sign{gap.Abstained}, At: noon}
		}
		g := gap.Gap{ID: "g", Status: gap.Open, Label: "heliotrope kettle", FirstAt: noon, LastAt: noon}
		g.Topic = gap.Topic{Question: secret, Phrases: []string{"marzipan", "vermilion teapot"}}
		g.Proof = &gap.Proof{Questions: []gap.Question{{SuggestionID: "s2", Text: secret}, {SuggestionID: "s4", Text: open}}}
		if err := gaps.Record(t.Context(), []gap.Failure{fail("s2", secret), fail("s4", open)}); err != nil {
			t.Fatal(err)
		}
		before := fail("gone before", secret)
		before.WorkspaceID = "shop"
		if err := db.Create(&before).Error; err != nil {
			t.Fatal(err)
		}
		if err := gaps.Put(t.Context(), gap.Found{Gaps: []gap.Gap{g}, Of: map[string]string{"s2": "g", "s4": "g", "gone before": "g"}}); err != nil {
			t.Fatal(err)
		}
		got, err := x.eraser.Erase(t.Context(), "shop", feedback.Whom{Customer: "rose"})
		if err != nil || got.Failures != 2 {
			t.Errorf("erased %+v, %v", got, err)
		}
		after := dump(t, db)
		for _, word := range []string{"heliotrope", "marzipan", "t-s2"} {
			if lines := holding(after, word); len(lines) > 0 {
				t.Errorf("%q is still held:\n%s", word, strings.Join(lines, ""))
			}
		}
		left, err := gaps.Gap(t.Context(), "g")
		if err != nil || left.Topic.Question != open || len(left.Proof.Questions) != 1 || len(left.Topic.Phrases) != 1 {
			t.Errorf("what is left of the gap: %+v, %v", left, err)
		}
	})
}
