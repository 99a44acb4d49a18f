package retrieval

import (
	"slices"
	"strings"
)

// Thresholds of checkNegation, as shares of the weight of the words that a
// negation bears on.
const (
	alike  = 0.35 // so much a negation of the source must share with the answer's
	echoed = 0.75 // so much of what the source negates the answer must say for a missing negation to count
)

// checkNegation reports negations that the answer adds to what its support
// says, or leaves out. In a sentence that was copied with a word or two changed
// every change shows; in one that was written anew, negations are compared by
// the words they bear on.
func checkNegation(p *page, windows []window, copied *alignment) []Problem {
	c := polarity{p: p, windows: windows, own: negationsOf(p.lex, 0, len(p.lex), p.facts())}
	for i := range windows {
		w := &windows[i]
		if w.to == 0 {
			continue
		}
		for n := w.from; n < w.to; n++ {
			u := w.page.parts[n]
			for _, neg := range negationsOf(w.page.lex, u.lo, u.hi, w.page.facts()) {
				c.theirs = append(c.theirs, sourced{neg, w.page})
			}
		}
	}
	c.keys = make(map[string]bool)
	for i := range windows {
		for key := range windows[i].keys() {
			c.keys[key] = true
		}
	}
	if copied != nil {
		changed, foreign := copied.differences(p)
		for _, i := range changed {
			c.report(i)
		}
		c.added(func(n *negation) bool { return slices.Contains(foreign, n.at) })
		return c.problems
	}
	c.added(func(*negation) bool { return true })
	c.dropped()
	c.prefixed()
	c.contrasted()
	return c.problems
}

// A sourced negation knows the page it stands on.
type sourced struct {
	negation
	page *page
}

// A polarity is one run of checkNegation.
type polarity struct {
	p        *page
	windows  []window
	own      []negation
	theirs   []sourced
	keys     map[string]bool // the support's words
	problems []Problem
}

func (c *polarity) report(i int) {
	lo, hi := max(0, i), min(len(c.p.lex), i+2)
	text := []rune(c.p.text)[c.p.lex[lo].start:c.p.lex[hi-1].end]
	c.problems = append(c.problems, Problem{NegationProblem, string(text)})
}

// added finds, among the answer's negations to look at, those that no negation
// of the source is like.
func (c *polarity) added(look func(*negation) bool) {
	for i := range c.own {
		n := &c.own[i]
		if !look(n) {
			continue
		}
		best := 0.
		for j := range c.theirs {
			best = max(best, likeness(n, &c.theirs[j].negation), 0.9*likeness(&c.theirs[j].negation, n))
		}
		// The source may have the opposite in one word: не доступно, недоступно.
		for _, s := range n.scope {
			for _, prefix := range negativePrefixes {
				if c.keys[cutKey(prefix+s.key)] {
					best = 1
				}
			}
		}
		if best < alike {
			c.report(n.at)
		}
	}
}

// dropped finds negations of the source whose words the answer repeats without
// negating them.
func (c *polarity) dropped() {
	for j := range c.theirs {
		n := &c.theirs[j].negation
		if len(n.scope) == 0 || covers(n.scope, c.wordsOf()) < echoed || c.answers(n) {
			continue
		}
		if _, ok := c.wordsOf()[n.scope[0].key]; !ok {
			continue
		}
		for i := range c.p.lex {
			if bearing(&c.p.lex[i]) && keyOf(&c.p.lex[i]) == n.scope[0].key {
				c.report(max(0, i-1))
				break
			}
		}
	}
}

// answers reports whether the answer negates what n does.
func (c *polarity) answers(n *negation) bool {
	for i := range c.own {
		if likeness(n, &c.own[i]) >= alike || likeness(&c.own[i], n) >= alike {
			return true
		}
	}
	for _, s := range n.scope {
		for _, prefix := range negativePrefixes {
			if c.wordsOf()[cutKey(prefix+s.key)] {
				return true
			}
		}
	}
	return false
}

func (c *polarity) wordsOf() map[string]bool {
	keys := make(map[string]bool, len(c.p.words))
	for key := range c.p.words {
		keys[key] = true
	}
	return keys
}

// prefixed finds words that the answer turns round by their prefix alone:
// доступно, недоступно.
func (c *polarity) prefixed() {
	own := c.wordsOf()
	for i := range c.p.lex {
		w := &c.p.lex[i]
		if !bearing(w) || c.keys[keyOf(w)] {
			continue
		}
		rest, ok := unprefixed(w.stem)
		if ok && c.keys[cutKey(rest)] && !own[cutKey(rest)] && !c.negatedThere(cutKey(rest)) {
			c.report(i)
		}
	}
	for i := range c.windows {
		w := &c.windows[i]
		if w.to == 0 {
			continue
		}
		for k := w.page.parts[w.from].lo; k < w.page.parts[w.to-1].hi; k++ {
			x := &w.page.lex[k]
			if !bearing(x) || own[keyOf(x)] {
				continue
			}
			rest, ok := unprefixed(x.stem)
			if !ok || !own[cutKey(rest)] || c.keys[cutKey(rest)] || c.negatedHere(cutKey(rest)) {
				continue
			}
			for j := range c.p.lex {
				if keyOf(&c.p.lex[j]) == cutKey(rest) {
					c.report(max(0, j-1))
					break
				}
			}
		}
	}
}

func (c *polarity) negatedThere(key string) bool {
	for i := range c.theirs {
		if bears(&c.theirs[i].negation, key) {
			return true
		}
	}
	return false
}

func (c *polarity) negatedHere(key string) bool {
	for i := range c.own {
		if bears(&c.own[i], key) {
			return true
		}
	}
	return false
}

func bears(n *negation, key string) bool {
	for _, s := range n.scope {
		if s.key == key {
			return true
		}
	}
	return false
}

// contrasted finds words that the answer has in place of their opposites:
// before for after, бесплатно for платно.
func (c *polarity) contrasted() {
	type both struct{ answer, source [2]bool }
	seen := make(map[int]*both)
	at := make(map[int]int)
	get := func(pair int) *both {
		if seen[pair] == nil {
			seen[pair] = new(both)
		}
		return seen[pair]
	}
	for i := range c.p.lex {
		for s := range contrastOf.All(c.p.lex[i].norm) {
			get(s.pair).answer[s.of] = true
			at[s.pair] = i
		}
	}
	if len(seen) == 0 {
		return
	}
	for i := range c.windows {
		w := &c.windows[i]
		if w.to == 0 {
			continue
		}
		for k := w.page.parts[w.from].lo; k < w.page.parts[w.to-1].hi; k++ {
			for s := range contrastOf.All(w.page.lex[k].norm) {
				if seen[s.pair] != nil {
					get(s.pair).source[s.of] = true
				}
			}
		}
	}
	for pair := range contrasts {
		b := seen[pair]
		if b == nil || negates(strings.Fields(contrasts[pair][1])[0]) && len(c.own) > 0 {
			continue
		}
		for side := range 2 {
			if b.answer[side] && !b.answer[1-side] && b.source[1-side] && !b.source[side] && !c.inFact(at[pair]) {
				c.report(at[pair])
			}
		}
	}
}

// inFact reports whether the word at i limits a number; checkFacts sees to it.
func (c *polarity) inFact(i int) bool {
	for _, f := range c.p.facts() {
		if f.bound != exactly && i < f.from && i >= f.from-4 {
			return true
		}
	}
	return false
}
