package source

import (
	"strings"

	"github.com/whetstone-desk/whetstone/kb/markup"
)

// maxNesting bounds blocks within blocks. Deeper ones are left as text without
// their tags.
const maxNesting = 12

// blocks rewrites notes, cuts, tabs and admonitions.
func (c *cleaner) blocks(lines []string) []string {
	w := blockWriter{lines: lines}
	for w.i < len(w.lines) {
		w.next()
	}
	return w.out
}

// A blockWriter rewrites the blocks of some lines.
type blockWriter struct {
	lines []string
	i     int
	out   []string
	fence markup.Fence
	depth int
}

// inner rewrites lines inside a block.
func (w *blockWriter) inner(lines []string) []string {
	if w.depth >= maxNesting {
		return lines
	}
	in := blockWriter{lines: lines, depth: w.depth + 1}
	for in.i < len(in.lines) {
		in.next()
	}
	return in.out
}

// next rewrites the block that begins with the line at w.i.
func (w *blockWriter) next() {
	line := w.lines[w.i]
	_, n := markup.Indent(line)
	indent, body := line[:n], strings.TrimRight(line[n:], " \t")
	w.i++
	if w.fence.Open() || body == "" {
		if w.fence.Closes(strings.TrimLeft(body, "> ")) {
			w.fence = markup.Fence{}
		}
		w.out = append(w.out, line)
		return
	}
	if f, ok := markup.OpenFence(strings.TrimLeft(body, "> ")); ok {
		w.fence = f
		w.out = append(w.out, line)
		return
	}
	if t, ok := markup.ParseTemplate(body); ok {
		w.template(indent, t)
		return
	}
	if d, ok := markup.ParseDirective(body); ok {
		w.directive(indent, d)
		return
	}
	if strings.HasPrefix(body, "#|") {
		w.table(indent)
		return
	}
	if rest, ok := alert(body); ok {
		// The lines below it are a quotation as they stand.
		if rest != "" {
			w.out = append(w.out, indent+"> **"+unbold(rest)+"**", indent+">")
		}
		return
	}
	if tab, ok := strings.CutPrefix(body, "@tab "); ok {
		w.label(indent, strings.TrimPrefix(strings.TrimSpace(tab), ":active "))
		return
	}
	if title, ok := markup.Admonition(body); ok {
		w.quote(indent, title, w.indented(indent))
		return
	}
	if rest, ok := strings.CutPrefix(body, "=== "); ok && markup.Quoted(rest) != "" {
		w.label(indent, markup.Quoted(rest))
		w.prefix(indent, w.inner(w.indented(indent)))
		return
	}
	if i := strings.Index(body, "]:"); i > 2 && strings.HasPrefix(body, "[*") {
		// The text of a term, which the page shows in a window of its own.
		// It may be a block.
		w.i--
		w.lines[w.i] = indent + strings.TrimSpace(body[i+2:])
		return
	}
	w.out = append(w.out, line)
}

// alert reads the first line of an alert of GitHub or a callout of Obsidian,
// > [!NOTE], and returns the title behind the mark.
func alert(body string) (title string, ok bool) {
	quoted := strings.TrimLeft(body, "> ")
	rest, found := strings.CutPrefix(quoted, "[!")
	if !found || len(quoted) == len(body) {
		return "", false
	}
	name, rest, found := strings.Cut(rest, "]")
	if !found || name == "" || strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz-|") != "" {
		return "", false
	}
	return strings.TrimSpace(strings.TrimLeft(rest, "+- ")), true
}

// template rewrites a block of YFM. The tag stands on a line of its own.
func (w *blockWriter) template(indent string, t markup.Template) {
	switch t.Name {
	case "note":
		w.quote(indent, t.Title(), w.until(indent, "note", "endnote"))
	case "cut":
		w.label(indent, t.Title())
		w.prefix(indent, w.inner(w.until(indent, "cut", "endcut")))
	case "list":
		w.prefix(indent, w.inner(tabs(w.until(indent, "list", "endlist"))))
	}
	// An end without a beginning is left out.
}

// until returns the lines up to the tag that ends the block, without indent.
func (w *blockWriter) until(indent, begin, end string) []string {
	depth := 1
	from := w.i
	var fence markup.Fence
	for ; w.i < len(w.lines); w.i++ {
		body := strings.TrimSpace(w.lines[w.i])
		switch {
		case fence.Open():
			if fence.Closes(body) {
				fence = markup.Fence{}
			}
		case strings.HasPrefix(body, "{%"):
			t, _ := markup.ParseTemplate(body)
			if t.Name == begin {
				depth++
			}
			if t.Name != end {
				continue
			}
			if depth--; depth == 0 {
				w.i++
				return outdent(w.lines[from:w.i-1], indent)
			}
		default:
			fence, _ = markup.OpenFence(body)
		}
	}
	return outdent(w.lines[from:], indent)
}

// directive rewrites an admonition of Docusaurus.
func (w *blockWriter) directive(indent string, d markup.Directive) {
	if d.Name == "" {
		return
	}
	depth := 1
	from := w.i
	end := len(w.lines)
	var fence markup.Fence
	for i := from; i < len(w.lines); i++ {
		body := strings.TrimSpace(w.lines[i])
		if fence.Open() {
			if fence.Closes(body) {
				fence = markup.Fence{}
			}
			continue
		}
		fence, _ = markup.OpenFence(body)
		in, ok := markup.ParseDirective(body)
		if !ok || in.Colons > d.Colons && in.Name == "" {
			continue
		}
		if in.Name != "" {
			if in.Colons == d.Colons {
				depth++
			}
			continue
		}
		if in.Colons < d.Colons {
			continue
		}
		if depth--; depth == 0 {
			end = i
			break
		}
	}
	w.i = min(end+1, len(w.lines))
	inner := outdent(w.lines[from:end], indent)
	switch d.Name {
	case "page-constructor":
		// Settings of a landing page, not text.
	case "note", "tip", "info", "warning", "danger", "caution", "important", "success", "secondary", "details":
		w.quote(indent, d.Title, inner)
	default:
		w.label(indent, d.Title)
		w.prefix(indent, w.inner(inner))
	}
}

// indented returns the lines that stand deeper than indent by four columns or
// more, without them.
func (w *blockWriter) indented(indent string) []string {
	base, _ := markup.Indent(indent)
	from := w.i
	for w.i < len(w.lines) {
		columns, n := markup.Indent(w.lines[w.i])
		if n < len(w.lines[w.i]) && columns < base+4 {
			break
		}
		w.i++
	}
	out := make([]string, 0, w.i-from)
	for _, line := range w.lines[from:w.i] {
		out = append(out, dedent(line, base+4))
	}
	return out
}

// label writes a title of its own.
func (w *blockWriter) label(indent, title string) {
	if title = unbold(title); title != "" {
		w.out = append(w.out, "", indent+"**"+title+"**", "")
	}
}

// unbold makes a title fit to be set in bold.
func unbold(title string) string { return strings.TrimSpace(strings.ReplaceAll(title, "**", "")) }

// prefix writes lines with indent.
func (w *blockWriter) prefix(indent string, lines []string) {
	for _, line := range lines {
		if line != "" {
			line = indent + line
		}
		w.out = append(w.out, line)
	}
	w.out = append(w.out, "")
}

// quote writes lines as a quotation under a title.
func (w *blockWriter) quote(indent, title string, lines []string) {
	lines = trimEmpty(w.inner(lines))
	w.out = append(w.out, "")
	if title = unbold(title); title != "" {
		w.out = append(w.out, indent+"> **"+title+"**")
		if len(lines) > 0 {
			w.out = append(w.out, indent+">")
		}
	}
	for _, line := range lines {
		w.out = append(w.out, strings.TrimRight(indent+"> "+line, " "))
	}
	w.out = append(w.out, "")
}

// tabs turns the items of a tab list into their names and contents.
func tabs(lines []string) []string {
	out := make([]string, 0, len(lines))
	margin := -1 // where the content of the tab being read begins; -1: not known yet
	var fence markup.Fence
	for _, line := range lines {
		columns, n := markup.Indent(line)
		body := line[n:]
		m := markup.Bullet(body)
		switch {
		case fence.Open():
			if fence.Closes(body) {
				fence = markup.Fence{}
			}
		case m > 0 && columns < 2:
			out = append(out, "", "**"+unbold(body[m:])+"**", "")
			margin = -1
			continue
		default:
			fence, _ = markup.OpenFence(body)
		}
		if margin < 0 && body != "" {
			margin = columns
		}
		out = append(out, dedent(line, max(margin, 0)))
	}
	return out
}

// outdent takes indent off lines.
func outdent(lines []string, indent string) []string {
	columns, _ := markup.Indent(indent)
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = dedent(line, columns)
	}
	return out
}

// trimEmpty drops empty lines at both ends.
func trimEmpty(lines []string) []string {
	for len(lines) > 0 && strings.TrimSpace(lines[0]) == "" {
		lines = lines[1:]
	}
	for len(lines) > 0 && strings.TrimSpace(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}
