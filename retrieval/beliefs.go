package retrieval

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm/clause"

	"github.com/whetstone-desk/whetstone/embeddings"
)

// Beliefs are what feedback says at the moment of topics, of operators and
// cases, and of what a confidence means. Unlike what a Ranker has learned they
// have no versions: they take influence away from people and single cases, or
// weigh all cases by how they have turned out so far, and holding on to an old
// belief would be no safer. They hold for everybody at once, in whatever arm of
// a pilot. They are declared here, where they are read, and written by package
// training; the zero Beliefs are those of a workspace without feedback.
type Beliefs struct {
	Topics      []Topic                  `json:"topics,omitempty"`
	Operators   map[string]Trust         `json:"operators,omitempty"`    // by operator id; not listed: 1
	Cases       map[string]float64       `json:"cases,omitempty"`        // how far single cases are believed, from 0 to 1; not listed: 1
	CaseWeight  *float64                 `json:"case_weight,omitempty"`  // of what cases say for articles, at least 0; nil: UntriedCases
	Calibration map[string]Curve         `json:"calibration,omitempty"`  // by language; "" for those not listed
	Known       []Known                  `json:"known,omitempty"`        // earlier questions, oldest first
	KnownWeight float64                  `json:"known_weight,omitempty"` // of what they say, at least 0
	Unattended  map[string]UnattendedRun `json:"unattended,omitempty"`   // by language; one that is not listed promises nothing
	Figures     map[string]any           `json:"figures,omitempty"`      // how they came about, for people
	Through     time.Time                `json:"through"`                // of the last judgement that they rest on
}

// A Topic is a group of questions about one thing.
type Topic struct {
	ID       string            `json:"id"`
	Label    string            `json:"label"`              // a few words that set it apart
	Examples []string          `json:"examples,omitempty"` // its most typical questions, without personal data
	Centroid embeddings.Vector `json:"centroid,omitempty"` // of embeddings.Local
	Size     int               `json:"size"`               // questions
}

// lookup returns a language's entry, or that of all languages.
func lookup[T any](by map[string]T, language string) T {
	if x, ok := by[language]; ok {
		return x
	}
	return by[""]
}

// calibrated turns a raw confidence into the share of suggestions like it whose
// first source was right.
func (b *Beliefs) calibrated(language string, raw float64) float64 {
	c := lookup(b.Calibration, language)
	return c.Apply(raw)
}

// UntriedCases is the weight of what cases say before it is known how much
// they help: half, as many of them help on some subjects and mislead on others.
const UntriedCases = 0.5

// Trusted is the weight of what cases say.
func (b *Beliefs) Trusted() float64 {
	if b.CaseWeight == nil {
		return UntriedCases
	}
	return *b.CaseWeight
}

// A storedBeliefs is the row of Beliefs.
type storedBeliefs struct {
	WorkspaceID string    `gorm:"primaryKey"`
	Data        Beliefs   `gorm:"serializer:json"`
	UpdatedAt   time.Time `gorm:"autoUpdateTime:false"`
}

func (storedBeliefs) TableName() string { return "beliefs" }

// SetBeliefs stores what is believed from now on.
func (s *Store) SetBeliefs(ctx context.Context, workspace string, b Beliefs) error {
	row := storedBeliefs{WorkspaceID: workspace, Data: b, UpdatedAt: micro(time.Now())}
	if err := s.db.WithContext(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error; err != nil {
		return fmt.Errorf("retrieval: set beliefs: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.beliefs, workspace)
	return nil
}

// Beliefs returns what is believed, at most a second old; the zero Beliefs
// where there was no feedback. It must not be changed.
func (s *Store) Beliefs(ctx context.Context, workspace string) (Beliefs, error) {
	now := time.Now()
	s.mu.Lock()
	k, ok := s.beliefs[workspace]
	s.mu.Unlock()
	if ok && now.Before(k.until) {
		return k.beliefs, nil
	}
	var at []time.Time
	err := s.db.WithContext(ctx).Model(&storedBeliefs{}).Where("workspace_id = ?", workspace).Pluck("updated_at", &at).Error
	if err != nil {
		return Beliefs{}, fmt.Errorf("retrieval: beliefs: %w", err)
	}
	switch {
	case len(at) == 0:
		k = knownBeliefs{}
	case !ok || !at[0].Equal(k.at): // all of them are read only when they have changed
		var row storedBeliefs
		if err := s.db.WithContext(ctx).Where("workspace_id = ?", workspace).Take(&row).Error; err != nil {
			return Beliefs{}, fmt.Errorf("retrieval: beliefs: %w", err)
		}
		k.beliefs, k.at = row.Data, row.UpdatedAt
	}
	k.until = now.Add(remembered)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.beliefs[workspace] = k
	return k.beliefs, nil
}

// A knownBeliefs spares a database read on each question.
type knownBeliefs struct {
	beliefs Beliefs
	at      time.Time // of the row
	until   time.Time
}

// A Trust says how far an operator's judgements count, and why.
type Trust struct {
	Weight float64 `json:"weight"` // from 0 to 1
	Agreed float64 `json:"agreed"` // with what others found of like questions
	Apart  float64 `json:"apart"`  // against it
	Listed bool    `json:"listed"` // disagrees with nearly everyone: shown to leads
}

// An UnattendedRun is the confidence from which answers may go out unattended.
type UnattendedRun struct {
	Threshold float64 `json:"threshold"` // raw confidence; 0: nothing can be promised, as Note says
	Risk      float64 `json:"risk"`      // share of wrong answers that is not exceeded
	Delta     float64 `json:"delta"`     // chance that it is all the same
	Labels    int     `json:"labels"`    // judgements it was chosen from
	Upper     float64 `json:"upper"`     // upper bound of the share of wrong answers
	Note      string  `json:"note,omitempty"`
}
