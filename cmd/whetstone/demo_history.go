package main

import (
	"bytes"
	"context"
	_ "embed" // what the demo's customers have asked
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// sampleHistory is what customers of the invented shop have asked in the past,
// and what was written of it in a hurry, one JSON object per line.
//
//go:embed sample/history.jsonl
var sampleHistory string

// historyState is the state under which it is remembered how far the past of a
// demo has come.
const historyState = "demo-history/"

// Of the invented past.
const (
	pastDays   = 56 // ends on the day it is loaded
	pastPerDay = 6  // suggestions of a working day

	// newEvery is how many suggestions there are to each that nothing covers.
	newEvery = 8
)

// A pastLine is a line of the history: a question with the articles that
// answer it, one that no article answers with what operators reply, or an
// article.
type pastLine struct {
	Articles []string      `json:"articles"`
	Topic    string        `json:"topic"` // that no article covers
	Texts    []string      `json:"texts"`
	Replies  []string      `json:"replies"`
	Article  *pastDocument `json:"article"`
}

type pastDocument struct {
	ID     string   `json:"id"`
	Locale string   `json:"locale"`
	Title  string   `json:"title"`
	Body   string   `json:"body"`
	Tags   []string `json:"tags"`
}

// A pastTicket is a question at its time.
type pastTicket struct {
	n     int
	asked int // how often what no article covers was asked before
	at    time.Time
	line  *pastLine
	text  string
}

// A pastMark says when a demo's past began and how much of it is there, so that
// what was broken off goes on where it was.
type pastMark struct {
	Now  time.Time `json:"now"`
	Done int       `json:"done"`
	All  bool      `json:"all"`
}

// loadHistory gives the demo eight weeks of an invented past, once. It goes the
// way of any other question, on a clock of its own.
func (c *cli) loadHistory(ctx context.Context, a *app, workspace string) (err error) {
	_, mine, err := sqldb.State(ctx, a.db, sampleState+workspace)
	if err != nil {
		return err
	}
	text, begun, err := sqldb.State(ctx, a.db, historyState+workspace)
	if err != nil {
		return err
	}
	mark := pastMark{Now: time.Now().UTC()}
	if begun {
		if err := json.Unmarshal([]byte(text), &mark); err != nil {
			return fmt.Errorf("history of the demo: %w", err)
		}
	}
	if mark.All {
		return nil
	}
	if why, err := a.noPast(ctx, workspace, mine, begun); err != nil || why != "" {
		if err == nil {
			c.note("the invented past is left out: %s", why)
		}
		return err
	}
	p, err := c.openPast(ctx, a, mark)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.app.close()) }()
	c.note("inventing eight weeks of questions, and of what operators made of the drafts …")
	bar := c.progress("questions of the past", int64(len(p.tickets)))
	defer bar.end()
	bar.add(mark.Done)
	return p.run(ctx, func() { bar.add(1) })
}

// noPast says why a workspace gets no invented past: what people have asked
// must not be mixed with it, nor may its clock run in other workspaces.
func (a *app) noPast(ctx context.Context, workspace string, mine, begun bool) (string, error) {
	if !mine {
		return "this workspace is not the demo's", nil
	}
	all, err := a.kb.Workspaces(ctx)
	if err != nil {
		return "", err
	}
	if len(all) > 1 {
		return "there are other workspaces beside the demo's; name another folder with --data", nil
	}
	var asked int64
	if err := a.db.WithContext(ctx).Model(&retrieval.Suggestion{}).Where("workspace_id = ?", workspace).Count(&asked).Error; err != nil {
		return "", fmt.Errorf("history of the demo: %w", err)
	}
	if asked > 0 && !begun {
		return "this demo has been asked already; name another folder with --data", nil
	}
	return "", nil
}

// A past is a Whetstone on the demo's database, whose clock is that of the
// history and whose index goes with it.
type past struct {
	app       *app
	workspace string
	indexer   *retrieval.Indexer
	clock     time.Time
	mark      pastMark
	lines     []pastLine
	tickets   []pastTicket
	bodies    map[string]string // of articles, by id
}

func (p *past) now() time.Time { return p.clock }

// openPast opens the demo a second time. Replies are quoted, whatever the
// settings: a past must not cost anybody a model's time.
func (c *cli) openPast(ctx context.Context, a *app, mark pastMark) (p *past, err error) {
	private := *a.cfg
	private.QdrantURL, private.ChatURL = "", ""
	p = &past{workspace: a.cfg.Workspace, mark: mark, clock: mark.Now.Add(-pastDays * 24 * time.Hour)}
	if p.lines, err = readPast(); err != nil {
		return nil, err
	}
	p.tickets = pastTickets(p.lines, mark.Now)
	if p.app, err = open(ctx, &private, slog.New(slog.DiscardHandler)); err != nil {
		return nil, err
	}
	if err := p.fill(ctx); err != nil {
		return nil, errors.Join(err, p.app.close())
	}
	return p, nil
}

// fill puts the history's articles in and opens an index in memory.
func (p *past) fill(ctx context.Context) error {
	p.app.learning = p.app.learns(p.now)
	p.app.answerer.Now = p.now
	s, err := p.app.build(ctx, p.app.cfg.wanted(), true)
	if err != nil {
		return err
	}
	p.app.answerer.Serve(s.Space)
	p.indexer = p.app.indexer(s)
	docs := p.app.kb.In(p.workspace)
	if p.mark.Done == 0 {
		if err := p.write(ctx, docs); err != nil {
			return err
		}
	}
	p.bodies = make(map[string]string)
	for i := range p.lines {
		for _, id := range p.lines[i].Articles {
			d, err := docs.Document(ctx, id)
			if errors.Is(err, kb.ErrNotFound) {
				continue // somebody has deleted it: then nothing covers it
			}
			if err != nil {
				return err
			}
			p.bodies[id] = d.Body
		}
	}
	_, err = p.indexer.Sync(ctx, p.workspace)
	return err
}

// write puts the history's own articles in.
func (p *past) write(ctx context.Context, docs *kb.Store) error {
	var own []*kb.Document
	for i := range p.lines {
		if a := p.lines[i].Article; a != nil {
			own = append(own, &kb.Document{ID: a.ID, Kind: kb.Article, Origin: sampleOrigin, Content: kb.Content{
				Title: a.Title, Body: a.Body, Locale: a.Locale, Tags: a.Tags, Status: kb.Published, Audience: kb.Public,
			}})
		}
	}
	_, err := docs.PutAll(ctx, own)
	return err
}

func readPast() ([]pastLine, error) {
	var out []pastLine
	for i, line := range bytes.Split(bytes.TrimSpace([]byte(sampleHistory)), []byte("\n")) {
		d := json.NewDecoder(bytes.NewReader(line))
		d.DisallowUnknownFields()
		var l pastLine
		if err := d.Decode(&l); err != nil {
			return nil, fmt.Errorf("sample/history.jsonl:%d: %w", i+1, err)
		}
		out = append(out, l)
	}
	return out, nil
}

// pastTickets deals the questions over the working days up to now. The same
// day gives the same ones. Some are asked much more often than others.
func pastTickets(lines []pastLine, now time.Time) []pastTicket {
	var known, unknown []*pastLine
	for i := range lines {
		switch l := &lines[i]; {
		case l.Topic != "":
			unknown = append(unknown, l)
		case l.Article == nil:
			known = append(known, l)
		}
	}
	rng := rand.New(rand.NewPCG(8, 56))
	var out []pastTicket
	for day := range pastDays {
		evening := now.AddDate(0, 0, day+1-pastDays)
		if w := evening.Weekday(); w == time.Saturday || w == time.Sunday {
			continue
		}
		for k := range pastPerDay {
			n, asked := len(out), 0
			// The step has no factor in common with the number of questions, so
			// that those asked often are of every kind.
			l := known[int(math.Pow(rng.Float64(), 1.6)*float64(len(known)))*37%len(known)]
			text := l.Texts[rng.IntN(len(l.Texts))]
			if n%newEvery == newEvery-1 {
				l, asked = unknown[n/newEvery%len(unknown)], n/newEvery/len(unknown)
				text = l.Texts[asked%len(l.Texts)]
			}
			at := evening.Add(-time.Duration(pastPerDay-k) * 70 * time.Minute)
			out = append(out, pastTicket{n: n, asked: asked, at: at, line: l, text: text})
		}
	}
	return out
}
