// Package embeddingstest holds the contract that every embeddings.Embedder
// keeps.
package embeddingstest

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/whetstone-desk/whetstone/embeddings"
)

// Run tests the embedder that open returns.
func Run(t *testing.T, open func(*testing.T) embeddings.Embedder) {
	for _, tt := range []struct {
		name string
		do   func(*testing.T, embeddings.Embedder)
	}{
		{"no texts have no vectors", none},
		{"one vector for each text, of Dim and of unit length", shape},
		{"each vector is its own text's", order},
		{"a text that says nothing may have zeros", silent},
		{"an ended context is an error", ended},
		{"many may ask at once", together},
	} {
		t.Run(tt.name, func(t *testing.T) { tt.do(t, open(t)) })
	}
}

// texts is more than servers take in one request.
func texts() []string {
	words := []string{"refund", "доставка", "order 4411", "гарантия на товар", "password", "Versand", "оплата картой", "401"}
	var all []string
	for _, a := range words {
		for _, b := range words {
			all = append(all, a+" "+b)
		}
	}
	return append(all, all...)
}

func none(t *testing.T, e embeddings.Embedder) {
	if got := embed(t, e); len(got) != 0 {
		t.Errorf("%d vectors of no texts", len(got))
	}
}

func shape(t *testing.T, e embeddings.Embedder) {
	if e.Model() == "" || e.Dim() <= 0 {
		t.Errorf("model %q has dimension %d", e.Model(), e.Dim())
	}
	for i, v := range embed(t, e, texts()...) {
		if len(v) != e.Dim() {
			t.Fatalf("vector %d has %d dimensions, want %d", i, len(v), e.Dim())
		}
		if length := float64(v.Dot(v)); math.Abs(length-1) > 1e-4 {
			t.Errorf("vector %d has length² %v, want 1", i, length)
		}
	}
}

func order(t *testing.T, e embeddings.Embedder) {
	all := texts()
	together := embed(t, e, all...)
	for _, i := range []int{0, 31, len(all) - 1} {
		// A server may round otherwise in another batch.
		if alone := embed(t, e, all[i])[0]; alone.Dot(together[i]) < 0.999 {
			t.Errorf("%q alone and among others: cosine %v, want 1", all[i], alone.Dot(together[i]))
		}
	}
}

func silent(t *testing.T, e embeddings.Embedder) {
	got := embed(t, e, "", "words", " \n", "…")
	for i, v := range got {
		if len(v) != e.Dim() {
			t.Errorf("vector %d has %d dimensions, want %d", i, len(v), e.Dim())
		}
	}
	if slices.Equal(got[1], make(embeddings.Vector, e.Dim())) {
		t.Error("words have zeros")
	}
}

func ended(t *testing.T, e embeddings.Embedder) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Embed(ctx, []string{"text"}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

func together(t *testing.T, e embeddings.Embedder) {
	all := texts()
	want := embed(t, e, all...)
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			part := all[n*8 : n*8+8]
			got, err := e.Embed(t.Context(), part)
			if err != nil {
				t.Error(err)
				return
			}
			for i, v := range got {
				if v.Dot(want[n*8+i]) < 0.999 {
					t.Errorf("%q has another vector when many ask", part[i])
				}
			}
		})
	}
	wg.Wait()
}

func embed(t *testing.T, e embeddings.Embedder, texts ...string) []embeddings.Vector {
	t.Helper()
	got, err := e.Embed(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(texts) {
		t.Fatalf("%d vectors for %d texts", len(got), len(texts))
	}
	return got
}
