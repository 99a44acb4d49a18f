package memindex

import (
	"math"
	"slices"
)

// A denseQuery finds the passages nearest to a vector.
type denseQuery struct {
	vector []float32
	codes  []int16
	scale  float32 // vector is about codes×scale
	length float32 // of vector
	slack  float32 // how far rounding codes and sums can move a cosine

	lows    floats // the n highest cosines that some passage surely reaches
	maybe   []bound
	product [scanRows]int32
}

// A bound is a passage with the highest cosine it can have.
type bound struct {
	place
	high float32
}

// scanRows is how many rows are multiplied at a time.
const scanRows = 512

func newDenseQuery(v []float32, n int) *denseQuery {
	d := &denseQuery{vector: v, codes: make([]int16, width(len(v))), lows: floats{n: n}}
	highest, squares := 0.0, 0.0
	for _, x := range v {
		highest = max(highest, math.Abs(float64(x)))
		squares += float64(x) * float64(x)
	}
	d.length = float32(math.Sqrt(squares) * (1 + 1e-6))
	// As fine as 16 bits allow, and no product may overflow 32.
	fine := min(math.MaxInt16/highest, (1<<30)/(127*math.Sqrt(float64(len(d.codes))*squares)))
	d.scale = float32(1 / fine)
	rest := 0.0
	for i, x := range v {
		c := math.Round(float64(x) * fine)
		d.codes[i] = int16(c)
		diff := float64(x) - c*float64(d.scale)
		rest += diff * diff
	}
	// The codes of a unit vector are no longer than 2.
	d.slack = float32(2*math.Sqrt(rest)) + 1e-5*d.length
	return d
}

// scan bounds the cosines of a part's passages that pass.
func (d *denseQuery) scan(number int, p *part, pass bitmap) {
	w := len(d.codes)
	for from, to := range pass.runs() {
		for ; from < to; from += scanRows {
			n := min(scanRows, to-from)
			dotCodes(d.product[:n], p.codes[from*w:(from+n)*w], d.codes)
			d.keep(place{int32(number), int32(from)}, p.scales[from:from+n], p.errors[from:from+n])
		}
	}
}

// keep notes those of the rows just multiplied that may be among the best. The
// first of them is at first.
func (d *denseQuery) keep(first place, scales, errors []float32) {
	product := d.product[:len(scales)]
	errors = errors[:len(scales)]
	floor := d.lows.floor()
	for i, scale := range scales {
		around := float32(product[i]) * d.scale * scale
		err := errors[i]*d.length + d.slack
		if around+err < floor {
			continue
		}
		d.maybe = append(d.maybe, bound{place{first.part, first.slot + int32(i)}, around + err})
		d.lows.add(around - err)
		floor = d.lows.floor()
	}
}

// nearest computes the cosines that matter and returns the best.
func (d *denseQuery) nearest(snap *snapshot) *best {
	b := newBest(snap, d.lows.n, -math.MaxFloat32)
	// From the likeliest on: the floor rises soon and few are left to compute.
	floor := d.lows.floor()
	d.maybe = slices.DeleteFunc(d.maybe, func(x bound) bool { return x.high < floor })
	slices.SortFunc(d.maybe, func(x, y bound) int { return compareDown(x.high, y.high) })
	for _, x := range d.maybe {
		if x.high < b.floor {
			break
		}
		if cos := dot(d.vector, snap.parts[x.part].vector(int(x.slot))); cos >= b.floor {
			b.add(scored{place: x.place, score: cos})
		}
	}
	return b
}

func compareDown(a, b float32) int {
	switch {
	case a > b:
		return -1
	case a < b:
		return 1
	}
	return 0
}

// floats keeps the n highest numbers it is given, as a heap with the lowest on
// top.
type floats struct {
	n    int
	heap []float32
}

// floor is the lowest of the n highest, or less than any while there are fewer.
func (f *floats) floor() float32 {
	if len(f.heap) < f.n {
		return -math.MaxFloat32
	}
	return f.heap[0]
}

func (f *floats) add(x float32) {
	if len(f.heap) < f.n {
		f.heap = append(f.heap, x)
		for i := len(f.heap) - 1; i > 0 && f.heap[i] < f.heap[(i-1)/2]; i = (i - 1) / 2 {
			f.heap[i], f.heap[(i-1)/2] = f.heap[(i-1)/2], f.heap[i]
		}
		return
	}
	if x <= f.heap[0] {
		return
	}
	f.heap[0] = x
	for i := 0; ; {
		low := i
		for child := 2*i + 1; child <= 2*i+2; child++ {
			if child < len(f.heap) && f.heap[child] < f.heap[low] {
				low = child
			}
		}
		if low == i {
			return
		}
		f.heap[i], f.heap[low] = f.heap[low], f.heap[i]
		i = low
	}
}
