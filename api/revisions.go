package api

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
)

type revisionView struct {
	Revision int64     `json:"revision"`
	Author   string    `json:"author,omitempty"`
	At       time.Time `json:"at"`
	Deleted  bool      `json:"deleted,omitempty" doc:"This version says that the document was deleted."`
	kb.Content
}

type revisionsOut struct{ Body revisionList }

type revisionList struct {
	Revisions []revisionView `json:"revisions" doc:"The latest first." nullable:"false"`
}

type restoreIn struct {
	ByID
	Body restoring
}

type restoring struct {
	Revision int64 `json:"revision" minimum:"1" doc:"Which to bring back."`
}

func (s *Server) revisions(ctx context.Context, kind kb.Kind, id string) (*revisionsOut, error) {
	versions, err := s.versions(ctx, kind, id)
	if err != nil {
		return nil, err
	}
	out := new(revisionsOut)
	out.Body.Revisions = make([]revisionView, len(versions))
	for i, v := range versions {
		out.Body.Revisions[i] = revisionView{v.Revision, v.Author, v.At, v.Deleted, v.Content}
	}
	return out, nil
}

func (s *Server) restore(ctx context.Context, kind kb.Kind, in *restoreIn) (kb.Document, error) {
	if _, err := s.versions(ctx, kind, in.ID); err != nil {
		return kb.Document{}, err
	}
	key := caller(ctx)
	d, err := s.KB.In(key.WorkspaceID).Restore(ctx, in.ID, in.Body.Revision, authorOf(key))
	if err == nil {
		s.caughtUp(ctx, key.WorkspaceID, d.Seq)
	}
	return d, err
}

// versions returns the history of a document if it is of the kind. A tombstone
// has no content to tell by, but no document changes its kind, so any version
// will do.
func (s *Server) versions(ctx context.Context, kind kb.Kind, id string) ([]kb.Revision, error) {
	versions, err := s.KB.In(caller(ctx).WorkspaceID).Revisions(ctx, id)
	if err != nil {
		return nil, err
	}
	isCase := slices.ContainsFunc(versions, func(v kb.Revision) bool { return v.Content.Problem != "" })
	if isCase != (kind == kb.Case) {
		return nil, fmt.Errorf("%w: %s %s", kb.ErrNotFound, kind, id)
	}
	return versions, nil
}
