package retrieval

import (
	"strings"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/markup"
)

// render returns a block as it is sent to a customer: without emphasis and
// tags, with lists and tables kept, and addresses behind the words they were
// linked from.
func render(b *block) string {
	switch b.kind {
	case list:
		return renderList(b.lines)
	case table:
		return renderTable(b.lines)
	case code:
		return strings.Join(b.lines, "\n")
	default:
		return readable(strings.Join(b.lines, "\n"))
	}
}

// readable is what a reader sees of Markdown, with the addresses of links.
func readable(markdown string) string { return kb.Plain(showTargets(markdown)) }

// showTargets writes [text](https://…) as text (https://…). Links within the
// knowledge base lead nowhere in a message, so their targets stay out.
func showTargets(s string) string {
	if !strings.Contains(s, "](") {
		return s
	}
	var b strings.Builder
	for {
		i := strings.Index(s, "](")
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		end := strings.IndexByte(s[i:], ')')
		open := strings.LastIndexByte(s[:i], '[')
		if end < 0 || open < 0 {
			b.WriteString(s[:i+2])
			s = s[i+2:]
			continue
		}
		target, _, _ := strings.Cut(s[i+2:i+end], " ")
		text := s[open+1 : i]
		image := open > 0 && s[open-1] == '!'
		outside := strings.HasPrefix(target, "http://") || strings.HasPrefix(target, "https://")
		if outside && !image && text != target {
			b.WriteString(s[:open] + text + " (" + target + ")")
		} else {
			b.WriteString(s[:i+end+1])
		}
		s = s[i+end+1:]
	}
}

// renderList writes the items of a list under each other, those of one within
// another indented by two blanks a level.
func renderList(lines []string) string {
	var out []string
	var levels []int // indents of the open levels
	for _, l := range lines {
		indent, n := markup.Indent(l)
		rest := l[n:]
		size := markup.Bullet(rest)
		if size == 0 {
			for _, dot := range [...]string{"• ", "· "} {
				if strings.HasPrefix(rest, dot) {
					size = len(dot)
				}
			}
		}
		text := strings.TrimSpace(readable(rest[size:]))
		if text == "" {
			continue
		}
		if size == 0 {
			out = append(out, strings.Repeat("  ", max(1, len(levels)))+text)
			continue
		}
		for len(levels) > 0 && indent < levels[len(levels)-1] {
			levels = levels[:len(levels)-1]
		}
		if len(levels) == 0 || indent > levels[len(levels)-1] {
			levels = append(levels, indent)
		}
		mark := strings.TrimSpace(rest[:size])
		if mark[0] < '0' || mark[0] > '9' {
			mark = "-"
		}
		out = append(out, strings.Repeat("  ", len(levels)-1)+mark+" "+text)
	}
	return strings.Join(out, "\n")
}

// renderTable writes the rows of a table as Markdown.
func renderTable(lines []string) string {
	var out []string
	for _, l := range lines {
		l = strings.TrimSpace(l)
		if markup.TableRule(l) {
			out = append(out, l)
			continue
		}
		cells := strings.Split(strings.Trim(l, "|"), "|")
		for i := range cells {
			cells[i] = strings.ReplaceAll(readable(strings.TrimSpace(cells[i])), "\n", " ")
		}
		out = append(out, "| "+strings.Join(cells, " | ")+" |")
	}
	return strings.Join(out, "\n")
}
