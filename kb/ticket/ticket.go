// Package ticket keeps what customers ask for the operators who answer: the
// dialogue, where it stands and who sees to it.
//
// Tickets come from a helpdesk, a connector or a person who types one in, by
// [Store.Put], as often as they like: what is known already changes nothing. An
// operator's answer goes in by [Store.Reply], once only. Texts are kept as they
// came, since whoever answers must see them; they go with the customer, by
// [Store.Erase], and a while after the ticket was solved, by [DB.Forget].
// Nothing here searches or learns.
package ticket

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

var (
	// ErrNotFound is returned for a ticket that does not exist in the caller's
	// workspace.
	ErrNotFound = errors.New("not found")

	// ErrInvalid is returned for a change that makes no sense. The text says
	// what to do instead.
	ErrInvalid = errors.New("invalid")

	// ErrConflict is returned for a change of a ticket that somebody else has
	// changed in the meantime.
	ErrConflict = errors.New("conflict")

	// ErrNewer is returned for a reply to a dialogue that has gone on since it
	// was read. Nothing was sent.
	ErrNewer = errors.New("newer message")
)

// A Status says whose turn it is.
type Status string

// The statuses of tickets.
const (
	Open    Status = "open"    // the customer waits
	Pending Status = "pending" // the customer was answered and may come back
	Solved  Status = "solved"
)

// Statuses returns every status.
func Statuses() []Status { return []Status{Open, Pending, Solved} }

// A Priority says how urgent a ticket is. Empty is as Normal.
type Priority string

// The priorities of tickets.
const (
	Urgent Priority = "urgent"
	High   Priority = "high"
	Normal Priority = "normal"
	Low    Priority = "low"
)

// rank sorts priorities, the most urgent first.
func (p Priority) rank() int64 {
	if p == "" {
		p = Normal
	}
	return int64(slices.Index([]Priority{Urgent, High, Normal, Low}, p))
}

// A Role says who wrote a message.
type Role string

// The roles of those who write.
const (
	Customer Role = "customer"
	Operator Role = "operator"
	Bot      Role = "bot"
)

// A Ticket is one request of a customer. It is also the row it is stored as.
type Ticket struct {
	WorkspaceID  string    `gorm:"primaryKey"`
	ID           string    `gorm:"primaryKey"` // the helpdesk's own
	Version      int64     // counts changes, from 1
	Subject      string    // one line; the start of the first message where the helpdesk has none
	Messages     []Message `gorm:"-"` // oldest first; nil in lists
	CustomerID   string    // the helpdesk's id; empty: not said
	Channel      string    // email, chat, …; empty: not said
	Language     string    // ISO 639-1; empty: not known
	Topic        string    // a topic's id or the helpdesk's own word; empty: not known
	Tone         string    // of the customer; empty: not known
	Priority     Priority
	Rank         int64 // of Priority, set by the store: 0 for urgent to 3 for low
	Status       Status
	Assignee     string   // who sees to it; empty: nobody
	Tags         []string `gorm:"serializer:json"` // sorted, without repeats
	SuggestionID string   // the latest that was made for it; empty: none
	Origin       string   // what brought it: "api", "console", "connector:…", "demo"
	Preview      string   // start of the customer's latest message
	Words        string   // what it is found by, set by the store
	Forgotten    bool     // its texts were erased after a while

	AskedAt    time.Time  // UTC: of the customer's latest message
	AnsweredAt *time.Time // UTC: of the latest reply of an operator; nil: none
	CreatedAt  time.Time  `gorm:"autoCreateTime:false"` // UTC
	UpdatedAt  time.Time  `gorm:"autoUpdateTime:false"` // UTC
}

// A Message is one of a ticket's. It is also the row it is stored as.
type Message struct {
	WorkspaceID  string `gorm:"primaryKey"`
	TicketID     string `gorm:"primaryKey"`
	Place        int64  `gorm:"primaryKey;autoIncrement:false"` // in the order in which they became known, from 1
	Name         string // the helpdesk's id of it; empty: not said
	Key          string // of the reply that it is, so that it is sent once; empty: it came by Put
	Version      int64  // of the ticket when it became known
	Role         Role
	Text         string
	Author       string    // a name; empty: not said
	SuggestionID string    // the draft that it was made of; empty: none
	At           time.Time // UTC
}

// Bounds of what a ticket holds.
const (
	maxID       = 128     // bytes
	maxWord     = 256     // bytes, of a name, topic, channel and the like
	maxSubject  = 1000    // bytes; what is longer is cut
	maxText     = 1 << 20 // bytes, of one message
	maxMessages = 5000    // of one ticket
	maxTags     = 50      // of one ticket
	previewed   = 200     // runes of a preview
	titled      = 120     // runes of a subject that is made of a message
	found       = 120     // runes of a subject and of a preview that it is found by
	searchable  = 1000    // bytes of Words: an index of PostgreSQL takes 2700
)

// ValidID reports whether an id can be a ticket's: printable, without spaces at
// its ends, at most 128 bytes.
func ValidID(id string) bool {
	return id != "" && len(id) <= maxID && utf8.ValidString(id) && strings.TrimSpace(id) == id &&
		!strings.ContainsFunc(id, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// validate reports, as an ErrInvalid, what cannot be stored of the ticket.
func (t *Ticket) validate() error {
	invalid := func(what string) error { return fmt.Errorf("%w: ticket %s: %s", ErrInvalid, t.ID, what) }
	switch {
	case !slices.Contains(Statuses(), t.Status):
		return invalid(fmt.Sprintf("status %.40q: use open, pending or solved", t.Status))
	case t.Priority.rank() < 0:
		return invalid(fmt.Sprintf("priority %.40q: use urgent, high, normal or low", t.Priority))
	case len(t.Tags) > maxTags:
		return invalid(fmt.Sprintf("has %d tags: use at most %d", len(t.Tags), maxTags))
	}
	words := append([]string{t.CustomerID, t.Channel, t.Language, t.Topic, t.Tone, t.Assignee, t.Origin}, t.Tags...)
	for _, w := range words {
		if len(w) > maxWord {
			return invalid(fmt.Sprintf("%.40q… is longer than %d bytes", w, maxWord))
		}
	}
	if !plain(append(words, t.Subject)...) {
		return invalid("holds what is no text: use UTF-8 without NUL bytes")
	}
	return nil
}

func (m *Message) validate() error {
	switch {
	case !slices.Contains([]Role{Customer, Operator, Bot}, m.Role):
		return fmt.Errorf("%w: a message of role %.40q: use customer, operator or bot", ErrInvalid, m.Role)
	case strings.TrimSpace(m.Text) == "":
		return fmt.Errorf("%w: a message without a text", ErrInvalid)
	case len(m.Text) > maxText:
		return fmt.Errorf("%w: a message of %d bytes: at most %d", ErrInvalid, len(m.Text), maxText)
	case len(m.Name) > maxWord || len(m.Author) > maxWord || len(m.Key) > maxWord:
		return fmt.Errorf("%w: a message's id, author or key of more than %d bytes", ErrInvalid, maxWord)
	case !plain(m.Text, m.Name, m.Author, m.Key):
		return fmt.Errorf("%w: a message that is no text: use UTF-8 without NUL bytes", ErrInvalid)
	}
	return nil
}

// plain reports whether both databases keep the texts as they are.
func plain(texts ...string) bool {
	return !slices.ContainsFunc(texts, func(s string) bool { return !utf8.ValidString(s) || strings.ContainsRune(s, 0) })
}

// settle sets what follows from the rest.
func (t *Ticket) settle() {
	t.Rank = t.Priority.rank()
	if t.Tags == nil {
		t.Tags = []string{}
	}
	slices.Sort(t.Tags)
	t.Tags = slices.Compact(t.Tags)
	t.Subject = cut(strings.Join(strings.Fields(t.Subject), " "), maxSubject)
	var latest *Message
	for i := range t.Messages {
		if m := &t.Messages[i]; m.Role == Customer && (latest == nil || !m.At.Before(latest.At)) {
			latest = m
		}
	}
	if latest != nil {
		t.Preview = line(latest.Text, previewed)
	}
	if t.Subject == "" && len(t.Messages) > 0 {
		t.Subject = line(t.Messages[0].Text, titled)
	}
	t.Words = cut(fold(t.ID+" "+t.CustomerID+" "+line(t.Subject, found)+" "+line(t.Preview, found)), searchable)
}

// fold brings a text to the form in which it is looked for.
func fold(text string) string { return strings.ReplaceAll(strings.ToLower(text), "ё", "е") }

// line is the start of a text as one line of at most most runes.
func line(text string, most int) string {
	if len(text) > 8*most { // no more of it is looked at
		text = cut(text, 8*most)
	}
	rs := []rune(strings.Join(strings.Fields(text), " "))
	if len(rs) > most {
		return strings.TrimSpace(string(rs[:most-1])) + "…"
	}
	return string(rs)
}

// cut is at most most bytes of a text, whole runes.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}

// stamp is a time as both databases keep it.
func stamp(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
