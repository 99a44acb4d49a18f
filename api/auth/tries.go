package auth

import (
	"context"
	"fmt"
	"math"
	"net/netip"
	"strings"
	"time"

	"gorm.io/gorm"
)

// attempts is what is kept of failed tries of one account or one address.
type attempts struct {
	Subject     string `gorm:"primaryKey"`
	Failed      int64
	LastAt      time.Time
	LockedUntil *time.Time
}

func (attempts) TableName() string { return "tries" }

// A Locked is an ErrTooMany that says for how long nobody gets in.
type Locked struct{ For time.Duration }

// Error says it in minutes, which is as exact as a reader needs it.
func (l *Locked) Error() string {
	minutes := int(math.Ceil(l.For.Minutes()))
	if minutes == 1 {
		return fmt.Sprintf("%v: too many failed tries to sign in: wait a minute and try again", ErrTooMany)
	}
	return fmt.Sprintf("%v: too many failed tries to sign in: wait %d minutes and try again", ErrTooMany, minutes)
}

// Unwrap has errors.Is find ErrTooMany.
func (l *Locked) Unwrap() error { return ErrTooMany }

// A bound says how many tries may fail. After that many each failed one locks
// for twice as long as the one before, a minute at first.
type bound struct {
	free   int64         // failed tries that lock nothing
	most   time.Duration // that anything is locked for
	within time.Duration // since the last failed try, after which all are forgotten
}

// An account is locked early but not for long, since a stranger can do it. An
// address is an office as often as it is a stranger, so it may fail more often.
func boundOf(subject string) bound {
	if !strings.HasPrefix(subject, "address:") {
		return bound{free: 4, most: 15 * time.Minute, within: 12 * time.Hour}
	}
	return bound{free: 49, most: 30 * time.Minute, within: 2 * time.Hour}
}

// locks is for how long the nth failed try locks.
func (b bound) locks(failed int64) time.Duration {
	over := failed - b.free
	if over <= 0 {
		return 0
	}
	return min(b.most, time.Minute<<min(over-1, 10))
}

// account names the tries of an e-mail, whether it is anybody's or not: what
// was typed there may be a password.
func account(email string) string {
	return "account:" + hash(strings.ToLower(strings.TrimSpace(email)))
}

// place names the tries of a network address: of IPv6 the /64, which is what
// one customer of a provider has.
func place(remote string) string {
	a, err := netip.ParseAddr(remote)
	if err != nil {
		return "address:"
	}
	a = a.Unmap().WithZone("")
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return "address:" + p.String()
		}
	}
	return "address:" + a.String()
}

// try counts a try as failed before it is known to be: so many at once cannot
// outrun the count. It returns ErrTooMany, and counts nothing, where any of the
// subjects is locked.
func (p *People) try(ctx context.Context, subjects []string) error {
	now := p.now()
	p.counting.Lock()
	defer p.counting.Unlock()
	return p.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		for _, subject := range subjects {
			b := boundOf(subject)
			var failed []int64
			err := tx.Raw(`INSERT INTO tries (subject, failed, last_at) VALUES (?, 1, ?)
				ON CONFLICT (subject) DO UPDATE SET last_at = excluded.last_at, locked_until = NULL,
				failed = CASE WHEN tries.last_at < ? THEN 1 ELSE tries.failed + 1 END
				WHERE tries.locked_until IS NULL OR tries.locked_until <= excluded.last_at
				RETURNING failed`, subject, now, now.Add(-b.within)).Scan(&failed).Error
			if err != nil {
				return fmt.Errorf("auth: count tries: %w", err)
			}
			if len(failed) == 0 {
				return locked(tx, subject, now)
			}
			if d := b.locks(failed[0]); d > 0 {
				err := tx.Model(&attempts{}).Where("subject = ?", subject).Update("locked_until", now.Add(d)).Error
				if err != nil {
					return fmt.Errorf("auth: lock: %w", err)
				}
			}
		}
		return nil
	})
}

// locked is why a subject that is locked may not try.
func locked(tx *gorm.DB, subject string, now time.Time) error {
	var a attempts
	if err := tx.Where("subject = ?", subject).Take(&a).Error; err != nil {
		return fmt.Errorf("auth: count tries: %w", err)
	}
	if a.LockedUntil == nil {
		return &Locked{time.Second} // it was unlocked in this moment
	}
	return &Locked{max(a.LockedUntil.Sub(now), time.Second)}
}

// passed takes back what try counted: of an account or a browser all, of an
// address one, since others may be there who fail.
func (p *People) passed(ctx context.Context, subjects []string) error {
	for _, subject := range subjects {
		db := p.db.WithContext(ctx)
		var err error
		if !strings.HasPrefix(subject, "address:") {
			err = db.Where("subject = ?", subject).Delete(&attempts{}).Error
		} else {
			err = db.Model(&attempts{}).Where("subject = ? AND failed > 0", subject).
				Updates(map[string]any{"failed": gorm.Expr("failed - 1"), "locked_until": nil}).Error
		}
		if err != nil {
			return fmt.Errorf("auth: count tries: %w", err)
		}
	}
	return nil
}
