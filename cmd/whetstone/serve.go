package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/whetstone-desk/whetstone/api/notify"
	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/retrieval/chat"
	"github.com/whetstone-desk/whetstone/retrieval/memindex"
	"github.com/whetstone-desk/whetstone/training"
)

func (c *cli) serveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "serve", Short: "Serve the API", Args: cobra.NoArgs,
		Example: "  whetstone serve --addr 0.0.0.0:8080\n  WHETSTONE_DATABASE=postgres://… WHETSTONE_QDRANT_URL=http://localhost:6334 whetstone serve",
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			a, err := c.openCLI(cmd.Context())
			if err != nil {
				return err
			}
			defer stopping(cmd.Context(), &err)
			defer a.closing(&err)
			if _, err := a.workspace(cmd.Context()); err != nil {
				return err
			}
			return a.serve(cmd.Context(), func(addr string) {
				c.note("whetstone %s serves http://%s, API docs at http://%s/docs", version, addr, addr)
				a.sayFirst(cmd.Context(), c)
			})
		},
	}
	cmd.Flags().StringVar(&c.addr, "addr", "", "address to listen on (WHETSTONE_ADDR)")
	return cmd
}

// Times of the HTTP server. Bulk requests and streams may go on for long, so
// there is no limit on a whole request, only on its head and on idling.
const (
	headTime     = 10 * time.Second
	idleTime     = 2 * time.Minute
	shutdownTime = 10 * time.Second
)

// follow is how often a process looks for what others wrote.
const follow = time.Second

// gcPercent is how much a server's heap may grow before it is collected. The
// index lies outside of the heap, which is small, so time is worth more.
const gcPercent = 300

// serve opens the index, answers requests and keeps the index in step until
// ctx ends. It calls up with the address once the index is up to date; until
// then it answers that it is not ready.
func (a *app) serve(ctx context.Context, up func(addr string)) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", a.cfg.Addr)
	if err != nil {
		return fmt.Errorf("%w\nanother program may be there: choose an address with --addr or WHETSTONE_ADDR", err)
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if err := a.checkChat(ctx); err != nil {
		return errors.Join(err, listener.Close())
	}
	space, err := a.openSpace(ctx, false)
	if errors.Is(err, memindex.ErrInUse) {
		err = fmt.Errorf("%w\nanother server works in this data folder: stop it, or name another folder with --data or WHETSTONE_DATA", err)
	}
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	f := a.follower(space)
	a.following.Store(f)
	bg, stop := context.WithCancelCause(ctx)
	var wg sync.WaitGroup
	syncs := newSyncing(bg, a.syncer, a.log)
	jobs, server := a.runner(syncs), a.server()
	server.Jobs, server.Sync = jobs, syncs.sync
	srv := &http.Server{Handler: server.Handler(), ReadHeaderTimeout: headTime, IdleTimeout: idleTime}
	defer syncs.runs.Wait()
	defer wg.Wait()
	defer stop(nil)
	wg.Go(func() {
		// An index that is behind can be searched; the follower tries again,
		// and logs why. Only what cannot get better by itself is no start.
		if err := f.Catch(bg); errors.Is(err, embeddings.ErrMisconfigured) {
			stop(err)
		}
		if bg.Err() == nil {
			a.caught.Store(true)
			up(listener.Addr().String())
			a.keep(bg, space, f)
		}
	})
	wg.Go(func() { jobs.Run(bg) })
	wg.Go(func() { a.learning.digester.Run(bg) })
	wg.Go(func() {
		<-bg.Done()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
		defer cancel()
		if err := srv.Shutdown(end); err != nil {
			a.log.Warn("requests were cut off", "error", err)
		}
	})
	if err := srv.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	if cause := context.Cause(bg); ctx.Err() == nil {
		return cause
	}
	return nil
}

// checkTime is how long start-up waits for the server that writes replies.
const checkTime = 5 * time.Second

// checkChat reports settings of the model that writes replies that can never
// work. A server that is away or slow is no hindrance: replies are quoted.
func (a *app) checkChat(ctx context.Context) error {
	if a.cfg.ChatURL == "" {
		return nil
	}
	g, err := chat.New(chat.Options{BaseURL: a.cfg.ChatURL, Key: a.cfg.ChatKey, Model: a.cfg.ChatModel, Timeout: checkTime})
	if err == nil {
		err = g.Check(ctx)
	}
	if errors.Is(err, embeddings.ErrUnavailable) {
		a.log.Warn("the model server is away; replies are quoted until it is back", "error", err)
		return nil
	}
	return err
}

// stopping ends a server that was told to stop, be it while it started: that is
// how it should end.
func stopping(ctx context.Context, err *error) {
	if ctx.Err() != nil {
		*err = nil
	}
}

// runner does the jobs, together with those of other processes.
func (a *app) runner(syncs *syncing) *training.Runner {
	return &training.Runner{DB: a.db, Jobs: a.jobs(syncs), Log: a.log, Holder: holder()}
}

// jobs is the timetable.
func (a *app) jobs(syncs *syncing) []training.Job {
	return slices.Concat(a.learningJobs(), a.sourceJobs(syncs), a.peopleJobs(), []training.Job{
		{
			Name: "forget-replies", About: "Forgets the idempotency keys of requests older than two days.",
			Spec: "17 * * * *", Timeout: time.Minute,
			Run: func(ctx context.Context) (string, error) {
				n, err := a.replies.Forget(ctx, time.Now().Add(-48*time.Hour))
				return fmt.Sprintf("%d forgotten", n), err
			},
		},
		{
			Name: "forget-personal-data", About: "Forgets the personal data that was taken out of old suggestions, and the texts of tickets that were solved long ago.",
			Spec: "47 3 * * *", Timeout: 10 * time.Minute,
			Run: func(ctx context.Context) (string, error) {
				if a.cfg.KeepDays == 0 {
					return "the settings keep it", nil
				}
				before := time.Now().AddDate(0, 0, -a.cfg.KeepDays)
				n, err := a.store.Forget(ctx, before)
				texts, failed := a.tickets.Forget(ctx, before)
				return fmt.Sprintf("%d suggestions, %d tickets", n, texts), errors.Join(err, failed)
			},
		},
	})
}

// noticesKept is how long notices that were delivered are kept.
const noticesKept = 180 * 24 * time.Hour

// sourceJobs is the part of the timetable that reads from others and tells
// them.
func (a *app) sourceJobs(syncs *syncing) []training.Job {
	deliverer := &notify.Deliverer{
		Store: a.notices, AllowPrivate: a.cfg.FetchPrivate, Log: a.log,
		Mail: notify.Mail{Addr: a.cfg.SMTPAddr, User: a.cfg.SMTPUser, Password: a.cfg.SMTPPassword, From: a.cfg.SMTPFrom, Language: a.cfg.SMTPLanguage},
	}
	return []training.Job{
		{
			Name: "sync", About: "Begins to bring the knowledge base in step with the connections whose time has come.",
			Spec: "* * * * *", Timeout: time.Minute, Run: syncs.due,
		},
		{
			Name: "deliver", About: "Sends notices to webhooks and by e-mail.",
			Spec: "@every 10s", Timeout: 5 * time.Minute, Everywhere: true, Run: deliverer.Send,
		},
		{
			Name: "forget-notices", About: "Forgets notices older than half a year.",
			Spec: "23 4 * * *", Timeout: 10 * time.Minute,
			Run: func(ctx context.Context) (string, error) {
				n, err := a.notices.Prune(ctx, time.Now().Add(-noticesKept))
				return fmt.Sprintf("%d forgotten", n), err
			},
		},
	}
}
