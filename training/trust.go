package training

import (
	"math"
	"slices"

	"github.com/whetstone-desk/whetstone/retrieval"
)

// How the weight of what cases say is found. With one weight for all, streams
// whose questions come again gain most from cases that count fully, and those
// whose questions never do lose by them; the mixture loses .01 at most on any
// stream tried, in any quarter, first quarters included.
const (
	// learningRate is how much of a judgement's likelihood counts: below 1, a
	// model that is only nearly true does not make up its mind too soon (the
	// safe Bayes of Grünwald 2012).
	learningRate = 0.3

	// slip is the share of judgements that are taken to say nothing, so that no
	// single one can rule a weight out.
	slip = 0.05

	// nobodyOver is how far, as a logarithm, one operator's judgements may move
	// the odds between two weights, however many they are: 55 to 1.
	nobodyOver = 4
)

const (
	caseWeights = 7
	sharpnesses = 3
)

// caseGrid returns the weights that are weighed up, and how likely each is held
// before any judgement. Without any, the weight is their mean, about
// retrieval.UntriedCases. Weights above 1.5 were of no use on any stream tried.
func caseGrid() (weights, before [caseWeights]float64) {
	weights = [caseWeights]float64{0, 0.25, 0.5, 0.75, 1, 1.25, 1.5}
	before = [caseWeights]float64{1, 4, 2, 1, 1, 0.5, 0.25}
	total := 0.
	for _, b := range before {
		total += b
	}
	for i := range before {
		before[i] /= total
	}
	return weights, before
}

// sharpnessGrid returns how sharply scores may tell right from wrong. Which of
// them holds is found from the judgements: a wrong one passes for a weight.
func sharpnessGrid() [sharpnesses]float64 { return [sharpnesses]float64{15, 30, 60} }

// evidence is the logarithm of how likely judgements are under each weight, for
// each sharpness.
type evidence [sharpnesses][caseWeights]float64

// caseTrust finds how much what cases say of articles counts: the mean of the
// weights in caseGrid, each as likely as it makes the articles that operators
// answered from, among the candidates there were (softmax). It is a Bayesian
// mixture, whose regret against the best of its weights is bounded by that
// weight's prior (Vovk 1990; Freund and Schapire 1997), and 0 is one of them:
// cases that mislead end up not being listened to.
//
// The figures say how many judgements there were to learn from and how likely
// each weight is.
func caseTrust(js []judged, weight func(*judged) float64) (float64, map[string]any) {
	by := make(map[string]*evidence)
	n := 0
	for i := range js {
		j := &js[i]
		right := placeOf(j.candidates, j.right)
		if j.right == "" || right < 0 || !slices.ContainsFunc(j.candidates, func(c retrieval.Candidate) bool { return c.Cases != 0 }) {
			continue
		}
		e := by[j.operator]
		if e == nil {
			e = new(evidence)
			by[j.operator] = e
		}
		e.add(j.candidates, right, learningRate*weight(j))
		n++
	}
	weights, _ := caseGrid()
	sharp, posterior := weighedUp(by)
	mean := 0.
	likely := make([]float64, caseWeights)
	for i, p := range posterior {
		mean += p * weights[i]
		likely[i] = math.Round(p*1e4) / 1e4
	}
	return mean, map[string]any{"judgements": n, "weights": weights[:], "posterior": likely, "sharpness": sharp}
}

// add counts a judgement in: right is the place of the article that the
// operator answered from.
func (e *evidence) add(cs []retrieval.Candidate, right int, weight float64) {
	weights, _ := caseGrid()
	scores := make([]float64, len(cs))
	for i, w := range weights {
		top := math.Inf(-1)
		for k := range cs {
			scores[k] = cs[k].Rescore(retrieval.Factors{}, w, cs[k].Bonus)
			top = max(top, scores[k])
		}
		for s, sharp := range sharpnessGrid() {
			all := 0.
			for _, x := range scores {
				all += math.Exp(sharp * (x - top))
			}
			chance := math.Exp(sharp*(scores[right]-top)) / all
			e[s][i] += weight * math.Log((1-slip)*chance+slip/float64(len(cs)))
		}
	}
}

// weighedUp returns the sharpness that fits all operators' evidence best, and how
// likely that makes each weight when no operator counts for too much.
func weighedUp(by map[string]*evidence) (sharp float64, posterior [caseWeights]float64) {
	_, before := caseGrid()
	operators := inOrder(by)
	best, most := 0, math.Inf(-1)
	for s := range sharpnesses {
		sum := logs(before)
		for _, operator := range operators {
			for i, x := range by[operator][s] {
				sum[i] += x
			}
		}
		if fits, _ := normalized(sum); fits > most {
			best, most = s, fits
		}
	}
	sum := logs(before)
	for _, operator := range operators {
		e := by[operator][best]
		span := slices.Max(e[:]) - slices.Min(e[:])
		if span == 0 {
			continue
		}
		share := nobodyOver * (1 - math.Exp(-span/nobodyOver)) / span
		for i, x := range e {
			sum[i] += share * x
		}
	}
	_, posterior = normalized(sum)
	return sharpnessGrid()[best], posterior
}

func logs(ps [caseWeights]float64) [caseWeights]float64 {
	for i, p := range ps {
		ps[i] = math.Log(p)
	}
	return ps
}

// normalized turns logarithms into shares of their total, and returns the
// logarithm of that.
func normalized(ls [caseWeights]float64) (total float64, shares [caseWeights]float64) {
	top := slices.Max(ls[:])
	all := 0.
	for i, l := range ls {
		shares[i] = math.Exp(l - top)
		all += shares[i]
	}
	for i := range shares {
		shares[i] /= all
	}
	return top + math.Log(all), shares
}
