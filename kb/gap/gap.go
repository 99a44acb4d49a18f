// Package gap keeps what the knowledge base does not cover.
//
// A [Failure] is the evidence: one suggestion that shows signs that knowledge
// failed. A [Gap] is a topic of failures with its cause, its cost and where it
// stands on its way to an article that answers it; lifecycle.go has that way.
// Package training finds both and proves that a gap is closed; package api shows
// them to editors. Nothing here searches or learns.
package gap

import (
	"errors"
	"math"
	"time"
)

var (
	// ErrNotFound is returned for a gap that does not exist in the caller's
	// workspace.
	ErrNotFound = errors.New("not found")

	// ErrInvalid is returned for a change that makes no sense. The text says
	// what to do instead.
	ErrInvalid = errors.New("invalid")

	// ErrConflict is returned for a change of a gap that somebody else has
	// changed in the meantime, or that where it stands does not allow.
	ErrConflict = errors.New("conflict")
)

// A Status says where a gap stands.
type Status string

// The statuses of gaps.
const (
	Waiting   Status = "waiting"   // too few customers have asked: not shown unless asked for
	Open      Status = "open"      // nobody has taken it
	Assigned  Status = "assigned"  // somebody has
	Drafted   Status = "drafted"   // there is a draft
	Published Status = "published" // an article is said to close it
	Verifying Status = "verifying" // the questions that failed are asked again
	Closed    Status = "closed"    // they are answered
	Reopened  Status = "reopened"  // they were answered and are not any more, or never were
	Dismissed Status = "dismissed" // somebody decided that it is none
	Merged    Status = "merged"    // it turned out to be a part of another
)

// A Cause says why knowledge failed.
type Cause string

// The causes of gaps.
const (
	Uncovered  Cause = "uncovered"  // nothing is written about it
	NotFound   Cause = "not_found"  // an article covers it and was not found
	Outdated   Cause = "outdated"   // what is written is outdated or wrong
	Restricted Cause = "restricted" // what is written may not be shown to who asks
	Action     Cause = "action"     // somebody must do something: no article would help
)

// A Gap is a topic that customers ask about and the knowledge base does not
// answer. It is also the row it is stored as.
type Gap struct {
	WorkspaceID string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"` // stays, whatever it is called
	Version     int64  // counts changes: see Store.Change
	Status      Status
	Label       string // a few words that set it apart
	Cause       Cause
	Cost        float64    // minutes of dissatisfied customers' tickets a month; Topic.Factors says how it comes about
	Owner       string     // who sees to it; empty: nobody
	Due         *time.Time // UTC; nil: not said
	ArticleID   string     // the article that is to close it; empty: none yet
	MergedInto  string     // id of the gap that it is a part of; empty unless Status is Merged
	Topic       Topic      `gorm:"serializer:json"`
	Draft       *Draft     `gorm:"serializer:json"`
	Proof       *Proof     `gorm:"serializer:json"` // of the last verification; nil: none yet
	Dismissal   *Dismissal `gorm:"serializer:json"` // of the last time it was dismissed
	History     []Step     `gorm:"serializer:json"` // oldest first
	FirstAt     time.Time  // UTC: of the first failure
	LastAt      time.Time  // UTC: of the latest
	OpenedAt    *time.Time // UTC: when enough customers had asked; nil: not yet
	ClosedAt    *time.Time // UTC: when it was last closed; nil: never
	UpdatedAt   time.Time  `gorm:"autoUpdateTime:false"` // UTC
}

// A Topic is what is found out about a gap from its failures, anew each time.
type Topic struct {
	Phrases   []string       `json:"phrases"`             // that set it apart, as customers write them
	Question  string         `json:"question"`            // the most typical one, without personal data
	Languages map[string]int `json:"languages,omitempty"` // failures by language
	Failures  int            `json:"failures"`            // all of them
	Tickets   int            `json:"tickets"`             // different ones
	Customers int            `json:"customers"`           // different ones, as far as known; a ticket without one counts as one
	Signs     map[Sign]int   `json:"signs,omitempty"`     // failures by what they show
	Factors   Factors        `json:"factors"`
	Trend     []int          `json:"trend,omitempty"`    // failures a week, oldest first, the last 12 weeks
	Articles  []Article      `json:"articles,omitempty"` // that bear on the cause, the likeliest first
	Why       string         `json:"why"`                // the cause in words
	From      []string       `json:"from,omitempty"`     // ids of gaps that became a part of it, or that it was split off from
}

// Factors are what a gap's cost is made of: their product, Cost.
type Factors struct {
	Volume          float64 `json:"volume"`          // tickets a month, by the last four weeks
	Handling        float64 `json:"handling"`        // minutes of an operator's time on one
	Dissatisfaction float64 `json:"dissatisfaction"` // 1 where customers are as satisfied as any; more where they are less, up to 2
	Growth          float64 `json:"growth"`          // 1 for a steady number of tickets; from 0.5 where they fade to 2 where they double
	Measured        bool    `json:"measured"`        // false: the helpdesk tells no handling times, and Handling is a guess
}

// Cost is the product of the factors, to the hundredth.
func (f *Factors) Cost() float64 {
	return math.Round(100*f.Volume*f.Handling*f.Dissatisfaction*f.Growth) / 100
}

// An Article is one that bears on a gap's cause.
type Article struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Quote string `json:"quote,omitempty"` // the passage that is outdated or wrong, or that answers
	Times int    `json:"times"`           // failures that point to it
}

// A Draft is the text of an article that would close a gap. It is never
// published by itself.
type Draft struct {
	Title     string     `json:"title"`
	Body      string     `json:"body"` // Markdown
	Language  string     `json:"language"`
	ArticleID string     `json:"article_id,omitempty"` // the article that it is a change of; empty: a new one
	Revision  int64      `json:"revision,omitempty"`   // of that article
	Diff      string     `json:"diff,omitempty"`       // against it, unified
	Sentences []Sentence `json:"sentences,omitempty"`  // of Body as it was drafted, in order
	Conflicts []Conflict `json:"conflicts,omitempty"`  // that an editor must decide
	Unknown   []string   `json:"unknown,omitempty"`    // what it does not know, in words
	Writer    string     `json:"writer"`               // who wrote the prose: "extract", or a model's name
	Author    string     `json:"author"`               // who asked for it or changed it last
	At        time.Time  `json:"at"`
}

// A Sentence is one of a draft, with the tickets that it comes from.
type Sentence struct {
	Text    string   `json:"text"`
	Start   int      `json:"start"` // runes of the body
	End     int      `json:"end"`
	Tickets []string `json:"tickets"` // ids of tickets, or of suggestions where tickets have none
}

// A Conflict is a fact that replies tell differently.
type Conflict struct {
	Sentence int       `json:"sentence"` // place among the draft's sentences
	What     string    `json:"what"`     // number, date, price, negation, …
	Variants []Variant `json:"variants"` // the one that was taken first
}

// A Variant is one way in which a fact is told.
type Variant struct {
	Text    string    `json:"text"`
	Tickets []string  `json:"tickets"`
	Latest  time.Time `json:"latest"`
}

// A Proof is what came of asking a gap's questions again.
type Proof struct {
	At        time.Time  `json:"at"`
	ArticleID string     `json:"article_id"`
	Revision  int64      `json:"revision"` // of the article
	Asked     int        `json:"asked"`
	Answered  int        `json:"answered"`
	Share     float64    `json:"share"` // Answered of Asked
	Needed    float64    `json:"needed"`
	Questions []Question `json:"questions"`
}

// A Question is one that failed and was asked again.
type Question struct {
	SuggestionID string  `json:"suggestion_id"`
	TicketID     string  `json:"ticket_id,omitempty"`
	Text         string  `json:"text"`
	Answered     bool    `json:"answered"`
	Confidence   float64 `json:"confidence"`
	Why          string  `json:"why,omitempty"` // of those that still fail
}

// Add puts a question to the others.
func (p *Proof) Add(q Question) {
	p.Questions = append(p.Questions, q)
	if p.Asked++; q.Answered {
		p.Answered++
	}
	p.Share = float64(p.Answered) / float64(p.Asked)
}

// Asked is one question of a proof as soon as it is known what came of it.
type Asked struct {
	At       int      `json:"at"` // its place, from 1; a proof that begins anew begins with 1 again
	Of       int      `json:"of"` // how many are asked
	Question Question `json:"question"`
}

// A Dismissal says why a gap is none.
type Dismissal struct {
	Reason string    `json:"reason"`
	Volume float64   `json:"volume"` // Factors.Volume at the time: it comes back when that has doubled
	Author string    `json:"author"`
	At     time.Time `json:"at"`
}

// A Step is one change in a gap's history.
type Step struct {
	At     time.Time `json:"at"`
	Author string    `json:"author"` // "whetstone" for what was found out by itself
	What   string    `json:"what"`   // a Status, or "renamed", "cause", "merged", "split"
	Note   string    `json:"note,omitempty"`
}

// Self is the author of what Whetstone does by itself.
const Self = "whetstone"
