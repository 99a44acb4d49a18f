package feedback_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

// errStopped is what a statement fails with once the process is to have crashed.
var errStopped = errors.New("the process has crashed")

// crashing makes the database fail from the nth statement that changes it on,
// until it is mended. It reports whether that many were tried.
func crashing(t *testing.T, db *gorm.DB, n int) (mend func() (crashed bool)) {
	t.Helper()
	done, mended := 0, false
	fail := func(tx *gorm.DB) {
		if done++; done >= n && !mended {
			_ = tx.AddError(errStopped)
		}
	}
	for _, err := range []error{
		db.Callback().Delete().Before("gorm:delete").Register("crash", fail),
		db.Callback().Update().Before("gorm:update").Register("crash", fail),
		db.Callback().Create().Before("gorm:create").Register("crash", fail),
		db.Callback().Raw().Before("gorm:raw").Register("crash", fail),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return func() bool { mended = true; return done >= n }
}

func TestErasingThatCrashesAnywhereIsFinishedByTheNext(t *testing.T) {
	for n := 1; ; n++ {
		x := newErasable(t, sqldbtest.SQLite(t))
		unindexed, refits := 0, 0
		x.eraser.Unindex = func(context.Context) error { unindexed++; return nil }
		x.eraser.Refit = func(context.Context) error { refits++; return nil }
		mend := crashing(t, x.db, n)
		_, err := x.eraser.Erase(t.Context(), "shop", feedback.Whom{Customer: "rose"})
		if !mend() {
			if n < 15 || err != nil {
				t.Errorf("erasing took %d steps, %v", n-1, err)
			}
			return
		}
		if err == nil {
			t.Errorf("erasing that crashed at step %d says nothing of it", n)
		}
		if _, err := x.eraser.Erase(t.Context(), "shop", feedback.Whom{Customer: "rose"}); err != nil {
			t.Fatalf("after a crash at step %d: %v", n, err)
		}
		if unindexed == 0 || refits == 0 {
			t.Errorf("after a crash at step %d: unindexed %d times, learned anew %d times", n, unindexed, refits)
		}
		after := dump(t, x.db)
		for _, word := range []string{"heliotrope", "marzipan", "periwinkle", "chartreuse", "rose", "e-s2", "t-s2", "your orders", "menu on the left", "erase/shop"} {
			if lines := holding(after, word); len(lines) > 0 {
				t.Errorf("after a crash at step %d %q is still held:\n%s", n, word, strings.Join(lines, ""))
			}
		}
	}
}

func TestWhatCouldNotBeLearnedAnewIsLearnedByTheNextErasing(t *testing.T) {
	x := newErasable(t, sqldbtest.SQLite(t))
	who, tries := feedback.Whom{Customer: "rose"}, 0
	x.eraser.Refit = func(context.Context) error {
		if tries++; tries == 1 {
			return context.Canceled
		}
		return nil
	}
	if got, err := x.eraser.Erase(t.Context(), "shop", who); !errors.Is(err, context.Canceled) || got.Suggestions != 3 || got.Refitted {
		t.Errorf("erased %+v, %v", got, err)
	}
	if got, err := x.eraser.Erase(t.Context(), "shop", who); err != nil || !got.Refitted || tries != 2 {
		t.Errorf("erased again: %+v, %v", got, err)
	}
}
