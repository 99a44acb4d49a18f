package retrieval_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// workspaces makes some.
func workspaces(t *testing.T, db *gorm.DB, ids ...string) {
	t.Helper()
	for _, id := range ids {
		if _, err := kb.New(db).Create(t.Context(), id, id); err != nil {
			t.Fatal(err)
		}
	}
}

// namesOf returns the names of the workspace's profiles, with their windows.
func namesOf(t *testing.T, s *retrieval.Store, workspace string) string {
	t.Helper()
	ps, err := s.Profiles(t.Context(), workspace)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, p := range ps {
		out = append(out, fmt.Sprint(p.Name, " ", p.Window))
	}
	return strings.Join(out, ", ")
}

func TestProfilesAreListedAndDeleted(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		workspaces(t, db, "acme", "other")
		s := retrieval.NewStore(db)
		set := func(workspace, name string, window float64) {
			t.Helper()
			p := retrieval.DefaultProfile()
			p.Name, p.Window = name, window
			if err := s.SetProfile(t.Context(), workspace, p); err != nil {
				t.Fatal(err)
			}
		}
		if got, want := namesOf(t, s, "acme"), "default 6"; got != want {
			t.Errorf("before any was set: %s, want %s", got, want)
		}
		set("acme", "strict", 1)
		set("acme", "Ярко", 2)
		set("acme", "b", 3)
		set("other", "theirs", 4)
		if got, want := namesOf(t, s, "acme"), "b 3, default 6, strict 1, Ярко 2"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		set("acme", "default", 5)
		if got, want := namesOf(t, s, "acme"), "b 3, default 5, strict 1, Ярко 2"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if err := s.DeleteProfile(t.Context(), "acme", "theirs"); !errors.Is(err, retrieval.ErrNotFound) {
			t.Errorf("another workspace's profile: %v, want ErrNotFound", err)
		}
		if _, err := s.Profile(t.Context(), "acme", "strict"); err != nil { // it is remembered from here on
			t.Fatal(err)
		}
		for range 2 { // resetting what is reset is no error
			if err := s.DeleteProfile(t.Context(), "acme", "default"); err != nil {
				t.Error(err)
			}
		}
		if err := s.DeleteProfile(t.Context(), "acme", "strict"); err != nil {
			t.Error(err)
		}
		if _, err := s.Profile(t.Context(), "acme", "strict"); !errors.Is(err, retrieval.ErrNotFound) {
			t.Errorf("a deleted profile: %v, want ErrNotFound", err)
		}
		if got, want := namesOf(t, s, "acme"), "b 3, default 6, Ярко 2"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if got, want := namesOf(t, s, "other"), "default 6, theirs 4"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

func TestOperatorsAreThoseWhoAsked(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		workspaces(t, db, "acme", "other")
		s, noon := retrieval.NewStore(db), time.Date(2025, 5, 1, 12, 0, 0, 0, time.UTC)
		for i, who := range [][3]string{
			{"acme", "boris", "Доставка"}, {"acme", "boris", "Возврат"}, {"acme", "anna", "Возврат"}, {"acme", "", "Возврат"}, {"other", "vera", "Возврат"},
			{"acme", "galya", "Возврат"},
		} {
			at := noon
			if who[1] == "galya" {
				at = noon.Add(-time.Minute)
			}
			err := s.Keep(t.Context(), &retrieval.Suggestion{WorkspaceID: who[0], ID: strconv.Itoa(i), OperatorID: who[1], OperatorGroup: who[2], CreatedAt: at})
			if err != nil {
				t.Fatal(err)
			}
		}
		for _, tt := range []struct {
			groups []string
			n      int
			want   string
		}{
			{nil, 10, "anna boris"},
			{nil, 1, "anna"},
			{[]string{"Доставка"}, 10, "boris"},
			{[]string{"Доставка", "Возврат"}, 10, "anna boris"},
			{[]string{"Оплата"}, 10, ""},
		} {
			got, err := s.Operators(t.Context(), "acme", tt.groups, noon, tt.n)
			if err != nil || strings.Join(got, " ") != tt.want {
				t.Errorf("%v: got %v, %v, want %s", tt.groups, got, err, tt.want)
			}
		}
	})
}
