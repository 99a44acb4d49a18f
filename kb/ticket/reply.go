package ticket

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb/notice"
)

// Assign gives the ticket to somebody, or to nobody where who is empty. Where
// version is not 0 the ticket must be at it, else it is ErrConflict.
func (s *Store) Assign(ctx context.Context, id string, version int64, who string) (Ticket, error) {
	return s.change(ctx, id, func(_ *gorm.DB, t *Ticket) (bool, error) {
		if err := t.at(version); err != nil {
			return false, err
		}
		changed := t.Assignee != who
		t.Assignee = who
		return changed, nil
	})
}

// Claim gives the ticket to who asks for it, unless somebody else has it: then
// it is ErrConflict, which names them.
func (s *Store) Claim(ctx context.Context, id, who string) (Ticket, error) {
	return s.change(ctx, id, func(_ *gorm.DB, t *Ticket) (bool, error) {
		if t.Assignee != "" && t.Assignee != who {
			return false, fmt.Errorf("%w: ticket %s is with %s", ErrConflict, id, t.Assignee)
		}
		changed := t.Assignee != who
		t.Assignee = who
		return changed, nil
	})
}

// Solve says that nothing is left to do about the ticket. Where version is not 0
// the ticket must be at it, else it is ErrConflict.
func (s *Store) Solve(ctx context.Context, id string, version int64) (Ticket, error) {
	return s.stand(ctx, id, version, Solved)
}

// Reopen says that something is left to do about the ticket, as Solve says the
// contrary.
func (s *Store) Reopen(ctx context.Context, id string, version int64) (Ticket, error) {
	return s.stand(ctx, id, version, Open)
}

// Wait says that the ticket waits for the customer; see Solve.
func (s *Store) Wait(ctx context.Context, id string, version int64) (Ticket, error) {
	return s.stand(ctx, id, version, Pending)
}

func (s *Store) stand(ctx context.Context, id string, version int64, status Status) (Ticket, error) {
	return s.change(ctx, id, func(_ *gorm.DB, t *Ticket) (bool, error) {
		if err := t.at(version); err != nil {
			return false, err
		}
		changed := t.Status != status
		t.Status = status
		return changed, nil
	})
}

// at reports, as an ErrConflict, that the ticket is not at the version; 0: at
// whatever it is.
func (t *Ticket) at(version int64) error {
	if version == 0 || version == t.Version {
		return nil
	}
	return fmt.Errorf("%w: ticket %s was changed by somebody else: it is at version %d and you have %d; read it again", ErrConflict, t.ID, t.Version, version)
}

// A Reply is what an operator sends.
type Reply struct {
	Key          string // the sender's own id of it: sent twice, it counts once
	Text         string
	Author       string
	SuggestionID string // the draft that it was made of; empty: none
	Version      int64  // of the ticket when the dialogue was read
	Close        bool   // nothing is left to do about the ticket
}

// A Sent is what became of a reply.
type Sent struct {
	Message Message
	Known   bool // it had been sent before, and counts once
}

// Reply appends what an operator sends to the dialogue: the ticket then waits
// for the customer, or is solved. Whoever wants to hear of it is told, by a
// [notice.TicketReplied] in the same transaction.
//
// A reply whose key is known is not sent again, whatever has happened since; the
// same key with another text is ErrInvalid. Where the customer has written, or
// somebody has answered, since the version that was read, it is ErrNewer and
// nothing is sent. Any other change of the ticket is no hindrance.
func (s *Store) Reply(ctx context.Context, id string, r Reply) (Ticket, Sent, error) {
	m := Message{
		Key: r.Key, Role: Operator, Text: r.Text, Author: r.Author, SuggestionID: r.SuggestionID,
	}
	if err := m.validate(); err != nil {
		return Ticket{}, Sent{}, err
	}
	if r.Key == "" {
		return Ticket{}, Sent{}, fmt.Errorf("%w: a reply without a key", ErrInvalid)
	}
	var sent Sent
	t, err := s.change(ctx, id, func(tx *gorm.DB, t *Ticket) (bool, error) {
		sent = Sent{}
		if i := slices.IndexFunc(t.Messages, func(h Message) bool { return h.Key == r.Key }); i >= 0 {
			sent = Sent{t.Messages[i], true}
			if sent.Message.Text != r.Text {
				return false, fmt.Errorf("%w: another reply was sent under this key: make a new one", ErrInvalid)
			}
			return false, nil
		}
		if err := t.newer(r.Version); err != nil {
			return false, err
		}
		m.At = stamp(s.now())
		t.Messages = append(t.Messages, m)
		t.AnsweredAt, t.Status = &m.At, Pending
		if r.Close {
			t.Status = Solved
		}
		if t.Assignee == "" {
			t.Assignee = r.Author
		}
		// What save sets of a message is known by now.
		m.WorkspaceID, m.TicketID, m.Place, m.Version = s.workspace, t.ID, int64(len(t.Messages)), t.Version+1
		sent.Message = m
		return true, s.tell(ctx, tx, t, &m)
	})
	return t, sent, err
}

// newer reports, as an ErrNewer, what was written since a version.
func (t *Ticket) newer(version int64) error {
	if version > t.Version {
		return fmt.Errorf("%w: ticket %s is at version %d and you have %d: read it again", ErrConflict, t.ID, t.Version, version)
	}
	for i := len(t.Messages) - 1; i >= 0; i-- {
		m := &t.Messages[i]
		if m.Version <= version {
			continue
		}
		if m.Role == Customer {
			return fmt.Errorf("%w: the customer has written again since you have read the ticket; nothing was sent: read it again", ErrNewer)
		}
		who := m.Author
		if who == "" {
			who = "somebody else"
		}
		return fmt.Errorf("%w: %s has answered since you have read the ticket; nothing was sent: read it again", ErrNewer, who)
	}
	return nil
}

// tell tells of a reply, for those that pass it on to the customer: they read
// the text by the ticket's id.
func (s *Store) tell(ctx context.Context, tx *gorm.DB, t *Ticket, m *Message) error {
	data := notice.JSON(map[string]any{
		"id": t.ID, "version": m.Version, "message": m.Place, "status": t.Status, "suggestion_id": m.SuggestionID,
	})
	return notice.Add(ctx, tx, notice.Notice{WorkspaceID: s.workspace, Kind: notice.TicketReplied, Subject: t.ID, Data: data, At: m.At})
}

// Suggested notes down that a suggestion was made for the ticket, and what it is
// about where nobody has said so. It is no change of the ticket: its version
// stays. A ticket that does not exist is passed over.
func (s *Store) Suggested(ctx context.Context, id, suggestion, topic string) error {
	if len(topic) > maxWord {
		topic = ""
	}
	err := s.rows(ctx).Model(&Ticket{}).Where("id = ? AND suggestion_id < ?", id, suggestion).UpdateColumns(map[string]any{
		"suggestion_id": suggestion, "topic": gorm.Expr("CASE WHEN topic = '' THEN ? ELSE topic END", topic),
	}).Error
	if err != nil {
		return fmt.Errorf("ticket: suggestion for %s: %w", id, err)
	}
	return nil
}
