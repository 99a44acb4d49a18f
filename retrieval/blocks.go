package retrieval

import (
	"strings"
	"unicode/utf8"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/markup"
)

// A blockKind says what a block of a source is.
type blockKind uint8

const (
	paragraph blockKind = iota
	list
	table
	code
)

// A block is a part of a source that is quoted as a whole: a paragraph, a
// whole list, a table, a piece of code.
type block struct {
	kind    blockKind
	section int      // counts headings: blocks under one heading share it
	heading string   // as a reader sees it; empty: none
	above   int      // bytes: where the heading starts
	lines   []string // as written, without what is markup alone
	from    int      // bytes of the source
	to      int
	span    Span // the same in runes
}

// blocksOf cuts a source into its blocks.
func blocksOf(text string) []block {
	s := blockScanner{text: text}
	_, at := markup.FrontMatter(text)
	for at < len(text) {
		end := len(text)
		if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i
		}
		s.line(at, end)
		at = end + 1
	}
	s.close()
	runes, from := 0, 0
	for i := range s.blocks {
		b := &s.blocks[i]
		b.span.Start = runes + utf8.RuneCountInString(text[from:b.from])
		b.span.End = b.span.Start + utf8.RuneCountInString(text[b.from:b.to])
		runes, from = b.span.End, b.to
	}
	return s.blocks
}

// A blockScanner reads a source line by line.
type blockScanner struct {
	text    string
	blocks  []block
	open    *block
	blank   bool // the line before was empty
	fence   markup.Fence
	section int
	heading string
	above   int
}

// close ends the open block.
func (s *blockScanner) close() {
	if s.open != nil && len(s.open.lines) > 0 {
		s.blocks = append(s.blocks, *s.open)
	}
	s.open = nil
}

// take adds a line to the open block of a kind, or opens one.
func (s *blockScanner) take(kind blockKind, from, to int) {
	if s.open == nil || s.open.kind != kind {
		s.close()
		s.open = &block{kind: kind, section: s.section, heading: s.heading, above: s.above, from: from}
	}
	s.open.lines = append(s.open.lines, s.text[from:to])
	s.open.to = to
}

// line reads text[from:to].
func (s *blockScanner) line(from, to int) {
	to = from + len(strings.TrimRight(s.text[from:to], " \t\r"))
	indent, n := markup.Indent(s.text[from:to])
	rest := s.text[from+n : to]
	blank := s.blank
	s.blank = rest == ""
	switch {
	case s.fence.Open():
		s.take(code, from, to)
		if s.fence.Closes(rest) {
			s.fence = markup.Fence{}
			s.close()
		}
		return
	case rest == "":
		if s.open != nil && s.open.kind != list {
			s.close()
		}
		return
	}
	if f, ok := markup.OpenFence(rest); ok {
		s.close()
		s.fence = f
		s.take(code, from, to)
		return
	}
	if level, title := markup.Heading(rest); level > 0 {
		s.close()
		s.section++
		s.heading, s.above = kb.Plain(title), from
		return
	}
	if s.underlined(rest) || machinery(rest, n == 0) {
		return
	}
	s.visible(from, to, rest, indent, blank)
}

// visible sorts a line that a reader sees into a block.
func (s *blockScanner) visible(from, to int, rest string, indent int, blank bool) {
	switch {
	case markup.Bullet(rest) > 0 || strings.HasPrefix(rest, "• ") || strings.HasPrefix(rest, "· "):
		s.take(list, from, to)
	case s.open != nil && s.open.kind == list && (indent >= 2 || !blank):
		s.take(list, from, to) // goes on with the item
	case rest[0] == '|':
		s.take(table, from, to)
	default:
		if blank {
			s.close()
		}
		s.take(paragraph, from, to)
	}
}

// underlined makes a heading of the line before, if this line says so.
func (s *blockScanner) underlined(rest string) bool {
	if markup.Underline(rest) == 0 || s.open == nil || s.open.kind != paragraph || len(s.open.lines) != 1 {
		return false
	}
	s.section++
	s.heading, s.above = kb.Plain(s.open.lines[0]), s.open.from
	s.open = nil
	return true
}

// machinery reports whether a line is markup without anything to read.
func machinery(line string, margin bool) bool {
	if markup.Rule(line) || margin && markup.Module(line) || line == "#|" || line == "|#" {
		return true
	}
	if d, ok := markup.ParseDirective(line); ok {
		return d.Title == ""
	}
	return line[0] != '|' && strings.TrimSpace(kb.Plain(line)) == ""
}

// words is how many words the block has, roughly.
func (b *block) words() int {
	n := 0
	for _, l := range b.lines {
		for range strings.FieldsSeq(l) {
			n++
		}
	}
	return n
}

// leads reports whether the block announces the one behind it.
func (b *block) leads() bool {
	last := strings.TrimRight(b.lines[len(b.lines)-1], " *_")
	return b.kind == paragraph && strings.HasSuffix(last, ":")
}
