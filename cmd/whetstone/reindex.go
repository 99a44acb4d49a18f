package main

import (
	"context"

	"github.com/spf13/cobra"

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
		if err != nil {
			return err
		}
		if all {
			if err := s.Index.Drop(ctx, a.cfg.Workspace); err != nil {
				return err
			}
		}
		passages := 0
		p := c.progress("indexing", 0)
		x := a.indexer(s)
		x.Progress = func(n int) { passages += n; p.add(n) }
		seq, err := x.Sync(ctx, a.cfg.Workspace)
		p.end()
		if err != nil {
			return err
		}
		if c.json {
			return c.printJSON(map[string]int64{"passages": int64(passages), "position": seq})
		}
		c.printf("indexed %d passages; the index holds all changes up to %d\n", passages, seq)
		return nil
	})
	cmd.Flags().BoolVar(&all, "all", false, "drop what the index holds first")
	c.jsonFlag(cmd)
	return cmd
}
