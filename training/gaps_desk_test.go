package training

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/retrieval/memindex"
)

// A bureau is a small helpdesk of which nothing is made up: its questions are
// answered, what operators tell is judged, and gaps are looked for.
type bureau struct {
	testing.TB
	learner  *Learner
	indexer  *retrieval.Indexer
	digester *feedback.Digester
	gaps     *gap.Store
	now      time.Time
	n        int
}

func newBureau(t testing.TB, db *gorm.DB) *bureau {
	t.Helper()
	b := &bureau{TB: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return b.now }
	ix, err := memindex.Open("", "test", embeddings.Local{}.Dim())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ix.Close() }) // it is in memory
	knowledge, log := kb.New(db), slog.New(slog.DiscardHandler)
	answerer := &retrieval.Answerer{KB: knowledge, Store: retrieval.NewStore(db), Generator: retrieval.Extract{}, Log: log, Now: clock}
	answerer.Serve(retrieval.Space{Embedder: embeddings.Local{}, Index: ix})
	b.learner = &Learner{
		KB: knowledge, Suggestions: answerer.Store, Feedback: feedback.NewStore(db, clock), DB: db, Gaps: gap.New(db, clock),
		Answerer: answerer, Space: answerer.Serves, Log: log, Now: clock,
	}
	b.indexer = &retrieval.Indexer{KB: knowledge, Embedder: embeddings.Local{}, Index: ix}
	b.digester = &feedback.Digester{Store: b.learner.Feedback, KB: knowledge, Log: log}
	b.gaps = b.learner.Gaps.In("shop")
	if _, err := knowledge.Create(t.Context(), "shop", "shop"); err != nil {
		t.Fatal(err)
	}
	b.publish("couriers", "Couriers and delivery times", "A courier brings the parcel to the door between nine and six. Delivery takes two to four working days.")
	b.publish("passwords", "Change a forgotten password", "Open the login page and press Forgot password. We send a link that is valid for one hour.")
	b.publish("vouchers", "Gift vouchers", "A gift voucher is valid for one year. It is redeemed in the basket before the payment.")
	return b
}

// publish writes an article, so that it is found.
func (b *bureau) publish(id, title, body string) {
	b.Helper()
	d := &kb.Document{ID: id, Kind: kb.Article, Content: kb.Content{
		Title: title, Body: body, Locale: "en", Status: kb.Published, Audience: kb.Public,
	}}
	if _, err := b.learner.KB.In("shop").Put(b.Context(), d); err != nil {
		b.Fatal(err)
	}
	if _, err := b.indexer.Sync(b.Context(), "shop"); err != nil {
		b.Fatal(err)
	}
}

// asks answers a customer's question an hour after the last one.
func (b *bureau) asks(customer, question string) retrieval.Suggestion {
	b.Helper()
	b.n++
	b.now = b.now.Add(time.Hour)
	s, err := b.learner.Answerer.Suggest(b.Context(), retrieval.Ask{
		Workspace: "shop", TicketID: fmt.Sprint("t", b.n), CustomerID: customer,
		Messages: []retrieval.Message{{Role: retrieval.Customer, Text: question}},
	}, retrieval.Watch{})
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// tells records what an operator made of a suggestion.
func (b *bureau) tells(s *retrieval.Suggestion, events ...feedback.Event) {
	b.Helper()
	for i := range events {
		b.n++
		e := &events[i]
		e.ID, e.SuggestionID, e.OperatorID, e.At = fmt.Sprint("e", b.n), s.ID, "ann", b.now
	}
	if _, err := b.learner.Feedback.In("shop").Record(b.Context(), events); err != nil {
		b.Fatal(err)
	}
	if err := b.digester.Catch(b.Context()); err != nil {
		b.Fatal(err)
	}
}

func edited(text string) feedback.Event { return feedback.Event{Kind: feedback.Edited, Text: text} }

func votes(source, vote string) feedback.Event {
	return feedback.Event{Kind: feedback.Voted, SourceID: source, Value: vote}
}

const refundReply = "Refunds reach the card within ten banking days after the warehouse has received the return."

// refunds are questions that nothing is written about, in other words.
func refunds() []string {
	return []string{
		"When will the refund for my return reach my card?", "How many days does a refund to the card take?",
		"I sent my return back, when do I get the refund on my card?", "Refund not on my card yet, how long does it take after a return?",
		"How long until refunds for returns arrive on the card?", "My return was received, where is the refund to my card?",
	}
}

// lacks has customers ask about refunds and an operator answer by hand.
func (b *bureau) lacks(from, to int, reply string) {
	b.Helper()
	for i := from; i < to; i++ {
		s := b.asks(fmt.Sprint("customer-", i), refunds()[i%len(refunds())]+strings.Repeat("!", i/len(refunds())))
		b.tells(&s, edited(reply))
	}
}

func (b *bureau) find() string {
	b.Helper()
	note, err := b.learner.FindGaps(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	return note
}

// shown are the gaps that editors see.
func (b *bureau) shown() []gap.Gap {
	b.Helper()
	gs, err := b.gaps.Gaps(b.Context(), gap.Filter{})
	if err != nil {
		b.Fatal(err)
	}
	return gs
}

// only is the one gap that editors see.
func (b *bureau) only() gap.Gap {
	b.Helper()
	gs := b.shown()
	if len(gs) != 1 {
		b.Fatalf("%d gaps are shown, want one: %+v", len(gs), gs)
	}
	return gs[0]
}

func (b *bureau) all() []gap.Gap {
	b.Helper()
	gs, err := b.gaps.All(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	return gs
}

func (b *bureau) change(id string, do func(*gap.Gap) error) gap.Gap {
	b.Helper()
	g, err := b.gaps.Change(b.Context(), id, 0, do)
	if err != nil {
		b.Fatal(err)
	}
	return g
}

// remembers has replies become cases.
func (b *bureau) remembers() {
	b.digester.Memory = &feedback.Memory{KB: b.learner.KB, DB: b.learner.DB, Store: b.learner.Feedback, Now: func() time.Time { return b.now }}
	b.learner.Caught = func(ctx context.Context, workspace string, _ int64) bool {
		_, err := b.indexer.Sync(ctx, workspace)
		return err == nil
	}
}

func (b *bureau) cases() []kb.Document {
	b.Helper()
	cs, err := b.learner.KB.In("shop").List(b.Context(), kb.Page{Kind: kb.Case, Limit: 100})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := b.indexer.Sync(b.Context(), "shop"); err != nil {
		b.Fatal(err)
	}
	return cs
}
