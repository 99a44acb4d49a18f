package desk

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// maxValue bounds one record of an export, and a file that is one value of
// JSON, in bytes.
const maxValue = 256 << 20

// maxLine is how much of a file is read to tell whether it has a record a line.
const maxLine = 16 << 20

// json reads a file of JSON: a record a line, one list, or pages of an API.
func (r *reader) json(in io.Reader) error {
	b := bufio.NewReaderSize(in, 64<<10)
	first, err := readLine(b)
	if err != nil && !errors.Is(err, io.EOF) {
		return r.lost("", "cannot be read: %v", err)
	}
	first = bytes.TrimPrefix(first, []byte("\ufeff"))
	if t := bytes.TrimSpace(first); len(t) > 0 && t[0] == '{' && (json.Valid(t) || r.lines()) {
		return r.jsonLines(first, b)
	}
	return r.values(io.MultiReader(bytes.NewReader(first), b))
}

// lines reports whether the file's name says that it has a record a line.
func (r *reader) lines() bool {
	ext := strings.ToLower(filepath.Ext(r.file))
	return ext == ".jsonl" || ext == ".ndjson"
}

// jsonLines reads a record a line. What is broken costs its line only.
func (r *reader) jsonLines(text []byte, b *bufio.Reader) error {
	for r.line = 1; ; r.line++ {
		if t := bytes.TrimSpace(text); len(t) > 0 {
			var err error
			if json.Valid(t) {
				err = r.records(t, 0)
			} else {
				err = r.lost("", "no JSON")
			}
			if err != nil {
				return err
			}
		}
		var err error
		text, err = readLine(b)
		switch {
		case errors.Is(err, io.EOF) && len(text) == 0:
			return nil
		case err != nil && !errors.Is(err, io.EOF):
			return r.lost("", "cannot be read on: %v", err)
		case len(text) >= maxLine:
			return r.lost("", "a line longer than %d MiB: the rest of the file was not read", maxLine>>20)
		}
	}
}

// readLine returns a line, or the beginning of one that is longer than maxLine.
func readLine(b *bufio.Reader) ([]byte, error) {
	var out []byte
	for {
		part, err := b.ReadSlice('\n')
		out = append(out, part...)
		if !errors.Is(err, bufio.ErrBufferFull) || len(out) >= maxLine {
			return out, err
		}
	}
}

// values reads values that follow each other, and the elements of a list that
// is the whole file one by one.
func (r *reader) values(in io.Reader) error {
	limit := &budget{r: in, left: maxValue}
	dec := json.NewDecoder(limit)
	list := false
	for first := true; ; first = false {
		limit.left = maxValue
		if first {
			b := bufio.NewReader(limit)
			list = begins(b, '[')
			dec = json.NewDecoder(b)
			if list {
				if _, err := dec.Token(); err != nil {
					return r.lost("", "no JSON: %v", err)
				}
			}
		}
		if list && !dec.More() {
			// The end of the list, or of a file that was cut off.
			if _, err := dec.Token(); err != nil {
				return r.lost("", "cannot be read on: the list has no end")
			}
			return nil
		}
		var raw json.RawMessage
		switch err := dec.Decode(&raw); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return r.lost("", "cannot be read on: %v", err)
		}
		if err := r.records(raw, 0); err != nil {
			return err
		}
	}
}

// begins reports whether the first letter of b that is no space is c.
func begins(b *bufio.Reader, c byte) bool {
	for n := 1; ; n++ {
		p, err := b.Peek(n)
		if err != nil {
			return false
		}
		if last := p[n-1]; last != ' ' && last != '\n' && last != '\r' && last != '\t' {
			return last == c
		}
	}
}

// A budget reader fails once left bytes are read.
type budget struct {
	r    io.Reader
	left int
}

func (b *budget) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("a record longer than %d MiB", maxValue>>20)
	}
	n, err := b.r.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// records finds the records in a value: itself, or those of a page as the API
// hands it out.
func (r *reader) records(raw json.RawMessage, depth int) error {
	const deepest = 4 // {"articles": {"items": [{…}]}}
	raw = bytes.TrimSpace(raw)
	if depth > deepest || len(raw) == 0 || raw[0] != '{' && raw[0] != '[' {
		return r.skip("", "no record of articles or tickets")
	}
	if raw[0] == '[' {
		var elements []json.RawMessage
		if err := json.Unmarshal(raw, &elements); err != nil {
			return r.lost("", "no JSON: %v", err)
		}
		for _, e := range elements {
			if err := r.records(e, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		return r.lost("", "no JSON: %v", err)
	}
	for _, key := range [...]string{"id", "case_id", "article_id", "ticket", "case", "article", "kb_article", "helpdesk_ticket", "KnowledgeBaseAnswer"} {
		if _, ok := fields[key]; ok {
			return r.sys.record(r, raw)
		}
	}
	inner := parts(fields)
	for _, part := range inner {
		if err := r.records(part, depth+1); err != nil {
			return err
		}
	}
	if len(inner) == 0 {
		return r.skip("", "no record of articles or tickets")
	}
	return nil
}

// parts returns what of a page holds records: the values under the names that
// the systems use, and numbered ones.
func parts(fields map[string]json.RawMessage) []json.RawMessage {
	var out []json.RawMessage
	for _, key := range [...]string{"articles", "tickets", "conversations", "cases", "kb_articles", "items", "results", "data", "payload", "_embedded"} {
		if v := bytes.TrimSpace(fields[key]); len(v) > 0 && (v[0] == '[' || v[0] == '{') {
			out = append(out, v)
		}
	}
	return append(out, numberedParts(fields)...)
}

// numberedParts returns the values of keys that are numbers, in their order, as
// Omnidesk writes lists.
func numberedParts(fields map[string]json.RawMessage) []json.RawMessage {
	var out []json.RawMessage
	var keys []int
	for key := range maps.Keys(fields) {
		if n, err := strconv.Atoi(key); err == nil && strconv.Itoa(n) == key {
			keys = append(keys, n)
		}
	}
	slices.Sort(keys)
	for _, n := range keys {
		out = append(out, fields[strconv.Itoa(n)])
	}
	return out
}

// has reports whether a record has all of keys.
func has(raw json.RawMessage, keys ...string) bool {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return false
	}
	return !slices.ContainsFunc(keys, func(k string) bool { _, ok := fields[k]; return !ok })
}
