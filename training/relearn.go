package training

import (
	"context"
	"fmt"

	"github.com/whetstone-desk/whetstone/retrieval"
)

// Relearn learns what serves in the workspace anew from what is left after an
// operator was excluded or a customer erased, and lets that serve at once: it
// takes influence away and adds none, so it owes no proof. Candidates and what a
// pilot tries are taken back, as they have learned the same. Vectors that were
// moved go back to where they were until the job tune has moved them anew.
func (l *Learner) Relearn(ctx context.Context, workspace, why string) error {
	at := l.now()
	for _, status := range []retrieval.RankerStatus{retrieval.Untried, retrieval.Proven} {
		rs, err := l.Suggestions.RankersWith(ctx, workspace, status)
		if err != nil {
			return err
		}
		for i := range rs {
			err := l.Suggestions.Judge(ctx, workspace, rs[i].Version, retrieval.Ruling{Status: retrieval.Rejected, Note: why, At: at})
			if err != nil {
				return err
			}
		}
	}
	serving, err := l.serving(ctx, workspace)
	if err != nil || serving.Version == 0 {
		return err
	}
	learned, err := l.again(ctx, &serving)
	if err != nil {
		return err
	}
	r := retrieval.Ranker{
		WorkspaceID: workspace, Status: retrieval.Untried, Learned: learned, CreatedAt: at, Through: serving.Through,
		Note: why, Figures: map[string]any{"job": "relearn", "instead_of": serving.Version, "parts": serving.Figures["parts"]},
	}
	if err := l.Suggestions.AddRanker(ctx, &r); err != nil {
		return err
	}
	err = l.Suggestions.Judge(ctx, workspace, r.Version, retrieval.Ruling{Status: retrieval.Serving, Note: why, At: at})
	if err != nil {
		return err
	}
	// Nobody should go back to what was to be forgotten.
	return l.Suggestions.Judge(ctx, workspace, serving.Version, retrieval.Ruling{Status: retrieval.RolledBack, Note: why, At: at})
}

// again is what a ranker would have learned from what is left of what it has
// learned from.
func (l *Learner) again(ctx context.Context, serving *retrieval.Ranker) (retrieval.Learned, error) {
	s, err := l.lesson(ctx, serving.WorkspaceID)
	if err != nil {
		return retrieval.Learned{}, err
	}
	left := s.judged
	for i := range left {
		if left[i].asked.After(serving.Learned.Through) {
			left = left[:i]
			break
		}
	}
	if len(left) == 0 {
		return retrieval.Learned{Through: serving.Learned.Through}, nil
	}
	part, _ := serving.Figures["parts"].(string)
	learned := only(s.taught(left), part)
	learned.Through = serving.Learned.Through
	if err := l.discount(ctx, s, left, learned.Sources); err != nil {
		return retrieval.Learned{}, fmt.Errorf("training: learn again: %w", err)
	}
	return learned, nil
}
