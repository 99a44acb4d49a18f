package source

import (
	"strings"

	"github.com/whetstone-desk/whetstone/kb/markup"
)

// maxShortcode bounds the search for the end of a shortcode, in bytes.
const maxShortcode = 2 << 10

// shortcode reads a shortcode of Hugo, {{< name … >}} or {{% name … %}}, and
// returns its length and what a reader sees of it; 0: s begins with none.
func (p *inliner) shortcode(s string) (n int, text string) {
	end := "%}}"
	if strings.HasPrefix(s, "{{<") {
		end = ">}}"
	} else if !strings.HasPrefix(s, "{{%") {
		return 0, ""
	}
	i := strings.Index(s[:min(len(s), maxShortcode)], end)
	if i < 3 {
		return 0, ""
	}
	n = i + len(end)
	inner := strings.TrimSpace(s[3:i])
	if rest, ok := strings.CutPrefix(inner, "/*"); ok {
		// Written to be shown: {{</* name */>}}.
		return n, "`" + strings.ReplaceAll(s[:3]+" "+strings.TrimSpace(strings.TrimSuffix(rest, "*/"))+" "+end, "`", "'") + "`"
	}
	name, args, _ := strings.Cut(strings.TrimSuffix(inner, "/"), " ")
	switch {
	case strings.HasPrefix(name, "/"), name == "end":
		return n, p.boundary()
	case name == "ref" || name == "relref":
		return n, first(args)
	case name == "highlight":
		return p.highlight(s, n, end, args)
	}
	return n, p.shown(name, args)
}

// shown returns what a reader sees of a shortcode: a title or a label, or the
// text instead of a picture.
func (p *inliner) shown(name, args string) string {
	tag := markup.Tag{Name: name, Attrs: " " + args}
	for _, key := range [...]string{"title", "label", "header", "caption", "alt", "text"} {
		if v := strings.TrimSpace(tag.Attr(key)); v != "" {
			if name == "figure" || name == "img" || !p.lineStart() {
				return v
			}
			return "**" + unbold(v) + "**\n\n"
		}
	}
	switch name {
	case "tab", "note", "notice", "tip", "warning", "alert", "callout", "admonition", "details", "expand", "collapse", "hint":
		v := tag.Attr("name")
		if _, quoted, ok := strings.Cut(args, `"`); ok && !strings.Contains(args, "=") {
			v, _, _ = strings.Cut(quoted, `"`)
		}
		if v != "" {
			return p.boundary() + "**" + unbold(v) + "**\n\n"
		}
		return p.boundary()
	}
	return ""
}

// highlight turns a block of code in shortcodes into one in a fence.
func (p *inliner) highlight(s string, n int, end, args string) (int, string) {
	rest := s[n:]
	for _, closing := range [...]string{s[:3] + " /highlight " + end, s[:3] + "/highlight" + end} {
		if i := p.past(rest, closing) - len(closing); i >= 0 {
			lang, _, _ := strings.Cut(args, " ")
			fence := "```"
			for strings.Contains(rest[:i], fence) {
				fence += "`"
			}
			return n + i + len(closing), p.boundary() + fence + strings.Trim(lang, `"`) + "\n" + strings.Trim(rest[:i], "\n") + "\n" + fence + "\n"
		}
	}
	return n, ""
}

// first returns the first text in quotation marks, else the first word.
func first(args string) string {
	args = strings.TrimSpace(args)
	if rest, ok := strings.CutPrefix(args, `"`); ok {
		text, _, _ := strings.Cut(rest, `"`)
		return text
	}
	word, _, _ := strings.Cut(args, " ")
	return word
}
