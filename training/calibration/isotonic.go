package calibration

// leastBlock is the least number of effective labels behind a probability:
// with 20, one label moves it by about 5 points. Between 12 and 40 it hardly
// matters; below, 200 labels make a worse curve.
const leastBlock = 20

// A block is a run of labels that get one probability.
type block struct {
	weight, right, score float64 // effective labels; those of them that are right; Σ weight·score
	low, high            float64 // its least and greatest score
}

func newBlock(e Example) block {
	return block{weight: e.Weight, right: e.Weight * float64(number(e.Right)), score: e.Weight * e.Score, low: e.Score, high: e.Score}
}

// add joins the block that follows; an empty one becomes o.
func (b *block) add(o block) {
	if b.weight == 0 {
		*b = o
		return
	}
	b.weight += o.weight
	b.right += o.right
	b.score += o.score
	b.high = o.high
}

// share is the block's probability by the rule of succession, so that a few
// labels of one outcome are not taken for certainty.
func (b *block) share() float64 {
	return (b.right + 1) / (b.weight + 2)
}

// fitIsotonic fits the monotone curve nearest to the labels by pooling
// adjacent violators (Ayer et al. 1955; Zadrozny and Elkan 2002), which takes
// one pass. It pools runs of labels that are large enough to be believed, not
// single labels, and pools again once shares are smoothed. A block gives two
// knots, half way from its mean score to its ends: knots at the means alone
// blur a true step, knots at the ends make steps of a slope.
func fitIsotonic(labels []Example) Curve {
	blocks := pool(pool(merge(ties(labels)), mean), (*block).share)
	c := Curve{Kind: Isotonic, Points: make([][2]float64, 0, 2*len(blocks))}
	for i := range blocks {
		b := &blocks[i]
		at := b.score / b.weight
		c.Points = knot(c.Points, (b.low+at)/2, b.share())
		c.Points = knot(c.Points, (at+b.high)/2, b.share())
	}
	return c
}

// knot appends a knot, unless rounding has put it on the one before, and
// keeps the curve from falling.
func knot(points [][2]float64, at, p float64) [][2]float64 {
	n := len(points)
	if n > 0 {
		p = max(p, points[n-1][1])
		if at <= points[n-1][0] {
			points[n-1][1] = p
			return points
		}
	}
	return append(points, [2]float64{min(at, 1), p})
}

// ties makes one block of the labels of each score: what has the same raw
// confidence gets the same probability.
func ties(labels []Example) []block {
	var out []block
	for i, e := range labels {
		if i > 0 && labels[i-1].Score == e.Score {
			out[len(out)-1].add(newBlock(e))
			continue
		}
		out = append(out, newBlock(e))
	}
	return out
}

func mean(b *block) float64 {
	return b.right / b.weight
}

// pool joins neighbours until value never falls.
func pool(blocks []block, value func(*block) float64) []block {
	out := blocks[:0]
	for _, b := range blocks {
		out = append(out, b)
		for n := len(out); n > 1 && value(&out[n-2]) >= value(&out[n-1]); n-- {
			out[n-2].add(out[n-1])
			out = out[:n-1]
		}
	}
	return out
}

// merge joins neighbours into blocks of at least leastBlock labels, where there
// are that many.
func merge(blocks []block) []block {
	out := blocks[:0]
	var open block
	for _, b := range blocks {
		open.add(b)
		if open.weight >= leastBlock {
			out = append(out, open)
			open = block{}
		}
	}
	switch {
	case open.weight == 0:
	case len(out) == 0:
		out = append(out, open)
	default:
		out[len(out)-1].add(open)
	}
	return out
}
