package clash

import (
	"math"
	"slices"
	"strings"
)

// What is left of a pair where what the two have in common is not what the fact
// or the negation hangs on. Set on what was told falsely of the demo's knowledge
// base and of public ones, and on plants of the sets that are not blind.
const (
	looseShare     = 0.6  // nothing but when a period begins is shared
	halfShare      = 0.92 // one word is shared, and each has one of its own
	extraShare     = 0.55 // one sum comes on top of another
	negatedShare   = 0.6  // one of the facts is denied
	kinShare       = 0.85 // what is counted is called otherwise
	partShare      = 0.75 // an entry of a list, rarely a claim
	purposeShare   = 0.6  // to enable it: no claim
	contrastShare  = 0.6  // one word has another modifier in each
	clauseShare    = 0.6  // the negation stands in a clause that the other lacks
	nounShare      = 0.85 // the negated word is met by another word
	onlyShare      = 0.7  // only here, and not there: both may be right
	adjunctShare   = 0.6  // an order made without signing in
	personShare    = 0.8  // what somebody did, and no rule
	crowdedShare   = 0.8  // data in a row: which meets which is a guess
	leastInClause  = 0.5  // of the weight of a clause
	acrossClauses  = 0.3  // what a tie to another clause counts there
	crowded        = 4    // facts of one measure in both statements
	ratioTolerance = 0.02
)

// Words that parts are told by.
var (
	anchors   = set(`после с со от until after from of since before до following`)
	frees     = set(`free бесплатно бесплатна бесплатен бесплатны бесплатная бесплатной бесплатную бесплатную без комиссии waived`)
	sums      = set(`order orders purchase purchases sum total basket cart worth заказ заказе заказа заказов заказы заказу покупке покупки покупок сумма сумме суммы сумму корзина корзине корзины`)
	extras    = set(`add adds added adding surcharge extra additional additionally доплата доплаты доплату надбавка надбавку надбавки добавит добавится добавился добавляется дополнительно`)
	persons   = set(`i i'm i've i'll i'd my я мне мной мой моя моё мое мои`)
	pointing  = set(`this that it these those they he she это эта этот эти он она оно они`)
	nots      = set(`не not don't doesn't can't cannot never никогда нельзя`)
	requiring = set(`require requires required need needs needed must necessary mandatory нужен нужна нужно нужны необходимо необходим необходима требуется требуются обязательно обязательна обязателен`)
	spots     = set(`на в во при из за для по к у о об с со от до после in on at for during to of by with after before from`)
)

// threshold reports whether the sum of money at tokens lo to hi is one from
// which something else holds, such as free delivery, and nobody's price.
func threshold(x []token, f *fact) bool {
	if f.what != Price || f.bound == 0 {
		return false
	}
	if slices.ContainsFunc(x[max(0, f.from-4):f.from], func(t token) bool { return sums[t.norm] }) {
		return true
	}
	return slices.ContainsFunc(x, func(t token) bool { return frees[t.norm] })
}

// parted says how much is left of two facts whose statements hang them on
// different things, from 0 to 1.
func (m *matching) parted(f, g *fact) float64 {
	if f.threshold != g.threshold || m.proportional(f, g) {
		return 0
	}
	v := m.contrasted()
	firm := m.firm(f, g)
	switch {
	case firm < 1:
		v *= looseShare
	case firm < 2 && m.own(m.a, m.toB, f) && m.own(m.b, m.toA, g):
		v *= halfShare
	}
	if f.what == Price && m.a.extra != m.b.extra {
		v *= extraShare
	}
	if denied(m.a, f) != denied(m.b, g) {
		v *= negatedShare
	}
	if m.a.personal || m.b.personal {
		v *= personShare
	}
	if measuredIn(m.a, f) > 1 && measuredIn(m.b, g) > 1 && measuredIn(m.a, f)+measuredIn(m.b, g) >= crowded {
		v *= crowdedShare
	}
	return v
}

// measuredIn is how many facts of the measure of f a statement has.
func measuredIn(s *statement, f *fact) (n int) {
	for i := range s.facts {
		if s.facts[i].family == f.family {
			n++
		}
	}
	return n
}

// firm is how many words the statements share that do not merely say when a
// period begins; a light one, or one that stands in another clause than the
// fact, is half a word.
func (m *matching) firm(f, g *fact) float64 {
	n := 0.
	in, there := clauseAt(m.a, f.from), clauseAt(m.b, g.from)
	for i := range m.a.items {
		t := m.toB[i]
		switch it := &m.a.items[i]; {
		case t.at < 0 || it.anchor || m.b.items[t.at].anchor:
		case m.words[it.word].light, it.clause != in, m.b.items[t.at].clause != there:
			n += 0.5
		default:
			n++
		}
	}
	return n
}

// own reports whether the clause of a fact has a heavy word that the other
// statement lacks.
func (m *matching) own(s *statement, ties []tie, f *fact) bool {
	clause := clauseAt(s, f.from)
	for i := range s.items {
		it := &s.items[i]
		if it.clause == clause && !it.anchor && ties[i].value == 0 && !lights[m.words[it.word].norm] {
			return true
		}
	}
	return false
}

// denied reports whether the word that a fact stands behind is negated: don't
// wait two days.
func denied(s *statement, f *fact) bool {
	return slices.ContainsFunc(s.items, func(it item) bool {
		return it.denied && int(it.at) < f.from && int(it.at) >= f.from-2
	})
}

// proportional reports whether both statements set another measure against
// that of f and g, and in the same ratio: 100 points are €1, 300 are €3.
func (m *matching) proportional(f, g *fact) bool {
	for i := range m.a.facts {
		p := &m.a.facts[i]
		if p.family == f.family || p.what == Date || p.hi == 0 {
			continue
		}
		for k := range m.b.facts {
			q := &m.b.facts[k]
			if q.family != p.family || q.hi == 0 || p.family == "count" && m.counted(p, q) == 0 {
				continue
			}
			if r := f.hi * q.hi / (g.hi * p.hi); f.hi > 0 && g.hi > 0 && p.hi != q.hi && math.Abs(r-1) < ratioTolerance {
				return true
			}
		}
	}
	return false
}

// contrasted is below 1 where a word that the two share has a modifier in each,
// and not the same: a warranty repair and a paid one.
func (m *matching) contrasted() float64 {
	for i := 1; i < len(m.a.items); i++ {
		k := m.toB[i].at
		if k < 1 || m.toA[k].at != i || m.words[m.a.items[i].word].light || !m.qualified(m.a, i) || !m.qualified(m.b, k) {
			continue
		}
		// Where each has both, the order of words differs and no more.
		if (m.toB[i-1].at < 0 || m.toA[k-1].at < 0) && !m.modifiedAlike(i, k) {
			return contrastShare
		}
	}
	return 1
}

// modifiedAlike reports whether one of the modifiers right before the item i of
// a is one before k of b.
func (m *matching) modifiedAlike(i, k int) bool {
	for p := i; p > 0 && m.qualified(m.a, p); p-- {
		for q := k; q > 0 && m.qualified(m.b, q); q-- {
			if m.alike(m.a.items[p-1].word, m.b.items[q-1].word) > 0 {
				return true
			}
		}
	}
	return false
}

// qualified reports whether a modifier stands right before the item i.
func (m *matching) qualified(s *statement, i int) bool {
	a, b := &s.items[i-1], &s.items[i]
	norm := m.words[a.word].norm
	if b.at != a.at+1 || a.clause != b.clause || m.words[a.word].light {
		return false
	}
	return norm[0] >= 0x80 && adjective(norm) || norm[0] < 0x80 && !strings.HasSuffix(norm, "ing")
}

// turnedIn says how much is left of a negation of the item i of a, which is
// tied to k of b: it has to stand in what the two share.
func (m *matching) turnedIn(i, k int) float64 {
	v := m.contrasted()
	it, other := &m.a.items[i], &m.b.items[k]
	if min(m.clauseCover(m.a, m.toB, m.b, [2]int16{it.clause, other.clause}),
		m.clauseCover(m.b, m.toA, m.a, [2]int16{other.clause, it.clause})) < leastInClause {
		v *= clauseShare
	}
	if m.words[it.word].key != m.words[other.word].key {
		v *= nounShare
	}
	if m.a.narrow || m.b.narrow {
		v *= onlyShare
	}
	if it.purpose || other.purpose {
		v *= purposeShare
	}
	if it.adjunct && !m.b.requires || other.adjunct && !m.a.requires {
		v *= adjunctShare
	}
	if m.a.personal || m.b.personal || m.a.points || m.b.points {
		v *= personShare
	}
	return v
}

// besides reports whether the clause of an only or an any has a word outside it
// that the other statement has too: what is limited, or is not.
func (m *matching) besides(s *statement, ties []tie) bool {
	marked := slices.IndexFunc(s.items, func(it item) bool { return it.only || it.any })
	for i := range s.items {
		it := &s.items[i]
		if marked >= 0 && it.clause == s.items[marked].clause && !it.only && !it.any && ties[i].at >= 0 {
			return true
		}
	}
	return false
}

// bothWays reports whether a statement has the word of its item i denied and
// not denied: relative to this, not relative to that.
func (m *matching) bothWays(s *statement, i int) bool {
	return slices.ContainsFunc(s.items, func(it item) bool {
		return it.neg != s.items[i].neg && m.alike(it.word, s.items[i].word) == 1
	})
}

// clauseCover is the share of the weight of one clause of s that the clause of
// t has, what other clauses of t have counting little.
func (m *matching) clauseCover(s *statement, ties []tie, t *statement, clauses [2]int16) float64 {
	total, found := 0., 0.
	for i := range s.items {
		if s.items[i].clause != clauses[0] {
			continue
		}
		w := float64(m.words[s.items[i].word].idf)
		total += w
		value := ties[i].value
		if at := ties[i].at; at >= 0 && t.items[at].clause != clauses[1] {
			value *= acrossClauses
		}
		found += w * value
	}
	return found / max(total, 1e-9)
}
