package redact

import (
	"strings"
	"unicode/utf8"
)

// known holds what earlier matches of a case have given away: once "Здравствуйте,
// Бауыржан!" is seen, Бауыржану is a name as well.
type known struct {
	names   map[string]bool // stems
	numbers map[string]bool // numbers of orders, papers and accounts
}

// minKnown is the least length of a name or number looked for again, in runes:
// shorter ones are met by chance.
const (
	minKnownName   = 3
	minKnownNumber = 4
)

// again takes what the matchers missed but have met elsewhere in the case.
func (k *known) again(f *finder) {
	k.learn(f)
	if len(k.names) == 0 && len(k.numbers) == 0 {
		return
	}
	var buf [2 * maxWord]byte
	for i := range f.t {
		switch t := &f.t[i]; {
		case t.taken:
		case t.sort == word && t.shape&upper1 != 0 && len(k.names) > 0:
			if t.runes < minKnownName || t.end-t.start > maxWord || t.flags&never != 0 || t.flags&(maybe|orderCue|phoneCue|street|unit) != 0 && f.begins(i) {
				continue
			}
			if k.names[stem(f.folded(i, buf[:0]))] && !f.namedAfter(i) {
				f.take(Name, i, i+1)
			}
		case t.sort == number && len(k.numbers) > 0 && t.runes >= minKnownNumber:
			c := f.cluster(i)
			if c.lo <= i && k.numbers[f.text[f.t[c.lo].start:f.t[c.hi-1].end]] && !f.amount(c.lo, c.hi) && f.free(c.lo, c.hi) && f.sym(c.lo-1) != ':' {
				f.take(Order, c.lo, c.hi)
			}
		}
	}
}

// learn adds the names and numbers among f's pieces.
func (k *known) learn(f *finder) {
	for _, p := range f.pieces {
		switch p.kind {
		case Name:
			for _, w := range strings.FieldsFunc(f.text[p.start:p.end], func(r rune) bool { return !isLetter(r) && r != '-' }) {
				if utf8.RuneCountInString(w) < minKnownName || len(w) > maxWord {
					continue
				}
				if k.names == nil {
					k.names = map[string]bool{}
				}
				k.names[stem(strings.Map(fold, w))] = true
			}
		case Order:
			s := f.text[p.start:p.end]
			if len(s) < minKnownNumber || strings.HasPrefix(s, "20") && len(s) == 4 {
				continue
			}
			if k.numbers == nil {
				k.numbers = map[string]bool{}
			}
			k.numbers[s] = true
		}
	}
}

// stem cuts the case ending from a folded Russian name.
func stem(w string) string {
	if r, _ := utf8.DecodeRuneInString(w); r < 0x400 {
		return w
	}
	for _, e := range [...]string{"ого", "ому", "ой", "ей", "ою", "ею", "ом", "ем", "ым", "им", "ая", "ую", "ый", "ий", "а", "я", "ы", "и", "у", "ю", "е", "ь", "й"} {
		if s, ok := strings.CutSuffix(w, e); ok && len(s) >= 2*minKnownName {
			return s
		}
	}
	return w
}
