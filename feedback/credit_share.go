package feedback

import "github.com/whetstone-desk/whetstone/retrieval"

// How a sentence finds its source.
const (
	resting     = 0.5  // share of its words that a source must have, as in retrieval.Ground
	restingFact = 0.3  // the same where the source also says all its numbers, addresses and codes
	restingNone = 0.75 // the same where it says none of them: the words are of another matter, or nearly a copy
	nearBest    = 0.1  // within so much of the best source, what else was sent decides
	equally     = 0.03 // within so much, the sources have the sentence equally
	mostly      = 0.8  // share of its words that a cited source must have for a sentence that says otherwise to correct it
	clearer     = 0.15 // by so much another source must have more of a sentence for its clash to be none of this one's
)

// rests reports whether a sentence rests on its ith source.
func rests(s *retrieval.Comparison, i int) bool {
	x := &s.Supports[i]
	least := resting
	switch {
	case s.Facts > 0 && x.Facts == s.Facts:
		least = restingFact
	case s.Facts > 0 && x.Facts == 0:
		least = restingNone
	}
	return x.Clash == nil && x.Cover >= least
}

// correction takes a sentence that corrects a cited source away from the sources
// that were not cited and have fewer of its words.
func (c *crediting) correction(s *retrieval.Comparison) {
	of, most := -1, mostly
	for i := range s.Supports {
		if x := &s.Supports[i]; c.cited[i] && x.Clash != nil && x.Cover >= most {
			of, most = i, x.Cover
		}
	}
	if of < 0 {
		return
	}
	rested := false
	for i := range s.Supports {
		x := &s.Supports[i]
		if x.Clash == nil && !c.cited[i] && x.Cover < most-equally {
			x.Cover, x.Rare, x.Facts = 0, 0, 0
		}
		rested = rested || rests(s, i)
	}
	if !rested {
		c.of[of].corrected += s.Weight
	}
}

// assign gives each sentence to the source it rests on best.
func (c *crediting) assign() {
	// A reply is mostly written from one source, so what a source has of the
	// whole decides where a single sentence might be from either.
	mass := make([]float64, len(c.of))
	most := 0.
	for n := range c.sentences {
		s := &c.sentences[n]
		best := bestOf(s)
		for i := range s.Supports {
			if x := &s.Supports[i]; rests(s, i) && x.Rare >= best-nearBest {
				mass[i] += s.Weight * x.Rare
				most = max(most, mass[i])
			}
		}
	}
	for n := range c.sentences {
		s := &c.sentences[n]
		best := bestOf(s)
		tied := c.among(s, best-equally, nil)
		if c.common(tied) {
			for _, i := range tied {
				c.of[i].common++
			}
			continue
		}
		c.total += s.Weight
		c.counted++
		c.clashes(s, best)
		c.give(s, c.among(s, best-nearBest, func(i int) float64 {
			if most == 0 {
				return 0
			}
			return nearBest * mass[i] / most
		}))
	}
}

// bestOf is how much of a sentence the best source has, by rarity; -1: none.
func bestOf(s *retrieval.Comparison) float64 {
	best := -1.
	for i := range s.Supports {
		if rests(s, i) {
			best = max(best, s.Supports[i].Rare)
		}
	}
	return best
}

// among returns the sources that a sentence rests on and that have at least so
// much of it; with a bonus, of these the ones that are then equally good.
func (c *crediting) among(s *retrieval.Comparison, least float64, bonus func(i int) float64) []int {
	var out []int
	best := -1.
	for i := range s.Supports {
		x := &s.Supports[i]
		if !rests(s, i) || x.Rare < least {
			continue
		}
		out = append(out, i)
		if bonus != nil {
			best = max(best, x.Rare+bonus(i))
		}
	}
	if bonus == nil {
		return out
	}
	var tied []int
	for _, i := range out {
		if s.Supports[i].Rare+bonus(i) >= best-equally {
			tied = append(tied, i)
		}
	}
	return tied
}

// common reports whether a sentence that rests on these sources equally tells
// nothing: all there are have it, and they are of different origin. Of two,
// the one that was cited gave it.
func (c *crediting) common(tied []int) bool {
	has := make(map[int]bool)
	cited := false
	for _, i := range tied {
		has[c.group[i]] = true
		cited = cited || c.cited[i]
	}
	if len(has) < 2 || cited && len(has) == 2 {
		return false
	}
	for _, g := range c.group {
		if !has[g] {
			return false
		}
	}
	return true
}

// give shares a sentence among sources that have it equally: among the cited
// ones, if there are any.
func (c *crediting) give(s *retrieval.Comparison, tied []int) {
	var cited []int
	for _, i := range tied {
		if c.cited[i] {
			cited = append(cited, i)
		}
	}
	if len(cited) > 0 {
		tied = cited
	}
	if len(tied) > 0 {
		c.rested++
	}
	for _, i := range tied {
		c.of[i].weight += s.Weight / float64(len(tied))
		c.of[i].sentences++
		if len(tied) > 1 {
			c.of[i].shared++
		}
	}
}

// clashes notes which sources a sentence contradicts. One that was cited is
// contradicted even if the sentence was taken from another source, as long as
// that one has not clearly more of it: then the two speak of different things.
// One that was not cited is so only if no source has the sentence.
func (c *crediting) clashes(s *retrieval.Comparison, best float64) {
	for i := range s.Supports {
		x := &s.Supports[i]
		if x.Clash == nil || best >= 0 && (!c.cited[i] || best > x.Rare+clearer) {
			continue
		}
		c.of[i].against += s.Weight
		if c.of[i].clash == nil {
			c.of[i].clash = x.Clash
		}
	}
}
