package upkeep

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/whetstone-desk/whetstone/kb"
)

// A Kind says what an editor should look at.
type Kind string

// The kinds of chores.
const (
	Duplicate     Kind = "duplicate"     // two documents say the same
	Contradiction Kind = "contradiction" // two documents say the opposite
	Stale         Kind = "stale"         // not verified within its interval
	EditedFact    Kind = "edited_fact"   // operators keep changing the same fact
	Unused        Kind = "unused"        // never used in an answer
	AlwaysEdited  Kind = "always_edited" // used, and never sent as it is
)

// Kinds are all kinds of chores.
func Kinds() []Kind { return []Kind{Duplicate, Contradiction, Stale, EditedFact, Unused, AlwaysEdited} }

// A Status says how far a chore is.
type Status string

// The statuses of chores.
const (
	Open      Status = "open"
	Dismissed Status = "dismissed" // an editor says that it is none; it stays so until a text changes
	Done      Status = "done"      // an editor saw to it, or it is no longer found
)

// A Chore is something that an editor should look at.
//
// A Chore is also the row it is stored as; package api has the JSON form.
type Chore struct {
	WorkspaceID string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"` // as ChoreID makes it
	Kind        Kind
	Status      Status
	DocumentID  string
	OtherID     string   // of a duplicate or contradiction: the other document; else empty
	Score       float64  // what the queue is ordered by, the greatest first; from 0 to 1
	Data        Evidence `gorm:"serializer:json"`
	Owner       string   // who sees to it; empty: nobody yet
	Note        string   // what an editor wrote when its status was set
	Author      string   // who set its status; empty: a job
	FoundAt     time.Time
	UpdatedAt   time.Time `gorm:"autoUpdateTime:false"` // when the status, the owner or the evidence changed
}

// Evidence is what a chore rests on.
type Evidence struct {
	What     string           `json:"what,omitempty"` // of a contradiction: number, date, price, condition or negation
	Why      string           `json:"why"`            // a sentence for people
	Passages []Passage        `json:"passages,omitempty"`
	Words    [2][]string      `json:"words"`            // of a pair: the words that differ
	Counts   map[string]int64 `json:"counts,omitempty"` // how often it was used, edited and so on
}

// A Part is a text that a chore rests on: change it, and it is another chore.
type Part struct {
	DocumentID string
	Text       string // the passage, or the document's Hash where the whole counts
}

// ChoreID names a chore by its kind and by what it rests on, in any order: the
// same finding has the same id on every day, and another one as soon as one of
// its texts is another.
func ChoreID(kind Kind, parts ...Part) string {
	keys := make([]string, len(parts))
	for i, p := range parts {
		keys[i] = fmt.Sprintf("%d:%s%d:%s", len(p.DocumentID), p.DocumentID, len(p.Text), p.Text)
	}
	slices.Sort(keys)
	sum := sha256.Sum256([]byte(string(kind) + "\n" + strings.Join(keys, "\n")))
	return hex.EncodeToString(sum[:16])
}

// maxNote bounds what an editor writes, in runes.
const maxNote = 2000

// validate reports, as a kb.ErrInvalid, what of a chore cannot be stored.
func (c *Chore) validate() error {
	switch {
	case c.ID == "":
		return fmt.Errorf("%w: a chore needs an id", kb.ErrInvalid)
	case !slices.Contains(Kinds(), c.Kind):
		return fmt.Errorf("%w: kind of chore %q", kb.ErrInvalid, c.Kind)
	case !kb.ValidID(c.DocumentID) || c.OtherID != "" && !kb.ValidID(c.OtherID) || c.OtherID == c.DocumentID:
		return fmt.Errorf("%w: documents %.128q and %.128q of a chore", kb.ErrInvalid, c.DocumentID, c.OtherID)
	case (c.Kind == Duplicate || c.Kind == Contradiction) != (c.OtherID != ""):
		return fmt.Errorf("%w: a chore of kind %s and the other document %q", kb.ErrInvalid, c.Kind, c.OtherID)
	case !(c.Score >= 0 && c.Score <= 1):
		return fmt.Errorf("%w: score %v: use 0 to 1", kb.ErrInvalid, c.Score)
	}
	return nil
}

// A Change is what an editor makes of a chore. What is nil stays.
type Change struct {
	Status *Status
	Owner  *string
	Note   *string
	Author string
}

// apply makes a change, or returns kb.ErrInvalid.
func (c *Chore) apply(x Change) error {
	if x.Status != nil {
		if !slices.Contains([]Status{Open, Dismissed, Done}, *x.Status) {
			return fmt.Errorf("%w: status of a chore %q: use open, dismissed or done", kb.ErrInvalid, *x.Status)
		}
		c.Status = *x.Status
		c.Author = x.Author
	}
	if x.Owner != nil {
		c.Owner = *x.Owner
	}
	if x.Note != nil {
		if !utf8.ValidString(*x.Note) || utf8.RuneCountInString(*x.Note) > maxNote {
			return fmt.Errorf("%w: a note is at most %d characters of UTF-8", kb.ErrInvalid, maxNote)
		}
		c.Note = *x.Note
	}
	return nil
}
