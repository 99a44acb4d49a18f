package training

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/whetstone-desk/whetstone/embeddings"
)

func TestNudgedIsTheBestWithinTheBound(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	random := func() embeddings.Vector {
		v := make(embeddings.Vector, 8)
		for i := range v {
			v[i] = float32(rng.NormFloat64())
		}
		return v
	}
	for range 200 {
		v, g, bound := random().Unit(), random(), rng.Float64()*0.5
		got := nudged(v, g, bound)
		if l := norm(got); math.Abs(l-1) > 1e-5 {
			t.Fatalf("length %v", l)
		}
		if d := apart(v, got); d > bound+1e-5 {
			t.Fatalf("moved by %v, more than %v", d, bound)
		}
		if v.Dot(g) < 0 {
			if apart(v, got) != 0 {
				t.Fatal("moved towards questions on the other side")
			}
			continue
		}
		for range 50 { // no other within the bound is better
			w := random()
			for i := range w {
				w[i] = got[i] + 0.1*w[i]
			}
			w.Unit()
			if apart(v, w) <= bound && w.Dot(g) > got.Dot(g)+1e-4 {
				t.Fatalf("%v is better than %v", w.Dot(g), got.Dot(g))
			}
		}
	}
}

func TestNudgedStaysWithoutQuestionsOrRoom(t *testing.T) {
	v := embeddings.Vector{1, 0}
	for name, got := range map[string]embeddings.Vector{
		"without questions": nudged(v, embeddings.Vector{0, 0}, 0.3),
		"without room":      nudged(v, embeddings.Vector{1, 1}, 0),
	} {
		if apart(v, got) != 0 {
			t.Errorf("%s it moved to %v", name, got)
		}
	}
}

// apart is the square of the distance between vectors.
func apart(v, w embeddings.Vector) float64 {
	d := make(embeddings.Vector, len(v))
	for i := range v {
		d[i] = v[i] - w[i]
	}
	return norm(d) * norm(d)
}
