package embeddings

import (
	"cmp"
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

// The constants of BM25. Saturation is the usual one; lengths count for less
// than usual, since passages are cut to like lengths already.
const (
	saturation = 1.2
	lengthPart = 0.75
)

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
// the index applies. The heading path counts as a part of the title.
func PassageTerms(title, heading, body string) Sparse {
	return passageTerms(passageTokens(title, heading, body))
}

// passageTokens are the tokens of a passage's title with its headings, and of
// its text.
func passageTokens(title, heading, body string) (name, text []Token) {
	// One language for the whole: a title is too short to tell its own.
	language := Language(body)
	if language == "und" {
		language = Language(title)
	}
	name = analyze(title, language).Tokens
	name = append(name, analyze(heading, language).Tokens...)
	return name, analyze(body, language).Tokens
}

func passageTerms(name, text []Token) Sparse {
	var b termBuilder
	b.add(TitleWords, TitleGrams, name)
	b.add(BodyWords, BodyGrams, text)
	return b.sparse()
}

// QueryTerms returns the query side of the lexical score: for each channel the
// terms to look for, each with its weight. The score of a passage in a channel
// is the sum over the terms it shares with the query of the query's weight,
// the inverse document frequency and the passage's weight. A text with nothing
// to search for gives empty channels.
func QueryTerms(text string) []Sparse {
	tokens := queryTokens(text)
	words, grams := wordHashes(nil, tokens), gramHashes(nil, tokens)
	out := make([]Sparse, Channels)
	out[TitleWords] = unweighted(TitleWords, words)
	out[TitleGrams] = unweighted(TitleGrams, grams)
	out[BodyWords] = unweighted(BodyWords, words)
	out[BodyGrams] = unweighted(BodyGrams, grams)
	return out
}

// unweighted makes terms of tokens, each of weight 1 however often it is said.
func unweighted(c Channel, tokens []uint32) Sparse {
	terms := make([]uint32, len(tokens))
	for i, t := range tokens {
		terms[i] = c.term(t)
	}
	slices.Sort(terms)
	terms = slices.Compact(terms)
	weights := make([]float32, len(terms))
	for i := range weights {
		weights[i] = 1
	}
	return Sparse{Terms: terms, Weights: weights}
}

// A termBuilder gathers the terms of a passage.
type termBuilder struct {
	terms   []weighted
	scratch []uint32
}

type weighted struct {
	term   uint32
	weight float32
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
	norm := saturation * (1 - lengthPart + lengthPart*float32(len(hashes))/c.pivot())
	slices.Sort(hashes)
	for i := 0; i < len(hashes); {
		j := i + 1
		for j < len(hashes) && hashes[j] == hashes[i] {
			j++
		}
		tf := float32(j - i)
		b.terms = append(b.terms, weighted{c.term(hashes[i]), tf * (saturation + 1) / (tf + norm)})
		i = j
	}
}

func (b *termBuilder) sparse() Sparse {
	slices.SortFunc(b.terms, func(x, y weighted) int { return cmp.Compare(x.term, y.term) })
	s := Sparse{Terms: make([]uint32, 0, len(b.terms)), Weights: make([]float32, 0, len(b.terms))}
	for _, t := range b.terms {
		if n := len(s.Terms); n > 0 && s.Terms[n-1] == t.term {
			s.Weights[n-1] += t.weight // two tokens of one hash: rare, and harmless
			continue
		}
		s.Terms = append(s.Terms, t.term)
		s.Weights = append(s.Weights, t.weight)
	}
	return s
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
