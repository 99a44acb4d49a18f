package embeddings

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A shape says what a chunk is made of.
type shape struct {
	digit, letter bool
	marked        bool // begins with # or №
}

// chunkLen returns the length in bytes of the chunk that text begins with:
// letters and digits, and the separators between them that hold a word, a
// number or a code together.
func chunkLen(text string) (int, shape) {
	var sh shape
	n := 0
	last := rune(0) // the rune before n
	for n < len(text) {
		r, size := utf8.DecodeRuneInString(text[n:])
		switch {
		case isWordRune(r):
			if isDigit(r) {
				sh.digit = true
			} else {
				sh.letter = true
			}
		case n == 0:
			sh.marked = true // the caller saw that a token starts here
		default:
			next, _ := utf8.DecodeRuneInString(text[n+size:])
			if !joins(last, r, next) {
				return n, sh
			}
		}
		last = r
		n += size
	}
	return n, sh
}

// joins reports whether the separator r, with before and after on its sides,
// holds a chunk together.
func joins(before, r, after rune) bool {
	if !isWordRune(before) || !isWordRune(after) {
		return false
	}
	digits := isDigit(before) && isDigit(after)
	switch r {
	case '-', '‑', '_':
		return true
	case '.', ',', ':':
		return digits
	case '/':
		// 15/7 and 12/05/2024, but not "да/нет".
		return digits
	}
	return isApostrophe(r) && unicode.IsLetter(before) && unicode.IsLetter(after)
}

// isApostrophe reports whether r may stand inside a word as an apostrophe.
func isApostrophe(r rune) bool {
	return r == '\'' || r == '’' || r == 'ʼ' || r == '‘'
}

// linkLen returns the length in bytes of the URL or e-mail address that text
// begins with, or 0 if there is none.
func linkLen(text string) int {
	if !mayLink(text) {
		return 0
	}
	end := strings.IndexFunc(text, func(r rune) bool {
		return r == utf8.RuneError || unicode.IsSpace(r) || strings.ContainsRune("<>\"«»“”()[]{}|`", r)
	})
	if end < 0 {
		end = len(text)
	}
	piece := strings.TrimRight(text[:end], ".,;:!?'*")
	lower := piece
	if len(lower) > 8 {
		lower = lower[:8]
	}
	lower = strings.ToLower(lower)
	for _, scheme := range []string{"http://", "https://", "www.", "ftp://"} {
		if strings.HasPrefix(lower, scheme) && len(piece) > len(scheme) {
			return len(piece)
		}
	}
	at := strings.IndexByte(piece, '@')
	if at > 0 && strings.Contains(piece[at+1:], ".") && !strings.ContainsAny(piece, "/,;") {
		return len(piece)
	}
	return 0
}

// longestMailbox is how long the part of an address before the @ may be, in
// bytes (RFC 5321, 4.5.3.1.1).
const longestMailbox = 64

// mayLink tells at a glance most texts that begin with no link.
func mayLink(text string) bool {
	switch text[0] | 0x20 {
	case 'h', 'w', 'f': // http, www, ftp
		return true
	}
	for i := range min(len(text), longestMailbox+1) {
		switch c := text[i]; {
		case c == '@':
			return true
		case c <= ' ':
			return false
		}
	}
	return false
}
