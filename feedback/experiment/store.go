package experiment

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"gorm.io/gorm"
)

// A Store keeps pilots. Its methods may be called from many goroutines; set
// Now, if at all, before first use.
type Store struct {
	Now func() time.Time // nil: time.Now

	db      *gorm.DB
	mu      sync.Mutex
	running map[string]known // by workspace
	changes int              // made through this Store: what was read before one is not remembered
}

// A known list of running pilots spares a database read on each question.
type known struct {
	pilots []Pilot
	until  time.Time
}

// remembered is how long the running pilots are believed without looking
// again: one that is stopped in another process runs on for no longer.
const remembered = time.Second

// NewStore returns a Store over db, whose schema must be current.
func NewStore(db *gorm.DB) *Store { return &Store{db: db, running: make(map[string]known)} }

// Put makes the pilot, as a draft, or changes it: p's Profile, Control, Groups
// and Percent replace what was stored, in the name of p's Author. It fills in
// the rest of p and reports whether the pilot is new. A running one keeps its
// profiles, or what it has shown so far would be of something else, and may
// not take over another running one's group: ErrConflict. Operators are those
// that are known, if any: they are split evenly, see Salt. They count until
// the pilot is started first.
func (s *Store) Put(ctx context.Context, p *Pilot, operators []string) (created bool, err error) {
	if err := p.Validate(); err != nil {
		return false, err
	}
	if p.Groups == nil {
		p.Groups = []string{} // null is no list of groups
	}
	// It takes a while, during which nobody is to wait for the database.
	salt, err := Salt(rand.Reader, operators)
	if err != nil {
		return false, err
	}
	err = s.locked(ctx, p.WorkspaceID, func(tx *gorm.DB) error {
		old, err := pilot(tx, p.WorkspaceID, p.Name)
		if errors.Is(err, ErrNotFound) {
			created = true
			p.Salt, p.Status, p.CreatedAt, p.History = salt, Draft, s.now(), nil
			p.note(Created, p.Author, p.CreatedAt)
			return tx.Create(p).Error
		}
		if err != nil {
			return err
		}
		wanted := *p
		wanted.Salt = salt
		*p = old
		return s.change(tx, p, &wanted, wanted.Author)
	})
	return created, err
}

// change makes p what is wanted of it.
func (s *Store) change(tx *gorm.DB, p, wanted *Pilot, author string) error {
	if p.same(wanted) {
		return nil
	}
	action := Changed
	switch {
	case wanted.Profile == p.Profile && wanted.Control == p.Control && slices.Equal(wanted.Groups, p.Groups):
		action = Ramped
	case p.Status == Running && (wanted.Profile != p.Profile || wanted.Control != p.Control):
		return fmt.Errorf("%w: pilot %s is running: stop it before changing its profiles, or make another", ErrConflict, p.Name)
	case p.Status == Draft && !slices.Equal(wanted.Groups, p.Groups):
		p.Salt = wanted.Salt // nobody has been answered under it, so nobody changes arms
	}
	p.Profile, p.Control, p.Groups, p.Percent = wanted.Profile, wanted.Control, wanted.Groups, wanted.Percent
	if p.Status == Running {
		if err := free(tx, p); err != nil {
			return err
		}
	}
	p.note(action, author, s.now())
	return tx.Save(p).Error
}

// Start makes the pilot run. It returns ErrConflict if another one is running
// for one of its groups, since an operator can be in one pilot only. Starting
// a running pilot changes nothing.
func (s *Store) Start(ctx context.Context, workspace, name, author string) (Pilot, error) {
	return s.changed(ctx, workspace, name, func(tx *gorm.DB, p *Pilot) error {
		if p.Status == Running {
			return nil
		}
		if err := free(tx, p); err != nil {
			return err
		}
		p.Status = Running
		p.note(Started, author, s.now())
		return tx.Save(p).Error
	})
}

// Stop ends the pilot: from now on in this process, and within a second in
// every other, its operators are answered as if it had never been. Stopping a
// stopped pilot changes nothing; a draft cannot be stopped: ErrConflict.
func (s *Store) Stop(ctx context.Context, workspace, name, author string) (Pilot, error) {
	return s.changed(ctx, workspace, name, func(tx *gorm.DB, p *Pilot) error {
		switch p.Status {
		case Stopped:
			return nil
		case Draft:
			return fmt.Errorf("%w: pilot %s was never started", ErrConflict, name)
		}
		p.Status = Stopped
		p.note(Ended, author, s.now())
		return tx.Save(p).Error
	})
}

// Ramp changes the pilot's percentage, from 0 to 100, and nothing else.
func (s *Store) Ramp(ctx context.Context, workspace, name, author string, percent int) (Pilot, error) {
	return s.changed(ctx, workspace, name, func(tx *gorm.DB, p *Pilot) error {
		wanted := *p
		wanted.Percent = percent
		if err := wanted.Validate(); err != nil {
			return err
		}
		return s.change(tx, p, &wanted, author)
	})
}

// Pilot returns the workspace's pilot of the given name, or ErrNotFound.
func (s *Store) Pilot(ctx context.Context, workspace, name string) (Pilot, error) {
	p, err := pilot(s.db.WithContext(ctx), workspace, name)
	return p, wrapped(err)
}

// List returns the workspace's pilots, oldest first.
func (s *Store) List(ctx context.Context, workspace string) ([]Pilot, error) {
	var ps []Pilot
	err := s.db.WithContext(ctx).Where("workspace_id = ?", workspace).Order("created_at, name").Find(&ps).Error
	return ps, wrapped(err)
}

// Running returns the workspace's running pilots, oldest first, as they were
// at most a second ago. The slice is shared: it is not to be changed.
func (s *Store) Running(ctx context.Context, workspace string) ([]Pilot, error) {
	now := s.now()
	s.mu.Lock()
	k, ok := s.running[workspace]
	before := s.changes
	s.mu.Unlock()
	if ok && now.Before(k.until) {
		return k.pilots, nil
	}
	ps, err := running(s.db.WithContext(ctx), workspace)
	if err != nil {
		return nil, wrapped(err)
	}
	s.mu.Lock()
	if s.changes == before {
		s.running[workspace] = known{ps, now.Add(remembered)}
	}
	s.mu.Unlock()
	return ps, nil
}

// Assign returns how an operator of a group is to be answered; in is false if
// no pilot says anything of it.
func (s *Store) Assign(ctx context.Context, workspace, group, operator string) (a Assignment, in bool, err error) {
	if operator == "" {
		return Assignment{}, false, nil
	}
	ps, err := s.Running(ctx, workspace)
	if err != nil {
		return Assignment{}, false, err
	}
	a, in = Pick(ps, group, operator)
	return a, in, nil
}

// changed calls change on the pilot, of which nobody else changes any.
func (s *Store) changed(ctx context.Context, workspace, name string, change func(*gorm.DB, *Pilot) error) (Pilot, error) {
	var p Pilot
	err := s.locked(ctx, workspace, func(tx *gorm.DB) (err error) {
		if p, err = pilot(tx, workspace, name); err != nil {
			return err
		}
		return change(tx, &p)
	})
	return p, err
}

// locked calls do in a transaction in which nobody else changes a pilot of the
// workspace, so that no two are started for one group at the same moment.
func (s *Store) locked(ctx context.Context, workspace string, do func(*gorm.DB) error) error {
	err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		// The workspace's row is locked until the end.
		got := tx.Exec("UPDATE workspaces SET events = events WHERE id = ?", workspace)
		if got.Error != nil {
			return got.Error
		}
		if got.RowsAffected == 0 {
			return fmt.Errorf("%w: workspace %s", ErrNotFound, workspace)
		}
		return do(tx)
	})
	s.mu.Lock()
	delete(s.running, workspace)
	s.changes++
	s.mu.Unlock()
	return wrapped(err)
}

// free reports, as an ErrConflict, that another pilot is running for one of
// p's groups.
func free(tx *gorm.DB, p *Pilot) error {
	others, err := running(tx, p.WorkspaceID)
	if err != nil {
		return err
	}
	for i := range others {
		if others[i].Name == p.Name {
			continue
		}
		if group, ok := p.shared(&others[i]); ok {
			return fmt.Errorf("%w: pilot %s is running for %s: stop it, or name other groups", ErrConflict, others[i].Name, group)
		}
	}
	return nil
}

func running(db *gorm.DB, workspace string) ([]Pilot, error) {
	var ps []Pilot
	err := db.Where("workspace_id = ? AND status = ?", workspace, Running).Order("created_at, name").Find(&ps).Error
	return ps, err
}

func pilot(db *gorm.DB, workspace, name string) (Pilot, error) {
	var p Pilot
	err := db.Where("workspace_id = ? AND name = ?", workspace, name).Take(&p).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Pilot{}, fmt.Errorf("%w: pilot %s", ErrNotFound, name)
	}
	return p, err
}

// wrapped adds the package to errors of the database; its own say what they
// are about.
func wrapped(err error) error {
	if err == nil || errors.Is(err, ErrNotFound) || errors.Is(err, ErrInvalid) || errors.Is(err, ErrConflict) {
		return err
	}
	return fmt.Errorf("experiment: pilots: %w", err)
}

// now is the time to what both databases keep of it.
func (s *Store) now() time.Time {
	now := time.Now
	if s.Now != nil {
		now = s.Now
	}
	return now().UTC().Truncate(time.Microsecond)
}
