package memindex

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/whetstone-desk/whetstone/retrieval"
)

// search finds what q asks for in the snapshot; l is for it to work with.
func (s *snapshot) search(ctx context.Context, q *retrieval.Query, l *lexicalQuery) (retrieval.Result, error) {
	pass := s.filter(&q.Filter)
	n := min(max(q.N, 1), max(s.live, 1))
	var near []scored
	if present(q.Dense) && !q.WordsOnly {
		d := newDenseQuery(q.Dense, n)
		for i := range s.parts {
			if err := ctx.Err(); err != nil {
				return retrieval.Result{}, err
			}
			d.scan(i, &s.parts[i], pass[i])
		}
		near = d.nearest(s).heap
		slices.SortFunc(near, func(a, b scored) int { return comparePlaces(a.place, b.place) })
	}
	result := l.prepare(q, s)
	// A score of 0 is no result.
	byWords := newBest(s, n, math.SmallestNonzeroFloat32)
	rest := near
	for i := range s.parts {
		if err := ctx.Err(); err != nil {
			return retrieval.Result{}, err
		}
		l.add(&s.parts[i])
		l.choose(i, pass[i], byWords)
		for ; len(rest) > 0 && int(rest[0].part) == i; rest = rest[1:] {
			rest[0].lexical = l.scores(int(rest[0].slot))
		}
	}
	result.Hits = s.hits(q, union(near, byWords.heap))
	return result, nil
}

func comparePlaces(a, b place) int {
	return cmp.Or(cmp.Compare(a.part, b.part), cmp.Compare(a.slot, b.slot))
}

// union returns the passages of two lists, each once.
func union(a, b []scored) []scored {
	all := slices.Concat(a, b)
	slices.SortFunc(all, func(a, b scored) int { return comparePlaces(a.place, b.place) })
	return slices.CompactFunc(all, func(a, b scored) bool { return a.place == b.place })
}

// hits reads the passages found, best first.
func (s *snapshot) hits(q *retrieval.Query, found []scored) []retrieval.Hit {
	hits := make([]retrieval.Hit, len(found))
	for i, x := range found {
		p := &s.parts[x.part]
		h := &hits[i]
		h.Source = p.source(int(p.docOf[x.slot]))
		h.Passage = p.passage(int(x.slot))
		if q.Dense != nil {
			h.Dense = float64(dot(q.Dense, p.vector(int(x.slot))))
		}
		h.Score = q.Weights.Dense * h.Dense
		for c, score := range x.lexical {
			h.Lexical[c] = float64(score)
			h.Score += q.Weights.Lexical[c] * float64(score)
		}
	}
	slices.SortFunc(hits, func(a, b retrieval.Hit) int {
		if a.Score != b.Score {
			return cmp.Compare(b.Score, a.Score)
		}
		return cmp.Or(cmp.Compare(a.Source.ID, b.Source.ID), cmp.Compare(a.Passage.Ordinal, b.Passage.Ordinal))
	})
	return hits
}

// filter returns, by part, the living passages that pass.
func (s *snapshot) filter(f *retrieval.Filter) []bitmap {
	pass := make([]bitmap, len(s.parts))
	for i := range s.parts {
		pass[i] = s.parts[i].alive
		if !f.Empty() {
			pass[i] = s.parts[i].filter(f)
		}
	}
	return pass
}

// filter returns the living passages of the part that pass. Documents of one
// class pass together, so that f is asked once for each class.
func (p *part) filter(f *retrieval.Filter) bitmap {
	byClass := *f
	byClass.IDs = nil
	passes := make([]bool, len(p.classes))
	for c := range p.classes {
		passes[c] = byClass.Match(&p.classes[c])
	}
	pass := make(bitmap, len(p.alive))
	take := func(doc int) {
		if !passes[p.classOf[doc]] {
			return
		}
		for slot := int(p.first[doc]); slot < int(p.first[doc+1]); slot++ {
			pass.set(slot)
		}
	}
	if len(f.IDs) > 0 {
		for _, id := range f.IDs {
			if doc := p.doc(id); doc >= 0 {
				take(doc)
			}
		}
	} else {
		for doc := range p.docs {
			take(doc)
		}
	}
	for i := range pass {
		pass[i] &= p.alive[i]
	}
	return pass
}
