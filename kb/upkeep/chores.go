package upkeep

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/whetstone-desk/whetstone/kb"
)

// A Filter asks for some of the chores.
type Filter struct {
	Status     Status // empty: every status
	Kind       Kind   // empty: every kind
	DocumentID string // either document of the chore; empty: any
	Owner      string // empty: anybody or nobody
	Offset     int
	Limit      int // 0: all
}

// Chores returns chores, those with the greatest score first.
func (s *Store) Chores(ctx context.Context, f Filter) ([]Chore, error) {
	q := s.matching(ctx, f).Order("score DESC, id").Offset(f.Offset)
	if f.Limit > 0 {
		q = q.Limit(f.Limit)
	} else if f.Offset > 0 {
		q = q.Limit(-1) // SQLite knows no OFFSET without
	}
	var cs []Chore
	if err := q.Find(&cs).Error; err != nil {
		return nil, fmt.Errorf("upkeep: chores: %w", err)
	}
	return cs, nil
}

// Count returns how many chores of each kind the filter lets through.
func (s *Store) Count(ctx context.Context, f Filter) (map[Kind]int, error) {
	var rows []struct {
		Kind Kind
		N    int
	}
	err := s.matching(ctx, f).Model(&Chore{}).Select("kind, COUNT(*) AS n").Group("kind").Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("upkeep: count chores: %w", err)
	}
	out := make(map[Kind]int)
	for _, r := range rows {
		out[r.Kind] = r.N
	}
	return out, nil
}

func (s *Store) matching(ctx context.Context, f Filter) *gorm.DB {
	q := s.rows(ctx)
	for column, want := range map[string]string{"status": string(f.Status), "kind": string(f.Kind), "owner": f.Owner} {
		if want != "" {
			q = q.Where(column+" = ?", want)
		}
	}
	if f.DocumentID != "" {
		q = q.Where("document_id = ? OR other_id = ?", f.DocumentID, f.DocumentID)
	}
	return q
}

// Chore returns the chore with the given id, or kb.ErrNotFound.
func (s *Store) Chore(ctx context.Context, id string) (Chore, error) {
	return s.chore(s.db.WithContext(ctx), id)
}

func (s *Store) chore(db *gorm.DB, id string) (Chore, error) {
	var c Chore
	err := s.in(db).Where("id = ?", id).Take(&c).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return c, fmt.Errorf("%w: chore %.64s", kb.ErrNotFound, id)
	}
	return c, known(err, "chore "+id)
}

// Put keeps what was found, and returns how many chores are open that were not
// before. A chore that is known keeps its owner, note and time; one that was
// dismissed stays dismissed; one that is done and still found is open again. Of
// several with one id the last counts. Nothing is kept if one is kb.ErrInvalid.
func (s *Store) Put(ctx context.Context, found []Chore) (int, error) {
	last := make(map[string]*Chore, len(found))
	for i := range found {
		if err := found[i].validate(); err != nil {
			return 0, err
		}
		last[found[i].ID] = &found[i]
	}
	ids := make([]string, 0, len(last))
	for id := range last {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	opened := 0
	err := s.write(ctx, func(tx *gorm.DB) error {
		opened = 0
		for part := range slices.Chunk(ids, rowsAtOnce) {
			var old []Chore
			if err := s.in(tx).Where("id IN ?", part).Find(&old).Error; err != nil {
				return err
			}
			was := make(map[string]*Chore, len(old))
			for i := range old {
				was[old[i].ID] = &old[i]
			}
			fresh := make([]Chore, 0, len(part))
			for _, id := range part {
				c, opens, changed := s.merged(last[id], was[id])
				if opens {
					opened++
				}
				if changed {
					fresh = append(fresh, c)
				}
			}
			if len(fresh) == 0 {
				continue
			}
			if err := tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&fresh).Error; err != nil {
				return err
			}
		}
		return nil
	})
	return opened, known(err, "put chores")
}

// merged is what becomes of a finding where a chore with its id was kept, or
// was not. It says whether the chore is open that was not, and whether
// anything has changed.
func (s *Store) merged(found, was *Chore) (c Chore, opens, changed bool) {
	c = *found
	c.WorkspaceID, c.UpdatedAt = s.workspace, s.at()
	if was == nil {
		c.Status, c.FoundAt, c.Author, c.Note = Open, c.UpdatedAt, "", ""
		return c, true, true
	}
	c.Status, c.Owner, c.Note, c.Author, c.FoundAt = was.Status, was.Owner, was.Note, was.Author, was.FoundAt
	if was.Status == Done {
		c.Status, c.Author = Open, ""
		return c, true, true
	}
	return c, false, c.Score != was.Score || c.DocumentID != was.DocumentID || !sameEvidence(&c.Data, &was.Data)
}

// sameEvidence reports whether two pieces of evidence say the same; empty lists
// do not survive being stored.
func sameEvidence(a, b *Evidence) bool {
	return a.What == b.What && a.Why == b.Why && len(a.Counts) == len(b.Counts) &&
		(len(a.Counts) == 0 || reflect.DeepEqual(a.Counts, b.Counts)) &&
		slices.Equal(a.Words[0], b.Words[0]) && slices.Equal(a.Words[1], b.Words[1]) &&
		slices.EqualFunc(a.Passages, b.Passages, func(p, q Passage) bool {
			return p.UpdatedAt.Equal(q.UpdatedAt) && p.DocumentID == q.DocumentID && p.Quote == q.Quote && p.Start == q.Start && p.End == q.End
		})
}

// Set changes a chore in an editor's name and returns it, or kb.ErrNotFound or
// kb.ErrInvalid.
func (s *Store) Set(ctx context.Context, id string, x Change) (Chore, error) {
	var c Chore
	err := s.write(ctx, func(tx *gorm.DB) error {
		var err error
		if c, err = s.chore(tx, id); err != nil {
			return err
		}
		if err := c.apply(x); err != nil {
			return err
		}
		c.UpdatedAt = s.at()
		return tx.Save(&c).Error
	})
	if err != nil {
		return Chore{}, known(err, "set chore "+id)
	}
	return c, nil
}

// CloseGone sets those open chores of the kinds to done that are no longer
// found: whose ids are not among those of a whole run. It returns their ids,
// sorted.
func (s *Store) CloseGone(ctx context.Context, kinds []Kind, found []string) ([]string, error) {
	holds := make(map[string]bool, len(found))
	for _, id := range found {
		holds[id] = true
	}
	var gone []string
	err := s.write(ctx, func(tx *gorm.DB) error {
		gone = nil
		if err := s.in(tx).Model(&Chore{}).Where("status = ? AND kind IN ?", Open, kinds).Order("id").Pluck("id", &gone).Error; err != nil {
			return err
		}
		gone = slices.DeleteFunc(gone, func(id string) bool { return holds[id] })
		slices.Sort(gone)
		for part := range slices.Chunk(gone, rowsAtOnce) {
			if err := s.finish(tx.Where("id IN ?", part)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, known(err, "close chores")
	}
	return gone, nil
}

// finish sets the open chores of a query to done, in nobody's name.
func (s *Store) finish(q *gorm.DB) error {
	return s.in(q).Model(&Chore{}).Where("status = ?", Open).
		Updates(map[string]any{"status": Done, "author": "", "updated_at": s.at()}).Error
}
