package cluster

import (
	"context"
	"math/rand/v2"
	"slices"
)

const (
	// nearBuiltIn is the likeness from which questions are of one topic. It is
	// about where, in evidence of ten questions as of three thousand, most of
	// the pairs it joins are of one topic.
	nearBuiltIn = 0.24

	// nearBackground is the same where there is at least as much background as
	// evidence: then more of what two questions say is known to be related.
	nearBackground = 0.31

	// mergeMargin is how many times the threshold two groups of the last run
	// must be alike to become one, and splitMargin how many times it two halves
	// of a group must be at most to part. Between them nothing changes, so that
	// groups do not come and go with every question.
	mergeMargin = 1.25
	splitMargin = 0.5
)

// none is no group.
const none = -1

// A partition is items in groups, some of them of the last run.
type partition struct {
	s         *space
	threshold float64
	rand      *rand.Rand
	of        []int32  // the group of each item, or none
	was       []int32  // the group of the last run, or none
	ids       []string // of groups of the last run, by number; groups after them are new
}

func newPartition(s *space, o Options) *partition {
	p := &partition{s: s, threshold: o.Near, rand: rand.New(rand.NewPCG(o.Seed, 7))}
	if p.threshold == 0 {
		known := float64(len(o.Background)) / float64(max(len(s.items), 1))
		p.threshold = nearBuiltIn + (nearBackground-nearBuiltIn)*min(known, 1)
	}
	p.of = slices.Repeat([]int32{none}, len(s.items))
	return p
}

// recall puts the items that were members of groups before where they were.
func (p *partition) recall(before []Group) {
	index := make(map[string]int, len(p.s.items))
	for i, it := range p.s.items {
		index[it.ID] = i
	}
	before = slices.Clone(before)
	sortGroups(before)
	for _, g := range before {
		number, there := int32(len(p.ids)), false
		for _, m := range g.Members {
			if i, ok := index[m]; ok {
				p.of[i] = number
				there = true
			}
		}
		if there {
			p.ids = append(p.ids, g.ID)
		}
	}
	p.was = slices.Clone(p.of)
}

// settle finds a group for every item.
func (p *partition) settle(ctx context.Context) error {
	if err := p.place(ctx); err != nil {
		return err
	}
	members, touched := p.members(), p.touched()
	for g := range p.ids {
		if touched[int32(g)] {
			if err := p.split(ctx, members[g]); err != nil {
				return err
			}
		}
	}
	p.merge()
	return ctx.Err()
}

// place lets the new items join groups of the last run or make their own.
func (p *partition) place(ctx context.Context) error {
	unit := slices.Clone(p.of) // of each item
	n := int32(len(p.ids))
	for i := range unit {
		if unit[i] == none {
			unit[i] = n
			n++
		}
	}
	if int(n) == len(p.ids) {
		return nil // nothing is new
	}
	u := p.units(unit, int(n))
	for g := range p.ids {
		u.held[g] = true
	}
	of := alone(int(n))
	if err := u.levels(ctx, of, p.threshold, p.rand); err != nil {
		return err
	}
	// A community with a group of the last run takes its number.
	number := make(map[int32]int32)
	for g := range p.ids {
		number[of[g]] = int32(g)
	}
	next := int32(len(p.ids))
	for i := range p.of {
		c := of[unit[i]]
		if _, ok := number[c]; !ok {
			number[c] = next
			next++
		}
		p.of[i] = number[c]
	}
	return nil
}

func alone(n int) []int32 {
	of := make([]int32, n)
	for i := range of {
		of[i] = int32(i)
	}
	return of
}

// units are n units of the items with the numbers in unit; none leaves an item
// out.
func (p *partition) units(unit []int32, n int) *units {
	u := &units{sums: newTable(n, p.s.points.dim), size: make([]float64, n), near: make([][]int32, n), held: make([]bool, n)}
	for i, c := range unit {
		if c == none {
			continue
		}
		axpy(1, p.s.points.row(i), u.sums.row(int(c)))
		u.size[c]++
		for _, j := range p.s.near[i] {
			if d := unit[j]; d != c && d != none {
				u.near[c] = append(u.near[c], d)
				u.near[d] = append(u.near[d], c)
			}
		}
	}
	for c := range u.near {
		slices.Sort(u.near[c])
		u.near[c] = slices.Compact(u.near[c])
	}
	return u
}

// members are the items of each group, ascending.
func (p *partition) members() [][]int {
	n := int32(len(p.ids))
	for _, g := range p.of {
		n = max(n, g+1)
	}
	out := make([][]int, n)
	for i, g := range p.of {
		out[g] = append(out[g], i)
	}
	return out
}

// touched are the groups that something new is in, or is most like a member of.
func (p *partition) touched() map[int32]bool {
	out := make(map[int32]bool)
	for i, g := range p.of {
		if p.was[i] != none {
			continue
		}
		out[g] = true
		if near := p.s.near[i]; len(near) > 0 {
			out[p.of[near[0]]] = true
		}
	}
	return out
}

// split parts a group of the last run if its members fall into groups that are
// clearly apart.
func (p *partition) split(ctx context.Context, members []int) error {
	if len(members) < 2*fewest {
		return nil
	}
	unit := slices.Repeat([]int32{none}, len(p.of))
	for at, i := range members {
		unit[i] = int32(at)
	}
	u := p.units(unit, len(members))
	of := alone(len(members))
	if err := u.levels(ctx, of, p.threshold, p.rand); err != nil {
		return err
	}
	parts := u.gather(of)
	for c, leaves := range parting(parts, p.threshold) {
		if !leaves {
			continue
		}
		next := int32(len(p.members()))
		for at, i := range members {
			if of[at] == int32(c) {
				p.of[i] = next
			}
		}
	}
	return nil
}

// parting tells which parts of a group are clearly apart from what stays. Both
// must be large enough to speak for themselves.
func parting(parts *units, threshold float64) []bool {
	rest, left := make([]float32, parts.sums.dim), 0.0
	for c, size := range parts.size {
		axpy(1, parts.sums.row(c), rest)
		left += size
	}
	leaves := make([]bool, len(parts.size))
	for c, size := range parts.size {
		if size < fewest || left-size < fewest {
			continue
		}
		sum := parts.sums.row(c)
		axpy(-1, sum, rest)
		if float64(dot(sum, rest)) < splitMargin*threshold*size*(left-size) {
			left -= size
			leaves[c] = true
			continue
		}
		axpy(1, sum, rest)
	}
	return leaves
}

// merge makes one of two groups that are clearly one, the most alike first, for
// as long as there are such. Only groups with something new in them, or too
// small to speak for themselves, look for another: what did not change stays.
func (p *partition) merge() {
	u := p.units(p.of, len(p.members()))
	seeks := make([]bool, len(u.size))
	fixed := make([]bool, len(u.size)) // of the last run
	for i, g := range p.of {
		seeks[g] = seeks[g] || p.was[i] == none
	}
	for g := range u.size {
		fixed[g] = g < len(p.ids)
		seeks[g] = seeks[g] || u.size[g] < fewest
	}
	into := alone(len(u.size))
	for {
		a, b := p.mostAlike(u, seeks, fixed)
		if a == none {
			break
		}
		axpy(1, u.sums.row(b), u.sums.row(a))
		u.size[a] += u.size[b]
		u.size[b] = 0
		fixed[a] = fixed[a] || fixed[b]
		seeks[a] = true
		for _, c := range u.near[b] {
			if int(c) != a {
				u.near[a] = append(u.near[a], c)
				u.near[c] = append(u.near[c], int32(a))
			}
		}
		for g := range into {
			if into[g] == int32(b) {
				into[g] = int32(a)
			}
		}
	}
	for i, g := range p.of {
		p.of[i] = into[g]
	}
}

// mostAlike is the pair of groups that is most alike, of those that may merge.
func (p *partition) mostAlike(u *units, seeks, fixed []bool) (a, b int) {
	a, b = none, none
	best := 1.0 // how many times what they must be
	for g := range u.size {
		if !seeks[g] || u.size[g] == 0 {
			continue
		}
		for _, c := range u.near[g] {
			h := int(c)
			if u.size[h] == 0 || h == g {
				continue
			}
			must := p.threshold * u.size[g] * u.size[h]
			if fixed[g] && fixed[h] {
				must *= mergeMargin
			}
			if x := float64(dot(u.sums.row(g), u.sums.row(h))) / must; x > best+least {
				best, a, b = x, min(g, h), max(g, h)
			}
		}
	}
	return a, b
}
