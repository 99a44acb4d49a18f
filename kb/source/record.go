package source

import (
	"encoding/json"
	"fmt"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
)

// maxRecord bounds one record, in bytes. It leaves room for texts that are
// refused with a better reason, kb.MaxText, even escaped.
const maxRecord = 16 << 20

// A record is one line of JSON Lines or one row of a table: values by key. Keys
// are in small letters.
type record struct {
	values map[string]any
	used   map[string]bool
}

// The names under which helpdesks export what is meant here. The first that has
// a value counts.
var (
	idKeys         = []string{"id", "_id", "external_id", "article_id", "case_id", "ticket_id"}
	titleKeys      = []string{"title", "name", "subject", "question"}
	bodyKeys       = []string{"body", "text", "content", "answer", "markdown", "html", "body_html"}
	problemKeys    = []string{"problem", "question", "text", "description", "body", "message"}
	resolutionKeys = []string{"resolution", "reply", "answer", "solution", "response"}
	localeKeys     = []string{"locale", "lang", "language"}
	tagKeys        = []string{"tags", "labels", "tag", "label", "categories", "category"}
	urlKeys        = []string{"url", "source_url", "html_url", "link"}
	audienceKeys   = []string{"audience", "visibility"}
	updatedKeys    = []string{"updated_at", "modified_at", "updated"}
	resolvedKeys   = []string{"resolved_at", "solved_at", "closed_at"}
)

func newRecord(n int) record {
	return record{make(map[string]any, n), make(map[string]bool, n)}
}

// has reports whether one of keys has a value.
func (r record) has(keys ...string) bool {
	return slices.ContainsFunc(keys, func(k string) bool { return plain(r.values[k]) != "" })
}

// text takes the value of the first of keys that has one.
func (r record) text(keys ...string) string {
	found := ""
	for _, k := range keys {
		if v, ok := r.values[k]; ok && !r.used[k] {
			if s := plain(v); s != "" {
				r.used[k] = true
				return s
			}
			found = k
		}
	}
	if found != "" {
		r.used[found] = true
	}
	return ""
}

// ignored returns the keys that have a value and that nothing was made of,
// sorted.
func (r record) ignored() []string {
	var out []string
	for k, v := range r.values {
		if s, text := v.(string); !r.used[k] && (!text || strings.TrimSpace(s) != "") {
			out = append(out, k)
		}
	}
	slices.Sort(out)
	return out
}

// plain returns a single value as text.
func plain(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	case int, int64, uint64, float64:
		return fmt.Sprint(v)
	}
	return ""
}

// labels returns a value as a set of labels: a list, the values of an object,
// or a text with commas or semicolons.
func labels(v any) []string {
	var out []string
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			out = append(out, labels(e)...)
		}
	case map[string]any:
		for _, e := range v {
			out = append(out, labels(e)...)
		}
	case string:
		for part := range strings.FieldsFuncSeq(v, func(c rune) bool { return c == ',' || c == ';' || c == '\n' }) {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
	default:
		if s := plain(v); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// tags takes every label of a record: of tags, of labels and of labels.topic.
func (r record) tags() []string {
	var out []string
	for k, v := range r.values {
		prefix, _, _ := strings.Cut(k, ".")
		if slices.Contains(tagKeys, k) || prefix == "labels" || prefix == "tags" {
			r.used[k] = true
			out = append(out, labels(v)...)
		}
	}
	return out
}

// record makes a document of rec and delivers it.
func (r *reader) record(file string, line int, rec record, notes []string) error {
	item := Item{File: file, Line: line, Notes: notes}
	d := &item.Document
	d.Kind = r.kind(rec)
	d.ID = rec.text(idKeys...)
	if d.Kind == kb.Case {
		d.Title = rec.text("title", "name", "subject")
		d.Problem = rec.text(problemKeys...)
		d.Resolution = rec.text(resolutionKeys...)
		if with := rec.text("resolved_with", "article_id"); kb.ValidID(with) {
			d.ResolvedWith = with
		} else if with != "" {
			item.Notes = append(item.Notes, fmt.Sprintf("resolved_with %.128q is no id of an article: left out", with))
		}
	} else {
		d.Title = rec.text(titleKeys...)
		html := !rec.has("body", "text", "content", "answer", "markdown")
		d.Body = rec.text(bodyKeys...)
		if html || looksLikeHTML(d.Body) {
			body, err := toMarkdown(d.Body)
			if err != nil {
				return r.lost(file, line, "its HTML cannot be read: %v", err)
			}
			d.Body = body
		}
	}
	if d.ID == "" {
		// Not the line's number, which changes when a line is added above.
		d.ID = idOf(file) + ":" + digest(or(d.Title, d.Problem, d.Body))
	}
	r.common(rec, &item)
	item.Ignored = rec.ignored()
	return r.deliver(item)
}

// kind tells a record of a case from one of an article.
func (r *reader) kind(rec record) kb.Kind {
	kind := kb.Kind(strings.ToLower(rec.text("kind")))
	switch {
	case kind == kb.Case || kind == kb.Article:
		return kind
	case r.Kind != "":
		return r.Kind
	case rec.has("problem", "reply", "resolution"):
		return kb.Case
	}
	return kb.Article
}

// common reads what records and front matter have in common.
func (r *reader) common(rec record, item *Item) {
	d := &item.Document
	d.Locale = rec.text(localeKeys...)
	d.Product = rec.text("product")
	d.Region = rec.text("region")
	d.Tags = rec.tags()
	d.URL = rec.text(urlKeys...)
	d.Audience = audience(rec.text(audienceKeys...))
	d.Status = status(rec.text("status", "state"))
	if rec.text("draft") == "true" {
		d.Status = kb.Draft
	}
	if s := rec.text(updatedKeys...); s != "" {
		d.UpdatedAt, _ = moment(s) // the store sets its own
	}
	if s := rec.text(resolvedKeys...); s != "" && d.Kind == kb.Case {
		at, ok := moment(s)
		if ok {
			d.ResolvedAt = &at
		} else {
			item.Notes = append(item.Notes, fmt.Sprintf("resolved_at %q is no time that is known here: left out", s))
		}
	}
}

// audience returns the audience a helpdesk means. What it does not know it
// returns as it is, for validation to refuse: it must not become public.
func audience(s string) kb.Audience {
	switch strings.ToLower(s) {
	case "internal", "private", "agents", "operators", "staff", "employees":
		return kb.Internal
	case "public", "everyone", "everybody", "customers", "all":
		return kb.Public
	}
	return kb.Audience(s)
}

// status returns the status a helpdesk means.
func status(s string) kb.Status {
	switch strings.ToLower(s) {
	case "published", "public", "active", "live", "open", "closed", "solved", "resolved":
		return kb.Published
	case "draft", "hidden", "unpublished", "review":
		return kb.Draft
	case "archived", "deleted", "obsolete", "deprecated":
		return kb.Archived
	}
	return kb.Status(s)
}

// moment reads a time in the forms in which helpdesks export it; without a zone
// it is UTC.
func moment(s string) (time.Time, bool) {
	for _, layout := range [...]string{
		time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05", "2006-01-02 15:04",
		"2006-01-02", "02.01.2006 15:04:05", "02.01.2006 15:04", "02.01.2006",
	} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true
		}
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil && n > 1e8 && n < 1e14 {
		if n > 1e11 { // milliseconds
			n /= 1000
		}
		return time.Unix(int64(n), int64(math.Mod(n, 1)*1e9)).UTC(), true
	}
	return time.Time{}, false
}

// records reads a file of records as text.
func (r *reader) records(name string, read func(*rows) error) error {
	f, err := r.folder.Open(name)
	if err != nil {
		return r.lost(name, 0, "cannot be read: %v", cause(err))
	}
	defer f.Close() //nolint:errcheck // nothing was written
	b, note, err := stream(f)
	if err != nil {
		return r.lost(name, 0, "%v", cause(err))
	}
	in := &rows{file: name, Reader: b, tabs: strings.EqualFold(path.Ext(name), ".tsv")}
	if note != "" {
		in.notes = []string{note}
	}
	if _, err := b.Peek(1); err != nil {
		return r.lost(name, 0, "empty")
	}
	return read(in)
}
