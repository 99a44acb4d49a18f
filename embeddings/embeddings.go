// Package embeddings says how texts compare.
//
// Everything that looks at words goes through it: the indexes, classification
// and clustering. [Analyze] cuts a text into tokens in one pass. From tokens
// come the lexical form of a passage ([PassageTerms]), the lexical form of a
// question ([QueryTerms]) and the vector of the embedder that needs no model
// file ([Local]). A [Matcher] looks closer at the few passages a search found.
//
// The package keeps no statistics of a corpus: how rare a term is, the index
// knows and applies. So a passage is encoded once, whatever is added later.
package embeddings

import (
	"context"
	"errors"
	"math"
)

// ErrUnavailable says that a model cannot be reached now. Trying later may help.
var ErrUnavailable = errors.New("model server unavailable")

// ErrMisconfigured says that a model refuses what it is asked for good: an
// unknown model, a bad key, vectors of another dimension. The text of the
// error it is wrapped in says what to set.
var ErrMisconfigured = errors.New("embedding model misconfigured")

// An Embedder turns texts into vectors, all of one model and one dimension.
// Methods may be called from many goroutines.
type Embedder interface {
	// Model names the model. Vectors of different models do not compare.
	Model() string

	// Dim is the length of every vector Embed returns.
	Dim() int

	// Embed returns one vector for each text, in the order of texts. A text
	// that says nothing (no letters, no digits) may have a vector of zeros.
	// It fails with ErrUnavailable or ErrMisconfigured, or with the error of
	// an ended context.
	Embed(ctx context.Context, texts []string) ([]Vector, error)
}

// A PassageEmbedder is an Embedder whose vectors come of the same analysis as a
// passage's terms, so that making both at once is half the work.
type PassageEmbedder interface {
	Embedder

	// Passage returns PassageTerms and the vector of the passage.
	Passage(title, heading, body string) (Sparse, Vector)
}

// A Vector is the dense form of a text: of unit length, or all zeros where the
// text says nothing.
type Vector []float32

// Dot is the cosine of two unit vectors, from -1 to 1. It panics if they are
// of different dimensions, as such vectors never meet in a sound program.
func (v Vector) Dot(w Vector) float32 {
	if len(v) != len(w) {
		panic("embeddings: dot product of vectors of different dimensions")
	}
	var sum float32
	for i, x := range v {
		sum += x * w[i]
	}
	return sum
}

// Unit scales v in place to unit length and returns it. A vector of zeros, or
// one whose length is no finite number, is returned as it is.
func (v Vector) Unit() Vector {
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if sum == 0 || math.IsInf(sum, 0) || math.IsNaN(sum) {
		return v
	}
	scale := float32(1 / math.Sqrt(sum))
	for i := range v {
		v[i] *= scale
	}
	return v
}
