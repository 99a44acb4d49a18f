package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The sorts of tokens.
const (
	symbol uint8 = iota // one rune that is none of the others
	word                // letters, with inner hyphens: Смирнова-Петрова, трек-номер
	number              // ASCII digits
	mark                // a placeholder that stood in the text; nothing matches it
)

// The letters of a word.
const (
	upper1   uint8 = 1 << iota // begins with a capital
	upperAll                   // two or more letters, all capitals
	latin                      // holds a Latin letter
	cyrillic                   // holds a Cyrillic letter
)

// A token is a word, a number or a symbol of a text, with what stands before it.
type token struct {
	start, end int   // bytes
	flags      flags // what the lexicon says of the word
	sort       uint8 // word, number, symbol or mark
	shape      uint8 // of a word
	runes      uint8 // length, at most 255
	lines      uint8 // line ends before it, at most 2
	space      bool  // white space before it
	taken      bool  // belongs to a piece that was found
	sym        rune  // of a symbol
}

// lex cuts text into tokens and looks every word up. It returns the union of
// all flags too, by which matchers see at once that they have nothing to do.
func lex(text string, lx *lexicon) (toks []token, all flags) {
	toks = make([]token, 0, len(text)/4+8)
	space, lines := true, uint8(2)
	for i := 0; i < len(text); {
		t := token{start: i, space: space, lines: lines}
		c := text[i]
		switch {
		case c == '\n':
			space, lines = true, min(lines+1, 2)
			i++
			continue
		case c == ' ' || c == '\t' || c == '\r':
			space = true
			i++
			continue
		case '0' <= c && c <= '9':
			t.sort = number
			for i < len(text) && '0' <= text[i] && text[i] <= '9' {
				i++
			}
		default:
			r, size := rune(c), 1
			if c >= utf8.RuneSelf {
				r, size = utf8.DecodeRuneInString(text[i:])
			}
			switch {
			case isLetter(r):
				i = lexWord(text, i, &t, lx)
			case isBlank(r):
				space = true
				i += size
				continue
			default:
				t.sym = r
				i += size
				if strings.HasPrefix(text[t.start:], opening) {
					if _, n := parsePlaceholder(text[t.start:]); n > 0 {
						t.sort, t.taken, i = mark, true, t.start+n
					}
				}
			}
		}
		t.end = i
		if t.sort != word {
			t.runes = uint8(min(t.end-t.start, 255))
		}
		all |= t.flags
		toks = append(toks, t)
		space, lines = false, 0
	}
	return toks, all
}

// lexWord reads the word at text[i:], looks it up and returns where it ends.
func lexWord(text string, i int, t *token, lx *lexicon) int {
	var buf [maxWord]byte
	t.sort = word
	folded := buf[:0]
	caps, letters := 0, 0
	first := -1 // end of the first part of a hyphenated word, in folded
	for i < len(text) {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		if r == '-' && letters > 0 {
			// A hyphen belongs to the word when a letter follows.
			if next, _ := utf8.DecodeRuneInString(text[i+1:]); !isLetter(next) {
				break
			}
			if first < 0 {
				first = len(folded)
			}
		} else if !isLetter(r) {
			break
		}
		low := fold(r)
		switch {
		case low != r && r != 'ё':
			caps++
			if letters == 0 {
				t.shape |= upper1
			}
		}
		switch {
		case r == '-':
			letters--
		case r < 0x250:
			t.shape |= latin
		case 0x400 <= r && r < 0x530:
			t.shape |= cyrillic
		}
		letters++
		i += size
		if len(folded) < maxWord-4 {
			folded = utf8.AppendRune(folded, low)
		}
	}
	t.runes = uint8(min(letters, 255))
	if letters >= 2 && caps == letters {
		t.shape |= upperAll
	}
	if len(folded) < maxWord-4 {
		t.flags = lx.words[string(folded)]
		if first > 0 && t.flags == 0 {
			t.flags = lx.words[string(folded[:first])] & nameFlags
		}
	}
	return i
}

// maxWord bounds the words that are looked up, in bytes.
const maxWord = 48

// fold brings a letter to its small form, and ё to е.
func fold(r rune) rune {
	switch {
	case r < utf8.RuneSelf:
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	case 'а' <= r && r <= 'я':
		return r
	case 'А' <= r && r <= 'Я':
		return r + 0x20
	case r == 'ё' || r == 'Ё':
		return 'е'
	}
	return unicode.ToLower(r)
}

func isLetter(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	case 0x410 <= r && r <= 0x44F:
		return true
	}
	return unicode.IsLetter(r) || unicode.Is(unicode.Mn, r)
}

// isBlank reports white space and the invisible characters that pasted text is
// full of.
func isBlank(r rune) bool {
	return unicode.IsSpace(r) || 0x200B <= r && r <= 0x200F || r == 0xFEFF || r == 0x2060 || r == 0xAD
}
