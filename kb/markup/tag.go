package markup

import (
	"html"
	"strings"
)

// maxTag bounds the search for a tag's end, in bytes. The longest seen in real
// documentation is a component with a page of text in its attributes.
const maxTag = 8 << 10

// A Tag is one tag of HTML or JSX.
type Tag struct {
	Name  string // as written
	Close bool   // </name>
	Self  bool   // <name/>
	Attrs string // as written, between the name and the end
	Len   int    // bytes, with the angle brackets
}

// ParseTag reads the tag that s begins with. Known names of HTML and names of
// JSX components count as tags; "<5 %", "a <b" and "<your name>" do not.
func ParseTag(s string) (Tag, bool) { return parseTag(s, tagName) }

// ParseCustom reads what s begins with as the tag of an element that HTML does
// not have, such as code-group. Whether it is one the caller must find out:
// "<your-name>" reads the same.
func ParseCustom(s string) (Tag, bool) {
	return parseTag(s, func(name string) bool {
		return name != "" && len(name) <= 64 && name[0] >= 'a' && name[0] <= 'z' && !strings.ContainsAny(name, ":.") &&
			!element(name)
	})
}

func parseTag(s string, may func(name string) bool) (Tag, bool) {
	if len(s) < 3 || s[0] != '<' {
		return Tag{}, false
	}
	var t Tag
	i := 1
	if s[i] == '/' {
		t.Close = true
		i++
	}
	start := i
	for i < len(s) && nameByte(s[i]) {
		i++
	}
	t.Name = s[start:i]
	if !may(t.Name) || i == len(s) {
		return Tag{}, false
	}
	switch s[i] {
	case ' ', '\t', '\r', '\n', '/', '>':
	default:
		return Tag{}, false
	}
	end, ok := tagEnd(s[:min(len(s), maxTag)], i)
	if !ok {
		return Tag{}, false
	}
	t.Attrs = s[i : end-1]
	if strings.HasSuffix(t.Attrs, "/") {
		t.Self = true
		t.Attrs = t.Attrs[:len(t.Attrs)-1]
	}
	t.Len = end
	return t, true
}

// tagEnd returns the place behind the > that ends the tag whose attributes
// begin at i, minding quotes and the braces of JSX.
func tagEnd(s string, i int) (int, bool) {
	depth := 0
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\'' || c == '`' && depth > 0:
			j := strings.IndexByte(s[i+1:], c)
			if j < 0 {
				return 0, false
			}
			i += j + 1
		case c == '{':
			if depth++; depth > 16 {
				return 0, false
			}
		case c == '}':
			depth--
		case c == '<' && depth == 0:
			return 0, false
		case c == '>' && depth <= 0:
			return i + 1, true
		}
	}
	return 0, false
}

// JSX reports whether t is a component and not an element of HTML.
func (t Tag) JSX() bool { return t.Name[0] >= 'A' && t.Name[0] <= 'Z' && !allUpper(t.Name) }

// Is reports whether t is the HTML element name, given in lower case.
func (t Tag) Is(name string) bool { return strings.EqualFold(t.Name, name) }

// Attr returns the value of an attribute: what stands between the quotes, or
// the first quoted text inside the braces of JSX; "" where there is none.
func (t Tag) Attr(name string) string {
	s := t.Attrs
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case nameByte(c):
			start := i
			for i < len(s) && nameByte(s[i]) {
				i++
			}
			key := s[start:i]
			j := i
			for j < len(s) && (s[j] == ' ' || s[j] == '\n' || s[j] == '\t') {
				j++
			}
			if j == len(s) || s[j] != '=' {
				continue
			}
			value, n := attrValue(s[j+1:])
			i = j + 1 + n
			if strings.EqualFold(key, name) {
				return html.UnescapeString(value)
			}
		case c == '{':
			_, n := braced(s[i:])
			i += n
		default:
			i++
		}
	}
	return ""
}

// attrValue reads what stands behind an equals sign.
func attrValue(s string) (value string, n int) {
	trimmed := strings.TrimLeft(s, " \t\r\n")
	n = len(s) - len(trimmed)
	if trimmed == "" {
		return "", n
	}
	switch c := trimmed[0]; c {
	case '"', '\'':
		if end := strings.IndexByte(trimmed[1:], c); end >= 0 {
			return trimmed[1 : 1+end], n + end + 2
		}
		return "", len(s)
	case '{':
		v, m := braced(trimmed)
		return v, n + m
	}
	end := strings.IndexAny(trimmed, " \t\r\n")
	if end < 0 {
		end = len(trimmed)
	}
	return trimmed[:end], n + end
}

// braced reads an expression in braces and returns the first text quoted in it.
func braced(s string) (value string, n int) {
	depth, found := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return value, i + 1
			}
		case '"', '\'', '`':
			end := strings.IndexByte(s[i+1:], c)
			if end < 0 {
				return value, len(s)
			}
			if !found {
				value, found = s[i+1:i+1+end], true
			}
			i += end + 1
		}
	}
	return value, len(s)
}

func nameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.' || c == ':'
}

// tagName reports whether name may be a tag's: a word of HTML, or a component
// in the spelling of JSX (Tabs, Tabs.Item).
func tagName(name string) bool {
	if name == "" || len(name) > 64 {
		return false
	}
	if c := name[0]; c >= 'A' && c <= 'Z' && !allUpper(name) {
		return strings.IndexByte(name, '_') < 0 && strings.IndexByte(name, '-') < 0
	}
	if len(name) > len("blockquote") {
		return false
	}
	return element(strings.ToLower(name))
}

func allUpper(name string) bool {
	for i := range len(name) {
		if name[i] >= 'a' && name[i] <= 'z' {
			return false
		}
	}
	return true
}

// element reports whether name is an element of HTML that occurs in pages.
func element(name string) bool {
	switch name {
	case "a", "abbr", "address", "article", "aside", "audio", "b", "big", "br", "blockquote", "body", "button", "canvas", "caption",
		"center", "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "dialog", "div", "dl", "dt", "em",
		"embed", "fieldset", "figcaption", "figure", "font", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
		"head", "header", "hr", "html", "i", "iframe", "img", "input", "ins", "kbd", "label", "legend", "li", "link",
		"main", "map", "mark", "meta", "nav", "noscript", "object", "ol", "optgroup", "option", "p", "param", "picture",
		"path", "pre", "q", "rp", "rt", "ruby", "s", "samp", "script", "section", "select", "small", "source", "span",
		"strike", "strong", "style", "sub", "summary", "sup", "svg", "table", "tbody", "td", "template", "textarea",
		"tfoot", "th", "thead", "time", "title", "tr", "tt", "u", "ul", "var", "video", "wbr":
		return true
	}
	return false
}
