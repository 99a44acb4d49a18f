package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/whetstone-desk/whetstone/kb"
)

func (c *cli) benchCommand() *cobra.Command {
	var b bench
	cmd := &cobra.Command{
		Use: "bench", Short: "Measure speed and memory on this machine", Args: cobra.NoArgs,
		Long: "Fill an index with articles made of real sentences, start a server on it as a process of its\n" +
			"own, and measure import, restart, latency by stage, throughput and memory; with --learning, what is\n" +
			"done with feedback: digesting it, every job that learns, and how long a rating takes. All is made\n" +
			"in a temporary folder and removed. Settings of a database, Qdrant or a model server are used.",
		Example: "  whetstone bench --passages 100000\n  whetstone bench --passages 10000 --dim 768 --json\n  whetstone bench --learning --suggestions 10000 --events 100000",
		RunE: func(cmd *cobra.Command, _ []string) error {
			b.cli = c
			if b.learns {
				if b.suggestions < 1 || b.events < 0 {
					return errors.New("--suggestions is at least 1, and --events at least 0")
				}
				report, err := b.learning(cmd.Context())
				if err != nil {
					return err
				}
				if c.json {
					return c.printJSON(report)
				}
				return c.printLearning(report)
			}
			report, err := b.run(cmd.Context())
			if err != nil {
				return err
			}
			if c.json {
				return c.printJSON(report)
			}
			return c.printBench(report)
		},
	}
	f := cmd.Flags()
	f.IntVar(&b.passages, "passages", 100_000, "how many passages")
	f.IntVar(&b.questions, "questions", 1000, "how many questions to ask, one at a time")
	f.IntVar(&b.clients, "clients", 8, "how many clients to ask at once after that")
	f.DurationVar(&b.load, "load", 10*time.Second, "for how long they ask")
	f.IntVar(&b.dim, "dim", 0, "use vectors of this length from a stand-in for a model server; 0: the built-in embedder")
	f.StringVar(&b.text, "text", "", "folder of Markdown to take the sentences from; empty: the demo's articles")
	f.BoolVar(&b.learns, "learning", false, "measure what is done with feedback instead")
	f.IntVar(&b.suggestions, "suggestions", 100_000, "with --learning: how many suggestions to learn from")
	f.IntVar(&b.events, "events", 1_000_000, "with --learning: how many events there are of them")
	c.jsonFlag(cmd)
	return cmd
}

// A bench is one measurement.
type bench struct {
	cli                               *cli
	passages, questions, clients, dim int
	load                              time.Duration
	learns                            bool
	suggestions, events               int
	text                              string
	dir                               string
	words                             *phrasebook
}

// A benchReport is what bench prints as JSON.
type benchReport struct {
	Passages  int                    `json:"passages"`
	Dim       int                    `json:"dim"`
	CPUs      int                    `json:"cpus"`
	Suggest   percentiles            `json:"suggest_ms"`
	Stages    map[string]percentiles `json:"stages_ms"`
	PerSecond float64                `json:"suggest_per_second"`
	Clients   int                    `json:"clients"`
	Import    float64                `json:"import_per_second"`
	Restart   float64                `json:"restart_seconds"`
	RSS       float64                `json:"rss_mb"`
	Abstained float64                `json:"abstained"` // share of the questions
}

func (b *bench) run(ctx context.Context) (report benchReport, err error) {
	if b.words, err = readPhrases(b.text); err != nil {
		return report, err
	}
	if b.dir, err = os.MkdirTemp("", "whetstone-bench-"); err != nil {
		return report, err
	}
	defer func() { _ = os.RemoveAll(b.dir) }() // what is left is in the system's temporary folder
	env := []string{"WHETSTONE_DATA=" + b.dir, "WHETSTONE_RATE=0", "WHETSTONE_LOG=warn", "WHETSTONE_CONFIG=" + os.DevNull}
	if b.dim > 0 {
		url, stop, err := standIn(ctx, b.dim)
		if err != nil {
			return report, err
		}
		defer stop()
		env = append(env, "WHETSTONE_EMBEDDINGS_URL="+url, "WHETSTONE_EMBEDDINGS_MODEL=stand-in")
	}
	report = benchReport{Passages: b.passages, Dim: b.dim, CPUs: runtime.GOMAXPROCS(0), Clients: b.clients}
	key, err := b.fill(ctx, env, &report)
	if err != nil {
		return report, err
	}
	return report, b.measure(ctx, env, key, &report)
}

// perDocument is how many passages an article of the bench has.
const perDocument = 3

// fill imports the articles the way `import` does and returns a key.
func (b *bench) fill(ctx context.Context, env []string, report *benchReport) (key string, err error) {
	cfg, err := load(append(inherited(), env...))
	if err != nil {
		return "", err
	}
	log, err := b.cli.logger(cfg)
	if err != nil {
		return "", err
	}
	a, err := open(ctx, cfg, log)
	if err != nil {
		return "", err
	}
	defer a.closing(&err)
	ws, err := a.workspace(ctx)
	if err != nil {
		return "", err
	}
	s, err := a.openSpace(ctx, false)
	if err != nil {
		return "", err
	}
	p := b.cli.progress("importing", int64(b.passages))
	defer p.end()
	start := time.Now()
	done, err := b.write(ctx, a, s, p)
	if err != nil {
		return "", err
	}
	report.Passages, report.Import = done, float64(done)/time.Since(start).Seconds()
	_, key, err = a.keys.Issue(ctx, ws, "bench", "admin")
	return key, err
}

// write stores documents while what is stored is indexed, and returns the
// number of passages that are in the index at the end.
func (b *bench) write(ctx context.Context, a *app, s *space, p *progress) (int, error) {
	total := 0
	x := a.indexer(s)
	x.Progress = func(n int) { total += n; p.add(n) }
	store := a.kb.In(a.cfg.Workspace)
	return total, pipeline(ctx, x, a.cfg.Workspace, func(flush func([]*kb.Document) error) error {
		var docs []*kb.Document
		for i := 0; i*perDocument < b.passages; i++ {
			docs = append(docs, b.words.article(i))
			if len(docs) == writeAtOnce || (i+1)*perDocument >= b.passages {
				if _, err := store.PutAll(ctx, docs); err != nil {
					return err
				}
				if err := flush(docs); err != nil {
					return err
				}
				docs = nil
			}
		}
		return nil
	})
}

func (c *cli) printBench(r benchReport) error {
	c.printf("%d passages, vectors of %d, %d processors\n", r.Passages, r.Dim, r.CPUs)
	t := tabwriter.NewWriter(c.out, 0, 4, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "\tp50\tp95\tp99")
	show := func(name string, p percentiles) {
		_, _ = fmt.Fprintf(t, "%s, ms\t%.2f\t%.2f\t%.2f\n", name, p.P50, p.P95, p.P99)
	}
	show("suggestion", r.Suggest)
	for _, stage := range stages() {
		show("  "+stage, r.Stages[stage])
	}
	if err := t.Flush(); err != nil {
		return err
	}
	c.printf("%.0f suggestions/s with %d clients\n%.0f passages/s imported\n%.2f s to restart\n%.0f MB of memory\n",
		r.PerSecond, r.Clients, r.Import, r.Restart, r.RSS)
	return nil
}

// inherited is the environment with what names a database or a server that a
// measurement should use, and nothing else of Whetstone's.
func inherited() []string { return os.Environ() }
