package connect

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
)

var (
	// ErrRunning is returned for a connection that is being synced, by this
	// process or another.
	ErrRunning = errors.New("it is being synced already")

	// ErrHeld is returned for a connection that waits for somebody to say
	// whether what is gone from its source may go.
	ErrHeld = errors.New("it is held: most of its documents would go; approve, or pause it")

	// errLost is returned when the claim of a run went to another process.
	errLost = errors.New("another process has taken the connection over")
)

// A Kind says what a connection reads.
type Kind string

// The kinds of connections.
const (
	Folder Kind = "folder" // files on the server's disk
	Git    Kind = "git"    // a work tree on the server's disk, or a repository that is fetched
	Site   Kind = "site"   // a website, by its sitemap
	Feed   Kind = "feed"   // RSS or Atom, release notes
	Desk   Kind = "desk"   // another helpdesk, by its API
)

// A Status says whether a connection follows its timetable.
type Status string

// The statuses of connections.
const (
	Active Status = "active"
	Paused Status = "paused" // synced by hand only
	Held   Status = "held"   // see Hold
)

// A Config says what a connection reads, and what holds for all of its
// documents. Fields that mean nothing for the connection's kind are empty.
type Config struct {
	Path   string `json:"path,omitempty" doc:"Folder, git: absolute, on the server's disk."`
	Remote string `json:"remote,omitempty" doc:"Git: https, ssh or file address that is fetched from."`
	Branch string `json:"branch,omitempty" doc:"Git: empty: the remote's own choice."`

	URL      string   `json:"url,omitempty" doc:"Site, feed, desk: where it begins."`
	Hosts    []string `json:"hosts,omitempty" doc:"Site, feed: what it may ask; empty: the host of URL."`
	Within   string   `json:"within,omitempty" doc:"Site: a path; empty: the folder of URL."`
	Sitemap  string   `json:"sitemap,omitempty" doc:"Site: its address; empty: found."`
	Depth    int      `json:"depth,omitempty" doc:"Site: links from URL; 0: the reader's own bound, -1: the sitemap alone."`
	MaxPages int      `json:"max_pages,omitempty" doc:"Site: 0: the reader's own bound."`
	Prefix   string   `json:"prefix,omitempty" doc:"Folder, git, site, feed: of its documents' ids."`

	System   string `json:"system,omitempty" doc:"Desk: as package desk names it."`
	Login    string `json:"login,omitempty" doc:"Desk, git: what goes with the token."`
	Token    string `json:"token,omitempty" doc:"The name of the token in the settings, never the token."`
	Articles bool   `json:"articles,omitempty"`
	Tickets  bool   `json:"tickets,omitempty"`

	BaseURL string `json:"base_url,omitempty" doc:"Folder, git: where the pages are published."`

	// For documents that name none.
	Locale   string      `json:"locale,omitempty"`
	Product  string      `json:"product,omitempty"`
	Region   string      `json:"region,omitempty"`
	Audience kb.Audience `json:"audience,omitempty"`

	Tags []string `json:"tags,omitempty" doc:"Added to every document's own."`
}

// A Connection is one source that a workspace's knowledge follows. It is also
// the row it is stored as.
type Connection struct {
	WorkspaceID string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"` // as kb.ValidID has it
	Kind        Kind
	Config      Config `gorm:"serializer:json"`
	Spec        string // when: five cron fields, in UTC, or @every and a duration; empty: by hand
	Status      Status
	Author      string     // who set it up, or changed it last
	Cursor      string     // where a run that broke off, or an incremental one, goes on
	Held        *Hold      `gorm:"serializer:json"` // nil unless Status is Held
	ClaimedBy   string     // the run that is under way; empty: none
	ClaimedTill *time.Time // UTC; from then on its process counts as dead
	LastSlot    *time.Time // UTC; the time of its timetable that was dealt with last
	CreatedAt   time.Time  `gorm:"autoCreateTime:false"` // UTC
	UpdatedAt   time.Time  `gorm:"autoUpdateTime:false"` // UTC
}

// A Hold is why a run stopped before it deleted anything.
type Hold struct {
	At        time.Time `json:"at"`        // UTC
	Run       string    `json:"run"`       // the run that stopped
	Documents int       `json:"documents"` // the connection had
	Gone      []string  `json:"gone"`      // ids of those that would be deleted, sorted

	// Paused says what the connection goes back to when the hold is approved.
	Paused bool `json:"paused,omitempty" hidden:"true"`
}

// Near reports whether a connection reads nothing but this machine's disk.
func (c *Connection) Near() bool {
	return c.Kind == Folder || c.Kind == Git && (c.Config.Remote == "" || strings.HasPrefix(c.Config.Remote, "file:"))
}

// Origin is the kb.Document.Origin and the Author of what the connection with
// this id writes.
func Origin(id string) string { return "connection:" + id }

// reading counts the ways in which pages were read. It is raised when the
// cleaning of pages changes, so that those which are unchanged at their source
// are read once more.
const reading = 1

// recipe tells apart what makes other documents of the same pages.
func (c *Connection) recipe() (string, error) {
	b, err := json.Marshal(struct {
		Config
		Reading int
	}{c.Config, reading})
	if err != nil {
		return "", fmt.Errorf("connect: connection %s: %w", c.ID, err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:6]), nil
}

// stamp brings a time to what both databases keep exactly.
func stamp(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
