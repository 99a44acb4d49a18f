// Package sqldbtest gives tests of stores a database to run on: every kind
// that Whetstone supports and this machine has.
package sqldbtest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"

	"github.com/whetstone-desk/whetstone/kb/sqldb"
)

// Postgres is the environment variable that names a PostgreSQL server on
// which tests may make and drop databases.
const Postgres = "WHETSTONE_TEST_POSTGRES"

// Each runs test on an empty, migrated database of every kind. PostgreSQL is
// skipped with a message where no server is named.
func Each(t *testing.T, test func(t *testing.T, db *gorm.DB)) {
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, open(t, PostgresDSN(t))) })
}

// SQLite returns an empty, migrated SQLite database that lives as long as the
// test.
func SQLite(t testing.TB) *gorm.DB {
	return open(t, filepath.Join(t.TempDir(), "test.db"))
}

// PostgresDSN makes an empty PostgreSQL database that lives as long as the
// test and returns its address, or skips the test where no server is named.
func PostgresDSN(t testing.TB) string {
	server := os.Getenv(Postgres)
	if server == "" {
		t.Skip("SKIPPED: no PostgreSQL; set " + Postgres + " to the address of a server for tests, or run make test")
	}
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("%s: %v", Postgres, err)
	}
	admin, err := sqldb.Open(t.Context(), server)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("whetstone_%d_%d", os.Getpid(), time.Now().UnixNano())
	if err := admin.Exec("CREATE DATABASE " + name).Error; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// The test's own context has ended by now.
		if err := admin.WithContext(context.Background()).Exec("DROP DATABASE " + name + " WITH (FORCE)").Error; err != nil {
			t.Error(err)
		}
		shut(t, admin)
	})
	u.Path = "/" + name
	return u.String()
}

func open(t testing.TB, dsn string) *gorm.DB {
	db, err := sqldb.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, db) })
	if _, err := sqldb.Migrate(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	return db
}

func shut(t testing.TB, db *gorm.DB) {
	pool, err := db.DB()
	if err == nil {
		err = pool.Close()
	}
	if err != nil {
		t.Error(err)
	}
}

// Matches reports an error for each column that a model has and its table has
// not, or the other way round.
func Matches(t *testing.T, db *gorm.DB, models ...any) {
	t.Helper()
	for _, model := range models {
		s, err := schema.Parse(model, new(sync.Map), db.NamingStrategy)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := db.Migrator().ColumnTypes(model)
		if err != nil {
			t.Fatalf("%s: %v", s.Table, err)
		}
		var table []string
		for _, c := range columns {
			table = append(table, c.Name())
		}
		fields := slices.Clone(s.DBNames)
		slices.Sort(fields)
		slices.Sort(table)
		if got, want := strings.Join(fields, " "), strings.Join(table, " "); got != want {
			t.Errorf("model of %s has columns\n%s\nand the schema has\n%s", s.Table, got, want)
		}
	}
}
