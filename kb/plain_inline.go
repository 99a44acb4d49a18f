package kb

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/whetstone-desk/whetstone/kb/markup"
)

// special reports the bytes at which running text may be more than text.
// 0xC2, 0xE2 and 0xEF begin the spaces and invisible characters of Unicode.
func special(c byte) bool {
	switch c {
	case '\n', '\r', '\\', '`', '*', '_', '~', '=', '+', '<', '&', '[', ']', '!', '{', ':', '@', 0xC2, 0xE2, 0xEF:
		return true
	}
	return false
}

// inline reads up to the end of the line.
func (p *plain) inline() {
	for p.i < len(p.in) {
		j := p.i
		for j < len(p.in) && !special(p.in[j]) {
			j++
		}
		p.out = append(p.out, p.in[p.i:j]...)
		p.i = j
		if j == len(p.in) {
			return
		}
		if p.in[j] == '\n' {
			p.out = append(p.out, '\n')
			p.i++
			return
		}
		if n := p.element(p.in[j:]); n > 0 {
			p.i += n
			continue
		}
		p.out = append(p.out, p.in[j])
		p.i++
	}
}

// element reads the inline element that s, the rest of the input, begins with
// and returns its length; 0: the byte is text.
func (p *plain) element(s string) int {
	switch s[0] {
	case '\r':
		return 1
	case '\\':
		return p.escape(s)
	case '`':
		return p.code(s)
	case '*':
		return p.stars(s)
	case '_', '~', '=', '+':
		return p.pair(s)
	case '<':
		return p.angle(s)
	case '&':
		return p.entity(s)
	case '[':
		return p.open(s)
	case ']':
		return p.close(s)
	case '!':
		if strings.HasPrefix(s, "![") {
			return 1
		}
	case '@':
		return p.video(s)
	case ':':
		return p.address(s)
	case '{':
		return p.brace(s)
	default:
		return p.invisible(s)
	}
	return 0
}

func (p *plain) escape(s string) int {
	if len(s) > 1 && (s[1] == '\n' || s[1] == '\r') {
		return 1
	}
	if len(s) > 1 && strings.IndexByte("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", s[1]) >= 0 {
		p.out = append(p.out, s[1])
		return 2
	}
	return 0
}

// code copies what stands between two equal runs of backticks.
func (p *plain) code(s string) int {
	n := markup.Run(s, '`')
	if n < len(p.ticks) && p.ticks[n] <= p.i {
		rest := s[n:]
		limit := max(0, p.paragraphEnd()-p.i-n)
		for at := 0; at < limit; {
			i := strings.IndexByte(rest[at:limit], '`')
			if i < 0 {
				break
			}
			at += i
			m := markup.Run(rest[at:], '`')
			if m == n {
				p.copyCode(rest[:at])
				return n + at + n
			}
			at += m
		}
		p.ticks[n] = p.i + n + limit
	}
	p.out = append(p.out, s[:n]...)
	return n
}

// paragraphEnd returns where the paragraph being read ends, at an empty line.
func (p *plain) paragraphEnd() int {
	if p.blank <= p.i {
		p.blank = len(p.in)
		if i := strings.Index(p.in[p.i:], "\n\n"); i >= 0 {
			p.blank = p.i + i + 1
		}
	}
	return p.blank
}

func (p *plain) copyCode(s string) {
	for i := range len(s) {
		if s[i] == '\n' {
			p.out = append(p.out, ' ')
		} else {
			p.out = append(p.out, s[i])
		}
	}
}

// before returns the byte read last, a space at the start.
func (p *plain) before() byte {
	if p.i == 0 {
		return ' '
	}
	return p.in[p.i-1]
}

// stars drops asterisks that touch a word. "2 * 3", "2*3" and a lone one stay.
func (p *plain) stars(s string) int {
	n := markup.Run(s, '*')
	prev, next := p.before(), byte(' ')
	if n < len(s) {
		next = s[n]
	}
	if space(prev) && space(next) || n == 1 && digit(prev) && digit(next) || n > 3 {
		p.out = append(p.out, s[:n]...)
	}
	return n
}

// pair drops the marks _, ~~, == and ++ where one opens before a word and
// another closes behind a word of the same paragraph.
func (p *plain) pair(s string) int {
	c := s[0]
	n := markup.Run(s, c)
	prev, next := p.before(), byte(' ')
	if n < len(s) {
		next = s[n]
	}
	at := len(p.out)
	p.out = append(p.out, s[:n]...)
	if c != '_' && n != 2 || n > 3 {
		return n
	}
	if !word(next) && !space(prev) {
		for k := len(p.marks) - 1; k >= 0; k-- {
			if m := p.marks[k]; m.char == c && m.n == n {
				for i := range n {
					p.out[m.at+i], p.out[at+i] = gone, gone
				}
				p.marks = p.marks[:k]
				return n
			}
		}
	}
	// More than a handful open at once is no emphasis but a row of marks.
	if !word(prev) && !space(next) && len(p.marks) < 16 {
		p.marks = append(p.marks, mark{c, n, at})
	}
	return n
}

func (p *plain) entity(s string) int {
	end := strings.IndexByte(s[:min(len(s), 34)], ';')
	if end < 2 {
		return 0
	}
	src := s[:end+1]
	text := html.UnescapeString(src)
	if text == src || len(text) > len(src) {
		return 0
	}
	if text == "\u00a0" || text == "\n" || text == "\r" {
		text = " "
	}
	p.out = append(p.out, text...)
	return end + 1
}

func (p *plain) open(s string) int {
	if strings.HasPrefix(s, "[^") {
		if end := strings.IndexAny(s[:min(len(s), 64)], "] \n"); end > 2 && s[end] == ']' {
			return end + 1
		}
	}
	if len(p.brackets) < 256 {
		p.brackets = append(p.brackets, len(p.out))
	}
	return 0
}

// close ends a link's text: it drops the brackets and the target. Brackets
// that no target follows stay.
func (p *plain) close(s string) int {
	if len(p.brackets) == 0 {
		return 0
	}
	from := p.brackets[len(p.brackets)-1]
	p.brackets = p.brackets[:len(p.brackets)-1]
	target, n := destination(s[1:])
	if n == 0 {
		if n = reference(s[1:]); n == 0 {
			return 0
		}
	}
	p.out[from] = gone
	if blankBytes(p.out[from+1:]) && strings.Contains(target, "://") {
		p.out = append(p.out, target...)
	}
	return 1 + n
}

func blankBytes(b []byte) bool {
	for _, c := range b {
		if c != gone && !space(c) {
			return false
		}
	}
	return true
}

// destination reads the target of a link in round brackets.
func destination(s string) (target string, n int) {
	if s == "" || s[0] != '(' {
		return "", 0
	}
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '(':
			// Bounded, so that no text is read more often than that.
			if depth++; depth > 8 {
				return "", 0
			}
		case ')':
			if depth--; depth == 0 {
				target, _, _ = strings.Cut(strings.TrimSpace(s[1:i]), " ")
				return target, i + 1
			}
		case '\n':
			if i+1 < len(s) && s[i+1] == '\n' || i > 1<<10 {
				return "", 0
			}
		}
	}
	return "", 0
}

// reference reads the name of a link's target in square brackets.
func reference(s string) int {
	if s == "" || s[0] != '[' {
		return 0
	}
	end := strings.IndexAny(s[1:min(len(s), 128)], "[]\n")
	if end < 0 || s[1+end] != ']' {
		return 0
	}
	return end + 2
}

// video drops an embedded video, written @[service](id).
func (p *plain) video(s string) int {
	if !strings.HasPrefix(s, "@[") {
		return 0
	}
	end := strings.IndexByte(s[:min(len(s), 64)], ']')
	if end < 0 {
		return 0
	}
	_, n := destination(s[end+1:])
	if n == 0 {
		return 0
	}
	return end + 1 + n
}

// address copies a bare address up to its end, for its marks are no markup.
func (p *plain) address(s string) int {
	if !strings.HasPrefix(s, "://") || !word(p.before()) {
		return 0
	}
	depth, n := 0, 3
	for n < len(s) {
		c := s[n]
		if c <= ' ' || strings.IndexByte("<>\"`|]\\{}", c) >= 0 || c == '*' && (n+1 == len(s) || !word(s[n+1])) {
			break
		}
		if c == '(' {
			depth++
		} else if c == ')' {
			if depth == 0 {
				break
			}
			depth--
		}
		n++
	}
	p.out = append(p.out, s[:n]...)
	return n
}

// invisible turns the spaces of Unicode into spaces and drops characters
// without width.
func (p *plain) invisible(s string) int {
	r, n := utf8.DecodeRuneInString(s)
	switch r {
	case '\u00ad', '\u200b', '\u2060', '\ufeff':
		return n
	case '\u2028', '\u2029':
		p.out = append(p.out, '\n')
		return n
	}
	if n > 1 && unicode.IsSpace(r) {
		p.out = append(p.out, ' ')
		return n
	}
	p.out = append(p.out, s[:n]...)
	return n
}

func space(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }
func digit(c byte) bool { return c >= '0' && c <= '9' }

// word reports whether c may be part of a word; every byte of a letter beyond
// ASCII may.
func word(c byte) bool {
	return c >= 0x80 || digit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
