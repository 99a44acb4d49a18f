package api

import (
	"context"
	"errors"
	"fmt"

	"github.com/whetstone-desk/whetstone/kb"
)

// articleRead is an article as it is read, which may be by the id of one that
// was merged into it.
type articleRead struct {
	ETag string `header:"ETag" doc:"The revision, to be sent as If-Match with a change."`
	Body articleFound
}

type articleFound struct {
	articleView
	MergedFrom string `json:"merged_from,omitempty" doc:"The id that was asked for: that article was merged into this one."`
}

// article answers GET /v1/articles/{id}. What was merged is found where it has
// gone, so that old citations lead somewhere.
func (s *Server) article(ctx context.Context, in *ByID) (*articleRead, error) {
	into, err := s.merged(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if into != "" {
		d, there, err := s.optional(ctx, into)
		if err != nil {
			return nil, err
		}
		if there {
			return &articleRead{etag(&d), articleFound{articleOf(&d), in.ID}}, nil
		}
	}
	d, err := s.document(ctx, kb.Article, in.ID)
	if err != nil {
		return nil, err
	}
	return &articleRead{etag(&d), articleFound{articleView: articleOf(&d)}}, nil
}

// merged returns the id of what a document was merged into; empty: nothing.
func (s *Server) merged(ctx context.Context, id string) (string, error) {
	all, err := s.merges(ctx)
	return all[id], err
}

// merges returns, by id, what articles of the caller's workspace were merged
// into.
func (s *Server) merges(ctx context.Context) (map[string]string, error) {
	if s.Upkeep == nil {
		return map[string]string{}, nil
	}
	return s.Upkeep.In(caller(ctx).WorkspaceID).Redirects(ctx)
}

// unmerged refuses what would write into an article that is out of use.
func (s *Server) unmerged(ctx context.Context, id string) error {
	into, err := s.merged(ctx, id)
	if err != nil || into == "" {
		return err
	}
	return mergedError(id, into)
}

func mergedError(id, into string) error {
	return fmt.Errorf("%w: article %s was merged into %s: nothing was written; change that one", kb.ErrConflict, id, into)
}

// writeTries is how often a write that names no revision is tried, while others
// write the same article.
const writeTries = 5

// putUnmerged is put for an article, unless it was merged into another. Held
// says that the write is bound to a revision already. Otherwise it is bound to
// the one there is: a merge that comes between is not undone.
func (s *Server) putUnmerged(ctx context.Context, d *kb.Document, held bool) (out kb.Outcome, err error) {
	for range writeTries {
		was, there, err := s.optional(ctx, d.ID)
		if err != nil {
			return out, err
		}
		if err := s.unmerged(ctx, d.ID); err != nil {
			return out, err
		}
		again := *d
		if !held && s.Upkeep != nil {
			again.After(0)
			if there {
				again.After(was.Revision)
			}
		}
		out, err = s.put(ctx, &again)
		if err == nil {
			*d = again
		}
		if held || !errors.Is(err, kb.ErrConflict) {
			return out, err
		}
	}
	return s.put(ctx, d) // for the conflict that it is, such as with a case of the same id
}

// Merging says what an article is merged into.
type Merging struct {
	Into string `json:"into" minLength:"1" maxLength:"128" doc:"The id of a published article."`
}

type mergedOut struct{ Body mergedView }

type mergedView struct {
	From      string `json:"from"`
	Into      string `json:"into" doc:"Where it leads, if that was merged itself."`
	Revision  int64  `json:"revision" doc:"The revision of the article that was archived; its history has the text."`
	Cases     int64  `json:"cases" doc:"How many cases rest on the other article that rested on this one."`
	Redirects int64  `json:"redirects" doc:"How many articles that were merged into this one lead to the other one now."`
}

// mergeArticle answers POST /v1/articles/{id}/merge.
func (s *Server) mergeArticle(ctx context.Context, in *struct {
	ByID
	Matching
	Body Merging
}) (*mergedOut, error) {
	key := caller(ctx)
	d, err := s.document(ctx, kb.Article, in.ID)
	if err != nil {
		return nil, err
	}
	if _, err := s.document(ctx, kb.Article, in.Body.Into); err != nil {
		return nil, err
	}
	if err := in.seen(&d); err != nil {
		return nil, err
	}
	m, err := s.Upkeep.In(key.WorkspaceID).Merge(ctx, in.ID, in.Body.Into, authorOf(key))
	if err != nil {
		return nil, err
	}
	if d, err = s.document(ctx, kb.Article, in.ID); err != nil {
		return nil, err
	}
	s.caughtUp(ctx, key.WorkspaceID, d.Seq)
	return &mergedOut{mergedView{m.From, m.Into, d.Revision, int64(m.Cases), int64(m.Redirects)}}, nil
}

// seen refuses what was decided on another revision than d.
func (m *Matching) seen(d *kb.Document) error {
	n, said, err := m.revision()
	if err != nil {
		return err
	}
	if said && n != d.Revision {
		return fmt.Errorf("%w: %s %s was changed after revision %d and is at %d: nothing was merged; read it again", kb.ErrConflict, d.Kind, d.ID, n, d.Revision)
	}
	return nil
}
