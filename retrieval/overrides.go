package retrieval

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm/clause"
)

// What an Override is about.
const (
	OverSource   = "source"
	OverOperator = "operator"
)

// The actions of overrides.
const (
	Pin     = "pin"     // a source: ranks as if it had proven as useful as can be, whatever is learned
	Reset   = "reset"   // a source or operator: what was learned before At does not count
	Exclude = "exclude" // a source: is not used; an operator: nothing of theirs counts
)

// An Override is what a person decides over what was learned, about one source
// or operator. It holds at once, before anything is learned again. It is also
// the row it is stored as.
type Override struct {
	WorkspaceID string `gorm:"primaryKey"`
	Kind        string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"` // of the source or operator
	Action      string
	Author      string
	At          time.Time // UTC
}

// Validate reports, as an ErrInvalid, what makes no sense.
func (o *Override) Validate() error {
	actions := []string{Pin, Reset, Exclude}
	if o.Kind == OverOperator {
		actions = actions[1:]
	}
	switch {
	case o.Kind != OverSource && o.Kind != OverOperator:
		return fmt.Errorf("%w: override of a %q: use source or operator", ErrInvalid, o.Kind)
	case o.ID == "":
		return fmt.Errorf("%w: an override needs an id", ErrInvalid)
	case !slices.Contains(actions, o.Action):
		return fmt.Errorf("%w: %s: action %q: use one of %v", ErrInvalid, o.Kind, o.Action, actions)
	}
	return nil
}

// Override stores o in place of what was decided about the same thing before.
func (s *Store) Override(ctx context.Context, o Override) error {
	if err := o.Validate(); err != nil {
		return err
	}
	o.At = micro(o.At)
	if err := s.db.WithContext(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&o).Error; err != nil {
		return fmt.Errorf("retrieval: override %s %s: %w", o.Kind, o.ID, err)
	}
	s.forgetOverrides(o.WorkspaceID)
	return nil
}

// Lift takes an override away. That there was none is no error.
func (s *Store) Lift(ctx context.Context, workspace, kind, id string) error {
	err := s.db.WithContext(ctx).Where("workspace_id = ? AND kind = ? AND id = ?", workspace, kind, id).Delete(&Override{}).Error
	if err != nil {
		return fmt.Errorf("retrieval: lift override of %s %s: %w", kind, id, err)
	}
	s.forgetOverrides(workspace)
	return nil
}

// Overrides returns all that holds in the workspace, by kind and id.
func (s *Store) Overrides(ctx context.Context, workspace string) ([]Override, error) {
	var os []Override
	if err := s.db.WithContext(ctx).Where("workspace_id = ?", workspace).Order("kind, id").Find(&os).Error; err != nil {
		return nil, fmt.Errorf("retrieval: overrides: %w", err)
	}
	return os, nil
}

// sourceOverrides returns what holds for sources, by id.
func (s *Store) sourceOverrides(ctx context.Context, workspace string) (map[string]Override, error) {
	now := time.Now()
	s.mu.Lock()
	k, ok := s.overrides[workspace]
	s.mu.Unlock()
	if ok && now.Before(k.until) {
		return k.actions, nil
	}
	all, err := s.Overrides(ctx, workspace)
	if err != nil {
		return nil, err
	}
	actions := make(map[string]Override)
	for _, o := range all {
		if o.Kind == OverSource {
			actions[o.ID] = o
		}
	}
	s.mu.Lock()
	s.overrides[workspace] = knownOverrides{actions, now.Add(remembered)}
	s.mu.Unlock()
	return actions, nil
}

func (s *Store) forgetOverrides(workspace string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.overrides, workspace)
}
