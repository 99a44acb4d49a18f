package kb_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

func article(id, title, body string) *kb.Document {
	return &kb.Document{ID: id, Kind: kb.Article, Author: "anna", Content: kb.Content{Title: title, Body: body}}
}

func opened(t *testing.T, db *gorm.DB, workspaces ...string) *kb.DB {
	t.Helper()
	b := kb.New(db)
	for _, w := range workspaces {
		if _, err := b.Create(t.Context(), w, w); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

func put(t *testing.T, s *kb.Store, d *kb.Document) kb.Outcome {
	t.Helper()
	out, err := s.Put(t.Context(), d)
	if err != nil {
		t.Fatalf("put %s: %v", d.ID, err)
	}
	return out
}

func TestModelsMatchTheSchema(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		sqldbtest.Matches(t, db, kb.Workspace{}, kb.Document{}, kb.Revision{})
	})
}

func TestPut(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := opened(t, db, "shop").In("shop")
		first := article("returns", "Returns", "Within 14 days.")
		if out := put(t, s, first); !out.Created || !out.Changed || first.Revision != 1 || first.Seq != 1 {
			t.Errorf("first put: %+v, revision %d, seq %d", out, first.Revision, first.Seq)
		}
		if out := put(t, s, article("returns", "Returns ", "Within 14 days.")); out.Changed {
			t.Error("the same content counts as a change")
		}
		again := article("returns", "Returns", "Within 30 days.")
		if out := put(t, s, again); out.Created || !out.Changed || again.Revision != 2 {
			t.Errorf("second put: %+v, revision %d", out, again.Revision)
		}
		got, err := s.Document(t.Context(), "returns")
		if err != nil || got.Body != "Within 30 days." || got.Audience != kb.Public || got.Status != kb.Published {
			t.Errorf("stored %+v, %v", got, err)
		}
		if !got.CreatedAt.Equal(first.CreatedAt) || !got.UpdatedAt.Equal(again.UpdatedAt) {
			t.Errorf("stored times %v %v, filled in %v %v", got.CreatedAt, got.UpdatedAt, first.CreatedAt, again.UpdatedAt)
		}
	})
}

func TestPutRefuses(t *testing.T) {
	long := strings.Repeat("x", kb.MaxText+1)
	for _, tt := range []struct {
		name string
		doc  kb.Document
		want string
	}{
		{"an id that breaks a URL", kb.Document{ID: "a/b", Kind: kb.Article, Content: kb.Content{Title: "t"}}, "id"},
		{"an article that says nothing", kb.Document{ID: "a", Kind: kb.Article}, "neither title nor body"},
		{"a case without a resolution", kb.Document{ID: "a", Kind: kb.Case, Content: kb.Content{Problem: "p"}}, "resolution"},
		{"an article with a problem", kb.Document{ID: "a", Kind: kb.Article, Content: kb.Content{Title: "t", Problem: "p"}}, "cases"},
		{"an unknown audience", kb.Document{ID: "a", Kind: kb.Article, Content: kb.Content{Title: "t", Audience: "all"}}, "public or internal"},
		{"an unknown status", kb.Document{ID: "a", Kind: kb.Article, Content: kb.Content{Title: "t", Status: "live"}}, "draft, published"},
		{"a NUL byte", kb.Document{ID: "a", Kind: kb.Article, Content: kb.Content{Title: "t", Body: "a\x00b"}}, "NUL"},
		{"broken UTF-8", kb.Document{ID: "a", Kind: kb.Article, Content: kb.Content{Title: "t", Body: "a\xffb"}}, "UTF-8"},
		{"a URL that runs", kb.Document{ID: "a", Kind: kb.Article, Content: kb.Content{Title: "t", URL: "javascript:alert(1)"}}, "http, https or mailto"},
		{"a URL that runs, broken up", kb.Document{ID: "a", Kind: kb.Article, Content: kb.Content{Title: "t", URL: "Java\tScript:alert(1)//"}}, "http, https or mailto"},
		{"a URL that runs, behind a sign", kb.Document{ID: "a", Kind: kb.Article, Content: kb.Content{Title: "t", URL: "\x01javascript:alert(1)"}}, "http, https or mailto"},
		{"a URL that holds a page", kb.Document{ID: "a", Kind: kb.Article, Content: kb.Content{Title: "t", URL: "data:text/html,x"}}, "http, https or mailto"},
		{"a text beyond the limit", kb.Document{ID: "a", Kind: kb.Article, Content: kb.Content{Title: "t", Body: long}}, "longer"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := opened(t, sqldbtest.SQLite(t), "shop").In("shop")
			_, err := s.Put(t.Context(), &tt.doc)
			if !errors.Is(err, kb.ErrInvalid) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want an ErrInvalid that says %q", err, tt.want)
			}
		})
	}
}

func TestPutAllKeepsTheGoodOnes(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := opened(t, db, "shop").In("shop")
		put(t, s, &kb.Document{ID: "c", Kind: kb.Case, Content: kb.Content{Problem: "lost", Resolution: "found"}})
		out, err := s.PutAll(t.Context(), []*kb.Document{
			article("a", "A", "1"), article("b", "", ""), article("c", "C", "3"), article("a", "A", "2"),
		})
		if err != nil {
			t.Fatal(err)
		}
		if !errors.Is(out[1].Err, kb.ErrInvalid) || !errors.Is(out[2].Err, kb.ErrConflict) {
			t.Errorf("outcomes %+v", out)
		}
		if d, err := s.Document(t.Context(), "a"); err != nil || d.Body != "2" {
			t.Errorf("of two with one id, kept %+v, %v; want the last", d, err)
		}
	})
}

func TestDeleteAndRestore(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := opened(t, db, "shop").In("shop")
		put(t, s, article("a", "A", "one"))
		put(t, s, article("a", "A", "two"))
		if err := s.Delete(t.Context(), "a", "boris"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Document(t.Context(), "a"); !errors.Is(err, kb.ErrNotFound) {
			t.Errorf("a deleted document is still found: %v", err)
		}
		if err := s.Delete(t.Context(), "a", "boris"); !errors.Is(err, kb.ErrNotFound) {
			t.Errorf("deleting twice: %v", err)
		}
		d, err := s.Restore(t.Context(), "a", 1, "vera")
		if err != nil || d.Body != "one" || d.Revision != 4 {
			t.Fatalf("restored %+v, %v", d, err)
		}
		vs, err := s.Revisions(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, v := range vs {
			said = append(said, fmt.Sprint(v.Revision, v.Author, v.Content.Body, v.Deleted))
		}
		want := []string{"4 vera one false", "3 boris  true", "2 anna two false", "1 anna one false"}
		for i := range want {
			want[i] = strings.ReplaceAll(want[i], " ", "")
			said[i] = strings.ReplaceAll(said[i], " ", "")
		}
		if !slices.Equal(said, want) {
			t.Errorf("revisions %q, want %q", said, want)
		}
		if _, err := s.Restore(t.Context(), "a", 3, "vera"); !errors.Is(err, kb.ErrInvalid) {
			t.Errorf("restoring a tombstone: %v", err)
		}
		if _, err := s.Restore(t.Context(), "a", 9, "vera"); !errors.Is(err, kb.ErrNotFound) {
			t.Errorf("restoring what never was: %v", err)
		}
	})
}

func TestPrune(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := opened(t, db, "shop").In("shop")
		for _, id := range []string{"a", "b", "c"} {
			d := article(id, id, id)
			if d.Origin = "import:docs"; id == "c" {
				d.Origin = "api"
			}
			put(t, s, d)
		}
		gone, err := s.Prune(t.Context(), "import:docs", func(id string) bool { return id == "a" }, "import")
		if err != nil || !slices.Equal(gone, []string{"b"}) {
			t.Errorf("pruned %q, %v; want b and nothing of another origin", gone, err)
		}
	})
}

func TestNothingCrossesWorkspaces(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		b := opened(t, db, "one", "two")
		put(t, b.In("one"), article("a", "A", "of one"))
		put(t, b.In("two"), article("a", "A", "of two"))
		if err := b.In("two").Delete(t.Context(), "a", ""); err != nil {
			t.Fatal(err)
		}
		if d, err := b.In("one").Document(t.Context(), "a"); err != nil || d.Body != "of one" {
			t.Errorf("one's document after two deleted its own: %+v, %v", d, err)
		}
		if ds, err := b.In("two").List(t.Context(), kb.Page{Limit: 10}); err != nil || len(ds) != 0 {
			t.Errorf("two lists %d documents, %v", len(ds), err)
		}
		if _, err := b.In("none").Put(t.Context(), article("a", "A", "x")); !errors.Is(err, kb.ErrNotFound) {
			t.Errorf("writing to a workspace that is not there: %v", err)
		}
		if err := b.Remove(t.Context(), "one"); err != nil {
			t.Fatal(err)
		}
		if ds, err := b.In("one").Changes(t.Context(), 0, 10); err != nil || len(ds) != 0 {
			t.Errorf("a removed workspace still has %d documents, %v", len(ds), err)
		}
	})
}

// A reader that polls while many write must see every document: numbers must
// become visible in order.
func TestChangesMissNothingUnderConcurrentWrites(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := opened(t, db, "shop").In("shop")
		const writers, each = 4, 25
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for i := range each {
					if _, err := s.Put(t.Context(), article(fmt.Sprintf("%d-%d", w, i), "t", "b")); err != nil {
						t.Error(err)
					}
				}
			})
		}
		done := make(chan struct{})
		go func() { wg.Wait(); close(done) }()
		seen, after, finished := make(map[string]bool), int64(0), false
		for {
			select {
			case <-done:
				finished = true
			default:
			}
			ds, err := s.Changes(t.Context(), after, 7)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range ds {
				seen[d.ID], after = true, d.Seq
			}
			if finished && len(ds) == 0 {
				break
			}
		}
		if len(seen) != writers*each {
			t.Errorf("saw %d of %d documents", len(seen), writers*each)
		}
	})
}
