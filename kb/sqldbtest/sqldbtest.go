// Package sqldbtest gives tests of stores a database to run on: every kind
// that Whetstone supports and this machine has.
package sqldbtest

import (
	"context"
	"fmt"
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
	t.Run("postgres", func(t *testing.T) { test(t, open(t, fromTemplate(t))) })
}

// SQLite returns an empty, migrated SQLite database that lives as long as the
// test.
func SQLite(t testing.TB) *gorm.DB {
	template, err := sqliteTemplate()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(path, template.file, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, path)
}

// PostgresDSN makes an empty PostgreSQL database that lives as long as the
// test and returns its address, or skips the test where no server is named.
func PostgresDSN(t testing.TB) string {
	return create(t, serverOf(t), "template1")
}

// serverOf opens the server's own database until the test ends, or skips the
// test where no server is named.
func serverOf(t testing.TB) *gorm.DB {
	server := os.Getenv(Postgres)
	if server == "" {
		t.Skip("SKIPPED: no PostgreSQL; set " + Postgres + " to the address of a server for tests, or run make test")
	}
	admin, err := sqldb.Open(t.Context(), server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, admin) })
	return admin
}

// fromTemplate makes a PostgreSQL database that is migrated already.
func fromTemplate(t testing.TB) string {
	admin := serverOf(t)
	template, err := postgresTemplate()
	if err != nil {
		t.Fatal(err)
	}
	return create(t, admin, template)
}

// create makes a database that lives as long as the test and returns its
// address.
func create(t testing.TB, admin *gorm.DB, template string) string {
	name := fmt.Sprintf("whetstone_%d_%d", os.Getpid(), time.Now().UnixNano())
	if err := admin.Exec("CREATE DATABASE " + name + " TEMPLATE " + template).Error; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// The test's own context has ended by now.
		if err := admin.WithContext(context.Background()).Exec("DROP DATABASE " + name + " WITH (FORCE)").Error; err != nil {
			t.Error(err)
		}
	})
	dsn, err := addressOf(name)
	if err != nil {
		t.Fatal(err)
	}
	return dsn
}

func open(t testing.TB, dsn string) *gorm.DB {
	db, err := sqldb.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, db) })
	return db
}

func shut(t testing.TB, db *gorm.DB) {
	if err := closed(db); err != nil {
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
