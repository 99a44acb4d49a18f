package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
)

// Attributes are what articles and cases share on the wire.
type Attributes struct {
	Title    string      `json:"title,omitempty" doc:"Short, as a reader would search for it."`
	Locale   string      `json:"locale,omitempty" example:"ru" doc:"ISO 639-1 code of the language; found out if missing."`
	Product  string      `json:"product,omitempty" doc:"Empty: applies to every product."`
	Region   string      `json:"region,omitempty" doc:"Empty: applies to every region."`
	Tags     []string    `json:"tags,omitempty" nullable:"false"`
	Audience kb.Audience `json:"audience,omitempty" enum:"public,internal" doc:"Internal documents are shown to operators only. Default public."`
	URL      string      `json:"url,omitempty" doc:"Where a reader finds the original."`
	Status   kb.Status   `json:"status,omitempty" enum:"draft,published,archived" doc:"Only published documents are searched. Default published."`
}

// History is what the service says of a document beside its content.
type History struct {
	ID        string    `json:"id"`
	Revision  int64     `json:"revision" doc:"Counts the document's versions from 1."`
	Author    string    `json:"author,omitempty"`
	Origin    string    `json:"origin,omitempty" doc:"What wrote it: api, or import:… ."`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
	Excerpt   string    `json:"excerpt,omitempty" doc:"The start of the body or the problem, in lists that were asked for in brief."`
}

// Article is an article as it is written.
type Article struct {
	Attributes
	Body string `json:"body,omitempty" doc:"Markdown."`
}

type articleView struct {
	History
	Article
}

// Case is a resolved case as it is written.
type Case struct {
	Attributes
	Problem    string     `json:"problem" doc:"The customer's words. Personal data is replaced by placeholders before it is stored."`
	Resolution string     `json:"resolution" doc:"The reply that closed the case. Personal data is replaced likewise."`
	ResolvedAt *time.Time `json:"resolved_at,omitempty"`

	ResolvedWith string `json:"resolved_with,omitempty" maxLength:"128" doc:"The article that the reply rests on: the case then speaks for it."`
	Evidence     int64  `json:"evidence,omitempty" minimum:"0" doc:"How many tickets ended with this reply; counted by the service where it makes cases of tickets."`
}

type caseView struct {
	History
	Case
}

func (c *Attributes) content() kb.Content {
	return kb.Content{Title: c.Title, Locale: c.Locale, Product: c.Product, Region: c.Region, Tags: c.Tags,
		Audience: c.Audience, URL: c.URL, Status: c.Status}
}

func (b *Article) document(id string) *kb.Document {
	d := &kb.Document{ID: id, Kind: kb.Article, Content: b.content()}
	d.Body = b.Body
	return d
}

func (b *Case) document(id string) *kb.Document {
	d := &kb.Document{ID: id, Kind: kb.Case, Content: b.content(), ResolvedAt: b.ResolvedAt}
	d.Problem, d.Resolution, d.ResolvedWith, d.Evidence = b.Problem, b.Resolution, b.ResolvedWith, b.Evidence
	return d
}

func historyOf(d *kb.Document) History {
	return History{ID: d.ID, Revision: d.Revision, Author: d.Author, Origin: d.Origin, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt}
}

func attributesOf(c *kb.Content) Attributes {
	return Attributes{Title: c.Title, Locale: c.Locale, Product: c.Product, Region: c.Region, Tags: c.Tags,
		Audience: c.Audience, URL: c.URL, Status: c.Status}
}

func articleOf(d *kb.Document) articleView {
	return articleView{historyOf(d), Article{attributesOf(&d.Content), d.Body}}
}

func caseOf(d *kb.Document) caseView {
	return caseView{historyOf(d), Case{attributesOf(&d.Content), d.Problem, d.Resolution, d.ResolvedAt, d.ResolvedWith, d.Evidence}}
}

// document returns a document of the caller's workspace if it is of the kind.
func (s *Server) document(ctx context.Context, kind kb.Kind, id string) (kb.Document, error) {
	d, err := s.KB.In(caller(ctx).WorkspaceID).Document(ctx, id)
	if err == nil && d.Kind != kind {
		return kb.Document{}, fmt.Errorf("%w: %s %s", kb.ErrNotFound, kind, id)
	}
	return d, err
}

// Matching is how a writer says which revision they have read.
type Matching struct {
	IfMatch string `header:"If-Match" maxLength:"32" doc:"The revision that you have read, as in ETag; 0: there must be none. If it is not the latest, nothing is written and the answer is 409. Missing: the write replaces whatever is there."`
}

// after holds a write to the revision that its writer has read.
func (m *Matching) after(d *kb.Document) error {
	n, said, err := m.revision()
	if said {
		d.After(n)
	}
	return err
}

// revision is the one that the writer has read; said is false if they do not
// say.
func (m *Matching) revision() (n int64, said bool, err error) {
	if m.IfMatch == "" {
		return 0, false, nil
	}
	n, err = strconv.ParseInt(strings.Trim(strings.TrimPrefix(m.IfMatch, "W/"), `"`), 10, 64)
	if err != nil || n < 0 {
		return 0, false, fmt.Errorf("%w: If-Match %q: send the revision that you have read, as in ETag", errMalformed, m.IfMatch)
	}
	return n, true, nil
}

// etag is a revision as a header.
func etag(d *kb.Document) string { return strconv.Quote(strconv.FormatInt(d.Revision, 10)) }

// Versioned says which version of something an answer shows.
type Versioned struct {
	ETag string `header:"ETag" doc:"The version, to be sent as If-Match with a change; 0: none was written."`
}

func at(version int64) Versioned { return Versioned{strconv.Quote(strconv.FormatInt(version, 10))} }

// put stores a document in the caller's name and waits a moment until it can
// be found.
func (s *Server) put(ctx context.Context, d *kb.Document) (kb.Outcome, error) {
	key := caller(ctx)
	d.Origin, d.Author = "api", authorOf(key)
	identify(d)
	out, err := s.KB.In(key.WorkspaceID).Put(ctx, d)
	if err == nil && out.Changed {
		s.caughtUp(ctx, key.WorkspaceID, d.Seq)
	}
	return out, err
}

func (s *Server) remove(ctx context.Context, kind kb.Kind, id string) error {
	if _, err := s.document(ctx, kind, id); err != nil {
		return err
	}
	key := caller(ctx)
	if err := s.KB.In(key.WorkspaceID).Delete(ctx, id, authorOf(key)); err != nil {
		return err
	}
	w, err := s.KB.Workspace(ctx, key.WorkspaceID)
	if err != nil {
		return err
	}
	s.caughtUp(ctx, key.WorkspaceID, w.Changes)
	return nil
}

// caughtUp waits for the index as long as Caught does. That it has not caught
// up is no failure: the write is kept and will be found.
func (s *Server) caughtUp(ctx context.Context, workspace string, seq int64) {
	if s.Caught != nil {
		s.Caught(ctx, workspace, seq)
	}
}

// caller returns the key of the request. Every route under /v1 has one.
func caller(ctx context.Context) auth.Key {
	key, _ := auth.FromContext(ctx)
	return key
}

func authorOf(key auth.Key) string {
	if key.Name != "" {
		return key.Name
	}
	return key.ID
}

// written says whether a document is new.
func written(out kb.Outcome) int {
	if out.Created {
		return http.StatusCreated
	}
	return http.StatusOK
}

// identify fills in the language of a document that does not name its own.
func identify(d *kb.Document) {
	if d.Locale != "" {
		return
	}
	text := d.Body
	if d.Kind == kb.Case {
		text = d.Problem + "\n" + d.Resolution
	}
	if lang := embeddings.Language(d.Title + "\n" + text); lang != "und" {
		d.Locale = lang
	}
}

// optional returns an article of the caller's workspace, and whether there is
// one.
func (s *Server) optional(ctx context.Context, id string) (d kb.Document, there bool, err error) {
	d, err = s.document(ctx, kb.Article, id)
	if errors.Is(err, kb.ErrNotFound) {
		return d, false, nil
	}
	return d, err == nil, err
}
