package feedback

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/whetstone-desk/whetstone/kb/sqldb"
)

// Settings say how a workspace wants to learn.
type Settings struct {
	CaseMemory   bool    `json:"case_memory" doc:"Resolved tickets become cases."`
	ApproveCases bool    `json:"approve_cases" doc:"Cases that are made of tickets are drafts until an editor publishes them."`
	Promote      string  `json:"promote" enum:"auto,by_hand" doc:"How what has passed the gate comes to serve. auto: at once, unless a pilot tries the newest: then when that has ended. by_hand: when a person says so."`
	Risk         float64 `json:"risk" minimum:"0.01" maximum:"0.5" doc:"Share of wrong answers that unattended ones may have."`
	HalfLifeDays float64 `json:"half_life_days" minimum:"1" maximum:"3650" doc:"After how many days a judgement counts half."`
	DailyCap     int     `json:"daily_cap" minimum:"10" doc:"Events that one operator may tell in a day."`
}

// How a ranker that has passed the gate comes to serve.
const (
	PromoteAuto   = "auto"    // at once, unless a pilot tries the newest: then when that has ended
	PromoteByHand = "by_hand" // when a person says so
)

// DefaultSettings is how a workspace learns that has not said anything.
func DefaultSettings() Settings {
	return Settings{CaseMemory: true, Promote: PromoteAuto, Risk: 0.1, HalfLifeDays: 180, DailyCap: 5000}
}

// Validate reports, as an ErrInvalid, the first setting that makes no sense.
func (s *Settings) Validate() error {
	switch {
	case s.Promote != PromoteAuto && s.Promote != PromoteByHand:
		return fmt.Errorf("%w: promote %q: use auto or by_hand", ErrInvalid, s.Promote)
	case s.Risk < 0.01 || s.Risk > 0.5:
		return fmt.Errorf("%w: risk: use 0.01 to 0.5", ErrInvalid)
	case s.HalfLifeDays < 1 || s.HalfLifeDays > 3650:
		return fmt.Errorf("%w: half_life_days: use 1 to 3650", ErrInvalid)
	case s.DailyCap < 10:
		return fmt.Errorf("%w: daily_cap: use at least 10", ErrInvalid)
	}
	return nil
}

// A storedSettings is the row of Settings.
type storedSettings struct {
	WorkspaceID string    `gorm:"primaryKey"`
	Data        Settings  `gorm:"serializer:json"`
	UpdatedAt   time.Time `gorm:"autoUpdateTime:false"`
}

func (storedSettings) TableName() string { return "settings" }

// SettingsOf returns how the workspace wants to learn.
func SettingsOf(ctx context.Context, db *gorm.DB, workspace string) (Settings, error) {
	s, _, err := settingsAt(ctx, db, workspace)
	return s, err
}

func settingsAt(ctx context.Context, db *gorm.DB, workspace string) (s Settings, version int64, err error) {
	row := storedSettings{Data: DefaultSettings()}
	// Find and not Take: that there is none is the usual case and no error.
	got := db.WithContext(ctx).Where("workspace_id = ?", workspace).Limit(1).Find(&row)
	if got.Error != nil {
		return Settings{}, 0, fmt.Errorf("feedback: settings of %s: %w", workspace, got.Error)
	}
	if got.RowsAffected == 0 {
		return row.Data, 0, nil
	}
	return row.Data, row.UpdatedAt.UnixMicro(), nil
}

// SetSettings stores how the workspace wants to learn.
func SetSettings(ctx context.Context, db *gorm.DB, workspace string, s Settings) error {
	if err := s.Validate(); err != nil {
		return err
	}
	row := storedSettings{WorkspaceID: workspace, Data: s, UpdatedAt: time.Now().UTC().Truncate(time.Microsecond)}
	if err := db.WithContext(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error; err != nil {
		return fmt.Errorf("feedback: set settings of %s: %w", workspace, err)
	}
	return nil
}

// replaceSettings stores settings where those there are still have the version
// that their writer has read, 0 for none, and returns the new one.
func replaceSettings(ctx context.Context, db *gorm.DB, row *storedSettings, read int64) (int64, error) {
	if err := row.Data.Validate(); err != nil {
		return 0, err
	}
	row.UpdatedAt = sqldb.After(read)
	switch done, err := sqldb.Replace(db.WithContext(ctx), row, read, "data"); {
	case err != nil:
		return 0, fmt.Errorf("feedback: set settings of %s: %w", row.WorkspaceID, err)
	case !done:
		return 0, fmt.Errorf("%w: somebody has changed the settings since you have read them: nothing was written", ErrConflict)
	}
	return row.UpdatedAt.UnixMicro(), nil
}
