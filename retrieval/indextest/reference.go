package indextest

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// A Reference says what an index should find, by looking at every passage. It
// is for one workspace and one goroutine. The zero value is empty.
type Reference struct {
	entries map[string]retrieval.Entry
}

// Replace does what an Index's does.
func (r *Reference) Replace(entries []retrieval.Entry) {
	if r.entries == nil {
		r.entries = make(map[string]retrieval.Entry)
	}
	for _, e := range entries {
		delete(r.entries, e.Document.ID)
		if len(e.Points) > 0 {
			r.entries[e.Document.ID] = e
		}
	}
}

// Entries returns what is held, in order of document id.
func (r *Reference) Entries() []retrieval.Entry {
	entries := slices.Collect(maps.Values(r.entries))
	slices.SortFunc(entries, func(a, b retrieval.Entry) int { return cmp.Compare(a.Document.ID, b.Document.ID) })
	return entries
}

// idf is the inverse document frequency of a term that df of n passages have.
func idf(n, df int) float64 {
	return math.Log((float64(n)-float64(df)+.5)/(float64(df)+.5) + 1)
}

// idfs returns the idf of every term of the query.
func (r *Reference) idfs(q *retrieval.Query) map[uint32]float64 {
	n := 0
	df := make(map[uint32]int)
	for _, e := range r.entries {
		for _, p := range e.Points {
			n++
			for _, t := range p.Sparse.Terms {
				df[t]++
			}
		}
	}
	out := make(map[uint32]float64)
	for _, channel := range q.Lexical {
		for _, t := range channel.Terms {
			out[t] = idf(n, df[t])
		}
	}
	return out
}

// A candidate is a passage that passes the filter, with its scores.
type candidate struct {
	retrieval.Hit
	dense   bool    // has a vector, and the query too
	lexical float64 // weighted
}

// candidates scores everything that passes q's filter, and the query's mass.
func (r *Reference) candidates(q *retrieval.Query) ([]candidate, [embeddings.Channels]float64) {
	idfs := r.idfs(q)
	var mass [embeddings.Channels]float64
	for c, channel := range q.Lexical {
		for i, t := range channel.Terms {
			mass[c] += float64(channel.Weights[i]) * idfs[t]
		}
	}
	var out []candidate
	for _, e := range r.Entries() {
		if !q.Filter.Match(&e.Document) {
			continue
		}
		for _, p := range e.Points {
			c := candidate{Hit: retrieval.Hit{Source: e.Document, Passage: p.Passage}, dense: present(p.Dense) && present(q.Dense)}
			if c.dense {
				c.Dense = float64(p.Dense.Dot(q.Dense))
			}
			for i, channel := range q.Lexical {
				c.Lexical[i] = score(channel, p.Sparse, idfs)
				c.lexical += q.Weights.Lexical[i] * c.Lexical[i]
			}
			c.Score = q.Weights.Dense*c.Dense + c.lexical
			out = append(out, c)
		}
	}
	return out, mass
}

// score is the lexical score of a passage in one channel.
func score(query, passage embeddings.Sparse, idfs map[uint32]float64) float64 {
	sum := 0.0
	for i, t := range query.Terms {
		if at, ok := slices.BinarySearch(passage.Terms, t); ok {
			sum += float64(query.Weights[i]) * idfs[t] * float64(passage.Weights[at])
		}
	}
	return sum
}

func present(v embeddings.Vector) bool {
	return slices.ContainsFunc(v, func(x float32) bool { return x != 0 })
}

// Check reports, one sentence each, where got is not what q should find. It
// allows for rounding: passages whose scores are all but equal may stand in
// either order, and either may be cut off.
func (r *Reference) Check(q retrieval.Query, got retrieval.Result) []string {
	all, mass := r.candidates(&q)
	k := &checker{got: make(map[string]bool)}
	for c := range mass {
		if !near(got.Mass[c], mass[c]) {
			k.fault("mass of %v: %v, want %v", embeddings.Channel(c), got.Mass[c], mass[c])
		}
		idfs := r.idfs(&q)
		for i, t := range q.Lexical[c].Terms {
			if i >= len(got.IDF[c]) || !near(got.IDF[c][i], idfs[t]) {
				k.fault("idf of the terms of %v: %v, want %v for that at %d", embeddings.Channel(c), got.IDF[c], idfs[t], i)
				break
			}
		}
	}
	k.order(got.Hits)
	k.scores(got.Hits, all)
	lexical := slices.DeleteFunc(slices.Clone(all), func(c candidate) bool { return c.lexical <= 0 })
	dense := slices.DeleteFunc(slices.Clone(all), func(c candidate) bool { return !c.dense })
	byWords := func(c *candidate) float64 { return c.lexical }
	byVector := func(c *candidate) float64 { return c.Dense }
	k.cut(lexical, q.N, byWords)
	if !q.WordsOnly {
		k.cut(dense, q.N, byVector)
	}
	for key := range k.got {
		if !k.allowed[key] {
			k.fault("%s is neither among the best by words nor among the nearest", key)
		}
	}
	return k.faults
}

// A checker compares a result with what it should be.
type checker struct {
	got     map[string]bool
	allowed map[string]bool
	faults  []string
}

func (k *checker) fault(format string, args ...any) {
	k.faults = append(k.faults, fmt.Sprintf(format, args...))
}

// order checks that hits come best first, equal ones by key.
func (k *checker) order(hits []retrieval.Hit) {
	for i, h := range hits {
		if k.got[key(h)] {
			k.fault("%s comes twice", key(h))
		}
		k.got[key(h)] = true
		if i == 0 {
			continue
		}
		if last := hits[i-1]; last.Score < h.Score || last.Score == h.Score && !before(last, h) {
			k.fault("%s (%v) comes after %s (%v)", key(h), h.Score, key(last), last.Score)
		}
	}
}

// scores checks every hit's scores, source and passage.
func (k *checker) scores(hits []retrieval.Hit, all []candidate) {
	want := make(map[string]candidate, len(all))
	for _, c := range all {
		want[key(c.Hit)] = c
	}
	for _, h := range hits {
		w, ok := want[key(h)]
		if !ok {
			k.fault("%s is not there or does not pass the filter", key(h))
			continue
		}
		if h.Passage != w.Passage || !sameSource(h.Source, w.Source) {
			k.fault("%s came back as %+v of %+v", key(h), h.Passage, h.Source)
		}
		// The score may be a small difference of large parts.
		parts := math.Abs(w.Score-w.lexical) + w.lexical
		if math.Abs(h.Score-w.Score) > 1e-4+1e-3*parts || !near(h.Dense, w.Dense) {
			k.fault("%s scores %v with cosine %v, want %v and %v", key(h), h.Score, h.Dense, w.Score, w.Dense)
		}
		for c := range h.Lexical {
			if !near(h.Lexical[c], w.Lexical[c]) {
				k.fault("%s scores %v in %v, want %v", key(h), h.Lexical[c], embeddings.Channel(c), w.Lexical[c])
			}
		}
	}
}

// cut checks that the n best are there, and notes who may be.
func (k *checker) cut(list []candidate, n int, score func(*candidate) float64) {
	if k.allowed == nil {
		k.allowed = make(map[string]bool)
	}
	slices.SortFunc(list, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(score(&b), score(&a)), compareKeys(a.Hit, b.Hit))
	})
	for i := range list {
		c := &list[i]
		if i < n {
			k.allowed[key(c.Hit)] = true
			// What all but ties with the first one left out may be left out.
			if !k.got[key(c.Hit)] && (n >= len(list) || !near(score(c), score(&list[n]))) {
				k.fault("%s, number %d of its kind with %v, is missing", key(c.Hit), i+1, score(c))
			}
		} else if near(score(c), score(&list[n-1])) {
			k.allowed[key(c.Hit)] = true
		}
	}
}

// near reports whether two scores are equal but for rounding: 1e-3 of the
// larger, or 1e-4 where both are small.
func near(a, b float64) bool {
	return math.Abs(a-b) <= 1e-4+1e-3*max(math.Abs(a), math.Abs(b))
}

func sameSource(a, b retrieval.Source) bool {
	return a.ID == b.ID && a.Kind == b.Kind && a.Title == b.Title && a.URL == b.URL && a.Locale == b.Locale &&
		a.Product == b.Product && a.Region == b.Region && slices.Equal(a.Tags, b.Tags) && a.Audience == b.Audience && a.Revision == b.Revision
}

func key(h retrieval.Hit) string { return fmt.Sprintf("%s#%d", h.Source.ID, h.Passage.Ordinal) }

func keys(hits []retrieval.Hit) []string {
	out := make([]string, len(hits))
	for i, h := range hits {
		out[i] = key(h)
	}
	return out
}

func before(a, b retrieval.Hit) bool { return compareKeys(a, b) < 0 }

func compareKeys(a, b retrieval.Hit) int {
	return cmp.Or(cmp.Compare(a.Source.ID, b.Source.ID), cmp.Compare(a.Passage.Ordinal, b.Passage.Ordinal))
}
