package kb_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

func TestAddressesThatPass(t *testing.T) {
	s := opened(t, sqldbtest.SQLite(t), "shop").In("shop")
	for i, address := range []string{
		"", "https://shop.example/a?b=c:d#e:f", "HTTP://shop.example", "mailto:help@shop.example",
		"/help/returns", "help/a:b", "//shop.example/a", "?page=a:b", "#a:b", " https://shop.example/100% ",
	} {
		d := article(fmt.Sprint("a", i), "t", "b")
		d.URL = address
		if _, err := s.Put(t.Context(), d); err != nil {
			t.Errorf("url %q: %v", address, err)
		}
	}
}

func resolved(id, reply string, at time.Time) *kb.Document {
	return &kb.Document{ID: id, Kind: kb.Case, ResolvedAt: &at, Content: kb.Content{Problem: "lost", Resolution: reply}}
}

func TestWhenACaseWasResolved(t *testing.T) {
	at := time.Date(2024, 5, 6, 7, 8, 9, 123456789, time.UTC)
	want := at.Truncate(time.Microsecond)
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := opened(t, db, "shop").In("shop")
		put(t, s, resolved("c", "found", at))
		if out := put(t, s, resolved("c", "found", at.In(time.FixedZone("MSK", 3*3600)))); out.Changed {
			t.Error("the same instant in another zone counts as a change")
		}
		if out := put(t, s, resolved("c", "found again", at.Add(time.Hour))); !out.Changed {
			t.Error("another instant counts as none")
		}
		if err := s.Delete(t.Context(), "c", "boris"); err != nil {
			t.Fatal(err)
		}
		for revision, want := range map[int64]time.Time{1: want, 2: want.Add(time.Hour)} {
			d, err := s.Restore(t.Context(), "c", revision, "vera")
			if err != nil || d.ResolvedAt == nil || !d.ResolvedAt.Equal(want) {
				t.Errorf("restored revision %d: resolved at %v, %v; want %v", revision, d.ResolvedAt, err, want)
			}
			got, err := s.Document(t.Context(), "c")
			if err != nil || got.ResolvedAt == nil || !got.ResolvedAt.Equal(want) {
				t.Errorf("stored after restoring revision %d: resolved at %v, %v; want %v", revision, got.ResolvedAt, err, want)
			}
		}
		year10000 := time.Date(9999, 12, 31, 23, 0, 0, 0, time.FixedZone("", -2*3600))
		if _, err := s.Put(t.Context(), resolved("d", "found", year10000)); !errors.Is(err, kb.ErrInvalid) {
			t.Errorf("a time beyond what is stored: %v", err)
		}
	})
}

// Each writer's outcome must be one that some order of all the writes explains.
func TestWritersOfOneDocument(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := opened(t, db, "shop").In("shop")
		const writers, each = 8, 15
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for i := range each {
					if _, err := s.Put(t.Context(), article("a", "t", fmt.Sprint(w, i))); err != nil {
						t.Errorf("put: %v", err)
					}
					if err := s.Delete(t.Context(), "a", "anna"); err != nil && !errors.Is(err, kb.ErrNotFound) {
						t.Errorf("delete: %v", err)
					}
				}
			})
		}
		wg.Wait()
		if _, err := s.Document(t.Context(), "a"); !errors.Is(err, kb.ErrNotFound) {
			t.Errorf("every writer deleted last, and yet: %v", err)
		}
		vs, err := s.Revisions(t.Context(), "a")
		if err != nil || len(vs) == 0 || vs[0].Revision != int64(len(vs)) {
			t.Errorf("%d revisions, %v; the latest must be numbered so", len(vs), err)
		}
	})
}

func TestPruneBesideOtherWriters(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := opened(t, db, "shop").In("shop")
		const n = 60
		name := func(i int) string { return fmt.Sprintf("d%02d", i) }
		var ds []*kb.Document
		for i := range n {
			ds = append(ds, article(name(i), "t", "old"))
			ds[i].Origin = "import:docs"
		}
		if _, err := s.PutAll(t.Context(), ds); err != nil {
			t.Fatal(err)
		}
		// Some documents are deleted, some edited and some taken over, while two
		// prunes run.
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				if _, err := s.Prune(t.Context(), "import:docs", func(id string) bool { return id < name(10) }, "import"); err != nil {
					t.Errorf("prune: %v", err)
				}
			})
		}
		wg.Go(func() {
			for i := 10; i < 30; i++ {
				if err := s.Delete(t.Context(), name(i), "anna"); err != nil && !errors.Is(err, kb.ErrNotFound) {
					t.Errorf("delete: %v", err)
				}
			}
		})
		wg.Go(func() {
			for i := 40; i < n; i++ {
				d := article(name(i), "t", "new")
				d.Origin = "api"
				if _, err := s.Put(t.Context(), d); err != nil {
					t.Errorf("put: %v", err)
				}
			}
		})
		wg.Wait()
		left, err := s.List(t.Context(), kb.Page{Limit: 2 * n})
		if err != nil || len(left) != 10+n-40 {
			t.Errorf("%d documents are left, %v; want the 10 kept and the %d taken over", len(left), err, n-40)
		}
	})
}

func TestTheSecondOfTwoEditorsIsTold(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := opened(t, db, "shop").In("shop")
		write := func(body, author string, seen int64) error {
			d := article("a", "Returns", body)
			d.Author = author
			d.After(seen)
			_, err := s.Put(t.Context(), d)
			return err
		}
		if err := write("14 days", "vera", 0); err != nil {
			t.Fatal(err)
		}
		if err := write("30 days", "vera", 1); err != nil {
			t.Fatal(err)
		}
		for name, err := range map[string]error{
			"who has read what was there before": write("60 days", "boris", 1),
			"who thinks that there is none":      write("60 days", "boris", 0),
			"who has read what is to come":       write("60 days", "boris", 3),
		} {
			if !errors.Is(err, kb.ErrConflict) {
				t.Errorf("%s: %v, want a conflict", name, err)
			}
		}
		if err := write("60 days", "boris", 1); err == nil || !strings.Contains(err.Error(), "by vera") {
			t.Errorf("the conflict does not say who was faster: %v", err)
		}
		if d, err := s.Document(t.Context(), "a"); err != nil || d.Body != "30 days" || d.Revision != 2 {
			t.Errorf("the first editor's text is lost: %q at %d, %v", d.Body, d.Revision, err)
		}
		if err := s.Delete(t.Context(), "a", "vera"); err != nil {
			t.Fatal(err)
		}
		if err := write("60 days", "boris", 2); !errors.Is(err, kb.ErrConflict) {
			t.Errorf("a change of what was deleted: %v, want a conflict", err)
		}
		if err := write("60 days", "boris", 0); err != nil {
			t.Errorf("a new one in its place: %v", err)
		}
	})
}

func TestOfEditorsAtOnceOneWrites(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := opened(t, db, "shop").In("shop")
		put(t, s, article("a", "Returns", "14 days"))
		const editors = 8
		errs := make([]error, editors)
		var wg sync.WaitGroup
		for i := range editors {
			wg.Go(func() {
				d := article("a", "Returns", fmt.Sprint(i, " days"))
				d.After(1)
				_, errs[i] = s.Put(t.Context(), d)
			})
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if !errors.Is(err, kb.ErrConflict) {
				t.Error(err)
			}
		}
		if d, err := s.Document(t.Context(), "a"); won != 1 || err != nil || d.Revision != 2 {
			t.Errorf("%d editors wrote and the article is at %d, %v; want one and 2", won, d.Revision, err)
		}
	})
}
