package retrieval

import (
	"context"
	"fmt"
	"time"
)

// Doubts are what is known of a workspace's documents beside their texts: which
// of them rest on something that has changed since, and which were merged into
// others.
type Doubts struct {
	Quarantined map[string]bool   // ids of documents: see table quarantines
	Merged      map[string]string // by id, the document that it was merged into, at the end of any chain
}

// A knownDoubts spares database reads on each question.
type knownDoubts struct {
	doubts Doubts
	until  time.Time
}

// Doubts returns what is in doubt, at most a second old. It must not be changed.
func (s *Store) Doubts(ctx context.Context, workspace string) (Doubts, error) {
	now := time.Now()
	s.mu.Lock()
	k, ok := s.doubts[workspace]
	s.mu.Unlock()
	if ok && now.Before(k.until) {
		return k.doubts, nil
	}
	var ids []string
	err := s.db.WithContext(ctx).Table("quarantines").Where("workspace_id = ? AND status = ?", workspace, "open").Pluck("document_id", &ids).Error
	if err != nil {
		return Doubts{}, fmt.Errorf("retrieval: quarantines: %w", err)
	}
	var merges []struct{ FromID, ToID string }
	err = s.db.WithContext(ctx).Table("redirects").Where("workspace_id = ?", workspace).Select("from_id", "to_id").Scan(&merges).Error
	if err != nil {
		return Doubts{}, fmt.Errorf("retrieval: redirects: %w", err)
	}
	k = knownDoubts{Doubts{make(map[string]bool, len(ids)), make(map[string]string, len(merges))}, now.Add(remembered)}
	for _, id := range ids {
		k.doubts.Quarantined[id] = true
	}
	for _, m := range merges {
		k.doubts.Merged[m.FromID] = m.ToID
	}
	for from := range k.doubts.Merged {
		k.doubts.Merged[from] = k.doubts.end(from)
	}
	s.mu.Lock()
	s.doubts[workspace] = k
	s.mu.Unlock()
	return k.doubts, nil
}

// end follows a chain of merges; one that leads in a circle ends anywhere.
func (d *Doubts) end(id string) string {
	for range len(d.Merged) {
		to, ok := d.Merged[id]
		if !ok {
			break
		}
		id = to
	}
	return id
}

// Now returns the document that id is to be looked for under: itself, unless it
// was merged into another.
func (d *Doubts) Now(id string) string {
	if to, ok := d.Merged[id]; ok {
		return to
	}
	return id
}

// absorbed returns what was learned of documents that were merged into others,
// by the id of those, where nothing was learned of them themselves yet.
func (l *Learned) absorbed(d *Doubts) map[string]Usefulness {
	var out map[string]Usefulness
	for from, to := range d.Merged {
		u, known := l.Sources[from]
		if _, own := l.Sources[to]; own || !known {
			continue
		}
		if had, ok := out[to]; ok && had.Whole.Lower >= u.Whole.Lower {
			continue // of several the best proven
		}
		if out == nil {
			out = make(map[string]Usefulness)
		}
		u.Revision = 1 << 62 // what it was learned of is gone, and whoever merged them has looked at both
		out[to] = u
	}
	return out
}

// doubtful says that a draft rests on a source that may not hold any more.
func doubtful(language string) string {
	if language == "ru" {
		return "Источник опирается на то, что недавно изменилось, и ещё не подтверждён: проверьте перед отправкой."
	}
	return "A source rests on something that has changed since and is not confirmed yet: check before you send this."
}
