package retrieval

import "math"

// An article's title is the question that the whole of it answers. Its words
// are taken for granted in the text: a unit that has them by chance says no
// more than one that leaves them out, and who asks for nothing beyond them is
// answered from the top.
const (
	namedShare   = 0.4 // of what a word counts in a unit's text, if the title has it; in its heading it tells units apart
	openingShare = 0.5 // what the opening counts where the title has the whole question, against all its words
	earlyShare   = 0.2 // the most that standing early counts behind the opening, likewise
)

// A gauge is what a question asks for in one source.
type gauge struct {
	weights map[string]float64 // of the question's words by key, rare ones of the source counting for more
	named   map[string]bool    // those that the title has
	total   float64            // of weights
	titled  float64            // share of the question that the title has, by weight
	want    intent
}

// gauge looks at a question in the light of a source.
func (q *asked) gauge(units []excerpt, title string) gauge {
	g := gauge{named: make(map[string]bool), want: intentOf(q.page.text)}
	g.weights, _ = weigh(q.page)
	words, all := q.reader.page(title).words, 0.
	for key, w := range g.weights {
		if g.want&(forPrice|forTime) != 0 && measures[key] {
			w *= measureShare
		}
		all += w
		having := 0
		for i := range units {
			if units[i].words[key] || units[i].heading[key] {
				having++
			}
		}
		if g.named[key] = len(words[key]) > 0; g.named[key] {
			g.titled += w
			having = len(units) // even those that do not say it are about it
		}
		g.weights[key] = w * math.Log(1+float64(len(units))/(1+float64(having)))
		g.total += g.weights[key]
	}
	if all > 0 {
		g.titled = steady(g.titled / all)
	}
	return g
}

// words is what the words of a unit count.
func (g *gauge) words(u *excerpt) float64 {
	sum := 0.
	for key, w := range g.weights {
		switch {
		case g.named[key] && u.heading[key]:
			sum += headingShare * w
		case g.named[key] && u.words[key]:
			sum += namedShare * w
		case u.words[key]:
			sum += w
		case u.heading[key]:
			sum += headingShare * w
		}
	}
	return sum
}

// early is what the place of the ith unit counts for a question that the title
// has: much for the opening, which stands under no heading.
func early(units []excerpt, i int) float64 {
	if units[i].blocks[0].section == units[0].blocks[0].section && units[0].blocks[0].heading == "" {
		return openingShare
	}
	return earlyShare * (1 - float64(i)/float64(len(units)))
}

// denies reports whether a question or a title asks for what is not so, or not
// allowed.
func (p *page) denies() bool {
	return len(negationsOf(p.lex, 0, len(p.lex), p.facts()))%2 == 1
}

// against reports whether the title of a source turns the question round while
// another one, which has as much of it, does not: what may be returned is not
// answered by what may not.
func (q *asked) against(title, other string) bool {
	p, o := q.reader.page(title), q.reader.page(other)
	has := shareOf(q.page, o)
	return p.denies() != q.page.denies() && o.denies() == q.page.denies() && has > 0 && steady(has) >= steady(shareOf(q.page, p))
}
