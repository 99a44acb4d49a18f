package gap

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb/notice"
)

// A DB is the gaps of every workspace. Its methods may be called from many
// goroutines.
type DB struct {
	db  *gorm.DB
	now func() time.Time
}

// New returns the gaps kept in db, whose schema must be current. now is the
// clock; nil: time.Now.
func New(db *gorm.DB, now func() time.Time) *DB {
	if now == nil {
		now = time.Now
	}
	return &DB{db, now}
}

// In returns the store of one workspace.
func (b *DB) In(workspace string) *Store { return &Store{b.db, b.now, workspace} }

// A Store keeps the gaps of one workspace and can reach no other. Its methods
// may be called from many goroutines.
type Store struct {
	db        *gorm.DB
	now       func() time.Time
	workspace string
}

func (s *Store) rows(ctx context.Context) *gorm.DB {
	return s.db.WithContext(ctx).Where("workspace_id = ?", s.workspace)
}

// A Filter asks for some of the gaps.
type Filter struct {
	Statuses []Status // any of; empty: those that are active
	Causes   []Cause  // any of; empty: every cause
	Owner    string   // empty: anybody or nobody
	Offset   int
	Limit    int // 0: all
}

// Gaps returns gaps, the costliest first.
func (s *Store) Gaps(ctx context.Context, f Filter) ([]Gap, error) {
	if len(f.Statuses) == 0 {
		f.Statuses = active()
	}
	q := s.rows(ctx).Where("status IN ?", f.Statuses).Order("cost DESC, id").Offset(f.Offset)
	if len(f.Causes) > 0 {
		q = q.Where("cause IN ?", f.Causes)
	}
	if f.Owner != "" {
		q = q.Where("owner = ?", f.Owner)
	}
	if f.Limit > 0 {
		q = q.Limit(f.Limit)
	} else if f.Offset > 0 {
		q = q.Limit(-1)
	}
	var gs []Gap
	if err := q.Find(&gs).Error; err != nil {
		return nil, fmt.Errorf("gap: list: %w", err)
	}
	return gs, nil
}

// All returns every gap by id, whatever its status.
func (s *Store) All(ctx context.Context) ([]Gap, error) {
	var gs []Gap
	if err := s.rows(ctx).Order("id").Find(&gs).Error; err != nil {
		return nil, fmt.Errorf("gap: all: %w", err)
	}
	return gs, nil
}

// Gap returns the gap with the given id, or ErrNotFound.
func (s *Store) Gap(ctx context.Context, id string) (Gap, error) {
	var g Gap
	err := s.rows(ctx).Where("id = ?", id).Take(&g).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Gap{}, fmt.Errorf("%w: gap %s", ErrNotFound, id)
	}
	if err != nil {
		return Gap{}, fmt.Errorf("gap: %s: %w", id, err)
	}
	return g, nil
}

// Change changes a gap by do and returns it as it is then. Where version is not
// 0 the gap must be at it: ErrConflict says that somebody else was faster, and
// nothing is changed. An error of do is passed on and changes nothing either.
// Whoever wants to hear of what do did is told; see package notice.
func (s *Store) Change(ctx context.Context, id string, version int64, do func(*Gap) error) (Gap, error) {
	for {
		g, err := s.Gap(ctx, id)
		if err != nil {
			return Gap{}, err
		}
		if version != 0 && g.Version != version {
			return Gap{}, fmt.Errorf("%w: gap %s was changed by somebody else: it is at version %d and you have %d; read it again", ErrConflict, id, g.Version, version)
		}
		was := g.Status
		if err := do(&g); err != nil {
			return Gap{}, err
		}
		err = s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error { return s.save(ctx, tx, &g, was) })
		if errors.Is(err, errOvertaken) && version == 0 && ctx.Err() == nil {
			continue // who asks for no version asks for the latest
		}
		if errors.Is(err, errOvertaken) {
			err = fmt.Errorf("%w: gap %s was changed by somebody else: read it again", ErrConflict, id)
		}
		if err != nil {
			return Gap{}, fmt.Errorf("gap: change %s: %w", id, err)
		}
		return g, nil
	}
}

// ChangeWith is Change at a version that do takes part in: what it writes to tx
// is kept if and only if the gap's change is.
func (s *Store) ChangeWith(ctx context.Context, id string, version int64, do func(tx *gorm.DB, g *Gap) error) (Gap, error) {
	var g Gap
	err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		var err error
		if g, err = (&Store{tx, s.now, s.workspace}).Gap(ctx, id); err != nil {
			return err
		}
		if g.Version != version {
			return fmt.Errorf("%w: gap %s was changed by somebody else: it is at version %d and you have %d; read it again", ErrConflict, id, g.Version, version)
		}
		was := g.Status
		if err := do(tx, &g); err != nil {
			return err
		}
		return s.save(ctx, tx, &g, was)
	})
	if errors.Is(err, errOvertaken) {
		err = fmt.Errorf("%w: gap %s was changed by somebody else: read it again", ErrConflict, id)
	}
	return g, err
}

var errOvertaken = errors.New("changed by somebody else")

// save stores a gap at its next version, provided that nobody else has, and
// tells who wants to hear of it. A gap at version 0 is new.
func (s *Store) save(ctx context.Context, tx *gorm.DB, g *Gap, was Status) error {
	g.WorkspaceID, g.UpdatedAt = s.workspace, s.now().UTC().Truncate(time.Microsecond)
	if g.History == nil {
		g.History = []Step{} // null is no history
	}
	before := g.Version
	g.Version++
	if before == 0 {
		if err := tx.Create(g).Error; err != nil {
			return err
		}
		return s.tell(ctx, tx, g, was)
	}
	done := tx.Model(g).Select("*").Where("version = ?", before).Updates(g)
	if done.Error != nil {
		return done.Error
	}
	if done.RowsAffected == 0 {
		return errOvertaken
	}
	return s.tell(ctx, tx, g, was)
}

// A Told is what a notice of a gap says: figures and ids, and no customer's
// question, since it leaves the house and cannot be erased there.
type Told struct {
	ID        string  `json:"id"`
	Label     string  `json:"label"`
	Status    Status  `json:"status"`
	Cause     Cause   `json:"cause"`
	Cost      float64 `json:"cost"`
	Volume    float64 `json:"volume"`
	Tickets   int     `json:"tickets"`
	Customers int     `json:"customers"`
	Article   string  `json:"article_id,omitempty"`
}

// tell writes the notice of a change of status.
func (s *Store) tell(ctx context.Context, tx *gorm.DB, g *Gap, was Status) error {
	kind, told := map[Status]notice.Kind{Open: notice.GapOpened, Closed: notice.GapClosed, Reopened: notice.GapReopened}[g.Status]
	if !told || g.Status == was || g.Status == Open && was == Assigned {
		return nil
	}
	data := notice.JSON(Told{
		ID: g.ID, Label: g.Label, Status: g.Status, Cause: g.Cause, Cost: g.Cost, Volume: g.Topic.Factors.Volume,
		Tickets: g.Topic.Tickets, Customers: g.Topic.Customers, Article: g.ArticleID,
	})
	return notice.Add(ctx, tx, notice.Notice{WorkspaceID: s.workspace, Kind: kind, Subject: g.Label, Data: data, At: g.UpdatedAt})
}

// A Found is what a run of the job has found out: gaps as they are to be, new
// ones with Version 0, and which failure belongs to which gap.
type Found struct {
	Gaps []Gap

	// Figures are gaps of which nothing but what is counted has changed: their
	// topic, cost and times are stored, and whoever has read such a gap may
	// change it all the same.
	Figures []Gap

	Of   map[string]string // gap ids by suggestion id; "" takes a failure out of its gap
	Gone []string          // ids of gaps that were never shown to anybody, to be removed
}

// Put stores what was found out, all or nothing. A gap that somebody has
// changed in the meantime, or a failure that is gone, makes it ErrConflict:
// find out again.
func (s *Store) Put(ctx context.Context, f Found) error {
	err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		for i := range f.Gaps {
			g := &f.Gaps[i]
			was, err := s.statusOf(tx, g)
			if err != nil {
				return err
			}
			if err := s.save(ctx, tx, g, was); err != nil {
				return err
			}
		}
		for i := range f.Figures {
			g := &f.Figures[i]
			done := tx.Model(g).Select("topic", "cost", "first_at", "last_at").Where("version = ?", g.Version).Updates(g)
			if done.Error != nil {
				return done.Error
			}
			if done.RowsAffected == 0 {
				return errOvertaken
			}
		}
		if len(f.Gone) > 0 {
			never := tx.Where("workspace_id = ? AND id IN ? AND status = ?", s.workspace, f.Gone, Waiting)
			if err := never.Delete(&Gap{}).Error; err != nil {
				return err
			}
		}
		for suggestion, id := range f.Of {
			done := tx.Model(&Failure{}).Where("workspace_id = ? AND suggestion_id = ?", s.workspace, suggestion).Update("gap_id", id)
			if done.Error != nil {
				return done.Error
			}
			if done.RowsAffected == 0 && id != "" {
				return errOvertaken // it was erased, and the gap may hold its words
			}
		}
		return nil
	})
	if errors.Is(err, errOvertaken) {
		return fmt.Errorf("%w: a gap was changed while gaps were found", ErrConflict)
	}
	if err != nil {
		return fmt.Errorf("gap: put: %w", err)
	}
	return nil
}

func (s *Store) statusOf(tx *gorm.DB, g *Gap) (Status, error) {
	if g.Version == 0 {
		return "", nil
	}
	var was []Status
	err := tx.Model(&Gap{}).Where("workspace_id = ? AND id = ?", s.workspace, g.ID).Pluck("status", &was).Error
	if err != nil || len(was) == 0 {
		return "", err
	}
	return was[0], nil
}

// Failures returns the latest failures since a time, of which there may be as
// many as limit, oldest first.
func (s *Store) Failures(ctx context.Context, since time.Time, limit int) ([]Failure, error) {
	var fs []Failure
	err := s.rows(ctx).Where("at >= ?", since.UTC()).Order("at DESC, suggestion_id DESC").Limit(limit).Find(&fs).Error
	if err != nil {
		return nil, fmt.Errorf("gap: failures: %w", err)
	}
	slices.Reverse(fs)
	return fs, nil
}

// Bare returns those of the gaps that no failure is behind any more.
func (s *Store) Bare(ctx context.Context) ([]string, error) {
	var ids []string
	err := s.rows(ctx).Model(&Gap{}).Where("NOT EXISTS (SELECT 1 FROM failures f WHERE f.workspace_id = gaps.workspace_id AND f.gap_id = gaps.id)").
		Order("id").Pluck("id", &ids).Error
	if err != nil {
		return nil, fmt.Errorf("gap: gaps without evidence: %w", err)
	}
	return ids, nil
}

// Evidence returns the failures of a gap, the latest first.
func (s *Store) Evidence(ctx context.Context, id string, limit int) ([]Failure, error) {
	var fs []Failure
	if err := s.rows(ctx).Where("gap_id = ?", id).Order("at DESC, suggestion_id").Limit(limit).Find(&fs).Error; err != nil {
		return nil, fmt.Errorf("gap: evidence of %s: %w", id, err)
	}
	return fs, nil
}

// Belongings returns the gaps that failures belong to, by suggestion.
func (s *Store) Belongings(ctx context.Context) (map[string]string, error) {
	var fs []Failure
	if err := s.rows(ctx).Select("suggestion_id", "gap_id").Where("gap_id <> ''").Find(&fs).Error; err != nil {
		return nil, fmt.Errorf("gap: what failures belong to: %w", err)
	}
	out := make(map[string]string, len(fs))
	for i := range fs {
		out[fs[i].SuggestionID] = fs[i].GapID
	}
	return out, nil
}

// Known returns those of the suggestions that are failures.
func (s *Store) Known(ctx context.Context, suggestions []string) (map[string]Failure, error) {
	var fs []Failure
	if err := s.rows(ctx).Where("suggestion_id IN ?", suggestions).Find(&fs).Error; err != nil {
		return nil, fmt.Errorf("gap: known: %w", err)
	}
	out := make(map[string]Failure, len(fs))
	for _, f := range fs {
		out[f.SuggestionID] = f
	}
	return out, nil
}
