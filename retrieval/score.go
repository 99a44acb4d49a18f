package retrieval

import (
	"cmp"
	"slices"

	"github.com/whetstone-desk/whetstone/embeddings"
)

// rank orders what a search found: by words first, and among the best of those
// by how much of the question stands together in one place. Cases speak for
// the articles that they were resolved with, and what operators made of a
// source moves it a little.
func (t *task) rank(q *Query, articles, cases *Result) findings {
	m := t.measure(q, articles)
	beside := m
	if len(cases.Hits) > 0 {
		beside = t.measure(q, cases)
	}
	if m.mass > 0 {
		// Cases are held to what the question asks of articles. Words that few
		// cases have are no rarity among few cases, so a case counts for more the
		// more there are.
		beside.full, beside.titles = m.full, m.titles
	} else {
		m = beside
	}
	found := append(t.scored(m, articles.Hits), t.scored(beside, cases.Hits)...)
	votes, groups := t.votes(bySource(found))
	if len(votes) > 0 {
		lend(t.wishes(q, articles, cases, m.full), groups, votes)
	}
	t.weighed(groups, votes)
	f := findings{asked: m.asked, weight: m.mass * inverse(m.rarest), candidates: candidatesOf(groups), ranked: t.withCases(groups, votes)}
	f.best = groups[:min(kept, len(groups))]
	if len(groups) > 0 {
		f.coverage = groups[0].coverage()
		if v := votes[groups[0].Source.ID]; v != nil {
			f.said = &v.best
			f.coverage = max(f.coverage, v.best.coverage())
		}
	}
	return f
}

// coverage is the share of the question's words that stand in one place of x.
func (x *ranked) coverage() float64 { return share(x.window.Score, x.on.mass) }

// scored gives each hit its parts of the score, best by words first.
func (t *task) scored(m *measure, hits []Hit) []ranked {
	p := &t.profile
	out := make([]ranked, len(hits))
	near := nearness(hits)
	for i, h := range hits {
		out[i] = ranked{Hit: h, words: h.Score, near: near(h.Dense), on: m}
		if t.semantic {
			out[i].words -= p.Weights.Dense * h.Dense // meaning is added below
		}
	}
	slices.SortStableFunc(out, byWords)
	for i := range out {
		x := &out[i]
		if i < p.Rescored {
			x.read, x.window = true, m.match.Best(joined(x.Source.Title, x.Passage.Heading, x.Passage.Text))
			x.words += p.Window * x.window.Score
		}
		t.split(x)
	}
	return out
}

// split parts the score of x into what each signal contributes, and adds it up
// as feedback has weighed them.
func (t *task) split(x *ranked) {
	p := &t.profile
	scale := inverse(x.on.full)
	if t.semantic {
		scale *= 1 - p.Meaning
	}
	lexical := func(c embeddings.Channel) float64 { return scale * p.Weights.Lexical[c] * x.Lexical[c] }
	x.titleGrams = lexical(embeddings.TitleGrams)
	x.parts = Candidate{
		ID: x.Source.ID, Title: lexical(embeddings.TitleWords), Body: lexical(embeddings.BodyWords),
		Grams: x.titleGrams + lexical(embeddings.BodyGrams), Place: scale * p.Window * x.window.Score,
	}
	if t.semantic {
		x.parts.Dense = p.Meaning * x.near
	} else {
		x.parts.Dense = scale * p.Weights.Dense * x.Dense
	}
	x.own = t.factors.own(&x.parts)
	x.rate(x.own)
}

// inverse is 1 over full, or 0.
func inverse(full float64) float64 {
	if full <= 0 {
		return 0
	}
	return 1 / full
}

// rate gives x its place: value is what orders, Score what is shown of it.
func (x *ranked) rate(value float64) { x.value, x.Score = value, max(0, min(1, value)) }

// weighed adds to each group what cases and operators say of it, and orders
// them.
func (t *task) weighed(groups []ranked, votes map[string]*votes) {
	for i := range groups {
		x := &groups[i]
		if v := votes[x.Source.ID]; v != nil {
			x.parts.Cases = v.lift(x.own)
		}
		x.parts.Bonus = t.bonus(&x.Source)
		x.rate(x.own + t.caseWeight*used(t.factors.Cases)*x.parts.Cases + x.parts.Bonus)
		x.parts.Score = x.value
	}
	slices.SortFunc(groups, byValue)
}

// byValue orders the best first, equal ones as by words.
func byValue(a, b ranked) int { return cmp.Or(cmp.Compare(b.value, a.value), byWords(a, b)) }

// kept is how many candidates of a suggestion are remembered.
const kept = 10

// candidatesOf is what the ranking had to choose from, as it is remembered.
func candidatesOf(groups []ranked) []Candidate {
	out := make([]Candidate, min(kept, len(groups)))
	for i := range out {
		out[i] = groups[i].parts.rounded()
	}
	return out
}

// measure says how much the question asks for: what a source that has all of it
// would score. Personal data does not count, as no source has it.
func (t *task) measure(q *Query, r *Result) *measure {
	p := &t.profile
	idf := rarity(q, r)
	sought := embeddings.NewMatcher(t.search, idf)
	m := &measure{match: sought, asked: sought.Words(), mass: sought.Mass(), full: p.Window * sought.Mass()}
	if !t.semantic {
		m.full += p.Weights.Dense
	}
	mass := r.Mass
	if t.search != t.words {
		m.match = embeddings.NewMatcher(t.words, idf)
		for c, channel := range embeddings.QueryTerms(t.search) {
			mass[c] = 0
			for i, term := range channel.Terms {
				mass[c] += float64(channel.Weights[i]) * idf(term)
			}
		}
	}
	for c, x := range mass {
		m.full += p.Weights.Lexical[c] * x
	}
	for _, c := range []embeddings.Channel{embeddings.TitleWords, embeddings.TitleGrams} {
		m.titles += p.Weights.Lexical[c] * mass[c]
	}
	for _, idfs := range r.IDF {
		for _, x := range idfs {
			m.rarest = max(m.rarest, x)
		}
	}
	return m
}

// share is a score as a part of the most that the question could have had, at
// most 1.
func share(score, full float64) float64 {
	if full <= 0 {
		return 0
	}
	return min(1, score/full)
}

// nearness returns a function that brings cosines to the range from 0 to 1.
// Models differ in what cosine they give to texts that have nothing to do with
// each other, so the range is that of the hits at hand (Bruch, Gai and Ingber
// 2023: a convex combination of normalized scores beats one of ranks).
func nearness(hits []Hit) func(cosine float64) float64 {
	if len(hits) == 0 {
		return func(float64) float64 { return 0 }
	}
	low, high := hits[0].Dense, hits[0].Dense
	for _, h := range hits {
		low, high = min(low, h.Dense), max(high, h.Dense)
	}
	return func(cosine float64) float64 { return share(cosine-low, high-low) }
}

// rarity looks a term's inverse document frequency up in a result.
func rarity(q *Query, r *Result) func(term uint32) float64 {
	return func(term uint32) float64 {
		for c := range q.Lexical {
			if i, ok := slices.BinarySearch(q.Lexical[c].Terms, term); ok && i < len(r.IDF[c]) {
				return r.IDF[c][i]
			}
		}
		return 0
	}
}

// limit is how many sources are wanted.
func (t *task) limit() int {
	if t.ask.Limit > 0 {
		return t.ask.Limit
	}
	return usualLimit
}

const usualLimit = 5
