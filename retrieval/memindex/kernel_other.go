//go:build !amd64

package memindex

import "github.com/whetstone-desk/whetstone/embeddings"

func dotCodes(out []int32, codes []int8, query []int16) { dotCodesGeneric(out, codes, query) }

func dot(v, w []float32) float32 { return dotGeneric(v, w) }

func above(mask []uint64, s *sums, from int, weights *[embeddings.Channels]float32, floor float32) {
	aboveGeneric(mask, s, from, weights, floor)
}
