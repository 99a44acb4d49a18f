package memindex

import (
	"encoding/binary"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// Records are numbers as varints, and strings behind their lengths.

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendPassage(b []byte, p *kb.Passage) []byte {
	b = binary.AppendVarint(b, int64(p.Ordinal))
	b = binary.AppendVarint(b, int64(p.Start))
	b = binary.AppendVarint(b, int64(p.End))
	return appendString(appendString(b, p.Heading), p.Text)
}

// appendTitle appends what a document has alone. The id comes first.
func appendTitle(b []byte, s *retrieval.Source) []byte {
	b = appendString(appendString(appendString(b, s.ID), s.Title), s.URL)
	b = binary.AppendVarint(b, s.Revision)
	return binary.AppendVarint(appendString(b, s.ResolvedWith), s.Evidence)
}

// appendClass appends what documents share, which is all that a filter looks
// at but the id.
func appendClass(b []byte, s *retrieval.Source) []byte {
	for _, x := range []string{string(s.Kind), string(s.Audience), s.Locale, s.Product, s.Region} {
		b = appendString(b, x)
	}
	b = binary.AppendUvarint(b, uint64(len(s.Tags)))
	for _, tag := range s.Tags {
		b = appendString(b, tag)
	}
	return b
}

// A decoder reads a record. Behind its end everything is zero.
type decoder struct{ rest []byte }

func (d *decoder) int() int {
	x, n := binary.Varint(d.rest)
	d.skip(n)
	return int(x)
}

func (d *decoder) uint() uint64 {
	x, n := binary.Uvarint(d.rest)
	d.skip(n)
	return x
}

func (d *decoder) skip(n int) {
	if n <= 0 {
		n = len(d.rest)
	}
	d.rest = d.rest[n:]
}

// bytes reads a string without copying it.
func (d *decoder) bytes() []byte {
	n := min(d.uint(), uint64(len(d.rest)))
	b := d.rest[:n]
	d.rest = d.rest[n:]
	return b
}

func (d *decoder) string() string { return string(d.bytes()) }

func (d *decoder) class() retrieval.Source {
	s := retrieval.Source{Kind: kb.Kind(d.string()), Audience: kb.Audience(d.string())}
	s.Locale, s.Product, s.Region = d.string(), d.string(), d.string()
	for n := min(d.uint(), uint64(len(d.rest))); n > 0; n-- {
		s.Tags = append(s.Tags, d.string())
	}
	return s
}
