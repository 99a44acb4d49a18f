package curve

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// A cell is the encounters that count as the n-th.
type cell struct {
	n     float64
	count float64
	sum   float64 // of their qualities
}

// A tally is what a likelihood needs to know of one topic's encounters.
type tally struct {
	cells  []cell
	events int
	// rough and its spread estimate the noise without a curve: the sum of the
	// squared pseudo-residuals, and at which n and how many there were.
	rough []residual
}

// A residual is the square of how far a quality lies from the line between
// its neighbours, scaled so that its mean is the variance at n.
type residual struct {
	n      float64
	square float64
}

// Encounters up to exact have a cell of their own; beyond, a cell spans a
// twentieth of n, over which no curve that is still moving moves visibly. So a
// topic met a hundred thousand times has under two hundred cells.
const (
	exact = 40
	span  = 1.05
)

// count checks a topic's encounters and tallies them; they may come in any
// order.
func count(topic string, encounters []Encounter) (tally, []Encounter, error) {
	for _, e := range encounters {
		if e.N < 1 || !(e.Quality >= 0 && e.Quality <= 1) || !(e.Day >= 0) || math.IsInf(e.Day, 0) {
			return tally{}, nil, fmt.Errorf("%w: topic %q: encounter %+v", ErrInvalid, topic, e)
		}
	}
	sorted := slices.Clone(encounters)
	// Ties are broken by all there is, so that the order given does not show.
	slices.SortFunc(sorted, func(a, b Encounter) int {
		return cmp.Or(cmp.Compare(a.N, b.N), cmp.Compare(a.Day, b.Day), cmp.Compare(a.Quality, b.Quality))
	})
	return tallied(sorted), sorted, nil
}

// tallied is the tally of encounters in order.
func tallied(sorted []Encounter) tally {
	t := tally{events: len(sorted)}
	last := -1
	for _, e := range sorted {
		n := float64(e.N)
		key := e.N
		if e.N > exact {
			key = exact + 1 + int(math.Log(n/exact)/math.Log(span))
		}
		if key != last {
			t.cells = append(t.cells, cell{})
			last = key
		}
		c := &t.cells[len(t.cells)-1]
		c.count++
		c.n += (n - c.n) / c.count
		c.sum += e.Quality
	}
	t.rough = residuals(sorted)
	return t
}

// residuals are the pseudo-residuals of Gasser, Sroka and Jennen-Steinmetz
// (1986, Biometrika 73:625): they tell noise from curve before there is one.
func residuals(sorted []Encounter) []residual {
	var out []residual
	for i := 1; i+1 < len(sorted); i++ {
		before, here, after := sorted[i-1], sorted[i], sorted[i+1]
		a := 0.5
		if after.N > before.N {
			a = float64(after.N-here.N) / float64(after.N-before.N)
		}
		b := 1 - a
		e := a*before.Quality + b*after.Quality - here.Quality
		out = append(out, residual{n: float64(here.N), square: e * e / (a*a + b*b + 1)})
	}
	return out
}

// likelihood is the logarithm of the binomial likelihood, which for qualities
// between 0 and 1 is a quasi-likelihood (Wedderburn 1974; Papke and Wooldridge
// 1996). Whoever uses it divides it by the dispersion.
func (t *tally) likelihood(s shape, th theta) float64 {
	end, first := logistic(th[inTheEnd]), logistic(th[atFirst])
	var sum float64
	for _, c := range t.cells {
		ahead, _ := s(c.n, th[rate])
		y := within(end*(1-ahead) + first*ahead)
		if c.sum > 0 {
			sum += c.sum * math.Log(y)
		}
		if c.sum < c.count {
			sum += (c.count - c.sum) * math.Log(1-y)
		}
	}
	return sum
}

// exponentially is likelihood of the exponential, for the hot path: encounters
// that follow each other share one exponential, and those that are useful or
// not one logarithm for as many as their product has room for.
func (t *tally) exponentially(th theta) float64 {
	end, first := logistic(th[inTheEnd]), logistic(th[atFirst])
	per := math.Exp(-th[rate])
	step := math.Exp(-per)
	ahead, last := 1.0, 1.0
	sum, product := 0.0, 1.0
	for _, c := range t.cells {
		switch c.n - last {
		case 0:
		case 1:
			ahead *= step
		default:
			ahead = math.Exp(-(c.n - 1) * per)
		}
		last = c.n
		y := within(end*(1-ahead) + first*ahead)
		switch {
		case c.count == 1 && c.sum == 1:
			product *= y
		case c.count == 1 && c.sum == 0:
			product *= 1 - y
		default:
			sum += c.sum*math.Log(y) + (c.count-c.sum)*math.Log(1-y)
		}
		if product < 1e-200 {
			sum += math.Log(product)
			product = 1
		}
	}
	return sum + math.Log(product)
}

// graded reports whether any quality lies between 0 and 1.
func graded(topics [][]Encounter) bool {
	for _, t := range topics {
		for _, e := range t {
			if e.Quality > 0 && e.Quality < 1 {
				return true
			}
		}
	}
	return false
}
