package markup

import "strings"

// Indent returns the width of line's leading white space in columns, a tab
// reaching to the next multiple of four, and how many bytes it takes.
func Indent(line string) (columns, bytes int) {
	for bytes < len(line) {
		switch line[bytes] {
		case ' ':
			columns++
		case '\t':
			columns += 4 - columns%4
		default:
			return columns, bytes
		}
		bytes++
	}
	return columns, bytes
}

// A Fence is the marker that opened a block of code. The zero Fence is none.
type Fence struct {
	char byte
	n    int
}

// OpenFence reports whether a line without its indent opens a block of code.
func OpenFence(line string) (Fence, bool) {
	if len(line) < 3 || line[0] != '`' && line[0] != '~' {
		return Fence{}, false
	}
	n := Run(line, line[0])
	if n < 3 || line[0] == '`' && strings.IndexByte(line[n:], '`') >= 0 {
		return Fence{}, false
	}
	return Fence{line[0], n}, true
}

// Open reports whether f is a fence at all.
func (f Fence) Open() bool { return f.n > 0 }

// Closes reports whether a line without its indent closes f. Nothing closes the
// zero Fence.
func (f Fence) Closes(line string) bool {
	if f.n == 0 || len(line) < f.n || line[0] != f.char {
		return false
	}
	n := Run(line, f.char)
	return n >= f.n && strings.TrimSpace(line[n:]) == ""
}

// Run returns how many bytes c line begins with.
func Run(line string, c byte) int {
	n := 0
	for n < len(line) && line[n] == c {
		n++
	}
	return n
}

// Heading returns the level, from 1 to 6, of an ATX heading and its text, or
// level 0 for another line. The line comes without its indent.
func Heading(line string) (level int, text string) {
	n := Run(line, '#')
	if n == 0 || n > 6 {
		return 0, ""
	}
	if n < len(line) && line[n] != ' ' && line[n] != '\t' && line[n] != '\r' && line[n] != '\n' {
		return 0, ""
	}
	text = strings.TrimSpace(line[n:])
	if t := strings.TrimRight(text, "#"); t == "" || t[len(t)-1] == ' ' || t[len(t)-1] == '\t' {
		text = strings.TrimSpace(t)
	}
	return n, text
}

// Bullet returns the length of the list marker, with the space behind it, that
// line begins with after its indent; 0: none. Rules such as "* * *" are none.
func Bullet(line string) int {
	if line == "" {
		return 0
	}
	n := 0
	switch c := line[0]; {
	case c == '-' || c == '*' || c == '+':
		if Rule(line) {
			return 0
		}
		n = 1
	case c >= '0' && c <= '9':
		for n < len(line) && n < 9 && line[n] >= '0' && line[n] <= '9' {
			n++
		}
		if n == len(line) || line[n] != '.' && line[n] != ')' {
			return 0
		}
		n++
	default:
		return 0
	}
	switch {
	case n == len(line) || line[n] == '\n' || line[n] == '\r':
		return n
	case line[n] == ' ' || line[n] == '\t':
		return n + 1
	}
	return 0
}

// Rule reports whether line draws a horizontal rule.
func Rule(line string) bool {
	if line == "" || line[0] != '-' && line[0] != '*' && line[0] != '_' {
		return false
	}
	n := 0
	for i := range len(line) {
		switch line[i] {
		case line[0]:
			n++
		case ' ', '\t', '\r', '\n':
		default:
			return false
		}
	}
	return n >= 3
}

// Underline returns the level of the heading that line, written under one line
// of text, makes of it: 1 for a row of =, 2 for a row of -, else 0.
func Underline(line string) int {
	line = strings.TrimRight(line, " \t\r\n")
	if len(line) < 2 || Run(line, line[0]) != len(line) {
		return 0
	}
	switch line[0] {
	case '=':
		return 1
	case '-':
		return 2
	}
	return 0
}

// TableRule reports whether line is the one between a table's head and body.
func TableRule(line string) bool {
	dash, pipe := false, false
	for i := range len(line) {
		switch line[i] {
		case '-':
			dash = true
		case '|':
			pipe = true
		case ':', ' ', '\t', '\r', '\n':
		default:
			return false
		}
	}
	return dash && pipe
}

// FrontMatter returns the YAML that s begins with, and the length of it with
// the two lines around it; 0: none. Text between two rules that does not look
// like YAML is none. TOML, which stands between two lines of +++, is returned
// as YAML as far as it is plain settings.
func FrontMatter(s string) (yaml string, length int) {
	first, rest, ok := strings.Cut(s, "\n")
	if ok && strings.TrimRight(first, " \t\r") == "+++" {
		return toml(s, len(s)-len(rest))
	}
	if !ok || strings.TrimRight(first, " \t\r") != "---" {
		return "", 0
	}
	start := len(s) - len(rest)
	for at := start; at < len(s); {
		end := len(s)
		if i := strings.IndexByte(s[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		line := strings.TrimRight(s[at:end], " \t\r\n")
		switch {
		case line == "---" || line == "...":
			return s[start:at], end
		case at == start && !yamlLine(line) || at-start > 64<<10:
			return "", 0
		}
		at = end
	}
	return "", 0
}

// toml reads settings written in TOML, from start to the line that ends them.
func toml(s string, start int) (yaml string, length int) {
	var b strings.Builder
	table := false
	for at := start; at < len(s) && at-start <= 64<<10; {
		end := len(s)
		if i := strings.IndexByte(s[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		line := strings.TrimSpace(s[at:end])
		key, value, setting := strings.Cut(line, "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		switch {
		case line == "+++":
			return b.String(), end
		case at == start && !setting && line != "" && line[0] != '#' && line[0] != '[':
			return "", 0
		case strings.HasPrefix(line, "["):
			table = true // what a table holds is of no use to a document
		case setting && !table && strings.Trim(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == "" &&
			(!strings.HasPrefix(value, "[") || strings.HasSuffix(value, "]")):
			b.WriteString(key + ": " + value + "\n")
		}
		at = end
	}
	return "", 0
}

// yamlLine reports whether line may begin front matter: a key, a comment, or
// nothing.
func yamlLine(line string) bool {
	if line == "" || line[0] == '#' {
		return true
	}
	i := strings.IndexByte(line, ':')
	return i > 0 && i < 64 && (i+1 == len(line) || line[i+1] == ' ') && !strings.ContainsAny(line[:i], "[]{}()*`")
}
