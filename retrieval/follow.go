package retrieval

import (
	"context"
	"log/slog"
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
	moved   chan struct{} // closed and replaced whenever reached has changed
}

func (f *Follower) init() {
	f.once.Do(func() {
		f.nudge = make(chan struct{}, 1)
		f.reached = make(map[string]int64)
		f.moved = make(chan struct{})
	})
}

// Run follows until ctx ends. What fails is logged and tried again.
func (f *Follower) Run(ctx context.Context) {
	f.init()
	tick := time.NewTicker(f.Every)
	defer tick.Stop()
	for {
		if err := f.Catch(ctx); err != nil && ctx.Err() == nil {
			f.Log.ErrorContext(ctx, "index is behind", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-f.nudge:
		}
	}
}

// Catch brings the index up to date with every workspace once.
func (f *Follower) Catch(ctx context.Context) error {
	f.init()
	ws, err := f.KB.Workspaces(ctx)
	if err != nil {
		return err
	}
	if f.Allowed != nil && !f.Allowed(ctx) {
		return f.watch(ctx, ws)
	}
	var failed error
	for _, w := range ws {
		if f.at(w.ID) >= w.Changes {
			continue
		}
		seq, err := f.Indexer.Sync(ctx, w.ID)
		if err != nil {
			failed = err // the other workspaces go on
			continue
		}
		// What Sync read may end short of the counter: a write that changes
		// nothing takes a number too.
		f.reach(w.ID, max(seq, w.Changes))
	}
	return failed
}

// watch takes note of how far another process has brought the index.
func (f *Follower) watch(ctx context.Context, ws []kb.Workspace) error {
	for _, w := range ws {
		seq, err := f.Indexer.Index.Position(ctx, w.ID)
		if err != nil {
			return err
		}
		f.reach(w.ID, seq)
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

func (f *Follower) at(workspace string) int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	if seq, ok := f.reached[workspace]; ok {
		return seq
	}
	return -1
}

func (f *Follower) reach(workspace string, seq int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.reached[workspace] = seq
	close(f.moved)
	f.moved = make(chan struct{})
}
