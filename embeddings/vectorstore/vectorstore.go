// Package vectorstore keeps in the database the vectors that a model server
// made, so that no text is embedded twice: not after a restart, not when an
// index is rebuilt.
//
// A vector depends on the model and the text alone, so workspaces share it.
// The text itself is not kept, only its hash.
package vectorstore

import (
	"context"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/whetstone-desk/whetstone/embeddings"
)

const (
	// loadRows and saveRows keep a statement within SQLite's and PostgreSQL's
	// limits on parameters, and within a few hundred kilobytes.
	loadRows = 500
	saveRows = 100
	// touchAfter is how stale UsedAt may get. It keeps reading from writing.
	touchAfter = 24 * time.Hour
)

// A Vector is the row of one vector.
type Vector struct {
	Model  string    `gorm:"primaryKey"`
	Hash   string    `gorm:"primaryKey"` // see embeddings.TextHash
	Data   []byte    // float32 values, lowest byte first
	UsedAt time.Time // UTC; when it was last asked for, give or take a day
}

// A Store is an [embeddings.VectorStore] in a database. Methods may be called
// from many goroutines.
type Store struct {
	db  *gorm.DB
	now func() time.Time
}

// New returns the store in db.
func New(db *gorm.DB) *Store { return &Store{db: db, now: time.Now} }

// Load implements embeddings.VectorStore.
func (s *Store) Load(ctx context.Context, model string, hashes []string) (map[string]embeddings.Vector, error) {
	found := make(map[string]embeddings.Vector, len(hashes))
	now := s.time()
	for part := range slices.Chunk(hashes, loadRows) {
		var rows []Vector
		if err := s.db.WithContext(ctx).Where("model = ? AND hash IN ?", model, part).Find(&rows).Error; err != nil {
			return nil, fmt.Errorf("vectorstore: load: %w", err)
		}
		var stale []string
		for _, row := range rows {
			found[row.Hash] = decode(row.Data)
			if now.Sub(row.UsedAt) > touchAfter {
				stale = append(stale, row.Hash)
			}
		}
		if len(stale) == 0 {
			continue
		}
		touch := s.db.WithContext(ctx).Model(&Vector{}).Where("model = ? AND hash IN ?", model, stale)
		if err := touch.Update("used_at", now).Error; err != nil {
			return nil, fmt.Errorf("vectorstore: load: %w", err)
		}
	}
	return found, nil
}

// Save implements embeddings.VectorStore. It keeps all of the vectors or none.
func (s *Store) Save(ctx context.Context, model string, vectors map[string]embeddings.Vector) error {
	if len(vectors) == 0 {
		return nil
	}
	rows := make([]Vector, 0, len(vectors))
	now := s.time()
	for _, hash := range slices.Sorted(maps.Keys(vectors)) { // one order, so that two writers cannot lock each other out
		rows = append(rows, Vector{Model: model, Hash: hash, Data: encode(vectors[hash]), UsedAt: now})
	}
	err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		return tx.Clauses(clause.OnConflict{UpdateAll: true}).CreateInBatches(rows, saveRows).Error
	})
	if err != nil {
		return fmt.Errorf("vectorstore: save: %w", err)
	}
	return nil
}

// Prune removes the vectors that nothing has asked for since before, and
// returns how many they were.
func (s *Store) Prune(ctx context.Context, before time.Time) (int64, error) {
	done := s.db.WithContext(ctx).Where("used_at < ?", before.UTC()).Delete(&Vector{})
	if done.Error != nil {
		return 0, fmt.Errorf("vectorstore: prune: %w", done.Error)
	}
	return done.RowsAffected, nil
}

// time is now in the precision that PostgreSQL keeps.
func (s *Store) time() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

func encode(v embeddings.Vector) []byte {
	b := make([]byte, 0, 4*len(v))
	for _, x := range v {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	return b
}

// decode reads what encode wrote. A row cut short gives a shorter vector,
// which embeddings.Cached has made anew.
func decode(b []byte) embeddings.Vector {
	v := make(embeddings.Vector, len(b)/4)
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return v
}
