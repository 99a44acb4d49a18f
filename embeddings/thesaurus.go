package embeddings

import (
	_ "embed"
	"strings"
	"sync"
	"unicode/utf8"
)

// The words that a helpdesk uses for one thing, one concept a line.
//
//go:embed thesaurus.txt
var thesaurusText string

// A conceptID is the hash of a concept's name.
type conceptID uint32

// maxConcepts is of how many concepts a word may be. What has more meanings
// tells nothing by any of them.
const maxConcepts = 2

// A thesaurus finds the concepts of words.
type thesaurus struct {
	// words holds whole words and English stems, prefixes the beginnings of
	// words, both by hash.
	words, prefixes map[uint32][]conceptID
	// phrases are kept under the hash of their first word.
	phrases map[uint32][]phrase
	// maybe has a bit for each hash in prefixes. Most beginnings of words are
	// none of a concept, and this says so quickly.
	maybe [1 << 10]uint64
	// members holds the entries of each concept, for the matcher.
	members map[conceptID][]string
}

// A phrase is a concept of several words.
type phrase struct {
	rest    []string // the words after the first; a last "*" for any ending
	concept conceptID
}

// builtin returns the thesaurus of the package, which nobody changes.
var builtin = sync.OnceValue(func() *thesaurus { return newThesaurus(thesaurusText) })

func newThesaurus(text string) *thesaurus {
	t := &thesaurus{
		words: make(map[uint32][]conceptID), prefixes: make(map[uint32][]conceptID),
		phrases: make(map[uint32][]phrase), members: make(map[conceptID][]string),
	}
	for line := range strings.Lines(text) {
		line = fold(strings.TrimSpace(line))
		if line == "" || line[0] == '#' {
			continue
		}
		id := conceptID(0)
		for entry := range strings.FieldsSeq(line) {
			if entry == "|" {
				continue
			}
			if id == 0 {
				id = conceptID(hashString(hashSeed^'#', entry))
			}
			t.enter(entry, id)
		}
	}
	return t
}

// enter adds a word, a beginning or a phrase of a concept.
func (t *thesaurus) enter(entry string, id conceptID) {
	if first, rest, ok := strings.Cut(entry, "_"); ok {
		p := phrase{rest: strings.Split(rest, "_"), concept: id}
		for _, h := range entryHashes(first) {
			t.phrases[h] = append(t.phrases[h], p)
		}
		return
	}
	t.members[id] = append(t.members[id], entry)
	if prefix, ok := strings.CutSuffix(entry, "*"); ok {
		h := hashString(hashSeed, prefix)
		t.prefixes[h] = addConcept(t.prefixes[h], id)
		t.maybe[h>>6&1023] |= 1 << (h & 63)
		return
	}
	for _, h := range entryHashes(entry) {
		t.words[h] = addConcept(t.words[h], id)
	}
}

// entryHashes returns the hash of a word and, for an English one, of its stem.
func entryHashes(word string) []uint32 {
	hashes := []uint32{hashString(hashSeed, word)}
	if isASCII(word) {
		if s := stem("en", word); s != word {
			hashes = append(hashes, hashString(hashSeed, s))
		}
	}
	return hashes
}

func addConcept(ids []conceptID, id conceptID) []conceptID {
	for _, x := range ids {
		if x == id {
			return ids
		}
	}
	if len(ids) == maxConcepts {
		return ids
	}
	return append(ids, id)
}

// concepts returns the concepts of a word, by the word itself, else by its
// English stem, else by its longest known beginning.
func (t *thesaurus) concepts(norm, stem string) []conceptID {
	h := hashSeed
	var longest []conceptID
	n := 0
	for _, r := range norm {
		h = hashRune(h, r)
		if n++; n < 2 || t.maybe[h>>6&1023]&(1<<(h&63)) == 0 {
			continue
		}
		if ids, ok := t.prefixes[h]; ok {
			longest = ids
		}
	}
	if ids, ok := t.words[h]; ok {
		return ids
	}
	if norm != "" && norm[0] < utf8.RuneSelf {
		if ids, ok := t.words[hashString(hashSeed, stem)]; ok {
			return ids
		}
	}
	return longest
}

// phrase returns the concept of the phrase that tokens begin with.
func (t *thesaurus) phrase(tokens []Token) (conceptID, bool) {
	candidates := t.phrases[hashString(hashSeed, tokens[0].Norm)]
	if len(candidates) == 0 && tokens[0].Norm[0] < utf8.RuneSelf {
		candidates = t.phrases[hashString(hashSeed, tokens[0].Stem)]
	}
	for _, p := range candidates {
		if len(p.rest) < len(tokens) && p.matches(tokens[1:]) {
			return p.concept, true
		}
	}
	return 0, false
}

func (p phrase) matches(tokens []Token) bool {
	for i, want := range p.rest {
		norm := tokens[i].Norm
		if prefix, ok := strings.CutSuffix(want, "*"); ok {
			if !strings.HasPrefix(norm, prefix) {
				return false
			}
		} else if norm != want {
			return false
		}
	}
	return true
}
