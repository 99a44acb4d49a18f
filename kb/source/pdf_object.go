package source

import (
	"bytes"
	"errors"
	"strconv"
)

// Values of a PDF file (ISO 32000-1, 7.3): nil, bool, float64, pdfName, pdfText,
// []any, pdfDict, pdfRef, *pdfStream, and pdfWord for operators.
type (
	pdfName   string
	pdfText   string // the bytes of a text, not yet letters
	pdfWord   string
	pdfDict   map[pdfName]any
	pdfRef    int // the number of an object
	pdfStream struct {
		dict pdfDict
		raw  []byte
	}
)

// pdfDeepest is how deep values may stand in each other. Files of people have
// less than ten.
const pdfDeepest = 64

var (
	errDeep = errors.New("its values stand too deep in each other")
	errEnd  = errors.New("it ends in the middle of a value")
)

// A pdfLexer reads values one after the other. What follows the last one is
// errEnd. It never reads a byte twice but for what it looks ahead, so that the
// time it takes is bounded by the bytes.
type pdfLexer struct {
	b []byte
	i int
}

// space moves to the next byte that is neither space nor comment.
func (l *pdfLexer) space() {
	for l.i < len(l.b) {
		switch l.b[l.i] {
		case '%':
			for l.i < len(l.b) && l.b[l.i] != '\n' && l.b[l.i] != '\r' {
				l.i++
			}
		case ' ', '\n', '\r', '\t', '\f', 0:
			l.i++
		default:
			return
		}
	}
}

// delimits reports whether c ends a name, a number or an operator.
func delimits(c byte) bool {
	return c <= ' ' || bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0
}

// value reads one value. With refs, two numbers and an R are a reference.
func (l *pdfLexer) value(depth int, refs bool) (any, error) {
	if depth > pdfDeepest {
		return nil, errDeep
	}
	l.space()
	if l.i >= len(l.b) {
		return nil, errEnd
	}
	switch c := l.b[l.i]; {
	case c == '/':
		l.i++
		return l.name(), nil
	case c == '(':
		return l.literal()
	case c == '<' && l.i+1 < len(l.b) && l.b[l.i+1] == '<':
		l.i += 2
		return l.dict(depth, refs)
	case c == '<':
		return l.hex()
	case c == '[':
		l.i++
		return l.array(depth, refs)
	case c == ']' || c == '{' || c == '}' || c == ')':
		l.i++
		return pdfWord(c), nil
	case c == '>':
		l.i++
		if l.i < len(l.b) && l.b[l.i] == '>' {
			l.i++
		}
		return pdfWord(">>"), nil
	}
	return l.word(refs), nil
}

// token returns the bytes up to the next delimiter.
func (l *pdfLexer) token() []byte {
	from := l.i
	for l.i < len(l.b) && !delimits(l.b[l.i]) {
		l.i++
	}
	return l.b[from:l.i]
}

// word reads a number, a reference, a constant or an operator.
func (l *pdfLexer) word(refs bool) any {
	t := l.token()
	if len(t) == 0 {
		l.i++ // a byte that is nothing
		return nil
	}
	if n, err := strconv.ParseFloat(string(t), 64); err == nil {
		if refs && n >= 0 && n < 1<<31 && bytes.IndexByte(t, '.') < 0 {
			// Only a few bytes are looked at, and given back.
			ahead := pdfLexer{l.b[:min(len(l.b), l.i+24)], l.i}
			ahead.space()
			gen := ahead.token()
			ahead.space()
			if _, err := strconv.Atoi(string(gen)); err == nil && string(ahead.token()) == "R" {
				l.i = ahead.i
				return pdfRef(n)
			}
		}
		return n
	}
	switch string(t) {
	case "true":
		return true
	case "false":
		return false
	case "null":
		return nil
	}
	return pdfWord(t)
}

func (l *pdfLexer) name() pdfName {
	t := l.token()
	if bytes.IndexByte(t, '#') < 0 {
		return pdfName(t)
	}
	out := make([]byte, 0, len(t))
	for i := 0; i < len(t); i++ {
		if t[i] == '#' && i+2 < len(t) {
			if n, err := strconv.ParseUint(string(t[i+1:i+3]), 16, 8); err == nil {
				out = append(out, byte(n))
				i += 2
				continue
			}
		}
		out = append(out, t[i])
	}
	return pdfName(out)
}

// literal reads a text in parentheses.
func (l *pdfLexer) literal() (any, error) {
	var out []byte
	open := 0
	for ; l.i < len(l.b); l.i++ {
		c := l.b[l.i]
		switch c {
		case '(':
			if open++; open == 1 {
				continue
			}
		case ')':
			if open--; open == 0 {
				l.i++
				return pdfText(out), nil
			}
		case '\\':
			out = l.escape(out)
			continue
		}
		out = append(out, c)
	}
	return nil, errEnd
}

// escape reads what follows a backslash, and stands on its last byte.
func (l *pdfLexer) escape(out []byte) []byte {
	l.i++
	if l.i >= len(l.b) {
		return out
	}
	switch c := l.b[l.i]; c {
	case 'n':
		return append(out, '\n')
	case 'r':
		return append(out, '\r')
	case 't':
		return append(out, '\t')
	case 'b', 'f':
		return append(out, ' ')
	case '\n':
		return out
	case '\r':
		if l.i+1 < len(l.b) && l.b[l.i+1] == '\n' {
			l.i++
		}
		return out
	default:
		if c < '0' || c > '7' {
			return append(out, c)
		}
	}
	n := 0
	for k := 0; k < 3 && l.i < len(l.b) && l.b[l.i] >= '0' && l.b[l.i] <= '7'; k++ {
		n = n*8 + int(l.b[l.i]-'0')
		l.i++
	}
	l.i--
	return append(out, byte(n))
}

// hex reads a text in hexadecimal digits.
func (l *pdfLexer) hex() (any, error) {
	l.i++
	end := bytes.IndexByte(l.b[l.i:], '>')
	if end < 0 {
		return nil, errEnd
	}
	digits := l.b[l.i : l.i+end]
	l.i += end + 1
	return pdfText(unhex(digits)), nil
}

// unhex reads hexadecimal digits, and passes over what is none.
func unhex(digits []byte) []byte {
	out := make([]byte, 0, len(digits)/2)
	half, have := byte(0), false
	for _, c := range digits {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			continue
		}
		if have {
			out = append(out, half<<4|c)
		}
		half, have = c, !have
	}
	if have {
		out = append(out, half<<4)
	}
	return out
}

func (l *pdfLexer) array(depth int, refs bool) (any, error) {
	out := []any{}
	for {
		v, err := l.value(depth+1, refs)
		if err != nil {
			return nil, err
		}
		if w, ok := v.(pdfWord); ok {
			if w == "]" {
				return out, nil
			}
			if w == "endobj" || w == ">>" {
				return nil, errEnd
			}
		}
		out = append(out, v)
	}
}

func (l *pdfLexer) dict(depth int, refs bool) (any, error) {
	out := pdfDict{}
	for {
		k, err := l.value(depth+1, refs)
		if err != nil {
			return nil, err
		}
		switch k := k.(type) {
		case pdfName:
			v, err := l.value(depth+1, refs)
			if err != nil {
				return nil, err
			}
			if w, ok := v.(pdfWord); ok && w == ">>" {
				return out, nil
			}
			out[k] = v
		case pdfWord:
			if k == ">>" {
				return out, nil
			}
			if k == "endobj" {
				return nil, errEnd
			}
		}
	}
}
