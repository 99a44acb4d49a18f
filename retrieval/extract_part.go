package retrieval

import (
	"math"
	"strings"

	"github.com/whetstone-desk/whetstone/kb"
)

// mostRows is how many rows of a table are quoted without choosing, its head
// included.
const mostRows = 4

// rows keeps the head of a table and the rows that have most words of the
// question; all of them where none has any.
func (q *asked) rows(lines []string) []string {
	head := min(2, len(lines))
	scores, most := make([]float64, len(lines)), 0.
	weights, _ := weigh(q.page)
	for i := head; i < len(lines); i++ {
		keys := make(map[string]bool)
		addKeys(keys, q.reader.lex(lines[i]))
		for key, w := range weights {
			if keys[key] {
				scores[i] += w
			}
		}
		most = max(most, scores[i])
	}
	if most == 0 {
		return lines
	}
	out := append([]string(nil), lines[:head]...)
	for i := head; i < len(lines); i++ {
		if scores[i] >= 0.7*most {
			out = append(out, lines[i])
		}
	}
	return out
}

// sentences chooses the run of sentences of a long paragraph that has most
// words of the question, and says where it stands in runes.
func (q *asked) sentences(text string) (string, int, int) {
	spans := kb.Sentences(text)
	weights, total := weigh(q.page)
	from, to, best := 0, len(spans), -1.
	for i := range spans {
		seen, count, sum := make(map[string]bool), 0, 0.
		for j := i; j < len(spans); j++ {
			part := text[spans[j].Start:spans[j].End]
			keys := make(map[string]bool)
			addKeys(keys, q.reader.lex(part))
			for key := range keys {
				if !seen[key] {
					seen[key] = true
					sum += weights[key]
				}
			}
			if count += len(strings.Fields(part)); count > wholeWords && j > i {
				break
			}
			if v := steady(sum/max(total, 1) + 0.1*math.Min(1, float64(count)/60)); v > best {
				best, from, to = v, i, j+1
			}
		}
	}
	if len(spans) == 0 {
		return text, 0, runeLen(text)
	}
	a, b := spans[from].Start, spans[to-1].End
	return text[a:b], runeLen(text[:a]), runeLen(text[:b])
}
