package kb

import (
	"strings"

	"github.com/whetstone-desk/whetstone/kb/markup"
)

// A blockKind says how a block may be cut.
type blockKind int

const (
	paragraphBlock blockKind = iota
	listBlock
	tableBlock
	codeBlock
	quoteBlock
)

// A block is a run of whole lines that belong together, with the empty lines
// behind it.
type block struct {
	kind       blockKind
	level      int // of a heading, from 1; 0: none
	start, end int // bytes
}

// A blockScanner cuts a text into blocks, line by line.
type blockScanner struct {
	text   string
	blocks []block
	fence  markup.Fence
	until  string // what ends the table or comment being read; empty: none
	blank  bool   // the last line was empty
	lines  int    // lines of the last block that are not empty
	last   int    // start of the last line that was not empty
}

// scanBlocks returns the blocks of text, which together are text.
func scanBlocks(text string) []block {
	s := blockScanner{text: text}
	if _, n := markup.FrontMatter(text); n > 0 {
		s.blocks = append(s.blocks, block{kind: codeBlock, end: n})
		s.blank = true
	}
	at := 0
	if len(s.blocks) > 0 {
		at = s.blocks[0].end
	}
	for at < len(text) {
		end := len(text)
		if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		s.line(at, text[at:end])
		at = end
		if n := len(s.blocks); n > 0 {
			s.blocks[n-1].end = end
		}
	}
	if len(s.blocks) == 0 { // nothing but empty lines
		s.blocks = append(s.blocks, block{end: len(text)})
	}
	s.blocks[0].start = 0
	return s.blocks
}

// line puts a line, with its end, into the last block or a new one. The caller
// moves the last block's end.
func (s *blockScanner) line(at int, line string) {
	columns, n := markup.Indent(line)
	body := strings.TrimRight(line[n:], " \t\r\n")
	switch {
	case s.fence.Open():
		if s.fence.Closes(body) {
			s.fence = markup.Fence{}
		}
		return
	case s.until != "":
		if strings.Contains(body, s.until) {
			s.until = ""
		}
		return
	case body == "":
		s.blank = true
		return
	}
	if s.joins(columns, body) {
		s.lines++
	} else if !s.rewrites(at, columns, body) {
		s.begin(at, columns, body)
	}
	s.blank = false
	s.last = at
}

// joins reports whether a line goes on with the last block.
func (s *blockScanner) joins(columns int, body string) bool {
	if len(s.blocks) == 0 {
		return false
	}
	b := s.blocks[len(s.blocks)-1]
	if b.level > 0 {
		return false
	}
	starts := columns < 4 && startsBlock(body)
	switch b.kind {
	case listBlock:
		if columns >= 2 {
			if f, ok := markup.OpenFence(body); ok {
				s.fence = f
			}
			return true
		}
		return markup.Bullet(body) > 0 || !s.blank && !starts
	case tableBlock:
		return !s.blank && strings.IndexByte(body, '|') >= 0
	case codeBlock:
		return false
	case quoteBlock:
		return !s.blank && (body[0] == '>' || !starts)
	case paragraphBlock:
	}
	return !s.blank && !starts && markup.Underline(body) == 0 && !markup.TableRule(body)
}

// startsBlock reports whether a line begins a block even directly under a
// paragraph.
func startsBlock(body string) bool {
	switch body[0] {
	case '#':
		level, _ := markup.Heading(body)
		return level > 0 || body == "#|"
	case '`', '~':
		_, ok := markup.OpenFence(body)
		return ok
	case '|', '>':
		return true
	case '<':
		return closing(body) != ""
	}
	return markup.Bullet(body) > 0
}

// rewrites reports whether the line shows what the one above it was: a heading,
// or the head of a table.
func (s *blockScanner) rewrites(at, columns int, body string) bool {
	if len(s.blocks) == 0 || s.blank || columns > 3 {
		return false
	}
	b := &s.blocks[len(s.blocks)-1]
	if b.kind != paragraphBlock || b.level > 0 {
		return false
	}
	if level := markup.Underline(body); level > 0 {
		if s.lines == 1 {
			b.level = level
		}
		s.lines++
		return true
	}
	if !markup.TableRule(body) || strings.IndexByte(s.text[s.last:at], '|') < 0 {
		return false
	}
	if s.lines == 1 {
		b.kind = tableBlock
	} else {
		b.end = s.last
		s.blocks = append(s.blocks, block{kind: tableBlock, start: s.last})
	}
	s.lines = 2
	return true
}

// begin starts a block.
func (s *blockScanner) begin(at, columns int, body string) {
	b := block{start: at}
	switch {
	case columns > 3:
		b.kind = paragraphBlock
	case body[0] == '|':
		b.kind = tableBlock
	case body[0] == '>':
		b.kind = quoteBlock
	case body == "#|":
		b.kind, s.until = tableBlock, "|#"
	case body[0] == '#':
		b.level, _ = markup.Heading(body)
	case closing(body) != "":
		b.kind = tableBlock
		if end := closing(body); !strings.Contains(body, end) {
			s.until = end
		}
	case markup.Bullet(body) > 0:
		b.kind = listBlock
		if f, ok := markup.OpenFence(body[markup.Bullet(body):]); ok {
			s.fence = f
		}
	default:
		if f, ok := markup.OpenFence(body); ok {
			b.kind, s.fence = codeBlock, f
		}
	}
	s.blocks = append(s.blocks, b)
	s.lines = 1
}

// closing returns what ends the element of HTML that a line opens and that is
// not to be cut; empty: none.
func closing(body string) string {
	if body[0] != '<' {
		return ""
	}
	for _, e := range [...]struct{ open, end string }{
		{"<!--", "-->"}, {"<table", "</table"}, {"<pre", "</pre"}, {"<script", "</script"}, {"<style", "</style"},
	} {
		if strings.HasPrefix(body, e.open) {
			return e.end
		}
	}
	return ""
}
