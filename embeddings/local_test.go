package embeddings

import (
	"math"
	"slices"
	"testing"
)

func TestLocalVectors(t *testing.T) {
	texts := []string{
		"Как вернуть деньги за заказ", "вернуть заказ и деньги", "Способы оплаты картой", "How do I return an order?", "",
	}
	vectors, err := Local{}.Embed(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Local{}.Embed(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range vectors {
		if len(v) != (Local{}).Dim() {
			t.Fatalf("vector of %q has %d dimensions, want %d", texts[i], len(v), Local{}.Dim())
		}
		if !slices.Equal(v, again[i]) {
			t.Errorf("vector of %q differs the second time", texts[i])
		}
		if texts[i] == "" {
			continue
		}
		if n := float64(v.Dot(v)); math.Abs(n-1) > 1e-5 {
			t.Errorf("vector of %q has length %v, want 1", texts[i], math.Sqrt(n))
		}
	}
	if near, far := vectors[0].Dot(vectors[1]), vectors[0].Dot(vectors[2]); near <= far {
		t.Errorf("cosine with the like text %v, with the unlike %v", near, far)
	}
	if n := vectors[4].Dot(vectors[4]); n != 0 {
		t.Errorf("the empty text has a vector of length %v, want 0", n)
	}
}

func BenchmarkLocal(b *testing.B) {
	for _, p := range passages {
		b.Run(p.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := (Local{}).Embed(b.Context(), []string{p.body}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
