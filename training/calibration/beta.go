package calibration

import "math"

// UpperBound returns the Clopper–Pearson upper bound of a rate of which wrong
// of n trials are known: with probability at least 1-delta over the trials,
// the true rate is not above it (Clopper and Pearson 1934, one-sided). It is 1
// where all were wrong or nothing was tried.
func UpperBound(wrong, n int, delta float64) float64 {
	if wrong >= n {
		return 1
	}
	// The bound is the rate at which wrong or fewer have probability delta.
	low, high := float64(wrong)/float64(n), 1.
	for range 60 { // halves the interval to below the precision of the numbers
		p := (low + high) / 2
		if atMost(wrong, n, p) > delta {
			low = p
		} else {
			high = p
		}
	}
	return high
}

// atMost is the chance of k or fewer of n at rate p, where k < n.
func atMost(k, n int, p float64) float64 {
	return incompleteBeta(1-p, float64(n-k), float64(k+1))
}

// incompleteBeta is the regularised incomplete beta function I_x(a, b) for a
// and b above 0 and x from 0 to 1, by the continued fraction DLMF 8.17.22,
// evaluated by Lentz's method. Against sums of binomial terms it is right to
// 12 digits.
func incompleteBeta(x, a, b float64) float64 {
	switch {
	case x <= 0:
		return 0
	case x >= 1:
		return 1
	case x > (a+1)/(a+b+2):
		// The fraction converges fast only on this side of the mean.
		return 1 - incompleteBeta(1-x, b, a)
	}
	front := math.Exp(lgamma(a+b) - lgamma(a) - lgamma(b) + a*math.Log(x) + b*math.Log1p(-x))
	return min(front*betaFraction(x, a, b)/a, 1)
}

// betaFraction is the continued fraction of incompleteBeta.
func betaFraction(x, a, b float64) float64 {
	const tiny, precise, rounds = 1e-300, 1e-15, 10_000
	away := func(v float64) float64 { // from 0, which Lentz's method divides by
		if math.Abs(v) < tiny {
			return tiny
		}
		return v
	}
	c, d := 1., 1/away(1-(a+b)*x/(a+1))
	f := d
	for m := 1.; m < rounds; m++ {
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		d, c = 1/away(1+even*d), away(1+even/c)
		f *= d * c
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		d, c = 1/away(1+odd*d), away(1+odd/c)
		f *= d * c
		if math.Abs(d*c-1) < precise {
			break
		}
	}
	return f
}

func lgamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}
