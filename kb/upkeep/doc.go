// Package upkeep keeps what the knowledge base needs to stay true: chores for
// its editors (duplicates, contradictions, what is stale), who answers for a
// document and when somebody last said that it holds, which documents were
// merged into others, and which rest on something that has changed.
//
// It stores and keeps the rules of what may become what. Finding chores, and
// deciding what is done about a document in quarantine, is for others.
package upkeep

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb"
)

// A DB is the upkeep of every workspace. Its methods may be called from many
// goroutines.
type DB struct {
	db  *gorm.DB
	now func() time.Time
}

// New returns the upkeep kept in db, whose schema must be current. now is the
// clock; nil: time.Now.
func New(db *gorm.DB, now func() time.Time) *DB {
	if now == nil {
		now = time.Now
	}
	return &DB{db, now}
}

// In returns the store of one workspace.
func (b *DB) In(workspace string) *Store { return &Store{b.db, b.now, workspace} }

// A Store keeps the upkeep of one workspace and can reach no other. Its methods
// may be called from many goroutines.
type Store struct {
	db        *gorm.DB
	now       func() time.Time
	workspace string
}

// rows returns a query bound to the store's workspace.
func (s *Store) rows(ctx context.Context) *gorm.DB { return s.in(s.db.WithContext(ctx)) }

// in binds a query, of a transaction it may be, to the store's workspace.
func (s *Store) in(db *gorm.DB) *gorm.DB { return db.Where("workspace_id = ?", s.workspace) }

// write runs do in a transaction that has the workspace to itself among the
// writers of documents: the row that they count changes in is locked first, so
// that what do reads stays as it is. It returns kb.ErrNotFound if there is no
// such workspace.
func (s *Store) write(ctx context.Context, do func(tx *gorm.DB) error) error {
	return s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		got := tx.Exec("UPDATE workspaces SET changes = changes WHERE id = ?", s.workspace)
		if got.Error != nil {
			return got.Error
		}
		if got.RowsAffected == 0 {
			return fmt.Errorf("%w: workspace %s", kb.ErrNotFound, s.workspace)
		}
		return do(tx)
	})
}

// at is the time now, as both databases keep it.
func (s *Store) at() time.Time { return stamp(s.now()) }

// stamp brings a time to what both databases keep exactly.
func stamp(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// rowsAtOnce keeps a statement's parameters under what both databases take.
const rowsAtOnce = 500

// known passes on what package kb tells of an input, and says of everything
// else what was being done.
func known(err error, doing string) error {
	if err == nil || errors.Is(err, kb.ErrNotFound) || errors.Is(err, kb.ErrInvalid) || errors.Is(err, kb.ErrConflict) {
		return err
	}
	return fmt.Errorf("upkeep: %s: %w", doing, err)
}

// A Passage is a part of a document that a chore or a quarantine is about, as
// it was when it was found.
type Passage struct {
	DocumentID string    `json:"document_id"`
	Quote      string    `json:"quote"`
	Start      int       `json:"start"` // runes of the document's text
	End        int       `json:"end"`   // runes, behind the last
	UpdatedAt  time.Time `json:"updated_at"`
}

// Forget removes what is kept of documents that are erased for good: chores and
// quarantines, which quote them, care and redirects from them. Unknown ids are
// passed over.
func (s *Store) Forget(ctx context.Context, ids []string) error {
	err := s.write(ctx, func(tx *gorm.DB) error {
		for from := 0; from < len(ids); from += rowsAtOnce {
			part := ids[from:min(from+rowsAtOnce, len(ids))]
			for _, gone := range []struct {
				model any
				where string
			}{
				{&Chore{}, "document_id IN @ids OR other_id IN @ids"}, {&Care{}, "document_id IN @ids"},
				{&Quarantine{}, "document_id IN @ids OR cause_id IN @ids"}, {&Redirect{}, "from_id IN @ids"},
			} {
				err := s.in(tx).Where(gone.where, map[string]any{"ids": part}).Delete(gone.model).Error
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
	return known(err, "forget documents")
}
