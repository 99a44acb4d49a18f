package kb

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"
)

// Erase removes documents for good and returns the ids of those it removed,
// sorted; all or none of them go. What [Store.Delete] keeps for a return it
// does not keep: content, originals and every revision leave the tables,
// of documents that were deleted before too. What is left is an empty tombstone
// in author's name, at a new place in the change feed, so that indexes follow;
// it still holds the id, the kind and the origin, which must not be personal
// data themselves. Ids that name nothing, or nothing that is left to erase, are
// passed over.
//
// No row holds the words afterwards, but the file of the database may for a
// while: SQLite leaves them on free pages until they are written over or VACUUM
// runs (or at once, with PRAGMA secure_delete) and in its write-ahead log until
// a checkpoint, PostgreSQL in dead rows until a vacuum and in its own log. Copies
// made before, such as backups, are out of reach.
func (s *Store) Erase(ctx context.Context, ids []string, author string) ([]string, error) {
	var gone []string
	w := &write{store: s, at: stamp(s.now())}
	ids = slices.Clone(ids)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		// As in remove, the counter's row is locked before anything is read.
		if _, err := w.take(tx, 0); err != nil {
			return err
		}
		for part := range slices.Chunk(ids, rowsAtOnce) {
			ds, err := w.erasable(tx, part)
			if err != nil {
				return err
			}
			for _, d := range ds {
				gone = append(gone, d.ID)
			}
			if err := w.erase(tx, ds, author); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("kb: erase %d documents: %w", len(ids), err)
	}
	slices.Sort(gone)
	return gone, nil
}

// erasable returns those of the documents that hold anything: they are in use,
// or revisions are kept.
func (w *write) erasable(tx *gorm.DB, ids []string) ([]Document, error) {
	var ds []Document
	if err := tx.Where("workspace_id = ? AND id IN ?", w.store.workspace, ids).Find(&ds).Error; err != nil {
		return nil, err
	}
	var kept []string
	err := tx.Model(&Revision{}).Where("workspace_id = ? AND document_id IN ?", w.store.workspace, ids).
		Distinct().Pluck("document_id", &kept).Error
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(ds, func(d Document) bool { return d.Deleted && !slices.Contains(kept, d.ID) }), nil
}

// erase turns documents into tombstones and drops what they were.
func (w *write) erase(tx *gorm.DB, ds []Document, author string) error {
	if len(ds) == 0 {
		return nil
	}
	next, err := w.take(tx, len(ds))
	if err != nil {
		return err
	}
	ids := make([]string, len(ds))
	for i := range ds {
		ids[i] = ds[i].ID
		if err := tx.Save(w.tombstone(&ds[i], next, author)).Error; err != nil {
			return err
		}
		next++
	}
	return tx.Where("workspace_id = ? AND document_id IN ?", w.store.workspace, ids).Delete(&Revision{}).Error
}

// tombstone is what takes the place of d when it goes.
func (w *write) tombstone(d *Document, seq int64, author string) *Document {
	return &Document{
		WorkspaceID: d.WorkspaceID, ID: d.ID, Kind: d.Kind, Origin: d.Origin, CreatedAt: d.CreatedAt,
		Revision: d.Revision + 1, Seq: seq, Deleted: true, Author: author, UpdatedAt: w.at,
	}
}
