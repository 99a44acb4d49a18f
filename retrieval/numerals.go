package retrieval

import (
	"strings"

	"github.com/whetstone-desk/whetstone/retrieval/forms"
)

// A numeral is a number word.
type numeral struct {
	value   float64
	ordinal bool
}

// ordinals lists ordinal words: English ones whole, Russian ones without
// their ending.
var ordinals = [...]struct {
	value         float64
	english, stem string
}{
	{1, "first", "перв"}, {2, "second", "втор"}, {3, "third", "трет"}, {4, "fourth", "четверт"}, {5, "fifth", "пят"},
	{6, "sixth", "шест"}, {7, "seventh", "седьм"}, {8, "eighth", "восьм"}, {9, "ninth", "девят"},
	{10, "tenth", "десят"}, {11, "eleventh", "одиннадцат"}, {12, "twelfth", "двенадцат"},
	{13, "thirteenth", "тринадцат"}, {14, "fourteenth", "четырнадцат"}, {15, "fifteenth", "пятнадцат"},
	{20, "twentieth", "двадцат"}, {25, "", "двадцатьпят"}, {30, "thirtieth", "тридцат"},
}

// ordinalEndings are the endings of a Russian ordinal. Those of a cardinal
// (пять, пяти) are not among them.
const ordinalEndings = " ый ой ий ая ья ое ье ого его ьего ому ему ьему ым им ьим ом ем ьем ую ые ьи ых ьих ыми "

// prefixes are the numbers that Russian compounds begin with: трехдневный.
var prefixes = [...]struct {
	form  string
	value float64
}{
	{"одно", 1}, {"двух", 2}, {"трех", 3}, {"четырех", 4}, {"пяти", 5}, {"шести", 6}, {"семи", 7}, {"восьми", 8},
	{"девяти", 9}, {"десяти", 10}, {"двенадцати", 12}, {"четырнадцати", 14}, {"пятнадцати", 15},
	{"двадцати", 20}, {"тридцати", 30}, {"шестидесяти", 60}, {"девяносто", 90}, {"сто", 100},
}

var ordinalOf = newOrdinals()

func newOrdinals() map[string]float64 {
	m := make(map[string]float64, 400)
	for _, o := range ordinals {
		m[o.english] = o.value
		for e := range strings.FieldsSeq(ordinalEndings) {
			m[o.stem+e] = o.value
		}
	}
	delete(m, "")
	m["третью"] = 3
	return m
}

// numeralOf returns the number that a word stands for, and whether it stands for
// one.
func numeralOf(word string) (n numeral, ok bool) {
	if value, ok := ordinalOf[word]; ok {
		return numeral{value, true}, true
	}
	value, ok := forms.Number(word)
	return numeral{value: value}, ok
}

// spelled reads a number in words from x: how many lexemes it takes, 0 if none.
func spelled(x []lexeme) (n int, value float64, ordinal bool) {
	total, current, last := 0., 0., 1e12
	for n < len(x) && x[n].kind == lexWord {
		if scale := forms.Scale(x[n].norm); scale > 0 && (n > 0 || x[n].norm != "k") {
			if current == 0 {
				current = 1
			}
			if scale > 100 {
				total += current * scale
				current, last = 0, scale
			} else {
				current *= scale
				last = scale
			}
			n++
			continue
		}
		w, ok := numeralOf(x[n].norm)
		if !ok || n > 0 && !smaller(w.value, last) {
			break
		}
		current += w.value
		last = magnitude(w.value)
		n++
		if w.ordinal {
			return n, total + current, true
		}
	}
	return n, total + current, false
}

// smaller reports whether v may follow a number word of magnitude last:
// twenty five, but not five twenty.
func smaller(v, last float64) bool { return v != 0 && v < last && last > 1 }

// magnitude is the power of ten up to which a number word fills its number.
func magnitude(v float64) float64 {
	switch {
	case v >= 100:
		return 100
	case v >= 20:
		return 10
	}
	return 1
}

// compound reads a word such as трехдневный or двухнедельный.
func compound(word string) (value float64, u unit, ok bool) {
	for _, p := range prefixes {
		rest, found := strings.CutPrefix(word, p.form)
		if !found || len(rest) < 8 {
			continue
		}
		rest = strings.TrimPrefix(rest, "-")
		for _, form := range [...]string{"дневн", "недел", "месяч", "летн", "годичн", "часов", "минутн", "суточн", "процентн"} {
			if strings.HasPrefix(rest, form) {
				return p.value, adjectiveUnit(form), true
			}
		}
	}
	return 0, unit{}, false
}

func adjectiveUnit(form string) unit {
	switch form {
	case "дневн", "суточн":
		return unitOf("день")
	case "летн", "годичн":
		return unitOf("год")
	case "месяч":
		return unitOf("месяц")
	case "часов":
		return unitOf("час")
	case "недел":
		return unitOf("неделя")
	}
	return unitOf(form)
}
