package training

import (
	"context"
	"fmt"
	"time"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/training/gate"
)

// watched is how far back acceptance before a promotion is looked at.
const watched = 60 * 24 * time.Hour

// watch rolls the ranker that serves back if its suggestions are accepted less
// than those before it were.
func (l *Learner) watch(ctx context.Context, s *lesson) (back bool, err error) {
	serving, err := l.serving(ctx, s.workspace)
	if err != nil || serving.Version == 0 {
		return false, err
	}
	since := serving.StatusAt
	var before, live gate.Tally
	err = s.reader.each(ctx, since.Add(-watched), func(j *feedback.Judgement) error {
		if j.Decision == retrieval.Abstained || j.Used == feedback.Unknown {
			return nil
		}
		switch older := j.SuggestedAt.Before(since); {
		case j.Ranker == serving.Version && !older:
			count(&live, j)
		case j.Ranker != serving.Version && older:
			count(&before, j)
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	// Operators differ more than chance has it; see gate.Alarm.
	v := gate.Watch(before, live, gate.Alarm{Clumping: 1.5})
	if !v.RollBack {
		return false, nil
	}
	_, err = l.Suggestions.RollBack(ctx, s.workspace, serving.Version, "rolled back by itself: "+v.Reason, s.now)
	if err != nil {
		return false, fmt.Errorf("training: roll back: %w", err)
	}
	return true, nil
}

func count(t *gate.Tally, j *feedback.Judgement) {
	t.Shown++
	if j.Used == feedback.Unchanged || j.Used == feedback.Changed {
		t.Accepted++
	}
}
