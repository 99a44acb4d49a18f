package retrieval

import "strings"

// A numeral is a number word.
type numeral struct {
	value   float64
	ordinal bool
}

// cardinals lists the number words of Russian, in every case, and of English.
var cardinals = [...]struct {
	value float64
	forms string
}{
	{0, "zero ноль нуль нуля"},
	{1, "one один одна одно одного одной одному одним одном одну"},
	{1.5, "полтора полутора полторы"},
	{2, "two два две двух двум двумя двое двоих"},
	{3, "three три трех трем тремя трое троих"},
	{4, "four четыре четырех четырем четырьмя"},
	{5, "five пять пяти пятью"}, {6, "six шесть шести шестью"}, {7, "seven семь семи"},
	{8, "eight восемь восьми восемью"}, {9, "nine девять девяти девятью"},
	{10, "ten десять десяти десятью"}, {11, "eleven одиннадцать одиннадцати"},
	{12, "twelve dozen двенадцать двенадцати дюжина"}, {13, "thirteen тринадцать тринадцати"},
	{14, "fourteen четырнадцать четырнадцати"}, {15, "fifteen пятнадцать пятнадцати"},
	{16, "sixteen шестнадцать шестнадцати"}, {17, "seventeen семнадцать семнадцати"},
	{18, "eighteen восемнадцать восемнадцати"}, {19, "nineteen девятнадцать девятнадцати"},
	{20, "twenty двадцать двадцати"}, {30, "thirty тридцать тридцати"}, {40, "forty сорок сорока"},
	{50, "fifty пятьдесят пятидесяти"}, {60, "sixty шестьдесят шестидесяти"},
	{70, "seventy семьдесят семидесяти"}, {80, "eighty восемьдесят восьмидесяти"},
	{90, "ninety девяносто девяноста"}, {100, "сто ста"}, {200, "двести двухсот"}, {300, "триста трехсот"},
	{400, "четыреста четырехсот"}, {500, "пятьсот пятисот"}, {600, "шестьсот шестисот"},
	{700, "семьсот семисот"}, {800, "восемьсот восьмисот"}, {900, "девятьсот девятисот"},
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

var numerals = newNumerals()

func newNumerals() map[string]numeral {
	m := make(map[string]numeral, 400)
	for _, c := range cardinals {
		for f := range strings.FieldsSeq(c.forms) {
			m[f] = numeral{value: c.value}
		}
	}
	for _, o := range ordinals {
		m[o.english] = numeral{value: o.value, ordinal: true}
		for e := range strings.FieldsSeq(ordinalEndings) {
			m[o.stem+e] = numeral{value: o.value, ordinal: true}
		}
	}
	delete(m, "")
	m["третью"] = numeral{value: 3, ordinal: true}
	return m
}

// scaleOf returns what a word multiplies a number by, or 0.
func scaleOf(word string) float64 {
	switch word {
	case "hundred", "hundreds":
		return 100
	case "thousand", "thousands", "k", "тыс", "тысяча", "тысячи", "тысяч", "тысяче", "тысячу", "тысячам":
		return 1000
	case "million", "millions", "млн", "миллион", "миллиона", "миллионов":
		return 1e6
	}
	return 0
}

// spelled reads a number in words from x: how many lexemes it takes, 0 if none.
func spelled(x []lexeme) (n int, value float64, ordinal bool) {
	total, current, last := 0., 0., 1e12
	for n < len(x) && x[n].kind == lexWord {
		if scale := scaleOf(x[n].norm); scale > 0 && (n > 0 || x[n].norm != "k") {
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
		w, ok := numerals[x[n].norm]
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
