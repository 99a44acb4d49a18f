package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/whetstone-desk/whetstone/kb/connect"
	"github.com/whetstone-desk/whetstone/kb/source/desk"
	"github.com/whetstone-desk/whetstone/kb/source/fetch"
	"github.com/whetstone-desk/whetstone/kb/source/web"
	"github.com/whetstone-desk/whetstone/training"
)

// syncs keeps the workspaces in step with where their knowledge comes from.
func (a *app) syncs() *connect.Syncer {
	return &connect.Syncer{DB: a.db, Open: a.openRun, Latest: training.Latest, Token: a.cfg.token, Log: a.log}
}

// openRun begins to read a connection: the one place that knows which kind is
// read by what.
func (a *app) openRun(ctx context.Context, c connect.Connection, known func(id string) string) (connect.Run, error) {
	switch c.Kind {
	case connect.Folder:
		return connect.OpenFolder(ctx, c, a.files(&c))
	case connect.Git:
		return connect.OpenGit(ctx, c, a.files(&c))
	case connect.Site, connect.Feed:
		o, err := a.pages(&c, known)
		if err != nil {
			return nil, err
		}
		if c.Kind == connect.Feed {
			return web.OpenFeed(ctx, o), nil
		}
		return web.OpenSite(ctx, o), nil
	case connect.Desk:
		return a.desk(ctx, &c, known)
	}
	return nil, fmt.Errorf("connections of kind %s cannot be read", c.Kind)
}

// desk begins to read another helpdesk.
func (a *app) desk(ctx context.Context, c *connect.Connection, known func(id string) string) (connect.Run, error) {
	o := desk.Options{
		System: c.Config.System, URL: c.Config.URL, Login: c.Config.Login, Origin: connect.Origin(c.ID), Detect: languageOf,
		Locale: c.Config.Locale, Product: c.Config.Product, Tickets: c.Config.Tickets, Articles: c.Config.Articles,
		Since: c.Cursor, Known: known, Fetch: fetch.Options{AllowPrivate: a.cfg.FetchPrivate},
	}
	at, err := o.Address()
	if err != nil {
		return nil, err
	}
	token, err := a.tokenOf(c, at)
	if err != nil {
		return nil, err
	}
	o.Token = fetch.NewSecret(token)
	return desk.Read(ctx, o)
}

// files is how a connection reaches the disk, and repositories elsewhere.
func (a *app) files(c *connect.Connection) connect.FileOptions {
	within := filepath.SplitList(a.cfg.Folders)
	if within == nil {
		within = []string{} // none, not all
	}
	return connect.FileOptions{
		Within: within, Detect: languageOf, Data: a.cfg.Data,
		Addresses: func(ctx context.Context, host string) ([]netip.Addr, error) {
			return fetch.Addresses(ctx, host, a.cfg.FetchPrivate)
		},
		Token: func(to *url.URL) (string, error) { return a.tokenOf(c, to) },
	}
}

// pages is how a site or a feed is read.
func (a *app) pages(c *connect.Connection, known func(id string) string) (web.Options, error) {
	u, err := url.Parse(c.Config.URL)
	if err != nil {
		return web.Options{}, fmt.Errorf("url of connection %s: %w", c.ID, err)
	}
	hosts := c.Config.Hosts
	if len(hosts) == 0 {
		hosts = []string{u.Host}
	}
	o := fetch.Options{Hosts: hosts, AllowPrivate: a.cfg.FetchPrivate}
	if c.Config.Token != "" {
		token, err := a.tokenOf(c, u)
		if err != nil {
			return web.Options{}, err
		}
		o.Credentials = []fetch.Credential{fetch.Bearer(u.Host, fetch.NewSecret(token))}
	}
	return web.Options{
		URL: c.Config.URL, Client: fetch.New(o), Known: known, Cursor: c.Cursor, Depth: c.Config.Depth, MaxPages: c.Config.MaxPages,
		Within: c.Config.Within, Sitemap: c.Config.Sitemap, Prefix: cmp.Or(c.Config.Prefix, c.ID+"."), Origin: connect.Origin(c.ID), Tags: c.Config.Tags, Locale: c.Config.Locale, Product: c.Config.Product,
		Region: c.Config.Region, Audience: c.Config.Audience, Detect: languageOf,
	}, nil
}

// A syncing brings connections in step in the background, for as long as the
// server lives.
type syncing struct {
	syncer    *connect.Syncer
	life      context.Context
	log       *slog.Logger
	now       func() time.Time
	near, far chan struct{} // room for runs of the timetable
	runs      sync.WaitGroup
}

// syncPatience is how long somebody who wants a connection synced is kept
// waiting for it.
const syncPatience = 10 * time.Second

// synced is what came of a run.
type synced struct {
	report connect.Report
	err    error
}

// sync syncs a connection. What takes longer than syncPatience goes on without
// the caller.
func (s *syncing) sync(ctx context.Context, workspace, id string, how connect.How) (connect.Report, bool, error) {
	came := make(chan synced, 1)
	s.runs.Go(func() { //nolint:contextcheck // a run outlives the request that started it
		report, err := s.syncer.Sync(s.life, workspace, id, how)
		came <- synced{report, err}
	})
	select {
	case r := <-came:
		return r.report, true, r.err
	case <-time.After(syncPatience):
		return connect.Report{}, false, nil
	case <-ctx.Done():
		return connect.Report{}, false, ctx.Err()
	}
}

// How many connections one process reads at a time. Those of the disk do not
// wait for those of others, which take long and mostly wait themselves.
const (
	nearAtOnce = 2
	farAtOnce  = 8
)

// newSyncing returns what syncs until life ends.
func newSyncing(life context.Context, syncer *connect.Syncer, log *slog.Logger) *syncing {
	return &syncing{
		syncer: syncer, life: life, log: log, now: time.Now,
		near: make(chan struct{}, nearAtOnce), far: make(chan struct{}, farAtOnce),
	}
}

// due begins to sync the connections whose time has come, as many as there is
// room for, and does not wait for them. Each is claimed by itself, so that
// nothing but its own run holds a connection up, in whatever process that is.
func (s *syncing) due(ctx context.Context) (string, error) {
	due, err := s.syncer.Due(ctx, s.now())
	if err != nil {
		return "", err
	}
	// Those that have waited longest come first, so that none waits for ever.
	slices.SortStableFunc(due, func(a, b connect.Turn) int { return a.Slot.Compare(b.Slot) })
	begun := 0
	for _, turn := range due {
		room := s.far
		if turn.Connection.Near() {
			room = s.near
		}
		select {
		case room <- struct{}{}:
			begun++
			s.runs.Go(func() { //nolint:contextcheck // a run outlives the job that started it
				defer func() { <-room }()
				s.turn(turn)
			})
		default: // the next minute may have room
		}
	}
	return fmt.Sprintf("%d of %d due begun", begun, len(due)), nil
}

// turn syncs a connection whose time has come.
func (s *syncing) turn(turn connect.Turn) {
	c := &turn.Connection
	_, err := s.syncer.Sync(s.life, c.WorkspaceID, c.ID, connect.How{Slot: turn.Slot})
	switch {
	case err == nil, s.life.Err() != nil, errors.Is(err, connect.ErrRunning): // another process was faster
	default:
		s.log.WarnContext(s.life, "connection not in step", "workspace", c.WorkspaceID, "connection", c.ID, "error", err)
	}
}
