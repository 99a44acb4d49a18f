package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/whetstone-desk/whetstone/api"
	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/retrieval/memindex"
)

func (c *cli) suggestCommand() *cobra.Command {
	var mode, locale string
	cmd := c.withApp(&cobra.Command{
		Use: "suggest TEXT", Short: "Draft a reply to a customer's message", Args: cobra.MinimumNArgs(1),
		Long:    "Draft a reply to a customer's message. With - the message is read from standard input.",
		Example: "  whetstone suggest \"How do I return an item?\"\n  echo \"Не пришёл заказ\" | whetstone suggest - --json",
	}, func(ctx context.Context, a *app, args []string) error {
		ask, err := asked(a, args, locale)
		if err != nil {
			return err
		}
		ask.Mode = retrieval.Mode(mode)
		if err := c.searchable(ctx, a); err != nil {
			return err
		}
		s, err := a.answerer.Suggest(ctx, ask, retrieval.Watch{})
		if err != nil {
			return err
		}
		if c.json {
			return c.printJSON(api.Suggestion(&s))
		}
		c.printSuggestion(&s)
		return nil
	})
	cmd.Flags().StringVar(&mode, "mode", string(retrieval.ForOperator), "draft, or answer for a reply to send unattended")
	cmd.Flags().StringVar(&locale, "locale", "", "the customer's language, such as ru; found out if missing")
	c.jsonFlag(cmd)
	return cmd
}

func (c *cli) searchCommand() *cobra.Command {
	var locale string
	var limit int
	cmd := c.withApp(&cobra.Command{
		Use: "search TEXT", Short: "Find the sources that bear on a question", Args: cobra.MinimumNArgs(1),
		Example: "  whetstone search \"гарантия на палатку\" --limit 3",
	}, func(ctx context.Context, a *app, args []string) error {
		ask, err := asked(a, args, locale)
		if err != nil {
			return err
		}
		ask.Limit = limit
		if err := c.searchable(ctx, a); err != nil {
			return err
		}
		found, err := a.answerer.Search(ctx, ask)
		if err != nil {
			return err
		}
		if c.json {
			return c.printJSON(api.Search(&found))
		}
		c.printSources(found.Sources)
		return nil
	})
	cmd.Flags().StringVar(&locale, "locale", "", "the customer's language, such as ru; found out if missing")
	cmd.Flags().IntVar(&limit, "limit", 5, "how many sources at most")
	c.jsonFlag(cmd)
	return cmd
}

// asked is the question of a command line.
func asked(a *app, args []string, locale string) (retrieval.Ask, error) {
	text := strings.Join(args, " ")
	if text == "-" {
		b, err := io.ReadAll(os.Stdin)
		if err != nil {
			return retrieval.Ask{}, err
		}
		text = string(b)
	}
	return retrieval.Ask{
		Workspace: a.cfg.Workspace, Locale: locale,
		Messages: []retrieval.Message{{Role: retrieval.Customer, Text: text}},
	}, nil
}

// searchable opens the index for a command. While a server has it, the command
// makes itself one in memory from the database.
func (c *cli) searchable(ctx context.Context, a *app) error {
	if _, err := a.kb.Workspace(ctx, a.cfg.Workspace); err != nil {
		return fmt.Errorf("%w: see whetstone workspace list, or import something", err)
	}
	s, err := a.openSpace(ctx, false)
	if errors.Is(err, memindex.ErrInUse) {
		s, err = a.openSpace(ctx, true)
	}
	if err != nil {
		return err
	}
	p := c.progress("indexing", 0)
	defer p.end()
	release, ok := a.leading(ctx, s)
	defer release()
	if !ok {
		return nil // the server that has the lead keeps the index in step
	}
	x := a.indexer(s)
	x.Progress = p.add
	_, err = x.Sync(ctx, a.cfg.Workspace)
	if errors.Is(err, embeddings.ErrUnavailable) {
		c.note("what is new cannot be found yet: %v", err)
		err = nil
	}
	return err
}

func (c *cli) printSuggestion(s *retrieval.Suggestion) {
	if s.Decision == retrieval.Abstained {
		c.printf("no draft: %s (confidence %.2f)\n", s.AbstainReason, s.Confidence)
	} else {
		c.printf("%s\n", s.Answer.Text)
		if s.Answer.Notice != "" {
			c.printf("\n(%s)\n", s.Answer.Notice)
		}
		c.printf("\nconfidence %.2f, %s, %.1f ms\n", s.Confidence, s.Answer.Method, s.Took.Total)
	}
	c.printSources(s.Sources)
}

func (c *cli) printSources(sources []retrieval.Cited) {
	for i, s := range sources {
		mark := ""
		if s.Audience == kb.Internal {
			mark = "  (internal)"
		}
		c.printf("[%d] %.2f  %s %s  %s%s\n", i+1, s.Score, s.Kind, s.ID, s.Title, mark)
	}
}
