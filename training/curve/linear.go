package curve

import "math"

// A matrix is symmetric, or the lower triangle of a Cholesky factor.
type matrix [params][params]float64

// cholesky returns the lower triangle whose product with its transpose is m,
// which must be positive definite: every m here is a sum of squares and of
// positive precisions.
func (m matrix) cholesky() matrix {
	var l matrix
	for i := range params {
		for j := range i + 1 {
			sum := m[i][j]
			for k := range j {
				sum -= l[i][k] * l[j][k]
			}
			if i == j {
				l[i][i] = math.Sqrt(sum)
			} else {
				l[i][j] = sum / l[j][j]
			}
		}
	}
	return l
}

// solve returns x with (m·mᵀ)·x = v, for m a Cholesky factor.
func (m matrix) solve(v theta) theta {
	return m.back(m.forth(v))
}

// forth returns x with m·x = v.
func (m matrix) forth(v theta) theta {
	for i := range params {
		for j := range i {
			v[i] -= m[i][j] * v[j]
		}
		v[i] /= m[i][i]
	}
	return v
}

// back returns x with mᵀ·x = v.
func (m matrix) back(v theta) theta {
	for i := params - 1; i >= 0; i-- {
		for j := i + 1; j < params; j++ {
			v[i] -= m[j][i] * v[j]
		}
		v[i] /= m[i][i]
	}
	return v
}

// times returns lᵀ·v.
func (m matrix) times(v theta) theta {
	var out theta
	for i := range params {
		for j := i; j < params; j++ {
			out[i] += m[j][i] * v[j]
		}
	}
	return out
}

func plus(a, b theta, step float64) theta {
	for i := range a {
		a[i] += step * b[i]
	}
	return a
}

func squared(v theta) float64 {
	var sum float64
	for _, x := range v {
		sum += x * x
	}
	return sum
}
