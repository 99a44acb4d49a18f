package retrieval

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/whetstone-desk/whetstone/retrieval/forms"
)

// number takes what begins with a digit: a date, a time, a code, an ordinal or
// a plain number.
func (l *lexer) number() {
	s := l.runes[l.pos:]
	if n, norm := dateDigits(s); n > 0 {
		l.add(lexDate, n).norm = norm
		return
	}
	if n, norm := clockDigits(s); n > 0 {
		l.add(lexClock, n).norm = norm
		return
	}
	if n := versionLen(s); n > 0 {
		l.add(lexCode, n)
		return
	}
	n, value := plainNumber(s)
	m := digitsLen(s)
	if n == m && (m > 7 || m > 1 && s[0] == '0') {
		// An account or order number: its digits are its name.
		l.add(lexCode, alnumLen(s))
		return
	}
	if size, ord := ordinalSuffix(s[n:]); ord {
		l.add(lexOrd, n+size).value = value
		return
	}
	if n < len(s) && isLetter(s[n]) && !unitSuffix(s[n:]) {
		x := l.add(lexCode, max(n, alnumLen(s)))
		x.norm = codeNorm(x.norm)
		return
	}
	x := l.add(lexNum, n)
	x.value = value
	x.norm = strconv.FormatFloat(value, 'f', -1, 64)
}

// digitsLen is the number of digits s begins with.
func digitsLen(s []rune) int {
	n := 0
	for n < len(s) && unicode.IsDigit(s[n]) {
		n++
	}
	return n
}

// plainNumber reads digits with groups of thousands and a decimal part:
// 1 500, 1,500.00, 2,5.
func plainNumber(s []rune) (int, float64) {
	n := digitsLen(s)
	digits := []rune(string(s[:n]))
	if n <= 3 && s[0] != '0' {
		sep := rune(0)
		for n+3 < len(s) && groupSeparator(s[n]) && (sep == 0 || s[n] == sep) &&
			digitsLen(s[n+1:]) == 3 {
			sep = s[n]
			digits = append(digits, s[n+1:n+4]...)
			n += 4
		}
	}
	if n+1 < len(s) && (s[n] == '.' || s[n] == ',') && unicode.IsDigit(s[n+1]) {
		m := digitsLen(s[n+1:])
		digits = append(append(digits, '.'), s[n+1:n+1+m]...)
		n += 1 + m
	}
	value, err := strconv.ParseFloat(asciiDigits(digits), 64)
	if err != nil {
		return n, 0
	}
	return n, value
}

// asciiDigits writes the digits of any script as 0 to 9.
func asciiDigits(s []rune) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r < 0x80:
			b.WriteRune(r)
		case '٠' <= r && r <= '٩':
			b.WriteRune(r - '٠' + '0')
		default:
			b.WriteByte('0')
		}
	}
	return b.String()
}

func groupSeparator(r rune) bool {
	return r == ' ' || r == '\u00a0' || r == '\u2009' || r == '\u202f' || r == ','
}

// dateDigits reads 2026-03-05, 05.03.2026, 5/3/26. Which of two small numbers
// is the month of a date with slashes differs by country, so both are kept in
// the order they stand.
func dateDigits(s []rune) (int, string) {
	a := digitsLen(s)
	if a == 0 || a >= len(s) {
		return 0, ""
	}
	sep := s[a]
	if sep != '.' && sep != '/' && sep != '-' {
		return 0, ""
	}
	b := digitsLen(s[a+1:])
	second := a + 1 + b
	if b == 0 || b > 2 || second >= len(s) || s[second] != sep {
		return 0, ""
	}
	c := digitsLen(s[second+1:])
	n := second + 1 + c
	if n < len(s) && isLetter(s[n]) || n+1 < len(s) && s[n] == sep && unicode.IsDigit(s[n+1]) {
		return 0, ""
	}
	x, _ := strconv.Atoi(string(s[:a]))
	y, _ := strconv.Atoi(string(s[a+1 : second]))
	z, _ := strconv.Atoi(string(s[second+1 : n]))
	switch {
	case a == 4 && (c == 1 || c == 2) && validDay(z, y):
		return n, dateNorm(x, y, z)
	case a <= 2 && (c == 4 || c == 2 && a == 2 && b == 2 && sep != '-') && validDay(x, y):
		return n, dateNorm(fullYear(z, c), y, x)
	case a <= 2 && c == 4 && sep != '.' && validDay(y, x):
		return n, dateNorm(fullYear(z, c), x, y)
	}
	return 0, ""
}

func validDay(day, month int) bool { return 1 <= month && month <= 12 && 1 <= day && day <= 31 }

func fullYear(year, digits int) int {
	if digits == 2 {
		return 2000 + year
	}
	return year
}

// dateNorm writes a date; a part that is 0 is not known.
func dateNorm(year, month, day int) string { return fmt.Sprintf("%04d-%02d-%02d", year, month, day) }

// clockDigits reads 9:30 and 18:00:00.
func clockDigits(s []rune) (int, string) {
	h := digitsLen(s)
	if h == 0 || h > 2 || h+2 >= len(s) || s[h] != ':' || digitsLen(s[h+1:]) != 2 {
		return 0, ""
	}
	hour, _ := strconv.Atoi(string(s[:h]))
	minute, _ := strconv.Atoi(string(s[h+1 : h+3]))
	if hour > 24 || minute > 59 {
		return 0, ""
	}
	n := h + 3
	if n+2 < len(s) && s[n] == ':' && digitsLen(s[n+1:]) == 2 {
		n += 3
	}
	return n, fmt.Sprintf("%02d:%02d", hour, minute)
}

// versionLen is the length of a number in three or more parts: 2.3.17.
func versionLen(s []rune) int {
	n, parts := 0, 0
	for {
		d := digitsLen(s[n:])
		if d == 0 {
			break
		}
		n += d
		parts++
		if n+1 < len(s) && s[n] == '.' && unicode.IsDigit(s[n+1]) {
			n++
			continue
		}
		break
	}
	if parts < 3 {
		return 0
	}
	return n
}

// ordinalSuffix reads what makes a number an ordinal: -й, st, th.
func ordinalSuffix(s []rune) (int, bool) {
	n := 0
	if n < len(s) && (s[n] == '-' || s[n] == '‑') {
		n++
	}
	m := n
	for m < len(s) && isLetter(s[m]) {
		m++
	}
	switch strings.ToLower(string(s[n:m])) {
	case "st", "nd", "rd", "th", "й", "я", "е", "го", "му", "ая", "ой", "ый", "ое", "ого", "ому", "ых", "х", "м", "ю", "ую":
		// "5 м" is five metres, "5-м" is a fifth.
		return m, n > 0 || m-n > 1
	}
	return 0, false
}

// unitSuffix reports whether the letters right behind a number are a unit and
// not a part of a code: 15мин, 5GB, 10am.
func unitSuffix(s []rune) bool {
	m := 0
	for m < len(s) && isLetter(s[m]) {
		m++
	}
	if m < len(s) && unicode.IsDigit(s[m]) {
		return false
	}
	word := foldRunes(s[:m])
	return unitOf(word).Family != forms.NoUnit || word == "am" || word == "pm" || forms.Scale(word) > 0
}

// phone takes a telephone number: with a plus, or eleven digits in groups.
func (l *lexer) phone() bool {
	s := l.runes[l.pos:]
	if s[0] != '+' && s[0] != '(' && !unicode.IsDigit(s[0]) {
		return false
	}
	if l.pos > 0 && isAlnum(l.runes[l.pos-1]) {
		return false
	}
	n, end, digits, groups := 0, 0, 0, 1
	for n < len(s) && n < 24 {
		switch {
		case unicode.IsDigit(s[n]):
			digits++
			end = n + 1
		case s[n] == '+' && n == 0:
		case (strings.ContainsRune(" -\u00a0‑()", s[n])) && n+1 < len(s) && (isPhoneRune(s[n+1])):
			if n > 0 && unicode.IsDigit(s[n-1]) {
				groups++
			}
		default:
			n = len(s)
			continue
		}
		n++
	}
	plain := asciiDigits(s[:end])
	plain = strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, plain)
	full := digits == 11 && groups >= 3 && strings.ContainsAny(plain[:1], "178")
	local := digits == 10 && groups == 3 && strings.ContainsRune(string(s[:end]), '-')
	plus := s[0] == '+' && digits >= 7 && digits <= 15
	if !plus && !full && !local || end < len(s) && isAlnum(s[end]) {
		return false
	}
	if len(plain) == 11 && plain[0] == '8' {
		plain = "7" + plain[1:]
	}
	l.add(lexPhone, end).norm = plain
	return true
}

func isPhoneRune(r rune) bool { return unicode.IsDigit(r) || strings.ContainsRune("()- ", r) }
