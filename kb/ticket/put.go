package ticket

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
)

// A Change is what somebody says of a ticket. What is nil stays as it is.
type Change struct {
	Subject    *string
	CustomerID *string
	Channel    *string
	Language   *string
	Topic      *string
	Tone       *string
	Priority   *Priority
	Status     *Status
	Assignee   *string
	Tags       *[]string
	Messages   []Message // those that are not there yet are added; Name, Role, Text, Author and At count
	Origin     string    // of a new ticket

	FoundLanguage string // by the looks of it, where nobody has said
}

// An Outcome says what became of a ticket that was put.
type Outcome struct {
	Created bool // there was none before
	Changed bool
}

// Put adds a ticket or changes it, and returns it as it is then. Where version
// is not nil the ticket must be at it, 0 for none: ErrConflict says that it is
// not, and nothing is changed.
//
// A message is known by the helpdesk's id of it. Without one it is known by who
// wrote what and when; a reply that was sent from here is known by its text
// alone, since a helpdesk has another time for it. A message without a time is
// as old as this call, and known by its role and text.
//
// Unless the change says how the ticket stands, a customer's message that is
// later than all before opens it, and an operator's has an open one wait.
func (s *Store) Put(ctx context.Context, id string, version *int64, c Change) (t Ticket, done Outcome, err error) {
	if !ValidID(id) {
		return Ticket{}, Outcome{}, fmt.Errorf("%w: id %.150q: use 1 to %d bytes of printable text", ErrInvalid, id, maxID)
	}
	for i := range c.Messages {
		if err := c.Messages[i].validate(); err != nil {
			return Ticket{}, Outcome{}, fmt.Errorf("message %d: %w", i+1, err)
		}
	}
	for range 3 { // whoever adds the same ticket at the same time is found the next time
		t, err = s.change(ctx, id, func(_ *gorm.DB, t *Ticket) (bool, error) {
			done = Outcome{}
			if version != nil && *version != t.Version {
				return false, fmt.Errorf("%w: ticket %s was changed by somebody else: it is at version %d and you have %d; read it again", ErrConflict, id, t.Version, *version)
			}
			done.Changed, err = t.apply(&c, stamp(s.now()))
			return done.Changed, err
		})
		if !errors.Is(err, ErrNotFound) {
			return t, done, err
		}
		if version != nil && *version != 0 {
			return Ticket{}, Outcome{}, fmt.Errorf("%w: ticket %s is not there any more and you have version %d", ErrConflict, id, *version)
		}
		t, err = s.create(ctx, id, &c)
		if !errors.Is(err, gorm.ErrDuplicatedKey) {
			return t, Outcome{true, true}, err
		}
	}
	return Ticket{}, Outcome{}, fmt.Errorf("%w: ticket %s is being written by somebody else: try again", ErrConflict, id)
}

func (s *Store) create(ctx context.Context, id string, c *Change) (Ticket, error) {
	now := stamp(s.now())
	t := Ticket{ID: id, Version: 1, Status: Open, Origin: c.Origin}
	if _, err := t.apply(c, now); err != nil {
		return Ticket{}, err
	}
	err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error { return s.save(tx, &t, 0) })
	switch {
	case err == nil:
		return t, nil
	case errors.Is(err, ErrInvalid):
		return Ticket{}, err
	case errors.Is(err, gorm.ErrForeignKeyViolated):
		return Ticket{}, fmt.Errorf("%w: workspace %s", ErrNotFound, s.workspace)
	}
	return Ticket{}, fmt.Errorf("ticket: create %s: %w", id, err)
}

// apply changes the ticket and reports whether that is a change.
func (t *Ticket) apply(c *Change, now time.Time) (changed bool, err error) {
	for _, f := range []struct{ to, from *string }{
		{&t.Subject, c.Subject}, {&t.CustomerID, c.CustomerID}, {&t.Channel, c.Channel}, {&t.Language, c.Language}, {&t.Topic, c.Topic},
		{&t.Tone, c.Tone}, {&t.Assignee, c.Assignee}, {(*string)(&t.Priority), (*string)(c.Priority)},
	} {
		if f.from != nil && *f.to != *f.from {
			*f.to, changed = *f.from, true
		}
	}
	if t.Language == "" && c.Language == nil && c.FoundLanguage != "" {
		t.Language, changed = c.FoundLanguage, true
	}
	if c.Tags != nil {
		tags := slices.Clone(*c.Tags)
		slices.Sort(tags)
		if tags = slices.Compact(tags); !slices.Equal(tags, t.Tags) {
			t.Tags, changed = tags, true
		}
	}
	was := *t
	if t.add(c.Messages, now) {
		changed = true
	}
	if len(t.Messages) > maxMessages {
		return false, fmt.Errorf("%w: ticket %s: more than %d messages", ErrInvalid, t.ID, maxMessages)
	}
	if status := t.stands(&was, c.Status); status != t.Status {
		t.Status, changed = status, true
	}
	if t.AskedAt.IsZero() {
		t.AskedAt = now
	}
	if changed {
		t.Forgotten = false // there may be texts again
	}
	return changed, nil
}

// stands is how the ticket stands after what was added since it was was.
func (t *Ticket) stands(was *Ticket, said *Status) Status {
	answered := t.AnsweredAt != was.AnsweredAt && t.AnsweredAt.After(t.AskedAt)
	switch {
	case said != nil:
		return *said
	case answered && (t.Status == Open || t.AskedAt.After(was.AskedAt)):
		return Pending
	case t.AskedAt.After(was.AskedAt):
		return Open
	}
	return t.Status
}

// add appends the messages that are not there yet and reports whether there are
// any.
func (t *Ticket) add(ms []Message, now time.Time) (added bool) {
	had := len(t.Messages)
	taken := make([]bool, had) // by a message that says the same
	for i := range ms {
		m := ms[i]
		if at := known(t.Messages[:had], taken, &m); at >= 0 {
			taken[at] = true
			continue
		}
		m = Message{Name: m.Name, Role: m.Role, Text: m.Text, Author: m.Author, At: stamp(m.At)}
		if m.At.IsZero() || m.At.After(now.Add(skew)) {
			m.At = now
		}
		t.Messages, added = append(t.Messages, m), true
		switch {
		case m.Role == Customer && m.At.After(t.AskedAt):
			t.AskedAt = m.At
		case m.Role == Operator && (t.AnsweredAt == nil || m.At.After(*t.AnsweredAt)):
			t.AnsweredAt = &m.At
		}
	}
	return added
}

// skew is how far ahead of ours a helpdesk's clock may be before it is not
// believed.
const skew = 5 * time.Minute

// known returns the place of the message among those that are there and not
// taken yet; -1: it is new.
func known(have []Message, taken []bool, m *Message) int {
	if m.Name != "" {
		if i := slices.IndexFunc(have, func(h Message) bool { return h.Name == m.Name }); i >= 0 {
			return i
		}
	}
	for i := range have {
		h := &have[i]
		if taken[i] || h.Role != m.Role || m.Name != "" && h.Name != "" || !same(h.Text, m.Text) {
			continue
		}
		if m.At.IsZero() || h.Key != "" || stamp(m.At).Equal(h.At) {
			return i
		}
	}
	return -1
}

// same reports whether two texts are one, however a system breaks their lines.
func same(a, b string) bool {
	return a == b || slices.Equal(strings.Fields(a), strings.Fields(b))
}
