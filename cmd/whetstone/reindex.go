package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/retrieval/memindex"
)

func (c *cli) reindexCommand() *cobra.Command {
	var all bool
	cmd := c.withApp(&cobra.Command{
		Use: "reindex", Short: "Build the index again from the database", Args: cobra.NoArgs,
		Long: "Bring the index up to date with the database, or build it from scratch with --all. It can be\n" +
			"stopped at any time and takes up where it stopped. A server does this by itself.",
		Example: "  whetstone reindex\n  whetstone reindex --all",
	}, func(ctx context.Context, a *app, _ []string) error {
		s, err := a.openSpace(ctx, false)
		if errors.Is(err, memindex.ErrInUse) {
			return fmt.Errorf("%w\n%s", err, serverHasIt)
		}
		if err != nil {
			return err
		}
		if s.next != nil { // the settings name another model: its vectors are wanted
			if s, err = a.build(ctx, *s.next, false); err != nil {
				return err
			}
		}
		release, ok := a.leading(ctx, s)
		defer release()
		if !ok {
			return errors.New(serverHasIt)
		}
		return c.reindex(ctx, a, s, all)
	})
	cmd.Flags().BoolVar(&all, "all", false, "drop what the index holds first")
	c.jsonFlag(cmd)
	return cmd
}

// serverHasIt is what to tell whoever would index under a server's hands.
const serverHasIt = "a server keeps this index in step by itself: stop it to build the index again"

// reindex fills the space from every workspace and makes it the one that
// serves.
func (c *cli) reindex(ctx context.Context, a *app, s *space, all bool) error {
	ws, err := a.kb.Workspaces(ctx)
	if err != nil {
		return err
	}
	passages := 0
	p := c.progress("indexing", 0)
	defer p.end()
	x := a.indexer(s)
	x.Progress = func(n int) { passages += n; p.add(n) }
	positions := make(map[string]int64)
	for _, w := range ws {
		if all {
			if err := retrieval.Drop(ctx, s.Index, w.ID); err != nil {
				return err
			}
		}
		if positions[w.ID], err = x.Sync(ctx, w.ID); err != nil {
			return err
		}
	}
	p.end()
	if err := a.promote(ctx, s); err != nil {
		return err
	}
	if c.json {
		return c.printJSON(map[string]any{"passages": passages, "positions": positions})
	}
	c.printf("indexed %d passages of %d workspaces\n", passages, len(ws))
	return nil
}
