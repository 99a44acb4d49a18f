package source

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/whetstone-desk/whetstone/kb/markup"
)

// Marks within a line that CommonMark does not have. Each function returns the
// length of what s begins with and the text to write for it; 0: it is text.

// extended reads the marks of YFM, MkDocs, VuePress and their like.
func (p *inliner) extended(s string) (n int, text string) {
	switch s[0] {
	case '^', '~':
		if s[0] == '^' && strings.HasPrefix(s, "^^") {
			return inserted(s)
		}
		return raised(s, p.in[:p.i])
	case '+':
		return keys(s, p.in[:p.i])
	case ':':
		return icon(s)
	case '@':
		return video(s)
	}
	return 0, ""
}

// raised reads ^2^ and ~2~ behind a word. Digits have letters of their own;
// other text stays as it is, parted from the word.
func raised(s, before string) (n int, text string) {
	last, _ := utf8.DecodeLastRuneInString(before)
	if !unicode.IsLetter(last) && !unicode.IsDigit(last) && last != ')' {
		return 0, ""
	}
	end := strings.IndexAny(s[1:min(len(s), 34)], string(s[0])+" \t\n`[]()<>{}|\\")
	if end < 1 || s[1+end] != s[0] || len(s) > end+2 && s[end+2] == s[0] {
		return 0, ""
	}
	inner := s[1 : 1+end]
	from, to := "0123456789+-=n", []rune("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼ⁿ")
	if s[0] == '~' {
		from, to = "0123456789+-=n", []rune("₀₁₂₃₄₅₆₇₈₉₊₋₌ₙ")
	}
	var b strings.Builder
	for _, c := range inner {
		i := strings.IndexRune(from, c)
		if i < 0 {
			return end + 2, " " + inner
		}
		b.WriteRune(to[i])
	}
	return end + 2, b.String()
}

// inserted reads ^^text^^.
func inserted(s string) (n int, text string) {
	line, _, _ := strings.Cut(s[2:min(len(s), 512)], "\n")
	end := strings.Index(line, "^^")
	if end < 1 || line[0] == ' ' || line[end-1] == ' ' {
		return 0, ""
	}
	return end + 4, line[:end]
}

// keys reads ++ctrl+alt+del++, and underlined words without a space.
func keys(s, before string) (n int, text string) {
	last, _ := utf8.DecodeLastRuneInString(before)
	if !strings.HasPrefix(s, "++") || unicode.IsLetter(last) || unicode.IsDigit(last) || last == '+' {
		return 0, ""
	}
	end := strings.IndexAny(s[2:min(len(s), 66)], " \t\n`()<>[]{}|;,=")
	if end < 0 {
		end = min(len(s), 66) - 2
	}
	inner := s[2 : 2+end]
	i := strings.LastIndex(inner, "++")
	if i < 1 || strings.HasPrefix(inner, "+") {
		return 0, ""
	}
	return i + 4, inner[:i]
}

// icon reads the name of a picture in MkDocs, as in :material-check:.
func icon(s string) (n int, text string) {
	for _, set := range [...]string{":material-", ":octicons-", ":fontawesome-", ":simple-", ":custom-"} {
		if !strings.HasPrefix(s, set) {
			continue
		}
		end := 1
		for end < min(len(s), 80) && (s[end] == '-' || s[end] >= '0' && s[end] <= '9' || s[end] >= 'a' && s[end] <= 'z') {
			end++
		}
		if end < len(s) && s[end] == ':' {
			return end + 1, ""
		}
	}
	return 0, ""
}

// video reads @[service](address), of which the address stays if it is one.
func video(s string) (n int, text string) {
	if !strings.HasPrefix(s, "@[") {
		return 0, ""
	}
	name := strings.IndexAny(s[2:min(len(s), 64)], "]\n")
	if name < 1 || !strings.HasPrefix(s[2+name:], "](") {
		return 0, ""
	}
	from := 2 + name + 2
	end := strings.IndexAny(s[from:min(len(s), from+1024)], ")\n")
	if end < 0 || s[from+end] != ')' {
		return 0, ""
	}
	target, _, _ := strings.Cut(strings.TrimSpace(s[from:from+end]), " ")
	if !strings.HasPrefix(target, "https://") && !strings.HasPrefix(target, "http://") {
		return from + end + 1, ""
	}
	return from + end + 1, "<" + target + ">"
}

// colored reads {red}(text), of which the text stays.
func colored(s string) (n int, text string) {
	for _, color := range [...]string{"gray", "yellow", "orange", "red", "green", "blue", "violet"} {
		from := len(color) + 3
		if !strings.HasPrefix(s, "{"+color+"}(") {
			continue
		}
		depth := 1
		for i := from; i < min(len(s), from+1024) && s[i] != '\n'; i++ {
			switch s[i] {
			case '(':
				depth++
			case ')':
				depth--
			}
			if depth == 0 {
				return i + 1, s[from:i]
			}
		}
	}
	return 0, ""
}

// expression reads an expression of MDX in braces, over lines if need be: what
// it comes to is not known here, but for a text in quotation marks.
func expression(s string) (n int, text string) {
	depth := 0
	for i := 0; i < min(len(s), 8<<10); i++ {
		switch c := s[i]; c {
		case '"', '\'', '`':
			end := strings.IndexByte(s[i+1:], c)
			if end < 0 {
				return 0, ""
			}
			i += end + 1
		case '{':
			if depth++; depth > 16 {
				return 0, ""
			}
		case '}':
			if depth--; depth > 0 {
				continue
			}
			inner := strings.TrimSpace(s[1:i])
			if k := len(inner); k >= 2 && strings.IndexByte("\"'`", inner[0]) >= 0 && strings.IndexByte(inner[1:], inner[0]) == k-2 {
				return i + 1, inner[1 : k-1]
			}
			return i + 1, ""
		}
	}
	return 0, ""
}

// leftOut reports whether a line without its indent means something to the
// program that publishes the page and nothing to its reader: the place of a
// table of contents, code from another file, the meaning of an abbreviation.
func leftOut(line string) bool {
	line = strings.TrimRight(line, " \t\r")
	switch strings.ToLower(line) {
	case "[toc]", "[[toc]]", "[[_toc_]]", "{:toc}", "<!--toc-->", "${toc}":
		return true
	}
	for _, mark := range [...]string{"--8<--", "-8<-", ";--8<--", "<<< @", "<<< ./", "<<< ../", "@[code", "[//]: #"} {
		if strings.HasPrefix(line, mark) {
			return true
		}
	}
	return strings.HasPrefix(line, "*[") && !strings.Contains(line, "](") && strings.Contains(line, "]:")
}

// custom reports whether an element that is none of HTML is a tag all the same
// and no words in angle brackets, such as <your-name>: it has attributes or an
// end of its own, or ends elsewhere in the page.
func (p *inliner) custom(s string) (t markup.Tag, ok bool) {
	t, ok = markup.ParseCustom(s)
	if !ok || t.Close && p.elements[t.Name] {
		return t, ok
	}
	if t.Self || strings.Contains(t.Attrs, "=\"") || strings.Contains(t.Attrs, "='") {
		return t, true
	}
	ends, known := p.elements[t.Name]
	if !known && len(p.elements) < 64 { // more names than that are none of a page's components
		ends = strings.Contains(p.in, "</"+t.Name+">") && strings.Contains(p.in, "<"+t.Name)
		p.elements[t.Name] = ends
	}
	return t, ends
}

// contents reports whether a line is the item that kramdown replaces by a table
// of contents, as the line below it says.
func contents(line, below string) bool {
	if m := markup.Bullet(line); m == 0 || !strings.EqualFold(strings.TrimSpace(line[m:]), "toc") {
		return false
	}
	return strings.HasPrefix(strings.TrimLeft(below, " "), "{:toc")
}
