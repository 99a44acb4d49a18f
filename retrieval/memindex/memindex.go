package memindex

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"sync"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// An Index is a [retrieval.Index] inside the process. Its methods may be
// called from many goroutines; writes to one workspace follow each other,
// searches wait for nobody.
type Index struct {
	dir    string // empty: in memory only
	dim    int
	model  string
	limits limits
	lock   *os.File
	damage []error

	lexical sync.Pool // of *lexicalQuery

	mu     sync.RWMutex
	shards map[string]*shard
	closed bool
}

// ErrInUse is returned by Open for a folder that another process has open.
var ErrInUse = errors.New("in use by another whetstone process")

// errClosed is returned by an Index that was closed.
var errClosed = errors.New("memindex: closed")

// Open opens the index in a folder, or makes one there. With an empty dir it
// is kept in memory and gone with the process. It holds vectors of length dim
// (0: no vectors) of the named model; what the folder holds of another is
// dropped, to be filled again from the change feed. Only one process at a time
// can have a folder open.
func Open(dir, model string, dim int) (*Index, error) {
	return open(dir, model, dim, limits{commitAt: 4096, fileAt: 8192})
}

func open(dir, model string, dim int, at limits) (*Index, error) {
	if dim < 0 || dim > maxDim {
		return nil, fmt.Errorf("memindex: vectors of %d dimensions: %w: use 0 to %d", dim, embeddings.ErrMisconfigured, maxDim)
	}
	x := &Index{dir: dir, dim: dim, model: model, limits: at, shards: make(map[string]*shard)}
	if dir == "" {
		return x, nil
	}
	if err := x.load(); err != nil {
		return nil, fmt.Errorf("memindex: open %s: %w", dir, err)
	}
	return x, nil
}

// maxDim is the longest vector that a segment takes. No model comes near it.
const maxDim = 1<<16 - 1

// Damage returns what Open had to leave out, nil if nothing. Each such shard
// has the position 0, so that following the change feed repairs it.
func (x *Index) Damage() error { return errors.Join(x.damage...) }

// Len returns the number of passages of a workspace.
func (x *Index) Len(workspace string) int {
	s, err := x.shard(workspace, false)
	if err != nil || s == nil {
		return 0
	}
	snap := s.acquire()
	defer snap.release()
	return snap.live
}

// Replace implements retrieval.Index. With an error of the disk, what has been
// applied is searched all the same; it is just not safe yet.
func (x *Index) Replace(ctx context.Context, workspace string, entries []retrieval.Entry) error {
	err := x.replace(ctx, workspace, entries)
	if err != nil {
		return fmt.Errorf("memindex: replace in %s: %w", workspace, err)
	}
	return nil
}

func (x *Index) replace(ctx context.Context, workspace string, entries []retrieval.Entry) error {
	for i := range entries {
		if err := x.check(&entries[i]); err != nil {
			return err
		}
	}
	s, err := x.shard(workspace, true)
	if err != nil {
		return err
	}
	for len(entries) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := batch(entries)
		if err := s.replace(entries[:n]); err != nil {
			return err
		}
		entries = entries[n:]
	}
	return ctx.Err()
}

// maxBatch is how many passages are made into a segment at once. It bounds the
// memory that takes.
const maxBatch = 2048

// batch is how many of the entries to apply at once.
func batch(entries []retrieval.Entry) int {
	points := 0
	for i := range entries {
		points += len(entries[i].Points)
		if points > maxBatch && i > 0 {
			return i
		}
	}
	return len(entries)
}

// check reports why an entry cannot be held.
func (x *Index) check(e *retrieval.Entry) error {
	if len(e.Points) > maxSlot {
		return fmt.Errorf("document %s: %d passages are more than %d", e.Document.ID, len(e.Points), maxSlot)
	}
	for i := range e.Points {
		p := &e.Points[i]
		if err := x.checkVector(p.Dense); err != nil {
			return fmt.Errorf("document %s: %w", e.Document.ID, err)
		}
		if len(p.Sparse.Terms) != len(p.Sparse.Weights) {
			return fmt.Errorf("document %s: %d terms and %d weights", e.Document.ID, len(p.Sparse.Terms), len(p.Sparse.Weights))
		}
	}
	return nil
}

func (x *Index) checkVector(v embeddings.Vector) error {
	if v == nil {
		return nil
	}
	if len(v) != x.dim {
		return fmt.Errorf("%w: a vector of %d dimensions in an index of %d", embeddings.ErrMisconfigured, len(v), x.dim)
	}
	var sum float32
	for _, f := range v {
		sum += f * f
	}
	if sum != sum || sum > math.MaxFloat32 {
		return fmt.Errorf("%w: a vector that is no number", embeddings.ErrMisconfigured)
	}
	return nil
}

// Search implements retrieval.Index. Of a query of more than 2048 terms, those
// of the highest idf are taken, in Mass as in scores. Weights of terms are kept
// to twelve significant bits; the cosine is that of the full vectors.
func (x *Index) Search(ctx context.Context, q retrieval.Query) (retrieval.Result, error) {
	r, err := x.search(ctx, &q)
	if err != nil {
		return retrieval.Result{}, fmt.Errorf("memindex: search in %s: %w", q.Workspace, err)
	}
	return r, nil
}

func (x *Index) search(ctx context.Context, q *retrieval.Query) (retrieval.Result, error) {
	if err := errors.Join(ctx.Err(), x.checkVector(q.Dense)); err != nil {
		return retrieval.Result{}, err
	}
	s, err := x.shard(q.Workspace, false)
	if err != nil {
		return retrieval.Result{}, err
	}
	snap := newSnapshot(nil) // of a workspace that nobody has heard of
	if s != nil {
		snap = s.acquire()
	}
	defer snap.release()
	l, ok := x.lexical.Get().(*lexicalQuery)
	if !ok {
		l = new(lexicalQuery)
	}
	defer x.lexical.Put(l)
	return snap.search(ctx, q, l)
}

// Position implements retrieval.Index.
func (x *Index) Position(_ context.Context, workspace string) (int64, error) {
	s, err := x.shard(workspace, false)
	if err != nil || s == nil {
		return 0, err
	}
	return s.position.Load(), nil
}

// SetPosition implements retrieval.Index. It writes to disk once enough has
// gathered, and Close writes the rest: after a crash the position is that of
// the last write, at most a few thousand passages back.
func (x *Index) SetPosition(ctx context.Context, workspace string, seq int64) error {
	s, err := x.shard(workspace, true)
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = s.setPosition(seq)
	}
	if err != nil {
		return fmt.Errorf("memindex: set position of %s: %w", workspace, err)
	}
	return nil
}

// Drop implements retrieval.Index.
func (x *Index) Drop(_ context.Context, workspace string) error {
	s, err := x.shard(workspace, false)
	if err == nil && s != nil {
		err = s.drop()
	}
	if err != nil {
		return fmt.Errorf("memindex: drop %s: %w", workspace, err)
	}
	return nil
}

// Close writes what is not on disk yet and gives the folder free. Searches
// that are under way end well; later calls fail.
func (x *Index) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return nil
	}
	x.closed = true
	var errs []error
	for _, s := range x.shards {
		errs = append(errs, s.close())
	}
	if x.lock != nil {
		errs = append(errs, x.lock.Close())
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("memindex: close: %w", err)
	}
	return nil
}

// shard returns the workspace's shard. If there is none, it makes one or
// returns nil.
func (x *Index) shard(workspace string, create bool) (*shard, error) {
	x.mu.RLock()
	s, closed := x.shards[workspace], x.closed
	x.mu.RUnlock()
	if closed {
		return nil, errClosed
	}
	if s != nil || !create {
		return s, nil
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return nil, errClosed
	}
	if x.shards[workspace] == nil {
		x.shards[workspace] = newShard(x, workspace)
	}
	return x.shards[workspace], nil
}
