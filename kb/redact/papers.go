package redact

import "strings"

// passport takes the series, the number or both of an identity paper.
func (f *finder) passport(c cluster, ctx context) int {
	if ctx.says(seriesCue) && !ctx.says(passCue) && f.all&passCue == 0 && !f.seriesAndNumber(c) {
		return 0
	}
	r := f.run(c.lo)
	for n := r.n; n > 0; n-- {
		if d := r.total(n); d >= 4 && d <= 10 && n <= 4 && (d >= 9 || !ctx.loose || ctx.marked) && !f.amount(c.lo, r.g[n-1].at+1) {
			lo := c.lo
			if f.size(lo-1) <= 2 && f.wordAt(lo-1) && f.t[lo-1].shape&(latin|upper1) == latin|upper1 && f.sameLine(lo) {
				lo-- // EJ 4412345
			}
			f.take(Passport, lo, r.g[n-1].at+1)
			return r.g[n-1].at + 1
		}
	}
	if f.size(c.lo) <= 4 && f.symIn(c.lo+1, "№#") && f.num(c.lo+2) && f.size(c.lo+2) >= 6 {
		f.take(Passport, c.lo, c.lo+3)
		return c.lo + 3
	}
	if size := c.digits + c.letters; c.letters > 0 && size >= 6 && size <= 18 && c.digits >= 4 {
		f.take(Passport, c.lo, c.hi)
		return c.hi
	}
	return 0
}

// seriesAndNumber reports that a series of four digits is followed by a number
// of six, however it is announced.
func (f *finder) seriesAndNumber(c cluster) bool {
	for j := c.lo; j < min(c.lo+8, len(f.t)); j++ {
		if f.num(j) && f.size(j) == 6 {
			return true
		}
	}
	return false
}

// account takes the number of an account at a bank or a company.
func (f *finder) account(c cluster, ctx context) int {
	if hi := f.iban(c); hi > 0 {
		return hi
	}
	if (c.digits >= 8 || c.digits >= 5 && !ctx.loose) && !f.amount(c.lo, c.hi) {
		r := f.run(c.lo)
		hi := c.hi
		// Twenty digits are written in groups; what follows a whole account is not.
		for n := r.n; n > 1; n-- {
			if r.total(n) == 20 {
				hi = max(hi, r.g[n-1].at+1)
				break
			}
		}
		f.take(Account, c.lo, hi)
		return hi
	}
	if ctx.marked && c.digits >= 3 && !f.amount(c.lo, c.hi) {
		return f.order(c, ctx)
	}
	return 0
}

// maxIBAN is the longest IBAN there is, in characters.
const maxIBAN = 34

// iban takes an IBAN that begins with cluster c, in one piece or in fours.
func (f *finder) iban(c cluster) int {
	w := c.lo
	if !f.wordAt(w) || f.size(w) != 2 || f.t[w].shape&latin == 0 || !f.num(w+1) || !f.tight(w+1) {
		return 0
	}
	var b [maxIBAN + 16]byte
	s := b[:0]
	best, digits := 0, 0
	for j := w; j < len(f.t) && j < w+24 && f.sameLine(max(j, w+1)); j++ {
		if sort := f.t[j].sort; sort != number && (sort != word || f.t[j].shape&(upper1|upperAll) == 0 || f.t[j].runes > 1 && f.t[j].shape&upperAll == 0) || f.t[j].taken || len(s)+len(f.str(j)) > maxIBAN {
			break
		}
		s = append(s, f.str(j)...)
		if f.t[j].sort == number {
			digits += f.size(j)
		}
		if len(s) >= 15 && digits >= 10 && (j+1 == len(f.t) || f.t[j+1].space || f.t[j+1].sort == symbol) && mod97(s) {
			best = j + 1
		}
	}
	if best > 0 {
		f.take(Account, w, best)
	}
	return best
}

// mod97 reports that the check digits of an IBAN are right.
func mod97(s []byte) bool {
	rest := 0
	for i := range s {
		c := s[(i+4)%len(s)]
		switch {
		case c >= '0' && c <= '9':
			rest = (rest*10 + int(c-'0')) % 97
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			rest = (rest*100 + int(c|0x20-'a') + 10) % 97
		default:
			return false
		}
	}
	return rest == 1
}

// unsaidPaper matches the numbers of papers and accounts that are known by the
// way they are written.
func (f *finder) unsaidPaper(c cluster, ctx context) int {
	if ctx.says(notCue) {
		return 0
	}
	if c.letters > 0 {
		if hi := f.iban(c); hi > 0 {
			return hi
		}
		return f.nationalInsurance(c.lo)
	}
	if hi := f.nationalInsurance(c.lo - 1); hi > 0 {
		return hi
	}
	r := f.run(c.lo)
	kind, n := Kind(""), 0
	switch {
	case r.sizes(3, 3, 3, 2) && f.dash(c.lo+1) && f.dash(c.lo+3):
		kind, n = Insurance, 4
	case r.sizes(3, 2, 4) && f.dash(c.lo+1) && f.dash(c.lo+3):
		kind, n = Insurance, 3
	case r.sizes(2, 2, 6) && r.g[1].sep == ' ' && r.g[2].sep == ' ':
		kind, n = Passport, 3
	case r.sizes(4, 6) && r.g[1].sep == ' ' && (r.n == 2 || r.g[2].sep != ' '):
		kind, n = Passport, 2
	case f.size(c.lo) == 4 && f.sym(c.lo+1) == '№' && f.num(c.lo+2) && f.size(c.lo+2) == 6:
		f.take(Passport, c.lo, c.lo+3)
		return c.lo + 3
	case f.size(c.lo) == 10 && c.hi == c.lo+1 && (f.is(c.hi, passCue) || f.symIn(c.hi, ",-–—") && f.is(c.hi+1, passCue)):
		kind, n = Passport, 1
	case f.size(c.lo) == 20 && c.hi == c.lo+1:
		kind, n = Account, 1
	case f.size(c.lo) == 12 && c.hi == c.lo+1 && personalTaxID(f.str(c.lo)):
		kind, n = TaxID, 1
	}
	if n == 0 || f.amount(c.lo, r.g[n-1].at+1) {
		return 0
	}
	f.take(kind, c.lo, r.g[n-1].at+1)
	return r.g[n-1].at + 1
}

// personalTaxID reports that both check digits of a twelve-digit INN are right.
func personalTaxID(s string) bool {
	check := func(weights string) byte {
		sum := 0
		for i := range len(weights) {
			w := int(weights[i] - '0')
			if weights[i] == 'A' {
				w = 10
			}
			sum += w * int(s[i]-'0')
		}
		return byte('0' + sum%11%10)
	}
	return check("724A359468") == s[10] && check("3724A359468") == s[11] && strings.Trim(s, s[:1]) != ""
}

// nationalInsurance takes a British national insurance number: QQ 12 34 56 C.
func (f *finder) nationalInsurance(w int) int {
	if !f.wordAt(w) || f.size(w) != 2 || f.t[w].shape&upperAll == 0 {
		return 0
	}
	r := f.run(w + 1)
	last := w + 4
	if r.sizes(6) && r.n >= 1 {
		last = w + 2
	} else if !r.sizes(2, 2, 2) {
		return 0
	}
	if f.wordAt(last) && f.size(last) == 1 && strings.ContainsAny(f.str(last), "ABCD") {
		f.take(Insurance, w, last+1)
		return last + 1
	}
	return 0
}
