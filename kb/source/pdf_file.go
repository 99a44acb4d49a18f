package source

import (
	"bytes"
	"compress/zlib"
	"encoding/ascii85"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/whetstone-desk/whetstone/kb"
)

// Bounds of a PDF file. They keep what is small on disk and endless when it is
// read from using up memory and time.
const (
	maxPDF        = 64 << 20 // bytes of the file
	maxPDFData    = 96 << 20 // bytes of all its streams that are unpacked
	maxPDFPages   = 5_000
	maxPDFRun     = 64 << 20   // bytes of operators that are run
	maxPDFLetters = kb.MaxText // of all pages; more than a body holds is refused in the end
	maxPDFObjects = 2_000_000
)

var (
	errPDFSecret = errors.New("encrypted: it wants a password")
	errPDFLarge  = errors.New("it unpacks to more than a document holds")
	errPDFSteps  = errors.New("its pages draw more than a document does")
)

// A pdfFile is a file that was read.
type pdfFile struct {
	objects map[pdfRef]any
	order   []pdfRef // as they stand in the file
	trailer pdfDict
	left    int64 // bytes that may still be unpacked
	run     int   // bytes of operators that may still be run
	fonts   map[pdfRef]*pdfFont
	forms   map[*pdfStream][]byte // that were unpacked
}

// readPDF reads the objects of a file. It does not follow the file's table of
// contents, in which everything dangerous and most of what is broken stands, but
// finds the objects where they are: of two with one number the last counts.
func readPDF(b []byte) (*pdfFile, error) {
	f := &pdfFile{objects: make(map[pdfRef]any), trailer: pdfDict{}, left: maxPDFData, run: maxPDFRun, fonts: make(map[pdfRef]*pdfFont), forms: make(map[*pdfStream][]byte)}
	if at := bytes.Index(b[:min(len(b), 1024)], []byte("%PDF-")); at < 0 {
		return nil, errors.New("no PDF file")
	}
	// What is broken is looked at once more from inside. That must not go on for
	// ever.
	patience := 8*len(b) + 1<<20
	for at := 0; ; {
		n, from, ok := nextObject(b, at)
		if !ok {
			break
		}
		v, end, seen := objectAt(b, from)
		f.objects[n] = v
		f.order = append(f.order, n)
		if patience -= seen - from; patience < 0 || len(f.order) > maxPDFObjects {
			return nil, errPDFLarge
		}
		at = end
	}
	f.trailers(b)
	if f.trailer["Encrypt"] != nil {
		return nil, errPDFSecret
	}
	return f, f.unpackObjects()
}

// nextObject finds the next "12 0 obj" from at, and returns its number and what
// follows it.
func nextObject(b []byte, at int) (n pdfRef, from int, ok bool) {
	for {
		i := bytes.Index(b[at:], []byte("obj"))
		if i < 0 {
			return 0, 0, false
		}
		i += at
		at = i + 3
		if number, found := heading(b, i); found {
			return pdfRef(number), at, true
		}
	}
}

// heading reads backwards the two numbers that stand before b[i:]. It looks at
// few bytes.
func heading(b []byte, i int) (number int, ok bool) {
	fields := bytes.Fields(b[max(0, i-24):i])
	if len(fields) < 2 || i > 0 && b[i-1] > ' ' {
		return 0, false
	}
	if _, err := strconv.Atoi(string(fields[len(fields)-1])); err != nil {
		return 0, false
	}
	digits := fields[len(fields)-2]
	// A comment or the end of another object may stand right before it.
	k := len(digits)
	for k > 0 && digits[k-1] >= '0' && digits[k-1] <= '9' {
		k--
	}
	n, err := strconv.ParseUint(string(digits[k:]), 10, 31)
	return int(n), err == nil
}

// objectAt reads the object that begins at from, and returns where to look for
// the next one, and how far it looked itself.
func objectAt(b []byte, from int) (v any, end, seen int) {
	l := pdfLexer{b, from}
	v, err := l.value(0, true)
	if err != nil {
		return nil, from, l.i
	}
	dict, ok := v.(pdfDict)
	end = l.i
	if l.space(); !ok || !bytes.HasPrefix(b[l.i:], []byte("stream")) {
		return v, end, end
	}
	l.i += len("stream")
	if l.i < len(b) && b[l.i] == '\r' {
		l.i++
	}
	if l.i < len(b) && b[l.i] == '\n' {
		l.i++
	}
	// The length may be wrong, or another object.
	if n, ok := dict["Length"].(float64); ok && n >= 0 && n <= float64(len(b)-l.i) {
		end := l.i + int(n)
		rest := bytes.TrimLeft(b[end:min(len(b), end+16)], "\r\n ")
		if bytes.HasPrefix(rest, []byte("endstream")) {
			return &pdfStream{dict, b[l.i:end]}, end, end
		}
	}
	n := bytes.Index(b[l.i:], []byte("endstream"))
	if n < 0 {
		return v, end, len(b)
	}
	return &pdfStream{dict, b[l.i : l.i+n]}, l.i + n, l.i + n
}

// trailers finds where the document begins, and whether it is encrypted.
func (f *pdfFile) trailers(b []byte) {
	take := func(d pdfDict) {
		for _, k := range [...]pdfName{"Root", "Encrypt"} {
			if d[k] != nil {
				f.trailer[k] = d[k]
			}
		}
	}
	// One for each time that the file was changed.
	for at, n := 0, 0; n < 1000; n++ {
		i := bytes.Index(b[at:], []byte("trailer"))
		if i < 0 {
			break
		}
		at += i + len("trailer")
		l := pdfLexer{b[:min(len(b), at+1<<16)], at}
		if v, err := l.value(0, true); err == nil {
			if d, ok := v.(pdfDict); ok {
				take(d)
			}
		}
	}
	for _, n := range f.order {
		if s, ok := f.objects[n].(*pdfStream); ok && s.dict["Type"] == pdfName("XRef") {
			take(s.dict)
		}
	}
}

// unpackObjects reads the objects that stand in streams.
func (f *pdfFile) unpackObjects() error {
	for _, n := range slices.Backward(f.order) { // the last version of an object counts
		s, ok := f.objects[n].(*pdfStream)
		if !ok || s.dict["Type"] != pdfName("ObjStm") {
			continue
		}
		data, err := f.unpack(s)
		if errors.Is(err, errPDFLarge) {
			return err
		}
		first, ok := f.resolve(s.dict["First"]).(float64)
		if err != nil || !ok || first < 0 || first > float64(len(data)) {
			continue // what it held is missing; the pages tell
		}
		head := pdfLexer{data[:int(first)], 0}
		for {
			n, err := head.value(0, false)
			off, again := head.value(0, false)
			number, isNumber := n.(float64)
			at, isOffset := off.(float64)
			if err != nil || again != nil || !isNumber || !isOffset || number < 0 || at < 0 || first+at > float64(len(data)) {
				break
			}
			l := pdfLexer{data, int(first + at)}
			if v, err := l.value(0, true); err == nil && f.objects[pdfRef(number)] == nil {
				f.objects[pdfRef(number)] = v
			}
			if len(f.objects) > maxPDFObjects {
				return errPDFLarge
			}
		}
	}
	return nil
}

// resolve returns what a reference stands for. One that leads to another is
// followed a few times.
func (f *pdfFile) resolve(v any) any {
	for range 8 {
		ref, ok := v.(pdfRef)
		if !ok {
			return v
		}
		v = f.objects[ref]
	}
	return nil
}

func (f *pdfFile) dict(v any) pdfDict {
	switch v := f.resolve(v).(type) {
	case pdfDict:
		return v
	case *pdfStream:
		return v.dict
	}
	return nil
}

func (f *pdfFile) list(v any) []any {
	out, _ := f.resolve(v).([]any)
	return out
}

// unpack returns the data of a stream.
func (f *pdfFile) unpack(s *pdfStream) ([]byte, error) {
	var filters []any
	switch v := f.resolve(s.dict["Filter"]).(type) {
	case pdfName:
		filters = []any{v}
	case []any:
		filters = v
	}
	var in io.Reader = bytes.NewReader(s.raw)
	if len(filters) > 4 {
		return nil, errors.New("too many filters")
	}
	for _, v := range filters {
		switch name := f.resolve(v); name {
		case pdfName("FlateDecode"), pdfName("Fl"):
			z, err := zlib.NewReader(in)
			if err != nil {
				return nil, err
			}
			in = z
		case pdfName("ASCII85Decode"), pdfName("A85"):
			in = ascii85.NewDecoder(&until{r: in, end: '~'})
		case pdfName("ASCIIHexDecode"), pdfName("AHx"):
			b, err := f.read(&until{r: in, end: '>'})
			if err != nil {
				return nil, err
			}
			in = bytes.NewReader(unhex(b))
		default:
			return nil, fmt.Errorf("packed as %v", name)
		}
	}
	return f.read(in)
}

// read reads what may still be read. Data that breaks off is taken as far as it
// goes.
func (f *pdfFile) read(in io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(in, f.left+1))
	if f.left -= int64(len(b)); f.left < 0 {
		return nil, errPDFLarge
	}
	if err != nil && len(b) == 0 {
		return nil, err
	}
	return b, nil
}

// An until reader ends before a byte.
type until struct {
	r   io.Reader
	end byte
	eof bool
}

func (u *until) Read(p []byte) (int, error) {
	if u.eof {
		return 0, io.EOF
	}
	n, err := u.r.Read(p)
	if i := bytes.IndexByte(p[:n], u.end); i >= 0 {
		u.eof = true
		return i, io.EOF
	}
	return n, err
}
