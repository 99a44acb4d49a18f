package training

import (
	"context"
	"slices"

	"github.com/whetstone-desk/whetstone/kb/gap"
)

// flag notes when gaps were opened of the topics' questions: for each topic the
// first gap that at least half of the failures belong to that are encounters of
// the topic and of any gap. A question that strayed into another gap says
// nothing of its topic.
func (d *Desk) flag(ctx context.Context, topics []*course) error {
	if d.Gaps == nil {
		return nil
	}
	gaps, err := d.Gaps.In(d.Workspace).All(ctx)
	if err != nil || len(gaps) == 0 {
		return err
	}
	by := make(map[string]*gap.Gap, len(gaps))
	for i := range gaps {
		by[gaps[i].ID] = &gaps[i]
	}
	of, err := d.Gaps.In(d.Workspace).Belongings(ctx)
	if err != nil {
		return err
	}
	for _, c := range topics {
		counts, all := make(map[string]int), 0
		for i := range c.met {
			if id := of[c.met[i].suggestion]; id != "" && by[id] != nil {
				counts[id]++
				all++
			}
		}
		for _, id := range sortedKeys(counts) {
			g := by[id]
			if g.OpenedAt == nil || 2*counts[id] < all {
				continue
			}
			if at := *g.OpenedAt; c.flagged.IsZero() || at.Before(c.flagged) {
				c.flagged = at
			}
		}
		for _, id := range sortedKeys(counts) {
			// An article that was published for its gap is the topic's, though no
			// ticket may have been resolved with it yet.
			at := slices.IndexFunc(by[id].History, func(s gap.Step) bool { return s.What == string(gap.Published) })
			if c.published.IsZero() && at >= 0 && 2*counts[id] >= all && by[id].History[at].At.After(c.firstSeen) {
				c.published = by[id].History[at].At
			}
		}
	}
	return nil
}
