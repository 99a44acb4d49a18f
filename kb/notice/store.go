package notice

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"
	"gorm.io/gorm"
)

// A Store keeps hooks, notices and deliveries. Its methods may be called from
// many goroutines; set Now, if at all, before first use.
type Store struct {
	Now func() time.Time // nil: time.Now

	db *gorm.DB
}

// NewStore returns a Store over db, whose schema must be current.
func NewStore(db *gorm.DB) *Store { return &Store{db: db} }

// maxHooks bounds the hooks of a workspace: each notice is written once for
// each of them.
const maxHooks = 50

// Put makes the hook, if it has no ID, or changes it: h's URL, Email, Kinds and
// Active replace what was stored, and so does its Secret unless it is empty. It
// fills in the rest of h, with a Secret for a webhook that has none. A hook that
// is not there is ErrNotFound.
func (s *Store) Put(ctx context.Context, h *Hook) error {
	if h.Kinds == nil {
		h.Kinds = []string{} // null is no list of kinds
	}
	err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if h.ID != "" {
			return change(tx, h)
		}
		if h.Secret == "" && h.URL != "" {
			h.Secret = newSecret()
		}
		if err := h.Validate(); err != nil {
			return err
		}
		var n int64
		if err := tx.Model(&Hook{}).Where("workspace_id = ?", h.WorkspaceID).Count(&n).Error; err != nil {
			return err
		}
		if n >= maxHooks {
			return fmt.Errorf("%w: hook: a workspace has at most %d: delete one first", ErrInvalid, maxHooks)
		}
		h.ID, h.CreatedAt = ulid.Make().String(), s.now()
		return tx.Create(h).Error
	})
	return wrapped("put hook", err)
}

// change makes the stored hook what h says.
func change(tx *gorm.DB, h *Hook) error {
	old, err := hook(tx, h.WorkspaceID, h.ID)
	if err != nil {
		return err
	}
	if h.Secret == "" {
		h.Secret = old.Secret
	}
	if h.Secret == "" && h.URL != "" {
		h.Secret = newSecret() // it was an e-mail hook
	}
	h.Author, h.CreatedAt = old.Author, old.CreatedAt
	if err := h.Validate(); err != nil {
		return err
	}
	return tx.Save(h).Error
}

// Hook returns the workspace's hook of an id, with its secret, or ErrNotFound.
func (s *Store) Hook(ctx context.Context, workspace, id string) (Hook, error) {
	h, err := hook(s.db.WithContext(ctx), workspace, id)
	return h, wrapped("read hook", err)
}

// Hooks returns the workspace's hooks, oldest first, with their secrets.
func (s *Store) Hooks(ctx context.Context, workspace string) ([]Hook, error) {
	var hs []Hook
	err := s.db.WithContext(ctx).Where("workspace_id = ?", workspace).Order("created_at, id").Find(&hs).Error
	return hs, wrapped("list hooks", err)
}

// Delete removes the hook and what was to be delivered to it. Deleting what is
// not there is ErrNotFound.
func (s *Store) Delete(ctx context.Context, workspace, id string) error {
	err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		got := tx.Where("workspace_id = ? AND id = ?", workspace, id).Delete(&Hook{})
		if got.Error != nil {
			return got.Error
		}
		if got.RowsAffected == 0 {
			return fmt.Errorf("%w: hook %s", ErrNotFound, id)
		}
		return tx.Where("workspace_id = ? AND hook_id = ?", workspace, id).Delete(&Delivery{}).Error
	})
	return wrapped("delete hook", err)
}

// A Page is a part of a list that begins with the newest.
type Page struct {
	Before string // an id: only what is older; empty: from the newest on
	Limit  int    // from 1 to 1000; 0: 100
}

// in applies the page to a query.
func (p Page) in(db *gorm.DB) *gorm.DB {
	if p.Before != "" {
		db = db.Where("id < ?", p.Before)
	}
	limit := p.Limit
	if limit <= 0 {
		limit = 100
	}
	return db.Order("id DESC").Limit(min(limit, 1000))
}

// Notices returns the workspace's notices whose kind begins with a prefix (as
// "gap." or "alarm.burst"; empty: all), newest first.
func (s *Store) Notices(ctx context.Context, workspace, prefix string, p Page) ([]Notice, error) {
	var ns []Notice
	db := s.db.WithContext(ctx).Where("workspace_id = ?", workspace)
	if prefix != "" {
		db = db.Where("kind LIKE ? ESCAPE '!'", like.Replace(prefix)+"%")
	}
	err := p.in(db).Find(&ns).Error
	return ns, wrapped("list notices", err)
}

var like = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

// Deliveries returns what was or is to be delivered to the workspace's hook,
// newest first.
func (s *Store) Deliveries(ctx context.Context, workspace, hookID string, p Page) ([]Delivery, error) {
	db := s.db.WithContext(ctx)
	if _, err := hook(db, workspace, hookID); err != nil {
		return nil, wrapped("list deliveries", err)
	}
	var ds []Delivery
	err := p.in(db.Where("workspace_id = ? AND hook_id = ?", workspace, hookID)).Find(&ds).Error
	return ds, wrapped("list deliveries", err)
}

// Named returns the notices with these ids, by id. One that is forgotten is
// not among them.
func (s *Store) Named(ctx context.Context, workspace string, ids []string) (map[string]Notice, error) {
	var ns []Notice
	if err := s.db.WithContext(ctx).Where("workspace_id = ? AND id IN ?", workspace, ids).Find(&ns).Error; err != nil {
		return nil, wrapped("read notices", err)
	}
	out := make(map[string]Notice, len(ns))
	for _, n := range ns {
		out[n.ID] = n
	}
	return out, nil
}

// Resend makes the delivery due now, whatever became of it, under the same id
// and with all its attempts before it again.
func (s *Store) Resend(ctx context.Context, workspace, id string) (Delivery, error) {
	var d Delivery
	err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		err := tx.Where("workspace_id = ? AND id = ?", workspace, id).Take(&d).Error
		if errors.Is(err, gorm.ErrRecordNotFound) {
			return fmt.Errorf("%w: delivery %s", ErrNotFound, id)
		}
		if err != nil {
			return err
		}
		d.Status, d.Attempts, d.Due = Pending, 0, s.now()
		return tx.Save(&d).Error
	})
	return d, wrapped("resend", err)
}

// Prune removes, from all workspaces, the notices from before a time and their
// deliveries, but those that are still to be delivered. It returns how many
// notices it removed.
func (s *Store) Prune(ctx context.Context, before time.Time) (int64, error) {
	before = stamp(before)
	removed := int64(0)
	err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		err := tx.Exec(`DELETE FROM deliveries WHERE status <> ? AND EXISTS (
			SELECT 1 FROM notices n WHERE n.workspace_id = deliveries.workspace_id AND n.id = deliveries.notice_id AND n.at < ?)`,
			Pending, before).Error
		if err != nil {
			return err
		}
		got := tx.Exec(`DELETE FROM notices WHERE at < ? AND NOT EXISTS (
			SELECT 1 FROM deliveries d WHERE d.workspace_id = notices.workspace_id AND d.notice_id = notices.id)`, before)
		removed = got.RowsAffected
		return got.Error
	})
	return removed, wrapped("prune", err)
}

func hook(db *gorm.DB, workspace, id string) (Hook, error) {
	var h Hook
	err := db.Where("workspace_id = ? AND id = ?", workspace, id).Take(&h).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Hook{}, fmt.Errorf("%w: hook %s", ErrNotFound, id)
	}
	return h, err
}

// wrapped adds the package and what was being done to errors of the database;
// its own say what they are about.
func wrapped(doing string, err error) error {
	if err == nil || errors.Is(err, ErrNotFound) || errors.Is(err, ErrInvalid) {
		return err
	}
	return fmt.Errorf("notice: %s: %w", doing, err)
}

// now is the time to what both databases keep of it.
func (s *Store) now() time.Time {
	if s.Now != nil {
		return stamp(s.Now())
	}
	return stamp(time.Now())
}
