package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/gap"
)

// A gapReplaying says how it is measured whether gaps are found and proven to
// be closed.
type gapReplaying struct {
	topics  int  // articles that are taken out of the knowledge base
	seed    int  // of the first draw
	draws   int  // how often they are drawn
	uncited bool // operators do not say which article they answered from
}

func (w *gapReplaying) validate() error {
	if w.topics < 1 || w.draws < 1 {
		return errors.New("--withhold and --draws are at least 1")
	}
	return nil
}

// gapTickets is how many tickets a topic must have to be worth an article.
const gapTickets = 3

// draw takes topics out of the knowledge base that have enough tickets which
// nothing else covers. The same seed draws the same.
func (w *gapReplaying) draw(h *history, seed int) (*drawn, error) {
	tickets := make(map[string]int)
	for i := range h.tickets {
		if t := &h.tickets[i]; len(t.Also) == 0 {
			tickets[t.SourceID]++
		}
	}
	maps.DeleteFunc(tickets, func(_ string, n int) bool { return n < gapTickets })
	names := slices.Sorted(maps.Keys(tickets))
	if len(names) <= w.topics {
		return nil, fmt.Errorf("--withhold %d: only %d articles have %d tickets that nothing else answers", w.topics, len(names), gapTickets)
	}
	rng := rand.New(rand.NewPCG(uint64(seed), 20260417))
	rng.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	out := names[:w.topics]
	d := &drawn{kept: history{tickets: h.tickets}, left: make(map[string]bool), withheld: len(out)}
	for i := range h.articles {
		if a := h.articles[i]; !slices.Contains(out, a.ID) {
			d.kept.articles = append(d.kept.articles, a)
			d.left[a.ID] = true
		}
	}
	return d, nil
}

func (c *cli) replayGaps(ctx context.Context, h *history, w *gapReplaying) error {
	if err := w.validate(); err != nil {
		return err
	}
	rep, err := c.gapReplay(ctx, h, w)
	if err != nil {
		return err
	}
	return c.printGaps(rep)
}

// gapReplay measures every draw.
func (c *cli) gapReplay(ctx context.Context, h *history, w *gapReplaying) (*gapReport, error) {
	out := make([]gapFigures, w.draws)
	p := c.progress("tickets", int64(w.draws*len(h.tickets)))
	defer p.end()
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range w.draws {
		d, err := w.draw(h, w.seed+i)
		if err != nil {
			return nil, err
		}
		g.Go(func() (err error) {
			out[i], err = c.gapDraw(ctx, h, d, w, func() { p.add(1) })
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return gapReported(h, w, out), nil
}

// gapDraw replays one draw.
func (c *cli) gapDraw(ctx context.Context, h *history, d *drawn, w *gapReplaying, done func()) (f gapFigures, err error) {
	r, err := c.startReplay(ctx, &d.kept, &replaying{learns: true, uncited: w.uncited})
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	l := r.app.learning.learner
	l.Gaps, l.DB, l.Answerer = gap.New(r.app.db, r.now), r.app.db, r.app.answerer
	l.Caught = func(ctx context.Context, workspace string, _ int64) bool {
		_, err := r.indexer.Sync(ctx, workspace)
		return err == nil
	}
	run := &gapRun{
		withholdRun: &withholdRun{replayRun: r, drawn: d, cases: make(map[string]string), gone: make(map[string]bool)},
		topic:       make(map[string]string), seen: make(map[string]int), delay: make(map[string]int),
		articles: make(map[string]kb.Document),
	}
	for i := range h.articles {
		if a := h.articles[i]; !d.left[a.ID] {
			run.articles[a.ID] = a
		}
	}
	for i := range d.kept.tickets {
		if err := run.ticket(ctx, i, &d.kept.tickets[i]); err != nil {
			return f, err
		}
		done()
	}
	return run.figures(ctx)
}
