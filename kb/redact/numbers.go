package redact

import "strings"

// A cluster is what is written without a space around a number: 4411, A-10293,
// 123-456, RA123456789RU, 221B.
type cluster struct {
	lo, hi  int // tokens, half open
	digits  int
	letters int
}

// maxCluster bounds a cluster, in tokens.
const maxCluster = 24

// cluster returns the one that number i begins or stands in.
func (f *finder) cluster(i int) cluster {
	c := cluster{lo: i, hi: i + 1, digits: f.size(i)}
	for c.lo > 0 && i-c.lo < maxCluster && f.tight(c.lo) && f.joins(c.lo-1, -1) {
		c.lo--
	}
	for c.hi < len(f.t) && c.hi-i < maxCluster && f.tight(c.hi) && f.joins(c.hi, 1) {
		if f.t[c.hi].sort == number {
			c.digits += f.size(c.hi)
		}
		c.hi++
	}
	for f.t[c.lo].sort == symbol {
		c.lo++
	}
	for f.t[c.hi-1].sort == symbol {
		c.hi--
	}
	for j := c.lo; j < c.hi; j++ {
		if f.t[j].sort == word {
			c.letters += f.size(j)
		}
	}
	return c
}

// joins reports that token j continues a cluster in the direction step.
func (f *finder) joins(j, step int) bool {
	t := &f.t[j]
	switch {
	case t.taken:
		return false
	case t.sort == number:
		return true
	case t.sort == word:
		// Long words are words: "д5", "A10" and "order4411" differ.
		return t.runes <= 12 && (t.shape&latin != 0 || t.runes <= 3)
	case f.dash(j) || t.sym == '_' || t.sym == '/':
		next := j + step
		if next < 0 || next >= len(f.t) || step < 0 && f.t[j].space || step > 0 && f.t[next].space {
			return false
		}
		return !f.t[next].taken && (f.t[next].sort == number || f.t[next].sort == word && f.t[next].runes <= 12)
	}
	return false
}

// numbers finds what is made of digits, going from left to right.
func (f *finder) numbers() {
	for i := 0; i < len(f.t); {
		i = max(f.number(i), i+1)
	}
}

// number matches what begins at token i and returns where to go on.
func (f *finder) number(i int) int {
	if f.t[i].taken {
		return i + 1
	}
	if f.symIn(i, "*•") {
		return f.maskedCard(i)
	}
	if f.t[i].sort != number {
		return i + 1
	}
	if f.num(i-1) && f.tight(i) {
		return i + 1
	}
	c := f.cluster(i)
	ctx := f.context(c.lo)
	if hi := f.date(i); hi > 0 {
		if ctx.says(birthCue) {
			f.take(Birth, i, hi)
		}
		return hi
	}
	if hi := f.clock(i); hi > 0 {
		return hi
	}
	for _, match := range [...]func(*finder, cluster, context) int{
		(*finder).said, (*finder).unsaidCard, (*finder).unsaidPhone, (*finder).unsaidPaper, (*finder).unsaidOrder,
	} {
		if hi := match(f, c, ctx); hi > 0 {
			return hi
		}
	}
	return c.hi
}

// said matches a number whose cue says what it is.
func (f *finder) said(c cluster, ctx context) int {
	switch {
	case ctx.says(cardCue):
		return f.card(c, true)
	case ctx.says(passCue | seriesCue):
		return f.passport(c, ctx)
	case ctx.says(insureCue):
		return f.cued(Insurance, c, 9, 11)
	case ctx.says(taxCue):
		return f.cued(TaxID, c, 9, 12)
	case ctx.says(accountCue):
		return f.account(c, ctx)
	case ctx.says(deviceCue) && c.digits+c.letters >= 6 && (!ctx.loose || c.digits >= 12):
		f.take(Device, c.lo, c.hi)
		return c.hi
	case ctx.says(orderCue | orderWeak):
		return f.order(c, ctx)
	case ctx.says(phoneCue) || ctx.cue == 0 && ctx.mine && !ctx.loose:
		return f.phone(c, ctx, true)
	}
	return 0
}

// date returns where the date that begins at i ends, 0 if none does.
func (f *finder) date(i int) int {
	if f.is(i+1, month) && f.size(i) <= 2 {
		if f.num(i+2) && f.size(i+2) == 4 {
			return i + 3
		}
		return i + 2
	}
	sep := f.sym(i + 1)
	if sep == 0 || !strings.ContainsRune("./-", sep) || f.sym(i+3) != sep || !f.num(i+2) || !f.num(i+4) {
		return 0
	}
	for j := i + 1; j <= i+4; j++ {
		if !f.tight(j) {
			return 0
		}
	}
	if f.tight(i+6) && f.num(i+6) && f.sym(i+5) != ':' && f.tight(i+5) {
		return 0
	}
	a, b, y := f.small(i), f.small(i+2), f.small(i+4)
	yearSize := f.size(i + 4)
	if f.size(i) == 4 {
		a, y, yearSize = y, a, 4
	}
	day := a >= 1 && a <= 31 && b >= 1 && b <= 31 && min(a, b) <= 12
	year := yearSize == 4 && y >= 1900 && y < 2100 || yearSize == 2 && sep != '-'
	if day && year && f.size(i) <= 4 && f.size(i+2) <= 2 {
		return i + 5
	}
	return 0
}

// clock returns where the time or score that begins at i ends: 10:00, 9:30-18:00.
func (f *finder) clock(i int) int {
	if f.size(i) <= 2 && f.sym(i+1) == ':' && f.num(i+2) && f.tight(i+1) && f.tight(i+2) {
		return i + 3
	}
	return 0
}

// small returns number i, which has at most four digits, or -1.
func (f *finder) small(i int) int {
	s := f.str(i)
	if len(s) > 4 {
		return -1
	}
	n := 0
	for _, c := range []byte(s) {
		n = n*10 + int(c-'0')
	}
	return n
}

// amount reports that the number or cluster of tokens [lo, hi) is one of things
// or money: $20, 4411 руб, 30 %, 100 items.
func (f *finder) amount(lo, hi int) bool {
	if f.symIn(lo-1, "$€£₽¥₸₴") {
		return true
	}
	return f.symIn(hi, "$€£₽¥₸₴%°") || f.is(hi, unit) && f.sameLine(hi)
}

// cued takes a number of min to max digits in the groups people write it in.
func (f *finder) cued(kind Kind, c cluster, least, most int) int {
	r := f.run(c.lo)
	for n := r.n; n > 0; n-- {
		if d := r.total(n); d >= least && d <= most {
			f.take(kind, c.lo, r.g[n-1].at+1)
			return r.g[n-1].at + 1
		}
	}
	if c.digits+c.letters >= least && c.digits+c.letters <= most {
		f.take(kind, c.lo, c.hi)
		return c.hi
	}
	return 0
}

// A group is one number of a run.
type group struct {
	at, size int
	sep      rune // before it: ' ' for a space alone, else the symbol
}

// A run is a sequence of numbers on a line with single separators between, as
// in +7 (916) 123-45-67 or 4276 1234 5678 9012.
type run struct {
	g [9]group
	n int
}

// total returns the number of digits in the first n groups.
func (r *run) total(n int) int {
	d := 0
	for _, g := range r.g[:n] {
		d += g.size
	}
	return d
}

// sizes reports whether the first groups have just these sizes.
func (r *run) sizes(want ...int) bool {
	if r.n < len(want) {
		return false
	}
	for i, w := range want {
		if r.g[i].size != w {
			return false
		}
	}
	return true
}

// run reads the groups from number i on.
func (f *finder) run(i int) run {
	var r run
	if !f.num(i) {
		return r
	}
	r.g[0] = group{at: i, size: f.size(i)}
	r.n = 1
	for j := i + 1; r.n < len(r.g) && f.sameLine(j); {
		sep, at := ' ', j
		for at < len(f.t) && at-j < 3 && f.symIn(at, "()-–—‑−‐./") && f.sameLine(at) {
			sep = f.t[at].sym
			at++
		}
		if !f.num(at) || !f.sameLine(at) || sep == '/' && at-j > 1 {
			break
		}
		if at == j && f.tight(at) {
			break
		}
		r.g[r.n] = group{at: at, size: f.size(at), sep: sep}
		r.n++
		j = at + 1
	}
	return r
}
