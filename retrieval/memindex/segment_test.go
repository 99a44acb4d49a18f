package memindex

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"math"
	"slices"
	"testing"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/retrieval/indextest"
)

func someEntries(seed uint64, n int) []retrieval.Entry {
	m := indextest.NewMaker(seed, indextest.Dim)
	entries := make([]retrieval.Entry, n)
	for i := range entries {
		entries[i] = m.Entry(fmt.Sprint("doc-", i))
	}
	return entries
}

// segmentBytes are the bytes that write writes.
func segmentBytes(t testing.TB, write func(*writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&writer{out: &b}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func builtBytes(t testing.TB, entries []retrieval.Entry) []byte {
	t.Helper()
	return segmentBytes(t, func(w *writer) error { return build(w, entries, indextest.Dim) })
}

func openBytes(data []byte) (*segment, error) {
	f, err := readFooter(data, int64(len(data)))
	if err != nil {
		return nil, err
	}
	return newSegment(data, f)
}

func builtPart(t testing.TB, entries []retrieval.Entry) part {
	t.Helper()
	s, err := openBytes(builtBytes(t, entries))
	if err != nil {
		t.Fatal(err)
	}
	return newPart(s)
}

func TestMergedIsAsBuiltAtOnce(t *testing.T) {
	entries := someEntries(1, 300)
	for _, tt := range []struct {
		name  string
		parts int
		dead  func(i int) bool
	}{
		{"one part", 1, func(int) bool { return false }},
		{"many parts", 7, func(int) bool { return false }},
		{"every third document gone", 5, func(i int) bool { return i%3 == 0 }},
		{"all but one gone", 5, func(i int) bool { return i != 117 }},
		{"a whole part gone", 3, func(i int) bool { return i < 100 }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var parts []part
			for chunk := range slices.Chunk(entries, (len(entries)+tt.parts-1)/tt.parts) {
				parts = append(parts, builtPart(t, chunk))
			}
			var gone, left []retrieval.Entry
			for i, e := range entries {
				if tt.dead(i) {
					gone = append(gone, e)
				} else {
					left = append(left, e)
				}
			}
			remove(parts, gone)
			got := segmentBytes(t, func(w *writer) error { return merge(w, parts, indextest.Dim) })
			// The order of sections differs, their contents must not.
			sameSections(t, got, builtBytes(t, left))
		})
	}
}

func sameSections(t *testing.T, got, want []byte) {
	t.Helper()
	f, err := readFooter(got, int64(len(got)))
	if err != nil {
		t.Fatal(err)
	}
	g, err := readFooter(want, int64(len(want)))
	if err != nil {
		t.Fatal(err)
	}
	if f.Slots != g.Slots || f.Docs != g.Docs || f.Classes != g.Classes {
		t.Errorf("%d slots, %d documents, %d classes, want %d, %d, %d", f.Slots, f.Docs, f.Classes, g.Slots, g.Docs, g.Classes)
	}
	for s := range f.Sections {
		a, b := f.Sections[s], g.Sections[s]
		if !bytes.Equal(got[a.At:a.At+a.Len], want[b.At:b.At+b.Len]) {
			t.Errorf("section %d: %d bytes differ from %d", s, a.Len, b.Len)
		}
	}
}

func TestBuiltInPassesIsAsSorted(t *testing.T) {
	m := indextest.NewMaker(4, 0)
	for _, n := range []int{0, 1, 100, 1<<11 - 1, 1 << 11, 20_000} {
		pairs := make([]uint64, n)
		for i := range pairs {
			// Slots ascend, as they do when pairs are gathered.
			pairs[i] = m.Uint64N(1<<12)<<52 | uint64(i)
		}
		want := slices.Sorted(slices.Values(pairs))
		if got := sortByTerm(pairs); !slices.Equal(got, want) {
			t.Errorf("%d pairs are not in order", n)
		}
	}
}

func TestFrequenciesFollowTheDead(t *testing.T) {
	entries := someEntries(2, 100)
	p := builtPart(t, entries)
	parts := []part{p}
	remove(parts, entries[:40])
	want := builtPart(t, entries[40:])
	for place, term := range p.terms {
		n := 0
		if at := want.find(term); at >= 0 {
			n = want.frequency(at)
		}
		if got := parts[0].frequency(place); got != n {
			t.Errorf("term %x: frequency %d, want %d", term, got, n)
		}
	}
	if p.find(12345) != -1 || p.doc("nobody") != -1 {
		t.Error("found what is not there")
	}
}

func TestLongQuery(t *testing.T) {
	x := openLow(t, "")
	entries := someEntries(3, 50)
	if err := x.Replace(t.Context(), shop, entries); err != nil {
		t.Fatal(err)
	}
	q := retrieval.Query{Workspace: shop, N: 5, Weights: retrieval.Weights{Lexical: [embeddings.Channels]float64{1, 1, 1, 1}}}
	// Terms that nobody has are the rarest, so those of the passage go first.
	own := entries[7].Points[0].Sparse
	for i := range 10 * maxTerms {
		q.Lexical[0].Terms = append(q.Lexical[0].Terms, uint32(1<<31+i))
	}
	q.Lexical[1] = own
	q.Lexical[0].Weights = slices.Repeat([]float32{1}, len(q.Lexical[0].Terms))
	r, err := x.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	if sum, want := r.Mass[0]+r.Mass[1], maxTerms*idf(x.Len(shop), 0); math.Abs(sum/want-1) > 1e-9 || len(r.Hits) != 0 {
		t.Errorf("mass %v and %d hits, want that of the %d rarest terms, %v", sum, len(r.Hits), maxTerms, want)
	}
	q.Lexical[0] = embeddings.Sparse{}
	r, err = x.Search(t.Context(), q)
	if err != nil || len(r.Hits) == 0 || r.Hits[0].Source.ID != entries[7].Document.ID {
		t.Errorf("the passage does not find itself: %v, %v", r.Hits, err)
	}
}

func TestNoNumber(t *testing.T) {
	x := openLow(t, "")
	e := someEntries(1, 1)
	e[0].Points[0].Dense = embeddings.Vector{0, 0, 0, 0, 0, 0, 0, float32(math.NaN())}
	if err := x.Replace(t.Context(), shop, e); err == nil {
		t.Error("Replace takes a vector that is no number")
	}
	e = someEntries(1, 1)
	e[0].Points[0].Sparse.Weights = e[0].Points[0].Sparse.Weights[1:]
	if err := x.Replace(t.Context(), shop, e); err == nil {
		t.Error("Replace takes a term without a weight")
	}
}

// FuzzSegment changes bytes of a segment and puts the checksums right, as no
// accident would: what is opened then must not make a search fail.
func FuzzSegment(f *testing.F) {
	good := builtBytes(f, someEntries(1, 20))
	for i := range 40 {
		f.Add(uint32(i*len(good)/40), byte(i*37+1), uint32(i*i*13), byte(255))
	}
	f.Fuzz(func(t *testing.T, at uint32, flip byte, at2 uint32, flip2 byte) {
		data := slices.Clone(good)
		data[int(at)%len(data)] ^= flip
		data[int(at2)%len(data)] ^= flip2
		foot := slicesOf[footer](data[len(data)-footerSize:])
		foot[0].Data = uint64(crc32.Checksum(data[:len(data)-footerSize], castagnoli))
		foot[0].Self = foot[0].sum()
		s, err := openBytes(data)
		if err != nil {
			return
		}
		if s.dim != indextest.Dim {
			return // refused where it is loaded
		}
		p := newPart(s)
		for slot := range s.slots {
			p.bury(slot)
			p.passage(slot)
			p.source(int(p.docOf[slot]))
		}
		snap := newSnapshot([]part{newPart(s)})
		m := indextest.NewMaker(uint64(at), indextest.Dim)
		for range 3 {
			q := m.Query()
			if _, err := snap.search(t.Context(), &q, new(lexicalQuery)); err != nil {
				t.Error(err)
			}
		}
		merged := segmentBytes(t, func(w *writer) error { return merge(w, snap.parts, indextest.Dim) })
		if _, err := openBytes(merged); err != nil {
			t.Logf("what was merged of it is refused: %v", err)
		}
	})
}
