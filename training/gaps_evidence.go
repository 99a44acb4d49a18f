package training

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/oklog/ulid/v2"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/kb/sqldb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// A watermark is how far the evidence of a workspace is collected.
type watermark struct {
	Born       int64  `json:"born"` // of the workspace, Unix microseconds: one that is made again begins anew
	Suggestion string `json:"suggestion"`
	Judgement  int64  `json:"judgement"`
	Grouped    string `json:"grouped"` // the day on which all of it was grouped last; empty: there is more since
}

// stateOfGaps is under what name the table state keeps a workspace's watermark.
func stateOfGaps(workspace string) string { return "gaps/" + workspace }

// overlap is how far behind the watermark suggestions are looked at again:
// their ids are made by the clocks of several processes and become visible when
// they are stored, so a smaller one may come after a greater one.
const overlap = time.Minute

// A collector makes failures of what is known of suggestions of one workspace.
type collector struct {
	*Learner
	workspace string
	feed      *feedback.Feed
	gaps      *gap.Store
	reader    reader
	least     map[string]float64 // confidence that a profile asks of drafts, by its name
	begun     watermark          // where it began
	changed   int
}

// collect brings the failures of a workspace up to date with its suggestions
// and judgements, and returns how many are new, changed or withdrawn. What is
// collected twice changes nothing.
func (l *Learner) collect(ctx context.Context, workspace string) (int, error) {
	lesson, err := l.begin(ctx, workspace)
	if err != nil {
		return 0, err
	}
	c := &collector{
		Learner: l, workspace: workspace, feed: l.Feedback.In(workspace), gaps: l.Gaps.In(workspace), reader: lesson.reader,
		least: make(map[string]float64),
	}
	mark, err := l.watermark(ctx, workspace)
	if err != nil {
		return 0, err
	}
	c.begun = mark
	next := mark
	if next.Suggestion, err = c.suggestions(ctx, mark.Suggestion); err != nil {
		return c.changed, err
	}
	if next.Judgement, err = c.judgements(ctx, mark.Judgement); err != nil {
		return c.changed, err
	}
	if c.changed > 0 {
		next.Grouped = ""
	}
	if next == mark {
		return c.changed, nil
	}
	return c.changed, l.setWatermark(ctx, workspace, next)
}

// watermark returns how far the evidence was collected and grouped.
func (l *Learner) watermark(ctx context.Context, workspace string) (watermark, error) {
	ws, err := l.KB.Workspace(ctx, workspace)
	if err != nil {
		return watermark{}, err
	}
	fresh := watermark{Born: ws.CreatedAt.UnixMicro()}
	text, known, err := sqldb.State(ctx, l.DB, stateOfGaps(workspace))
	if err != nil || !known {
		return fresh, err
	}
	var m watermark
	if err := json.Unmarshal([]byte(text), &m); err != nil || m.Born != fresh.Born {
		return fresh, nil // of another version, or of a workspace that is gone
	}
	return m, nil
}

func (l *Learner) setWatermark(ctx context.Context, workspace string, m watermark) error {
	text, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("training: watermark of gaps: %w", err)
	}
	return sqldb.SetState(ctx, l.DB, stateOfGaps(workspace), string(text))
}

// suggestions looks at those made since the watermark that show by themselves
// that knowledge failed, and returns the id of the last one there is.
func (c *collector) suggestions(ctx context.Context, after string) (string, error) {
	last, err := c.Suggestions.Last(ctx, c.workspace)
	if err != nil || last == "" || last == after {
		return after, err
	}
	from := ""
	if id, err := ulid.Parse(after); err == nil {
		back := ulid.ULID{}
		if at := ulid.Time(id.Time()).Add(-overlap); at.After(time.UnixMilli(0)) {
			if err := back.SetTime(ulid.Timestamp(at)); err != nil {
				return after, fmt.Errorf("training: watermark %s: %w", after, err)
			}
		}
		from = back.String()
	}
	for {
		ids, err := c.Suggestions.Unsure(ctx, c.workspace, retrieval.UnsurePage{After: from, Below: doubtful, Limit: readAtOnce})
		if err != nil {
			return after, err
		}
		if err := c.consider(ctx, ids); err != nil {
			return after, err
		}
		if len(ids) < readAtOnce {
			return last, nil
		}
		from = ids[len(ids)-1]
	}
}

// judgements looks at the suggestions that were judged since the watermark, and
// returns the place of the last judgement.
func (c *collector) judgements(ctx context.Context, after int64) (int64, error) {
	var ids []string
	for j, err := range c.feed.Judgements(ctx, feedback.Filter{After: after}) {
		if err != nil {
			return after, err
		}
		after = max(after, j.Seq)
		if ids = append(ids, j.SuggestionID); len(ids) == readAtOnce {
			if err := c.consider(ctx, ids); err != nil {
				return after, err
			}
			ids = ids[:0]
		}
	}
	return after, c.consider(ctx, ids)
}

// consider makes failures of those of the suggestions that are some, and takes
// back those that are none any more.
func (c *collector) consider(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	told, err := c.feed.Told(ctx, ids)
	if err != nil {
		return err
	}
	known, err := c.gaps.Known(ctx, ids)
	if err != nil {
		return err
	}
	var put []gap.Failure
	var gone []string
	for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		t, ok := told[id]
		if !ok {
			continue // it was erased, and its failure with it
		}
		if t.Judgement != nil && !c.reader.hear(t.Judgement) {
			t.Judgement = nil
		}
		least, err := c.leastOf(ctx, t.Suggestion.Profile)
		if err != nil {
			return err
		}
		had, was := known[id]
		f, is := failureOf(&t, least)
		switch {
		case !is && was:
			gone = append(gone, id)
		case is && !was:
			f.Counted = true
			put = append(put, f)
		case is && !sameFailure(&f, &had):
			f.Counted = had.Counted
			put = append(put, f)
		}
	}
	if len(put)+len(gone) > 0 && c.changed == 0 && c.begun.Grouped != "" {
		// Said first: evidence that was stored and not grouped since its process
		// died is grouped by the next run.
		c.begun.Grouped = ""
		if err := c.setWatermark(ctx, c.workspace, c.begun); err != nil {
			return err
		}
	}
	c.changed += len(put) + len(gone)
	if err := c.gaps.Record(ctx, put); err != nil {
		return err
	}
	return c.gaps.Withdraw(ctx, gone)
}

// leastOf is the confidence below which the profile gives operators no draft.
func (c *collector) leastOf(ctx context.Context, profile string) (float64, error) {
	if x, ok := c.least[profile]; ok {
		return x, nil
	}
	p, err := c.Suggestions.Profile(ctx, c.workspace, profile)
	if err != nil { // it is gone, and what it asked for with it
		if p, err = c.Suggestions.Profile(ctx, c.workspace, retrieval.DefaultName); err != nil {
			return 0, err
		}
	}
	c.least[profile] = p.MinDraft
	return p.MinDraft, nil
}

// sameFailure reports whether nothing has become known of a failure.
func sameFailure(a, b *gap.Failure) bool {
	x, y := *a, *b
	x.Counted, x.GapID, x.At, x.WorkspaceID = y.Counted, y.GapID, y.At, y.WorkspaceID
	for _, f := range []*gap.Failure{&x, &y} {
		if len(f.Sources) == 0 {
			f.Sources = nil
		}
	}
	return a.At.Equal(b.At) && reflect.DeepEqual(x, y)
}

// perDayMost is how many failures of one customer count that happened on one
// day, so that one person cannot make a topic.
const perDayMost = 3

// capped says anew which failures count, oldest first, and returns those of
// which that has changed.
func capped(fs []gap.Failure) (changed []gap.Failure) {
	type day struct {
		who string
		at  time.Time
	}
	seen := make(map[day]int)
	for i := range fs {
		f := &fs[i]
		d := day{f.Who(), f.At.UTC().Truncate(24 * time.Hour)}
		seen[d]++
		if counts := seen[d] <= perDayMost; counts != f.Counted {
			f.Counted = counts
			changed = append(changed, *f)
		}
	}
	return changed
}
