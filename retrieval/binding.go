package retrieval

import (
	"math"

	"github.com/whetstone-desk/whetstone/retrieval/forms"
)

// near is how far, in words, the context of a fact reaches.
const near = 6

// A surrounding is what stands around a fact: words by their weight, on its left
// and on its right.
type surrounding map[string][2]float64

// around collects the words around the lexemes from lo to hi of a page,
// within their sentence.
func around(p *page, lo, hi int) surrounding {
	c := make(surrounding)
	in := p.parts[p.partOf(lo)]
	take := func(from, step, side int) {
		distance := 0
		for i := from; i >= in.lo && i < in.hi && distance < near; i += step {
			w := &p.lex[i]
			if w.kind == lexPunct {
				continue
			}
			distance++
			weight := 1 / (1 + 0.5*float64(distance-1))
			if w.kind != lexWord {
				continue
			}
			if w.stop || w.norm == "течение" || w.norm == "течении" {
				weight *= 0.4 // says how the number is meant, not of what
			}
			key := keyOf(w)
			both := c[key]
			both[side] = max(both[side], weight)
			c[key] = both
		}
	}
	take(lo-1, -1, 0)
	take(hi, 1, 1)
	return c
}

// in is the share of c's weight that d has: fully where a word stands on the
// same side, in part where it stands on the other.
func (c surrounding) in(d surrounding) float64 {
	total, found := 0., 0.
	for key, a := range c {
		b := d[key]
		for side := range a {
			if a[side] == 0 {
				continue
			}
			total += a[side]
			found += max(min(a[side], b[side]), 0.6*min(a[side], b[1-side]))
		}
	}
	if total == 0 {
		return 0
	}
	return found / total
}

// same reports whether the fact a of an answer says what b of a source says.
func same(a, b *fact) bool {
	if a.code != "" || b.code != "" {
		return sameCode(a, b)
	}
	if a.ordinal != b.ordinal && a.unit.Family == forms.NoUnit && b.unit.Family == forms.NoUnit {
		return false
	}
	if a.unit.Family == forms.NoUnit || b.unit.Family == forms.NoUnit {
		return equal(a.value, b.value)
	}
	if a.unit.Family != b.unit.Family || a.unit.work && !b.unit.work {
		return false
	}
	if a.unit.Family == forms.Money && a.unit.Currency() != b.unit.Currency() {
		return false
	}
	return equal(a.value*a.unit.Factor, b.value*b.unit.Factor)
}

// sameCode compares facts of which at least one is no number.
func sameCode(a, b *fact) bool {
	if a.kind == DateProblem && b.kind == DateProblem {
		return sameDate(a.code, b.code)
	}
	if a.code == b.code {
		return true
	}
	// "до 18 часов" is 18:00.
	clock, hours := a, b
	if len(b.code) == 5 {
		clock, hours = b, a
	}
	return len(clock.code) == 5 && clock.code[2] == ':' && hours.code == "" && hours.unit.Name == "hour" &&
		clock.code[3:] == "00" && equal(hours.value, float64(10*int(clock.code[0]-'0')+int(clock.code[1]-'0')))
}

func equal(x, y float64) bool { return math.Abs(x-y) <= 1e-6*max(1, math.Abs(x)) }

// rivals reports whether b could stand in the place of a: whether they are of
// one sort.
func rivals(a, b *fact) bool {
	if (a.code == "") != (b.code == "") || a.kind != b.kind {
		return false
	}
	if a.code != "" {
		return a.kind != NumberProblem || (len(a.code) == 5 && a.code[2] == ':') == (len(b.code) == 5 && b.code[2] == ':')
	}
	measure := func(f forms.Family) forms.Family {
		switch {
		case f == forms.Calendar:
			return forms.Clock
		case f > forms.Percent:
			return forms.Weight // any that is no time, money or share
		}
		return f
	}
	return a.unit.Family == forms.NoUnit || b.unit.Family == forms.NoUnit || measure(a.unit.Family) == measure(b.unit.Family)
}

// Margins of likeness by which another place in the source must fit a fact
// better than the one that says the same, before the fact counts as misplaced.
const (
	margin     = 0.08
	weakMargin = 0.2
)

// allowed is the margin for a fact. Addresses and codes name what they stand
// for, so they are less often right in the wrong place.
func allowed(f *fact) float64 {
	if f.code != "" && f.kind != DateProblem {
		return weakMargin
	}
	return margin
}

// checkFacts holds every fact of the sentence p against the sources. Where the
// sentence was copied with little change, a fact has to be the one in its
// place.
func checkFacts(p *page, windows []window, copied *alignment) []Problem {
	var out []Problem
	for i := range p.facts() {
		f := &p.facts()[i]
		right := false
		if copied != nil && copied.partner(f) != nil {
			g := copied.partner(f)
			right = same(f, g) && agree(f.bound, g.bound)
		} else {
			right = stands(p, f, windows)
		}
		if !right {
			text := []rune(p.text)[p.lex[f.from].start:p.lex[f.to-1].end]
			out = append(out, Problem{f.kind, string(text)})
		}
	}
	return out
}

// stands reports whether a source says the fact f of the sentence p, of the
// same things.
func stands(p *page, f *fact, windows []window) bool {
	own := around(p, f.lo, f.hi)
	right, wrong := -1., -1.
	var limit bound
	for w := range windows {
		q := windows[w].page
		most := 0.
		for _, c := range windows[w].covers {
			most = max(most, c)
		}
		for j := range q.facts() {
			g := &q.facts()[j]
			if f.place != g.place && f.place != 0 && g.place != 0 {
				continue // the other end of a range
			}
			equal := same(f, g)
			if !equal && !rivals(f, g) {
				continue
			}
			n := q.partOf(g.from)
			inside := n >= windows[w].from && n < windows[w].to
			share := 0.
			if most > 0 {
				share = windows[w].covers[n] / most
			}
			if !inside && share < 0.5 {
				continue
			}
			if inside && equal {
				share = max(share, 0.8)
			}
			theirs := around(q, g.lo, g.hi)
			fit := own.in(theirs)
			if equal {
				// Where the answer says more than the source, the source's
				// words are what counts.
				fit = max(fit, theirs.in(own))
			}
			fit = 0.65*fit + 0.35*share
			switch {
			case equal && fit > right:
				right, limit = fit, g.bound
			case !equal && fit > wrong:
				wrong = fit
			}
		}
	}
	switch {
	case f.weak && right < 0:
		return wrong < 0.6
	case f.weak && wrong-right > weakMargin:
		return false
	case !f.weak && (right < 0 || wrong-right > allowed(f)):
		return false
	}
	return agree(f.bound, limit)
}

// agree reports whether two bounds do not contradict each other.
func agree(a, b bound) bool { return a == exactly || b == exactly || a == b }
