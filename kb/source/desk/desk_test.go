package desk_test

import (
	"context"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
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

func TestAnAccountIsReadAsDocumented(t *testing.T) {
	each(t, func(t *testing.T, o desk.Options) {
		r := record(t, o)
		got, run := read(t, r.options(o))
		r.golden("want", got.String())
		if got.err != nil {
			t.Error(got.err)
		}
		if a, c := run.Complete(kb.Article), run.Complete(kb.Case); a != r.has(kb.Article) || c != r.has(kb.Case) {
			t.Errorf("a run without a cursor is complete: articles %v, tickets %v", a, c)
		}
		for _, item := range got.items {
			if d := item.Document; !d.Deleted && (d.Origin != "desk:test" || item.Mark == "") {
				t.Errorf("%s has origin %q and mark %q", d.ID, d.Origin, item.Mark)
			}
		}
		if !slices.ContainsFunc(got.skips, func(s *source.Skip) bool { return s.Lost }) {
			t.Error("the record that is broken is not lost")
		}
	})
}

func TestABusySystemIsAskedAgain(t *testing.T) {
	each(t, func(t *testing.T, o desk.Options) {
		want, _ := read(t, record(t, o).options(o))
		r := record(t, o)
		r.busy = 2
		var waits []time.Duration
		with := r.options(o)
		with.Fetch.Wait = func(_ context.Context, d time.Duration) error {
			waits = append(waits, d)
			return nil
		}
		got, _ := read(t, with)
		if got, want := got.marks(), want.marks(); !maps.Equal(got, want) {
			t.Errorf("delivers %v, want %v", got, want)
		}
		if !slices.Contains(waits, 7*time.Second) {
			t.Errorf("waits %v, want the 7 s that were asked for", waits)
		}
	})
}

func TestARunThatBrokeOffGoesOnFromItsCursor(t *testing.T) {
	each(t, func(t *testing.T, o desk.Options) {
		whole := record(t, o)
		want, _ := read(t, whole.options(o))
		for at := 1; at <= len(whole.asked); at++ {
			r := record(t, o)
			r.fail = at
			first, run := read(t, r.options(o))
			if first.err == nil {
				continue // what is not needed may fail
			}
			if run.Complete(kb.Article) || run.Complete(kb.Case) {
				t.Errorf("request %d fails and the run is complete", at)
			}
			text := fmt.Sprint(first.err, run.Cursor())
			if strings.Contains(text, token) || strings.Contains(text, base64.StdEncoding.EncodeToString([]byte(token))) {
				t.Errorf("request %d: the token stands in %s", at, text)
			}
			broken := len(r.asked)
			with := o
			with.Since = run.Cursor()
			second, _ := read(t, r.options(with))
			if second.err != nil {
				t.Fatalf("request %d: %v", at, second.err)
			}
			got := first.marks()
			maps.Copy(got, second.marks())
			if !maps.Equal(got, want.marks()) {
				t.Errorf("request %d (%s) fails: both runs deliver %v, want %v", at, r.asked[broken-1], got, want.marks())
			}
		}
	})
}

func TestWhatIsKnownIsNotReadAgain(t *testing.T) {
	each(t, func(t *testing.T, o desk.Options) {
		r := record(t, o)
		first, _ := read(t, r.options(o))
		whole := len(r.asked)
		known := first.marks()
		with := o
		with.Known = func(id string) string { return known[id] }
		second, _ := read(t, r.options(with))
		for _, item := range second.items {
			if !item.Unchanged && !item.Document.Deleted {
				t.Errorf("%s is read again", item.Document.ID)
			}
		}
		if len(second.items) != len(slices.DeleteFunc(first.items, func(i source.Item) bool { return i.Document.Deleted })) {
			t.Errorf("%d documents are unchanged, want %d", len(second.items), len(first.items))
		}
		// Help Scout's list has the threads in it.
		if again := len(r.asked) - whole; again >= whole && name(o) != "helpscout" || again > whole {
			t.Errorf("%d requests for what is known, and %d before", again, whole)
		}
	})
}

func TestOnlyWhatChangedIsReadAfterACompleteRun(t *testing.T) {
	each(t, func(t *testing.T, o desk.Options) {
		r := record(t, o)
		if !r.has(kb.Case) {
			t.Skip("articles are listed in every run")
		}
		_, run := read(t, r.options(o))
		with := r.options(o)
		with.Since, with.Articles = run.Cursor(), false
		got, again := read(t, with)
		r.golden("want since", got.String())
		if again.Complete(kb.Case) {
			t.Error("a run with a cursor does not see all tickets")
		}
	})
}

func TestAReaderMayStop(t *testing.T) {
	each(t, func(t *testing.T, o desk.Options) {
		run, err := desk.Read(t.Context(), record(t, o).options(o))
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, err := range run.Items() {
			var skip *source.Skip
			if err != nil && !errors.As(err, &skip) {
				t.Error(err)
			}
			if n++; n == 2 {
				break
			}
		}
		if n != 2 {
			t.Errorf("%d steps", n)
		}
	})
}

func TestAnExportIsReadAsTheAPI(t *testing.T) {
	each(t, func(t *testing.T, o desk.Options) {
		r := record(t, o)
		dir := t.TempDir()
		for name, part := range r.parts {
			if file, ok := strings.CutPrefix(name, "export "); ok {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(part), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
		got := collect(desk.File(dir, desk.Options{System: o.System, Origin: "import:test"}))
		r.golden("want export", got.String())
		if got.err != nil || len(got.items) == 0 {
			t.Errorf("%d documents, error %v", len(got.items), got.err)
		}
	})
}
