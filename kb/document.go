package kb

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

var (
	// ErrNotFound is returned for a workspace, document or revision that does
	// not exist in the caller's workspace, or no longer does.
	ErrNotFound = errors.New("not found")

	// ErrInvalid is returned for input that can never be stored as it stands.
	// The text says what to change.
	ErrInvalid = errors.New("invalid")

	// ErrConflict is returned for a write that contradicts what is stored, such
	// as an article under the id of a case.
	ErrConflict = errors.New("conflict")
)

// MaxText is the most that one text of a document may hold, in bytes.
const MaxText = 4 << 20

// A Kind says where a document came from.
type Kind string

// The kinds of documents.
const (
	Article Kind = "article" // written by an editor
	Case    Kind = "case"    // a resolved ticket: the problem and the reply that closed it
)

// An Audience says who may read a document.
type Audience string

// The audiences of documents.
const (
	Public   Audience = "public"   // customers too
	Internal Audience = "internal" // operators only: never quoted in an unattended answer
)

// A Status says whether a document is in use. Only published ones are searched.
type Status string

// The statuses of documents.
const (
	Draft     Status = "draft"
	Published Status = "published"
	Archived  Status = "archived"
)

// Content is what an editor writes: everything of a document but its place in
// history. Two documents of equal Content answer alike.
type Content struct {
	Title      string   `json:"title"`
	Body       string   `json:"body,omitempty"`                        // Markdown; articles only
	Problem    string   `json:"problem,omitempty"`                     // the customer's words, without personal data; cases only
	Resolution string   `json:"resolution,omitempty"`                  // the reply that closed the case; cases only
	Locale     string   `json:"locale,omitempty"`                      // ISO 639-1 code; empty: not known
	Product    string   `json:"product,omitempty"`                     // empty: applies to every product
	Region     string   `json:"region,omitempty"`                      // empty: applies to every region
	Tags       []string `json:"tags,omitempty" gorm:"serializer:json"` // sorted, without repeats
	Audience   Audience `json:"audience"`
	URL        string   `json:"url,omitempty"` // where a reader finds the original: http, https, mailto or relative
	Status     Status   `json:"status"`

	// ResolvedWith is the id of the article that a case's reply rests on, empty
	// where there is none, and Evidence how many tickets ended with that reply.
	// Both are 0 for articles; a case with an Evidence of 0 was written by hand.
	ResolvedWith string `json:"resolved_with,omitempty"`
	Evidence     int64  `json:"evidence,omitempty"`
}

// A Document is one article or one resolved case: the unit that an editor
// edits and an answer cites.
//
// A Document is also the row it is stored as; package api has the JSON form.
type Document struct {
	WorkspaceID string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"` // the helpdesk's own id, one space for articles and cases
	Kind        Kind
	Content     `gorm:"embedded"`
	Origin      string     // what wrote it: "api", "import:<folder>", "demo"; Prune works within one
	Author      string     // who made this revision
	Revision    int64      // counts the document's own versions from 1
	Seq         int64      // place in the workspace's change feed
	Hash        string     // of Content; a write with the same Hash changes nothing
	Originals   Originals  `gorm:"serializer:json"` // what a case's placeholders stand for
	SortTitle   string     // what lists by title are ordered by; set by the store
	Deleted     bool       // a tombstone, kept so that indexes can follow
	ResolvedAt  *time.Time // UTC; cases only, nil when not known
	CreatedAt   time.Time  `gorm:"autoCreateTime:false"` // UTC; set by the store
	UpdatedAt   time.Time  `gorm:"autoUpdateTime:false"` // UTC; set by the store

	restored Originals // of the version that is being restored
	seen     *int64    // see After
}

// After makes the next write of d one that holds only if the document is still
// at the given revision, 0 for none: the one that its writer has read. Otherwise
// it is ErrConflict, what is stored stays, and the text says who was faster;
// unless what is stored says the same already.
func (d *Document) After(revision int64) { d.seen = &revision }

// Validate reports, as an ErrInvalid, the first field that cannot be stored.
func (d *Document) Validate() error {
	if !ValidID(d.ID) {
		return fmt.Errorf("%w: id %q: use letters, digits and . _ : @ -, at most 128", ErrInvalid, d.ID)
	}
	invalid := func(what string) error { return fmt.Errorf("%w: %s %s: %s", ErrInvalid, d.Kind, d.ID, what) }
	switch {
	case d.Kind != Article && d.Kind != Case:
		return fmt.Errorf("%w: document %s: kind %q: use article or case", ErrInvalid, d.ID, d.Kind)
	case d.Kind == Article && blank(d.Title) && blank(d.Body):
		return invalid("has neither title nor body")
	case d.Kind == Case && (blank(d.Problem) || blank(d.Resolution)):
		return invalid("needs both a problem and a resolution")
	case d.Kind == Article && (d.Problem != "" || d.Resolution != ""):
		return invalid("problem and resolution belong to cases")
	case d.Kind == Case && d.Body != "":
		return invalid("body belongs to articles; a case has a problem and a resolution")
	case d.Kind == Article && (d.ResolvedWith != "" || d.Evidence != 0):
		return invalid("resolved_with and evidence belong to cases")
	case d.ResolvedWith != "" && !ValidID(d.ResolvedWith):
		return invalid(fmt.Sprintf("resolved_with %.128q is no id of an article", d.ResolvedWith))
	case d.Evidence < 0:
		return invalid("evidence counts tickets: use 0 or more")
	case d.Audience != Public && d.Audience != Internal:
		return invalid(fmt.Sprintf("audience %q: use public or internal", d.Audience))
	case !slices.Contains([]Status{Draft, Published, Archived}, d.Status):
		return invalid(fmt.Sprintf("status %q: use draft, published or archived", d.Status))
	}
	if at := d.ResolvedAt; at != nil && (at.UTC().Year() < 1 || at.UTC().Year() > 9999) {
		return invalid("resolved_at is not within the years 1 to 9999")
	}
	if !safeURL(d.URL) {
		return invalid(fmt.Sprintf("url %.100q: use an http, https or mailto address, or one relative to the site", d.URL))
	}
	return d.validateTexts()
}

// safeURL reports whether clients may show address as a link: one with a scheme
// such as javascript would run in the reader's page. What is no scheme but
// looks like one is refused too, since browsers leave out line breaks, tabs and
// what stands before the scheme.
func safeURL(address string) bool {
	if i := strings.IndexAny(address, "/?#"); i >= 0 {
		address = address[:i]
	}
	scheme, _, found := strings.Cut(address, ":")
	return !found || slices.Contains([]string{"http", "https", "mailto"}, strings.ToLower(scheme))
}

func (d *Document) validateTexts() error {
	for name, text := range map[string]string{
		"title": d.Title, "body": d.Body, "problem": d.Problem, "resolution": d.Resolution, "url": d.URL,
		"locale": d.Locale, "product": d.Product, "region": d.Region, "tags": strings.Join(d.Tags, " "),
	} {
		switch {
		case len(text) > MaxText:
			return fmt.Errorf("%w: %s %s: %s is longer than %d MiB", ErrInvalid, d.Kind, d.ID, name, MaxText>>20)
		case !utf8.ValidString(text):
			return fmt.Errorf("%w: %s %s: %s is not valid UTF-8", ErrInvalid, d.Kind, d.ID, name)
		case strings.ContainsRune(text, 0):
			return fmt.Errorf("%w: %s %s: %s holds a NUL byte", ErrInvalid, d.Kind, d.ID, name)
		}
	}
	return nil
}

// normalize fills in defaults and brings equal contents to equal bytes.
func (d *Document) normalize() {
	if d.Audience == "" {
		d.Audience = Public
	}
	if d.Status == "" {
		d.Status = Published
	}
	d.Title, d.URL = strings.TrimSpace(d.Title), strings.TrimSpace(d.URL)
	if d.ResolvedAt != nil {
		// The same instant in another zone is no change.
		at := stamp(*d.ResolvedAt)
		d.ResolvedAt = &at
	}
	slices.Sort(d.Tags)
	d.Tags = slices.Compact(d.Tags)
	if len(d.Tags) == 0 {
		d.Tags = nil
	}
}

// hash identifies what d says, placeholders' originals included.
func (d *Document) hash() (string, error) {
	b, err := json.Marshal(struct {
		Content
		Originals  Originals
		ResolvedAt *time.Time
	}{d.Content, d.Originals, d.ResolvedAt})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16]), nil
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }
