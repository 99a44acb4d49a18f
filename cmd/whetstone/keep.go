package main

import (
	"context"
	"sync"
	"time"

	"github.com/whetstone-desk/whetstone/retrieval"
)

// follower keeps the space's index in step. In-process indexes are filled by
// every process; a Qdrant is filled by the one that has the lead.
func (a *app) follower(s *space) *retrieval.Follower {
	f := &retrieval.Follower{Indexer: a.indexer(s), KB: a.kb, Every: follow, Log: a.log}
	if s.shared {
		f.Allowed = s.lead.take
	}
	return f
}

// keep keeps the serving space s in step, through f, until ctx ends. If the
// settings name another model, it builds that one's vectors beside and goes
// over to them.
func (a *app) keep(ctx context.Context, s *space, f *retrieval.Follower) {
	var wg sync.WaitGroup
	defer wg.Wait()
	serving, retire := context.WithCancel(ctx)
	defer retire()
	wg.Go(func() { f.Run(serving) })
	if s.shared {
		wg.Go(func() { s.lead.keep(serving) })
	}
	if s.next == nil {
		<-ctx.Done()
		return
	}
	next, g := a.reembed(ctx, *s.next)
	if next == nil {
		return // ctx has ended
	}
	a.following.Store(g)
	a.answerer.Serve(next.Space)
	a.log.Info("vectors of another model serve", "model", next.made.Name)
	retire()
	wg.Go(func() { a.putAway(ctx, s) })
	a.keep(ctx, next, g)
}

// reembedAgain is how long to wait after building vectors has failed.
const reembedAgain = 5 * time.Second

// reembed builds the vectors of a model and returns them, complete, with what
// keeps them in step. It tries until it succeeds; if ctx ends, it returns nil.
func (a *app) reembed(ctx context.Context, m model) (*space, *retrieval.Follower) {
	a.log.Info("building vectors of another model", "model", m.Name)
	for {
		s, f, err := a.rebuilt(ctx, m)
		if err == nil {
			return s, f
		}
		if ctx.Err() == nil {
			a.log.Error("building vectors of another model failed; the old ones serve on", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil, nil
		case <-time.After(reembedAgain):
		}
	}
}

// rebuilt is one try of reembed.
func (a *app) rebuilt(ctx context.Context, m model) (*space, *retrieval.Follower, error) {
	s, err := a.build(ctx, m, false)
	if err != nil {
		return nil, nil, err
	}
	f := a.follower(s)
	if err := a.complete(ctx, s, f); err != nil {
		a.putAwayNow(s)
		return nil, nil, err
	}
	return s, f, nil
}

// complete fills the space and makes it the one that serves, or waits until the
// process that has the lead has done so.
func (a *app) complete(ctx context.Context, s *space, f *retrieval.Follower) error {
	tick := time.NewTicker(follow)
	defer tick.Stop()
	for {
		release, ok := a.leading(ctx, s)
		if ok {
			err := f.Catch(ctx)
			if err == nil {
				err = a.promote(ctx, s)
			}
			release()
			return err
		}
		if m, known, err := a.serving(ctx); err == nil && known && m.same(s.made) {
			return f.Catch(ctx)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// lastSearches is how long searches that began in a space may go on after
// another has taken its place.
const lastSearches = 30 * time.Second

// putAway frees the memory of a space that serves no more. What it has on disk
// stays: who goes back to its model has little to build.
func (a *app) putAway(ctx context.Context, s *space) {
	select {
	case <-ctx.Done(): // all that is open gets closed
	case <-time.After(lastSearches):
		a.putAwayNow(s)
	}
}

func (a *app) putAwayNow(s *space) {
	if s.local == nil {
		return
	}
	if err := s.local.Close(); err != nil {
		a.log.Warn("an index that serves no more", "error", err)
	}
}
