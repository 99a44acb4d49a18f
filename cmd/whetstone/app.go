package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/api"
	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/connect"
	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/kb/notice"
	"github.com/whetstone-desk/whetstone/kb/sqldb"
	"github.com/whetstone-desk/whetstone/kb/ticket"
	"github.com/whetstone-desk/whetstone/kb/upkeep"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/retrieval/chat"
)

// An app is a Whetstone put together from its settings: the one place where
// implementations are chosen.
type app struct {
	cfg      *config
	log      *slog.Logger
	db       *gorm.DB
	kb       *kb.DB
	keys     *auth.Keys
	people   *auth.People
	audit    *auth.Audit
	store    *retrieval.Store
	replies  *api.Replies
	answerer *retrieval.Answerer
	learning learning
	gaps     *gap.DB
	notices  *notice.Store
	tickets  *ticket.DB
	syncer   *connect.Syncer
	erasing  sync.Mutex // one at a time: each keeps what is left to do under the same name
	opened   sync.Mutex // over closers: vectors of another model are opened while others serve
	closers  []func() error

	following atomic.Pointer[retrieval.Follower] // of the vectors that serve
	caught    atomic.Bool                        // the index was brought up to date once
}

// open opens the database, brings its schema up to date and puts the rest
// together, all but the index: see openSpace.
func open(ctx context.Context, cfg *config, log *slog.Logger) (*app, error) {
	db, err := sqldb.Open(ctx, cfg.dsn())
	if errors.Is(err, sqldb.ErrUnavailable) && cfg.Database != "" {
		return nil, fmt.Errorf("%w\ncheck that PostgreSQL runs and that WHETSTONE_DATABASE names it", err)
	}
	if err != nil {
		return nil, err
	}
	a := &app{cfg: cfg, log: log, db: db}
	a.onClose(func() error {
		pool, err := db.DB()
		if err != nil {
			return err
		}
		return pool.Close()
	})
	if _, err := sqldb.Migrate(ctx, db); err != nil {
		return nil, errors.Join(err, a.close())
	}
	a.kb, a.keys, a.store, a.replies = kb.New(db), auth.NewKeys(db), retrieval.NewStore(db), api.NewReplies(db)
	if err := a.kb.FillSortTitles(ctx); err != nil {
		return nil, errors.Join(err, a.close())
	}
	a.people, a.audit = auth.NewPeople(db, time.Now), auth.NewAudit(db, time.Now)
	generator, err := cfg.generator(log)
	if err != nil {
		return nil, errors.Join(err, a.close())
	}
	a.answerer = &retrieval.Answerer{KB: a.kb, Store: a.store, Generator: generator, Log: log}
	a.gaps, a.notices, a.syncer = gap.New(db, nil), notice.NewStore(db), a.syncs()
	a.tickets = ticket.New(db, nil)
	a.learning = a.learns(time.Now)
	return a, nil
}

// openCLI opens the app for a command.
func (c *cli) openCLI(ctx context.Context) (*app, error) {
	cfg, err := c.config()
	if err != nil {
		return nil, err
	}
	log, err := c.logger(cfg)
	if err != nil {
		return nil, err
	}
	return open(ctx, cfg, log)
}

// generator writes replies: with the model server of the settings and, where
// that is missing, slow or down, by quoting.
func (c *config) generator(log *slog.Logger) (retrieval.Generator, error) {
	if c.ChatURL == "" {
		return retrieval.Extract{}, nil
	}
	// The model's own limit lies beyond the fallback's, so that it is always
	// the same one that ends the waiting.
	model, err := chat.New(chat.Options{BaseURL: c.ChatURL, Key: c.ChatKey, Model: c.ChatModel, Timeout: 2 * c.ChatTimeout})
	if err != nil {
		return nil, err
	}
	return retrieval.Fallback{
		Primary: model, Backup: retrieval.Extract{}, Limit: c.ChatTimeout,
		Report: func(err error) { log.Warn("model server passed over", "error", err) },
	}, nil
}

// workspace makes sure that the workspace of the settings exists.
func (a *app) workspace(ctx context.Context) (string, error) {
	id := a.cfg.Workspace
	_, err := a.kb.Workspace(ctx, id)
	if errors.Is(err, kb.ErrNotFound) {
		if _, err = a.kb.Create(ctx, id, id); errors.Is(err, kb.ErrConflict) {
			err = nil // another process was faster
		}
	}
	return id, err
}

func (a *app) onClose(f func() error) {
	a.opened.Lock()
	defer a.opened.Unlock()
	a.closers = append(a.closers, f)
}

// close closes what was opened, the last first.
func (a *app) close() error {
	a.opened.Lock()
	defer a.opened.Unlock()
	var errs []error
	for i := len(a.closers) - 1; i >= 0; i-- {
		errs = append(errs, a.closers[i]())
	}
	a.closers = nil
	return errors.Join(errs...)
}

// closing ends a command: it closes a and keeps the first error.
func (a *app) closing(err *error) { *err = errors.Join(*err, a.close()) }

// server returns the HTTP side of the app.
func (a *app) server() *api.Server {
	return &api.Server{
		KB: a.kb, Keys: a.keys, People: a.people, Audit: a.audit, OIDC: a.cfg.oidc(), Proxies: strings.Fields(a.cfg.Proxies), Answerer: a.answerer, Store: a.store, Pilots: a.learning.pilots, Replies: a.replies,
		Feedback: a.learning.events, Told: a.learning.digester.Nudge, Memory: a.learning.memory, Relearn: a.learning.learner.Relearn, Log: a.log, Version: version,
		Gaps: a.gaps, Compose: a.learning.learner.Compose, Prove: a.learning.learner.Verify,
		Upkeep: upkeep.New(a.db, nil), OpenDrafts: a.learning.learner.OpenDrafts, Notices: a.notices, Syncer: a.syncer,
		Tickets: a.tickets, Presences: api.NewPresences(a.db, nil), Widgets: api.NewWidgets(a.db, nil),
		Setup: a.setup(), TryModels: a.tryModels, Erase: a.erase,
		Rate: a.cfg.Rate, Burst: a.cfg.Burst, MaxBody: a.cfg.MaxBody,
		Caught: a.findable,
		Ready:  a.ready,
	}
}

// findable waits, as long as it is patient, until a change can be found.
func (a *app) findable(ctx context.Context, workspace string, seq int64) bool {
	f := a.following.Load()
	return f != nil && f.Wait(ctx, workspace, seq, patience)
}

// patience is how long a write waits until it can be found. What was written
// is kept either way.
const patience = 3 * time.Second

// ready reports why suggestions cannot be made at the moment.
func (a *app) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	pool, err := a.db.DB()
	if err == nil {
		err = pool.PingContext(ctx)
	}
	if err != nil {
		a.log.ErrorContext(ctx, "not ready", "error", err)
		return errors.New("the database does not answer")
	}
	if !a.answerer.Serving() || !a.caught.Load() {
		return errors.New("the index is being brought up to date")
	}
	return nil
}
