package memindex

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"github.com/whetstone-desk/whetstone/retrieval"
)

// build writes a segment of entries, each of which has points and comes once.
func build(w *writer, entries []retrieval.Entry, dim int) error {
	var points []*retrieval.Point
	for i := range entries {
		for j := range entries[i].Points {
			points = append(points, &entries[i].Points[j])
		}
	}
	w.footer.Dim, w.footer.Slots, w.footer.Docs = uint64(dim), uint64(len(points)), uint64(len(entries))
	buildLists(w, points)
	buildVectors(w, points, dim)
	buildPassages(w, points)
	buildDocuments(w, entries)
	return w.finish()
}

// buildLists writes the inverted lists, and the way back from slots to terms.
func buildLists(w *writer, points []*retrieval.Point) {
	n := 0
	for _, p := range points {
		n += p.Sparse.Len()
	}
	pairs := make([]uint64, 0, n) // term<<32 | posting
	at := make([]int, len(points)+1)
	for slot, p := range points {
		for i, term := range p.Sparse.Terms {
			if weight := p.Sparse.Weights[i]; weight > 0 {
				pairs = append(pairs, uint64(term)<<32|uint64(slot)<<16|uint64(packWeight(weight)))
			}
		}
		at[slot+1] = len(pairs)
	}
	pairs = sortByTerm(pairs)
	postings := make([]uint32, len(pairs))
	places := make([]uint32, len(pairs)) // of each slot's terms, slot by slot
	next := slices.Clone(at)
	var terms, starts []uint32
	for i, pair := range pairs {
		if term := uint32(pair >> 32); i == 0 || term != terms[len(terms)-1] {
			terms = append(terms, term)
			starts = append(starts, uint32(i))
		}
		postings[i] = uint32(pair)
		slot := uint32(pair) >> 16
		places[next[slot]] = uint32(len(terms) - 1)
		next[slot]++
	}
	put(w, secPostings, postings)
	put(w, secTerms, terms)
	put(w, secStarts, append(starts, uint32(len(pairs))))
	forward := newRecordWriter(len(points))
	forward.data = make([]byte, 0, 2*len(pairs)+len(pairs)/4)
	for slot := range points {
		forward.data = appendPlaces(forward.data, places[at[slot]:at[slot+1]])
		forward.end()
	}
	forward.put(w, secForwardAt, secForward)
}

// appendPlaces appends ascending numbers as differences.
func appendPlaces(b []byte, places []uint32) []byte {
	last := uint32(0)
	for _, p := range places {
		b = appendStep(b, p-last)
		last = p
	}
	return b
}

// appendStep is binary.AppendUvarint for numbers that mostly take two bytes.
func appendStep(b []byte, step uint32) []byte {
	switch {
	case step < 1<<7:
		return append(b, byte(step))
	case step < 1<<14:
		return append(b, byte(step)|0x80, byte(step>>7))
	}
	return binary.AppendUvarint(b, uint64(step))
}

// sortByTerm sorts pairs by their upper half, in three passes of eleven bits,
// and leaves those of one term in the order of their slots.
func sortByTerm(pairs []uint64) []uint64 {
	if len(pairs) < 1<<11 {
		slices.Sort(pairs)
		return pairs
	}
	other := make([]uint64, len(pairs))
	for shift := 32; shift < 64; shift += 11 {
		var count [1<<11 + 1]int
		for _, p := range pairs {
			count[p>>shift&(1<<11-1)+1]++
		}
		for i := range count[1:] {
			count[i+1] += count[i]
		}
		for _, p := range pairs {
			bucket := p >> shift & (1<<11 - 1)
			other[count[bucket]] = p
			count[bucket]++
		}
		pairs, other = other, pairs
	}
	return pairs
}

// buildVectors writes the vectors and their codes.
func buildVectors(w *writer, points []*retrieval.Point, dim int) {
	codes := make([]int8, len(points)*width(dim))
	scales := make([]float32, len(points))
	errors := make([]float32, len(points))
	zeros := make([]float32, dim)
	w.begin(secVectors)
	for slot, p := range points {
		if !present(p.Dense) {
			w.bytes(bytesOf(zeros))
			errors[slot] = float32(math.Inf(-1))
			continue
		}
		w.bytes(bytesOf(p.Dense))
		scales[slot], errors[slot] = quantize(p.Dense, codes[slot*width(dim):])
	}
	put(w, secCodes, codes)
	put(w, secScales, scales)
	put(w, secErrors, errors)
}

// quantize fills in codes such that v is about codes×scale, and returns with
// scale the length of the difference, or a little more.
func quantize(v []float32, codes []int8) (scale, distance float32) {
	for _, x := range v {
		scale = max(scale, x, -x)
	}
	scale /= 127
	sum := 0.0
	for i, x := range v {
		c := math.Round(float64(x) / float64(scale))
		codes[i] = int8(c)
		d := float64(x) - c*float64(scale)
		sum += d * d
	}
	return scale, float32(math.Sqrt(sum) * (1 + 1e-6))
}

// present reports whether v is a vector that says something.
func present(v []float32) bool {
	for _, x := range v {
		if x != 0 {
			return true
		}
	}
	return false
}

func buildPassages(w *writer, points []*retrieval.Point) {
	passages := newRecordWriter(len(points))
	for _, p := range points {
		passages.data = appendPassage(passages.data, &p.Passage)
		passages.end()
	}
	passages.put(w, secPassageAt, secPassages)
}

func buildDocuments(w *writer, entries []retrieval.Entry) {
	d := newDocumentWriter(len(entries))
	for i := range entries {
		e := &entries[i]
		d.add(hashID(e.Document.ID), len(e.Points), d.class(appendClass(nil, &e.Document)))
		d.titles.data = appendTitle(d.titles.data, &e.Document)
		d.titles.end()
	}
	d.put(w)
}

// A recordWriter gathers records.
type recordWriter struct {
	at   []uint64
	data []byte
}

func newRecordWriter(n int) recordWriter {
	return recordWriter{at: append(make([]uint64, 0, n+1), 0)}
}

// end closes the record that was appended to data.
func (r *recordWriter) end() { r.at = append(r.at, uint64(len(r.data))) }

func (r *recordWriter) put(w *writer, at, data section) {
	put(w, at, r.at)
	put(w, data, r.data)
}

// A documentWriter gathers what a segment says about documents.
type documentWriter struct {
	docOf, first, classOf []uint32
	ids                   []uint64
	titles                recordWriter
	classes               map[string]uint32
	classData             []byte
}

func newDocumentWriter(n int) *documentWriter {
	return &documentWriter{first: []uint32{0}, titles: newRecordWriter(n), classes: make(map[string]uint32)}
}

// class returns the number of a class of that record.
func (d *documentWriter) class(record []byte) uint32 {
	c, ok := d.classes[string(record)]
	if !ok {
		c = uint32(len(d.classes))
		d.classes[string(record)] = c
		d.classData = append(d.classData, record...)
	}
	return c
}

// add adds a document, by the hash of its id.
func (d *documentWriter) add(hash uint64, slots int, class uint32) {
	doc := uint32(len(d.classOf))
	for range slots {
		d.docOf = append(d.docOf, doc)
	}
	d.first = append(d.first, uint32(len(d.docOf)))
	d.classOf = append(d.classOf, class)
	d.ids = append(d.ids, hash|uint64(doc))
}

func (d *documentWriter) put(w *writer) {
	put(w, secDocOf, d.docOf)
	put(w, secFirst, d.first)
	put(w, secClassOf, d.classOf)
	d.titles.put(w, secDocAt, secDocs)
	slices.SortFunc(d.ids, cmp.Compare[uint64])
	put(w, secIDs, d.ids)
	put(w, secClasses, d.classData)
	w.footer.Classes = uint64(len(d.classes))
}
