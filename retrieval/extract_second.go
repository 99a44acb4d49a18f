package retrieval

import (
	"strings"

	"github.com/whetstone-desk/whetstone/kb"
)

// Shares of the words of a part of a question, by weight: below missed the
// reply does not touch it, from met on a source does. A second source is less
// sure to fit, so it has to be near the first.
const (
	missed    = 0.34
	met       = 0.5
	nearFirst = 0.5
)

// second answers a part of the question that what was chosen leaves open,
// where the same article or another has the answer: people ask two things at
// once.
func (q *asked) second(r *Request, order []int, chosen []piece) []piece {
	parts := partsOf(q.page.text)
	if len(parts) < 2 {
		return nil
	}
	first := chosen[0].source
	have := q.reader.page("")
	// What is quoted is read under its title: another article is for what the two
	// leave open.
	titled := q.reader.page(r.Evidence[first].Source.Title)
	for _, p := range chosen {
		for key, at := range q.reader.page(p.text).words {
			have.words[key], titled.words[key] = at, at
		}
	}
	for _, part := range parts {
		ask := q.part(part)
		if len(ask.page.words) < 2 || shareOf(ask.page, have) >= missed {
			continue
		}
		if more := ask.unsaid(&r.Evidence[first], chosen); len(more) > 0 {
			return more
		}
		if shareOf(ask.page, titled) >= met {
			continue
		}
		for _, i := range order {
			e := &r.Evidence[i]
			if i == first || e.Source.Kind == kb.Case || e.Score < nearFirst*r.Evidence[first].Score {
				continue
			}
			if shareOf(ask.page, q.reader.page(e.Source.Title+"\n"+slice(e.Text, e.Start, e.End))) >= met {
				return ask.quote(e, i)
			}
		}
	}
	return nil
}

// unsaid finds in the article that was quoted already a unit that answers the
// rest of the question.
func (q *asked) unsaid(e *Evidence, chosen []piece) []piece {
	if e.Source.Kind == kb.Case {
		return nil
	}
	units := q.units(e, chosen[0].source)
	q.rate(units, &Evidence{Text: e.Text})
	best := -1
	for i := range units {
		span := units[i].span()
		taken := false
		for _, p := range chosen {
			taken = taken || span.Start < p.span.End && span.End > p.span.Start
		}
		weights, total := weigh(q.page)
		found := 0.
		for key, w := range weights {
			if units[i].words[key] || units[i].heading[key] {
				found += w
			}
		}
		if !taken && !units[i].thin && found >= met*total && (best < 0 || units[i].score > units[best].score) {
			best = i
		}
	}
	if best < 0 || units[best].count > sectionWords {
		return nil
	}
	return []piece{q.pieceOf(&units[best], chosen[0].source)}
}

// asks reports whether a part of a message is a question that can be answered
// by itself.
func asks(part string) bool {
	return len(newPage(part).words) >= 2 && (strings.HasSuffix(strings.TrimSpace(part), "?") || intentOf(part) != 0)
}

// partsOf cuts a message into the questions in it.
func partsOf(text string) []string {
	var out []string
	for _, s := range kb.Sentences(text) {
		part := text[s.Start:s.End]
		lower := strings.ToLower(part)
		for _, and := range [...]string{" и как ", " и когда ", " и сколько ", " и где ", " и можно ли ", " а как ", " а когда ", " а сколько ", " а можно ",
			" and how ", " and when ", " and where ", " and can ", " and what ", " and do ", " and is "} {
			if i := strings.Index(lower, and); i > 0 && len(lower) == len(part) {
				out = append(out, part[:i])
				part, lower = part[i+1:], lower[i+1:]
			}
		}
		out = append(out, part)
	}
	return out
}
