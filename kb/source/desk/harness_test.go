package desk_test

import (
	"context"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/source"
	"github.com/whetstone-desk/whetstone/kb/source/desk"
	"github.com/whetstone-desk/whetstone/kb/source/fetch"
)

var update = flag.Bool("update", false, "write the golden parts of testdata")

// token is sent in every test and must come out of none.
const token = "s3cr3t-t0ken"

// A recorded system answers what its archive in testdata has. The archive is
// written after the system's public documentation: a part named GET or POST and
// an address is the answer to it (a word after the address must stand in the
// body), parts named export are files, and those named want are golden.
type recorded struct {
	t     *testing.T
	file  string
	parts map[string]string
	order []string
	URL   string

	asked []string
	fail  int // which request is answered 500; 0: none
	busy  int // which request is answered 429 before it is answered
}

func record(t *testing.T, o desk.Options) *recorded {
	t.Helper()
	r := &recorded{t: t, file: filepath.Join("testdata", name(o)+".txtar"), parts: make(map[string]string)}
	a, err := txtar.ParseFile(r.file)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range a.Files {
		r.parts[f.Name] = string(f.Data)
		r.order = append(r.order, f.Name)
	}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	r.URL = server.URL
	return r
}

// ServeHTTP answers from the archive.
func (r *recorded) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	credentials := q.Header.Get("Authorization") + q.Header.Get("Api_access_token") + q.URL.Query().Get("api_token")
	if _, coded, ok := strings.Cut(credentials, "Basic "); ok {
		plain, err := base64.StdEncoding.DecodeString(coded)
		credentials = string(plain)
		if err != nil {
			r.t.Error(err)
		}
	}
	if !strings.Contains(credentials, token) {
		r.t.Errorf("%s is asked without the token", q.URL.Path)
	}
	query := q.URL.Query()
	query.Del("api_token")
	address := q.Method + " " + q.URL.Path
	if len(query) > 0 {
		address += "?" + strings.NewReplacer("%5B", "[", "%5D", "]", "%2C", ",", "%3A", ":").Replace(query.Encode())
	}
	body, err := io.ReadAll(q.Body)
	if err != nil {
		r.t.Error(err)
	}
	r.asked = append(r.asked, address)
	switch len(r.asked) {
	case r.fail:
		w.WriteHeader(http.StatusInternalServerError)
		return
	case r.busy:
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(http.StatusTooManyRequests)
		return
	}
	for _, name := range r.order {
		want, word, _ := strings.Cut(name, " with ")
		if want == address && strings.Contains(string(body), word) {
			answer(w, strings.ReplaceAll(r.parts[name], "{{base}}", r.URL))
			return
		}
	}
	r.t.Errorf("nothing is recorded for %s %s", address, body)
	w.WriteHeader(http.StatusNotFound)
}

// answer writes a part: lines that begin with a sign of more are fields of the
// header, and a status.
func answer(w http.ResponseWriter, part string) {
	w.Header().Set("Date", "Mon, 02 Feb 2026 10:00:00 GMT")
	for strings.HasPrefix(part, "> ") {
		var field string
		field, part, _ = strings.Cut(part[2:], "\n")
		name, value, _ := strings.Cut(field, ": ")
		if name == "Status" {
			w.WriteHeader(http.StatusForbidden)
			continue
		}
		w.Header()[name] = []string{value} // as it is written
	}
	_, _ = io.WriteString(w, part) // a client that has gone reads nothing
}

// options asks the recorded system for everything.
func (r *recorded) options(o desk.Options) desk.Options {
	o.URL, o.Token, o.Origin = r.URL, fetch.NewSecret(token), "desk:test"
	if !o.Articles && !o.Tickets {
		o.Articles, o.Tickets = true, true
	}
	o.Fetch = fetch.Options{AllowPrivate: true, Rate: -1, Tries: 2, Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}
	if r.fail > 0 {
		o.Fetch.Tries = 1
	}
	return o
}

// has reports whether the account is asked for documents of the kind.
func (r *recorded) has(kind kb.Kind) bool {
	return kind == kb.Article && !strings.HasSuffix(r.file, "helpscout.txtar") || kind == kb.Case && !strings.HasSuffix(r.file, "-docs.txtar")
}

// read runs o and returns what it delivers, and the run.
func read(t *testing.T, o desk.Options) (steps, *desk.Run) {
	t.Helper()
	run, err := desk.Read(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return collect(run.Items()), run
}

// steps are what a reader delivers.
type steps struct {
	items []source.Item
	skips []*source.Skip
	err   error
}

func collect(seq func(func(source.Item, error) bool)) steps {
	var s steps
	for item, err := range seq {
		var skip *source.Skip
		switch {
		case errors.As(err, &skip):
			s.skips = append(s.skips, skip)
		case err != nil:
			s.err = err
		default:
			s.items = append(s.items, item)
		}
	}
	return s
}

// marks returns what a store would know after the steps.
func (s steps) marks() map[string]string {
	m := make(map[string]string)
	for _, i := range s.items {
		m[i.Document.ID] = i.Mark
	}
	return m
}

// String writes steps down in full, for golden parts.
func (s steps) String() string {
	var b strings.Builder
	for _, i := range s.items {
		d := i.Document
		fmt.Fprintf(&b, "%s\n", d.ID)
		if d.Deleted || i.Unchanged {
			fmt.Fprintf(&b, "  deleted %v unchanged %v mark %s\n", d.Deleted, i.Unchanged, i.Mark)
			continue
		}
		fmt.Fprintf(&b, "  %s %s %s locale=%s url=%s tags=%q\n  mark %s", d.Kind, d.Status, d.Audience, d.Locale, strings.TrimPrefix(d.URL, "http://127.0.0.1"), d.Tags, i.Mark)
		if d.ResolvedAt != nil {
			fmt.Fprintf(&b, " resolved %s", d.ResolvedAt.Format(time.RFC3339))
		}
		if i.Rating != nil {
			fmt.Fprintf(&b, " rating %.2f", *i.Rating)
		}
		fmt.Fprintf(&b, "\n  title %s\n", d.Title)
		for _, part := range [][2]string{{"body", d.Body}, {"problem", d.Problem}, {"resolution", d.Resolution}, {"notes", strings.Join(i.Notes, "; ")}} {
			if part[1] != "" {
				fmt.Fprintf(&b, "  %s %s\n", part[0], strings.ReplaceAll(part[1], "\n", "\n    | "))
			}
		}
	}
	for _, k := range s.skips {
		lost := "skip"
		if k.Lost {
			lost = "lost"
		}
		fmt.Fprintf(&b, "%s %s:%d %s\n", lost, k.File, k.Line, k.Reason)
	}
	if s.err != nil {
		fmt.Fprintf(&b, "error %v\n", s.err)
	}
	return b.String()
}

// golden compares text with a part of the archive, or writes it there.
func (r *recorded) golden(name, text string) {
	r.t.Helper()
	text = strings.ReplaceAll(text, r.URL, "{{base}}")
	text = strings.ReplaceAll(text, strings.TrimPrefix(r.URL, "http://127.0.0.1"), "{{base}}")
	if !*update {
		if got, want := text, r.parts[name]; got != want {
			r.t.Errorf("%s is\n%s\nwant\n%s", name, got, want)
		}
		return
	}
	a, err := txtar.ParseFile(r.file)
	if err != nil {
		r.t.Fatal(err)
	}
	a.Files = slices.DeleteFunc(a.Files, func(f txtar.File) bool { return f.Name == name })
	a.Files = append(a.Files, txtar.File{Name: name, Data: []byte(text)})
	if err := os.WriteFile(r.file, txtar.Format(a), 0o644); err != nil {
		r.t.Fatal(err)
	}
}

// accounts are how each system is asked: for everything, unless they say what.
var accounts = []desk.Options{
	{System: "zendesk", Login: "agent@example.com"},
	{System: "intercom"},
	{System: "freshdesk"},
	{System: "helpscout", Tickets: true},
	{System: "helpscout", Articles: true},
	{System: "chatwoot", Login: "3"},
	{System: "zammad"},
	{System: "usedesk", Login: "26"},
	{System: "omnidesk", Login: "staff@example.com"},
}

// name is that of the account's archive.
func name(o desk.Options) string {
	if o.System == "helpscout" && o.Articles {
		return "helpscout-docs"
	}
	return o.System
}

// each runs a test for every system.
func each(t *testing.T, test func(*testing.T, desk.Options)) {
	for _, o := range accounts {
		t.Run(name(o), func(t *testing.T) { test(t, o) })
	}
}
