package connect

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/oklog/ulid/v2"
	"gorm.io/gorm"
)

const (
	// lease is how long a claim holds without a sign of life. It bounds how
	// long a connection rests when its process is killed.
	lease = 2 * time.Minute

	// beat is how often a run that reads slowly gives a sign of life; batches
	// give one too.
	beat = lease / 4

	// keptRuns is how many runs of a connection are kept.
	keptRuns = 50

	// deaths is how many runs in a row may die with their process before the
	// time they were for counts as dealt with: a source that takes its server
	// down does so no more often than that.
	deaths = 3
)

// An Ending says how a run ended.
type Ending string

// The endings of runs.
const (
	Running Ending = "running"
	Done    Ending = "done"
	Asks    Ending = "held"    // see Hold
	Broken  Ending = "broken"  // the source could not be read on; Report.Error says why
	Stopped Ending = "stopped" // by its caller, such as a server that shuts down
	Died    Ending = "died"    // with its process
)

// A SyncRun is one run of a connection as it is kept. It is also the row.
type SyncRun struct {
	WorkspaceID  string `gorm:"primaryKey"`
	ConnectionID string `gorm:"primaryKey"`
	ID           string `gorm:"primaryKey"` // sorts by time
	Status       Ending
	Report       Report     `gorm:"serializer:json"` // so far, while it runs
	StartedAt    time.Time  // UTC
	FinishedAt   *time.Time // UTC; nil while it runs
}

// Runs returns the last runs of a connection, the latest first; at most 50 are
// kept.
func (s *Syncer) Runs(ctx context.Context, workspace, id string) ([]SyncRun, error) {
	c := Connection{WorkspaceID: workspace, ID: id}
	var rs []SyncRun
	if err := of(s.DB.WithContext(ctx), &c).Order("id DESC").Limit(keptRuns).Find(&rs).Error; err != nil {
		return nil, fmt.Errorf("connect: runs of %s: %w", id, err)
	}
	return rs, nil
}

// claimed reports whether a run is under way at now.
func (c *Connection) claimed(now time.Time) bool {
	return c.ClaimedBy != "" && c.ClaimedTill != nil && c.ClaimedTill.After(now)
}

// claim begins a run if nobody else has one under way.
func (s *Syncer) claim(ctx context.Context, workspace, id string, how How) (c Connection, run SyncRun, err error) {
	now := s.now()
	run = SyncRun{WorkspaceID: workspace, ConnectionID: id, ID: ulid.MustNewDefault(now).String(), Status: Running, StartedAt: now}
	err = s.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		c, err = load(tx.Clauses(forUpdate(tx)), workspace, id)
		switch {
		case err != nil:
			return err
		case c.claimed(now), !how.Slot.IsZero() && c.LastSlot != nil && !how.Slot.After(*c.LastSlot):
			return fmt.Errorf("connect: connection %s: %w", id, ErrRunning)
		case c.Status == Held && !how.Approve:
			return fmt.Errorf("connect: connection %s: %w", id, ErrHeld)
		}
		till := now.Add(lease)
		c.ClaimedBy, c.ClaimedTill = run.ID, &till
		if err := one(tx.Model(&c), workspace, id).Select("claimed_by", "claimed_till").Updates(&c).Error; err != nil {
			return err
		}
		died := of(tx.Model(&SyncRun{}), &c).Where("status = ?", Running).
			Updates(map[string]any{"status": Died, "finished_at": now})
		if died.Error != nil {
			return died.Error
		}
		if err := deadly(tx, &c, how); err != nil {
			return err
		}
		return tx.Create(&run).Error
	})
	return c, run, err
}

// deadly lets a time of the timetable count as dealt with before the run, where
// the runs before it died with their processes.
func deadly(tx *gorm.DB, c *Connection, how How) error {
	var last []SyncRun
	if err := of(tx, c).Order("id DESC").Limit(deaths).Find(&last).Error; err != nil || how.Slot.IsZero() {
		return err
	}
	if len(last) < deaths || slices.ContainsFunc(last, func(r SyncRun) bool { return r.Status != Died }) {
		return nil
	}
	return one(tx.Model(&Connection{}), c.WorkspaceID, c.ID).Update("last_slot", stamp(how.Slot)).Error
}

// hold says within a transaction that the run is alive, and keeps others from
// claiming it until the end of the transaction. It fails with errLost if one
// has.
func (p *pass) hold(tx *gorm.DB) error {
	done := one(tx.Model(&Connection{}), p.c.WorkspaceID, p.c.ID).Where("claimed_by = ?", p.run.ID).
		Update("claimed_till", p.s.now().Add(lease))
	if done.Error == nil && done.RowsAffected != 1 {
		return errLost
	}
	return done.Error
}

// alive gives signs of life until ctx ends, and ends the run when another
// process has taken it over.
func (p *pass) alive(ctx context.Context, end context.CancelCauseFunc) {
	beats := p.s.beats
	if beats == nil {
		tick := time.NewTicker(beat)
		defer tick.Stop()
		beats = tick.C
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-beats:
			// Another error passes, or meets the next batch.
			if err := p.hold(p.s.DB.WithContext(ctx)); errors.Is(err, errLost) {
				end(err)
				return
			}
		}
	}
}

// finish writes down how the run ended, unless it was taken over. It does so
// though ctx has ended.
func (p *pass) finish(ctx context.Context, status Ending, held *Hold) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lease/2)
	defer cancel()
	now := p.s.now()
	p.report.Took = now.Sub(p.run.StartedAt)
	p.run.Status, p.run.Report, p.run.FinishedAt = status, p.report, &now
	err := p.s.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := p.hold(tx); err != nil {
			return err
		}
		if err := p.release(tx, status, held); err != nil {
			return err
		}
		if err := tx.Save(&p.run).Error; err != nil {
			return err
		}
		if held != nil {
			if err := p.tell(ctx, tx, held); err != nil {
				return err
			}
		}
		return p.thin(tx)
	})
	if err != nil {
		return fmt.Errorf("connect: end of a run of %s: %w", p.c.ID, err)
	}
	return nil
}

// release gives the claim up. A run that was stopped is due again at once.
func (p *pass) release(tx *gorm.DB, status Ending, held *Hold) error {
	set := map[string]any{"claimed_by": "", "claimed_till": nil}
	if !p.how.Slot.IsZero() && status != Stopped {
		set["last_slot"] = stamp(p.how.Slot)
	}
	if err := one(tx.Model(&Connection{}), p.c.WorkspaceID, p.c.ID).Updates(set).Error; err != nil {
		return err
	}
	now, err := load(tx, p.c.WorkspaceID, p.c.ID) // it may have been paused in the meantime
	if err != nil {
		return err
	}
	paused := now.Status == Paused || now.Held != nil && now.Held.Paused
	fresh := Connection{Status: Active, Held: held}
	switch {
	case held != nil:
		fresh.Status, held.Paused = Held, paused
	case now.Status == Held && status == Done: // what it asked for was approved
		if paused {
			fresh.Status = Paused
		}
	default:
		return nil
	}
	return one(tx.Model(&fresh), p.c.WorkspaceID, p.c.ID).Select("status", "held").Updates(&fresh).Error
}

// thin drops runs beyond those that are kept.
func (p *pass) thin(tx *gorm.DB) error {
	var old []string
	err := of(tx.Model(&SyncRun{}), &p.c).Order("id DESC").Offset(keptRuns).Limit(1000).Pluck("id", &old).Error
	if err != nil || len(old) == 0 {
		return err
	}
	return of(tx, &p.c).Where("id IN ?", old).Delete(&SyncRun{}).Error
}
