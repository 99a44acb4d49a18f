package cluster

import (
	"context"
	"math/rand/v2"
	"slices"
)

// Units are what moves between communities: items, or groups of them that move
// as one.
type units struct {
	sums table     // of the points of each unit
	size []float64 // number of items
	near [][]int32 // units it may join
	held []bool    // it stays where it is; others may join it
}

// A community is a set of units by the sum of their points.
type community struct {
	sum  []float32
	size float64
}

// passes bounds how often all units are tried. They settle long before.
const passes = 40

// least is the gain below which a move is none: what rounding may feign.
const least = 1e-4

// A mover moves units between communities, one at a time.
type mover struct {
	*units
	of        []int32 // the community of each unit
	at        []community
	free      []int32 // empty communities
	seen      []int32 // of each community the mark of who looked at it last
	threshold float64
}

// settle moves units between the communities in of, one at a time, to where
// they add most: their likeness to each member less the threshold. It changes
// of and reports whether anything moved.
func (u *units) settle(ctx context.Context, of []int32, threshold float64, r *rand.Rand) (bool, error) {
	m := mover{units: u, of: of, at: u.communities(of), seen: make([]int32, len(of)), threshold: threshold}
	for c := range m.at {
		if m.at[c].size == 0 {
			m.free = append(m.free, int32(c))
		}
	}
	order := r.Perm(len(of))
	moved := false
	for pass := range passes {
		if err := ctx.Err(); err != nil {
			return moved, err
		}
		changed := false
		for _, i := range order {
			if !u.held[i] && m.move(i, int32(pass*len(of)+i+1)) {
				changed = true
			}
		}
		if !changed {
			break
		}
		moved = true
	}
	return moved, nil
}

// move puts unit i where it adds most and reports whether that is elsewhere.
// The mark is of this move alone.
func (m *mover) move(i int, mark int32) bool {
	was := m.of[i]
	m.at[was].add(-1, m.sums.row(i), m.size[i])
	best, gain := int32(none), float64(least)
	if m.at[was].size == 0 {
		best = was // alone, and that adds nothing
	} else if x := m.gain(i, m.at[was], m.threshold); x > 0 {
		best, gain = was, x+least
	}
	m.seen[was] = mark
	for _, j := range m.near[i] {
		c := m.of[j]
		if m.seen[c] == mark {
			continue
		}
		m.seen[c] = mark
		if x := m.gain(i, m.at[c], m.threshold); x > gain {
			best, gain = c, x
		}
	}
	if best == none { // better alone
		last := len(m.free) - 1
		best, m.free = m.free[last], m.free[:last]
	}
	m.at[best].add(1, m.sums.row(i), m.size[i])
	if best == was {
		return false
	}
	if m.at[was].size == 0 {
		m.free = append(m.free, was)
	}
	m.of[i] = best
	return true
}

// gain is what unit i adds to a community that it is not in.
func (u *units) gain(i int, c community, threshold float64) float64 {
	return float64(dot(u.sums.row(i), c.sum)) - threshold*u.size[i]*c.size
}

func (c *community) add(sign float32, sum []float32, size float64) {
	axpy(sign, sum, c.sum)
	c.size += float64(sign) * size
	if c.size == 0 {
		clear(c.sum) // what rounding left
	}
}

// communities sums up the units of each community. There are as many as units,
// some of them empty.
func (u *units) communities(of []int32) []community {
	sums := newTable(len(of), u.sums.dim)
	out := make([]community, len(of))
	for c := range out {
		out[c].sum = sums.row(c)
	}
	for i, c := range of {
		out[c].add(1, u.sums.row(i), u.size[i])
	}
	return out
}

// gather makes one unit of each community and renumbers of after them. A
// community with a held unit is held.
func (u *units) gather(of []int32) *units {
	number := make(map[int32]int32)
	for i, c := range of {
		if _, ok := number[c]; !ok {
			number[c] = int32(len(number))
		}
		of[i] = number[c]
	}
	n := len(number)
	out := &units{sums: newTable(n, u.sums.dim), size: make([]float64, n), near: make([][]int32, n), held: make([]bool, n)}
	for i, c := range of {
		axpy(1, u.sums.row(i), out.sums.row(int(c)))
		out.size[c] += u.size[i]
		out.held[c] = out.held[c] || u.held[i]
		for _, j := range u.near[i] {
			if of[j] != c {
				out.near[c] = append(out.near[c], of[j])
			}
		}
	}
	for c := range out.near {
		slices.Sort(out.near[c])
		out.near[c] = slices.Compact(out.near[c])
	}
	return out
}

// levels is settle for units, then for communities of them as units, and so on
// until nothing moves (Blondel et al. 2008); then once more from the units, of
// which some are better off elsewhere by then.
func (u *units) levels(ctx context.Context, of []int32, threshold float64, r *rand.Rand) error {
	for range 3 {
		moved, err := u.settle(ctx, of, threshold, r)
		if err != nil {
			return err
		}
		some, err := u.climb(ctx, of, threshold, r)
		if err != nil || !moved && !some {
			return err
		}
	}
	return nil
}

// climb settles the communities in of as units, and those they make, until
// nothing moves.
func (u *units) climb(ctx context.Context, of []int32, threshold float64, r *rand.Rand) (bool, error) {
	some := false
	for {
		above := u.gather(of)
		over := make([]int32, len(above.size))
		for c := range over {
			over[c] = int32(c)
		}
		moved, err := above.settle(ctx, over, threshold, r)
		if err != nil || !moved {
			return some, err
		}
		some = true
		for i, c := range of {
			of[i] = over[c]
		}
	}
}
