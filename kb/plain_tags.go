package kb

import (
	"bytes"
	"strings"

	"github.com/whetstone-desk/whetstone/kb/markup"
)

// angle reads what begins with <: a comment, an address, a tag.
func (p *plain) angle(s string) int {
	switch {
	case strings.HasPrefix(s, "<!--"):
		return p.comment(s)
	case strings.HasPrefix(s, "<!"), strings.HasPrefix(s, "<?"):
		if end := strings.IndexAny(s[1:min(len(s), 512)], "<>\n"); end > 0 && s[1+end] == '>' && len(s) > 2 && word(s[2]) {
			return end + 2
		}
		return 0
	}
	if t, ok := markup.ParseTag(s); ok {
		// Type parameters, as in Promise<Result>, are text.
		if t.JSX() && word(p.before()) && !t.Close && t.Attrs == "" && !t.Self {
			return 0
		}
		return p.tag(s, t)
	}
	if end := strings.IndexAny(s[1:min(len(s), 2<<10)], "<> \n"); end > 0 && s[1+end] == '>' {
		inner := s[1 : 1+end]
		if strings.Contains(inner, "://") || strings.IndexByte(inner, '@') > 0 || strings.HasPrefix(inner, "mailto:") {
			p.out = append(p.out, inner...)
			return end + 2
		}
	}
	return 0
}

func (p *plain) comment(s string) int {
	if !p.noComment {
		if end := strings.Index(s[4:], "-->"); end >= 0 {
			return 4 + end + 3
		}
		p.noComment = true
	}
	return 4
}

// tag reads a tag: a space or a line end where it parts words, and what a
// reader sees of its attributes.
func (p *plain) tag(s string, t markup.Tag) int {
	name := strings.ToLower(t.Name)
	n := t.Len
	if (name == "script" || name == "style") && !t.Close && !t.Self && !p.noScript {
		end := strings.Index(s[n:], "</"+t.Name)
		if end >= 0 {
			n += end
			if c, ok := markup.ParseTag(s[n:]); ok {
				n += c.Len
			}
			p.out = append(p.out, '\n')
			return n
		}
		p.noScript = true
	}
	switch {
	case t.JSX():
		p.out = append(p.out, ' ')
	case name == "td" || name == "th":
		p.out = append(p.out, ' ')
	case parts(name):
		p.out = append(p.out, '\n')
	}
	if t.Close {
		return n
	}
	if text := label(t); text != "" && len(text)+2 < t.Len {
		p.out = append(append(p.out, text...), ' ')
	}
	return n
}

// label returns the text of a tag that a reader sees.
func label(t markup.Tag) string {
	if t.Is("img") {
		return t.Attr("alt")
	}
	if !t.JSX() {
		return ""
	}
	for _, key := range [...]string{"label", "title", "summary", "alt"} {
		if v := t.Attr(key); v != "" {
			return v
		}
	}
	return ""
}

// parts reports whether an element of HTML parts one line from the next.
func parts(name string) bool {
	switch name {
	case "a", "abbr", "b", "big", "cite", "code", "del", "dfn", "em", "font", "i", "img", "ins", "kbd", "mark", "q",
		"s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "label":
		return false
	}
	return true
}

// brace reads what begins with {: tags and variables of templates, attributes,
// expressions of MDX. Other braces are text.
func (p *plain) brace(s string) int {
	if len(s) < 3 {
		return 0
	}
	switch s[1] {
	case '%':
		if t, ok := markup.ParseTemplate(s); ok {
			p.title(t.Title())
			return t.Len
		}
		return 0
	case '{':
		if end := strings.IndexAny(s[2:min(len(s), 256)], "}\n"); end >= 0 && strings.HasPrefix(s[2+end:], "}}") {
			// YFM writes not_var{{ name }} for the name itself.
			if out, found := bytes.CutSuffix(p.out, []byte("not_var")); found {
				p.out = append(out, s[2:2+end]...)
			}
			return end + 4
		}
		return 0
	case '/':
		if strings.HasPrefix(s, "{/*") {
			if end := strings.Index(s[:min(len(s), 4<<10)], "*/}"); end > 0 {
				return end + 3
			}
		}
		return 0
	case ' ', '"', '\'':
		for _, blank := range [...]string{`{" "}`, `{' '}`} {
			if strings.HasPrefix(s, blank) {
				p.out = append(p.out, ' ')
				return len(blank)
			}
		}
		return 0
	}
	if n := markup.Attributes(s, !space(p.before())); n > 0 {
		return n
	}
	for _, color := range [...]string{"{gray}(", "{yellow}(", "{orange}(", "{red}(", "{green}(", "{blue}(", "{violet}("} {
		if strings.HasPrefix(s, color) {
			return len(color) - 1
		}
	}
	return 0
}
