package retrieval

import (
	"cmp"
	"slices"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
)

// An article says what a thing is called, and its cases what customers call it.
// So a question is looked for in an article's text as if the questions that it
// has answered stood there too (document expansion by queries: Nogueira et al.
// 2019, with questions that were asked in place of invented ones). That differs
// from the cases' votes, each of which must be like the whole question: here
// one word may be the article's and the next a case's, and a word that the
// article has already gains nothing by cases that repeat it.

// lenders is how many cases lend their words, the best first. More were of no
// use on any stream tried, and each is a text to read.
const lenders = 10

// A lender is a case that lends its words.
type lender struct {
	from     *ranked
	believed float64 // how far, from 0 to 1
}

// A wish is a term that the question looks for in texts.
type wish struct {
	term  uint32
	worth float64 // what it adds to a score where a text has it with weight 1
}

// wishes lists what the question looks for in texts, by term. A term is as rare
// as on the shelf where it is the commoner: what all customers say sets no
// article apart, nor does what all articles say.
func (t *task) wishes(q *Query, articles, cases *Result, full float64) []wish {
	scale := inverse(full)
	if t.semantic {
		scale *= 1 - t.profile.Meaning
	}
	var out []wish
	for _, c := range []embeddings.Channel{embeddings.BodyWords, embeddings.BodyGrams} {
		asked := q.Lexical[c]
		for i := range min(asked.Len(), len(articles.IDF[c]), len(cases.IDF[c])) {
			rarity := min(articles.IDF[c][i], cases.IDF[c][i])
			out = append(out, wish{asked.Terms[i], scale * t.profile.Weights.Lexical[c] * float64(asked.Weights[i]) * rarity})
		}
	}
	slices.SortFunc(out, func(a, b wish) int { return cmp.Compare(a.term, b.term) })
	return out
}

// fulfils returns the weight that each of the wishes has in the text of x, 0
// for those that are not in it.
func (x *ranked) fulfils(wishes []wish) []float64 {
	has := embeddings.PassageTerms(x.Source.Title, kb.Plain(x.Passage.Heading), kb.Plain(x.Passage.Text))
	out := make([]float64, len(wishes))
	at := 0
	for i, w := range wishes {
		for at < has.Len() && has.Terms[at] < w.term {
			at++
		}
		if at < has.Len() && has.Terms[at] == w.term {
			out[i] = float64(has.Weights[at])
		}
	}
	return out
}

// lend works out, for each article, what the words of its cases add to its
// score where it lacks them.
func lend(wishes []wish, groups []ranked, cast map[string]*votes) {
	for i := range groups {
		x := &groups[i]
		v := cast[x.Source.ID]
		if v == nil || len(v.lenders) == 0 {
			continue
		}
		own := x.fulfils(wishes)
		with := slices.Clone(own)
		for _, l := range v.lenders {
			for k, weight := range l.from.fulfils(wishes) {
				with[k] = max(with[k], l.believed*weight)
			}
		}
		for k, w := range wishes {
			v.lent += w.worth * (with[k] - own[k])
		}
	}
}
