package training

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

// answersRefunds writes the article that is missing.
func (b *bureau) answersRefunds() {
	b.publish("refunds", "When a refund reaches the card",
		"After a return the refund reaches your card within ten banking days. The days count from when the warehouse has received the return.")
}

// refundGap is a gap that is said to be closed by an article.
func refundGap(b *bureau, article string) gap.Gap {
	b.Helper()
	b.lacks(0, 5, refundReply)
	b.find()
	return b.change(b.only().ID, func(g *gap.Gap) error { return g.Publish(article, "ann", b.now) })
}

func TestAGapClosesWhenItsQuestionsAreAnsweredFromTheArticle(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		b := newBureau(t, db)
		g := refundGap(b, "refunds")
		b.answersRefunds()
		got, err := b.learner.Verify(t.Context(), "shop", g.ID, "ann", nil)
		if err != nil || got.Status != gap.Closed || got.ClosedAt == nil {
			t.Fatalf("it is %s, %v: %+v", got.Status, err, got.Proof)
		}
		if p := got.Proof; p.Asked != 5 || p.Answered < 4 || p.ArticleID != "refunds" || p.Revision != 1 {
			t.Errorf("the proof is %+v", p)
		}
	})
}

func TestAGapDoesNotCloseBecauseSomeArticleWasPublished(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		b := newBureau(t, db)
		b.publish("loyalty", "Loyalty points", "You collect one point for each euro. Points can be spent from the next order on.")
		for _, article := range []string{"loyalty", "couriers", "never written"} {
			if article == "loyalty" {
				refundGap(b, article)
			} else {
				b.change(b.only().ID, func(g *gap.Gap) error { return g.Publish(article, "ann", b.now) })
			}
			g, err := b.learner.Verify(t.Context(), "shop", b.only().ID, "ann", nil)
			if err != nil || g.Status != gap.Published {
				t.Fatalf("with %s it is %s, %v", article, g.Status, err)
			}
			if p := g.Proof; p.Asked != 5 || p.Answered > 1 {
				t.Errorf("with %s: %+v", article, p)
			}
			for _, q := range g.Proof.Questions {
				if !q.Answered && q.Why == "" {
					t.Errorf("with %s nothing says why %q still fails", article, q.Text)
				}
			}
		}
	})
}

func TestWhatWasShownInVainProvesNothing(t *testing.T) {
	b := newBureau(t, sqldbtest.SQLite(t))
	b.publish("returns", "Refunds and the card", "How many days does a refund to the card take after a return? When will the refund reach my card? Ask the bank.")
	b.lacks(0, 5, refundReply)
	b.find()
	g := b.change(b.only().ID, func(g *gap.Gap) error { return g.Publish("returns", "ann", b.now) })
	got, err := b.learner.Verify(t.Context(), "shop", g.ID, "ann", nil)
	if err != nil || got.Status != gap.Published || got.Proof.Answered > 1 {
		t.Errorf("with what operators have passed over it is %s, %v: %+v", got.Status, err, got.Proof)
	}
	b.publish("returns", "Refunds and the card", "How many days does a refund to the card take after a return? When will the refund reach my card? "+refundReply)
	b.find() // it was changed, so it is verified again
	if g, err := b.gaps.Gap(t.Context(), g.ID); err != nil || g.Status != gap.Closed {
		t.Errorf("with what they wrote in it, it is %s, %v: %+v", g.Status, err, g.Proof)
	}
}

// A case that was made of the very ticket says what the operator replied, and
// would do so whatever article is published.
func TestACaseDoesNotAnswerForTheArticle(t *testing.T) {
	b := newBureau(t, sqldbtest.SQLite(t))
	b.remembers()
	g := refundGap(b, "couriers")
	if cs := b.cases(); len(cs) == 0 {
		t.Fatal("no ticket has become a case")
	}
	s := b.asks("somebody", refunds()[0])
	if !drafted(&s) {
		t.Fatal("the case does not even answer")
	}
	got, err := b.learner.Verify(t.Context(), "shop", g.ID, "ann", nil)
	if err != nil || got.Status != gap.Published || got.Proof.Answered > 1 {
		t.Errorf("it is %s, %v: %+v", got.Status, err, got.Proof)
	}
	for _, c := range b.cases() {
		if c.ResolvedWith != "" {
			t.Errorf("case %q is said to rest on %s", c.Resolution, c.ResolvedWith)
		}
	}
}

func TestCasesThatSayWhatTheArticleSaysAreItsCases(t *testing.T) {
	b := newBureau(t, sqldbtest.SQLite(t))
	b.remembers()
	b.lacks(0, 4, refundReply)
	s := b.asks("else", "Does the refund also work without the box?")
	b.tells(&s, edited("The box is not needed, an envelope with bubbles inside will do as well."))
	b.find()
	b.answersRefunds()
	g := b.change(b.only().ID, func(g *gap.Gap) error { return g.Publish("refunds", "ann", b.now) })
	if _, err := b.learner.Verify(t.Context(), "shop", g.ID, "ann", nil); err != nil {
		t.Fatal(err)
	}
	for _, c := range b.cases() {
		if same := strings.Contains(c.Resolution, "ten banking days"); same != (c.ResolvedWith == "refunds") {
			t.Errorf("case %q rests on %q", c.Resolution, c.ResolvedWith)
		}
	}
}

func TestAClosedGapIsProvenAgainAndReopensWhenItsQuestionsFail(t *testing.T) {
	b := newBureau(t, sqldbtest.SQLite(t))
	id := refundGap(b, "refunds").ID
	b.answersRefunds()
	b.find() // what was published is verified by the job
	if g, err := b.gaps.Gap(t.Context(), id); err != nil || g.Status != gap.Closed {
		t.Fatalf("it is %s, %v", g.Status, err)
	}
	b.now = b.now.Add(25 * time.Hour)
	b.find()
	g, err := b.gaps.Gap(t.Context(), id)
	if err != nil || g.Status != gap.Closed || !g.Proof.At.Equal(b.now) {
		t.Errorf("a day later it is %s, proven at %v, %v", g.Status, g.Proof.At, err)
	}
	b.publish("refunds", "Opening hours", "The shop in the harbour is open from nine to five.")
	b.now = b.now.Add(25 * time.Hour)
	b.find()
	if g := b.only(); g.ID != id || g.Status != gap.Reopened || g.Proof.Answered != 0 {
		t.Errorf("when the article says something else it is %s: %+v", g.Status, g.Proof)
	}
}

func TestAClosedGapReopensWhenThreeCustomersAskAgainInVain(t *testing.T) {
	b := newBureau(t, sqldbtest.SQLite(t))
	id := refundGap(b, "refunds").ID
	b.answersRefunds()
	b.find()
	fail := func(i int) {
		s := b.asks(fmt.Sprint("late-", i), refunds()[i]+" I bought it as a guest.")
		b.tells(&s, votes("refunds", "irrelevant"), edited("For guests the refund goes to a voucher that reaches them by post after a return."))
	}
	fail(0)
	fail(1)
	b.find()
	if g, err := b.gaps.Gap(t.Context(), id); err != nil || g.Status != gap.Closed {
		t.Fatalf("after two it is %s, %v", g.Status, err)
	}
	fail(2)
	b.find()
	if g, err := b.gaps.Gap(t.Context(), id); err != nil || g.Status != gap.Reopened {
		t.Errorf("after three it is %s, %v; shown are %+v", g.Status, err, b.shown())
	}
}

func TestVerifyingWhatIsNotPublishedIsRefused(t *testing.T) {
	b := newBureau(t, sqldbtest.SQLite(t))
	b.lacks(0, 3, refundReply)
	b.find()
	if _, err := b.learner.Verify(t.Context(), "shop", b.only().ID, "ann", nil); !errors.Is(err, gap.ErrConflict) {
		t.Errorf("of an open gap: %v", err)
	}
	if _, err := b.learner.Verify(t.Context(), "shop", "none", "ann", nil); !errors.Is(err, gap.ErrNotFound) {
		t.Errorf("of no gap: %v", err)
	}
}

func TestTheSameQuestionIsAskedOnceAndTheLatestOnes(t *testing.T) {
	fs := make([]gap.Failure, 0, 300)
	for i := range 300 {
		fs = append(fs, gap.Failure{SuggestionID: strconv.Itoa(i), Question: fmt.Sprintf("Where  is order %d?", i/2)})
	}
	fs[1].Question = " where IS order 0?"
	got := distinct(fs)
	if len(got) != askedMost || got[0].SuggestionID != "0" || got[1].SuggestionID != "2" {
		t.Errorf("%d are asked, first %+v", len(got), got[:2])
	}
}
