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
	result, cases, err := s.both(ctx, q)
	if err != nil {
		return findings{}, fmt.Errorf("retrieval: search: %w", err)
	}
	t.moved.near(q.Dense, q.Weights.Dense, result.Hits)
	clock.lap(&t.took.Search)
	found := t.rank(&q, &result, cases)
	clock.lap(&t.took.Rank)
	return found, nil
}

// both searches articles and cases apart where there are both, so that many
// cases of one thing leave room for articles, and few are not lost among them.
func (s *Space) both(ctx context.Context, q Query) (articles Result, cases []Hit, err error) {
	all, err := s.Index.Search(ctx, q)
	isCase := func(h Hit) bool { return h.Source.Kind == kb.Case }
	if err != nil || len(q.Filter.Kinds) > 0 || !slices.ContainsFunc(all.Hits, isCase) {
		return all, nil, err
	}
	apart := func(kind kb.Kind, to *Result) func() error {
		q := q
		q.Filter.Kinds = []kb.Kind{kind}
		return func() (err error) {
			*to, err = s.Index.Search(ctx, q)
			return err
		}
	}
	var resolved Result
	var g errgroup.Group
	g.Go(apart(kb.Article, &articles))
	g.Go(apart(kb.Case, &resolved))
	if err := g.Wait(); err != nil {
		return Result{}, nil, err
	}
	named, err := s.named(ctx, q, articles.Hits, resolved.Hits)
	articles.Hits = append(articles.Hits, named...)
	return articles, resolved.Hits, err
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
	q.Filter.Kinds, q.Filter.IDs, q.WordsOnly = []kb.Kind{kb.Article}, ids, false
	result, err := s.Index.Search(ctx, q)
	return result.Hits, err
}
