package retrieval

import "math"

// A Comparison holds one sentence of a text against sources.
type Comparison struct {
	Span Span // runes of the text

	// Courtesy says that the sentence claims nothing: a greeting, thanks, an
	// offer to help. It is not compared.
	Courtesy bool
	Weight   float64 // how much the sentence says: by its words that matter, long ones more; 0 for a courtesy
	Facts    int     // numbers, dates, addresses and codes in it
	Supports []Support
}

// A Support says how far one source supports a sentence.
type Support struct {
	Cover float64 // share of the sentence's words that the source has in up to three sentences on end, from 0 to 1; 0 if it is below a quarter
	Rare  float64 // the same with each word weighed by how few of the sources have it
	Exact bool    // the source has the whole sentence as it is
	Facts int     // how many of the sentence's facts the source says
	Text  int     // which of the source's texts that is true of

	// Clash is what the sentence says otherwise than the source; nil: nothing.
	// Where one text of a source supports the sentence without a clash, that
	// one counts.
	Clash *Clash
}

// A Clash is a number, date or negation that stands in the place of another.
type Clash struct {
	Kind ProblemKind
	Sent string // what the sentence says, as written
	Said string // what the source says in its place, as written
	Text int    // which of the source's texts says so
}

// Compare holds each sentence of a text against sources. A source may have
// several texts that say the same in other words, such as its body and what a
// draft made of it.
//
// It reads like Ground and asks another question. Ground marks all that a
// source does not prove; Compare wants to know where words come from, so what
// was added is no fault here, and a clash is reported only where the two
// sentences are clearly about the same and one of them was changed.
func Compare(text string, sources [][]string) []Comparison {
	c := newComparing(text, sources)
	var out []Comparison
	for _, s := range statements(text) {
		sentence := text[s.from:s.to]
		p := newPage(sentence)
		one := Comparison{Span: s.span, Courtesy: courteous(p), Facts: strong(p)}
		if !one.Courtesy {
			rare := c.rarity(p)
			_, weight := weigh(p)
			one.Weight = steady(weight)
			one.Supports = make([]Support, len(sources))
			for i := range sources {
				one.Supports[i] = c.support(p, i, rare)
			}
		}
		out = append(out, one)
	}
	return out
}

// steady rounds a sum over a map. Its last digits depend on the order of the
// map, which is another one in each run, and a credit that has been explained
// must not change by itself.
func steady(x float64) float64 { return math.Round(x*1e6) / 1e6 }

// A comparing is one run of Compare.
type comparing struct {
	whole *page     // the text
	pages [][]*page // by source and text
	flats [][]*flat
}

func newComparing(text string, sources [][]string) *comparing {
	c := &comparing{whole: newPage(text)}
	for _, texts := range sources {
		var pages []*page
		for _, t := range texts {
			pages = append(pages, newPage(t))
		}
		c.pages = append(c.pages, pages)
		c.flats = append(c.flats, make([]*flat, len(texts)))
	}
	return c
}

// rarity weighs the words of p by how few sources have them.
func (c *comparing) rarity(p *page) map[string]float64 {
	weights, _ := weigh(p)
	for key, w := range weights {
		having := 0
		for _, texts := range c.pages {
			for _, q := range texts {
				if len(q.words[key]) > 0 {
					having++
					break
				}
			}
		}
		weights[key] = w * math.Log(1+(float64(len(c.pages))+0.5)/(float64(having)+0.5))
	}
	return weights
}

// copied reports whether a source's text has the sentence p, of whose words it
// has the share cover, as it is.
func (c *comparing) copied(p *page, i, t int, cover float64) bool {
	if cover < 0.99 {
		return false
	}
	if c.flats[i][t] == nil {
		c.flats[i][t] = newFlat(c.pages[i][t].text)
	}
	_, ok := c.flats[i][t].find(p.text)
	return ok
}

// leastCover is the share of a sentence's words that a source must have
// anywhere to be looked at closely. With less, Cover and Rare are 0.
const leastCover = 0.25

// support holds the sentence p against the ith source.
func (c *comparing) support(p *page, i int, rare map[string]float64) Support {
	var best Support
	for t, q := range c.pages[i] {
		s := Support{Text: t}
		if len(p.words) > 0 && steady(shareOf(p, q)) >= leastCover {
			w := bestWindow(p, q, i)
			s.Cover, s.Rare = steady(w.cover), steady(w.among(rare))
			s.Facts = factsSaid(p, q)
			if c.copied(p, i, t, s.Cover) {
				s.Cover, s.Rare, s.Exact = 1, 1, true
			} else if s.Cover >= clashCover {
				s.Clash = c.clash(p, &w, t)
			}
		} else if len(p.words) == 0 && c.copied(p, i, t, 1) {
			s.Cover, s.Rare, s.Exact = 1, 1, true
		}
		if t == 0 || s.before(&best) {
			best = s
		}
	}
	return best
}

// strong counts the facts that have to be said by a source.
func strong(p *page) int {
	n := 0
	for i := range p.facts() {
		if !p.facts()[i].weak {
			n++
		}
	}
	return n
}

// factsSaid counts the facts of p that q says anywhere.
func factsSaid(p, q *page) int {
	n := 0
	for i := range p.facts() {
		if f := &p.facts()[i]; !f.weak && says(q, f) {
			n++
		}
	}
	return n
}

// before reports whether s is the better support of two.
func (s *Support) before(t *Support) bool {
	if (s.Clash == nil) != (t.Clash == nil) && math.Abs(s.Cover-t.Cover) < 0.5 {
		return s.Clash == nil
	}
	return s.Cover > t.Cover
}

// among is the share of weights that the window has.
func (w *window) among(weights map[string]float64) float64 {
	keys := w.keys()
	total, found := 0., 0.
	for key, x := range weights {
		total += x
		if keys[key] {
			found += x
		}
	}
	if total == 0 {
		return 0
	}
	return found / total
}

// clashCover is the share of a sentence's words that a source must have for the
// two to be about the same.
const clashCover = 0.6

// clash looks for what p says otherwise than the window: a fact in the place of
// another one of its measure, which the source has nowhere and the text does
// not have as well; or, in a sentence that was copied but for that, a negation.
func (c *comparing) clash(p *page, w *window, text int) *Clash {
	if w.to == 0 || !sameNames(p, w.page) {
		return nil // delivery to Russia is not delivery to Kazakhstan
	}
	a := closest(p, w)
	for i := range p.facts() {
		f := &p.facts()[i]
		if f.weak || says(w.page, f) {
			continue
		}
		if g := c.rival(p, f, w, &a); g != nil {
			return &Clash{Kind: f.kind, Sent: p.between(f.from, f.to), Said: w.page.between(g.from, g.to), Text: text}
		}
	}
	if a.share() < copied || float64(len(a.matches)) < copied*float64(len(a.theirs)) {
		return nil
	}
	if changed, _ := a.differences(p); len(changed) > 0 {
		lo, hi := a.theirs[0].at, a.theirs[len(a.theirs)-1].at
		return &Clash{Kind: NegationProblem, Sent: p.text, Said: w.page.between(lo, hi+1), Text: text}
	}
	return nil
}

// longestCopy is how many words a sentence may have to be aligned word by word.
const longestCopy = 400

// closest aligns p with the one sentence near the window that it is most like.
func closest(p *page, w *window) alignment {
	var best alignment
	own := withoutParticle(p, stepsOf(p, 0, len(p.lex)))
	if len(own) > longestCopy {
		return best
	}
	covers := make(map[int]float64, len(w.covers))
	for n, x := range w.covers {
		covers[n] = steady(x)
	}
	value := 0.
	for _, n := range nearest(covers, 3) {
		u := w.page.parts[n]
		theirs := withoutParticle(w.page, stepsOf(w.page, u.lo, u.hi))
		if len(theirs) > longestCopy {
			continue
		}
		a := align(w.page, own, theirs)
		if v := 2 * float64(len(a.matches)) / float64(len(own)+len(theirs)+1); v > value {
			best, value = a, v
		}
	}
	return best
}

// withoutParticle leaves out the Нет or No that a sentence begins with: it
// answers a question, and whether the next words are true does not depend on
// it. The same article says "No, you can only…" and "You can only…".
func withoutParticle(p *page, steps []step) []step {
	if len(steps) == 0 {
		return steps
	}
	first := steps[0].at
	norm := p.lex[first].norm
	if norm != "нет" && norm != "no" && norm != "да" && norm != "yes" ||
		first+1 >= len(p.lex) || p.lex[first+1].kind != lexPunct {
		return steps
	}
	n := 0
	for n < len(steps) && steps[n].at == first {
		n++
	}
	return steps[n:]
}

// rival is the fact of the window that f stands in the place of, or nil.
func (c *comparing) rival(p *page, f *fact, w *window, a *alignment) *fact {
	fits := func(g *fact) bool {
		return !g.weak && rivals(f, g) && sameMeasure(f, g) && !says(c.whole, g)
	}
	if a.share() >= copied {
		if g := a.partner(f); g != nil && fits(g) {
			return g
		}
	}
	q := w.page
	own := around(p, f.lo, f.hi)
	for j := range q.facts() {
		g := &q.facts()[j]
		if g.from < q.parts[w.from].lo || g.from >= q.parts[w.to-1].hi || !fits(g) {
			continue
		}
		theirs := around(q, g.lo, g.hi)
		if own.in(theirs) >= conflictAround && theirs.in(own) >= conflictAround {
			return g
		}
	}
	return nil
}

// between is the text of the lexemes from lo to hi, as written.
func (p *page) between(lo, hi int) string {
	return slice(p.text, p.lex[lo].start, p.lex[hi-1].end)
}
