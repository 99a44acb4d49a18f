package retrieval

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"time"

	"gorm.io/gorm"
)

// A RankerStatus says what became of a Ranker.
type RankerStatus string

// The statuses of rankers.
const (
	Untried    RankerStatus = "candidate"   // has not come to the gate yet
	Proven     RankerStatus = "proven"      // has passed the gate: profiles that ask for the newest use it
	Serving    RankerStatus = "serving"     // ranks wherever nothing else is said; one of a workspace at most
	Retired    RankerStatus = "retired"     // has served, until a newer one came
	Rejected   RankerStatus = "rejected"    // did not pass the gate
	RolledBack RankerStatus = "rolled_back" // was taken back, by a person or because acceptance fell
)

// Which ranker a profile asks for, beside a version's number.
const (
	ServingRanker = "serving" // also where a profile says nothing
	NewestRanker  = "newest"  // the latest that has passed the gate
	NoRanker      = "none"    // as if nothing had been learned
)

// A Ranker is one version of what was learned. It is also the row it is stored
// as. What it has learned is never changed; its status is.
type Ranker struct {
	WorkspaceID string `gorm:"primaryKey"`
	Version     int64  `gorm:"primaryKey;autoIncrement:false"` // from 1
	Status      RankerStatus
	Learned     Learned        `gorm:"serializer:json"`
	Figures     map[string]any `gorm:"serializer:json"` // of the fit and of the gate, by name
	Note        string         // why it has its status, for people
	Through     int64          // the last judgement that it learned from
	CreatedAt   time.Time      `gorm:"autoCreateTime:false"` // UTC
	StatusAt    time.Time      // UTC: since when it has its status
}

// AddRanker stores what was learned as the workspace's next version and fills
// in r's Version.
func (s *Store) AddRanker(ctx context.Context, r *Ranker) error { return s.AddTuned(ctx, r, "", nil) }

// AddTuned is AddRanker for a version with moved vectors of a model. They are
// stored together: a version is never seen without its vectors.
func (s *Store) AddTuned(ctx context.Context, r *Ranker, model string, ts []Tuned) error {
	if r.Figures == nil {
		r.Figures = make(map[string]any)
	}
	err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		// The workspace's row is locked, so that two who add get two numbers.
		err := tx.Exec("UPDATE workspaces SET events = events WHERE id = ?", r.WorkspaceID).Error
		if err != nil {
			return err
		}
		var last int64
		err = tx.Raw("SELECT COALESCE(MAX(version), 0) FROM rankers WHERE workspace_id = ?", r.WorkspaceID).Scan(&last).Error
		if err != nil {
			return err
		}
		r.Version, r.CreatedAt, r.StatusAt = last+1, micro(r.CreatedAt), micro(r.CreatedAt)
		if err := tx.Create(r).Error; err != nil || len(ts) == 0 {
			return err
		}
		return tx.CreateInBatches(rowsOf(r, model, ts), tunedAtOnce).Error
	})
	if err != nil {
		return fmt.Errorf("retrieval: add ranker: %w", err)
	}
	s.forgetRankers(r.WorkspaceID)
	return nil
}

// Rankers returns the workspace's rankers, the newest first, at most limit.
func (s *Store) Rankers(ctx context.Context, workspace string, limit int) ([]Ranker, error) {
	var rs []Ranker
	err := s.db.WithContext(ctx).Where("workspace_id = ?", workspace).Order("version DESC").Limit(limit).Find(&rs).Error
	if err != nil {
		return nil, fmt.Errorf("retrieval: rankers: %w", err)
	}
	return rs, nil
}

// RankersWith returns the workspace's rankers of a status, the oldest first.
func (s *Store) RankersWith(ctx context.Context, workspace string, status RankerStatus) ([]Ranker, error) {
	var rs []Ranker
	err := s.db.WithContext(ctx).Where("workspace_id = ? AND status = ?", workspace, status).Order("version").Find(&rs).Error
	if err != nil {
		return nil, fmt.Errorf("retrieval: %s rankers: %w", status, err)
	}
	return rs, nil
}

// RankerVersion returns one version, or ErrNotFound.
func (s *Store) RankerVersion(ctx context.Context, workspace string, version int64) (Ranker, error) {
	return s.ranker(ctx, workspace, s.db.Where("version = ?", version), strconv.FormatInt(version, 10))
}

// ServingRanker returns the ranker that serves, or ErrNotFound where nothing
// was learned yet.
func (s *Store) ServingRanker(ctx context.Context, workspace string) (Ranker, error) {
	return s.ranker(ctx, workspace, s.db.Where("status = ?", Serving), ServingRanker)
}

// NewestRanker returns the latest version that is proven or serves, or
// ErrNotFound.
func (s *Store) NewestRanker(ctx context.Context, workspace string) (Ranker, error) {
	return s.ranker(ctx, workspace, s.db.Where("status IN ?", []RankerStatus{Proven, Serving}), NewestRanker)
}

func (s *Store) ranker(ctx context.Context, workspace string, which *gorm.DB, name string) (Ranker, error) {
	var r Ranker
	err := s.db.WithContext(ctx).Where("workspace_id = ?", workspace).Where(which).Order("version DESC").Take(&r).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Ranker{}, fmt.Errorf("%w: ranker %s", ErrNotFound, name)
	}
	if err != nil {
		return Ranker{}, fmt.Errorf("retrieval: ranker %s: %w", name, err)
	}
	return r, nil
}

// A Ruling says what becomes of a ranker, and why.
type Ruling struct {
	Status  RankerStatus
	Note    string
	Figures map[string]any // laid over those it has; nil: none
	At      time.Time

	// What the ruling rests on; Judge refuses it where that is no longer so.
	From    RankerStatus // the ranker's status; empty: any
	Against *int64       // the version that serves, 0 for none; nil: any
}

// ErrOvertaken is returned for a ruling that rests on what somebody else has
// changed meanwhile.
var ErrOvertaken = errors.New("overtaken")

// Judge gives a ranker a status. One that begins to serve retires the one that
// did, in the same transaction: there is never more than one. It returns
// ErrNotFound for an unknown version, and ErrOvertaken where what the ruling
// rests on has changed.
func (s *Store) Judge(ctx context.Context, workspace string, version int64, v Ruling) error {
	err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		// As in AddRanker: of two who judge at once, the later sees what the
		// earlier did.
		if err := tx.Exec("UPDATE workspaces SET events = events WHERE id = ?", workspace).Error; err != nil {
			return err
		}
		var r Ranker
		if err := tx.Where("workspace_id = ? AND version = ?", workspace, version).Take(&r).Error; err != nil {
			return err
		}
		if err := v.holds(tx, &r); err != nil {
			return err
		}
		if v.Status == Serving {
			err := tx.Model(&Ranker{}).Where("workspace_id = ? AND status = ? AND version <> ?", workspace, Serving, version).
				Updates(map[string]any{"status": Retired, "status_at": micro(v.At), "note": fmt.Sprintf("version %d serves", version)}).Error
			if err != nil {
				return err
			}
		}
		maps.Copy(r.Figures, v.Figures)
		r.Status, r.Note, r.StatusAt = v.Status, v.Note, micro(v.At)
		return tx.Save(&r).Error
	})
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return fmt.Errorf("%w: ranker %d", ErrNotFound, version)
	}
	s.forgetRankers(workspace)
	if err != nil {
		return fmt.Errorf("retrieval: judge ranker %d: %w", version, err)
	}
	return nil
}

// holds reports, as an ErrOvertaken, that what the ruling on r rests on has
// changed. The workspace's row is locked.
func (v *Ruling) holds(tx *gorm.DB, r *Ranker) error {
	if v.From != "" && r.Status != v.From {
		return fmt.Errorf("%w: version %d is %s", ErrOvertaken, r.Version, r.Status)
	}
	if v.Against == nil {
		return nil
	}
	var serves int64
	err := tx.Model(&Ranker{}).Where("workspace_id = ? AND status = ?", r.WorkspaceID, Serving).
		Select("COALESCE(MAX(version), 0)").Scan(&serves).Error
	if err == nil && serves != *v.Against {
		err = fmt.Errorf("%w: version %d serves", ErrOvertaken, serves)
	}
	return err
}

// learned returns what a profile ranks with and its version; version 0 and the
// zero Learned where nothing was learned.
func (s *Store) learned(ctx context.Context, workspace, which string) (Learned, int64, error) {
	if which == NoRanker {
		return Learned{}, 0, nil
	}
	if which == "" {
		which = ServingRanker
	}
	key, now := [2]string{workspace, which}, time.Now()
	s.mu.Lock()
	k, ok := s.rankers[key]
	s.mu.Unlock()
	if ok && now.Before(k.until) {
		return k.learned, k.version, nil
	}
	version, err := s.versionOf(ctx, workspace, which)
	if err != nil {
		return Learned{}, 0, err
	}
	learned := k.learned // what a version has learned never changes
	if version != k.version || !ok {
		if learned, err = s.lessons(ctx, workspace, version); err != nil {
			return Learned{}, 0, err
		}
	}
	s.mu.Lock()
	s.rankers[key] = knownRanker{learned, version, now.Add(remembered)}
	s.mu.Unlock()
	return learned, version, nil
}

// versionOf returns the version that a profile asks for, 0 for none.
func (s *Store) versionOf(ctx context.Context, workspace, which string) (int64, error) {
	var statuses []RankerStatus
	switch which {
	case ServingRanker:
		statuses = []RankerStatus{Serving}
	case NewestRanker:
		statuses = []RankerStatus{Proven, Serving}
	default:
		version, err := strconv.ParseInt(which, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("%w: ranker %q: use serving, newest, none or a version", ErrInvalid, which)
		}
		return version, nil
	}
	var version int64
	err := s.db.WithContext(ctx).Model(&Ranker{}).Where("workspace_id = ? AND status IN ?", workspace, statuses).
		Select("COALESCE(MAX(version), 0)").Scan(&version).Error
	if err != nil {
		return 0, fmt.Errorf("retrieval: ranker %s: %w", which, err)
	}
	return version, nil
}

// lessons returns what a version has learned.
func (s *Store) lessons(ctx context.Context, workspace string, version int64) (Learned, error) {
	if version == 0 {
		return Learned{}, nil
	}
	r, err := s.RankerVersion(ctx, workspace, version)
	return r.Learned, err
}

// forgetRankers makes the next question look again.
func (s *Store) forgetRankers(workspace string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key := range s.rankers {
		if key[0] == workspace {
			delete(s.rankers, key)
		}
	}
}

// micro brings a time to what both databases keep exactly.
func micro(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
