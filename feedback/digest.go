package feedback

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// A Digester makes judgements of events, in every workspace and for as long as
// it runs. What it has yet to do is what the table of events holds beyond its
// cursor, so nothing is forgotten however much is told at once, and a digester
// that is stopped anywhere goes on where it was: at worst it judges a few
// suggestions twice, with the same result.
//
// Set its fields before first use. Its methods may be called from many
// goroutines, but only one Catch may be under way at a time, that of Run
// included.
type Digester struct {
	Store *Store
	KB    *kb.DB
	Every time.Duration // how often to look for what other processes recorded; 0: two seconds
	Log   *slog.Logger  // for Run

	// Search finds the sources that a text rests on, best first, so that an
	// article that was used and not shown gets its credit. Nil: only the sources
	// of the suggestion and those voted on do.
	Search func(ctx context.Context, workspace, text string) ([]retrieval.Cited, error)

	// Memory is told of every judgement. Nil: nothing is remembered.
	Memory *Memory

	once   sync.Once
	holder string // of the lease
	nudge  chan struct{}
}

func (d *Digester) init() {
	d.once.Do(func() {
		d.holder = ulid.Make().String()
		d.nudge = make(chan struct{}, 1)
		if d.Every == 0 {
			d.Every = 2 * time.Second
		}
	})
}

// The lease by which one of several processes digests. It is prolonged with
// every batch, and one takes a few seconds at most.
const (
	leaseName     = "feedback"
	leaseTime     = time.Minute
	leasePatience = 5 * time.Second // with a database that does not answer
)

// eventsAtOnce is how many events are looked at before the cursor moves on, and
// judgedAtOnce how many suggestions are held in memory with their sources.
const (
	eventsAtOnce = 1000
	judgedAtOnce = 100
)

// Run digests until ctx ends, whenever Nudge asks for it and now and then. Of several processes that share a database one digests. What fails is
// tried again, and logged once for as long as it is the same.
func (d *Digester) Run(ctx context.Context) {
	d.init()
	tick := time.NewTicker(d.Every)
	defer tick.Stop()
	defer d.release(ctx)
	last := ""
	for {
		now := ""
		if err := d.turn(ctx); err != nil && ctx.Err() == nil {
			now = err.Error()
		}
		switch {
		case now == last: // said already
		case now != "":
			d.Log.ErrorContext(ctx, "feedback is not judged", "error", now)
		default:
			d.Log.InfoContext(ctx, "feedback is judged again")
		}
		last = now
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-d.nudge:
		}
	}
}

// turn digests if this process is the one to do so.
func (d *Digester) turn(ctx context.Context) error {
	mine, err := d.lease(ctx)
	if err != nil || !mine {
		return err
	}
	return d.catch(ctx, d.lease)
}

// lease takes or prolongs the lease. A statement that is given up half-way may
// still take it, after it was released even, so the end of ctx does not stop it.
func (d *Digester) lease(ctx context.Context) (bool, error) {
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leasePatience)
	defer cancel()
	return sqldb.Lease(ctx, d.Store.db, leaseName, d.holder, leaseTime)
}

// release gives up the lease when ctx has ended. Without it the other processes
// would wait for the lease to run out.
func (d *Digester) release(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leasePatience)
	defer cancel()
	if err := sqldb.Release(ctx, d.Store.db, leaseName, d.holder); err != nil {
		d.Log.WarnContext(ctx, "the lease on feedback is left to run out", "error", err)
	}
}

// Catch digests once all that was told in every workspace. Where one fails, the
// others go on, and the error is the last one.
func (d *Digester) Catch(ctx context.Context) error {
	d.init()
	return d.catch(ctx, func(context.Context) (bool, error) { return true, nil })
}

// catch digests for as long as held says that this process may.
func (d *Digester) catch(ctx context.Context, held func(context.Context) (bool, error)) error {
	ws, err := d.KB.Workspaces(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, w := range ws {
		if err := d.follow(ctx, w, held); err != nil {
			failed = err
		}
	}
	return failed
}

// follow digests what was told in one workspace.
func (d *Digester) follow(ctx context.Context, w kb.Workspace, held func(context.Context) (bool, error)) error {
	at, err := d.cursor(ctx, w)
	if err != nil {
		return err
	}
	feed := d.Store.In(w.ID)
	for at < w.Events {
		if ok, err := held(ctx); !ok || err != nil {
			return err
		}
		es, err := feed.heads(ctx, at, eventsAtOnce)
		if err != nil {
			return err
		}
		if len(es) > 0 {
			if err := d.digest(ctx, feed, es); err != nil {
				return err
			}
			at = es[len(es)-1].Seq
		}
		if len(es) < eventsAtOnce {
			at = max(at, w.Events) // what was known already took a number too
		}
		if err := sqldb.SetState(ctx, d.Store.db, stateOf(w), cursorAt(w, at)); err != nil {
			return err
		}
	}
	return nil
}

// digest judges the suggestions that events are about, from all that was told
// of them up to the last of the events. What was told later is left for its
// own turn, so that judgements become visible in order of Seq.
func (d *Digester) digest(ctx context.Context, feed *Feed, es []Event) error {
	last := make(map[string]int64)
	for _, e := range es {
		last[e.SuggestionID] = e.Seq
	}
	ids := slices.SortedFunc(maps.Keys(last), func(a, b string) int { return int(last[a] - last[b]) })
	for group := range slices.Chunk(ids, judgedAtOnce) {
		b := &bench{digester: d, feed: feed}
		if err := b.judge(ctx, group, es[len(es)-1].Seq); err != nil {
			return err
		}
	}
	return nil
}

// stateOf names the state in which a workspace's cursor is kept.
func stateOf(w kb.Workspace) string { return "feedback/" + w.ID }

// cursorAt writes a cursor down. It holds for the workspace that was made then:
// one that is removed and made again begins anew.
func cursorAt(w kb.Workspace, seq int64) string {
	return fmt.Sprintf("%d of %d", seq, w.CreatedAt.UnixMicro())
}

// cursor returns the last event of the workspace that was digested.
func (d *Digester) cursor(ctx context.Context, w kb.Workspace) (int64, error) {
	value, known, err := sqldb.State(ctx, d.Store.db, stateOf(w))
	if err != nil || !known {
		return 0, err
	}
	var seq, born int64
	if _, err := fmt.Sscanf(value, "%d of %d", &seq, &born); err != nil {
		return 0, fmt.Errorf("feedback: cursor %q of %s: %w", value, w.ID, err)
	}
	if born != w.CreatedAt.UnixMicro() {
		return 0, nil
	}
	return seq, nil
}

// Nudge asks Run to look at once for what was recorded. It does not wait.
func (d *Digester) Nudge() {
	d.init()
	select {
	case d.nudge <- struct{}{}:
	default: // it has been asked already
	}
}
