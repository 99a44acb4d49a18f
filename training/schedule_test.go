package training

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A lines is a log that many goroutines write to.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestOnce(t *testing.T) {
	for _, tt := range []struct {
		name string
		run  func(context.Context) error
		want string
	}{
		{"a job that is done", func(context.Context) error { return nil }, "job done"},
		{"a job that fails", func(context.Context) error { return errors.New("no paper") }, "no paper"},
		{"a job that panics", func(context.Context) error { panic("no ink") }, "panicked: no ink"},
		{"a job that takes too long", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, "deadline exceeded"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			log := new(lines)
			j := Job{Name: "print", Timeout: 10 * time.Millisecond, Run: tt.run}
			j.once(t.Context(), slog.New(slog.NewTextHandler(log, nil)))
			if !strings.Contains(log.String(), tt.want) || !strings.Contains(log.String(), "job=print") {
				t.Errorf("the log says %q, without %q", log.String(), tt.want)
			}
		})
	}
}

// The timetable's shortest time is a second, so this is what the test takes.
func TestRunWaitsForWhatIsUnderWayAndPassesOverWhatStillRuns(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var starts atomic.Int64
	var ended atomic.Bool
	others := make(chan struct{})
	jobs := []Job{
		{Name: "slow", Spec: "@every 1s", Timeout: time.Minute, Run: func(ctx context.Context) error {
			if ctx.Err() == nil { // one that is started while Run ends does not count
				starts.Add(1)
			}
			<-ctx.Done()
			ended.Store(true)
			return nil
		}},
		{Name: "broken", Spec: "@every 1s", Timeout: time.Minute, Run: func(context.Context) error {
			defer func() { others <- struct{}{} }()
			panic("again")
		}},
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		Run(ctx, jobs, slog.New(slog.DiscardHandler))
	}()
	<-others
	<-others // by its second run the slow job has been due again
	cancel()
	for over := false; !over; {
		select {
		case <-done:
			over = true
		case <-others:
		}
	}
	if starts.Load() != 1 {
		t.Errorf("a job that still ran was started %d times", starts.Load())
	}
	if !ended.Load() {
		t.Error("Run returned before its job had ended")
	}
}

func TestRunPanicsOnATimetableThatIsNone(t *testing.T) {
	defer func() {
		if p := recover(); p == nil || !strings.Contains(p.(string), "job bad") {
			t.Errorf("recovered %v", p)
		}
	}()
	Run(t.Context(), []Job{{Name: "bad", Spec: "now and then"}}, slog.New(slog.DiscardHandler))
}
