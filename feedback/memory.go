package feedback

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// CaseOrigin is the Origin of cases that are made of tickets, and the Author of
// what the case memory writes. What has another author is an editor's.
const CaseOrigin = "tickets"

// A Memory makes cases of tickets that operators have resolved: what was asked
// and what was sent, without personal data, for the next one who asks. Its
// fields are set before first use; its methods may be called from many
// goroutines and processes.
//
// What becomes a case. A reply that an operator sent to a customer, in public,
// with no outcome against it; it counts at once, since many helpdesks never say
// how a ticket ended, and is taken back when they do. Not what a bot wrote, not
// notes, not what a rejected suggestion said, nothing that says nothing, and
// nothing that is about one customer's account, which a rule of thumb
// tells. Of several replies within one ticket the last
// counts.
//
// The same question again, with a reply that says the same, raises the Evidence
// of the case there is. One with a reply that says something else becomes a case
// of its own, and of such rivals only those that most stands behind are in use,
// the rest archived until that changes, so nothing is replaced silently. Tickets
// count less as they age, so that a new policy wins in time, and one operator's
// for no more than two.
//
// What stands behind a case is taken back when the ticket is reopened,
// escalated or rated badly, or when its operator is excluded, and counts again
// when that has passed. A case that nothing stands behind is archived. What an
// editor does to a case stays: a text is not overwritten, a draft not published,
// an archived or deleted case not brought back.
type Memory struct {
	KB *kb.DB   // may be nil: a case and its tickets are written together, through DB
	DB *gorm.DB // the database that holds the knowledge too

	// Store is the feedback whose writers its own queue with, as they write to
	// the same database. Nil: SQLite has those who are told wait for it longer
	// than they must.
	Store *Store

	// Like returns the ids of cases whose question is like this one and that were
	// resolved with the same article. What it returns is looked at again. Where it
	// is nil, only the latest cases are looked through for questions that are not
	// the same word for word.
	Like func(ctx context.Context, workspace, question, article string) ([]string, error)

	Now func() time.Time
}

// A caseTicket is what one suggestion adds to a case. It is also the row it is
// stored as.
type caseTicket struct {
	WorkspaceID  string `gorm:"primaryKey"`
	SuggestionID string `gorm:"primaryKey"`
	DocumentID   string
	TicketID     string // empty: the suggestion is a ticket by itself
	OperatorID   string
	Withdrawn    string    // why it does not count, in words with spaces between; empty: it counts
	At           time.Time // UTC: when it came to count
}

// excludedOperator is why the tickets of an operator do not count whom somebody
// has excluded. The other reasons come from what became of the ticket.
const excludedOperator = "operator"

// reasons returns what Withdrawn is made of.
func reasons(outcome string, excluded bool) string {
	if !excluded {
		return outcome
	}
	return strings.TrimSpace(outcome + " " + excludedOperator)
}

// precedes reports whether o is a later reply than t.
func (t *caseTicket) precedes(o caseTicket) bool { return o.SuggestionID > t.SuggestionID }

// outcome is the part of Withdrawn that the ticket itself gives cause for.
func (t *caseTicket) outcome() string {
	return strings.TrimSpace(strings.TrimSuffix(t.Withdrawn, excludedOperator))
}

// excluded reports whether the ticket's operator is excluded.
func (t *caseTicket) excluded() bool { return strings.HasSuffix(t.Withdrawn, excludedOperator) }

// A lesson is what is to be learned from one suggestion.
type lesson struct {
	ticket caseTicket
	why    string       // why it is no case, or no longer; empty: it is one
	doc    *kb.Document // what it says; nil unless why is empty
	like   []string     // ids of cases that may ask the same

	reworded bool // a case has come to say something else by it
}

// Consider makes of a suggestion and what became of it what follows for the
// case memory: a case, more evidence for one, less, or nothing. final is what
// was sent to the customer, empty where that is not known. To consider the same
// judgement twice changes nothing, and a later one takes the place of an earlier
// one. Where a workspace keeps no case memory nothing is added to it; what is in
// it is still taken out of use when a ticket turns out badly.
func (m *Memory) Consider(ctx context.Context, s *retrieval.Suggestion, j *Judgement, final string) error {
	if s.WorkspaceID != j.WorkspaceID || s.ID != j.SuggestionID {
		return fmt.Errorf("%w: suggestion %s with a judgement of %s", ErrInvalid, s.ID, j.SuggestionID)
	}
	l := lesson{ticket: m.ticketOf(s, j)}
	if l.doc, l.why = caseOf(s, j, final); l.why == "" {
		l.doc.ResolvedAt = &l.ticket.At
	}
	set, err := SettingsOf(ctx, m.DB, s.WorkspaceID)
	if err != nil {
		return err
	}
	known := false
	if l.why != "" || !set.CaseMemory {
		if known, err = m.known(ctx, s); err != nil || !known {
			return err
		}
	}
	if l.why == "" && m.Like != nil {
		if l.like, err = m.Like(ctx, s.WorkspaceID, l.doc.Problem, l.doc.ResolvedWith); err != nil {
			return fmt.Errorf("feedback: cases like %s: %w", s.ID, err)
		}
	}
	return m.locked(ctx, s.WorkspaceID, func(b *book) error { return b.learn(ctx, &l) })
}

// ticketOf returns what the suggestion would add to a case.
func (m *Memory) ticketOf(s *retrieval.Suggestion, j *Judgement) caseTicket {
	t := caseTicket{WorkspaceID: s.WorkspaceID, SuggestionID: s.ID, TicketID: s.TicketID, OperatorID: j.OperatorID, At: j.At}
	if t.OperatorID == "" {
		t.OperatorID = s.OperatorID
	}
	// A clock that is ahead must not make a reply the newest for ever.
	if now := m.Now(); t.At.IsZero() || t.At.After(now) {
		t.At = now
	}
	t.At = t.At.UTC().Truncate(time.Microsecond)
	return t
}

// known reports whether the suggestion has added to a case.
func (m *Memory) known(ctx context.Context, s *retrieval.Suggestion) (bool, error) {
	var n int64
	err := m.DB.WithContext(ctx).Model(&caseTicket{}).
		Where("workspace_id = ? AND suggestion_id = ?", s.WorkspaceID, s.ID).Count(&n).Error
	if err != nil {
		return false, fmt.Errorf("feedback: case of %s: %w", s.ID, err)
	}
	return n > 0, nil
}

// A book is the case memory of one workspace within a transaction that keeps
// every other writer of the workspace's documents waiting.
type book struct {
	tx        *gorm.DB
	store     *kb.Store
	workspace string
	set       Settings
	now       time.Time
}

// locked runs do on the workspace's book, all or nothing.
func (m *Memory) locked(ctx context.Context, workspace string, do func(*book) error) error {
	set, err := SettingsOf(ctx, m.DB, workspace)
	if err != nil {
		return err
	}
	write := func(ctx context.Context, do func(*gorm.DB) error) error { return m.DB.WithContext(ctx).Transaction(do) }
	if m.Store != nil {
		write = m.Store.write
	}
	err = write(ctx, func(tx *gorm.DB) error {
		// The row that writers of documents take their numbers from: whoever
		// holds it is alone, and evidence is counted right.
		got := tx.Exec("UPDATE workspaces SET changes = changes WHERE id = ?", workspace)
		if got.Error != nil {
			return got.Error
		}
		if got.RowsAffected == 0 {
			return fmt.Errorf("%w: workspace %s", ErrNotFound, workspace)
		}
		return do(&book{tx: tx, store: kb.New(tx).In(workspace), workspace: workspace, set: set, now: m.Now()})
	})
	if err != nil {
		return fmt.Errorf("feedback: case memory: %w", err)
	}
	return nil
}

// learn puts a lesson into the book.
func (b *book) learn(ctx context.Context, l *lesson) error {
	had, err := b.ticket(l.ticket.SuggestionID)
	if err != nil {
		return err
	}
	excluded, err := b.excludes(l.ticket.OperatorID)
	if err != nil {
		return err
	}
	excluded = excluded || had != nil && had.excluded() // until Readmit
	var others []caseTicket
	if l.why == "" {
		if others, err = b.ofTicket(&l.ticket); err != nil {
			return err
		}
		if slices.ContainsFunc(others, l.ticket.precedes) {
			l.why = followed
		}
	}
	switch {
	case had == nil && (l.why != "" || excluded), l.why == "" && !b.set.CaseMemory:
		return nil
	case l.why != "":
		return b.withhold(ctx, had, reasons(l.why, excluded))
	}
	for i := range others { // they did not end the ticket
		o := &others[i]
		if o.outcome() == "" {
			if err := b.withhold(ctx, o, reasons(followed, o.excluded())); err != nil {
				return err
			}
		}
	}
	l.ticket.Withdrawn = reasons("", excluded)
	return b.enter(ctx, l, had)
}

// enter makes the lesson's ticket one of those that a case is made of. had is
// what the suggestion added before.
func (b *book) enter(ctx context.Context, l *lesson, had *caseTicket) error {
	id, fresh, err := b.place(ctx, l, had)
	if err != nil || id == "" {
		return err
	}
	l.ticket.DocumentID = id
	if had != nil && had.DocumentID == id && had.Withdrawn == l.ticket.Withdrawn && !l.reworded {
		return nil // all of it is known
	}
	if err := b.write(&l.ticket); err != nil {
		return err
	}
	if had != nil && had.DocumentID != id {
		if err := b.refresh(ctx, had.DocumentID, nil); err != nil {
			return err
		}
	}
	if fresh && l.ticket.Withdrawn == "" {
		return nil // it says already what its one ticket says
	}
	return b.refresh(ctx, id, l.like)
}

// withhold keeps a ticket from counting.
func (b *book) withhold(ctx context.Context, t *caseTicket, why string) error {
	if t.Withdrawn == why {
		return nil
	}
	t.Withdrawn = why
	if err := b.write(t); err != nil {
		return err
	}
	return b.refresh(ctx, t.DocumentID, nil)
}

// ticket returns what the suggestion has added to a case; nil if nothing.
func (b *book) ticket(suggestion string) (*caseTicket, error) {
	var ts []caseTicket
	err := b.tx.Where("workspace_id = ? AND suggestion_id = ?", b.workspace, suggestion).Find(&ts).Error
	if err != nil || len(ts) == 0 {
		return nil, err
	}
	return &ts[0], nil
}

// write stores a ticket in place of what was stored of it.
func (b *book) write(t *caseTicket) error {
	return b.tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(t).Error
}

// excludes reports whether somebody has excluded the operator.
func (b *book) excludes(operator string) (bool, error) {
	var n int64
	err := b.tx.Model(&retrieval.Override{}).Where("workspace_id = ? AND kind = ? AND id = ? AND action = ?",
		b.workspace, retrieval.OverOperator, operator, retrieval.Exclude).Count(&n).Error
	return n > 0, err
}
