package indextest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// A Maker makes random documents and queries, the same for the same seed.
type Maker struct {
	*rand.Rand
	Dim  int // of vectors; 0: none
	zipf *rand.Zipf
}

// NewMaker returns a Maker of texts over some hundred terms, with vectors of
// length dim.
func NewMaker(seed uint64, dim int) *Maker {
	r := rand.New(rand.NewPCG(seed, 1))
	return &Maker{Rand: r, Dim: dim, zipf: rand.NewZipf(r, 1.2, 3, 300)}
}

// Entry makes a document of one to four passages.
func (m *Maker) Entry(id string) retrieval.Entry {
	pick := func(from ...string) string { return from[m.IntN(len(from))] }
	e := retrieval.Entry{Document: retrieval.Source{
		ID: id, Kind: kb.Kind(pick(string(kb.Article), string(kb.Case))), Title: fmt.Sprintf("title %d", m.IntN(1000)),
		URL: pick("", "https://example.com/"+id), Locale: pick("ru", "en", ""), Product: pick("", "app", "web"), Region: pick("", "kz", "ru"),
		Audience: kb.Audience(pick(string(kb.Public), string(kb.Internal))), Revision: m.Int64N(1 << 50), ResolvedWith: pick("", "doc-1"), Evidence: m.Int64N(9),
	}}
	for _, tag := range []string{"a", "b", "c"} {
		if m.IntN(2) == 0 {
			e.Document.Tags = append(e.Document.Tags, tag)
		}
	}
	for i := range 1 + m.IntN(4) {
		start := m.IntN(1 << 20)
		p := retrieval.Point{Dense: m.Vector(), Sparse: m.Sparse(5 + m.IntN(40))}
		p.Passage = kb.Passage{Ordinal: i, Heading: pick("", "h › x"), Text: fmt.Sprintf("%s passage %d", id, m.Int()), Start: start, End: start + m.IntN(100)}
		if m.IntN(20) == 0 {
			p.Dense = nil
		}
		e.Points = append(e.Points, p)
	}
	return e
}

// Vector makes a unit vector, nil if Dim is 0.
func (m *Maker) Vector() embeddings.Vector {
	if m.Dim == 0 {
		return nil
	}
	v := make(embeddings.Vector, m.Dim)
	for i := range v {
		v[i] = float32(m.NormFloat64())
	}
	return v.Unit()
}

// Sparse makes up to n terms over all channels, common ones more often.
func (m *Maker) Sparse(n int) embeddings.Sparse {
	var s embeddings.Sparse
	for range n {
		s.Terms = append(s.Terms, term(embeddings.Channel(m.IntN(embeddings.Channels)), int(m.zipf.Uint64())))
	}
	slices.Sort(s.Terms)
	s.Terms = slices.Compact(s.Terms)
	for range s.Terms {
		s.Weights = append(s.Weights, .2+2*m.Float32())
	}
	return s
}

// Query makes a query with random weights, often with a filter.
func (m *Maker) Query() retrieval.Query {
	q := retrieval.Query{Workspace: workspace, Dense: m.Vector(), Lexical: byChannel(m.Sparse(m.IntN(30))), N: 1 + m.IntN(20)}
	q.Weights.Dense = 5 * m.Float64()
	for c := range q.Weights.Lexical {
		q.Weights.Lexical[c] = m.Float64()
	}
	if m.IntN(8) == 0 {
		q.Dense = nil
	}
	if m.IntN(2) == 0 {
		q.Filter = m.Filter()
	}
	q.WordsOnly = m.IntN(6) == 0
	return q
}

// Filter makes a filter on some of the fields.
func (m *Maker) Filter() retrieval.Filter {
	var f retrieval.Filter
	if m.IntN(3) == 0 {
		f.Kinds = []kb.Kind{kb.Case}
	}
	if m.IntN(3) == 0 {
		f.Audiences = []kb.Audience{kb.Public}
	}
	if m.IntN(3) == 0 {
		f.Locales = []string{"ru", "de"}
	}
	if m.IntN(3) == 0 {
		f.Product = "app"
	}
	if m.IntN(3) == 0 {
		f.Region = "kz"
	}
	if m.IntN(3) == 0 {
		f.Tags = []string{"a", "c"}[:1+m.IntN(2)]
	}
	if m.IntN(6) == 0 {
		for range 10 {
			f.IDs = append(f.IDs, fmt.Sprintf("doc-%d", m.IntN(60)))
		}
	}
	return f
}

// check runs queries and compares them with the reference.
func check(t *testing.T, x retrieval.Index, ref *Reference, m *Maker) {
	t.Helper()
	for range 12 {
		q := m.Query()
		for _, fault := range ref.Check(q, search(t, x, q)) {
			t.Errorf("%d best of filter %+v: %s", q.N, q.Filter, fault)
		}
	}
}

// random compares indexes of fresh documents with the reference.
func random(t *testing.T, open func(*testing.T) retrieval.Index) {
	for seed := range uint64(10) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			m, x, ref := NewMaker(seed, Dim), open(t), new(Reference)
			for i := 0; i < 60; {
				var entries []retrieval.Entry
				for range 1 + m.IntN(25) {
					entries = append(entries, m.Entry(fmt.Sprint("doc-", i)))
					i++
				}
				put(t, x, entries...)
				ref.Replace(entries)
			}
			check(t, x, ref, m)
		})
	}
}

// Churn tests that the indexes that open returns keep to the reference, idf
// and all, while documents are replaced and removed. Each must be empty and
// its own.
func Churn(t *testing.T, open func(*testing.T) retrieval.Index) {
	for seed := range uint64(10) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			m, x, ref := NewMaker(100+seed, Dim), open(t), new(Reference)
			for range 12 {
				var entries []retrieval.Entry
				for range 1 + m.IntN(20) {
					e := m.Entry(fmt.Sprint("doc-", m.IntN(60)))
					if m.IntN(4) == 0 {
						e.Points = nil
					}
					entries = append(entries, e)
				}
				put(t, x, entries...)
				ref.Replace(entries)
				check(t, x, ref, m)
			}
		})
	}
}
