package kb

import (
	"context"
	"fmt"
	"time"
)

// A Revision is what a document was before it became what it is: the content,
// who made it and when. The latest version is the Document itself.
type Revision struct {
	WorkspaceID string    `gorm:"primaryKey"`
	DocumentID  string    `gorm:"primaryKey"`
	Revision    int64     `gorm:"primaryKey"`
	Content     Content   `gorm:"serializer:json"`
	Originals   Originals `gorm:"serializer:json"`
	Author      string
	Deleted     bool       // this version was a tombstone
	ResolvedAt  *time.Time // UTC; cases only, nil when not known
	At          time.Time  // UTC: when it was made
}

// version returns d as a Revision.
func (d *Document) version() Revision {
	return Revision{
		WorkspaceID: d.WorkspaceID, DocumentID: d.ID, Revision: d.Revision, Content: d.Content,
		Originals: d.Originals, Author: d.Author, Deleted: d.Deleted, ResolvedAt: d.ResolvedAt,
		At: d.UpdatedAt,
	}
}

// Revisions returns every version of the document, the latest first. It
// returns ErrNotFound if there never was such a document.
func (s *Store) Revisions(ctx context.Context, id string) ([]Revision, error) {
	var d Document
	if err := s.rows(ctx).Where("id = ?", id).Take(&d).Error; err != nil {
		return nil, notFound(err, "document", id)
	}
	var older []Revision
	if err := s.rows(ctx).Where("document_id = ?", id).Order("revision DESC").Find(&older).Error; err != nil {
		return nil, fmt.Errorf("kb: revisions of %s: %w", id, err)
	}
	return append([]Revision{d.version()}, older...), nil
}

// Restore makes an earlier version of the document its newest, deleted or not
// in between. It returns ErrNotFound if there is no such version, and
// ErrInvalid if that version was a tombstone.
func (s *Store) Restore(ctx context.Context, id string, revision int64, author string) (Document, error) {
	versions, err := s.Revisions(ctx, id)
	if err != nil {
		return Document{}, err
	}
	var now Document
	if err := s.rows(ctx).Where("id = ?", id).Take(&now).Error; err != nil {
		return Document{}, notFound(err, "document", id)
	}
	for _, v := range versions {
		if v.Revision != revision {
			continue
		}
		if v.Deleted {
			return Document{}, fmt.Errorf("%w: revision %d of %s is its deletion", ErrInvalid, revision, id)
		}
		d := Document{ID: id, Kind: now.Kind, Content: v.Content, Origin: now.Origin, Author: author, ResolvedAt: v.ResolvedAt}
		d.restored = v.Originals
		_, err := s.Put(ctx, &d)
		return d, err
	}
	return Document{}, fmt.Errorf("%w: document %s has no revision %d", ErrNotFound, id, revision)
}

// Originals says what the placeholders in a case's texts stand for. It is for
// those who may see personal data and for nobody else.
type Originals map[string]string
