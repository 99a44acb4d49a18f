package vectorstore

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

func TestSchema(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) { sqldbtest.Matches(t, db, &Vector{}) })
}

// many returns n vectors by hash.
func many(n int) (map[string]embeddings.Vector, []string) {
	vectors, hashes := map[string]embeddings.Vector{}, []string{}
	for i := range n {
		hash := embeddings.TextHash(strconv.Itoa(i))
		vectors[hash] = embeddings.Vector{float32(i), -0.25, 1e-30}
		hashes = append(hashes, hash)
	}
	return vectors, hashes
}

func TestStore(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := New(db)
		vectors, hashes := many(2*loadRows + 1)
		for range 2 { // saving again does no harm
			if err := s.Save(t.Context(), "m", vectors); err != nil {
				t.Fatal(err)
			}
		}
		got, err := s.Load(t.Context(), "m", append(hashes, "unknown"))
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(vectors) {
			t.Errorf("loaded %d vectors, want %d", len(got), len(vectors))
		}
		for hash, v := range vectors {
			if !slices.Equal(got[hash], v) {
				t.Fatalf("loaded %v, want %v", got[hash], v)
			}
		}
		for _, tt := range []struct {
			name, model string
			hashes      []string
		}{
			{"another model's vectors are its own", "n", hashes},
			{"no hashes have no vectors", "m", nil},
		} {
			if got, err := s.Load(t.Context(), tt.model, tt.hashes); err != nil || len(got) != 0 {
				t.Errorf("%s: %d vectors, error %v", tt.name, len(got), err)
			}
		}
		if err := s.Save(t.Context(), "m", nil); err != nil {
			t.Errorf("saving nothing: %v", err)
		}
	})
}

func TestPrune(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		now := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
		s := &Store{db: db, now: func() time.Time { return now }}
		vectors, hashes := many(3)
		if err := s.Save(t.Context(), "m", vectors); err != nil {
			t.Fatal(err)
		}
		now = now.AddDate(0, 0, 10)
		if _, err := s.Load(t.Context(), "m", hashes[:1]); err != nil { // marks it as used
			t.Fatal(err)
		}
		for _, tt := range []struct {
			name   string
			before time.Time
			want   int64
		}{
			{"nothing is older", now.AddDate(0, 0, -20), 0},
			{"what was not asked for goes", now.AddDate(0, 0, -5), 2},
			{"what was asked for later", now.Add(time.Second), 1},
		} {
			got, err := s.Prune(t.Context(), tt.before)
			if err != nil {
				t.Fatal(err)
			}
			if got != tt.want {
				t.Errorf("%s: %d removed, want %d", tt.name, got, tt.want)
			}
		}
	})
}

func TestEnded(t *testing.T) {
	s := New(sqldbtest.SQLite(t))
	vectors, hashes := many(1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Save(ctx, "m", vectors); !errors.Is(err, context.Canceled) {
		t.Errorf("save: %v, want context.Canceled", err)
	}
	if _, err := s.Load(ctx, "m", hashes); !errors.Is(err, context.Canceled) {
		t.Errorf("load: %v, want context.Canceled", err)
	}
}
