package gate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// A Trial is a question that both rankers were asked, later than anything the
// candidate was trained on.
type Trial struct {
	Cluster   int     // group of near-duplicates, as Clusters numbers them
	Serving   float64 // the serving ranker's figure on this question, from 0 to 1: hit@1, say
	Candidate float64 // the candidate's
	Logged    Logged  // what was displayed when the question came in; the zero value where that is not known
}

// Options says how much proof a candidate owes. What is zero has its default.
type Options struct {
	Resamples int     // of the bootstrap; 2,000
	Level     float64 // of the two-sided intervals; 0.97, which lets about 2 % of useless candidates pass, and every run may bring one
	MinTrials int     // least number of questions; 100
	MinESS    float64 // least effective sample size at which the off-policy estimate has a say; 100
	Margin    float64 // how far below the serving ranker the lower bound may lie; 0
}

func (o Options) filled() Options {
	if o.Resamples <= 0 {
		o.Resamples = 2000
	}
	if !(o.Level > 0 && o.Level < 1) {
		o.Level = 0.97
	}
	if o.MinTrials <= 0 {
		o.MinTrials = 100
	}
	if !(o.MinESS > 0) {
		o.MinESS = 100
	}
	if !(o.Margin > 0) {
		o.Margin = 0
	}
	return o
}

const (
	// minGroups is the least number of groups of near-duplicates: a bootstrap
	// over fewer draws its interval too narrow.
	minGroups = 30

	// minDiffering is the least number of groups on which the rankers differ.
	// With 3, all for the better, the bootstrap's lower bound is already not
	// below 0, though chance does as much one time in eight.
	minDiffering = 10
)

// A Verdict is what the gate decided and why; it is kept with the candidate.
type Verdict struct {
	Promote    bool      `json:"promote"`
	Reason     string    `json:"reason"` // a sentence with the figures
	Questions  int       `json:"questions"`
	Groups     int       `json:"groups"`    // groups of near-duplicates among them
	Differing  int       `json:"differing"` // groups on which the rankers differ
	Serving    float64   `json:"serving"`   // mean figure
	Candidate  float64   `json:"candidate"`
	Difference float64   `json:"difference"` // candidate minus serving
	Low        float64   `json:"low"`        // its interval, by paired bootstrap over groups
	High       float64   `json:"high"`
	OffPolicy  OffPolicy `json:"off_policy"`
}

// Decide weighs a candidate against the serving ranker. It promotes one whose
// mean figure is higher, whose interval's lower bound is not below -Margin, and
// against which the off-policy estimate does not speak ([OffPolicy]). The
// interval is a paired percentile bootstrap over groups of near-duplicates
// (Efron and Tibshirani 1993; resampling groups, Field and Welsh 2007), since
// rephrasings of one question succeed and fail together.
//
// On 400 questions a candidate that answers 10 % better and 5 % worse passes in
// 7 of 10 simulated promotions, 8 % better and 3 % worse in 8 of 10; one that is
// equal in about 1 of 100 and never in more than 5.
//
// A candidate that answers just as the serving one brings nothing and stays
// out. Trials with a figure that is no number are left out.
func Decide(trials []Trial, o Options) Verdict {
	o = o.filled()
	groups := sums(trials)
	var all group
	v := Verdict{Groups: len(groups)}
	for i := range groups {
		all.add(&groups[i])
		if groups[i].differs {
			v.Differing++
		}
	}
	v.Questions = int(all.questions)
	if v.Questions > 0 {
		v.Serving = all.serving / all.questions
		v.Candidate = all.candidate / all.questions
		v.Difference = v.Candidate - v.Serving
		paired, off := resample(groups, o)
		v.Low, v.High = interval(paired, o.Level)
		v.OffPolicy = judge(&all, off, o)
	}
	v.Promote, v.Reason = v.decide(o)
	return v
}

// decide draws the conclusion from the figures.
func (v *Verdict) decide(o Options) (bool, string) {
	figures := fmt.Sprintf("%+.1f points over the serving ranker (%+.1f to %+.1f) on %d later questions",
		100*v.Difference, 100*v.Low, 100*v.High, v.Questions)
	switch {
	case v.Questions < o.MinTrials:
		return false, fmt.Sprintf("Not promoted: there are %d later questions, and a verdict needs at least %d.", v.Questions, o.MinTrials)
	case v.Groups < minGroups:
		return false, fmt.Sprintf("Not promoted: the %d later questions are rephrasings of %d, and a verdict needs at least %d.", v.Questions, v.Groups, minGroups)
	case v.Differing == 0:
		return false, fmt.Sprintf("Not promoted: no difference; both rankers reach %.1f %% on %d later questions.", 100*v.Serving, v.Questions)
	case v.Differing < minDiffering:
		return false, fmt.Sprintf("Not promoted: the rankers differ on %d of %d groups of questions, and fewer than %d do not tell gain from chance.", v.Differing, v.Groups, minDiffering)
	case v.Difference <= 0:
		return false, fmt.Sprintf("Not promoted: no gain; %s.", figures)
	case v.Low < -o.Margin:
		return false, fmt.Sprintf("Not promoted: %s; the lower bound is below %+.1f.", figures, 0-100*o.Margin)
	case v.OffPolicy.Says == Refutes:
		return false, fmt.Sprintf("Not promoted: %s, but %s.", figures, v.OffPolicy.sentence())
	}
	return true, fmt.Sprintf("Promoted: %s; %s.", figures, v.OffPolicy.sentence())
}

// A group is the sums over a group of near-duplicates.
type group struct {
	questions, serving, candidate float64
	differs                       bool // on any question
	logged                        weighted
}

func (g *group) add(o *group) {
	g.questions += o.questions
	g.serving += o.serving
	g.candidate += o.candidate
	g.logged.add(&o.logged)
}

// sums returns the trials' groups, in the order of their first trials.
func sums(trials []Trial) []group {
	var out []group
	at := make(map[int]int)
	for _, t := range trials {
		if math.IsNaN(t.Serving) || math.IsNaN(t.Candidate) {
			continue
		}
		i, known := at[t.Cluster]
		if !known {
			i = len(out)
			at[t.Cluster] = i
			out = append(out, group{})
		}
		one := group{questions: 1, serving: t.Serving, candidate: t.Candidate, logged: t.Logged.weigh()}
		out[i].add(&one)
		out[i].differs = out[i].differs || t.Serving != t.Candidate
	}
	return out
}

// A draw is what the bootstrap needs of a group: resampling is most of the
// work, so it adds no more than it must.
type draw struct {
	questions, difference                          float64
	serving, servingUsed, candidate, candidateUsed float64 // importance weights, as in weighted
}

// mostDraws is how many draws a bootstrap sample has at most. More groups than
// that are bundled, which leaves the interval what it is, as bundles of
// independent groups are as independent, and keeps 100,000 questions from
// taking ten seconds.
const mostDraws = 5000

// resample returns the sorted differences of bootstrap samples of the groups:
// of the figures, and of the off-policy estimates.
func resample(groups []group, o Options) (paired, off []float64) {
	draws := make([]draw, min(len(groups), mostDraws))
	for i := range groups {
		g := &groups[i]
		d, w := &draws[i%len(draws)], &g.logged
		d.questions += g.questions
		d.difference += g.candidate - g.serving
		d.serving += w.serving
		d.servingUsed += w.servingUsed
		d.candidate += w.candidate
		d.candidateUsed += w.candidateUsed
	}
	rng := rand.New(rand.NewPCG(3, uint64(len(groups))))
	for range o.Resamples {
		var sum draw
		for range draws {
			d := &draws[rng.IntN(len(draws))]
			sum.questions += d.questions
			sum.difference += d.difference
			sum.serving += d.serving
			sum.servingUsed += d.servingUsed
			sum.candidate += d.candidate
			sum.candidateUsed += d.candidateUsed
		}
		paired = append(paired, sum.difference/sum.questions)
		off = append(off, ratio(sum.candidateUsed, sum.candidate)-ratio(sum.servingUsed, sum.serving))
	}
	slices.Sort(paired)
	slices.Sort(off)
	return paired, off
}

// interval returns the two-sided interval of sorted values.
func interval(sorted []float64, level float64) (low, high float64) {
	tail := int(float64(len(sorted)) * (1 - level) / 2)
	return sorted[tail], sorted[len(sorted)-1-tail]
}
