package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// plain reports whether s can be stored and sent on by everything behind.
func plain(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

func plainQuery(q url.Values) bool {
	for name, values := range q {
		if !plain(name) || slices.ContainsFunc(values, func(v string) bool { return !plain(v) }) {
			return false
		}
	}
	return true
}

// text reports, as an errMalformed, why JSON cannot be taken.
func text(b []byte) error {
	switch {
	case !utf8.Valid(b):
		return fmt.Errorf("%w: not valid UTF-8", errMalformed)
	case bytes.IndexByte(b, 0) >= 0 || escapedNUL(b):
		return fmt.Errorf("%w: holds a NUL byte", errMalformed)
	}
	return nil
}

// escapedNUL reports whether JSON writes a NUL byte as an escape. After
// another backslash it is no escape but those six characters.
func escapedNUL(b []byte) bool {
	escape := []byte(`\u0000`)
	for at := 0; ; {
		i := bytes.Index(b[at:], escape)
		if i < 0 {
			return false
		}
		at += i
		before := b[:at]
		if (len(before)-len(bytes.TrimRight(before, `\`)))%2 == 0 {
			return true
		}
		at += len(escape)
	}
}

// strict decodes JSON and refuses what it does not know.
func strict(b []byte, into any) error {
	if err := text(b); err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("%w: %s", errMalformed, reason(err))
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: more than one value", errMalformed)
	}
	return nil
}

// reason says in the caller's terms, not Go's, why JSON could not be decoded.
func reason(err error) string {
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrong) && wrong.Field == "":
		return "a " + wrong.Value + " where an object is needed"
	case errors.As(err, &wrong):
		field := wrong.Field[strings.LastIndexByte(wrong.Field, '.')+1:]
		return "the field " + field + " cannot be a " + wrong.Value
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "the JSON ends too soon"
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}
