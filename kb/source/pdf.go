package source

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/whetstone-desk/whetstone/kb"
)

// pdf reads a PDF file: its text in the order in which it is drawn, with lines
// put together to paragraphs, and lines in larger letters as headings. Tables
// come out as lines, and pictures of pages, as scanners make them, have no text.
//
// The reader is its own, since files come from outside and one must not end the
// process. Those at hand follow the offsets that a file names: an object that
// stands in itself, or a table of 20 billion entries, ends them with a full stack
// or out of memory, which no recover stops, and a page that is its own parent
// keeps them busy for ever. This one follows no offsets, and depth, size and
// steps are bounded.
func (r *reader) pdf(name string, b []byte) error {
	f, err := readPDF(b)
	if err != nil {
		return r.lost(name, 0, "its PDF cannot be read: %v", err)
	}
	pages, err := f.pages()
	if err != nil {
		return r.lost(name, 0, "its PDF cannot be read: %v", err)
	}
	switch {
	case pages.page == 0:
		return r.lost(name, 0, "its PDF cannot be read: no page is whole")
	case pages.letters == 0 && pages.unknown == 0:
		return r.lost(name, 0, "no text in %d pages: pictures of pages are not read", pages.page)
	case pages.unknown > pages.letters:
		return r.lost(name, 0, "its fonts do not say which letters they show")
	}
	item := Item{File: name, Line: 1}
	if pages.unknown > 0 {
		item.Notes = append(item.Notes, fmt.Sprintf("%d letters were left out: their font does not say which they are", pages.unknown))
	}
	d := &item.Document
	d.Kind, d.ID, d.URL = kb.Article, idOf(name), r.address(name)
	d.Locale = pathLanguage(name)
	d.Title, d.Body = titled("", pdfMarkdown(pages.runs))
	d.Title = or(d.Title, titleOf(name))
	return r.deliver(item)
}

// packed reads a file that has no text of its own but holds some.
func (r *reader) packed(name string, limit int64, read func(string, []byte) error) error {
	b, err := r.load(name, limit)
	switch {
	case err != nil:
		return r.lost(name, 0, "%v", err)
	case len(b) == 0:
		return r.lost(name, 0, "empty")
	}
	return read(name, b)
}

// markdownSigns are what Markdown takes for markup within a line.
var markdownSigns = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, "`", "\\`")

// literal writes text so that Markdown takes none of it for markup.
func literal(text string) string { return markdownSigns.Replace(text) }

// guard returns what has to stand before a paragraph that Markdown would take
// for a heading, a quotation or a list.
func guard(text string) string {
	if text != "" && strings.ContainsRune("#>+-=~", rune(text[0])) {
		return `\`
	}
	return ""
}

// A pdfLine is one line of a page.
type pdfLine struct {
	text       string
	x, y, size float64
	page       int
}

// pdfMarkdown puts runs together to Markdown.
func pdfMarkdown(runs []pdfRun) string {
	lines := pdfLines(runs)
	body := bodySize(lines)
	largest := 0.0
	for _, l := range lines {
		largest = max(largest, l.size)
	}
	var b bytes.Buffer
	last := pdfLine{page: -1}
	inHeading := false
	for _, l := range lines {
		level := 0
		// Headings are a fifth larger than the body, and short.
		if l.size >= 1.2*body && utf8.RuneCountInString(l.text) < 160 {
			if level = 2; l.size >= largest-0.1 && l.size >= 1.4*body {
				level = 1
			}
		}
		text, item := bullet(l.text)
		gap := last.y - l.y
		joins := last.page == l.page && gap > 0 && gap < 1.7*max(l.size, last.size) && math.Abs(l.size-last.size) < 0.15*body ||
			last.page >= 0 && last.page+1 == l.page && level == 0 && !inHeading && unfinished(last.text)
		switch {
		case b.Len() == 0:
		case joins && !item && inHeading == (level > 0):
			join(&b, last.text, text)
			last = l
			continue
		case item && joins:
			b.WriteByte('\n')
		default:
			b.WriteString("\n\n")
		}
		switch {
		case level > 0:
			b.WriteString(strings.Repeat("#", level) + " ")
		case item:
			b.WriteString("- ")
		default:
			b.WriteString(guard(text))
		}
		b.WriteString(literal(text))
		last, inHeading = l, level > 0
	}
	return b.String()
}

// join goes on with a paragraph, without the hyphen that parted a word.
func join(b *bytes.Buffer, last, next string) {
	first, _ := utf8.DecodeRuneInString(next)
	if strings.HasSuffix(last, "-") && unicode.IsLower(first) {
		b.Truncate(b.Len() - 1)
	} else {
		b.WriteByte(' ')
	}
	b.WriteString(literal(next))
}

// unfinished reports whether a sentence goes on after a line, on the next page.
func unfinished(line string) bool {
	last, _ := utf8.DecodeLastRuneInString(line)
	return unicode.IsLower(last) || last == ',' || last == '-'
}

// bullet takes the sign off a line that is an item of a list.
func bullet(line string) (string, bool) {
	for _, sign := range [...]string{"•", "▪", "●", "◦", "‣", "–", "—"} {
		if rest, ok := strings.CutPrefix(line, sign); ok && strings.TrimSpace(rest) != "" {
			return strings.TrimSpace(rest), true
		}
	}
	return line, false
}

// pdfLines puts runs together to lines. Runs are of one line while they are at
// one height and go to the right; a gap of a fifth of a letter is a space.
func pdfLines(runs []pdfRun) []pdfLine {
	var lines []pdfLine
	var b strings.Builder
	var last pdfRun
	end := func() {
		if n := len(lines); n > 0 {
			lines[n-1].text = strings.Join(strings.Fields(b.String()), " ")
			if lines[n-1].text == "" {
				lines = lines[:n-1]
			}
		}
		b.Reset()
	}
	for _, run := range runs {
		gap := run.x - last.end
		same := len(lines) > 0 && run.page == last.page && math.Abs(run.y-last.y) < 0.4*max(run.size, last.size) && gap > -2*run.size
		if !same {
			end()
			lines = append(lines, pdfLine{x: run.x, y: run.y, size: run.size, page: run.page})
		} else if gap > 0.2*run.size {
			b.WriteByte(' ')
		}
		b.WriteString(strings.ReplaceAll(run.text, "\u00ad", "-"))
		last = run
	}
	end()
	return lines
}

// bodySize returns the size that most letters have.
func bodySize(lines []pdfLine) float64 {
	counts := make(map[float64]int)
	best := 0.0
	for _, l := range lines {
		size := math.Round(l.size*2) / 2
		counts[size] += len(l.text)
		if counts[size] > counts[best] || counts[size] == counts[best] && size < best {
			best = size
		}
	}
	return best
}
