package curve

import (
	"math"
	"slices"
)

// A cloud is points spread over where a topic's theta may be, with what the
// encounters say at each. Weighted by a prior it is the topic's posterior
// distribution; the same cloud serves every prior not far from the one it was
// spread for.
type cloud struct {
	at         []theta
	likelihood []float64 // logarithm, before division by the dispersion
	proposal   []float64 // logarithm of the density the points were spread with
}

const (
	// near is how many points lie around the mode and wide how many are spread
	// as the prior is. The wide ones bound every weight where the posterior has
	// a longer tail than its mode lets on (Hesterberg 1995, defensive mixture).
	near = 192
	wide = 64

	// stretch widens the points around the mode, because too wide a spread
	// costs little and too narrow a one misses tails.
	stretch = 1.2
)

// scatter spreads a cloud for a topic around its mode under the prior.
func (t *tally) scatter(p *prior, m *mode, normals []theta) cloud {
	c := cloud{
		at:         make([]theta, near+wide),
		likelihood: make([]float64, near+wide),
		proposal:   make([]float64, near+wide),
	}
	// The determinant of the precision's root is the mode's density at its top.
	root, density := 0.0, p.density()
	for i := range params {
		root += math.Log(m.precision[i][i] / stretch)
	}
	for i, z := range normals {
		if i < near {
			c.at[i] = plus(m.at, m.precision.back(z), stretch)
		} else {
			for j := range params {
				c.at[i][j] = p.mean[j] + p.spread[j]*z[j]
			}
		}
		away := m.precision.times(plus(c.at[i], m.at, -1))
		local := root - squared(away)/(2*stretch*stretch)
		c.proposal[i] = logSum(local+math.Log(near), density(c.at[i])+math.Log(wide))
		c.likelihood[i] = t.exponentially(c.at[i])
	}
	return c
}

// weigh fills weights, which sum to one, with the posterior under the prior.
func (c *cloud) weigh(p *prior, dispersion float64, weights []float64) {
	top, density := math.Inf(-1), p.density()
	for i, th := range c.at {
		weights[i] = c.likelihood[i]/dispersion + density(th) - c.proposal[i]
		top = max(top, weights[i])
	}
	var sum float64
	for i := range weights {
		weights[i] = math.Exp(weights[i] - top)
		sum += weights[i]
	}
	for i := range weights {
		weights[i] /= sum
	}
}

// moments are the mean of the cloud under the weights and the variance of each
// parameter.
func (c *cloud) moments(weights []float64) (mean, variance theta) {
	for i, th := range c.at {
		mean = plus(mean, th, weights[i])
	}
	for i, th := range c.at {
		for j := range params {
			d := th[j] - mean[j]
			variance[j] += weights[i] * d * d
		}
	}
	return mean, variance
}

// quasiNormals are standard normal points spread more evenly than random ones:
// the additive recurrence of the generalised golden ratio (Roberts 2018), each
// point with its mirror image so that means are exact. Each topic has a shift
// of its own, so that what is uneven in one cloud is made up for by others.
func quasiNormals(topic int) []theta {
	const g = 1.2207440846057596 // the root of x⁴ = x + 1
	step := theta{1 / g, 1 / (g * g), 1 / (g * g * g)}
	_, shift := math.Modf(float64(topic+1) * math.Phi)
	out := make([]theta, 0, near+wide)
	for i := range (near + wide) / 2 {
		var z theta
		for j := range params {
			_, u := math.Modf(0.5 + float64(j+1)*shift + float64(i+1)*step[j])
			z[j] = math.Sqrt2 * math.Erfinv(2*min(max(u, 1e-4), 1-1e-4)-1)
		}
		out = append(out, z, plus(theta{}, z, -1))
	}
	return out
}

// quantile returns the values below which the shares of the weight lie. The
// weights sum to one; values may be +Inf. It reorders nothing of its arguments.
func quantile(values, weights []float64, shares ...float64) []float64 {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case values[a] < values[b]:
			return -1
		case values[a] > values[b]:
			return 1
		}
		return a - b
	})
	out := make([]float64, len(shares))
	for s, share := range shares {
		out[s] = quantileOf(values, weights, order, share)
	}
	return out
}

// quantileOf joins the middles of the weighted values by straight lines.
func quantileOf(values, weights []float64, order []int, share float64) float64 {
	before, mid, lower := 0.0, 0.0, values[order[0]]
	for i, o := range order {
		at := before + weights[o]/2
		before += weights[o]
		if at < share {
			mid, lower = at, values[o]
			continue
		}
		if i == 0 || at == mid || math.IsInf(values[o], 0) || math.IsInf(lower, 0) {
			return values[o]
		}
		return lower + (values[o]-lower)*(share-mid)/(at-mid)
	}
	return values[order[len(order)-1]]
}

func logSum(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	return a + math.Log1p(math.Exp(b-a))
}
