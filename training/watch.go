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
	for i := range s.judged {
		j := &s.judged[i]
		if j.decision == retrieval.Abstained || j.used == feedback.Unknown {
			continue
		}
		switch {
		case j.ranker == serving.Version && !j.asked.Before(since):
			count(&live, j)
		case j.ranker != serving.Version && j.asked.Before(since) && j.asked.After(since.Add(-watched)):
			count(&before, j)
		}
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

func count(t *gate.Tally, j *judged) {
	t.Shown++
	if j.used == feedback.Unchanged || j.used == feedback.Changed {
		t.Accepted++
	}
}
