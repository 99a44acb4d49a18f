package memindex

import (
	"golang.org/x/sys/cpu"

	"github.com/whetstone-desk/whetstone/embeddings"
)

// dotCodes is dotCodesGeneric, faster where the processor can.
func dotCodes(out []int32, codes []int8, query []int16) {
	if len(out) == 0 || len(query) == 0 || !cpu.X86.HasAVX2 {
		dotCodesGeneric(out, codes, query)
		return
	}
	_ = codes[len(out)*len(query)-1]
	dotCodesAVX2(&out[0], &codes[0], &query[0], len(out), len(query))
}

// dot is dotGeneric, faster where the processor can.
func dot(v, w []float32) float32 {
	if len(v) < 8 || !cpu.X86.HasAVX2 || !cpu.X86.HasFMA {
		return dotGeneric(v, w)
	}
	_ = w[len(v)-1]
	n := len(v) &^ 7
	return dotAVX2(&v[0], &w[0], n) + dotGeneric(v[n:], w[n:len(v)])
}

// above is aboveGeneric, faster where the processor can. What is within
// rounding of floor may be in or out.
func above(mask []uint64, s *sums, from int, weights *[embeddings.Channels]float32, floor float32) {
	if len(mask) == 0 || !cpu.X86.HasAVX2 || !cpu.X86.HasFMA {
		aboveGeneric(mask, s, from, weights, floor)
		return
	}
	_ = s[0][from+64*len(mask)-1]
	aboveAVX2(&mask[0], &s[0][from], &weights[0], len(mask), len(weights), floor)
}

// aboveAVX2 takes words times 64 slots. The sums of a channel are maxSlot
// numbers behind those of the one before.
//
//go:noescape
func aboveAVX2(mask *uint64, sums, weights *float32, words, channels int, floor float32)

// dotCodesAVX2 takes rows rows of width codes; width is a multiple of 32.
//
//go:noescape
func dotCodesAVX2(out *int32, codes *int8, query *int16, rows, width int)

// dotAVX2 takes n numbers, a multiple of 8.
//
//go:noescape
func dotAVX2(v, w *float32, n int) float32
