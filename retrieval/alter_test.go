package retrieval

import (
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
)

// An alteration makes a sentence say something its source does not. It
// returns "" where it does not apply.
type alteration struct {
	kind string
	lang string // "" for both
	make func(r *rand.Rand, sentence, article string) string
}

var (
	digits   = regexp.MustCompile(`\d+`)
	prices   = regexp.MustCompile(`[€$£]\d[\d.,]*|\d[\d ,.]*\s?(?:₽|€|\$|руб\S*|евро|euros?|dollars?)`)
	longDate = regexp.MustCompile(`(?i)\b(\d{1,2}) (January|February|March|April|May|June|July|August|September|October|November|December)|(\d{1,2}) (января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря)`)
	monthsOf = map[string][]string{
		"en": {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		"ru": {"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"},
	}
)

// twiceNegated finds negations that cancel each other or mean one.
var twiceNegated = regexp.MustCompile(`(?i)\b(?:not|cannot|can't|isn't|aren't|won't) (?:not|no|do not|never|nothing)\b|\b(?:nothing|neither|none|no one|never) (?:cannot|can't|isn't|aren't|is not|are not)|(?:не не |нельзя не |никогда можно)`)

// alterations are many ways in which a draft goes wrong by a word.
func alterations() []alteration {
	all := []alteration{
		{"number: another digit", "", otherDigit},
		{"number: a digit too many", "", func(r *rand.Rand, s, _ string) string {
			return onDigits(r, s, func(d string) string { return d + "0" })
		}},
		{"number: off by one", "", func(r *rand.Rand, s, _ string) string {
			return onDigits(r, s, func(d string) string {
				n, err := strconv.Atoi(d)
				if err != nil || len(d) > 6 {
					return d
				}
				return strconv.Itoa(n + 1)
			})
		}},
		{"number: two swapped", "", swapNumbers},
		{"number: one of elsewhere in the article", "", numberFromElsewhere},
		{"date: another month", "", otherMonth},
		{"date: another day", "", otherDay},
		{"date: another year", "", func(_ *rand.Rand, s, _ string) string { return strings.Replace(s, "2026", "2027", 1) }},
		{"price: another currency", "", otherCurrency},
		{"price: another amount", "", otherAmount},
	}
	for _, p := range replacements {
		all = append(all, alteration{p.kind + ": " + p.from + " → " + p.to, p.lang, replacing(p.from, p.to)})
	}
	return all
}

func onDigits(r *rand.Rand, s string, change func(string) string) string {
	at := digits.FindAllStringIndex(s, -1)
	at = withoutLinks(s, at)
	if len(at) == 0 {
		return ""
	}
	p := at[r.IntN(len(at))]
	return s[:p[0]] + change(s[p[0]:p[1]]) + s[p[1]:]
}

// withoutLinks drops numbers inside addresses and at the start of an item.
func withoutLinks(s string, at [][]int) [][]int {
	var out [][]int
	for _, p := range at {
		from := strings.LastIndexAny(s[:p[0]], " \n(") + 1
		word := s[from:]
		if i := strings.IndexAny(word, " \n)"); i >= 0 {
			word = word[:i]
		}
		if strings.Contains(word, "://") || strings.Contains(word, "@") || p[0] == 0 && itemMark(s) != "" {
			continue
		}
		out = append(out, p)
	}
	return out
}

func otherDigit(r *rand.Rand, s, _ string) string {
	return onDigits(r, s, func(d string) string {
		b := []byte(d)
		i := r.IntN(len(b))
		b[i] = '1' + (b[i]-'0'+byte(r.IntN(7)))%9
		if string(b) == d {
			b[i] = '1' + (b[i]-'0')%9
		}
		return string(b)
	})
}

func swapNumbers(r *rand.Rand, s, _ string) string {
	at := withoutLinks(s, digits.FindAllStringIndex(s, -1))
	if len(at) < 2 {
		return ""
	}
	i := r.IntN(len(at) - 1)
	a, b := at[i], at[i+1]
	if s[a[0]:a[1]] == s[b[0]:b[1]] {
		return ""
	}
	return s[:a[0]] + s[b[0]:b[1]] + s[a[1]:b[0]] + s[a[0]:a[1]] + s[b[1]:]
}

func numberFromElsewhere(r *rand.Rand, s, article string) string {
	others := digits.FindAllString(article, -1)
	if len(others) == 0 {
		return ""
	}
	with := others[r.IntN(len(others))]
	return onDigits(r, s, func(d string) string {
		if strings.Contains(s, with) {
			return d
		}
		return with
	})
}

func otherMonth(r *rand.Rand, s, _ string) string {
	p := longDate.FindStringIndex(s)
	if p == nil {
		return ""
	}
	day, month, _ := strings.Cut(s[p[0]:p[1]], " ")
	for _, names := range monthsOf {
		for i, name := range names {
			if strings.EqualFold(name, month) {
				return s[:p[0]] + day + " " + names[(i+1+r.IntN(11))%12] + s[p[1]:]
			}
		}
	}
	return ""
}

func otherDay(r *rand.Rand, s, _ string) string {
	p := longDate.FindStringIndex(s)
	if p == nil {
		return ""
	}
	d := digits.FindStringIndex(s[p[0]:])
	n, err := strconv.Atoi(s[p[0]+d[0] : p[0]+d[1]])
	if err != nil {
		return ""
	}
	return s[:p[0]+d[0]] + strconv.Itoa(1+(n+r.IntN(26))%28) + s[p[0]+d[1]:]
}

func otherCurrency(r *rand.Rand, s, _ string) string {
	p := prices.FindStringIndex(s)
	if p == nil {
		return ""
	}
	price := s[p[0]:p[1]]
	for from, to := range map[string]string{"€": "$", "₽": "€", "$": "€", "£": "$", "евро": "долларов", "euros": "dollars", "рублей": "долларов", "руб.": "долл."} {
		if strings.Contains(price, from) {
			return s[:p[0]] + strings.Replace(price, from, to, 1) + s[p[1]:]
		}
	}
	_ = r
	return ""
}

func otherAmount(r *rand.Rand, s, _ string) string {
	p := prices.FindStringIndex(s)
	if p == nil {
		return ""
	}
	d := digits.FindStringIndex(s[p[0]:p[1]])
	n, err := strconv.Atoi(s[p[0]+d[0] : p[0]+d[1]])
	if err != nil {
		return ""
	}
	return s[:p[0]+d[0]] + strconv.Itoa(n+1+r.IntN(90)) + s[p[0]+d[1]:]
}

// replacing replaces one occurrence of whole words, keeping a capital.
func replacing(from, to string) func(*rand.Rand, string, string) string {
	re := regexp.MustCompile(`(?i)(^|[^\pL])(` + regexp.QuoteMeta(from) + `)($|[^\pL])`)
	if strings.HasSuffix(from, "…") {
		re = regexp.MustCompile(`(?i)(^|[^\pL])(` + regexp.QuoteMeta(strings.TrimSuffix(from, "…")) + `)(\pL)`)
		to = strings.TrimSuffix(to, "…")
	}
	return func(r *rand.Rand, s, _ string) string {
		at := re.FindAllStringSubmatchIndex(s, -1)
		if len(at) == 0 {
			return ""
		}
		p := at[r.IntN(len(at))]
		with := to
		if p[4] == 0 && with != "" {
			with = strings.ToUpper(string([]rune(with)[:1])) + string([]rune(with)[1:])
		}
		out := strings.TrimSpace(strings.ReplaceAll(s[:p[4]]+with+s[p[5]:], "  ", " "))
		if twiceNegated.MatchString(out) {
			return "" // nobody writes "not not", and what it says is the same
		}
		return out
	}
}

// replacements are words that change what a sentence says. A … stands for the
// rest of a word.
var replacements = []struct{ kind, lang, from, to string }{
	{"number", "ru", "дней", "часов"}, {"number", "ru", "дня", "месяца"}, {"number", "ru", "часов", "минут"},
	{"number", "ru", "часа", "дня"}, {"number", "ru", "месяцев", "недель"}, {"number", "ru", "минут", "секунд"}, {"number", "ru", "недел…", "месяц…"},
	{"number", "ru", "кг", "г"}, {"number", "ru", "км", "м"}, {"number", "ru", "см", "мм"}, {"number", "ru", "лет", "месяцев"},
	{"number", "ru", "два", "три"}, {"number", "ru", "две", "четыре"}, {"number", "ru", "три", "пять"}, {"number", "ru", "двух", "семи"},
	{"number", "ru", "трёх", "десяти"}, {"number", "ru", "пять", "шесть"}, {"number", "ru", "второй", "третий"},
	{"number", "en", "days", "hours"}, {"number", "en", "hours", "days"}, {"number", "en", "months", "weeks"}, {"number", "en", "minutes", "hours"},
	{"number", "en", "weeks", "months"}, {"number", "en", "kg", "g"}, {"number", "en", "km", "m"}, {"number", "en", "year", "month"},
	{"number", "en", "two", "three"}, {"number", "en", "three", "five"}, {"number", "en", "four", "six"}, {"number", "en", "ten", "twelve"},
	{"number", "en", "half", "a third"}, {"number", "en", "second", "third"},
	{"date", "ru", "понедельник…", "вторник…"}, {"date", "ru", "пятниц…", "суббот…"}, {"date", "ru", "пятницу", "вторник"}, {"date", "ru", "субботу", "среду"}, {"date", "ru", "четверг", "понедельник"}, {"date", "ru", "октября", "ноября"},
	{"date", "en", "Thursday", "Monday"}, {"date", "en", "Saturday", "Friday"}, {"date", "en", "October", "May"}, {"date", "en", "June", "July"},
	{"date", "ru", "январ…", "феврал…"}, {"date", "ru", "март…", "август…"},
	{"date", "en", "Monday", "Tuesday"}, {"date", "en", "Friday", "Saturday"}, {"date", "en", "December", "November"}, {"date", "en", "Sunday", "Wednesday"},
	{"negation", "ru", "не", ""}, {"negation", "ru", "нельзя", "можно"}, {"negation", "ru", "можно", "нельзя"}, {"negation", "ru", "нет", "есть"},
	{"negation", "ru", "без", "с"}, {"negation", "ru", "невозможно", "возможно"}, {"negation", "ru", "доступн…", "недоступн…"},
	{"negation", "ru", "недоступн…", "доступн…"}, {"negation", "ru", "нужно", "не нужно"}, {"negation", "ru", "может", "не может"},
	{"negation", "ru", "можете", "не можете"}, {"negation", "ru", "есть", "нет"}, {"negation", "ru", "принимаем", "не принимаем"},
	{"negation", "ru", "возвращаем", "не возвращаем"}, {"negation", "ru", "возвращается", "не возвращается"}, {"negation", "ru", "действует", "не действует"},
	{"negation", "ru", "приходит", "не приходит"}, {"negation", "ru", "входит", "не входит"}, {"negation", "ru", "будет", "не будет"},
	{"negation", "ru", "работает", "не работает"}, {"negation", "ru", "после", "до"}, {"negation", "ru", "бесплатн…", "платн…"}, {"negation", "ru", "приедет", "не приедет"},
	{"negation", "ru", "никогда", "всегда"}, {"negation", "ru", "включая", "кроме"}, {"negation", "ru", "придёт", "не придёт"}, {"negation", "ru", "везём", "не везём"},
	{"negation", "ru", "подойдёт", "не подойдёт"}, {"negation", "ru", "сгорают", "не сгорают"}, {"negation", "ru", "остаётся", "не остаётся"}, {"negation", "ru", "хранится", "не хранится"},
	{"negation", "en", "not", ""}, {"negation", "en", "cannot", "can"}, {"negation", "en", "can't", "can"}, {"negation", "en", "don't", ""},
	{"negation", "en", "do not", ""}, {"negation", "en", "can", "cannot"}, {"negation", "en", "can", "can't"}, {"negation", "en", "is", "is not"}, {"negation", "en", "is", "isn't"},
	{"negation", "en", "are", "aren't"}, {"negation", "en", "are", "are not"}, {"negation", "en", "will", "won't"}, {"negation", "en", "without", "with"},
	{"negation", "en", "never", "always"}, {"negation", "en", "no", ""}, {"negation", "en", "must", "must not"}, {"negation", "en", "available", "unavailable"},
	{"negation", "en", "works", "does not work"}, {"negation", "en", "takes", "does not take"}, {"negation", "en", "need", "do not need"},
	{"negation", "en", "before", "after"}, {"negation", "en", "after", "before"}, {"negation", "en", "free", "not free"}, {"negation", "en", "possible", "impossible"},
	{"negation", "en", "may", "may not"}, {"negation", "en", "has", "has no"}, {"negation", "en", "you can", "you can never"}, {"negation", "en", "nothing", "everything"},
	{"negation", "en", "up to", "at least"}, {"negation", "en", "at least", "at most"}, {"negation", "en", "more than", "less than"},
	{"negation", "ru", "не более", "не менее"}, {"negation", "ru", "более", "менее"}, {"negation", "ru", "больше", "меньше"},
}
