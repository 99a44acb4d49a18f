package sqldb

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"gorm.io/gorm"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate applies, in order and each in a transaction of its own, the
// migrations that db has not seen, and returns how many it applied. Of several
// processes that start together on PostgreSQL one migrates and the rest wait.
// A schema newer than this program is an error.
func Migrate(ctx context.Context, db *gorm.DB) (int, error) {
	p, err := provider(db)
	if err != nil {
		return 0, fmt.Errorf("sqldb: migrate: %w", err)
	}
	have, known, err := p.GetVersions(ctx)
	if err != nil {
		return 0, fmt.Errorf("sqldb: migrate: %w", unavailable(err))
	}
	if have > known {
		return 0, fmt.Errorf("sqldb: the database is at schema %d and this program knows %d: start a newer whetstone", have, known)
	}
	done, err := p.Up(ctx)
	if err != nil {
		return len(done), fmt.Errorf("sqldb: migrate: %w", unavailable(err))
	}
	return len(done), nil
}

func provider(db *gorm.DB) (*goose.Provider, error) {
	pool, err := db.DB()
	if err != nil {
		return nil, err
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	if db.Name() != "postgres" {
		return goose.NewProvider(goose.DialectSQLite3, pool, files)
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, pool, files, goose.WithSessionLocker(locker))
}
