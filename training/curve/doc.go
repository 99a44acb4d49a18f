// Package curve is the statistics of learning speed: how quickly answers on a
// topic get better as the topic is met again and again.
//
// Read it in this order: an [Encounter] is one meeting with a topic and how
// well its answer served; [FitAll] draws a learning curve for every topic,
// those with little evidence being drawn towards the rest; [Fitted.Proficiency]
// says how long topics take to become good, counting those that are not there
// yet; [Ways] takes the way of a topic apart, from the first question to
// proficiency; and [KaplanMeier] is what both rest on, so that a topic that is
// still under way counts as one that takes long and not as one that is not
// there.
//
// Everything is a pure function of its arguments, with randomness from a seed;
// all of it may be called from many goroutines. The package reads no store and
// no clock and draws nothing: package plot does.
package curve

import "errors"

// ErrInvalid is wrapped by the errors of this package: an encounter or an
// option is out of its range.
var ErrInvalid = errors.New("curve: invalid")

// An Encounter is one time a topic was met.
type Encounter struct {
	N       int     // which time it was, from 1
	Day     float64 // days since the topic was first seen, from 0
	Quality float64 // from 0 to 1: useful or not as 1 or 0, or one minus the normalised edit distance
}

// An Estimate is a figure and the interval around it. Low ≤ Value ≤ High. A
// figure that counts up to something that may never come may be +Inf, which
// JSON cannot say: a wire form says null.
type Estimate struct {
	Value float64
	Low   float64
	High  float64
}

// params is how many parameters a curve has.
const params = 3

// A theta is a curve's parameters on scales without bounds: the log odds of the
// level in the end, the log odds of the level at first, and the logarithm of
// the rate's parameter (k of the exponential, c of the power law).
type theta [params]float64

const (
	inTheEnd = iota
	atFirst
	rate
)
