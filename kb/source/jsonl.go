package source

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// rows is a file of records that is being read.
type rows struct {
	*bufio.Reader
	file  string
	tabs  bool     // the name says that tabs part the columns
	notes []string // for the next record
}

// take returns the notes for the next record.
func (r *rows) take() []string {
	n := r.notes
	r.notes = nil
	return n
}

// jsonLines reads one object a line.
func (r *reader) jsonLines(in *rows) error {
	for line := 1; ; line++ {
		b, long, err := in.line()
		if err != nil && !errors.Is(err, io.EOF) {
			return r.lost(in.file, line, "cannot be read on: %v", cause(err))
		}
		last := err != nil
		switch b = bytes.TrimSpace(b); {
		case long:
			err = r.lost(in.file, line, "longer than %d MiB", maxRecord>>20)
		case len(b) > 0:
			err = r.jsonLine(in, line, b)
		default:
			err = nil
		}
		if err != nil || last {
			return err
		}
	}
}

func (r *reader) jsonLine(in *rows, line int, b []byte) error {
	text, note := valid(b)
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber() // ids may have more digits than a float
	var values map[string]any
	err := dec.Decode(&values)
	if err == nil && dec.InputOffset() != int64(len(text)) {
		err = errors.New("more than one value on the line")
	}
	switch {
	case err != nil && line == 1 && strings.HasPrefix(text, "["):
		return r.lost(in.file, line, "a JSON list, not JSON Lines: write one object a line")
	case err != nil:
		return r.lost(in.file, line, "no JSON object: %v", err)
	case values == nil:
		return r.lost(in.file, line, "no JSON object: null")
	}
	notes := in.take()
	if note != "" {
		notes = append(notes, note)
	}
	rec := newRecord(len(values))
	for k, v := range values {
		if v != nil {
			rec.values[strings.ToLower(strings.TrimSpace(k))] = v
		}
	}
	return r.record(in.file, line, rec, notes)
}

// line reads a line without holding more than maxRecord of it; long says that
// it had more. The bytes are good until the next call.
func (r *rows) line() (b []byte, long bool, err error) {
	b, err = r.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return b, false, err
	}
	b = bytes.Clone(b)
	for errors.Is(err, bufio.ErrBufferFull) {
		var more []byte
		more, err = r.ReadSlice('\n')
		if long = long || len(b)+len(more) > maxRecord; !long {
			b = append(b, more...)
		}
	}
	return b, long, err
}
