package sqldbtest

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb/sqldb"
)

// lockKey is the advisory lock under which one of the test binaries that share
// a server makes the template.
const lockKey = 0x77686574

// A test takes a copy of a migrated database, since to migrate one takes longer
// than most tests do, above all with the race detector.
var (
	sqliteTemplate   = sync.OnceValues(makeSQLite)
	postgresTemplate = sync.OnceValues(makePostgres)
)

// A template is an empty, migrated SQLite file and what names its schema. The
// migrations are the same for PostgreSQL.
type template struct {
	file   []byte
	schema uint64
}

func makeSQLite() (made template, err error) {
	dir, err := os.MkdirTemp("", "sqldbtest")
	if err != nil {
		return made, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "template.db")
	ctx := context.Background()
	db, err := migrated(ctx, path)
	if err != nil {
		return made, err
	}
	var texts []string
	err = db.WithContext(ctx).Raw(`SELECT sql FROM sqlite_master WHERE sql IS NOT NULL
		UNION ALL SELECT max(version_id) FROM goose_db_version ORDER BY 1`).Scan(&texts).Error
	// Closing the last connection moves the write-ahead log into the file.
	if err := errors.Join(err, closed(db)); err != nil {
		return made, err
	}
	h := fnv.New64a()
	for _, text := range texts {
		h.Write([]byte(text))
	}
	made.schema = h.Sum64()
	made.file, err = os.ReadFile(path)
	return made, err
}

// makePostgres returns the name of a migrated database on the server. It stays
// there for other test binaries; its name says which schema it has, so that
// another version of Whetstone makes another.
func makePostgres() (name string, err error) {
	made, err := sqliteTemplate()
	if err != nil {
		return "", err
	}
	name = fmt.Sprintf("whetstone_template_%x", made.schema)
	admin, err := sqldb.Open(context.Background(), os.Getenv(Postgres))
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, closed(admin)) }()
	return name, admin.Connection(func(conn *gorm.DB) error {
		if err := conn.Exec("SELECT pg_advisory_lock(?)", lockKey).Error; err != nil {
			return err
		}
		return errors.Join(makeOnce(conn, name), conn.Exec("SELECT pg_advisory_unlock(?)", lockKey).Error)
	})
}

// makeOnce makes the template if it is not there. It gets its name when it is
// whole, so that a binary killed half-way leaves nothing that others would use.
func makeOnce(conn *gorm.DB, name string) error {
	var n int64
	if err := conn.Raw("SELECT count(*) FROM pg_database WHERE datname = ?", name).Scan(&n).Error; err != nil || n > 0 {
		return err
	}
	part := name + "_part"
	for _, sql := range []string{"DROP DATABASE IF EXISTS " + part + " WITH (FORCE)", "CREATE DATABASE " + part} {
		if err := conn.Exec(sql).Error; err != nil {
			return err
		}
	}
	dsn, err := addressOf(part)
	if err != nil {
		return err
	}
	db, err := migrated(context.Background(), dsn)
	if err != nil {
		return err
	}
	if err := closed(db); err != nil {
		return err
	}
	return conn.Exec("ALTER DATABASE " + part + " RENAME TO " + name).Error
}

// migrated opens and migrates a database.
func migrated(ctx context.Context, dsn string) (*gorm.DB, error) {
	db, err := sqldb.Open(ctx, dsn)
	if err != nil {
		return nil, err
	}
	if _, err := sqldb.Migrate(ctx, db); err != nil {
		return nil, errors.Join(err, closed(db))
	}
	return db, nil
}

// addressOf is the address of another database on the server.
func addressOf(name string) (string, error) {
	u, err := url.Parse(os.Getenv(Postgres))
	if err != nil {
		return "", fmt.Errorf("%s: %w", Postgres, err)
	}
	u.Path = "/" + name
	return u.String(), nil
}

func closed(db *gorm.DB) error {
	pool, err := db.DB()
	if err != nil {
		return err
	}
	return pool.Close()
}
