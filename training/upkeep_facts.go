package training

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/upkeep"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/retrieval/clash"
)

const (
	// fixesLeast is in how many tickets operators must change the same fact.
	fixesLeast = 3

	// fixesRead bounds how many replies are compared with an article, the
	// latest.
	fixesRead = 50

	// fixesShown bounds what operators say instead that is shown.
	fixesShown = 5

	// factMost bounds one of them, in runes: where a negation was changed it is
	// a sentence.
	factMost = 200
)

// A fix is a fact of an article that operators change.
type fix struct {
	passage   sentence
	what      retrieval.ProblemKind
	said      string
	sent      map[string]int // what was sent in its place, how often
	tickets   map[string]bool
	operators map[string]bool
}

// facts looks for facts that operators keep changing.
func (t *tidying) facts(ctx context.Context) error {
	t.looksFor(upkeep.EditedFact)
	for _, id := range sortedKeys(t.articles) {
		a := t.articles[id]
		if len(a.fixes) < fixesLeast {
			continue
		}
		fixes, err := t.fixes(ctx, id, a.fixes[max(0, len(a.fixes)-fixesRead):])
		if err != nil {
			return err
		}
		for _, f := range fixes {
			if len(f.tickets) >= fixesLeast {
				t.found = append(t.found, f.chore(&a.doc))
			}
		}
	}
	return nil
}

// fixes compares replies with the article as it is now: what was corrected
// meanwhile is none any more.
func (t *tidying) fixes(ctx context.Context, id string, suggestions []string) ([]*fix, error) {
	told, err := t.lesson.reader.feed.Told(ctx, suggestions)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(t.texts, func(d clash.Doc) bool { return d.ID == id })
	if at < 0 {
		return nil, nil
	}
	d := &t.texts[at]
	passages := sentencesOf(d.Body)
	found := make(map[int]*fix)
	for _, s := range sortedKeys(told) {
		x := told[s]
		if x.Judgement == nil || x.Final == "" {
			continue
		}
		final := []rune(x.Final)
		for _, c := range retrieval.Compare(x.Final, [][]string{{d.Title + "\n\n" + headOf(d.Body)}}) {
			if c.Courtesy || len(c.Supports) == 0 || c.Supports[0].Clash == nil {
				continue
			}
			p := saying(passages, c.Supports[0].Clash.Said, string(final[c.Span.Start:c.Span.End]))
			if p == nil {
				continue
			}
			if found[p.start] == nil {
				found[p.start] = &fix{passage: *p, what: c.Supports[0].Clash.Kind, said: c.Supports[0].Clash.Said,
					sent: make(map[string]int), tickets: make(map[string]bool), operators: make(map[string]bool)}
			}
			found[p.start].note(&x, c.Supports[0].Clash.Sent)
		}
	}
	out := slices.Collect(maps.Values(found))
	slices.SortFunc(out, func(a, b *fix) int { return cmp.Compare(a.passage.start, b.passage.start) })
	return out, nil
}

// note counts one reply.
func (f *fix) note(x *feedback.Told, sent string) {
	f.sent[shortened(sent)]++
	f.tickets[cmp.Or(x.Judgement.TicketID, x.Judgement.SuggestionID)] = true
	f.operators[x.Judgement.OperatorID] = true
}

// shortened is a text in one line that is not long.
func shortened(text string) string {
	rs := []rune(strings.Join(strings.Fields(text), " "))
	if len(rs) > factMost {
		return string(rs[:factMost-1]) + "…"
	}
	return string(rs)
}

// saying returns the sentence that says a fact and has most words of another
// sentence; nil: none says it.
func saying(passages []sentence, fact, of string) *sentence {
	need, have := wordsOf(fact), setOf(wordsOf(of))
	var best *sentence
	most := -1.0
	for i := range passages {
		p := &passages[i]
		if shared(need, setOf(p.words)) < 1 {
			continue
		}
		if v := shared(p.words, have); v > most {
			best, most = p, v
		}
	}
	return best
}

// chore is the fix as a chore.
func (f *fix) chore(d *kb.Document) upkeep.Chore {
	instead := slices.SortedFunc(maps.Keys(f.sent), func(a, b string) int { return cmp.Or(cmp.Compare(f.sent[b], f.sent[a]), cmp.Compare(a, b)) })
	instead = instead[:min(len(instead), fixesShown)]
	n := len(f.tickets)
	return upkeep.Chore{
		ID:   upkeep.ChoreID(upkeep.EditedFact, upkeep.Part{DocumentID: d.ID, Text: f.passage.quote}),
		Kind: upkeep.EditedFact, DocumentID: d.ID, Score: 0.6 + 0.3*min(1, float64(n)/20),
		Data: upkeep.Evidence{
			What: string(f.what), Why: fmt.Sprintf("In %d tickets operators wrote “%s” where it says “%s”.", n, strings.Join(instead, "”, “"), shortened(f.said)),
			Passages: []upkeep.Passage{f.passage.passage(d.ID, d.UpdatedAt.UTC())}, Words: [2][]string{{shortened(f.said)}, instead},
			Counts: map[string]int64{"tickets": int64(n), "operators": int64(len(f.operators))},
		},
	}
}
