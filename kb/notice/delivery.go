package notice

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
)

// A Status says how far a delivery got.
type Status string

// The statuses of deliveries.
const (
	Pending   Status = "pending"   // is to be sent when it is due
	Delivered Status = "delivered" // has arrived
	Failed    Status = "failed"    // is not tried again, unless somebody asks for it
)

// A Delivery is the telling of one notice to one hook. It is also the row it is
// stored as.
type Delivery struct {
	WorkspaceID string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"` // a ULID; the same in each attempt, so that a receiver knows it again
	NoticeID    string
	HookID      string
	Status      Status
	Attempts    int       // that were begun
	Code        int       // what the last attempt was answered with: an HTTP or SMTP status; 0: nothing
	Error       string    // why the last attempt failed, without any secret; empty: it did not
	Due         time.Time // UTC; when it is tried next, of a pending one
	At          time.Time // UTC; of the last attempt's end, or of the notice
}

// Retries are the times between the attempts of a delivery: one that fails
// once more after the last is not tried again. They are measured from the end
// of an attempt.
func Retries() []time.Duration {
	return []time.Duration{
		10 * time.Second, time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 24 * time.Hour,
	}
}

// A Parcel is a delivery with all that is needed to send it.
type Parcel struct {
	Delivery Delivery
	Notice   Notice
	Hook     Hook
}

// Claim takes up to most deliveries that are due at now, longest due first, and
// gives whoever called until now+lease to send them and to call Done on each:
// after that they are due again, for anybody. Of several processes that call
// at a time, one gets each. Those of hooks that are switched off fail instead.
func (s *Store) Claim(ctx context.Context, now time.Time, lease time.Duration, most int) ([]Parcel, error) {
	now = stamp(now)
	var ds []Delivery
	// One statement: on PostgreSQL a row that another process has claimed
	// meanwhile is looked at again and is not due any more.
	err := s.db.WithContext(ctx).Raw(`
		UPDATE deliveries SET due = ?, attempts = attempts + 1
		WHERE status = ? AND due <= ? AND (workspace_id, id) IN (
			SELECT workspace_id, id FROM deliveries WHERE status = ? AND due <= ? ORDER BY due, id LIMIT ?)
		RETURNING *`, now.Add(lease), Pending, now, Pending, now, most).Scan(&ds).Error
	if err != nil {
		return nil, fmt.Errorf("notice: claim deliveries: %w", err)
	}
	ps := make([]Parcel, 0, len(ds))
	for _, d := range ds {
		p, err := s.parcel(ctx, d)
		switch {
		case errors.Is(err, ErrNotFound):
			continue // the hook was deleted just now, and the delivery with it
		case err != nil:
			return nil, err
		case !p.Hook.Active:
			if err := s.Done(ctx, d, Outcome{Final: true, Error: "the hook is switched off", At: now}); err != nil {
				return nil, err
			}
			continue
		}
		ps = append(ps, p)
	}
	return ps, nil
}

func (s *Store) parcel(ctx context.Context, d Delivery) (Parcel, error) {
	p := Parcel{Delivery: d}
	db := s.db.WithContext(ctx)
	err := db.Where("workspace_id = ? AND id = ?", d.WorkspaceID, d.HookID).Take(&p.Hook).Error
	if err == nil {
		err = db.Where("workspace_id = ? AND id = ?", d.WorkspaceID, d.NoticeID).Take(&p.Notice).Error
	}
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return p, fmt.Errorf("%w: what delivery %s is of", ErrNotFound, d.ID)
	}
	if err != nil {
		return p, fmt.Errorf("notice: delivery %s: %w", d.ID, err)
	}
	return p, nil
}

// An Outcome is how an attempt ended.
type Outcome struct {
	OK    bool      // it arrived
	Final bool      // it did not, and trying again would not help
	Gone  bool      // the receiver wants nothing more: its hook is switched off
	Code  int       // see Delivery
	Error string    // see Delivery
	At    time.Time // of the end
}

// maxError bounds the text of a failure, in runes.
const maxError = 500

// Done keeps how the attempt that d was claimed for ended. If d was claimed
// again meanwhile, only an arrival is kept. A failure that is not final is due
// again after the next of Retries.
func (s *Store) Done(ctx context.Context, d Delivery, o Outcome) error {
	o.At = stamp(o.At)
	set := map[string]any{"status": Delivered, "code": o.Code, "error": line(o.Error, maxError), "at": o.At}
	db := s.db.WithContext(ctx).Model(&Delivery{}).Where("workspace_id = ? AND id = ?", d.WorkspaceID, d.ID)
	if !o.OK {
		db = db.Where("status = ? AND attempts = ?", Pending, d.Attempts)
		set["status"] = Failed
		if waits := Retries(); !o.Final && !o.Gone && d.Attempts <= len(waits) {
			set["status"], set["due"] = Pending, o.At.Add(waits[max(d.Attempts, 1)-1])
		}
	}
	err := db.Updates(set).Error
	if err == nil && o.Gone {
		err = s.db.WithContext(ctx).Model(&Hook{}).
			Where("workspace_id = ? AND id = ?", d.WorkspaceID, d.HookID).Update("active", false).Error
	}
	if err != nil {
		return fmt.Errorf("notice: end of delivery %s: %w", d.ID, err)
	}
	return nil
}
