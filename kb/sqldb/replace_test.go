package sqldb_test

import (
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb/sqldb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

// A mark is a row of the table state, which has what Replace needs.
type mark struct {
	Name      string `gorm:"primaryKey"`
	Value     string
	UpdatedAt time.Time
}

func (mark) TableName() string { return "state" }

func TestReplaceWritesOnlyOverWhatWasRead(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		write := func(value string, read int64) (int64, bool) {
			t.Helper()
			m := mark{"replace", value, sqldb.After(read)}
			done, err := sqldb.Replace(db, &m, read, "value")
			if err != nil {
				t.Fatal(err)
			}
			return m.UpdatedAt.UnixMicro(), done
		}
		if _, done := write("over what is not there", 1); done {
			t.Error("a version that never was could be replaced")
		}
		first, done := write("first", 0)
		if !done {
			t.Fatal("nothing was written where nothing was")
		}
		if _, done := write("first again", 0); done {
			t.Error("a second first write was taken")
		}
		second, done := write("second", first)
		if !done || second <= first {
			t.Errorf("the second write: %v, version %d after %d", done, second, first)
		}
		if _, done := write("late", first); done {
			t.Error("who had read the first version wrote over the second")
		}
		far := time.Now().Add(time.Hour).UnixMicro() // of a clock that was set back since
		if after := sqldb.After(far); after.UnixMicro() != far+1 {
			t.Errorf("after %d comes %d", far, after.UnixMicro())
		}
		if got, _, err := sqldb.State(t.Context(), db, "replace"); got != "second" || err != nil {
			t.Errorf("what is stored: %q, %v", got, err)
		}
	})
}
