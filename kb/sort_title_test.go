package kb_test

import (
	"testing"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

func TestDocumentsFromBeforeThereWereSortTitlesAreSorted(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		b := kb.New(db)
		if _, err := b.Create(t.Context(), "one", "one"); err != nil {
			t.Fatal(err)
		}
		s := b.In("one")
		for id, title := range map[string]string{"a": "Яблоко", "b": "«Ёлка»", "c": "едок", "d": "!!!", "e": "Zebra"} {
			put(t, s, &kb.Document{ID: id, Kind: kb.Article, Content: kb.Content{Title: title, Body: "x"}})
		}
		put(t, s, &kb.Document{ID: "f", Kind: kb.Case, Content: kb.Content{Problem: "Где?", Resolution: "Тут"}})
		for _, sql := range []string{
			"DROP INDEX documents_listed", "DROP INDEX documents_changed", "DROP INDEX documents_title",
			"ALTER TABLE documents DROP COLUMN sort_title", "DELETE FROM goose_db_version WHERE version_id = 7",
		} {
			if err := db.Exec(sql).Error; err != nil {
				t.Fatal(err)
			}
		}
		if n, err := sqldb.Migrate(t.Context(), db); n != 1 || err != nil {
			t.Fatalf("%d migrations applied, %v", n, err)
		}
		for range 2 { // the second time there is nothing to do
			if err := b.FillSortTitles(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got, want := ids(t, s, kb.Page{Kind: kb.Article, Order: kb.ByTitle, Limit: 10}), "decba"; got != want {
				t.Errorf("by title: %s, want %s", got, want)
			}
		}
		if d, err := s.Document(t.Context(), "f"); err != nil || d.SortTitle != "где?" || d.Revision != 1 {
			t.Errorf("a case: %q at revision %d, %v", d.SortTitle, d.Revision, err)
		}
	})
}
