package curve

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

// Options say how to fit. The zero value is ready to use.
type Options struct {
	// Level is the share of intervals that hold what they are about, between 0
	// and 1; 0 means 0.8.
	Level float64

	// Bootstrap is how many times the topics are drawn anew from what was
	// fitted and fitted again, so that intervals reckon with what is uncertain
	// about the whole. With 0 they reckon with it by a formula, which will do
	// for graded qualities; intervals of levels from qualities that are useful
	// or not are somewhat narrow by it, holding about seven in ten where eight
	// are asked. Each time costs about as much as the fit.
	Bootstrap int

	// Seed decides what the bootstrap draws.
	Seed uint64
}

// A Curve is the learning curve of one topic,
//
//	y(n) = A − (A − Y0)·exp(−(n−1)/K),
//
// the quality expected of the n-th encounter, with medians of the posterior
// and the interval around each.
type Curve struct {
	A  Estimate // the level in the end, from 0 to 1
	Y0 Estimate // the level at the first encounter, from 0 to 1; may lie above A
	K  Estimate // encounters that leave 1/e of the way ahead; more than 0

	Encounters int // how many there were; with 0 the curve is the whole's
	Last       int // the largest N among them; 0 with none

	// Exponential and Power are Akaike's criterion, corrected for few
	// encounters, of this curve and of y(n) = a − (a−y0)·n^(−c), each fitted to
	// the topic alone. The lower describes it better. Both are NaN with fewer
	// than five encounters, which cannot tell.
	Exponential float64
	Power       float64

	cloud   cloud
	weights []float64
	level   float64
}

// Fitted is the curves of topics and what they have in common.
type Fitted struct {
	Topics map[string]Curve

	// A, Y0 and K are the middle of the topics, with the interval in which a
	// topic lies that was never met. K's middle is a median, as are the others.
	A, Y0, K Estimate

	// Dispersion is the variance of a quality over that of useful or not at
	// the same mean, from 0 to 1: 1 if no quality is graded.
	Dispersion float64

	// Exponential and Power are the sums over the topics that can tell.
	Exponential, Power float64

	encounters map[string][]Encounter // in order of N
	level      float64
}

// Fit fits one topic that has no others beside it. What a few dozen encounters
// say of a rate is little, and the interval says so: where there are more
// topics, FitAll knows more.
func Fit(encounters []Encounter, o Options) (Curve, error) {
	f, err := FitAll(map[string][]Encounter{"": encounters}, o)
	if err != nil {
		return Curve{}, err
	}
	return f.Topics[""], nil
}

// FitAll fits every topic, drawn towards the whole of them the more the fewer
// its encounters: the likelihood is binomial, or with graded qualities
// quasi-binomial, and the topics' parameters are taken as normal, on the
// scales of log odds and logarithm, around a mean and with a spread that are
// estimated from all topics (empirical Bayes). Below five topics they stand as
// the package holds them to be beforehand.
//
// Encounters may come in any order. It fails with ErrInvalid if an N is below
// 1, a Quality outside 0 to 1 or a Day negative or not a number, or an option
// out of its range.
func FitAll(topics map[string][]Encounter, o Options) (Fitted, error) {
	if o.Level == 0 {
		o.Level = 0.8
	}
	if !(o.Level > 0 && o.Level < 1) || o.Bootstrap < 0 {
		return Fitted{}, fmt.Errorf("%w: options %+v", ErrInvalid, o)
	}
	names := slices.Sorted(maps.Keys(topics))
	c := crowd{tallies: make([]tally, len(names))}
	sorted := make([][]Encounter, len(names))
	f := Fitted{
		Topics:     make(map[string]Curve, len(names)),
		encounters: make(map[string][]Encounter, len(names)),
		level:      o.Level,
	}
	for i, name := range names {
		var err error
		if c.tallies[i], sorted[i], err = count(name, topics[name]); err != nil {
			return Fitted{}, err
		}
		f.encounters[name] = sorted[i]
	}
	c.graded = graded(sorted)
	w := c.learn()
	weights := c.posterior(&w, sorted, o)
	for i, name := range names {
		f.Topics[name] = c.curve(i, &w, weights[i], o.Level)
	}
	f.sum(&w)
	return f, nil
}

// posterior returns the weights of every topic's cloud.
func (c *crowd) posterior(w *whole, sorted [][]Encounter, o Options) [][]float64 {
	if o.Bootstrap > 0 && len(sorted) >= fewest {
		return c.bootstrap(w, sorted, o)
	}
	p := w.widened()
	weights := make([][]float64, len(c.clouds))
	for i := range c.clouds {
		weights[i] = make([]float64, near+wide)
		c.clouds[i].weigh(&p, w.dispersion, weights[i])
	}
	return weights
}

// curve makes the i-th topic's curve.
func (c *crowd) curve(i int, w *whole, weights []float64, level float64) Curve {
	out := Curve{
		Encounters: c.tallies[i].events,
		cloud:      c.clouds[i],
		weights:    weights,
		level:      level,
	}
	out.A = out.estimate(func(th theta) float64 { return logistic(th[inTheEnd]) })
	out.Y0 = out.estimate(func(th theta) float64 { return logistic(th[atFirst]) })
	out.K = out.estimate(func(th theta) float64 { return math.Exp(th[rate]) })
	out.Exponential = c.criterion(i, exponential, weak.centre.mean[rate], w.dispersion)
	out.Power = c.criterion(i, power, weak.power, w.dispersion)
	return out
}

// criterion is Akaike's, corrected, of the topic's best curve of the shape.
// Both shapes are held by the same weak prior in the same way, so that neither
// gains by running off where the encounters say nothing.
func (c *crowd) criterion(i int, s shape, logRate, dispersion float64) float64 {
	n := float64(c.tallies[i].events)
	if n <= params+1 {
		return math.NaN()
	}
	p := weakly(logRate)
	m := c.tallies[i].climb(s, &p, dispersion, p.mean)
	return -2*c.tallies[i].likelihood(s, m.at)/dispersion + 2*params + 2*params*(params+1)/(n-params-1)
}

// sum fills what the topics have in common.
func (f *Fitted) sum(w *whole) {
	p := w.widened()
	z := math.Sqrt2 * math.Erfinv(f.level)
	between := func(j int, scale func(float64) float64) Estimate {
		return Estimate{
			Value: scale(p.mean[j]),
			Low:   scale(p.mean[j] - z*p.spread[j]),
			High:  scale(p.mean[j] + z*p.spread[j]),
		}
	}
	f.A = between(inTheEnd, logistic)
	f.Y0 = between(atFirst, logistic)
	f.K = between(rate, math.Exp)
	f.Dispersion = w.dispersion
	for _, name := range slices.Sorted(maps.Keys(f.Topics)) {
		c := f.Topics[name]
		if !math.IsNaN(c.Power) {
			f.Exponential += c.Exponential
			f.Power += c.Power
		}
		if e := f.encounters[name]; len(e) > 0 {
			c.Last = e[len(e)-1].N
			f.Topics[name] = c
		}
	}
}

// At is the quality expected of the n-th encounter and the interval around the
// expectation (not around single qualities). N is at least 1 and need not be
// whole.
func (c *Curve) At(n float64) Estimate {
	return c.estimate(func(th theta) float64 {
		y, _ := shape(exponential).level(max(n, 1), th)
		return y
	})
}

// estimate is the median and the interval of what of makes of a theta.
func (c *Curve) estimate(of func(theta) float64) Estimate {
	values := make([]float64, len(c.cloud.at))
	for i, th := range c.cloud.at {
		values[i] = of(th)
	}
	tail := (1 - c.level) / 2
	q := quantile(values, c.weights, tail, 0.5, 1-tail)
	return Estimate{Low: q[0], Value: q[1], High: q[2]}
}
