package embeddings_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/embeddings/embeddingstest"
)

func TestContract(t *testing.T) {
	t.Run("local", func(t *testing.T) {
		embeddingstest.Run(t, func(*testing.T) embeddings.Embedder { return embeddings.Local{} })
	})
	t.Run("cached", func(t *testing.T) {
		embeddingstest.Run(t, func(*testing.T) embeddings.Embedder {
			return embeddings.NewCached(embeddings.Local{}, &shelf{}, 10, nil)
		})
	})
}

// asked is Local, noting what it is asked for.
type asked struct {
	embeddings.Local
	texts []string
	err   error
}

func (a *asked) Embed(ctx context.Context, texts []string) ([]embeddings.Vector, error) {
	a.texts = append(a.texts, texts...)
	if a.err != nil {
		return nil, a.err
	}
	return a.Local.Embed(ctx, texts)
}

// shelf is a VectorStore in memory.
type shelf struct {
	mu      sync.Mutex
	vectors map[string]embeddings.Vector
	err     error
}

func (s *shelf) Load(_ context.Context, model string, hashes []string) (map[string]embeddings.Vector, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := map[string]embeddings.Vector{}
	for _, hash := range hashes {
		if v, ok := s.vectors[model+hash]; ok {
			found[hash] = v
		}
	}
	return found, s.err
}

func (s *shelf) Save(_ context.Context, model string, vectors map[string]embeddings.Vector) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.vectors == nil {
		s.vectors = map[string]embeddings.Vector{}
	}
	for hash, v := range vectors {
		s.vectors[model+hash] = v
	}
	return s.err
}

func TestCached(t *testing.T) {
	stored := &shelf{}
	for _, tt := range []struct {
		name  string
		size  int
		store embeddings.VectorStore
		calls []string // each the texts of one call
		want  string   // what the model is asked for
	}{
		{"a text is embedded once", 10, nil, []string{"a b", "b c a"}, "a b c"},
		{"equal texts of one call too", 10, nil, []string{"a b a a"}, "a b"},
		{"the least used are forgotten", 2, nil, []string{"a", "b", "a", "c", "a", "b"}, "a b c b"},
		{"no memory", 0, nil, []string{"a", "a"}, "a a"},
		{"what is stored is not asked for", 0, &shelf{}, []string{"a b", "b c a", "c"}, "a b c"},
		{"a call larger than the memory", 1, nil, []string{"a b c", "c"}, "a b c"},
		{"a first program fills the store", 0, stored, []string{"x y"}, "x y"},
		{"and a second finds it", 0, stored, []string{"y z x"}, "z"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			model := &asked{}
			c := embeddings.NewCached(model, tt.store, tt.size, func(err error) { t.Error(err) })
			for _, call := range tt.calls {
				texts := strings.Fields(call)
				got, err := c.Embed(t.Context(), texts)
				if err != nil {
					t.Fatal(err)
				}
				want, err := embeddings.Local{}.Embed(t.Context(), texts)
				if err != nil {
					t.Fatal(err)
				}
				if !slices.EqualFunc(got, want, slices.Equal) {
					t.Errorf("vectors of %q are not the model's", call)
				}
			}
			if got := strings.Join(model.texts, " "); got != tt.want {
				t.Errorf("the model was asked for %q, want %q", got, tt.want)
			}
		})
	}
}

func TestCachedFailures(t *testing.T) {
	t.Run("a broken store is told and passed over", func(t *testing.T) {
		var told []error
		broken := errors.New("disk full")
		c := embeddings.NewCached(embeddings.Local{}, &shelf{err: broken}, 0, func(err error) { told = append(told, err) })
		if _, err := c.Embed(t.Context(), []string{"a"}); err != nil {
			t.Fatal(err)
		}
		if len(told) != 2 || !errors.Is(told[0], broken) || !errors.Is(told[1], broken) {
			t.Errorf("told %v, want load and save", told)
		}
	})
	t.Run("a stored vector of another dimension is made anew", func(t *testing.T) {
		model, store := &asked{}, &shelf{}
		odd := map[string]embeddings.Vector{embeddings.TextHash("a"): {1, 0}}
		if err := store.Save(t.Context(), model.Model(), maps.Clone(odd)); err != nil {
			t.Fatal(err)
		}
		got, err := embeddings.NewCached(model, store, 0, nil).Embed(t.Context(), []string{"a"})
		if err != nil {
			t.Fatal(err)
		}
		if len(got[0]) != model.Dim() {
			t.Errorf("vector of %d dimensions, want %d", len(got[0]), model.Dim())
		}
	})
	t.Run("a failing model leaves nothing behind", func(t *testing.T) {
		model, store := &asked{err: embeddings.ErrUnavailable}, &shelf{}
		c := embeddings.NewCached(model, store, 10, nil)
		if _, err := c.Embed(t.Context(), []string{"a"}); !errors.Is(err, embeddings.ErrUnavailable) {
			t.Errorf("error %v, want ErrUnavailable", err)
		}
		model.err = nil
		if _, err := c.Embed(t.Context(), []string{"a"}); err != nil || len(store.vectors) != 1 {
			t.Errorf("error %v, %d vectors stored, want 1", err, len(store.vectors))
		}
	})
}
