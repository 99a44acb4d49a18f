package embeddings

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// windowWords is how many words the best place of a text may span: about
	// a clause, which is where an answer names the things asked about.
	windowWords = 10

	// conceptMatch is what a word of the same concept counts, where the same
	// word counts 1.
	conceptMatch = 0.5

	// minAlike is the likeness from which two words count as forms or
	// misspellings of one.
	minAlike = 0.5

	// maxAsked bounds the words of a question that are looked for.
	maxAsked = 64
)

// A Matcher looks for a question's words in the few texts that a search found
// and tells which says most of them in one place. Prepare it once for a
// question. Its methods may not be called from many goroutines at once.
type Matcher struct {
	asked []askedWord
	mass  float64
	// starts has a bit for each pair of first letters of a word that could
	// match. Most words of a text are out by this.
	starts [1 << 10]uint64
	// seen remembers what a word of a text matches, since texts on one
	// subject share their words.
	seen map[string][]wordMatch
	hits []hit
}

// An askedWord is one word of the question.
type askedWord struct {
	norm, stem string
	concepts   []conceptID
	grams      []uint32
	weight     float64
}

// A wordMatch says how well a word of a text matches one of the question.
type wordMatch struct {
	asked int
	value float64 // above 0, to 1
}

// A hit is a match at a place.
type hit struct {
	wordMatch
	word       int // of the text
	start, end int // runes
}

// A Match is the place of a text that says most of a question.
type Match struct {
	Score float64 // weight of the words found there, from 0 to the Matcher's Mass
	Start int     // of the first of them, in runes
	End   int     // behind the last of them
}

// NewMatcher prepares a question. Weight returns the inverse document
// frequency of a term; each word counts by the smaller one of its terms in
// [TitleWords] and [BodyWords]. Without weight, all words count 1.
func NewMatcher(query string, weight func(term uint32) float64) *Matcher {
	m := &Matcher{seen: make(map[string][]wordMatch)}
	for _, t := range queryTokens(query) {
		switch {
		case t.Stop || t.Part || t.Kind == Link:
		case t.Kind == Word:
			m.ask(t.Norm, t.Stem, builtin().concepts(t.Norm, t.Stem), weight)
		default:
			// Texts are cut at every separator, so codes and numbers are too.
			for part := range strings.FieldsFuncSeq(fold(t.Surface), func(r rune) bool { return !isWordRune(r) }) {
				m.ask(part, part, nil, weight)
			}
		}
	}
	return m
}

// ask adds a word to those looked for.
func (m *Matcher) ask(norm, stem string, ids []conceptID, weight func(uint32) float64) {
	if len(m.asked) == maxAsked || m.asks(stem) {
		return
	}
	a := askedWord{norm: norm, stem: stem, concepts: ids, grams: trigrams(nil, norm), weight: 1}
	if weight != nil {
		a.weight = a.rarity(weight)
	}
	m.mark(a, builtin())
	m.mass += a.weight
	m.asked = append(m.asked, a)
}

// Mass is the weight of all words of the question: the greatest score.
func (m *Matcher) Mass() float64 { return m.mass }

// Words is how many words of the question are looked for.
func (m *Matcher) Words() int { return len(m.asked) }

func (m *Matcher) asks(stem string) bool {
	for _, a := range m.asked {
		if a.stem == stem {
			return true
		}
	}
	return false
}

// rarity is the smallest weight of the word's terms.
func (a *askedWord) rarity(weight func(uint32) float64) float64 {
	hashes := []uint32{hashString(hashSeed, a.stem)}
	if len(a.concepts) > 0 {
		hashes = hashes[:0]
		for _, id := range a.concepts {
			hashes = append(hashes, uint32(id))
		}
	}
	best := weight(TitleWords.term(hashes[0]))
	for _, h := range hashes {
		best = min(best, weight(TitleWords.term(h)), weight(BodyWords.term(h)))
	}
	return best
}

// mark notes how words begin that can match a: as it does, or as a word of
// the same concept.
func (m *Matcher) mark(a askedWord, known *thesaurus) {
	m.markStart(a.norm)
	for _, id := range a.concepts {
		for _, entry := range known.members[id] {
			m.markStart(entry)
		}
	}
}

func (m *Matcher) markStart(word string) {
	h := startHash(word)
	m.starts[h>>6] |= 1 << (h & 63)
}

// startHash is a hash of the first two runes of a word, folded.
func startHash(word string) uint32 {
	h, n := hashSeed, 0
	for _, r := range word {
		if r = foldRune(r); r < 0 {
			continue
		}
		h = hashRune(h, r)
		if n++; n == 2 {
			break
		}
	}
	return mix(h) & 0xffff
}

// Best finds the place of text that says most of the question.
func (m *Matcher) Best(text string) Match {
	m.find(text)
	var best Match
	var got [maxAsked]float64
	for i := range m.hits {
		clear(got[:len(m.asked)])
		first := &m.hits[i]
		here := Match{Start: first.start}
		for j := i; j < len(m.hits) && m.hits[j].word < first.word+windowWords; j++ {
			h := &m.hits[j]
			if h.value > got[h.asked] {
				here.Score += (h.value - got[h.asked]) * m.asked[h.asked].weight
				got[h.asked] = h.value
				here.End = max(here.End, h.end)
			}
		}
		if here.Score > best.Score {
			best = here
		}
	}
	return best
}

// find fills hits with the matches in text, in order.
func (m *Matcher) find(text string) {
	m.hits = m.hits[:0]
	word, runes := 0, 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !isWordRune(r) {
			i += size
			runes++
			continue
		}
		n, length := wordLen(text[i:])
		for _, w := range m.matches(text[i : i+n]) {
			m.hits = append(m.hits, hit{w, word, runes, runes + length})
		}
		word++
		i += n
		runes += length
	}
}

// wordLen returns the length of the word text begins with, in bytes and runes.
func wordLen(text string) (n, runes int) {
	var last rune
	for i, r := range text {
		if !isWordRune(r) {
			if !isApostrophe(r) || !unicode.IsLetter(last) {
				return i, runes
			}
			if next, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):]); !unicode.IsLetter(next) {
				return i, runes
			}
		}
		last = r
		runes++
	}
	return len(text), runes
}

// matches returns what a word of a text matches.
func (m *Matcher) matches(surface string) []wordMatch {
	// Two letters rule most words out, before anything is looked up.
	if h := startHash(surface); m.starts[h>>6]&(1<<(h&63)) == 0 {
		return nil
	}
	found, ok := m.seen[surface]
	if !ok {
		if norm := fold(surface); !isStop(norm) {
			found = m.compare(norm)
		}
		m.seen[surface] = found
	}
	return found
}

// compare looks at a word that may match.
func (m *Matcher) compare(norm string) []wordMatch {
	st := stem(wordLanguage("", norm), norm)
	ids := builtin().concepts(norm, st)
	grams := trigrams(nil, norm)
	var found []wordMatch
	for i := range m.asked {
		a := &m.asked[i]
		value := 0.0
		switch {
		case a.stem == st || a.norm == norm:
			value = 1
		case shareConcept(a.concepts, ids):
			value = max(conceptMatch, alike(a.grams, grams))
		default:
			value = alike(a.grams, grams)
		}
		if value > 0 {
			found = append(found, wordMatch{i, value})
		}
	}
	return found
}

func shareConcept(a, b []conceptID) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}

// alike is the share of trigrams two words have in common (Dice), or 0 below
// minAlike.
func alike(a, b []uint32) float64 {
	common := 0
	for _, x := range a {
		for _, y := range b {
			if x == y {
				common++
				break
			}
		}
	}
	d := 2 * float64(common) / float64(len(a)+len(b))
	if d < minAlike {
		return 0
	}
	return min(d, 1)
}

// trigrams appends the hashes of the pieces of three runes of a word with its
// edges marked.
func trigrams(hashes []uint32, word string) []uint32 {
	a, b := rune(0), rune(edge)
	for _, r := range word {
		if a != 0 {
			hashes = append(hashes, hashRune(hashRune(hashRune(hashSeed, a), b), r))
		}
		a, b = b, r
	}
	return append(hashes, hashRune(hashRune(hashRune(hashSeed, a), b), edge))
}
