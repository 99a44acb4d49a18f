package retrieval

import (
	"context"
	"fmt"

	"github.com/whetstone-desk/whetstone/kb"
)

// An index keeps a workspace's cases apart from its articles, as if they were a
// workspace of their own. Words that are rare in articles and common in
// questions then stay rare in articles, many cases leave room for articles in a
// search, and a case that is learned changes nothing for questions it is not
// like.

// shelf is where an index keeps a workspace's documents of a kind. No id of a
// workspace has a slash in it.
func shelf(workspace string, kind kb.Kind) string {
	if kind == kb.Case {
		return workspace + "/cases"
	}
	return workspace
}

// kinds lists the kinds of documents, each with a shelf.
func kinds() []kb.Kind { return []kb.Kind{kb.Article, kb.Case} }

// Drop removes a workspace from an index, with all that it holds.
func Drop(ctx context.Context, ix Index, workspace string) error {
	for _, kind := range kinds() {
		if err := ix.Drop(ctx, shelf(workspace, kind)); err != nil {
			return err
		}
	}
	return nil
}

// positions returns the least and the greatest of the shelves' positions: what
// is surely held, and what was seen.
func positions(ctx context.Context, ix Index, workspace string) (least, greatest int64, err error) {
	for i, kind := range kinds() {
		at, err := ix.Position(ctx, shelf(workspace, kind))
		if err != nil {
			return 0, 0, err
		}
		if i == 0 || at < least {
			least = at
		}
		greatest = max(greatest, at)
	}
	return least, greatest, nil
}

// Sync indexes what has changed in the workspace since the index's position,
// and moves that on. It returns the last change that the index now holds. When
// it is stopped half-way the position says how far it came, and the next call
// takes up there.
func (x *Indexer) Sync(ctx context.Context, workspace string) (int64, error) {
	reached := make([]int64, len(kinds()))
	last := int64(0)
	for i, kind := range kinds() {
		var err error
		if reached[i], err = x.follow(ctx, workspace, kind); err != nil {
			return min(last, reached[i]), fmt.Errorf("retrieval: sync %s after %d: %w", workspace, reached[i], err)
		}
		last = max(last, reached[i])
	}
	// Both have seen all there was, also where the last of it was the other's.
	for i, kind := range kinds() {
		if reached[i] == last {
			continue
		}
		if err := x.Index.SetPosition(ctx, shelf(workspace, kind), last); err != nil {
			return last, fmt.Errorf("retrieval: sync %s: %w", workspace, err)
		}
	}
	return last, nil
}

// follow brings one shelf up to date.
func (x *Indexer) follow(ctx context.Context, workspace string, kind kb.Kind) (int64, error) {
	on := shelf(workspace, kind)
	at, err := x.Index.Position(ctx, on)
	if err != nil {
		return 0, err
	}
	store := x.KB.In(workspace)
	for {
		docs, err := store.ChangesOf(ctx, kind, at, batch)
		if err != nil || len(docs) == 0 {
			return at, err
		}
		entries, err := x.entries(ctx, docs)
		if err != nil {
			return at, err
		}
		if err := x.Index.Replace(ctx, on, entries); err != nil {
			return at, err
		}
		at = docs[len(docs)-1].Seq
		if err := x.Index.SetPosition(ctx, on, at); err != nil {
			return at, err
		}
		if x.Progress != nil {
			n := 0
			for _, e := range entries {
				n += len(e.Points)
			}
			x.Progress(n)
		}
	}
}
