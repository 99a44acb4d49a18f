package retrieval

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/whetstone-desk/whetstone/kb/sqldb"
)

// A Store keeps suggestions, profiles and what was learned. Its methods may be called from many
// goroutines.
type Store struct {
	db *gorm.DB

	mu        sync.Mutex
	known     map[[2]string]knownProfile // by workspace and name
	rankers   map[[2]string]knownRanker  // by workspace and what a profile asks for
	moved     map[[2]string]knownTuned   // by workspace and version
	overrides map[string]knownOverrides  // by workspace
	beliefs   map[string]knownBeliefs    // by workspace
	doubts    map[string]knownDoubts     // by workspace
}

// A knownProfile spares a database read on each question.
type knownProfile struct {
	profile Profile
	until   time.Time
}

// A knownRanker and knownOverrides do the same for what was learned.
type knownRanker struct {
	learned Learned
	version int64
	until   time.Time
}

type knownOverrides struct {
	actions map[string]Override
	until   time.Time
}

// remembered is how long a profile is believed without looking again: one that
// is changed in another process is used for no longer than this.
const remembered = time.Second

// NewStore returns a Store over db, whose schema must be current.
func NewStore(db *gorm.DB) *Store {
	return &Store{
		db: db, known: make(map[[2]string]knownProfile), rankers: make(map[[2]string]knownRanker),
		moved: make(map[[2]string]knownTuned), overrides: make(map[string]knownOverrides), beliefs: make(map[string]knownBeliefs),
		doubts: make(map[string]knownDoubts),
	}
}

// Keep stores a suggestion.
func (s *Store) Keep(ctx context.Context, sg *Suggestion) error {
	if err := s.db.WithContext(ctx).Create(sg).Error; err != nil {
		return fmt.Errorf("retrieval: keep suggestion: %w", err)
	}
	return nil
}

// Suggestion returns the suggestion with the given id, or ErrNotFound.
func (s *Store) Suggestion(ctx context.Context, workspace, id string) (Suggestion, error) {
	var sg Suggestion
	err := s.db.WithContext(ctx).Where("workspace_id = ? AND id = ?", workspace, id).Take(&sg).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Suggestion{}, fmt.Errorf("%w: suggestion %s", ErrNotFound, id)
	}
	if err != nil {
		return Suggestion{}, fmt.Errorf("retrieval: suggestion %s: %w", id, err)
	}
	return sg, nil
}

// Asked returns, by id, what learning reads of suggestions: their questions and
// what the ranking had to choose from. Other fields are empty.
func (s *Store) Asked(ctx context.Context, workspace string, ids []string) (map[string]Suggestion, error) {
	var rows []struct {
		ID, Question, Language string
		RawConfidence          float64
		Candidates             string
		CreatedAt              time.Time
	}
	err := s.db.WithContext(ctx).Model(&Suggestion{}).Where("workspace_id = ? AND id IN ?", workspace, ids).
		Select("id", "question", "language", "raw_confidence", "COALESCE(candidates, '') AS candidates", "created_at").Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("retrieval: read suggestions: %w", err)
	}
	out := make(map[string]Suggestion, len(rows))
	for _, r := range rows {
		cs, err := candidatesFrom(r.Candidates)
		if err != nil {
			return nil, fmt.Errorf("retrieval: candidates of %s: %w", r.ID, err)
		}
		out[r.ID] = Suggestion{
			WorkspaceID: workspace, ID: r.ID, Question: r.Question, Language: r.Language, RawConfidence: r.RawConfidence, Candidates: cs,
			CreatedAt: r.CreatedAt.UTC(),
		}
	}
	return out, nil
}

// Forget removes what placeholders stand for from suggestions made before t,
// and returns from how many. The suggestions stay, without personal data.
func (s *Store) Forget(ctx context.Context, t time.Time) (int64, error) {
	done := s.db.WithContext(ctx).Model(&Suggestion{}).
		Where("created_at < ? AND originals IS NOT NULL", t.UTC()).Update("originals", gorm.Expr("NULL"))
	if done.Error != nil {
		return 0, fmt.Errorf("retrieval: forget personal data: %w", done.Error)
	}
	return done.RowsAffected, nil
}

// A storedProfile is the row of a Profile.
type storedProfile struct {
	WorkspaceID string    `gorm:"primaryKey"`
	Name        string    `gorm:"primaryKey"`
	Data        Profile   `gorm:"serializer:json"`
	UpdatedAt   time.Time `gorm:"autoUpdateTime:false"`
}

func (storedProfile) TableName() string { return "profiles" }

// Profile returns the workspace's profile of the given name; DefaultProfile if
// the name is empty or "default" and the workspace has not set its own; else
// ErrNotFound.
func (s *Store) Profile(ctx context.Context, workspace, name string) (Profile, error) {
	if name == "" {
		name = DefaultName
	}
	key, now := [2]string{workspace, name}, time.Now()
	s.mu.Lock()
	k, ok := s.known[key]
	s.mu.Unlock()
	if ok && now.Before(k.until) {
		return k.profile, nil
	}
	p, err := s.profile(ctx, workspace, name)
	if err == nil {
		s.mu.Lock()
		s.known[key] = knownProfile{p, now.Add(remembered)}
		s.mu.Unlock()
	}
	return p, err
}

// profile reads a profile from the database.
func (s *Store) profile(ctx context.Context, workspace, name string) (Profile, error) {
	p, _, err := s.ProfileAt(ctx, workspace, name)
	return p, err
}

// ProfileAt is Profile as it is stored at this moment, with its version: it
// changes with every write, and is 0 for a default that was never written.
func (s *Store) ProfileAt(ctx context.Context, workspace, name string) (Profile, int64, error) {
	if name == "" {
		name = DefaultName
	}
	var p storedProfile
	// Find and not Take: that there is none is the usual case and no error.
	got := s.db.WithContext(ctx).Where("workspace_id = ? AND name = ?", workspace, name).Limit(1).Find(&p)
	switch {
	case got.Error != nil:
		return Profile{}, 0, fmt.Errorf("retrieval: profile %s: %w", name, got.Error)
	case got.RowsAffected == 1:
		return p.Data, p.UpdatedAt.UnixMicro(), nil
	case name == DefaultName:
		return DefaultProfile(), 0, nil
	}
	return Profile{}, 0, fmt.Errorf("%w: profile %s", ErrNotFound, name)
}

// SetProfile stores p under its name for the workspace.
func (s *Store) SetProfile(ctx context.Context, workspace string, p Profile) error {
	if err := p.Validate(); err != nil {
		return err
	}
	row := storedProfile{WorkspaceID: workspace, Name: p.Name, Data: p, UpdatedAt: time.Now().UTC().Truncate(time.Microsecond)}
	if err := s.db.WithContext(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error; err != nil {
		return fmt.Errorf("retrieval: set profile %s: %w", p.Name, err)
	}
	s.forgetProfile(workspace, p.Name)
	return nil
}

// ReplaceProfile is SetProfile for a writer who has read a version, 0 for none:
// where there is another now it is ErrConflict, and nothing is written. It
// returns the new one.
func (s *Store) ReplaceProfile(ctx context.Context, workspace string, p Profile, read int64) (int64, error) {
	if err := p.Validate(); err != nil {
		return 0, err
	}
	row := storedProfile{WorkspaceID: workspace, Name: p.Name, Data: p, UpdatedAt: sqldb.After(read)}
	switch done, err := sqldb.Replace(s.db.WithContext(ctx), &row, read, "data"); {
	case err != nil:
		return 0, fmt.Errorf("retrieval: set profile %s: %w", p.Name, err)
	case !done:
		return 0, fmt.Errorf("%w: somebody has changed profile %s since you have read it: nothing was written", ErrConflict, p.Name)
	}
	s.forgetProfile(workspace, p.Name)
	return row.UpdatedAt.UnixMicro(), nil
}

// forgetProfile has the next reader of a profile look again.
func (s *Store) forgetProfile(workspace, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.known, [2]string{workspace, name})
}
