package retrieval

import "slices"

// A Curve turns a raw confidence into a probability: straight lines between
// points whose first and second numbers never fall. It is learned by package
// training. The zero Curve changes nothing.
type Curve struct {
	Kind   string       `json:"kind,omitempty"` // how it was fitted: "platt" or "isotonic"
	Labels int          `json:"labels"`         // judgements it was fitted to
	Points [][2]float64 `json:"points,omitempty"`
}

// Apply returns the probability for a raw confidence from 0 to 1.
func (c *Curve) Apply(raw float64) float64 {
	p := c.Points
	if len(p) == 0 {
		return raw
	}
	i, _ := slices.BinarySearchFunc(p, raw, func(q [2]float64, x float64) int {
		if q[0] < x {
			return -1
		}
		return 1
	})
	switch {
	case i == 0:
		return p[0][1]
	case i == len(p):
		return p[len(p)-1][1]
	case p[i][0] == p[i-1][0]:
		return p[i][1]
	}
	share := (raw - p[i-1][0]) / (p[i][0] - p[i-1][0])
	return p[i-1][1] + share*(p[i][1]-p[i-1][1])
}
