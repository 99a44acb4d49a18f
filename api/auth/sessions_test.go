package auth_test

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

func TestSessionsEnd(t *testing.T) {
	offices(t, func(o *office) {
		o.hire("root@acme.test", auth.Admin)
		anna := o.hire("anna@acme.test", auth.Operator)
		lead, no, yes := auth.Lead, false, true
		for _, tt := range []struct {
			name string
			do   func(token string) error
		}{
			{"at log-out", func(token string) error { return o.SignOut(o.Context(), token) }},
			{"with another role", func(string) error {
				_, err := o.Change(o.Context(), "acme", anna.ID, auth.Change{Role: &lead})
				return err
			}},
			{"with the account", func(string) error {
				_, err := o.Change(o.Context(), "acme", anna.ID, auth.Change{Active: &no})
				return err
			}},
			{"when the password is reset", func(string) error {
				_, link, err := o.Reset(o.Context(), "acme", anna.ID)
				if err != nil {
					return err
				}
				_, _, err = o.Enter(o.Context(), link.Token, "", password)
				return err
			}},
			{"after twelve idle hours", func(string) error { o.pass(auth.SessionIdle); return nil }},
			{"with the person", func(string) error { return o.Remove(o.Context(), "acme", anna.ID) }},
		} {
			token := o.signIn(anna.Email)
			if !o.lives(token) {
				o.Errorf("%s: it has not begun", tt.name)
			}
			if err := tt.do(token); err != nil {
				o.Fatal(err)
			}
			if o.lives(token) {
				o.Errorf("%s: the session goes on", tt.name)
			}
			if _, err := o.Change(o.Context(), "acme", anna.ID, auth.Change{Active: &yes}); err != nil && !errors.Is(err, auth.ErrNotFound) {
				o.Fatal(err)
			}
		}
	})
}

func TestASessionEndsInEveryProcessWithinFiveSeconds(t *testing.T) {
	offices(t, func(o *office) {
		anna := o.hire("anna@acme.test", auth.Operator)
		token := o.signIn(anna.Email)
		there := auth.NewPeople(o.db, o.now)
		if _, err := there.Verify(o.Context(), token); err != nil {
			o.Fatal(err)
		}
		if err := o.SignOut(o.Context(), token); err != nil {
			o.Fatal(err)
		}
		o.pass(5 * time.Second)
		if _, err := there.Verify(o.Context(), token); !errors.Is(err, auth.ErrUnauthorized) {
			o.Errorf("after five seconds: %v", err)
		}
	})
}

func TestASessionInUseLastsAWeek(t *testing.T) {
	offices(t, func(o *office) {
		token := o.signIn(o.hire("anna@acme.test", auth.Operator).Email)
		for hours := 0; hours < 7*24; hours += 11 {
			if !o.lives(token) {
				o.Fatalf("it ends after %d hours", hours)
			}
			o.pass(11 * time.Hour)
		}
		if o.lives(token) {
			o.Error("it never ends")
		}
		if _, err := o.Verify(o.Context(), ""); !errors.Is(err, auth.ErrUnauthorized) {
			o.Error(err)
		}
	})
}

func TestNobodyLearnsWhoHasAnAccount(t *testing.T) {
	o := officeIn(t, sqldbtest.SQLite(t)) // memory is taken by hashing, not by the database
	o.hire("root@acme.test", auth.Admin)
	o.hire("anna@acme.test", auth.Operator)
	gone := o.hire("gone@acme.test", auth.Operator)
	no := false
	if _, err := o.Change(o.Context(), "acme", gone.ID, auth.Change{Active: &no}); err != nil {
		o.Fatal(err)
	}
	if _, _, err := o.Invite(o.Context(), auth.Person{WorkspaceID: "acme", Email: "new@acme.test", Role: auth.Lead}); err != nil {
		o.Fatal(err)
	}
	answers, least, most := make(map[string][]string), uint64(math.MaxUint64), uint64(0)
	for i, in := range []auth.Credentials{
		{Email: "anna@acme.test", Password: "wrong password"}, {Email: "nobody@acme.test", Password: "wrong password"},
		{Email: "new@acme.test"}, {Email: "gone@acme.test", Password: password}, {Email: "not an e-mail", Password: strings.Repeat("long", 1000)},
	} {
		in.Address = fmt.Sprintf("10.0.1.%d", i)
		var said []string
		leanest := uint64(math.MaxUint64)
		for range 6 {
			before := allocated()
			_, _, err := o.SignIn(o.Context(), in)
			if err == nil {
				o.Fatalf("%s comes in", in.Email)
			}
			if errors.Is(err, auth.ErrUnauthorized) {
				leanest = min(leanest, allocated()-before)
			}
			said = append(said, err.Error())
		}
		least, most = min(least, leanest), max(most, leanest)
		answers[strings.Join(said, "\n")] = append(answers[strings.Join(said, "\n")], in.Email)
	}
	if len(answers) != 1 {
		o.Errorf("told apart by what is said: %v", answers)
	}
	// Hashing takes megabytes, and with them its time: leaving it out anywhere shows.
	if most > 4*least {
		o.Errorf("told apart by what it takes: from %d to %d bytes", least, most)
	}
}

// allocated is how many bytes were taken from memory so far.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

func TestTriesAreBounded(t *testing.T) {
	offices(t, func(o *office) {
		anna := o.hire("anna@acme.test", auth.Operator)
		try := func(email, password, address string) error {
			_, _, err := o.SignIn(o.Context(), auth.Credentials{Email: email, Password: password, Address: address})
			return err
		}
		for i := range 5 {
			if err := try(anna.Email, "wrong password", fmt.Sprintf("10.0.0.%d", i)); !errors.Is(err, auth.ErrUnauthorized) {
				o.Errorf("try %d: %v", i, err)
			}
		}
		if err := try(anna.Email, password, "10.0.0.9"); !errors.Is(err, auth.ErrTooMany) {
			o.Errorf("the right password while locked: %v", err)
		}
		o.pass(time.Minute)
		if err := try(anna.Email, "wrong password", "10.0.0.9"); !errors.Is(err, auth.ErrUnauthorized) {
			o.Error(err)
		}
		o.pass(time.Minute)
		if err := try(anna.Email, password, "10.0.0.9"); !errors.Is(err, auth.ErrTooMany) {
			o.Errorf("the second lock is no longer than the first: %v", err)
		}
		o.pass(time.Minute)
		if err := try(anna.Email, password, "10.0.0.9"); err != nil {
			o.Errorf("after the lock: %v", err)
		}
		for range 4 {
			if err := try(anna.Email, "wrong password", "10.0.0.9"); !errors.Is(err, auth.ErrUnauthorized) {
				o.Errorf("failures before a success still count: %v", err)
			}
		}
	})
}

func TestOneAddressCannotTryEverybody(t *testing.T) {
	offices(t, func(o *office) {
		anna := o.hire("anna@acme.test", auth.Operator)
		fail := func(i int) error {
			_, _, err := o.SignIn(o.Context(), auth.Credentials{Email: fmt.Sprintf("p%d@acme.test", i), Address: fmt.Sprintf("2001:db8:0:7::%x", i+1)})
			return err
		}
		if err := fail(0); !errors.Is(err, auth.ErrUnauthorized) {
			o.Error(err)
		}
		if done := o.db.Exec("UPDATE tries SET failed = 48 WHERE subject = 'address:2001:db8:0:7::/64'"); done.RowsAffected != 1 {
			o.Fatal(done.RowsAffected, done.Error)
		}
		for i, want := range []error{auth.ErrUnauthorized, auth.ErrUnauthorized, auth.ErrTooMany, auth.ErrTooMany} {
			if err := fail(i + 1); !errors.Is(err, want) {
				o.Errorf("try %d: %v", i+49, err)
			}
		}
		if _, _, err := o.SignIn(o.Context(), auth.Credentials{Email: anna.Email, Password: password, Address: "2001:db8:0:7::1"}); !errors.Is(err, auth.ErrTooMany) {
			o.Errorf("from there: %v", err)
		}
		o.signIn(anna.Email) // from elsewhere
	})
}

func TestManyTriesAtOnceDoNotOutrunTheCount(t *testing.T) {
	offices(t, func(o *office) {
		anna := o.hire("anna@acme.test", auth.Operator)
		var mu sync.Mutex
		var wg sync.WaitGroup
		looked, there := 0, auth.NewPeople(o.db, o.now)
		for i := range 20 {
			wg.Go(func() {
				process := []*auth.People{o.People, there}[i%2]
				_, _, err := process.SignIn(o.Context(), auth.Credentials{Email: anna.Email, Password: "wrong password"})
				mu.Lock()
				defer mu.Unlock()
				if errors.Is(err, auth.ErrUnauthorized) {
					looked++
				} else if !errors.Is(err, auth.ErrTooMany) {
					o.Error(err)
				}
			})
		}
		wg.Wait()
		if looked != 5 {
			o.Errorf("%d passwords were tried", looked)
		}
	})
}

func TestCSRFIsOfOneSession(t *testing.T) {
	if !auth.SameCSRF("a", auth.CSRF("a")) || auth.SameCSRF("a", auth.CSRF("b")) || auth.SameCSRF("a", "") || auth.CSRF("a") == "a" {
		t.Error("another session's is taken, or none")
	}
}

func TestRecognize(t *testing.T) {
	offices(t, func(o *office) {
		anna := o.hire("anna@acme.test", auth.Editor)
		come := func(s auth.Stranger) (auth.Person, error) {
			who, token, err := o.Recognize(o.Context(), s)
			if err == nil && !o.lives(token) {
				o.Error("no session")
			}
			return who, err
		}
		if _, err := come(auth.Stranger{Identity: "idp|1", Email: anna.Email}); !errors.Is(err, auth.ErrUnproven) || !errors.Is(err, auth.ErrForbidden) {
			o.Errorf("an e-mail that is not proven: %v", err)
		}
		who, err := come(auth.Stranger{Identity: "idp|1", Email: "Anna@acme.test", Proven: true})
		if err != nil || who.ID != anna.ID || who.Role != auth.Editor {
			o.Errorf("%+v: %v", who, err)
		}
		if who, err := come(auth.Stranger{Identity: "idp|1", Email: "married@acme.test"}); err != nil || who.ID != anna.ID {
			o.Errorf("with another e-mail: %+v: %v", who, err)
		}
		if _, err := come(auth.Stranger{Identity: "idp|2", Email: anna.Email, Proven: true}); !errors.Is(err, auth.ErrForbidden) {
			o.Errorf("another account of the provider: %v", err)
		}
		if _, _, err := o.Reset(o.Context(), "acme", anna.ID); err != nil {
			o.Fatal(err)
		}
		if who, err := come(auth.Stranger{Identity: "idp|2", Email: anna.Email, Proven: true}); err != nil || who.ID != anna.ID {
			o.Errorf("another account of the provider, after a reset: %+v: %v", who, err)
		}
		vera, _, err := o.Invite(o.Context(), auth.Person{WorkspaceID: "acme", Email: "vera@acme.test", Role: auth.Lead})
		if err != nil {
			o.Fatal(err)
		}
		if who, err := come(auth.Stranger{Identity: "idp|4", Email: vera.Email, Proven: true, Name: "Vera"}); err != nil || who.ID != vera.ID || who.Name != "Vera" {
			o.Errorf("invited without a name: %+v: %v", who, err)
		}
		boris := auth.Stranger{Identity: "idp|3", Email: "boris@acme.test", Proven: true, Name: "Boris", Workspace: "acme"}
		if _, err := come(boris); !errors.Is(err, auth.ErrForbidden) {
			o.Errorf("a newcomer where none are let in: %v", err)
		}
		boris.Role = auth.Operator
		who, err = come(boris)
		if err != nil || who.Role != auth.Operator || who.Name != "Boris" {
			o.Errorf("a newcomer: %+v: %v", who, err)
		}
		no := false
		if _, err := o.Change(o.Context(), "acme", who.ID, auth.Change{Active: &no}); err != nil {
			o.Fatal(err)
		}
		if _, err := come(boris); !errors.Is(err, auth.ErrForbidden) {
			o.Errorf("who is not active: %v", err)
		}
		if _, err := come(auth.Stranger{Email: "x@acme.test", Proven: true, Role: auth.Admin}); !errors.Is(err, auth.ErrInvalid) {
			o.Errorf("nobody: %v", err)
		}
	})
}

func TestAudit(t *testing.T) {
	offices(t, func(o *office) {
		a := auth.NewAudit(o.db, o.now)
		for i := range 5 {
			e := auth.Entry{WorkspaceID: "acme", ActorID: "person:1", Actor: "Anna", Method: "PUT", Operation: "put-article", Subject: fmt.Sprint("a", i%2), Detail: strings.Repeat("я", 1000)}
			if i == 4 {
				e.ActorID, e.Actor, e.Operation = "wsk_1", "zendesk", "make-key"
			}
			if err := a.Keep(o.Context(), &e); err != nil {
				o.Fatal(err)
			}
			o.pass(24 * time.Hour)
		}
		for name, tt := range map[string]struct {
			f    auth.Filter
			want int
		}{
			"all": {auth.Filter{Limit: 10}, 5}, "a page": {auth.Filter{Limit: 2}, 2}, "by id": {auth.Filter{Who: "person:1", Limit: 10}, 4},
			"by name": {auth.Filter{Who: "zendesk", Limit: 10}, 1}, "by operation": {auth.Filter{What: "make-key", Limit: 10}, 1},
			"by subject": {auth.Filter{Subject: "a1", Limit: 10}, 2}, "both": {auth.Filter{Subject: "a1", What: "make-key", Limit: 10}, 0},
		} {
			got, err := a.Entries(o.Context(), "acme", tt.f)
			if err != nil || len(got) != tt.want {
				o.Errorf("%s: %d entries: %v", name, len(got), err)
			}
			for i := 1; i < len(got); i++ {
				if got[i].At.After(got[i-1].At) {
					o.Errorf("%s: an older one first", name)
				}
			}
		}
		first, err := a.Entries(o.Context(), "acme", auth.Filter{Limit: 2})
		if err != nil {
			o.Fatal(err)
		}
		next, err := a.Entries(o.Context(), "acme", auth.Filter{Limit: 9, Before: first[1].ID})
		if err != nil || len(next) != 3 || len([]rune(next[0].Detail)) != 300 {
			o.Errorf("%+v: %v", next, err)
		}
		if none, err := a.Entries(o.Context(), "other", auth.Filter{Limit: 9}); err != nil || len(none) != 0 {
			o.Errorf("another workspace reads %+v: %v", none, err)
		}
		if n, err := a.Forget(o.Context(), o.now().Add(-60*time.Hour)); err != nil || n != 3 {
			o.Errorf("%d forgotten: %v", n, err)
		}
	})
}
