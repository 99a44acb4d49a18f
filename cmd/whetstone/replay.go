package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/whetstone-desk/whetstone/training"
)

// A replaying says how a history is replayed.
type replaying struct {
	shuffles int
	noise    float64
	hostile  float64
	lazy     bool
	uncited  bool
	learns   bool
	svg      string
}

func (c *cli) replayCommand() *cobra.Command {
	var how replaying
	var gaps gapReplaying
	cmd := &cobra.Command{
		Use: "replay DIR", Short: "Replay a helpdesk's history to see what learning would bring", Args: cobra.ExactArgs(1),
		Long: "Replay a helpdesk's own history before any pilot. DIR has articles.jsonl (id, title, body) and\n" +
			"tickets.jsonl, in the order in which they came (text, reply, and in source_id the article that the\n" +
			"reply rests on; also lists others that would be right). Each ticket is answered before its reply is\n" +
			"seen; then an operator is played, who sends the draft if the source it cites is right, and else what\n" +
			"was really sent and says which article that rests on; the jobs run every night of the history's clock. The same is done without\n" +
			"learning, and both are shown by quarters. Nothing of it is kept.",
		Example: "  whetstone replay ./history\n  whetstone replay ./history --withhold 10 --draws 3\n  whetstone replay ./history --shuffle 3 --noise 0.2 --json\n  whetstone replay ./history --svg replay.svg",
		RunE: func(cmd *cobra.Command, args []string) error {
			if how.shuffles < 1 || how.noise < 0 || how.hostile < 0 || how.noise+how.hostile > 1 {
				return errors.New("--shuffle is at least 1, and --noise and --hostile are shares that come to 1 at most")
			}
			h, err := readHistory(args[0])
			if err != nil {
				return err
			}
			if cmd.Flags().Changed("withhold") {
				gaps.uncited = how.uncited
				return c.replayGaps(cmd.Context(), h, &gaps)
			}
			rep, err := c.replay(cmd.Context(), h, how)
			if err != nil {
				return err
			}
			return c.printReplay(rep, how.svg)
		},
	}
	f := cmd.Flags()
	f.IntVar(&how.shuffles, "shuffle", 1, "orders to replay: the history's own, then shuffled ones")
	f.Float64Var(&how.noise, "noise", 0, "share of operators who are careless: they send any draft as it is")
	f.Float64Var(&how.hostile, "hostile", 0, "share of operators who are adversaries: they answer from wrong articles and say so")
	f.BoolVar(&how.lazy, "lazy", false, "operators rate drafts and do not tell what they sent instead")
	f.BoolVar(&how.uncited, "uncited", false, "operators who write their own reply do not say which article it rests on: it is found by comparing texts")
	f.StringVar(&how.svg, "svg", "", "also write the chart to this file")
	f.IntVar(&gaps.topics, "withhold", 0, "take this many articles out of the knowledge base, and measure whether their gaps are found and proven to be closed")
	f.IntVar(&gaps.seed, "seed", 1, "with --withhold: of the first draw of articles")
	f.IntVar(&gaps.draws, "draws", 1, "with --withhold: how often articles are drawn")
	c.jsonFlag(cmd)
	return cmd
}

// orders returns the permutations in which the tickets are replayed. The first
// is the history's own.
func orders(tickets, shuffles int) [][]int {
	out := make([][]int, shuffles)
	for s := range out {
		out[s] = make([]int, tickets)
		for i := range out[s] {
			out[s][i] = i
		}
		if s > 0 {
			rng := rand.New(rand.NewPCG(uint64(s), 20260105))
			rng.Shuffle(tickets, func(i, j int) { out[s][i], out[s][j] = out[s][j], out[s][i] })
		}
	}
	return out
}

// replay replays the history in each order with learning, and once without,
// as what is not learned from does not depend on the order.
func (c *cli) replay(ctx context.Context, h *history, how replaying) (*replayReport, error) {
	all := orders(len(h.tickets), how.shuffles)
	on := make([][]replayed, len(all))
	var plain []replayed
	var speed *training.Speed // of the first order, and written by its goroutine alone
	p := c.progress("tickets", int64(len(h.tickets)*(len(all)+1)))
	defer p.end()
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	run := func(learns bool, order []int, to *[]replayed) {
		g.Go(func() error {
			how := how
			how.learns = learns
			r, err := c.startReplay(ctx, h, &how)
			if err != nil {
				return err
			}
			*to, err = r.replay(ctx, h, order, func() { p.add(1) })
			if err == nil && to == &on[0] {
				speed, err = r.speed(ctx)
			}
			if closed := r.close(); err == nil {
				err = closed
			}
			return err
		})
	}
	for i := range all {
		run(true, all[i], &on[i])
	}
	run(false, all[0], &plain)
	if err := g.Wait(); err != nil {
		return nil, err
	}
	rep := reported(h, on, plain)
	rep.Speed = speed
	return rep, nil
}
