package retrieval

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/whetstone-desk/whetstone/embeddings"
)

// findings is what a search came to: the sources, best first.
type findings struct {
	ranked     []ranked
	candidates []Candidate // what there was to choose from, likewise
	asked      int         // how many words of the question are looked for
	weight     float64     // of those words: see Features.Asked
	coverage   float64     // of the best source, or of its best case if that has more
	best       []ranked    // of the sources, as many as there are candidates
	said       *ranked     // the likest case of the best source; nil: none
	standing   standing
}

// A measure is what a question asks for on one shelf: words are as rare there
// as they are.
type measure struct {
	match  *embeddings.Matcher
	asked  int     // how many words are looked for
	mass   float64 // of them: see embeddings.Matcher
	full   float64 // the most that the question could score by words
	titles float64 // the part of it that titles could
	rarest float64 // the greatest inverse document frequency of its terms
}

// A ranked is a passage, or a source with the best of its passages, in its
// place.
type ranked struct {
	Hit
	Score      float64          // as it is shown, from 0 to 1
	value      float64          // by which it is ranked, unbounded
	own        float64          // the part of it that the source earns by itself
	parts      Candidate        // what each signal contributes
	titleGrams float64          // the title's part of parts.Grams
	words      float64          // the words' part, unbounded
	near       float64          // the vectors' part, from 0 to 1
	window     embeddings.Match // the place that has most of the question together
	read       bool             // for that place, as the best by words are
	on         *measure         // of the shelf that it stands on
}

// byWords orders by the words' part, equal ones as an index does.
func byWords(a, b ranked) int {
	return cmp.Or(cmp.Compare(b.words, a.words), strings.Compare(a.Source.ID, b.Source.ID), a.Passage.Ordinal-b.Passage.Ordinal)
}

// query is what to ask an index. The words are those of the customer, since a
// name that is taken for a person's may be a product's, and they leave the
// process only as numbers. Those that give a follow-up its subject count half:
// they are about the same thing, but they are not the question.
func (t *task) query(dense embeddings.Vector, f Filter) Query {
	q := Query{Workspace: t.ask.Workspace, Dense: dense, Weights: t.profile.Weights, Filter: f, N: t.profile.Candidates}
	q.Lexical = Lexical(embeddings.QueryTerms(t.words))
	if t.context != "" {
		for c, context := range embeddings.QueryTerms(t.context) {
			q.Lexical[c] = plus(q.Lexical[c], context, contextWeight)
		}
	}
	return q
}

// contextWeight is how much a word of the dialogue counts beside one of the
// question.
const contextWeight = 0.5

// plus returns s with weight times t added.
func plus(s, t embeddings.Sparse, weight float32) embeddings.Sparse {
	var sum embeddings.Sparse
	i, j := 0, 0
	for i < len(s.Terms) || j < len(t.Terms) {
		switch {
		case j == len(t.Terms) || i < len(s.Terms) && s.Terms[i] < t.Terms[j]:
			sum.Terms, sum.Weights = append(sum.Terms, s.Terms[i]), append(sum.Weights, s.Weights[i])
			i++
		case i == len(s.Terms) || t.Terms[j] < s.Terms[i]:
			sum.Terms, sum.Weights = append(sum.Terms, t.Terms[j]), append(sum.Weights, weight*t.Weights[j])
			j++
		default:
			sum.Terms, sum.Weights = append(sum.Terms, s.Terms[i]), append(sum.Weights, s.Weights[i]+weight*t.Weights[j])
			i++
			j++
		}
	}
	return sum
}

// bySource keeps the best hit of each document, in order.
func bySource(hits []ranked) []ranked {
	slices.SortFunc(hits, byValue)
	seen := make(map[string]bool)
	return slices.DeleteFunc(hits, func(h ranked) bool {
		again := seen[h.Source.ID]
		seen[h.Source.ID] = true
		return again
	})
}

// cited is the sources as they are shown and kept.
func (t *task) cited(rs []ranked, evidence []Evidence) []Cited {
	out := make([]Cited, len(rs))
	for i, r := range rs {
		e := &evidence[i]
		out[i] = Cited{
			ID: r.Source.ID, Kind: r.Source.Kind, Title: r.Source.Title, URL: r.Source.URL, Locale: r.Source.Locale,
			Revision: r.Source.Revision, Audience: r.Source.Audience, Resolved: r.Source.ResolvedWith, Heading: r.Passage.Heading,
			Quote: slice(e.Text, e.Start, e.End), Start: e.Start, End: e.End, Score: rounded(r.Score), Signals: signals(&r.Hit),
			Quarantined: t.doubts.Quarantined[r.Source.ID],
		}
	}
	return out
}

// signals are a hit's scores by channel.
func signals(h *Hit) map[string]float64 {
	out := map[string]float64{"dense": rounded(h.Dense)}
	lexical := 0.0
	for c, score := range h.Lexical {
		out[embeddings.Channel(c).String()] = rounded(score)
		lexical += score
	}
	out["lexical"] = rounded(lexical)
	return out
}

// rounded is x with the digits that mean something to a reader.
func rounded(x float64) float64 { return math.Round(x*1e4) / 1e4 }

// slice is the text from one rune to another, as far as there is text.
func slice(text string, start, end int) string {
	from := byteAt(text, start)
	return text[from : from+byteAt(text[from:], end-start)]
}

// byteAt is where the nth rune of a text begins, or the end of the text.
func byteAt(text string, n int) int {
	for at := range text {
		if n <= 0 {
			return at
		}
		n--
	}
	return len(text)
}

func runeLen(text string) int { return utf8.RuneCountInString(text) }

// leadIns introduce personal data and say nothing else.
var leadIns = []string{
	"меня зовут", "это", "я", "тел", "тел.", "телефон", "мой телефон", "номер телефона", "почта", "моя почта", "e-mail", "email", "с уважением,",
	"my name is", "i am", "i'm", "this is", "phone", "my phone is", "tel", "tel.", "my email is", "mail", "regards,", "best regards,",
}

// withoutLeadIn takes the words that introduce personal data off the end of
// what stands before it: they are not what is asked about.
func withoutLeadIn(before string) string {
	text := strings.TrimRight(before, " :\n")
	lower := strings.ToLower(text)
	longest := ""
	for _, l := range leadIns {
		if rest, ok := strings.CutSuffix(lower, l); ok && len(l) > len(longest) && (rest == "" || !isLetter(lastRune(rest))) {
			longest = l
		}
	}
	if longest == "" || len(lower) != len(text) {
		return before
	}
	return text[:len(text)-len(longest)]
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// withoutPlaceholders is the text with what stands for personal data taken
// out: it is not a word to search for.
func withoutPlaceholders(text string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "⟦")
		if found {
			before = withoutLeadIn(before)
		}
		b.WriteString(before)
		_, after, closed := strings.Cut(rest, "⟧")
		if !found || !closed {
			return b.String() + rest
		}
		b.WriteByte(' ')
		text = after
	}
}
