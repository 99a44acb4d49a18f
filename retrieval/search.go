package retrieval

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/whetstone-desk/whetstone/kb"
)

// search asks the index and ranks what it found.
func (s *Space) search(ctx context.Context, t *task, q Query, clock *clock) (findings, error) {
	t.semantic = s.Semantic && q.Dense != nil
	q.WordsOnly = !t.semantic
	articles, cases, err := s.both(ctx, q, t.ask.Without)
	if err != nil {
		return findings{}, fmt.Errorf("retrieval: search: %w", err)
	}
	t.moved.near(q.Dense, q.Weights.Dense, articles.Hits)
	clock.lap(&t.took.Search)
	found := t.rank(&q, &articles, &cases)
	clock.lap(&t.took.Rank)
	return found, nil
}

// both searches articles and cases, and passes over documents that are to be
// left out before anything follows from them.
func (s *Space) both(ctx context.Context, q Query, without []string) (articles, cases Result, err error) {
	wants := func(kind kb.Kind) bool { return len(q.Filter.Kinds) == 0 || slices.Contains(q.Filter.Kinds, kind) }
	var g errgroup.Group
	on := func(kind kb.Kind, to *Result) {
		if !wants(kind) {
			return
		}
		q := q
		q.Workspace = shelf(q.Workspace, kind)
		g.Go(func() (err error) {
			*to, err = s.Index.Search(ctx, q)
			to.Hits = slices.DeleteFunc(to.Hits, func(h Hit) bool { return slices.Contains(without, h.Source.ID) })
			return err
		})
	}
	on(kb.Article, &articles)
	on(kb.Case, &cases)
	if err := g.Wait(); err != nil || !wants(kb.Article) || !wants(kb.Case) {
		return articles, cases, err
	}
	named, err := s.named(ctx, q, articles.Hits, cases.Hits)
	articles.Hits = append(articles.Hits, named...)
	return articles, cases, err
}

// namedMost bounds how many articles are looked up because cases name them.
const namedMost = 20

// named finds the articles that the cases were resolved with and that the
// question's words did not find.
func (s *Space) named(ctx context.Context, q Query, articles, cases []Hit) ([]Hit, error) {
	known := make(map[string]bool)
	for _, h := range articles {
		known[h.Source.ID] = true
	}
	var ids []string
	for _, h := range cases {
		id := h.Source.ResolvedWith
		if id != "" && !known[id] && len(ids) < namedMost && (len(q.Filter.IDs) == 0 || slices.Contains(q.Filter.IDs, id)) {
			ids = append(ids, id)
			known[id] = true
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	q.Filter.IDs, q.WordsOnly = ids, false
	result, err := s.Index.Search(ctx, q)
	return result.Hits, err
}
