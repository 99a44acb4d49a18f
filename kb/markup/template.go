package markup

import "strings"

// maxTemplate bounds the search for the end of a template tag, in bytes.
const maxTemplate = 1 << 10

// A Template is one tag of YFM, Liquid or Jinja: {% name rest %}.
type Template struct {
	Name string
	Rest string // what stands behind the name, trimmed
	Len  int    // bytes, with the braces
}

// ParseTemplate reads the template tag that s begins with.
func ParseTemplate(s string) (Template, bool) {
	if !strings.HasPrefix(s, "{%") {
		return Template{}, false
	}
	end := strings.Index(s[:min(len(s), maxTemplate)], "%}")
	if end < 2 {
		return Template{}, false
	}
	inner := strings.Trim(s[2:end], "- \t\r\n")
	name, rest, _ := strings.Cut(inner, " ")
	return Template{Name: name, Rest: strings.TrimSpace(rest), Len: end + 2}, true
}

// Title returns the text a reader sees of t: the quoted title of a note or a
// cut, the name of a file.
func (t Template) Title() string {
	switch t.Name {
	case "note", "cut":
		return Quoted(t.Rest)
	case "tab":
		if _, after, ok := strings.Cut(t.Rest, "title="); ok {
			return Quoted(after)
		}
	case "file":
		if _, after, ok := strings.Cut(t.Rest, "name="); ok {
			return Quoted(after)
		}
	}
	return ""
}

// Quoted returns what stands in s between its first double quote and its last;
// "" if there are no two.
func Quoted(s string) string {
	i, j := strings.IndexByte(s, '"'), strings.LastIndexByte(s, '"')
	if i < 0 || i == j {
		return ""
	}
	return s[i+1 : j]
}

// Attributes returns the length of the block of attributes that s begins with,
// such as {#anchor}, {.class} or, where attached says that it follows a link or
// an image without a space, {width=100}; 0: none.
func Attributes(s string, attached bool) int {
	if len(s) < 3 || s[0] != '{' {
		return 0
	}
	end := strings.IndexAny(s[1:min(len(s), 512)], "{}\n")
	if end < 1 || s[1+end] != '}' {
		return 0
	}
	inner := strings.TrimSpace(s[1 : 1+end])
	if kramdown, ok := strings.CutPrefix(inner, ":"); ok {
		if inner = strings.TrimSpace(kramdown); inner != "" && (strings.ContainsAny(inner[:1], "#.") || strings.Contains(inner, "=")) {
			return end + 2
		}
		return 0
	}
	if inner == "" {
		return 0
	}
	switch {
	case inner == "selected" && strings.TrimLeft(s[end+2:min(len(s), end+64)], " \t\r") == "",
		inner == "selected" && strings.HasPrefix(strings.TrimLeft(s[end+2:], " \t\r"), "\n"):
		return end + 2 // of the tab that is open
	case (inner[0] == '#' || inner[0] == '.') && len(inner) > 1 && inner[1] != ' ' && inner[1] != '.':
		return end + 2
	case styled(inner):
		return end + 2
	case attached:
		key := 0
		for key < len(inner) && (inner[key] == '-' || inner[key] == '_' || inner[key] >= 'a' && inner[key] <= 'z') {
			key++
		}
		if key > 0 && key < len(inner) && (inner[key] == '=' || inner[key] == ' ' && strings.IndexByte(inner, '=') > 0) {
			return end + 2
		}
		// YFM knows a few attributes without a value, all of two words.
		if key == len(inner) && strings.IndexByte(inner, '-') > 0 {
			return end + 2
		}
	}
	return 0
}

// styled reports whether a block of attributes begins with one that can only be
// meant for the look of what stands before it.
func styled(inner string) bool {
	for _, key := range [...]string{"style=", "width=", "height=", "class=", "align=", "bgcolor=", "colspan=", "rowspan=", "target="} {
		if strings.HasPrefix(inner, key) {
			return true
		}
	}
	return false
}

// A Directive is the line that opens or closes an admonition of Docusaurus.
type Directive struct {
	Colons int
	Name   string // empty: the line closes one
	Title  string
}

// ParseDirective reads a line without its indent.
func ParseDirective(line string) (Directive, bool) {
	n := Run(line, ':')
	if n < 3 {
		return Directive{}, false
	}
	rest := strings.TrimSpace(line[n:])
	d := Directive{Colons: n}
	if rest == "" {
		return d, true
	}
	end := strings.IndexAny(rest, " \t[{")
	if end < 0 {
		end = len(rest)
	}
	d.Name, rest = rest[:end], strings.TrimSpace(rest[end:])
	if d.Name == "" {
		return Directive{}, false
	}
	switch {
	case strings.HasPrefix(rest, "["):
		if i := strings.LastIndexByte(rest, ']'); i > 0 {
			d.Title = rest[1:i]
		}
	case strings.HasPrefix(rest, "{"):
		if _, after, ok := strings.Cut(rest, "title="); ok {
			d.Title = Quoted(after)
		}
	default:
		d.Title = rest
	}
	return d, true
}

// Admonition reads a line of the form !!! note "Title", without its indent.
func Admonition(line string) (title string, ok bool) {
	line = strings.TrimRight(line, " \t\r\n")
	rest, found := strings.CutPrefix(line, "!!!")
	if !found {
		if rest, found = strings.CutPrefix(line, "???"); !found {
			return "", false
		}
		rest = strings.TrimPrefix(rest, "+")
	}
	if !strings.HasPrefix(rest, " ") {
		return "", false
	}
	rest = strings.TrimLeft(rest, " ")
	i := 0
	for i < len(rest) && (rest[i] >= 'a' && rest[i] <= 'z' || rest[i] == '-') {
		i++
	}
	rest, quoted := rest[i:], Quoted(rest[i:])
	if i == 0 || rest != "" && quoted == "" && rest != ` ""` {
		return "", false
	}
	return quoted, true
}

// Module reports whether line is an import or an export of MDX. It must begin
// in the first column.
func Module(line string) bool {
	line = strings.TrimRight(line, " \t\r\n")
	if rest, ok := strings.CutPrefix(line, "import "); ok {
		if strings.HasPrefix(rest, "'") || strings.HasPrefix(rest, `"`) {
			return true
		}
		if strings.HasPrefix(rest, "{") && !strings.Contains(rest, "}") {
			return true
		}
		return (strings.Contains(rest, " from '") || strings.Contains(rest, ` from "`)) &&
			(strings.HasSuffix(rest, ";") || strings.HasSuffix(rest, "'") || strings.HasSuffix(rest, `"`))
	}
	rest, ok := strings.CutPrefix(line, "export ")
	if !ok {
		return false
	}
	for _, word := range [...]string{"const ", "let ", "var ", "function ", "default ", "async ", "class ", "{"} {
		if strings.HasPrefix(rest, word) && strings.ContainsAny(rest, "={(;") {
			return true
		}
	}
	return false
}
