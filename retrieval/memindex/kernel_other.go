//go:build !amd64

package memindex

func dotCodes(out []int32, codes []int8, query []int16) { dotCodesGeneric(out, codes, query) }

func dot(v, w []float32) float32 { return dotGeneric(v, w) }
