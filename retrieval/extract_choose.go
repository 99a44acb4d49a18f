package retrieval

import (
	"slices"
	"strings"
)

// A unit of a source that is quoted whole or not at all: a block, with the
// line that announces it.
type excerpt struct {
	blocks  []block
	lex     []lexeme
	words   map[string]bool // keys of the words in it
	heading map[string]bool
	count   int // of words
	score   float64
	early   float64 // what its place counts in score
	first   bool    // right under its heading
	above   int     // runes from the start of its heading
	thin    bool    // it says nothing by itself: see saysNothing
	at      int     // place among those that may be quoted
}

// Bounds of what is quoted, in words. A help article's answer to one question
// is rarely longer than wholeWords; customers do not read more than mostWords.
const (
	wholeWords   = 110
	sectionWords = 110
	mostWords    = 220
)

// quote chooses the part of an article that answers the question.
func (q *asked) quote(e *Evidence, source int) []piece {
	units := q.units(e, source)
	if len(units) == 0 {
		return nil
	}
	q.rate(units, e)
	units = withoutRepeats(units)
	total := 0
	for i := range units {
		units[i].at = i
		total += units[i].count
	}
	chosen := units
	if total > wholeWords {
		chosen = upright(units, q.choose(units))
	}
	chosen = withoutIdle(chosen)
	var out []piece
	for i := range chosen {
		out = append(out, q.pieceOf(&chosen[i], source))
	}
	return joinPieces(out, e.Text)
}

// units is unitsIn, done once for each source.
func (q *asked) units(e *Evidence, source int) []excerpt {
	u, ok := q.cut[source]
	if !ok {
		u = q.reader.unitsIn(e)
		q.cut[source] = u
	}
	return slices.Clone(u)
}

// unitsIn cuts a source into what may be quoted by itself.
func (r *reader) unitsIn(e *Evidence) []excerpt {
	var out []excerpt
	text := e.Text
	blocks := nearby(blocksOf(text), e)
	for i := 0; i < len(blocks); {
		j := i + 1
		for j < len(blocks) && blocks[j].section == blocks[i].section && blocks[j-1].leads() {
			j++
		}
		// What goes on after a list with "or" and "and" belongs to it; a list
		// behind a paragraph without a colon mostly does too.
		if j < len(blocks) && j == i+1 && blocks[j].kind == list && blocks[i].kind == paragraph && blocks[i].words() < 15 &&
			blocks[j].section == blocks[i].section {
			j++
		}
		u := excerpt{blocks: blocks[i:j], words: make(map[string]bool), heading: make(map[string]bool)}
		u.first = i == 0 || blocks[i-1].section != blocks[i].section
		u.above = runeLen(text[blocks[i].above:blocks[i].from])
		for k := range u.blocks {
			u.count += u.blocks[k].words()
			x := r.lex(strings.Join(u.blocks[k].lines, "\n"))
			if k == 0 {
				u.lex = x
			} else {
				u.lex = append(u.lex, x...)
			}
		}
		addKeys(u.words, u.lex)
		addKeys(u.heading, r.lex(blocks[i].heading))
		i = j
		if !addressesModel(text[u.blocks[0].from:u.blocks[len(u.blocks)-1].to]) {
			u.thin = saysNothing(u.blocks)
			out = append(out, u)
		}
	}
	return out
}

// farthest is how far from the passage that search found an answer is looked
// for, in runes: all of most articles, and a bound on the work for a book.
const farthest = 3000

// nearby leaves out the blocks far from the found passage.
func nearby(blocks []block, e *Evidence) []block {
	return slices.DeleteFunc(blocks, func(b block) bool {
		return e.End > e.Start && e.Start > 0 && (b.span.End < e.Start-farthest || b.span.Start > e.End+farthest) ||
			b.span.Start > e.End+2*farthest
	})
}

// addKeys adds the keys of the words that matter to a set.
func addKeys(set map[string]bool, x []lexeme) {
	for i := range x {
		if bearing(&x[i]) {
			set[keyOf(&x[i])] = true
		}
	}
}

// rate scores units by the words of the question they have, rare ones of the
// article counting for more, and those of the found passage above others.
func (q *asked) rate(units []excerpt, e *Evidence) {
	if len(units) == 1 {
		return
	}
	g := q.gauge(units, e.Source.Title)
	whole := e.End <= e.Start || e.Start <= 0 && e.End >= runeLen(e.Text)
	for i := range units {
		u := &units[i]
		u.score = g.words(u)
		if u.serves(g.want) {
			u.score += intentShare * g.total
		}
		span := u.span()
		if !whole && span.Start < e.End && span.End > e.Start {
			u.score += passageShare * (1 - g.titled) * g.total
		}
		if leans(units, i) {
			u.score *= leaning
		}
		u.early = g.titled * early(units, i) * g.total
		u.score, u.early = steady(u.score+u.early), steady(u.early)
	}
}

// What a word of the heading counts against one of the text, and what standing
// in the passage that search found counts against all words of the question.
const (
	headingShare = 0.6
	passageShare = 0.3
)

func (u *excerpt) span() Span {
	return Span{u.blocks[0].span.Start, u.blocks[len(u.blocks)-1].span.End}
}

// choose takes the best unit with what belongs to it: its whole section where
// that is short, else what of it bears on the question too.
func (q *asked) choose(units []excerpt) []excerpt {
	best := strongest(units)
	lo, hi := best, best+1
	for lo > 0 && units[lo-1].blocks[0].section == units[best].blocks[0].section {
		lo--
	}
	for hi < len(units) && units[hi].blocks[0].section == units[best].blocks[0].section {
		hi++
	}
	total := 0
	for i := lo; i < hi; i++ {
		total += units[i].count
	}
	if total <= sectionWords {
		return q.beyond(units, lo, hi, total)
	}
	from, to := best, best+1
	total = units[best].count
	for from > lo && total+units[from-1].count <= sectionWords && (units[from-1].score >= akin*units[best].score || refersBack(&units[from])) {
		from--
		total += units[from].count
	}
	for to < hi && total+units[to].count <= sectionWords && units[to].score >= akin*units[best].score {
		total += units[to].count
		to++
	}
	return units[from:to]
}

// shortWords is how short a section is, in words, that only opens the matter.
const shortWords = 40

// beyond adds to a short opening the section that follows, or the one that
// bears on the question more: an article begins by saying what it is about.
func (q *asked) beyond(units []excerpt, lo, hi, total int) []excerpt {
	chosen := units[lo:hi:hi]
	if lo > 0 || units[lo].blocks[0].heading != "" || total >= shortWords || hi == len(units) {
		return chosen
	}
	next := hi + strongest(units[hi:])
	best := 0.
	for i := range chosen {
		best = max(best, chosen[i].score-chosen[i].early)
	}
	if units[next].score < akin*best {
		return chosen
	}
	for next > hi && units[next-1].blocks[0].section == units[next].blocks[0].section && total+units[next-1].count+units[next].count <= sectionWords {
		next-- // from where the section begins
	}
	for i := next; i < len(units) && units[i].blocks[0].section == units[next].blocks[0].section; i++ {
		if total += units[i].count; i > next && total > sectionWords {
			break
		}
		chosen = append(chosen, units[i])
	}
	return chosen
}

// akin is the share of the best unit's score that a neighbour must have to be
// quoted with it.
const akin = 0.6

// refersBack reports whether a unit begins with a word that points at what
// stands before it.
func refersBack(u *excerpt) bool {
	first, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(u.blocks[0].lines[0])), " ")
	switch strings.Trim(first, ",.") {
	case "это", "этот", "эта", "эти", "он", "она", "они", "оно", "там", "тогда", "также", "затем", "потом", "поэтому", "после", "если", "кроме",
		"this", "these", "it", "they", "then", "also", "after", "if", "otherwise", "besides", "once":
		return true
	}
	return false
}

// repeated is the share of a unit's words by which it says again what was said.
const repeated = 0.8

// withoutRepeats leaves out units that say what another one says: articles
// that grew over years say things twice. Of two, the better one stays.
func withoutRepeats(units []excerpt) []excerpt {
	drop := make([]bool, len(units))
	for i := range units {
		for j := range units {
			if i == j || drop[j] || drop[i] || len(units[i].words) < 4 {
				continue
			}
			n := 0
			for key := range units[i].words {
				if units[j].words[key] {
					n++
				}
			}
			same := float64(n) >= repeated*float64(len(units[i].words))
			if same && (len(units[j].words) > len(units[i].words) || len(units[j].words) == len(units[i].words) && j < i) {
				drop[i] = true
			}
		}
	}
	var out []excerpt
	for i := range units {
		if !drop[i] {
			out = append(out, units[i])
		}
	}
	return out
}

// pieceOf renders a unit. A long table keeps its head and the rows that bear
// on the question; a long paragraph the sentences that do.
func (q *asked) pieceOf(u *excerpt, source int) piece {
	var parts []string
	span := u.span()
	if b := &u.blocks[0]; b.heading != "" && u.first && (b.kind != paragraph || u.pointsBack()) {
		// A list without its heading is a riddle, and so is "These are".
		parts = append(parts, b.heading)
		span.Start -= u.above
	}
	for i := range u.blocks {
		b := &u.blocks[i]
		switch {
		case b.kind == table && len(b.lines) > mostRows:
			parts = append(parts, renderTable(q.rows(b.lines)))
		case b.kind == paragraph && len(u.blocks) == 1 && u.count > wholeWords:
			text, from, to := q.sentences(strings.Join(b.lines, "\n"))
			if strings.Count(text, "\n") == 0 && len(b.lines) == 1 {
				span = Span{b.span.Start + from, b.span.Start + to}
			}
			parts = append(parts, readable(text))
		default:
			parts = append(parts, render(b))
		}
	}
	sep := "\n\n"
	if len(parts) > 1 && len(u.blocks) <= 2 && u.blocks[len(u.blocks)-1].kind == list {
		sep = "\n"
	}
	return piece{source: source, text: strings.Join(parts, sep), span: span}
}

// joinPieces makes one piece of those of a source that follow each other.
func joinPieces(pieces []piece, text string) []piece {
	var out []piece
	runes := []rune(text)
	for _, p := range pieces {
		if n := len(out); n > 0 {
			last := &out[n-1]
			if last.source == p.source && last.span.End <= p.span.Start && strings.TrimSpace(string(runes[last.span.End:p.span.Start])) == "" &&
				!strings.HasSuffix(last.text, "|") && !strings.HasSuffix(p.text, "|") {
				last.text += "\n\n" + p.text
				last.span.End = p.span.End
				continue
			}
		}
		out = append(out, p)
	}
	return out
}
