package kb

import (
	"context"
	"fmt"
)

// A Title is what a document is called by, without the rest of it.
type Title struct {
	ID      string
	Kind    Kind
	Title   string // its first 200 runes; of a case without one, of its problem
	Status  Status
	Deleted bool
	Seq     int64 // place in the workspace's change feed
}

// Titles is Changes with titles alone.
func (s *Store) Titles(ctx context.Context, after int64, limit int) ([]Title, error) {
	var ts []Title
	err := s.rows(ctx).Model(&Document{}).Where("seq > ?", after).Order("seq").Limit(limit).
		Select("id, kind, SUBSTR(CASE WHEN title = '' THEN problem ELSE title END, 1, 200) AS title, status, deleted, seq").Scan(&ts).Error
	if err != nil {
		return nil, fmt.Errorf("kb: titles after %d: %w", after, err)
	}
	return ts, nil
}
