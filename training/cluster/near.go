package cluster

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

const (
	// neighbours is how many of the nearest are kept of each item. They are
	// whom it may join; how much alike a group is, all its members say.
	neighbours = 12

	// unlike is the likeness below which two items are no neighbours.
	unlike = 0.05

	// bruteMost is up to how many items all are compared with all.
	bruteMost = 5000

	// probed is how many cells around an item are searched where there are more.
	probed = 8
)

// A neighbour is another item and how much alike it is.
type neighbour struct {
	item int32
	near float32
}

// closest keeps the nearest of those it is shown, best first.
type closest []neighbour

func (c closest) show(item int, near float32) closest {
	if near < unlike || len(c) == neighbours && near <= c[len(c)-1].near {
		return c
	}
	if len(c) < neighbours {
		c = append(c, neighbour{})
	}
	at := len(c) - 1
	for ; at > 0 && c[at-1].near < near; at-- {
		c[at] = c[at-1]
	}
	c[at] = neighbour{int32(item), near}
	return c
}

// nearest returns for each row of t its nearest others, best first.
func nearest(ctx context.Context, t table) ([][]int32, error) {
	found := make([]closest, t.n)
	var err error
	if t.n <= bruteMost {
		err = compareAll(ctx, t, found)
	} else {
		err = compareCells(ctx, t, found)
	}
	out := make([][]int32, t.n)
	for i, c := range found {
		for _, x := range c {
			out[i] = append(out[i], x.item)
		}
	}
	return out, err
}

func compareAll(ctx context.Context, t table, found []closest) error {
	for i := range t.n {
		if err := ctx.Err(); err != nil {
			return err
		}
		r := t.row(i)
		for j := range i {
			x := dot(r, t.row(j))
			found[i] = found[i].show(j, x)
			found[j] = found[j].show(i, x)
		}
	}
	return nil
}

// compareCells parts the points into cells around centres, as an inverted file
// does (Sivic and Zisserman 2003), and compares points of near cells only.
func compareCells(ctx context.Context, t table, found []closest) error {
	centres := cellCentres(t)
	cells := make([][]int, centres.n)
	order := make([][]neighbour, t.n)
	for i := range t.n {
		if err := ctx.Err(); err != nil {
			return err
		}
		order[i] = nearCells(t.row(i), centres)
		cells[order[i][0].item] = append(cells[order[i][0].item], i)
	}
	for i := range t.n {
		if err := ctx.Err(); err != nil {
			return err
		}
		for _, c := range order[i] {
			for _, j := range cells[c.item] {
				if j != i {
					found[i] = found[i].show(j, dot(t.row(i), t.row(j)))
				}
			}
		}
	}
	return nil
}

// nearCells are the probed cells nearest to a point, best first.
func nearCells(point []float32, centres table) []neighbour {
	all := make([]neighbour, centres.n)
	for c := range all {
		all[c] = neighbour{int32(c), dot(point, centres.row(c))}
	}
	slices.SortStableFunc(all, func(a, b neighbour) int {
		switch {
		case a.near > b.near:
			return -1
		case a.near < b.near:
			return 1
		}
		return 0
	})
	return slices.Clone(all[:min(probed, len(all))])
}

// cellCentres are about as many centres as each cell has points, by two rounds
// of k-means from points drawn at random.
func cellCentres(t table) table {
	centres := newTable(int(math.Sqrt(float64(t.n))), t.dim)
	for c, i := range rand.New(rand.NewPCG(5, 6)).Perm(t.n)[:centres.n] {
		copy(centres.row(c), t.row(i))
	}
	for range 2 {
		sums := newTable(centres.n, t.dim)
		for i := range t.n {
			best, near := 0, float32(math.Inf(-1))
			for c := range centres.n {
				if x := dot(t.row(i), centres.row(c)); x > near {
					best, near = c, x
				}
			}
			axpy(1, t.row(i), sums.row(best))
		}
		for c := range centres.n {
			if n := norm(sums.row(c)); n > 0 {
				clear(centres.row(c))
				axpy(float32(1/n), sums.row(c), centres.row(c))
			}
		}
	}
	return centres
}
