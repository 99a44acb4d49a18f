package sqldb

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
)

// Lease takes the named lease until now+ttl and reports whether holder has it.
// Of the processes that share db one holds a lease at a time; the holder may
// take it again to prolong it, and one that dies loses it when it runs out.
func Lease(ctx context.Context, db *gorm.DB, name, holder string, ttl time.Duration) (bool, error) {
	now := time.Now()
	got := db.WithContext(ctx).Exec(`
		INSERT INTO leases (name, holder, expires) VALUES (?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires = excluded.expires
		WHERE leases.holder = excluded.holder OR leases.expires <= ?`,
		name, holder, now.Add(ttl).UnixMilli(), now.UnixMilli())
	if got.Error != nil {
		return false, fmt.Errorf("sqldb: lease %s: %w", name, got.Error)
	}
	return got.RowsAffected == 1, nil
}

// Release gives the lease up before it runs out, if holder has it.
func Release(ctx context.Context, db *gorm.DB, name, holder string) error {
	err := db.WithContext(ctx).Exec("DELETE FROM leases WHERE name = ? AND holder = ?", name, holder).Error
	if err != nil {
		return fmt.Errorf("sqldb: release %s: %w", name, err)
	}
	return nil
}
