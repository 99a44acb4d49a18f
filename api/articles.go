package api

import (
	"context"
	"net/http"

	"github.com/whetstone-desk/whetstone/kb"
)

// ByID names a document, suggestion or key in a path.
type ByID struct {
	ID string `path:"id" maxLength:"128"`
}

type articleOut struct {
	Status int
	ETag   string `header:"ETag" doc:"The revision, to be sent as If-Match with a change."`
	Body   articleView
}

type articlesOut struct{ Body articlePage }

type articlePage struct {
	Articles   []articleView `json:"articles" nullable:"false"`
	Total      *int          `json:"total,omitempty" doc:"How many fit the filters; on the first page."`
	NextCursor string        `json:"next_cursor,omitempty" doc:"Missing on the last page."`
}

type none struct{}

func (s *Server) listArticles(ctx context.Context, in *listed) (*articlesOut, error) {
	got, err := s.list(ctx, kb.Article, in)
	if err != nil {
		return nil, err
	}
	out := &articlesOut{articlePage{make([]articleView, len(got.docs)), got.total, got.next}}
	for i := range got.docs {
		out.Body.Articles[i] = articleOf(&got.docs[i].Document)
		out.Body.Articles[i].Excerpt = got.docs[i].Excerpt
	}
	return out, nil
}

func (s *Server) putArticle(ctx context.Context, in *struct {
	ByID
	Matching
	Body Article
}) (*articleOut, error) {
	d := in.Body.document(in.ID)
	if err := in.after(d); err != nil {
		return nil, err
	}
	done, err := s.putUnmerged(ctx, d, in.IfMatch != "")
	if err != nil {
		return nil, err
	}
	return &articleOut{written(done), etag(d), articleOf(d)}, nil
}

func (s *Server) deleteArticle(ctx context.Context, in *ByID) (*none, error) {
	return nil, s.remove(ctx, kb.Article, in.ID)
}

func (s *Server) articleRevisions(ctx context.Context, in *ByID) (*revisionsOut, error) {
	return s.revisions(ctx, kb.Article, in.ID)
}

func (s *Server) restoreArticle(ctx context.Context, in *restoreIn) (*articleOut, error) {
	if err := s.unmerged(ctx, in.ID); err != nil {
		return nil, err
	}
	d, err := s.restore(ctx, kb.Article, in)
	if err != nil {
		return nil, err
	}
	return &articleOut{http.StatusOK, etag(&d), articleOf(&d)}, nil
}
