package cluster

import (
	"cmp"
	"math"
	"slices"

	"github.com/whetstone-desk/whetstone/embeddings"
)

// What each kind of term weighs before its rarity counts. Pieces of words
// forgive inflection and typing; there are about five of a word, so each
// weighs less.
const (
	conceptWeight = 1.0 // of both languages, or a stem without one
	stemWeight    = 0.5
	pairWeight    = 0.6 // two words in a row
	gramWeight    = 0.5

	// Function words and frame words tell intents apart a little: "when" and
	// "why" is not the same question.
	stopPart  = 0.25
	framePart = 0.5

	// foreignConcept is what a concept weighs in a text that is not in the
	// language of most. Concepts are all that it can share with those, so that
	// nearly all of such a text is made of them.
	foreignConcept = 3.0
)

// usualTexts is how many texts are imagined beside those there are. In ten
// questions on one thing its name is no common word.
const usualTexts = 30

// gramRunes is the length of a piece of a word.
const gramRunes = 4

// A row is a text as weights of terms.
type row struct {
	terms   []uint32 // ascending, each once
	weights []float32
}

// A termHash tells terms of one kind and text apart. Collisions in 64 bits do
// not happen.
type termHash = uint64

// seed of FNV-1a by kinds, and its prime.
const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

func hashTerm(kind byte, s string) termHash {
	h := (uint64(fnvOffset) ^ uint64(kind)) * fnvPrime
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * fnvPrime
	}
	return h
}

// A termCount is a term of a text and what it weighs there.
type termCount struct {
	term   termHash
	weight float32
}

// termsOf cuts a text into terms, ascending, each once with its greatest
// weight. A foreign one is not in the language of most.
func termsOf(text string, foreign bool) []termCount {
	text = plain(text)
	var list []termCount
	concept := float32(conceptWeight)
	if foreign {
		concept = foreignConcept
	}
	for _, t := range embeddings.QueryTerms(text)[embeddings.BodyWords].Terms {
		list = append(list, termCount{uint64(t), concept})
	}
	last := ""
	known := frames()
	for _, t := range embeddings.Analyze(text).Tokens {
		if t.Part {
			continue
		}
		part := float32(1)
		switch {
		case t.Stop:
			part = stopPart
		case known[t.Norm]:
			part = framePart
		}
		list = append(list, termCount{hashTerm('s', t.Stem), stemWeight * part})
		if last != "" {
			list = append(list, termCount{hashTerm('p', last+" "+t.Stem), pairWeight})
		}
		last = t.Stem
		if !t.Stop {
			list = grams(list, t.Norm)
		}
	}
	slices.SortFunc(list, func(a, b termCount) int {
		return cmp.Or(cmp.Compare(a.term, b.term), cmp.Compare(b.weight, a.weight))
	})
	return slices.CompactFunc(list, func(a, b termCount) bool { return a.term == b.term })
}

// longestWord bounds the words that are cut into pieces, in runes.
const longestWord = 64

// grams appends the pieces of a word with its edges marked.
func grams(list []termCount, word string) []termCount {
	runes := append([]rune{'_'}, []rune(word)...)
	runes = append(runes[:min(len(runes), longestWord)], '_')
	for i := 0; i+gramRunes <= len(runes); i++ {
		list = append(list, termCount{hashTerm('g', string(runes[i:i+gramRunes])), gramWeight})
	}
	return list
}

// A matrix is texts by terms, each row of unit length before the terms that
// only it has were left out.
type matrix struct {
	rows  []row
	terms int
	known []float32 // the length of each row as it is: how much of the text others speak of too
}

// weigh weighs the terms of texts by their inverse document frequency and
// numbers those that at least two texts have.
func weigh(texts [][]termCount) matrix {
	in := make(map[termHash]int32)
	all := 0
	for _, list := range texts {
		if len(list) > 0 {
			all++
		}
		for _, t := range list {
			in[t.term]++
		}
	}
	number := make(map[termHash]uint32)
	m := matrix{rows: make([]row, len(texts)), known: make([]float32, len(texts))}
	for i, list := range texts {
		var square, shared float64
		r := row{}
		for _, t := range list {
			n := in[t.term]
			w := float64(t.weight) * math.Log((float64(all)+usualTexts)/(float64(n)+0.5))
			square += w * w
			if n < 2 {
				continue
			}
			shared += w * w
			at, ok := number[t.term]
			if !ok {
				at = uint32(len(number))
				number[t.term] = at
			}
			r.terms = append(r.terms, at)
			r.weights = append(r.weights, float32(w))
		}
		if square > 0 {
			scale := float32(1 / math.Sqrt(square))
			for j := range r.weights {
				r.weights[j] *= scale
			}
			m.known[i] = float32(math.Sqrt(shared / square))
		}
		m.rows[i] = r
	}
	m.terms = len(number)
	return m
}
