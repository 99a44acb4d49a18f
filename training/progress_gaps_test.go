package training

import (
	"fmt"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
)

func TestATopicIsFlaggedWhenTheGapOfItsQuestionsIsOpened(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		h := newHelpdesk(t, db)
		h.Gaps = gap.New(db, nil)
		gaps := h.Gaps.In("shop")
		var js []feedback.Judgement
		var fs []gap.Failure
		of := make(map[string]string)
		for i := range 8 {
			topic := []string{"couriers", "refunds"}[i%2]
			js = append(js, at(float64(i), topic, feedback.Replaced, 1))
			if id := fmt.Sprint("s", i); topic == "refunds" {
				fs = append(fs, gap.Failure{SuggestionID: id, Question: "Where is it?", Signs: []gap.Sign{gap.Rewritten}, At: opened})
				of[id] = "g"
			}
		}
		of["s1"] = "other" // one that strayed
		h.judge(js)
		flagged, written := opened.Add(5*24*time.Hour), opened.Add(6*24*time.Hour)
		early := opened.Add(time.Hour)
		g := gap.Gap{ID: "g", Status: gap.Published, OpenedAt: &flagged, FirstAt: opened, LastAt: opened}
		g.Note(string(gap.Published), "ann", "article x", written)
		other := gap.Gap{ID: "other", Status: gap.Open, OpenedAt: &early, FirstAt: opened, LastAt: opened}
		for _, f := range fs {
			s := retrieval.Suggestion{WorkspaceID: "shop", ID: f.SuggestionID, Mode: retrieval.ForOperator, Decision: retrieval.Abstained, CreatedAt: opened}
			if err := retrieval.NewStore(db).Keep(t.Context(), &s); err != nil {
				t.Fatal(err)
			}
		}
		if err := gaps.Record(t.Context(), fs); err != nil {
			t.Fatal(err)
		}
		if err := gaps.Put(t.Context(), gap.Found{Gaps: []gap.Gap{g, other}, Of: of}); err != nil {
			t.Fatal(err)
		}
		r := h.report(opened.Add(30 * 24 * time.Hour))
		for _, topic := range r.Topics {
			flag, article := topic.GapFlagged, topic.ArticlePublished
			switch topic.ID {
			case "refunds":
				if flag == nil || !flag.Equal(flagged) || article == nil || !article.Equal(written) {
					t.Errorf("refunds are flagged at %v and written about at %v", flag, article)
				}
			case "couriers":
				if flag != nil || article != nil {
					t.Errorf("couriers are flagged at %v and written about at %v", flag, article)
				}
			}
		}
		if len(r.Topics) != 2 {
			t.Errorf("the topics are %+v", r.Topics)
		}
	})
}
