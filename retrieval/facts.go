package retrieval

import (
	"fmt"
	"math"
	"strconv"

	"github.com/whetstone-desk/whetstone/retrieval/forms"
)

// A fact is something in a text that is right or wrong by a digit: a number
// with its unit, a date, a time, an address, a code.
type fact struct {
	kind     ProblemKind
	value    float64 // of a number, price or duration
	code     string  // of everything else, in canonical form
	unit     unit
	ordinal  bool
	weak     bool  // "one", "first", a bare "day": its absence elsewhere proves nothing
	bound    bound // what the words around make of the number
	place    int8  // in a range: 1 the first number, 2 the last; 0: in none
	from, to int   // lexemes
	lo, hi   int   // lexemes of the range it belongs to, else from and to
}

// A bound says which side of a number is meant.
type bound int8

const (
	atMost  bound = -1 // up to, within, before
	exactly bound = 0
	atLeast bound = 1 // from, more than, after
)

// factsOf finds the facts in lexemes.
func factsOf(x []lexeme) []fact {
	var facts []fact
	for i := 0; i < len(x); {
		f, n := factAt(x, i)
		if n == 0 {
			i++
			continue
		}
		f.from, f.to, f.lo, f.hi = i, i+n, i, i+n
		f.bound = boundOf(x, i, i+n)
		facts = append(facts, f)
		i += n
	}
	spread(x, facts)
	return facts
}

// factAt reads the fact that begins at lexeme i, and how many lexemes it takes.
func factAt(x []lexeme, i int) (fact, int) {
	w := &x[i]
	switch w.kind {
	case lexDate:
		return fact{kind: DateProblem, code: w.norm}, 1
	case lexClock:
		return clockAt(x, i)
	case lexCode:
		return codeFact(w), 1
	case lexLink:
		return fact{kind: URLProblem, code: w.norm}, 1
	case lexPhone:
		return fact{kind: NumberProblem, code: "tel:" + w.norm}, 1
	case lexSign:
		return signed(x, i)
	case lexNum:
		return counted(x, i, 1, fact{kind: NumberProblem, value: w.value})
	case lexOrd:
		return counted(x, i, 1, fact{kind: NumberProblem, value: w.value, ordinal: true})
	case lexWord:
		return wordFact(x, i)
	case lexPunct:
	}
	return fact{}, 0
}

// codeFact is the fact that a code names. "24x7" and "5th" never get here.
func codeFact(w *lexeme) fact { return fact{kind: NumberProblem, code: w.norm} }

// clockAt reads a time of day with am or pm.
func clockAt(x []lexeme, i int) (fact, int) {
	hour, err := strconv.Atoi(x[i].norm[:2])
	if err != nil {
		return fact{}, 0
	}
	n := 1
	if half, m := halfDay(x, i+1); m > 0 {
		hour = hour%12 + half
		n += m
	}
	return fact{kind: NumberProblem, code: fmt.Sprintf("%02d%s", hour, x[i].norm[2:])}, n
}

// halfDay reads am and pm, also written a.m.: 0 or 12 hours.
func halfDay(x []lexeme, i int) (hours, n int) {
	at := func(k int) string {
		if i+k < len(x) {
			return x[i+k].norm
		}
		return ""
	}
	switch {
	case at(0) == "am":
		return 0, 1
	case at(0) == "pm":
		return 12, 1
	case at(0) == "a" && at(1) == "." && at(2) == "m":
		return 0, 3
	case at(0) == "p" && at(1) == "." && at(2) == "m":
		return 12, 3
	}
	return 0, 0
}

// signed reads a currency sign before its number: $5.
func signed(x []lexeme, i int) (fact, int) {
	u := unitOf(x[i].norm)
	if u.Family != forms.Money || i+1 >= len(x) || x[i+1].kind != lexNum || x[i+1].start != x[i].end {
		return fact{}, 0
	}
	f, n := counted(x, i+1, 1, fact{kind: NumberProblem, value: x[i+1].value})
	if f.unit.Family == forms.NoUnit || f.unit.Family == forms.Money {
		f.kind, f.unit = PriceProblem, u
	}
	return f, n + 1
}

// wordFact reads facts that begin with a word.
func wordFact(x []lexeme, i int) (fact, int) {
	w := x[i].norm
	switch w {
	case "полчаса", "получаса":
		return timed(30, unitOf("minute")), 1
	case "полгода", "полугода":
		return timed(6, unitOf("month")), 1
	case "полдень", "полудня", "noon":
		return fact{kind: NumberProblem, code: "12:00"}, 1
	case "полночь", "полуночи", "midnight":
		return fact{kind: NumberProblem, code: "00:00"}, 1
	case "half", "половина", "половину", "половины", "половиной", "пополам":
		return fact{kind: NumberProblem, value: 50, unit: unitOf("%")}, 1
	case "twice", "дважды":
		return fact{kind: NumberProblem, value: 2}, 1
	case "thrice", "трижды":
		return fact{kind: NumberProblem, value: 3}, 1
	}
	if f, n := monthFirst(x, i); n > 0 {
		return f, n
	}
	if d := forms.Weekday(w); d > 0 {
		return fact{kind: DateProblem, code: "weekday " + strconv.Itoa(d)}, 1
	}
	if value, u, ok := compound(w); ok {
		return timed(value, u), 1
	}
	if n, value, ordinal := spelled(x[i:]); n > 0 {
		if idle(x, i, n) {
			return fact{}, 0
		}
		f, n := counted(x, i, n, fact{kind: NumberProblem, value: value, ordinal: ordinal})
		f.weak = f.weak || value <= 1 && f.unit.Family == forms.NoUnit || ordinal && value <= 1
		return f, n
	}
	// A span without a number, as in "within a day", says one; as a fact it
	// only has to be there.
	if u := unitOf(w); u.span() && !short(w) && !greets(x, i) {
		f := timed(1, u)
		f.weak = true
		return f, 1
	}
	return fact{}, 0
}

// idle reports whether number words say nothing of number: one of, one by one,
// second as in seconds is handled by its unit.
func idle(x []lexeme, i, n int) bool {
	next := ""
	if i+n < len(x) {
		next = x[i+n].norm
	}
	if n != 1 {
		return false
	}
	switch x[i].norm {
	case "one":
		return next == "of" || next == "'s" || i > 0 && (x[i-1].norm == "no" || x[i-1].norm == "this" || x[i-1].norm == "that" || x[i-1].norm == "which" || x[i-1].norm == "another")
	case "один", "одна", "одно", "одного", "одной", "одну", "одним", "одном", "одному":
		return next == "из"
	case "first", "second":
		return next == "," || next == "of" && i+2 < len(x) && x[i+2].norm == "all"
	}
	return false
}

// greets reports whether a day is wished rather than counted.
func greets(x []lexeme, i int) bool {
	if i == 0 {
		return false
	}
	switch x[i-1].norm {
	case "добрый", "доброго", "good", "nice", "great", "хорошего", "приятного", "lovely", "удачного":
		return true
	}
	return false
}

func timed(value float64, u unit) fact { return fact{kind: NumberProblem, value: value, unit: u} }

// counted finishes a number that takes n lexemes from i: its scale, its unit,
// or the date it begins.
func counted(x []lexeme, i, n int, f fact) (fact, int) {
	j := i + n
	if j < len(x) && x[j].kind == lexWord && forms.Scale(x[j].norm) > 0 && (x[i].kind == lexNum) {
		f.value *= forms.Scale(x[j].norm)
		j++
		if j < len(x) && x[j].norm == "." && j+1 < len(x) && unitOf(x[j+1].norm).Family == forms.Money {
			j++
		}
	}
	if half, m := halfDay(x, j); m > 0 && f.value >= 1 && f.value <= 12 {
		return fact{kind: NumberProblem, code: fmt.Sprintf("%02d:00", int(f.value)%12+half)}, j + m - i
	}
	if g, m := dayMonth(x, j, f); m > 0 {
		return g, j + m - i
	}
	if j+1 < len(x) && x[j].norm == "-" && x[j].start == x[j-1].end && x[j+1].start == x[j].end && unitOf(x[j+1].norm).Family != forms.NoUnit {
		j++ // 14-day
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
	// "14-day" and "5 %" have nothing but a hyphen or a blank between.
	if k < len(x) && (x[k].kind == lexWord || x[k].kind == lexSign) {
		u := unitOf(x[k].norm)
		year := f.value >= 1900 && f.value < 2200 && f.value == math.Trunc(f.value)
		if year && (u.Name == "year" || u.Name == "g") {
			return fact{kind: DateProblem, code: dateNorm(int(f.value), 0, 0)}, k + 1 - i
		}
		if u.Family != forms.NoUnit && (!f.ordinal || u.span()) {
			f.unit, f.unit.work = u, work
			if u.Family == forms.Money {
				f.kind = PriceProblem
			}
			return f, k + 1 - i
		}
	}
	return f, j - i
}

// spread finds ranges: 3–5 days, from 3 to 5 days. It gives their first number
// the unit of the last.
func spread(x []lexeme, facts []fact) {
	for i := len(facts) - 2; i >= 0; i-- {
		a, b := &facts[i], &facts[i+1]
		if a.code != "" || b.code != "" || b.unit.Family != forms.NoUnit && b.to-b.from < 2 && x[b.from].kind == lexWord {
			continue
		}
		between := ""
		if a.to < b.from {
			between = x[a.to].norm
		}
		if a.to+1 != b.from || !joins(between) {
			continue
		}
		if a.unit.Family == forms.NoUnit && b.unit.Family != forms.NoUnit {
			a.unit, a.kind, a.weak = b.unit, b.kind, false
		}
		if between != "и" && between != "and" && between != "или" && between != "or" {
			a.place, b.place = 1, 2
			a.hi, b.lo = b.to, a.from
		}
	}
}

// joins reports whether a lexeme stands between the numbers of a range.
func joins(norm string) bool {
	switch norm {
	case "–", "—", "-", "до", "to", "и", "and", "или", "or":
		return true
	}
	return false
}
