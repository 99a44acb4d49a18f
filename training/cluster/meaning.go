package cluster

import (
	"context"
	"math"
	"math/rand/v2"

	"github.com/whetstone-desk/whetstone/embeddings"
)

// sampled is how many vectors are looked at to find in which directions all of
// them differ most.
const sampled = 2000

// meanDoubt is how many vectors it takes to believe half of their mean. The mean
// of three questions on one thing is that thing, not the way of the model.
const meanDoubt = 10

// meaningPoints are the vectors of items as unit points of at most meaningDim
// dimensions, about their mean: many models have all texts point one way, which
// tells nothing (Mu and Viswanath 2018). An item without a sound vector has
// zeros. If none has one, points have no dimension.
func meaningPoints(ctx context.Context, items []Item) (table, error) {
	dim := usualDim(items)
	if dim == 0 {
		return newTable(len(items), 0), nil
	}
	mean := make([]float32, dim)
	var have []int
	for i, it := range items {
		if sound(it.Vector, dim) {
			have = append(have, i)
			axpy(1, it.Vector, mean)
		}
	}
	for j := range mean {
		mean[j] /= float32(len(have) + meanDoubt)
	}
	centred := newTable(len(have), dim)
	for at, i := range have {
		r := centred.row(at)
		copy(r, items[i].Vector)
		axpy(-1, mean, r)
		embeddings.Vector(r).Unit()
	}
	small, err := reduce(ctx, centred)
	if err != nil {
		return table{}, err
	}
	points := newTable(len(items), small.dim)
	for at, i := range have {
		copy(points.row(i), embeddings.Vector(small.row(at)).Unit())
	}
	return points, nil
}

// usualDim is the length most vectors have, the greater one in a tie; 0 if
// there are fewer than two vectors.
func usualDim(items []Item) int {
	count := make(map[int]int)
	for _, it := range items {
		count[len(it.Vector)]++
	}
	delete(count, 0)
	best := 0
	for dim, n := range count {
		if n > count[best] || n == count[best] && dim > best {
			best = dim
		}
	}
	if count[best] < 2 {
		return 0
	}
	return best
}

// sound reports whether v is a vector of dim dimensions that says something.
func sound(v embeddings.Vector, dim int) bool {
	if len(v) != dim {
		return false
	}
	n := norm(v)
	return n > 0 && !math.IsInf(n, 0) && !math.IsNaN(n)
}

// reduce brings t to the meaningDim dimensions in which a sample of it varies
// most. What has no more is returned as it is.
func reduce(ctx context.Context, t table) (table, error) {
	if t.dim <= meaningDim {
		return t, nil
	}
	order := rand.New(rand.NewPCG(3, 4)).Perm(t.n)
	m := matrix{terms: t.dim}
	all := make([]uint32, t.dim)
	for j := range all {
		all[j] = uint32(j)
	}
	for _, i := range order[:min(sampled, t.n)] {
		m.rows = append(m.rows, row{all, t.row(i)})
	}
	basis, err := directions(ctx, m, meaningDim)
	if err != nil {
		return table{}, err
	}
	return multiply(t, basis), nil
}
