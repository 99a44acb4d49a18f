package training

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/kb/sqldb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

// victim names the database of the process that is killed.
const victim = "WHETSTONE_TEST_VICTIM"

// TestVictim is the process that is killed: it begins a job and never ends it.
func TestVictim(t *testing.T) {
	dsn := os.Getenv(victim)
	if dsn == "" {
		t.Skip("part of TestAJobThatIsKilledInItsMiddleIsDoneAgainOnce")
	}
	db, err := sqldb.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	r := &Runner{DB: db, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return noon }, Holder: "victim", Jobs: []Job{{
		Name: "count", Spec: "*/15 * * * *", Timeout: 5 * time.Minute, Run: func(context.Context) (string, error) {
			fmt.Println("begun")
			select {}
		},
	}}}
	r.Run(t.Context())
}

func TestAJobThatIsKilledInItsMiddleIsDoneAgainOnce(t *testing.T) {
	for name, dsn := range map[string]func(t *testing.T) string{
		"sqlite":   func(t *testing.T) string { return filepath.Join(t.TempDir(), "test.db") },
		"postgres": func(t *testing.T) string { return sqldbtest.PostgresDSN(t) },
	} {
		t.Run(name, func(t *testing.T) {
			dsn := dsn(t)
			db, err := sqldb.Open(t.Context(), dsn)
			if err != nil {
				t.Fatal(err)
			}
			pool, err := db.DB()
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := pool.Close(); err != nil {
					t.Error(err)
				}
			}()
			if _, err := sqldb.Migrate(t.Context(), db); err != nil {
				t.Fatal(err)
			}
			kill(t, dsn)

			var n atomic.Int64
			a, b := newReplica(db, "a", counting(&n)), newReplica(db, "b", counting(&n))
			for _, at := range []time.Duration{time.Second, 2 * time.Minute} {
				a.at(t, noon.Add(at))
			}
			if n.Load() != 0 {
				t.Error("begun while the killed process may have been alive")
			}
			for _, at := range []time.Duration{3 * time.Minute, 4 * time.Minute} {
				var looking sync.WaitGroup
				for _, r := range []*replica{a, b} {
					looking.Go(func() { r.at(t, noon.Add(at)) })
				}
				looking.Wait()
			}
			if got := a.history(t, "count"); n.Load() != 1 || got != "12:00:00 done 2" {
				t.Errorf("done %d times: %s", n.Load(), got)
			}
		})
	}
}

// kill starts the victim and kills it once its job has begun.
func kill(t *testing.T, dsn string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestVictim$", "-test.v")
	cmd.Env = append(os.Environ(), victim+"="+dsn)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	begun := false
	for lines := bufio.NewScanner(out); !begun && lines.Scan(); {
		begun = strings.Contains(lines.Text(), "begun")
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil || !begun {
		t.Fatalf("the job begun: %v; the process ended with %v", begun, err)
	}
}
