package retrieval

import (
	"strconv"

	"github.com/whetstone-desk/whetstone/retrieval/forms"
)

// dayMonth reads a month, and a year if there is one, behind a day: 5 марта
// 2026, 5th of March.
func dayMonth(x []lexeme, j int, day fact) (fact, int) {
	if day.value < 1 || day.value > 31 || day.unit.Family != forms.NoUnit {
		return fact{}, 0
	}
	k := j
	if k < len(x) && x[k].norm == "of" {
		k++
	}
	if k >= len(x) || x[k].kind != lexWord {
		return fact{}, 0
	}
	month := forms.Month(x[k].norm)
	if month == 0 {
		return fact{}, 0
	}
	k++
	if k < len(x) && x[k].norm == "." && len([]rune(x[k-1].norm)) <= 4 {
		k++
	}
	year, n := yearAt(x, k)
	return fact{kind: DateProblem, code: dateNorm(year, month, int(day.value))}, k + n - j
}

// monthFirst reads a date that begins with a month, or a month alone.
func monthFirst(x []lexeme, i int) (fact, int) {
	month := forms.Month(x[i].norm)
	if month == 0 {
		return fact{}, 0
	}
	j := i + 1
	if j < len(x) && x[j].norm == "." && len(x[i].norm) <= 4 {
		j++
	}
	if j < len(x) && (x[j].kind == lexNum || x[j].kind == lexOrd) && x[j].value >= 1 && x[j].value <= 31 {
		year, n := yearAt(x, j+1)
		return fact{kind: DateProblem, code: dateNorm(year, month, int(x[j].value))}, j + 1 + n - i
	}
	if n, value, ordinal := spelled(x[j:]); n > 0 && ordinal {
		year, m := yearAt(x, j+n)
		return fact{kind: DateProblem, code: dateNorm(year, month, int(value))}, j + n + m - i
	}
	if year, n := yearAt(x, j); n > 0 {
		return fact{kind: DateProblem, code: dateNorm(year, month, 0)}, j + n - i
	}
	if !monthAlone(x, i) {
		return fact{}, 0
	}
	return fact{kind: DateProblem, code: dateNorm(0, month, 0)}, 1
}

// monthAlone tells a month from a verb of the same letters (may, march).
func monthAlone(x []lexeme, i int) bool {
	switch x[i].norm {
	case "may", "march", "mar", "dec", "sep", "jan":
	default:
		return true
	}
	if i == 0 {
		return false
	}
	switch x[i-1].norm {
	case "in", "until", "till", "by", "of", "since", "before", "after", "from", "this", "last", "next":
		return true
	}
	return false
}

// yearAt reads ", 2026", "2026 года" and "2026 г.".
func yearAt(x []lexeme, i int) (year, n int) {
	j := i
	if j < len(x) && x[j].norm == "," {
		j++
	}
	if j >= len(x) || x[j].kind != lexNum || x[j].value < 1900 || x[j].value >= 2200 {
		return 0, 0
	}
	year = int(x[j].value)
	j++
	if j < len(x) && (unitOf(x[j].norm).Name == "year" || x[j].norm == "г") {
		j++
	}
	return year, j - i
}

// sameDate reports whether the date a of an answer says no more than the date
// b of a source, and nothing else.
func sameDate(a, b string) bool {
	if a == b {
		return true
	}
	ay, am, ad, ok := dateParts(a)
	by, bm, bd, ok2 := dateParts(b)
	if !ok || !ok2 {
		return false
	}
	fits := func(x, y int) bool { return x == 0 || x == y }
	if fits(ay, by) && fits(am, bm) && fits(ad, bd) {
		return true
	}
	return false
}

func dateParts(s string) (year, month, day int, ok bool) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return 0, 0, 0, false
	}
	year, err := strconv.Atoi(s[:4])
	month, err2 := strconv.Atoi(s[5:7])
	day, err3 := strconv.Atoi(s[8:])
	return year, month, day, err == nil && err2 == nil && err3 == nil
}
