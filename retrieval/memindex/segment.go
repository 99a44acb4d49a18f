package memindex

import (
	"encoding/binary"
	"hash/crc32"
	"math"
	"math/bits"
	"slices"
	"sync/atomic"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

func float32bits(f float32) uint32     { return math.Float32bits(f) }
func float32frombits(b uint32) float32 { return math.Float32frombits(b) }

// A segment is an immutable set of documents with their passages. Passages are
// numbered by slots from 0; those of a document stand together.
type segment struct {
	dim, slots, docs int

	postings, terms, starts []uint32
	prefix                  []uint32 // by the leading bits of a term: the first place in terms
	shift                   uint     // that leaves those bits
	forward                 records

	vectors        []float32
	codes          []int8
	scales, errors []float32

	passages              records
	docOf, first, classOf []uint32
	titles                records
	ids                   []uint64
	classes               []retrieval.Source // everything but what a document has alone

	size int64        // bytes
	sum  uint64       // checksum of the data
	name string       // of the file; empty: in memory only
	done func() error // gives the bytes back; nil: nothing to do
	refs atomic.Int64 // snapshots that have it
}

// records are byte strings one behind the other.
type records struct {
	at   []uint64
	data []byte
}

func (r *records) get(i int) []byte { return r.data[r.at[i]:r.at[i+1]] }

// sound reports whether there are n records and all lie inside.
func (r *records) sound(n int) bool {
	return len(r.at) == n+1 && slices.IsSorted(r.at) && r.at[n] <= uint64(len(r.data))
}

// newSegment makes a segment of bytes whose checksums are known to be right.
// It checks whatever could make a reader step outside.
func newSegment(data []byte, f *footer) (*segment, error) {
	get := func(s section) []byte { return data[f.Sections[s].At:][:f.Sections[s].Len] }
	u32 := func(s section) []uint32 { return slicesOf[uint32](get(s)) }
	u64 := func(s section) []uint64 { return slicesOf[uint64](get(s)) }
	f32 := func(s section) []float32 { return slicesOf[float32](get(s)) }
	s := &segment{
		dim: int(f.Dim), slots: int(f.Slots), docs: int(f.Docs), size: int64(len(data)), sum: f.Data,
		postings: u32(secPostings), terms: u32(secTerms), starts: u32(secStarts),
		forward: records{u64(secForwardAt), get(secForward)},
		vectors: f32(secVectors), codes: slicesOf[int8](get(secCodes)), scales: f32(secScales), errors: f32(secErrors),
		passages: records{u64(secPassageAt), get(secPassages)},
		docOf:    u32(secDocOf), first: u32(secFirst), classOf: u32(secClassOf),
		titles: records{u64(secDocAt), get(secDocs)}, ids: u64(secIDs),
	}
	if !s.sound(f) {
		return nil, damaged("sections do not fit each other")
	}
	d := decoder{get(secClasses)}
	for range f.Classes {
		s.classes = append(s.classes, d.class())
	}
	s.index()
	return s, nil
}

// sound reports whether the sections have the lengths they should, and hold no
// number that points outside.
func (s *segment) sound(f *footer) bool {
	below := func(list []uint32, n int) bool {
		return !slices.ContainsFunc(list, func(x uint32) bool { return uint64(x) >= uint64(n) })
	}
	lengths := f.Slots <= maxSlot && f.Docs <= f.Slots && f.Dim < 1<<16 && f.Classes <= f.Docs &&
		len(s.starts) == len(s.terms)+1 && len(s.vectors) == s.slots*s.dim && len(s.codes) == s.slots*width(s.dim) &&
		len(s.scales) == s.slots && len(s.errors) == s.slots && len(s.docOf) == s.slots &&
		len(s.first) == s.docs+1 && len(s.classOf) == s.docs && len(s.ids) == s.docs
	return lengths && s.forward.sound(s.slots) && s.passages.sound(s.slots) && s.titles.sound(s.docs) &&
		slices.IsSorted(s.terms) && slices.IsSorted(s.starts) && int(s.starts[len(s.terms)]) == len(s.postings) &&
		ascending(s.first) && s.first[0] == 0 && int(s.first[s.docs]) == s.slots &&
		below(s.docOf, s.docs) && below(s.classOf, int(f.Classes)) && slices.IsSorted(s.ids) &&
		!slices.ContainsFunc(s.ids, func(x uint64) bool { return x&math.MaxUint32 >= f.Docs })
}

// ascending reports whether every number is above the one before.
func ascending(list []uint32) bool {
	for i := 1; i < len(list); i++ {
		if list[i] <= list[i-1] {
			return false
		}
	}
	return true
}

// index fills in prefix. Terms are hashes, so a prefix has few of them.
func (s *segment) index() {
	n := max(bits.Len(uint(len(s.terms)))-1, 1)
	s.shift = uint(32 - n)
	s.prefix = make([]uint32, 1<<n+1)
	at := 0
	for p := range s.prefix {
		for at < len(s.terms) && s.terms[at]>>s.shift < uint32(p) {
			at++
		}
		s.prefix[p] = uint32(at)
	}
}

// find returns the place of a term, or -1.
func (s *segment) find(term uint32) int {
	p := term >> s.shift
	for i := s.prefix[p]; i < s.prefix[p+1]; i++ {
		if s.terms[i] == term {
			return int(i)
		}
	}
	return -1
}

// list returns the postings of the term at a place.
func (s *segment) list(place int) []uint32 { return s.postings[s.starts[place]:s.starts[place+1]] }

// hashID is the hash by which documents are found.
func hashID(id string) uint64 { return uint64(crc32.ChecksumIEEE([]byte(id))) << 32 }

// doc returns the number of a document, or -1.
func (s *segment) doc(id string) int {
	h := hashID(id)
	i, _ := slices.BinarySearch(s.ids, h)
	for ; i < len(s.ids) && s.ids[i]&^math.MaxUint32 == h; i++ {
		if d := int(s.ids[i] & math.MaxUint32); string(s.id(d)) == id {
			return d
		}
	}
	return -1
}

// id returns the id of a document. The bytes are the segment's.
func (s *segment) id(doc int) []byte {
	d := decoder{s.titles.get(doc)}
	return d.bytes()
}

// ordinal returns the ordinal of a slot's passage.
func (s *segment) ordinal(slot int) int {
	d := decoder{s.passages.get(slot)}
	return d.int()
}

// source returns a document as it was given.
func (s *segment) source(doc int) retrieval.Source {
	src := s.classes[s.classOf[doc]]
	src.Tags = slices.Clone(src.Tags)
	d := decoder{s.titles.get(doc)}
	src.ID, src.Title, src.URL, src.Revision = d.string(), d.string(), d.string(), int64(d.int())
	src.ResolvedWith, src.Evidence = d.string(), int64(d.int())
	return src
}

// passage returns a slot's passage.
func (s *segment) passage(slot int) kb.Passage {
	d := decoder{s.passages.get(slot)}
	return kb.Passage{Ordinal: d.int(), Start: d.int(), End: d.int(), Heading: d.string(), Text: d.string()}
}

// vector returns a slot's vector, zeros if it has none.
func (s *segment) vector(slot int) []float32 { return s.vectors[slot*s.dim:][:s.dim] }

// release gives up one reference; without any, the bytes are given back.
func (s *segment) release() error {
	if s.refs.Add(-1) == 0 && s.done != nil {
		return s.done()
	}
	return nil
}

// eachTerm calls f with the places of a slot's terms.
func (s *segment) eachTerm(slot int, f func(place int)) {
	b := s.forward.get(slot)
	place := 0
	for len(b) > 0 {
		step, n := binary.Uvarint(b)
		place += int(step)
		if n <= 0 || place < 0 || place >= len(s.terms) {
			return
		}
		b = b[n:]
		f(place)
	}
}
