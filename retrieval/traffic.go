package retrieval

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// A Passing is what watching traffic reads of a suggestion.
type Passing struct {
	ID            string
	TicketID      string
	CustomerID    string
	Topic         string // see Suggestion
	Question      string // without personal data
	Language      string
	RawConfidence float64
	Decision      Decision
	Blind         Blindness
	CreatedAt     time.Time // UTC
}

// Traffic returns the suggestions of the workspace made after a time, the
// latest most of them, oldest first.
func (s *Store) Traffic(ctx context.Context, workspace string, after time.Time, most int) ([]Passing, error) {
	var ps []Passing
	err := s.db.WithContext(ctx).Model(&Suggestion{}).Where("workspace_id = ? AND created_at > ?", workspace, after.UTC()).
		Select("id", "ticket_id", "customer_id", "topic", "question", "language", "raw_confidence", "decision", "blind", "created_at").
		Order("created_at DESC, id DESC").Limit(most).Scan(&ps).Error
	if err != nil {
		return nil, fmt.Errorf("retrieval: read traffic: %w", err)
	}
	slices.Reverse(ps)
	for i := range ps {
		ps[i].CreatedAt = ps[i].CreatedAt.UTC()
	}
	return ps, nil
}
