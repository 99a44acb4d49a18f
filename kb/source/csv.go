package source

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// errLong is returned for a row that does not end.
var errLong = fmt.Errorf("a row longer than %d MiB: is a quotation mark missing?", maxRecord>>20)

// A bounded reader fails once more than left bytes are read; the budget is set
// anew for every row.
type bounded struct {
	r    io.Reader
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errLong
	}
	n, err := b.r.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// table reads a table with a row of names at its head. Commas, semicolons or
// tabs part the columns: whichever the head has most of.
func (r *reader) table(in *rows) error {
	head, err := in.Peek(16 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return r.lost(in.file, 1, "cannot be read: %v", cause(err))
	}
	offset := 0
	comma := separator(head)
	if in.tabs {
		comma = '\t'
	}
	// Spreadsheets may say on a line of its own what parts the columns.
	if first, _, _ := bytes.Cut(head, []byte("\n")); bytes.HasPrefix(first, []byte("sep=")) && len(bytes.TrimSpace(first)) == 5 {
		comma = rune(first[4])
		if _, err := in.Discard(len(first) + 1); err != nil {
			return r.lost(in.file, 1, "has no rows")
		}
		offset = 1
	}
	limit := &bounded{r: in, left: maxRecord}
	c := csv.NewReader(limit)
	c.Comma, c.FieldsPerRecord, c.ReuseRecord, c.LazyQuotes = comma, -1, true, true
	names, err := c.Read()
	if err != nil {
		return r.lost(in.file, 1+offset, "has no head: %v", err)
	}
	names = slices.Clone(names)
	for i, name := range names {
		name, _ = valid([]byte(name))
		names[i] = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), " ", "_")
	}
	if !slices.ContainsFunc(names, known) {
		return r.lost(in.file, 1+offset, "no column is called title, body, problem or resolution, or one of their other names")
	}
	for {
		limit.left = maxRecord
		row, err := c.Read()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			var at *csv.ParseError
			line := 0
			if errors.As(err, &at) {
				line = at.Line + offset
			}
			// A reader that has failed goes on in the middle of a row.
			return r.lost(in.file, line, "cannot be read on: %v", err)
		}
		line, _ := c.FieldPos(0)
		if err := r.row(in, line+offset, names, row); err != nil {
			return err
		}
	}
}

// known reports whether a column's name is one that a document can be made of.
func known(name string) bool {
	return slices.Contains(titleKeys, name) || slices.Contains(bodyKeys, name) ||
		slices.Contains(problemKeys, name) || slices.Contains(resolutionKeys, name)
}

func (r *reader) row(in *rows, line int, names, row []string) error {
	rec := newRecord(len(names))
	notes := in.take()
	empty := true
	for i, value := range row {
		value, note := valid([]byte(value))
		if note != "" && !slices.Contains(notes, note) {
			notes = append(notes, note)
		}
		empty = empty && strings.TrimSpace(value) == ""
		switch {
		case i < len(names):
			rec.values[names[i]] = strings.ReplaceAll(value, "\r\n", "\n")
		case strings.TrimSpace(value) != "" && i == len(names):
			notes = append(notes, fmt.Sprintf("has more columns than the head: %d were left out", len(row)-i))
		}
	}
	if empty {
		return nil
	}
	return r.record(in.file, line, rec, notes)
}

// separator returns what parts the columns of the head that b begins with.
func separator(b []byte) rune {
	counts := map[byte]int{}
	quoted := false
	for _, c := range b {
		if c == '\n' && !quoted {
			break
		}
		if c == '"' {
			quoted = !quoted
		} else if !quoted {
			counts[c]++
		}
	}
	best := ','
	for _, c := range []byte{';', '\t'} {
		if counts[c] > counts[byte(best)] {
			best = rune(c)
		}
	}
	return best
}
