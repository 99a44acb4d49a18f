package auth_test

import (
	"errors"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

func TestKeys(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		sqldbtest.Matches(t, db, &auth.Key{})
		for _, id := range []string{"acme", "other"} {
			if _, err := kb.New(db).Create(t.Context(), id, id); err != nil {
				t.Fatal(err)
			}
		}
		keys := auth.NewKeys(db)
		made, secret, err := keys.Issue(t.Context(), "acme", "console", auth.Editor)
		if err != nil {
			t.Fatal(err)
		}
		// Another process knows nothing of this one's memory.
		for _, keys := range []*auth.Keys{keys, auth.NewKeys(db)} {
			got, err := keys.Verify(t.Context(), secret)
			if err != nil || got != made || got.WorkspaceID != "acme" || got.Role != auth.Editor {
				t.Errorf("verified as %+v, want %+v: %v", got, made, err)
			}
		}
		_, another, err := keys.Issue(t.Context(), "acme", "console", auth.Editor)
		if err != nil || another == secret {
			t.Fatal("two keys are one", err)
		}
		id, hidden, _ := strings.Cut(secret, ".")
		if strings.Contains(made.Hash, hidden) || len(hidden) < 40 {
			t.Errorf("key %+v of %s", made, secret)
		}
		_, hiddenToo, _ := strings.Cut(another, ".")
		for _, wrong := range []string{"", ".", id, id + ".", id + "." + hiddenToo, "wsk_." + hidden, hidden, id + "." + hidden + "x", made.ID + "." + made.Hash} {
			if _, err := keys.Verify(t.Context(), wrong); !errors.Is(err, auth.ErrUnauthorized) {
				t.Errorf("%q: %v", wrong, err)
			}
		}

		if err := keys.Revoke(t.Context(), "other", made.ID); !errors.Is(err, auth.ErrNotFound) {
			t.Errorf("another workspace revokes: %v", err)
		}
		if _, err := keys.Verify(t.Context(), secret); err != nil {
			t.Error(err)
		}
		if err := keys.Revoke(t.Context(), "acme", made.ID); err != nil {
			t.Error(err)
		}
		if _, err := keys.Verify(t.Context(), secret); !errors.Is(err, auth.ErrUnauthorized) {
			t.Errorf("a revoked key: %v", err)
		}
		if err := keys.Revoke(t.Context(), "acme", made.ID); !errors.Is(err, auth.ErrNotFound) {
			t.Errorf("revoked twice: %v", err)
		}
		list, err := keys.List(t.Context(), "acme")
		if err != nil || len(list) != 2 || list[0].RevokedAt == nil || list[1].RevokedAt != nil {
			t.Errorf("keys %+v: %v", list, err)
		}
		if list, err := keys.List(t.Context(), "other"); err != nil || len(list) != 0 {
			t.Errorf("another workspace has %+v: %v", list, err)
		}

		if _, _, err := keys.Issue(t.Context(), "none", "x", auth.Admin); !errors.Is(err, auth.ErrNotFound) {
			t.Errorf("a key for no workspace: %v", err)
		}
		if _, _, err := keys.Issue(t.Context(), "acme", "x", "root"); !errors.Is(err, auth.ErrInvalid) {
			t.Errorf("a key for no role: %v", err)
		}
	})
}

func TestRoles(t *testing.T) {
	rights := []auth.Right{auth.Ask, auth.Read, auth.WriteArticles, auth.WriteCases, auth.Tell, auth.Teach, auth.Weigh, auth.Reveal, auth.Oversee, auth.Manage}
	for role, want := range map[auth.Role]string{
		auth.Admin: "xxxxxxxxxx", auth.Editor: "xxxxxxx---", auth.Lead: "xx----x-x-", auth.Operator: "xx--x--x--", auth.Helpdesk: "xx-xx-----",
		"root": "----------", "": "----------",
	} {
		got := []byte("----------")
		for i, right := range rights {
			if role.May(right) {
				got[i] = 'x'
			}
		}
		if string(got) != want {
			t.Errorf("%q has %s, want %s", role, got, want)
		}
	}
}

func TestCallerIsInTheContext(t *testing.T) {
	if _, ok := auth.FromContext(t.Context()); ok {
		t.Error("a caller where nobody called")
	}
	ctx := auth.NewContext(t.Context(), auth.Key{ID: "k"})
	if key, ok := auth.FromContext(ctx); !ok || key.ID != "k" {
		t.Errorf("got %+v", key)
	}
}
