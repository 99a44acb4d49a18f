package feedback_test

import (
	"errors"
	"testing"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

func TestSettings(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		newDesk(t, db)
		if got, err := feedback.SettingsOf(t.Context(), db, "shop"); got != feedback.DefaultSettings() || err != nil {
			t.Errorf("settings %+v, %v", got, err)
		}
		want := feedback.Settings{ApproveCases: true, Promote: feedback.PromoteByHand, Risk: 0.05, HalfLifeDays: 30, DailyCap: 100}
		for range 2 {
			if err := feedback.SetSettings(t.Context(), db, "shop", want); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := feedback.SettingsOf(t.Context(), db, "shop"); got != want || err != nil {
			t.Errorf("settings %+v, %v", got, err)
		}
	})
}

func TestSettingsThatMakeNoSense(t *testing.T) {
	for name, change := range map[string]func(*feedback.Settings){
		"promote": func(s *feedback.Settings) { s.Promote = "never" },
		"risk":    func(s *feedback.Settings) { s.Risk = 0 },
		"life":    func(s *feedback.Settings) { s.HalfLifeDays = 0 },
		"cap":     func(s *feedback.Settings) { s.DailyCap = 1 },
	} {
		s := feedback.DefaultSettings()
		change(&s)
		if err := feedback.SetSettings(t.Context(), nil, "shop", s); !errors.Is(err, feedback.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
