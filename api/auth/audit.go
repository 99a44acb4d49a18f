package auth

import (
	"context"
	"fmt"
	"time"

	"github.com/oklog/ulid/v2"
	"gorm.io/gorm"
)

// An Entry is one thing that somebody changed. It has nothing of what was
// written: no body, no text of a customer.
type Entry struct {
	WorkspaceID string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"` // later ones are greater
	ActorID     string // of the person ("person:…") or the key
	Actor       string // their name then
	Method      string // of HTTP
	Operation   string // by its id in the API's description
	Subject     string // what was changed, by its id; may be empty
	Detail      string // in a few words; may be empty
	RequestID   string
	At          time.Time
}

// TableName names the table of entries.
func (Entry) TableName() string { return "audit" }

// An Audit keeps who changed what. Its methods may be called from many
// goroutines.
type Audit struct {
	db  *gorm.DB
	now func() time.Time
}

// NewAudit returns what is kept in db, whose schema must be current. It is now
// by the clock given.
func NewAudit(db *gorm.DB, now func() time.Time) *Audit {
	return &Audit{db: db, now: func() time.Time { return now().UTC().Truncate(time.Microsecond) }}
}

// Lengths in runes to which subject and detail are cut.
const (
	subjectMost = 300
	detailMost  = 300
)

// Keep adds an entry, whose id and time it sets.
func (a *Audit) Keep(ctx context.Context, e *Entry) error {
	e.ID, e.At = ulid.Make().String(), a.now()
	e.Subject, e.Detail = cut(e.Subject, subjectMost), cut(e.Detail, detailMost)
	if err := a.db.WithContext(ctx).Create(e).Error; err != nil {
		return fmt.Errorf("auth: audit %s: %w", e.Operation, err)
	}
	return nil
}

func cut(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most-1]) + "…"
}

// A Filter says which entries are wanted; empty fields let all pass.
type Filter struct {
	Who     string // an actor's id or name
	What    string // an operation
	Subject string
	Before  string // an entry's id: those older
	Limit   int    // how many at most, from 1
}

// Entries returns the workspace's entries, the newest first.
func (a *Audit) Entries(ctx context.Context, workspace string, f Filter) ([]Entry, error) {
	q := a.db.WithContext(ctx).Where("workspace_id = ?", workspace)
	if f.Who != "" {
		q = q.Where("actor_id = ? OR actor = ?", f.Who, f.Who)
	}
	if f.What != "" {
		q = q.Where("operation = ?", f.What)
	}
	if f.Subject != "" {
		q = q.Where("subject = ?", f.Subject)
	}
	if f.Before != "" {
		q = q.Where("id < ?", f.Before)
	}
	var all []Entry
	if err := q.Order("id DESC").Limit(f.Limit).Find(&all).Error; err != nil {
		return nil, fmt.Errorf("auth: audit: %w", err)
	}
	return all, nil
}

// Forget removes entries older than before and returns how many.
func (a *Audit) Forget(ctx context.Context, before time.Time) (int64, error) {
	done := a.db.WithContext(ctx).Where("at < ?", before.UTC()).Delete(&Entry{})
	if done.Error != nil {
		return 0, fmt.Errorf("auth: forget audit: %w", done.Error)
	}
	return done.RowsAffected, nil
}
