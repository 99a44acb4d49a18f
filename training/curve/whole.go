package curve

import "math"

// weak is what is held of topics before any was met: an answer that serves
// three times in ten at first and three in four in the end, half of the way
// done after four encounters, each give or take a lot.
var weak = struct {
	centre, doubt  prior
	degrees, power float64
}{
	// The means of topics, and how far they may be from this.
	centre: prior{
		mean:   theta{math.Log(3), math.Log(3.0 / 7), math.Log(6)},
		spread: theta{1, 1, 0.8},
	},
	// How far topics lie apart, worth as many topics as it has degrees.
	doubt:   prior{spread: theta{0.6, 0.6, 0.4}},
	degrees: 3,
	// The logarithm of c where k is 6: half of the way after four encounters.
	power: -0.7,
}

// fewest is how many topics it takes to tell how topics differ. With fewer,
// the weak prior stands.
const fewest = 5

// weakly is the prior of a topic that has no others beside it.
func weakly(s float64) prior {
	p := weak.centre
	p.mean[rate] = s
	for i := range params {
		p.spread[i] = math.Hypot(p.spread[i], weak.doubt.spread[i])
	}
	return p
}

// A whole is what the topics together say of any topic.
type whole struct {
	prior      prior // of a topic's theta
	dispersion float64
	// meanError is the standard error of the prior's mean.
	meanError theta
}

// A crowd is topics in order, with what has been worked out of each.
type crowd struct {
	tallies []tally
	modes   []mode
	clouds  []cloud
	graded  bool
}

const (
	roughRounds = 25 // of moving the prior by modes alone, which is fast
	fineRounds  = 8  // of moving it by clouds, which is right
	spreads     = 8  // how often clouds are spread anew

	// learners is how many topics are asked what topics have in common. More
	// would tell the mean closer than to a twentieth of the spread, which no
	// topic's interval shows, and take time.
	learners = 400
)

// learn estimates the prior that the topics share by empirical Bayes: the
// expectation-maximisation algorithm, at first with the posterior of each
// topic taken as normal around its mode (Laplace), then with clouds.
//
// Of very many topics it asks some, evenly from all.
func (c *crowd) learn() whole {
	some := c
	if n := len(c.tallies); n > learners {
		some = &crowd{graded: c.graded}
		for i := range learners {
			some.tallies = append(some.tallies, c.tallies[i*n/learners])
		}
	}
	w := some.estimate()
	if some != c {
		c.start(&w)
	}
	c.scatter(&w)
	return w
}

// start puts every topic at the prior's mean.
func (c *crowd) start(w *whole) {
	c.modes = make([]mode, len(c.tallies))
	c.clouds = make([]cloud, len(c.tallies))
	for i := range c.modes {
		c.modes[i].at = w.prior.mean
	}
}

// estimate is the whole of the topics, each asked.
func (c *crowd) estimate() whole {
	w := whole{prior: weakly(weak.centre.mean[rate]), dispersion: 1}
	c.start(&w)
	c.climb(&w)
	if c.graded {
		// Twice, because how sure the modes are depends on the dispersion.
		for range 2 {
			w.dispersion = c.dispersion()
			c.climb(&w)
		}
	}
	if len(c.tallies) < fewest {
		return w
	}
	for range roughRounds {
		moved := w.update(c.modeMoments)
		c.climb(&w)
		if moved < 0.003 {
			break
		}
	}
	for range spreads {
		c.scatter(&w)
		for range fineRounds {
			if w.update(c.cloudMoments) < 0.001 {
				break
			}
		}
	}
	return w
}

// climb takes every topic to its mode under the prior.
func (c *crowd) climb(w *whole) {
	for i := range c.tallies {
		c.modes[i] = c.tallies[i].climb(exponential, &w.prior, w.dispersion, c.modes[i].at)
	}
}

// scatter spreads every topic's cloud anew.
func (c *crowd) scatter(w *whole) {
	for i := range c.tallies {
		c.modes[i] = c.tallies[i].climb(exponential, &w.prior, w.dispersion, c.modes[i].at)
		c.clouds[i] = c.tallies[i].scatter(&w.prior, &c.modes[i], quasiNormals(i))
	}
}

// modeMoments calls yield with the mean and variance of each topic, taken as
// normal around its mode.
func (c *crowd) modeMoments(_ *whole, yield func(mean, variance theta)) {
	for _, m := range c.modes {
		var variance theta
		for j := range params {
			var unit theta
			unit[j] = 1
			variance[j] = squared(m.precision.forth(unit))
		}
		yield(m.at, variance)
	}
}

// cloudMoments calls yield with the mean and variance of each topic's cloud.
func (c *crowd) cloudMoments(w *whole, yield func(mean, variance theta)) {
	weights := make([]float64, near+wide)
	for i := range c.clouds {
		c.clouds[i].weigh(&w.prior, w.dispersion, weights)
		yield(c.clouds[i].moments(weights))
	}
}

// update moves the prior to where the topics' moments say, held back by the
// weak prior, and returns how far it went.
func (w *whole) update(moments func(*whole, func(mean, variance theta))) float64 {
	var n float64
	var sum, squares, known theta
	moments(w, func(mean, variance theta) {
		n++
		for j := range params {
			sum[j] += mean[j]
			off := mean[j] - w.prior.mean[j]
			squares[j] += off*off + variance[j]
			// A topic whose encounters say little says little of the mean.
			own := w.prior.spread[j] * w.prior.spread[j]
			known[j] += max(0, 1-variance[j]/own) / own
		}
	})
	var moved float64
	for j := range params {
		old := w.prior
		own := old.spread[j] * old.spread[j]
		doubt := weak.centre.spread[j] * weak.centre.spread[j]
		guess := weak.doubt.spread[j] * weak.doubt.spread[j]
		mean := (sum[j]/own + weak.centre.mean[j]/doubt) / (n/own + 1/doubt)
		step := mean - old.mean[j]
		// The squares are taken around the new mean.
		spread := squares[j] - 2*step*(sum[j]-n*old.mean[j]) + n*step*step
		w.prior.mean[j] = mean
		w.prior.spread[j] = math.Sqrt((spread + weak.degrees*guess) / (n + weak.degrees))
		w.meanError[j] = 1 / math.Sqrt(known[j]+1/doubt)
		moved = max(moved, math.Abs(step), math.Abs(w.prior.spread[j]-old.spread[j]))
	}
	return moved
}

// widened is the prior with the doubt about its mean added, as Morris (1983,
// JASA 78:47) does it for normal means: without it intervals of few topics are
// too narrow.
func (w *whole) widened() prior {
	p := w.prior
	for j := range params {
		p.spread[j] = math.Hypot(p.spread[j], w.meanError[j])
	}
	return p
}

// dispersion is how much less graded qualities scatter than useful or not
// would: the variance by pseudo-residuals over the binomial one.
func (c *crowd) dispersion() float64 {
	// Both sums start with what ten encounters of useful or not would give, so
	// that few encounters do not claim to be exact.
	const some, typical = 10, 0.2
	found, binomial := some*typical, some*typical
	for i := range c.tallies {
		for _, r := range c.tallies[i].rough {
			y, _ := shape(exponential).level(r.n, c.modes[i].at)
			found += r.square
			binomial += y * (1 - y)
		}
	}
	return min(max(found/binomial, 0.01), 1)
}
