package kb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
)

// A DB is the knowledge of every workspace. Its methods may be called from
// many goroutines.
type DB struct {
	db  *gorm.DB
	now func() time.Time
}

// New returns the knowledge kept in db, whose schema must be current.
func New(db *gorm.DB) *DB { return &DB{db: db, now: time.Now} }

// Create adds a workspace. It returns ErrConflict if its id is taken.
func (b *DB) Create(ctx context.Context, id, name string) (Workspace, error) {
	w := Workspace{ID: id, Name: name, CreatedAt: stamp(b.now())}
	if err := w.Validate(); err != nil {
		return Workspace{}, err
	}
	err := b.db.WithContext(ctx).Create(&w).Error
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return Workspace{}, fmt.Errorf("%w: workspace %s exists already", ErrConflict, id)
	}
	if err != nil {
		return Workspace{}, fmt.Errorf("kb: create workspace %s: %w", id, err)
	}
	return w, nil
}

// Workspace returns the workspace with the given id, or ErrNotFound.
func (b *DB) Workspace(ctx context.Context, id string) (Workspace, error) {
	var w Workspace
	err := b.db.WithContext(ctx).Where("id = ?", id).Take(&w).Error
	if err != nil {
		return Workspace{}, notFound(err, "workspace", id)
	}
	return w, nil
}

// Workspaces returns every workspace by id.
func (b *DB) Workspaces(ctx context.Context) ([]Workspace, error) {
	var ws []Workspace
	if err := b.db.WithContext(ctx).Order("id").Find(&ws).Error; err != nil {
		return nil, fmt.Errorf("kb: workspaces: %w", err)
	}
	return ws, nil
}

// Remove deletes the workspace with all that belongs to it. It cannot be
// undone. It returns ErrNotFound if there is none.
func (b *DB) Remove(ctx context.Context, id string) error {
	done := b.db.WithContext(ctx).Where("id = ?", id).Delete(&Workspace{})
	if done.Error != nil {
		return fmt.Errorf("kb: remove workspace %s: %w", id, done.Error)
	}
	if done.RowsAffected == 0 {
		return fmt.Errorf("%w: workspace %s", ErrNotFound, id)
	}
	return nil
}

// In returns the store of one workspace, which need not exist yet.
func (b *DB) In(workspace string) *Store {
	return &Store{db: b.db, now: b.now, workspace: workspace}
}

// A Store keeps the documents of one workspace and can reach no other. Its
// methods may be called from many goroutines.
type Store struct {
	db        *gorm.DB
	now       func() time.Time
	workspace string
}

// rows returns a query bound to the store's workspace.
func (s *Store) rows(ctx context.Context) *gorm.DB {
	return s.db.WithContext(ctx).Where("workspace_id = ?", s.workspace)
}

// Workspace returns the id of the workspace that s is opened in.
func (s *Store) Workspace() string { return s.workspace }

// Document returns the document with the given id, or ErrNotFound if there is
// none or it was deleted.
func (s *Store) Document(ctx context.Context, id string) (Document, error) {
	var d Document
	err := s.rows(ctx).Where("id = ? AND deleted = ?", id, false).Take(&d).Error
	if err != nil {
		return Document{}, notFound(err, "document", id)
	}
	return d, nil
}

// Documents returns those of the documents that exist, by id.
func (s *Store) Documents(ctx context.Context, ids []string) (map[string]Document, error) {
	var ds []Document
	if err := s.rows(ctx).Where("id IN ? AND deleted = ?", ids, false).Find(&ds).Error; err != nil {
		return nil, fmt.Errorf("kb: documents: %w", err)
	}
	out := make(map[string]Document, len(ds))
	for _, d := range ds {
		out[d.ID] = d
	}
	return out, nil
}

// Texts is Documents with no more of each than it takes to quote it: its ID,
// Kind, Status, Revision, Body, Problem and Resolution. Every suggestion asks
// for some, and the rest takes longer to read than they do.
func (s *Store) Texts(ctx context.Context, ids []string) (map[string]Document, error) {
	failed := func(err error) error { return fmt.Errorf("kb: texts: %w", err) }
	rows, err := s.rows(ctx).Model(&Document{}).Where("id IN ? AND deleted = ?", ids, false).
		Select("id, kind, status, revision, body, problem, resolution").Rows()
	if err != nil {
		return nil, failed(err)
	}
	defer func() { _ = rows.Close() }() // what was read is read
	out := make(map[string]Document, len(ids))
	for rows.Next() {
		var d Document
		if err := rows.Scan(&d.ID, &d.Kind, &d.Status, &d.Revision, &d.Body, &d.Problem, &d.Resolution); err != nil {
			return nil, failed(err)
		}
		d.WorkspaceID = s.workspace
		out[d.ID] = d
	}
	if err := rows.Err(); err != nil {
		return nil, failed(err)
	}
	return out, nil
}

// Changes returns up to limit documents changed after the given place in the
// feed, in the order they changed, deleted ones included. A document changed
// twice appears once, at its latest place. A reader that remembers the last
// Seq it handled misses nothing.
func (s *Store) Changes(ctx context.Context, after int64, limit int) ([]Document, error) {
	var ds []Document
	if err := s.rows(ctx).Where("seq > ?", after).Order("seq").Limit(limit).Find(&ds).Error; err != nil {
		return nil, fmt.Errorf("kb: changes after %d: %w", after, err)
	}
	return ds, nil
}

// ChangesOf is Changes for documents of one kind.
func (s *Store) ChangesOf(ctx context.Context, kind Kind, after int64, limit int) ([]Document, error) {
	var ds []Document
	if err := s.rows(ctx).Where("kind = ? AND seq > ?", kind, after).Order("seq").Limit(limit).Find(&ds).Error; err != nil {
		return nil, fmt.Errorf("kb: changes of %s after %d: %w", kind, after, err)
	}
	return ds, nil
}

// Count returns how many documents of each kind are in use, deleted ones left
// out.
func (s *Store) Count(ctx context.Context) (map[Kind]int, error) {
	var rows []struct {
		Kind Kind
		N    int
	}
	err := s.rows(ctx).Model(&Document{}).Where("deleted = ?", false).
		Select("kind, COUNT(*) AS n").Group("kind").Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("kb: count documents: %w", err)
	}
	out := make(map[Kind]int)
	for _, r := range rows {
		out[r.Kind] = r.N
	}
	return out, nil
}

// stamp brings a time to what both databases keep exactly.
func stamp(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// notFound turns a missing row into ErrNotFound and wraps the rest.
func notFound(err error, what, id string) error {
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return fmt.Errorf("%w: %s %s", ErrNotFound, what, id)
	}
	return fmt.Errorf("kb: %s %s: %w", what, id, err)
}
