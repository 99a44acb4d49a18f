package kb

import (
	"strings"
	"unicode/utf8"

	"github.com/whetstone-desk/whetstone/kb/markup"
)

// MaxPassage is the most that a passage holds, in runes. It is about what a
// small embedding model reads (256 tokens) and what a person takes in at a
// glance.
const MaxPassage = 1600

const (
	// fullPassage is when a passage takes no further block, in runes: shorter
	// ones are found more precisely, longer ones make sense by themselves.
	fullPassage = 700

	// smallPassage is what is not worth a passage of its own, in runes, if it
	// can go with a neighbour.
	smallPassage = 120

	// maxHeading bounds one heading within a path, in runes.
	maxHeading = 160
)

// Split cuts a document into the passages that are searched and quoted: an
// article's Body along its headings, then between blocks, then between
// sentences; a case's Problem between blocks and sentences.
//
// A list, a table, a block of code or a quotation is cut only if it is longer
// than [MaxPassage] by itself, and then between items, rows or lines. The line
// that introduces a list goes with it. Very small sections under the same
// heading share a passage, unless they are questions with their answers.
//
// Cutting loses nothing: the Texts, one after the other, are exactly the Body,
// and each passage starts where the last one ended. A document without text but
// with a title has one empty passage, so that it can be found by its title; one
// with neither has none.
func Split(d *Document) []Passage {
	text := d.Body
	if d.Kind == Case {
		text = d.Problem
	}
	if text == "" {
		if blank(d.Title) {
			return nil
		}
		return []Passage{{}}
	}
	s := splitter{text: text, title: strings.TrimSpace(d.Title)}
	blocks := scanBlocks(text)
	if d.Kind == Case {
		for i := range blocks {
			blocks[i].level = 0 // a customer's # or underline is no heading
		}
	}
	s.sections(blocks)
	return s.passages()
}

// A splitter is one run of Split.
type splitter struct {
	text   string
	title  string
	path   [6]string // the headings in force, by level less one
	pieces []piece
}

// A piece is a passage in the making.
type piece struct {
	span
	path  string
	under string // path without the last heading
	whole bool   // the piece is a section from its heading to its end
	ask   bool   // its heading is a question
	mixed bool   // it is several sections of equal rank
}

// A span is a run of the text.
type span struct {
	start, end int // bytes
	runes      int
}

// sections packs one section after the other. A heading directly above a
// deeper one joins the deeper one's section.
func (s *splitter) sections(blocks []block) {
	for i := 0; i < len(blocks); {
		from := i
		s.enter(blocks[i])
		i++
		for i < len(blocks) && blocks[i-1].level > 0 && blocks[i].level > blocks[i-1].level {
			s.enter(blocks[i])
			i++
		}
		last := blocks[i-1]
		for i < len(blocks) && blocks[i].level == 0 {
			i++
		}
		s.pack(blocks[from:i], last)
	}
}

// enter brings the path up to date with a heading.
func (s *splitter) enter(b block) {
	if b.level == 0 {
		return
	}
	clear(s.path[b.level-1:])
	first, rest, _ := strings.Cut(strings.TrimLeft(s.text[b.start:b.end], " \t\r\n"), "\n")
	if level, text := markup.Heading(first); level > 0 {
		first = text
	} else if markup.Underline(strings.TrimLeft(rest, " \t")) == 0 {
		return
	}
	// Longer than any heading: what is cut off would not be shown.
	// As a heading still: "1. Start" is no item of a list.
	heading := Plain("# " + strings.TrimLeft(first[:min(len(first), 8*maxHeading)], "# "))
	heading = strings.ToValidUTF8(firstRunes(strings.ReplaceAll(heading, "\n", " "), maxHeading), "")
	// The document's title is known; repeated in every path it says nothing.
	if !strings.EqualFold(heading, s.title) {
		s.path[b.level-1] = heading
	}
}

// where returns the path in force, and the path without its last heading.
func (s *splitter) where() (path, under string) {
	for _, heading := range s.path {
		if heading == "" {
			continue
		}
		under = path
		if path != "" {
			path += " › "
		}
		path += heading
	}
	return path, under
}

// pack cuts one section into pieces, whose innermost heading is last.
func (s *splitter) pack(blocks []block, last block) {
	path, under := s.where()
	p := piece{path: path, under: under, ask: last.level > 0 && strings.HasSuffix(path, "?")}
	first := len(s.pieces)
	parts := s.parts(blocks)
	for i := 0; i < len(parts); {
		// What introduces the next part goes with it.
		group := parts[i].span
		for i++; i < len(parts) && parts[i-1].leads && group.runes+parts[i].runes <= MaxPassage; i++ {
			group = group.with(parts[i].span)
		}
		sum := p.runes + group.runes
		if p.runes > 0 && sum > fullPassage && (p.runes >= smallPassage || sum > MaxPassage) {
			s.pieces = append(s.pieces, p)
			p.span = span{}
		}
		p.span = p.with(group)
	}
	if n := len(s.pieces); n > first && p.runes < smallPassage && s.pieces[n-1].runes+p.runes <= MaxPassage {
		s.pieces[n-1].span = s.pieces[n-1].with(p.span)
		return
	}
	p.whole = len(s.pieces) == first
	if p.whole && s.join(p) {
		return
	}
	s.pieces = append(s.pieces, p)
}

// join adds a small section to the piece before it, if that is one too and
// both stand under the same heading, or if that only introduces this one.
func (s *splitter) join(p piece) bool {
	if len(s.pieces) == 0 {
		return false
	}
	last := &s.pieces[len(s.pieces)-1]
	switch {
	case !last.whole || last.ask || last.runes >= smallPassage || last.runes+p.runes > fullPassage:
		return false
	case last.path == p.under && !last.mixed:
		last.path, last.under, last.ask = p.path, p.under, p.ask
	case last.under == p.under && !p.ask && p.runes < smallPassage:
		last.path, last.mixed = p.under, true
	default:
		return false
	}
	last.span = last.with(p.span)
	return true
}

func (s *splitter) passages() []Passage {
	out := make([]Passage, len(s.pieces))
	at := 0
	for i, p := range s.pieces {
		out[i] = Passage{Ordinal: i, Heading: p.path, Text: s.text[p.start:p.end], Start: at, End: at + p.runes}
		at += p.runes
	}
	return out
}

// with returns s and t, which begins where s ends, as one.
func (s span) with(t span) span {
	if s.runes == 0 {
		return t
	}
	return span{s.start, t.end, s.runes + t.runes}
}

// firstRunes returns at most n runes of s.
func firstRunes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}

func runes(s string) int { return utf8.RuneCountInString(s) }
