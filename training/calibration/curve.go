package calibration

import (
	"math"
	"sort"
)

// The kinds of a Curve.
const (
	Platt    = "platt"    // a logistic curve, sampled
	Isotonic = "isotonic" // the means of blocks of labels
)

// A Curve turns a raw confidence into a probability. It is data: its knots,
// between which it runs straight and beyond which it stays level. The zero
// Curve changes nothing.
type Curve struct {
	Kind string `json:"kind"` // how it was fitted, Platt or Isotonic; for people to read, Apply does not look at it

	// Points are the knots, each a raw confidence and the probability there.
	// Confidences rise strictly, probabilities never fall, both from 0 to 1.
	Points [][2]float64 `json:"points"`
}

// Apply returns the probability that a suggestion of this raw confidence is
// right, from 0 to 1. It never falls as the score rises. A score that is no
// number counts as 0.
func (c Curve) Apply(score float64) float64 {
	if math.IsNaN(score) {
		score = 0
	}
	score = min(max(score, 0), 1)
	if len(c.Points) == 0 {
		return score
	}
	i := sort.Search(len(c.Points), func(i int) bool { return c.Points[i][0] >= score })
	switch i {
	case 0:
		return c.Points[0][1]
	case len(c.Points):
		return c.Points[i-1][1]
	}
	a, b := c.Points[i-1], c.Points[i]
	// Rounding must not carry the line beyond its end.
	return min(a[1]+(b[1]-a[1])*((score-a[0])/(b[0]-a[0])), b[1])
}
