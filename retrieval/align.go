package retrieval

import (
	"cmp"
	"slices"
)

// A step is a word of a sentence as alignment compares it, negations parted
// from the words they are fused with: can't as can and not.
type step struct {
	key  string
	at   int   // lexeme
	not  bool  // a negation
	fact *fact // nil: a word
}

// fused lists what negators hold beside the negation.
var fused = map[string]string{
	"нельзя": "можно", "нет": "есть", "нету": "есть", "без": "с", "безо": "с", "without": "with", "cannot": "can",
	"can't": "can", "won't": "will", "shan't": "shall", "невозможно": "возможно", "impossible": "possible",
}

// stepsOf brings the lexemes from lo to hi into the form that is aligned. A
// fact is one step whatever it says, so that a changed one meets the one it
// stands for. Negations that negate nothing are no steps: the limit or the
// idiom they belong to is checked elsewhere.
func stepsOf(p *page, lo, hi int) []step {
	out := make([]step, 0, hi-lo+4)
	next, _ := slices.BinarySearchFunc(p.facts(), lo, func(f fact, lo int) int { return cmp.Compare(f.from, lo) })
	for i := lo; i < hi; i++ {
		w := &p.lex[i]
		if next < len(p.facts()) && p.facts()[next].from == i {
			f := &p.facts()[next]
			out = append(out, step{key: sortOf(f), at: i, fact: f})
			i = f.to - 1
			next++
			continue
		}
		switch {
		case w.kind == lexPunct:
			continue
		case w.kind != lexWord:
			out = append(out, step{key: w.norm, at: i})
			continue
		}
		if !negates(w.norm) {
			out = append(out, step{key: wordKey(w), at: i})
			continue
		}
		if with, ok := fused[w.norm]; ok {
			out = append(out, step{key: with, at: i})
		} else if n := len(w.norm); n > 3 && w.norm[n-3:] == "n't" {
			out = append(out, step{key: w.norm[:n-3], at: i})
		}
		if !idiomatic(p.lex, i, hi, p.facts()) {
			out = append(out, step{key: "¬", at: i, not: true})
		}
	}
	return out
}

// sortOf names what kind of fact f is, for alignment.
func sortOf(f *fact) string {
	switch {
	case f.kind == DateProblem:
		return "#date"
	case f.kind == URLProblem:
		return "#url"
	case len(f.code) == 5 && f.code[2] == ':':
		return "#time"
	case f.code != "":
		return "#code"
	}
	return "#"
}

func wordKey(w *lexeme) string {
	if w.stop {
		return w.norm
	}
	return keyOf(w)
}

// An alignment ties the words of a sentence to those of its source in order.
type alignment struct {
	page    *page
	own     []step
	theirs  []step
	matches [][2]int // places in own and theirs, both ascending
}

// share is how much of the sentence was copied in order.
func (a *alignment) share() float64 {
	if len(a.own) == 0 {
		return 0
	}
	return float64(len(a.matches)) / float64(len(a.own))
}

// align finds the longest common subsequence of two step lists.
func align(q *page, own, theirs []step) alignment {
	n, m := len(own), len(theirs)
	row := m + 1
	table := make([]uint16, (n+1)*row)
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			if own[i].key == theirs[j].key {
				table[i*row+j] = table[(i+1)*row+j+1] + 1
			} else {
				table[i*row+j] = max(table[(i+1)*row+j], table[i*row+j+1])
			}
		}
	}
	a := alignment{page: q, own: own, theirs: theirs}
	for i, j := 0, 0; i < n && j < m; {
		switch {
		case own[i].key == theirs[j].key && table[i*row+j] == table[(i+1)*row+j+1]+1:
			a.matches = append(a.matches, [2]int{i, j})
			i++
			j++
		case table[(i+1)*row+j] >= table[i*row+j+1]:
			i++
		default:
			j++
		}
	}
	return a
}

// copied is the share of a sentence that must be aligned for a word that was
// put in, left out or replaced to stand out.
const copied = 0.75

// copyOf finds the sentence of the windows' sources that p was copied from
// with little change, if there is one.
func copyOf(p *page, windows []window) (alignment, bool) {
	own := stepsOf(p, 0, len(p.lex))
	var best alignment
	if len(own) > 400 {
		return best, false
	}
	value := 0.
	try := func(q *page, from, to int) {
		theirs := stepsOf(q, q.parts[from].lo, q.parts[to-1].hi)
		if len(theirs) > 600 {
			return
		}
		a := align(q, own, theirs)
		// Of two sources the one with less beside the copy is meant.
		if v := a.share() - 0.001*float64(len(theirs)-len(a.matches)); v > value {
			best, value = a, v
		}
	}
	for i := range windows {
		w := &windows[i]
		if w.to == 0 {
			continue
		}
		try(w.page, w.from, w.to)
		for _, n := range nearest(w.covers, 3) {
			try(w.page, n, n+1)
		}
	}
	return best, best.share() >= copied
}

// nearest returns the n sentences that cover most, in order.
func nearest(covers map[int]float64, n int) []int {
	keys := make([]int, 0, len(covers))
	for k := range covers {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b int) int {
		return cmp.Or(cmp.Compare(covers[b], covers[a]), cmp.Compare(a, b))
	})
	return keys[:min(n, len(keys))]
}

// omission is how many words in a row may be missing from a copy before their
// absence counts as leaving a clause out rather than a word.
const omission = 2

// rewriting is how many words in a row may be the answer's own before they
// count as a clause of another origin.
const rewriting = 4

// differences looks at what was put in, left out or replaced in a copy. It
// returns the lexemes of the answer where its negations are more or fewer than
// the source's, or where a word stands for its opposite, and, apart, the
// negations of clauses that were not copied from there.
func (a *alignment) differences(p *page) (changed, foreign []int) {
	d := diff{alignment: a, p: p, more: -1, fewer: -1}
	i, j := 0, 0
	for _, m := range a.matches {
		d.gap(i, m[0], j, m[1])
		i, j = m[0]+1, m[1]+1
	}
	d.gap(i, len(a.own), j, len(a.theirs))
	switch {
	case d.balance > 0:
		d.changed = append(d.changed, d.more)
	case d.balance < 0:
		d.changed = append(d.changed, d.fewer)
	}
	return d.changed, d.foreign
}

// A diff is one run of differences.
type diff struct {
	*alignment
	p           *page
	balance     int // negations put in, less those left out
	more, fewer int // a lexeme of the answer with one too many, or beside a missing one
	changed     []int
	foreign     []int
}

// gap looks at own[i:toI], which stands where the source has theirs[j:toJ].
func (d *diff) gap(i, toI, j, toJ int) {
	own, theirs := d.own[i:toI], d.theirs[j:toJ]
	for _, s := range own {
		switch {
		case s.not && len(own) > rewriting:
			d.foreign = append(d.foreign, s.at)
		case s.not:
			d.balance++
			d.more = s.at
		}
	}
	if len(theirs) == 0 {
		return
	}
	if len(own) <= rewriting && len(theirs) <= omission+len(own) {
		for _, s := range theirs {
			if s.not {
				d.balance--
				d.fewer = d.own[min(toI, len(d.own)-1)].at
			}
		}
		if x := opposed(d.p, d.page, own, theirs); x >= 0 {
			d.changed = append(d.changed, x)
		}
		return
	}
	// A clause was left out and, it may be, the negation of the next word.
	if edge := theirs[len(theirs)-1]; edge.not && toI < len(d.own) && len(own) <= rewriting {
		d.balance--
		d.fewer = d.own[toI].at
	}
}

// partner returns the fact of the source that stands where f stands in the
// copy, nil if there is none.
func (a *alignment) partner(f *fact) *fact {
	for _, m := range a.matches {
		if a.own[m[0]].fact == f {
			return a.theirs[m[1]].fact
		}
	}
	return nil
}

// opposed returns the lexeme of a word that stands where the source has its
// opposite, or -1.
func opposed(p, q *page, own, theirs []step) int {
	for _, s := range own {
		for of := range contrastOf.All(p.lex[s.at].norm) {
			for _, t := range theirs {
				for other := range contrastOf.All(q.lex[t.at].norm) {
					if of.pair == other.pair && of.of != other.of {
						return s.at
					}
				}
			}
		}
		if w := &p.lex[s.at]; bearing(w) {
			for _, t := range theirs {
				if x := &q.lex[t.at]; bearing(x) && turned(w.stem, x.stem) {
					return s.at
				}
			}
		}
	}
	return -1
}

// turned reports whether two stems differ by a negative prefix alone.
func turned(a, b string) bool {
	for _, p := range negativePrefixes {
		if cutKey(a) == cutKey(p+b) && a != b || cutKey(b) == cutKey(p+a) && a != b {
			return true
		}
	}
	return false
}
