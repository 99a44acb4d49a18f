package training

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/whetstone-desk/whetstone/kb/sqldb"
)

// A Status is how far a run has come.
type Status string

// The statuses of a run.
const (
	Running   Status = "running"   // under way, or its server died and nobody has taken it over yet
	Done      Status = "done"      // ended without an error
	Failed    Status = "failed"    // ended with an error, too late, by a panic, or its server died each time
	Skipped   Status = "skipped"   // not begun: an earlier run was under way
	Abandoned Status = "abandoned" // its server died, and a later run did its work
)

// A Run is one time that a job was due, or that somebody started it. It is
// also the row it is stored as.
type Run struct {
	Job        string    `gorm:"primaryKey"`
	Slot       time.Time `gorm:"primaryKey"` // UTC; when it was due, to the second
	Holder     string    // the process that did it last
	Status     Status
	Attempt    int        // from 1; how often it was begun, without the times a server that was told to stop gave it back
	StartedAt  time.Time  // UTC; of the latest attempt
	ExpiresAt  time.Time  // UTC; when a run that is still running counts as dead
	FinishedAt *time.Time // UTC; nil while it is running
	Note       string     // what the job said, and why it failed; counts and reasons, nothing of any workspace
}

// TableName is the name that gorm asks for.
func (Run) TableName() string { return "job_runs" }

// What is kept of a job: so many runs, for so long.
const (
	keepRuns = 200
	keepDays = 90
)

// noteLength bounds a note, in runes.
const noteLength = 500

// endTime bounds how long a run that has ended waits for the database.
const endTime = 10 * time.Second

// An outcome is how an attempt ended.
type outcome struct {
	status Status // Running: it was stopped and is to be begun again
	note   string
}

// ending judges what a job returned. Errors may name what a workspace holds, so
// the note has their kind and the log their text.
func ending(note string, err error, stopped bool) outcome {
	var panicked *panicError
	reason := "failed; the server's log says why"
	switch {
	case err == nil:
		return outcome{Done, short(note)}
	case stopped:
		return outcome{Running, "its server stopped; another takes it over"}
	case errors.As(err, &panicked):
		reason = "panicked; the server's log says where"
	case errors.Is(err, context.DeadlineExceeded):
		reason = "took longer than it may"
	case sqldb.Transient(err):
		reason = "the database did not answer"
	}
	if note != "" {
		reason = note + "; " + reason
	}
	return outcome{Failed, short(reason)}
}

// short cuts a note that is too long.
func short(note string) string {
	if r := []rune(note); len(r) > noteLength {
		return string(r[:noteLength-1]) + "…"
	}
	return note
}

// end keeps how run ended, also when ctx has, and forgets old runs of its job.
func (r *Runner) end(ctx context.Context, run *Run, o outcome) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTime)
	defer cancel()
	now := r.now()
	changes := map[string]any{"status": o.status, "note": o.note, "finished_at": now}
	if o.status == Running {
		// Whoever looks next takes it over, and it does not count as a death.
		changes = map[string]any{"note": o.note, "expires_at": now, "attempt": run.Attempt - 1}
	}
	done := r.own(ctx, run).Updates(changes)
	if done.Error != nil {
		return fmt.Errorf("training: end of %s: %w", run.Job, done.Error)
	}
	if done.RowsAffected == 0 {
		return fmt.Errorf("training: end of %s: it outlived its claim, and another process has it", run.Job)
	}
	return r.prune(ctx, run.Job, now)
}

// prune forgets old runs of a job. What was due last stays whatever its age, so
// that nobody takes it for missed.
func (r *Runner) prune(ctx context.Context, job string, now time.Time) error {
	t, err := parse(r.job(job).Spec)
	if err != nil {
		return fmt.Errorf("training: prune %s: %w", job, err)
	}
	db := r.DB.WithContext(ctx)
	oldest := db.Model(&Run{}).Select("slot").Where("job = ?", job).Order("slot DESC").Offset(keepRuns - 1).Limit(1)
	err = db.Where("job = ? AND status <> ? AND slot < ?", job, Running, t.latest(now)).
		Where("slot < ? OR slot < (?)", now.AddDate(0, 0, -keepDays), oldest).Delete(&Run{}).Error
	if err != nil {
		return fmt.Errorf("training: prune %s: %w", job, err)
	}
	return nil
}

// History returns the runs of a job, the latest slot first, at most limit of
// them. The last 200 of at most 90 days are kept. It fails with ErrNotFound for
// a job that there is not.
func (r *Runner) History(ctx context.Context, job string, limit int) ([]Run, error) {
	if r.job(job) == nil {
		return nil, fmt.Errorf("training: history of %q: %w", job, ErrNotFound)
	}
	runs := []Run{}
	if err := r.DB.WithContext(ctx).Where("job = ?", job).Order("slot DESC").Limit(limit).Find(&runs).Error; err != nil {
		return nil, fmt.Errorf("training: history of %s: %w", job, err)
	}
	return runs, nil
}

// A Listing is a job with when it runs.
type Listing struct {
	Job  *Job
	Next time.Time // UTC; when it is due next
	Last *Run      // the latest that was not skipped; nil if there is none
}

// List returns the jobs in the order of r.Jobs.
func (r *Runner) List(ctx context.Context) ([]Listing, error) {
	now := r.now()
	list := make([]Listing, 0, len(r.Jobs))
	for i := range r.Jobs {
		j := &r.Jobs[i]
		t, err := parse(j.Spec)
		if err != nil {
			return nil, fmt.Errorf("training: list: %s: %w", j.Name, err)
		}
		l := Listing{Job: j, Next: t.after(now)}
		var runs []Run
		err = r.DB.WithContext(ctx).Where("job = ? AND status <> ?", j.Name, Skipped).Order("slot DESC").Limit(1).Find(&runs).Error
		if err != nil {
			return nil, fmt.Errorf("training: list: %s: %w", j.Name, err)
		}
		if len(runs) > 0 {
			l.Last = &runs[0]
		}
		list = append(list, l)
	}
	return list, nil
}
