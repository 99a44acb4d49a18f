package retrieval

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
)

// A Follower keeps an index in step with every workspace for as long as it
// runs. Set its fields before Run; its methods may be called from many
// goroutines.
type Follower struct {
	Indexer *Indexer
	KB      *kb.DB
	Every   time.Duration // how often to look for what other processes wrote
	Log     *slog.Logger

	// Allowed, if not nil, reports whether this process is the one to write.
	// Of several that share an index one does; all of them read.
	Allowed func(context.Context) bool

	once    sync.Once
	nudge   chan struct{}
	mu      sync.Mutex
	reached map[string]int64
	born    map[string]time.Time // when the workspaces in reached were made
	moved   chan struct{}        // closed and replaced whenever reached has changed
}

func (f *Follower) init() {
	f.once.Do(func() {
		f.nudge = make(chan struct{}, 1)
		f.reached = make(map[string]int64)
		f.born = make(map[string]time.Time)
		f.moved = make(chan struct{})
	})
}

// Run follows until ctx ends. What fails is tried again, and logged once for as
// long as it is the same.
func (f *Follower) Run(ctx context.Context) {
	f.init()
	tick := time.NewTicker(f.Every)
	defer tick.Stop()
	last := ""
	for {
		now := ""
		if err := f.Catch(ctx); err != nil && ctx.Err() == nil {
			now = err.Error()
		}
		switch {
		case now == last: // said already
		case now != "":
			f.Log.ErrorContext(ctx, "index is behind", "error", now)
		default:
			f.Log.InfoContext(ctx, "index is in step again")
		}
		last = now
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-f.nudge:
		}
	}
}

// Catch brings the index up to date with every workspace once. Workspaces that
// have been removed since the last time leave it. Only one Catch may be under
// way at a time, that of Run included.
func (f *Follower) Catch(ctx context.Context) error {
	f.init()
	ws, err := f.KB.Workspaces(ctx)
	if err != nil {
		return err
	}
	if f.Allowed != nil && !f.Allowed(ctx) {
		return f.watch(ctx, ws)
	}
	var failed error // the other workspaces go on
	for _, id := range f.removed(ws) {
		if err := Drop(ctx, f.Indexer.Index, id); err != nil {
			failed = err
			continue
		}
		f.forget(id)
	}
	for _, w := range ws {
		if err := f.catch(ctx, w); err != nil {
			failed = err
		}
	}
	return failed
}

// catch brings the index up to date with one workspace.
func (f *Follower) catch(ctx context.Context, w kb.Workspace) error {
	at := f.at(w.ID)
	if err := f.renew(ctx, w, at); err != nil {
		return err
	}
	if f.at(w.ID) == w.Changes {
		return nil
	}
	seq, err := f.Indexer.Sync(ctx, w.ID)
	if err != nil {
		return err
	}
	// What Sync read may end short of the counter: a write that changes nothing
	// takes a number too.
	f.reach(w, max(seq, w.Changes))
	return nil
}

// renew empties the index of a workspace that was removed and made again, or
// whose counter has gone back: then the database is a copy from earlier.
func (f *Follower) renew(ctx context.Context, w kb.Workspace, at int64) error {
	if at < 0 { // it has not been looked at yet
		var err error
		if _, at, err = positions(ctx, f.Indexer.Index, w.ID); err != nil {
			return err
		}
	} else if !f.born[w.ID].Equal(w.CreatedAt) {
		f.forget(w.ID)
		return Drop(ctx, f.Indexer.Index, w.ID)
	}
	if at <= w.Changes {
		return nil
	}
	now, err := f.KB.Workspace(ctx, w.ID) // another process may have moved both on
	if err != nil || at <= now.Changes {
		return err
	}
	f.forget(w.ID)
	return Drop(ctx, f.Indexer.Index, w.ID)
}

// watch takes note of how far another process has brought the index.
func (f *Follower) watch(ctx context.Context, ws []kb.Workspace) error {
	for _, w := range ws {
		seq, _, err := positions(ctx, f.Indexer.Index, w.ID)
		if err != nil {
			return err
		}
		f.reach(w, seq)
	}
	return nil
}

// Wait asks for the workspace to be followed up to seq and waits until it is,
// but no longer than patience. It reports whether it is.
func (f *Follower) Wait(ctx context.Context, workspace string, seq int64, patience time.Duration) bool {
	f.init()
	select {
	case f.nudge <- struct{}{}:
	default: // it has been asked already
	}
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	for {
		f.mu.Lock()
		reached, moved := f.reached[workspace], f.moved
		f.mu.Unlock()
		if reached >= seq {
			return true
		}
		select {
		case <-moved:
		case <-timeout.C:
			return false
		case <-ctx.Done():
			return false
		}
	}
}

// removed returns the workspaces that were followed and are no longer there.
func (f *Follower) removed(ws []kb.Workspace) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var ids []string
	for id := range f.reached {
		if !slices.ContainsFunc(ws, func(w kb.Workspace) bool { return w.ID == id }) {
			ids = append(ids, id)
		}
	}
	return ids
}

func (f *Follower) forget(workspace string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.reached, workspace)
	delete(f.born, workspace)
}

func (f *Follower) at(workspace string) int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	if seq, ok := f.reached[workspace]; ok {
		return seq
	}
	return -1
}

func (f *Follower) reach(w kb.Workspace, seq int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.reached[w.ID], f.born[w.ID] = seq, w.CreatedAt
	close(f.moved)
	f.moved = make(chan struct{})
}
