package clash

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/retrieval/forms"
)

// tokensOf brings the tokens of a sentence, which begins at a rune, to the form
// that facts are read from, with the signs between them.
func (r *reader) tokensOf(text string, start int, tokens []embeddings.Token) []token {
	out := make([]token, 0, len(tokens)+8)
	at, b := start, 0 // a rune of the text, and its byte in the sentence
	gap := func(to int) {
		for at < to && b < len(text) {
			c, n := utf8.DecodeRuneInString(text[b:])
			if strings.ContainsRune(",;:()–—-%₽$€£₸¥₴°", c) {
				out = append(out, token{norm: string(c), word: -1, start: at, end: at + 1, glued: len(out) > 0 && out[len(out)-1].end == at})
			}
			at++
			b += n
		}
	}
	hidden := targets(text, start)
	for i := 0; i < len(tokens); i++ {
		t := &tokens[i]
		for len(hidden) > 0 && t.Start >= hidden[0][1] {
			hidden = hidden[1:]
		}
		if t.Part || len(hidden) > 0 && t.Start >= hidden[0][0] {
			continue
		}
		gap(t.Start)
		from := len(out)
		switch t.Kind {
		case embeddings.Number:
			out = append(out, number(t.Surface, t.Start, t.End))
		case embeddings.Code:
			out = r.code(out, tokens[i:])
		case embeddings.Word:
			out = append(out, token{norm: t.Norm, word: r.id(t), start: t.Start, end: t.End})
		case embeddings.Link:
			out = append(out, token{norm: "://", word: -1, start: t.Start, end: t.End})
		}
		first, _ := utf8.DecodeRuneInString(t.Surface)
		out[from].capital = unicode.IsUpper(first) && from > 0
		out[from].glued = from > 0 && out[from-1].end == out[from].start
		for at < t.End && b < len(text) {
			_, n := utf8.DecodeRuneInString(text[b:])
			at++
			b += n
		}
	}
	gap(start + utf8.RuneCountInString(text))
	return out
}

// targets returns where the targets of links and the tags of a sentence, which
// begins at a rune, stand, in runes: a reader does not see them.
func targets(text string, start int) [][2]int {
	if !strings.Contains(text, "](") && !strings.Contains(text, "<") {
		return nil
	}
	var out [][2]int
	at, from, last := start, -1, rune(0)
	closing := ')'
	for _, c := range text {
		switch {
		case from < 0 && (c == '(' && last == ']' || c == '<'):
			from, closing = at, ')'
			if c == '<' {
				closing = '>'
			}
		case from >= 0 && c == closing:
			out = append(out, [2]int{from, at + 1})
			from = -1
		}
		last = c
		at++
	}
	return out
}

// code takes a mix of letters and digits apart where it is a number with its
// unit: 5GB, 14-дневный, 10am. Any other stays whole.
func (r *reader) code(out []token, tokens []embeddings.Token) []token {
	t := &tokens[0]
	n := 1
	for n < len(tokens) && tokens[n].Part {
		n++
	}
	if n == 3 && tokens[1].Kind == embeddings.Number && tokens[1].Start == t.Start {
		unitWord := tokens[2].Norm
		switch {
		case unitOf(unitWord).family != "" || unitWord == "am" || unitWord == "pm" || forms.Scale(unitWord) > 0:
			return append(out, number(tokens[1].Surface, tokens[1].Start, tokens[1].End),
				token{norm: unitWord, word: r.id(&tokens[2]), start: tokens[2].Start, end: tokens[2].End, glued: true})
		case strings.Contains(" го му й я е st nd rd th ", " "+unitWord+" "):
			return append(out, number(tokens[1].Surface, tokens[1].Start, t.End))
		}
	}
	return append(out, token{norm: t.Norm, word: r.id(t), start: t.Start, end: t.End})
}

// number reads digits with separators.
func number(raw string, start, end int) token {
	t := token{norm: raw, word: -1, digits: true, raw: raw, start: start, end: end}
	parts := strings.Split(raw, ",")
	grouped := len(parts) > 1 && len(parts[0]) <= 3 && !strings.HasPrefix(raw, "0")
	for _, p := range parts[1:] {
		whole, _, _ := strings.Cut(p, ".")
		grouped = grouped && len(whole) == 3
	}
	plain := strings.ReplaceAll(raw, ",", ".")
	if grouped {
		plain = strings.ReplaceAll(raw, ",", "")
	}
	if v, err := strconv.ParseFloat(plain, 64); err == nil {
		t.number = v
	}
	return t
}
