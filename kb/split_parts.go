package kb

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/whetstone-desk/whetstone/kb/markup"
)

// A part is what packing does not cut: a block, or a piece of one that is too
// long.
type part struct {
	span
	leads bool // it introduces the next part: a heading, "Do this:"
}

// parts returns the parts of blocks, none longer than MaxPassage.
func (s *splitter) parts(blocks []block) []part {
	out := make([]part, 0, len(blocks))
	for _, b := range blocks {
		// A rune has at most four bytes, so most blocks need no counting to
		// be known as short, but their length is needed anyway.
		whole := span{b.start, b.end, runes(s.text[b.start:b.end])}
		if whole.runes <= MaxPassage {
			out = append(out, part{whole, b.level > 0 || introduces(s.text[b.start:b.end])})
			continue
		}
		out = s.cut(out, whole, ways(b.kind))
	}
	return out
}

// cut appends the parts of a span that is too long: cut the first way, and what
// is still too long the next way.
func (s *splitter) cut(out []part, whole span, ways []way) []part {
	text := s.text[whole.start:whole.end]
	at := 0
	for _, next := range append(ways[0](text), len(text)) {
		if next == at {
			continue
		}
		piece := span{whole.start + at, whole.start + next, runes(text[at:next])}
		if piece.runes > MaxPassage {
			out = s.cut(out, piece, ways[1:])
		} else {
			out = append(out, part{span: piece})
		}
		at = next
	}
	return out
}

// A way finds the places in a text at which it may be cut, in order.
type way func(text string) []int

// ways returns the ways to cut a block, the best first. The last always cuts
// into pieces of at most MaxPassage.
func ways(k blockKind) []way {
	switch k {
	case listBlock:
		return []way{items, anyItems, gaps, lines, ends, words}
	case tableBlock, codeBlock:
		return []way{lines, words}
	case quoteBlock:
		return []way{gaps, lines, ends, words}
	case paragraphBlock:
	}
	return []way{ends, words}
}

// introduces reports whether a short block only leads to what follows.
func introduces(text string) bool {
	if len(text) > 600 {
		return false
	}
	text = strings.TrimSpace(text)
	return strings.HasSuffix(text, ":") || strings.HasSuffix(text, ":**") ||
		strings.HasPrefix(text, "**") && strings.HasSuffix(text, "**") && strings.Count(text, "**") == 2 ||
		strings.HasPrefix(text, "{%") && !strings.HasPrefix(text, "{% end") && strings.HasSuffix(text, "%}")
}

// items cuts between the items of the outermost list.
func items(text string) []int {
	var cuts []int
	base := -1
	eachLine(text, func(start int, line string, code bool) {
		columns, n := markup.Indent(line)
		if code || markup.Bullet(line[n:]) == 0 || base >= 0 && columns > base+1 {
			return
		}
		base = columns
		cuts = append(cuts, start)
	})
	return cuts
}

// anyItems cuts between the items of every list.
func anyItems(text string) []int {
	var cuts []int
	eachLine(text, func(start int, line string, code bool) {
		if _, n := markup.Indent(line); !code && markup.Bullet(line[n:]) > 0 {
			cuts = append(cuts, start)
		}
	})
	return cuts
}

// gaps cuts behind empty lines.
func gaps(text string) []int {
	var cuts []int
	empty := false
	eachLine(text, func(start int, line string, code bool) {
		now := strings.Trim(line, "> \t\r\n") == ""
		if empty && !now && !code {
			cuts = append(cuts, start)
		}
		empty = now
	})
	return cuts
}

// lines cuts between lines.
func lines(text string) []int {
	var cuts []int
	eachLine(text, func(start int, _ string, _ bool) { cuts = append(cuts, start) })
	return cuts
}

// ends cuts between sentences.
func ends(text string) []int {
	spans := Sentences(text)
	cuts := make([]int, 0, len(spans))
	for i, s := range spans {
		if i > 0 {
			cuts = append(cuts, s.Start)
		}
	}
	return cuts
}

// words cuts behind a space where there is one, else behind any letter.
func words(text string) []int {
	var cuts []int
	count, after, since := 0, 0, 0 // runes since the last cut; a place behind a space, and runes to it
	for at, r := range text {
		if count == MaxPassage {
			if since < fullPassage/2 {
				after = whole(text, at)
				since = count - runes(text[after:at])
			}
			cuts = append(cuts, after)
			count -= since
			since = 0
		}
		count++
		if unicode.IsSpace(r) {
			after, since = at+utf8.RuneLen(r), count
		}
	}
	return cuts
}

// whole moves a cut at a letter back to the start of what is drawn as one: a
// letter with its accents, an emoji with its parts.
func whole(text string, at int) int {
	for range 16 {
		r, _ := utf8.DecodeRuneInString(text[at:])
		before, n := utf8.DecodeLastRuneInString(text[:at])
		if !unicode.Is(unicode.Mn, r) && r != '\u200d' && before != '\u200d' {
			break
		}
		at -= n
	}
	return at
}

// eachLine calls f with every line of text, its end included, and whether it
// lies in a block of code.
func eachLine(text string, f func(start int, line string, code bool)) {
	var fence markup.Fence
	for at := 0; at < len(text); {
		end := len(text)
		if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		line := text[at:end]
		_, n := markup.Indent(line)
		open := fence.Open()
		f(at, line, open)
		if open {
			if fence.Closes(line[n:]) {
				fence = markup.Fence{}
			}
		} else {
			fence, _ = markup.OpenFence(strings.TrimRight(line[n:], "\r\n"))
		}
		at = end
	}
}
