package gate

import (
	"fmt"
	"math"
	"sort"
)

// Logged is what was displayed first when a question came in, and how likely
// that was. The figures are those at the time: an older ranker may have
// displayed it.
type Logged struct {
	Propensity float64 // probability with which it was displayed first, above 0 and at most 1; 0 if nothing is known
	Reward     float64 // what it brought, from 0 to 1: 1 if the operator used it
	Serving    float64 // probability that the serving ranker displays the same first
	Candidate  float64 // probability that the candidate does
}

// clip is the greatest importance weight. It keeps one rare display from
// deciding, at the price of a bias towards what was displayed often.
const clip = 10

// weigh returns the question's part of the estimates; nothing where the log is
// no use.
func (l Logged) weigh() weighted {
	if !(l.Propensity > 0 && l.Propensity <= 1) || math.IsNaN(l.Reward+l.Serving+l.Candidate) {
		return weighted{}
	}
	w := weighted{logged: 1, serving: min(l.Serving/l.Propensity, clip), candidate: min(l.Candidate/l.Propensity, clip)}
	w.servingUsed, w.candidateUsed = w.serving*l.Reward, w.candidate*l.Reward
	w.servingSquared, w.candidateSquared = w.serving*w.serving, w.candidate*w.candidate
	return w
}

// weighted is sums of importance weights: of both rankers, times the reward,
// and squared.
type weighted struct {
	logged                           float64
	serving, candidate               float64
	servingUsed, candidateUsed       float64
	servingSquared, candidateSquared float64
}

func (w *weighted) add(o *weighted) {
	w.logged += o.logged
	w.serving += o.serving
	w.candidate += o.candidate
	w.servingUsed += o.servingUsed
	w.candidateUsed += o.candidateUsed
	w.servingSquared += o.servingSquared
	w.candidateSquared += o.candidateSquared
}

// difference is the candidate's estimated reward minus the serving ranker's.
func (w *weighted) difference() float64 {
	return ratio(w.candidateUsed, w.candidate) - ratio(w.servingUsed, w.serving)
}

func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// What an off-policy estimate can say.
const (
	Agrees  = "agrees"  // nothing in the log speaks against the candidate
	Refutes = "refutes" // the log says that the candidate is worse
	Silent  = "silent"  // the log is too thin to prove or refute anything
)

const (
	// doubt is the share of resamples that must lie below the margin for the
	// log to refute. It is far below the interval's level because this is a
	// veto, not a proof: logs with little chance in them give intervals of ten
	// points and more, and to ask for their lower bound to be above 0 would
	// keep nearly every good candidate out.
	doubt = 0.8

	// minMass is the least mean weight. With full support it is 1 on average;
	// what is missing is what a ranker would display and the log never did,
	// about which it says nothing.
	minMass = 0.9
)

// OffPolicy is the estimate of what operators would have made of the two
// rankers' first sources, from what they made of those that were displayed:
// self-normalised inverse propensity scores (Swaminathan and Joachims 2015)
// with weights clipped at 10.
type OffPolicy struct {
	Says       string  `json:"says"`   // Agrees, Refutes or Silent
	Logged     int     `json:"logged"` // questions with a usable log
	Serving    float64 `json:"serving"`
	Candidate  float64 `json:"candidate"`
	Difference float64 `json:"difference"` // candidate minus serving
	Low        float64 `json:"low"`        // its interval, from the same bootstrap samples as the verdict's
	High       float64 `json:"high"`
	Worse      float64 `json:"worse"` // share of the samples in which the candidate is worse by more than Margin
	ESS        float64 `json:"ess"`   // effective sample size, (Σw)²/Σw², the smaller of the two rankers'
	Mass       float64 `json:"mass"`  // mean weight, the smaller of the two: near 1 where the log has shown what they would
}

// judge makes the estimate from the sums over all questions and the sorted
// differences of resamples.
func judge(all *group, resampled []float64, o Options) OffPolicy {
	w := &all.logged
	p := OffPolicy{Says: Silent, Logged: int(w.logged)}
	if w.logged == 0 {
		return p
	}
	p.Serving, p.Candidate = ratio(w.servingUsed, w.serving), ratio(w.candidateUsed, w.candidate)
	p.Difference = w.difference()
	p.Low, p.High = interval(resampled, o.Level)
	// Equal rankers differ by rounding only.
	const rounding = 1e-9
	p.Worse = float64(sort.SearchFloat64s(resampled, -o.Margin-rounding)) / float64(len(resampled))
	p.ESS = min(ratio(w.serving*w.serving, w.servingSquared), ratio(w.candidate*w.candidate, w.candidateSquared))
	p.Mass = min(w.serving, w.candidate) / w.logged
	switch {
	case p.ESS < o.MinESS || p.Mass < minMass:
	case p.Worse >= doubt:
		p.Says = Refutes
	default:
		p.Says = Agrees
	}
	return p
}

// sentence says what the estimate says, as part of a sentence.
func (p *OffPolicy) sentence() string {
	if p.Logged == 0 {
		return "what was displayed is not known, so there is no off-policy estimate"
	}
	figures := fmt.Sprintf("%+.1f points (%+.1f to %+.1f; %d displays, effective sample size %.0f, mean weight %.2f)",
		100*p.Difference, 100*p.Low, 100*p.High, p.Logged, p.ESS, p.Mass)
	switch p.Says {
	case Agrees:
		return "the off-policy estimate agrees, " + figures
	case Refutes:
		return fmt.Sprintf("the off-policy estimate refutes it, worse in %.0f %% of resamples, %s", 100*p.Worse, figures)
	}
	return "the off-policy estimate is too thin to prove or refute, " + figures
}
