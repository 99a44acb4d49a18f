package training

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// A counted embedder counts what it is asked for, and hides that passages can
// be embedded another way.
type counted struct {
	embeddings.Embedder
	texts int
}

func (c *counted) Embed(ctx context.Context, texts []string) ([]embeddings.Vector, error) {
	c.texts += len(texts)
	return c.Embedder.Embed(ctx, texts)
}

// tilted is where a vector is moved to in these tests.
func tilted(v embeddings.Vector) embeddings.Vector {
	to := make(embeddings.Vector, len(v))
	to[1] = 1
	return nudged(v, to, 0.3)
}

// everything moves all passages of the documents.
func everything(d *denseScorer, ids ...string) placement {
	p := make(placement)
	for _, id := range ids {
		for _, x := range d.passages[id] {
			p.put(id, x.hash, tilted(x.base))
		}
	}
	return p
}

func TestAFitIsExactInBothKindsOfSpaces(t *testing.T) {
	long := strings.Repeat("Filler about nothing in particular, to make a passage of its own. ", 40)
	docs := guides()
	docs[2].Body = "# Where\n\nThe courier calls before.\n\n" + long + "\n\n# When\n\nIn the evening, by ten.\n\n" + long
	s := newShop(t, docs)
	for _, semantic := range []bool{false, true} {
		d, err := s.learner.denseScorer(t.Context(), &retrieval.Ranker{WorkspaceID: "shop"})
		if err != nil {
			t.Fatal(err)
		}
		d.space.Semantic = semantic
		j := &judged{question: "when does the courier with my order refund come"}
		for _, doc := range docs {
			j.candidates = append(j.candidates, retrieval.Candidate{ID: doc.ID})
		}
		if err := d.prepare(t.Context(), []*judged{j}); err != nil {
			t.Fatal(err)
		}
		if len(d.passages["courier"]) < 2 {
			t.Fatal("the long article is one passage")
		}
		q := d.question(j)
		slope, start := 0.8, 0.0
		if semantic {
			slope, start = 1.1, -0.05
		}
		was, is := make([]float64, len(docs)), make([]float64, len(docs))
		target := everything(d, "refund", "courier", "password")
		most, highest := 0.0, 0.0
		for i := range j.candidates {
			c := &j.candidates[i]
			p := nearestPassage(d.passages[c.ID], q)
			was[i], is[i] = float64(p.base.Dot(q)), float64(target.of(c.ID, p).Dot(q))
			c.Dense = start + slope*was[i]
			most, highest = max(most, c.Dense), max(highest, c.Dense+slope*(is[i]-was[i]))
		}
		scale := 1.0
		if semantic && highest > most {
			scale = most / highest
		}
		for i, c := range d.fit(j, nil).under(target) {
			want := scale * (j.candidates[i].Dense + slope*(is[i]-was[i]))
			if math.Abs(c.Dense-want) > 1e-6 {
				t.Errorf("semantic %v, %s: %.5f, want %.5f", semantic, c.ID, c.Dense, want)
			}
		}
		// And back: what was made with moved vectors, as it would be without.
		moved := *j
		moved.candidates = d.fit(j, nil).under(target)
		if !semantic {
			for i, c := range d.fit(&moved, target).under(nil) {
				if math.Abs(c.Dense-j.candidates[i].Dense) > 1e-6 {
					t.Errorf("back, %s: %.5f, want %.5f", c.ID, c.Dense, j.candidates[i].Dense)
				}
			}
		}
	}
}

func TestWhatOneRunEmbedsIsBounded(t *testing.T) {
	s := newShop(t, guides())
	model := &counted{Embedder: embeddings.Local{}}
	s.learner.Space = func() (retrieval.Space, bool) { return retrieval.Space{Embedder: model}, true }
	d, err := s.learner.denseScorer(t.Context(), &retrieval.Ranker{WorkspaceID: "shop"})
	if err != nil {
		t.Fatal(err)
	}
	if d.questionsLeft != questionsMost || d.passagesLeft != passagesMost {
		t.Errorf("the bounds are %d and %d", d.questionsLeft, d.passagesLeft)
	}
	d.questionsLeft, d.passagesLeft = 3, 2
	var js []*judged
	for i := range 9 {
		js = append(js, &judged{question: fmt.Sprint("order refund ", i), candidates: []retrieval.Candidate{{ID: "refund", Dense: 0.5}, {ID: "voucher"}, {ID: "courier", Dense: 0.2}}})
	}
	for range 2 {
		if err := d.prepare(t.Context(), js); err != nil {
			t.Fatal(err)
		}
		if model.texts != 3+2 {
			t.Errorf("%d texts are embedded, want three questions and two passages", model.texts)
		}
	}
	d.target = everything(d, "refund")
	if got, err := d.rescored(t.Context(), js[0]); err != nil || got[0].Dense == 0.5 || got[2].Dense != 0.2 {
		t.Errorf("within the bounds: %v, %v", got, err)
	}
	if got, err := d.rescored(t.Context(), js[8]); err != nil || got[0].Dense != 0.5 {
		t.Errorf("beyond the bounds: %v, %v; want what it was", got, err)
	}
}

func TestVectorsOfAnotherModelAreNotCompared(t *testing.T) {
	s := newShop(t, guides())
	r := retrieval.Ranker{WorkspaceID: "shop", Status: retrieval.Untried, Learned: retrieval.Learned{Tuned: true}, CreatedAt: s.now}
	doc, err := s.learner.KB.In("shop").Document(t.Context(), "refund")
	if err != nil {
		t.Fatal(err)
	}
	p := kb.Split(&doc)[0]
	ts := []retrieval.Tuned{{Document: "refund", Passage: retrieval.PassageHash(doc.Title, &p), Vector: make(embeddings.Vector, embeddings.Local{}.Dim())}}
	made := s.ask("where is my order refund")
	j := &judged{question: made.Question, candidates: made.Candidates}
	for _, tt := range []struct {
		model string
		moves bool
	}{{"another", false}, {embeddings.Local{}.Model(), true}} {
		if err := s.learner.Suggestions.AddTuned(t.Context(), &r, tt.model, ts); err != nil {
			t.Fatal(err)
		}
		d, err := s.learner.denseScorer(t.Context(), &r)
		if err != nil {
			t.Fatal(err)
		}
		got, err := d.rescored(t.Context(), j)
		if err != nil {
			t.Fatal(err)
		}
		if moved := got[0].Dense != made.Candidates[0].Dense; moved != tt.moves {
			t.Errorf("vectors of %s count: %v", tt.model, moved)
		}
	}
	s.learner.Space = func() (retrieval.Space, bool) { return retrieval.Space{}, false }
	if _, err := s.learner.denseScorer(t.Context(), &r); !errors.Is(err, errNoSpace) {
		t.Errorf("without an index: %v", err)
	}
}
