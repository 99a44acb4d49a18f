package sqldb

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
)

// State returns what SetState remembered under the name, and whether it did.
func State(ctx context.Context, db *gorm.DB, name string) (value string, known bool, err error) {
	got := db.WithContext(ctx).Raw("SELECT value FROM state WHERE name = ?", name).Scan(&value)
	if got.Error != nil {
		return "", false, fmt.Errorf("sqldb: state %s: %w", name, got.Error)
	}
	return value, got.RowsAffected == 1, nil
}

// SetState remembers a value for every process that shares db.
func SetState(ctx context.Context, db *gorm.DB, name, value string) error {
	err := db.WithContext(ctx).Exec(`
		INSERT INTO state (name, value, updated_at) VALUES (?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at`,
		name, value, time.Now().UTC().Truncate(time.Microsecond)).Error
	if err != nil {
		return fmt.Errorf("sqldb: set state %s: %w", name, err)
	}
	return nil
}
