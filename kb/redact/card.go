package redact

import "strings"

// unsaidCard matches a bank card that no cue announces: a plausible first digit
// with the check digit right, or the four groups that nothing else is written in.
func (f *finder) unsaidCard(c cluster, ctx context) int {
	if ctx.says(notCue) {
		return 0
	}
	return f.card(c, false)
}

// card takes the card that begins with cluster c.
func (f *finder) card(c cluster, cued bool) int {
	if lo := f.maskStart(c.lo); lo < c.lo || f.num(lo) || f.crosses(lo) {
		if hi := f.maskedCard(lo); hi > c.lo+1 || hi > lo && f.t[hi-1].taken {
			return hi
		}
	}
	r := f.run(c.lo)
	for n := r.n; n > 0; n-- {
		total := r.total(n)
		if total < 13 || total > 19 || !cardGroups(&r, n) {
			continue
		}
		digits := f.digits(&r, n)
		fours := n >= 4 && r.sizes(4, 4, 4, 4) && strings.IndexByte("245689", digits[0]) >= 0
		// A mistyped digit makes a card no less a card: nothing else has sixteen.
		whole := n == 1 && total == 16 && strings.IndexByte("2456", digits[0]) >= 0
		if cued || fours || whole || issued(digits) && luhn(digits) {
			f.take(Card, c.lo, r.g[n-1].at+1)
			return r.g[n-1].at + 1
		}
	}
	if cued {
		return f.expiry(c)
	}
	return 0
}

// expiry takes a card's "valid thru" and returns where it ends.
func (f *finder) expiry(c cluster) int {
	m := f.small(c.lo)
	if f.size(c.lo) == 2 && m >= 1 && m <= 12 && f.sym(c.lo+1) == '/' && f.num(c.lo+2) && f.tight(c.lo+2) && f.size(c.lo+2)%2 == 0 {
		f.take(Card, c.lo, c.lo+3)
		return c.lo + 3
	}
	return 0
}

// cardGroups reports that the first n groups of r divide a card as people do.
func cardGroups(r *run, n int) bool {
	for i, g := range r.g[:n] {
		if n > 1 && (g.size > 10 || i < n-1 && g.size < 2 || g.sep == '(' || g.sep == ')') {
			return false
		}
	}
	return n == 1 || r.g[0].size >= 4 || r.g[0].size == 2 && r.g[1].size == 2
}

// issued reports that cards with these first digits and this length exist.
func issued(digits string) bool {
	switch len(digits) {
	case 13:
		return digits[0] == '4'
	case 14:
		return digits[0] == '3' && strings.IndexByte("0689", digits[1]) >= 0
	case 15:
		return digits[0] == '3' && (digits[1] == '4' || digits[1] == '7')
	case 16:
		return strings.IndexByte("245689", digits[0]) >= 0 || strings.HasPrefix(digits, "35")
	}
	return strings.IndexByte("2456", digits[0]) >= 0
}

// luhn reports that the check digit is right.
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// crosses reports a word that hides digits: xxxx, XXXX-XXXX.
func (f *finder) crosses(i int) bool {
	return f.wordAt(i) && f.size(i) > 1 && strings.Trim(f.str(i), "xXхХ-") == ""
}

// maskStart returns where the crosses before token i begin, i if there are none.
func (f *finder) maskStart(i int) int {
	lo := i
	for j := i - 1; j >= 0 && i-j <= 8 && f.sameLine(j+1) && (f.crosses(j) || f.dash(j) && f.tight(j+1)); j-- {
		if f.crosses(j) {
			lo = j
		}
	}
	return lo
}

// maxMasked bounds a masked card, in tokens: sixteen stars, spaces apart.
const maxMasked = 24

// maskedCard takes a card with hidden digits that begins at token i, such as
// 4276 **** **** 1234 or *1234, and returns where to go on.
func (f *finder) maskedCard(i int) int {
	shown, hidden, last, j := 0, 0, 0, i
scan:
	for ; j < len(f.t) && j-i < maxMasked && (j == i || f.sameLine(j)) && !f.t[j].taken; j++ {
		switch {
		case f.t[j].sort == number:
			shown += f.size(j)
			last = f.size(j)
			if hidden > 0 && last == 4 && hidden+shown >= 12 {
				j++
				break scan
			}
		case f.symIn(j, "*•●#") || f.sym(j) == '…':
			hidden++
			last = 0
		case f.t[j].sort == word && strings.Trim(f.str(j), "xXхХ-") == "":
			hidden += f.size(j)
			last = 0
		case f.dash(j):
		default:
			break scan
		}
	}
	ctx := f.context(i)
	whole := shown+hidden >= 12 && shown+hidden <= 19 && hidden >= 4 && shown >= 4
	tail := shown == 4 && last == 4 && hidden >= 1 && (f.sym(i) != 0 || f.crosses(i)) && !f.symIn(j, "*") && (hidden >= 3 || ctx.says(cardCue))
	if last == 4 && (whole || tail) {
		f.take(Card, i, j)
		return j
	}
	// A row of stars that is no card is not looked at again.
	if f.t[i].sort == symbol {
		for i++; f.symIn(i, "*•"); i++ {
		}
		return i
	}
	return i + 1
}
