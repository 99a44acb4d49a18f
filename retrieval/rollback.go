package retrieval

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
)

// RollBack takes a version back, with a note that says why. If it served, the
// version that served before it does again, or none where there was none; that
// version is returned, 0 for none. It fails with ErrNotFound for an unknown
// version and with ErrInvalid for one that nobody is answered with.
func (s *Store) RollBack(ctx context.Context, workspace string, version int64, note string, at time.Time) (serves int64, err error) {
	err = s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		// The workspace's row is locked, as in Judge.
		if err := tx.Exec("UPDATE workspaces SET events = events WHERE id = ?", workspace).Error; err != nil {
			return err
		}
		var r Ranker
		if err := tx.Where("workspace_id = ? AND version = ?", workspace, version).Take(&r).Error; err != nil {
			return err
		}
		if r.Status != Serving && r.Status != Proven {
			return fmt.Errorf("%w: version %d is %s: nobody is answered with it", ErrInvalid, version, r.Status)
		}
		if r.Status == Serving {
			var err error
			if serves, err = reinstate(tx, &r, at); err != nil {
				return err
			}
		}
		return mark(tx, &r, RolledBack, note, at)
	})
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return 0, fmt.Errorf("%w: ranker %d", ErrNotFound, version)
	}
	if err != nil && !errors.Is(err, ErrInvalid) {
		err = fmt.Errorf("retrieval: roll back ranker %d: %w", version, err)
	}
	s.forgetRankers(workspace)
	return serves, err
}

// reinstate makes the version that served before r serve again, and returns it.
func reinstate(tx *gorm.DB, r *Ranker, at time.Time) (int64, error) {
	var before Ranker
	got := tx.Where("workspace_id = ? AND status = ?", r.WorkspaceID, Retired).Order("status_at DESC, version DESC").Limit(1).Find(&before)
	if got.Error != nil || got.RowsAffected == 0 {
		return 0, got.Error
	}
	note := fmt.Sprintf("serves again since version %d was rolled back", r.Version)
	return before.Version, mark(tx, &before, Serving, note, at)
}

func mark(tx *gorm.DB, r *Ranker, status RankerStatus, note string, at time.Time) error {
	return tx.Model(&Ranker{}).Where("workspace_id = ? AND version = ?", r.WorkspaceID, r.Version).
		Updates(map[string]any{"status": status, "note": note, "status_at": micro(at)}).Error
}
