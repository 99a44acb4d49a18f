package training

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
)

func TestALessonLeavesOutWhatPeopleDecidedNotToCount(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		g := newGarden(t, db)
		g.open("shop")
		seeds := make([]seed, 40)
		for i := range seeds {
			seeds[i] = g.seed(0)
			seeds[i].judgement.OperatorID = []string{"ann", "bob", "cy", "dee"}[i%4]
		}
		g.plant("shop", seeds...)
		middle := today.Add(20*15*time.Minute + time.Minute) // after the first twenty
		for _, o := range []retrieval.Override{
			{Kind: retrieval.OverOperator, ID: "bob", Action: retrieval.Exclude, At: today},
			{Kind: retrieval.OverOperator, ID: "cy", Action: retrieval.Reset, At: middle},
			{Kind: retrieval.OverSource, ID: article(0), Action: retrieval.Reset, At: middle},
		} {
			o.WorkspaceID = "shop"
			if err := g.learner.Suggestions.Override(t.Context(), o); err != nil {
				t.Fatal(err)
			}
		}
		s, err := g.learner.lesson(t.Context(), "shop")
		if err != nil {
			t.Fatal(err)
		}
		counts := make(map[string]int)
		for i := range s.judged {
			j := &s.judged[i]
			counts[j.operator]++
			for _, c := range j.credits {
				if c.SourceID == article(0) && j.at.Before(middle) {
					t.Errorf("a credit of the source from before it was reset counts, %v", j.at)
				}
				if c.SourceID == article(0) {
					counts["source"]++
				}
			}
			if i > 0 && j.asked.Before(s.judged[i-1].asked) {
				t.Errorf("the lesson is not in order at %d", i)
			}
		}
		if counts["ann"] != 10 || counts["bob"] != 0 || counts["cy"] != 5 || counts["dee"] != 10 {
			t.Errorf("of ten judgements each count %v", counts)
		}
		if counts["source"] == 0 {
			t.Error("no credit of the source since it was reset counts")
		}
	})
}

func TestALessonIsOfOneWorkspaceAndOfWhatIsRemembered(t *testing.T) {
	g := newGarden(t, sqldbtest.SQLite(t))
	g.open("shop")
	g.open("other")
	g.set("shop", func(s *feedback.Settings) { s.HalfLifeDays = 10 })
	g.grow("shop", 5)
	g.grow("other", 7)
	g.now = g.now.Add(remembers*10*24*time.Hour + time.Hour)
	g.grow("shop", 3)
	s, err := g.learner.lesson(t.Context(), "shop")
	if err != nil || len(s.judged) != 3 {
		t.Errorf("%d judgements are remembered: %v", len(s.judged), err)
	}
}

func TestOneWorkspaceThatFailsDoesNotKeepOthersFromTheirs(t *testing.T) {
	g := newGarden(t, sqldbtest.SQLite(t))
	for _, workspace := range []string{"a", "b", "c"} {
		g.open(workspace)
	}
	broken := errors.New("broken")
	note, err := g.learner.each(t.Context(), func(_ context.Context, workspace string) (string, error) {
		if workspace == "b" {
			return "", broken
		}
		return "done", nil
	})
	if !errors.Is(err, broken) || note != "2 done, 1 failed" {
		t.Errorf("%q, %v", note, err)
	}
}

func TestManyQuestionsAreSortedAsOneIs(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	words := []string{"refund", "parcel", "invoice", "password", "battery", "courier", "voucher", "warranty", "late", "lost", "broken", "wrong"}
	question := func() string {
		out := []string{"my"}
		for range 3 {
			out = append(out, words[rng.IntN(len(words))])
		}
		return strings.Join(out, " ")
	}
	var b retrieval.Beliefs
	for i := range 40 {
		vectors, err := embeddings.Local{}.Embed(t.Context(), []string{question()})
		if err != nil {
			t.Fatal(err)
		}
		b.Topics = append(b.Topics, retrieval.Topic{ID: fmt.Sprint("t-", i), Centroid: vectors[0]})
	}
	b.Topics = append(b.Topics, retrieval.Topic{ID: "t-old", Centroid: embeddings.Vector{1, 0}}) // of another scheme
	s, found := newSorter(b.Topics), 0
	for range 300 {
		q := question()
		got, want := s.topicOf(t.Context(), q), b.TopicOf(t.Context(), q)
		if got != want && cosine(t, &b, got, q)-cosine(t, &b, want, q) < -1e-5 {
			t.Errorf("%q is sorted into %s, and alone into %s", q, got, want)
		}
		if got != "" {
			found++
		}
	}
	if found < 100 || found == 300 {
		t.Errorf("%d of 300 questions have a topic", found)
	}
	if got := newSorter(nil).topicOf(t.Context(), "refund"); got != "" {
		t.Errorf("without topics it is %s", got)
	}
}

// cosine of a question with a topic's centroid.
func cosine(t *testing.T, b *retrieval.Beliefs, topic, question string) float32 {
	t.Helper()
	vectors, err := embeddings.Local{}.Embed(t.Context(), []string{question})
	if err != nil {
		t.Fatal(err)
	}
	for i := range b.Topics {
		if b.Topics[i].ID == topic {
			return b.Topics[i].Centroid.Dot(vectors[0])
		}
	}
	return 0
}

func TestCandidatesOfEqualScoreStayInOrder(t *testing.T) {
	cs := []retrieval.Candidate{{ID: "c"}, {ID: "a", Score: 1}, {ID: "b"}}
	got := sorted(cs, func(c *retrieval.Candidate) float64 { return c.Score })
	if got[0] != "a" || got[1] != "c" || got[2] != "b" {
		t.Errorf("the order is %v", got)
	}
}
