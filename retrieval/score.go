package retrieval

import (
	"slices"

	"github.com/whetstone-desk/whetstone/embeddings"
)

// rank orders what a search found: by words first, and among the best of those
// by how much of the question stands together in one place.
func (t *task) rank(q *Query, r *Result) findings {
	p := &t.profile
	m := embeddings.NewMatcher(t.words, rarity(q, r))
	f := t.measure(q, r)
	full := f.full
	f.ranked = make([]ranked, len(r.Hits))
	near := nearness(r.Hits)
	for i, h := range r.Hits {
		f.ranked[i] = ranked{Hit: h, words: h.Score, near: near(h.Dense)}
		if t.semantic {
			f.ranked[i].words -= p.Weights.Dense * h.Dense // meaning is added below
		}
	}
	slices.SortStableFunc(f.ranked, byWords)
	for i := range f.ranked {
		x := &f.ranked[i]
		if i < p.Rescored {
			x.window = m.Best(joined(x.Source.Title, x.Passage.Heading, x.Passage.Text))
			x.words += p.Window * x.window.Score
		}
		x.Score = share(x.words, full)
		if t.semantic {
			x.Score = (1-p.Meaning)*x.Score + p.Meaning*x.near
		}
	}
	f.ranked = bySource(f.ranked, max(t.limit(), compared))
	for _, x := range f.ranked[:min(compared, len(f.ranked))] {
		f.scores = append(f.scores, x.Score)
	}
	f.ranked = f.ranked[:min(t.limit(), len(f.ranked))]
	return f
}

// measure says how much the question asks for: what a source that has all of it
// would score. Personal data does not count, as no source has it.
func (t *task) measure(q *Query, r *Result) findings {
	p := &t.profile
	f := findings{result: r}
	m := embeddings.NewMatcher(t.search, rarity(q, r))
	f.mass, f.asked, f.full = m.Mass(), m.Words(), p.Window*m.Mass()
	if !t.semantic {
		f.full += p.Weights.Dense
	}
	if t.search == t.words {
		for c, mass := range r.Mass {
			f.full += p.Weights.Lexical[c] * mass
		}
		return f
	}
	idf := rarity(q, r)
	for c, channel := range embeddings.QueryTerms(t.search) {
		for i, term := range channel.Terms {
			f.full += p.Weights.Lexical[c] * float64(channel.Weights[i]) * idf(term)
		}
	}
	return f
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

// compared is how many sources' scores the confidence looks at: see Leads.
const compared = 6

// judge says how far the best source may be trusted to answer, and the reason
// to abstain if that is too little for who reads it.
func (t *task) judge(f *findings, evidence []Evidence) (confidence float64, reason Reason) {
	if len(evidence) == 0 {
		return 0, NoEvidence
	}
	a := t.profile.Calibration.Assess(f.features())
	if reason = a.Judge(t.least()); reason == "" && len(Conflicts(evidence, t.question)) > 0 {
		reason = Conflicting
	}
	return rounded(a.Confidence), reason
}

// least is the confidence that the reader of the suggestion asks for.
func (t *task) least() float64 {
	if t.ask.Mode == ForCustomer {
		return t.profile.MinAnswer
	}
	return t.profile.MinDraft
}

// features are what the confidence rests on.
func (f *findings) features() Features {
	best := &f.ranked[0]
	out := Features{Score: share(best.words, f.full), Words: f.asked, Dense: best.Dense}
	out.Coverage = share(best.window.Score, f.mass)
	rarest := 0.
	for _, idfs := range f.result.IDF {
		for _, idf := range idfs {
			rarest = max(rarest, idf)
		}
	}
	if rarest > 0 {
		out.Rarity = best.window.Score / rarest
	}
	out.Margin, out.Gap = Leads(f.scores)
	return out
}
