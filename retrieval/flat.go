package retrieval

import (
	"strings"
	"unicode"

	"github.com/whetstone-desk/whetstone/kb"
)

// A flat is a text without what markup and layout change: letters, digits and
// the signs between them that carry meaning. What was copied is found in it
// without a closer look.
type flat struct {
	text   string
	runes  []int32      // for each byte of text, the rune of the source it comes from
	starts map[int]bool // bytes of text where a sentence starts
	ends   map[int]bool // bytes of text where one ends
}

func newFlat(source string) *flat {
	f := &flat{starts: make(map[int]bool), ends: make(map[int]bool)}
	var b strings.Builder
	b.Grow(len(source))
	sentences := kb.Sentences(source)
	s, at, n := 0, 0, 0
	var last rune
	for at, n = 0, 0; at < len(source); n++ {
		if s < len(sentences) && at >= sentences[s].End {
			f.ends[b.Len()] = true
			s++
		}
		if s < len(sentences) && at == sentences[s].Start {
			f.starts[b.Len()] = true
			// An item's own text starts behind its number or bullet.
			f.starts[b.Len()+len(flatten(itemMark(source[at:sentences[s].End])))] = true
		}
		r, size := rune(source[at]), 1
		if r >= 0x80 {
			for _, x := range source[at:] {
				r = x
				break
			}
			size = max(1, len(string(r)))
		}
		if k := keep(r, last); k != 0 {
			before := b.Len()
			b.WriteRune(k)
			for range b.Len() - before {
				f.runes = append(f.runes, int32(n))
			}
		}
		last = r
		at += size
	}
	f.ends[b.Len()] = true
	f.text = b.String()
	return f
}

// flatten is the flat form of a text.
func flatten(s string) string {
	var b strings.Builder
	var last rune
	for _, r := range s {
		if k := keep(r, last); k != 0 {
			b.WriteRune(k)
		}
		last = r
	}
	return b.String()
}

// keep returns what of a rune stays, 0 for nothing.
func keep(r, last rune) rune {
	switch {
	case unicode.IsLetter(r), unicode.IsDigit(r):
		if r == 'ё' || r == 'Ё' {
			return 'е'
		}
		return unicode.ToLower(r)
	case strings.ContainsRune("%₽$€£₸₴¥₺°@", r):
		return r
	case unicode.IsDigit(last) && strings.ContainsRune(".,:-–/+", r):
		return r // 1.5 is not 15
	}
	return 0
}

// itemMark is the number or bullet that a list item begins with.
func itemMark(s string) string {
	n := 0
	for n < len(s) && n < 4 && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	if n > 0 && n+1 < len(s) && (s[n] == '.' || s[n] == ')') && s[n+1] == ' ' {
		return s[:n+2]
	}
	return ""
}

// find looks for a sentence that was copied whole, and returns where in the
// source, in runes. A part of a sentence does not count: what was left out may
// have been its negation.
func (f *flat) find(sentence string) (Span, bool) {
	mark := itemMark(sentence)
	want := strings.TrimRight(flatten(sentence[len(mark):]), ".,:-–/+")
	if want == "" {
		return Span{}, false
	}
	for from := 0; ; {
		i := strings.Index(f.text[from:], want)
		if i < 0 {
			return Span{}, false
		}
		i += from
		end := i + len(want)
		for end < len(f.text) && strings.IndexByte(".,:-/+", f.text[end]) >= 0 && !f.ends[end] {
			end++
		}
		if f.starts[i] && f.ends[end] {
			return Span{int(f.runes[i]), int(f.runes[i+len(want)-1]) + 1}, true
		}
		from = i + 1
	}
}
