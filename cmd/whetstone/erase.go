package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/whetstone-desk/whetstone/api"
	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/retrieval/memindex"
)

func (c *cli) eraseCommand() *cobra.Command {
	var who feedback.Whom
	var yes bool
	cmd := c.withApp(&cobra.Command{
		Use: "erase", Short: "Erase a customer, or tickets, for good", Args: cobra.NoArgs,
		Long: "Erase what is kept of a customer, or of tickets, in the workspace: suggestions with all that was\n" +
			"told about them, the cases that nothing else stands behind, their revisions and vectors, and what\n" +
			"topics and other suggestions quote of them. What was learned from them is learned anew without\n" +
			"them; rankers hold no text. Erasing again takes up what was not finished, and learns anew. Backups of the database\n" +
			"are yours to handle, and so are your helpdesk's own records.",
		Example: "  whetstone erase --customer 4711 --yes\n  whetstone erase --ticket 1001 --ticket 1002 --yes",
	}, func(ctx context.Context, a *app, _ []string) error {
		if who.Customer == "" && len(who.Tickets) == 0 {
			return errors.New("name whom to erase: --customer ID, or --ticket ID for each ticket")
		}
		if _, err := a.kb.Workspace(ctx, a.cfg.Workspace); err != nil {
			return err
		}
		return c.erase(ctx, a, who, yes)
	})
	cmd.Flags().StringVar(&who.Customer, "customer", "", "the customer, by the helpdesk's id")
	cmd.Flags().StringArrayVar(&who.Tickets, "ticket", nil, "a ticket, by the helpdesk's id; may be given again")
	cmd.Flags().BoolVar(&yes, "yes", false, "do it")
	c.jsonFlag(cmd)
	return cmd
}

func (c *cli) erase(ctx context.Context, a *app, who feedback.Whom, yes bool) error {
	e := a.eraser(a.cfg.Workspace)
	e.Unindex = func(ctx context.Context) error { return c.unindex(ctx, a) }
	if !yes {
		n, err := e.Count(ctx, a.cfg.Workspace, who)
		if err != nil {
			return err
		}
		return fmt.Errorf("this erases %d suggestions of workspace %s, what was told about them and the cases made of them, for good: say --yes if you mean it", n, a.cfg.Workspace)
	}
	done, err := e.Erase(ctx, a.cfg.Workspace, who)
	if err != nil {
		return err
	}
	c.scrub(ctx, a)
	kept := a.kept(ctx, a.cfg.Workspace, auth.Entry{
		Method: "POST", Operation: "erase", Subject: api.ErasedSubject(who), Detail: fmt.Sprintf("%d suggestions, %d tickets, %d cases", done.Suggestions, done.Tickets, done.Cases),
	})
	if c.json {
		return errors.Join(kept, c.printJSON(done))
	}
	c.printErased(&done)
	return kept
}

// unindex has the index forget the cases too. One in a folder is built again,
// since its files keep what nobody finds any more until they are merged. A
// server that has it open forgets by itself.
func (c *cli) unindex(ctx context.Context, a *app) error {
	s, err := a.openSpace(ctx, false)
	switch {
	case errors.Is(err, memindex.ErrInUse):
		c.note("a server has the index open and forgets the cases by itself, but its files hold them until they are merged, or until `whetstone reindex --all` when no server runs")
		return nil
	case errors.Is(err, embeddings.ErrUnavailable):
		c.note("the model server is away: the index forgets the cases when a server starts, or with `whetstone reindex`")
		return nil
	case err != nil:
		return err
	}
	release, leads := a.leading(ctx, s)
	defer release()
	if !leads {
		return nil
	}
	if s.local != nil {
		if err := retrieval.Drop(ctx, s.Index, a.cfg.Workspace); err != nil {
			return err
		}
	}
	_, err = a.indexer(s).Sync(ctx, a.cfg.Workspace)
	return err
}

// scrub takes removed rows out of the database's file, and says what is left.
func (c *cli) scrub(ctx context.Context, a *app) {
	if a.db.Name() != "sqlite" {
		c.note("PostgreSQL keeps removed rows in its files until a vacuum, and in its log and its backups: see to those")
		return
	}
	if a.scrub(ctx) != nil {
		c.note("removed rows are left in the database's file, since it is in use: erase once more when no server runs")
		return
	}
	c.note("copies of the database that were made before are out of reach: see to your backups")
}

// printErased tells a person what is gone.
func (c *cli) printErased(e *feedback.Erased) {
	var parts []string
	for _, x := range []struct {
		n    int64
		what string
	}{
		{e.Suggestions, "suggestions"}, {e.Events, "events"}, {e.Judgements, "judgements"}, {e.Cases, "cases"},
		{e.Retold, "cases that others stand behind, now told in their words"}, {e.Vectors, "vectors of cases"},
		{e.Tuned, "vectors put back where they were"}, {e.Examples, "examples of topics"},
		{e.Quotes, "quotes in suggestions for others"}, {e.Tickets, "tickets with their dialogues"}, {e.Requests, "idempotency keys"},
	} {
		if x.n > 0 {
			parts = append(parts, fmt.Sprintf("%7d %s\n", x.n, x.what))
		}
	}
	if len(parts) == 0 {
		c.printf("there is nothing left to erase\n")
		return
	}
	c.printf("erased:\n%s", strings.Join(parts, ""))
	if e.Refitted {
		c.printf("what was learned from them was learned anew without them; rankers hold no text\n")
	}
}
