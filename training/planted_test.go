package training

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/feedback/experiment"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// A garden is helpdesks whose suggestions and judgements are planted: what
// became of them is known, so what must be learned of them is as well.
type garden struct {
	testing.TB
	db      *gorm.DB
	learner *Learner
	now     time.Time
	rng     *rand.Rand
	seq     int64
}

func newGarden(t testing.TB, db *gorm.DB) *garden {
	t.Helper()
	g := &garden{TB: t, db: db, now: today, rng: rand.New(rand.NewPCG(7, 8))}
	g.learner = &Learner{
		KB: kb.New(db), Suggestions: retrieval.NewStore(db), Feedback: feedback.NewStore(db, nil), Pilots: experiment.NewStore(db),
		Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return g.now },
	}
	return g
}

// plots is how many articles a workspace has.
const plots = 8

func article(i int) string { return fmt.Sprintf("article-%d", i) }

// open makes a workspace with its articles.
func (g *garden) open(workspace string) {
	g.Helper()
	if _, err := g.learner.KB.Create(g.Context(), workspace, workspace); err != nil {
		g.Fatal(err)
	}
	docs := make([]*kb.Document, plots)
	for i := range docs {
		docs[i] = &kb.Document{ID: article(i), Kind: kb.Article, Content: kb.Content{
			Title: fmt.Sprint("Article ", i), Body: "It says something. It says something else, at some length. And that is all of it.", Locale: "en",
		}}
	}
	if _, err := g.learner.KB.In(workspace).PutAll(g.Context(), docs); err != nil {
		g.Fatal(err)
	}
}

// A seed is a suggestion and what became of it.
type seed struct {
	suggestion retrieval.Suggestion
	judgement  feedback.Judgement
}

// seed makes up a question that article right answers. Words of texts tell that
// more often than not, words of titles mislead, and the ranking as it is counts
// both alike.
func (g *garden) seed(right int) seed {
	words := []string{"how"}
	for range 6 {
		words = append(words, fmt.Sprintf("w%x", g.rng.Uint32()))
	}
	question := strings.Join(words, " ")
	cs := make([]retrieval.Candidate, plots)
	for i := range cs {
		cs[i] = retrieval.Candidate{ID: article(i), Title: g.rng.Float64() * 0.5, Body: g.rng.Float64() * 0.3, Grams: g.rng.Float64() * 0.1}
		if i == right {
			cs[i].Body += 0.25
		}
		cs[i].Score = cs[i].Rescore(retrieval.Factors{}, 1, 0)
	}
	order := sorted(cs, func(c *retrieval.Candidate) float64 { return c.Score })
	ranked := make([]retrieval.Candidate, len(cs))
	for at, id := range order {
		ranked[at] = cs[placeOf(cs, id)]
	}
	s := seed{
		suggestion: retrieval.Suggestion{Question: question, Language: "en", Decision: retrieval.Drafted, Candidates: ranked, RawConfidence: 0.5},
		judgement: feedback.Judgement{
			OperatorID: fmt.Sprint("op-", g.rng.IntN(12)), Language: "en", Topic: "helpdesk", Decision: retrieval.Drafted,
			Used: feedback.Replaced, Distance: 1, Rating: -1, ResolvedWith: article(right), Shown: order[:5],
		},
	}
	if order[0] == article(right) {
		s.judgement.Used, s.judgement.Distance = feedback.Unchanged, 0
	}
	for place, id := range order[:5] {
		c := feedback.Credit{SourceID: id, Kind: kb.Article, Article: id, Place: place + 1}
		switch {
		case id == article(right):
			c.Verdict, c.Amount = feedback.Kept, 0.8
		case place == 0:
			c.Verdict, c.Amount = feedback.Dropped, -0.5
		}
		s.judgement.Credits = append(s.judgement.Credits, c)
	}
	return s
}

// plant stores seeds, asked a quarter of an hour after each other; the clock is
// then after the last of them.
func (g *garden) plant(workspace string, seeds ...seed) {
	g.Helper()
	sgs, js := make([]retrieval.Suggestion, len(seeds)), make([]feedback.Judgement, len(seeds))
	for i := range seeds {
		g.seq++
		g.now = g.now.Add(15 * time.Minute)
		s, j := seeds[i].suggestion, seeds[i].judgement
		s.WorkspaceID, s.ID, s.CreatedAt, s.Mode = workspace, fmt.Sprintf("s%08d", g.seq), g.now, retrieval.ForOperator
		j.WorkspaceID, j.SuggestionID, j.Seq, j.SuggestedAt, j.At = workspace, s.ID, g.seq, g.now, g.now
		s.Ranker = j.Ranker
		sgs[i], js[i] = s, j
	}
	err := g.db.Transaction(func(tx *gorm.DB) error {
		if err := tx.CreateInBatches(sgs, 200).Error; err != nil {
			return err
		}
		return tx.CreateInBatches(js, 200).Error
	})
	if err != nil {
		g.Fatal(err)
	}
}

// grow plants n questions about articles at random.
func (g *garden) grow(workspace string, n int) {
	g.Helper()
	seeds := make([]seed, n)
	for i := range seeds {
		seeds[i] = g.seed(g.rng.IntN(plots))
	}
	g.plant(workspace, seeds...)
}

// do runs a job and returns its note.
func (g *garden) do(job func(*Learner) (string, error)) string {
	g.Helper()
	note, err := job(g.learner)
	if err != nil {
		g.Fatal(err)
	}
	return note
}

func (g *garden) rerank() string {
	return g.do(func(l *Learner) (string, error) { return l.Rerank(g.Context()) })
}

func (g *garden) promote() string {
	return g.do(func(l *Learner) (string, error) { return l.Promote(g.Context()) })
}

func (g *garden) calibrate() string {
	return g.do(func(l *Learner) (string, error) { return l.Calibrate(g.Context()) })
}

// rankers returns the workspace's rankers, the oldest first.
func (g *garden) rankers(workspace string) []retrieval.Ranker {
	g.Helper()
	rs, err := g.learner.Suggestions.Rankers(g.Context(), workspace, 1000)
	if err != nil {
		g.Fatal(err)
	}
	out := make([]retrieval.Ranker, len(rs))
	for i := range rs {
		out[len(rs)-1-i] = rs[i]
	}
	return out
}

// statuses lists what became of the workspace's rankers, the oldest first.
func (g *garden) statuses(workspace string) string {
	g.Helper()
	var out strings.Builder
	for _, r := range g.rankers(workspace) {
		_, _ = fmt.Fprintf(&out, "%d %s, ", r.Version, r.Status)
	}
	return out.String()
}

// add stores a candidate that learned from nothing later than now.
func (g *garden) add(workspace string, learned retrieval.Learned) int64 {
	g.Helper()
	if learned.Through.IsZero() {
		learned.Through = g.now
	}
	r := retrieval.Ranker{WorkspaceID: workspace, Status: retrieval.Untried, Learned: learned, CreatedAt: g.now, Figures: map[string]any{"job": "test"}}
	if err := g.learner.Suggestions.AddRanker(g.Context(), &r); err != nil {
		g.Fatal(err)
	}
	return r.Version
}

// set changes the settings of a workspace.
func (g *garden) set(workspace string, change func(*feedback.Settings)) {
	g.Helper()
	s := feedback.DefaultSettings()
	change(&s)
	if err := feedback.SetSettings(g.Context(), g.db, workspace, s); err != nil {
		g.Fatal(err)
	}
}

// better and worse rank by what tells right from wrong, and by what does not.
func better() retrieval.Learned {
	return retrieval.Learned{Factors: retrieval.Factors{Title: 0.5, Body: 2}}
}

func worse() retrieval.Learned {
	return retrieval.Learned{Factors: retrieval.Factors{Title: 2, Body: 0.5}}
}
