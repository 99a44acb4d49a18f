package clash

import (
	"fmt"
	"slices"
	"strings"
)

// How sure a pair has to be to be told. Contradictions of facts need less: the
// measure agrees too.
const (
	leastFact  = 0.38
	leastPolar = 0.56
)

// A scored pair knows the places of its documents.
type scored struct {
	Pair
	docs [2]int32
}

// A judge holds statements against each other.
type judge struct {
	*corpus
	seen map[[2]int32]bool
	out  []scored
}

// pair judges the statements i and n, of two documents.
func (j *judge) pair(i, n int32, facts bool) {
	i, n = min(i, n), max(i, n)
	key := [2]int32{i, n}
	if !facts {
		key = [2]int32{n, i}
	}
	if j.seen[key] {
		return
	}
	j.seen[key] = true
	a, b := &j.statements[i], &j.statements[n]
	x, y := &j.docs[a.doc], &j.docs[b.doc]
	if !alikeIn(x.Doc, y.Doc) || x.Kind == caseKind && y.Kind == caseKind {
		return
	}
	// Which of the two is read first may not depend on the order of documents.
	turned := y.ID < x.ID
	if turned {
		a, b = b, a
	}
	m := j.match(a, b)
	var v verdict
	if facts {
		v = m.facts()
	} else if m.foreign {
		return
	} else {
		v = m.polarity()
	}
	if turned {
		a, b = b, a
		v.words[0], v.words[1] = v.words[1], v.words[0]
	}
	if x.Kind == caseKind || y.Kind == caseKind {
		v.score *= caseShare
	}
	if v.score < leastFact || !facts && v.score < leastPolar {
		return
	}
	j.out = append(j.out, scored{docs: [2]int32{a.doc, b.doc}, Pair: Pair{
		Kind: Contradiction, A: x.passage(a.start, a.end), B: y.passage(b.start, b.end),
		What: v.what, Words: v.words, Score: min(1, v.score), Why: why(x, y, &v),
	}})
}

// caseShare is what a contradiction with a case counts of one between articles:
// the reply to one customer may be right for that customer only.
const caseShare = 0.85

// A verdict is what was found against two statements; a score of 0: nothing.
type verdict struct {
	what  string
	words [2][]string
	score float64
}

// passage returns a part of the document.
func (d *document) passage(start, end int) Passage {
	return Passage{DocumentID: d.ID, Quote: d.between(start, end), Start: start, End: end, UpdatedAt: d.UpdatedAt}
}

// between returns the runes of the body from start to end.
func (d *document) between(start, end int) string {
	n := 0
	from, to := len(d.Body), len(d.Body)
	for i := range d.Body {
		if n == start {
			from = i
		}
		if n == end {
			to = i
			break
		}
		n++
	}
	return d.Body[from:max(from, to)]
}

// why says in a sentence what is wrong with two documents.
func why(a, b *document, v *verdict) string {
	kinds := "Two articles"
	switch {
	case a.Kind == caseKind && b.Kind == caseKind:
		kinds = "Two cases"
	case a.Kind == caseKind || b.Kind == caseKind:
		kinds = "An article and a case"
	}
	says := map[string]string{
		Number: "give different numbers for the same thing", Price: "give different prices for the same thing",
		Date: "give different dates or times for the same thing", Condition: "name different conditions for the same thing",
		Negation: "say the opposite of each other",
	}[v.what]
	return fmt.Sprintf("%s %s: %s in one, %s in the other.", kinds, says, quoted(v.words[0]), quoted(v.words[1]))
}

func quoted(words []string) string {
	if len(words) == 0 {
		return "nothing"
	}
	return "“" + strings.Join(words, "”, “") + "”"
}

// A matching is two statements with their words tied.
type matching struct {
	*corpus
	a, b    *statement
	x, y    *document
	toB     []tie // for each item of a
	toA     []tie
	foreign bool // in two languages

	skip [2]func(*item) bool // of a and of b: what slots leaves out
}

// A tie is the best match of an item among the other statement's.
type tie struct {
	value float64 // 0 to 1
	at    int     // of the other's items; -1: none, or it is a word of the context
}

// inContext is what a word counts that the other statement does not say but
// stands under, in a heading or the title.
const inContext = 0.55

func (c *corpus) match(a, b *statement) *matching {
	m := &matching{corpus: c, a: a, b: b, x: &c.docs[a.doc], y: &c.docs[b.doc]}
	m.foreign = m.x.cyrillic != m.y.cyrillic
	m.toB = c.ties(a, b, m.y.contexts[b.context])
	m.toA = c.ties(b, a, m.x.contexts[a.context])
	return m
}

func (c *corpus) ties(a, b *statement, context []int32) []tie {
	out := make([]tie, len(a.items))
	for i := range a.items {
		t := tie{at: -1}
		for k := range b.items {
			if v := c.alike(a.items[i].word, b.items[k].word); v > t.value {
				t = tie{v, k}
			}
		}
		if t.at < 0 && slices.ContainsFunc(context, func(id int32) bool { return c.alike(a.items[i].word, id) > 0 }) {
			t.value = inContext
		}
		out[i] = t
	}
	return out
}

// cover is the share of a statement's weight that the other one has, the words
// near a place counting more; place -1: everywhere alike. Items to skip are
// left out. Shared is how many words the two share, light ones and those of
// the context counting half.
func (m *matching) cover(s *statement, ties []tie, place int, skip func(*item) bool) (share, shared float64) {
	total, found := 0., 0.
	for i := range s.items {
		it := &s.items[i]
		if skip != nil && skip(it) {
			continue
		}
		w := float64(m.words[it.word].idf)
		if m.foreign && !m.words[it.word].bilingual && ties[i].value == 0 {
			w *= untold
		}
		if place >= 0 {
			w *= nearness(it, s, place)
		}
		total += w
		found += w * ties[i].value
		switch {
		case ties[i].value == 0:
		case ties[i].at < 0:
			shared += 0.5
		case m.words[it.word].light:
			shared += 0.5
		default:
			shared++
		}
	}
	if total == 0 {
		return 0, 0
	}
	return found / total, shared
}

// untold is what a word weighs across languages that no word of the other
// language is known to stand for: that it is not there says little.
const untold = 0.3

// nearness is how much a word says about the fact at a place: the less the
// farther, and less yet in another clause.
func nearness(it *item, s *statement, place int) float64 {
	d := int(it.at) - place
	if d < 0 {
		d = -d
	}
	w := 1 / (1 + 0.08*float64(d))
	if clauseAt(s, place) != it.clause {
		w *= 0.6
	}
	return w
}

// clauseAt is the clause of the item nearest before a token.
func clauseAt(s *statement, place int) int16 {
	clause := int16(0)
	for i := range s.items {
		if int(s.items[i].at) > place {
			break
		}
		clause = s.items[i].clause
	}
	return clause
}
