package retrieval

import (
	"crypto/sha256"
	"encoding/hex"
	"hash/fnv"
	"math"
	"slices"

	"github.com/whetstone-desk/whetstone/embeddings"
)

// A Known is an earlier question of which it is known whether there was an
// answer to it. It holds no text.
type Known struct {
	Key      string  `json:"key"` // KnownKey of the question
	Language string  `json:"language"`
	Vector   []byte  `json:"vector"`  // of embeddings.Local: one signed byte for each dimension, in 127ths
	Covered  bool    `json:"covered"` // it was answered from what the knowledge base has
	Weight   float64 `json:"weight"`  // how much the judgement counts, from 0 to 1

	// Sources are hashes of the ids of the sources that this speaks of: of the
	// one that answered, or of those that were found and did not. It says nothing
	// of a source that was published since, nor once the one that answered is gone.
	Sources []uint32 `json:"sources"`
}

// KnownKey tells questions apart without saying what they ask.
func KnownKey(question string) string {
	sum := sha256.Sum256([]byte(question))
	return hex.EncodeToString(sum[:8])
}

// NewKnown returns what is kept of a question, without personal data, that has
// the vector v, and of the sources that it speaks of.
func NewKnown(question, language string, v embeddings.Vector, sources []string) Known {
	k := Known{Key: KnownKey(question), Language: language, Vector: make([]byte, len(v)), Sources: make([]uint32, len(sources))}
	for i, id := range sources {
		k.Sources[i] = sourceHash(id)
	}
	for i, x := range v {
		k.Vector[i] = byte(int8(math.Round(float64(max(-1, min(1, x))) * vectorScale)))
	}
	return k
}

const vectorScale = 127

func sourceHash(id string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id)) // it never fails
	return h.Sum32()
}

// speaks reports whether k says anything where these sources were found, best
// first: that it was covered, where the one that answered it is among them;
// that it was not, where the best is one of those that did not.
func (k *Known) speaks(found []uint32) bool {
	if k.Covered {
		return slices.ContainsFunc(k.Sources, func(h uint32) bool { return slices.Contains(found, h) })
	}
	return len(found) > 0 && slices.Contains(k.Sources, found[0])
}

// How earlier questions speak for one: a question of cosine s counts
// exp((s - knownNear) / knownSpread) times, and what is usual counts
// knownUsual times. Beyond knownAlike likeness counts for no more, so that no
// single question decides.
const (
	knownNear   = 0.5
	knownSpread = 0.1
	knownAlike  = 0.7
	knownUsual  = 2

	// knownMost bounds the log odds that earlier questions come to.
	knownMost = 2
)

// KnownOdds returns by how much earlier questions of the language that are near
// v raise the log odds of its being covered over what is usual in the language,
// from -2 to 2; 0 where none is near. The ids are those of the sources that were
// found for it, best first. It is a kernel estimate (Nadaraya and
// Watson 1964) of the share that was covered, drawn towards what is usual.
func KnownOdds(known []Known, language string, v embeddings.Vector, ids []string) float64 {
	found := make([]uint32, len(ids))
	for i, id := range ids {
		found[i] = sourceHash(id)
	}
	at := make([]int, 0, len(v))
	for i, x := range v {
		if x != 0 {
			at = append(at, i)
		}
	}
	var all, covered, near, nearCovered float64
	for i := range known {
		k := &known[i]
		if k.Language != language || len(k.Vector) != len(v) {
			continue
		}
		all += k.Weight
		if k.Covered {
			covered += k.Weight
		}
		if !k.speaks(found) {
			continue
		}
		var dot float32
		for _, d := range at {
			dot += v[d] * float32(int8(k.Vector[d]))
		}
		counts := k.Weight * math.Exp((min(knownAlike, float64(dot)/vectorScale)-knownNear)/knownSpread)
		near += counts
		if k.Covered {
			nearCovered += counts
		}
	}
	if all == 0 {
		return 0
	}
	usual := (covered + 1) / (all + 2) // never 0 nor 1 (Laplace 1814)
	odds := logit((nearCovered+knownUsual*usual)/(near+knownUsual)) - logit(usual)
	return max(-knownMost, min(knownMost, odds))
}

// logit is the log odds of a probability; within what a float tells from 0 and 1.
func logit(p float64) float64 {
	p = max(1e-6, min(1-1e-6, p))
	return math.Log(p / (1 - p))
}

// Covered turns a raw confidence into the chance that the knowledge base
// covers a question and what was found first answers it: what confidences like
// it turned out to be, moved by what KnownOdds says of the question. It is 0
// where the raw confidence is.
func (b *Beliefs) Covered(language string, raw, odds float64) float64 {
	p := b.calibrated(language, raw)
	if raw == 0 || b.KnownWeight == 0 || odds == 0 {
		return p
	}
	return 1 / (1 + math.Exp(-logit(p)-b.KnownWeight*odds))
}
