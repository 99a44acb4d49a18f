package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/redact"
)

type caseOut struct {
	Status int
	ETag   string `header:"ETag" doc:"The revision, to be sent as If-Match with a change."`
	Body   caseView
}

type casesOut struct{ Body casePage }

type casePage struct {
	Cases      []caseView `json:"cases" nullable:"false"`
	Total      *int       `json:"total,omitempty" doc:"How many fit the filters; on the first page."`
	NextCursor string     `json:"next_cursor,omitempty" doc:"Missing on the last page."`
}

func (s *Server) listCases(ctx context.Context, in *listed) (*casesOut, error) {
	got, err := s.list(ctx, kb.Case, in)
	if err != nil {
		return nil, err
	}
	out := &casesOut{casePage{make([]caseView, len(got.docs)), got.total, got.next}}
	for i := range got.docs {
		out.Body.Cases[i] = caseOf(&got.docs[i].Document)
		out.Body.Cases[i].Excerpt = got.docs[i].Excerpt
	}
	return out, nil
}

func (s *Server) caseByID(ctx context.Context, in *struct {
	ByID
	Reveal bool `query:"reveal" doc:"Put personal data back in. For operators and admins."`
}) (*caseOut, error) {
	d, err := s.document(ctx, kb.Case, in.ID)
	if err != nil {
		return nil, err
	}
	if in.Reveal {
		if !caller(ctx).Role.May(auth.Reveal) {
			return nil, fmt.Errorf("%w: personal data is for operators and admins", auth.ErrForbidden)
		}
		d.Title = redact.Restore(d.Title, d.Originals)
		d.Problem = redact.Restore(d.Problem, d.Originals)
		d.Resolution = redact.Restore(d.Resolution, d.Originals)
	}
	return &caseOut{http.StatusOK, etag(&d), caseOf(&d)}, nil
}

func (s *Server) putCase(ctx context.Context, in *struct {
	ByID
	Matching
	Body Case
}) (*caseOut, error) {
	d := in.Body.document(in.ID)
	if err := in.after(d); err != nil {
		return nil, err
	}
	done, err := s.put(ctx, d)
	if err != nil {
		return nil, err
	}
	return &caseOut{written(done), etag(d), caseOf(d)}, nil
}

func (s *Server) deleteCase(ctx context.Context, in *ByID) (*none, error) {
	return nil, s.remove(ctx, kb.Case, in.ID)
}

func (s *Server) caseRevisions(ctx context.Context, in *ByID) (*revisionsOut, error) {
	return s.revisions(ctx, kb.Case, in.ID)
}

func (s *Server) restoreCase(ctx context.Context, in *restoreIn) (*caseOut, error) {
	d, err := s.restore(ctx, kb.Case, in)
	if err != nil {
		return nil, err
	}
	return &caseOut{http.StatusOK, etag(&d), caseOf(&d)}, nil
}
