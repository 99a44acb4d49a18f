package kb

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/whetstone-desk/whetstone/kb/markup"
)

// A Span is a part of a text, in bytes: text[Start:End].
type Span struct{ Start, End int }

// wrapped is how long a line has to be, in bytes, for the next one to count as
// its continuation: text that was wrapped fills its lines.
const wrapped = 48

// Sentences cuts text, Russian or English, plain or Markdown, into sentences,
// in order and without the white space around them. Everything but white space
// is in one of them.
//
// A sentence ends at . ! ? … and their like, unless the full stop belongs to an
// abbreviation, an initial, a number or an address. Items of lists, headings,
// rows of tables and paragraphs begin anew; so does a line, unless it goes on
// with what a long line before it has begun.
func Sentences(text string) []Span {
	s := sentences{text: text}
	for i := 0; i < len(text); {
		switch text[i] {
		case '.', '!', '?', '\n':
			i = s.stop(i)
		case 0xD8, 0xE2, 0xE3, 0xEF: // what ؟ … 。 ！ ？ begin with
			if r, n := utf8.DecodeRuneInString(text[i:]); terminal(r) {
				i = s.stop(i)
			} else {
				i += n
			}
		default:
			i++
		}
	}
	s.cut(len(text))
	return s.spans
}

type sentences struct {
	text  string
	start int // of the sentence being read
	line  int // start of the line being read
	spans []Span
}

// cut ends the sentence at end.
func (s *sentences) cut(end int) {
	part := s.text[s.start:end]
	left := strings.TrimLeftFunc(part, unicode.IsSpace)
	if right := strings.TrimRightFunc(left, unicode.IsSpace); right != "" {
		start := s.start + len(part) - len(left)
		s.spans = append(s.spans, Span{start, start + len(right)})
	}
	s.start = end
}

// stop looks at the mark at i, cuts if a sentence ends there and returns where
// to read on.
func (s *sentences) stop(i int) int {
	if s.text[i] == '\n' {
		if s.lineEnds(i) {
			s.cut(i + 1)
		}
		s.line = i + 1
		return i + 1
	}
	end, strong := i, false
	for end < len(s.text) {
		r, n := utf8.DecodeRuneInString(s.text[end:])
		if !terminal(r) {
			break
		}
		strong = strong || r != '.'
		end += n
	}
	closed := end
	for closed < len(s.text) {
		r, n := utf8.DecodeRuneInString(s.text[closed:])
		if !strings.ContainsRune("»”\"’')]*_", r) {
			break
		}
		closed += n
	}
	if s.ends(i, end, closed, strong) {
		s.cut(closed)
	}
	return closed
}

// ends reports whether a sentence ends with the marks from i to end, behind
// which closing quotes reach to closed.
func (s *sentences) ends(i, end, closed int, strong bool) bool {
	if closed == len(s.text) {
		return true
	}
	next, n := utf8.DecodeRuneInString(s.text[closed:])
	if !unicode.IsSpace(next) {
		last, _ := utf8.DecodeLastRuneInString(s.text[:end])
		if last == '。' || last == '！' || last == '？' {
			return true
		}
		// A space forgotten: "…оплачен.Когда придёт?"
		prev, _ := utf8.DecodeLastRuneInString(s.text[:i])
		return cyrillic(prev) && unicode.IsLower(prev) && unicode.IsUpper(next) && cyrillic(next) && len(s.before(i)) > 4
	}
	after := closed + n
	for after < len(s.text) {
		r, m := utf8.DecodeRuneInString(s.text[after:])
		if r == '\n' {
			return true // lineEnds would say so
		}
		if !unicode.IsSpace(r) && !strings.ContainsRune("«“\"'([*_—–-", r) {
			next = r
			break
		}
		after += m
	}
	if next == '\n' {
		return true
	}
	lower := unicode.IsLower(next)
	if end-i >= 3 || s.text[i] >= 0x80 { // an ellipsis
		return !lower
	}
	if strong {
		return !lower || closed == end
	}
	return s.fullStop(i, lower, unicode.IsDigit(next))
}

// fullStop reports whether the full stop at i ends a sentence, the next one
// beginning with a small letter or a digit.
func (s *sentences) fullStop(i int, lower, number bool) bool {
	token := s.before(i)
	if token == "" {
		return !lower
	}
	folded := strings.ToLower(token)
	first, size := utf8.DecodeRuneInString(token)
	previous := s.before(i - len(token))
	afterNumber := previous != "" && digit(previous[len(previous)-1])
	switch {
	case strings.Trim(token, "0123456789") == "":
		// "1. Open the page" is an item where it begins a line.
		at := i - len(token)
		return strings.TrimSpace(s.text[max(s.line, at-64):at]) != "" && !lower
	case size == len(token) && unicode.IsLetter(first) && s.alone(i-size):
		return s.letter(i, folded, afterNumber) && !lower
	case folded == "no" || folded == "nos":
		return !number && !lower
	case closes(folded):
		return !lower && (!leads(folded) || afterNumber)
	case leads(folded):
		return false
	case lettered(folded):
		return false
	case lower:
		return sentenceWord(token)
	}
	return true
}

// letter reports whether a single letter and the full stop at i may end a
// sentence: in "и т. д." and behind a number ("2024 г.") it may, as an initial
// or in "т. е." it does not.
func (s *sentences) letter(i int, folded string, afterNumber bool) bool {
	if afterNumber {
		return true
	}
	if folded == "д" || folded == "п" {
		at := i - len(folded)
		before := strings.TrimRight(s.text[max(0, at-8):at], " \u00a0")
		return strings.HasSuffix(before, "т.")
	}
	return false
}

// alone reports whether the word at i stands by itself and is not the end of an
// address or a path.
func (s *sentences) alone(i int) bool {
	r, _ := utf8.DecodeLastRuneInString(s.text[s.start:i])
	return i == s.start || unicode.IsSpace(r) || strings.ContainsRune("(«\"'“*_.", r)
}

// before returns the word that ends at i, at most 24 bytes of it, with the full
// stops inside, without opening quotes and brackets.
func (s *sentences) before(i int) string {
	from := max(s.start, i-24)
	part := strings.TrimRight(s.text[from:i], " \u00a0")
	if j := strings.LastIndexFunc(part, func(r rune) bool {
		return unicode.IsSpace(r) || r != '.' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}); j >= 0 {
		_, n := utf8.DecodeRuneInString(part[j:])
		part = part[j+n:]
	}
	return part
}

// lineEnds reports whether the line end at i ends a sentence.
func (s *sentences) lineEnds(i int) bool {
	rest := s.text[i+1:]
	_, n := markup.Indent(rest[:min(len(rest), 256)])
	rest = rest[n:]
	if rest == "" || rest[0] == '\n' || rest[0] == '\r' || startsAnew(rest) {
		return true
	}
	line := strings.TrimSpace(s.text[s.line:i])
	if level, _ := markup.Heading(line); level > 0 || len(line) < wrapped || line[0] == '|' {
		return true
	}
	if strings.IndexByte(".!?:;", line[len(line)-1]) >= 0 {
		return true
	}
	if line[len(line)-1] == ',' {
		return false
	}
	next, _ := utf8.DecodeRuneInString(rest)
	return !unicode.IsLower(next)
}

// startsAnew reports whether a line begins with a mark of its own: an item, a
// heading, a row, a quotation, code, a dash of speech.
func startsAnew(line string) bool {
	end := strings.IndexByte(line[:min(len(line), 256)], '\n')
	if end < 0 {
		end = min(len(line), 256)
	}
	if markup.Bullet(line[:end]) > 0 {
		return true
	}
	switch line[0] {
	case '#', '|', '>', '`':
		return true
	}
	for _, mark := range [...]string{"•", "– ", "— ", "~~~"} {
		if strings.HasPrefix(line, mark) {
			return true
		}
	}
	return false
}

// terminal reports whether r may end a sentence.
func terminal(r rune) bool {
	switch r {
	case '.', '!', '?', '…', '。', '！', '？', '؟':
		return true
	}
	return false
}

func cyrillic(r rune) bool { return r >= 0x400 && r < 0x530 }
