package clash

import (
	"math"
	"slices"

	"github.com/whetstone-desk/whetstone/kb"
)

const caseKind = kb.Case

// facts looks for a fact of one statement that stands against a rival of the
// other.
func (m *matching) facts() verdict {
	var best verdict
	for i := range m.a.facts {
		f := &m.a.facts[i]
		for k := range m.b.facts {
			g := &m.b.facts[k]
			fit := m.rivals(f, g)
			if fit == 0 || m.said(m.b, m.y, f, m.a) || m.said(m.a, m.x, g, m.b) {
				continue
			}
			score := fit * m.about(f, g)
			if score > best.score {
				score *= m.parted(f, g)
			}
			if score > best.score {
				best = verdict{what: f.what, score: score, words: [2][]string{
					{m.x.between(f.start, f.end)}, {m.y.between(g.start, g.end)},
				}}
			}
		}
	}
	return best
}

// rivals says from 0 to 1 how well two facts fit as answers to one question of
// which one at most is right.
func (m *matching) rivals(f, g *fact) float64 {
	if f.family != g.family || f.bound*g.bound < 0 || same(f, g) || f.leads && f.what == Date || g.leads && g.what == Date {
		return 0
	}
	fit := 1.
	switch {
	case f.family == "count":
		fit = m.counted(f, g)
	case f.family == "year" || f.family == "month":
		fit = 0.8
	case f.family == familyTime && f.work != g.work && math.Max(f.hi, g.hi) < 1.7*math.Min(f.hi, g.hi):
		return 0 // five working days are a week
	}
	if f.bound != g.bound {
		fit *= 0.92
		// Within ten days, usually five: both may be right.
		if f.bound < 0 && g.hi < f.hi || g.bound < 0 && f.hi < g.hi || f.bound > 0 && g.lo > f.lo || g.bound > 0 && f.lo > g.lo {
			fit *= 0.9
		}
	}
	if f.family == familyTime && math.Max(f.hi, g.hi) > 60*math.Min(f.hi, g.hi) {
		fit *= 0.85 // minutes against days measure different things
	}
	return fit
}

// same reports whether two facts say the same, or one lies within the other.
func same(f, g *fact) bool {
	if f.family != g.family {
		return false
	}
	if f.family == "clock" || f.family == "weekday" {
		// Open from ten to nine is not open from nine to ten, though it lies within.
		if f.lo < f.hi && g.lo < g.hi {
			return f.lo == g.lo && f.hi == g.hi
		}
		return f.lo == g.lo || f.hi == g.hi
	}
	tolerance := 0.
	if f.family == familyTime {
		tolerance = 0.04 // a month is 30 days
	}
	return f.lo <= g.hi*(1+tolerance) && g.lo <= f.hi*(1+tolerance)
}

// counted says how well the nouns behind two numbers match.
func (m *matching) counted(f, g *fact) float64 {
	best := 0.
	for i, a := range f.nouns {
		for k, b := range g.nouns {
			best = max(best, m.alike(a, b)-0.15*float64(i+k))
		}
	}
	switch {
	case best < 0.5:
		return 0
	case best < byConcept+0.01 && !m.foreign:
		best *= kinShare
	}
	return best
}

// said reports whether a document says the fact of a statement, in s or in a
// statement of its own that is as much like it: then it knows both.
func (m *matching) said(s *statement, d *document, f *fact, of *statement) bool {
	says := func(t *statement) bool {
		return slices.ContainsFunc(t.facts, func(g fact) bool {
			return same(f, &g) && (f.family != "count" || m.counted(f, &g) > 0)
		})
	}
	if says(s) {
		return true
	}
	least := 0.7 * share(m.corpus, s, of)
	for i := d.from; i < d.to; i++ {
		t := &m.statements[i]
		if t != s && says(t) && share(m.corpus, of, t) >= max(least, 0.3) {
			return true
		}
	}
	return false
}

// share is the share of a's weight that b says.
func share(c *corpus, a, b *statement) float64 {
	total, found := 0., 0.
	for i := range a.items {
		w := float64(c.words[a.items[i].word].idf)
		total += w
		best := 0.
		for k := range b.items {
			best = max(best, c.alike(a.items[i].word, b.items[k].word))
		}
		found += w * best
	}
	if total == 0 {
		return 0
	}
	return found / total
}

// about says from 0 to 1 how sure it is that two facts are about the same.
func (m *matching) about(f, g *fact) float64 {
	of, shared := m.cover(m.a, m.toB, (f.from+f.to)/2, nil)
	og, _ := m.cover(m.b, m.toA, (g.from+g.to)/2, nil)
	if shared < 1.5 && (shared < 1 || min(of, og) < 0.7) {
		return 0
	}
	score := mean(of, og) * m.scoped() * m.swapped(nil, nil)
	if m.a.numbered || m.b.numbered {
		score *= 0.85
	}
	return score
}

// mean is the harmonic mean.
func mean(a, b float64) float64 {
	if a+b == 0 {
		return 0
	}
	return 2 * a * b / (a + b)
}

// scoped is 0 where the statements hold for different things of one class, less
// than 1 where one of them holds for something that the other does not name.
func (m *matching) scoped() float64 {
	v := 1.
	one := func(s, t *statement, d *document) {
		for _, x := range s.scopes {
			if slices.Contains(t.scopes, x) {
				continue
			}
			if slices.ContainsFunc(t.scopes, func(y scope) bool { return y.class == x.class && !slices.Contains(s.scopes, y) }) {
				v = 0
				return
			}
			if !m.under(t, d, func(id int32) bool { return m.words[id].scope == x }) {
				v *= oneSided(x)
			}
		}
		for _, id := range s.names {
			if !slices.ContainsFunc(t.items, func(it item) bool { return m.alike(it.word, id) > 0 }) &&
				!m.under(t, d, func(other int32) bool { return m.alike(other, id) > 0 }) {
				v *= 0.8
			}
		}
	}
	one(m.a, m.b, m.y)
	one(m.b, m.a, m.x)
	return v
}

// under reports whether a word of the context of t, a statement of d, is so.
func (m *matching) under(t *statement, d *document, is func(int32) bool) bool {
	return slices.ContainsFunc(d.contexts[t.context], is)
}

// oneSided is what is left where one statement alone names a scope. A plan, a
// platform, a region or a kind of customer is what rules differ by; a word such
// as "video" may be said or left out.
func oneSided(s scope) float64 {
	if s.class <= ruleClasses {
		return 0.65
	}
	return 0.85
}
