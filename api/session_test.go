package api_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/api"
	"github.com/whetstone-desk/whetstone/api/auth"
)

// A browser is one that is signed in.
type browser struct {
	x           *installation
	token, csrf string
}

// A sessionSeen is a session as the API shows it.
type sessionSeen struct {
	Person struct {
		ID, Name, Email string
		Role            auth.Role
	}
	Workspace             struct{ ID, Name string }
	CSRF, Locale, Version string
}

const passphrase = "correct horse"

// person makes somebody of the workspace acme who has chosen a password.
func (x *installation) person(email string, role auth.Role) auth.Person {
	x.t.Helper()
	_, link, err := x.people.Invite(x.t.Context(), auth.Person{WorkspaceID: "acme", Email: email, Role: role})
	if err != nil {
		x.t.Fatal(err)
	}
	who, _, err := x.people.Enter(x.t.Context(), link.Token, "", passphrase)
	if err != nil {
		x.t.Fatal(err)
	}
	return who
}

// browser signs somebody in.
func (x *installation) browser(email string) *browser {
	x.t.Helper()
	return x.browserOf(x.send("", "POST", "/v1/session", `{"email":"`+email+`","password":"`+passphrase+`"}`).want(200))
}

// browserOf is that of who has signed in by the reply.
func (x *installation) browserOf(r reply) *browser {
	x.t.Helper()
	var seen sessionSeen
	r.into(&seen)
	return &browser{x, cookieOf(x.t, r.header, "whetstone").Value, seen.CSRF}
}

func cookieOf(t *testing.T, h http.Header, name string) *http.Cookie {
	t.Helper()
	for _, c := range (&http.Response{Header: h}).Cookies() {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("no cookie %s in %v", name, h)
	return nil
}

// send makes a request as the console does.
func (b *browser) send(method, path, body string, headers ...string) reply {
	b.x.t.Helper()
	return b.x.send("", method, path, body, append([]string{"Cookie", "whetstone=" + b.token, "Whetstone-CSRF", b.csrf}, headers...)...)
}

func TestSigningIn(t *testing.T) {
	x := install(t)
	anna := x.person("anna@acme.test", auth.Editor)
	r := x.send("", "POST", "/v1/session", `{"email":"Anna@acme.test","password":"`+passphrase+`"}`).want(200)
	c := cookieOf(t, r.header, "whetstone")
	if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge != 7*24*3600 || c.Secure {
		t.Errorf("by http the cookie is %s", c)
	}
	r.hasNot(c.Value)
	b := x.browserOf(r)
	var seen sessionSeen
	b.send("GET", "/v1/session", "").want(200).into(&seen)
	if seen.Person.ID != anna.ID || seen.Person.Email != "anna@acme.test" || seen.Person.Role != auth.Editor || seen.Workspace.ID != "acme" || seen.Workspace.Name != "Acme" || seen.CSRF != b.csrf || seen.Version != "test" {
		t.Errorf("the session is %+v", seen)
	}
	r = x.send("", "POST", "/v1/session", `{"email":"anna@acme.test","password":"`+passphrase+`"}`, "X-Forwarded-Proto", "https", "Cookie", "whetstone="+b.token).want(200)
	if c := cookieOf(t, r.header, "whetstone"); !c.Secure || c.Value == b.token {
		t.Errorf("by https the cookie is %s", c)
	}
	b.send("GET", "/v1/session", "").want(401) // signing in again ends the session before
	var key sessionSeen
	x.send(x.admin, "GET", "/v1/session", "").want(200).into(&key)
	if !strings.HasPrefix(key.Person.ID, "wsk_") || key.CSRF != "" || key.Workspace.ID != "acme" {
		t.Errorf("a key's session is %+v", key)
	}
	x.send(x.admin, "DELETE", "/v1/session", "").want(403)
	x.send(x.admin, "PATCH", "/v1/session", `{"name":"x"}`).want(403)
	x.send("", "GET", "/v1/session", "").want(401)
	x.send("", "GET", "/v1/session/ways", "").want(200).has(`"password":true,"oidc":false`)
	if strings.Contains(x.log.String(), "anna@") || strings.Contains(x.log.String(), passphrase) {
		t.Error("the log has who signs in, or how")
	}
}

func TestAStrangerLearnsNothingBySigningIn(t *testing.T) {
	x := install(t)
	x.person("anna@acme.test", auth.Editor)
	said := make(map[string]bool)
	for _, email := range []string{"anna@acme.test", "nobody@acme.test", "", "no e-mail"} {
		var all []string
		for range 7 {
			r := x.send("", "POST", "/v1/session", `{"email":"`+email+`","password":"wrong password"}`)
			if r.status != 401 && r.status != 429 || len(r.header.Values("Set-Cookie")) > 0 {
				t.Errorf("%s: %d %v", email, r.status, r.header)
			}
			all = append(all, string(r.body))
		}
		said[strings.Join(all, "\n")] = true
	}
	if len(said) != 1 {
		t.Errorf("told apart: %v", said)
	}
	x.send("", "POST", "/v1/session", `{"email":"anna@acme.test","password":"`+passphrase+`"}`).want(429)
}

func TestWhoseAddressIsBelieved(t *testing.T) {
	for name, tt := range map[string]struct {
		proxies []string
		want    int
	}{
		"by a proxy that is known, each visitor has their own": {[]string{"127.0.0.1", "::1"}, 401},
		"by one that is not, all are one":                      {nil, 429},
	} {
		x := install(t, func(s *api.Server) { s.Proxies = tt.proxies })
		one := func(from string) reply {
			return x.send("", "POST", "/v1/session", `{"email":"`+from+`@acme.test","password":"x"}`, "X-Forwarded-For", from)
		}
		one("203.0.113.1").want(401)
		if done := x.db.Exec("UPDATE tries SET failed = 49 WHERE subject LIKE 'address:%'"); done.Error != nil || done.RowsAffected != 1 {
			t.Fatal(done.RowsAffected, done.Error)
		}
		one("203.0.113.1").want(401)
		one("203.0.113.1").want(429)
		if r := one("203.0.113.77"); r.status != tt.want {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
}

func TestAPageElsewhereCanDoNothing(t *testing.T) {
	x := install(t)
	x.person("anna@acme.test", auth.Editor)
	x.person("boris@acme.test", auth.Editor)
	anna, boris := x.browser("anna@acme.test"), x.browser("boris@acme.test")
	const article = `{"title":"Theirs"}`
	for name, headers := range map[string][]string{
		"without": {}, "an empty one": {"Whetstone-CSRF", ""}, "another session's": {"Whetstone-CSRF", boris.csrf}, "the cookie itself": {"Whetstone-CSRF", anna.token},
	} {
		for _, call := range []string{"PUT /v1/articles/a", "DELETE /v1/session", "PATCH /v1/session", "POST /v1/search", "POST /v1/articles/bulk"} {
			method, path, _ := strings.Cut(call, " ")
			r := x.send("", method, path, article, append([]string{"Cookie", "whetstone=" + anna.token}, headers...)...)
			if r.status != 403 || !strings.Contains(string(r.body), "Whetstone-CSRF") {
				t.Errorf("%s, %s: %d %s", call, name, r.status, r.body)
			}
		}
	}
	x.send(x.admin, "GET", "/v1/articles/a", "").want(404)
	x.send("", "GET", "/v1/session", "", "Cookie", "whetstone="+anna.token).want(200)
	x.send("", "HEAD", "/v1/session", "", "Cookie", "whetstone="+anna.token).want(200)
	anna.send("PUT", "/v1/articles/a", article).want(201)
	x.send(x.admin, "PUT", "/v1/articles/a", article, "Cookie", "whetstone="+anna.token).want(200) // a key needs none
	for _, headers := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.test"}} {
		x.send("", "POST", "/v1/session", `{"email":"anna@acme.test","password":"`+passphrase+`"}`, headers...).want(403)
	}
	x.send("", "POST", "/v1/session", `email=anna@acme.test`, "Content-Type", "application/x-www-form-urlencoded").want(415)
	x.send("", "POST", "/v1/session", `{"email":"anna@acme.test","password":"`+passphrase+`"}`, "Content-Type", "text/plain").want(415)
}

func TestASessionIsOverAfterLogOutAndWithAnotherRole(t *testing.T) {
	x := install(t)
	x.person("root@acme.test", auth.Admin)
	anna := x.person("anna@acme.test", auth.Editor)
	root := x.browser("root@acme.test")
	for name, end := range map[string]func(*browser){
		"after log-out": func(b *browser) {
			if c := cookieOf(t, b.send("DELETE", "/v1/session", "").want(204).header, "whetstone"); c.MaxAge >= 0 || c.Value != "" || c.Path != "/" {
				t.Errorf("the cookie stays: %s", c)
			}
		},
		"with another role":   func(*browser) { root.send("PATCH", "/v1/people/"+anna.ID, `{"role":"lead"}`).want(200) },
		"when shut out":       func(*browser) { root.send("PATCH", "/v1/people/"+anna.ID, `{"active":false}`).want(200) },
		"when they are reset": func(*browser) { root.send("POST", "/v1/people/"+anna.ID+"/reset", "").want(200) },
	} {
		b := x.browser(anna.Email)
		b.send("GET", "/v1/articles", "").want(200)
		end(b)
		for _, call := range []string{"GET /v1/articles", "GET /v1/session", "PUT /v1/articles/a"} {
			method, path, _ := strings.Cut(call, " ")
			if r := b.send(method, path, `{"title":"x"}`); r.status != 401 {
				t.Errorf("%s: %s is %d", name, call, r.status)
			}
		}
		// As it was, for the next.
		root.send("PATCH", "/v1/people/"+anna.ID, `{"role":"editor","active":true}`).want(200)
		if _, link, err := x.people.Reset(t.Context(), "acme", anna.ID); err != nil {
			t.Fatal(err)
		} else if _, _, err := x.people.Enter(t.Context(), link.Token, "", passphrase); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSigningOutEverywhereEndsTheSessionsOfOtherBrowsersToo(t *testing.T) {
	x := install(t)
	anna := x.person("anna@acme.test", auth.Editor)
	x.person("boris@acme.test", auth.Editor)
	one, other, boris := x.browser(anna.Email), x.browser(anna.Email), x.browser("boris@acme.test")
	one.send("DELETE", "/v1/session?everywhere=true", "").want(204)
	for name, b := range map[string]*browser{"this one": one, "the other": other} {
		if r := b.send("GET", "/v1/session", ""); r.status != 401 {
			t.Errorf("%s is still signed in: %d", name, r.status)
		}
	}
	boris.send("GET", "/v1/session", "").want(200)
}

// What the description says of who may call is so for people too: an operator
// who opens an editor's page by its address is told no.
func TestEachRoleOpensWhatIsDescribedForIt(t *testing.T) {
	x := install(t)
	var d description
	if err := json.Unmarshal(x.send("", "GET", "/openapi.json", "").body, &d); err != nil {
		t.Fatal(err)
	}
	parameter, refused := regexp.MustCompile(`\{\w+\}`), 0
	// Its handler sees to who may, after its body was read.
	bodies := map[string]string{"make-widget-token": `{"ticket_id":"t","operator":{"id":"o"}}`}
	for _, role := range auth.PersonRoles() {
		email := string(role) + "@acme.test"
		x.person(email, role)
		b := x.browser(email)
		for path, operations := range d.Paths {
			for method, op := range operations {
				if slices.Contains(op.Roles, string(role)) || slices.Contains(op.Roles, "anyone") {
					continue
				}
				refused++
				body := bodies[op.OperationID]
				if body == "" {
					body = `{}`
				}
				if r := b.send(strings.ToUpper(method), parameter.ReplaceAllString(path, "1"), body); r.status != 403 {
					t.Errorf("%s: %s %s is %d", role, method, path, r.status)
				}
			}
		}
	}
	if refused < 100 {
		t.Errorf("only %d calls were refused", refused)
	}
	operator, lead := x.browser("operator@acme.test"), x.browser("lead@acme.test")
	for _, path := range []string{"/v1/gaps", "/v1/upkeep", "/v1/people", "/v1/audit", "/v1/reports/acceptance", "/v1/sources/a/learning"} {
		operator.send("GET", path, "").want(403)
	}
	for _, path := range []string{"/v1/reports/acceptance", "/v1/pilots", "/v1/profiles", "/v1/rankers", "/v1/jobs", "/v1/articles"} {
		lead.send("GET", path, "").want(200)
	}
	for _, path := range []string{"/v1/gaps", "/v1/people", "/v1/keys", "/v1/settings", "/v1/audit"} {
		lead.send("GET", path, "").want(403)
	}
}

func TestPeopleChangeThemselves(t *testing.T) {
	x := install(t)
	x.person("anna@acme.test", auth.Operator)
	here, there := x.browser("anna@acme.test"), x.browser("anna@acme.test")
	var seen sessionSeen
	here.send("PATCH", "/v1/session", `{"name":"Анна","locale":"ru"}`).want(200).into(&seen)
	if seen.Person.Name != "Анна" || seen.Locale != "ru" || seen.CSRF != here.csrf {
		t.Errorf("%+v", seen)
	}
	here.send("PATCH", "/v1/session", `{"locale":"fr"}`).want(422)
	here.send("PATCH", "/v1/session", `{"role":"admin"}`).want(422)
	here.send("PATCH", "/v1/session", `{"password":{"current":"wrong","new":"battery staple"}}`).want(403)
	here.send("PATCH", "/v1/session", `{"password":{"current":"`+passphrase+`","new":"short"}}`).want(422)
	here.send("PATCH", "/v1/session", `{"password":{"current":"`+passphrase+`","new":"battery staple"}}`).want(200)
	here.send("GET", "/v1/session", "").want(200)
	there.send("GET", "/v1/session", "").want(401)
	x.send("", "POST", "/v1/session", `{"email":"anna@acme.test","password":"battery staple"}`).want(200)
}

func TestWithoutPeopleKeysStillWork(t *testing.T) {
	x := install(t, func(s *api.Server) { s.People, s.Audit = nil, nil })
	x.send("", "POST", "/v1/session", `{"email":"a@b.c","password":"x"}`).want(404)
	x.send("", "POST", "/v1/session/link", `{"token":"x"}`).want(404)
	x.send("", "GET", "/v1/session", "", "Cookie", "whetstone=x").want(401)
	x.send("", "GET", "/v1/session/ways", "").want(200).has(`"password":false`)
	x.send(x.admin, "GET", "/v1/people", "").want(404)
	x.send(x.admin, "GET", "/v1/audit", "").want(200).has(`"entries":[]`)
	x.send(x.admin, "PUT", "/v1/articles/a", `{"title":"x"}`).want(201)
}
