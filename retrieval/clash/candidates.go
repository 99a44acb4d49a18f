package clash

import (
	"cmp"
	"context"
	"slices"
)

const (
	// postings is how many statements a feature may have to be looked up: what
	// is said everywhere finds nothing.
	postings = 250

	// nearest is how many statements are held against each one.
	nearest = 24

	// looked is how many features of a statement are looked up, the rarest
	// first.
	looked = 12
)

// An index finds statements by what they share.
type index struct {
	*corpus
	lists  map[uint64][]int32
	shared []float32 // by statement: weight shared with the one in hand
	found  []int32
}

// A feature is a word's stem or concept, with the measure of a fact beside it
// for statements with facts.
type feature struct {
	id     uint64
	weight float32
}

// features returns what a statement is found by: the words beside its facts, or
// the words alone.
func (c *corpus) features(s *statement, facts bool) []feature {
	var out []feature
	each := func(salt uint64) {
		for i := range s.items {
			w := &c.words[s.items[i].word]
			out = append(out, feature{hash(w.key, salt), w.idf})
			for _, t := range w.terms {
				out = append(out, feature{uint64(t)*0x9e3779b97f4a7c15 ^ salt, w.idf})
			}
		}
	}
	if !facts {
		each(0)
		return out
	}
	for i := range s.facts {
		salt := hash(s.facts[i].family, 1)
		if i > 0 && slices.ContainsFunc(s.facts[:i], func(f fact) bool { return f.family == s.facts[i].family }) {
			continue
		}
		each(salt)
	}
	return out
}

// hash is FNV-1a.
func hash(s string, salt uint64) uint64 {
	h := uint64(14695981039346656037) ^ salt*0x9e3779b97f4a7c15
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// newIndex indexes the statements by their words, or by their words beside the
// measures of their facts.
func (c *corpus) newIndex(facts bool) *index {
	x := &index{corpus: c, lists: make(map[uint64][]int32), shared: make([]float32, len(c.statements))}
	for i := range c.statements {
		for _, f := range c.features(&c.statements[i], facts) {
			list := x.lists[f.id]
			if len(list) > postings || len(list) > 0 && list[len(list)-1] == int32(i) {
				continue
			}
			x.lists[f.id] = append(list, int32(i))
		}
	}
	return x
}

// near returns the statements of other documents that share most with s,
// which is the ith.
func (x *index) near(i int, facts bool) []int32 {
	s := &x.statements[i]
	features := x.features(s, facts)
	slices.SortFunc(features, func(a, b feature) int {
		return cmp.Or(cmp.Compare(len(x.lists[a.id]), len(x.lists[b.id])), cmp.Compare(a.id, b.id))
	})
	features = slices.CompactFunc(features, func(a, b feature) bool { return a.id == b.id })
	for n, f := range features {
		list := x.lists[f.id]
		if n >= looked && len(list) > 40 || len(list) > postings {
			break
		}
		for _, j := range list {
			if x.statements[j].doc == s.doc {
				continue
			}
			if x.shared[j] == 0 {
				x.found = append(x.found, j)
			}
			x.shared[j] += f.weight
		}
	}
	out := slices.Clone(x.found)
	slices.SortFunc(out, func(a, b int32) int {
		return cmp.Or(cmp.Compare(x.shared[b], x.shared[a]), cmp.Compare(a, b))
	})
	for _, j := range x.found {
		x.shared[j] = 0
	}
	x.found = x.found[:0]
	return out[:min(len(out), nearest)]
}

// contradictions returns the contradictions of all documents, or of one.
func (c *corpus) contradictions(ctx context.Context, only int) ([]Pair, error) {
	j := judge{corpus: c, seen: make(map[[2]int32]bool)}
	for _, facts := range [...]bool{true, false} {
		x := c.newIndex(facts)
		for i := range c.statements {
			s := &c.statements[i]
			if i%256 == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			// Held against one document, its statements do the looking, and
			// those that say nothing polar meet those that do.
			if only >= 0 && int(s.doc) != only || facts && len(s.facts) == 0 || !facts && !s.polar && len(s.opposites) == 0 && only < 0 {
				continue
			}
			for _, n := range x.near(i, facts) {
				j.pair(int32(i), n, facts)
			}
		}
	}
	return j.best(), nil
}

// repeats is how often one sentence is told of: where a hundred documents share
// it, one that says otherwise is one thing to do, and not a hundred.
const repeats = 3

// best returns the pairs found, at most a few of two documents.
func (j *judge) best() []Pair {
	slices.SortStableFunc(j.out, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.docs[0], b.docs[0]), cmp.Compare(a.docs[1], b.docs[1]),
			cmp.Compare(a.A.Start, b.A.Start), cmp.Compare(a.B.Start, b.B.Start))
	})
	count, repeated := make(map[[2]int32]int), make(map[string]int)
	var out []Pair
	for _, p := range j.out {
		// A statement of a pair that was told already tells it again.
		if told := slices.ContainsFunc(out, func(q Pair) bool {
			return p.A.DocumentID == q.A.DocumentID && p.B.DocumentID == q.B.DocumentID &&
				(p.A.Start == q.A.Start || p.B.Start == q.B.Start)
		}); told || count[p.docs] == most || repeated[p.A.Quote] == repeats || repeated[p.B.Quote] == repeats {
			continue
		}
		count[p.docs]++
		repeated[p.A.Quote]++
		repeated[p.B.Quote]++
		out = append(out, p.Pair)
	}
	return out
}
