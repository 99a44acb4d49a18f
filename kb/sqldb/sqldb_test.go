package sqldb_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb/sqldb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

func TestMigrateTwiceChangesNothing(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		if n, err := sqldb.Migrate(t.Context(), db); n != 0 || err != nil {
			t.Errorf("applied %d migrations to a current schema, %v", n, err)
		}
	})
}

func TestMigrateRefusesANewerSchema(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		err := db.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, ?)", true).Error
		if err != nil {
			t.Fatal(err)
		}
		if _, err := sqldb.Migrate(t.Context(), db); err == nil || !strings.Contains(err.Error(), "newer whetstone") {
			t.Errorf("error %v, want one that says to start a newer program", err)
		}
	})
}

func TestReplicasThatStartTogetherMigrateOnce(t *testing.T) {
	dsn := sqldbtest.PostgresDSN(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			db, err := sqldb.Open(t.Context(), dsn)
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := sqldb.Migrate(t.Context(), db); err != nil {
				t.Error(err)
			}
			if pool, err := db.DB(); err != nil || pool.Close() != nil {
				t.Error("cannot close")
			}
		})
	}
	wg.Wait()
}

func TestOpenTakesAnyPath(t *testing.T) {
	for _, name := range []string{"a b.db", "дом.db", "100%.db", "a?b#c.db"} {
		db, err := sqldb.Open(t.Context(), filepath.Join(t.TempDir(), "new folder", name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, err := sqldb.Migrate(t.Context(), db); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if pool, err := db.DB(); err != nil || pool.Close() != nil {
			t.Errorf("%s: cannot close", name)
		}
	}
}

func TestOpenSaysThatTheServerIsAway(t *testing.T) {
	_, err := sqldb.Open(t.Context(), "postgres://anna:sesame@127.0.0.1:1/none?connect_timeout=2")
	if !errors.Is(err, sqldb.ErrUnavailable) {
		t.Errorf("error %v, want ErrUnavailable", err)
	}
	if strings.Contains(fmt.Sprint(err), "sesame") {
		t.Errorf("the error shows the password: %v", err)
	}
}

func TestLease(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		take := func(holder string, ttl time.Duration) bool {
			ok, err := sqldb.Lease(t.Context(), db, "index", holder, ttl)
			if err != nil {
				t.Fatal(err)
			}
			return ok
		}
		for range 2 {
			if !take("a", time.Hour) {
				t.Error("the holder cannot take or prolong the lease")
			}
		}
		if take("b", time.Hour) {
			t.Error("two hold the lease")
		}
		if err := sqldb.Release(t.Context(), db, "index", "b"); err != nil || take("b", time.Hour) {
			t.Errorf("another released the lease, %v", err)
		}
		if err := sqldb.Release(t.Context(), db, "index", "a"); err != nil || !take("b", -time.Second) {
			t.Errorf("a released lease cannot be taken, %v", err)
		}
		if !take("c", time.Hour) {
			t.Error("a lease that ran out cannot be taken")
		}
	})
}

func TestOnlyOneOfManyGetsALease(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		var mu sync.Mutex
		var wg sync.WaitGroup
		got := 0
		for i := range 8 {
			wg.Go(func() {
				ok, err := sqldb.Lease(t.Context(), db, "job", strconv.Itoa(i), time.Hour)
				if err != nil {
					t.Error(err)
				}
				if ok {
					mu.Lock()
					got++
					mu.Unlock()
				}
			})
		}
		if wg.Wait(); got != 1 {
			t.Errorf("%d got the lease", got)
		}
	})
}

func TestState(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		if _, known, err := sqldb.State(t.Context(), db, "serving"); known || err != nil {
			t.Errorf("what was never set is known: %v, %v", known, err)
		}
		for _, want := range []string{"one", "two"} {
			if err := sqldb.SetState(t.Context(), db, "serving", want); err != nil {
				t.Fatal(err)
			}
			if got, known, err := sqldb.State(t.Context(), db, "serving"); got != want || !known || err != nil {
				t.Errorf("state %q, %v, %v, want %q", got, known, err, want)
			}
		}
	})
}

func TestTransient(t *testing.T) {
	for text, want := range map[string]bool{
		"database or disk is full (13)":                true,
		"dial tcp 127.0.0.1:1: connection refused":     true,
		"constraint failed: UNIQUE (2067)":             false,
		"syntax error at or near SELECT (SQLSTATE 42)": false,
	} {
		if got := sqldb.Transient(fmt.Errorf("kb: put: %w", errors.New(text))); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
	if sqldb.Transient(nil) {
		t.Error("no error is transient")
	}
}

func TestMaskedHidesThePassword(t *testing.T) {
	if got := sqldb.Masked("postgres://anna:sesame@db/w"); strings.Contains(got, "sesame") || !strings.Contains(got, "db/w") {
		t.Errorf("masked %q", got)
	}
}
