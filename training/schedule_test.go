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

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
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

// A clock shows the time it is set to.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = t
}

// noon is when tests of the timetable begin: noon of a Friday.
var noon = time.Date(2026, 5, 15, 12, 0, 0, 0, time.UTC)

// A replica is a Runner with its own clock and log.
type replica struct {
	*Runner
	clock *clock
	log   *lines
}

func newReplica(db *gorm.DB, holder string, jobs ...Job) *replica {
	c, log := &clock{t: noon}, new(lines)
	return &replica{
		&Runner{DB: db, Jobs: jobs, Log: slog.New(slog.NewTextHandler(log, nil)), Now: c.now, Holder: holder}, c, log,
	}
}

// at sets the clock and looks, once, and waits for what was begun.
func (r *replica) at(t *testing.T, now time.Time) {
	t.Helper()
	r.clock.set(now)
	r.look(t.Context(), now)
	r.runs.Wait()
}

// history is the job's runs, the earliest first, as status and attempt.
func (r *replica) history(t *testing.T, job string) string {
	t.Helper()
	runs, err := r.History(t.Context(), job, 1000)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for i := len(runs) - 1; i >= 0; i-- {
		out = append(out, runs[i].Slot.Format("15:04:05")+" "+string(runs[i].Status)+" "+string(rune('0'+runs[i].Attempt)))
	}
	return strings.Join(out, ", ")
}

// counting is a job that counts how often it is done.
func counting(n *atomic.Int64) Job {
	return Job{Name: "count", About: "Counts.", Spec: "*/15 * * * *", Timeout: 5 * time.Minute, Run: func(context.Context) (string, error) {
		n.Add(1)
		return "counted", nil
	}}
}

func TestSlotsComeFromTheTimetableAlone(t *testing.T) {
	for _, tt := range []struct{ name, spec, now, latest, after string }{
		{"within a quarter of an hour", "*/15 * * * *", "2026-05-15T12:07:31Z", "2026-05-15T12:00:00Z", "2026-05-15T12:15:00Z"},
		{"at a slot, which is due", "*/15 * * * *", "2026-05-15T12:15:00Z", "2026-05-15T12:15:00Z", "2026-05-15T12:30:00Z"},
		{"just before a slot", "*/15 * * * *", "2026-05-15T12:14:59.999999Z", "2026-05-15T12:00:00Z", "2026-05-15T12:15:00Z"},
		{"just after a slot", "*/15 * * * *", "2026-05-15T12:15:00.000001Z", "2026-05-15T12:15:00Z", "2026-05-15T12:30:00Z"},
		{"once a day, before its time", "47 3 * * *", "2026-05-15T03:46:59Z", "2026-05-14T03:47:00Z", "2026-05-15T03:47:00Z"},
		{"in another zone, as in UTC", "47 3 * * *", "2026-05-15T05:46:59+02:00", "2026-05-14T03:47:00Z", "2026-05-15T03:47:00Z"},
		{"every minute of one month", "* * * 12 *", "2026-11-30T23:59:59Z", "2025-12-31T23:59:00Z", "2026-12-01T00:00:00Z"},
		{"once in four years", "0 0 29 2 *", "2027-06-01T00:00:00Z", "2024-02-29T00:00:00Z", "2028-02-29T00:00:00Z"},
		{"once a week", "0 6 * * 1", "2026-05-15T12:00:00Z", "2026-05-11T06:00:00Z", "2026-05-18T06:00:00Z"},
		{"by a name", "@daily", "2026-05-15T12:00:00Z", "2026-05-15T00:00:00Z", "2026-05-16T00:00:00Z"},
		{"every so often", "@every 10m", "2026-05-15T12:07:31Z", "2026-05-15T12:00:00Z", "2026-05-15T12:10:00Z"},
		{"every second", "@every 1s", "2026-05-15T12:07:31.5Z", "2026-05-15T12:07:31Z", "2026-05-15T12:07:32Z"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			table, err := parse(tt.spec)
			if err != nil {
				t.Fatal(err)
			}
			now, err := time.Parse(time.RFC3339Nano, tt.now)
			if err != nil {
				t.Fatal(err)
			}
			if got := table.latest(now).Format(time.RFC3339Nano); got != tt.latest {
				t.Errorf("the latest slot is %s, want %s", got, tt.latest)
			}
			if got := table.after(now).Format(time.RFC3339Nano); got != tt.after {
				t.Errorf("the next slot is %s, want %s", got, tt.after)
			}
		})
	}
}

func TestRunPanicsOnJobsThatCannotBe(t *testing.T) {
	for _, tt := range []struct {
		name string
		jobs []Job
		want string
	}{
		{"a timetable that is none", []Job{{Name: "bad", Spec: "now and then"}}, "job bad"},
		{"a day that never comes", []Job{{Name: "bad", Spec: "0 0 30 2 *"}}, "no such day"},
		{"two of one name", []Job{{Name: "twin", Spec: "@daily"}, {Name: "twin", Spec: "@hourly"}}, "two jobs are called twin"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			defer func() {
				if p := recover(); p == nil || !strings.Contains(p.(string), tt.want) {
					t.Errorf("recovered %v", p)
				}
			}()
			newReplica(nil, "a", tt.jobs...).Run(t.Context())
		})
	}
}

func TestHowAJobEndsIsKeptAndLogged(t *testing.T) {
	for _, tt := range []struct {
		name       string
		run        func(context.Context) (string, error)
		status     Status
		note, logs string
	}{
		{"a job that is done", func(context.Context) (string, error) { return "3 pages", nil }, Done, "3 pages", "job done"},
		{
			"a job that fails", func(context.Context) (string, error) { return "2 of 3 pages", errors.New("no paper for acme") },
			Failed, "2 of 3 pages; failed; the server's log says why", "no paper for acme",
		},
		{
			"a job that panics", func(context.Context) (string, error) { panic("no ink for acme") },
			Failed, "panicked; the server's log says where", "no ink for acme",
		},
		{
			"a job that takes too long", func(ctx context.Context) (string, error) { <-ctx.Done(); return "", ctx.Err() },
			Failed, "took longer than it may", "deadline exceeded",
		},
		{
			"a job whose database goes", func(context.Context) (string, error) { return "", errors.New("dial: connection refused") },
			Failed, "the database did not answer", "connection refused",
		},
		{
			"a job that says too much", func(context.Context) (string, error) { return strings.Repeat("ж", 600), nil },
			Done, strings.Repeat("ж", 499) + "…", "job done",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newReplica(sqldbtest.SQLite(t), "a", Job{Name: "print", Spec: "@hourly", Timeout: 10 * time.Millisecond, Run: tt.run})
			r.at(t, noon)
			runs, err := r.History(t.Context(), "print", 10)
			if err != nil || len(runs) != 1 {
				t.Fatalf("%v %v", runs, err)
			}
			if runs[0].Status != tt.status || runs[0].Note != tt.note || runs[0].FinishedAt == nil {
				t.Errorf("kept: %+v", runs[0])
			}
			if log := r.log.String(); !strings.Contains(log, tt.logs) || !strings.Contains(log, "job=print") {
				t.Errorf("the log says %q, without %q", log, tt.logs)
			}
		})
	}
}

func TestRunDoesWhatWasMissedAtOnceAndWaitsForWhatIsUnderWay(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	begun := make(chan struct{})
	var ended atomic.Bool
	r := newReplica(sqldbtest.SQLite(t), "a", Job{Name: "slow", Spec: "@daily", Timeout: time.Hour, Run: func(ctx context.Context) (string, error) {
		close(begun)
		<-ctx.Done()
		ended.Store(true)
		return "", ctx.Err()
	}})
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.Run(ctx)
	}()
	<-begun
	cancel()
	<-done
	if !ended.Load() {
		t.Error("Run returned before its job had ended")
	}
	if _, err := r.Start(t.Context(), "slow"); !errors.Is(err, ErrStopped) {
		t.Errorf("started after the end: %v", err)
	}
	if got := r.history(t, "slow"); got != "00:00:00 running 0" {
		t.Errorf("a run that was stopped is kept as %q", got)
	}
}

func TestAJobForEachProcessRunsInEachProcess(t *testing.T) {
	db := sqldbtest.SQLite(t)
	var n [2]atomic.Int64
	var all [2]*replica
	for i := range all {
		j := counting(&n[i])
		j.Everywhere = true
		all[i] = newReplica(db, string(rune('a'+i)), j)
		all[i].open(t.Context())
		for _, after := range []time.Duration{0, time.Minute, 15 * time.Minute, 16 * time.Minute, 31 * time.Minute} {
			all[i].at(t, noon.Add(after))
		}
	}
	// At its start a process has what it needs: the first two slots after that count.
	if n[0].Load() != 2 || n[1].Load() != 2 {
		t.Errorf("done %d and %d times", n[0].Load(), n[1].Load())
	}
	if got := all[0].history(t, "count"); got != "" {
		t.Errorf("history %q", got)
	}
	if _, err := all[0].Start(t.Context(), "count"); !errors.Is(err, ErrNotFound) {
		t.Errorf("started for one process alone: %v", err)
	}
}

func TestWhatBelongsToTheNightIsNotMadeUpForAtNoon(t *testing.T) {
	ran := make(map[string]int)
	job := func(name string, late time.Duration) Job {
		return Job{Name: name, Spec: "@daily", Timeout: time.Hour, Late: late, Run: func(context.Context) (string, error) {
			ran[name]++
			return "", nil
		}}
	}
	r := newReplica(sqldbtest.SQLite(t), "a", job("night", 2*time.Hour))
	r.at(t, noon)
	if ran["night"] != 0 {
		t.Error("it ran at noon, twelve hours late")
	}
	r.at(t, noon.Add(13*time.Hour)) // an hour after the next midnight
	if ran["night"] != 1 {
		t.Errorf("it ran %d times an hour after its time", ran["night"])
	}
}
