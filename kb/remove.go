package kb

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"
)

// Delete leaves a tombstone in the document's place, and its content among its
// revisions. It returns ErrNotFound if there is none.
func (s *Store) Delete(ctx context.Context, id, author string) error {
	gone, err := s.remove(ctx, author, []string{id}, func(*Document) bool { return true })
	switch {
	case errors.Is(err, ErrNotFound), err == nil && len(gone) == 0:
		return fmt.Errorf("%w: document %s", ErrNotFound, id)
	case err != nil:
		return fmt.Errorf("kb: delete document %s: %w", id, err)
	}
	return nil
}

// Prune deletes the documents of an origin whose ids are not kept, and returns
// the ids of those it deleted, sorted. What others delete, or take over into
// another origin, in the meantime it leaves alone.
func (s *Store) Prune(ctx context.Context, origin string, keep func(id string) bool, author string) ([]string, error) {
	var ids []string
	err := s.rows(ctx).Model(&Document{}).Where("origin = ? AND deleted = ?", origin, false).Pluck("id", &ids).Error
	if err != nil {
		return nil, fmt.Errorf("kb: prune %s: %w", origin, err)
	}
	if ids = slices.DeleteFunc(ids, keep); len(ids) == 0 {
		return nil, nil
	}
	gone, err := s.remove(ctx, author, ids, func(d *Document) bool { return d.Origin == origin })
	if err != nil {
		return nil, fmt.Errorf("kb: prune %s: %w", origin, err)
	}
	return gone, nil
}

// remove turns those of the documents that are in use and are meant into
// tombstones, all or none, and returns their ids, sorted.
func (s *Store) remove(ctx context.Context, author string, ids []string, meant func(*Document) bool) ([]string, error) {
	var gone []string
	w := &write{store: s, at: stamp(s.now())}
	err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		// As in run, the counter's row is locked before anything is read: what
		// is read now stays as it is until the end.
		if _, err := w.take(tx, 0); err != nil {
			return err
		}
		for part := range slices.Chunk(ids, rowsAtOnce) {
			var ds []Document
			err := tx.Where("workspace_id = ? AND id IN ? AND deleted = ?", s.workspace, part, false).Find(&ds).Error
			if err != nil {
				return err
			}
			ds = slices.DeleteFunc(ds, func(d Document) bool { return !meant(&d) })
			for _, d := range ds {
				gone = append(gone, d.ID)
			}
			if err := w.bury(tx, ds, author); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(gone)
	return gone, nil
}

// bury turns documents into tombstones, in author's name.
func (w *write) bury(tx *gorm.DB, ds []Document, author string) error {
	next, err := w.take(tx, len(ds))
	if err != nil {
		return err
	}
	for i := range ds {
		d := &ds[i]
		version := d.version()
		if err := tx.Create(&version).Error; err != nil {
			return err
		}
		*d = Document{
			WorkspaceID: d.WorkspaceID, ID: d.ID, Kind: d.Kind, Origin: d.Origin, CreatedAt: d.CreatedAt,
			Revision: d.Revision + 1, Seq: next, Deleted: true, Author: author, UpdatedAt: w.at,
		}
		next++
		if err := tx.Save(d).Error; err != nil {
			return err
		}
	}
	return nil
}
