package redact

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A piece is a span before it has a token. Offsets are bytes.
type piece struct {
	kind       Kind
	start, end int
}

// A finder looks for personal data in one text. Its matchers run from the most
// to the least certain; what one has taken the next ones leave alone.
type finder struct {
	text   string
	t      []token
	all    flags // of all words of the text
	pieces []piece
}

// find returns the personal data of text in order. It reads and adds to the
// names and numbers known of the case.
func find(text string, k *known) []piece {
	f := &finder{text: text}
	f.t, f.all = lex(text, words())
	f.web()
	if strings.ContainsAny(text, "0123456789") {
		f.numbers()
		f.addresses()
	}
	if f.all&secretCue != 0 {
		f.secrets()
	}
	f.names()
	k.again(f)
	slices.SortFunc(f.pieces, func(a, b piece) int { return a.start - b.start })
	return f.pieces
}

// take makes tokens [i, j) a piece.
func (f *finder) take(kind Kind, i, j int) {
	for n := i; n < j; n++ {
		f.t[n].taken = true
	}
	f.pieces = append(f.pieces, piece{kind: kind, start: f.t[i].start, end: f.t[j-1].end})
}

// free reports that nothing of tokens [i, j) is taken.
func (f *finder) free(i, j int) bool {
	if i < 0 || j > len(f.t) || i >= j {
		return false
	}
	for n := i; n < j; n++ {
		if f.t[n].taken {
			return false
		}
	}
	return true
}

// str returns the text of token i, "" outside the text.
func (f *finder) str(i int) string {
	if i < 0 || i >= len(f.t) {
		return ""
	}
	return f.text[f.t[i].start:f.t[i].end]
}

// is reports a word with any of the flags.
func (f *finder) is(i int, any flags) bool {
	return i >= 0 && i < len(f.t) && f.t[i].flags&any != 0
}

// sym returns the symbol at i, 0 if something else is there.
func (f *finder) sym(i int) rune {
	if i < 0 || i >= len(f.t) || f.t[i].sort != symbol {
		return 0
	}
	return f.t[i].sym
}

// symIn reports one of the symbols.
func (f *finder) symIn(i int, set string) bool {
	r := f.sym(i)
	return r != 0 && strings.ContainsRune(set, r)
}

// num reports a number that is not taken.
func (f *finder) num(i int) bool {
	return i >= 0 && i < len(f.t) && f.t[i].sort == number && !f.t[i].taken
}

// wordAt reports a word that is not taken.
func (f *finder) wordAt(i int) bool {
	return i >= 0 && i < len(f.t) && f.t[i].sort == word && !f.t[i].taken
}

// tight reports that token i touches the one before it.
func (f *finder) tight(i int) bool {
	return i > 0 && i < len(f.t) && !f.t[i].space
}

// sameLine reports that no line ends between token i-1 and token i.
func (f *finder) sameLine(i int) bool {
	return i >= 0 && i < len(f.t) && f.t[i].lines == 0
}

// capital reports a word that is not taken and begins with a capital.
func (f *finder) capital(i int) bool {
	return f.wordAt(i) && f.t[i].shape&upper1 != 0
}

// size returns the length of token i in runes, 0 outside the text.
func (f *finder) size(i int) int {
	if i < 0 || i >= len(f.t) {
		return 0
	}
	return int(f.t[i].runes)
}

// equal reports that word i is one of the words, which are folded.
func (f *finder) equal(i int, folded ...string) bool {
	if i < 0 || i >= len(f.t) || f.t[i].sort != word {
		return false
	}
	s := f.str(i)
	for _, w := range folded {
		if len(s) == len(w) && sameFolded(s, w) {
			return true
		}
	}
	return false
}

// sameFolded reports that s, folded, is w. In the two alphabets of interest a
// letter takes as many bytes as its capital, so the caller compares lengths first.
func sameFolded(s, w string) bool {
	for i, r := range w {
		if r < utf8.RuneSelf {
			if c := s[i]; c != byte(r) && (c < 'A' || c > 'Z' || c+'a'-'A' != byte(r)) {
				return false
			}
			continue
		}
		if c, _ := utf8.DecodeRuneInString(s[i:]); fold(c) != r {
			return false
		}
	}
	return true
}

// dash reports one of the characters that people type for a hyphen.
func (f *finder) dash(i int) bool {
	return f.symIn(i, "-–—‑−‐")
}
