package desk_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
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
)

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

// FuzzExport reads whatever as an export of every system.
func FuzzExport(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		a, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, part := range a.Files {
			if strings.HasPrefix(part.Name, "export ") || strings.HasPrefix(part.Name, "GET ") {
				f.Add(part.Data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		path := filepath.Join(t.TempDir(), "x.json")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, system := range desk.Systems() {
			for item, err := range desk.File(path, desk.Options{System: system}) {
				var skip *source.Skip
				if err != nil && !errors.As(err, &skip) {
					t.Errorf("%s: %v", system, err)
				}
				if err == nil && item.Document.Validate() != nil {
					t.Errorf("%s: a document that cannot be stored: %v", system, item.Document.Validate())
				}
			}
		}
	})
}
