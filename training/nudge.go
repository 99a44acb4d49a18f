package training

import (
	"math"

	"github.com/whetstone-desk/whetstone/embeddings"
)

// nudged moves the unit vector v towards g, the weighed sum of the vectors of
// the questions it answered, as far as bound lets it: the square of the
// distance between v and what is returned is at most bound. It is the closed
// form of NUDGE-N (Zeighami, Wellmer and Parameswaran 2025): of all unit
// vectors that near to v, the one with the greatest sum of cosines. A vector
// without questions, or with questions on the other side, stays.
func nudged(v, g embeddings.Vector, bound float64) embeddings.Vector {
	length := norm(g)
	along := float64(v.Dot(g))
	if length == 0 || along < 0 || bound <= 0 {
		return v
	}
	out := make(embeddings.Vector, len(v))
	if along/length >= 1-bound/2 {
		for i, x := range g {
			out[i] = float32(float64(x) / length)
		}
		return out
	}
	across := make(embeddings.Vector, len(v)) // the part of g that v has not
	for i, x := range g {
		across[i] = x - float32(along)*v[i]
	}
	across.Unit()
	for i, x := range v {
		out[i] = float32((1-bound/2)*float64(x) + 0.5*math.Sqrt(bound*(4-bound))*float64(across[i]))
	}
	return out
}

// norm is a vector's length.
func norm(v embeddings.Vector) float64 {
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	return math.Sqrt(sum)
}
