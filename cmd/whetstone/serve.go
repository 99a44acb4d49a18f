package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/whetstone-desk/whetstone/kb/sqldb"
	"github.com/whetstone-desk/whetstone/retrieval"
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
			defer a.closing(&err)
			if _, err := a.workspace(cmd.Context()); err != nil {
				return err
			}
			return a.serve(cmd.Context(), func(addr string) {
				c.note("whetstone %s serves http://%s, API docs at http://%s/docs", version, addr, addr)
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

// serve opens the index, answers requests and keeps the index in step until
// ctx ends. It calls up with the address once it listens.
func (a *app) serve(ctx context.Context, up func(addr string)) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", a.cfg.Addr)
	if err != nil {
		return fmt.Errorf("%w\nanother program may be there: choose an address with --addr or WHETSTONE_ADDR", err)
	}
	space, err := a.openSpace(ctx, false)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	f := a.follower(space)
	if err := f.Catch(ctx); err != nil {
		return errors.Join(err, listener.Close())
	}
	srv := &http.Server{Handler: a.server(f).Handler(), ReadHeaderTimeout: headTime, IdleTimeout: idleTime}
	bg, stop := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer stop()
	wg.Go(func() { f.Run(bg) })
	wg.Go(func() { a.reembed(bg, space) })
	wg.Go(func() { training.Run(bg, a.jobs(), a.log) })
	wg.Go(func() {
		<-bg.Done()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
		defer cancel()
		if err := srv.Shutdown(end); err != nil {
			a.log.Warn("requests were cut off", "error", err)
		}
	})
	up(listener.Addr().String())
	if err := srv.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// follower keeps the space's index in step. In-process indexes are filled by
// every process; a Qdrant is filled by the one that has the lease.
func (a *app) follower(s *space) *retrieval.Follower {
	f := &retrieval.Follower{
		Indexer: a.indexer(s),
		KB:      a.kb, Every: follow, Log: a.log,
	}
	if s.shared {
		host, _ := os.Hostname() // the process id alone tells processes of one host apart
		holder := fmt.Sprintf("%s/%d", host, os.Getpid())
		f.Allowed = func(ctx context.Context) bool {
			ok, err := sqldb.Lease(ctx, a.db, "index", holder, 30*time.Second)
			return ok && err == nil
		}
	}
	return f
}

// jobs is the timetable.
func (a *app) jobs() []training.Job {
	return []training.Job{
		{Name: "forget-replies", Spec: "17 * * * *", Timeout: time.Minute, Run: func(ctx context.Context) error {
			_, err := a.replies.Forget(ctx, time.Now().Add(-48*time.Hour))
			return err
		}},
	}
}
