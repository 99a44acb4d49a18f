package api

import (
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/gap"
)

type exportIn struct {
	GapsWanted
	Format string `query:"format" enum:"csv,json" default:"csv"`
}

// exportGaps answers GET /v1/gaps/export.
func (s *Server) exportGaps(ctx context.Context, in *exportIn) (*huma.StreamResponse, error) {
	gs, err := s.Gaps.In(caller(ctx).WorkspaceID).Gaps(ctx, in.filter())
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		// Writing fails only if the client is gone.
		if in.Format == "json" {
			hc.SetHeader("Content-Type", "application/json")
			views := make([]GapView, len(gs))
			for i := range gs {
				views[i] = gapOf(&gs[i])
			}
			_ = json.NewEncoder(hc.BodyWriter()).Encode(map[string]any{"gaps": views})
			return
		}
		hc.SetHeader("Content-Type", "text/csv; charset=utf-8")
		hc.SetHeader("Content-Disposition", `attachment; filename="gaps.csv"`)
		w := csv.NewWriter(hc.BodyWriter())
		_ = w.Write(exported())
		for i := range gs {
			_ = w.Write(row(&gs[i]))
		}
		w.Flush()
	}}, nil
}

// GapDraftBody asks for a draft, or is one.
type GapDraftBody struct {
	Version   int64  `json:"version,omitempty" doc:"Of the gap that you have read; missing: whatever it is now."`
	Title     string `json:"title,omitempty" doc:"With body: your own words in place of a draft."`
	Body      string `json:"body,omitempty" doc:"Markdown."`
	ArticleID string `json:"article_id,omitempty" maxLength:"128" doc:"An article to be changed rather than a new one; found out if missing."`
	New       bool   `json:"new,omitempty" doc:"A new article, although one was found that could be changed; not with article_id."`
	Instead   bool   `json:"instead,omitempty" doc:"Draft anew although an editor has changed the draft there is."`
}

// draftGap answers POST /v1/gaps/{id}/draft.
func (s *Server) draftGap(ctx context.Context, in *struct {
	ByID
	Body GapDraftBody
}) (*gapOut, error) {
	key, b := caller(ctx), &in.Body
	who, at := authorOf(key), time.Now()
	store := s.Gaps.In(key.WorkspaceID)
	g, err := store.Gap(ctx, in.ID)
	if err == nil && b.New && b.ArticleID != "" {
		err = fmt.Errorf("%w: new: an article cannot be new and the change of %s", gap.ErrInvalid, b.ArticleID)
	}
	if err != nil {
		return nil, err
	}
	d := &gap.Draft{Title: b.Title, Body: b.Body, ArticleID: b.ArticleID, Writer: who, Author: who, At: at.UTC()}
	switch {
	case b.Title == "" && b.Body == "":
		if g.Draft != nil && g.Draft.Writer == g.Draft.Author && !b.Instead {
			return nil, fmt.Errorf("%w: gap %s has a draft that %s wrote: set instead to have another in its place", gap.ErrConflict, g.ID, g.Draft.Author)
		}
		from := g
		if b.New {
			from.Topic.Articles = nil // of which one would be changed
		}
		if d, err = s.Compose(ctx, key.WorkspaceID, &from, b.ArticleID); err != nil {
			return nil, err
		}
		d.Author = who
	case b.Title == "" || b.Body == "":
		return nil, fmt.Errorf("%w: a draft of your own needs both title and body; send neither to have one written", gap.ErrInvalid)
	case g.Draft != nil:
		d.Language, d.Unknown, d.Sentences = g.Draft.Language, g.Draft.Unknown, still(g.Draft, d.Body)
		if !b.New {
			d.Revision, d.ArticleID = g.Draft.Revision, cmp.Or(d.ArticleID, g.Draft.ArticleID)
		}
	}
	version := cmp.Or(b.Version, g.Version)
	g, err = store.Change(ctx, in.ID, version, func(g *gap.Gap) error { return g.Write(d, who, at) })
	return wholeGap(&g, err)
}

// still are the sentences of a draft, and the ways in which replies tell those
// that conflict, that an editor has left as they were in body: their tickets
// stay known.
func still(was *gap.Draft, body string) []gap.Sentence {
	all := slices.Clone(was.Sentences)
	for _, c := range was.Conflicts {
		for _, v := range c.Variants {
			all = append(all, gap.Sentence{Text: v.Text, Tickets: v.Tickets})
		}
	}
	var out []gap.Sentence
	for _, s := range all {
		at := strings.Index(body, s.Text)
		if s.Text == "" || at < 0 || slices.ContainsFunc(out, func(o gap.Sentence) bool { return o.Text == s.Text }) {
			continue
		}
		s.Start = utf8.RuneCountInString(body[:at])
		s.End = s.Start + utf8.RuneCountInString(s.Text)
		out = append(out, s)
	}
	slices.SortStableFunc(out, func(a, b gap.Sentence) int { return cmp.Compare(a.Start, b.Start) })
	return out
}

// published writes the article that is to close the gap, unless it is written
// already, and says so in the gap: both or neither, so that of two editors one
// does both.
func (s *Server) published(ctx context.Context, g *gap.Gap, b *GapPublishBody) error {
	key := caller(ctx)
	article, write := b.ArticleID, b.ArticleID == "" || b.Title != "" || b.Body != ""
	var d *kb.Document
	var err error
	if write {
		if d, err = s.toPublish(ctx, g, b); err != nil {
			return err
		}
		article = d.ID
	} else if err := s.inUse(ctx, article); err != nil {
		return err
	}
	_, err = s.Gaps.In(key.WorkspaceID).ChangeWith(ctx, g.ID, g.Version, func(tx *gorm.DB, g *gap.Gap) error {
		if write {
			if _, err := kb.New(tx).In(key.WorkspaceID).Put(ctx, d); err != nil {
				return err
			}
		}
		return g.Publish(article, authorOf(key), time.Now())
	})
	if err == nil && write {
		s.caughtUp(ctx, key.WorkspaceID, d.Seq)
	}
	return err
}

// inUse reports, as an error, why an article cannot close a gap.
func (s *Server) inUse(ctx context.Context, id string) error {
	d, err := s.document(ctx, kb.Article, id)
	if err == nil && d.Status != kb.Published {
		err = fmt.Errorf("%w: article %s is not published", gap.ErrInvalid, id)
	}
	return err
}

// toPublish is the article as it is to be written.
func (s *Server) toPublish(ctx context.Context, g *gap.Gap, b *GapPublishBody) (*kb.Document, error) {
	draft := gap.Draft{Title: b.Title, Body: b.Body}
	if g.Draft != nil {
		draft.ArticleID, draft.Revision, draft.Language = g.Draft.ArticleID, g.Draft.Revision, g.Draft.Language
	}
	if b.Title == "" && b.Body == "" {
		if g.Draft == nil {
			return nil, fmt.Errorf("%w: gap %s has no draft: send title and body, or the id of an article", gap.ErrInvalid, g.ID)
		}
		if n := len(g.Draft.Conflicts); n > 0 {
			return nil, fmt.Errorf("%w: the draft has %d facts that replies tell differently: decide them and send title and body", gap.ErrInvalid, n)
		}
		draft = *g.Draft
	}
	id := cmp.Or(b.ArticleID, draft.ArticleID, "answer-"+strings.TrimPrefix(g.ID, "gap-"))
	d := &kb.Document{ID: id, Kind: kb.Article}
	was, there, err := s.optional(ctx, id)
	if err != nil {
		return nil, err
	}
	if there {
		d.Content = was.Content
	} else {
		d.Audience, d.Locale = b.Audience, draft.Language
	}
	d.Title, d.Body, d.Status = draft.Title, draft.Body, kb.Published
	d.Origin, d.Author = "api", authorOf(caller(ctx))
	identify(d)
	d.After(was.Revision) // what comes in between is not written over
	switch {
	case b.Revision != nil:
		d.After(*b.Revision)
	case draft.ArticleID == id && draft.Revision > 0:
		d.After(draft.Revision)
	case there && b.Version == 0:
		return nil, fmt.Errorf("%w: article %s exists, at revision %d: send revision, or the gap's version, to replace it", gap.ErrConflict, id, was.Revision)
	}
	return d, s.unmerged(ctx, id)
}
