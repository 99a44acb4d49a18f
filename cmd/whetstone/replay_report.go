package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"text/tabwriter"

	"github.com/whetstone-desk/whetstone/training"
	"github.com/whetstone-desk/whetstone/training/calibration"
	"github.com/whetstone-desk/whetstone/training/eval"
	"github.com/whetstone-desk/whetstone/training/plot"
)

// quarters is into how many parts a history is cut.
const quarters = 4

// replayReport is what replay prints as JSON.
type replayReport struct {
	Tickets     int                     `json:"tickets"`
	Shuffles    int                     `json:"shuffles"`
	On          map[string][]float64    `json:"learning_on"`
	Off         map[string][]float64    `json:"learning_off"`
	Difference  map[string][]eval.Value `json:"difference"`
	Calibration float64                 `json:"calibration_error"`
	Calibrated  int                     `json:"calibration_tickets"` // from which ticket on it was measured
	Speed       *training.Speed         `json:"learning_speed"`      // in the history's own order
}

// replayFigures are the figures of a ticket, by name; ok is false where a
// ticket has none.
func replayFigures() []replayFigure {
	share := func(is func(*replayed) bool) func(*replayed) (float64, bool) {
		return func(r *replayed) (float64, bool) {
			if is(r) {
				return 1, true
			}
			return 0, true
		}
	}
	return []replayFigure{
		{"hit@1", share(func(r *replayed) bool { return r.hit })},
		{"accepted_unchanged", share(func(r *replayed) bool { return r.unchanged })},
		{"accepted_edited", share(func(r *replayed) bool { return r.edited })},
		{"edit_distance", func(r *replayed) (float64, bool) { return r.distance, r.distance >= 0 }},
		{"abstained", share(func(r *replayed) bool { return r.abstained })},
	}
}

type replayFigure struct {
	name string
	of   func(*replayed) (float64, bool)
}

// reported makes the report of the runs. Plain is in the order of the history,
// and is set beside each run in the run's own order.
func reported(h *history, on [][]replayed, plain []replayed) *replayReport {
	rep := &replayReport{
		Tickets: len(h.tickets), Shuffles: len(on), On: make(map[string][]float64), Off: make(map[string][]float64),
		Difference: make(map[string][]eval.Value),
	}
	for _, f := range replayFigures() {
		for q := range quarters {
			var a, b []measured
			for _, run := range on {
				from, to := len(run)*q/quarters, len(run)*(q+1)/quarters
				for i := from; i < to; i++ {
					a = append(a, measure(&run[i], f))
					b = append(b, measure(&plain[run[i].ticket], f))
				}
			}
			rep.On[f.name] = append(rep.On[f.name], mean(a))
			rep.Off[f.name] = append(rep.Off[f.name], mean(b))
			rep.Difference[f.name] = append(rep.Difference[f.name], difference(a, b))
		}
	}
	rep.Calibration, rep.Calibrated = calibrationError(on)
	return rep
}

// A measured is a ticket's figure.
type measured struct {
	ticket int
	value  float64
	ok     bool
}

func measure(r *replayed, f replayFigure) measured {
	v, ok := f.of(r)
	return measured{r.ticket, v, ok}
}

func mean(ms []measured) float64 {
	sum, n := 0.0, 0
	for _, m := range ms {
		if m.ok {
			sum += m.value
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

// replayResamples is how often the bootstrap draws.
const replayResamples = 1000

// difference is the mean of a less that of b, with a 95 % interval by bootstrap
// over tickets: one that occurs in several orders is drawn with all of them.
func difference(a, b []measured) eval.Value {
	by := make(map[int][]int)
	for i := range a {
		by[a[i].ticket] = append(by[a[i].ticket], i)
	}
	tickets := make([]int, 0, len(by))
	for t := range by {
		tickets = append(tickets, t)
	}
	slices.Sort(tickets)
	v := eval.Value{Value: mean(a) - mean(b)}
	rng := rand.New(rand.NewPCG(7, uint64(len(a))))
	draws := make([]float64, replayResamples)
	var x, y []measured
	for d := range draws {
		x, y = x[:0], y[:0]
		for range tickets {
			for _, i := range by[tickets[rng.IntN(len(tickets))]] {
				x, y = append(x, a[i]), append(y, b[i])
			}
		}
		draws[d] = mean(x) - mean(y)
	}
	slices.Sort(draws)
	v.Low, v.High = draws[replayResamples*25/1000], draws[replayResamples*975/1000]
	return v
}

// Confidence is measured from the 400th ticket on, or, in a history that has
// not twice as many, from its half.
const (
	calibratedAfter = 400
	calibrationBins = 15
)

// calibrationError is the mean distance between confidence and what turned out
// to be right, in bins of equal numbers, over all runs.
func calibrationError(on [][]replayed) (value float64, from int) {
	from = min(calibratedAfter, len(on[0])/2)
	var examples []calibration.Example
	for _, run := range on {
		for i := from; i < len(run); i++ {
			examples = append(examples, calibration.Example{Score: run[i].confidence, Right: run[i].hit, Weight: 1})
		}
	}
	return calibration.Error(examples, calibrationBins), from
}

// chart shows hit@1 by quarters, with learning beside without.
func (r *replayReport) chart() *plot.Chart {
	c := &plot.Chart{Title: "First source is right, by quarter", Unit: "share of tickets"}
	on := plot.Series{Name: "with learning", Values: r.On["hit@1"]}
	off := plot.Series{Name: "without", Values: r.Off["hit@1"]}
	for q := range quarters {
		c.Groups = append(c.Groups, "quarter "+strconv.Itoa(q+1))
		// The interval is that of the difference, around what is shown.
		d := r.Difference["hit@1"][q]
		on.Low, on.High = append(on.Low, max(0, off.Values[q]+d.Low)), append(on.High, min(1, off.Values[q]+d.High))
	}
	c.Series = []plot.Series{off, on}
	return c
}

// plotWidth is how wide a chart is in a terminal.
const plotWidth = 80

// speedInWords says how long topics take to be answered well.
func speedInWords(s *training.Speed) string {
	if s == nil || s.ToEncounters.Median.Value == nil {
		return "learning speed: too few topics have come far enough to tell"
	}
	return fmt.Sprintf("learning speed: half of %d topics are answered well after %.0f encounters", s.Topics, *s.ToEncounters.Median.Value)
}

func (c *cli) printReplay(r *replayReport, svg string) error {
	if svg != "" {
		if err := os.WriteFile(svg, []byte(r.chart().SVG()), 0o600); err != nil {
			return err
		}
	}
	if c.json {
		return c.printJSON(r)
	}
	c.printf("%d tickets in %d orders, by quarters; with learning less without, 95 %% intervals over tickets\n\n", r.Tickets, r.Shuffles)
	t := tabwriter.NewWriter(c.out, 0, 4, 2, ' ', 0)
	for _, f := range replayFigures() {
		_, _ = fmt.Fprintf(t, "%s\twithout\twith\tdifference\n", f.name)
		for q := range quarters {
			d := r.Difference[f.name][q]
			_, _ = fmt.Fprintf(t, "  quarter %d\t%.3f\t%.3f\t%+.3f (%+.3f to %+.3f)\n", q+1, r.Off[f.name][q], r.On[f.name][q], d.Value, d.Low, d.High)
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	c.printf("\n%s\n", speedInWords(r.Speed))
	c.printf("calibration error from ticket %d on: %.3f\n\n%s", r.Calibrated+1, r.Calibration, r.chart().Text(plotWidth))
	return nil
}
