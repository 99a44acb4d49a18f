// Package calibration makes a confidence mean a probability, says how far it
// does, and chooses the confidence above which a suggestion may go out with
// nobody looking at it.
//
// It is arithmetic on labels: what confidence a suggestion had and whether it
// was right. [Fit] turns labels into a [Curve], [Error], [Brier] and [AUROC]
// measure, [Threshold] promises a risk or says why it cannot. It reads no
// store and no clock. Confidence differs by language and by kind of source, so
// the caller groups the labels and fits each group by itself.
//
// Nothing here changes its arguments; all of it may be called from many
// goroutines.
package calibration

import (
	"cmp"
	"math"
	"slices"
)

// An Example is a label: a suggestion whose outcome is known.
type Example struct {
	Score float64 // raw confidence, from 0 to 1; what lies beyond counts as the nearer end

	Right bool // whether the suggestion turned out to be right

	// Weight says how much the label counts against others, at least 0. Only
	// the ratio of weights matters. 0 leaves the label out: a weight that has
	// decayed to nothing must not come back as a whole label, and a caller who
	// forgets to set it is told [ErrTooFew] and not something wrong.
	Weight float64
}

// usable returns the examples that count, lowest score first, with scores
// within [0, 1] and weights scaled so that they add up to the effective number
// of labels, (Σw)²/Σw² (Kish 1965): the number of equally weighted labels that
// would say as much. It leaves out what is no number.
func usable(examples []Example) []Example {
	out := make([]Example, 0, len(examples))
	greatest := 0.
	for _, e := range examples {
		if math.IsNaN(e.Score) || !(e.Weight > 0) || math.IsInf(e.Weight, 1) {
			continue
		}
		e.Score = min(max(e.Score, 0), 1)
		greatest = max(greatest, e.Weight)
		out = append(out, e)
	}
	for i := range out {
		out[i].Weight /= greatest // the greatest comes out as 1, so no square overflows
	}
	// What is nothing beside the greatest would be divided by later.
	out = slices.DeleteFunc(out, func(e Example) bool { return e.Weight < nothing })
	var sum, squares float64
	for i := range out {
		sum += out[i].Weight
		squares += out[i].Weight * out[i].Weight
	}
	for i := range out {
		out[i].Weight *= sum / squares
	}
	// Labels of one score go wrong ones first, so that the order in which they
	// came changes nothing.
	slices.SortFunc(out, func(a, b Example) int {
		return cmp.Or(cmp.Compare(a.Score, b.Score), number(a.Right)-number(b.Right), cmp.Compare(a.Weight, b.Weight))
	})
	return out
}

// nothing is the ratio to the greatest weight below which a label says nothing.
const nothing = 1e-9

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}
