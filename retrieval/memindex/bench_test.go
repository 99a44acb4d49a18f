package memindex_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/retrieval/memindex"
)

// WHETSTONE_BENCH_PASSAGES and WHETSTONE_BENCH_DIM set the size of what the
// benchmarks search, 100000 passages with vectors of 256 if unset.
func setting(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

// A corpus makes passages like those of a knowledge base: 60 words and their
// grams, a title of six, vectors that gather around topics. Words and grams are
// as unevenly common as in a language.
type corpus struct {
	*rand.Rand
	dim    int
	words  *rand.Zipf
	grams  [][]uint32 // by word
	topics []embeddings.Vector
}

func newCorpus(dim int) *corpus {
	r := rand.New(rand.NewPCG(1, 1))
	c := &corpus{Rand: r, dim: dim, words: rand.NewZipf(r, 1.15, 200, 100_000)}
	grams := rand.NewZipf(r, 1.05, 1000, 40_000)
	for range 100_001 {
		g := make([]uint32, 3+r.IntN(6))
		for i := range g {
			g[i] = uint32(grams.Uint64())
		}
		c.grams = append(c.grams, g)
	}
	for range 300 {
		c.topics = append(c.topics, c.vector(nil))
	}
	return c
}

// vector makes a unit vector, near a topic if there is one.
func (c *corpus) vector(topic embeddings.Vector) embeddings.Vector {
	v := make(embeddings.Vector, c.dim)
	for i := range v {
		v[i] = float32(c.NormFloat64())
	}
	v.Unit()
	for i := range topic {
		v[i] += topic[i]
	}
	return v.Unit()
}

// hash is a term of a channel.
func hash(channel embeddings.Channel, token uint32) uint32 {
	h := (token + uint32(channel)<<24) * 0x9e3779b1
	return (h ^ h>>15) * 0x85ebca6b
}

// field makes n words of a title or a body and their grams.
func (c *corpus) field(n int, words, grams embeddings.Channel) (w, g embeddings.Sparse) {
	for range n {
		word := uint32(c.words.Uint64())
		w.Terms = append(w.Terms, hash(words, word))
		for _, gram := range c.grams[word] {
			g.Terms = append(g.Terms, hash(grams, gram))
		}
	}
	return c.finish(w), c.finish(g)
}

func (c *corpus) finish(s embeddings.Sparse) embeddings.Sparse {
	slices.Sort(s.Terms)
	s.Terms = slices.Compact(s.Terms)
	for range s.Terms {
		s.Weights = append(s.Weights, .5+c.Float32())
	}
	return s
}

func (c *corpus) entry(id int) retrieval.Entry {
	e := retrieval.Entry{Document: retrieval.Source{
		ID: fmt.Sprintf("article-%07d", id), Kind: kb.Article, Title: "How to return what you do not like", Locale: []string{"ru", "en"}[c.IntN(2)],
		Product: fmt.Sprint("product ", c.IntN(20)), Tags: []string{"returns"}, Audience: kb.Public,
	}}
	titleWords, titleGrams := c.field(6, embeddings.TitleWords, embeddings.TitleGrams)
	for i := range 4 {
		words, grams := c.field(60, embeddings.BodyWords, embeddings.BodyGrams)
		var all embeddings.Sparse
		for _, s := range []embeddings.Sparse{titleWords, titleGrams, words, grams} {
			all.Terms = append(all.Terms, s.Terms...)
		}
		text := make([]byte, 420)
		for i := range text {
			text[i] = 'a' + byte(c.IntN(26))
		}
		e.Points = append(e.Points, retrieval.Point{
			Passage: kb.Passage{Ordinal: i, Heading: "Returns › Deadlines", Text: string(text), Start: 400 * i, End: 400 * (i + 1)},
			Sparse:  c.finish(all), Dense: c.vector(c.topics[c.IntN(len(c.topics))]),
		})
	}
	return e
}

// query makes a question of ten words.
func (c *corpus) query() retrieval.Query {
	q := retrieval.Query{Workspace: "w", N: 50, Weights: retrieval.Weights{Dense: 4, Lexical: [...]float64{1, .4, 1, .4}}}
	seed := c.Uint64()
	for channel := range embeddings.Channels {
		// The same words in title and body.
		same := *c
		same.Rand = rand.New(rand.NewPCG(seed, 2))
		same.words = rand.NewZipf(same.Rand, 1.15, 200, 100_000)
		w, g := same.field(10, embeddings.Channel(channel&^1), embeddings.Channel(channel|1))
		q.Lexical[channel] = w
		if channel&1 == 1 {
			q.Lexical[channel] = g
		}
		for i := range q.Lexical[channel].Weights {
			q.Lexical[channel].Weights[i] = 1
		}
	}
	q.Dense = c.vector(c.topics[c.IntN(len(c.topics))])
	return q
}

// fill fills an index and returns how long that took, making passages apart.
func fill(b *testing.B, x *memindex.Index, c *corpus, passages int) time.Duration {
	b.Helper()
	var spent time.Duration
	for id := 0; x.Len("w") < passages; {
		var entries []retrieval.Entry
		for range 128 {
			entries = append(entries, c.entry(id))
			id++
		}
		start := time.Now()
		if err := x.Replace(b.Context(), "w", entries); err != nil {
			b.Fatal(err)
		}
		if err := x.SetPosition(b.Context(), "w", int64(id)); err != nil {
			b.Fatal(err)
		}
		spent += time.Since(start)
	}
	return spent
}

func openBench(b *testing.B, dir string, dim int) *memindex.Index {
	b.Helper()
	x, err := memindex.Open(dir, "bench", dim)
	if err != nil {
		b.Fatal(err)
	}
	return x
}

func closeBench(b *testing.B, x *memindex.Index) {
	b.Helper()
	if err := x.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkIndex fills an index on disk, opens it again and searches it.
func BenchmarkIndex(b *testing.B) {
	passages, dim := setting("WHETSTONE_BENCH_PASSAGES", 100_000), setting("WHETSTONE_BENCH_DIM", 256)
	dir, c := b.TempDir(), newCorpus(dim)
	x := openBench(b, dir, dim)
	b.Run("Replace", func(b *testing.B) {
		// Once is enough to tell, and all that the rest needs.
		for b.Loop() {
			if x.Len("w") == 0 {
				b.ReportMetric(float64(passages)/fill(b, x, c, passages).Seconds(), "passages/s")
			}
		}
	})
	closeBench(b, x)
	b.Run("Open", func(b *testing.B) {
		for b.Loop() {
			closeBench(b, openBench(b, dir, dim))
		}
	})
	x = openBench(b, dir, dim)
	defer closeBench(b, x)
	fill(b, x, c, passages) // if Replace was not to run
	queries := make([]retrieval.Query, 200)
	for i := range queries {
		queries[i] = c.query()
	}
	for _, kind := range []struct {
		name string
		ask  func(*retrieval.Query)
	}{
		{"Both", func(*retrieval.Query) {}},
		{"Words", func(q *retrieval.Query) { q.Dense = nil }},
		{"Vector", func(q *retrieval.Query) { q.Lexical = retrieval.Lexical{} }},
		{"OneLocale", func(q *retrieval.Query) { q.Filter.Locales = []string{"ru"} }},
		{"OneProduct", func(q *retrieval.Query) { q.Filter.Product = "product 3" }},
	} {
		b.Run(kind.name, func(b *testing.B) { searches(b, x, queries, kind.ask) })
	}
}

// searches measures queries one by one.
func searches(b *testing.B, x *memindex.Index, queries []retrieval.Query, ask func(*retrieval.Query)) {
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		q := queries[i%len(queries)]
		ask(&q)
		start := time.Now()
		if _, err := x.Search(b.Context(), q); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	for _, p := range []int{50, 99} {
		b.ReportMetric(float64(took[len(took)*p/100].Microseconds())/1000, fmt.Sprintf("p%d-ms", p))
	}
}
