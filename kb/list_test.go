package kb_test

import (
	"fmt"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

func TestDocumentsAreListedInEachOrderPageByPage(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		b := kb.New(db)
		if _, err := b.Create(t.Context(), "one", "one"); err != nil {
			t.Fatal(err)
		}
		s := b.In("one")
		// In the order in which they are written; two have the same title.
		for i, title := range []string{"Zebra", "«ёлка»", "apple", "Жираф", "Apple", "едок", "Яблоко"} {
			d := &kb.Document{ID: fmt.Sprintf("%c", 'g'-i), Kind: kb.Article, Content: kb.Content{Title: title, Body: strings.Repeat("ы", 500), Locale: []string{"en", "ru"}[i%2]}}
			if _, err := s.Put(t.Context(), d); err != nil {
				t.Fatal(err)
			}
		}
		put(t, s, &kb.Document{ID: "d0", Kind: kb.Case, Content: kb.Content{Problem: "Где?", Resolution: "Тут"}})
		put(t, s, &kb.Document{ID: "gone", Kind: kb.Article, Content: kb.Content{Title: "Gone"}})
		if err := s.Delete(t.Context(), "gone", "x"); err != nil {
			t.Fatal(err)
		}
		for order, want := range map[kb.Order]string{"": "abcdefg", kb.ByID: "abcdefg", kb.ByTitle: "cegbfda", kb.ByTitleZA: "adfbgec", kb.ByChange: "gfedcba", kb.ByLatest: "abcdefg"} {
			for _, limit := range []int{1, 2, 7, 8} {
				p := kb.Page{Kind: kb.Article, Order: order, Limit: limit}
				if got := ids(t, s, p); got != want {
					t.Errorf("by %q, %d at once: %s, want %s", order, limit, got, want)
				}
				p.Locale = "ru"
				part := strings.Map(func(r rune) rune {
					if strings.ContainsRune("fdb", r) {
						return r
					}
					return -1
				}, want)
				if got := ids(t, s, p); got != part {
					t.Errorf("Russian by %q, %d at once: %s, want %s", order, limit, got, part)
				}
				if n, err := s.Total(t.Context(), p); err != nil || n != 3 {
					t.Errorf("%d are Russian: %v", n, err)
				}
			}
		}
		bs, err := s.Briefs(t.Context(), kb.Page{Order: kb.ByTitle, Limit: 1})
		if err != nil || len(bs) != 1 || bs[0].ID != "c" || bs[0].Body != "" || bs[0].Excerpt != strings.Repeat("ы", 400) || bs[0].UpdatedAt.IsZero() || bs[0].Revision != 1 {
			t.Errorf("in brief: %+v %v", bs, err)
		}
		if bs, err := s.Briefs(t.Context(), kb.Page{Kind: kb.Case, Limit: 5}); err != nil || len(bs) != 1 || bs[0].Excerpt != "Где?" || bs[0].Problem != "" {
			t.Errorf("a case in brief: %+v %v", bs, err)
		}
	})
}

// ids reads a list to its end.
func ids(t *testing.T, s *kb.Store, p kb.Page) string {
	t.Helper()
	var got []string
	for {
		ds, err := s.List(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		for i := range ds {
			got = append(got, ds[i].ID)
		}
		if len(ds) < p.Limit {
			return strings.Join(got, "")
		}
		p.After = ds[len(ds)-1].Mark(p.Order)
	}
}
