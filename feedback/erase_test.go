package feedback_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/embeddings/vectorstore"
	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// An erasable is a desk where two customers were helped, both with what makes a
// case. The first one's words are secret, the second one's are open.
type erasable struct {
	*desk
	t      *testing.T
	eraser *feedback.Eraser
}

const (
	secret = "Why does my heliotrope kettle taste of marzipan?"
	open   = "Where is the vermilion teapot made?"
	model  = "a model"
)

func newErasable(t *testing.T, db *gorm.DB) *erasable {
	t.Helper()
	d, digester := newJudged(t, db)
	store := retrieval.NewStore(db)
	memory := &feedback.Memory{KB: d.kb, DB: db, Now: func() time.Time { return noon }}
	digester.Memory = memory
	x := &erasable{desk: d, t: t, eraser: &feedback.Eraser{DB: db, KB: d.kb, Suggestions: store, Feedback: d.store, Memory: memory}}
	x.help("s1", "rose", "Where can I see my orders?", "Open your profile and choose Orders in the menu on the left.")
	x.help("s2", "rose", secret, "Rinse the periwinkle filter under warm water before the first use.")
	x.help("s3", "", "Thank you, but the chartreuse filter leaks, why?", "") // the same ticket, and nobody was named
	x.help("s4", "boris", open, "All of our teapots are made by hand in Suzdal.")
	caught(t, digester)
	x.derive(store)
	return x
}

// help keeps a suggestion and tells what was sent instead.
func (x *erasable) help(id, customer, question, final string) {
	x.t.Helper()
	s := suggestion(id)
	s.CustomerID, s.Question, s.Topic = customer, question, "helpdesk's own"
	if id == "s3" {
		s.TicketID = "t-s2"
	}
	if err := x.eraser.Suggestions.Keep(x.t.Context(), s); err != nil {
		x.t.Fatal(err)
	}
	e := event("e-"+id, feedback.Edited)
	if e.Text = final; final == "" {
		e.Kind, e.Text = feedback.Missing, question
	}
	e.SuggestionID = id
	x.record(x.t, e)
}

// derive adds what jobs and other parts make of the suggestions.
func (x *erasable) derive(store *retrieval.Store) {
	x.t.Helper()
	ctx := x.t.Context()
	vectors := make(map[string]embeddings.Vector)
	for _, c := range x.cases() {
		p := kb.Split(&c)[0]
		vectors[embeddings.TextHash(retrieval.PassageText(c.Title, &p))] = embeddings.Vector{1}
	}
	r := retrieval.Ranker{WorkspaceID: "shop", Status: retrieval.Serving, CreatedAt: noon}
	b := retrieval.Beliefs{Through: noon, Cases: map[string]float64{}, Topics: []retrieval.Topic{
		{ID: "t-1", Label: "heliotrope kettle", Examples: []string{secret, "Is the kettle sold in red?"}, Centroid: vectorOf(x.t, secret), Size: 4},
		{ID: "t-2", Label: "vermilion teapot", Examples: []string{open}, Centroid: vectorOf(x.t, open), Size: 3},
	}}
	other := suggestion("s9") // for somebody else, out of the case
	other.CustomerID = "carla"
	j := feedback.Judgement{SuggestionID: "s9", Seq: 99, Rating: -1}
	for _, c := range x.cases() {
		b.Cases[c.ID] = 0.5
		other.Sources = append(other.Sources, retrieval.Cited{ID: c.ID, Kind: kb.Case, Title: c.Title, Quote: c.Resolution, End: 9})
		j.Credits = append(j.Credits, feedback.Credit{SourceID: c.ID, Kind: kb.Case, Why: "It says “" + c.Resolution + "”.", Amount: -1})
	}
	moved := []retrieval.Tuned{{Document: "warranty", Passage: "p", Vector: vectorOf(x.t, open)}, {Document: "returns", Passage: "q", Vector: vectorOf(x.t, secret)}}
	for _, err := range []error{
		vectorstore.New(x.db).Save(ctx, model, vectors), store.SetBeliefs(ctx, "shop", b), store.Keep(ctx, other),
		x.feed.PutJudgements(ctx, []feedback.Judgement{j}), store.AddTuned(ctx, &r, model, moved),
		sqldb.SetState(ctx, x.db, "progress/shop", `{"topics":[{"label":"heliotrope kettle"}]}`), sqldb.SetState(ctx, x.db, "progress/market", "vermilion"),
		x.db.Exec("UPDATE judgements SET resolved_with = 'returns' WHERE suggestion_id = 's2'").Error,
		x.db.Exec("INSERT INTO idempotency (workspace_id, key, request, result, created_at) VALUES ('shop', 'k2', 'h', 's2', ?), ('shop', 'k4', 'h', 's4', ?)", noon, noon).Error,
	} {
		if err != nil {
			x.t.Fatal(err)
		}
	}
}

func vectorOf(t *testing.T, text string) embeddings.Vector {
	t.Helper()
	vs, err := embeddings.Local{}.Embed(t.Context(), []string{text})
	if err != nil {
		t.Fatal(err)
	}
	return vs[0]
}

func (x *erasable) cases() []kb.Document {
	x.t.Helper()
	cs, err := x.kb.In("shop").List(x.t.Context(), kb.Page{Kind: kb.Case, Limit: 100})
	if err != nil {
		x.t.Fatal(err)
	}
	return cs
}

// dump is every row of every table, as text, less what any of the words drops.
func dump(t *testing.T, db *gorm.DB) string {
	t.Helper()
	tables, err := db.Migrator().GetTables()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(tables, "suggestions") || !slices.Contains(tables, "beliefs") {
		t.Fatalf("these are not the tables: %v", tables)
	}
	var b strings.Builder
	for _, table := range tables {
		var rows []map[string]any
		if err := db.Table(table).Find(&rows).Error; err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			for column, value := range row {
				if raw, ok := value.([]byte); ok {
					value = string(raw)
				}
				fmt.Fprintf(&b, "%s.%s=%v\n", table, column, value)
			}
		}
	}
	return b.String()
}

// holding are the lines of text that hold a word.
func holding(text, word string) []string {
	var out []string
	for line := range strings.Lines(text) {
		if strings.Contains(strings.ToLower(line), word) {
			out = append(out, line)
		}
	}
	return out
}

func TestAnErasedCustomerLeavesNothing(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		x := newErasable(t, db)
		if n := len(x.cases()); n != 3 {
			t.Fatalf("there are %d cases, want three", n)
		}
		before := dump(t, db)
		words := []string{"heliotrope", "marzipan", "periwinkle", "chartreuse", "rose", "e-s2", "t-s2"}
		for _, word := range words {
			if len(holding(before, word)) == 0 {
				t.Fatalf("nothing holds %q to begin with", word)
			}
		}
		refits := 0
		x.eraser.Refit = func(context.Context) error { refits++; return nil }
		if n, err := x.eraser.Count(t.Context(), "shop", feedback.Whom{Customer: "rose"}); n != 3 || err != nil {
			t.Errorf("counted %d, %v", n, err)
		}
		got, err := x.eraser.Erase(t.Context(), "shop", feedback.Whom{Customer: "rose"})
		if err != nil {
			t.Fatal(err)
		}
		want := feedback.Erased{Suggestions: 3, Events: 3, Judgements: 3, Requests: 1, Cases: 2, Vectors: 2, Tuned: 1, Examples: 1, Quotes: 1, Refitted: true}
		if got != want || refits != 1 {
			t.Errorf("erased %+v and refitted %d times, want %+v", got, refits, want)
		}
		after := dump(t, db)
		for _, word := range append(words, "your orders", "menu on the left") {
			if lines := holding(after, word); len(lines) > 0 {
				t.Errorf("%q is still held:\n%s", word, strings.Join(lines, ""))
			}
		}
		for _, word := range []string{"vermilion", "suzdal", "boris", "e-s4", "t-s4", "k4", "is the kettle sold in red?"} {
			if a, b := len(holding(after, word)), len(holding(before, word)); a != b || a == 0 {
				t.Errorf("%q, of another customer, is held by %d values and was by %d", word, a, b)
			}
		}
		b, err := x.eraser.Suggestions.Beliefs(t.Context(), "shop")
		if err != nil {
			t.Fatal(err)
		}
		if b.Topics[0].Label != "kettle" || b.Topics[0].Centroid.Dot(vectorOf(t, "Is the kettle sold in red?")) < 0.99 || len(b.Cases) != 1 {
			t.Errorf("believed are %+v", b)
		}
		again, err := x.eraser.Erase(t.Context(), "shop", feedback.Whom{Customer: "rose"})
		if err != nil || again != (feedback.Erased{Refitted: true}) || refits != 2 {
			t.Errorf("erased again: %+v, %v", again, err)
		}
	})
}

func TestATicketIsErasedAlone(t *testing.T) {
	x := newErasable(t, sqldbtest.SQLite(t))
	if _, err := x.eraser.Erase(t.Context(), "shop", feedback.Whom{Tickets: []string{"t-s1", "", "never"}}); err != nil {
		t.Fatal(err)
	}
	after := dump(t, x.db)
	if len(holding(after, "menu on the left")) != 0 || len(holding(after, "heliotrope")) == 0 || len(x.cases()) != 2 {
		t.Errorf("left are %d cases:\n%s", len(x.cases()), after)
	}
	if _, err := x.eraser.Erase(t.Context(), "shop", feedback.Whom{}); !errors.Is(err, feedback.ErrInvalid) {
		t.Errorf("erasing nobody in particular: %v", err)
	}
	if _, err := x.eraser.Erase(t.Context(), "none", feedback.Whom{Customer: "rose"}); !errors.Is(err, feedback.ErrNotFound) {
		t.Errorf("erasing in a workspace that is not there: %v", err)
	}
}

// A case that others stand behind stays, in their words.
func TestWhatOthersStandBehindIsRetold(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		d, digester := newJudged(t, db)
		memory := &feedback.Memory{KB: d.kb, DB: db, Now: func() time.Time { return noon }}
		digester.Memory = memory
		x := &erasable{desk: d, t: t, eraser: &feedback.Eraser{
			DB: db, KB: d.kb, Suggestions: retrieval.NewStore(db), Feedback: d.store, Memory: memory,
		}}
		reply := "Open Orders, choose the order and press Return."
		x.help("s1", "rose", "How do I return the heliotrope kettle that I do not like?", reply)
		x.help("s2", "boris", "How do I return the vermilion kettle that I do not like?", reply)
		for _, id := range []string{"s1", "s2"} {
			vote := event("v-"+id, feedback.Voted)
			vote.SuggestionID, vote.SourceID, vote.Value = id, "returns", feedback.Relevant
			x.record(t, vote)
		}
		caught(t, digester)
		quoting := suggestion("s9")
		c := x.cases()
		if len(c) != 1 || c[0].Evidence != 2 || !strings.Contains(c[0].Title, "heliotrope") {
			t.Fatalf("the cases are %+v", c)
		}
		quoting.Sources = []retrieval.Cited{{ID: c[0].ID, Kind: kb.Case, Title: c[0].Title, Quote: reply, End: 9}}
		if err := x.eraser.Suggestions.Keep(t.Context(), quoting); err != nil {
			t.Fatal(err)
		}
		got, err := x.eraser.Erase(t.Context(), "shop", feedback.Whom{Customer: "rose"})
		if err != nil || got.Retold != 1 || got.Cases != 0 {
			t.Errorf("erased %+v, %v", got, err)
		}
		if lines := holding(dump(t, db), "heliotrope"); len(lines) > 0 {
			t.Errorf("still held:\n%s", strings.Join(lines, ""))
		}
		if c := x.cases(); len(c) != 1 || c[0].Evidence != 1 || !strings.Contains(c[0].Problem, "vermilion") {
			t.Errorf("the case is %+v", c)
		}
		s, err := x.eraser.Suggestions.Suggestion(t.Context(), "shop", "s9")
		if err != nil || s.Sources[0].Quote != reply || !strings.Contains(s.Sources[0].Title, "vermilion") {
			t.Errorf("a suggestion that quotes it shows %+v, %v", s.Sources, err)
		}
	})
}

// What another process is judging at the moment must not come back.
func TestErasingWaitsForWhatIsBeingJudged(t *testing.T) {
	x := newErasable(t, sqldbtest.SQLite(t))
	x.help("s5", "rose", "Does the heliotrope kettle whistle?", "It does not whistle, but it switches itself off.")
	if ok, err := sqldb.Lease(t.Context(), x.db, "feedback", "another process", time.Hour); !ok || err != nil {
		t.Fatal(err)
	}
	x.eraser.Patience = 1
	if _, err := x.eraser.Erase(t.Context(), "shop", feedback.Whom{Customer: "rose"}); !errors.Is(err, feedback.ErrBusy) {
		t.Errorf("while another judges: %v", err)
	}
	// It had read the suggestion before that was gone, and finishes its work.
	late := feedback.Judgement{SuggestionID: "s5", Seq: 50, Rating: -1, Credits: []feedback.Credit{{Why: "It says heliotrope."}}}
	if err := x.feed.PutJudgements(t.Context(), []feedback.Judgement{late}); err != nil {
		t.Fatal(err)
	}
	caught(t, x.digester())
	if _, err := x.eraser.Erase(t.Context(), "shop", feedback.Whom{Customer: "rose"}); err != nil {
		t.Errorf("after it has judged: %v", err)
	}
	for _, word := range []string{"heliotrope", "periwinkle"} {
		if lines := holding(dump(t, x.db), word); len(lines) > 0 {
			t.Errorf("still held:\n%s", strings.Join(lines, ""))
		}
	}
}
