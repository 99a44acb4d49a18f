package retrieval

import (
	"context"
	"fmt"
)

// An UnsurePage asks for suggestions that show by themselves that something may
// be lacking.
type UnsurePage struct {
	After string  // an id: only greater ones; empty: from the first on
	Below float64 // confidence of the drafts that count as unsure
	Limit int
}

// Unsure returns the ids of suggestions that offered no reply, though the search
// could see, or one with less than a confidence, in order.
func (s *Store) Unsure(ctx context.Context, workspace string, p UnsurePage) ([]string, error) {
	var ids []string
	err := s.db.WithContext(ctx).Model(&Suggestion{}).Where("workspace_id = ? AND id > ? AND blind = ''", workspace, p.After).
		Where("decision = ? OR confidence < ?", Abstained, p.Below).Order("id").Limit(p.Limit).Pluck("id", &ids).Error
	if err != nil {
		return nil, fmt.Errorf("retrieval: unsure suggestions: %w", err)
	}
	return ids, nil
}

// Last returns the greatest id of the workspace's suggestions; empty if there
// are none.
func (s *Store) Last(ctx context.Context, workspace string) (string, error) {
	var ids []string
	err := s.db.WithContext(ctx).Model(&Suggestion{}).Where("workspace_id = ?", workspace).Order("id DESC").Limit(1).Pluck("id", &ids).Error
	if err != nil {
		return "", fmt.Errorf("retrieval: last suggestion: %w", err)
	}
	if len(ids) == 0 {
		return "", nil
	}
	return ids[0], nil
}
