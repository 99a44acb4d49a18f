// Package experiment tries a way of answering on some of the operators before
// all of them get it.
//
// A [Pilot] gives a profile to a percentage of the operators of named groups.
// [Pilot.Assign] says who gets it: it is arithmetic on a hash, so an operator
// meets the same arm on each request and in each process, nothing is kept of
// anybody, and nobody leaves as the percentage grows. [Store] keeps the pilots
// of all workspaces, with who changed them and when.
//
// The package knows profiles by name only and does not measure what a pilot
// brings: package api looks the profiles up and stamps the arm on suggestions.
package experiment

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

var (
	// ErrNotFound is returned for a pilot that does not exist in the workspace.
	ErrNotFound = errors.New("not found")

	// ErrInvalid is returned for a pilot that makes no sense. The text says
	// what to change.
	ErrInvalid = errors.New("invalid")

	// ErrConflict is returned for a change that the pilot's status, or another
	// pilot that is running, stands against. The text says which.
	ErrConflict = errors.New("conflict")
)

// A Status says whether a pilot has any effect.
type Status string

// The statuses of pilots. Only a running one has an effect.
const (
	Draft   Status = "draft"   // was never started
	Running Status = "running" // operators are answered as it says
	Stopped Status = "stopped" // was started and ended; may be started again
)

// A Pilot says which operators are answered by which profile, to try it. It is
// also the row it is stored as.
type Pilot struct {
	WorkspaceID string   `gorm:"primaryKey"`
	Name        string   `gorm:"primaryKey"` // at most 64 letters, digits and . _ : @ -; stamped on suggestions
	Profile     string   // of the operators in the pilot arm
	Control     string   // profile of the others of its groups; empty: the workspace's default
	Groups      []string `gorm:"serializer:json"` // of operators; empty: every group, and operators without one
	Percent     int      // from 0 to 100: share of its groups' operators in the pilot arm
	Status      Status
	Salt        string    // what the draw of operators depends on; unchanged once started
	Author      string    // who made it
	History     []Change  `gorm:"serializer:json"`      // oldest first, at most the last 200
	CreatedAt   time.Time `gorm:"autoCreateTime:false"` // UTC
	UpdatedAt   time.Time `gorm:"autoUpdateTime:false"` // UTC
}

// A Change is one entry of a pilot's history: who did what, and how the pilot
// stood after it.
type Change struct {
	At      time.Time `json:"at"` // UTC
	Author  string    `json:"author"`
	Action  Action    `json:"action"`
	Profile string    `json:"profile"`
	Control string    `json:"control,omitempty"`
	Groups  []string  `json:"groups,omitempty"`
	Percent int       `json:"percent"`
}

// An Action is what a Change did.
type Action string

// The actions.
const (
	Created Action = "created"
	Changed Action = "changed" // profile, control or groups, and perhaps the percentage
	Ramped  Action = "ramped"  // the percentage alone
	Started Action = "started"
	Ended   Action = "stopped"
)

// What a pilot may name.
const (
	maxGroups  = 100
	maxName    = 128 // runes in a group's name, as many as a request may send
	maxHistory = 200 // changes; a row is read whole, and no trial takes this many
)

// namePattern is what a pilot's name may look like: it must survive in a URL
// and in a report unchanged.
var namePattern = regexp.MustCompile(`^[\pL\pN][\pL\pN._:@-]{0,63}$`)

// Validate reports, as an ErrInvalid, the first field that makes no sense.
func (p *Pilot) Validate() error {
	if !namePattern.MatchString(p.Name) {
		return fmt.Errorf("%w: pilot name %q: use letters, digits and . _ : @ -, at most 64", ErrInvalid, p.Name)
	}
	invalid := func(what string) error { return fmt.Errorf("%w: pilot %s: %s", ErrInvalid, p.Name, what) }
	switch {
	case p.Profile == "":
		return invalid("profile: name the profile to be tried")
	case p.Profile == p.Control:
		return invalid("control: name another profile than the one to be tried")
	case p.Percent < 0 || p.Percent > 100:
		return invalid("percent: use 0 to 100")
	case len(p.Groups) > maxGroups:
		return invalid(fmt.Sprintf("groups: name at most %d; none stands for every group", maxGroups))
	}
	for i, g := range p.Groups {
		switch {
		case strings.TrimSpace(g) != g || g == "":
			return invalid("groups: a name is empty, or begins or ends with a space")
		case utf8.RuneCountInString(g) > maxName:
			return invalid(fmt.Sprintf("groups: a name is longer than %d", maxName))
		case slices.Contains(p.Groups[:i], g):
			return invalid(fmt.Sprintf("groups: %s is named twice", g))
		}
	}
	return nil
}

// Covers reports whether operators of the group take part in the pilot, in
// whichever arm.
func (p *Pilot) Covers(group string) bool {
	return len(p.Groups) == 0 || slices.Contains(p.Groups, group)
}

// shared returns a group that both pilots cover, if there is one; "every
// group" where both cover all.
func (p *Pilot) shared(q *Pilot) (group string, ok bool) {
	switch {
	case len(p.Groups) == 0 && len(q.Groups) == 0:
		return "every group", true
	case len(p.Groups) == 0:
		return q.Groups[0], true
	}
	for _, g := range p.Groups {
		if q.Covers(g) {
			return g, true
		}
	}
	return "", false
}

// same reports whether both pilots give the same operators of the same groups
// the same profiles, provided they draw alike.
func (p *Pilot) same(q *Pilot) bool {
	return p.Profile == q.Profile && p.Control == q.Control && p.Percent == q.Percent && slices.Equal(p.Groups, q.Groups)
}

// note adds an entry to the pilot's history.
func (p *Pilot) note(what Action, author string, at time.Time) {
	p.UpdatedAt = at
	p.History = append(p.History, Change{
		At: at, Author: author, Action: what, Profile: p.Profile, Control: p.Control, Groups: p.Groups, Percent: p.Percent,
	})
	if over := len(p.History) - maxHistory; over > 0 {
		p.History = slices.Delete(p.History, 0, over)
	}
}
