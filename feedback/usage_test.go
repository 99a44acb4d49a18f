package feedback_test

import (
	"reflect"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

func TestWhatASourceWasUsedForIsCounted(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		d := newDesk(t, db)
		d.add(t, "other")
		d.suggest(t, "shop", "a", "b", "c", "d", "e")
		d.suggest(t, "other", "f")
		judged := func(id string, used feedback.Use) feedback.Judgement {
			return feedback.Judgement{WorkspaceID: "shop", SuggestionID: id, Used: used, SuggestedAt: made, At: noon}
		}
		err := d.feed.PutJudgements(t.Context(), []feedback.Judgement{
			judged("a", feedback.Unchanged), judged("b", feedback.Changed), judged("c", feedback.Refused), judged("d", feedback.Replaced),
		})
		if err != nil {
			t.Fatal(err)
		}
		usage := func(source string, until time.Time) feedback.Usage {
			t.Helper()
			u, err := d.feed.Usage(t.Context(), source, until)
			if err != nil {
				t.Fatal(err)
			}
			return u
		}
		weeks := func(at int) []int {
			w := make([]int, feedback.UsageWeeks)
			w[at] = 5
			return w
		}
		want := feedback.Usage{Since: made, Of: 5, Shown: 5, Served: 5, Unchanged: 1, Edited: 1, Rejected: 2, Weeks: weeks(11)}
		if got := usage("returns", noon); !reflect.DeepEqual(got, want) {
			t.Errorf("an article that drafts rest on: got %+v, want %+v", got, want)
		}
		want.Weeks = weeks(9)
		if got := usage("returns", noon.Add(15*24*time.Hour)); !reflect.DeepEqual(got, want) {
			t.Errorf("two weeks later: got %+v, want %+v", got, want)
		}
		want = feedback.Usage{Since: made, Of: 5, Shown: 5, Weeks: make([]int, feedback.UsageWeeks)}
		if got := usage("refunds", noon); !reflect.DeepEqual(got, want) {
			t.Errorf("one that is only shown: got %+v, want %+v", got, want)
		}
		want.Shown = 0
		if got := usage("re_unds", noon); !reflect.DeepEqual(got, want) {
			t.Errorf("what LIKE would take for a wildcard: got %+v, want %+v", got, want)
		}
		late := noon.Add(100 * 24 * time.Hour)
		want = feedback.Usage{Since: late, Weeks: make([]int, feedback.UsageWeeks)}
		if got := usage("returns", late); !reflect.DeepEqual(got, want) {
			t.Errorf("when all of it is long ago: got %+v, want %+v", got, want)
		}
	})
}
