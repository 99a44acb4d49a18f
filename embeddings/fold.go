package embeddings

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// fold brings a surface to the form that is compared: lower case, ё as е, one
// sort of apostrophe, no combining stress mark.
func fold(s string) string {
	for i, r := range s {
		if foldRune(r) != r {
			return foldFrom(s, i)
		}
	}
	return s
}

// foldFrom folds s, of which the first n bytes are folded already.
func foldFrom(s string, n int) string {
	b := make([]byte, n, len(s)+utf8.UTFMax)
	copy(b, s)
	for _, r := range s[n:] {
		if r = foldRune(r); r >= 0 {
			b = utf8.AppendRune(b, r)
		}
	}
	return string(b)
}

// foldRune folds one rune; a negative one is to be left out.
func foldRune(r rune) rune {
	switch {
	case r < utf8.RuneSelf:
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	case 'а' <= r && r <= 'я':
		return r
	case 'А' <= r && r <= 'Я':
		return r + 'а' - 'А'
	}
	switch r {
	case 'ё', 'Ё':
		return 'е'
	case '’', 'ʼ', '‘':
		return '\''
	case '\u0301', '\u0308':
		return -1
	}
	return unicode.ToLower(r)
}

// strip folds a code and leaves out what stands between its letters and
// digits, so that "E-1402" and "e1402" are one.
func strip(s string) string {
	return strings.Map(func(r rune) rune {
		if !isWordRune(r) {
			return -1
		}
		return r
	}, fold(s))
}
