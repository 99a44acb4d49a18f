package training

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/training/cluster"
	"github.com/whetstone-desk/whetstone/training/compose"
)

const (
	// remembered is how long a failure counts: after a year what was asked says
	// little about what is asked. It stays with its gap.
	remembered = 365 * 24 * time.Hour

	// failuresMost bounds how many failures are grouped, the latest.
	failuresMost = 20000

	// putTries is how often gaps are found anew since an editor changed one.
	putTries = 3

	// pairLeast is how many tickets make a group that is kept though too few
	// customers have asked: what one ticket asks is found again each time.
	pairLeast = 2
)

// FindGaps collects what shows that knowledge failed, groups it into gaps, and
// verifies what was published for them. What it finds twice changes nothing. It does nothing where Gaps is nil.
func (l *Learner) FindGaps(ctx context.Context) (note string, err error) {
	if l.Gaps == nil {
		return "nothing to do", nil
	}
	return l.each(ctx, l.findGaps)
}

func (l *Learner) findGaps(ctx context.Context, workspace string) (string, error) {
	if _, err := l.collect(ctx, workspace); err != nil {
		return "", err
	}
	changed, err := l.group(ctx, workspace)
	if err != nil {
		return "", err
	}
	verified, err := l.verifyDue(ctx, workspace)
	switch {
	case err != nil:
		return "", err
	case changed || verified > 0:
		return "with news", nil
	}
	return "as before", nil
}

// group finds the gaps anew where there is new evidence, and once a day since
// figures move with time. Grouping a year's evidence takes a while, and most
// runs have nothing to group.
func (l *Learner) group(ctx context.Context, workspace string) (changed bool, err error) {
	mark, err := l.watermark(ctx, workspace)
	if err != nil {
		return false, err
	}
	if today := l.now().UTC().Format(time.DateOnly); mark.Grouped != today {
		changed, err = l.regroup(ctx, workspace)
		for try := 1; errors.Is(err, gap.ErrConflict) && try < putTries; try++ {
			changed, err = l.regroup(ctx, workspace)
		}
		if err != nil {
			return false, err
		}
		mark.Grouped = today
		if err := l.setWatermark(ctx, workspace, mark); err != nil {
			return false, err
		}
	}
	bare, err := l.sweep(ctx, workspace)
	return changed || bare, err
}

// A finding is one run of the job in one workspace.
type finding struct {
	*Learner
	workspace string
	now       time.Time
	store     *gap.Store
	failures  []gap.Failure // that count, oldest first
	of        map[string]int
	gaps      map[string]*gap.Gap // by id; all but the merged ones
	stored    map[string]gap.Gap  // as they were
	usual     usual
	habit     bool      // operators say which article they answered from
	began     time.Time // of the first failure
	doubts    retrieval.Doubts
}

// regroup finds the gaps anew and stores what has changed.
func (l *Learner) regroup(ctx context.Context, workspace string) (changed bool, err error) {
	r := &finding{Learner: l, workspace: workspace, now: l.now().UTC(), store: l.Gaps.In(workspace)}
	if err := r.load(ctx); err != nil {
		return false, err
	}
	groups, err := r.group(ctx)
	if err != nil {
		return false, err
	}
	found := gap.Found{Of: make(map[string]string)}
	for _, g := range groups {
		for _, i := range g.members {
			if f := &r.failures[i]; f.GapID != g.id {
				found.Of[f.SuggestionID] = g.id
				f.GapID = g.id
			}
		}
	}
	for _, g := range groups {
		if g.id == "" {
			continue
		}
		if err := r.describe(ctx, g); err != nil {
			return false, err
		}
	}
	r.changes(&found)
	if len(found.Gaps)+len(found.Figures)+len(found.Of) > 0 {
		if err := r.store.Put(ctx, found); err != nil {
			return false, err
		}
		changed = true
	}
	return changed, nil
}

// load reads the failures that count and the gaps.
func (r *finding) load(ctx context.Context) error {
	all, err := r.store.Failures(ctx, r.now.Add(-remembered), failuresMost)
	if err != nil {
		return err
	}
	if err := r.store.Count(ctx, capped(all)); err != nil {
		return err
	}
	if len(all) > 0 {
		r.began = all[0].At
	}
	if r.doubts, err = r.Suggestions.Doubts(ctx, r.workspace); err != nil {
		return err
	}
	r.usual, r.habit = usualOf(all), habitOf(all)
	r.failures = slices.DeleteFunc(all, func(f gap.Failure) bool { return !f.Counted })
	r.of = make(map[string]int, len(r.failures))
	for i := range r.failures {
		r.of[r.failures[i].SuggestionID] = i
	}
	gaps, err := r.store.All(ctx)
	if err != nil {
		return err
	}
	r.gaps, r.stored = make(map[string]*gap.Gap), make(map[string]gap.Gap)
	into := make(map[string]string)
	for i := range gaps {
		g := &gaps[i]
		if g.Status == gap.Merged {
			into[g.ID] = g.MergedInto
			continue
		}
		r.gaps[g.ID] = g
		r.stored[g.ID] = cloned(g)
	}
	for i := range r.failures { // of those that were merged while something else was written
		for hops := 0; into[r.failures[i].GapID] != "" && hops < len(into); hops++ {
			r.failures[i].GapID = into[r.failures[i].GapID]
		}
	}
	return nil
}

// A topical is a group of failures that is or becomes a gap.
type topical struct {
	id      string        // of the gap; empty: too small to be kept
	members []int         // places among the failures, ascending
	article string        // that all of them name; empty: they are alike
	group   cluster.Group // the zero one where they name an article
	from    []string      // gaps that it was split off from
}

// changes sorts the gaps that are not as they were into those that somebody
// must be told of and those of which only figures have moved.
func (r *finding) changes(found *gap.Found) {
	for _, id := range sortedKeys(r.gaps) {
		g := r.gaps[id]
		was, known := r.stored[id]
		switch {
		case !known, !sameStanding(g, &was):
			found.Gaps = append(found.Gaps, *g)
		case !sameFigures(g, &was):
			found.Figures = append(found.Figures, *g)
		}
	}
}

// sweep removes gaps that nothing is behind any more: what nobody has seen
// goes, and what somebody may be at work on is dismissed.
func (l *Learner) sweep(ctx context.Context, workspace string) (changed bool, err error) {
	store := l.Gaps.In(workspace)
	bare, err := store.Bare(ctx)
	if err != nil {
		return false, err
	}
	var found gap.Found
	for _, id := range bare {
		g, err := store.Gap(ctx, id)
		if err != nil {
			return false, err
		}
		switch {
		case g.Status == gap.Waiting:
			found.Gone = append(found.Gone, id)
		case g.Active():
			if err := g.Dismiss("no ticket is behind it any more", gap.Self, l.now()); err != nil {
				return false, err
			}
			found.Gaps = append(found.Gaps, g)
		}
	}
	if len(found.Gone)+len(found.Gaps) == 0 {
		return false, nil
	}
	return true, store.Put(ctx, found)
}

// describe says anew what a group's gap is about, and moves it on where that
// asks for it.
func (r *finding) describe(ctx context.Context, t *topical) error {
	g := r.gaps[t.id]
	if g == nil {
		g = &gap.Gap{WorkspaceID: r.workspace, ID: t.id, Status: gap.Waiting}
		r.gaps[t.id] = g
		for _, from := range t.from {
			g.Topic.From = append(g.Topic.From, from)
			g.Note("split", gap.Self, "off from "+r.gaps[from].Label+" ("+from+")", r.now)
		}
	}
	fs := r.evidence(t)
	if len(fs) == 0 {
		return nil
	}
	topic := r.topicOf(fs, t)
	topic.From = g.Topic.From
	cause, articles, why := r.causeOf(g, fs)
	topic.Why = why
	var err error
	if topic.Articles, err = r.quoted(ctx, g, &topic, articles); err != nil {
		return err
	}
	if cause, err = r.borneOut(ctx, cause, &topic, fs); err != nil {
		return err
	}
	g.Topic, g.Cost = topic, topic.Factors.Cost()
	g.FirstAt, g.LastAt = fs[0].At, fs[len(fs)-1].At
	label := called(g, t, fs)
	if t.article != "" && len(topic.Articles) > 0 {
		label = topic.Articles[0].Title
	}
	g.Rename(label, r.now)
	if g.Cause != cause {
		if g.Cause != "" {
			g.Note("cause", gap.Self, fmt.Sprintf("from %s to %s", g.Cause, cause), r.now)
		}
		g.Cause = cause
	}
	return r.move(g, fs)
}

// called is what a gap is called that is about no article: what its typical
// customer asks, which everybody understands, or else the words that set it
// apart. It keeps its name as long as one of its customers has asked so.
func called(g *gap.Gap, t *topical, fs []gap.Failure) string {
	was := strings.ToLower(g.Label)
	asked := func(f gap.Failure) bool {
		return strings.Contains(strings.ToLower(strings.Join(strings.Fields(f.Question), " ")), was)
	}
	if strings.HasSuffix(was, "?") && slices.ContainsFunc(fs, asked) {
		return g.Label
	}
	if asks := compose.Asked(g.Topic.Question); strings.HasSuffix(asks, "?") {
		return asks
	}
	return t.group.Label
}

// move takes the gap the steps that the evidence asks for.
func (r *finding) move(g *gap.Gap, fs []gap.Failure) error {
	switch {
	case g.Status == gap.Waiting && g.Topic.Customers >= gap.CustomersLeast:
		return g.Begin(r.now)
	case g.Grown():
		return g.Reopen(gap.Self, fmt.Sprintf("%.0f tickets a month, and %.0f when it was dismissed", g.Topic.Factors.Volume, g.Dismissal.Volume), r.now)
	case g.Status == gap.Closed && g.ClosedAt != nil:
		if n := customersSince(fs, *g.ClosedAt); n >= gap.CustomersLeast {
			return g.Reopen(gap.Self, fmt.Sprintf("%d customers have asked since it was closed", n), r.now)
		}
	}
	return nil
}

// customersSince counts the customers whose questions failed after a time.
func customersSince(fs []gap.Failure, at time.Time) int {
	who := make(map[string]bool)
	for i := range fs {
		if fs[i].At.After(at) {
			who[fs[i].Who()] = true
		}
	}
	return len(who)
}

// evidence are the failures of a group, oldest first.
func (r *finding) evidence(t *topical) []gap.Failure {
	fs := make([]gap.Failure, len(t.members))
	for i, m := range t.members {
		fs[i] = r.failures[m]
	}
	return fs
}
