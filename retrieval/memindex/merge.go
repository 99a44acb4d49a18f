package memindex

import (
	"encoding/binary"
	"math"
)

// gone marks what does not come along in a merge.
const gone = math.MaxUint32

// flushAt is how many postings a merge holds before it writes them.
const flushAt = 1 << 14

// A merger writes the living passages of parts as one segment. They keep their
// order, so lists need no sorting.
type merger struct {
	w     *writer
	parts []part
	slots []*[maxSlot]uint32 // by part: the new slot of a slot
	place [][]uint32         // by part: the new place of a term
}

// merge writes a segment of what is alive in parts.
func merge(w *writer, parts []part, dim int) error {
	m := &merger{w: w, parts: parts}
	next := uint32(0)
	docs := 0
	for _, p := range parts {
		slots := new([maxSlot]uint32)
		for i := range slots {
			slots[i] = gone
			if i < p.slots && p.alive.has(i) {
				slots[i] = next
				next++
			}
		}
		m.slots = append(m.slots, slots)
	}
	m.lists()
	m.forward()
	m.vectors(dim)
	m.passages()
	docs = m.documents()
	w.footer.Dim, w.footer.Slots, w.footer.Docs = uint64(dim), uint64(next), uint64(docs)
	return w.finish()
}

// lists merges the inverted lists term by term.
func (m *merger) lists() {
	at := make([]int, len(m.parts))
	for _, p := range m.parts {
		m.place = append(m.place, make([]uint32, len(p.terms)))
	}
	var terms, starts []uint32
	buffer := make([]uint32, 0, 2*flushAt)
	written := 0
	m.w.begin(secPostings)
	for {
		term, ok := m.lowest(at)
		if !ok {
			break
		}
		start := written + len(buffer)
		for i, p := range m.parts {
			if at[i] == len(p.terms) || p.terms[at[i]] != term {
				continue
			}
			m.place[i][at[i]] = uint32(len(terms))
			buffer = appendAlive(buffer, p.list(at[i]), m.slots[i])
			at[i]++
		}
		if written+len(buffer) > start {
			terms = append(terms, term)
			starts = append(starts, uint32(start))
		}
		if len(buffer) > flushAt {
			m.w.bytes(bytesOf(buffer))
			written += len(buffer)
			buffer = buffer[:0]
		}
	}
	m.w.bytes(bytesOf(buffer))
	put(m.w, secTerms, terms)
	put(m.w, secStarts, append(starts, uint32(written+len(buffer))))
}

// appendAlive appends postings under their new slots.
func appendAlive(buffer, list []uint32, slots *[maxSlot]uint32) []uint32 {
	for _, posting := range list {
		if slot := slots[posting>>16]; slot != gone {
			buffer = append(buffer, slot<<16|posting&0xffff)
		}
	}
	return buffer
}

// lowest returns the lowest term that any part has next.
func (m *merger) lowest(at []int) (term uint32, ok bool) {
	for i, p := range m.parts {
		if at[i] < len(p.terms) && (!ok || p.terms[at[i]] < term) {
			term, ok = p.terms[at[i]], true
		}
	}
	return term, ok
}

// forward writes the terms of the slots. A segment has more of these numbers
// than of any other but postings, so they go through no closure.
func (m *merger) forward() {
	at := []uint64{0}
	written := uint64(0)
	buffer := make([]byte, 0, 8*flushAt)
	m.w.begin(secForward)
	for i, p := range m.parts {
		for slot, to := range m.slots[i][:p.slots] {
			if to == gone {
				continue
			}
			buffer = appendMoved(buffer, p.forward.get(slot), m.place[i])
			at = append(at, written+uint64(len(buffer)))
			if len(buffer) > 4*flushAt {
				m.w.bytes(buffer)
				written += uint64(len(buffer))
				buffer = buffer[:0]
			}
		}
	}
	m.w.bytes(buffer)
	put(m.w, secForwardAt, at)
}

// appendMoved appends the places in a record as the new places they have.
func appendMoved(b, record []byte, moved []uint32) []byte {
	var from, last uint32
	for i := 0; i < len(record); {
		step, n := uint32(record[i]), 1
		if step >= 0x80 {
			long, size := binary.Uvarint(record[i:])
			step, n = uint32(long), max(size, 1)
		}
		i += n
		if from += step; int(from) >= len(moved) {
			return b // not what was written, see eachTerm
		}
		b = appendStep(b, moved[from]-last)
		last = moved[from]
	}
	return b
}

func (m *merger) vectors(dim int) {
	runs(m, secVectors, dim, func(p *part) []float32 { return p.vectors })
	runs(m, secCodes, width(dim), func(p *part) []int8 { return p.codes })
	runs(m, secScales, 1, func(p *part) []float32 { return p.scales })
	runs(m, secErrors, 1, func(p *part) []float32 { return p.errors })
}

// runs writes a section that has size numbers for every slot.
func runs[T any](m *merger, s section, size int, of func(*part) []T) {
	m.w.begin(s)
	for i := range m.parts {
		data := of(&m.parts[i])
		for from, to := range m.parts[i].alive.runs() {
			m.w.bytes(bytesOf(data[from*size : to*size]))
		}
	}
}

func (m *merger) passages() {
	at := []uint64{0}
	m.w.begin(secPassages)
	for _, p := range m.parts {
		for from, to := range p.alive.runs() {
			base := at[len(at)-1] - p.passages.at[from]
			for _, end := range p.passages.at[from+1 : to+1] {
				at = append(at, base+end)
			}
			m.w.bytes(p.passages.data[p.passages.at[from]:p.passages.at[to]])
		}
	}
	put(m.w, secPassageAt, at)
}

// documents writes what is known of documents and returns how many there are.
func (m *merger) documents() int {
	out := newDocumentWriter(0)
	for _, p := range m.parts {
		classes := make([]uint32, len(p.classes))
		for c := range classes {
			classes[c] = gone
		}
		for doc := range p.docs {
			first, end := int(p.first[doc]), int(p.first[doc+1])
			if !p.alive.has(first) {
				continue
			}
			class := p.classOf[doc]
			if classes[class] == gone {
				classes[class] = out.class(appendClass(nil, &p.classes[class]))
			}
			out.add(hashID(string(p.id(doc))), end-first, classes[class])
			out.titles.data = append(out.titles.data, p.titles.get(doc)...)
			out.titles.end()
		}
	}
	out.put(m.w)
	return len(out.classOf)
}
