package redact

// order takes the number of an order and of what is like it: a parcel, a
// booking, a contract, a request.
func (f *finder) order(c cluster, ctx context) int {
	if f.amount(c.lo, c.hi) || c.digits == 0 {
		return 0
	}
	switch {
	case ctx.hash || ctx.marked && !ctx.loose:
		if c.digits+c.letters < 2 && !ctx.hash {
			return 0
		}
	case ctx.marked:
		if c.digits+c.letters < 4 {
			return 0
		}
	case ctx.loose, ctx.cue&orderCue == 0 && (c.digits < 7 || ctx.fill > 0):
		return 0
	case ctx.fill > 0 && !f.equal(c.lo-1, "is", "was", "это", "был"):
		return 0
	case c.digits < 3 && (c.letters == 0 || c.digits < 2), f.asksToOrder(ctx.at):
		return 0
	}
	hi := c.hi
	// 123 456 789 is one number.
	if r := f.run(c.lo); c.hi == c.lo+1 && r.n >= 3 && r.g[1].sep == ' ' && r.g[2].sep == ' ' && (r.sizes(3, 3, 3) || r.sizes(4, 4, 4)) {
		hi = r.g[2].at + 1
	}
	f.take(Order, c.lo, hi)
	return f.moreOrders(hi, c.digits)
}

// asksToOrder reports that the cue at i is the verb: I want to order 300 cards.
func (f *finder) asksToOrder(i int) bool {
	return f.equal(i-1, "to", "can", "could", "will", "would", "i", "we", "you", "please", "cannot", "they") && f.equal(i, "order")
}

// moreOrders takes the numbers that go on a list after an order's number, which
// look like it, and returns where the list ends.
func (f *finder) moreOrders(hi, digits int) int {
	for {
		j := hi
		if f.sym(j) == ',' {
			j++
		}
		if f.equal(j, "и", "and", "or", "или") || f.sym(j) == '&' {
			j++
		}
		if f.symIn(j, "№#") {
			j++
		}
		if j == hi || !f.num(j) {
			// The cluster may begin with letters.
			if j == hi || !f.wordAt(j) || !f.dash(j+1) || !f.num(j+2) || !f.tight(j+2) {
				return hi
			}
		}
		c := f.cluster(j)
		if c.lo != j || f.num(j) && f.date(j) > 0 || (c.digits != digits || digits < 3) && min(c.digits, digits) < 4 || f.amount(c.lo, c.hi) {
			return hi
		}
		f.take(Order, c.lo, c.hi)
		hi = c.hi
	}
}

// unsaidOrder matches order numbers that stand without a cue right before them:
// tracking numbers by their shape, and #4411 or № 4411 where the text speaks of
// an order at all.
func (f *finder) unsaidOrder(c cluster, ctx context) int {
	if ctx.says(notCue) || f.amount(c.lo, c.hi) {
		return 0
	}
	ok := f.trackingShape(c)
	switch {
	case ok:
	case f.sym(c.lo-1) == '#' && f.tight(c.lo):
		colour := c.letters > 0 && f.t[c.hi-1].end-f.t[c.lo].start == 6 // #54BA7E
		ok = !colour && (c.digits >= 4 || c.letters > 0 && c.digits >= 3 && c.hi-c.lo >= 3)
	case ctx.hash:
		ok = c.digits >= 4 && f.all&orderCue != 0
	case f.is(c.lo-1, state) && f.t[c.lo-1].shape&upperAll != 0 && c.digits == 5:
		return 0 // ID is Idaho before a zip code
	case ctx.near && ctx.cue == 0:
		ok = f.is(c.hi, orderCue) && c.digits >= 3 || c.digits >= 4 && f.all&orderCue != 0
	}
	if !ok {
		return 0
	}
	f.take(Order, c.lo, c.hi)
	return c.hi
}

// trackingShape reports the international form RA123456789RU, UPS's 1Z…, the
// fourteen digits of the Russian post and the long numbers of the American.
func (f *finder) trackingShape(c cluster) bool {
	s := f.text[f.t[c.lo].start:f.t[c.hi-1].end]
	switch {
	case len(s) == 13 && c.hi-c.lo == 3 && c.digits == 9 && f.size(c.lo) == 2 && f.t[c.lo].shape&latin != 0:
		return f.size(c.lo+1) == 9
	case len(s) == 18 && (s[:2] == "1Z" || s[:2] == "1z"):
		return true
	}
	return len(s) == 14 && c.digits == 14 && s[0] != '0' || len(s) == c.digits && c.digits >= 22 && c.digits <= 34
}
