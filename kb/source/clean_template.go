package source

import (
	"bytes"
	"fmt"
	"path"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/markup"
)

const (
	maxIncludeDepth = 6   // includes within includes
	maxIncludes     = 200 // of one page, so that a few files cannot make a huge one
)

// brace reads a tag or a variable of a template, attributes or an expression of
// MDX; another { is text.
func (p *inliner) brace(s string) (int, string) {
	switch {
	case strings.HasPrefix(s, "{%"):
		if t, ok := markup.ParseTemplate(s); ok {
			return t.Len, p.template(t)
		}
	case strings.HasPrefix(s, "{{<"), strings.HasPrefix(s, "{{%"):
		if n, text := p.shortcode(s); n > 0 {
			return n, text
		}
	case strings.HasPrefix(s, "{{"):
		if end := strings.IndexAny(s[2:min(len(s), 256)], "}\n"); end >= 0 && strings.HasPrefix(s[2+end:], "}}") {
			return end + 4, p.variable(strings.TrimSpace(s[2 : 2+end]))
		}
	case strings.HasPrefix(s, "{/*"):
		if n := p.past(s, "*/}"); n > 0 {
			return n, ""
		}
	case strings.HasPrefix(s, `{" "}`), strings.HasPrefix(s, `{' '}`):
		return len(`{" "}`), " "
	default:
		before := byte(' ')
		if p.i > 0 {
			before = p.in[p.i-1]
		}
		attached := before != ' ' && before != '\t' || p.lineStart()
		if n := markup.Attributes(s, attached); n > 0 {
			// A heading and its anchor are often a space apart.
			p.out = trimSpaces(p.out)
			return n, ""
		}
		if n, text := colored(s); n > 0 {
			return n, text
		}
		if n := p.headingMark(s); n > 0 {
			p.out = trimSpaces(p.out)
			return n, ""
		}
		if p.mdx {
			if n, text := expression(s); n > 0 {
				return n, text
			}
		}
	}
	return 1, "{"
}

// headingMark returns the length of what ends a heading and can only be meant
// for an anchor, since it is written like one: {some-words}.
func (p *inliner) headingMark(s string) int {
	end := strings.IndexAny(s[:min(len(s), 128)], "}\n")
	if end < 0 || s[end] != '}' || strings.Trim(s[1:end], "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" || !strings.Contains(s[1:end], "-") {
		return 0
	}
	if rest, _, _ := strings.Cut(s[end+1:], "\n"); strings.TrimSpace(rest) != "" {
		return 0
	}
	from := strings.LastIndexByte(string(p.out[max(0, len(p.out)-1024):]), '\n')
	level, _ := markup.Heading(string(p.out[max(0, len(p.out)-1024)+from+1:]))
	if level == 0 {
		return 0
	}
	return end + 1
}

// trimSpaces takes spaces off the end of a line that has text.
func trimSpaces(b []byte) []byte {
	n := len(b)
	for n > 0 && b[n-1] == ' ' {
		n--
	}
	if n == 0 || b[n-1] == '\n' {
		return b
	}
	return b[:n]
}

// template returns what to write for a tag. Tags of blocks are left, each on a
// line of its own, for what reads blocks.
func (p *inliner) template(t markup.Template) string {
	switch t.Name {
	case "if", "elsif", "elseif", "elif", "else", "endif", "unless", "endunless":
		p.condition(t)
		return ""
	case "include":
		if p.hidden() {
			return ""
		}
		return p.include(t.Rest)
	case "note", "endnote", "cut", "endcut", "list", "endlist":
		tag := "{% " + strings.TrimSpace(t.Name+" "+t.Rest) + " %}\n"
		if p.lineStart() {
			return tag
		}
		return "\n" + tag
	}
	return t.Title()
}

// variable returns a variable's value. One that is not set leaves nothing, and
// a note.
func (p *inliner) variable(name string) string {
	// YFM writes not_var{{ name }} for the name itself.
	if out, ok := bytes.CutSuffix(p.out, []byte("not_var")); ok && !p.hidden() {
		p.out = out
		return "`{{ " + strings.ReplaceAll(name, "`", "'") + " }}`"
	}
	name, _, _ = strings.Cut(name, "|")
	name = strings.TrimSpace(name)
	if v, ok := lookup(p.vars, name); ok {
		if s := plain(v); s != "" {
			return s
		}
	}
	if !p.hidden() {
		p.note(fmt.Sprintf("variable %q has no value: left out", name))
	}
	return ""
}

// lookup finds a value by its name, the names of levels parted by full stops.
func lookup(vars map[string]any, name string) (any, bool) {
	if v, ok := vars[name]; ok {
		return v, true
	}
	head, rest, ok := strings.Cut(name, ".")
	if !ok {
		return nil, false
	}
	inner, ok := vars[head].(map[string]any)
	if !ok {
		return nil, false
	}
	return lookup(inner, rest)
}

// variables returns what the files presets.yaml of a folder and of those above
// it set for everyone; nearer ones win.
func (r *reader) variables(dir string) map[string]any {
	if vars, ok := r.presets[dir]; ok {
		return vars
	}
	vars := make(map[string]any)
	if dir != "." {
		for k, v := range r.variables(path.Dir(dir)) {
			vars[k] = v
		}
	}
	var file map[string]map[string]any
	if b, err := r.load(path.Join(dir, "presets.yaml"), 1<<20); err == nil && yaml.Unmarshal(b, &file) == nil {
		for k, v := range file["default"] {
			vars[k] = v
		}
	}
	r.presets[dir] = vars
	return vars
}

// include returns the text that an include names, cleaned. Includes are read
// within the folder only.
func (p *inliner) include(rest string) string {
	_, target, ok := strings.Cut(rest, "](")
	end := strings.LastIndexByte(target, ')')
	if !ok || end < 0 {
		p.note("an include without a file: left out")
		return ""
	}
	target, section, _ := strings.Cut(strings.TrimSpace(target[:end]), "#")
	name := path.Join(path.Dir(p.file), target)
	if target == "" {
		name = p.file
	}
	fail := func(reason string) string {
		p.note(fmt.Sprintf("include of %s: %s", target, reason))
		return ""
	}
	if p.depth >= maxIncludeDepth || p.includes >= maxIncludes {
		return fail("too many includes within one page")
	}
	if name == ".." || strings.HasPrefix(name, "../") || path.IsAbs(name) {
		return fail("leads out of the folder")
	}
	b, err := p.load(name, kb.MaxText)
	if err != nil {
		return fail(err.Error())
	}
	src, _, err := text(b)
	if err != nil {
		return fail(err.Error())
	}
	src = strings.ReplaceAll(src, "\r\n", "\n")
	_, n := markup.FrontMatter(src)
	src = src[n:]
	if section != "" {
		if src, ok = sectionOf(src, section); !ok {
			return fail("has no section #" + section)
		}
	}
	if strings.Contains(" "+rest, " notitle ") {
		_, src = titled("", src)
	}
	p.includes++
	p.depth++
	file := p.file
	p.file = name
	out := p.inline(src)
	p.file = file
	p.depth--
	return p.indented(strings.Trim(out, "\n"))
}

// indented gives every line but the first of text the indent of the line that
// is being written.
func (p *inliner) indented(text string) string {
	start := strings.LastIndexByte(string(p.out[max(0, len(p.out)-256):]), '\n')
	line := string(p.out[max(0, len(p.out)-256):])[start+1:]
	_, n := markup.Indent(line)
	if n == 0 || strings.TrimSpace(line) != "" {
		return text
	}
	return strings.ReplaceAll(text, "\n", "\n"+line[:n])
}

// sectionOf returns the part of a page under the heading with an anchor.
func sectionOf(src, anchor string) (string, bool) {
	var fence markup.Fence
	from, level := -1, 0
	at := 0
	for line := range strings.Lines(src) {
		bare := strings.TrimSpace(line)
		open := fence.Open()
		if open && fence.Closes(bare) {
			fence = markup.Fence{}
		} else if !open {
			fence, _ = markup.OpenFence(bare)
			if n, _ := markup.Heading(bare); n > 0 {
				switch {
				case from >= 0 && n <= level:
					return src[from:at], true
				case from < 0 && strings.Contains(bare, "{#"+anchor+"}"):
					from, level = at+len(line), n
				}
			}
		}
		at += len(line)
	}
	if from < 0 {
		return "", false
	}
	return src[from:], true
}
