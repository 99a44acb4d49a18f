package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/retrieval/memindex"
)

func TestPipeline(t *testing.T) {
	for _, tt := range []struct {
		name   string
		fails  error // of the producer, after its third batch
		broken error // of the model
	}{
		{"all that is stored is in the index", nil, nil},
		{"a producer that fails ends it", errors.New("no more paper"), nil},
		{"a model that fails ends it, and the producer with it", nil, errors.New("no answer")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			base := kb.New(sqldbtest.SQLite(t))
			if _, err := base.Create(t.Context(), "shop", "shop"); err != nil {
				t.Fatal(err)
			}
			m := failing{embeddings.Local{}, tt.broken}
			ix, err := memindex.Open("", m.Model(), m.Dim())
			if err != nil {
				t.Fatal(err)
			}
			x := &retrieval.Indexer{KB: base, Embedder: m, Index: ix}
			batches := 0
			err = pipeline(t.Context(), x, "shop", func(stored func([]*kb.Document) error) error {
				for {
					d := &kb.Document{ID: fmt.Sprintf("a%d", batches), Kind: kb.Article, Content: kb.Content{Title: "Kettle", Body: "Descale it."}}
					if _, err := base.In("shop").Put(t.Context(), d); err != nil {
						return err
					}
					if err := stored([]*kb.Document{d}); err != nil {
						return err
					}
					if batches++; batches == 3 && tt.broken == nil {
						return tt.fails
					}
				}
			})
			want := errors.Join(tt.fails, tt.broken)
			if (err == nil) != (want == nil) {
				t.Errorf("error %v, want %v", err, want)
			}
			if want == nil && ix.Len("shop") != 3 {
				t.Errorf("the index holds %d passages, want 3", ix.Len("shop"))
			}
			if tt.broken != nil && !errors.Is(err, tt.broken) || tt.fails != nil && !errors.Is(err, tt.fails) {
				t.Errorf("error %v hides its cause %v", err, want)
			}
		})
	}
}

// A failing model embeds unless it has an error.
type failing struct {
	embeddings.Embedder
	err error
}

func (f failing) Embed(ctx context.Context, texts []string) ([]embeddings.Vector, error) {
	if f.err != nil {
		return nil, f.err
	}
	return f.Embedder.Embed(ctx, texts)
}

// Of two processes one has the lead, and it passes on when given up.
func TestLead(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		a := &app{db: db, log: slog.New(slog.DiscardHandler)}
		s := &space{shared: true, lead: &lead{db: db, name: "index/x"}}
		if ok, err := sqldb.Lease(t.Context(), db, "index/x", "another", leadTime); !ok || err != nil {
			t.Fatal(ok, err)
		}
		if _, ok := a.leading(t.Context(), s); ok {
			t.Error("two have the lead")
		}
		if err := sqldb.Release(t.Context(), db, "index/x", "another"); err != nil {
			t.Fatal(err)
		}
		release, ok := a.leading(t.Context(), s)
		if !ok {
			t.Fatal("nobody has the lead, and it cannot be taken")
		}
		release()
		if ok, err := sqldb.Lease(t.Context(), db, "index/x", "another", leadTime); !ok || err != nil {
			t.Error("the lead was not given up", err)
		}
		if _, ok := a.leading(t.Context(), &space{}); !ok {
			t.Error("an index of one's own needs a lead")
		}
	})
}
