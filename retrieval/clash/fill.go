package clash

import (
	"slices"
	"strings"

	"github.com/whetstone-desk/whetstone/embeddings"
)

// A filler reads the words of one statement.
type filler struct {
	*reader
	s       *statement
	x       []token
	clause  int16
	cond    bool
	neg     int // tokens that a negator still reaches
	only    int // words that an only or an any still reaches
	any     int
	anchor  int    // words that an after right behind a fact still reaches
	pending bool   // a negator that no word has followed yet
	by      *token // the last negator
}

// fill reads the words of a statement from its tokens.
func (r *reader) fill(s *statement, x []token) {
	f := filler{reader: r, s: s, x: x}
	taken := make([]bool, len(x))
	for i := range s.facts {
		for j := s.facts[i].from; j < s.facts[i].to; j++ {
			taken[j] = true
		}
	}
	s.points = len(x) > 0 && pointing[x[0].norm]
	for i := range x {
		s.personal, s.requires = s.personal || persons[x[i].norm], s.requires || requiring[x[i].norm]
		s.narrow, s.extra = s.narrow || onlys[x[i].norm], s.extra || extras[x[i].norm]
		if anchors[x[i].norm] && slices.ContainsFunc(s.facts, func(g fact) bool { return g.to == i }) {
			f.anchor = anchored
		}
		f.token(i, taken[i])
	}
	f.settle()
}

// token reads one token.
func (f *filler) token(i int, taken bool) {
	t := &f.x[i]
	if t.word < 0 {
		switch t.norm {
		case ",", ";", ":", "(", ")", "–", "—":
			f.settle()
			f.clause++
			f.cond, f.only, f.any, f.anchor = false, 0, 0, 0
		case "://":
			f.s.linked = true
		}
		return
	}
	w := &f.words[t.word]
	for s := range oppositeOf.All(t.norm) {
		if !taken && !f.beforeFact(i) {
			f.s.opposites = append(f.s.opposites, opposite{s.pair, s.side, i, f.behind(i), t.start, t.end})
		}
	}
	switch {
	case condsAt[t.norm]:
		f.settle()
		f.clause++
		f.cond, f.s.conditional = true, true
	case t.norm == "но" || t.norm == "а" || t.norm == "but" || t.norm == "so" || t.norm == "because" || t.norm == "поэтому" || t.norm == "and" && f.neg == 0 || t.norm == "и" && f.neg == 0:
		f.clause++
	case onlys[t.norm]:
		f.only, f.s.polar = 1, true
		if len(f.s.items) >= 2 {
			f.only = longest // "refunds are only made to …": all that follows
		}
	case anys[t.norm] && f.apart(i):
	case anys[t.norm]:
		f.any, f.s.polar = 1, true
	case negators[t.norm]:
		f.negator(i)
		return
	}
	if taken || w.stop || onlys[t.norm] || anys[t.norm] || condsAt[t.norm] || turned[t.norm] || mosts[t.norm] || leasts[t.norm] {
		f.neg = max(0, f.neg-1)
		return
	}
	f.add(i)
}

// negator notes a negation, unless it negates nothing or goes with another one.
func (f *filler) negator(i int) {
	if i+1 < len(f.x) && notNegating[f.x[i+1].norm] || f.pending {
		return
	}
	f.neg, f.pending, f.s.polar = 5, true, true
	f.by = &f.x[i]
}

// add appends the word of token i to the statement's items.
func (f *filler) add(i int) {
	t := &f.x[i]
	id, neg := t.word, false
	if p := positive(t.norm); p != "" {
		id = f.id(&embeddings.Token{Norm: p, Stem: embeddings.Analyze(p).Tokens[0].Stem})
		neg, f.s.polar = true, true
	}
	it := item{word: id, at: int16(i), clause: f.clause, neg: neg, cond: f.cond, only: f.only > 0, any: f.any > 0, anchor: f.anchor > 0, start: t.start, end: t.end}
	f.anchor = max(0, f.anchor-1)
	first := len(f.s.items) == 0 || f.s.items[len(f.s.items)-1].clause != f.clause
	it.purpose = first && i > 0 && (f.x[i-1].norm == "to" || f.x[i-1].norm == "чтобы")
	if f.neg > 0 && f.pending {
		f.neg, f.pending = 0, false
		it.adjunct = f.by.norm == "without" && strings.HasSuffix(t.norm, "ing")
		it.turn(f.by)
	}
	if !adjective(t.norm) {
		f.only, f.any = max(0, f.only-1), max(0, f.any-1)
	}
	w := &f.words[id]
	if w.scope != (scope{}) && !it.only && !it.any && f.meant(i, w.scope) && !slices.Contains(f.s.scopes, w.scope) {
		f.s.scopes = append(f.s.scopes, w.scope)
	}
	if t.capital {
		f.s.names = append(f.s.names, id)
	}
	if len(f.s.items) < 32767 {
		f.s.items = append(f.s.items, it)
	}
}

// apart reports whether the any at i sets something aside, as any other does, or
// only speaks of when.
func (f *filler) apart(i int) bool {
	j := i + 1
	for j < len(f.x) && (f.x[j].norm == "of" || f.x[j].norm == "the" || f.x[j].norm == "из") {
		j++
	}
	if j == len(f.x) {
		return false
	}
	norm := f.x[j].norm
	return norm == "other" || norm == "time" || norm == "moment" || norm == "время" || norm == "момент" || strings.HasPrefix(norm, "друг")
}

// meant reports whether the word at i, which names a scope, means it.
func (f *filler) meant(i int, s scope) bool {
	return s.class != planClass || f.x[i].capital ||
		slices.ContainsFunc(f.x[max(0, i-2):min(len(f.x), i+3)], func(t token) bool { return planNouns[t.norm] })
}

// settle lets a negator that no word has followed bear on the word before it:
// "refunds are not", "возврата нет".
func (f *filler) settle() {
	if f.pending && len(f.s.items) > 0 {
		last := &f.s.items[f.denied()]
		if last.clause == f.clause {
			last.turn(f.by)
		}
	}
	f.pending, f.neg = false, 0
}

// denied returns the last item before what says where or when, in the clause
// that ends in a negator: "no spare one during the repair".
func (f *filler) denied() int {
	last := len(f.s.items) - 1
	for k := last; k > max(0, last-heldBy) && f.s.items[k].clause == f.clause && f.s.items[k-1].clause == f.clause; k-- {
		for i := f.s.items[k-1].at + 1; i < f.s.items[k].at; i++ {
			if spots[f.x[i].norm] {
				last = k - 1
			}
		}
	}
	return last
}

// behind returns the subject word that follows token i, or -1.
func (f *filler) behind(i int) int32 {
	for j := i + 1; j < len(f.x) && j < i+4; j++ {
		if id := f.x[j].word; id >= 0 && !f.words[id].stop {
			return id
		}
	}
	return -1
}

// beforeFact reports whether the word at i belongs to a fact, as its bound.
func (f *filler) beforeFact(i int) bool {
	for k := range f.s.facts {
		if from := f.s.facts[k].from; i < from && i+2 >= from {
			return true
		}
	}
	return false
}

// turn has a negator bear on a word.
func (it *item) turn(by *token) {
	it.neg = !it.neg
	it.denied = it.neg && nots[by.norm]
	if start, end := min(it.start, by.start), max(it.end, by.end); end-start <= longestMark {
		it.start, it.end = start, end
	}
}

// heldBy is how many words behind a preposition are taken to hang on it.
const heldBy = 2

// anchored is how many words behind an "after" say when a period begins.
const anchored = 1

// longestMark is how far from its word a negator may stand to be marked with
// it, in runes.
const longestMark = 40
