package curve

import (
	"math"
	"math/rand/v2"
)

// bootstrap returns the weights of every topic's cloud with the doubt about
// the whole mixed in: topics are drawn from the fitted prior, encounters from
// the topics, and the prior is learned from these again; a topic's posterior
// is the mean of its posteriors under the priors so learned. It is the
// parametric bootstrap of Laird and Louis (1987, JASA 82:739).
func (c *crowd) bootstrap(w *whole, sorted [][]Encounter, o Options) [][]float64 {
	total := make([][]float64, len(c.clouds))
	for i := range total {
		total[i] = make([]float64, near+wide)
	}
	once := make([]float64, near+wide)
	for b := range o.Bootstrap {
		rng := rand.New(rand.NewPCG(o.Seed, uint64(b)))
		again := c.redrawn(w, sorted, rng).learn()
		for i := range c.clouds {
			// Under the topic's own dispersion: the draws' says nothing new of it.
			c.clouds[i].weigh(&again.prior, w.dispersion, once)
			for j, v := range once {
				total[i][j] += v / float64(o.Bootstrap)
			}
		}
	}
	return total
}

// redrawn is topics with as many encounters as the given ones, each with a
// theta from the prior and qualities from its curve.
func (c *crowd) redrawn(w *whole, sorted [][]Encounter, rng *rand.Rand) *crowd {
	out := crowd{tallies: make([]tally, len(sorted)), graded: c.graded}
	for i, encounters := range sorted {
		var th theta
		for j := range params {
			th[j] = w.prior.mean[j] + w.prior.spread[j]*rng.NormFloat64()
		}
		drawn := make([]Encounter, len(encounters))
		for k, e := range encounters {
			y, _ := shape(exponential).level(float64(e.N), th)
			drawn[k] = Encounter{N: e.N, Day: e.Day, Quality: draw(y, w.dispersion, rng)}
		}
		out.tallies[i] = tallied(drawn)
	}
	return &out
}

// draw is a quality of the given mean whose variance is the dispersion's share
// of that of useful or not, which it is at a dispersion of 1.
func draw(mean, dispersion float64, rng *rand.Rand) float64 {
	if dispersion >= 1 {
		if rng.Float64() < mean {
			return 1
		}
		return 0
	}
	// A beta distribution of this precision has that variance.
	precision := 1/dispersion - 1
	a := gamma(mean*precision, rng)
	b := gamma((1-mean)*precision, rng)
	if a+b == 0 {
		return mean // both shapes are so small that their draws vanish
	}
	return a / (a + b)
}

// gamma draws from the gamma distribution of the shape, more than 0, and scale
// 1 by the method of Marsaglia and Tsang (2000, ACM TOMS 26:363).
func gamma(shape float64, rng *rand.Rand) float64 {
	if shape < 1 {
		return gamma(shape+1, rng) * math.Pow(rng.Float64(), 1/shape)
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := rng.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		if math.Log(rng.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}
