package upkeep

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb"
)

// A Redirect says that a document was merged into another one: who cites the
// first means the second. It is also the row it is stored as.
type Redirect struct {
	WorkspaceID string `gorm:"primaryKey"`
	FromID      string `gorm:"primaryKey"`
	ToID        string // no document that was merged itself
	Author      string
	At          time.Time // UTC
}

// A Merger is what a merge has done.
type Merger struct {
	From, Into string // Into is where the redirect leads, all chains followed
	Cases      int    // how many cases rest on Into that rested on From
	Redirects  int    // how many documents merged into From before lead to Into now
}

// Merge archives a document and has all that leads to it lead to another one:
// redirects of documents merged into it before, and cases that rest on it.
// Where into was merged itself, its own target is meant. Open chores about the
// archived document are done. All of it happens or nothing.
//
// It returns kb.ErrNotFound if one of the documents does not exist,
// kb.ErrInvalid if both are one or of two kinds, and kb.ErrConflict if the
// target is not published, or if from was merged into something else already. A
// merge that is made again changes nothing.
func (s *Store) Merge(ctx context.Context, from, into, author string) (Merger, error) {
	var m Merger
	err := s.write(ctx, func(tx *gorm.DB) error {
		var err error
		m, err = s.merge(ctx, tx, Redirect{WorkspaceID: s.workspace, FromID: from, ToID: into, Author: author, At: s.at()})
		return err
	})
	if err != nil {
		return Merger{}, known(err, fmt.Sprintf("merge %s into %s", from, into))
	}
	return m, nil
}

func (s *Store) merge(ctx context.Context, tx *gorm.DB, r Redirect) (Merger, error) {
	var m Merger
	var err error
	if r.ToID, err = s.target(tx, r.ToID); err != nil {
		return m, err
	}
	m = Merger{From: r.FromID, Into: r.ToID}
	if r.ToID == r.FromID {
		return m, fmt.Errorf("%w: %s would be merged into itself", kb.ErrInvalid, r.FromID)
	}
	before, err := s.target(tx, r.FromID)
	switch {
	case err != nil:
		return m, err
	case before == r.ToID:
		return m, nil
	case before != r.FromID:
		return m, fmt.Errorf("%w: %s was merged into %s already", kb.ErrConflict, r.FromID, before)
	}
	store := kb.New(tx).In(s.workspace)
	if err := archive(ctx, store, &r); err != nil {
		return m, err
	}
	older := s.in(tx).Model(&Redirect{}).Where("to_id = ?", r.FromID).Update("to_id", r.ToID)
	if older.Error != nil {
		return m, older.Error
	}
	m.Redirects = int(older.RowsAffected)
	if err := tx.Create(&r).Error; err != nil {
		return m, err
	}
	if m.Cases, err = s.rest(ctx, tx, &r); err != nil {
		return m, err
	}
	return m, s.finish(tx.Where("document_id = ? OR other_id = ?", r.FromID, r.FromID))
}

// target follows the redirect of a document, if it has one. As no redirect
// leads to a document that was merged itself, one step is enough.
func (s *Store) target(tx *gorm.DB, id string) (string, error) {
	var r Redirect
	err := s.in(tx).Where("from_id = ?", id).Take(&r).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return id, nil
	}
	if err != nil {
		return "", err
	}
	return r.ToID, nil
}

// archive takes the document that is merged out of use.
func archive(ctx context.Context, store *kb.Store, r *Redirect) error {
	from, err := store.Document(ctx, r.FromID)
	if err != nil {
		return err
	}
	into, err := store.Document(ctx, r.ToID)
	switch {
	case err != nil:
		return err
	case from.Kind != into.Kind:
		return fmt.Errorf("%w: the %s %s and the %s %s cannot be merged", kb.ErrInvalid, from.Kind, from.ID, into.Kind, into.ID)
	case into.Status != kb.Published:
		return fmt.Errorf("%w: %s is %s: publish it first", kb.ErrConflict, into.ID, into.Status)
	}
	from.Status, from.Author = kb.Archived, r.Author
	_, err = store.Put(ctx, &from)
	return err
}

// rest has the cases that rest on the merged document rest on its target.
func (s *Store) rest(ctx context.Context, tx *gorm.DB, r *Redirect) (int, error) {
	var cases []*kb.Document
	err := s.in(tx).Where("kind = ? AND resolved_with = ? AND deleted = ?", kb.Case, r.FromID, false).Order("id").Find(&cases).Error
	if err != nil || len(cases) == 0 {
		return 0, err
	}
	for _, c := range cases {
		c.ResolvedWith, c.Author = r.ToID, r.Author
	}
	outcomes, err := kb.New(tx).In(s.workspace).PutAll(ctx, cases)
	if err != nil {
		return 0, err
	}
	for _, o := range outcomes {
		if o.Err != nil {
			return 0, o.Err
		}
	}
	return len(cases), nil
}

// Redirects returns where every merged document leads, by its id.
func (s *Store) Redirects(ctx context.Context) (map[string]string, error) {
	var rs []Redirect
	if err := s.rows(ctx).Find(&rs).Error; err != nil {
		return nil, fmt.Errorf("upkeep: redirects: %w", err)
	}
	out := make(map[string]string, len(rs))
	for _, r := range rs {
		out[r.FromID] = r.ToID
	}
	return out, nil
}
