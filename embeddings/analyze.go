package embeddings

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Kind says what a token is.
type Kind uint8

// The kinds of tokens.
const (
	Word   Kind = iota // letters
	Number             // digits, with inner separators: 4411, 1,5, 12.05.2024
	Code               // an order id, error code or model: #4411, E-1402, iPhone15
	Link               // a URL or an e-mail address
)

// String names the kind.
func (k Kind) String() string {
	switch k {
	case Word:
		return "word"
	case Number:
		return "number"
	case Code:
		return "code"
	case Link:
		return "link"
	}
	return "unknown"
}

// A Token is a piece of a text that can be searched for.
type Token struct {
	Surface string // as it stands in the text
	Norm    string // lower case, ё as е, codes and numbers without separators
	Stem    string // stem of a Word that is no Stop, else Norm
	Start   int    // of Surface in the text, in runes
	End     int    // first rune behind Surface
	Kind    Kind

	// Part says that the token lies inside the one before it that is no Part:
	// the words of a link, the letters and digits of a code. A reader that
	// counts or shows tokens skips parts; search takes both.
	Part bool

	// Stop says that the word carries no subject: an article, a preposition,
	// a greeting, a please.
	Stop bool
}

// A Text is an analyzed text.
type Text struct {
	Language string  // as [Language] returns it
	Tokens   []Token // by Start; a token comes before its parts
}

// Analyze cuts text into tokens. It takes any string: bytes that are no UTF-8
// count as one rune each and belong to no token.
func Analyze(text string) Text {
	return analyze(text, Language(text))
}

// analyze is Analyze for a text whose language is known.
func analyze(text, language string) Text {
	s := scanner{text: text, language: language}
	s.tokens = make([]Token, 0, len(text)/6+2)
	for s.pos < len(s.text) {
		r, size := utf8.DecodeRuneInString(s.text[s.pos:])
		if starts(r, s.text[s.pos+size:]) {
			s.chunk()
			continue
		}
		s.pos += size
		s.runes++
	}
	return Text{Language: language, Tokens: s.tokens}
}

// starts reports whether a token may begin with r, followed by rest.
func starts(r rune, rest string) bool {
	if isWordRune(r) {
		return true
	}
	if r != '#' && r != '№' {
		return false
	}
	next, _ := utf8.DecodeRuneInString(rest)
	return isDigit(next)
}

// isWordRune reports whether r can stand anywhere in a word or number.
func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	switch {
	case 'А' <= r && r <= 'ё': // most of Cyrillic text; the tables are slow
		return true
	case r == utf8.RuneError:
		return false
	}
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)
}

// isDigit is unicode.IsDigit, without its tables where there can be none.
func isDigit(r rune) bool {
	if r < utf8.RuneSelf {
		return '0' <= r && r <= '9'
	}
	return r >= firstDigitBeyond && unicode.IsDigit(r)
}

// firstDigitBeyond is the first decimal digit that is not ASCII.
const firstDigitBeyond = '٠'

// A scanner walks over a text and gathers its tokens.
type scanner struct {
	text     string
	language string
	pos      int // bytes
	runes    int // runes before pos
	tokens   []Token
}

// chunk takes the token or tokens that begin at pos and moves behind them.
func (s *scanner) chunk() {
	if n := linkLen(s.text[s.pos:]); n > 0 {
		s.link(n)
		return
	}
	n, shape := chunkLen(s.text[s.pos:])
	piece := s.text[s.pos : s.pos+n]
	switch {
	case !shape.digit:
		s.words(piece, false)
	case !shape.letter:
		s.number(piece, shape)
	default:
		s.add(piece, strip(piece), Code, false)
		s.parts(piece)
	}
	s.skip(n)
}

// skip moves n bytes on.
func (s *scanner) skip(n int) {
	s.runes += utf8.RuneCountInString(s.text[s.pos : s.pos+n])
	s.pos += n
}

// add appends the token that begins at pos.
func (s *scanner) add(surface, norm string, kind Kind, part bool) {
	t := Token{
		Surface: surface, Norm: norm, Stem: norm, Kind: kind, Part: part,
		Start: s.runes, End: s.runes + utf8.RuneCountInString(surface),
	}
	if kind == Word {
		t.Stem, t.Stop = lookUp(s.language, norm)
	}
	s.tokens = append(s.tokens, t)
}

// link adds a link of n bytes and the words in it.
func (s *scanner) link(n int) {
	piece := s.text[s.pos : s.pos+n]
	s.add(piece, strings.TrimSuffix(fold(piece), "/"), Link, false)
	s.parts(piece)
	s.skip(n)
}

// number adds digits with separators.
func (s *scanner) number(piece string, shape shape) {
	if shape.marked {
		s.add(piece, strip(piece), Code, false)
		return
	}
	s.add(piece, strings.ReplaceAll(piece, ",", "."), Number, false)
}

// words adds the words of a piece without digits. Hyphens part words; the
// apostrophe does not.
func (s *scanner) words(piece string, part bool) {
	at := *s
	for len(piece) > 0 {
		n := strings.IndexFunc(piece, func(r rune) bool { return !isWordRune(r) && !isApostrophe(r) })
		if n < 0 {
			n = len(piece)
		}
		if n > 0 {
			at.add(piece[:n], fold(piece[:n]), Word, part)
			at.skip(n)
			piece = piece[n:]
			continue
		}
		_, size := utf8.DecodeRuneInString(piece)
		at.skip(size)
		piece = piece[size:]
	}
	s.tokens = at.tokens
}

// parts adds the runs of letters and of digits in a piece.
func (s *scanner) parts(piece string) {
	at := *s
	for len(piece) > 0 {
		r, n := utf8.DecodeRuneInString(piece)
		if isWordRune(r) {
			digit := isDigit(r)
			n = strings.IndexFunc(piece, func(r rune) bool {
				return !isWordRune(r) || isDigit(r) != digit
			})
			if n < 0 {
				n = len(piece)
			}
			kind := Word
			if digit {
				kind = Number
			}
			// One letter or digit of a code says nothing by itself.
			if utf8.RuneCountInString(piece[:n]) > 1 {
				at.add(piece[:n], fold(piece[:n]), kind, true)
			}
		}
		at.skip(n)
		piece = piece[n:]
	}
	s.tokens = at.tokens
}
