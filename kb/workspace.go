package kb

import (
	"fmt"
	"regexp"
	"time"
)

// A Workspace is one helpdesk. Every document, key, suggestion and vector
// belongs to exactly one, and nothing crosses from one to another.
type Workspace struct {
	ID        string `gorm:"primaryKey"` // chosen by the operator of the service; see ValidID
	Name      string
	Changes   int64     // the last number given out in the change feed
	Events    int64     // the last number given out in the feed of feedback
	CreatedAt time.Time // UTC
}

// idPattern is what an id may look like: it must survive in a URL, a file name
// and a log line unchanged.
var idPattern = regexp.MustCompile(`^[\pL\pN][\pL\pN._:@-]{0,127}$`)

// ValidID reports whether id may name a workspace or a document: it begins with
// a letter or digit, goes on with letters, digits and . _ : @ -, and has at
// most 128 characters.
func ValidID(id string) bool { return idPattern.MatchString(id) }

// Validate reports, as an ErrInvalid, why w cannot be stored.
func (w *Workspace) Validate() error {
	if !ValidID(w.ID) {
		return fmt.Errorf("%w: workspace id %q: use letters, digits and . _ : @ -, at most 128", ErrInvalid, w.ID)
	}
	return nil
}
