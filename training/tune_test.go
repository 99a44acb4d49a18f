package training

import (
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/feedback/experiment"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/retrieval/memindex"
)

// A shop is a helpdesk whose operators say which article answers.
type shop struct {
	testing.TB
	learner  *Learner
	answerer *retrieval.Answerer
	indexer  *retrieval.Indexer
	feed     *feedback.Feed
	now      time.Time
	seq      int64
}

func newShop(t testing.TB, articles []*kb.Document) *shop {
	t.Helper()
	db := sqldbtest.SQLite(t)
	local := embeddings.Local{}
	ix, err := memindex.Open("", local.Model(), local.Dim())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ix.Close() })
	space := retrieval.Space{Embedder: local, Index: ix}
	s := &shop{TB: t, now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
	s.learner = &Learner{
		KB: kb.New(db), Suggestions: retrieval.NewStore(db), Feedback: feedback.NewStore(db, nil), Pilots: experiment.NewStore(db),
		Space: func() (retrieval.Space, bool) { return space, true }, Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return s.now },
	}
	s.answerer = &retrieval.Answerer{KB: s.learner.KB, Store: s.learner.Suggestions, Generator: retrieval.Extract{}, Log: s.learner.Log, Now: s.learner.Now}
	s.answerer.Serve(space)
	s.indexer = &retrieval.Indexer{KB: s.learner.KB, Embedder: local, Index: ix}
	s.feed = s.learner.Feedback.In("shop")
	if _, err := s.learner.KB.Create(t.Context(), "shop", "Shop"); err != nil {
		t.Fatal(err)
	}
	s.put(articles...)
	return s
}

func (s *shop) put(articles ...*kb.Document) {
	s.Helper()
	for _, d := range articles {
		if _, err := s.learner.KB.In("shop").Put(s.Context(), d); err != nil {
			s.Fatal(err)
		}
	}
	if _, err := s.indexer.Sync(s.Context(), "shop"); err != nil {
		s.Fatal(err)
	}
}

// ask returns the suggestion for a question, asked a while after the one before.
func (s *shop) ask(question string) retrieval.Suggestion {
	s.Helper()
	s.now = s.now.Add(time.Hour)
	got, err := s.answerer.Suggest(s.Context(), retrieval.Ask{
		Workspace: "shop", Messages: []retrieval.Message{{Role: retrieval.Customer, Text: question}},
	}, retrieval.Watch{})
	if err != nil {
		s.Fatal(err)
	}
	return got
}

// tell stores which article the reply to a question rests on.
func (s *shop) tell(made *retrieval.Suggestion, operator, right string) {
	s.Helper()
	s.seq++
	err := s.feed.PutJudgements(s.Context(), []feedback.Judgement{{
		SuggestionID: made.ID, Seq: s.seq, OperatorID: operator, Language: made.Language, Ranker: made.Ranker, Topic: made.Topic,
		Decision: made.Decision, Used: feedback.Changed, Distance: 0.5, Rating: -1, ResolvedWith: right, SuggestedAt: made.CreatedAt, At: s.now,
	}})
	if err != nil {
		s.Fatal(err)
	}
}

// first reports whether an article was the first candidate.
func first(made *retrieval.Suggestion, id string) bool {
	return len(made.Candidates) > 0 && made.Candidates[0].ID == id
}

// tune runs the job and returns the candidate, if there is one.
func (s *shop) tune() (note string, r retrieval.Ranker) {
	s.Helper()
	note, err := s.learner.Tune(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	rs, err := s.learner.Suggestions.RankersWith(s.Context(), "shop", retrieval.Untried)
	if err != nil {
		s.Fatal(err)
	}
	if len(rs) > 0 {
		r = rs[len(rs)-1]
	}
	return note, r
}

func (s *shop) vectors(version int64) []retrieval.Tuned {
	s.Helper()
	_, ts, err := s.learner.Suggestions.TunedOf(s.Context(), "shop", version)
	if err != nil {
		s.Fatal(err)
	}
	return ts
}

// slang is what customers call things and no article does.
var slang = []string{"boomerang", "gizmo", "doodad", "widget", "thingummy", "whatsit", "contraption", "gubbins"}

// guides are articles about orders that customers' words do not tell apart.
func guides() []*kb.Document {
	names := []string{"refund", "invoice", "courier", "warranty", "voucher", "password", "battery", "exchange"}
	out := make([]*kb.Document, len(names))
	for i, name := range names {
		out[i] = &kb.Document{ID: name, Kind: kb.Article, Content: kb.Content{
			Title: "Order " + name, Body: fmt.Sprintf("Everything there is to say of the %s of an order.", name), Locale: "en",
		}}
	}
	return out
}

// asking makes a question about the ith thing, in words of its own.
func asking(r *rand.Rand, i int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "order %s", slang[i])
	for range 4 {
		b.WriteByte(' ')
		for range 6 {
			b.WriteByte(byte('a' + r.IntN(26)))
		}
	}
	return b.String()
}

// taught is a shop where questions about all guides but the last few have been
// answered.
func taught(t testing.TB, n, without int) *shop {
	s, r, gs := newShop(t, guides()), rand.New(rand.NewPCG(1, 2)), guides()
	for range n {
		i := r.IntN(len(gs) - without)
		made := s.ask(asking(r, i))
		s.tell(&made, fmt.Sprintf("op-%d", r.IntN(5)), gs[i].ID)
	}
	return s
}

func TestTunedVectorsKnowWhatCustomersCallThings(t *testing.T) {
	s, gs := taught(t, 300, 0), guides()
	note, candidate := s.tune()
	if candidate.Version == 0 || !candidate.Learned.Tuned {
		t.Fatalf("the job made no candidate: %s", note)
	}
	// The later questions, as the gate asks them and as they are then answered.
	r := rand.New(rand.NewPCG(3, 4))
	scorer, err := s.learner.denseScorer(t.Context(), &candidate)
	if err != nil {
		t.Fatal(err)
	}
	const later = 80
	questions, rights, foreseen := make([]string, later), make([]string, later), make([][]retrieval.Candidate, later)
	before := 0
	for k := range later {
		i := r.IntN(len(gs))
		questions[k], rights[k] = asking(r, i), gs[i].ID
		made := s.ask(questions[k])
		if first(&made, rights[k]) {
			before++
		}
		if foreseen[k], err = scorer.rescored(t.Context(), &judged{question: made.Question, candidates: made.Candidates}); err != nil {
			t.Fatal(err)
		}
	}
	err = s.learner.Suggestions.Judge(t.Context(), "shop", candidate.Version, retrieval.Ruling{Status: retrieval.Serving, At: s.now})
	if err != nil {
		t.Fatal(err)
	}
	after := 0
	for k := range later {
		made := s.ask(questions[k])
		if first(&made, rights[k]) {
			after++
		}
		dense := make(map[string]float64)
		for _, c := range foreseen[k] {
			dense[c.ID] = c.Dense
		}
		for _, c := range made.Candidates {
			if want, known := dense[c.ID]; known && math.Abs(want-c.Dense) > 2e-3 {
				t.Errorf("%s, %s: meaning counts %.4f, and the gate foresaw %.4f", questions[k], c.ID, c.Dense, want)
			}
		}
	}
	if before > later/3 || after < later*2/3 {
		t.Errorf("%d of %d were right before and %d after", before, later, after)
	}
	t.Logf("%d of %d were right before and %d after; %v", before, later, after, candidate.Figures)
}

func TestTunedVectorsStayWithinTheBound(t *testing.T) {
	s := taught(t, 300, 2)
	_, candidate := s.tune()
	bound, _ := candidate.Figures["bound"].(float64)
	if bound <= 0 || bound > boundMost+1e-9 {
		t.Fatalf("the bound is %v", candidate.Figures["bound"])
	}
	ts := s.vectors(candidate.Version)
	if len(ts) != len(guides())-2 {
		t.Errorf("%d vectors are moved, want those of the articles that answered", len(ts))
	}
	scorer, err := s.learner.denseScorer(t.Context(), &retrieval.Ranker{WorkspaceID: "shop"})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range ts {
		if err := scorer.read(t.Context(), []string{x.Document}); err != nil {
			t.Fatal(err)
		}
		base, far := scorer.passages[x.Document][0].base, 0.0
		for i := range base {
			far += float64(base[i]-x.Vector[i]) * float64(base[i]-x.Vector[i])
		}
		if far > bound+1e-4 || far == 0 || math.Abs(norm(x.Vector)-1) > 1e-4 {
			t.Errorf("%s is moved by %.4f to a length of %.4f, within a bound of %.2f", x.Document, far, norm(x.Vector), bound)
		}
	}
	// Found from where the index has them, and not from where they serve.
	err = s.learner.Suggestions.Judge(t.Context(), "shop", candidate.Version, retrieval.Ruling{Status: retrieval.Serving, At: s.now})
	if err != nil {
		t.Fatal(err)
	}
	_, again := s.tune()
	if again.Version == candidate.Version {
		t.Fatal("the job made no second candidate")
	}
	same := func(a, b retrieval.Tuned) bool {
		return a.Document == b.Document && a.Passage == b.Passage && slices.Equal(a.Vector, b.Vector)
	}
	if !slices.EqualFunc(ts, s.vectors(again.Version), same) {
		t.Error("the same feedback moves vectors elsewhere the second time")
	}
}

func TestWithoutFeedbackNothingMoves(t *testing.T) {
	s, r := newShop(t, guides()), rand.New(rand.NewPCG(1, 2))
	if note, candidate := s.tune(); candidate.Version != 0 {
		t.Errorf("without a question there is a candidate: %s", note)
	}
	for range 200 { // judged, but nobody knows which article was right
		made := s.ask(asking(r, r.IntN(len(slang))))
		s.tell(&made, "op", "")
	}
	if note, candidate := s.tune(); candidate.Version != 0 || !strings.Contains(note, "too few") {
		t.Errorf("without a right article: %s", note)
	}
}

func TestVectorsThatHelpNobodyAreNotMoved(t *testing.T) {
	s, gs := newShop(t, guides()), guides()
	for k := range 200 { // the words tell it already
		i := k % len(gs)
		made := s.ask(fmt.Sprintf("What about the %s, case %d of %s?", gs[i].ID, k, strings.Repeat(string(rune('a'+k%26)), 2+k%5)))
		s.tell(&made, "op", gs[i].ID)
	}
	if note, candidate := s.tune(); candidate.Version != 0 {
		t.Errorf("where all are right already the job comes back %s", note)
	}
}

func TestMovedVectorsOfAChangedArticleAreIgnored(t *testing.T) {
	s, gs := taught(t, 300, 0), guides()
	_, candidate := s.tune()
	plain, err := s.learner.denseScorer(t.Context(), &retrieval.Ranker{WorkspaceID: "shop"})
	if err != nil {
		t.Fatal(err)
	}
	gs[0].Body = "The refund of an order is now told in other words."
	s.put(gs[0])
	made := s.ask("order " + slang[0] + " qwerty")
	scorer, err := s.learner.denseScorer(t.Context(), &candidate)
	if err != nil {
		t.Fatal(err)
	}
	j := &judged{question: made.Question, candidates: made.Candidates}
	was, err := plain.rescored(t.Context(), j)
	if err != nil {
		t.Fatal(err)
	}
	is, err := scorer.rescored(t.Context(), j)
	if err != nil {
		t.Fatal(err)
	}
	moved := 0
	for i := range is {
		if is[i].ID == gs[0].ID && is[i].Dense != was[i].Dense {
			t.Errorf("the changed article counts %.4f and not %.4f", is[i].Dense, was[i].Dense)
		}
		if is[i].Dense != was[i].Dense {
			moved++
		}
	}
	if moved == 0 {
		t.Error("no other article has moved")
	}
}
