package clash

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/whetstone-desk/whetstone/retrieval/forms"
)

// A token is a piece of a sentence as facts are read from it: a word of the
// corpus, a number, or a sign.
type token struct {
	norm       string
	word       int32   // of the vocabulary; -1: none
	number     float64 // if digits says so
	digits     bool
	raw        string // of digits: as written, separators kept
	start, end int    // runes
	capital    bool   // begins with a capital letter, and not the sentence
	glued      bool   // stands right behind the token before it
}

// A fact is a number, price, date or time of day.
type fact struct {
	what       string // Number, Price, Date
	family     string // facts of different families do not compare
	lo, hi     float64
	bound      int8    // -1: at most, 1: at least
	work       bool    // working days
	nouns      []int32 // what a number without a unit counts
	from, to   int     // tokens
	start, end int     // runes
	leads      bool    // the sentence begins with it
	threshold  bool    // a sum from which or up to which something else holds
}

// factsOf reads the facts of a sentence.
func factsOf(x []token) []fact {
	var out []fact
	for i := 0; i < len(x); {
		f, n := factAt(x, i)
		if n == 0 {
			i++
			continue
		}
		f.from, f.to, f.start, f.end = i, i+n, x[i].start, x[i+n-1].end
		f.leads = i == 0
		f.bound = boundOf(x, i, i+n)
		f.threshold = threshold(x, &f)
		out = append(out, f)
		i += n
	}
	return ranges(x, out)
}

// factAt reads the fact that begins at token i, and how many tokens it takes.
func factAt(x []token, i int) (fact, int) {
	t := &x[i]
	switch {
	case t.digits:
		if i > 0 && counts(x[i-1].norm) {
			return fact{}, 0 // step 3, figure 2, version 5
		}
		return digitsAt(x, i)
	case strings.HasPrefix(unitOf(t.norm).family, familyMoney) && len([]rune(t.norm)) == 1 && i+1 < len(x) && x[i+1].digits && t.norm != "р":
		return pricedAt(x, i)
	case forms.Month(t.norm) > 0:
		return monthAt(x, i)
	case forms.Weekday(t.norm) > 0:
		d := float64(forms.Weekday(t.norm))
		return fact{what: Date, family: "weekday", lo: d, hi: d}, 1
	}
	if u := unitOf(t.norm); u.family == familyTime && i > 0 && len(t.norm) > 2 && once(x, i) {
		return fact{what: Number, family: familyTime, lo: u.factor, hi: u.factor}, 1
	}
	if v := amount(t.norm); v > 0 {
		n := 1
		if v >= 20 && i+1 < len(x) && amount(x[i+1].norm) > 0 && amount(x[i+1].norm) < 10 {
			v += amount(x[i+1].norm)
			n = 2
		}
		return measured(x, i, n, v)
	}
	return fact{}, 0
}

// pricedAt reads a number behind the sign of a currency at i.
func pricedAt(x []token, i int) (fact, int) {
	u := unitOf(x[i].norm)
	f := fact{what: Price, family: u.family, lo: x[i+1].number, hi: x[i+1].number}
	n := 2
	if i+2 < len(x) {
		if s := forms.Scale(x[i+2].norm); s > 0 {
			f.lo, f.hi, n = f.lo*s, f.hi*s, 3
		}
	}
	if f.hi == 0 {
		return fact{}, 0
	}
	return f, n
}

// once reports whether the span at i, without a number, says one: within a day,
// через год.
func once(x []token, i int) bool {
	switch x[i-1].norm {
	case "через", "течение", "за", "within", "one":
		return true
	case "a", "an":
		return i > 1 && (x[i-2].norm == "within" || x[i-2].norm == "in" || x[i-2].norm == "after" || x[i-2].norm == "for")
	}
	return false
}

// counts reports whether the number behind a word only counts: it is the place
// of a thing, and no fact about it.
func counts(norm string) bool {
	switch norm {
	case "step", "шаг", "шага", "шаге", "figure", "fig", "рис", "рисунок", "рисунке", "section", "chapter", "раздел", "глава", "пункт", "пункте", "п",
		"version", "версия", "версии", "версию", "v", "no", "item", "option", "вариант", "табл", "таблица", "table", "page", "стр", "part", "часть",
		"windows", "android", "ios", "python", "mac", "macos", "iphone", "office", "internet", "top", "tab", "вкладка", "вкладке", "rfc", "error", "ошибка", "код", "code", "http", "статья", "issue":
		return true
	}
	return false
}

// digitsAt reads what begins with the digits at i.
func digitsAt(x []token, i int) (fact, int) {
	raw := x[i].raw
	switch {
	case strings.Contains(raw, ":"):
		return clockAt(x, i)
	case strings.Count(raw, ".") == 2 || strings.Count(raw, "/") == 2 || strings.Count(raw, "-") == 2:
		return dateAt(raw)
	case strings.ContainsAny(raw, "/_"):
		return fact{}, 0 // 24/7
	case strings.ContainsAny(raw, "-‑"):
		return spanAt(x, i)
	}
	value, n := x[i].number, 1
	// 1 500: groups of thousands.
	for value >= 1 && i+n < len(x) && x[i+n].digits && len(x[i+n].raw) == 3 && len(x[i].raw) <= 3 && x[i+n].start == x[i+n-1].end+1 && !strings.ContainsAny(x[i].raw, ".,") {
		value = value*1000 + x[i+n].number
		n++
	}
	return measured(x, i, n, value)
}

// spanAt reads 3-5 days.
func spanAt(x []token, i int) (fact, int) {
	a, b, _ := strings.Cut(strings.ReplaceAll(x[i].raw, "‑", "-"), "-")
	lo, err := strconv.ParseFloat(strings.ReplaceAll(a, ",", "."), 64)
	hi, err2 := strconv.ParseFloat(strings.ReplaceAll(b, ",", "."), 64)
	if err != nil || err2 != nil || lo >= hi {
		return fact{}, 0
	}
	f, n := measured(x, i, 1, hi)
	if f.hi > 0 {
		f.lo = lo * f.hi / hi
	}
	return f, n
}

// measured reads the unit behind a number that takes n tokens from i, or the
// noun that it counts.
func measured(x []token, i, n int, value float64) (fact, int) {
	j := i + n
	if j < len(x) {
		if s := forms.Scale(x[j].norm); s > 0 {
			value *= s
			j++
		}
	}
	if j < len(x) && forms.Month(x[j].norm) > 0 && value >= 1 && value <= 31 && x[j].norm != "may" {
		day := float64(forms.Month(x[j].norm))*100 + value
		return fact{what: Date, family: "date", lo: day, hi: day}, j + 1 + yearBehind(x, j+1) - i
	}
	if j < len(x) && (x[j].norm == "am" || x[j].norm == "pm") && value >= 1 && value <= 12 {
		v := float64(int(value)%12) * 60
		if x[j].norm == "pm" {
			v += 12 * 60
		}
		return fact{what: Date, family: "clock", lo: v, hi: v}, j + 1 - i
	}
	k, work := j, false
	for k < len(x) && k < j+2 {
		ok, w := forms.Qualifies(x[k].norm)
		if !ok {
			break
		}
		work = work || w
		k++
	}
	if k < len(x) && x[k].norm == "-" && x[k].glued {
		k++
	}
	if k < len(x) {
		u := unitOf(x[k].norm)
		year := value >= 1900 && value < 2100
		switch {
		case year && (x[k].norm == "г" || x[k].norm == "год" || x[k].norm == "года" || x[k].norm == "году"):
			return fact{what: Date, family: "year", lo: value, hi: value}, k + 1 - i
		case u.family != "":
			f := fact{what: Number, family: u.family, lo: value * u.factor, hi: value * u.factor, work: work}
			if strings.HasPrefix(u.family, familyMoney) {
				f.what = Price
			}
			return f, k + 1 - i
		}
	}
	if x[i].digits && len(x[i].raw) == 4 && value >= 1900 && value < 2100 && n == 1 {
		return fact{what: Date, family: "year", lo: value, hi: value}, 1
	}
	f := fact{what: Number, family: "count", lo: value, hi: value}
	for k := j; k < len(x) && k < j+3 && len(f.nouns) < 2; k++ {
		if x[k].word < 0 || !unicode.IsLetter([]rune(x[k].norm)[0]) {
			break
		}
		f.nouns = append(f.nouns, x[k].word)
	}
	if len(f.nouns) == 0 {
		return fact{}, 0
	}
	return f, j - i
}

// monthAt reads March 5, 2026, or a month alone with its year.
func monthAt(x []token, i int) (fact, int) {
	m := float64(forms.Month(x[i].norm))
	if i+1 < len(x) && x[i+1].digits && x[i+1].number >= 1 && x[i+1].number <= 31 && len(x[i+1].raw) <= 4 {
		day := m*100 + x[i+1].number
		return fact{what: Date, family: "date", lo: day, hi: day}, 2 + yearBehind(x, i+2)
	}
	if x[i].norm == "may" || x[i].norm == "march" {
		return fact{}, 0 // as likely a verb
	}
	return fact{what: Date, family: "month", lo: m, hi: m}, 1 + yearBehind(x, i+1)
}

// yearBehind is how many tokens from i are the year of a date.
func yearBehind(x []token, i int) int {
	j := i
	if j < len(x) && x[j].norm == "," {
		j++
	}
	if j >= len(x) || !x[j].digits || x[j].number < 1900 || x[j].number >= 2100 {
		return 0
	}
	j++
	if j < len(x) && strings.HasPrefix("года", x[j].norm) && x[j].norm != "" {
		j++
	}
	return j - i
}

// clockAt reads 9:30, in minutes of the day.
func clockAt(x []token, i int) (fact, int) {
	raw := strings.FieldsFunc(x[i].raw, func(r rune) bool { return r == '-' || r == '‑' })
	at := func(s string) (float64, bool) {
		h, m, ok := strings.Cut(s, ":")
		hour, err := strconv.Atoi(h)
		minute, err2 := strconv.Atoi(m)
		return float64(hour*60 + minute), ok && err == nil && err2 == nil && hour <= 24 && minute < 60
	}
	lo, ok := at(raw[0])
	hi := lo
	if ok && len(raw) == 2 {
		hi, ok = at(raw[1])
	}
	if !ok {
		return fact{}, 0
	}
	n := 1
	if i+1 < len(x) && x[i+1].norm == "pm" && lo < 12*60 {
		lo, hi, n = lo+12*60, hi+12*60, 2
	} else if i+1 < len(x) && x[i+1].norm == "am" {
		n = 2
	}
	return fact{what: Date, family: "clock", lo: lo, hi: hi}, n
}

// dateAt reads 12.05.2026 and 2026-05-12, as month and day: the year is
// another fact, and often left out.
func dateAt(raw string) (fact, int) {
	p := strings.FieldsFunc(raw, func(r rune) bool { return r == '.' || r == '/' || r == '-' })
	if len(p) != 3 {
		return fact{}, 0
	}
	var v [3]int
	for i := range p {
		v[i], _ = strconv.Atoi(p[i])
	}
	month, day := v[1], v[0]
	if len(p[0]) == 4 {
		day = v[2]
	} else if len(p[2]) != 4 && len(p[2]) != 2 {
		return fact{}, 0
	}
	if month < 1 || month > 12 || day < 1 || day > 31 || strings.Contains(raw, "/") {
		return fact{}, 0 // 5/3 is May in one country and March in another
	}
	d := float64(month*100 + day)
	return fact{what: Date, family: "date", lo: d, hi: d}, 1
}
