package retrieval

import (
	"errors"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
)

var (
	// ErrNotFound is returned for a suggestion or profile that does not exist
	// in the caller's workspace.
	ErrNotFound = errors.New("not found")

	// ErrInvalid is returned for a question that cannot be answered as it
	// stands. The text says what to change.
	ErrInvalid = errors.New("invalid")

	// ErrConflict is returned where somebody else has changed what was read.
	ErrConflict = errors.New("conflict")

	// ErrUnavailable is returned when an index cannot be reached. Trying again
	// later may succeed.
	ErrUnavailable = errors.New("index unavailable")
)

// A Mode says who reads the suggestion first.
type Mode string

// The modes of a suggestion.
const (
	ForOperator Mode = "draft"  // an operator, who may see internal sources
	ForCustomer Mode = "answer" // the customer, unattended: public sources only
)

// A Decision says what a suggestion offers.
type Decision string

// The decisions.
const (
	Drafted   Decision = "draft"   // a reply for an operator to look at
	Answered  Decision = "answer"  // a reply good enough to send unattended
	Abstained Decision = "abstain" // no reply, for the Reason given
)

// A Suggestion is what Whetstone made of a question. It is also the row it is
// stored as, and is never changed once kept: what operators make of it is
// feedback, and kept apart.
type Suggestion struct {
	WorkspaceID   string `gorm:"primaryKey"`
	ID            string `gorm:"primaryKey"` // sorts by time
	TicketID      string
	OperatorID    string
	OperatorGroup string
	Profile       string // how it was answered
	Mode          Mode
	Decision      Decision
	AbstainReason Reason
	Confidence    float64      // from 0 to 1
	Language      string       // ISO 639-1, or "und"
	Question      string       // as it was searched for, without personal data
	Originals     kb.Originals `gorm:"serializer:json"`
	Answer        Answer       `gorm:"serializer:json"`
	Sources       []Cited      `gorm:"serializer:json"` // best first
	Took          Took         `gorm:"serializer:json"`
	CreatedAt     time.Time    // UTC

	CustomerID    string      // the helpdesk's id of who asked; empty: not said
	Pilot         string      // the pilot whose groups the operator belongs to; empty: none
	Arm           string      // ArmPilot or ArmControl; empty outside of pilots
	Ranker        int64       // version of what was learned and ranked with; 0: nothing learned
	Topic         string      // as the helpdesk said or as it was found; empty: none
	RawConfidence float64     // before calibration
	Candidates    []Candidate `gorm:"serializer:json"` // what the ranking had to choose from, best first
	Blind         Blindness   // why the search tells nothing of what is known; empty: it does
}

// A Blindness is the reason why a search that found nothing says nothing of
// what the knowledge base covers.
type Blindness string

// The reasons.
const (
	BlindOutage Blindness = "outage" // a part of the search did not answer
	BlindEmpty  Blindness = "empty"  // there is nothing to search
	BlindFilter Blindness = "filter" // the request left out some or all of it
)

// The arms of a pilot, as they are stamped on suggestions.
const (
	ArmPilot   = "pilot"
	ArmControl = "control"
)

// A Candidate is what the ranking knew of an article, or of a case that rests
// on none, when it chose: all that is needed to rank again in another way.
// Every signal is a share of the most that the question could have had.
type Candidate struct {
	ID    string  `json:"id"`
	Title float64 `json:"t,omitempty"` // words of the title
	Body  float64 `json:"b,omitempty"` // words of the text
	Grams float64 `json:"g,omitempty"` // letters of both
	Place float64 `json:"w,omitempty"` // words that stand together in one place
	Dense float64 `json:"d,omitempty"` // likeness of meaning
	Cases float64 `json:"c,omitempty"` // support by resolved cases
	Bonus float64 `json:"u,omitempty"` // by what operators made of it
	Score float64 `json:"s"`           // by which it was ranked
}

// rounded leaves the digits that matter.
func (c Candidate) rounded() Candidate {
	for _, x := range []*float64{&c.Title, &c.Body, &c.Grams, &c.Place, &c.Dense, &c.Cases, &c.Bonus, &c.Score} {
		*x = rounded(*x)
	}
	return c
}

// Rescore returns the score that the candidate would have had with other
// factors, another weight of what cases say, and another bonus.
func (c *Candidate) Rescore(f Factors, cases, bonus float64) float64 {
	return f.own(c) + cases*used(f.Cases)*c.Cases + bonus
}

// Cited is a source as it was shown, so that a suggestion can be read after
// the source has changed.
type Cited struct {
	ID       string             `json:"id"`
	Kind     kb.Kind            `json:"kind"`
	Title    string             `json:"title"`
	URL      string             `json:"url,omitempty"`
	Locale   string             `json:"locale,omitempty"`
	Revision int64              `json:"revision"`
	Audience kb.Audience        `json:"audience"`
	Resolved string             `json:"resolved_with,omitempty"` // the article a case was resolved with
	Heading  string             `json:"heading,omitempty"`
	Quote    string             `json:"quote"` // the part that bears on the question
	Start    int                `json:"start"` // runes in an article's body or a case's resolution: where Quote starts
	End      int                `json:"end"`   // runes: where it ends
	Score    float64            `json:"score"` // from 0 to 1
	Signals  map[string]float64 `json:"signals"`

	// Quarantined says that the source rests on something that has changed
	// since, and that nobody has said yet that it still holds.
	Quarantined bool `json:"quarantined,omitempty" doc:"It rests on something that has changed since, and nobody has confirmed it yet."`

	// Changed says that the source does not say Quote any more, or is gone. It
	// is found out when a suggestion is read again, and not stored.
	Changed bool `json:"changed,omitempty" doc:"It does not say the quote any more, or is gone: when a suggestion is read again."`
}

// Took says how long each stage of a suggestion took, in milliseconds.
type Took struct {
	Analyze float64 `json:"analyze"`
	Embed   float64 `json:"embed"`
	Search  float64 `json:"search"`
	Rank    float64 `json:"rank"`
	Answer  float64 `json:"answer"`
	Total   float64 `json:"total"`
}
