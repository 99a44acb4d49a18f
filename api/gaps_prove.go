package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/gap"
)

// Proving asks for the way in which a proof is answered.
type Proving struct {
	Accept string `header:"Accept" doc:"text/event-stream: each question as soon as it is known what came of it, then the gap."`
}

// GapPublishBody says which article closes a gap.
type GapPublishBody struct {
	Version   int64       `json:"version,omitempty" doc:"Of the gap that you have read; missing: whatever it is now."`
	ArticleID string      `json:"article_id,omitempty" maxLength:"128" doc:"The article to write; by itself: one that is written already. Missing: that of the draft, or a new one."`
	Title     string      `json:"title,omitempty" doc:"With body: what to publish; without: the draft as it is."`
	Body      string      `json:"body,omitempty" doc:"Markdown."`
	Audience  kb.Audience `json:"audience,omitempty" enum:"public,internal" doc:"Of a new article. Default public."`
	Revision  *int64      `json:"revision,omitempty" minimum:"0" doc:"Of the article that you have read: if it has changed since, nothing is written."`
}

// publishGap answers POST /v1/gaps/{id}/publish: it writes the article, where
// there is something to write, and asks the questions that failed again.
func (s *Server) publishGap(ctx context.Context, in *struct {
	Proving
	ByID
	Body GapPublishBody
}) (*huma.StreamResponse, error) {
	key, b := caller(ctx), &in.Body
	store := s.Gaps.In(key.WorkspaceID)
	g, err := store.Gap(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if b.Version != 0 && b.Version != g.Version {
		return nil, fmt.Errorf("%w: gap %s is at version %d and you have %d: read it again", gap.ErrConflict, g.ID, g.Version, b.Version)
	}
	if !g.Active() {
		return nil, fmt.Errorf("%w: gap %s is %s: reopen it first", gap.ErrConflict, g.ID, g.Status)
	}
	if err := s.published(ctx, &g, b); err != nil {
		return nil, err
	}
	return s.proving(ctx, in.Accept, g.ID)
}

// verifyGap answers POST /v1/gaps/{id}/verify.
func (s *Server) verifyGap(ctx context.Context, in *struct {
	Proving
	ByID
}) (*huma.StreamResponse, error) {
	return s.proving(ctx, in.Accept, in.ID)
}

// proving asks a gap's questions again and answers with the gap, as JSON or at
// the end of a stream of events.
func (s *Server) proving(ctx context.Context, accept, id string) (*huma.StreamResponse, error) {
	key := caller(ctx)
	prove := func(ctx context.Context, tell func(gap.Asked)) (gapWhole, error) {
		g, err := s.Prove(ctx, key.WorkspaceID, id, authorOf(key), tell)
		out, err := wholeGap(&g, err)
		if err != nil {
			return gapWhole{}, err
		}
		return out.Body, nil
	}
	if strings.Contains(accept, "text/event-stream") {
		return &huma.StreamResponse{Body: func(hc huma.Context) {
			e, ctx := s.begin(ctx, hc, http.StatusOK)
			defer e.end()
			g, err := prove(ctx, func(a gap.Asked) { e.send("question", a) })
			e.finish(err, "gap", g)
		}}, nil
	}
	g, err := prove(ctx, nil)
	if err != nil {
		return nil, err
	}
	return whole(g), nil
}

// proves describes what the two forms of asking a gap's questions again return.
func (r *routes) proves(op huma.Operation) huma.Operation {
	op.Responses = inBothForms("The gap", r.schema(typeOf[gapWhole]()), "Events question, any number of times, and gap or problem, each with JSON.")
	return op
}
