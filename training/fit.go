package training

import (
	"math"

	"github.com/whetstone-desk/whetstone/retrieval"
)

// How factors are fitted.
const (
	// ridge is how strongly a factor is held where it is: as strongly as by a
	// hundred or so judgements.
	ridge = 120

	// fitLeast is how many judgements it takes to fit factors, and topicFitLeast
	// within a topic, which must be of topicFitOperators operators at least.
	fitLeast          = 40
	topicFitLeast     = 30
	topicFitOperators = 2

	// operatorFitMost bounds what one operator's judgements come to.
	operatorFitMost = 100

	// newtonMost is how many steps are taken at most, and newtonDone below which
	// change they end.
	newtonMost = 15
	newtonDone = 1e-4
)

// signals is how many factors are fitted: all but that of cases.
const signals = 5

// A choice is an article that an operator answered from, among the candidates
// there were.
type choice struct {
	xs     [][signals]float64 // each candidate's signals
	offset []float64          // and what cases and its bonus add
	right  int
	weight float64
}

// fitFactors fits how much each signal counts to which of the candidates
// operators answered from: listwise softmax regression (the conditional logit
// of McFadden 1974; ListNet's top one, Cao et al. 2007), drawn to the usual
// factors and bounded. Judgements of low places weigh more, as fewer sources
// there are looked at (Joachims, Swaminathan and Schnabel 2017), one operator's
// no more than operatorFitMost together, and those that the fit itself finds
// unlikely less (a mixture with slips). Cases count as much as caseTrust finds
// for the same judgements and have no factor: two that are both learned would
// multiply, and theirs is to follow what happens at once.
//
// With too few judgements it returns the zero Factors, which change nothing.
// Topics that have taught enough get factors of their own, drawn to the whole's
// as those are to the usual.
func fitFactors(js []judged, weight func(*judged) float64) (retrieval.Factors, map[string]retrieval.Factors) {
	whole := make([]int, 0, len(js))
	topics := make(map[string][]int)
	for i := range js {
		if j := &js[i]; j.right != "" && len(j.candidates) > 1 && placeOf(j.candidates, j.right) >= 0 {
			whole = append(whole, i)
			if j.topic != "" {
				topics[j.topic] = append(topics[j.topic], i)
			}
		}
	}
	if len(whole) < fitLeast {
		return retrieval.Factors{}, nil
	}
	l := ledger{js: js, weight: weight, places: weighing{examined: examination(js)}}
	l.cases, _ = caseTrust(js, weight)
	fitted := regress(l.choices(whole), [signals]float64{1, 1, 1, 1, 1})
	byTopic := make(map[string]retrieval.Factors)
	for _, topic := range inOrder(topics) {
		at := topics[topic]
		operators := make(map[string]bool)
		for _, i := range at {
			operators[js[i].operator] = true
		}
		if len(at) < topicFitLeast || len(operators) < topicFitOperators {
			continue
		}
		byTopic[topic] = factorsOf(regress(l.choices(at), fitted))
	}
	return factorsOf(fitted), byTopic
}

func factorsOf(f [signals]float64) retrieval.Factors {
	for i := range f {
		f[i] = math.Round(f[i]*1e4) / 1e4
	}
	return retrieval.Factors{Title: f[0], Body: f[1], Grams: f[2], Place: f[3], Dense: f[4]}
}

// A ledger is what choices are read from.
type ledger struct {
	js     []judged
	weight func(*judged) float64
	places weighing // by where sources stood
	cases  float64  // weight of what cases say
}

// choices are the judgements at those places in js, weighed.
func (l *ledger) choices(at []int) []choice {
	out := make([]choice, 0, len(at))
	byOperator := make(map[string]float64)
	plain, debiased := 0., 0.
	for _, i := range at {
		j := &l.js[i]
		c := choice{right: placeOf(j.candidates, j.right), weight: l.weight(j)}
		plain += c.weight
		c.weight *= l.places.debiased(shownAt(j))
		debiased += c.weight
		byOperator[j.operator] += c.weight
		for k := range j.candidates {
			x := &j.candidates[k]
			c.xs = append(c.xs, [signals]float64{x.Title, x.Body, x.Grams, x.Place, x.Dense})
			c.offset = append(c.offset, l.cases*x.Cases+x.Bonus)
		}
		out = append(out, c)
	}
	if debiased == 0 {
		return nil
	}
	scale := plain / debiased // correcting for places makes no judgements
	for n, i := range at {
		total := scale * byOperator[l.js[i].operator]
		if total > 0 {
			out[n].weight *= scale * operatorFitMost * (1 - math.Exp(-total/operatorFitMost)) / total
		}
	}
	return out
}

// regress takes Newton steps from before, which it is drawn to, within the
// bounds.
func regress(cs []choice, before [signals]float64) [signals]float64 {
	f := before
	for range newtonMost {
		var g [signals]float64
		var h [signals][signals]float64
		for i := range cs {
			cs[i].slope(&f, &g, &h)
		}
		for k := range f {
			g[k] += ridge * (before[k] - f[k])
			h[k][k] += ridge
		}
		// A factor at a bound that wants to go beyond it stays.
		for k := range f {
			if f[k] <= retrieval.MinFactor && g[k] < 0 || f[k] >= retrieval.MaxFactor && g[k] > 0 {
				g[k] = 0
				for l := range f {
					h[k][l], h[l][k] = 0, 0
				}
				h[k][k] = 1
			}
		}
		moved := 0.
		for k, step := range solved(h, g) {
			was := f[k]
			f[k] = max(retrieval.MinFactor, min(retrieval.MaxFactor, f[k]+step))
			moved = max(moved, math.Abs(f[k]-was))
		}
		if moved < newtonDone {
			break
		}
	}
	return f
}

// slope adds what the choice says of the gradient and of the curvature at f.
func (c *choice) slope(f, g *[signals]float64, h *[signals][signals]float64) {
	var room [10]float64
	ps := room[:0]
	top := math.Inf(-1)
	for i := range c.xs {
		z := c.offset[i]
		for k, x := range c.xs[i] {
			z += f[k] * x
		}
		ps = append(ps, sharpness*z)
		top = max(top, sharpness*z)
	}
	all := 0.
	for i := range ps {
		ps[i] = math.Exp(ps[i] - top)
		all += ps[i]
	}
	var mean [signals]float64
	for i := range ps {
		ps[i] /= all
		for k, x := range c.xs[i] {
			mean[k] += ps[i] * x
		}
	}
	meant := (1 - slip) * ps[c.right]
	weight := c.weight * meant / (meant + slip/float64(len(ps)))
	for i, p := range ps {
		for k, x := range c.xs[i] {
			away := sharpness * (x - mean[k])
			if i == c.right {
				g[k] += weight * away
			}
			for l := range k + 1 {
				h[k][l] += weight * p * away * sharpness * (c.xs[i][l] - mean[l])
			}
		}
	}
	for k := range h {
		for l := range k {
			h[l][k] = h[k][l]
		}
	}
}

// solved solves h·x = g for a positive definite h (Cholesky).
func solved(h [signals][signals]float64, g [signals]float64) [signals]float64 {
	for k := range signals {
		for l := range k + 1 {
			sum := h[k][l]
			for m := range l {
				sum -= h[k][m] * h[l][m]
			}
			if k == l {
				h[k][k] = math.Sqrt(sum)
			} else {
				h[k][l] = sum / h[l][l]
			}
		}
	}
	for k := range signals {
		for m := range k {
			g[k] -= h[k][m] * g[m]
		}
		g[k] /= h[k][k]
	}
	for k := signals - 1; k >= 0; k-- {
		for m := k + 1; m < signals; m++ {
			g[k] -= h[m][k] * g[m]
		}
		g[k] /= h[k][k]
	}
	return g
}

// How it is found which places are looked at.
const (
	// placesMost is how many places are told apart.
	placesMost = 10

	// placeEvidence is how many expected uses of a place the belief is worth
	// that the usual share of sources there is looked at.
	placeEvidence = 200

	// placeLeast is the share of the usual that is believed at least.
	placeLeast = 0.5
)

// usuallyExamined is the chance that the source in a place, from 1, is looked
// at, beside that in the first: sources of a suggestion are few and short, so
// it falls more slowly than for pages of search results.
func usuallyExamined(place int) float64 { return 1 / math.Sqrt(float64(max(1, place))) }

// examination estimates the chance that the source in a place, from 1, is
// looked at, beside that in the first: how often it was the one the reply rests
// on against how often it should have been by its score (one step of
// regression EM: Wang et al. 2018), drawn to usuallyExamined. Places above the
// tenth are as the tenth.
func examination(js []judged) func(place int) float64 {
	var uses, expected [placesMost]float64
	for i := range js {
		j := &js[i]
		if j.right == "" || len(j.shown) == 0 || len(j.candidates) == 0 {
			continue
		}
		if at := shownAt(j); at > 0 {
			uses[min(at, placesMost)-1]++
		}
		all := 0.
		for k := range j.candidates {
			all += math.Exp(sharpness * (j.candidates[k].Score - j.candidates[0].Score))
		}
		for n, id := range j.shown[:min(placesMost, len(j.shown))] {
			if k := placeOf(j.candidates, id); k >= 0 {
				expected[n] += math.Exp(sharpness*(j.candidates[k].Score-j.candidates[0].Score)) / all
			}
		}
	}
	var chances [placesMost]float64
	first := (uses[0] + placeEvidence) / (expected[0] + placeEvidence)
	for n := range chances {
		usual := usuallyExamined(n + 1)
		share := (uses[n]/first + placeEvidence*usual) / (expected[n] + placeEvidence)
		chances[n] = max(placeLeast*usual, min(1, share))
		if n > 0 {
			chances[n] = min(chances[n], chances[n-1])
		}
	}
	chances[0] = 1
	return func(place int) float64 { return chances[max(1, min(place, placesMost))-1] }
}

// shownAt is the place, from 1, at which the operator saw the article that the
// reply rests on, or a case that was resolved with it; 0: not among what was
// shown, or it is not known what was.
func shownAt(j *judged) int {
	at := 0
	for n, id := range j.shown {
		if id == j.right {
			at = n + 1
			break
		}
	}
	for i := range j.credits {
		c := &j.credits[i]
		if c.Article == j.right && c.Place > 0 && (at == 0 || c.Place < at) {
			at = c.Place
		}
	}
	return at
}
