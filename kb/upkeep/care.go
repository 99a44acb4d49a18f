package upkeep

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/whetstone-desk/whetstone/kb"
)

// DefaultInterval is how many days a verification holds unless another interval
// is set.
const DefaultInterval = 90

// maxInterval bounds an interval, in days: a century, and then it is no
// interval.
const maxInterval = 36500

// A Care says who answers for a document and when somebody last said that it
// holds. It is also the row it is stored as.
type Care struct {
	WorkspaceID  string     `gorm:"primaryKey"`
	DocumentID   string     `gorm:"primaryKey"`
	Owner        string     // empty: nobody
	IntervalDays int64      // how long a verification holds; 0: DefaultInterval
	VerifiedAt   *time.Time // UTC; nil: never
	VerifiedBy   string     // who said so; "auto" where operators kept sending it unchanged
	Revision     int64      // of the document, that was verified
}

// TableName is the table of cares.
func (Care) TableName() string { return "care" }

// interval is how long a verification holds.
func (c *Care) interval() time.Duration {
	return time.Duration(cmp.Or(c.IntervalDays, DefaultInterval)) * 24 * time.Hour
}

// Cares returns the care of those documents that have any, by document.
func (s *Store) Cares(ctx context.Context, ids []string) (map[string]Care, error) {
	out := make(map[string]Care)
	for part := range slices.Chunk(ids, rowsAtOnce) {
		var cs []Care
		if err := s.rows(ctx).Where("document_id IN ?", part).Find(&cs).Error; err != nil {
			return nil, fmt.Errorf("upkeep: care: %w", err)
		}
		for _, c := range cs {
			out[c.DocumentID] = c
		}
	}
	return out, nil
}

// SetOwner says who answers for a document, empty for nobody, and how many days
// a verification of it holds, 0 for DefaultInterval. It returns kb.ErrNotFound
// for a document that does not exist, kb.ErrInvalid for a negative interval or
// one of more than a century.
func (s *Store) SetOwner(ctx context.Context, id, owner string, intervalDays int64) (Care, error) {
	if intervalDays < 0 || intervalDays > maxInterval {
		return Care{}, fmt.Errorf("%w: interval of %d days: use 0 to %d", kb.ErrInvalid, intervalDays, maxInterval)
	}
	return s.care(ctx, id, func(c *Care, _ *kb.Document) error {
		c.Owner, c.IntervalDays = owner, intervalDays
		return nil
	})
}

// A Verification is somebody's word that a document holds.
type Verification struct {
	By       string // not empty
	At       time.Time
	Revision int64 // what was read; 0: the latest
}

// Verify keeps that somebody says a document holds. It returns kb.ErrConflict
// if another revision than the one that was read is the latest, and
// kb.ErrNotFound for a document that does not exist. A verification older than
// the one that is kept changes nothing.
func (s *Store) Verify(ctx context.Context, id string, v Verification) (Care, error) {
	if v.By == "" || v.At.IsZero() {
		return Care{}, fmt.Errorf("%w: a verification needs a name and a time", kb.ErrInvalid)
	}
	return s.care(ctx, id, func(c *Care, d *kb.Document) error {
		if v.Revision != 0 && v.Revision != d.Revision {
			return fmt.Errorf("%w: %s has revision %d by now, and %d was verified", kb.ErrConflict, id, d.Revision, v.Revision)
		}
		at := stamp(v.At)
		if c.VerifiedAt == nil || at.After(*c.VerifiedAt) {
			c.VerifiedAt, c.VerifiedBy, c.Revision = &at, v.By, d.Revision
		}
		return nil
	})
}

// care changes the care of a document that exists.
func (s *Store) care(ctx context.Context, id string, change func(*Care, *kb.Document) error) (Care, error) {
	var c Care
	err := s.write(ctx, func(tx *gorm.DB) error {
		d, err := kb.New(tx).In(s.workspace).Document(ctx, id)
		if err != nil {
			return err
		}
		c = Care{}
		err = s.in(tx).Where("document_id = ?", id).Take(&c).Error
		if err != nil && !errors.Is(err, gorm.ErrRecordNotFound) {
			return err
		}
		c.WorkspaceID, c.DocumentID = s.workspace, id
		if err := change(&c, &d); err != nil {
			return err
		}
		return tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&c).Error
	})
	if err != nil {
		return Care{}, known(err, "care of "+id)
	}
	return c, nil
}

// An Overdue document was not verified within its interval.
type Overdue struct {
	DocumentID string
	Title      string
	Owner      string     // empty: nobody
	Hash       string     // of what it says now
	Revision   int64      // the latest
	Since      time.Time  // when it was last verified or changed
	Due        time.Time  // when its interval ended
	VerifiedAt *time.Time // nil: never
}

// Stale returns the published articles whose interval has ended at the given
// time, the longest overdue first. An interval begins with the last
// verification or the last change, whichever is later: who writes an article
// says that it holds.
func (s *Store) Stale(ctx context.Context, now time.Time) ([]Overdue, error) {
	var docs []kb.Document
	err := s.rows(ctx).Select("id", "title", "hash", "revision", "updated_at").
		Where("kind = ? AND status = ? AND deleted = ?", kb.Article, kb.Published, false).Find(&docs).Error
	if err != nil {
		return nil, fmt.Errorf("upkeep: stale documents: %w", err)
	}
	var cares []Care
	if err := s.rows(ctx).Find(&cares).Error; err != nil {
		return nil, fmt.Errorf("upkeep: stale documents: %w", err)
	}
	of := make(map[string]*Care, len(cares))
	for i := range cares {
		of[cares[i].DocumentID] = &cares[i]
	}
	var out []Overdue
	for _, d := range docs {
		c := cmp.Or(of[d.ID], new(Care))
		o := Overdue{DocumentID: d.ID, Title: d.Title, Owner: c.Owner, Hash: d.Hash, Revision: d.Revision, Since: d.UpdatedAt.UTC(), VerifiedAt: c.VerifiedAt}
		if c.VerifiedAt != nil && c.VerifiedAt.After(o.Since) {
			o.Since = c.VerifiedAt.UTC()
		}
		if o.Due = o.Since.Add(c.interval()); !now.Before(o.Due) {
			out = append(out, o)
		}
	}
	slices.SortFunc(out, func(a, b Overdue) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.DocumentID, b.DocumentID))
	})
	return out, nil
}
