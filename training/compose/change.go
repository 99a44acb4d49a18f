package compose

import (
	"strings"
	"unicode/utf8"

	"github.com/aymanbagabas/go-udiff"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// Shares of a statement's words that a sentence of the article must have.
const (
	told = 0.8 // to say the same
	near = 0.4 // to be what it is added to
)

// An edit puts a statement into the article.
type edit struct {
	from, to int // bytes of the body that it takes the place of; equal: it is added there
	chosen   *chosen
}

// change proposes what the article lacks: a statement that it makes with
// another number, date or negation takes the place of the old sentence, one
// that it does not make is added where it fits best, and one that it makes is
// left out.
func change(article *kb.Document, taken []chosen, d *gap.Draft, w *words) {
	d.ArticleID, d.Revision, d.Title = article.ID, article.Revision, article.Title
	if article.Locale != "" {
		d.Language = article.Locale
	}
	var edits []edit
	for i := range taken {
		if e, lacks := lacking(article.Body, &taken[i]); lacks {
			edits = append(edits, e)
		}
	}
	if len(edits) == 0 && len(taken) > 0 {
		d.Unknown = append(d.Unknown, w.known)
	}
	apply(article.Body, edits, d)
	d.Diff = udiff.Unified(article.ID, article.ID, article.Body, d.Body)

}

// lacking says how the article has to change to make the statement.
func lacking(body string, c *chosen) (edit, bool) {
	best, at, clash := 0.0, -1, false
	spans := kb.Sentences(body)
	for i, s := range spans {
		if strings.HasPrefix(body[s.Start:], "#") {
			continue // a heading claims nothing
		}
		both := mutual(c.text, body[s.Start:s.End])
		if both.cover > best || both.cover == best && at >= 0 && clash && both.clash == "" {
			best, at, clash = both.cover, i, both.clash != ""
		}
	}
	whole := retrieval.Compare(c.text, [][]string{{body}})
	for _, x := range whole {
		if len(x.Supports) > 0 && x.Supports[0].Clash == nil && x.Supports[0].Cover >= told && x.Supports[0].Facts == x.Facts {
			return edit{}, false // it may be said over several sentences
		}
	}
	switch {
	case at >= 0 && clash && best >= same:
		return edit{spans[at].Start, spans[at].End, c}, true
	case at >= 0 && best >= told:
		return edit{}, false
	case at >= 0 && best >= near:
		return edit{spans[at].End, spans[at].End, c}, true
	}
	end := len(strings.TrimRight(body, " \t\n"))
	return edit{end, end, c}, true
}

// mutual compares two sentences both ways.
func mutual(a, b string) likeness {
	return between([][]likeness{{{}, likenesses(a, [][]string{{b}})[0]}, {likenesses(b, [][]string{{a}})[0], {}}}, 0, 1)
}

// apply makes the edits and notes the new sentences. Of several at one place
// the first stands first; of several that take the place of one sentence the
// first counts, and the others follow it.
func apply(body string, edits []edit, d *gap.Draft) {
	var b strings.Builder
	runes, at := 0, 0
	write := func(s string) {
		b.WriteString(s)
		runes += utf8.RuneCountInString(s)
	}
	for at <= len(body) {
		next := len(body) + 1
		for i := range edits {
			if e := &edits[i]; e.chosen != nil && e.from >= at {
				next = min(next, e.from)
			}
		}
		if next > len(body) {
			break
		}
		write(body[at:next])
		at = next
		for i := range edits {
			e := &edits[i]
			if e.chosen == nil || e.from != next && e.from > at {
				continue
			}
			write(gapBefore(b.String(), e))
			start := runes
			write(e.chosen.text)
			d.Sentences = append(d.Sentences, gap.Sentence{Text: e.chosen.text, Start: start, End: runes, Tickets: e.chosen.tickets})
			if c, ok := e.chosen.conflict(len(d.Sentences) - 1); ok {
				d.Conflicts = append(d.Conflicts, c)
			}
			at = max(at, e.to)
			e.chosen = nil
		}
	}
	write(body[min(at, len(body)):])
	d.Body = b.String()
}

// gapBefore is what stands between what is written so far and an added
// sentence: an item goes on a line of its own.
func gapBefore(before string, e *edit) string {
	line := before[strings.LastIndexByte(before, '\n')+1:]
	switch {
	case e.to > e.from, before == "": // it stands where another stood
		return ""
	case strings.HasSuffix(before, "\n"):
		return ""
	case strings.HasPrefix(strings.TrimSpace(line), "#"):
		return "\n\n"
	}
	if m := marker.FindString(strings.TrimSpace(line)); m != "" || strings.HasPrefix(strings.TrimSpace(line), "|") {
		return "\n\n"
	}
	return " "
}
