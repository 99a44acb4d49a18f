package qdrantindex

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/qdrant/go-client/qdrant"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/retrieval"
)

const (
	// slack is how many passages more than asked for are fetched, to see
	// whether the last one is equal to others that would come after it.
	slack = 16

	// mostEqual bounds how far a row of equal passages is followed. It is long
	// enough for a template that fills a knowledge base.
	mostEqual = 1024

	// breadth is how many passages a dense search keeps in view at least while
	// it walks the graph. More find more of the true neighbours, at their cost.
	breadth = 512

	// scanned is how many bytes of vectors a dense search looks through one by
	// one rather than walk the graph: what takes a core some 10 ms.
	scanned = 64 << 20
)

// Search implements retrieval.Index.
func (ix *Index) Search(ctx context.Context, q retrieval.Query) (retrieval.Result, error) {
	if n := len(q.Dense); n != 0 && n != ix.dim {
		return retrieval.Result{}, fmt.Errorf("qdrantindex: search: %w: a question of dimension %d for model %s, which has %d",
			embeddings.ErrMisconfigured, n, ix.model, ix.dim)
	}
	s := search{ix: ix, q: &q, n: max(q.N, 1), found: make(map[string]*candidate)}
	var r retrieval.Result
	err := ix.read(ctx, func(ctx context.Context) (err error) {
		if s.passages, err = ix.passages(ctx); err != nil {
			return err
		}
		if err = s.find(ctx); err != nil {
			return err
		}
		r, err = s.score(ctx)
		r.Hits = s.hits()
		return err
	})
	if err != nil {
		return retrieval.Result{}, fmt.Errorf("qdrantindex: search in %s: %w", q.Workspace, err)
	}
	return r, nil
}

// A search is one question on its way.
type search struct {
	ix       *Index
	q        *retrieval.Query
	n        int
	passages float64               // in the whole collection
	found    map[string]*candidate // by point id
}

// A candidate is a passage that was found.
type candidate struct {
	retrieval.Hit
	id   *qdrant.PointId
	near bool // Dense is known
}

// A leg is one of the two ways of searching.
type leg struct {
	using string
	query *qdrant.Query
	exact bool // passages are looked at one by one
}

// find fills in s.found, in one round trip unless equal passages stand where
// the results are cut, or the graph leads nowhere.
func (s *search) find(ctx context.Context) error {
	var legs []leg
	if terms, weights := weighted(&s.q.Lexical, &s.q.Weights.Lexical); len(terms) > 0 {
		legs = append(legs, leg{lexicalVector, qdrant.NewQuerySparse(terms, weights), true})
	}
	if says(s.q.Dense) && !s.q.WordsOnly {
		small := s.passages*float64(4*s.ix.dim) <= scanned
		legs = append(legs, leg{denseVector, qdrant.NewQueryDense(s.q.Dense), small})
	}
	filter := filterOf(s.q.Workspace, &s.q.Filter)
	for limit := s.n + slack; len(legs) > 0; limit *= 4 {
		requests := make([]*qdrant.QueryPoints, len(legs))
		for i, l := range legs {
			requests[i] = s.ix.query(l, filter, limit)
			requests[i].WithPayload = qdrant.NewWithPayload(true)
		}
		answers, err := s.ix.ask(ctx, requests)
		if err != nil {
			return err
		}
		var again []leg
		for i, points := range answers {
			switch {
			case len(points) < limit && !legs[i].exact:
				// Either so few pass the filter, or none of the points where a
				// walk can begin does: then Qdrant finds nothing at all.
				legs[i].exact = true
				again = append(again, legs[i])
			case len(points) == limit && limit < mostEqual && settle(points[s.n-1].GetScore()) == settle(points[limit-1].GetScore()):
				again = append(again, legs[i])
			default:
				s.take(legs[i], points)
			}
		}
		legs = again
	}
	return nil
}

// take adds the best of what a leg brought to what was found.
func (s *search) take(l leg, points []*qdrant.ScoredPoint) {
	best := make([]*candidate, 0, len(points))
	for _, p := range points {
		c := &candidate{Hit: hitOf(p.GetPayload()), id: p.GetId()}
		c.Score = settle(p.GetScore()) // of this leg, until hits sets it
		if l.using == lexicalVector && c.Score <= 0 {
			continue
		}
		best = append(best, c)
	}
	slices.SortFunc(best, byScore)
	for _, c := range best[:min(len(best), s.n)] {
		known, ok := s.found[c.id.GetUuid()]
		if !ok {
			known = c
			s.found[c.id.GetUuid()] = c
		}
		if l.using == denseVector {
			known.Dense, known.near = c.Score, true
		}
	}
}

// score fills in what find left open, and returns a result that has all but
// the hits.
func (s *search) score(ctx context.Context) (r retrieval.Result, err error) {
	questions := slices.Concat(s.open(), s.ix.probes(&s.q.Lexical, s.passages))
	requests := make([]*qdrant.QueryPoints, len(questions))
	for i := range questions {
		requests[i] = questions[i].request
	}
	answers, err := s.ix.ask(ctx, requests)
	if err != nil {
		return r, err
	}
	for i := range questions {
		questions[i].answer(answers[i])
	}
	return s.ix.frequency.result(&s.q.Lexical, s.passages), nil
}

// A question is a request of a batch and what to do with its answer.
type question struct {
	request *qdrant.QueryPoints
	answer  func([]*qdrant.ScoredPoint)
}

// open asks for the scores that the found passages lack.
func (s *search) open() []question {
	if len(s.found) == 0 {
		return nil
	}
	var all, far []*qdrant.PointId
	for _, c := range s.found {
		all = append(all, c.id)
		if !c.near {
			far = append(far, c.id)
		}
	}
	var questions []question
	add := func(l leg, ids []*qdrant.PointId, set func(*candidate, float64)) {
		only := &qdrant.Filter{Must: []*qdrant.Condition{qdrant.NewHasID(ids...)}}
		questions = append(questions, question{s.ix.query(l, only, len(ids)), func(points []*qdrant.ScoredPoint) {
			for _, p := range points {
				if c := s.found[p.GetId().GetUuid()]; c != nil {
					set(c, settle(p.GetScore()))
				}
			}
		}})
	}
	for channel, terms := range s.q.Lexical {
		if terms.Len() > 0 {
			add(leg{lexicalVector, qdrant.NewQuerySparse(terms.Terms, terms.Weights), true}, all,
				func(c *candidate, score float64) { c.Lexical[channel] = score })
		}
	}
	if says(s.q.Dense) && len(far) > 0 {
		add(leg{denseVector, qdrant.NewQueryDense(s.q.Dense), true}, far, func(c *candidate, score float64) { c.Dense = score })
	}
	return questions
}

// hits returns what was found, best first.
func (s *search) hits() []retrieval.Hit {
	found := slices.Collect(maps.Values(s.found))
	for _, c := range found {
		c.Score = s.q.Weights.Dense * c.Dense
		for channel, score := range c.Lexical {
			c.Score += s.q.Weights.Lexical[channel] * score
		}
	}
	slices.SortFunc(found, byScore)
	hits := make([]retrieval.Hit, len(found))
	for i, c := range found {
		hits[i] = c.Hit
	}
	return hits
}

// byScore orders candidates as retrieval.Index says.
func byScore(a, b *candidate) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Source.ID, b.Source.ID), cmp.Compare(a.Passage.Ordinal, b.Passage.Ordinal))
}

// weighted joins the channels of a query to one, each multiplied by its weight.
func weighted(lexical *retrieval.Lexical, weights *[embeddings.Channels]float64) ([]uint32, []float32) {
	sum := make(map[uint32]float32)
	for channel, terms := range lexical {
		for i, term := range terms.Terms {
			if w := float32(weights[channel]) * terms.Weights[i]; w > 0 {
				sum[term] += w // two channels' terms can have one hash
			}
		}
	}
	terms := slices.Sorted(maps.Keys(sum))
	values := make([]float32, len(terms))
	for i, term := range terms {
		values[i] = sum[term]
	}
	return terms, values
}

// settle makes scores equal that differ by rounding alone. Qdrant adds in 32
// bits and in an order that each segment has for itself, so equal passages can
// come with scores that differ in their last bits. It drops the last seven of
// 24: enough to hold the noise of some hundred additions.
func settle(score float32) float64 {
	const noise = 1 << 7
	bits := math.Float32bits(score)
	return float64(math.Float32frombits((bits + noise/2) &^ (noise - 1)))
}

// query asks for the limit best by the leg that pass the filter.
func (ix *Index) query(l leg, filter *qdrant.Filter, limit int) *qdrant.QueryPoints {
	var params *qdrant.SearchParams // of no use to words, where search is always exact
	if l.using == denseVector {
		params = &qdrant.SearchParams{
			Exact:  &l.exact,
			HnswEf: qdrant.PtrOf(uint64(max(breadth, 2*limit))),
			// Where a filter thins the graph out, neighbours' neighbours are
			// followed too.
			Acorn: &qdrant.AcornSearchParams{Enable: qdrant.PtrOf(true)},
		}
	}
	return &qdrant.QueryPoints{
		CollectionName: ix.collection, Query: l.query, Using: &l.using, Filter: filter, Params: params,
		Limit: qdrant.PtrOf(uint64(limit)), WithPayload: qdrant.NewWithPayload(false),
	}
}

// ask makes requests in one round trip and returns their answers in order.
func (ix *Index) ask(ctx context.Context, requests []*qdrant.QueryPoints) ([][]*qdrant.ScoredPoint, error) {
	if len(requests) == 0 {
		return nil, nil
	}
	results, err := ix.client.QueryBatch(ctx, &qdrant.QueryBatchPoints{CollectionName: ix.collection, QueryPoints: requests})
	if err != nil {
		return nil, err
	}
	if len(results) != len(requests) {
		return nil, fmt.Errorf("the server answered %d of %d queries", len(results), len(requests))
	}
	answers := make([][]*qdrant.ScoredPoint, len(results))
	for i, r := range results {
		answers[i] = r.GetResult()
	}
	return answers, nil
}
