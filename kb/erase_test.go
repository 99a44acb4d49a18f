package kb_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

// tables is every row of documents and of revisions, as text.
func tables(t *testing.T, db *gorm.DB) string {
	t.Helper()
	var b strings.Builder
	for _, table := range []string{"documents", "revisions"} {
		var rows []map[string]any
		if err := db.Table(table).Find(&rows).Error; err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			for column, value := range row {
				if raw, ok := value.([]byte); ok {
					value = string(raw)
				}
				fmt.Fprintf(&b, "%s.%s=%v\n", table, column, value)
			}
		}
	}
	return b.String()
}

// secrets writes a case and an article, twice each, and deletes the article: their
// words are in documents, revisions and originals. It returns those words.
func secrets(t *testing.T, s *kb.Store) []string {
	t.Helper()
	for i, word := range []string{"heliotrope", "marzipan"} {
		at := time.Date(2031, 5, 6+i, 7, 8, 9, 0, time.UTC)
		put(t, s, &kb.Document{ID: "c", Kind: kb.Case, Origin: "tickets", Author: "wilhelmina", ResolvedAt: &at, Content: kb.Content{
			Title: "About " + word, Problem: "My " + word + " is gone, call +7 912 345-67-89", Resolution: word + " was found",
			Tags: []string{"tag-" + word}, URL: "https://shop.example/" + word, ResolvedWith: "article-" + word, Evidence: 77001,
		}})
		a := article("a", "The "+word, "On "+word)
		a.Product, a.Region, a.Locale, a.Author = "product-"+word, "region-"+word, "qq", "wilhelmina"
		put(t, s, a)
	}
	if err := s.Delete(t.Context(), "a", "wilhelmina"); err != nil {
		t.Fatal(err)
	}
	return []string{"heliotrope", "marzipan", "345-67-89", "77001", "wilhelmina", "qq", "2031"}
}

func TestNothingIsLeftOfWhatIsErased(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := opened(t, db, "shop").In("shop")
		words := secrets(t, s)
		for _, word := range words {
			if !strings.Contains(tables(t, db), word) {
				t.Fatalf("%q is not in the tables: the test looks for nothing", word)
			}
		}
		gone, err := s.Erase(t.Context(), []string{"c", "a", "c", "never"}, "eraser")
		if err != nil || !slices.Equal(gone, []string{"a", "c"}) {
			t.Fatalf("erased %q, %v; want a, deleted before, and c", gone, err)
		}
		left := tables(t, db)
		for _, word := range words {
			if strings.Contains(left, word) {
				t.Errorf("after erasing, the tables hold %q:\n%s", word, left)
			}
		}
		if strings.Contains(left, "revisions.") {
			t.Errorf("after erasing, revisions are left:\n%s", left)
		}
		gone, err = s.Erase(t.Context(), []string{"a", "c"}, "eraser")
		if err != nil || len(gone) != 0 {
			t.Errorf("erasing again: %q, %v; want nothing", gone, err)
		}
	})
}

func TestIndexesFollowWhatIsErased(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := opened(t, db, "shop").In("shop")
		secrets(t, s)
		seen, err := s.Changes(t.Context(), 0, 10)
		if err != nil || len(seen) != 2 {
			t.Fatalf("%d changes, %v", len(seen), err)
		}
		last := seen[1]
		if _, err := s.Erase(t.Context(), []string{"a", "c"}, "eraser"); err != nil {
			t.Fatal(err)
		}
		ds, err := s.Changes(t.Context(), last.Seq, 10)
		if err != nil || len(ds) != 2 || ds[0].ID != "a" || !ds[0].Deleted || ds[1].ID != "c" || !ds[1].Deleted || ds[1].Author != "eraser" {
			t.Errorf("after the last change come %+v, %v; want the tombstones of a and c", ds, err)
		}
		for _, id := range []string{"a", "c"} {
			if _, err := s.Document(t.Context(), id); !errors.Is(err, kb.ErrNotFound) {
				t.Errorf("an erased document is still found: %v", err)
			}
			if vs, err := s.Revisions(t.Context(), id); err != nil || len(vs) != 1 || !vs[0].Deleted {
				t.Errorf("of %s are kept %+v, %v; want the tombstone alone", id, vs, err)
			}
		}
		if _, err := s.Restore(t.Context(), "c", 1, "vera"); !errors.Is(err, kb.ErrNotFound) {
			t.Errorf("restoring what was erased: %v", err)
		}
		again := article("a", "Anew", "Written anew.")
		if out := put(t, s, again); !out.Created {
			t.Errorf("writing anew under an erased id: %+v", out)
		}
	})
}

func TestErasingStaysWithinTheWorkspace(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		b := opened(t, db, "one", "two")
		for _, w := range []string{"one", "two"} {
			put(t, b.In(w), article("a", "A", "first of "+w))
			put(t, b.In(w), article("a", "A", "second of "+w))
			put(t, b.In(w), article("b", "B", "beside it in "+w))
		}
		if _, err := b.In("one").Erase(t.Context(), []string{"a"}, ""); err != nil {
			t.Fatal(err)
		}
		if d, err := b.In("one").Document(t.Context(), "b"); err != nil || d.Body != "beside it in one" {
			t.Errorf("the document beside the erased one: %+v, %v", d, err)
		}
		if vs, err := b.In("two").Revisions(t.Context(), "a"); err != nil || len(vs) != 2 || vs[1].Content.Body != "first of two" {
			t.Errorf("of two's document are kept %+v, %v", vs, err)
		}
		if _, err := b.In("none").Erase(t.Context(), []string{"a"}, ""); !errors.Is(err, kb.ErrNotFound) {
			t.Errorf("erasing in a workspace that is not there: %v", err)
		}
	})
}

func TestManyAreErasedAtOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("a matter of volume: make test runs it in full, without the race detector")
	}
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := opened(t, db, "shop").In("shop")
		var ds []*kb.Document
		var ids []string
		for i := range 1200 {
			ids = append(ids, fmt.Sprintf("d%04d", i))
			ds = append(ds, article(ids[i], "t", "b"))
		}
		if _, err := s.PutAll(t.Context(), ds); err != nil {
			t.Fatal(err)
		}
		gone, err := s.Erase(t.Context(), ids, "eraser")
		if err != nil || !slices.Equal(gone, ids) {
			t.Errorf("erased %d, %v; want all %d", len(gone), err, len(ids))
		}
	})
}
