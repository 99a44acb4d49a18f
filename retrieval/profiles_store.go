package retrieval

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Profiles returns the workspace's profiles by name: those that were set, and
// the default one, which is there before any was.
func (s *Store) Profiles(ctx context.Context, workspace string) ([]Profile, error) {
	var rows []storedProfile
	if err := s.db.WithContext(ctx).Where("workspace_id = ?", workspace).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("retrieval: profiles: %w", err)
	}
	out := make([]Profile, 0, len(rows)+1)
	for _, r := range rows {
		out = append(out, r.Data)
	}
	if !slices.ContainsFunc(out, func(p Profile) bool { return p.Name == DefaultName }) {
		out = append(out, DefaultProfile())
	}
	// The databases sort in ways of their own.
	slices.SortFunc(out, func(a, b Profile) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

// DeleteProfile removes a profile of the workspace, or returns ErrNotFound if
// it was never set. With the default profile what was set is removed, and
// DefaultProfile answers again; that nothing was set is no error there. Other
// processes may use what was removed for a second.
func (s *Store) DeleteProfile(ctx context.Context, workspace, name string) error {
	done := s.db.WithContext(ctx).Where("workspace_id = ? AND name = ?", workspace, name).Delete(&storedProfile{})
	if done.Error != nil {
		return fmt.Errorf("retrieval: delete profile %s: %w", name, done.Error)
	}
	s.mu.Lock()
	delete(s.known, [2]string{workspace, name})
	s.mu.Unlock()
	if done.RowsAffected == 0 && name != DefaultName {
		return fmt.Errorf("%w: profile %s", ErrNotFound, name)
	}
	return nil
}

// Operators returns the ids of those operators of the groups, or of all if
// none is named, who asked for a suggestion since the given time: at most n,
// by id.
func (s *Store) Operators(ctx context.Context, workspace string, groups []string, since time.Time, n int) ([]string, error) {
	q := s.db.WithContext(ctx).Model(&Suggestion{}).
		Where("workspace_id = ? AND operator_id <> '' AND created_at >= ?", workspace, since.UTC())
	if len(groups) > 0 {
		q = q.Where("operator_group IN ?", groups)
	}
	var ids []string
	if err := q.Distinct("operator_id").Order("operator_id").Limit(n).Pluck("operator_id", &ids).Error; err != nil {
		return nil, fmt.Errorf("retrieval: operators: %w", err)
	}
	return ids, nil
}
