package main

import (
	"context"
	"errors"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// A judgedTicket is how sure Whetstone was of one ticket, and what there was to
// be sure of.
type judgedTicket struct {
	language   string
	confidence float64
	article    bool // an article that answers it is in the knowledge base
	memory     bool // a case made of an earlier ticket about the same is
	right      bool // the first source is one of those
	alone      bool // the first source is a case that rests on no article
}

// A withholdRun is a replay on a knowledge base that lacks some topics.
type withholdRun struct {
	*replayRun
	drawn *drawn
	cases map[string]string // id of a case → the article that its ticket is really about
	gone  map[string]bool   // cases that are no longer in use
	after int64             // change up to which cases are known
}

// measureDraw answers and tells the first tickets, and then says of those from
// the nth on how sure Whetstone is of them. These are told to nobody.
func (c *cli) measureDraw(ctx context.Context, d *drawn, told, from int, done func()) (out []judgedTicket, err error) {
	r, err := c.startReplay(ctx, &d.kept, &replaying{learns: told > 0})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	w := &withholdRun{replayRun: r, drawn: d, cases: make(map[string]string), gone: make(map[string]bool)}
	for i, n := range d.order[:told] {
		if err := w.teach(ctx, i, &d.kept.tickets[n]); err != nil {
			return nil, err
		}
		done()
	}
	if told%perDay != 0 { // the last night comes all the same
		if err := w.tick(ctx, perDay-1); err != nil {
			return nil, err
		}
	}
	about := make(map[string]bool)
	for id, article := range w.cases {
		about[article] = about[article] || !w.gone[id]
	}
	for _, n := range d.order[from:] {
		t := &d.kept.tickets[n]
		s, err := r.app.answerer.Suggest(ctx, r.ask(t), retrieval.Watch{})
		if err != nil {
			return nil, err
		}
		j := judgedTicket{language: s.Language, confidence: s.Confidence, article: d.covers(t)}
		for id := range t.right() {
			j.memory = j.memory || about[id]
		}
		j.alone = len(s.Sources) > 0 && s.Sources[0].Kind == kb.Case && s.Sources[0].Resolved == ""
		j.right = len(s.Sources) > 0 && t.rightly(w.truly(articleOf(&s.Sources[0])))
		out = append(out, j)
		done()
	}
	return out, nil
}

// truly is the article that a source is really about: a case that cites none
// was resolved by somebody who knew.
func (w *withholdRun) truly(source string) string {
	if article, ok := w.cases[source]; ok {
		return article
	}
	return source
}

// teach answers the ith ticket and tells what its operator makes of that: who
// has no article for it writes a reply and cites nothing, or sends what an
// earlier reply about the same has become.
func (w *withholdRun) teach(ctx context.Context, i int, t *replayTicket) error {
	s, err := w.app.answerer.Suggest(ctx, w.ask(t), retrieval.Watch{})
	if err != nil {
		return err
	}
	seen, plays := w.drawn.seen(t), w.player
	if !w.drawn.covers(t) {
		plays.uncited = true
		if drafted(&s) && t.rightly(w.truly(cites(&s))) {
			seen.SourceID = cites(&s)
		}
	}
	if err := w.told(ctx, plays.plays(&seen, &s)); err != nil {
		return err
	}
	if err := w.learnCases(ctx, t); err != nil {
		return err
	}
	return w.tick(ctx, i)
}

// learnCases notes which cases the ticket has brought.
func (w *withholdRun) learnCases(ctx context.Context, t *replayTicket) error {
	const most = 100
	changed, err := w.app.kb.In(w.workspace).ChangesOf(ctx, kb.Case, w.after, most)
	if err != nil {
		return err
	}
	for i := range changed {
		d := &changed[i]
		w.after = max(w.after, d.Seq)
		w.gone[d.ID] = d.Deleted || d.Status != kb.Published
		if _, known := w.cases[d.ID]; !known {
			w.cases[d.ID] = t.SourceID
		}
	}
	return nil
}
