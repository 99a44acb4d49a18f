package memindex

import (
	"errors"
	"fmt"
	"hash/crc32"
	"unsafe"
)

// A segment is a run of bytes: sections, each beginning at a multiple of
// align, and behind them the footer that says where they are. Numbers are in
// the byte order of the machine, so that sections are used where they lie; on
// a machine of the other order a file is as good as damaged, and rebuilt.

// A section is a part of a segment.
type section int

const (
	secPostings  section = iota // []uint32: slot<<16 | weight, by term and then by slot
	secTerms                    // []uint32, ascending
	secStarts                   // []uint32: where a term's postings begin, and where the last one's end
	secForwardAt                // []uint64: where a slot's terms begin in secForward
	secForward                  // places of a slot's terms in secTerms, as differences, varint
	secVectors                  // []float32: dim for each slot
	secCodes                    // []int8: width for each slot
	secScales                   // []float32: what a slot's codes are multiplied by; 0 without a vector
	secErrors                   // []float32: length of vector minus codes×scale; -Inf without a vector
	secPassageAt                // []uint64: where a slot's record begins in secPassages
	secPassages                 // records
	secDocOf                    // []uint32: the document of a slot
	secFirst                    // []uint32: the first slot of a document, and behind the last
	secClassOf                  // []uint32: the class of a document
	secDocAt                    // []uint64: where a document's record begins in secDocs
	secDocs                     // records
	secIDs                      // []uint64: hash of id<<32 | document, ascending
	secClasses                  // records one behind the other
	numSections  = int(iota)
)

const (
	align   = 64
	magic   = 0x3130786469746877 // a name, the version and, by its bytes, their order
	maxSlot = 1 << 16            // slots of a segment, so that a posting fits in 4 bytes
)

// A footer ends a segment.
type footer struct {
	Magic    uint64
	Dim      uint64
	Slots    uint64
	Docs     uint64
	Classes  uint64
	Sections [numSections]struct{ At, Len uint64 } // bytes
	Data     uint64                                // CRC-32C of all before the footer
	Self     uint64                                // CRC-32C of the footer before this field
}

const footerSize = int(unsafe.Sizeof(footer{}))

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// errDamaged says that a file is not what was written.
var errDamaged = errors.New("damaged")

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errDamaged, fmt.Sprintf(format, args...))
}

// bytesOf is the memory of a slice of numbers.
func bytesOf[T any](s []T) []byte {
	if len(s) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), len(s)*int(unsafe.Sizeof(s[0])))
}

// slicesOf is bytes seen as numbers. They must be aligned, and a multiple of
// T's size.
func slicesOf[T any](b []byte) []T {
	var zero T
	if len(b) == 0 {
		return nil
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/int(unsafe.Sizeof(zero)))
}

// sum computes the footer's own checksum.
func (f *footer) sum() uint64 {
	b := unsafe.Slice((*byte)(unsafe.Pointer(f)), footerSize-int(unsafe.Sizeof(f.Self)))
	return uint64(crc32.Checksum(b, castagnoli))
}

// readFooter reads and checks the footer of a segment of size bytes that ends
// with tail.
func readFooter(tail []byte, size int64) (*footer, error) {
	f := new(footer)
	if len(tail) < footerSize {
		return nil, damaged("%d bytes are too short for a segment", len(tail))
	}
	copy(unsafe.Slice((*byte)(unsafe.Pointer(f)), footerSize), tail[len(tail)-footerSize:])
	if f.Magic != magic {
		return nil, damaged("no segment of this version, or cut off")
	}
	if f.Self != f.sum() {
		return nil, damaged("checksum of the footer")
	}
	end := uint64(size) - uint64(footerSize)
	for i, s := range f.Sections {
		if s.At%align != 0 || s.At > end || s.Len > end-s.At {
			return nil, damaged("section %d lies outside", i)
		}
	}
	return f, nil
}

// width is the number of codes of a vector: whole steps of the kernel.
func width(dim int) int { return (dim + codeStep - 1) / codeStep * codeStep }

// weightBias is the exponent of the smallest weight, 2^-16.
const weightBias = (127 - 16) << 23

// packWeight keeps twelve significant bits of a weight above 0, which is more
// than the fourth digit.
func packWeight(w float32) uint32 {
	bits := int64(float32bits(w)) + 1<<11 - weightBias
	return uint32(min(max(bits>>12, 0), 1<<16-1))
}

// unpackWeight is the weight in a posting.
func unpackWeight(posting uint32) float32 {
	return float32frombits(posting<<16>>4 + weightBias)
}
