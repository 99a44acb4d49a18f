package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

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
		return connect.OpenFolder(ctx, c, a.files())
	case connect.Git:
		return connect.OpenGit(ctx, c, a.files())
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
		token, err := a.tokenOf(&c)
		if err != nil {
			return nil, err
		}
		return desk.Read(ctx, desk.Options{
			System: c.Config.System, URL: c.Config.URL, Login: c.Config.Login, Token: token, Origin: connect.Origin(c.ID), Detect: languageOf,
			Locale: c.Config.Locale, Product: c.Config.Product, Tickets: c.Config.Tickets, Articles: c.Config.Articles,
			Since: c.Cursor, Known: known, Fetch: fetch.Options{AllowPrivate: a.cfg.FetchPrivate},
		})
	}
	return nil, fmt.Errorf("connections of kind %s cannot be read", c.Kind)
}

// files is how connections reach the disk.
func (a *app) files() connect.FileOptions {
	within := filepath.SplitList(a.cfg.Folders)
	if within == nil {
		within = []string{} // none, not all
	}
	return connect.FileOptions{Within: within, Detect: languageOf, Data: a.cfg.Data, Token: a.cfg.token}
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
		token, err := a.tokenOf(c)
		if err != nil {
			return web.Options{}, err
		}
		o.Credentials = []fetch.Credential{fetch.Bearer(u.Host, token)}
	}
	return web.Options{
		URL: c.Config.URL, Client: fetch.New(o), Known: known, Cursor: c.Cursor, Depth: c.Config.Depth, MaxPages: c.Config.MaxPages,
		Within: c.Config.Within, Sitemap: c.Config.Sitemap, Prefix: cmp.Or(c.Config.Prefix, c.ID+"."), Origin: connect.Origin(c.ID), Tags: c.Config.Tags, Locale: c.Config.Locale, Product: c.Config.Product,
		Region: c.Config.Region, Audience: c.Config.Audience, Detect: languageOf,
	}, nil
}

// tokenOf is the token that a connection names.
func (a *app) tokenOf(c *connect.Connection) (fetch.Secret, error) {
	if c.Config.Token == "" {
		return fetch.Secret{}, fmt.Errorf("connection %s names no token: set %sNAME and put NAME into its config", c.ID, tokenPrefix)
	}
	token, ok := a.cfg.token(c.Config.Token)
	if !ok {
		return fetch.Secret{}, fmt.Errorf("there is no token %s: set %s%s and start again", c.Config.Token, tokenPrefix, c.Config.Token)
	}
	return fetch.NewSecret(token), nil
}

// A syncing brings connections in step in the background, for as long as the
// server lives.
type syncing struct {
	syncer *connect.Syncer
	life   context.Context
	runs   sync.WaitGroup
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

// syncsAtOnce is how many connections are read at a time: they mostly wait for
// others.
const syncsAtOnce = 4

// syncDue syncs the connections whose time has come.
func (a *app) syncDue(ctx context.Context) (string, error) {
	due, err := a.syncer.Due(ctx, time.Now())
	if err != nil {
		return "", err
	}
	var g errgroup.Group
	g.SetLimit(syncsAtOnce)
	var mu sync.Mutex
	var failed []error
	done := 0
	for _, turn := range due {
		g.Go(func() error {
			_, err := a.syncer.Sync(ctx, turn.Connection.WorkspaceID, turn.Connection.ID, connect.How{Slot: turn.Slot})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				done++
			case !errors.Is(err, connect.ErrRunning): // another process was faster
				failed = append(failed, fmt.Errorf("connection %s of %s: %w", turn.Connection.ID, turn.Connection.WorkspaceID, err))
			}
			return nil
		})
	}
	_ = g.Wait() // its functions return no error
	return fmt.Sprintf("%d of %d due", done, len(due)), errors.Join(failed...)
}
