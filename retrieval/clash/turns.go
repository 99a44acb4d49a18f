package clash

import "slices"

// polarity looks for a negation, an opposite or an "only" that turns what the
// two statements have in common.
func (m *matching) polarity() verdict {
	if m.a.linked || m.b.linked || m.decided() {
		return verdict{}
	}
	best := m.flipped()
	for _, v := range [...]verdict{m.opposed(), m.widened(), m.limited()} {
		if v.score > best.score {
			best = v
		}
	}
	if m.a.numbered || m.b.numbered {
		best.score *= 0.85
	}
	if m.a.part || m.b.part {
		best.score *= partShare
	}
	if m.a.conditional != m.b.conditional {
		best.score *= 0.85 // in that case only, it may be
	}
	return best
}

// decided reports whether the statements differ in a number: what that decides
// is for facts to tell.
func (m *matching) decided() bool {
	for i := range m.a.facts {
		for k := range m.b.facts {
			if m.a.facts[i].family == m.b.facts[k].family && !same(&m.a.facts[i], &m.b.facts[k]) {
				return true
			}
		}
	}
	return false
}

// alike says how far the two statements say the same, but for the items to
// skip; 0 if that is too little to say that they speak of one thing.
func (m *matching) alikeBut(least float64, skipA, skipB func(*item) bool) float64 {
	of, shared := m.cover(m.a, m.toB, -1, skipA)
	og, _ := m.cover(m.b, m.toA, -1, skipB)
	if low := min(of, og); shared < least || low < 0.42 || low < 0.5 && max(of, og) < 0.85 {
		return 0
	}
	return mean(of, og) * m.scoped() * m.swapped(skipA, skipB)
}

// flipped finds a word that one statement negates and the other, which negates
// nothing, does not.
func (m *matching) flipped() verdict {
	negs := func(s *statement) (n int) {
		for i := range s.items {
			if s.items[i].neg {
				n++
			}
		}
		return n
	}
	if (negs(m.a) > 0) == (negs(m.b) > 0) {
		return verdict{} // "no data is lost" is "you lose nothing"
	}
	for i := range m.a.items {
		t := m.toB[i]
		if t.at < 0 || t.value < byConcept {
			continue
		}
		if back := m.toA[t.at]; back.at != i && back.value > t.value {
			continue // what it is tied to has a closer match
		}
		it, other := &m.a.items[i], &m.b.items[t.at]
		if it.neg == other.neg || it.cond || other.cond || it.only || other.only || m.bothWays(m.a, i) || m.bothWays(m.b, t.at) {
			continue
		}
		return verdict{
			what: Negation, score: 0.98 * m.alikeBut(m.needed(), nil, nil) * m.subject(i, t.at) * m.turnedIn(i, t.at),
			words: [2][]string{{m.x.between(it.start, it.end)}, {m.y.between(other.start, other.end)}},
		}
	}
	return verdict{}
}

// needed is how many words a turned statement must share: a long one says
// more things that could be turned.
func (m *matching) needed() float64 {
	if max(len(m.a.items), len(m.b.items)) > 6 {
		return 3
	}
	return 2
}

// subjectShare is what is left of a pair whose turned words have heavy words
// before them, and no two of them the same.
const subjectShare = 0.65

// subject is below 1 where what stands before the tied items i and k is not
// the same.
func (m *matching) subject(i, k int) float64 {
	heavy, tied := 0, false
	for n := range i {
		if !m.words[m.a.items[n].word].light {
			heavy++
			tied = tied || m.toB[n].value > 0
		}
	}
	heavyB := 0
	for n := range k {
		if !m.words[m.b.items[n].word].light {
			heavyB++
			tied = tied || m.toA[n].value > 0
		}
	}
	if heavy > 0 && heavyB > 0 && !tied {
		return subjectShare
	}
	return 1
}

// opposed finds a word that stands where the other statement has its opposite.
func (m *matching) opposed() verdict {
	for _, o := range m.a.opposites {
		for _, p := range m.b.opposites {
			if o.pair != p.pair || o.side == p.side || m.has(m.b, o) || m.has(m.a, p) || m.negated(m.a, o) != m.negated(m.b, p) {
				continue
			}
			if o.pair < 2 && (o.next < 0 || p.next < 0 || m.alike(o.next, p.next) == 0) {
				continue // before delivery is no opposite of after payment
			}
			what := Negation
			if o.pair < conditionPairs {
				what = Condition
			}
			score := m.alikeBut(2, func(it *item) bool { return int(it.at) == o.at }, func(it *item) bool { return int(it.at) == p.at })
			if score > 0 {
				return verdict{what: what, score: 0.95 * score, words: [2][]string{{m.x.between(o.start, o.end)}, {m.y.between(p.start, p.end)}}}
			}
		}
	}
	return verdict{}
}

// has reports whether a statement has a word on the same side as o.
func (m *matching) has(s *statement, o opposite) bool {
	return slices.ContainsFunc(s.opposites, func(p opposite) bool { return p.pair == o.pair && p.side == o.side })
}

// negated reports whether a negation bears on the word of an opposite.
func (m *matching) negated(s *statement, o opposite) bool {
	return slices.ContainsFunc(s.items, func(it item) bool { return int(it.at) == o.at && it.neg })
}

// widened finds an only that stands against an any.
func (m *matching) widened() verdict {
	narrow := func(it *item) bool { return it.only }
	wide := func(it *item) bool { return it.any }
	a, b := m.marked(m.a, m.x, narrow), m.marked(m.b, m.y, wide)
	if len(a) == 0 || len(b) == 0 {
		a, b = m.marked(m.a, m.x, wide), m.marked(m.b, m.y, narrow)
		narrow, wide = wide, narrow
	}
	if len(a) == 0 || len(b) == 0 || len(m.marked(m.a, m.x, wide)) > 0 || len(m.marked(m.b, m.y, narrow)) > 0 {
		return verdict{}
	}
	score := m.alikeBut(2, func(it *item) bool { return it.only || it.any }, func(it *item) bool { return it.only || it.any })
	if !m.besides(m.a, m.toB) || !m.besides(m.b, m.toA) {
		score *= clauseShare
	}
	return verdict{what: Condition, score: 0.92 * score, words: [2][]string{a, b}}
}

// limited finds two onlys of which each names something else.
func (m *matching) limited() verdict {
	narrow := func(it *item) bool { return it.only }
	a, b := m.marked(m.a, m.x, narrow), m.marked(m.b, m.y, narrow)
	if len(a) == 0 || len(b) == 0 {
		return verdict{}
	}
	for i := range m.a.items {
		if t := m.toB[i]; m.a.items[i].only && t.value > 0 {
			return verdict{}
		}
	}
	for i := range m.b.items {
		if t := m.toA[i]; m.b.items[i].only && t.value > 0 {
			return verdict{}
		}
	}
	return verdict{what: Condition, score: 0.9 * m.alikeBut(3, narrow, narrow), words: [2][]string{a, b}}
}

// marked returns the words of a statement of d that are so marked, as written.
func (m *matching) marked(s *statement, d *document, is func(*item) bool) []string {
	var out []string
	for i := range s.items {
		if it := &s.items[i]; is(it) {
			out = append(out, d.between(it.start, it.end))
		}
	}
	return out
}
