package feedback

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// A SourceNote is one judgement of a source, for those who want to know why it
// ranks where it does.
type SourceNote struct {
	SuggestionID string    `json:"suggestion_id"`
	Topic        string    `json:"topic,omitempty"`
	Used         Use       `json:"used,omitempty"`
	Verdict      Verdict   `json:"verdict,omitempty"`
	Amount       float64   `json:"amount"`
	Why          string    `json:"why"`
	At           time.Time `json:"at"`
}

// Notes returns the latest judgements of a source, the newest first.
func (f *Feed) Notes(ctx context.Context, source string, limit int) ([]SourceNote, error) {
	var js []Judgement
	// Credits are JSON, and an id has no character that JSON would write
	// otherwise; what LIKE takes for a wildcard only finds too much.
	err := f.read(ctx).Where("credits LIKE ?", `%"source_id":"`+source+`"%`).Order("seq DESC").Limit(limit).Find(&js).Error
	if err != nil {
		return nil, fmt.Errorf("feedback: judgements of %s: %w", source, err)
	}
	notes := make([]SourceNote, 0, len(js))
	for i := range js {
		j := &js[i]
		k := slices.IndexFunc(j.Credits, func(c Credit) bool { return c.SourceID == source })
		if k < 0 {
			continue
		}
		c := &j.Credits[k]
		notes = append(notes, SourceNote{j.SuggestionID, j.Topic, j.Used, c.Verdict, c.Amount, c.Why, j.At})
	}
	return notes, nil
}

// Settings returns how the workspace wants to learn.
func (s *Store) Settings(ctx context.Context, workspace string) (Settings, error) {
	return SettingsOf(ctx, s.db, workspace)
}

// SetSettings stores how the workspace wants to learn, or fails with
// ErrInvalid.
func (s *Store) SetSettings(ctx context.Context, workspace string, want Settings) error {
	return SetSettings(ctx, s.db, workspace, want)
}

// SettingsAt returns how the workspace wants to learn, with the version of the
// settings: it changes with every write, and is 0 where none was written.
func (s *Store) SettingsAt(ctx context.Context, workspace string) (Settings, int64, error) {
	return settingsAt(ctx, s.db, workspace)
}

// ReplaceSettings is SetSettings for a writer who has read a version: where
// there is another now it is ErrConflict, and nothing is written. It returns
// the new one.
func (s *Store) ReplaceSettings(ctx context.Context, workspace string, want Settings, read int64) (int64, error) {
	return replaceSettings(ctx, s.db, &storedSettings{WorkspaceID: workspace, Data: want}, read)
}
