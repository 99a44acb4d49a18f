package qdrantindex_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/retrieval/indextest"
	"github.com/whetstone-desk/whetstone/retrieval/qdrantindex"
)

func TestIndex(t *testing.T) {
	address := server(t)
	open := func(t *testing.T) retrieval.Index {
		return openAt(t, address, prefix(t, address), "model", indextest.Dim)
	}
	indextest.Run(t, open)
	t.Run("churn", func(t *testing.T) { indextest.Churn(t, open) })
}

func TestChangeOfModel(t *testing.T) {
	address := server(t)
	prefix := prefix(t, address)
	old := openAt(t, address, prefix, "old/model", 2)
	serves := func(want *qdrantindex.Index, model string, dim int) {
		t.Helper()
		got, ok, err := want.Serving(t.Context())
		if err != nil || !ok || got != (qdrantindex.Served{Collection: want.Collection(), Model: model, Dim: dim}) {
			t.Errorf("%+v serves (%v, %v), want the collection of %s", got, ok, err, model)
		}
	}
	if _, ok, err := old.Serving(t.Context()); ok || err != nil {
		t.Errorf("before anything is promoted a collection serves: %v, %v", ok, err)
	}
	for range 2 {
		if err := old.Promote(t.Context()); err != nil {
			t.Fatal(err)
		}
		serves(old, "old/model", 2)
	}
	put(t, old, embeddings.Vector{1, 0})

	// Another model's collection is filled while the old one answers.
	fresh := openAt(t, address, prefix, "old-model", 3)
	put(t, fresh, embeddings.Vector{0, 1, 0})
	serves(old, "old/model", 2)
	finds(t, old, embeddings.Vector{1, 0})
	if err := fresh.Promote(t.Context()); err != nil {
		t.Fatal(err)
	}
	serves(fresh, "old-model", 3)
	finds(t, fresh, embeddings.Vector{0, 1, 0})
	finds(t, old, embeddings.Vector{1, 0})

	// What another prefix has is not touched, even if it begins alike.
	other := openAt(t, address, prefix+"_x", "old/model", 2)
	removed, err := fresh.Prune(t.Context())
	if err != nil || len(removed) != 1 || removed[0] != old.Collection() {
		t.Errorf("Prune removed %v, %v, want %s", removed, err, old.Collection())
	}
	put(t, other, embeddings.Vector{1, 0})
	finds(t, fresh, embeddings.Vector{0, 1, 0})
}

func TestOpenTakesWhatIsThere(t *testing.T) {
	address := server(t)
	prefix := prefix(t, address)
	put(t, openAt(t, address, prefix, "model", 2), embeddings.Vector{1, 0})
	again := openAt(t, address, prefix, "model", 2)
	finds(t, again, embeddings.Vector{1, 0})
}

// put writes a document of one passage.
func put(t *testing.T, ix *qdrantindex.Index, v embeddings.Vector) {
	t.Helper()
	err := ix.Replace(t.Context(), "shop", []retrieval.Entry{{
		Document: retrieval.Source{ID: "a", Kind: kb.Article, Audience: kb.Public},
		Points:   []retrieval.Point{{Passage: kb.Passage{Text: "text"}, Dense: v}},
	}})
	if err != nil {
		t.Fatal(err)
	}
}

// finds checks that the passage that put wrote is found.
func finds(t *testing.T, ix *qdrantindex.Index, v embeddings.Vector) {
	t.Helper()
	r, err := ix.Search(t.Context(), retrieval.Query{Workspace: "shop", Dense: v, N: 1})
	if err != nil || len(r.Hits) != 1 || r.Hits[0].Passage.Text != "text" {
		t.Errorf("found %+v, %v, want the passage", r.Hits, err)
	}
}

func openAt(t *testing.T, address, prefix, model string, dim int) *qdrantindex.Index {
	t.Helper()
	ix, err := qdrantindex.Open(t.Context(), qdrantindex.Options{URL: address, Prefix: prefix, Model: model, Dim: dim})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ix.Close(); err != nil {
			t.Error(err)
		}
	})
	return ix
}

// prefix returns one that no other test has, nor another run on the same
// server, and removes its collections in the end.
func prefix(t *testing.T, address string) string {
	t.Helper()
	prefix := fmt.Sprintf("whetstone-test-%d", time.Now().UnixNano())
	t.Cleanup(func() {
		conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		ctx, collections := context.Background(), qdrant.NewCollectionsClient(conn) // the test's own has ended
		list, err := collections.List(ctx, &qdrant.ListCollectionsRequest{})
		if err != nil {
			t.Error(err)
		}
		for _, c := range list.GetCollections() {
			if !strings.HasPrefix(c.GetName(), prefix) {
				continue
			}
			if _, err := collections.Delete(ctx, &qdrant.DeleteCollection{CollectionName: c.GetName()}); err != nil {
				t.Error(err)
			}
		}
	})
	return prefix
}
