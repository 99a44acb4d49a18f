// Package notice keeps what Whetstone has to tell others by itself: that a gap
// was opened, that a topic bursts, that a source was held.
//
// [Add] writes a [Notice] inside the transaction that makes it true, together
// with one pending [Delivery] for each [Hook] that wants it, so that neither is
// ever there without the other. [Store] keeps hooks and reads what was told.
// Package api/notify sends; nothing here speaks to the network.
package notice

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/oklog/ulid/v2"
	"gorm.io/gorm"
)

var (
	// ErrNotFound is returned for a hook or a delivery that does not exist in
	// the workspace.
	ErrNotFound = errors.New("not found")

	// ErrInvalid is returned for a hook or a notice that makes no sense. The
	// text says what to change.
	ErrInvalid = errors.New("invalid")
)

// A Kind says what a notice is about: a noun, a dot and what became of it.
type Kind string

// The kinds of notices.
const (
	GapOpened          Kind = "gap.opened"          // a topic that the knowledge base does not cover was found
	GapClosed          Kind = "gap.closed"          // the questions of a gap are answered now
	GapReopened        Kind = "gap.reopened"        // they are not answered any more
	AlarmBurst         Kind = "alarm.burst"         // many ask about one topic all of a sudden
	AlarmNewTopic      Kind = "alarm.new_topic"     // several customers ask about what nobody asked before
	AlarmDrift         Kind = "alarm.drift"         // answers are less certain than they were, or more
	SourceHeld         Kind = "source.held"         // a source lost so much that somebody must say whether to go on
	ArticleQuarantined Kind = "article.quarantined" // what an article rests on has changed
	TicketReplied      Kind = "ticket.replied"      // an operator has answered, for whoever passes it on to the customer
)

// everyday reports whether the kind is so frequent that only those who name it
// are told, and that it is not kept where nobody does.
func (k Kind) everyday() bool { return k == TicketReplied }

// Kinds returns every kind of notice.
func Kinds() []Kind {
	return []Kind{
		GapOpened, GapClosed, GapReopened, AlarmBurst, AlarmNewTopic, AlarmDrift, SourceHeld, ArticleQuarantined,
		TicketReplied,
	}
}

// A Notice is one thing that has happened in a workspace. It is also the row it
// is stored as, and is never changed.
type Notice struct {
	WorkspaceID string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"` // a ULID, so that it sorts by time
	Kind        Kind
	Subject     string          // what it is about, in a few words for people: a gap's label, a source's name
	Data        json.RawMessage `gorm:"serializer:json"` // an object, the same as is sent to webhooks
	At          time.Time       // UTC
}

// JSON returns v as a Notice's Data. It panics on what cannot be written as
// JSON, which is a fault in the program.
func JSON(v any) json.RawMessage {
	data, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("notice: data of type %T: %v", v, err))
	}
	return data
}

// maxSubject bounds a subject, in runes: it is one line of an e-mail.
const maxSubject = 200

// Add writes the notice and one pending delivery for each active hook of its
// workspace that wants its kind, in the caller's transaction: they are there
// if and only if the rest of it is. It sets the ID, and At to the present
// where it is not set; no Data becomes an empty object. A kind that is told to
// those alone who name it is not written where nobody does. An unknown kind, no
// workspace, and Data that is no JSON object are ErrInvalid.
//
// Data leaves the house: it names tickets and articles by id and holds no
// customer's words.
func Add(ctx context.Context, tx *gorm.DB, n Notice) error {
	if err := n.complete(); err != nil {
		return err
	}
	tx = tx.WithContext(ctx)
	var hooks []Hook
	err := tx.Where("workspace_id = ? AND active = ?", n.WorkspaceID, true).Order("id").Find(&hooks).Error
	if err == nil && n.Kind.everyday() && !slices.ContainsFunc(hooks, func(h Hook) bool { return h.Wants(n.Kind) }) {
		return nil
	}
	if err == nil {
		err = tx.Create(&n).Error
	}
	var ds []Delivery
	for i := range hooks {
		if hooks[i].Wants(n.Kind) {
			ds = append(ds, Delivery{
				WorkspaceID: n.WorkspaceID, ID: ulid.Make().String(), NoticeID: n.ID, HookID: hooks[i].ID,
				Status: Pending, Due: n.At, At: n.At,
			})
		}
	}
	if err == nil && len(ds) > 0 {
		err = tx.Create(&ds).Error
	}
	if err != nil {
		return fmt.Errorf("notice: add %s: %w", n.Kind, err)
	}
	return nil
}

// complete fills in what Add sets, and reports what makes no sense.
func (n *Notice) complete() error {
	var object map[string]json.RawMessage
	if len(n.Data) == 0 {
		n.Data = json.RawMessage("{}")
	}
	switch {
	case n.WorkspaceID == "":
		return fmt.Errorf("%w: a notice of no workspace", ErrInvalid)
	case !slices.Contains(Kinds(), n.Kind):
		return fmt.Errorf("%w: unknown kind of notice %q", ErrInvalid, n.Kind)
	case json.Unmarshal(n.Data, &object) != nil || object == nil:
		return fmt.Errorf("%w: the data of a notice must be a JSON object", ErrInvalid)
	}
	if n.At.IsZero() {
		n.At = time.Now()
	}
	n.At = stamp(n.At)
	n.Subject = line(n.Subject, maxSubject)
	n.ID = ulid.Make().String()
	return nil
}

// line is text as one printable line of at most most runes.
func line(text string, most int) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	rs := []rune(strings.Join(strings.Fields(text), " "))
	if len(rs) > most {
		return string(rs[:most-1]) + "…"
	}
	return string(rs)
}

// stamp is a time as both databases keep it.
func stamp(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
