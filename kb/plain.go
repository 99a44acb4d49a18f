package kb

import (
	"strings"

	"github.com/whetstone-desk/whetstone/kb/markup"
)

// Plain returns the text a reader sees of Markdown: what is indexed, embedded
// and compared. Marks of emphasis, links' targets, tags of HTML and JSX,
// comments, front matter and the markup of YFM, Docusaurus and MkDocs are left
// out; link texts, alt texts, titles of notes, labels of tabs, code and bare
// addresses are kept. Entities are decoded and non-breaking spaces are spaces.
//
// Every item of a list becomes a line that begins with "- ", a row of a table
// stays one line, and paragraphs stay apart by an empty line.
//
// The result is never longer than markdown, and takes time linear in it.
func Plain(markdown string) string {
	p := plain{in: strings.TrimPrefix(markdown, "\ufeff")}
	p.out = make([]byte, 0, len(p.in))
	_, p.i = markup.FrontMatter(p.in)
	for p.i < len(p.in) {
		p.line()
	}
	return tidy(p.out)
}

// gone stands in the output for a byte that turned out to be markup after it
// had been written. No control character of the input survives tidy.
const gone = 0x01

// A plain is one run of Plain.
type plain struct {
	in       string
	i        int // the next byte of in to read
	out      []byte
	fence    markup.Fence
	brackets []int  // where in out a [ without its ] stands
	marks    []mark // emphasis that has been opened

	// What is known not to come any more, so that no text is searched for it
	// twice.
	noComment, noScript bool
	ticks               [32]int // for each length of a run of backticks, up to where none closes
	blank               int     // the end of the paragraph that code was last looked for in
}

// A mark is a run of marks that may turn out to be emphasis.
type mark struct {
	char byte
	n    int
	at   int // in out
}

// line reads one line, and what of the next ones an inline element of it
// reaches into.
func (p *plain) line() {
	end := len(p.in)
	if j := strings.IndexByte(p.in[p.i:], '\n'); j >= 0 {
		end = p.i + j
	}
	start := p.i
	at := start + quoteMarks(p.in[start:end])
	_, n := markup.Indent(p.in[at:end])
	at += n
	line := strings.TrimSuffix(p.in[at:end], "\r")
	next := min(end+1, len(p.in))

	switch {
	case p.fence.Open():
		if p.fence.Closes(line) {
			p.fence = markup.Fence{}
		} else {
			p.out = append(p.out, p.in[at-n:at]...)
			p.out = append(append(p.out, line...), '\n')
		}
		p.i = next
		return
	case strings.TrimSpace(line) == "":
		p.paragraph()
		p.out = append(p.out, '\n')
		p.i = next
		return
	}
	if title, ok := p.block(line, at == start); ok {
		p.paragraph()
		if title != "" {
			p.title(title)
			p.out = append(p.out, '\n')
		}
		p.i = next
		return
	}
	p.content(at, line)
}

// title writes the title of a block, which is Markdown again.
func (p *plain) title(text string) {
	// Bounded, so that titles within titles cannot cost more than their length.
	if text != "" && len(text) < 512 {
		text = Plain("# " + text)
	}
	p.out = append(p.out, text...)
}

// block reads a line that is markup as a whole, and returns the title in it.
// atMargin says that the line has no indent.
func (p *plain) block(line string, atMargin bool) (title string, ok bool) {
	switch line[0] {
	case '`', '~':
		if f, open := markup.OpenFence(line); open {
			p.fence = f
			return "", true
		}
	case '=':
		return "", markup.Underline(line) > 0
	case '-', '*', '_':
		return "", markup.Rule(line) || markup.Underline(line) > 0 || markup.TableRule(line)
	case '|', ':':
		if d, found := markup.ParseDirective(line); found {
			return d.Title, true
		}
		return "", markup.TableRule(line) || strings.TrimSpace(line) == "|#"
	case '#':
		return "", strings.TrimSpace(line) == "#|"
	case '!', '?':
		return markup.Admonition(line)
	case 'i', 'e':
		return "", atMargin && markup.Module(line)
	case '{':
		// The tag of a tab list or of an include stands alone; so do the
		// attributes of a table.
		return "", markup.Attributes(line, true) == len(strings.TrimRight(line, " \t"))
	case '[':
		return "", definition(line)
	}
	return "", false
}

// definition reports whether line gives the target of a link, as in
// "[name]: https://…", or is a comment written in that form.
func definition(line string) bool {
	i := strings.Index(line[:min(len(line), 256)], "]:")
	if i < 2 || line[1] == '^' || line[1] == '*' {
		return false
	}
	target, _, _ := strings.Cut(strings.TrimSpace(line[i+2:]), " ")
	return target == "#" || strings.Contains(target, "://") || strings.ContainsAny(target, "/#<") && !strings.HasSuffix(target, ".")
}

// content reads a line that a reader sees something of: it takes the marks of
// headings, lists and tables off its two ends.
func (p *plain) content(at int, line string) {
	if level, _ := markup.Heading(line); level > 0 {
		p.paragraph()
		p.i = at + level
		from := len(p.out)
		p.inline()
		p.out = trimHashes(p.out, from)
		return
	}
	if n := markup.Bullet(line); n > 0 {
		p.out = append(p.out, '-')
		if n > 1 {
			p.out = append(p.out, ' ')
		}
		at, line = at+n, line[n:]
		for _, box := range [...]string{"[ ] ", "[x] ", "[X] "} {
			if strings.HasPrefix(line, box) {
				at, line = at+len(box), line[len(box):]
			}
		}
		// A list item may be a heading, another item or the first line of a
		// block of code.
		_, n := markup.Indent(line)
		at, line = at+n, line[n:]
		if f, ok := markup.OpenFence(line); ok {
			p.fence = f
			p.i = min(at+len(line)+1, len(p.in))
			return
		}
	}
	row := strings.HasPrefix(line, "|")
	at += markup.Run(line, '|')
	for _, alert := range [...]string{"[!NOTE]", "[!TIP]", "[!IMPORTANT]", "[!WARNING]", "[!CAUTION]"} {
		if strings.HasPrefix(line, alert) {
			at += len(alert)
		}
	}
	if strings.HasPrefix(line, ":  ") || strings.HasPrefix(line, ": ") {
		at++
	}
	if strings.HasPrefix(line, "[^") || strings.HasPrefix(line, "[*") {
		if i := strings.Index(line[:min(len(line), 128)], "]:"); i > 2 {
			at += i + 2
		}
	}
	p.i = at
	from := len(p.out)
	p.inline()
	if row {
		p.out = trimPipes(p.out, from)
	}
}

// paragraph forgets emphasis and brackets left open: they do not reach beyond.
func (p *plain) paragraph() {
	p.brackets = p.brackets[:0]
	p.marks = p.marks[:0]
}

// quoteMarks returns the length of the marks of a block quote that line begins
// with. "> 5 %" with a digit behind is a comparison.
func quoteMarks(line string) int {
	n := 0
	for {
		_, w := markup.Indent(line[n:])
		if n+w == len(line) || line[n+w] != '>' {
			return n
		}
		after := n + w + 1
		if after < len(line) && line[after] >= '0' && line[after] <= '9' {
			return n
		}
		if after+1 < len(line) && line[after] == ' ' && n == 0 && line[after+1] >= '0' && line[after+1] <= '9' &&
			markup.Bullet(line[after+1:]) == 0 {
			return n
		}
		n = after
		if n < len(line) && line[n] == ' ' {
			n++
		}
	}
}

// trimHashes takes the closing marks of a heading off out's end.
func trimHashes(out []byte, from int) []byte {
	end := len(out)
	for end > from && (out[end-1] == '\n' || out[end-1] == ' ') {
		end--
	}
	i := end
	for i > from && out[i-1] == '#' {
		i--
	}
	if i == end || i > from && out[i-1] != ' ' {
		return out
	}
	return append(out[:i], '\n')
}

// trimPipes takes the marks that end a row of a table off out's end.
func trimPipes(out []byte, from int) []byte {
	end := len(out)
	for end > from && (out[end-1] == '\n' || out[end-1] == ' ') {
		end--
	}
	i := end
	for i > from && out[i-1] == '|' {
		i--
	}
	if strings.Trim(string(out[from:i]), "| ") == "" {
		return append(out[:from], '\n') // a head without names
	}
	if i == end {
		return out
	}
	return append(out[:i], '\n')
}

// tidy drops what is gone, joins spaces, keeps at most one empty line in a row
// and trims the ends.
func tidy(b []byte) string {
	out := b[:0]
	lines, space := 2, false // line ends since the last text; whether a space is due
	for _, c := range b {
		switch {
		case c == '\n':
			if lines < 2 {
				out = append(out, '\n')
			}
			lines++
			space = false
		case c == ' ' || c == '\t':
			space = true
		case c < 0x20 || c == 0x7f:
		default:
			if space && lines == 0 {
				out = append(out, ' ')
			}
			lines, space = 0, false
			out = append(out, c)
		}
	}
	for len(out) > 0 && out[len(out)-1] == '\n' {
		out = out[:len(out)-1]
	}
	return string(out)
}
