package sqldb

import (
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// After is the time of a write by somebody who has read the version given, 0
// for none. A version is the microsecond of the last write in Unix time, so
// that a row that says when it was written needs no other: After is later than
// what was read even where two writes meet, or the clock was set back.
func After(read int64) time.Time {
	return time.UnixMicro(max(time.Now().UnixMicro(), read+1)).UTC()
}

// Replace writes the columns named of a row, whose updated_at is After(read), if
// what is stored under its primary key still has the version read, or nothing
// is stored and read is 0. It reports whether it did.
func Replace(db *gorm.DB, row any, read int64, columns ...string) (done bool, err error) {
	if read == 0 {
		db = db.Clauses(clause.OnConflict{DoNothing: true}).Create(row)
	} else {
		db = db.Model(row).Where("updated_at = ?", time.UnixMicro(read).UTC()).Select("updated_at", columns).Updates(row)
	}
	if db.Error != nil {
		return false, fmt.Errorf("sqldb: replace: %w", db.Error)
	}
	return db.RowsAffected == 1, nil
}
