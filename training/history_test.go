package training

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

func TestRunsMatchTheirTable(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) { sqldbtest.Matches(t, db, &Run{}) })
}

func TestARunComesBackAsItWasKept(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		var n atomic.Int64
		r := newReplica(db, "a", counting(&n))
		now := noon.Add(1234567 * time.Microsecond)
		r.at(t, now)
		runs, err := r.History(t.Context(), "count", 1)
		if err != nil || len(runs) != 1 || runs[0].FinishedAt == nil {
			t.Fatalf("%+v %v", runs, err)
		}
		got := runs[0]
		if !got.FinishedAt.Equal(now) || !got.Slot.Equal(noon) || !got.StartedAt.Equal(now) || !got.ExpiresAt.Equal(now.Add(lease)) {
			t.Errorf("times of %+v", got)
		}
		if got.Holder != "a" || got.Status != Done || got.Attempt != 1 || got.Note != "counted" {
			t.Errorf("%+v", got)
		}
	})
}

func TestOldRunsAreForgotten(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		var n atomic.Int64
		r := newReplica(db, "a", counting(&n))
		for i := range 250 {
			r.at(t, noon.Add(time.Duration(i)*15*time.Minute))
		}
		runs, err := r.History(t.Context(), "count", 1000)
		if err != nil || len(runs) != keepRuns || n.Load() != 250 {
			t.Fatalf("%d kept of %d: %v", len(runs), n.Load(), err)
		}
		last := noon.Add(249 * 15 * time.Minute)
		if !runs[0].Slot.Equal(last) {
			t.Errorf("the latest is that of %s", runs[0].Slot)
		}
		r.at(t, last.AddDate(0, 0, keepDays).Add(time.Hour))
		if runs, err = r.History(t.Context(), "count", 1000); err != nil || len(runs) != 1 {
			t.Errorf("%d are left after %d days: %v", len(runs), keepDays, err)
		}
	})
}

// A row that is forgotten too early makes its slot look missed.
func TestAYearlyJobIsNotDoneAgainWhenItsRunIsOld(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		var n atomic.Int64
		yearly := counting(&n)
		yearly.Spec = "0 0 1 1 *"
		r := newReplica(db, "a", yearly)
		r.open(t.Context())
		r.at(t, noon)
		later := noon.AddDate(0, 0, 2*keepDays)
		r.clock.set(later)
		if _, err := r.Start(t.Context(), "count"); err != nil { // its end forgets what is old
			t.Fatal(err)
		}
		r.runs.Wait()
		if err := db.Exec("DELETE FROM job_runs WHERE slot > ?", noon).Error; err != nil {
			t.Fatal(err)
		}
		r.at(t, later)
		if n.Load() != 2 {
			t.Errorf("done %d times: %s", n.Load(), r.history(t, "count"))
		}
	})
}

func TestTheListHasTheNextTimeAndTheLastRun(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		var n atomic.Int64
		never := counting(&n)
		never.Name, never.Spec = "never", "0 0 1 1 *"
		r := newReplica(db, "a", counting(&n), never)
		r.clock.set(noon.Add(15 * time.Minute))
		skipped := Run{Job: "count", Slot: noon.Add(15 * time.Minute), Status: Skipped, StartedAt: noon, ExpiresAt: noon, FinishedAt: &noon}
		for _, run := range []Run{{Job: "count", Slot: noon, Status: Done, Attempt: 1, StartedAt: noon, ExpiresAt: noon, FinishedAt: &noon}, skipped} {
			if err := db.Create(&run).Error; err != nil {
				t.Fatal(err)
			}
		}
		list, err := r.List(t.Context())
		if err != nil || len(list) != 2 {
			t.Fatalf("%+v %v", list, err)
		}
		if l := list[0]; l.Job.Name != "count" || !l.Next.Equal(noon.Add(30*time.Minute)) || l.Last == nil || !l.Last.Slot.Equal(noon) {
			t.Errorf("%+v with the last run %+v", l, l.Last)
		}
		if l := list[1]; l.Job.Name != "never" || l.Next.Year() != 2027 || l.Last != nil {
			t.Errorf("%+v", l)
		}
		if _, err := r.History(t.Context(), "none", 1); !errors.Is(err, ErrNotFound) {
			t.Errorf("history of what there is not: %v", err)
		}
	})
}
