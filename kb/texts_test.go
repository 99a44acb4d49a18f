package kb_test

import (
	"maps"
	"slices"
	"testing"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

func TestTextsAreWhatDocumentsSay(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		b := opened(t, db, "shop", "other")
		s := b.In("shop")
		put(t, s, article("lids", "Lids", "A lid fits *every* kettle."))
		put(t, s, article("lids", "Lids", "A lid fits *most* kettles."))
		put(t, s, article("gone", "Gone", "No more."))
		if err := s.Delete(t.Context(), "gone", "anna"); err != nil {
			t.Fatal(err)
		}
		put(t, s, &kb.Document{ID: "case", Kind: kb.Case, Content: kb.Content{
			Problem: "My lid is loose", Resolution: "Turn it to the left.", Status: kb.Archived,
		}})
		put(t, b.In("other"), article("theirs", "Lids", "Of another helpdesk."))
		got, err := s.Texts(t.Context(), []string{"lids", "gone", "case", "theirs", "never"})
		if err != nil {
			t.Fatal(err)
		}
		if ids := slices.Sorted(maps.Keys(got)); !slices.Equal(ids, []string{"case", "lids"}) {
			t.Errorf("got the texts of %q", ids)
		}
		for id, d := range got {
			want, err := s.Document(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			if d.ID != want.ID || d.Kind != want.Kind || d.Status != want.Status || d.Revision != want.Revision ||
				d.Body != want.Body || d.Problem != want.Problem || d.Resolution != want.Resolution {
				t.Errorf("%s: got %+v, want the texts of %+v", id, d, want)
			}
		}
	})
}
