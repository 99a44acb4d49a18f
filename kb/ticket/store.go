package ticket

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// A DB is the tickets of every workspace. Its methods may be called from many
// goroutines.
type DB struct {
	db  *gorm.DB
	now func() time.Time
}

// New returns the tickets kept in db, whose schema must be current. now is the
// clock; nil: time.Now.
func New(db *gorm.DB, now func() time.Time) *DB {
	if now == nil {
		now = time.Now
	}
	return &DB{db, now}
}

// In returns the store of one workspace.
func (b *DB) In(workspace string) *Store { return &Store{b.db, b.now, workspace} }

// A Store keeps the tickets of one workspace and can reach no other. Its methods
// may be called from many goroutines.
type Store struct {
	db        *gorm.DB
	now       func() time.Time
	workspace string
}

func (s *Store) rows(ctx context.Context) *gorm.DB {
	return s.db.WithContext(ctx).Where("workspace_id = ?", s.workspace)
}

// Ticket returns the ticket with the given id and its messages, or ErrNotFound.
func (s *Store) Ticket(ctx context.Context, id string) (Ticket, error) {
	t, err := s.read(s.db.WithContext(ctx), id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		err = fmt.Errorf("ticket: %s: %w", id, err)
	}
	return t, err
}

func (s *Store) read(tx *gorm.DB, id string) (Ticket, error) {
	var t Ticket
	err := tx.Where("workspace_id = ? AND id = ?", s.workspace, id).Take(&t).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Ticket{}, fmt.Errorf("%w: ticket %s", ErrNotFound, id)
	}
	if err == nil {
		err = tx.Session(&gorm.Session{NewDB: true}).Where("workspace_id = ? AND ticket_id = ?", s.workspace, id).
			Order("at, place").Find(&t.Messages).Error
	}
	return t, err
}

// A Sort is an order of tickets.
type Sort string

// The orders of tickets, by when the customer last wrote.
const (
	Newest     Sort = "newest"   // the latest first
	Oldest     Sort = "oldest"   // who has waited longest first
	ByPriority Sort = "priority" // the most urgent first, and of those who has waited longest
)

// A Filter asks for some of the tickets.
type Filter struct {
	Statuses []Status // any of; empty: every status
	Assignee *string  // nil: anybody's; empty: nobody's
	Topic    string   // empty: every topic
	Priority Priority // empty: every priority
	Tone     string   // empty: every tone
	Query    string   // words that id, subject, customer or the start of the latest question hold, each anywhere; empty: any
	Sort     Sort     // empty: Newest
	After    *Mark    // the last ticket of the page before; nil: from the start
	Limit    int      // at least 1
}

// A Mark is a ticket's place in a list.
type Mark struct {
	Rank int64     `json:"r"`
	At   time.Time `json:"t"`
	ID   string    `json:"i"`
}

// Mark returns the ticket's place in lists.
func (t *Ticket) Mark() *Mark { return &Mark{t.Rank, t.AskedAt, t.ID} }

// compare orders two places in a list.
func (m *Mark) compare(o *Mark, sort Sort) int {
	by := cmp.Or(m.At.Compare(o.At), cmp.Compare(m.ID, o.ID))
	switch sort {
	case Oldest:
		return by
	case ByPriority:
		return cmp.Or(cmp.Compare(m.Rank, o.Rank), by)
	}
	return -by
}

// List returns tickets without their messages. What is changed while a list is
// read page by page may be seen twice or, on the next reading, once.
func (s *Store) List(ctx context.Context, f Filter) ([]Ticket, error) {
	if len(f.Statuses) == 0 {
		f.Statuses = Statuses()
	}
	f.Sort = cmp.Or(f.Sort, Newest)
	var out []Ticket
	// An index has the order within one status: a page of each is read, which
	// is fast whatever the number of tickets, and the best of all are kept.
	for _, status := range f.Statuses {
		var part []Ticket
		if err := s.page(ctx, status, &f).Find(&part).Error; err != nil {
			return nil, fmt.Errorf("ticket: list: %w", err)
		}
		out = append(out, part...)
	}
	slices.SortFunc(out, func(a, b Ticket) int { return a.Mark().compare(b.Mark(), f.Sort) })
	if len(out) > f.Limit {
		out = out[:f.Limit]
	}
	return out, nil
}

// page is the query for the page of one status.
func (s *Store) page(ctx context.Context, status Status, f *Filter) *gorm.DB {
	q := s.rows(ctx).Where("status = ?", status).Limit(f.Limit)
	if f.Assignee != nil {
		q = q.Where("assignee = ?", *f.Assignee)
	}
	if f.Topic != "" {
		q = q.Where("topic = ?", f.Topic)
	}
	if f.Priority != "" {
		q = q.Where("rank = ?", f.Priority.rank())
	}
	if f.Tone != "" {
		q = q.Where("tone = ?", f.Tone)
	}
	for _, w := range strings.Fields(fold(f.Query)) {
		q = q.Where("words LIKE ? ESCAPE '!'", "%"+like.Replace(w)+"%")
	}
	switch f.Sort {
	case Oldest:
		q = q.Order("asked_at, id")
		if f.After != nil {
			q = q.Where("(asked_at, id) > (?, ?)", f.After.At.UTC(), f.After.ID)
		}
	case ByPriority:
		q = q.Order("rank, asked_at, id")
		if f.After != nil {
			q = q.Where("(rank, asked_at, id) > (?, ?, ?)", f.After.Rank, f.After.At.UTC(), f.After.ID)
		}
	default:
		q = q.Order("asked_at DESC, id DESC")
		if f.After != nil {
			q = q.Where("(asked_at, id) < (?, ?)", f.After.At.UTC(), f.After.ID)
		}
	}
	return q
}

var like = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

// Count returns how many tickets there are of each status.
func (s *Store) Count(ctx context.Context) (map[Status]int, error) {
	var rows []struct {
		Status Status
		N      int
	}
	err := s.rows(ctx).Model(&Ticket{}).Select("status, COUNT(*) AS n").Group("status").Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("ticket: count: %w", err)
	}
	out := make(map[Status]int)
	for _, r := range rows {
		out[r.Status] = r.N
	}
	return out, nil
}

// Known returns which of the ids are tickets of the workspace.
func (s *Store) Known(ctx context.Context, ids []string) (map[string]bool, error) {
	var found []string
	if err := s.rows(ctx).Model(&Ticket{}).Where("id IN ?", ids).Pluck("id", &found).Error; err != nil {
		return nil, fmt.Errorf("ticket: known: %w", err)
	}
	out := make(map[string]bool, len(found))
	for _, id := range found {
		out[id] = true
	}
	return out, nil
}

// change changes a ticket within a transaction, by do, which reports whether it
// has changed anything, and returns it as it is then. Messages that do appends
// are stored too.
func (s *Store) change(ctx context.Context, id string, do func(tx *gorm.DB, t *Ticket) (bool, error)) (t Ticket, err error) {
	err = s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		locked := tx.Session(&gorm.Session{}).Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate})
		if t, err = s.read(locked, id); err != nil {
			return err
		}
		next := t.Version + 1
		had := len(t.Messages)
		changed, err := do(tx, &t)
		if err != nil || !changed {
			return err
		}
		t.Version = next
		return s.save(tx, &t, had)
	})
	switch {
	case err == nil:
		return t, nil
	case errors.Is(err, ErrNotFound), errors.Is(err, ErrInvalid), errors.Is(err, ErrConflict), errors.Is(err, ErrNewer):
		return Ticket{}, err
	}
	return Ticket{}, fmt.Errorf("ticket: change %s: %w", id, err)
}

// save stores a ticket and those of its messages that come after the first had.
func (s *Store) save(tx *gorm.DB, t *Ticket, had int) error {
	t.WorkspaceID, t.UpdatedAt = s.workspace, stamp(s.now())
	fresh := t.Messages[had:]
	for i := range fresh {
		m := &fresh[i]
		m.WorkspaceID, m.TicketID, m.Version, m.Place = s.workspace, t.ID, t.Version, int64(had+i+1)
	}
	t.settle()
	if err := t.validate(); err != nil {
		return err
	}
	var err error
	if t.Version == 1 {
		t.CreatedAt = t.UpdatedAt
		err = tx.Create(t).Error
	} else {
		err = tx.Model(t).Select("*").Updates(t).Error
	}
	if err == nil && len(fresh) > 0 {
		err = tx.CreateInBatches(slices.Clone(fresh), insertedAtOnce).Error
	}
	if err == nil {
		slices.SortStableFunc(t.Messages, func(a, b Message) int { return a.At.Compare(b.At) })
	}
	return err
}

// insertedAtOnce is how many messages one statement inserts.
const insertedAtOnce = 50
