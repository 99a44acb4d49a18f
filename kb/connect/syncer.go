package connect

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"reflect"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/source"
)

// A Run is one pass over a source. It is used by one goroutine, once.
type Run interface {
	// Items reads the source, beginning where the connection's Cursor says.
	// Each step has an Item or a *source.Skip; another error is the last step,
	// and the run has broken off.
	Items() iter.Seq2[source.Item, error]

	// Complete reports, after Items came to its end, whether it has met every
	// document of the kind that the source holds, so that what it has not met
	// is gone. It is false of feeds, of runs that read what is new only, and of
	// those that went on from the cursor of one that broke off.
	Complete(kind kb.Kind) bool

	// Cursor returns where the next run goes on if this one ends after the item
	// that Items has just given; after the last, where the next one begins.
	Cursor() string
}

// A Syncer keeps connections and syncs them. The fields are set before first
// use and not changed after; methods may be called from many goroutines and
// processes.
type Syncer struct {
	DB *gorm.DB // with the current schema

	// Open begins a run of a connection. Known returns the source.Item.Mark
	// under which a document was last taken, empty if it must be read again.
	Open func(ctx context.Context, c Connection, known func(id string) string) (Run, error)

	// Latest returns the last time of the timetable that is not after now, or
	// the error that makes it no timetable.
	Latest func(spec string, now time.Time) (time.Time, error)

	// Token returns the token of that name from the settings. The texts of
	// reports never hold it.
	Token func(name string) (string, bool)

	Now func() time.Time // nil: time.Now
	Log *slog.Logger

	beats <-chan time.Time // of runs, see alive; nil: by the clock
}

func (s *Syncer) now() time.Time {
	if s.Now == nil {
		return stamp(time.Now())
	}
	return stamp(s.Now())
}

// one returns a query for one connection.
func one(db *gorm.DB, workspace, id string) *gorm.DB {
	return db.Where("workspace_id = ? AND id = ?", workspace, id)
}

// of returns a query for what belongs to one connection.
func of(db *gorm.DB, c *Connection) *gorm.DB {
	return db.Where("workspace_id = ? AND connection_id = ?", c.WorkspaceID, c.ID)
}

// Connection returns a connection, or kb.ErrNotFound.
func (s *Syncer) Connection(ctx context.Context, workspace, id string) (Connection, error) {
	return load(s.DB.WithContext(ctx), workspace, id)
}

func load(db *gorm.DB, workspace, id string) (Connection, error) {
	var c Connection
	err := one(db, workspace, id).Take(&c).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return c, fmt.Errorf("%w: connection %s", kb.ErrNotFound, id)
	}
	if err != nil {
		return c, fmt.Errorf("connect: connection %s: %w", id, err)
	}
	return c, nil
}

// Connections returns the connections of a workspace by id.
func (s *Syncer) Connections(ctx context.Context, workspace string) ([]Connection, error) {
	var cs []Connection
	if err := s.DB.WithContext(ctx).Where("workspace_id = ?", workspace).Order("id").Find(&cs).Error; err != nil {
		return nil, fmt.Errorf("connect: connections: %w", err)
	}
	return cs, nil
}

// Put adds a connection or changes the Config, Spec and Author of the one with
// its id, and fills in the rest. Another Config makes the next run read all of
// the source. The kind cannot change: kb.ErrConflict. What cannot work is a
// kb.ErrInvalid.
func (s *Syncer) Put(ctx context.Context, c *Connection) error {
	slices.Sort(c.Config.Tags)
	c.Config.Tags = slices.Compact(c.Config.Tags)
	if err := c.Validate(); err != nil {
		return err
	}
	if c.Spec != "" {
		if _, err := s.Latest(c.Spec, s.now()); err != nil {
			return fmt.Errorf("%w: connection %s: spec: %w; use five cron fields in UTC, or @every 1h", kb.ErrInvalid, c.ID, err)
		}
	}
	err := s.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error { return s.put(tx, c) })
	if errors.Is(err, gorm.ErrForeignKeyViolated) {
		return fmt.Errorf("%w: workspace %s", kb.ErrNotFound, c.WorkspaceID)
	}
	return err
}

func (s *Syncer) put(tx *gorm.DB, c *Connection) error {
	was, err := load(tx.Clauses(forUpdate(tx)), c.WorkspaceID, c.ID)
	now := s.now()
	switch {
	case errors.Is(err, kb.ErrNotFound):
		*c = Connection{
			WorkspaceID: c.WorkspaceID, ID: c.ID, Kind: c.Kind, Config: c.Config, Spec: c.Spec,
			Status: Active, Author: c.Author, CreatedAt: now, UpdatedAt: now,
		}
		err = tx.Create(c).Error
	case err != nil:
		return err
	case was.Kind != c.Kind:
		return fmt.Errorf("%w: connection %s is of the kind %s; make another one", kb.ErrConflict, c.ID, was.Kind)
	default:
		if !reflect.DeepEqual(was.Config, c.Config) {
			was.Cursor = ""
		}
		was.Config, was.Spec, was.Author, was.UpdatedAt = c.Config, c.Spec, c.Author, now
		*c = was
		err = one(tx.Model(c), c.WorkspaceID, c.ID).Select("config", "spec", "author", "cursor", "updated_at").Updates(c).Error
	}
	if err != nil {
		return fmt.Errorf("connect: put %s: %w", c.ID, err)
	}
	return nil
}

// forUpdate locks the rows that are read, where the database locks rows; SQLite
// has one writer at a time.
func forUpdate(db *gorm.DB) clause.Locking {
	if db.Name() == "postgres" {
		return clause.Locking{Strength: "UPDATE"}
	}
	return clause.Locking{}
}

// Pause stops a connection's timetable, Resume lets it go on; both forget what
// held it, and a run that still finds it asks again.
func (s *Syncer) Pause(ctx context.Context, workspace, id, by string) (Connection, error) {
	return s.set(ctx, workspace, id, Paused, by)
}

// Resume is the opposite of Pause.
func (s *Syncer) Resume(ctx context.Context, workspace, id, by string) (Connection, error) {
	return s.set(ctx, workspace, id, Active, by)
}

func (s *Syncer) set(ctx context.Context, workspace, id string, status Status, by string) (Connection, error) {
	done := one(s.DB.WithContext(ctx).Model(&Connection{}), workspace, id).
		Updates(map[string]any{"status": status, "held": nil, "author": by, "updated_at": s.now()})
	if done.Error != nil {
		return Connection{}, fmt.Errorf("connect: connection %s: %w", id, done.Error)
	}
	return s.Connection(ctx, workspace, id)
}

// Remove forgets a connection and what is known of its runs. Its documents
// stay; they are nobody's until a connection of the same id takes them up. It
// returns ErrRunning while it is synced.
func (s *Syncer) Remove(ctx context.Context, workspace, id string) error {
	return s.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		c, err := load(tx.Clauses(forUpdate(tx)), workspace, id)
		switch {
		case err != nil:
			return err
		case c.claimed(s.now()):
			return fmt.Errorf("connect: remove %s: %w", id, ErrRunning)
		}
		for _, row := range []any{&Version{}, &SyncRun{}} {
			if err := of(tx, &c).Delete(row).Error; err != nil {
				return fmt.Errorf("connect: remove %s: %w", id, err)
			}
		}
		if err := one(tx, workspace, id).Delete(&Connection{}).Error; err != nil {
			return fmt.Errorf("connect: remove %s: %w", id, err)
		}
		return nil
	})
}

// A Turn is a connection whose time has come.
type Turn struct {
	Connection Connection
	Slot       time.Time // for How
}

// Due returns the active connections of every workspace whose timetable has a
// time that was not dealt with, and which no process is syncing. One that was
// never synced is due at once.
func (s *Syncer) Due(ctx context.Context, now time.Time) ([]Turn, error) {
	var cs []Connection
	err := s.DB.WithContext(ctx).Where("status = ? AND spec <> ?", Active, "").Order("workspace_id, id").Find(&cs).Error
	if err != nil {
		return nil, fmt.Errorf("connect: due: %w", err)
	}
	var due []Turn
	for _, c := range cs {
		slot, err := s.Latest(c.Spec, now)
		if err != nil {
			s.Log.WarnContext(ctx, "connection has no timetable", "workspace", c.WorkspaceID, "connection", c.ID, "error", err)
			continue
		}
		if slot = stamp(slot); !c.claimed(stamp(now)) && (c.LastSlot == nil || slot.After(*c.LastSlot)) {
			due = append(due, Turn{c, slot})
		}
	}
	return due, nil
}
