package connect

import (
	"slices"
	"strings"
	"time"
)

// A Report says what became of a run. Lists are bounded, their counts are not.
type Report struct {
	Seen      int           `json:"seen"` // documents met at the source
	Created   int           `json:"created"`
	Changed   int           `json:"changed"`
	Unchanged int           `json:"unchanged"`
	Deleted   int           `json:"deleted"`
	Kept      int           `json:"kept"`     // not met, but what may hold them could not be read
	Complete  bool          `json:"complete"` // all that the connection has was looked for
	Skipped   int           `json:"skipped"`
	Skips     []Skipped     `json:"skips,omitempty"` // the first of them
	Conflicts int           `json:"conflicts"`
	Conflict  []Conflict    `json:"conflict,omitempty"` // the first of them
	Held      int           `json:"held"`               // documents that would be deleted, and wait for a word
	Gone      []string      `json:"gone,omitempty"`     // ids of the first of them
	Error     string        `json:"error,omitempty"`    // why the run broke off
	Took      time.Duration `json:"took_ns"`
}

// A Skipped is a page or a record that made no document, or a note on documents
// that were taken over from an import.
type Skipped struct {
	Place  string `json:"place"` // file, line or address
	Reason string `json:"reason"`
	Lost   bool   `json:"lost,omitempty"` // a document may stand there
}

// A Conflict is a document that the run left alone because it is not, or not
// any more, the connection's.
type Conflict struct {
	ID      string `json:"id"`
	Reason  string `json:"reason"`
	Changed bool   `json:"changed"` // the source has another version than was last taken
}

const (
	maxListed = 100 // of each list in a report
	maxReason = 400 // bytes of each reason
)

// skip notes a skip. What may have held a document is listed before what never
// did, such as the pictures of a folder.
func (r *Report) skip(s Skipped) {
	r.Skipped++
	s.Place, s.Reason = short(s.Place), short(s.Reason)
	if len(r.Skips) < maxListed {
		r.Skips = append(r.Skips, s)
		return
	}
	if i := slices.IndexFunc(r.Skips, func(s Skipped) bool { return !s.Lost }); s.Lost && i >= 0 {
		r.Skips = slices.Clone(r.Skips) // an earlier copy of the report may be needed again
		r.Skips[i] = s
	}
}

func (r *Report) conflict(c Conflict) {
	if r.Conflicts++; len(r.Conflict) < maxListed {
		r.Conflict = append(r.Conflict, c)
	}
}

// short bounds a text that comes from outside.
func short(text string) string {
	if len(text) > maxReason {
		text = text[:maxReason] + "…"
	}
	return strings.ToValidUTF8(text, "")
}
