package main

import (
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// writeAtOnce is how many documents are stored in one transaction.
const writeAtOnce = 500

// pipeline runs produce, which stores documents and calls stored after each
// transaction, while an indexer follows what was stored; on two processors
// that is nearly twice as fast as one after the other. It returns when all
// that was stored is in the index.
func pipeline(ctx context.Context, x *retrieval.Indexer, workspace string, produce func(stored func([]*kb.Document) error) error) error {
	more := make(chan struct{}, 1)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(more)
		return produce(func([]*kb.Document) error {
			select {
			case more <- struct{}{}:
			default: // it has been told and will see this too
			}
			return ctx.Err()
		})
	})
	g.Go(func() error {
		for range more {
			if _, err := x.Sync(ctx, workspace); err != nil {
				return err
			}
		}
		_, err := x.Sync(ctx, workspace)
		return err
	})
	return g.Wait()
}
