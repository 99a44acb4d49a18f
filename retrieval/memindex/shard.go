package memindex

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/whetstone-desk/whetstone/retrieval"
)

// A shard is what a workspace has in the index.
type shard struct {
	files shardFiles // where it is kept
	dim   int

	// position is as SetPosition set it. It may be read while somebody writes.
	position atomic.Int64

	mu      sync.Mutex // held by whoever writes
	pending int        // passages added or removed since the last commit
	changed bool       // anything at all has, since the last commit
	closed  bool

	// view guards current only while a reader takes hold of it.
	view    sync.RWMutex
	current *snapshot
}

// A part is a segment with the passages of it that are alive.
type part struct {
	*segment
	alive bitmap // never changed; a new part has a new one
	live  int    // passages alive

	// dead counts, by place of a term, postings of passages that are not
	// alive; nil: none. The counters are shared by all snapshots of the
	// segment: a search beside a Replace may count for idf what it no longer
	// finds.
	dead []atomic.Uint32
}

// A snapshot is the parts that a search goes through.
type snapshot struct {
	parts []part
	live  int          // passages alive
	refs  atomic.Int64 // 1 for being current, and the searches under way
}

func newSnapshot(parts []part) *snapshot {
	s := &snapshot{parts: parts}
	s.refs.Store(1)
	for _, p := range parts {
		p.refs.Add(1)
		s.live += p.live
	}
	return s
}

// release gives up a snapshot; its segments may then go.
func (s *snapshot) release() {
	if s.refs.Add(-1) > 0 {
		return
	}
	for _, p := range s.parts {
		// Bytes that cannot be given back are a leak and no wrong answer.
		_ = p.release()
	}
}

func newShard(x *Index, workspace string) *shard {
	return &shard{dim: x.dim, files: newShardFiles(x, workspace), current: newSnapshot(nil)}
}

// acquire returns the current snapshot, to be released.
func (s *shard) acquire() *snapshot {
	s.view.RLock()
	defer s.view.RUnlock()
	s.current.refs.Add(1)
	return s.current
}

// publish makes parts what searches see. The caller holds mu.
func (s *shard) publish(parts []part) {
	next := newSnapshot(parts)
	s.view.Lock()
	last := s.current
	s.current = next
	s.view.Unlock()
	last.release()
}

// replace applies entries that make one segment.
func (s *shard) replace(entries []retrieval.Entry) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return errClosed
	}
	entries = latest(entries)
	parts := slices.Clone(s.current.parts)
	removed := remove(parts, entries)
	full := slices.DeleteFunc(entries, func(e retrieval.Entry) bool { return len(e.Points) == 0 })
	if removed == 0 && len(full) == 0 {
		return nil
	}
	if len(full) > 0 {
		p, err := s.files.inMemory(sizeHint(full, s.dim), func(w *writer) error { return build(w, full, s.dim) })
		if err != nil {
			return err
		}
		parts = append(parts, p)
		s.pending += p.live
	}
	s.pending += removed
	s.changed = true
	parts, err := s.compact(parts)
	s.publish(parts)
	return err
}

// latest returns entries without those that a later one of the same document
// replaces.
func latest(entries []retrieval.Entry) []retrieval.Entry {
	last := make(map[string]int, len(entries))
	for i := range entries {
		last[entries[i].Document.ID] = i
	}
	out := make([]retrieval.Entry, 0, len(last))
	for i := range entries {
		if last[entries[i].Document.ID] == i {
			out = append(out, entries[i])
		}
	}
	return out
}

// remove takes the entries' documents out of parts, and returns the number of
// passages that were theirs.
func remove(parts []part, entries []retrieval.Entry) int {
	removed := 0
	for i := range parts {
		p := &parts[i]
		own := false // whether alive is ours to change
		for j := range entries {
			doc := p.doc(entries[j].Document.ID)
			if doc < 0 || !p.alive.has(int(p.first[doc])) {
				continue
			}
			if !own {
				p.alive, own = slices.Clone(p.alive), true
			}
			for slot := int(p.first[doc]); slot < int(p.first[doc+1]); slot++ {
				p.alive.clear(slot)
				p.bury(slot)
				p.live--
				removed++
			}
		}
	}
	return removed
}

// bury counts a slot's postings as dead.
func (p *part) bury(slot int) {
	if p.dead == nil {
		p.dead = make([]atomic.Uint32, len(p.terms))
	}
	p.eachTerm(slot, func(place int) { p.dead[place].Add(1) })
}

// frequency is how many living passages have the term at a place.
func (p *part) frequency(place int) int {
	n := int(p.starts[place+1] - p.starts[place])
	if p.dead != nil {
		n -= int(p.dead[place].Load())
	}
	return n
}

// sizeHint is about what a segment of entries takes, in bytes.
func sizeHint(entries []retrieval.Entry, dim int) int {
	n := 4096
	for i := range entries {
		n += 128
		for j := range entries[i].Points {
			p := &entries[i].Points[j]
			n += 16*p.Sparse.Len() + 5*width(dim) + 64 + len(p.Passage.Text) + len(p.Passage.Heading)
		}
	}
	return n
}

// setPosition records a position, and commits when enough has gathered.
func (s *shard) setPosition(seq int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return errClosed
	}
	// A lower position asks for a rebuild; that must not be lost.
	backwards := seq < s.position.Load()
	s.changed = s.changed || seq != s.position.Load()
	s.position.Store(seq)
	if s.pending < s.files.commitAt && !backwards {
		return nil
	}
	return s.commit()
}

// drop empties the shard and removes what is kept of it.
func (s *shard) drop() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.publish(nil)
	s.position.Store(0)
	s.pending, s.changed = 0, false
	return s.files.removeAll()
}

// close commits and lets go of all segments.
func (s *shard) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	var err error
	if s.changed {
		err = s.commit()
	}
	s.publish(nil)
	return errors.Join(err)
}
