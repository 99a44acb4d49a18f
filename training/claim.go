package training

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb/sqldb"
)

// Who of several processes does a run is decided in the table job_runs. A row
// is one slot of one job, so a slot is claimed once; and rows of one job are
// written by one process at a time (see locked), so of all its slots at most
// one is running.

const (
	// skew is by how much clocks may differ.
	skew = time.Minute

	// grace is how long after a job's time has run out its run counts as alive:
	// for clocks that differ, and for the job to notice that its time is over. No
	// sign of life prolongs a claim beyond that: a job that hangs for ever is
	// replaced.
	grace = skew + time.Minute

	// lease is how long a claim holds without a sign of life, which its process
	// gives every beat. It bounds how long a job rests when its process is
	// killed, whatever the job's Timeout.
	lease = skew + 2*time.Minute
	beat  = 30 * time.Second

	// attempts is how often a run whose process died is begun. A job that takes
	// its server down with it does so no more than this often in one slot.
	attempts = 3
)

var (
	// ErrRunning is returned for a job that cannot be started because it runs.
	ErrRunning = errors.New("the job is running")

	// ErrNotFound is returned for a job that there is not.
	ErrNotFound = errors.New("no such job")

	// ErrStopped is returned where no run can begin since the server stops or
	// does no jobs.
	ErrStopped = errors.New("no jobs run here at the moment")
)

// Start does the job now, in the background and whatever its timetable says,
// and returns the run that has begun. Its slot is the present second. It fails
// with ErrNotFound, with ErrRunning if a run of the job is under way in any
// process or one of this second has ended already, and with ErrStopped unless
// Run is under way. A job that runs everywhere is not started for one process
// alone: ErrNotFound.
func (r *Runner) Start(ctx context.Context, name string) (Run, error) { //nolint:contextcheck // a run outlives the request that started it
	j := r.job(name)
	if j == nil || j.Everywhere {
		return Run{}, fmt.Errorf("training: start %q: %w", name, ErrNotFound)
	}
	life, leave, err := r.join()
	if err != nil {
		return Run{}, fmt.Errorf("training: start %s: %w", name, err)
	}
	run, err := r.claimNow(ctx, j, r.now())
	if err != nil {
		leave()
		return Run{}, fmt.Errorf("training: start %s: %w", name, err)
	}
	begun := run
	go func() {
		defer leave()
		r.do(life, j, &begun)
	}()
	return run, nil
}

// claim takes the run of a job that this process is to begin at now, if there
// is one: that of slot, or an earlier one whose process died.
func (r *Runner) claim(ctx context.Context, j *Job, slot, now time.Time) (run Run, ok bool, err error) {
	s, err := r.standing(r.DB.WithContext(ctx), j.Name, slot, now)
	if err == nil && s.next(now) != stay {
		err = r.locked(ctx, j.Name, func(tx *gorm.DB) error {
			// It may have changed before this process had its turn.
			s, err := r.standing(tx, j.Name, slot, now)
			if err != nil {
				return err
			}
			run, ok, err = r.step(tx, j, s, now)
			return err
		})
	}
	if err != nil {
		return Run{}, false, fmt.Errorf("training: claim %s: %w", j.Name, err)
	}
	return run, ok, nil
}

// claimNow takes a run of the job that nothing but a person's wish makes due.
func (r *Runner) claimNow(ctx context.Context, j *Job, now time.Time) (run Run, err error) {
	slot := now.Truncate(time.Second)
	err = r.locked(ctx, j.Name, func(tx *gorm.DB) error {
		s, err := r.standing(tx, j.Name, slot, now)
		if err != nil {
			return err
		}
		switch s.next(now) {
		case begin, replace:
			run, _, err = r.step(tx, j, s, now)
			return err
		default:
			return ErrRunning
		}
	})
	return run, err
}

// locked calls do in a transaction while no other process is in one for the
// same job. The row that each of them writes first makes the others wait.
func (r *Runner) locked(ctx context.Context, job string, do func(tx *gorm.DB) error) error {
	return r.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := sqldb.SetState(ctx, tx, "job "+job, r.Holder); err != nil {
			return err
		}
		return do(tx)
	})
}

// A standing is how a job stands at a moment.
type standing struct {
	slot    time.Time
	claimed bool // the slot, or one that is later by a clock that is ahead, has a row
	running *Run // what has not ended; nil if nothing
	here    bool // this process does the job
}

func (r *Runner) standing(tx *gorm.DB, job string, slot, now time.Time) (standing, error) {
	s := standing{slot: slot, here: r.busy(job)}
	var running []Run
	if err := tx.Where("job = ? AND status = ?", job, Running).Order("slot DESC").Limit(1).Find(&running).Error; err != nil {
		return standing{}, err
	}
	if len(running) > 0 {
		s.running = &running[0]
	}
	// What a clock that is quite wrong has claimed far ahead does not count: it
	// would keep the job from ever running again.
	var rows int64
	err := tx.Model(&Run{}).Where("job = ? AND slot >= ? AND slot <= ?", job, slot, now.Add(skew)).Limit(1).Count(&rows).Error
	s.claimed = rows > 0
	return s, err
}

// A move is what a process that looks at a job does next.
type move int

const (
	stay     move = iota // leave all as it is
	begin                // the slot's run
	pass                 // the slot over: an earlier run is under way
	replace              // a dead run with the slot's, which does its work too
	takeOver             // a dead run
	giveUp               // a run whose process died each time
)

// next returns what is to be done at now.
func (s standing) next(now time.Time) move {
	due := !s.claimed && !s.slot.IsZero()
	switch {
	case s.running == nil && due && !s.here:
		return begin
	case s.running == nil:
		return stay // it ends just now, or was lost to another process and hangs on here
	case s.here || s.running.ExpiresAt.After(now):
		if due {
			return pass
		}
		return stay
	case due:
		return replace
	case s.running.Attempt >= attempts:
		return giveUp
	}
	return takeOver
}

// step does what is next under the job's lock, and returns the run that this
// process now has to do, if any.
func (r *Runner) step(tx *gorm.DB, j *Job, s standing, now time.Time) (run Run, ok bool, err error) {
	fresh := Run{
		Job: j.Name, Slot: s.slot, Holder: r.Holder, Status: Running, Attempt: 1,
		StartedAt: now, ExpiresAt: j.expires(now, now),
	}
	switch s.next(now) {
	case stay:
		return Run{}, false, nil
	case begin:
		return fresh, true, tx.Create(&fresh).Error
	case pass:
		fresh.Status, fresh.Attempt, fresh.ExpiresAt, fresh.FinishedAt = Skipped, 0, now, &now
		fresh.Note = "an earlier run was still under way"
		return Run{}, false, tx.Create(&fresh).Error
	case replace:
		if err := closed(tx, s.running, Abandoned, "its server died; a later run did its work", now); err != nil {
			return Run{}, false, err
		}
		return fresh, true, tx.Create(&fresh).Error
	case giveUp:
		note := fmt.Sprintf("given up: its server died or lost it %d times", attempts)
		return Run{}, false, closed(tx, s.running, Failed, note, now)
	case takeOver:
		run = *s.running
		run.Holder, run.StartedAt, run.ExpiresAt, run.Note = r.Holder, now, fresh.ExpiresAt, ""
		run.Attempt++
		return run, true, tx.Save(&run).Error
	}
	return Run{}, false, nil
}

// expires returns until when the claim of a run that began at started holds, if
// it gives a sign of life at now.
func (j *Job) expires(started, now time.Time) time.Time {
	till, last := now.Add(lease), started.Add(j.Timeout+grace)
	if last.Before(till) {
		return last
	}
	return till
}

// alive gives signs of life of a run until the function it returns is called,
// and ends it by lost when another process has taken it over.
func (r *Runner) alive(ctx context.Context, j *Job, run *Run, lost context.CancelFunc) (rest func()) {
	ctx, stop := context.WithCancel(ctx)
	over := make(chan struct{})
	beats, tick := r.beats, time.NewTicker(beat)
	if beats == nil {
		beats = tick.C
	}
	go func() {
		defer close(over)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-beats:
				if !r.prolong(ctx, j, run) {
					lost()
					return
				}
			}
		}
	}()
	return func() {
		stop()
		<-over
	}
}

// prolong keeps a sign of life of a run, and reports whether it still is this
// process's. A database that does not answer is asked again at the next beat.
func (r *Runner) prolong(ctx context.Context, j *Job, run *Run) bool {
	done := r.own(ctx, run).Update("expires_at", j.expires(run.StartedAt, r.now()))
	if done.Error != nil && ctx.Err() == nil {
		r.Log.WarnContext(ctx, "job's sign of life not kept", "job", j.Name, "error", done.Error)
	}
	return done.Error != nil || done.RowsAffected > 0
}

// own is the row of a run for as long as it is this process's and not ended.
func (r *Runner) own(ctx context.Context, run *Run) *gorm.DB {
	return r.DB.WithContext(ctx).Model(&Run{}).
		Where("job = ? AND slot = ? AND holder = ? AND attempt = ? AND status = ?", run.Job, run.Slot, run.Holder, run.Attempt, Running)
}

// closed ends a run that its own process has not ended.
func closed(tx *gorm.DB, run *Run, status Status, note string, now time.Time) error {
	dead := *run
	dead.Status, dead.Note, dead.FinishedAt = status, note, &now
	return tx.Save(&dead).Error
}
