package main

import (
	"context"
	"maps"
	"slices"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// A gapRun is a replay on a knowledge base that lacks some articles, with the
// gaps that are found in it.
type gapRun struct {
	*withholdRun
	topic    map[string]string      // of each suggestion: the article that its ticket is really about
	seen     map[string]int         // tickets of each topic that is withheld
	delay    map[string]int         // of each of them: its tickets up to its gap
	articles map[string]kb.Document // that are withheld
}

// ticket answers the ith ticket, tells what its operator makes of that, and
// looks for gaps after each ticket that nothing covers.
func (r *gapRun) ticket(ctx context.Context, i int, t *replayTicket) error {
	s, err := r.app.answerer.Suggest(ctx, r.ask(t), retrieval.Watch{})
	if err != nil {
		return err
	}
	r.topic[s.ID] = t.SourceID
	seen, plays, covered := r.drawn.seen(t), r.player, r.drawn.covers(t)
	if !covered {
		plays.uncited = true
		if drafted(&s) && t.rightly(r.truly(cites(&s))) {
			seen.SourceID = cites(&s)
		}
		r.seen[t.SourceID]++
	}
	if err := r.told(ctx, plays.plays(&seen, &s)); err != nil {
		return err
	}
	if err := r.learnCases(ctx, t); err != nil {
		return err
	}
	if !covered || (i+1)%perDay == 0 {
		if _, err := r.app.learning.learner.FindGaps(ctx); err != nil {
			return err
		}
	}
	if !covered && r.delay[t.SourceID] == 0 {
		if err := r.look(ctx, t.SourceID); err != nil {
			return err
		}
	}
	return r.tick(ctx, i)
}

// look notes after how many of its tickets a topic has a gap.
func (r *gapRun) look(ctx context.Context, topic string) error {
	gaps, err := r.list(ctx, gap.Filter{Causes: []gap.Cause{gap.Uncovered}})
	if err != nil {
		return err
	}
	for i := range gaps {
		if gaps[i].topic == topic {
			r.delay[topic] = r.seen[topic]
		}
	}
	return nil
}

// A foundGap is a gap with what it is really about.
type foundGap struct {
	gap.Gap
	topic string // the article that at least half of its failures are about; empty: there is none
	share float64
}

func (r *gapRun) list(ctx context.Context, f gap.Filter) ([]foundGap, error) {
	store := r.app.learning.learner.Gaps.In(r.workspace)
	gaps, err := store.Gaps(ctx, f)
	if err != nil {
		return nil, err
	}
	out := make([]foundGap, len(gaps))
	for i := range gaps {
		out[i].Gap = gaps[i]
		fs, err := store.Evidence(ctx, gaps[i].ID, len(r.topic))
		if err != nil {
			return nil, err
		}
		about := make(map[string]int)
		for k := range fs {
			about[r.topic[fs[k].SuggestionID]]++
		}
		for _, topic := range slices.Sorted(maps.Keys(about)) {
			if share := float64(about[topic]) / float64(len(fs)); share >= 0.5 && share > out[i].share {
				out[i].topic, out[i].share = topic, share
			}
		}
	}
	return out, nil
}

// figures measures what was found at the end.
func (r *gapRun) figures(ctx context.Context) (gapFigures, error) {
	f := gapFigures{Causes: make(map[gap.Cause]int)}
	all, err := r.list(ctx, gap.Filter{})
	if err != nil {
		return f, err
	}
	owns := make(map[string]*foundGap)
	for i := range all {
		g := &all[i]
		f.Gaps++
		f.Causes[g.Cause]++
		_, withheld := r.articles[g.topic]
		first := owns[g.topic] == nil
		switch {
		case g.Cause == gap.NotFound:
			f.NotFound++
			if len(g.Topic.Articles) > 0 && g.Topic.Articles[0].ID == g.topic {
				f.NotFoundRight++
			}
			continue
		case g.Cause != gap.Uncovered:
			continue
		}
		if f.Listed < 10 {
			f.Listed++
			if withheld && first {
				f.Right++
			}
		}
		if withheld && !first {
			f.Twice++
		}
		if withheld && first {
			owns[g.topic] = g
		}
	}
	for _, topic := range slices.Sorted(maps.Keys(r.articles)) {
		if r.seen[topic] < gapTickets {
			continue
		}
		f.Topics++
		if owns[topic] != nil {
			f.Found++
		}
		f.Delays = append(f.Delays, r.delay[topic])
	}
	return f, r.prove(ctx, owns, &f)
}

// prove publishes each withheld article alone, for every gap as an editor would:
// it is right for one and wrong for the others.
func (r *gapRun) prove(ctx context.Context, owns map[string]*foundGap, f *gapFigures) error {
	if err := r.near(ctx, owns, f); err != nil {
		return err
	}
	articles := r.app.kb.In(r.workspace)
	for _, topic := range slices.Sorted(maps.Keys(r.articles)) {
		d := r.articles[topic]
		if _, err := articles.Put(ctx, &d); err != nil {
			return err
		}
		for _, about := range slices.Sorted(maps.Keys(owns)) {
			p, err := r.publish(ctx, owns[about].ID, topic)
			if err != nil {
				return err
			}
			f.proof(about == topic, p)
		}
		if err := articles.Delete(ctx, topic, "editor"); err != nil {
			return err
		}
	}
	return nil
}

// publish says that an article closes a gap, and has that verified.
func (r *gapRun) publish(ctx context.Context, id, article string) (*gap.Proof, error) {
	l := r.app.learning.learner
	store := l.Gaps.In(r.workspace)
	_, err := store.Change(ctx, id, 0, func(g *gap.Gap) error {
		if g.Status == gap.Closed {
			if err := g.Reopen("editor", "for the next article", r.clock); err != nil {
				return err
			}
		}
		return g.Publish(article, "editor", r.clock)
	})
	if err != nil {
		return nil, err
	}
	g, err := l.Verify(ctx, r.workspace, id, "editor", nil)
	return g.Proof, err
}

// near asks the questions of every gap of the article that is there already and
// is found first for most of them: the hardest of wrong ones, if the data say
// rightly that it does not answer.
func (r *gapRun) near(ctx context.Context, owns map[string]*foundGap, f *gapFigures) error {
	l := r.app.learning.learner
	for _, about := range slices.Sorted(maps.Keys(owns)) {
		fs, err := l.Gaps.In(r.workspace).Evidence(ctx, owns[about].ID, perDay)
		if err != nil {
			return err
		}
		first := make(map[string]int)
		for i := range fs {
			found, err := r.app.rests(ctx, r.workspace, fs[i].Question)
			if err != nil {
				return err
			}
			if len(found) > 0 {
				first[found[0].ID]++
			}
		}
		nearest := ""
		for _, id := range slices.Sorted(maps.Keys(first)) {
			if nearest == "" || first[id] > first[nearest] {
				nearest = id
			}
		}
		if nearest == "" {
			continue
		}
		p, err := l.Prove(ctx, r.workspace, owns[about].ID, nearest, nil)
		if err != nil {
			return err
		}
		f.NearProofs++
		if p.Share >= p.Needed {
			f.NearProven++
		}
	}
	return nil
}
