// Package sqldb opens the relational database, SQLite or PostgreSQL, and
// brings its schema up to date.
//
// The schema is the numbered SQL in migrations, one file for both databases;
// nothing else creates or alters a table.
package sqldb

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/glebarez/sqlite"
	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// ErrUnavailable is returned when the database cannot be reached, or cannot
// write for want of room. Trying again later may succeed.
var ErrUnavailable = errors.New("database unavailable")

// Connections a process holds open. SQLite has one writer at a time whatever
// the number, and readers gain nothing beyond the cores of a small machine.
const (
	sqliteConns   = 8
	postgresConns = 16
)

// IsPostgres reports whether dsn names a PostgreSQL database and not a file.
func IsPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}

// Open opens the database named by dsn: a PostgreSQL URL, or the path of a
// SQLite file, made with its folder if it is not there. It fails with
// ErrUnavailable if the database does not answer. Close the *sql.DB behind it
// when done.
func Open(ctx context.Context, dsn string) (*gorm.DB, error) {
	dialect, conns := postgres.Open(dsn), postgresConns
	if !IsPostgres(dsn) {
		if err := os.MkdirAll(filepath.Dir(dsn), 0o700); err != nil {
			return nil, fmt.Errorf("sqldb: open: %w", err)
		}
		dialect, conns = sqlite.Open(sqliteDSN(dsn)), sqliteConns
	}
	db, err := gorm.Open(dialect, &gorm.Config{
		Logger:                 logger.Discard, // callers get the error; logging it twice helps nobody
		TranslateError:         true,
		PrepareStmt:            true,
		SkipDefaultTransaction: true, // one statement is a transaction already
	})
	if err != nil {
		return nil, fmt.Errorf("sqldb: open %s: %w", Masked(dsn), unavailable(err))
	}
	pool, err := db.DB()
	if err != nil {
		return nil, fmt.Errorf("sqldb: open: %w", err)
	}
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	if err := pool.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("sqldb: open %s: %w", Masked(dsn), unavailable(err)), pool.Close())
	}
	return db, nil
}

// sqliteDSN names the file with the settings that make many connections safe:
// a write-ahead log, so that readers and the writer do not wait for each
// other, and transactions that take the write lock at once instead of finding
// it taken half-way.
func sqliteDSN(path string) string {
	pragmas := url.Values{"_pragma": {
		"journal_mode(WAL)", "synchronous(NORMAL)", "busy_timeout(10000)", "foreign_keys(1)", "cache_size(-16000)",
	}, "_txlock": {"immediate"}}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + pragmas.Encode()
}

// Masked returns dsn fit for a log line: without a password.
func Masked(dsn string) string {
	u, err := url.Parse(dsn)
	if err != nil {
		return "(unreadable database address)"
	}
	return u.Redacted()
}

// unavailable marks err as ErrUnavailable when trying again may help.
func unavailable(err error) error {
	var refused *pgconn.ConnectError
	if errors.As(err, &refused) || Transient(err) {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return err
}

// Transient reports whether err, from any store, means that the database was
// away or out of room rather than that the request was wrong.
func Transient(err error) bool {
	if err == nil {
		return false
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		// Classes 08 connection, 53 resources (disk full), 57 shutdown.
		return strings.HasPrefix(pg.Code, "08") || strings.HasPrefix(pg.Code, "53") || strings.HasPrefix(pg.Code, "57")
	}
	var refused *pgconn.ConnectError
	if errors.As(err, &refused) || errors.Is(err, ErrUnavailable) {
		return true
	}
	text := err.Error()
	for _, sign := range []string{
		"database is locked", "database or disk is full", "disk I/O error", "attempt to write a readonly database",
		"unable to open database file", "connection refused", "connection reset", "broken pipe", "unexpected EOF",
		"driver: bad connection", "conn closed", "database is closed",
	} {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return false
}
