package retrieval

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/whetstone-desk/whetstone/kb"
)

// Extract is the Generator that needs no model: it quotes. The reply is what
// closed the nearest case, where that case truly fits, and else the part of
// the best article that answers. It keeps steps, lists and tables whole and
// adds no word of its own but the markers. The zero value is ready.
type Extract struct{}

// A piece is a stretch of a source made ready to be sent.
type piece struct {
	source int    // place in the evidence
	text   string // without a marker
	span   Span   // runes of the source's Text it was made of
}

// Generate implements Generator. Where only evidence of another language than
// the customer's is there, it is quoted as it is, and Notice says so.
func (Extract) Generate(ctx context.Context, r Request, emit func(text string)) (Answer, error) {
	if err := ctx.Err(); err != nil {
		return Answer{}, err
	}
	a := Answer{Method: "extract"}
	order := byLanguage(&r)
	if len(order) == 0 {
		a.Abstain = NoEvidence
		return a, nil
	}
	ask := newAsked(r.Question, r.reader)
	pieces := ask.pieces(&r, order)
	if len(pieces) == 0 {
		a.Abstain = LowConfidence
		return a, nil
	}
	e := &r.Evidence[pieces[0].source]
	if language := spoken(e); language != "" && !readableTo(&r, e) {
		a.Notice = "The best source is in another language (" + language + ") and is quoted as it is."
	}
	a.compose(pieces, r.Evidence, emit)
	return a, nil
}

// compose writes the pieces under each other, each with its marker.
func (a *Answer) compose(pieces []piece, evidence []Evidence, emit func(string)) {
	var b strings.Builder
	at := 0
	for i, p := range pieces {
		text := ""
		if i > 0 {
			text = "\n\n"
		}
		text += p.text
		start := at + runeLen(text) - runeLen(p.text)
		end := at + runeLen(text)
		marker := p.source + 1
		a.Citations = append(a.Citations, Citation{
			Marker: marker, SourceID: evidence[p.source].Source.ID, Start: start, End: end, From: p.span.Start, To: p.span.End,
		})
		switch {
		case strings.HasSuffix(p.text, "|") || strings.HasSuffix(p.text, "```"):
			text += "\n\n[" + strconv.Itoa(marker) + "]" // inside a table it would be a cell
		default:
			text += " [" + strconv.Itoa(marker) + "]"
		}
		at += runeLen(text)
		b.WriteString(text)
		if emit != nil {
			emit(text)
		}
	}
	a.Text = b.String()
}

// foreignShare is how near the best source must be outranked by one in the
// customer's language for that one to be quoted: someone who gets a weaker
// answer they can read is helped more than by one they cannot.
const foreignShare = 0.6

// byLanguage orders the evidence: what the customer can read first, unless it
// is much weaker.
func byLanguage(r *Request) []int {
	var order []int
	top := 0.
	for i := range r.Evidence {
		if strings.TrimSpace(r.Evidence[i].Text) != "" {
			order = append(order, i)
			top = max(top, r.Evidence[i].Score)
		}
	}
	rank := func(i int) int {
		if readableTo(r, &r.Evidence[i]) && r.Evidence[i].Score >= foreignShare*top {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rank(a), rank(b)) })
	return order
}

// readableTo reports whether a source is in the language of the customer, as
// far as that is known.
func readableTo(r *Request, e *Evidence) bool {
	return r.Language == "" || r.Language == "und" || spoken(e) == r.Language
}

// nearCase is how near the best source a case must come for its reply to be
// sent: an article says what holds for everyone.
const nearCase = 0.8

// weakest is how near the best source one must come to be the answer: where
// the best is a case that does not fit, what is far behind it is about another
// matter.
const weakest = 0.6

// pieces chooses what to quote: from the first source that may be quoted, and
// for a part of the question that it does not answer, from another.
func (q *asked) pieces(r *Request, order []int) []piece {
	var main []piece
	for _, i := range order {
		e := &r.Evidence[i]
		if e.Source.Kind == kb.Case && e.Score >= nearCase*r.Evidence[order[0]].Score && q.fits(e) {
			main = q.reply(e, i)
			break
		}
	}
	if len(main) == 0 {
		main = q.article(r, order)
	}
	if len(main) == 0 {
		return nil
	}
	return append(main, q.second(r, order, main)...)
}

// vouched is the score of the best case that was resolved with an article, 0 if
// there is none: the article was the answer to nearly the same question once,
// in whatever words it is written.
func vouched(evidence []Evidence, article string) float64 {
	best := 0.
	for i := range evidence {
		if e := &evidence[i]; e.Source.Kind == kb.Case && e.Source.ResolvedWith == article {
			best = max(best, e.Score)
		}
	}
	return best
}

// article quotes the first article that says something, and one that only
// points elsewhere if there is no other.
func (q *asked) article(r *Request, order []int) []piece {
	ask := q
	if parts := partsOf(q.page.text); len(parts) > 1 && asks(parts[0]) {
		ask = q.part(parts[0]) // second sees to the rest
	}
	top := 0.
	for _, i := range order {
		top = max(top, r.Evidence[i].Score)
	}
	order = slices.DeleteFunc(slices.Clone(order), func(i int) bool {
		e := &r.Evidence[i]
		return e.Source.Kind == kb.Case || e.Score < weakest*top && vouched(r.Evidence, e.Source.ID) < nearCase*top
	})
	var pointer []piece
	for _, i := range ask.nearest(r, order) {
		said := ask.quote(&r.Evidence[i], i)
		if len(said) > 0 && !allThin(ask.units(&r.Evidence[i], i)) {
			return said
		}
		if len(pointer) == 0 {
			pointer = said
		}
	}
	return pointer
}
