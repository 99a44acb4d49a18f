package source

import (
	"regexp"
	"strings"

	"github.com/whetstone-desk/whetstone/kb/markup"
)

// angle reads a comment or a tag of HTML or JSX; another < is text.
func (p *inliner) angle(s string) (int, string) {
	if strings.HasPrefix(s, "<!--") {
		if n := p.past(s, "-->"); n > 0 {
			return n, ""
		}
		return 1, "<"
	}
	t, ok := markup.ParseTag(s)
	if !ok {
		if t, ok := p.custom(s); ok {
			return t.Len, p.inlined(t)
		}
		if i := strings.IndexAny(s[:min(len(s), 2<<10)], "> \n"); i > 0 && s[i] == '>' {
			return i + 1, s[:i+1] // an address; its braces and ticks are no markup
		}
		return 1, "<"
	}
	if t.JSX() {
		if p.i > 0 && letter(p.in[p.i-1]) && !t.Close && t.Attrs == "" && !t.Self {
			return 1, "<" // a type: Promise<Result>
		}
		return t.Len, p.component(t)
	}
	switch name := strings.ToLower(t.Name); name {
	case "script", "style", "head", "svg", "template", "iframe", "video", "audio", "canvas", "object":
		if t.Close || t.Self {
			return t.Len, ""
		}
		return t.Len + p.whole(s[t.Len:], t.Name), ""
	case "pre":
		n := t.Len
		if !t.Close && !t.Self {
			n += p.whole(s[t.Len:], t.Name)
		}
		return n, s[:n]
	case "table":
		if t.Close || t.Self {
			return t.Len, ""
		}
		n := t.Len + p.whole(s[t.Len:], t.Name)
		if n == t.Len {
			return n, p.boundary() // it does not end
		}
		md, err := toMarkdown(marked(s[:n]))
		if err != nil {
			p.note("a table of HTML cannot be read: " + err.Error())
			return n, ""
		}
		return n, "\n\n" + md + "\n\n"
	case "h1", "h2", "h3", "h4", "h5", "h6", "summary":
		return p.heading(s, t)
	case "a":
		return t.Len, p.link(t)
	case "img":
		return t.Len, image(t)
	case "div", "section", "details", "figure", "article", "main", "center":
		p.enclose(t)
		return t.Len, p.boundary()
	default:
		return t.Len, p.simple(name, t)
	}
}

// marked turns the Markdown that stands between the tags of a table into HTML,
// as those that publish such pages do: it is code, links and bold text.
func marked(src string) string {
	var b strings.Builder
	for src != "" {
		i := strings.IndexByte(src, '<')
		if i < 0 {
			i = len(src)
		}
		text := tableCode.ReplaceAllString(src[:i], "<code>$1</code>")
		text = tableLink.ReplaceAllString(text, `<a href="$2">$1</a>`)
		b.WriteString(tableBold.ReplaceAllString(text, "<b>$1</b>"))
		src = src[i:]
		n := strings.IndexByte(src, '>') + 1
		if n == 0 {
			n = len(src)
		}
		b.WriteString(src[:n])
		src = src[n:]
	}
	return b.String()
}

// The Markdown that is looked for in tables of HTML.
var (
	tableCode = regexp.MustCompile("`([^`\n]+)`")
	tableLink = regexp.MustCompile(`\[([^\[\]\n]+)\]\(([^()\s"]+)\)`)
	tableBold = regexp.MustCompile(`\*\*([^*\n]+)\*\*`)
)

func letter(c byte) bool {
	return c >= 0x80 || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// past returns the length of s up to and with mark; 0: it does not come.
func (p *inliner) past(s, mark string) int {
	if p.open[mark] {
		return 0
	}
	if i := strings.Index(s, mark); i >= 0 {
		return i + len(mark)
	}
	p.open[mark] = true
	return 0
}

// whole returns the length of an element's content and its end; where it does
// not end, 0. An element of the same name inside is counted.
func (p *inliner) whole(s, name string) int {
	depth := 1
	for at := 0; !p.open[name]; {
		i := strings.Index(s[at:], "</"+name)
		if i < 0 {
			break
		}
		depth += strings.Count(s[at:at+i], "<"+name)
		at += i
		t, ok := markup.ParseTag(s[at:])
		if !ok {
			break
		}
		at += t.Len
		if depth--; depth <= 0 {
			return at
		}
	}
	p.open[name] = true
	return 0
}

// enclose keeps account of the elements whose content is indented.
func (p *inliner) enclose(t markup.Tag) {
	switch {
	case t.Self:
	case !t.Close:
		p.boxes = append(p.boxes, -1)
	case len(p.boxes) > 0:
		p.boxes = p.boxes[:len(p.boxes)-1]
	}
}

// boundary parts what an element holds from what is around it.
func (p *inliner) boundary() string {
	if p.lineStart() {
		return ""
	}
	return "\n\n"
}

// component returns what is left of a component: the label of a tab, the title
// of anything else.
func (p *inliner) component(t markup.Tag) string {
	if t.Name == "TabItem" || t.Name == "Tabs" || !t.Self {
		p.enclose(t)
	}
	if t.Close {
		return p.boundary()
	}
	keys := []string{"label", "title", "summary"}
	if t.Name == "TabItem" || t.Name == "Tab" {
		keys = append(keys, "value")
	}
	for _, k := range keys {
		if v := strings.TrimSpace(t.Attr(k)); v != "" {
			if t.Self {
				return v
			}
			return "\n\n**" + v + "**\n\n"
		}
	}
	if t.Self {
		return ""
	}
	return p.boundary()
}

// inlined is component for an element that may stand within a sentence.
func (p *inliner) inlined(t markup.Tag) string {
	within := !p.lineStart()
	text := p.component(t)
	if within && strings.TrimSpace(text) == "" {
		return ""
	}
	return text
}

// heading reads a heading, or the summary of details, which may hold one.
func (p *inliner) heading(s string, t markup.Tag) (int, string) {
	end := strings.Index(s[:min(len(s), 4<<10)], "</"+t.Name)
	if end < t.Len || t.Close || t.Self {
		return t.Len, p.boundary()
	}
	inner := strings.TrimSpace(s[t.Len:end])
	level := 0
	if !t.Is("summary") {
		level = int(t.Name[1] - '0')
	} else if in, ok := markup.ParseTag(inner); ok && len(in.Name) == 2 && (in.Name[0] == 'h' || in.Name[0] == 'H') {
		level = int(in.Name[1] - '0')
	} else {
		level, _ = markup.Heading(inner)
	}
	text := line(strings.TrimLeft(inner, "# "))
	n := end
	if c, ok := markup.ParseTag(s[end:]); ok {
		n += c.Len
	}
	switch {
	case text == "":
		return n, p.boundary()
	case level < 1 || level > 6:
		return n, "\n\n**" + text + "**\n\n"
	}
	return n, "\n\n" + strings.Repeat("#", level) + " " + text + "\n\n"
}

// link turns the two tags of a link into the brackets of one.
func (p *inliner) link(t markup.Tag) string {
	if !t.Close {
		target := t.Attr("href")
		p.links = append(p.links, target)
		if target != "" && !t.Self {
			return "["
		}
		return ""
	}
	n := len(p.links)
	if n == 0 {
		return ""
	}
	target := p.links[n-1]
	p.links = p.links[:n-1]
	if target == "" {
		return ""
	}
	if strings.ContainsAny(target, " ()<>\n") {
		target = "<" + strings.NewReplacer("<", "%3C", ">", "%3E", "\n", "").Replace(target) + ">"
	}
	return "](" + target + ")"
}

// image returns an image as Markdown; without an address, its text.
func image(t markup.Tag) string {
	alt := strings.Join(strings.Fields(t.Attr("alt")), " ")
	src := t.Attr("src")
	if src == "" || strings.ContainsAny(src, " ()<>\n") || strings.HasPrefix(src, "data:") {
		return alt
	}
	return "![" + strings.NewReplacer("[", "(", "]", ")").Replace(alt) + "](" + src + ")"
}

// simple returns the Markdown for a tag that needs no account of others.
func (p *inliner) simple(name string, t markup.Tag) string {
	switch name {
	case "b", "strong":
		return "**"
	case "i", "em":
		return "*"
	case "s", "del", "strike":
		return "~~"
	case "code", "kbd", "samp", "tt":
		return "`"
	case "br":
		return "\n"
	case "hr":
		return "\n\n---\n\n"
	case "li":
		if t.Close {
			return ""
		}
		if p.lineStart() {
			return "- "
		}
		return "\n- "
	case "p", "ul", "ol", "dl", "tr", "dt", "dd", "blockquote", "header", "body", "html", "nav", "aside", "footer", "form":
		return p.boundary()
	case "td", "th":
		return " "
	}
	return ""
}
