package embeddings

import (
	"strings"
	"sync/atomic"
)

// Words looks words up as [Analyze] does and remembers those it has met: texts
// are made of the same few thousand words, and finding a stem takes ten times
// as long as finding it again. It remembers at most knownWords, some two
// megabytes of them, a new word taking the place of another one.
//
// The zero Words is ready, and a nil one remembers nothing. Its methods may be
// called from many goroutines.
type Words struct {
	known [knownWords]atomic.Pointer[knownWord]
}

// knownWords is a power of two, several times the words that most articles are
// made of.
const knownWords = 1 << 14

// A knownWord is a word with what was found. It is never changed.
type knownWord struct {
	language, norm string
	stem           string
	stop           bool
}

// Look returns the stem of a folded word in a text of the language, and whether
// it carries no subject. The stem of a word that does not is the word itself.
func (w *Words) Look(language, norm string) (stem string, stop bool) {
	if w == nil || len(norm) > maxStemmed {
		return lookUp(language, norm)
	}
	language = wordLanguage(language, norm)
	slot := &w.known[mix(hashBytes(hashSeed, norm))%knownWords]
	if k := slot.Load(); k != nil && k.norm == norm && k.language == language {
		return k.stem, k.stop
	}
	stem, stop = lookUp(language, norm)
	slot.Store(&knownWord{language, strings.Clone(norm), strings.Clone(stem), stop})
	return stem, stop
}

// lookUp finds what Look returns.
func lookUp(language, norm string) (stemmed string, stop bool) {
	if isStop(norm) {
		return norm, true
	}
	return stem(wordLanguage(language, norm), norm), false
}

// hashBytes is hashString byte by byte, which is faster. Nothing stored may
// rest on it.
func hashBytes(h uint32, s string) uint32 {
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * hashPrime
	}
	return h
}
