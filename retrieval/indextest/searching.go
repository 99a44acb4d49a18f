package indextest

import (
	"math"
	"testing"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

func empty(t *testing.T, x retrieval.Index) {
	wantKeys(t, x, ask(axis(0), words(1), 10))
	q := ask(axis(0), words(1), 10)
	q.Workspace = "never-heard-of"
	wantKeys(t, x, q)
}

func nearest(t *testing.T, x retrieval.Index) {
	put(t, x, entry("far", point(axis(1), 1)), entry("near", point(axis(0), 1)), entry("mid", point(between(0, 1, .5), 1)))
	wantKeys(t, x, ask(axis(0), embeddings.Sparse{}, 10), "near#0", "mid#0", "far#0")
	wantKeys(t, x, ask(axis(0), embeddings.Sparse{}, 2), "near#0", "mid#0")
	for _, h := range search(t, x, ask(axis(0), embeddings.Sparse{}, 10)).Hits {
		want := map[string]float64{"near": 1, "mid": math.Sqrt(.5), "far": 0}[h.Source.ID]
		if !near(h.Dense, want) || !near(h.Score, want) {
			t.Errorf("%s: dense %v, score %v, want %v", h.Source.ID, h.Dense, h.Score, want)
		}
	}
}

func rare(t *testing.T, x retrieval.Index) {
	put(t, x, entry("a", point(axis(0), 1)), entry("b", point(axis(0), 1)), entry("c", point(axis(0), 2)), entry("d", point(axis(0), 1)))
	wantKeys(t, x, ask(nil, words(1, 2), 10), "c#0", "a#0", "b#0", "d#0")
	r := search(t, x, ask(nil, words(1, 2), 10))
	common, alone := idf(4, 3), idf(4, 1)
	if got := r.Hits[0].Lexical[embeddings.BodyWords]; !near(got, alone) {
		t.Errorf("the rare term scores %v, want %v", got, alone)
	}
	if got := r.Hits[1].Lexical[embeddings.BodyWords]; !near(got, common) {
		t.Errorf("the common term scores %v, want %v", got, common)
	}
	if got := r.Mass[embeddings.BodyWords]; !near(got, common+alone) {
		t.Errorf("the query's mass is %v, want %v", got, common+alone)
	}
}

func union(t *testing.T, x retrieval.Index) {
	put(t, x,
		entry("near", point(axis(0), 9)), entry("words", point(axis(1), 1, 2)),
		entry("neither", point(between(0, 1, .6), 1)), entry("nothing", point(axis(2), 9)))
	q := ask(axis(0), words(1, 2), 1)
	q.Weights.Dense = 0.1
	wantKeys(t, x, q, "words#0", "near#0")
	q.Weights.Dense = 10
	wantKeys(t, x, q, "near#0", "words#0")
}

func wordsOnly(t *testing.T, x retrieval.Index) {
	put(t, x, entry("near", point(axis(0), 9)), entry("words", point(between(0, 1, .5), 1, 2)))
	q := ask(axis(0), words(1, 2), 10)
	q.WordsOnly = true
	wantKeys(t, x, q, "words#0")
	if h := search(t, x, q).Hits[0]; !near(h.Dense, math.Sqrt(.5)) {
		t.Errorf("its cosine is %v, want it filled in: %v", h.Dense, math.Sqrt(.5))
	}
}

// oneOfEach has a term of its own in every channel, of weight c+1.
func oneOfEach() embeddings.Sparse {
	var s embeddings.Sparse
	for c := range embeddings.Channels {
		s.Terms = append(s.Terms, term(embeddings.Channel(c), 1))
		s.Weights = append(s.Weights, float32(c+1))
	}
	return s
}

func channels(t *testing.T, x retrieval.Index) {
	put(t, x, entry("a", retrieval.Point{Dense: axis(0), Sparse: oneOfEach()}), entry("b", point(axis(1), 7)))
	q := ask(between(0, 1, .5), embeddings.Sparse{}, 5)
	q.Weights.Dense = 2
	score := 2 * math.Sqrt(.5)
	for c := range embeddings.Channels {
		q.Lexical[c] = embeddings.Sparse{Terms: []uint32{term(embeddings.Channel(c), 1)}, Weights: []float32{0.5}}
		q.Weights.Lexical[c] = 1 / float64(c+2)
		score += 0.5 * idf(2, 1) * float64(c+1) / float64(c+2)
	}
	r := search(t, x, q)
	if len(r.Hits) != 2 || r.Hits[0].Source.ID != "a" {
		t.Fatalf("found %v, want a and b", keys(r.Hits))
	}
	if !near(r.Hits[0].Score, score) {
		t.Errorf("score %v, want %v", r.Hits[0].Score, score)
	}
	for c := range embeddings.Channels {
		want := 0.5 * idf(2, 1) * float64(c+1)
		if got := r.Hits[0].Lexical[c]; !near(got, want) {
			t.Errorf("%v scores %v, want %v", embeddings.Channel(c), got, want)
		}
		if got, want := r.Mass[c], 0.5*idf(2, 1); !near(got, want) {
			t.Errorf("the mass of %v is %v, want %v", embeddings.Channel(c), got, want)
		}
		if got := r.Hits[1].Lexical[c]; got != 0 {
			t.Errorf("b scores %v in %v and shares no term with the query", got, embeddings.Channel(c))
		}
	}
}

func unweighted(t *testing.T, x retrieval.Index) {
	put(t, x, entry("a", retrieval.Point{Dense: axis(0), Sparse: oneOfEach()}), entry("b", point(axis(1), 7)))
	q := ask(axis(0), oneOfEach(), 1)
	q.Weights = retrieval.Weights{}
	r := search(t, x, q)
	if len(r.Hits) != 1 || r.Hits[0].Source.ID != "a" || r.Hits[0].Score != 0 {
		t.Fatalf("found %v, want a alone with score 0", r.Hits)
	}
	if !near(r.Hits[0].Dense, 1) || !near(r.Hits[0].Lexical[0], idf(2, 1)) {
		t.Errorf("channels of weight 0 are not filled in: %+v", r.Hits[0])
	}
}

func zeroScore(t *testing.T, x retrieval.Index) {
	put(t, x, entry("title", retrieval.Point{Dense: axis(0), Sparse: terms(term(embeddings.TitleWords, 1))}), entry("body", point(axis(0), 1)))
	q := ask(nil, terms(term(embeddings.TitleWords, 1), term(embeddings.BodyWords, 1)), 10)
	q.Weights.Lexical[embeddings.BodyWords] = 0
	wantKeys(t, x, q, "title#0")
	wantKeys(t, x, ask(nil, words(2), 10))
	wantKeys(t, x, ask(nil, embeddings.Sparse{}, 10))
}

func ties(t *testing.T, x retrieval.Index) {
	for _, id := range []string{"d", "b", "e", "a", "c"} {
		put(t, x, entry(id, point(axis(0), 1), point(axis(0), 1)))
	}
	all := []string{"a#0", "a#1", "b#0", "b#1", "c#0", "c#1", "d#0", "d#1", "e#0", "e#1"}
	for _, n := range []int{1, 3, 10, 20} {
		want := all[:min(n, len(all))]
		wantKeys(t, x, ask(axis(0), embeddings.Sparse{}, n), want...)
		wantKeys(t, x, ask(nil, words(1), n), want...)
		wantKeys(t, x, ask(axis(0), words(1), n), want...)
	}
}

func wordsAlone(t *testing.T, x retrieval.Index) {
	put(t, x, entry("a", point(axis(0), 1)), entry("b", point(axis(1), 2)))
	r := search(t, x, ask(nil, words(1), 10))
	if len(r.Hits) != 1 || r.Hits[0].Source.ID != "a" || r.Hits[0].Dense != 0 {
		t.Errorf("found %+v, want a alone with no cosine", r.Hits)
	}
}

func noVector(t *testing.T, x retrieval.Index) {
	put(t, x, entry("a", point(nil, 1)), entry("b", point(axis(1), 2)))
	wantKeys(t, x, ask(axis(0), embeddings.Sparse{}, 10), "b#0")
	wantKeys(t, x, ask(axis(0), words(1), 10), "a#0", "b#0")
}

func zeros(t *testing.T, x retrieval.Index) {
	none := make(embeddings.Vector, Dim)
	put(t, x, entry("a", point(none, 1)), entry("b", point(axis(1), 2)))
	wantKeys(t, x, ask(axis(1), embeddings.Sparse{}, 10), "b#0")
	wantKeys(t, x, ask(none, words(1), 10), "a#0")
}

func plenty(t *testing.T, x retrieval.Index) {
	put(t, x, entry("a", point(axis(0), 1)), entry("b", point(between(0, 1, .5), 2)))
	wantKeys(t, x, ask(axis(0), words(1), 1000), "a#0", "b#0")
}

func roundTrip(t *testing.T, x retrieval.Index) {
	e := retrieval.Entry{
		Document: retrieval.Source{
			ID: "кейс:1@x", Kind: kb.Case, Title: "Не пришёл заказ", URL: "https://example.com/?a=1&b=2", Locale: "ru",
			Product: "app", Region: "kz", Tags: []string{"b tag", "доставка"}, Audience: kb.Internal, Revision: 1 << 40, ResolvedWith: "a-1", Evidence: 3,
		},
		Points: []retrieval.Point{{
			Passage: kb.Passage{Ordinal: 3, Heading: "Заказ › Сроки", Text: "Где мой\nзаказ? \U0001F4E6", Start: 70000, End: 70017},
			Dense:   axis(0), Sparse: words(1),
		}},
	}
	put(t, x, e)
	for _, q := range []retrieval.Query{ask(axis(0), embeddings.Sparse{}, 1), ask(nil, words(1), 1)} {
		r := search(t, x, q)
		if len(r.Hits) != 1 {
			t.Fatalf("found %d passages, want 1", len(r.Hits))
		}
		if got := r.Hits[0]; !sameSource(got.Source, e.Document) || got.Passage != e.Points[0].Passage {
			t.Errorf("came back as %+v of %+v", got.Passage, got.Source)
		}
	}
}
