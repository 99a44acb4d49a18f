package main

import (
	"context"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb/sqldb"
)

// A lead says which of the processes that share an index fills it. The others
// read. It is kept in the database and passes on when its holder is gone.
type lead struct {
	db   *gorm.DB
	name string
	held atomic.Bool
}

// leadTime is how long a lead outlives a process that was killed.
const leadTime = 30 * time.Second

// holder tells this process from the others: the host, and the process on it.
func holder() string {
	host, _ := os.Hostname() // without a name the process is all there is to tell
	return fmt.Sprintf("%s/%d", host, os.Getpid())
}

// take takes or prolongs the lead and reports whether this process has it.
func (l *lead) take(ctx context.Context) bool {
	ok, err := sqldb.Lease(ctx, l.db, l.name, holder(), leadTime)
	l.held.Store(ok && err == nil)
	return ok && err == nil
}

// keep prolongs the lead while it is held, however long a batch takes, and
// gives it up when ctx ends.
func (l *lead) keep(ctx context.Context) {
	tick := time.NewTicker(leadTime / 3)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if l.held.Load() {
				l.take(ctx)
			}
		case <-ctx.Done():
			end, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
			defer cancel()
			_ = sqldb.Release(end, l.db, l.name, holder()) // it runs out by itself
			return
		}
	}
}

// leading takes the lead on filling the space and returns what gives it up; ok
// is false if another process has it. An index in this process needs none.
func (a *app) leading(ctx context.Context, s *space) (release func(), ok bool) {
	if !s.shared {
		return func() {}, true
	}
	if !s.lead.take(ctx) {
		return func() {}, false
	}
	held, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		s.lead.keep(held)
		close(done)
	}()
	return func() { cancel(); <-done }, true
}
