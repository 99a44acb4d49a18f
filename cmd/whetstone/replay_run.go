package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"time"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/training"
)

// A replayed is what came of one ticket.
type replayed struct {
	ticket     int // place in the history
	hit        bool
	unchanged  bool
	edited     bool
	distance   float64 // -1: not known
	abstained  bool
	confidence float64
}

// A replayRun is a Whetstone of its own, in a folder that goes with it, whose
// clock is that of the history.
type replayRun struct {
	app       *app
	workspace string
	indexer   *retrieval.Indexer
	clock     time.Time
	learns    bool
	player    player
	dir       string
}

// The history's clock: working days of perDay tickets.
const (
	replayDay = 24 * time.Hour
	perDay    = 25
)

// startReplay opens a Whetstone with the history's articles and no feedback.
func (c *cli) startReplay(ctx context.Context, h *history, how *replaying) (r *replayRun, err error) {
	cfg, err := c.config()
	if err != nil {
		return nil, err
	}
	r = &replayRun{
		workspace: "replay", clock: time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC), learns: how.learns,
		player: player{noise: how.noise, hostile: how.hostile, lazy: how.lazy, uncited: how.uncited},
	}
	if r.dir, err = os.MkdirTemp("", "whetstone-replay-"); err != nil {
		return nil, err
	}
	private := *cfg
	private.Data, private.Database, private.QdrantURL, private.Workspace = r.dir, "", "", r.workspace
	if r.app, err = open(ctx, &private, slog.New(slog.DiscardHandler)); err != nil {
		return nil, errors.Join(err, os.RemoveAll(r.dir))
	}
	if err := r.fill(ctx, h); err != nil {
		return nil, errors.Join(err, r.close())
	}
	return r, nil
}

func (r *replayRun) now() time.Time { return r.clock }

// fill puts the articles in and opens the index.
func (r *replayRun) fill(ctx context.Context, h *history) error {
	r.app.learning = r.app.learns(r.now)
	r.app.answerer.Now = r.now
	if _, err := r.app.workspace(ctx); err != nil {
		return err
	}
	s, err := r.app.build(ctx, r.app.cfg.wanted(), true)
	if err != nil {
		return err
	}
	r.app.answerer.Serve(s.Space)
	r.indexer = r.app.indexer(s)
	docs := make([]*kb.Document, len(h.articles))
	for i := range h.articles {
		d := h.articles[i]
		docs[i] = &d
		r.player.ids, r.player.bodies = append(r.player.ids, d.ID), append(r.player.bodies, d.Body)
	}
	if _, err := r.app.kb.In(r.workspace).PutAll(ctx, docs); err != nil {
		return err
	}
	if !r.learns { // nor do cases that nobody listens to change what words are rare
		settings := feedback.DefaultSettings()
		settings.CaseMemory = false
		if err := r.app.learning.events.SetSettings(ctx, r.workspace, settings); err != nil {
			return err
		}
	}
	_, err = r.indexer.Sync(ctx, r.workspace)
	return err
}

func (r *replayRun) close() error { return errors.Join(r.app.close(), os.RemoveAll(r.dir)) }

// replay goes through the tickets in an order. Each is answered before
// anything of it is told.
func (r *replayRun) replay(ctx context.Context, h *history, order []int, done func()) ([]replayed, error) {
	out := make([]replayed, len(order))
	for i, n := range order {
		t := &h.tickets[n]
		s, err := r.app.answerer.Suggest(ctx, r.ask(t), retrieval.Watch{})
		if err != nil {
			return nil, err
		}
		out[i] = outcomeOf(t, &s)
		out[i].ticket = n
		if err := r.told(ctx, r.player.plays(t, &s)); err != nil {
			return nil, err
		}
		j, err := r.app.learning.events.In(r.workspace).Judgement(ctx, s.ID)
		if err != nil {
			return nil, err
		}
		out[i].unchanged, out[i].edited, out[i].distance = j.Used == feedback.Unchanged, j.Used == feedback.Changed, j.Distance
		if err := r.tick(ctx, i); err != nil {
			return nil, err
		}
		done()
	}
	return out, nil
}

func (r *replayRun) ask(t *replayTicket) retrieval.Ask {
	return retrieval.Ask{
		Workspace: r.workspace, TicketID: t.ID, Messages: []retrieval.Message{{Role: retrieval.Customer, Text: t.Text}},
		Unlearned: !r.learns,
	}
}

// outcomeOf is what the suggestion was worth.
func outcomeOf(t *replayTicket, s *retrieval.Suggestion) replayed {
	o := replayed{distance: -1, abstained: s.Decision == retrieval.Abstained, confidence: s.Confidence}
	if len(s.Sources) > 0 {
		o.hit = t.rightly(articleOf(&s.Sources[0]))
	}
	return o
}

// tick moves the clock on after the ith ticket, and at the end of a day does
// what is done at night.
func (r *replayRun) tick(ctx context.Context, i int) error {
	r.clock = r.clock.Add(replayDay / perDay)
	if !r.learns || (i+1)%perDay != 0 {
		return nil
	}
	l := r.app.learning.learner
	for _, job := range []func(context.Context) (string, error){l.Calibrate, l.Rerank, l.Tune, l.Promote} {
		if _, err := job(ctx); err != nil {
			return err
		}
	}
	return nil
}

// speed is how quickly the history's topics were learned.
func (r *replayRun) speed(ctx context.Context) (*training.Speed, error) {
	rep, err := training.Progress(ctx, training.Desk{
		KB: r.app.kb, Suggestions: r.app.store, Feedback: r.app.learning.events, Workspace: r.workspace,
	}, r.clock)
	return &rep.Whole, err
}
