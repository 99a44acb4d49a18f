package retrieval

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestStoredCandidatesAreReadAsTheyWereWritten(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	number := func() float64 {
		if rng.IntN(3) == 0 {
			return 0 // left out
		}
		return rounded(2*rng.Float64()-0.5) * []float64{1, 1e-6, 1e22}[rng.IntN(3)]
	}
	for range 500 {
		cs := make([]Candidate, rng.IntN(11))
		for i := range cs {
			id := []string{"faq-12", "a:b@c.d_e", `with "quotes" and \`, "статья", "<&>", ""}[rng.IntN(6)]
			cs[i] = Candidate{id, number(), number(), number(), number(), number(), number(), number(), number()}
		}
		b, err := json.Marshal(cs)
		if err != nil {
			t.Fatal(err)
		}
		got, err := candidatesFrom(string(b))
		if err != nil || !slices.Equal(got, cs) {
			t.Fatalf("%s was read as %v: %v", b, got, err)
		}
	}
	if _, ok := plainCandidates(`[{"id":"faq-1","t":0.25,"b":1e-7,"s":0.5},{"id":"faq-2","s":0}]`); !ok {
		t.Error("usual candidates are not read the quick way")
	}
}

func FuzzCandidates(f *testing.F) {
	for _, s := range []string{
		"", "null", "[]", `[{"id":"a","s":1}]`, `[{"id":"a","t":0.5,"s":-1e3},{"id":"b","s":0}]`, `[{"id":"a","s":0x1p-2}]`,
		`[{"id":"a","s":1},]`, `[{"id":"a","x":1,"s":2}]`, `[{"id":"a\"","s":1}]`, `[{"id":"a","s":+1}]`, `[{"s":1,"id":"a"}]`, `[{"id":"a","s":1}]x`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var want []Candidate
		wrong := s != "" && json.Unmarshal([]byte(s), &want) != nil
		got, err := candidatesFrom(s)
		if err == nil && wrong {
			if _, quick := plainCandidates(s); quick && json.Valid([]byte(s)) {
				t.Fatalf("%q is read as %v and not refused", s, got)
			}
			return // what nobody writes may be read leniently
		}
		if err != nil && !wrong || err == nil && !slices.Equal(got, want) {
			t.Fatalf("%q is read as %v, %v; want %v", s, got, err, want)
		}
	})
}

// BenchmarkCandidates reads ten candidates, the quick way and the usual one.
func BenchmarkCandidates(b *testing.B) {
	const one = `{"id":"article-123","t":0.1234,"b":0.2345,"g":0.0456,"w":0.0567,"d":0.1678,"c":0.0789,"s":0.6789}`
	text := "[" + one + strings.Repeat(","+one, 9) + "]"
	b.Run("quick", func(b *testing.B) {
		for b.Loop() {
			if _, err := candidatesFrom(text); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("usual", func(b *testing.B) {
		for b.Loop() {
			var cs []Candidate
			if err := json.Unmarshal([]byte(text), &cs); err != nil {
				b.Fatal(err)
			}
		}
	})
}
