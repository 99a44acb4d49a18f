package retrieval

import (
	"math"
	"slices"

	"github.com/whetstone-desk/whetstone/kb"
)

// How cases speak for articles: a case of likeness s counts as much as an
// article whose own score is s + voteSpread·ln(voteWeight), and what like cases
// and the article itself come to is their soft maximum. Many like cases count
// for more than one, and unlike ones for nothing, however many: what a case of
// no likeness would count is taken off each.
const (
	voteSpread = 0.14
	voteWeight = 0.05
	voteMost   = 0.70 // likeness beyond which a case counts for no more

	// evidenceMost bounds how often one case counts.
	evidenceMost = 5

	// caseShown is the likeness from which a case is worth showing beside the
	// article that it speaks for.
	caseShown = 0.5

	// caseLead is by how much a case must be likelier than its article to go
	// before it.
	caseLead = 0.2
)

// votes is what cases say for one article.
type votes struct {
	sum     float64  // of exp(what each case counts as / voteSpread) - 1, weighed
	best    ranked   // the likest of them, with its likeness as own
	lenders []lender // those that lend the article their words
	lent    float64  // what those words add to its score
}

// lift is what cases add to an article's own score, by their likeness to the
// question and by their words.
func (v *votes) lift(own float64) float64 {
	return voteSpread*math.Log1p(v.sum*math.Exp(-own/voteSpread)) + v.lent
}

// votes parts what was found, best first, into what is ranked and the cases
// that speak for something that is. A case that rests on no article, or whose
// article was not found, is ranked by itself.
func (t *task) votes(found []ranked) (map[string]*votes, []ranked) {
	groups := make([]ranked, 0, len(found))
	articles := make(map[string]bool)
	for i := range found {
		if found[i].Source.Kind != kb.Case {
			articles[found[i].Source.ID] = true
		}
	}
	cast, lending := make(map[string]*votes), 0
	for i := range found {
		x := found[i]
		if t.overrides[x.Source.ID].Action == Exclude {
			continue
		}
		if x.Source.Kind != kb.Case || !articles[x.Source.ResolvedWith] {
			groups = append(groups, x)
			continue
		}
		if !t.semantic && x.read && x.coverage() < hardly {
			continue // no word of the question is in it: it says nothing for its article
		}
		t.alike(&x)
		v := cast[x.Source.ResolvedWith]
		if v == nil {
			v = &votes{best: x}
			cast[x.Source.ResolvedWith] = v
		}
		if x.own > v.best.own {
			v.best = x
		}
		believed, doubted := t.beliefs.Cases[x.Source.ID]
		if !doubted {
			believed = 1
		}
		if lending++; lending <= lenders {
			v.lenders = append(v.lenders, lender{&found[i], believed})
		}
		weight := believed * min(evidenceMost, max(1, float64(x.Source.Evidence)))
		v.sum += weight * voteWeight * math.Expm1(max(0, min(voteMost, x.own))/voteSpread)
	}
	return cast, groups
}

// alike makes x's own score its likeness to the question, whatever its title.
func (t *task) alike(x *ranked) {
	p := x.parts
	room := x.on.full * inverse(x.on.full-x.on.titles) // words can score more with a title
	words := p.Body + p.Grams - x.titleGrams + p.Place
	if t.semantic {
		x.own = words*room + p.Dense
		return
	}
	x.own = (words + p.Dense) * room
}

// withCases puts the likest case of each article beside it, and leaves as many
// sources as are asked for.
func (t *task) withCases(groups []ranked, cast map[string]*votes) []ranked {
	out := slices.Clone(groups[:min(t.limit(), len(groups))])
	for i := range out {
		v := cast[out[i].Source.ID]
		if v == nil || v.best.own < caseShown {
			continue
		}
		article := &out[i]
		beside := v.best
		// Likeness to a question is easier come by than to an article's title
		// and text, so the case goes first where it is much the likelier.
		// They stand together: what is written from either deserves the same trust.
		if lead := beside.own - caseLead; lead > article.own {
			beside.rate(math.Nextafter(article.value, math.Inf(1)))
		} else {
			beside.rate(min(article.value, lead))
		}
		out = append(out, beside)
	}
	slices.SortStableFunc(out, byValue)
	return out[:min(t.limit(), len(out))]
}
