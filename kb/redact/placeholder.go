package redact

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The brackets of a placeholder. Hardly anyone types them, Markdown gives them
// no meaning, and they cannot be taken for a citation such as [1].
const (
	opening = "⟦"
	closing = "⟧"
)

// maxPlaceholder bounds the search for a closing bracket, in bytes.
const maxPlaceholder = 64

// placeholder returns the nth token of a kind, from 0: ⟦name:A⟧ … ⟦name:Z⟧,
// ⟦name:AA⟧ …
func placeholder(kind Kind, n int) string {
	var letters []byte
	for n++; n > 0; n = (n - 1) / 26 {
		letters = append(letters, byte('A'+(n-1)%26))
	}
	slices.Reverse(letters)
	return opening + string(kind) + ":" + string(letters) + closing
}

// parsePlaceholder reads a placeholder at the start of s and returns it as
// [placeholder] would have written it, and its size in bytes; 0 if there is none.
func parsePlaceholder(s string) (token string, size int) {
	rest, ok := strings.CutPrefix(s, opening)
	if !ok {
		return "", 0
	}
	end := strings.Index(rest[:min(len(rest), maxPlaceholder)], closing)
	if end < 0 {
		return "", 0
	}
	kind, letters, ok := strings.Cut(rest[:end], ":")
	if !ok {
		return "", 0
	}
	kind, ok = plainLetters(kind)
	if !ok {
		return "", 0
	}
	letters, ok = plainLetters(letters)
	if !ok {
		return "", 0
	}
	return opening + kind + ":" + strings.ToUpper(letters) + closing, len(opening) + end + len(closing)
}

// plainLetters brings the letters of s, less the spaces around them, to small
// Latin ones; ok is false if s holds anything else or nothing.
func plainLetters(s string) (plain string, ok bool) {
	b := make([]byte, 0, 16)
	for _, r := range strings.TrimSpace(s) {
		r = unicode.ToLower(r)
		if i := strings.IndexRune("авеіјкмнорѕстухь", r); i >= 0 {
			r = rune("abeijkmhopsctyxb"[utf8.RuneCountInString("авеіјкмнорѕстухь"[:i])])
		}
		if r < 'a' || r > 'z' {
			return "", false
		}
		b = append(b, byte(r))
	}
	return string(b), len(b) > 0
}

// token returns the placeholder of an original, the same for the same.
func (r *Redactor) token(kind Kind, original string) string {
	key := string(kind) + ":" + original
	if token, ok := r.tokens[key]; ok {
		return token
	}
	if r.tokens == nil {
		r.tokens, r.originals, r.count = map[string]string{}, map[string]string{}, map[Kind]int{}
	}
	token := placeholder(kind, r.count[kind])
	for r.count[kind]++; r.reserved[token]; r.count[kind]++ {
		token = placeholder(kind, r.count[kind])
	}
	r.tokens[key], r.originals[token] = token, original
	return token
}

// literals deals with what looks like a placeholder in a text itself. Such a
// piece stays, and its token is never given to anything else; if it already was,
// in an earlier text of the case, the piece is redacted like any other.
func (r *Redactor) literals(text string, found []piece) []piece {
	for at := 0; at < len(text); {
		next := strings.Index(text[at:], opening)
		if next < 0 {
			break
		}
		at += next
		token, size := parsePlaceholder(text[at:])
		if size == 0 {
			at += len(opening)
			continue
		}
		if _, taken := r.originals[token]; taken {
			found = append(found, piece{kind: Literal, start: at, end: at + size})
		} else {
			if r.reserved == nil {
				r.reserved = map[string]bool{}
			}
			r.reserved[token] = true
		}
		at += size
	}
	slices.SortFunc(found, func(a, b piece) int { return a.start - b.start })
	return found
}
