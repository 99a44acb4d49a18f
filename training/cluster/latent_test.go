package cluster

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

// sparse makes n rows of unit length with a few of so many terms each.
func sparse(n, terms int) matrix {
	r := rand.New(rand.NewPCG(8, 8))
	m := matrix{rows: make([]row, n), terms: terms}
	for i := range m.rows {
		for t := range terms {
			if r.IntN(6) == 0 {
				m.rows[i].terms = append(m.rows[i].terms, uint32(t))
				m.rows[i].weights = append(m.rows[i].weights, r.Float32())
			}
		}
	}
	m.rows[n-1] = m.rows[0] // two that are the same
	return m
}

// product is the inner product of two rows.
func (m matrix) product(i, j int) float64 {
	dense := make([]float32, m.terms)
	for k, t := range m.rows[i].terms {
		dense[t] = m.rows[i].weights[k]
	}
	sum := 0.0
	for k, t := range m.rows[j].terms {
		sum += float64(dense[t] * m.rows[j].weights[k])
	}
	return sum
}

func TestLatentPointsKeepInnerProducts(t *testing.T) {
	m := sparse(40, 60)
	for _, tt := range []struct {
		dim  int
		most float64 // mean error
	}{{40, 1e-4}, {20, .12}} {
		points, err := latent(context.Background(), m, tt.dim)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for i := range m.rows {
			for j := range m.rows {
				sum += math.Abs(float64(dot(points.row(i), points.row(j))) - m.product(i, j))
			}
		}
		if mean := sum / 1600; mean > tt.most {
			t.Errorf("in %d dimensions inner products are off by %g on average, want %g at most", tt.dim, mean, tt.most)
		}
	}
}

func TestDirectionsAreOrthonormal(t *testing.T) {
	basis, err := directions(context.Background(), sparse(80, 50), 10)
	if err != nil {
		t.Fatal(err)
	}
	g := gram(basis)
	for i := range 10 {
		for j := range 10 {
			want := 0.0
			if i == j {
				want = 1
			}
			if math.Abs(g[i*10+j]-want) > 1e-4 {
				t.Errorf("columns %d and %d have the product %g", i, j, g[i*10+j])
			}
		}
	}
}

func TestCellsFindNearlyAllOfTheNearest(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	const n, dim, kinds = 900, 12, 60
	points := newTable(n, dim)
	for i := range n {
		p := points.row(i)
		kind := rand.New(rand.NewPCG(uint64(i%kinds), 1))
		for j := range p {
			p[j] = float32(kind.NormFloat64() + 0.3*r.NormFloat64())
		}
		scale := float32(1 / norm(p))
		for j := range p {
			p[j] *= scale
		}
	}
	all, some := make([]closest, n), make([]closest, n)
	if err := compareAll(context.Background(), points, all); err != nil {
		t.Fatal(err)
	}
	if err := compareCells(context.Background(), points, some); err != nil {
		t.Fatal(err)
	}
	found := 0
	for i := range n {
		near := make(map[int32]bool)
		for _, x := range some[i] {
			near[x.item] = true
		}
		for _, x := range all[i] {
			if near[x.item] {
				found++
			}
		}
	}
	if share := float64(found) / (n * neighbours); share < .95 {
		t.Errorf("cells find %.3f of the nearest, want .95", share)
	}
}
