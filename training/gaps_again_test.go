package training

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/kb/upkeep"
	"github.com/whetstone-desk/whetstone/retrieval"
)

func TestAClosedGapStaysClosedWhenItsArticleIsMerged(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		b := newBureau(t, db)
		id := refundGap(b, "refunds").ID
		b.answersRefunds()
		b.publish("money", "Money back to the card", "After a return the refund reaches your card within ten banking days. The days count from when the warehouse has received the return. Refunds cost nothing.")
		b.find()
		if g, err := b.gaps.Gap(t.Context(), id); err != nil || g.Status != gap.Closed {
			t.Fatalf("it is %s, %v", g.Status, err)
		}
		if _, err := upkeep.New(db, time.Now).In("shop").Merge(t.Context(), "refunds", "money", "ann"); err != nil {
			t.Fatal(err)
		}
		if _, err := b.indexer.Sync(t.Context(), "shop"); err != nil {
			t.Fatal(err)
		}
		b.learner.Suggestions = retrieval.NewStore(db) // which has not kept in mind what was merged
		b.learner.Answerer.Store = b.learner.Suggestions
		b.now = b.now.Add(25 * time.Hour)
		b.find()
		g, err := b.gaps.Gap(t.Context(), id)
		if err != nil || g.Status != gap.Closed || !g.Proof.At.Equal(b.now) || g.Proof.ArticleID != "money" {
			t.Errorf("after the merge it is %s, %v: %+v", g.Status, err, g.Proof)
		}
		for i := range 3 { // who asks now and is answered from the merged article belongs to the same gap
			s := b.asks(fmt.Sprint("late-", i), refunds()[i]+" I paid twice.")
			b.tells(&s, votes("money", "relevant"), edited("Both refunds reach the card within ten banking days after the return."))
		}
		b.find()
		if n := len(b.all()); n != 1 {
			t.Errorf("there are %d gaps: %+v", n, b.all())
		}
	})
}

func TestWhatIsSaidToBeMissingMakesAGapAndIsShown(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		b := newBureau(t, db)
		for i, x := range [][2]string{
			{"Do you rent kayaks?", "We have no article about kayak rental and its prices."},
			{"Can I hire a kayak from you for the weekend?", "We have no article about kayak rental and its prices."},
			{"Можно ли взять каяк напрокат?", "We have no article about kayak rental and its prices."},
			{"Сколько стоит прокат каяка на день?", "We have no article about kayak rental and its prices."},
			{"Are kayaks for rent in the summer?", "We have no article about kayak rental and its prices, ask anna.petrova@example.org."},
		} {
			s := b.asks(fmt.Sprint("paddler-", i), x[0])
			b.tells(&s, feedback.Event{Kind: feedback.Missing, Text: x[1]})
		}
		b.find()
		g := b.only()
		fs, err := b.gaps.Evidence(t.Context(), g.ID, 10)
		if err != nil || len(fs) != 5 || g.Topic.Customers != 5 {
			t.Fatalf("%d failures are behind it, %v: %+v", len(fs), err, g.Topic)
		}
		for _, f := range fs {
			if f.Missing == "" || strings.Contains(f.Missing, "anna.petrova") {
				t.Errorf("of %q is kept %q", f.Question, f.Missing)
			}
		}
	})
}

func TestWhatOneOperatorToldTheEditorsWaitsWhereTheyFindIt(t *testing.T) {
	b := newBureau(t, sqldbtest.SQLite(t))
	s := b.asks("paddler", "Do you rent kayaks?")
	b.tells(&s, feedback.Event{Kind: feedback.Missing, Text: "We have no article about kayak rental and its prices."})
	for range 2 {
		b.find()
		gs := b.all()
		if len(gs) != 1 || gs[0].Status != gap.Waiting || gs[0].Label == "" {
			t.Fatalf("what was told waits as %+v, want one gap that has a name", gs)
		}
	}
}

func TestAnArticleThatSaysTheOppositeOfRepliesClosesNothing(t *testing.T) {
	replies := []string{
		"Подарочная упаковка стоит 300 ₽, выберите её в корзине.", "Да, подарочная упаковка есть: 300 ₽, она выбирается в корзине.",
		"Подарочную упаковку можно заказать за 300 ₽, выберите её в корзине при оформлении.", "Подарочная упаковка стоит 300 ₽. Её можно выбрать в корзине.",
	}
	questions := []string{
		"Есть ли подарочная упаковка?", "Сколько стоит подарочная упаковка?", "Можно ли заказать подарочную упаковку?", "Как выбрать подарочную упаковку для заказа?",
	}
	b := newBureau(t, sqldbtest.SQLite(t))
	for i, q := range questions {
		s := b.asks(fmt.Sprint("customer-", i), q)
		b.tells(&s, edited(replies[i]))
	}
	b.find()
	id := b.only().ID
	for _, tt := range []struct {
		title, body, why string
		closes           bool
	}{
		{"Подарочная упаковка", "Подарочная упаковка не предлагается. Заказать подарочную упаковку нельзя, и за 900 рублей её тоже нельзя заказать.", "operators say", false},
		{"Подарочная упаковка", "Подарочная упаковка стоит 900 ₽, выберите её в корзине.", "900", false},
		{"Подарки", "Мы любим подарки. Подарочная упаковка бывает разная.", "operators replied", false},
		{"Подарочная упаковка", "Подарочную упаковку можно заказать за 300 ₽. Выберите её в корзине, когда оформляете заказ.", "", true},
	} {
		b.publish("wrap", tt.title, tt.body)
		b.change(id, func(g *gap.Gap) error {
			if g.Status == gap.Closed {
				return nil
			}
			return g.Publish("wrap", "ann", b.now)
		})
		g, err := b.learner.Verify(t.Context(), "shop", id, "ann", nil)
		if err != nil || (g.Status == gap.Closed) != tt.closes {
			t.Errorf("with %q it is %s, %v: %+v", tt.body, g.Status, err, g.Proof)
			continue
		}
		if q := g.Proof.Questions[0]; !strings.Contains(q.Why, tt.why) {
			t.Errorf("with %q it is said: %q", tt.body, q.Why)
		}
	}
}

// An eraser answers as Extract does, and before its first answer somebody is
// erased.
type eraser struct {
	retrieval.Extract
	once func()
}

func (e *eraser) Generate(ctx context.Context, r retrieval.Request, emit func(string)) (retrieval.Answer, error) {
	if once := e.once; once != nil {
		e.once = nil
		once()
	}
	return e.Extract.Generate(ctx, r, emit)
}

func TestAProofDoesNotBringBackWhoWasErasedMeanwhile(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		b := newBureau(t, db)
		id := refundGap(b, "refunds").ID
		b.answersRefunds()
		fs, err := b.gaps.Evidence(t.Context(), id, 10)
		if err != nil || len(fs) != 5 {
			t.Fatalf("%d failures, %v", len(fs), err)
		}
		gone := fs[2].SuggestionID
		b.learner.Answerer.Generator = &eraser{once: func() {
			if n, err := b.gaps.Erase(t.Context(), []string{gone}); n != 1 || err != nil {
				t.Errorf("erased %d, %v", n, err)
			}
		}}
		g, err := b.learner.Verify(t.Context(), "shop", id, "ann", nil)
		if err != nil || g.Proof == nil || g.Proof.Asked != 4 {
			t.Fatalf("the proof is %+v, %v", g.Proof, err)
		}
		for _, q := range g.Proof.Questions {
			if q.SuggestionID == gone {
				t.Errorf("%q has come back", q.Text)
			}
		}
	})
}

func TestAnArticleThatSaysNoMoreThanTheQuestionsAnswersNone(t *testing.T) {
	var fs []gap.Failure
	for i, reply := range []string{"Подарочную упаковку можно выбрать в корзине.", "Да, подарочная упаковка есть, выберите её в корзине."} {
		fs = append(fs, gap.Failure{SuggestionID: strconv.Itoa(i), Question: "Есть ли подарочная упаковка?", Reply: reply, At: today})
	}
	for body, answers := range map[string]bool{
		"Мы любим подарки. Подарочная упаковка бывает разная.":              false,
		"Подарочная упаковка не предлагается, выбрать её в корзине нельзя.": false,
		"Отметьте подарочную упаковку в корзине, и мы упакуем заказ.":       true,
	} {
		d := kb.Document{ID: "wrap", Kind: kb.Article, Content: kb.Content{Title: "Подарочная упаковка", Body: body}}
		if why, err := objection(t.Context(), fs, &d); err != nil || (why == "") != answers {
			t.Errorf("against %q is %q, %v", body, why, err)
		}
	}
}

func TestWhereRepliesContradictEachOtherAnEditorDecides(t *testing.T) {
	replies := func(prices ...int) []gap.Failure {
		var fs []gap.Failure
		for i, n := range prices {
			fs = append(fs, gap.Failure{
				SuggestionID: strconv.Itoa(i), Question: "Can you gift wrap my present?", At: today,
				Reply: fmt.Sprintf("We can gift wrap any present for %d euros. Choose Gift wrapping in the basket before you pay.", n),
			})
		}
		return fs
	}
	d := kb.Document{ID: "wrap", Kind: kb.Article, Content: kb.Content{
		Title: "Gift wrapping", Body: "We can gift wrap any present for 3 euros. Choose Gift wrapping in the basket before you pay.",
	}}
	for name, tt := range map[string]struct {
		prices []int
		stands bool
	}{
		"two of five say what the article says": {[]int{3, 5, 3, 5, 5}, true},
		"nobody does":                           {[]int{5, 5, 5, 5, 5}, false},
		"one of nine does":                      {[]int{5, 5, 5, 5, 3, 5, 5, 5, 5}, false},
	} {
		if why, err := objection(t.Context(), replies(tt.prices...), &d); err != nil || (why == "") != tt.stands {
			t.Errorf("%s: %q, %v", name, why, err)
		}
	}
}
