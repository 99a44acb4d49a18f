package desk

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/whetstone-desk/whetstone/kb/source"
)

// place says where a document stands: its id with an API, its file otherwise.
func (r *reader) place(id string) string {
	return cmp.Or(r.file, id)
}

// skip reports a record that is no document.
func (r *reader) skip(id, format string, args ...any) error {
	return r.report(id, false, fmt.Sprintf(format, args...))
}

// lost reports a record that may be a document and cannot be read.
func (r *reader) lost(id, format string, args ...any) error {
	return r.report(id, true, fmt.Sprintf(format, args...))
}

func (r *reader) report(id string, lost bool, reason string) error {
	if r.file != "" && id != "" {
		reason = id + ": " + reason
	}
	if !r.yield(source.Item{}, &source.Skip{File: r.place(id), Line: r.line, Reason: reason, Lost: lost}) {
		return errStop
	}
	return nil
}

// decode reads a record into v. Where it is not what it should be, it is
// reported as lost under the id that it has, and ok is false.
func (r *reader) decode(kind string, raw json.RawMessage, v any) (ok bool, err error) {
	err = json.Unmarshal(raw, v)
	if err == nil {
		return true, nil
	}
	return false, r.lost(r.System+"."+kind+"."+identity(raw), "not what the system's documentation says: %v", wrong(err))
}

// wrong says what is wrong with a record, without the names of types here.
func wrong(err error) string {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) && kind.Field != "" {
		return fmt.Sprintf("its field %s is of type %s", strings.ToLower(kind.Field[strings.LastIndexByte(kind.Field, '.')+1:]), kind.Value)
	}
	return err.Error()
}

// identity returns the id of a record that may be broken otherwise.
func identity(raw json.RawMessage) string {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return "unknown"
	}
	for _, key := range [...]string{"id", "case_id", "article_id", "_id"} {
		var id text
		if b, ok := fields[key]; ok && json.Unmarshal(b, &id) == nil && id != "" {
			return string(id)
		}
	}
	return "unknown"
}

// broken reports whether err is about the JSON of one answer and not about the
// way to it.
func broken(err error) bool {
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	return errors.As(err, &kind) || errors.As(err, &syntax)
}
