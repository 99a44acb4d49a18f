package memindex

import (
	"hash/crc32"
	"io"
)

// A writer writes a segment, section by section. The first error stays; the
// rest of what is written is then dropped.
type writer struct {
	out    io.Writer
	n      uint64
	crc    uint32
	footer footer
	open   section
	err    error
}

func (w *writer) Write(b []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	n, err := w.out.Write(b)
	w.n += uint64(n)
	w.crc = crc32.Update(w.crc, castagnoli, b[:n])
	w.err = err
	return n, err
}

// bytes appends to the section that is open.
func (w *writer) bytes(b []byte) {
	_, _ = w.Write(b) // the error stays in w
}

// begin closes the section that is open and begins another.
func (w *writer) begin(s section) {
	w.end()
	var zeros [align]byte
	if over := w.n % align; over != 0 {
		w.bytes(zeros[over:])
	}
	w.footer.Sections[s].At = w.n
	w.open = s
}

func (w *writer) end() {
	if s := &w.footer.Sections[w.open]; w.n > s.At {
		s.Len = w.n - s.At
	}
}

// put writes a whole section.
func put[T any](w *writer, s section, data []T) {
	w.begin(s)
	w.bytes(bytesOf(data))
}

// finish writes the footer. What sizes say is in it already.
func (w *writer) finish() error {
	w.end()
	w.footer.Magic = magic
	// The footer's numbers are read where they lie, so it must be aligned too.
	var zeros [align]byte
	if over := w.n % align; over != 0 {
		w.bytes(zeros[over:])
	}
	w.footer.Data = uint64(w.crc)
	w.footer.Self = w.footer.sum()
	w.bytes(bytesOf([]footer{w.footer}))
	return w.err
}
