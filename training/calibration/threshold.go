package calibration

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// MinAnswered is the least number of labels that a promise rests on. With
// fewer, at 10 % risk and 90 % certainty, a second wrong one ends every hope.
const MinAnswered = 60

// A Promise is what Threshold can say about unattended answers.
type Promise struct {
	OK        bool    `json:"ok"`        // whether a risk is promised at all; without it nothing may go out unattended
	Threshold float64 `json:"threshold"` // suggestions of at least this raw confidence may go out; above 1 where OK is false
	Answered  int     `json:"answered"`  // labels at or above it; where OK is false, of the strictest threshold tried
	Wrong     int     `json:"wrong"`     // of those, the wrong ones
	Labels    int     `json:"labels"`    // labels the choice rests on
	Bound     float64 `json:"bound"`     // the risk is not above this, at 1-Delta; above Risk where OK is false
	Risk      float64 `json:"risk"`      // as asked for
	Delta     float64 `json:"delta"`     // as asked for
	Reason    string  `json:"reason"`    // a sentence with the figures, for the people who decide
}

// beyond is a threshold that nothing reaches: raw confidences end at 1.
const beyond = 2

// Threshold chooses the lowest raw confidence above which at most the share
// risk of suggestions is wrong, by learn-then-test (Angelopoulos et al. 2021)
// with fixed-sequence testing: it walks from strict to lax over thresholds at
// numbers of labels that were settled before any label was seen, goes on while
// [UpperBound] at delta is within risk, and stops at the first failure. The
// numbers depend on the count of labels, risk and delta alone; they start at a
// quarter of the labels, because a walk that starts at the strictest possible
// threshold is mostly ended by one early mistake.
//
// What is promised: over the draw of labels, with probability at least
// 1-delta, either nothing is promised or the true share of wrong ones among
// suggestions at or above Threshold is at most risk. It holds for every number
// of labels, if (1) the labels are drawn independently from what will be
// answered, (2) the scores come from something not fitted on these labels, and
// (3) a higher score is never riskier. Without (3) it is no longer exact. It
// says nothing about traffic that has changed since, nor about a language or a
// group within the whole.
//
// Scores must be raw ones: a [Curve] fitted on the same labels has seen them.
// Weights describe what will be answered where the labels do not: each label is
// kept with the chance of its weight over the greatest, with a fixed seed, which
// leaves a plain sample of the weighted whole. One huge weight thus costs nearly
// all labels, and then nothing is promised.
func Threshold(examples []Example, risk, delta float64) Promise {
	p := Promise{Threshold: beyond, Bound: 1, Risk: risk, Delta: delta}
	if !(risk > 0 && risk < 1 && delta > 0 && delta < 1) {
		p.Reason = "No promise: the risk and the chance of breaking the promise must lie between 0 and 1."
		return p
	}
	labels := thin(usable(examples))
	slices.Reverse(labels) // strict to lax
	p.Labels = len(labels)
	if len(labels) < MinAnswered {
		p.Reason = fmt.Sprintf("No promise: %d labels, and a promise needs at least %d.", len(labels), MinAnswered)
		return p
	}
	wrong := make([]int, len(labels)+1) // among the first so many
	for i, e := range labels {
		wrong[i+1] = wrong[i] + 1 - number(e.Right)
	}
	for i, n := range counts(len(labels), risk, delta) {
		for n < len(labels) && labels[n].Score == labels[n-1].Score {
			n++ // what has the same confidence is answered too
		}
		bound := UpperBound(wrong[n], n, delta)
		if i == 0 || bound <= risk {
			p.Answered, p.Wrong, p.Bound = n, wrong[n], bound
		}
		if bound > risk {
			break
		}
		p.OK, p.Threshold = true, labels[n-1].Score
	}
	p.Reason = p.reason()
	return p
}

// reason says what the figures say.
func (p *Promise) reason() string {
	found := fmt.Sprintf("of the %d labels of highest confidence %d are wrong, so with %.0f %% certainty the risk is at most %.1f %%",
		p.Answered, p.Wrong, 100*(1-p.Delta), 100*p.Bound)
	if p.OK {
		return fmt.Sprintf("From a confidence of %.3f on, %.1f %% of suggestions may go out unattended: %s.",
			p.Threshold, 100*float64(p.Answered)/float64(p.Labels), found)
	}
	return fmt.Sprintf("No promise: %s, which is above the %.1f %% asked for.", found, 100*p.Risk)
}

// thin makes a plain sample of weighted labels by rejection.
func thin(labels []Example) []Example {
	greatest := 0.
	for _, e := range labels {
		greatest = max(greatest, e.Weight)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	return slices.DeleteFunc(labels, func(e Example) bool {
		return e.Weight < greatest && rng.Float64()*greatest >= e.Weight
	})
}

// lax is by what factor each threshold of the walk answers more than the one
// before. Smaller steps come nearer to the best threshold, and more of them
// give chance more occasions to stop the walk; between 1.05 and 1.25 the
// coverage hardly differs.
const lax = 1.1

// counts lists how many of n labels, n at least MinAnswered, each threshold
// answers, from strict to lax.
func counts(n int, risk, delta float64) []int {
	// A smaller risk needs more labels before two wrong ones can be borne.
	const borne = 2
	start := max(MinAnswered, n/4)
	for start < n && UpperBound(borne, start, delta) > risk {
		start++
	}
	var out []int
	for at := float64(start); int(at) < n; at = math.Ceil(at * lax) {
		out = append(out, int(at))
	}
	return append(out, n)
}
