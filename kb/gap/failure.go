package gap

import "time"

// A Sign is one way in which knowledge shows that it failed.
type Sign string

// The signs.
const (
	Abstained       Sign = "abstained"         // no reply was drafted
	LowConfidence   Sign = "low_confidence"    // a reply was drafted, and probably was not right
	Rejected        Sign = "rejected"          // an operator refused it
	Rewritten       Sign = "rewritten"         // an operator wrote something else from scratch
	SourceOutdated  Sign = "source_outdated"   // an operator said so of a source
	SourceIncorrect Sign = "source_incorrect"  // likewise
	Missing         Sign = "missing_knowledge" // an operator said what nobody has written down
	NoSource        Sign = "no_source"         // the ticket was resolved by a reply that rests on no article
	ReopenedTicket  Sign = "reopened"          // the customer came back with the same question
)

// A Failure is a suggestion that shows that knowledge failed: the evidence
// behind a gap. It is kept when the gap closes. It is also the row it is stored
// as.
type Failure struct {
	WorkspaceID  string `gorm:"primaryKey"`
	SuggestionID string `gorm:"primaryKey"`
	TicketID     string
	CustomerID   string // empty: not said
	OperatorID   string
	Language     string
	Question     string   // without personal data
	Reply        string   // what an operator sent, without personal data; empty: nothing was told
	Missing      string   // what an operator said that nobody has written down, without personal data; empty: nobody did
	Signs        []Sign   `gorm:"serializer:json"`
	Sources      []Blamed `gorm:"serializer:json"`
	Confidence   float64  // of the suggestion
	Outcome      Outcome  `gorm:"serializer:json"`
	Counted      bool     // false: the customer has shown as many that day as count
	GapID        string   // empty: of no gap yet
	At           time.Time
}

// TableName names the row's table.
func (Failure) TableName() string { return "failures" }

// Of is how a failure's ticket is told from others: by its id, or by that of
// the suggestion where the helpdesk names no ticket.
func (f *Failure) Of() string {
	if f.TicketID != "" {
		return f.TicketID
	}
	return f.SuggestionID
}

// Who is how a failure's customer is told from others; a ticket whose customer
// is not known counts as a customer of its own.
func (f *Failure) Who() string {
	if f.CustomerID != "" {
		return "c:" + f.CustomerID
	}
	return "t:" + f.Of()
}

// A Blamed is a source that a failure points to.
type Blamed struct {
	ID    string `json:"id"`
	Role  Role   `json:"role"`
	Named bool   `json:"named,omitempty"` // an operator named it, rather than that texts were compared
}

// A Role is why a failure points to a source.
type Role string

// The roles.
const (
	WasOutdated  Role = "outdated"   // an operator said so
	WasIncorrect Role = "incorrect"  // likewise, or the reply says otherwise
	WasRight     Role = "right"      // the reply rests on it, and it was not drafted from
	WasHidden    Role = "restricted" // it would have answered, and may not be shown to who asked
)

// An Outcome is what is known of a failure's ticket.
type Outcome struct {
	Handling     float64 `json:"handling,omitempty"`     // minutes of an operator's time; 0: not told
	Satisfaction float64 `json:"satisfaction,omitempty"` // from 1 to 5; 0: not told
	Action       bool    `json:"action,omitempty"`       // the reply says what was done for this customer rather than how something is
}
