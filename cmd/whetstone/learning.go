package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/retrieval"
)

func (c *cli) learningCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "learning", Short: "Take what was learned elsewhere, or bring it back",
		Example: "  whetstone learning export shop.json\n  whetstone learning import shop.json --yes",
	}
	return group(cmd, c.learningExport(), c.learningImport())
}

func (c *cli) learningExport() *cobra.Command {
	return c.withApp(&cobra.Command{
		Use: "export [FILE]", Short: "Write what the workspace has learned as JSON", Args: cobra.MaximumNArgs(1),
		Long: "Write what the workspace has learned, to FILE or to the output: the ranker that serves, what is\n" +
			"believed of topics, operators, cases and confidence, what people decided over it, and settings.\n" +
			"It goes by the ids of documents and topics, so it fits any index, model and way of cutting\n" +
			"documents; moved vectors, which are of one model, are found anew. It holds operators' ids with how\n" +
			"far each is trusted, and topics have examples, which are customers' questions without personal\n" +
			"data: treat the file as what says something of people and what customers wrote.",
		Example: "  whetstone learning export shop.json\n  whetstone learning export > shop.json",
	}, func(ctx context.Context, a *app, args []string) error {
		if _, err := a.kb.Workspace(ctx, a.cfg.Workspace); err != nil {
			return err
		}
		data, err := a.exported(ctx)
		if err != nil {
			return err
		}
		if len(args) == 0 || args[0] == "-" {
			_, err := c.out.Write(data)
			return err
		}
		return os.WriteFile(args[0], data, 0o600)
	})
}

// exported is what the workspace has learned, as a file.
func (a *app) exported(ctx context.Context) ([]byte, error) {
	p, err := a.store.Export(ctx, a.kb.In(a.cfg.Workspace), time.Now())
	if err != nil {
		return nil, err
	}
	settings, err := feedback.SettingsOf(ctx, a.db, a.cfg.Workspace)
	if err != nil {
		return nil, err
	}
	if p.Settings, err = json.Marshal(settings); err != nil {
		return nil, err
	}
	data, err := json.Marshal(p)
	return append(data, '\n'), err
}

func (c *cli) learningImport() *cobra.Command {
	var yes bool
	var how retrieval.Import
	cmd := c.withApp(&cobra.Command{
		Use: "import FILE", Short: "Lay what was learned elsewhere over what the workspace has learned", Args: cobra.ExactArgs(1),
		Long: "Read what `whetstone learning export` has written; FILE - is the input. What was proven elsewhere\n" +
			"is a candidate here: it serves once it has passed the gate by what happens here, and a confidence\n" +
			"means what it meant. With --serve it serves at once, confidence and all; `rollback` takes it back.\n" +
			"What was learned of documents that do not exist here is left out, and counts half for those that\n" +
			"say something else here.",
		Example: "  whetstone learning import shop.json --yes\n  whetstone learning import shop.json --serve --yes",
	}, func(ctx context.Context, a *app, args []string) error {
		p, settings, err := readLearning(args[0])
		if err != nil {
			return err
		}
		if !yes {
			sources := 0
			if p.Ranker != nil {
				sources = len(p.Ranker.Learned.Sources)
			}
			return fmt.Errorf("this lays what was learned of %d sources, %d topics and %d operators, %d decisions of people and settings over workspace %s: say --yes if you mean it",
				sources, len(p.Beliefs.Topics), len(p.Beliefs.Operators), len(p.Overrides), a.cfg.Workspace)
		}
		return c.importLearning(ctx, a, how, &learningFile{p, settings})
	})
	cmd.Flags().BoolVar(&yes, "yes", false, "do it")
	cmd.Flags().BoolVar(&how.Serve, "serve", false, "let it serve at once, although it was proven on other data")
	c.jsonFlag(cmd)
	return cmd
}

// A learningFile is what import has read.
type learningFile struct {
	*retrieval.Portable
	settings *feedback.Settings // nil: none
}

// readLearning reads and checks a file.
func readLearning(file string) (*retrieval.Portable, *feedback.Settings, error) {
	in := io.Reader(os.Stdin)
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, nil, err
		}
		defer func() { _ = f.Close() }() // it was only read
		in = f
	}
	p, err := retrieval.ReadPortable(in)
	if err != nil || len(p.Settings) == 0 {
		return p, nil, err
	}
	settings := feedback.DefaultSettings()
	dec := json.NewDecoder(bytes.NewReader(p.Settings))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&settings); err != nil {
		return nil, nil, fmt.Errorf("%w: settings: %s", retrieval.ErrInvalid, err.Error())
	}
	if err := settings.Validate(); err != nil {
		return nil, nil, fmt.Errorf("settings: %w", err)
	}
	return p, &settings, nil
}

func (c *cli) importLearning(ctx context.Context, a *app, how retrieval.Import, file *learningFile) error {
	ws, err := a.workspace(ctx)
	if err != nil {
		return err
	}
	how.Now = time.Now()
	done, err := a.store.Import(ctx, a.kb.In(ws), file.Portable, how)
	if err != nil {
		return err
	}
	if file.settings != nil {
		if err := feedback.SetSettings(ctx, a.db, ws, *file.settings); err != nil {
			return err
		}
	}
	if c.json {
		return c.printJSON(done)
	}
	switch {
	case done.Ranker == 0:
		c.printf("no ranker had been learned\n")
	case done.Status == retrieval.Serving:
		c.printf("version %d serves\n", done.Ranker)
	default:
		c.printf("version %d is a candidate: it serves once it has passed the gate here\n", done.Ranker)
	}
	c.printf("%d documents are here, %d of them changed; %d are not, and what was learned of them is left out\n", done.Documents, done.Changed, done.Unknown)
	c.printf("%d new topics, %d decisions of people\n", done.Topics, done.Overrides)
	if !done.Calibrated {
		c.printf("a confidence means what it meant here\n")
	}
	return nil
}
