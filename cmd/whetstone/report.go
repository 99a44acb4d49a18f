package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/training"
	"github.com/whetstone-desk/whetstone/training/plot"
)

func (c *cli) reportCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "report", Short: "Say in figures how suggestions fare", Example: "  whetstone report learning"}
	var by, svg string
	learning := &cobra.Command{
		Use: "learning", Short: "Show how quickly topics are learned", Args: cobra.NoArgs,
		Long: "Show how well answers serve from one encounter with a topic to the next, and how long topics\n" +
			"take until they are proficient: at 80 % of the level of those that have come to rest. A topic\n" +
			"that is not there yet counts as one that takes longer. Intervals hold 80 %, those of shares 95 %.",
		Example: "  whetstone report learning\n  whetstone report learning --by team --svg learning.svg",
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if _, err := (training.Report{}).By(by); err != nil {
				return err
			}
			a, err := c.openMeasuring(cmd.Context())
			if err != nil {
				return err
			}
			defer a.closing(&err)
			r, err := a.progress(cmd.Context(), time.Now())
			if err != nil {
				return err
			}
			return c.reportLearning(&r, by, svg)
		},
	}
	learning.Flags().StringVar(&by, "by", training.ByTopic, "what to list: topic, team or language")
	learning.Flags().StringVar(&svg, "svg", "", "also write the chart to this file")
	c.jsonFlag(learning)
	cmd.AddCommand(learning)
	return cmd
}

// progress works out how quickly the workspace learns; where there is nothing
// at all, a report of nothing.
func (a *app) progress(ctx context.Context, now time.Time) (training.Report, error) {
	none := training.Report{ComputedAt: now.UTC(), Topics: []training.TopicSpeed{}, Teams: []training.GroupSpeed{}, Languages: []training.GroupSpeed{}}
	if a.db == nil {
		return none, nil
	}
	if _, err := a.kb.Workspace(ctx, a.cfg.Workspace); errors.Is(err, kb.ErrNotFound) {
		return none, nil
	}
	d := training.Desk{KB: a.kb, Suggestions: a.store, Feedback: feedback.NewStore(a.db, nil), Gaps: a.gaps, Workspace: a.cfg.Workspace}
	return training.Progress(ctx, d, now)
}

func (c *cli) reportLearning(r *training.Report, by, svg string) error {
	chart := chartOf(r)
	if svg != "" && len(r.Topics) > 0 {
		if err := os.WriteFile(svg, []byte(chart.SVG()), 0o600); err != nil {
			return err
		}
	}
	if c.json {
		one, err := r.By(by)
		if err != nil {
			return err
		}
		return c.printJSON(one)
	}
	if len(r.Topics) == 0 {
		c.printf("Nothing yet: of %d judged suggestions %d tell what became of the answer, and %d of these belong to no topic.\n",
			r.Judgements, r.Encounters, r.Unsorted)
		c.note("feedback is told at POST /v1/suggestions/{id}/feedback")
		return nil
	}
	w := &r.Whole
	c.printf("%d encounters with %d topics: accepted unchanged %s, accepted edited %s, any use %s\n\n",
		w.Encounters, w.Topics, share(w.Unchanged.Value), share(w.Edited.Value), share(w.AnyUse.Value))
	c.printf("%s\n", chart.Text(90))
	c.printf("%s\n\n", proficiencyOf(w))
	t := tabwriter.NewWriter(c.out, 0, 4, 2, ' ', 0)
	switch by {
	case training.ByTeam:
		tableOfGroups(t, "team", r.Teams)
	case training.ByLanguage:
		tableOfGroups(t, "language", r.Languages)
	default:
		tableOfTopics(t, r.Topics)
	}
	_, _ = fmt.Fprintf(t, "\npart of the way\ttopics\tnot yet\tdays (median)\n")
	for _, p := range w.Ways {
		days := "–" // nothing has come that far
		if p.Days.Count > 0 {
			days = span(p.Days.Median)
		}
		_, _ = fmt.Fprintf(t, "%s → %s\t%d\t%d\t%s\n", p.From, p.To, p.Days.Count, p.Days.Censored, days)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if more := len(r.Topics) - topicsShown; by == training.ByTopic && more > 0 {
		c.note("%d more topics: --json lists them", more)
	}
	return nil
}

// topicsShown is how many topics are printed; there may be hundreds.
const topicsShown = 30

func tableOfTopics(t *tabwriter.Writer, topics []training.TopicSpeed) {
	_, _ = fmt.Fprintln(t, "topic, slowest first\tencounters\tunchanged\tedited\tfirst\tend\tproficient after\tdays")
	for i := range topics[:min(len(topics), topicsShown)] {
		s := &topics[i]
		after, days := span(s.ToEncounters), span(s.ToDays)
		if !s.Reached { // censored: it takes longer than it has taken
			after = fmt.Sprintf("not yet, > %d", s.Encounters)
			days = fmt.Sprintf("> %.0f", s.LastSeen.Sub(s.FirstSeen).Hours()/24)
		}
		_, _ = fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\n", labelled(s.Label), s.Encounters,
			share(s.Unchanged.Value), share(s.Edited.Value), share(s.Curve.First.Value), share(s.Curve.End.Value), after, days)
	}
}

func tableOfGroups(t *tabwriter.Writer, what string, groups []training.GroupSpeed) {
	_, _ = fmt.Fprintln(t, what+"\tencounters\tunchanged\tedited\tfirst\tend\tproficient after\tdays\ttopics\tnot yet")
	for i := range groups {
		g := &groups[i]
		_, _ = fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t%d\n", labelled(g.Key), g.Encounters,
			share(g.Unchanged.Value), share(g.Edited.Value), share(g.Curve.First.Value), share(g.Curve.End.Value),
			span(g.ToEncounters.Median), span(g.ToDays.Median), g.Topics, g.ToEncounters.Censored)
	}
}

// labelled is a label as a cell of a table: nothing in it ends the cell or
// speaks to the terminal.
func labelled(label string) string {
	r := []rune(strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return ' '
		}
		return r
	}, label))
	switch {
	case len(r) == 0:
		return "(none)"
	case len(r) > 40:
		return string(r[:39]) + "…"
	}
	return string(r)
}

// proficiencyOf says how long topics take.
func proficiencyOf(w *training.Speed) string {
	if w.Target == nil {
		return fmt.Sprintf("No topic has come to rest yet, so there is no level that the %d could have reached.", w.Topics)
	}
	return fmt.Sprintf("Proficient is %s: 80 %% of the level of the %d topics that have come to rest.\n"+
		"Half of the topics are after %s encounters and %s days; %d of %d are not there yet.",
		share(w.Target), w.Mature, span(w.ToEncounters.Median), span(w.ToDays.Median), w.ToEncounters.Censored, w.ToEncounters.Count)
}

func share(x *float64) string {
	if x == nil {
		return "–"
	}
	return fmt.Sprintf("%.2f", *x)
}

// span is a number of encounters or days with its interval. What never comes is
// not said in numbers.
func span(e training.Estimate) string {
	if e.Value == nil {
		return "not yet"
	}
	low, high := "", ""
	if e.Low != nil {
		low = fmt.Sprintf("%.1f", *e.Low)
	}
	if e.High != nil {
		high = fmt.Sprintf("%.1f", *e.High)
	}
	return fmt.Sprintf("%.1f (%s–%s)", *e.Value, low, high)
}

// chartOf draws the curve of a topic in the middle, and what was observed.
func chartOf(r *training.Report) *plot.Lines {
	topic := plot.Curve{Name: "a topic in the middle, and where topics lie"}
	last := 0.0
	for _, p := range r.Whole.Line {
		topic.Line = append(topic.Line, plot.Place{X: p.N, Y: number(p.Value), Low: number(p.Low), High: number(p.High)})
		last = p.N
	}
	for _, b := range r.Whole.ByEncounter {
		if b.Quality.Mean != nil && b.Mean <= last {
			topic.Points = append(topic.Points, plot.Point{X: b.Mean, Y: *b.Quality.Mean})
		}
	}
	return &plot.Lines{Title: "How well answers serve as topics are met again", X: "encounter with the topic", Unit: "quality, 1 for sent unchanged", Curves: []plot.Curve{topic}}
}

// number is x, and what plots leave out where there is none.
func number(x *float64) float64 {
	if x == nil {
		return math.NaN()
	}
	return *x
}
