package retrieval

import (
	"slices"

	"github.com/whetstone-desk/whetstone/kb"
)

// A Conflict is a pair of sources that answer the same question and contradict
// each other.
type Conflict struct {
	A, B         int  // places in the evidence, A before B
	SpanA, SpanB Span // the sentences, in runes of each Text
	Kind         ProblemKind
}

// How sure Conflicts wants to be. A conflict that is none costs an answer; one
// that is missed is seen by the operator, who is shown both sources.
const (
	conflictNear   = 0.8 // of the best source's score, to be heard at all
	conflictAsked  = 0.5 // share of the question's words that both sentences must have
	conflictAlike  = 0.7 // share of each sentence's words that the other must have
	conflictAround = 0.6 // share of the words around a fact that must stand around the other
)

// Conflicts finds articles among the nearest evidence that answer the question
// in nearly the same words with another number, date or price, or with the
// opposite. Articles for different products or regions do not conflict, and
// neither do articles that say both.
func Conflicts(evidence []Evidence, question string) []Conflict {
	return (*reader)(nil).conflicts(evidence, question)
}

// conflicts is Conflicts with what the reader remembers.
func (r *reader) conflicts(evidence []Evidence, question string) []Conflict {
	at := conflictable(evidence)
	if len(at) < 2 {
		return nil
	}
	asked := r.page(question)
	if len(asked.words) < 2 {
		return nil
	}
	pages := make([]*page, len(at))
	for i, k := range at {
		e := &evidence[k]
		pages[i] = r.page(slice(e.Text, e.Start, e.End))
	}
	var out []Conflict
	for i := range at {
		for j := i + 1; j < len(at); j++ {
			a, b := &evidence[at[i]], &evidence[at[j]]
			if !alikeIn(&a.Source, &b.Source) {
				continue
			}
			if c, ok := r.contradiction(asked, pages[i], pages[j]); ok {
				c.A, c.B = at[i], at[j]
				c.SpanA = Span{c.SpanA.Start + a.Start, c.SpanA.End + a.Start}
				c.SpanB = Span{c.SpanB.Start + b.Start, c.SpanB.End + b.Start}
				out = append(out, c)
			}
		}
	}
	return out
}

// conflictMost is how many sources are compared: the first few are read.
const conflictMost = 3

// conflictable returns the places of the articles that are near enough to be
// heard and have another to be held against.
func conflictable(evidence []Evidence) []int {
	var near []int
	for i := range evidence {
		e := &evidence[i]
		if e.Source.Kind != kb.Case && e.Score >= conflictNear*evidence[0].Score && len(near) < conflictMost {
			near = append(near, i)
		}
	}
	return slices.DeleteFunc(slices.Clone(near), func(i int) bool {
		return !slices.ContainsFunc(near, func(j int) bool { return alikeIn(&evidence[i].Source, &evidence[j].Source) })
	})
}

// alikeIn reports whether two sources speak of the same things.
func alikeIn(a, b *Source) bool {
	return a.ID != b.ID && a.Product == b.Product && a.Region == b.Region &&
		(a.Locale == b.Locale || a.Locale == "" || b.Locale == "")
}

// contradiction looks for a sentence of p and one of q that say the same of
// what is asked but for a fact or a negation.
func (r *reader) contradiction(asked, p, q *page) (Conflict, bool) {
	weights, total := weigh(asked)
	answers := func(p *page, n int) bool {
		found := 0.
		for key, w := range weights {
			if slices.Contains(p.words[key], n) {
				found += w
			}
		}
		return found >= conflictAsked*total
	}
	said := make(map[int]*page) // the sentences of q that answer
	for j := range q.parts {
		if answers(q, j) {
			said[j] = r.sentence(q, j)
		}
	}
	for i := range p.parts {
		if len(said) == 0 || !answers(p, i) {
			continue
		}
		a := r.sentence(p, i)
		for j := range q.parts {
			b := said[j]
			if b == nil {
				continue
			}
			if shareOf(a, b) < conflictAlike || shareOf(b, a) < conflictAlike {
				continue
			}
			if kind, ok := opposite(a, b, p, q); ok {
				return Conflict{SpanA: p.parts[i].span, SpanB: q.parts[j].span, Kind: kind}, true
			}
		}
	}
	return Conflict{}, false
}

// sentence is the nth sentence of a page as a page by itself.
func (r *reader) sentence(p *page, n int) *page {
	span := p.parts[n].span
	return r.page(slice(p.text, span.Start, span.End))
}

// opposite reports whether the sentences a of p and b of q contradict each
// other: by a fact that stands in the place of another one, said nowhere else
// by the other source, or by a negation put in or left out.
func opposite(a, b, p, q *page) (ProblemKind, bool) {
	for i := range a.facts() {
		f := &a.facts()[i]
		if f.weak || says(q, f) {
			continue
		}
		own := around(a, f.lo, f.hi)
		for j := range b.facts() {
			g := &b.facts()[j]
			if g.weak || !rivals(f, g) || !sameMeasure(f, g) || says(p, g) {
				continue
			}
			theirs := around(b, g.lo, g.hi)
			if own.in(theirs) >= conflictAround && theirs.in(own) >= conflictAround {
				return f.kind, true
			}
		}
	}
	if !sameFacts(a, b) || !sameFacts(b, a) {
		return "", false
	}
	x := align(b, stepsOf(a, 0, len(a.lex)), stepsOf(b, 0, len(b.lex)))
	if x.share() < copied || float64(len(x.matches)) < copied*float64(len(x.theirs)) {
		return "", false
	}
	if changed, _ := x.differences(a); len(changed) > 0 {
		return NegationProblem, true
	}
	return "", false
}

// says reports whether a source says a fact anywhere.
func says(p *page, f *fact) bool {
	for i := range p.facts() {
		if same(f, &p.facts()[i]) {
			return true
		}
	}
	return false
}

// sameMeasure reports whether two facts are counted in the same unit: 3 days
// and 24 hours may both be right, 3 days and 5 days may not.
func sameMeasure(a, b *fact) bool {
	return a.unit.Name == b.unit.Name && a.unit.work == b.unit.work && a.bound == b.bound && a.kind != URLProblem
}
