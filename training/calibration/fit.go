package calibration

import (
	"errors"
	"fmt"
	"strings"
)

// What Fit asks for, in effective labels.
const (
	// MinLabels is the least number of labels that Fit takes. With fewer, the
	// two parameters of Platt's curve are noise: the standard error of a share
	// is then above 9 points.
	MinLabels = 30

	// MinOutcomes is the least number of right ones and of wrong ones. Without
	// both there is no slope to find.
	MinOutcomes = 5

	// IsotonicLabels is from where on the labels shape the curve themselves:
	// with fewer, isotonic regression follows their noise (Niculescu-Mizil and
	// Caruana 2005 see it lose to Platt's curve there).
	IsotonicLabels = 200
)

// ErrTooFew is returned where the labels do not suffice; the error's text says
// what is missing.
var ErrTooFew = errors.New("too few labels")

// Fit returns the curve from raw confidence to probability that the labels
// show: Platt's below IsotonicLabels, isotonic regression from there on. The
// probabilities are always above 0 and below 1. With fewer than MinLabels, or
// fewer than MinOutcomes of either outcome, it returns ErrTooFew; the caller
// goes on with the raw confidence and promises nothing.
func Fit(examples []Example) (Curve, error) {
	labels := usable(examples)
	right, wrong := outcomes(labels)
	if err := suffices(right, wrong); err != nil {
		return Curve{}, err
	}
	if right+wrong+rounding < IsotonicLabels {
		return fitPlatt(labels), nil
	}
	return fitIsotonic(labels), nil
}

// rounding is what a sum of up to millions of scaled weights may be off by.
const rounding = 1e-6

// outcomes returns the effective numbers of right and of wrong labels.
func outcomes(labels []Example) (right, wrong float64) {
	for _, e := range labels {
		if e.Right {
			right += e.Weight
		} else {
			wrong += e.Weight
		}
	}
	return right, wrong
}

func suffices(right, wrong float64) error {
	var missing []string
	for _, need := range []struct {
		has   float64
		least float64
		of    string
	}{
		{right + wrong, MinLabels, "labels"},
		{right, MinOutcomes, "right ones"},
		{wrong, MinOutcomes, "wrong ones"},
	} {
		if need.has+rounding < need.least {
			missing = append(missing, fmt.Sprintf("%.0f %s of at least %.0f", need.has, need.of, need.least))
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("calibration: %w: %s", ErrTooFew, strings.Join(missing, ", "))
	}
	return nil
}
