package retrieval

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/whetstone-desk/whetstone/kb"
)

// A statement is a sentence of an answer with the markers behind it.
type statement struct {
	span     Span // runes
	from, to int  // the same in bytes
	markers  []int
}

// statements cuts an answer into sentences and reads their markers. A marker
// behind the full stop belongs to the sentence before it.
func statements(answer string) []statement {
	var out []statement
	runes, at := 0, 0 // how many runes there are before byte at
	count := func(to int) int {
		runes += utf8.RuneCountInString(answer[at:to])
		at = to
		return runes
	}
	for _, s := range kb.Sentences(answer) {
		from, to, lead, markers := bare(answer, s.Start, s.End)
		if len(lead) > 0 && len(out) > 0 {
			out[len(out)-1].markers = append(out[len(out)-1].markers, lead...)
		}
		if from >= to {
			if len(out) > 0 {
				out[len(out)-1].markers = append(out[len(out)-1].markers, markers...)
			}
			continue
		}
		st := statement{from: from, to: to, markers: markers}
		st.span.Start = count(from)
		st.span.End = count(to)
		out = append(out, st)
	}
	return out
}

// bare takes the markers off the two ends of answer[from:to], and notes those
// inside. Those at the start end the sentence before.
func bare(answer string, from, to int) (int, int, []int, []int) {
	var lead, markers []int
	for from < to {
		n, marker := leadingMarker(answer[from:to])
		if n == 0 {
			break
		}
		lead = append(lead, marker)
		from += n
		from += len(answer[from:to]) - len(strings.TrimLeftFunc(answer[from:to], unicode.IsSpace))
	}
	for i := from; i < to; i++ {
		if n, marker := leadingMarker(answer[i:to]); n > 0 {
			markers = append(markers, marker)
		}
	}
	for {
		s := strings.TrimRightFunc(answer[from:to], unicode.IsSpace)
		dot := strings.TrimRight(s, ".!?…")
		i := strings.LastIndexByte(dot, '[')
		if i < 0 {
			return from, from + len(s), lead, markers
		}
		if n, _ := leadingMarker(dot[i:]); n == 0 || i+n != len(dot) {
			return from, from + len(s), lead, markers
		}
		to = from + i
	}
}

// leadingMarker reads the marker that s begins with: its length in bytes, 0 if
// there is none.
func leadingMarker(s string) (length, marker int) {
	if len(s) < 3 || s[0] != '[' {
		return 0, 0
	}
	n := markerLen([]rune(s[:min(len(s), 6)]))
	for _, c := range s[1:max(1, n-1)] {
		marker = marker*10 + int(c-'0')
	}
	return n, marker
}

// A page is a text as the checks of Ground see it.
type page struct {
	text   string
	lex    []lexeme
	parts  []part           // the sentences, in order
	words  map[string][]int // by key of the words that matter: the sentences they stand in
	known  []fact           // see facts
	sought bool             // known is all there are
}

// facts finds the facts in the page, once: most pages are only read for their
// words.
func (p *page) facts() []fact {
	if !p.sought {
		p.known, p.sought = factsOf(p.lex), true
	}
	return p.known
}

// A part is a sentence: its lexemes, and its runes.
type part struct {
	lo, hi int
	span   Span
}

func newPage(text string) *page { return (*reader)(nil).page(text) }

// page reads a text.
func (r *reader) page(text string) *page {
	p := &page{text: text, lex: r.lex(text), words: make(map[string][]int)}
	runes, at, i := 0, 0, 0
	for _, s := range kb.Sentences(text) {
		start := runes + utf8.RuneCountInString(text[at:s.Start])
		end := start + utf8.RuneCountInString(text[s.Start:s.End])
		runes, at = end, s.End
		lo := i
		for i < len(p.lex) && p.lex[i].start < end {
			i++
		}
		p.parts = append(p.parts, part{lo, i, Span{start, end}})
	}
	for n, u := range p.parts {
		for j := u.lo; j < u.hi; j++ {
			if !bearing(&p.lex[j]) {
				continue
			}
			key := keyOf(&p.lex[j])
			if at := p.words[key]; len(at) == 0 || at[len(at)-1] != n {
				p.words[key] = append(at, n)
			}
		}
	}
	return p
}

// partOf returns the sentence that lexeme i stands in.
func (p *page) partOf(i int) int {
	lo, hi := 0, len(p.parts)
	for lo+1 < hi {
		mid := (lo + hi) / 2
		if p.parts[mid].lo <= i {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}
