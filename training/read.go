package training

import (
	"context"
	"slices"
	"time"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// readAtOnce is how many suggestions are read together.
const readAtOnce = 500

// A reader reads judged suggestions of one workspace.
type reader struct {
	suggestions *retrieval.Store
	feed        *feedback.Feed
	workspace   string
	ignored     map[string]time.Time // operators whose judgements before a time do not count
}

// read returns, oldest first, the suggestions that were judged after a time,
// with what became of them.
func (r *reader) read(ctx context.Context, after time.Time) ([]judged, error) {
	var js []judged
	var part []feedback.Judgement
	flush := func() error {
		ids := make([]string, len(part))
		for i := range part {
			ids[i] = part[i].SuggestionID
		}
		asked, err := r.suggestions.Asked(ctx, r.workspace, ids)
		if err != nil {
			return err
		}
		for i := range part {
			if s, ok := asked[part[i].SuggestionID]; ok {
				js = append(js, judgedOf(&part[i], &s))
			}
		}
		part = part[:0]
		return nil
	}
	for j, err := range r.feed.Judgements(ctx, feedback.Filter{From: after}) {
		if err != nil {
			return nil, err
		}
		if until, ok := r.ignored[j.OperatorID]; ok && j.At.Before(until) {
			continue
		}
		if part = append(part, j); len(part) == readAtOnce {
			if err := flush(); err != nil {
				return nil, err
			}
		}
	}
	if err := flush(); err != nil {
		return nil, err
	}
	slices.SortStableFunc(js, func(a, b judged) int { return a.asked.Compare(b.asked) })
	return js, nil
}

func judgedOf(j *feedback.Judgement, s *retrieval.Suggestion) judged {
	return judged{
		seq: j.Seq, at: j.At, asked: s.CreatedAt, question: s.Question, operator: j.OperatorID, group: j.OperatorGroup,
		language: j.Language, topic: j.Topic, ranker: j.Ranker, decision: j.Decision, raw: s.RawConfidence, used: j.Used,
		distance: j.Distance, right: j.ResolvedWith, candidates: s.Candidates, credits: j.Credits, shown: j.Shown,
	}
}

// never is a time that everything counts before: of an operator nothing of
// whose counts.
var never = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
