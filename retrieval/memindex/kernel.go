package memindex

import "github.com/whetstone-desk/whetstone/embeddings"

// codeStep is how many codes the kernels take at a time. Vectors are filled up
// with zeros to a multiple of it.
const codeStep = 32

// dotCodesGeneric fills out with the dot products of the query and rows that
// stand one behind the other in codes.
func dotCodesGeneric(out []int32, codes []int8, query []int16) {
	w := len(query)
	for i := range out {
		row := codes[i*w:][:w]
		var a, b, c, d int32
		for j := 0; j+4 <= len(row); j += 4 {
			r, q := row[j:j+4:j+4], query[j:j+4:j+4]
			a += int32(r[0]) * int32(q[0])
			b += int32(r[1]) * int32(q[1])
			c += int32(r[2]) * int32(q[2])
			d += int32(r[3]) * int32(q[3])
		}
		out[i] = a + b + c + d
	}
}

// dotGeneric is the dot product of vectors of the same length.
func dotGeneric(v, w []float32) float32 {
	var a, b, c, d float32
	n := len(v) &^ 3
	for i := 0; i < n; i += 4 {
		x, y := v[i:i+4:i+4], w[i:i+4:i+4]
		a += x[0] * y[0]
		b += x[1] * y[1]
		c += x[2] * y[2]
		d += x[3] * y[3]
	}
	for i := n; i < len(v); i++ {
		a += v[i] * w[i]
	}
	return a + b + (c + d)
}

// aboveGeneric sets, in a mask of as many slots as it has bits, those whose
// weighted sum is at least floor. The first of them is at from.
func aboveGeneric(mask []uint64, s *sums, from int, weights *[embeddings.Channels]float32, floor float32) {
	for i := range mask {
		var word uint64
		for bit := range 64 {
			var score float32
			for c := range s {
				score += weights[c] * s[c][from+64*i+bit]
			}
			if score >= floor {
				word |= 1 << bit
			}
		}
		mask[i] = word
	}
}
