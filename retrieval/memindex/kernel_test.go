package memindex

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestKernelsAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, w := range []int{codeStep, 2 * codeStep, 3 * codeStep, 256, 768, 800} {
		query := make([]int16, w)
		for i := range query {
			query[i] = int16(r.IntN(1<<13) - 1<<12)
		}
		for rows := range 11 {
			codes := make([]int8, rows*w)
			for i := range codes {
				codes[i] = int8(r.IntN(255) - 127)
			}
			got, want := make([]int32, rows), make([]int32, rows)
			dotCodes(got, codes, query)
			dotCodesGeneric(want, codes, query)
			if !slices.Equal(got, want) {
				t.Errorf("%d rows of %d codes: %v, want %v", rows, w, got, want)
			}
		}
	}
	for n := range 100 {
		v, w := randomVector(r, n), randomVector(r, n)
		if got, want := dot(v, w), dotGeneric(v, w); math.Abs(float64(got-want)) > 1e-5 {
			t.Errorf("dot of %d: %v, want %v", n, got, want)
		}
	}
	for n := 64; n <= 512; n += 64 {
		var rows [len(sums{})][]float32
		var weights [len(sums{})]float32
		l := new(sums)
		for c := range rows {
			weights[c] = r.Float32()
			for i := range n {
				l[c][i] = max(r.Float32()-.5, 0)
			}
		}
		got, want := make([]uint64, n/64), make([]uint64, n/64)
		for _, floor := range []float32{math.SmallestNonzeroFloat32, .3, .7, 10} {
			above(got, l, 0, &weights, floor)
			aboveGeneric(want, l, 0, &weights, floor)
			if !slices.Equal(got, want) {
				t.Errorf("%d slots above %v: %x, want %x", n, floor, got, want)
			}
		}
	}
}

func randomVector(r *rand.Rand, n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = float32(r.NormFloat64() / math.Sqrt(float64(n)))
	}
	return v
}

func TestCodesKeepTheirBound(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for _, dim := range []int{1, 3, 32, 100, 256, 768} {
		for trial := range 200 {
			v, w := unit(r, dim, trial), unit(r, dim, trial/3)
			codes := make([]int8, width(dim))
			scale, distance := quantize(v, codes)
			d := newDenseQuery(w, 1)
			var product [1]int32
			dotCodes(product[:], codes, d.codes)
			around := float32(product[0]) * d.scale * scale
			exact := 0.0
			for i := range v {
				exact += float64(v[i]) * float64(w[i])
			}
			if off := math.Abs(exact - float64(around)); off > float64(distance*d.length+d.slack) {
				t.Errorf("dimension %d, trial %d: off by %v, more than %v+%v", dim, trial, off, distance, d.slack)
			}
			if distance > 0.1 {
				t.Errorf("dimension %d, trial %d: a bound of %v is of no use", dim, trial, distance)
			}
		}
	}
}

// unit makes a unit vector: even, or with most of its length in a few numbers.
func unit(r *rand.Rand, dim, trial int) []float32 {
	v := randomVector(r, dim)
	if trial%2 == 1 {
		v[r.IntN(dim)] += float32(trial)
	}
	length := math.Sqrt(float64(dotGeneric(v, v)))
	for i := range v {
		v[i] /= float32(length)
	}
	return v
}

func TestWeightsKeepTheirDigits(t *testing.T) {
	for w := float32(1.6e-5); w < 6e4; w *= 1.0137 {
		if got := unpackWeight(7<<16 | packWeight(w)); math.Abs(float64(got/w-1)) > 1.0/(1<<12) {
			t.Errorf("%v is kept as %v", w, got)
		}
	}
	for w, want := range map[float32]float32{1: 1, .5: .5, 2.25: 2.25, 1e-30: 1.0 / (1 << 16), 1e30: 65520 * 2048 / 2047.5} {
		if got := unpackWeight(packWeight(w)); math.Abs(float64(got/want-1)) > 1e-3 {
			t.Errorf("%v is kept as %v, want %v", w, got, want)
		}
	}
}

func TestBitmap(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for _, n := range []int{0, 1, 63, 64, 65, 200} {
		for _, keep := range []int{0, 1, 2, 50, 100} {
			t.Run(fmt.Sprintf("%d slots, %d percent", n, keep), func(t *testing.T) {
				b := fullBitmap(n)
				var want []int
				for i := range n {
					if r.IntN(100) < keep {
						want = append(want, i)
					} else {
						b.clear(i)
					}
				}
				var got []int
				last := -1
				for from, to := range b.runs() {
					if from <= last || to <= from {
						t.Errorf("the run %d to %d follows %d", from, to, last)
					}
					for i := from; i < to; i++ {
						got = append(got, i)
					}
					last = to
				}
				if !slices.Equal(got, want) || b.count() != len(want) {
					t.Errorf("got %v, counted %d, want %v", got, b.count(), want)
				}
			})
		}
	}
}
