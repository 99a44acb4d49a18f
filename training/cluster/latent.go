package cluster

import (
	"context"
	"math"
	"math/rand/v2"
)

// A table is numbers in rows of the same length.
type table struct {
	n, dim int
	values []float32
}

func newTable(n, dim int) table { return table{n, dim, make([]float32, n*dim)} }

func (t table) row(i int) []float32 { return t.values[i*t.dim : (i+1)*t.dim : (i+1)*t.dim] }

// rounds is how often the randomised decomposition is sharpened. More changes
// nothing that can be measured.
const rounds = 3

// latent returns the rows of m in dim dimensions, in which their inner products
// are as near as can be to what they were: the left singular vectors times the
// singular values (Halko, Martinsson and Tropp 2011, algorithm 4.4).
func latent(ctx context.Context, m matrix, dim int) (table, error) {
	left, right, err := decompose(ctx, m, dim)
	if err != nil {
		return table{}, err
	}
	// left·rightᵀ is nearest to m, so its inner products are those of left·L
	// with L·Lᵀ = rightᵀ·right.
	return multiply(left, cholesky(gram(right))), nil
}

// directions returns, as columns, the dim orthonormal directions in which the
// rows of m are longest.
func directions(ctx context.Context, m matrix, dim int) (table, error) {
	_, right, err := decompose(ctx, m, dim)
	orthonormal(right)
	return right, err
}

// decompose returns left, whose columns are orthonormal, and right, such that
// left·rightᵀ is about the nearest to m of all of its rank.
func decompose(ctx context.Context, m matrix, dim int) (left, right table, err error) {
	n := len(m.rows)
	dim = min(dim, n, max(m.terms, 1))
	r := rand.New(rand.NewPCG(1, 2)) // the same for the same shape
	left, right = newTable(n, dim), newTable(m.terms, dim)
	for i := range right.values {
		right.values[i] = float32(r.NormFloat64())
	}
	for range rounds {
		if err := ctx.Err(); err != nil {
			return left, right, err
		}
		m.times(right, left)
		orthonormal(left)
		m.transposedTimes(left, right)
	}
	return left, right, nil
}

// times sets out to m·v.
func (m matrix) times(v, out table) {
	clear(out.values)
	for i, r := range m.rows {
		dst := out.row(i)
		for k, t := range r.terms {
			axpy(r.weights[k], v.row(int(t)), dst)
		}
	}
}

// transposedTimes sets out to mᵀ·v.
func (m matrix) transposedTimes(v, out table) {
	clear(out.values)
	for i, r := range m.rows {
		src := v.row(i)
		for k, t := range r.terms {
			axpy(r.weights[k], src, out.row(int(t)))
		}
	}
}

// axpy adds a·x to y.
func axpy(a float32, x, y []float32) {
	y = y[:len(x)]
	i := 0
	for ; i+4 <= len(x); i += 4 { // four at a time is a third faster
		u, v := x[i:i+4:i+4], y[i:i+4:i+4]
		v[0] += a * u[0]
		v[1] += a * u[1]
		v[2] += a * u[2]
		v[3] += a * u[3]
	}
	for ; i < len(x); i++ {
		y[i] += a * x[i]
	}
}

// dot is the inner product of vectors of one length.
func dot(x, y []float32) float32 {
	y = y[:len(x)]
	var a, b, c, d float32
	i := 0
	for ; i+4 <= len(x); i += 4 {
		u, v := x[i:i+4:i+4], y[i:i+4:i+4]
		a += u[0] * v[0]
		b += u[1] * v[1]
		c += u[2] * v[2]
		d += u[3] * v[3]
	}
	for ; i < len(x); i++ {
		a += x[i] * y[i]
	}
	return a + b + c + d
}

// orthonormal makes the columns of t orthonormal (Gram and Schmidt, twice); a
// column that depends on those before it becomes zeros.
func orthonormal(t table) {
	columns := make([]float32, len(t.values))
	for i := range t.n {
		for j, x := range t.row(i) {
			columns[j*t.n+i] = x
		}
	}
	for j := range t.dim {
		c := columns[j*t.n : (j+1)*t.n]
		was := norm(c)
		for range 2 {
			for k := range j {
				b := columns[k*t.n : (k+1)*t.n]
				axpy(-dot(b, c), b, c)
			}
		}
		scale := float32(0)
		if is := norm(c); is > dependent*was {
			scale = float32(1 / is)
		}
		for i := range c {
			c[i] *= scale
			t.values[i*t.dim+j] = c[i]
		}
	}
}

// dependent is the share of a column's length below which what is left of it is
// only what rounding left.
const dependent = 1e-4

func norm(x []float32) float64 {
	var sum float64
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum)
}

// gram returns tᵀ·t.
func gram(t table) []float64 {
	out := make([]float64, t.dim*t.dim)
	sum := make([]float32, t.dim*t.dim)
	for i := range t.n {
		r := t.row(i)
		for j, x := range r {
			if x != 0 {
				axpy(x, r[:j+1], sum[j*t.dim:])
			}
		}
	}
	for i := range t.dim {
		for j := range i + 1 {
			out[i*t.dim+j] = float64(sum[i*t.dim+j])
			out[j*t.dim+i] = out[i*t.dim+j]
		}
	}
	return out
}

// cholesky returns the lower triangle L of g = L·Lᵀ as rows. A direction
// without length stays zeros.
func cholesky(g []float64) table {
	dim := int(math.Sqrt(float64(len(g))) + 0.5)
	l := make([]float64, len(g))
	for j := range dim {
		for i := j; i < dim; i++ {
			sum := g[i*dim+j]
			for k := range j {
				sum -= l[i*dim+k] * l[j*dim+k]
			}
			switch {
			case i == j && sum > smallest*g[i*dim+i]:
				l[i*dim+i] = math.Sqrt(sum)
			case i > j && l[j*dim+j] > 0:
				l[i*dim+j] = sum / l[j*dim+j]
			}
		}
	}
	out := newTable(dim, dim)
	for i, x := range l {
		out.values[i] = float32(x)
	}
	return out
}

// smallest is the share of its length a direction must add to count.
const smallest = 1e-9

// multiply returns a·b.
func multiply(a, b table) table {
	out := newTable(a.n, b.dim)
	for i := range a.n {
		dst := out.row(i)
		for k, x := range a.row(i) {
			if x != 0 {
				axpy(x, b.row(k), dst)
			}
		}
	}
	return out
}
