package source

import (
	"strings"

	"github.com/whetstone-desk/whetstone/kb/markup"
)

// A cleaner brings one page to CommonMark: first what stands within lines
// (includes, variables, conditions, tags, comments, attributes), then blocks
// (notes, tabs, cuts, admonitions). Code is left as it is.
type cleaner struct {
	*reader
	file  string // the file being read, for its includes
	vars  map[string]any
	notes []string

	mdx      bool // the page has imports or exports: what is in braces is a program
	includes int  // files included so far
	depth    int  // of the include being read
}

// page cleans the text of a page.
func (c *cleaner) page(src string) string {
	out := c.inline(src)
	lines := strings.Split(out, "\n")
	return strings.TrimRight(squeeze(c.blocks(lines)), "\n") + "\n"
}

// note remembers something to report, once.
func (c *cleaner) note(text string) {
	for _, n := range c.notes {
		if n == text {
			return
		}
	}
	c.notes = append(c.notes, text)
}

// squeeze joins lines and leaves one empty line where there are more, but in
// code.
func squeeze(lines []string) string {
	var b strings.Builder
	var fence markup.Fence
	empty := true
	for _, line := range lines {
		_, n := markup.Indent(line)
		bare := strings.TrimLeft(line[n:], "> ")
		switch {
		case fence.Open():
			if fence.Closes(bare) {
				fence = markup.Fence{}
			}
		case strings.TrimSpace(line) == "":
			if empty {
				continue
			}
			line = ""
		default:
			fence, _ = markup.OpenFence(bare)
		}
		empty = line == "" && !fence.Open()
		b.WriteString(line)
		b.WriteByte('\n')
	}
	return b.String()
}

// An inliner is one run of cleaner.inline.
type inliner struct {
	*cleaner
	in    string
	i     int
	out   []byte
	fence markup.Fence
	links []string    // targets of the open <a>
	boxes []int       // open elements; columns that their content is indented by, -1: not known yet
	ifs   []condition // open conditions

	// What is known not to come any more, so that no text is searched for it
	// twice.
	open     map[string]bool // elements that do not end
	elements map[string]bool // names that are none of HTML: whether they end in the page
	ticks    [8]int          // for each length of a run of backticks, up to where none closes
	blank    int             // the end of the paragraph that code was last looked for in
}

// inline cleans what stands within lines.
func (c *cleaner) inline(src string) string {
	p := inliner{cleaner: c, in: src, out: make([]byte, 0, len(src)), open: make(map[string]bool), elements: make(map[string]bool)}
	for p.i < len(p.in) {
		p.line()
	}
	return string(p.out)
}

// line reads one line, and the tags of it to their ends.
func (p *inliner) line() {
	end := len(p.in)
	if j := strings.IndexByte(p.in[p.i:], '\n'); j >= 0 {
		end = p.i + j
	}
	line := p.in[p.i:end]
	columns, n := markup.Indent(line)
	body := line[n:]
	quoted := strings.TrimLeft(body, "> ")
	switch {
	case p.fence.Open():
		if p.fence.Closes(quoted) {
			p.fence = markup.Fence{}
		}
		p.raw(dedent(line, p.box(columns, true)))
		p.i = min(end+1, len(p.in))
		return
	case body != "":
		if f, ok := markup.OpenFence(quoted); ok {
			p.fence = f
			p.raw(dedent(line, p.box(columns, false)))
			p.i = min(end+1, len(p.in))
			return
		}
	}
	if n == 0 && p.i < len(p.in) && markup.Module(line) {
		p.mdx = true
		p.module()
		return
	}
	if leftOut(body) || contents(body, p.in[min(end+1, len(p.in)):]) {
		p.i = min(end+1, len(p.in))
		return
	}
	if body != "" {
		line = dedent(line, p.box(columns, body[0] == '<'))
		p.i = end - len(line)
	}
	p.content()
}

// raw writes a line as it is, unless a condition leaves it out.
func (p *inliner) raw(line string) {
	if p.hidden() {
		return
	}
	p.out = append(append(p.out, line...), '\n')
}

// box returns how far the content of the innermost open element is indented.
// A line at columns that is text, and no tag, settles it.
func (p *inliner) box(columns int, unsettled bool) int {
	if len(p.boxes) == 0 {
		return 0
	}
	top := &p.boxes[len(p.boxes)-1]
	if *top < 0 {
		if unsettled {
			return columns
		}
		*top = columns
	}
	return *top
}

// dedent takes at most columns of indent off a line.
func dedent(line string, columns int) string {
	for columns > 0 && line != "" {
		switch line[0] {
		case ' ':
			columns--
		case '\t':
			columns -= 4
		default:
			return line
		}
		line = line[1:]
	}
	return line
}

// module leaves out an import or an export of MDX, to the end of its braces.
func (p *inliner) module() {
	depth, start := 0, p.i
	for p.i < len(p.in) {
		c := p.in[p.i]
		p.i++
		switch c {
		case '{', '(', '[':
			depth++
		case '}', ')', ']':
			depth--
		case '\n':
			// Braces that never close, or an empty line at the margin, end it
			// all the same.
			if depth <= 0 || p.i-start > 64<<10 {
				return
			}
		}
	}
}

// content reads from p.i to the end of the line.
func (p *inliner) content() {
	for p.i < len(p.in) {
		j := p.i
		for j < len(p.in) && !telling(p.in[j]) {
			j++
		}
		p.write(p.in[p.i:j])
		p.i = j
		if j == len(p.in) {
			return
		}
		n, text := p.element(p.in[j:])
		p.write(text)
		p.i += n
		if p.in[j] == '\n' {
			return
		}
	}
}

func telling(c byte) bool {
	switch c {
	case '\n', '\r', '\\', '#', '`', '<', '{', '^', '~', '+', ':', '@':
		return true
	}
	return false
}

// write adds text, unless a condition leaves it out.
func (p *inliner) write(text string) {
	if !p.hidden() {
		p.out = append(p.out, text...)
	}
}

// element reads what s begins with and returns its length, at least 1, and what
// to write for it.
func (p *inliner) element(s string) (n int, text string) {
	switch s[0] {
	case '\r':
		if strings.HasPrefix(s, "\r\n") {
			return 1, ""
		}
	case '\\':
		if len(s) > 1 && s[1] != '\n' {
			return 2, s[:2]
		}
	case '`':
		return p.code(s)
	case '#':
		return teletype(s)
	case '<':
		return p.angle(s)
	case '{':
		return p.brace(s)
	default:
		if n, text := p.extended(s); n > 0 {
			return n, text
		}
	}
	return 1, s[:1]
}

// code returns a run of backticks and, where an equal one follows in the same
// paragraph, all up to that.
func (p *inliner) code(s string) (int, string) {
	n := markup.Run(s, '`')
	if n >= len(p.ticks) || p.i < p.ticks[n] {
		return n, s[:n]
	}
	if p.blank <= p.i {
		p.blank = len(p.in)
		if i := strings.Index(s, "\n\n"); i >= 0 {
			p.blank = p.i + i + 1
		}
	}
	limit := p.blank - p.i
	for at := n; at < limit; {
		i := strings.IndexByte(s[at:limit], '`')
		if i < 0 {
			break
		}
		at += i
		m := markup.Run(s[at:], '`')
		if at += m; m == n {
			return at, s[:at]
		}
	}
	p.ticks[n] = p.blank
	return n, s[:n]
}

// teletype reads ##text##, which is how YFM sets text like code.
func teletype(s string) (int, string) {
	n := markup.Run(s, '#')
	if n == 2 && len(s) > 4 && s[2] != ' ' {
		line, _, _ := strings.Cut(s[2:min(len(s), 256)], "\n")
		end := strings.Index(line, "##")
		switch {
		case end < 1 || line[end-1] == ' ':
		case strings.ContainsAny(line[:end], "`["):
			return end + 4, line[:end] // code and links within it
		default:
			return end + 4, "`" + line[:end] + "`"
		}
	}
	return n, s[:n]
}

// lineStart reports whether nothing but white space stands before in the line
// being written.
func (p *inliner) lineStart() bool {
	for i := len(p.out) - 1; i >= 0; i-- {
		switch p.out[i] {
		case '\n':
			return true
		case ' ', '\t':
		default:
			return false
		}
	}
	return true
}
