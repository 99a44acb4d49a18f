package auth_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

// An office has people who sign in, and a clock that is moved by hand.
type office struct {
	*testing.T
	*auth.People
	db *gorm.DB

	mu sync.Mutex
	at time.Time
}

func (o *office) now() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.at
}

func (o *office) pass(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.at = o.at.Add(d)
}

func offices(t *testing.T, test func(o *office)) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) { test(officeIn(t, db)) })
}

func officeIn(t *testing.T, db *gorm.DB) *office {
	for _, id := range []string{"acme", "other"} {
		if _, err := kb.New(db).Create(t.Context(), id, id); err != nil {
			t.Fatal(err)
		}
	}
	o := &office{T: t, db: db, at: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	o.People = auth.NewPeople(db, o.now)
	return o
}

const password = "correct horse"

// hire makes a person who has chosen a password.
func (o *office) hire(email string, role auth.Role) auth.Person {
	o.Helper()
	_, link, err := o.Invite(o.Context(), auth.Person{WorkspaceID: "acme", Email: email, Role: role})
	if err != nil {
		o.Fatal(err)
	}
	who, _, err := o.Enter(o.Context(), link.Token, "", password)
	if err != nil {
		o.Fatal(err)
	}
	return who
}

// signIn begins a session.
func (o *office) signIn(email string) string {
	o.Helper()
	_, token, err := o.SignIn(o.Context(), auth.Credentials{Email: email, Password: password, Address: "10.0.0.1"})
	if err != nil {
		o.Fatal(err)
	}
	return token
}

// lives reports whether the session works, here and in another process.
func (o *office) lives(token string) bool {
	o.Helper()
	_, here := o.Verify(o.Context(), token)
	_, there := auth.NewPeople(o.db, o.now).Verify(o.Context(), token)
	if (here == nil) != (there == nil) {
		o.Errorf("here %v, there %v", here, there)
	}
	for _, err := range []error{here, there} {
		if err != nil && !errors.Is(err, auth.ErrUnauthorized) {
			o.Error(err)
		}
	}
	return here == nil
}

func TestTablesMatch(t *testing.T) {
	offices(t, func(o *office) {
		sqldbtest.Matches(o.T, o.db, append(auth.Rows(), &auth.Person{}, &auth.Entry{})...)
	})
}

func TestAnInvitationIsUsedOnce(t *testing.T) {
	offices(t, func(o *office) {
		made, link, err := o.Invite(o.Context(), auth.Person{WorkspaceID: "acme", Email: " Anna@Acme.Test ", Role: auth.Editor})
		if err != nil || made.Email != "anna@acme.test" || !made.Active || link.Kind != auth.Invitation {
			o.Fatalf("%+v %+v: %v", made, link, err)
		}
		if _, _, err := o.SignIn(o.Context(), auth.Credentials{Email: "anna@acme.test"}); !errors.Is(err, auth.ErrUnauthorized) {
			o.Errorf("without a password: %v", err)
		}
		for _, short := range []string{"", "123456789", strings.Repeat("a", 300), "aaaaaaaaaaaa", "anna@acme.test"} {
			if _, _, err := o.Enter(o.Context(), link.Token, "Anna", short); !errors.Is(err, auth.ErrInvalid) {
				o.Errorf("password %q: %v", short, err)
			}
		}
		if who, l, err := o.Look(o.Context(), link.Token); err != nil || who.ID != made.ID || l.Kind != auth.Invitation {
			o.Errorf("a look uses the link: %v", err)
		}
		who, token, err := o.Enter(o.Context(), link.Token, "Anna", password)
		if err != nil || who.Name != "Anna" || !o.lives(token) {
			o.Fatalf("%+v: %v", who, err)
		}
		if _, _, err := o.Enter(o.Context(), link.Token, "Eve", "another password"); !errors.Is(err, auth.ErrNotFound) {
			o.Errorf("a second time: %v", err)
		}
		if !o.lives(o.signIn("ANNA@acme.test")) {
			o.Error("cannot sign in")
		}
		var kept string
		if err := o.db.Raw("SELECT hash FROM people").Scan(&kept).Error; err != nil || !strings.HasPrefix(kept, "$argon2id$v=19$m=19456,t=2,p=1$") {
			o.Errorf("kept %q: %v", kept, err)
		}
		for _, table := range []string{"sessions", "links"} {
			var n int
			if err := o.db.Raw("SELECT count(*) FROM "+table+" WHERE hash = ? OR hash = ?", token, link.Token).Scan(&n).Error; err != nil || n > 0 {
				o.Errorf("%s keep a token: %v", table, err)
			}
		}
	})
}

func TestOfManyWhoUseALinkAtOnceOneComesIn(t *testing.T) {
	offices(t, func(o *office) {
		link, err := o.Entrance(o.Context(), auth.Person{WorkspaceID: "acme", Email: "demo@acme.test", Role: auth.Admin})
		if err != nil {
			o.Fatal(err)
		}
		var in, out int
		var mu sync.Mutex
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				_, _, err := auth.NewPeople(o.db, o.now).Enter(o.Context(), link.Token, "", "")
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					in++
				case errors.Is(err, auth.ErrNotFound):
					out++
				default:
					o.Error(err)
				}
			})
		}
		wg.Wait()
		if in != 1 || out != 7 {
			o.Errorf("%d came in and %d did not", in, out)
		}
	})
}

func TestLinksEnd(t *testing.T) {
	offices(t, func(o *office) {
		anna := o.hire("anna@acme.test", auth.Admin)
		_, first, err := o.Reset(o.Context(), "acme", anna.ID)
		if err != nil || first.Kind != auth.Reset {
			o.Fatal(first, err)
		}
		_, second, err := o.Reset(o.Context(), "acme", anna.ID)
		if err != nil {
			o.Fatal(err)
		}
		if _, _, err := o.Look(o.Context(), first.Token); !errors.Is(err, auth.ErrNotFound) {
			o.Errorf("the link before the last: %v", err)
		}
		o.pass(24*time.Hour - time.Second)
		if _, _, err := o.Look(o.Context(), second.Token); err != nil {
			o.Errorf("a day later: %v", err)
		}
		o.pass(time.Second)
		if _, _, err := o.Enter(o.Context(), second.Token, "", password); !errors.Is(err, auth.ErrNotFound) {
			o.Errorf("after it has expired: %v", err)
		}
		if _, _, err := o.Reset(o.Context(), "other", anna.ID); !errors.Is(err, auth.ErrNotFound) {
			o.Errorf("another workspace resets: %v", err)
		}
		if n, err := o.Forget(o.Context()); err != nil || n == 0 {
			o.Errorf("%d forgotten: %v", n, err)
		}
	})
}

func TestWhoCannotBeInvited(t *testing.T) {
	offices(t, func(o *office) {
		o.hire("anna@acme.test", auth.Admin)
		for name, tt := range map[string]struct {
			who  auth.Person
			want error
		}{
			"the same e-mail":                      {auth.Person{WorkspaceID: "acme", Email: "ANNA@acme.test", Role: auth.Editor}, auth.ErrConflict},
			"the same e-mail in another workspace": {auth.Person{WorkspaceID: "other", Email: "anna@acme.test", Role: auth.Editor}, auth.ErrConflict},
			"no e-mail":                            {auth.Person{WorkspaceID: "acme", Email: "anna", Role: auth.Editor}, auth.ErrInvalid},
			"an e-mail with a name":                {auth.Person{WorkspaceID: "acme", Email: "Anna <a@b.c>", Role: auth.Editor}, auth.ErrInvalid},
			"a helpdesk, which is no person":       {auth.Person{WorkspaceID: "acme", Email: "a@b.c", Role: auth.Helpdesk}, auth.ErrInvalid},
			"no role":                              {auth.Person{WorkspaceID: "acme", Email: "a@b.c"}, auth.ErrInvalid},
			"a name of a novel":                    {auth.Person{WorkspaceID: "acme", Email: "a@b.c", Role: auth.Lead, Name: strings.Repeat("ы", 201)}, auth.ErrInvalid},
			"no workspace":                         {auth.Person{WorkspaceID: "none", Email: "a@b.c", Role: auth.Lead}, auth.ErrNotFound},
		} {
			if _, _, err := o.Invite(o.Context(), tt.who); !errors.Is(err, tt.want) {
				o.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestTheLastAdminStays(t *testing.T) {
	offices(t, func(o *office) {
		anna := o.hire("anna@acme.test", auth.Admin)
		operator, no := auth.Operator, false
		for _, c := range []auth.Change{{Role: &operator}, {Active: &no}} {
			if _, err := o.Change(o.Context(), "acme", anna.ID, c); !errors.Is(err, auth.ErrConflict) {
				o.Errorf("the last admin: %v", err)
			}
		}
		boris := o.hire("boris@acme.test", auth.Admin)
		var wg sync.WaitGroup
		errs := make([]error, 2)
		for i, id := range []string{anna.ID, boris.ID} {
			wg.Go(func() { _, errs[i] = o.Change(o.Context(), "acme", id, auth.Change{Role: &operator}) })
		}
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			o.Errorf("of two admins who demote each other: %v", errs)
		}
		if _, err := o.Change(o.Context(), "other", anna.ID, auth.Change{Role: &operator}); !errors.Is(err, auth.ErrNotFound) {
			o.Errorf("another workspace: %v", err)
		}
	})
}

func TestPeopleChangeThemselves(t *testing.T) {
	offices(t, func(o *office) {
		anna := o.hire("anna@acme.test", auth.Editor)
		here, there := o.signIn(anna.Email), o.signIn(anna.Email)
		name, ru, fr, wrong, right, next := "Анна", "ru", "fr", "wrong password", password, "battery staple"
		who, err := o.ChangeOwn(o.Context(), here, auth.Own{Name: &name, Locale: &ru})
		if err != nil || who.Name != name || who.Locale != ru || !o.lives(there) {
			o.Errorf("%+v: %v", who, err)
		}
		if _, err := o.ChangeOwn(o.Context(), here, auth.Own{Locale: &fr}); !errors.Is(err, auth.ErrInvalid) {
			o.Errorf("French: %v", err)
		}
		for _, current := range []*string{nil, &wrong} {
			if _, err := o.ChangeOwn(o.Context(), here, auth.Own{Current: current, New: &next}); !errors.Is(err, auth.ErrForbidden) {
				o.Errorf("without the current password: %v", err)
			}
		}
		if _, err := o.ChangeOwn(o.Context(), here, auth.Own{Current: &right, New: &next}); err != nil {
			o.Fatal(err)
		}
		if !o.lives(here) || o.lives(there) {
			o.Error("a new password ends the session it was set in, or not the others")
		}
		for range 5 {
			if _, err := o.ChangeOwn(o.Context(), here, auth.Own{Current: &wrong, New: &right}); !errors.Is(err, auth.ErrForbidden) {
				o.Errorf("a wrong password: %v", err)
			}
		}
		if _, err = o.ChangeOwn(o.Context(), here, auth.Own{Current: &next, New: &right}); !errors.Is(err, auth.ErrTooMany) {
			o.Errorf("who sits at another's desk may try on and on: %v", err)
		}
	})
}

func TestListShowsWhoIsLocked(t *testing.T) {
	offices(t, func(o *office) {
		o.hire("anna@acme.test", auth.Editor)
		o.hire("boris@acme.test", auth.Lead)
		for range 5 {
			_, _, err := o.SignIn(o.Context(), auth.Credentials{Email: "boris@acme.test", Password: "wrong password"})
			if !errors.Is(err, auth.ErrUnauthorized) {
				o.Error(err)
			}
		}
		list, err := o.List(o.Context(), "acme")
		if err != nil || len(list) != 2 || list[0].LockedUntil != nil || list[1].LockedUntil == nil || list[0].EnteredAt == nil {
			o.Errorf("%+v: %v", list, err)
		}
		if err := o.Remove(o.Context(), "other", list[1].ID); !errors.Is(err, auth.ErrNotFound) {
			o.Error(err)
		}
		if err := o.Remove(o.Context(), "acme", list[1].ID); err != nil {
			o.Error(err)
		}
		if list, err := o.List(o.Context(), "acme"); err != nil || len(list) != 1 {
			o.Errorf("%+v: %v", list, err)
		}
	})
}
