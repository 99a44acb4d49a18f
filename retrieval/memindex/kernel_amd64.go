package memindex

import "golang.org/x/sys/cpu"

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

// dotCodesAVX2 takes rows rows of width codes; width is a multiple of 32.
//
//go:noescape
func dotCodesAVX2(out *int32, codes *int8, query *int16, rows, width int)

// dotAVX2 takes n numbers, a multiple of 8.
//
//go:noescape
func dotAVX2(v, w *float32, n int) float32
