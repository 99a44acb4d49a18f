package training

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

// Four processes, whose clocks are up to five seconds apart, look at once and
// often, also while a slot has come for some and not for others: whoever is
// first takes it, and nobody takes it again.
func TestASlotRunsOnceHoweverManyLook(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		var n atomic.Int64
		var all []*replica
		for i := range 4 {
			all = append(all, newReplica(db, fmt.Sprint("replica ", i), counting(&n)))
		}
		looks := []time.Duration{5 * time.Second} // when noon has come for all
		for at := 30 * time.Second; at <= 2*time.Hour+time.Minute; at += 30 * time.Second {
			looks = append(looks, at)
		}
		for _, at := range looks {
			var looking sync.WaitGroup
			for i, r := range all {
				looking.Go(func() { r.at(t, noon.Add(at+time.Duration(i-2)*1500*time.Millisecond)) })
			}
			looking.Wait()
		}
		var want []string
		for slot := time.Duration(0); slot <= 2*time.Hour; slot += 15 * time.Minute {
			want = append(want, noon.Add(slot).Format("15:04:05")+" done 1")
		}
		if got := all[0].history(t, "count"); n.Load() != 9 || got != strings.Join(want, ", ") {
			t.Errorf("done %d times: %s", n.Load(), got)
		}
	})
}

func TestOfWhatWasMissedTheLatestRuns(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		var n atomic.Int64
		a, b := newReplica(db, "a", counting(&n)), newReplica(db, "b", counting(&n))
		a.at(t, noon)
		a.at(t, noon.Add(2*time.Hour+7*time.Minute))
		// Its clock is behind: 14:00 has been dealt with, and what came before is over.
		b.at(t, noon.Add(2*time.Hour-2*time.Second))
		b.at(t, noon.Add(2*time.Hour+7*time.Minute))
		if got := a.history(t, "count"); n.Load() != 2 || got != "12:00:00 done 1, 14:00:00 done 1" {
			t.Errorf("done %d times: %s", n.Load(), got)
		}
	})
}

func TestAClockThatIsQuiteWrongDoesNotStopTheOthers(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		var n atomic.Int64
		a, b := newReplica(db, "a", counting(&n)), newReplica(db, "b", counting(&n))
		a.at(t, noon.AddDate(1, 0, 0))
		b.at(t, noon)
		b.at(t, noon.Add(15*time.Minute))
		if n.Load() != 3 {
			t.Errorf("done %d times: %s", n.Load(), a.history(t, "count"))
		}
	})
}

// dead writes the row of a run whose process has died.
func dead(t *testing.T, db *gorm.DB, slot time.Time, attempt int) {
	t.Helper()
	err := db.Create(&Run{
		Job: "count", Slot: slot, Holder: "dead", Status: Running, Attempt: attempt, StartedAt: slot, ExpiresAt: slot.Add(5*time.Minute + grace),
	}).Error
	if err != nil {
		t.Fatal(err)
	}
}

func TestARunWhoseProcessDiedIsDoneAgainOnce(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		for _, tt := range []struct {
			name    string
			attempt int
			looks   []time.Duration // since its slot
			want    string
			done    int64
		}{
			{"not while it may be alive", 1, []time.Duration{time.Minute, 6 * time.Minute}, "12:00:00 running 1", 0},
			{"when its claim is over", 1, []time.Duration{7 * time.Minute, 8 * time.Minute}, "12:00:00 done 2", 1},
			{"no more than three times", 3, []time.Duration{7 * time.Minute, 8 * time.Minute}, "12:00:00 failed 3", 0},
			{"by what is due since", 1, []time.Duration{15 * time.Minute, 16 * time.Minute}, "12:00:00 abandoned 1, 12:15:00 done 1", 1},
			{"after it was given up, at the next slot", 3, []time.Duration{7 * time.Minute, 15 * time.Minute}, "12:00:00 failed 3, 12:15:00 done 1", 1},
		} {
			t.Run(tt.name, func(t *testing.T) {
				if err := db.Exec("DELETE FROM job_runs").Error; err != nil {
					t.Fatal(err)
				}
				dead(t, db, noon, tt.attempt)
				var n atomic.Int64
				a, b := newReplica(db, "a", counting(&n)), newReplica(db, "b", counting(&n))
				for _, after := range tt.looks {
					var looking sync.WaitGroup
					for _, r := range []*replica{a, b} {
						looking.Go(func() { r.at(t, noon.Add(after)) })
					}
					looking.Wait()
				}
				if got := a.history(t, "count"); got != tt.want || n.Load() != tt.done {
					t.Errorf("done %d times, %s; want %d times, %s", n.Load(), got, tt.done, tt.want)
				}
			})
		}
	})
}

// A blocking job runs until its test lets it end.
type blocking struct {
	begun, end chan struct{}
	n          atomic.Int64
}

func newBlocking() *blocking {
	return &blocking{begun: make(chan struct{}, 8), end: make(chan struct{})}
}

// wait waits until a run has begun, which only takes long where none does.
func (b *blocking) wait(t *testing.T) {
	t.Helper()
	select {
	case <-b.begun:
	case <-time.After(20 * time.Second):
		t.Fatal("no run began")
	}
}

func (b *blocking) job() Job {
	return Job{Name: "count", Spec: "*/15 * * * *", Timeout: time.Hour, Run: func(ctx context.Context) (string, error) {
		b.n.Add(1)
		b.begun <- struct{}{}
		select {
		case <-b.end:
			return "at last", nil
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}}
}

func TestASlotIsPassedOverWhileAnEarlierRunIsUnderWay(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		slow := newBlocking()
		a, b := newReplica(db, "a", slow.job()), newReplica(db, "b", slow.job())
		beats := make(chan time.Time)
		a.beats = beats
		a.look(t.Context(), noon)
		slow.wait(t)
		a.clock.set(noon.Add(14 * time.Minute))
		for range 2 { // the first has been dealt with when the second is taken
			beats <- noon
		}
		for _, r := range []*replica{b, a, b} {
			now := noon.Add(15*time.Minute + time.Second)
			r.clock.set(now)
			r.look(t.Context(), now)
		}
		// Its claim is over, but its process knows that it has not ended.
		late := noon.Add(2 * time.Hour)
		a.clock.set(late)
		a.look(t.Context(), late)
		close(slow.end)
		a.runs.Wait()
		b.at(t, late.Add(time.Minute))
		want := "12:00:00 done 1, 12:15:00 skipped 0, 14:00:00 skipped 0"
		if got := a.history(t, "count"); got != want || slow.n.Load() != 1 {
			t.Errorf("begun %d times, %s; want %s", slow.n.Load(), got, want)
		}
	})
}

// A process that was halted for a while finds its run taken over.
func TestARunThatWasTakenOverEnds(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		slow := newBlocking()
		var n atomic.Int64
		a, b := newReplica(db, "a", slow.job()), newReplica(db, "b", counting(&n))
		beats := make(chan time.Time)
		a.beats = beats
		a.look(t.Context(), noon)
		slow.wait(t)
		b.at(t, noon.Add(lease-time.Second))
		if n.Load() != 0 {
			t.Error("begun while its process may have been alive")
		}
		b.at(t, noon.Add(lease))
		beats <- noon
		a.runs.Wait() // nobody lets it end
		if got := a.history(t, "count"); got != "12:00:00 done 2" || n.Load() != 1 {
			t.Errorf("done again %d times: %s", n.Load(), got)
		}
	})
}

// A job that hangs for ever gives signs of life all the same.
func TestSignsOfLifeDoNotOutlastTheTimeOfAJob(t *testing.T) {
	j := Job{Timeout: 10 * time.Minute}
	for after, want := range map[time.Duration]time.Duration{
		0: lease, 5 * time.Minute: 5*time.Minute + lease, 10 * time.Minute: 10*time.Minute + grace, time.Hour: 10*time.Minute + grace,
	} {
		if got := j.expires(noon, noon.Add(after)); !got.Equal(noon.Add(want)) {
			t.Errorf("after %v its claim holds until %v, want %v", after, got.Sub(noon), want)
		}
	}
}

func TestARunThatOutlivesItsClaimDoesNotOverwriteItsSuccessor(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		slow := newBlocking()
		var n atomic.Int64
		a, b := newReplica(db, "a", slow.job()), newReplica(db, "b", counting(&n))
		a.look(t.Context(), noon)
		slow.wait(t)
		b.at(t, noon.Add(time.Hour+grace)) // due at 13:00
		close(slow.end)
		a.runs.Wait()
		if got := a.history(t, "count"); got != "12:00:00 abandoned 1, 13:00:00 done 1" || n.Load() != 1 {
			t.Errorf("done again %d times: %s", n.Load(), got)
		}
	})
}

func TestAStoppedServerHandsItsRunOverAtOnce(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		for range 4 { // more often than a run may be lost
			slow := newBlocking()
			a := newReplica(db, "a", slow.job())
			ctx, stop := context.WithCancel(t.Context())
			a.look(ctx, noon)
			slow.wait(t)
			stop()
			a.runs.Wait()
		}
		var n atomic.Int64
		b := newReplica(db, "b", counting(&n))
		b.at(t, noon.Add(time.Second))
		b.at(t, noon.Add(2*time.Second))
		if got := b.history(t, "count"); got != "12:00:00 done 1" || n.Load() != 1 {
			t.Errorf("done %d times: %s", n.Load(), got)
		}
	})
}

func TestAJobCanBeStartedByHandUnlessItRuns(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		slow := newBlocking()
		a, b := newReplica(db, "a", slow.job()), newReplica(db, "b", slow.job())
		for _, r := range []*replica{a, b} {
			r.open(t.Context())
			r.clock.set(noon.Add(7*time.Minute + 300*time.Millisecond))
		}
		run, err := a.Start(t.Context(), "count")
		if err != nil || run.Status != Running || !run.Slot.Equal(noon.Add(7*time.Minute)) {
			t.Fatalf("%+v %v", run, err)
		}
		slow.wait(t)
		b.clock.set(noon.Add(8 * time.Minute))
		for _, r := range []*replica{a, b} {
			if _, err := r.Start(t.Context(), "count"); !errors.Is(err, ErrRunning) {
				t.Errorf("started beside itself: %v", err)
			}
		}
		slow.end <- struct{}{}
		a.runs.Wait()
		if _, err := a.Start(t.Context(), "count"); !errors.Is(err, ErrRunning) {
			t.Errorf("started twice in a second: %v", err)
		}
		if _, err := a.Start(t.Context(), "none"); !errors.Is(err, ErrNotFound) {
			t.Errorf("started what there is not: %v", err)
		}
		// What ran by hand after a slot does that slot's work; the next is due as ever.
		b.at(t, noon.Add(9*time.Minute))
		b.clock.set(noon.Add(15 * time.Minute))
		b.look(t.Context(), noon.Add(15*time.Minute))
		slow.wait(t)
		slow.end <- struct{}{}
		b.shut()
		if got := a.history(t, "count"); got != "12:07:00 done 1, 12:15:00 done 1" || slow.n.Load() != 2 {
			t.Errorf("begun %d times: %s", slow.n.Load(), got)
		}
	})
}

func TestOfManyWhoStartAJobOneDoes(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		slow := newBlocking()
		var begun, refused atomic.Int64
		var starting sync.WaitGroup
		var all []*replica
		for i := range 8 {
			r := newReplica(db, fmt.Sprint("replica ", i), slow.job())
			r.open(t.Context())
			r.clock.set(noon.Add(time.Duration(i) * time.Second)) // each has a slot of its own
			all = append(all, r)
			starting.Go(func() {
				switch _, err := r.Start(t.Context(), "count"); {
				case err == nil:
					begun.Add(1)
				case errors.Is(err, ErrRunning):
					refused.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		slow.wait(t)
		starting.Wait()
		close(slow.end)
		for _, r := range all {
			r.shut()
		}
		if begun.Load() != 1 || refused.Load() != 7 || slow.n.Load() != 1 {
			t.Errorf("%d were told that it began and %d that it runs; it ran %d times", begun.Load(), refused.Load(), slow.n.Load())
		}
	})
}
