// Package feedback is what operators and customers made of suggestions.
//
// An [Event] is a fact that somebody told: shown, sent, edited, rejected, rated
// and so on. Events are kept as they came and never changed; one that corrects
// another supersedes it. A [Judgement] is what the events of one suggestion
// come to, with the credit that each source deserves. It is worked out anew
// from the events whenever one arrives, so it does not matter in which order
// they arrive, or how often. Learning reads judgements and nothing else.
//
// Package feedback does not learn and does not rank; see package training.
package feedback

import (
	"errors"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

var (
	// ErrInvalid is returned for an event that makes no sense. The text says
	// what to change.
	ErrInvalid = errors.New("invalid")

	// ErrNotFound is returned for feedback on a suggestion that does not exist
	// in the caller's workspace.
	ErrNotFound = errors.New("not found")

	// ErrConflict is returned for an event whose id was used for another one.
	ErrConflict = errors.New("conflict")

	// ErrTooMany is returned where one operator tells more in a day than any
	// person could.
	ErrTooMany = errors.New("too many events")
)

// A Kind says what happened.
type Kind string

// The kinds of events.
const (
	Displayed Kind = "displayed"         // Shown: the sources that were on the screen, in order
	Opened    Kind = "opened"            // SourceID
	Copied    Kind = "copied"            // the draft, or of SourceID
	Sent      Kind = "sent"              // the draft as it was
	Edited    Kind = "edited"            // Text: what was sent instead
	Rejected  Kind = "rejected"          // Value: a reason
	Rated     Kind = "rated"             // Score: from 0 to 1
	Voted     Kind = "source_vote"       // SourceID, Value: a vote
	Missing   Kind = "missing_knowledge" // Text: what nobody has written down
	Resulted  Kind = "outcome"           // Outcome
)

// Reasons of rejections.
const (
	Wrong      = "wrong"
	Outdated   = "outdated"
	Incomplete = "incomplete"
	WrongTone  = "wrong_tone"
	NotNeeded  = "not_needed"
	Other      = "other"
)

// Votes on sources. Outdated, above, is one too.
const (
	Relevant   = "relevant"
	Irrelevant = "irrelevant"
	Incorrect  = "incorrect"
)

// An Event is one fact about a suggestion. It is also the row it is stored as.
type Event struct {
	WorkspaceID  string `gorm:"primaryKey"`
	ID           string `gorm:"primaryKey"` // the teller's own, or made from an idempotency key; told twice, it counts once
	Seq          int64  // place in the workspace's feed of feedback
	SuggestionID string
	OperatorID   string // who did it; where it is not told, whoever the suggestion was made for; empty: nobody knows
	Kind         Kind
	SourceID     string    // of which source; empty: none
	Value        string    // a reason or a vote
	Score        float64   // of a rating: 0 for the worst and 1 for the best
	Text         string    // without personal data: what was sent, what is missing, or why it was rejected
	Shown        []string  `gorm:"serializer:json"` // ids of sources, first one first
	Outcome      *Outcome  `gorm:"serializer:json"`
	Supersedes   string    // id of an event of the same suggestion that this one corrects, told already or not yet; empty: none
	At           time.Time // UTC: when it happened, between the making of the suggestion and ReceivedAt with some skew
	ReceivedAt   time.Time // UTC: when it was told
}

// An Outcome is how a ticket ended, as far as it is known. Later ones fill in
// what earlier ones left open, and replace what they say otherwise; Bot and
// Private stay once they were said, unless the event is superseded.
type Outcome struct {
	Status        string   `json:"status,omitempty" doc:"How the ticket stands."`
	Satisfaction  int      `json:"satisfaction,omitempty" doc:"What the customer said, from 1 to 5, the best."`
	NPS           *int     `json:"nps,omitempty" doc:"How likely the customer is to recommend you, from 0 to 10."`
	FirstResponse *float64 `json:"first_response_seconds,omitempty" doc:"From the customer's message to the first reply."`
	Handling      *float64 `json:"handling_seconds,omitempty" doc:"An operator's time on the ticket."`
	Bot           bool     `json:"bot,omitempty" doc:"The last reply was not written or sent by a person: no case is made of it."`
	Private       bool     `json:"private,omitempty" doc:"The last reply was a note that customers do not see: no case is made of it."`
}

// How tickets end.
const (
	ResolvedStatus  = "resolved"
	ReopenedStatus  = "reopened"
	EscalatedStatus = "escalated"
)

// A Use says what an operator did with a draft. Unchanged, edited and any use
// at all are three figures, and are nowhere mixed.
type Use string

// The uses of a draft.
const (
	Unknown   Use = ""          // nothing was told
	Unchanged Use = "unchanged" // sent as it was
	Changed   Use = "edited"    // sent with changes
	Replaced  Use = "replaced"  // something else was written: the draft was of no use, though nobody rejected it
	Refused   Use = "rejected"
)

// A Judgement is what the events of one suggestion come to. It is also the row
// it is stored as.
type Judgement struct {
	WorkspaceID   string `gorm:"primaryKey"`
	SuggestionID  string `gorm:"primaryKey"`
	Seq           int64  // of the last event that was looked at for it; grows with each new judgement of the suggestion
	TicketID      string
	OperatorID    string // who judged; empty: nobody knows
	OperatorGroup string
	Language      string
	Profile       string
	Pilot         string
	Arm           string
	Ranker        int64
	Topic         string
	Decision      retrieval.Decision
	Confidence    float64
	Used          Use
	Distance      float64   // normalised edit distance between draft and what was sent, from 0 to 1; -1: not known
	Reason        string    // of the latest rejection, whatever was sent afterwards; empty: none
	Rating        float64   // the mean of the latest of each operator, from 0 to 1; -1: none
	ResolvedWith  string    // the article that what was sent rests on most; empty: none
	Credits       []Credit  `gorm:"serializer:json"` // by source, as they were shown, then those brought in
	Shown         []string  `gorm:"serializer:json"` // ids of sources that were on the screen, first one first; nil: not told
	Outcome       Outcome   `gorm:"serializer:json"`
	Missing       bool      // somebody said that knowledge is missing
	SuggestedAt   time.Time // UTC
	At            time.Time // UTC: of the last event that counts in it
}

// A Verdict says what became of a source in what was sent.
type Verdict string

// The verdicts on sources.
const (
	Kept         Verdict = "kept"         // what the draft took from it was sent
	Dropped      Verdict = "dropped"      // what the draft took from it was not sent
	Contradicted Verdict = "contradicted" // what was sent says otherwise: a number, a date, a negation
	BroughtIn    Verdict = "brought_in"   // the draft did not rest on it, and what was sent does
	Unused       Verdict = "unused"       // it was shown, and neither the draft nor what was sent rests on it
)

// A Credit is what one source deserves for one suggestion, and why.
type Credit struct {
	SourceID string  `json:"source_id"`
	Kind     kb.Kind `json:"kind"`
	Article  string  `json:"article,omitempty"` // what a case was resolved with; an article: itself
	Place    int     `json:"place"`             // among the sources of the suggestion, from 1; 0: not one of them
	Verdict  Verdict `json:"verdict,omitempty"` // empty: the source is judged by votes alone
	Share    float64 `json:"share"`             // of what was sent, from 0 to 1, rests on it
	Amount   float64 `json:"amount"`            // from -1, to be ranked lower, to 1: Base, the mean of the votes and that of the ratings
	Base     float64 `json:"base"`              // what whoever judged has shown by deeds, from -1 to 1
	Votes    []Vote  `json:"votes,omitempty"`   // by operator; nil: nobody voted or rated
	Why      string  `json:"why"`               // a sentence for people

	corrected float64 // share of what was sent that says otherwise than it and rests on no other source
}
