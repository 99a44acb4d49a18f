package source

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// A pdfFont turns the bytes of shown texts into letters and widths.
type pdfFont struct {
	wide    bool              // codes have two bytes
	letters map[uint32]string // from ToUnicode and Differences
	table   *charmap.Charmap  // for the rest; nil where codes are glyphs of the font
	widths  map[uint32]float64
	usual   float64 // width of codes that have none, in thousandths of the size
	work    int     // entries that were read; a font has no more than maxPDFFont
}

// maxPDFFont is how many letters and widths of a font are read. There are 65,536
// codes, and ranges that overlap may name them again and again.
const maxPDFFont = 300_000

// font reads a font; a reference is read once.
func (f *pdfFile) font(v any) *pdfFont {
	ref, shared := v.(pdfRef)
	if have := f.fonts[ref]; shared && have != nil {
		return have
	}
	d := f.dict(v)
	out := &pdfFont{letters: make(map[uint32]string), widths: make(map[uint32]float64), usual: 500, table: charmap.Windows1252}
	if d["Subtype"] == pdfName("Type0") {
		out.wide, out.table, out.usual = true, nil, 1000
		if below := f.list(d["DescendantFonts"]); len(below) > 0 {
			f.wideWidths(f.dict(below[0]), out)
		}
	} else {
		first, _ := f.resolve(d["FirstChar"]).(float64)
		for i, w := range f.list(d["Widths"]) {
			if w, ok := f.resolve(w).(float64); ok && i < 256 {
				out.widths[uint32(first)+uint32(i)] = w
			}
		}
		f.encoding(d["Encoding"], out)
	}
	if s, ok := f.resolve(d["ToUnicode"]).(*pdfStream); ok {
		if data, err := f.unpack(s); err == nil {
			toUnicode(data, out)
		}
	}
	if shared {
		f.fonts[ref] = out
	}
	return out
}

// wideWidths reads the widths of a font of two bytes.
func (f *pdfFile) wideWidths(d pdfDict, out *pdfFont) {
	if w, ok := f.resolve(d["DW"]).(float64); ok {
		out.usual = w
	}
	list := f.list(d["W"])
	for i := 0; i+1 < len(list); {
		from, _ := f.resolve(list[i]).(float64)
		if each := f.list(list[i+1]); each != nil {
			for k, w := range each {
				if w, ok := f.resolve(w).(float64); ok {
					out.widths[uint32(from)+uint32(k)] = w
				}
			}
			i += 2
			continue
		}
		if i+2 >= len(list) {
			return
		}
		to, _ := f.resolve(list[i+1]).(float64)
		w, _ := f.resolve(list[i+2]).(float64)
		for c := from; c <= to && out.work < maxPDFFont; c++ {
			out.widths[uint32(c)] = w
			out.work++
		}
		i += 3
	}
}

// encoding reads which letters the codes of a font of one byte are.
func (f *pdfFile) encoding(v any, out *pdfFont) {
	v = f.resolve(v)
	if v == pdfName("MacRomanEncoding") {
		out.table = charmap.Macintosh
	}
	d, ok := v.(pdfDict)
	if !ok {
		return
	}
	if f.resolve(d["BaseEncoding"]) == pdfName("MacRomanEncoding") {
		out.table = charmap.Macintosh
	}
	code := uint32(0)
	for _, v := range f.list(d["Differences"]) {
		switch v := f.resolve(v).(type) {
		case float64:
			code = uint32(v)
		case pdfName:
			if s := glyph(string(v)); s != "" {
				out.letters[code] = s
			}
			code++
		}
	}
}

// toUnicode reads a map from codes to letters (ISO 32000-1, 9.10.3). Its ranges
// are bounded by the codes there are.
func toUnicode(data []byte, out *pdfFont) {
	l := pdfLexer{data, 0}
	var args []any
	for {
		v, err := l.value(0, false)
		if err != nil {
			return
		}
		word, ok := v.(pdfWord)
		if !ok {
			args = append(args, v)
			continue
		}
		switch word {
		case "endbfchar":
			for i := 0; i+1 < len(args); i += 2 {
				out.letter(args[i], args[i+1], 0)
			}
		case "endbfrange":
			for i := 0; i+2 < len(args); i += 3 {
				out.span(args[i], args[i+1], args[i+2])
			}
		case "endcodespacerange":
			if len(args) > 0 {
				if low, ok := args[0].(pdfText); ok {
					out.wide = len(low) == 2
				}
			}
		}
		args = args[:0]
	}
}

func codeOf(v any) (uint32, bool) {
	t, ok := v.(pdfText)
	if !ok || len(t) == 0 || len(t) > 2 {
		return 0, false
	}
	n := uint32(0)
	for i := range len(t) {
		n = n<<8 | uint32(t[i])
	}
	return n, true
}

// letter notes that code, plus more, is the letter to, plus more.
func (p *pdfFont) letter(code, to any, more uint32) {
	n, ok := codeOf(code)
	t, isText := to.(pdfText)
	const most = 16 // bytes: a ligature of eight letters
	if p.work++; !ok || !isText || len(t) < 2 || len(t) > most || p.work > maxPDFFont {
		return
	}
	units := make([]uint16, 0, len(t)/2)
	for i := 0; i+1 < len(t); i += 2 {
		units = append(units, uint16(t[i])<<8|uint16(t[i+1]))
	}
	units[len(units)-1] += uint16(more)
	p.letters[n+more] = string(utf16.Decode(units))
}

func (p *pdfFont) span(from, to, letters any) {
	a, ok := codeOf(from)
	b, also := codeOf(to)
	if !ok || !also || b < a {
		return
	}
	list, isList := letters.([]any)
	for i := uint32(0); i <= b-a && p.work <= maxPDFFont; i++ {
		switch {
		case !isList:
			p.letter(from, letters, i)
		case int(i) < len(list):
			p.letter(pdfText([]byte{byte((a + i) >> 8), byte(a + i)}), list[i], 0)
		}
	}
}

// show returns the letters of a text, how wide it is in units of the font's
// size, and how many of its codes are spaces, and how many are no letter that is
// known.
func (p *pdfFont) show(t pdfText, each func(width float64, space bool)) (letters string, unknown int) {
	var b strings.Builder
	step := 1
	if p.wide {
		step = 2
	}
	for i := 0; i+step <= len(t); i += step {
		code := uint32(t[i])
		if p.wide {
			code = code<<8 | uint32(t[i+1])
		}
		w, ok := p.widths[code]
		if !ok {
			w = p.usual
		}
		each(w/1000, !p.wide && code == ' ')
		switch s, ok := p.letters[code]; {
		case ok:
			b.WriteString(s)
		case p.table != nil && code < 256:
			b.WriteRune(p.table.DecodeByte(byte(code)))
		default:
			unknown++
		}
	}
	return b.String(), unknown
}

// glyph returns the letters of a glyph's name, as far as names follow rules:
// those of Unicode numbers, of the letters themselves, of Cyrillic in Adobe's
// list (afii), and of the signs that occur in every text.
func glyph(name string) string {
	name, _, _ = strings.Cut(name, ".")
	if utf8.RuneCountInString(name) == 1 {
		return name
	}
	if hex, ok := strings.CutPrefix(name, "uni"); ok && len(hex) >= 4 {
		if n, err := strconv.ParseUint(hex[:4], 16, 16); err == nil {
			return string(rune(n))
		}
	}
	if hex, ok := strings.CutPrefix(name, "u"); ok && len(hex) >= 4 && len(hex) <= 6 {
		if n, err := strconv.ParseUint(hex, 16, 21); err == nil {
			return string(rune(n))
		}
	}
	if number, ok := strings.CutPrefix(name, "afii"); ok {
		n, err := strconv.Atoi(number)
		if err == nil {
			return afii(n)
		}
	}
	i := strings.Index(glyphs, " "+name+"=")
	if i < 0 {
		return ""
	}
	s, _, _ := strings.Cut(glyphs[i+len(name)+2:], " ")
	if s == "" {
		return " "
	}
	return s
}

// afii returns a Cyrillic letter by its number in Adobe's list, in which the
// letter io stands in its place in the alphabet, and is counted.
func afii(n int) string {
	capital, small := n-10017, n-10065
	letter := func(i int, first, io rune) string {
		switch {
		case i < 6:
			return string(first + rune(i))
		case i == 6:
			return string(io)
		}
		return string(first + rune(i) - 1)
	}
	switch {
	case capital >= 0 && capital < 33:
		return letter(capital, 'А', 'Ё')
	case small >= 0 && small < 33:
		return letter(small, 'а', 'ё')
	case n == 61352:
		return "№"
	}
	return ""
}

// glyphs are the signs by name.
const glyphs = " space= exclam=! quotedbl=\" numbersign=# dollar=$ percent=% ampersand=& quotesingle=' parenleft=( parenright=) asterisk=* plus=+ comma=, hyphen=- minus=− period=. slash=/ " +
	"zero=0 one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 colon=: semicolon=; less=< equal== greater=> question=? at=@ bracketleft=[ backslash=\\ bracketright=] underscore=_ " +
	"braceleft={ bar=| braceright=} asciitilde=~ quoteleft=‘ quoteright=’ quotedblleft=“ quotedblright=” quotedblbase=„ guillemotleft=« guillemotright=» bullet=• endash=– emdash=— ellipsis=… " +
	"copyright=© registered=® trademark=™ degree=° section=§ paragraph=¶ Euro=€ sterling=£ fi=fi fl=fl ff=ff ffi=ffi ffl=ffl germandbls=ß adieresis=ä odieresis=ö udieresis=ü Adieresis=Ä Odieresis=Ö " +
	"Udieresis=Ü eacute=é egrave=è ecircumflex=ê agrave=à aacute=á acircumflex=â ccedilla=ç ntilde=ñ oacute=ó iacute=í uacute=ú "
