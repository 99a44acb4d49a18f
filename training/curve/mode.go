package curve

import "math"

// A prior is what is held of a topic before its encounters are looked at:
// normal in each parameter, with the parameters apart.
type prior struct {
	mean   theta
	spread theta // standard deviations
}

// density returns the logarithm of the prior's density, without the constant
// that all densities of this many parameters share.
func (p *prior) density() func(theta) float64 {
	var top float64
	var half theta // precisions, halved
	for i := range params {
		top -= math.Log(p.spread[i])
		half[i] = 1 / (2 * p.spread[i] * p.spread[i])
	}
	mean := p.mean
	return func(th theta) float64 {
		sum := top
		for i := range params {
			d := th[i] - mean[i]
			sum -= d * d * half[i]
		}
		return sum
	}
}

// A mode is the most probable theta of a topic and the information there is
// about it, as a Cholesky factor of the precision.
type mode struct {
	at        theta
	precision matrix
}

// maxSteps bounds the climb. It takes four to eight from a cold start.
const maxSteps = 40

// climb finds the mode of likelihood times prior by Fisher scoring, starting
// at from. Expected information keeps every step uphill where a bent
// likelihood would not; a step that overshoots is halved.
func (t *tally) climb(s shape, p *prior, dispersion float64, from theta) mode {
	at, density := from, p.density()
	value := t.likelihood(s, at)/dispersion + density(at)
	var precision matrix
	for range maxSteps {
		gradient, information := t.score(s, p, dispersion, at)
		precision = information.cholesky()
		step := precision.solve(gradient)
		size := 1.0
		moved := false
		for range 12 {
			next := plus(at, step, size)
			if v := t.likelihood(s, next)/dispersion + density(next); v > value {
				at, value, moved = next, v, true
				break
			}
			size /= 2
		}
		if !moved || squared(step)*size*size < 1e-8 {
			break
		}
	}
	_, information := t.score(s, p, dispersion, at)
	return mode{at: at, precision: information.cholesky()}
}

// score is the gradient of the log posterior and its expected information.
func (t *tally) score(s shape, p *prior, dispersion float64, at theta) (theta, matrix) {
	var gradient theta
	var information matrix
	for _, c := range t.cells {
		y, by := s.level(c.n, at)
		weight := c.count / (y * (1 - y) * dispersion)
		off := (c.sum - c.count*y) / (y * (1 - y) * dispersion)
		for i := range params {
			gradient[i] += off * by[i]
			for j := range i + 1 {
				information[i][j] += weight * by[i] * by[j]
			}
		}
	}
	for i := range params {
		precision := 1 / (p.spread[i] * p.spread[i])
		gradient[i] -= (at[i] - p.mean[i]) * precision
		information[i][i] += precision
	}
	return gradient, information
}
