package retrieval

import (
	"context"
	"fmt"

	"gorm.io/gorm"
)

// PruneRankers removes all but the latest keep of the workspace's rankers that
// nobody is answered with, by each of the ways in which they came out of use,
// with their vectors, and returns how many it removed.
func (s *Store) PruneRankers(ctx context.Context, workspace string, keep int) (int64, error) {
	removed := int64(0)
	for _, status := range []RankerStatus{Rejected, Retired, RolledBack} {
		var old []int64
		err := s.db.WithContext(ctx).Model(&Ranker{}).Where("workspace_id = ? AND status = ?", workspace, status).
			Order("version DESC").Offset(keep).Limit(1000).Pluck("version", &old).Error
		if err == nil && len(old) > 0 {
			err = s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
				in := tx.Where("workspace_id = ? AND version IN ?", workspace, old).Session(&gorm.Session{})
				if err := in.Delete(&storedTuned{}).Error; err != nil {
					return err
				}
				gone := in.Where("status = ?", status).Delete(&Ranker{})
				removed += gone.RowsAffected
				return gone.Error
			})
		}
		if err != nil {
			return removed, fmt.Errorf("retrieval: prune rankers: %w", err)
		}
	}
	return removed, nil
}

// LastRolledBack returns the ranker of the workspace that was rolled back last,
// without what it has learned; the zero Ranker if none was.
func (s *Store) LastRolledBack(ctx context.Context, workspace string) (at Ranker, err error) {
	err = s.db.WithContext(ctx).Where("workspace_id = ? AND status = ?", workspace, RolledBack).
		Select("workspace_id", "version", "status", "status_at").Order("status_at DESC").Limit(1).Find(&at).Error
	if err != nil {
		err = fmt.Errorf("retrieval: last rollback: %w", err)
	}
	return at, err
}
