package training

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// shuffled is what was learned with factors dealt to other signals and what was
// learned of each source to another.
func shuffled(l retrieval.Learned, rng *rand.Rand) retrieval.Learned {
	deal := func(f retrieval.Factors) retrieval.Factors {
		x := []float64{f.Title, f.Body, f.Grams, f.Place, f.Dense, f.Cases}
		rng.Shuffle(len(x), func(i, j int) { x[i], x[j] = x[j], x[i] })
		return retrieval.Factors{Title: x[0], Body: x[1], Grams: x[2], Place: x[3], Dense: x[4], Cases: x[5]}
	}
	l.Factors = deal(l.Factors)
	byTopic := make(map[string]retrieval.Factors)
	for topic, f := range l.ByTopic {
		byTopic[topic] = deal(f)
	}
	ids := slices.Sorted(maps.Keys(l.Sources))
	sources := make(map[string]retrieval.Usefulness)
	for i, at := range rng.Perm(len(ids)) {
		sources[ids[i]] = l.Sources[ids[at]]
	}
	l.ByTopic, l.Sources = byTopic, sources
	return l
}

// inverted says of a seed that an article of which nothing was used was right.
func inverted(s seed, rng *rand.Rand) seed {
	right := s.judgement.ResolvedWith
	for s.judgement.ResolvedWith == right {
		s.judgement.ResolvedWith = s.suggestion.Candidates[rng.IntN(plots)].ID
	}
	s.judgement.Credits = slices.Clone(s.judgement.Credits)
	for i := range s.judgement.Credits {
		s.judgement.Credits[i].Amount *= -1
	}
	return s
}

// simulate brings a candidate that is no good to the gate and reports whether
// it was promoted. It is learned by the rerank job, either from what was turned
// round or rightly and then shuffled so that it is worse than nothing learned,
// and tried on questions told rightly.
func (g *garden) simulate(workspace string, shuffle bool) bool {
	g.Helper()
	g.open(workspace)
	seeds := make([]seed, 400)
	for i := range seeds {
		seeds[i] = g.seed(g.rng.IntN(plots))
		if !shuffle && i < 280 { // what rerank learns from
			seeds[i] = inverted(seeds[i], g.rng)
		}
	}
	g.plant(workspace, seeds...)
	if _, err := g.learner.rerank(g.Context(), workspace); err != nil {
		g.Fatal(err)
	}
	if shuffle {
		learned := g.rankers(workspace)[0].Learned
		r := retrieval.Ranker{WorkspaceID: workspace, Status: retrieval.Untried, CreatedAt: g.now, Figures: map[string]any{"job": "rerank"}}
		for r.Learned = shuffled(learned, g.rng); g.truly(&r) >= 0; r.Learned = shuffled(learned, g.rng) {
		}
		if err := g.learner.candidate(g.Context(), &r, "", nil); err != nil {
			g.Fatal(err)
		}
	}
	if _, err := g.learner.promote(g.Context(), workspace); err != nil {
		g.Fatal(err)
	}
	return strings.Contains(g.statuses(workspace), string(retrieval.Serving))
}

// TestAWorseCandidateIsHardlyEverPromoted simulates whole promotions: half of
// the candidates have their weights shuffled, half have learned from the
// contrary of what was right.
func TestAWorseCandidateIsHardlyEverPromoted(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation: make test runs it in full, without the race detector")
	}
	g := newGarden(t, sqldbtest.SQLite(t))
	n := simulations(30, 200)
	promoted := make(map[bool]int)
	for k := range n {
		shuffle := k%2 == 0
		if g.simulate(fmt.Sprint("shop-", k), shuffle) {
			promoted[shuffle]++
		}
	}
	t.Logf("of %d candidates %d with shuffled weights and %d with inverted labels were promoted", n, promoted[true], promoted[false])
	wrongly := promoted[true] + promoted[false]
	if limit := 0.05 + 2*math.Sqrt(.05*.95/float64(n)); float64(wrongly) > limit*float64(n) {
		t.Errorf("%d of %d worse candidates were promoted", wrongly, n)
	}
}

// truly is by how much more of 2,000 new questions are answered rightly with a
// ranker than with nothing learned.
func (g *garden) truly(r *retrieval.Ranker) float64 {
	g.Helper()
	rng := g.rng
	g.rng = rand.New(rand.NewPCG(21, uint64(r.Version)))
	defer func() { g.rng = rng }()
	scorer, err := g.learner.denseScorer(g.Context(), r)
	if err != nil {
		g.Fatal(err)
	}
	o := ordering{ranker: r, caseWeight: 1, dense: scorer}
	gained := 0.0
	for range 2000 {
		s := g.seed(g.rng.IntN(plots))
		right := s.judgement.ResolvedWith
		order, err := o.order(g.Context(), &judged{topic: "helpdesk", candidates: s.suggestion.Candidates})
		if err != nil {
			g.Fatal(err)
		}
		gained += reciprocal(order, right) - 1/float64(1+placeOf(s.suggestion.Candidates, right))
	}
	return gained / 2000
}

func TestACandidateLearnedRightlyIsMostlyPromoted(t *testing.T) {
	g := newGarden(t, sqldbtest.SQLite(t))
	const n = 6
	for k := range n {
		workspace := fmt.Sprint("shop-", k)
		g.open(workspace)
		g.grow(workspace, 400)
	}
	g.rerank()
	g.promote()
	serving := 0
	for k := range n {
		if strings.Contains(g.statuses(fmt.Sprint("shop-", k)), string(retrieval.Serving)) {
			serving++
		}
	}
	if serving < n-1 {
		t.Errorf("%d of %d candidates serve", serving, n)
	}
}
