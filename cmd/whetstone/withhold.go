package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/whetstone-desk/whetstone/kb"
)

// A withholding says how it is measured whether Whetstone can tell the
// questions that the knowledge base covers from those that it does not.
type withholding struct {
	share    float64 // of the topics that is taken out of the knowledge base
	draws    int     // how often topics are drawn
	feedback int     // tickets that are answered and told before the others are measured
	label    string  // of the articles that makes topics of them; empty: each is one
}

func (w *withholding) validate() error {
	switch {
	case w.share <= 0 || w.share >= 1:
		return errors.New("--withhold is a share of the topics, between 0 and 1")
	case w.draws < 1:
		return errors.New("--draws is at least 1")
	case w.feedback < 0:
		return errors.New("--feedback is a number of tickets")
	}
	return nil
}

// topicsOf returns the topic of each article: itself, or what the data set
// labels it with.
func topicsOf(dir, label string, articles []kb.Document) (map[string]string, error) {
	topics := make(map[string]string, len(articles))
	if label == "" {
		for i := range articles {
			topics[articles[i].ID] = articles[i].ID
		}
		return topics, nil
	}
	err := eachLine(filepath.Join(dir, "articles.jsonl"), func(line []byte) error {
		var a struct {
			ID     string
			Labels map[string]string
		}
		if err := json.Unmarshal(line, &a); err != nil {
			return err
		}
		if a.Labels[label] == "" {
			return fmt.Errorf("article %s has no label %q", a.ID, label)
		}
		topics[a.ID] = a.Labels[label]
		return nil
	})
	return topics, err
}

// A drawn is a knowledge base that some topics were taken out of, and the order
// in which tickets come to it.
type drawn struct {
	kept     history
	left     map[string]bool // articles that are left
	order    []int           // of the tickets
	withheld int             // topics
}

// draw takes a share of the topics out of h. The same seed draws the same.
func (w *withholding) draw(h *history, topics map[string]string, seed int) *drawn {
	rng := rand.New(rand.NewPCG(uint64(seed), 20260302))
	var names []string
	for i := range h.articles {
		if t := topics[h.articles[i].ID]; !slices.Contains(names, t) {
			names = append(names, t)
		}
	}
	slices.Sort(names)
	rng.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	out := names[:max(1, int(w.share*float64(len(names))+0.5))]
	d := &drawn{kept: history{tickets: h.tickets}, left: make(map[string]bool), order: rng.Perm(len(h.tickets)), withheld: len(out)}
	for i := range h.articles {
		if a := h.articles[i]; !slices.Contains(out, topics[a.ID]) {
			d.kept.articles = append(d.kept.articles, a)
			d.left[a.ID] = true
		}
	}
	return d
}

// covers reports whether an article that answers the ticket is left.
func (d *drawn) covers(t *replayTicket) bool {
	return d.left[t.SourceID] || slices.ContainsFunc(t.Also, func(id string) bool { return d.left[id] })
}

// seen is the ticket as an operator has it who can only cite what is left.
func (d *drawn) seen(t *replayTicket) replayTicket {
	out := *t
	out.Also = slices.DeleteFunc(slices.Clone(t.Also), func(id string) bool { return !d.left[id] })
	switch {
	case d.left[out.SourceID]:
	case len(out.Also) > 0:
		out.SourceID = out.Also[0]
	default:
		out.SourceID = ""
	}
	return out
}

// withhold measures every draw, each without what was learned and, after
// feedback, with it.
func (c *cli) withhold(ctx context.Context, dir string, w *withholding) (*withheldReport, error) {
	h, err := readHistory(dir)
	if err != nil {
		return nil, err
	}
	if w.feedback >= len(h.tickets) {
		return nil, fmt.Errorf("--feedback %d: there are %d tickets, and some must be left to measure", w.feedback, len(h.tickets))
	}
	topics, err := topicsOf(dir, w.label, h.articles)
	if err != nil {
		return nil, err
	}
	runs := 1
	if w.feedback > 0 {
		runs = 2
	}
	plain, taught := make([][]judgedTicket, w.draws), make([][]judgedTicket, w.draws)
	withheld := make([]int, w.draws)
	p := c.progress("tickets", int64(w.draws*(runs*len(h.tickets)-w.feedback)))
	defer p.end()
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range w.draws {
		d := w.draw(h, topics, i)
		withheld[i] = d.withheld
		g.Go(func() (err error) {
			plain[i], err = c.measureDraw(ctx, d, 0, w.feedback, func() { p.add(1) })
			return err
		})
		if w.feedback > 0 {
			g.Go(func() (err error) {
				taught[i], err = c.measureDraw(ctx, d, w.feedback, w.feedback, func() { p.add(1) })
				return err
			})
		}
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	rep := &withheldReport{Tickets: len(h.tickets), Withheld: withheld, Feedback: w.feedback, Plain: figuresOf(plain, coveredLabel)}
	if w.feedback > 0 {
		rep.addTaught(plain, taught)
	}
	return rep, nil
}
