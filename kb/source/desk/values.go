package desk

import (
	"cmp"
	"encoding/json"
	"errors"
	"iter"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A text is a number or a text of JSON, as ids are.
type text string

// UnmarshalJSON reads a number, a text or null.
func (t *text) UnmarshalJSON(b []byte) error {
	var s string
	switch {
	case string(b) == "null":
		*t = ""
		return nil
	case b[0] == '"':
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
	default:
		var n json.Number
		if err := json.Unmarshal(b, &n); err != nil {
			return err
		}
		s = n.String()
	}
	*t = text(strings.TrimSpace(s))
	return nil
}

// A flag is true for true, 1 and "1".
type flag bool

// UnmarshalJSON reads a truth value, a number, a text or null.
func (f *flag) UnmarshalJSON(b []byte) error {
	switch s := strings.ToLower(strings.Trim(string(b), `"`)); s {
	case "true", "1", "yes":
		*f = true
	case "false", "0", "null", "", "no":
		*f = false
	default:
		return errors.New("no truth value")
	}
	return nil
}

// A stamp is a time, in any of the forms in which the systems write it; zero
// where there is none.
type stamp struct{ time.Time }

// UnmarshalJSON reads a text or Unix seconds.
func (s *stamp) UnmarshalJSON(b []byte) error {
	*s = moment(strings.Trim(string(b), `"`))
	return nil
}

// String returns the time as RFC 3339 in UTC, empty for none.
func (s stamp) String() string {
	if s.IsZero() {
		return ""
	}
	return s.UTC().Format(time.RFC3339Nano)
}

// pointer returns the time, nil for none.
func (s stamp) pointer() *time.Time {
	if s.IsZero() {
		return nil
	}
	at := s.UTC()
	return &at
}

// moment reads a time; without a zone it is UTC. What is none is zero: with
// some systems a dash stands for it.
func moment(s string) stamp {
	s = strings.TrimSpace(s)
	for _, layout := range [...]string{time.RFC3339Nano, "2006-01-02 15:04:05", "2006-01-02 15:04", time.RFC1123Z, time.RFC1123, "2006-01-02T15:04:05", "2006-01-02 15:04:05 MST", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return stamp{t.UTC()}
		}
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || n < 1e8 || n > 1e14 {
		return stamp{}
	}
	if n > 1e11 { // milliseconds
		n /= 1000
	}
	return stamp{time.Unix(int64(n), int64(math.Mod(n, 1)*1e9)).UTC()}
}

// ordered returns the entries of m by key, so that runs are alike.
func ordered[K cmp.Ordered, V any](m map[K]V) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}

// latest returns the last of several times.
func latest(stamps ...stamp) stamp {
	var last stamp
	for _, s := range stamps {
		if s.After(last.Time) {
			last = s
		}
	}
	return last
}

// share returns a rating between worst and best as a number from 0 to 1.
func share(value, worst, best float64) *float64 {
	s := min(max((value-worst)/(best-worst), 0), 1)
	return &s
}
