package retrieval

import (
	"math"
	"slices"
	"strings"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
)

// Search tells sources apart by what they are about, which is too little where
// several are about the same: the delivery, its cost, its cost abroad. Those
// within tied of the best are compared by the unit that would be quoted, at
// most mostTied of them, as reading a source takes longer than finding it.
// Another one than the best has to be better by clearlyBetter, and by less
// where a price or a time is asked for and only it has a word of the question:
// who never names Kazakhstan does not say what it costs to send there.
const (
	tied          = 0.8
	mostTied      = 2
	clearlyBetter = 1.25
	better        = 1.1
	wellMet       = 0.9 // of the question's words in one unit: no need to look on
)

// measures are keys of the words that ask for a price or a time. A table of
// prices rarely has them, so that it has a price says more.
var measures = wordKeys(`стоит стоить стоимость цена тариф срок сроки долго дней дня время
	cost costs price much long days time take takes`)

// measureShare is what such a word counts for.
const measureShare = 0.3

// nearest returns the order of the sources with the article first whose best
// unit has most of the question, of those that are nearly as good as the best.
func (q *asked) nearest(r *Request, order []int) []int {
	var tie []int
	for _, i := range order {
		e := &r.Evidence[i]
		if e.Source.Kind == kb.Case {
			continue
		}
		if len(tie) > 0 && (e.Score < tied*r.Evidence[tie[0]].Score || spoken(e) != spoken(&r.Evidence[tie[0]])) {
			continue
		}
		if tie = append(tie, i); len(tie) == mostTied {
			break
		}
	}
	if len(tie) == 2 && q.against(r.Evidence[tie[0]].Source.Title, r.Evidence[tie[1]].Source.Title) {
		return headed(order, tie[1])
	}
	weights, total := weigh(q.page)
	if len(tie) < 2 || q.most(r, tie[:1], weights)[0] >= wellMet*total {
		return order
	}
	best, reached := 0, q.most(r, tie, q.rarity(r, tie))
	for i := range tie {
		if reached[i] > reached[best] {
			best = i
		}
	}
	least := clearlyBetter
	if intentOf(q.page.text)&(forPrice|forTime) != 0 && q.adds(r, tie[best], tie[0]) {
		least = better
	}
	if best == 0 || reached[best] < least*reached[0] {
		return order
	}
	return headed(order, tie[best])
}

// headed is the order with one source at its head.
func headed(order []int, first int) []int {
	out := []int{first}
	for _, i := range order {
		if i != first {
			out = append(out, i)
		}
	}
	return out
}

// adds reports whether a source has a word of the question that another has
// nowhere.
func (q *asked) adds(r *Request, source, other int) bool {
	for key := range q.page.words {
		has := func(u excerpt) bool { return u.words[key] || u.heading[key] }
		if slices.ContainsFunc(q.units(&r.Evidence[source], source), has) && !slices.ContainsFunc(q.units(&r.Evidence[other], other), has) {
			return true
		}
	}
	return false
}

// rarity weighs the words of the question by how few units of the sources have
// them.
func (q *asked) rarity(r *Request, sources []int) map[string]float64 {
	weights, _ := weigh(q.page)
	want := intentOf(q.page.text)
	var units []excerpt
	for _, i := range sources {
		units = append(units, q.units(&r.Evidence[i], i)...)
	}
	for key, w := range weights {
		if want&(forPrice|forTime) != 0 && measures[key] {
			w *= measureShare
		}
		having := 0
		for i := range units {
			if units[i].words[key] || units[i].heading[key] {
				having++
			}
		}
		weights[key] = w * math.Log(1+float64(len(units))/(1+float64(having)))
	}
	return weights
}

// most is the greatest sum of weights that a unit of each source has.
func (q *asked) most(r *Request, sources []int, weights map[string]float64) []float64 {
	out := make([]float64, len(sources))
	want := intentOf(q.page.text)
	total := 0.
	for _, w := range weights {
		total += w
	}
	for n, i := range sources {
		units := q.units(&r.Evidence[i], i)
		for k := range units {
			u := &units[k]
			if u.thin {
				continue
			}
			sum := 0.
			for key, w := range weights {
				switch {
				case u.words[key]:
					sum += w
				case u.heading[key]:
					sum += headingShare * w
				}
			}
			if sum > 0 && u.serves(want) {
				sum += intentShare * total
			}
			out[n] = max(out[n], steady(sum))
		}
	}
	return out
}

// spoken is the language of a source.
func spoken(e *Evidence) string {
	if l, _, _ := strings.Cut(e.Source.Locale, "-"); l != "" {
		return l
	}
	return embeddings.Language(e.Text)
}
