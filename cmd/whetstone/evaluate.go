package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/retrieval/memindex"
	"github.com/whetstone-desk/whetstone/training/eval"
)

func (c *cli) evalCommand() *cobra.Command {
	var profile, compare string
	var without withholding
	cmd := &cobra.Command{
		Use: "eval DIR", Short: "Measure how well sources are found", Args: cobra.ExactArgs(1),
		Long: "Measure how well sources are found on a data set in the layout of BEIR: a folder with\n" +
			"corpus.jsonl, queries.jsonl and qrels.tsv. Nothing of it is kept. A profile is the name of\n" +
			"one in the workspace, or a file of JSON.\n\n" +
			"With --withhold, measure instead whether the confidence tells questions that the knowledge base\n" +
			"covers from those that it does not: some topics are drawn, their articles are left out, and every\n" +
			"ticket is asked. DIR then has articles.jsonl and tickets.jsonl, as for whetstone replay. With\n" +
			"--feedback the first tickets are answered and told as replay does, and the others measured.",
		Example: "  whetstone eval ./my-questions\n  whetstone eval ./my-questions --profile default --compare try.json\n" +
			"  whetstone eval ./history --withhold 0.2 --draws 5 --feedback 200",
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if cmd.Flags().Changed("withhold") {
				if err := without.validate(); err != nil {
					return err
				}
				rep, err := c.withhold(cmd.Context(), args[0], &without)
				if err != nil {
					return err
				}
				return c.printWithheld(rep)
			}
			data, err := eval.Read(args[0])
			if err != nil {
				return err
			}
			a, err := c.openMeasuring(cmd.Context())
			if err != nil {
				return err
			}
			defer a.closing(&err)
			e, err := newEvaluation(cmd.Context(), a, data)
			if err != nil {
				return err
			}
			return c.evaluate(cmd.Context(), e, profile, compare)
		},
	}
	cmd.Flags().StringVar(&profile, "profile", retrieval.DefaultName, "profile to measure: a name or a file")
	cmd.Flags().StringVar(&compare, "compare", "", "profile to compare it with")
	cmd.Flags().Float64Var(&without.share, "withhold", 0, "measure what is told of questions that are not covered: share of the topics to withhold")
	cmd.Flags().IntVar(&without.draws, "draws", 5, "with --withhold: how often topics are drawn")
	cmd.Flags().IntVar(&without.feedback, "feedback", 0, "with --withhold: tickets that are answered and told first")
	cmd.Flags().StringVar(&without.label, "topics", "", "with --withhold: label of the articles that says their topic; empty: each is one")
	c.jsonFlag(cmd)
	return cmd
}

// openMeasuring opens the app if there is anything to open: a measurement
// leaves no data folder behind where there was none.
func (c *cli) openMeasuring(ctx context.Context) (*app, error) {
	cfg, err := c.config()
	if err != nil {
		return nil, err
	}
	log, err := c.logger(cfg)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(cfg.dsn()); err != nil && cfg.Database == "" {
		return &app{cfg: cfg, log: log}, nil
	}
	return open(ctx, cfg, log)
}

// An evaluation is a data set in an index of its own.
type evaluation struct {
	app   *app
	data  *eval.Dataset
	space retrieval.Space
}

// scratch is the workspace of an index that belongs to a measurement alone.
const scratch = "measure"

func newEvaluation(ctx context.Context, a *app, data *eval.Dataset) (*evaluation, error) {
	e, err := a.embedder(ctx, a.cfg.wanted())
	if err != nil {
		return nil, err
	}
	if a.db != nil {
		_, e = a.remembering(e) // measuring again costs a model server nothing
	}
	ix, err := memindex.Open("", e.Model(), e.Dim())
	if err != nil {
		return nil, err
	}
	docs := make([]kb.Document, len(data.Docs))
	for i, d := range data.Docs {
		docs[i] = kb.Document{ID: d.ID, Kind: kb.Article, Content: kb.Content{
			Title: d.Title, Body: d.Text, Status: kb.Published, Audience: kb.Public, Locale: embeddings.Language(d.Text),
		}}
	}
	x := &retrieval.Indexer{Embedder: e, Index: ix}
	return &evaluation{app: a, data: data, space: retrieval.Space{Embedder: e, Index: ix, Semantic: a.cfg.EmbedURL != ""}}, x.Add(ctx, scratch, docs)
}

// depth is how many sources are ranked for each question: recall@100 needs
// that many, and what is beyond adds nothing to a mean that anyone reads.
const depth = 100

// rank asks every question.
func (e *evaluation) rank(ctx context.Context, p retrieval.Profile) ([]eval.Ranked, error) {
	p.Candidates = max(p.Candidates, 2*depth)
	out := make([]eval.Ranked, len(e.data.Queries))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, q := range e.data.Queries {
		g.Go(func() error {
			found, err := retrieval.Rank(ctx, e.space, p, retrieval.Ask{
				Workspace: scratch, Limit: depth, Messages: []retrieval.Message{{Role: retrieval.Customer, Text: q.Text}},
			})
			out[i] = eval.Ranked{Query: q.ID, Language: embeddings.Language(q.Text), Relevant: q.Relevant, Found: found}
			return err
		})
	}
	return out, g.Wait()
}

// An evaluated is what eval prints as JSON.
type evaluated struct {
	Queries    int                        `json:"queries"`
	Metrics    eval.Metrics               `json:"metrics"`
	ByLanguage map[string]eval.Metrics    `json:"by_language"`
	Other      eval.Metrics               `json:"other,omitempty"`
	Difference map[string]eval.Difference `json:"difference,omitempty"`
}

func (c *cli) evaluate(ctx context.Context, e *evaluation, profile, compare string) error {
	p, err := e.app.profile(ctx, profile)
	if err != nil {
		return err
	}
	ranked, err := e.rank(ctx, p)
	if err != nil {
		return err
	}
	out := evaluated{Queries: len(ranked), Metrics: eval.Measure(ranked), ByLanguage: eval.ByLanguage(ranked)}
	if compare != "" {
		q, err := e.app.profile(ctx, compare)
		if err != nil {
			return err
		}
		other, err := e.rank(ctx, q)
		if err != nil {
			return err
		}
		out.Other, out.Difference = eval.Measure(other), eval.Compare(ranked, other)
	}
	if c.json {
		return c.printJSON(out)
	}
	return c.printEvaluated(&out, profile, compare)
}

func (c *cli) printEvaluated(out *evaluated, profile, compare string) error {
	c.printf("%d questions, 95 %% intervals\n", out.Queries)
	t := tabwriter.NewWriter(c.out, 0, 4, 2, ' ', 0)
	head := "\t" + profile
	if compare != "" {
		head += "\t" + compare + "\tdifference\tp"
	}
	_, _ = fmt.Fprintln(t, head)
	show := func(v eval.Value) string { return fmt.Sprintf("%.3f (%.3f–%.3f)", v.Value, v.Low, v.High) }
	for _, name := range eval.Names() {
		row := name + "\t" + show(out.Metrics[name])
		if compare != "" {
			d := out.Difference[name]
			row += fmt.Sprintf("\t%s\t%+.3f (%+.3f–%+.3f)\t%.3f", show(out.Other[name]), d.Value.Value, d.Low, d.High, d.P)
		}
		_, _ = fmt.Fprintln(t, row)
	}
	if len(out.ByLanguage) > 1 {
		for _, lang := range slices.Sorted(maps.Keys(out.ByLanguage)) {
			_, _ = fmt.Fprintf(t, "hit@1 %s\t%s\n", lang, show(out.ByLanguage[lang]["hit@1"]))
		}
	}
	return t.Flush()
}

// profile returns the workspace's profile of that name, or the one in the file.
func (a *app) profile(ctx context.Context, name string) (retrieval.Profile, error) {
	b, err := os.ReadFile(name)
	switch {
	case err != nil && a.store != nil:
		return a.store.Profile(ctx, a.cfg.Workspace, name)
	case err != nil && name == retrieval.DefaultName:
		return retrieval.DefaultProfile(), nil
	case err != nil:
		return retrieval.Profile{}, fmt.Errorf("profile %s: there is no such file, and no workspace to look in", name)
	}
	p := retrieval.DefaultProfile()
	if err := json.Unmarshal(b, &p); err != nil {
		return p, fmt.Errorf("profile %s: %w", name, err)
	}
	return p, p.Validate()
}
