package feedback

import (
	"context"
	"fmt"
	"slices"

	"github.com/whetstone-desk/whetstone/retrieval"
)

// A Told is a suggestion with what was told about it, for those who look for
// what knowledge lacks.
type Told struct {
	Suggestion retrieval.Suggestion // without Candidates, Originals and Took
	Judgement  *Judgement           // nil: nothing was told, or nothing was made of it yet
	Final      string               // what was sent to the customer, without personal data; empty: not known
	Votes      map[string]map[string]string
	Missing    string // what somebody said that nobody has written down, the latest; empty: nobody did
}

// Told returns, by id, the suggestions that there are of those named, of which
// there may be 500, with what was told about them so far. Votes are by source
// and operator.
func (f *Feed) Told(ctx context.Context, ids []string) (map[string]Told, error) {
	suggestions, err := f.suggestions(ctx, ids, "id", "ticket_id", "customer_id", "operator_id", "profile", "mode", "decision", "abstain_reason",
		"confidence", "language", "question", "answer", "sources", "blind", "created_at")
	if err != nil {
		return nil, err
	}
	var js []Judgement
	if err := f.read(ctx).Where("suggestion_id IN ?", ids).Find(&js).Error; err != nil {
		return nil, fmt.Errorf("feedback: judgements of %d suggestions: %w", len(ids), err)
	}
	out := make(map[string]Told, len(suggestions))
	for id, s := range suggestions {
		s.WorkspaceID = f.workspace
		out[id] = Told{Suggestion: *s}
	}
	var judged []string
	last := int64(0)
	for i := range js {
		if t, ok := out[js[i].SuggestionID]; ok {
			t.Judgement = &js[i]
			out[js[i].SuggestionID] = t
			judged, last = append(judged, js[i].SuggestionID), max(last, js[i].Seq)
		}
	}
	if len(judged) == 0 {
		return out, nil
	}
	// What was told later than the latest judgement waits for one of its own.
	events, err := f.eventsOf(ctx, judged, last)
	if err != nil {
		return nil, err
	}
	for id, es := range events {
		t := out[id]
		folded := fold(&t.Suggestion, es)
		t.Final, t.Votes, t.Missing = folded.final, folded.votes, missing(es)
		out[id] = t
	}
	return out, nil
}

// CasesOf returns the ids of the cases that the suggestions, of which there may
// be 500, have added to, by suggestion.
func (f *Feed) CasesOf(ctx context.Context, suggestions []string) (map[string]string, error) {
	var ts []caseTicket
	if err := f.read(ctx).Select("suggestion_id", "document_id").Where("suggestion_id IN ?", suggestions).Find(&ts).Error; err != nil {
		return nil, fmt.Errorf("feedback: cases of %d suggestions: %w", len(suggestions), err)
	}
	out := make(map[string]string, len(ts))
	for i := range ts {
		out[ts[i].SuggestionID] = ts[i].DocumentID
	}
	return out, nil
}

// missing is the latest word on what nobody has written down.
func missing(es []Event) string {
	counted := counting(es)
	for _, e := range slices.Backward(counted) {
		if e.Kind == Missing {
			return e.Text
		}
	}
	return ""
}

// Tells reports whether a reply tells anything that the next customer could
// use: not if it greets, thanks, promises or asks back. It is a rule of thumb,
// the same by which cases are made.
func Tells(reply string) bool { return readReply(reply).substantial() }

// Acts reports whether a reply says what was done for one customer rather than
// how something is: no article would have saved the ticket. It is a rule of
// thumb that finds two of three.
func Acts(reply string) bool { return readReply(reply).account() }
