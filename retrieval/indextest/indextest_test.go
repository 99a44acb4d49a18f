package indextest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// plain is the plainest index there can be: it shows that the contract can be
// met, and that the reference meets it.
type plain struct {
	mu        sync.Mutex
	contents  map[string]*Reference
	positions map[string]int64
}

func (p *plain) Replace(ctx context.Context, workspace string, entries []retrieval.Entry) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range entries {
		for _, point := range e.Points {
			if err := dimensions(point.Dense); err != nil {
				return err
			}
		}
	}
	if p.contents[workspace] == nil {
		p.contents[workspace] = new(Reference)
	}
	p.contents[workspace].Replace(entries)
	return ctx.Err()
}

func dimensions(v embeddings.Vector) error {
	if v != nil && len(v) != Dim {
		return fmt.Errorf("%d dimensions: %w", len(v), embeddings.ErrMisconfigured)
	}
	return nil
}

func (p *plain) Search(ctx context.Context, q retrieval.Query) (retrieval.Result, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := cmp.Or(ctx.Err(), dimensions(q.Dense)); err != nil {
		return retrieval.Result{}, err
	}
	r := p.contents[q.Workspace]
	if r == nil {
		return retrieval.Result{}, nil
	}
	all, mass := r.candidates(&q)
	found := make(map[string]retrieval.Hit)
	take := func(in func(*candidate) bool, score func(*candidate) float64) {
		slices.SortFunc(all, func(a, b candidate) int {
			return cmp.Or(cmp.Compare(score(&b), score(&a)), compareKeys(a.Hit, b.Hit))
		})
		left := q.N
		for i := range all {
			if left > 0 && in(&all[i]) {
				found[key(all[i].Hit)] = all[i].Hit
				left--
			}
		}
	}
	take(func(c *candidate) bool { return c.dense && !q.WordsOnly }, func(c *candidate) float64 { return c.Dense })
	take(func(c *candidate) bool { return c.lexical > 0 }, func(c *candidate) float64 { return c.lexical })
	result := retrieval.Result{Mass: mass}
	for c, channel := range q.Lexical {
		for _, t := range channel.Terms {
			result.IDF[c] = append(result.IDF[c], r.idfs(&q)[t])
		}
	}
	for _, h := range found {
		result.Hits = append(result.Hits, h)
	}
	slices.SortFunc(result.Hits, func(a, b retrieval.Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), compareKeys(a, b))
	})
	return result, nil
}

func (p *plain) Position(_ context.Context, workspace string) (int64, error) {
	return p.positions[workspace], nil
}

func (p *plain) SetPosition(_ context.Context, workspace string, seq int64) error {
	p.positions[workspace] = seq
	return nil
}

func (p *plain) Drop(_ context.Context, workspace string) error {
	delete(p.contents, workspace)
	delete(p.positions, workspace)
	return nil
}

func newPlain(*testing.T) retrieval.Index {
	return &plain{contents: make(map[string]*Reference), positions: make(map[string]int64)}
}

func TestContract(t *testing.T) { Run(t, newPlain) }

func TestChurn(t *testing.T) { Churn(t, newPlain) }

func TestCheckNotices(t *testing.T) {
	m, ref := NewMaker(1, Dim), new(Reference)
	for i := range 40 {
		ref.Replace([]retrieval.Entry{m.Entry(fmt.Sprint("doc-", i))})
	}
	x := &plain{contents: map[string]*Reference{workspace: ref}}
	q := m.Query()
	q.N, q.Filter = 5, retrieval.Filter{}
	for _, tt := range []struct {
		name  string
		spoil func(*retrieval.Result)
	}{
		{"a missing hit", func(r *retrieval.Result) { r.Hits = r.Hits[1:] }},
		{"a hit too many", func(r *retrieval.Result) {
			q := q
			q.N = 8
			*r = search(t, x, q)
		}},
		{"a wrong order", func(r *retrieval.Result) { r.Hits[0], r.Hits[1] = r.Hits[1], r.Hits[0] }},
		{"a wrong cosine", func(r *retrieval.Result) { r.Hits[2].Dense += .01 }},
		{"a wrong channel", func(r *retrieval.Result) { r.Hits[0].Lexical[1] += .01 }},
		{"a wrong mass", func(r *retrieval.Result) { r.Mass[0] += .1 }},
		{"a wrong text", func(r *retrieval.Result) { r.Hits[3].Passage.Text += " " }},
		{"a wrong tag", func(r *retrieval.Result) { r.Hits[3].Source.Tags = []string{"none"} }},
		{"a hit twice", func(r *retrieval.Result) { r.Hits = append(r.Hits, r.Hits[len(r.Hits)-1]) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := search(t, x, q)
			if faults := ref.Check(q, r); len(faults) > 0 {
				t.Fatalf("the result has faults before it is spoilt: %v", faults)
			}
			tt.spoil(&r)
			if len(ref.Check(q, r)) == 0 {
				t.Error("Check finds no fault")
			}
		})
	}
}
