package connect

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/source"
)

const (
	// batch is how many documents are written together, batchBytes how much
	// text: a batch of pages of the largest kind must fit into memory.
	batch      = 200
	batchBytes = 8 << 20

	// restful is after how many items that wrote nothing the cursor is kept.
	restful = 1000

	// content is the rating from which a case is worth repeating. What its
	// customer rated no better than that is not put.
	content = .25
)

// How says how a connection is synced. The zero How is what a person means who
// presses a button.
type How struct {
	By   string    // who wanted it; empty: the timetable
	Slot time.Time // the time of the timetable that it is for, see Due; zero: none

	// Approve lets go the documents that the run which is held has listed. If
	// many more are gone by now it asks again.
	Approve bool

	// Take are ids of documents that the source's version replaces though
	// others have edited or deleted them. All of the source is read then.
	Take []string
}

// A pass is one call of Sync.
type pass struct {
	s      *Syncer
	c      Connection
	run    SyncRun
	how    How
	source Run
	origin string
	recipe string
	secret string
	take   map[string]bool

	marks map[string]Mark     // by document, as the pass began
	stood map[string]standing // likewise

	seen    map[string]bool
	told    map[string]bool  // the source itself says that they are gone
	kinds   map[kb.Kind]bool // that the connection has
	lost    []string         // files and addresses that cannot be read
	pending []incoming
	cursor  string // as it is kept
	bytes   int    // of pending
	rested  int    // items since the cursor was kept
	report  Report
}

// An incoming is a document that was read and not written yet.
type incoming struct {
	source.Item
	digest   string
	same     bool // as what was written; its mark alone is new
	withdraw bool // not to be put, and to be deleted if it was
}

// Sync reads the connection's source once and brings the workspace in step with
// it. What was written before an error stays written; nothing is deleted then.
// It fails with ErrRunning while the connection is being synced, with ErrHeld
// if it waits for a word that How does not give, with kb.ErrNotFound, and with
// what the source failed with. A run that asks is no error: see Report.Held.
func (s *Syncer) Sync(ctx context.Context, workspace, id string, how How) (Report, error) {
	c, run, err := s.claim(ctx, workspace, id, how)
	if err != nil {
		return Report{}, err
	}
	p := &pass{s: s, c: c, run: run, how: how, origin: Origin(id), seen: make(map[string]bool), told: make(map[string]bool)}
	p.cursor = c.Cursor
	p.kinds, p.take = make(map[kb.Kind]bool), make(map[string]bool)
	for _, id := range how.Take {
		p.take[id] = true
	}
	held, err := p.guarded(ctx)
	status := Done
	switch {
	case held != nil:
		status = Asks
	case err != nil && ctx.Err() != nil:
		status = Stopped
	case err != nil:
		status = Broken
	}
	if err != nil {
		err = fmt.Errorf("connect: sync %s: %w", id, p.scrubbed(err))
		p.report.Error = short(err.Error())
	}
	if errors.Is(err, errLost) {
		return p.report, err
	}
	err = errors.Join(err, p.finish(ctx, status, held))
	s.Log.InfoContext(ctx, "connection synced", "workspace", workspace, "connection", id, "by", how.By, "status", status,
		"seen", p.report.Seen, "created", p.report.Created, "changed", p.report.Changed, "deleted", p.report.Deleted,
		"skipped", p.report.Skipped, "conflicts", p.report.Conflicts, "took", p.report.Took)
	return p.report, err
}

// guarded works while the claim is kept up.
func (p *pass) guarded(ctx context.Context) (held *Hold, err error) {
	life, end := context.WithCancelCause(ctx)
	var heart sync.WaitGroup
	heart.Go(func() { p.alive(life, end) })
	defer heart.Wait()
	defer end(nil)
	held, err = p.work(life)
	if cause := context.Cause(life); err != nil && errors.Is(cause, errLost) {
		err = cause
	}
	return held, err
}

func (p *pass) work(ctx context.Context) (*Hold, error) {
	var err error
	if p.recipe, err = p.c.recipe(); err != nil {
		return nil, err
	}
	if err := p.unlock(); err != nil {
		return nil, err
	}
	if err := p.prepare(p.s.DB.WithContext(ctx)); err != nil {
		return nil, err
	}
	if len(p.take) > 0 {
		p.c.Cursor = "" // what is to be taken may be older than what is new
	}
	if p.source, err = p.s.Open(ctx, p.c, p.known); err != nil {
		return nil, err
	}
	if err := p.read(ctx); err != nil {
		return nil, err
	}
	if err := p.flush(ctx); err != nil {
		return nil, err
	}
	return p.settle(ctx)
}

// unlock finds the token, so that a missing one is told in the same words
// whatever the source.
func (p *pass) unlock() error {
	name := p.c.Config.Token
	if name == "" {
		return nil
	}
	secret, ok := p.s.Token(name)
	if !ok || secret == "" {
		return fmt.Errorf("%w: there is no token %s: put it into the setting WHETSTONE_TOKEN_%s", kb.ErrInvalid, name, name)
	}
	p.secret = secret
	return nil
}

// read goes through the source and writes as it goes.
func (p *pass) read(ctx context.Context) error {
	for item, err := range p.source.Items() {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		var skip *source.Skip
		switch {
		case errors.As(err, &skip):
			p.skip(skip.File, skip.Line, skip.Reason, skip.Lost)
		case err != nil:
			// What came before the break is good.
			return errors.Join(err, p.flush(ctx))
		default:
			if err := p.item(item); err != nil {
				return err
			}
		}
		p.rested++
		if len(p.pending) >= batch || p.bytes >= batchBytes || p.rested >= restful {
			if err := p.flush(ctx); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

func (p *pass) skip(file string, line int, reason string, lost bool) {
	if lost {
		p.lost = append(p.lost, file)
	}
	p.report.skip(Skipped{Place: placeOf(file, line), Reason: p.clean(reason), Lost: lost})
}

func placeOf(file string, line int) string {
	if line > 1 {
		return fmt.Sprintf("%s:%d", file, line)
	}
	return file
}

// item takes note of one document, and puts it aside if there is anything to
// write.
func (p *pass) item(item source.Item) error {
	d := &item.Document
	if p.seen[d.ID] {
		p.skip(item.File, item.Line, fmt.Sprintf("another page of this source has the id %s already", d.ID), false)
		return nil
	}
	if d.Deleted {
		p.told[d.ID] = true
		return nil
	}
	p.report.Seen++
	mark, marked := p.marks[d.ID]
	now, stored := p.stood[d.ID]
	if item.Rating != nil && *item.Rating <= content && d.Kind == kb.Case {
		p.skip(item.File, item.Line, "the customer was not content with how it was resolved", false)
		if marked && stored && !now.Deleted {
			p.queue(incoming{Item: item, withdraw: true})
		}
		p.seen[d.ID] = true
		return nil
	}
	p.seen[d.ID] = true
	if item.Unchanged {
		p.count(d.ID, now, stored)
		return nil
	}
	p.kinds[d.Kind] = true
	p.dress(d)
	digest, err := digestOf(d)
	if err != nil {
		return err
	}
	in := incoming{Item: item, digest: digest}
	if marked && stored && mark.Digest == digest && !p.take[d.ID] {
		p.count(d.ID, now, stored)
		if mark.Mark == item.Mark && mark.Recipe == p.recipe && (mark.Place == item.File || item.File == "") {
			return nil
		}
		in.same = true
	}
	p.queue(in)
	return nil
}

// count takes note of a document whose source is what it was.
func (p *pass) count(id string, now standing, stored bool) {
	if why := p.foreign(id, now, stored); why != "" {
		p.report.conflict(Conflict{ID: id, Reason: why + "; the source has not changed"})
		return
	}
	p.report.Unchanged++
}

func (p *pass) queue(in incoming) {
	p.pending = append(p.pending, in)
	p.bytes += len(in.Document.Body) + len(in.Document.Problem) + len(in.Document.Resolution)
}

// dress gives a document what the connection says of all of its own, and what
// the store would fill in, so that its digest is that of what is stored.
func (p *pass) dress(d *kb.Document) {
	c := &p.c.Config
	d.Origin, d.Author = p.origin, p.origin
	d.Locale, d.Product = or(d.Locale, c.Locale), or(d.Product, c.Product)
	d.Region, d.Audience = or(d.Region, c.Region), or(or(d.Audience, c.Audience), kb.Public)
	d.Status = or(d.Status, kb.Published)
	d.Title, d.URL = strings.TrimSpace(d.Title), strings.TrimSpace(d.URL)
	d.Tags = append(slices.Clone(d.Tags), c.Tags...)
	slices.Sort(d.Tags)
	if d.Tags = slices.Compact(d.Tags); len(d.Tags) == 0 {
		d.Tags = nil
	}
}

func or[T ~string](value, instead T) T {
	if value == "" {
		return instead
	}
	return value
}

// clean takes the connection's token out of a text.
func (p *pass) clean(text string) string {
	if p.secret == "" {
		return text
	}
	return strings.ReplaceAll(text, p.secret, "****")
}

// A scrubbed error is another one whose text had the token in it.
type scrubbed struct {
	text string
	err  error
}

func (s *scrubbed) Error() string        { return s.text }
func (s *scrubbed) Is(target error) bool { return errors.Is(s.err, target) }

// scrubbed returns err without the connection's token. What is wrapped stays
// known to errors.Is and to nothing else, which could print it.
func (p *pass) scrubbed(err error) error {
	if text := p.clean(err.Error()); text != err.Error() {
		return &scrubbed{text, err}
	}
	return err
}
