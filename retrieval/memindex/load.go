package memindex

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// load opens what is in the index's folder.
func (x *Index) load() (err error) {
	if err := os.MkdirAll(x.dir, 0o700); err != nil {
		return err
	}
	if x.lock, err = lockFile(filepath.Join(x.dir, "lock")); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			for _, s := range x.shards {
				s.publish(nil)
			}
			err = errors.Join(err, x.lock.Close())
		}
	}()
	entries, err := os.ReadDir(x.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.IsDir() {
			if err := x.loadShard(filepath.Join(x.dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// loadShard opens the shard in a folder. What is damaged is left out and
// noted; an error means that the disk or its permissions are at fault.
func (x *Index) loadShard(dir string) error {
	m, err := readManifest(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		// Nothing was committed, or Drop was cut short.
		return os.RemoveAll(dir)
	case err == nil && (m.Dim != x.dim || m.Model != x.model):
		err = damaged("made for model %q with %d dimensions, not %q with %d", m.Model, m.Dim, x.model, x.dim)
	case err == nil && newShardFiles(x, m.Workspace).dir != dir:
		err = damaged("the manifest is that of workspace %s", m.Workspace)
	}
	if errors.Is(err, errDamaged) {
		x.damage = append(x.damage, fmt.Errorf("memindex: %s: %w", dir, err))
		return os.RemoveAll(dir)
	}
	if err != nil {
		return err
	}
	return x.loadSegments(dir, m)
}

// loadSegments opens the segments that a manifest names.
func (x *Index) loadSegments(dir string, m *manifest) error {
	s := newShard(x, m.Workspace)
	s.position.Store(m.Position)
	var parts []part
	var keep []string
	for _, e := range m.Segments {
		p, err := loadPart(filepath.Join(dir, e.File), &e, x.dim)
		if errors.Is(err, errDamaged) {
			x.damage = append(x.damage, fmt.Errorf("memindex: workspace %s: %s: %w", m.Workspace, e.File, err))
			s.position.Store(0)
			s.changed = true
			continue
		}
		if err != nil {
			return err
		}
		parts = append(parts, p)
		keep = append(keep, e.File)
		s.files.next = max(s.files.next, number(e.File))
	}
	s.publish(parts)
	x.shards[m.Workspace] = s
	// The old manifest may stay: what it names and is not there is missed
	// again at the next start.
	return s.files.sweep(keep)
}

// loadPart opens a segment with the passages of it that are alive.
func loadPart(path string, e *manifestPart, dim int) (part, error) {
	s, err := openSegment(path, true)
	if err != nil {
		return part{}, err
	}
	p := newPart(s)
	if s.sum != e.Data || s.dim != dim || len(e.Alive) != 0 && len(e.Alive) != len(bytesOf(p.alive)) {
		return part{}, errors.Join(damaged("not the segment of the manifest"), s.done())
	}
	if len(e.Alive) == 0 {
		return p, nil
	}
	all := p.alive
	p.alive = make(bitmap, len(all))
	copy(bytesOf(p.alive), e.Alive)
	for i := range p.alive {
		p.alive[i] &= all[i]
	}
	p.live = p.alive.count()
	for slot := range s.slots {
		if !p.alive.has(slot) {
			p.bury(slot)
		}
	}
	return p, nil
}
