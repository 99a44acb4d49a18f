package retrieval

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/whetstone-desk/whetstone/embeddings"
)

// A lexKind says what a lexeme is.
type lexKind uint8

const (
	lexWord  lexKind = iota // letters
	lexNum                  // a plain number; value holds it
	lexOrd                  // 5-й, 2nd; value holds it
	lexDate                 // a date in digits; norm is its canonical form
	lexClock                // a time of day; norm is HH:MM
	lexCode                 // an order id, product code, version
	lexLink                 // a URL or an e-mail address
	lexPhone                // norm is its digits
	lexSign                 // %, a currency sign
	lexPunct                // what parts clauses
)

// A lexeme is a piece of a text as the checks of Ground see it. Search has its
// tokens in package embeddings; here signs, number formats and clause
// boundaries matter too, which search has no use for.
type lexeme struct {
	kind       lexKind
	stop       bool   // a word that carries no subject
	norm       string // lower case, ё as е
	stem       string // of a word
	value      float64
	start, end int // runes
}

// A reader cuts texts into lexemes, and remembers the words in them for the
// next text. A nil one remembers nothing.
type reader struct{ words embeddings.Words }

// A lexer walks over a text.
type lexer struct {
	runes  []rune
	folded string  // the text in the form that is compared
	at     []int32 // where in folded what was made of a rune begins; one more for the end
	pos    int
	out    []lexeme
}

// lex cuts text into lexemes by a reader that remembers nothing.
func lex(text string) []lexeme { return (*reader)(nil).lex(text) }

// lex cuts text into lexemes. Stems and stop words are those of the one
// analyzer.
func (r *reader) lex(text string) []lexeme {
	l := lexer{runes: []rune(text)}
	l.folded, l.at = foldAt(l.runes)
	l.out = make([]lexeme, 0, len(l.runes)/4+4)
	for l.pos < len(l.runes) {
		l.next()
	}
	l.stems(embeddings.Language(text), r)
	return l.out
}

// next takes what stands at pos.
func (l *lexer) next() {
	r := l.runes[l.pos]
	switch {
	case unicode.IsSpace(r):
		l.pos++
	case isAlnum(r) && l.link():
	case l.marker():
	case (r == '#' || r == '№') && l.codeMark():
	case l.phone():
	case unicode.IsDigit(r):
		if n := l.itemNumber(); n > 0 {
			l.pos += n
			return
		}
		l.number()
	case isLetter(r):
		l.word()
	case strings.ContainsRune("%₽$€£₸₴¥₺°", r):
		l.add(lexSign, 1)
	case strings.ContainsRune(".,;:!?()–—-…\n|\"«»+", r):
		l.add(lexPunct, 1)
	default:
		l.pos++
	}
}

// add appends the n runes at pos as a lexeme and moves behind them.
func (l *lexer) add(kind lexKind, n int) *lexeme {
	norm := l.folded[l.at[l.pos]:l.at[l.pos+n]]
	l.out = append(l.out, lexeme{kind: kind, norm: norm, start: l.pos, end: l.pos + n})
	l.pos += n
	return &l.out[len(l.out)-1]
}

// marker skips a citation such as [1]: it is no number of the text.
func (l *lexer) marker() bool {
	if n := markerLen(l.runes[l.pos:]); n > 0 {
		l.pos += n
		return true
	}
	return false
}

// itemNumber is the length of the number that a list item begins with, which
// counts the item and nothing else; 0 if there is none.
func (l *lexer) itemNumber() int {
	for i := l.pos - 1; i >= 0 && l.runes[i] != '\n'; i-- {
		if !unicode.IsSpace(l.runes[i]) {
			return 0
		}
	}
	s := l.runes[l.pos:]
	n := digitsLen(s)
	if n <= 3 && n+1 < len(s) && (s[n] == '.' || s[n] == ')') && s[n+1] == ' ' {
		return n + 1
	}
	return 0
}

// link takes a URL or an e-mail address.
func (l *lexer) link() bool {
	if l.pos > 0 && (isLetter(l.runes[l.pos-1]) || unicode.IsDigit(l.runes[l.pos-1])) {
		return false
	}
	n := linkRunes(l.runes[l.pos:])
	if n == 0 {
		return false
	}
	x := l.add(lexLink, n)
	x.norm = linkNorm(x.norm)
	return true
}

// linkRunes is the length of the URL or e-mail address at the start of s.
func linkRunes(s []rune) int {
	n, at, parted := 0, -1, false
	for n < len(s) && !unicode.IsSpace(s[n]) && !endsLink(s[n]) {
		switch s[n] {
		case '@':
			at = n
		case '.', ':':
			parted = true
		}
		n++
	}
	if !parted {
		return 0
	}
	for n > 0 && strings.ContainsRune(".:!?'*_", s[n-1]) {
		n--
	}
	if n < 5 {
		return 0
	}
	piece := string(s[:n])
	lower := strings.ToLower(piece)
	for _, scheme := range []string{"http://", "https://", "www.", "ftp://"} {
		if strings.HasPrefix(lower, scheme) && len(piece) > len(scheme) {
			return n
		}
	}
	if at > 0 && at < n-1 && slices.Contains(s[at:n-1], '.') {
		return n
	}
	if at < 0 && bareDomain(lower) {
		return n
	}
	return 0
}

// endsLink reports whether r cannot stand in a link.
func endsLink(r rune) bool {
	switch r {
	case '<', '>', '"', '«', '»', '“', '”', '(', ')', '[', ']', '{', '}', '|', '`', ',', ';':
		return true
	}
	return false
}

// bareDomain reports whether s reads as a host name with an optional path,
// such as shop.example/returns: at least two labels, the last of letters.
func bareDomain(s string) bool {
	host, _, path := strings.Cut(s, "/")
	labels := strings.Split(host, ".")
	last := labels[len(labels)-1]
	if len(labels) < 2 || len(last) < 2 || len(labels[0]) < 2 {
		return false
	}
	for _, x := range labels {
		for _, r := range x {
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' {
				return false
			}
		}
		if x == "" {
			return false
		}
	}
	// Without a path, "конец.Начало" and "end.Start" look the same as a host,
	// so only well-known endings count.
	return path && strings.IndexFunc(last, unicode.IsDigit) < 0 ||
		strings.Contains(" ru com org net io su рф info app dev me shop store example online pro by kz ", " "+last+" ")
}

func linkNorm(s string) string {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
	return strings.TrimRight(strings.TrimPrefix(s, "www."), "/")
}

// codeMark takes #4411, №12-A.
func (l *lexer) codeMark() bool {
	n := 1
	for l.pos+n < len(l.runes) && l.runes[l.pos+n] == ' ' {
		n++
	}
	if l.pos+n >= len(l.runes) || !isAlnum(l.runes[l.pos+n]) {
		return false
	}
	if n > 1 && !unicode.IsDigit(l.runes[l.pos+n]) {
		return false
	}
	m := n + alnumLen(l.runes[l.pos+n:])
	if strings.IndexFunc(string(l.runes[l.pos+n:l.pos+m]), unicode.IsDigit) < 0 {
		return false
	}
	x := l.add(lexCode, m)
	x.norm = codeNorm(x.norm)
	return true
}

// word takes letters, and a code where digits follow them.
func (l *lexer) word() {
	n := 0
	for l.pos+n < len(l.runes) {
		r := l.runes[l.pos+n]
		if isLetter(r) || isApostrophe(r) && n > 0 && l.pos+n+1 < len(l.runes) && isLetter(l.runes[l.pos+n+1]) {
			n++
			continue
		}
		break
	}
	if m := alnumLen(l.runes[l.pos:]); m > n && codeLike(l.runes[l.pos:l.pos+m]) {
		x := l.add(lexCode, m)
		x.norm = codeNorm(x.norm)
		return
	}
	l.add(lexWord, n)
}

// codeLike reports whether letters and digits together name a thing: E-1402,
// iPhone15, AB-12. A capital word and a hyphenated number ("Covid-19") do too.
func codeLike(s []rune) bool {
	return strings.IndexFunc(string(s), unicode.IsDigit) >= 0
}

// alnumLen is the length of the run of letters and digits, with single
// hyphens and underscores inside.
func alnumLen(s []rune) int {
	n := 0
	for n < len(s) {
		if isAlnum(s[n]) || (s[n] == '-' || s[n] == '_' || s[n] == '‑') && n > 0 && isAlnum(s[n-1]) && n+1 < len(s) && isAlnum(s[n+1]) {
			n++
			continue
		}
		break
	}
	return n
}

// stems finds the stems and stop words in a text of the language.
func (l *lexer) stems(language string, r *reader) {
	var words *embeddings.Words
	if r != nil {
		words = &r.words
	}
	for i := range l.out {
		x := &l.out[i]
		x.stem = x.norm
		if x.kind == lexWord {
			x.stem, x.stop = words.Look(language, x.norm)
		}
	}
}

func isLetter(r rune) bool {
	if r < 0x80 {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	}
	if 'А' <= r && r <= 'я' {
		return true
	}
	return unicode.IsLetter(r) || unicode.IsMark(r)
}

func isAlnum(r rune) bool { return isLetter(r) || unicode.IsDigit(r) }

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' || r == '‘' }

func codeNorm(s string) string {
	return strings.Map(func(r rune) rune {
		if isAlnum(r) {
			return r
		}
		return -1
	}, s)
}

// foldRunes lowers s and writes ё as е and every apostrophe alike.
func foldRunes(s []rune) string {
	folded, _ := foldAt(s)
	return folded
}

// foldAt is foldRunes with the places where in the folded text what was made of
// each rune begins, and where the last one's ends.
func foldAt(s []rune) (string, []int32) {
	b := make([]byte, 0, 2*len(s))
	at := make([]int32, 0, len(s)+1)
	for _, r := range s {
		at = append(at, int32(len(b)))
		switch {
		case r < 0x80:
			if 'A' <= r && r <= 'Z' {
				r |= 0x20
			}
			b = append(b, byte(r))
		case 'а' <= r && r <= 'я':
			b = utf8.AppendRune(b, r)
		case 'А' <= r && r <= 'Я':
			b = utf8.AppendRune(b, r+0x20)
		case r == 'ё' || r == 'Ё':
			b = append(b, "е"...)
		case isApostrophe(r):
			b = append(b, '\'')
		case r == 0x0301 || r == 0x0308:
		default:
			b = utf8.AppendRune(b, unicode.ToLower(r))
		}
	}
	return string(b), append(at, int32(len(b)))
}

// markerLen is the length of a citation marker such as [12] that s begins
// with, or 0.
func markerLen(s []rune) int {
	if len(s) < 3 || s[0] != '[' {
		return 0
	}
	n := 1
	for n < len(s) && n < 4 && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	if n == 1 || n >= len(s) || s[n] != ']' || n+1 < len(s) && s[n+1] == '(' {
		return 0
	}
	return n + 1
}
