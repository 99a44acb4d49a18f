package embeddings

import (
	"cmp"
	"math"
	"slices"
)

// A Channel is one of the lexical fields of a passage that are scored apart.
type Channel uint8

// The channels. Words compares stems, which is exact; Grams compares pieces of
// words, which forgives inflection and typos.
const (
	TitleWords Channel = iota
	TitleGrams
	BodyWords
	BodyGrams
	Channels = 4 // how many there are
)

// String names the channel.
func (c Channel) String() string {
	switch c {
	case TitleWords:
		return "title_words"
	case TitleGrams:
		return "title_grams"
	case BodyWords:
		return "body_words"
	case BodyGrams:
		return "body_grams"
	}
	return "unknown"
}

// A Sparse is the lexical form of a text: weights of terms. A term is a hash
// of a channel and a token, so that terms of different channels never meet.
type Sparse struct {
	Terms   []uint32  // ascending, each once
	Weights []float32 // of the term at the same place; above 0
}

// Len is the number of terms.
func (s Sparse) Len() int { return len(s.Terms) }

// Dot sums the products of the weights of the terms that s and t share.
func (s Sparse) Dot(t Sparse) float32 {
	var sum float32
	i, j := 0, 0
	for i < len(s.Terms) && j < len(t.Terms) {
		switch {
		case s.Terms[i] < t.Terms[j]:
			i++
		case s.Terms[i] > t.Terms[j]:
			j++
		default:
			sum += s.Weights[i] * t.Weights[j]
			i++
			j++
		}
	}
	return sum
}

// term is the hash of a token in a channel.
func (c Channel) term(token uint32) uint32 {
	return mix(token ^ (uint32(c)+1)*0x9e3779b9)
}

// lengthPart is how much the length of a field counts in BM25, from 0 to 1.
const lengthPart = 0.75

// saturation is BM25's k1: how much it counts that a term is said again. In
// a body it counts for less than usual, since passages are short and most
// words of a question are said once in the one that answers it.
func (c Channel) saturation() float32 {
	if c == BodyWords || c == BodyGrams {
		return 0.8
	}
	return 1.2
}

// pivot is the length of a usual field in tokens of the channel. It is fixed
// rather than the mean of a corpus, so that a passage's weights stay true
// while others come and go.
func (c Channel) pivot() float32 {
	switch c {
	case TitleWords:
		return 8
	case TitleGrams:
		return 40
	case BodyWords:
		return 60
	}
	return 300
}

// PassageTerms returns the document side of the lexical score: for every term
// of the passage its BM25 weight without the inverse document frequency, which
// the index applies. The headings count as a part of the text: one such as "How
// long it takes" must not pass for what a whole article is about.
func PassageTerms(title, heading, body string) Sparse {
	return passageTerms(passageTokens(title, heading, body))
}

// passageTokens are the tokens of a passage's title, and of its text with its
// headings.
func passageTokens(title, heading, body string) (name, text []Token) {
	// One language for the whole: a title is too short to tell its own.
	language := Language(body)
	if language == "und" {
		language = Language(title)
	}
	name = analyze(title, language).Tokens
	return name, append(analyze(heading, language).Tokens, analyze(body, language).Tokens...)
}

func passageTerms(name, text []Token) Sparse {
	var b termBuilder
	b.add(TitleWords, TitleGrams, name)
	b.add(BodyWords, BodyGrams, text)
	return b.terms.sparse()
}

// QueryTerms returns the query side of the lexical score, by channel: the
// terms to look for, each with its weight. The score of a passage in a channel
// is the sum over the terms it shares with the query of the query's weight,
// the inverse document frequency and the passage's weight. A text with nothing
// to search for gives empty channels.
func QueryTerms(text string) []Sparse {
	tokens := queryTokens(text)
	words := asked(wordHashes(nil, tokens))
	grams := askedGrams(tokens)
	return []Sparse{
		TitleWords: words.in(TitleWords),
		TitleGrams: grams.in(TitleGrams),
		BodyWords:  words.in(BodyWords),
		BodyGrams:  grams.in(BodyGrams),
	}
}

// A weighted is a term, or a token's hash before it is of a channel.
type weighted struct {
	term   uint32
	weight float32
}

// A termList is a list of weighted tokens or terms.
type termList []weighted

// asked weighs tokens by 1 however often they are said.
func asked(hashes []uint32) termList {
	slices.Sort(hashes)
	hashes = slices.Compact(hashes)
	list := make(termList, len(hashes))
	for i, h := range hashes {
		list[i] = weighted{h, 1}
	}
	return list
}

// usualGrams is how many grams a word of usual length has.
const usualGrams = 6

// askedGrams weighs the grams of each word by the root of its length, so that
// a long word counts for more than a short one but not by its length. A gram
// of two words has the greater weight.
func askedGrams(tokens []Token) termList {
	var list termList
	var hashes []uint32
	for i := range tokens {
		hashes = gramHashes(hashes[:0], tokens[i:i+1])
		for _, h := range hashes {
			list = append(list, weighted{h, float32(math.Sqrt(usualGrams / float64(len(hashes))))})
		}
	}
	slices.SortFunc(list, func(x, y weighted) int {
		return cmp.Or(cmp.Compare(x.term, y.term), cmp.Compare(y.weight, x.weight))
	})
	return slices.CompactFunc(list, func(x, y weighted) bool { return x.term == y.term })
}

// in makes the terms of a channel of tokens that are each there once.
func (l termList) in(c Channel) Sparse {
	terms := make(termList, len(l))
	for i, t := range l {
		terms[i] = weighted{c.term(t.term), t.weight}
	}
	return terms.sparse()
}

// sparse sorts the terms.
func (l termList) sparse() Sparse {
	// Numbers sort much faster than structs: the term above, the weight below.
	packed := make([]uint64, len(l))
	for i, t := range l {
		packed[i] = uint64(t.term)<<32 | uint64(math.Float32bits(t.weight))
	}
	slices.Sort(packed)
	s := Sparse{Terms: make([]uint32, 0, len(l)), Weights: make([]float32, 0, len(l))}
	for _, p := range packed {
		term, weight := uint32(p>>32), math.Float32frombits(uint32(p))
		if n := len(s.Terms); n > 0 && s.Terms[n-1] == term {
			s.Weights[n-1] += weight // two tokens of one hash: rare, and harmless
			continue
		}
		s.Terms = append(s.Terms, term)
		s.Weights = append(s.Weights, weight)
	}
	return s
}

// A termBuilder gathers the terms of a passage.
type termBuilder struct {
	terms   termList
	scratch []uint32
}

// add takes the tokens of a field into its two channels.
func (b *termBuilder) add(words, grams Channel, tokens []Token) {
	b.scratch = wordHashes(b.scratch[:0], tokens)
	b.count(words, b.scratch)
	b.scratch = gramHashes(b.scratch[:0], tokens)
	b.count(grams, b.scratch)
}

// count turns the hashes of a field, which it sorts, into weighted terms.
func (b *termBuilder) count(c Channel, hashes []uint32) {
	k := c.saturation()
	norm := k * (1 - lengthPart + lengthPart*float32(len(hashes))/c.pivot())
	slices.Sort(hashes)
	for i := 0; i < len(hashes); {
		j := i + 1
		for j < len(hashes) && hashes[j] == hashes[i] {
			j++
		}
		tf := float32(j - i)
		b.terms = append(b.terms, weighted{c.term(hashes[i]), tf * (k + 1) / (tf + norm)})
		i = j
	}
}

// wordHashes appends the hashes of the words channel: for each word the
// concepts it stands for, else its stem; codes and numbers as they are. Stop
// words count only where they are of a concept ("how many").
func wordHashes(hashes []uint32, tokens []Token) []uint32 {
	known := builtin()
	for i := range tokens {
		t := &tokens[i]
		if t.Kind == Link {
			continue // its parts follow
		}
		if t.Kind != Word {
			hashes = append(hashes, hashString(hashSeed, t.Norm))
			continue
		}
		if id, ok := known.phrase(tokens[i:]); ok {
			hashes = append(hashes, uint32(id))
			continue
		}
		if ids := known.concepts(t.Norm, t.Stem); len(ids) > 0 {
			for _, id := range ids {
				hashes = append(hashes, uint32(id))
			}
			continue
		}
		if !t.Stop {
			hashes = append(hashes, hashString(hashSeed, t.Stem))
		}
	}
	return hashes
}
