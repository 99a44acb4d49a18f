package indextest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/retrieval"
)

func replaceDrops(t *testing.T, x retrieval.Index) {
	put(t, x, entry("a", point(axis(0), 1), point(axis(1), 1)), entry("b", point(axis(4), 3)))
	put(t, x, entry("a", point(axis(2), 2)))
	wantKeys(t, x, ask(axis(2), words(2), 10), "a#0", "b#0")
	wantKeys(t, x, ask(nil, words(1), 10))
	e := entry("a", point(axis(2), 2))
	e.Document.Title, e.Document.Revision = "another title", 2
	put(t, x, e)
	if got := search(t, x, ask(nil, words(2), 10)).Hits; len(got) != 1 || !sameSource(got[0].Source, e.Document) {
		t.Errorf("found %+v, want the new title", got)
	}
}

func removes(t *testing.T, x retrieval.Index) {
	put(t, x, entry("a", point(axis(0), 1), point(axis(1), 1)), entry("b", point(axis(0), 1)))
	put(t, x, entry("a"), entry("never-there"))
	wantKeys(t, x, ask(axis(0), words(1), 10), "b#0")
	put(t, x, entry("b"))
	wantKeys(t, x, ask(axis(0), words(1), 10))
	put(t, x, entry("a", point(axis(0), 1)))
	wantKeys(t, x, ask(axis(0), words(1), 10), "a#0")
}

func inOrder(t *testing.T, x retrieval.Index) {
	put(t, x, entry("a", point(axis(0), 1)), entry("b", point(axis(1), 1)), entry("a", point(axis(2), 2)), entry("b"))
	wantKeys(t, x, ask(axis(2), words(2), 10), "a#0")
	wantKeys(t, x, ask(nil, words(1), 10))
	put(t, x)
	wantKeys(t, x, ask(axis(2), words(2), 10), "a#0")
}

func twice(t *testing.T, x retrieval.Index) {
	entries := []retrieval.Entry{entry("a", point(axis(0), 1), point(axis(1), 1)), entry("b", point(axis(2), 1)), entry("c")}
	put(t, x, entries...)
	want := keys(search(t, x, ask(axis(0), words(1), 10)).Hits)
	put(t, x, entries...)
	wantKeys(t, x, ask(axis(0), words(1), 10), want...)
	if want := []string{"a#0", "a#1", "b#0"}; !slices.Equal(keys(search(t, x, ask(axis(0), words(1), 10)).Hits), want) {
		t.Errorf("want %v", want)
	}
}

func workspaces(t *testing.T, x retrieval.Index) {
	// Names that a careless file or collection name would fold into one.
	names := []string{"one", "One", "one.", "один", "one:1"}
	for _, w := range names {
		e := entry("doc", point(axis(0), 1))
		e.Document.Title = "of " + w
		if err := x.Replace(t.Context(), w, []retrieval.Entry{e}); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Replace(t.Context(), names[1], []retrieval.Entry{entry("doc")}); err != nil {
		t.Fatal(err)
	}
	for i, w := range names {
		q := ask(axis(0), words(1), 10)
		q.Workspace = w
		hits := search(t, x, q).Hits
		if i == 1 && len(hits) != 0 {
			t.Errorf("%s: found %v after its only document was removed", w, keys(hits))
		}
		if i != 1 && (len(hits) != 1 || hits[0].Source.Title != "of "+w) {
			t.Errorf("%s: found %+v, want its own document alone", w, hits)
		}
	}
}

func position(t *testing.T, x retrieval.Index) {
	want := func(w string, seq int64) {
		t.Helper()
		got, err := x.Position(t.Context(), w)
		if err != nil || got != seq {
			t.Errorf("the position of %s is %d, %v, want %d", w, got, err, seq)
		}
	}
	want("shop", 0)
	put(t, x, entry("a", point(axis(0), 1)))
	want("shop", 0)
	for w, seq := range map[string]int64{"shop": 1 << 40, "other": 7} {
		if err := x.SetPosition(t.Context(), w, seq); err != nil {
			t.Fatal(err)
		}
	}
	want("shop", 1<<40)
	want("other", 7)
	if err := x.SetPosition(t.Context(), "shop", 0); err != nil {
		t.Fatal(err)
	}
	want("shop", 0)
}

func drop(t *testing.T, x retrieval.Index) {
	other := []retrieval.Entry{entry("b", point(axis(0), 1))}
	put(t, x, entry("a", point(axis(0), 1)))
	if err := errors.Join(
		x.Replace(t.Context(), "other", other), x.SetPosition(t.Context(), workspace, 5), x.SetPosition(t.Context(), "other", 6),
		x.Drop(t.Context(), workspace), x.Drop(t.Context(), "never-heard-of"),
	); err != nil {
		t.Fatal(err)
	}
	wantKeys(t, x, ask(axis(0), words(1), 10))
	if got, err := x.Position(t.Context(), workspace); err != nil || got != 0 {
		t.Errorf("after Drop the position is %d, %v, want 0", got, err)
	}
	if got, err := x.Position(t.Context(), "other"); err != nil || got != 6 {
		t.Errorf("another workspace's position is %d, %v, want 6", got, err)
	}
	q := ask(axis(0), words(1), 10)
	q.Workspace = "other"
	wantKeys(t, x, q, "b#0")
	put(t, x, entry("c", point(axis(0), 1)))
	wantKeys(t, x, ask(axis(0), words(1), 10), "c#0")
}

func dimension(t *testing.T, x retrieval.Index) {
	put(t, x, entry("a", point(axis(0), 1)))
	for _, v := range []embeddings.Vector{{1}, append(axis(0), 0)} {
		err := x.Replace(t.Context(), workspace, []retrieval.Entry{entry("b", point(v, 1))})
		if !errors.Is(err, embeddings.ErrMisconfigured) {
			t.Errorf("Replace with %d dimensions: %v, want ErrMisconfigured", len(v), err)
		}
		if _, err := x.Search(t.Context(), ask(v, words(1), 10)); !errors.Is(err, embeddings.ErrMisconfigured) {
			t.Errorf("Search with %d dimensions: %v, want ErrMisconfigured", len(v), err)
		}
	}
	wantKeys(t, x, ask(axis(0), words(1), 10), "a#0")
}

func ended(t *testing.T, x retrieval.Index) {
	put(t, x, entry("a", point(axis(0), 1)))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r, err := x.Search(ctx, ask(axis(0), words(1), 10)); !errors.Is(err, context.Canceled) {
		t.Errorf("Search in an ended context: %d hits, %v", len(r.Hits), err)
	}
	if err := x.Replace(ctx, workspace, []retrieval.Entry{entry("b", point(axis(0), 1))}); !errors.Is(err, context.Canceled) {
		t.Errorf("Replace in an ended context: %v", err)
	}
}

func concurrent(t *testing.T, x retrieval.Index) {
	put(t, x, entry("fixed", point(axis(0), 1)))
	var wg sync.WaitGroup
	for w := range 2 {
		wg.Go(func() {
			for i := range 40 {
				e := entry(fmt.Sprintf("doc-%d-%d", w, i%8), point(axis(i%Dim), 1), point(axis(1), 2))
				if err := x.Replace(t.Context(), workspace, []retrieval.Entry{e}); err != nil {
					t.Error(err)
				}
				q := ask(nil, words(1), 100)
				q.Filter.IDs = []string{e.Document.ID}
				r, err := x.Search(t.Context(), q)
				if got, want := keys(r.Hits), e.Document.ID+"#0"; err != nil || len(got) != 1 || got[0] != want {
					t.Errorf("a search after Replace found %v, %v, want %v", got, err, want)
				}
			}
		})
		wg.Go(func() {
			for range 60 {
				r, err := x.Search(t.Context(), ask(axis(0), words(1), 100))
				if err != nil || !slices.Contains(keys(r.Hits), "fixed#0") {
					t.Errorf("a search beside Replace found %v, %v", keys(r.Hits), err)
				}
			}
		})
	}
	wg.Wait()
}
