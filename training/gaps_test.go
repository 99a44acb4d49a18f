package training

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

func TestAGapIsShownOnceThreeCustomersHaveAsked(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		b := newBureau(t, db)
		b.lacks(0, 2, refundReply)
		b.find()
		if n := len(b.shown()); n != 0 {
			t.Errorf("after two customers %d gaps are shown", n)
		}
		b.lacks(2, 3, refundReply)
		b.find()
		g := b.only()
		if g.Status != gap.Open || g.Cause != gap.Uncovered || g.Topic.Tickets != 3 || g.Topic.Customers != 3 || g.OpenedAt == nil {
			t.Errorf("it is %+v", g)
		}
		if !strings.Contains(g.Label, "refund") || !strings.HasSuffix(g.Label, "?") || g.Topic.Question == "" || g.Topic.Why == "" {
			t.Errorf("it is called %q, typical is %q, since %q", g.Label, g.Topic.Question, g.Topic.Why)
		}
		if f := g.Topic.Factors; g.Cost != f.Cost() || g.Cost <= 0 || f.Measured || f.Handling != guessedMinutes {
			t.Errorf("it costs %.1f: %+v", g.Cost, f)
		}
	})
}

func TestTheSameEvidenceTwiceChangesNothing(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		b := newBureau(t, db)
		b.lacks(0, 5, refundReply)
		for i := range 3 {
			s := b.asks(fmt.Sprint("other-", i), "Does the kettle whistle when the water boils?")
			b.tells(&s, edited("The kettle does not whistle but switches itself off when the water boils."))
		}
		if note := b.find(); note != "1 with news" {
			t.Errorf("the first run: %s", note)
		}
		before := b.all()
		if note := b.find(); note != "1 as before" {
			t.Errorf("the second run: %s", note)
		}
		b.now = b.now.Add(3 * 24 * time.Hour) // days on which nobody asks
		b.find()
		if after := b.all(); !reflect.DeepEqual(before, after) {
			t.Errorf("gaps have changed from\n%+v\nto\n%+v", before, after)
		}
	})
}

func TestOnePersonMakesNoTopic(t *testing.T) {
	b := newBureau(t, sqldbtest.SQLite(t))
	for i, q := range refunds() {
		s := b.asks("rose", q+fmt.Sprint(" order ", i))
		b.tells(&s, edited(refundReply))
	}
	b.find()
	fs, err := b.gaps.Failures(t.Context(), time.Time{}, 100)
	if err != nil || len(fs) != len(refunds()) {
		t.Fatalf("%d failures are kept, %v", len(fs), err)
	}
	counted := 0
	for i := range fs {
		if fs[i].Counted {
			counted++
		}
	}
	if n := len(b.shown()); n != 0 || counted != perDayMost {
		t.Errorf("%d gaps are shown, and %d of one person's failures count", n, counted)
	}
}

func TestWhatOperatorsAnswerFromAnArticleIsNotFoundAndNotMissing(t *testing.T) {
	b := newBureau(t, sqldbtest.SQLite(t))
	for i, q := range []string{"Is my coupon from granny still good?", "How old may a present card be?", "Until when can I spend the certificate?"} {
		s := b.asks(fmt.Sprint("c", i), q)
		b.tells(&s, edited("It can be spent for one year."), votes("vouchers", feedback.Relevant))
	}
	b.find()
	g := b.only()
	if g.Cause != gap.NotFound || len(g.Topic.Articles) != 1 || g.Topic.Articles[0].ID != "vouchers" || g.Topic.Articles[0].Times != 3 {
		t.Errorf("it is %s: %+v", g.Cause, g.Topic.Articles)
	}
	if g.Label != "Gift vouchers" {
		t.Errorf("it is called %q", g.Label)
	}
}

func TestWhatOperatorsCallOutdatedIsShownWithItsPassage(t *testing.T) {
	b := newBureau(t, sqldbtest.SQLite(t))
	for i, q := range []string{"How long is a gift voucher valid?", "Is a gift voucher valid for a year?", "For how long can I use a gift voucher?"} {
		s := b.asks(fmt.Sprint("c", i), q)
		b.tells(&s, edited("Gift vouchers have no end date any more, so you can use yours at any time."), votes("vouchers", feedback.Outdated))
	}
	b.find()
	g := b.only()
	if g.Cause != gap.Outdated || len(g.Topic.Articles) == 0 || !strings.Contains(g.Topic.Articles[0].Quote, "one year") {
		t.Errorf("it is %s: %+v", g.Cause, g.Topic.Articles)
	}
}

func TestWhatMustBeDoneAndNotKnownNeedsAction(t *testing.T) {
	b := newBureau(t, sqldbtest.SQLite(t))
	b.lacks(0, 4, "I have refunded your order to your card today.")
	b.find()
	if g := b.only(); g.Cause != gap.Action {
		t.Errorf("it is %s, since %s", g.Cause, g.Topic.Why)
	}
}

func TestADismissedGapStaysSoUntilItHasDoubled(t *testing.T) {
	b := newBureau(t, sqldbtest.SQLite(t))
	b.lacks(0, 3, refundReply)
	b.find()
	id := b.only().ID
	b.change(id, func(g *gap.Gap) error { return g.Dismiss("a mistake of last week", "ann", b.now) })
	b.lacks(3, 5, refundReply)
	b.find()
	if gs := b.shown(); len(gs) != 0 {
		t.Errorf("with two tickets more it is back, or another is there: %+v", gs)
	}
	b.lacks(5, 8, refundReply)
	b.find()
	if g := b.only(); g.ID != id || g.Status != gap.Reopened {
		t.Errorf("with twice the tickets it is %+v", g)
	}
}

func TestAGapWithNoTicketBehindItGoes(t *testing.T) {
	b := newBureau(t, sqldbtest.SQLite(t))
	b.lacks(0, 3, refundReply)
	b.find()
	b.only()
	if _, err := b.gaps.Erase(t.Context(), suggestionsOf(b)); err != nil {
		t.Fatal(err)
	}
	b.find()
	if gs := b.all(); len(gs) != 0 {
		t.Errorf("erased, and left are %+v", gs)
	}
	b.lacks(0, 3, refundReply)
	b.find()
	id := b.only().ID
	if err := b.gaps.Withdraw(t.Context(), suggestionsOf(b)); err != nil {
		t.Fatal(err)
	}
	b.find()
	if g, err := b.gaps.Gap(t.Context(), id); err != nil || g.Status != gap.Dismissed {
		t.Errorf("what somebody has seen is %s, %v", g.Status, err)
	}
}

func suggestionsOf(b *bureau) []string {
	fs, err := b.gaps.Failures(b.Context(), time.Time{}, 1000)
	if err != nil {
		b.Fatal(err)
	}
	ids := make([]string, len(fs))
	for i := range fs {
		ids[i] = fs[i].SuggestionID
	}
	return ids
}

func TestACostSaysWhatItIsMadeOf(t *testing.T) {
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	r := &finding{now: now, began: now.AddDate(0, -3, 0), usual: usual{handling: 7, satisfaction: 4}, gaps: map[string]*gap.Gap{"g": {}}}
	fs := make([]gap.Failure, 0, 12)
	for i := range 12 { // eleven in the last fortnight, one before
		f := gap.Failure{SuggestionID: fmt.Sprint("s", i), TicketID: fmt.Sprint("t", i), At: now.Add(-time.Duration(i) * 24 * time.Hour)}
		if i == 11 {
			f.At = now.AddDate(0, 0, -20)
		}
		f.Outcome = gap.Outcome{Handling: 20, Satisfaction: 1}
		fs = append(fs, f)
	}
	topic := r.topicOf(fs, &topical{id: "g"})
	want := gap.Factors{Volume: 13.04, Handling: 20, Dissatisfaction: 1.8, Growth: 2, Measured: true}
	if topic.Factors != want {
		t.Errorf("got %+v, want %+v", topic.Factors, want)
	}
	for i := range fs {
		fs[i].Outcome = gap.Outcome{}
	}
	r.began = now.AddDate(0, 0, -21) // nobody knows what was before
	want = gap.Factors{Volume: 13.04, Handling: 7, Dissatisfaction: 1, Growth: 1}
	if got := r.topicOf(fs, &topical{id: "g"}).Factors; got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestAGapKeepsItsIdAndItsNameDayAfterDay(t *testing.T) {
	b := newBureau(t, sqldbtest.SQLite(t))
	ids, names := make(map[string]bool), make(map[string]bool)
	for i := range 12 {
		b.lacks(i, i+1, refundReply)
		if i%3 == 1 {
			s := b.asks(fmt.Sprint("other-", i), "Does the kettle whistle when the water boils? "+strconv.Itoa(i))
			b.tells(&s, edited("The kettle does not whistle but switches itself off when the water boils."))
		}
		b.now = b.now.Add(24 * time.Hour)
		b.find()
		for _, g := range b.shown() {
			if strings.Contains(g.Topic.Question, "efund") {
				ids[g.ID], names[g.Label] = true, true
			}
		}
	}
	if len(ids) != 1 || len(names) != 1 {
		t.Errorf("in twelve days it was %v, called %v", ids, names)
	}
	if gs := b.shown(); len(gs) != 2 {
		t.Errorf("%d gaps are shown, want two", len(gs))
	}
}
