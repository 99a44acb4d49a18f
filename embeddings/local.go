package embeddings

import (
	"context"
	"math"
	"slices"
)

// Local is the embedder that needs no model file and no network. It hashes
// the stems of a text and pieces of its words into signed buckets, so texts
// are near as far as they share words or parts of words. The zero value is
// ready, and methods may be called from many goroutines.
type Local struct{}

// localDim is the length of Local's vectors.
const localDim = 256

// Shares of a text's words and of their pieces in its vector.
const (
	localWord = 1.0
	localGram = 0.35
)

// Model names the scheme. It changes whenever vectors would.
func (Local) Model() string { return "local-2" }

// Dim implements Embedder.
func (Local) Dim() int { return localDim }

// Embed implements Embedder. It fails only with the error of an ended context.
func (Local) Embed(ctx context.Context, texts []string) ([]Vector, error) {
	vectors := make([]Vector, len(texts))
	for i, text := range texts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		vectors[i] = localVector(Analyze(text).Tokens)
	}
	return vectors, nil
}

// Passage implements PassageEmbedder.
func (Local) Passage(title, heading, body string) (Sparse, Vector) {
	name, text := passageTokens(title, heading, body)
	terms := passageTerms(name, text)
	return terms, localVector(append(name, text...))
}

// localVector hashes tokens into a unit vector.
func localVector(tokens []Token) Vector {
	v := make(Vector, localDim)
	hashes := wordHashes(nil, tokens)
	spread(v, hashes, localWord)
	content := slices.DeleteFunc(slices.Clone(tokens), func(t Token) bool { return t.Stop })
	spread(v, gramHashes(hashes[:0], content), localGram)
	return v.Unit()
}

// spread adds the tokens to their buckets. A token said more often counts by
// the root of its number, so that no word drowns the others.
func spread(v Vector, hashes []uint32, weight float64) {
	slices.Sort(hashes)
	for i := 0; i < len(hashes); {
		j := i + 1
		for j < len(hashes) && hashes[j] == hashes[i] {
			j++
		}
		h := mix(hashes[i])
		x := float32(weight * math.Sqrt(float64(j-i)))
		if h&(1<<31) != 0 {
			x = -x
		}
		v[h%localDim] += x
		i = j
	}
}
