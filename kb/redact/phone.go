package redact

import "strings"

// phoneLength returns how many digits a number has behind "+", by country code.
// What is not listed has 8 to 13.
func phoneLength(digits string) (least, most int) {
	for _, c := range [...]struct {
		code        string
		least, most int
	}{
		{"7", 11, 11}, {"1", 11, 11}, {"44", 12, 13}, {"380", 12, 12}, {"375", 12, 12}, {"998", 12, 12}, {"996", 12, 12},
		{"995", 12, 12}, {"994", 12, 12}, {"374", 11, 11}, {"373", 11, 11}, {"33", 11, 12}, {"34", 11, 11}, {"48", 11, 11},
		{"31", 11, 12}, {"61", 11, 12}, {"65", 10, 10}, {"91", 12, 12}, {"86", 13, 13}, {"90", 12, 12}, {"972", 11, 12},
		{"971", 11, 12}, {"420", 12, 12}, {"52", 12, 13}, {"55", 12, 13},
	} {
		if strings.HasPrefix(digits, c.code) {
			return c.least, c.most
		}
	}
	return 8, 13
}

// unsaidPhone matches a phone that no cue announces.
func (f *finder) unsaidPhone(c cluster, ctx context) int {
	if ctx.says(notCue) || c.letters > 0 && !f.is(c.hi-1, extCue) {
		return 0
	}
	return f.phone(c, ctx, false)
}

// phone takes the phone that begins with cluster c; cued says that a word calls
// it one, so that a short or an unusual number will do.
func (f *finder) phone(c cluster, ctx context, cued bool) int {
	i := c.lo
	if !f.num(i) || f.tight(i) && (f.symIn(i-1, ".,/") && f.tight(i-1) && f.t[i-2].sort == number || f.symIn(i-1, "$€£₽#") || f.t[i-1].sort == word && !f.is(i-1, phoneCue)) {
		return 0
	}
	r := f.run(i)
	lo := i
	if f.sym(lo-1) == '(' && f.free(lo-1, lo) && r.n > 1 && f.sym(i+1) == ')' {
		lo--
	}
	plus := f.sym(lo-1) == '+' && f.free(lo-1, lo)
	if plus {
		lo--
		if f.sym(lo-1) == '(' && f.sym(i+1) == ')' {
			lo--
		}
	}
	n := f.phoneGroups(&r, plus, lo < i && !plus, cued && !ctx.loose)
	if n == 0 {
		return 0
	}
	hi := r.g[n-1].at + 1
	if f.amount(lo, hi) || f.tight(hi) && (f.num(hi) || f.wordAt(hi) && !f.is(hi, extCue)) ||
		f.sym(hi) == ':' && f.num(hi+1) && f.tight(hi+1) {
		return 0
	}
	if tollFree(f.digits(&r, n)) && f.extension(hi) == hi {
		return hi
	}
	hi = f.extension(hi)
	f.take(Phone, lo, hi)
	return hi
}

// phoneGroups returns how many groups of r make a phone, 0 if none do.
func (f *finder) phoneGroups(r *run, plus, paren, cued bool) int {
	for n := r.n; n > 0; n-- {
		if f.phoneShape(r, n, plus, paren) {
			return n
		}
	}
	if !cued {
		return 0
	}
	d := r.total(r.n)
	hyphens := r.n > 1 && strings.ContainsRune("-–—‑", r.g[1].sep)
	if d >= 6 && d <= 15 || d == 5 && hyphens {
		return r.n
	}
	if r.g[0].size >= 6 && r.g[0].size <= 15 {
		return 1
	}
	return 0
}

// phoneShape reports that the first n groups of r are written as phones are.
func (f *finder) phoneShape(r *run, n int, plus, paren bool) bool {
	total := r.total(n)
	if total < 7 || total > 15 {
		return false
	}
	digits := f.digits(r, n)
	if plus {
		least, most := phoneLength(digits)
		return total >= least && total <= most
	}
	hyphens := n > 1 && strings.ContainsRune("-–—‑.", r.g[n-1].sep)
	switch {
	case total == 11 && (digits[0] == '8' || digits[0] == '7') && strings.IndexByte("3489", digits[1]) >= 0:
		return n == 1 || n >= 2 && r.g[n-1].size >= 2
	case total == 11 && digits[0] == '1' && r.g[0].size == 1:
		return n == 4 && r.g[1].size == 3 && r.g[2].size == 3 && digits[1] >= '2'
	case total == 10 && digits[0] == '9' && n == 1:
		return true
	case total == 10 && r.g[0].size == 3 && digits[0] >= '2' && n > 1:
		return n == 4 && r.g[1].size == 3 && r.g[2].size == 2 || n == 3 && r.g[1].size == 3 || n == 2 && (paren || hyphens) ||
			n == 4 && r.g[2].size == 2 && r.g[1].size == 2
	case digits[0] == '0' && total >= 9 && total <= 11 && r.g[0].size >= 2:
		return n > 1 && r.g[1].size >= 2 && r.g[n-1].size >= 2 || total >= 10 && strings.IndexByte("12567", digits[1]) >= 0
	case strings.HasPrefix(digits, "00") && total >= 11:
		return true
	case total == 7 && n == 3 && hyphens:
		return r.sizes(3, 2, 2)
	}
	return false
}

// digits returns the digits of the first n groups of r.
func (f *finder) digits(r *run, n int) string {
	if n == 1 {
		return f.str(r.g[0].at)
	}
	var b [64]byte
	s := b[:0]
	for _, g := range r.g[:n] {
		s = append(s, f.str(g.at)...)
	}
	return string(s)
}

// tollFree reports a number that only a company has.
func tollFree(digits string) bool {
	for _, p := range [...]string{"8800", "7800", "1800", "1888", "1877", "1866", "1855", "1844", "1833", "800", "888", "877",
		"866", "855", "844", "833", "0800", "0808", "0300", "0330", "0333", "0343", "0345", "0844", "0845", "0870", "0871",
		"44800", "44808", "44300", "44330", "44333", "44345"} {
		if strings.HasPrefix(digits, p) && (len(digits) > 10 || len(p) == 3 && len(digits) == 10 || p[0] == '0') {
			return true
		}
	}
	return false
}

// extension returns where the extension after a phone ends, hi if there is none.
func (f *finder) extension(hi int) int {
	j := hi
	if f.symIn(j, ",;(") {
		j++
	}
	open := f.sym(j-1) == '(' && j > hi
	if f.sym(j) == '#' && f.tight(j) && f.num(j+1) {
		return j + 2
	}
	if !f.is(j, extCue) {
		return hi
	}
	for j++; f.symIn(j, ".:№") || f.is(j, numberCue|extCue); j++ {
	}
	if !f.num(j) || f.size(j) > 6 {
		return hi
	}
	j++
	if open && f.sym(j) == ')' {
		j++
	}
	return j
}
