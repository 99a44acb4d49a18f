package api_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/api"
	"github.com/whetstone-desk/whetstone/api/auth"
)

// Somebody who knows an admin's e-mail can lock the account, again and again.
// Where the admin has signed in before they come in all the same.
func TestNobodyIsKeptOutByAStranger(t *testing.T) {
	x := install(t)
	x.person("anna@acme.test", auth.Admin)
	const right, wrong = `{"email":"anna@acme.test","password":"` + passphrase + `"}`, `{"email":"anna@acme.test","password":"wrong password"}`
	first := x.send("", "POST", "/v1/session", right).want(200)
	known := cookieOf(t, first.header, "whetstone_known")
	if !known.HttpOnly || known.SameSite != http.SameSiteStrictMode || known.Path != "/v1/session" || known.Secure || strings.Contains(string(first.body), known.Value) {
		t.Errorf("the cookie is %s", known)
	}
	for range 5 {
		x.send("", "POST", "/v1/session", wrong).want(401)
	}
	for range 2 { // it says when, and to everybody alike
		r := x.send("", "POST", "/v1/session", right).want(429).has("wait a minute")
		if wait, err := strconv.Atoi(r.header.Get("Retry-After")); err != nil || wait < 1 || wait > 60 {
			t.Errorf("try again in %q", r.header.Get("Retry-After"))
		}
	}
	in := x.send("", "POST", "/v1/session", right, "Cookie", "whetstone_known="+known.Value).want(200)
	x.browserOf(in).send("GET", "/v1/people", "").want(200)
	x.send("", "POST", "/v1/session", right).want(429) // from elsewhere it is locked still

	// The keepsake is no key, and its tries are counted too.
	for i := range 7 {
		if r := x.send("", "POST", "/v1/session", wrong, "Cookie", "whetstone_known="+known.Value); r.status != map[bool]int{true: 401, false: 429}[i < 5] {
			t.Errorf("try %d with it: %d", i, r.status)
		}
	}
	for name, made := range map[string]string{"made up": "nonce.sum", "another's nonce": "x" + known.Value, "nothing": "", "no sum": strings.Split(known.Value, ".")[0] + "."} {
		if r := x.send("", "POST", "/v1/session", right, "Cookie", "whetstone_known="+made); r.status != 429 {
			t.Errorf("%s: %d", name, r.status)
		}
	}
	if strings.Contains(x.log.String(), known.Value) {
		t.Error("the log has it")
	}
}

// A stranger who has put a session's cookie into somebody's browser knows no
// session of theirs afterwards.
func TestSigningInTakesOnNoSessionOfAStranger(t *testing.T) {
	x := install(t)
	x.person("anna@acme.test", auth.Admin)
	x.person("eve@acme.test", auth.Operator)
	eve := x.browser("eve@acme.test")
	for name, planted := range map[string]string{"made up": strings.Repeat("A", 43), "the stranger's own": eve.token} {
		r := x.send("", "POST", "/v1/session", `{"email":"anna@acme.test","password":"`+passphrase+`"}`, "Cookie", "whetstone="+planted).want(200)
		if got := cookieOf(t, r.header, "whetstone").Value; got == planted {
			t.Errorf("%s: the session is the planted one", name)
		}
		if r := x.send("", "GET", "/v1/session", "", "Cookie", "whetstone="+planted); r.status != 401 {
			t.Errorf("%s: it is signed in: %s", name, r.body)
		}
	}
}

// What opens something is in no log, whatever becomes of the call.
func TestNoSecretIsInTheLogOrShownAgain(t *testing.T) {
	b := panelled(t)
	var in invited
	b.send(b.admin, "POST", "/v1/people", `{"email":"anna@acme.test","role":"admin"}`).want(201).into(&in)
	b.send("", "POST", "/v1/session/link/look", `{"token":"`+in.Link.Token+`"}`).want(200)
	b.send("", "POST", "/v1/session/link", `{"token":"`+in.Link.Token+`","password":"short"}`).want(422)
	anna := b.browserOf(b.send("", "POST", "/v1/session/link", `{"token":"`+in.Link.Token+`","password":"`+passphrase+`"}`).want(200))
	b.send("", "POST", "/v1/session/link", `{"token":"`+in.Link.Token+`","password":"`+passphrase+`"}`).want(404)
	var key struct{ ID, Secret string }
	decode(t, anna.send("POST", "/v1/keys", `{"name":"zendesk","role":"helpdesk"}`).want(201).body, &key)
	var hook struct{ ID, Secret string }
	decode(t, anna.send("POST", "/v1/webhooks", `{"url":"https://hooks.example.org/w"}`).want(201).body, &hook)
	token := b.token()
	secrets := map[string]string{"invitation": in.Link.Token, "key": key.Secret, "webhook": hook.Secret, "session": anna.token, "csrf": anna.csrf, "panel": token, "password": passphrase}
	for name, secret := range secrets {
		if len(secret) < 10 {
			t.Fatalf("no %s was made: %q", name, secret)
		}
	}
	anna.send("PUT", "/v1/webhooks/"+hook.ID, `{"url":"https://hooks.example.org/x"}`).want(200).hasNot(hook.Secret)
	anna.send("PUT", "/v1/webhooks/"+hook.ID, `{"url":"https://hooks.example.org/x","secret":"`+hook.Secret+`"}`).want(200).hasNot(hook.Secret)
	b.send("wrong "+key.Secret, "GET", "/v1/keys", "").want(401)
	for _, path := range []string{"/v1/keys", "/v1/people", "/v1/webhooks", "/v1/webhooks/" + hook.ID + "/deliveries", "/v1/audit", "/v1/widget", "/v1/find?q=" + key.ID} {
		r := anna.send("GET", path, "").want(200)
		for name, secret := range secrets {
			if strings.Contains(string(r.body), secret) {
				t.Errorf("%s shows the %s", path, name)
			}
		}
	}
	for name, secret := range secrets {
		if strings.Contains(b.log.String(), secret) {
			t.Errorf("the log has the %s", name)
		}
	}
}

// Of two admins who change the same at once the second is told, and nothing of
// the first's is lost.
func TestTwoAdminsOverwriteNothing(t *testing.T) {
	b := panelled(t)
	profile := func(draft string) string {
		p := string(b.send(b.admin, "GET", "/v1/profiles/default", "").want(200).body)
		at := strings.Index(p, `"min_draft":`)
		return p[:at] + `"min_draft":` + draft + p[at+strings.IndexByte(p[at:], ','):]
	}
	settings := func(risk string) string {
		return `{"case_memory":true,"approve_cases":false,"promote":"auto","risk":` + risk + `,"half_life_days":180,"daily_cap":5000}`
	}
	for path, bodies := range map[string][3]string{
		"/v1/settings":         {settings("0.11"), settings("0.12"), settings("0.13")},
		"/v1/profiles/default": {profile("0.11"), profile("0.12"), profile("0.13")},
		"/v1/profiles/brief":   {profile("0.21"), profile("0.22"), profile("0.23")},
		"/v1/widget":           {`{"origins":["https://a.example.org"]}`, `{"origins":["https://b.example.org"]}`, `{"origins":["https://c.example.org"]}`},
	} {
		read := `"0"`
		if r := b.send(b.admin, "GET", path, ""); r.status == 200 {
			read = r.header.Get("ETag")
		}
		written := b.send(b.admin, "PUT", path, bodies[0], "If-Match", read).want(200).header.Get("ETag")
		b.send(b.admin, "PUT", path, bodies[1], "If-Match", read).want(409).has("nothing was written")
		b.send(b.admin, "PUT", path, bodies[1], "If-Match", `"0"`).want(409)
		b.send(b.admin, "PUT", path, bodies[1], "If-Match", "latest").want(400)
		now := b.send(b.admin, "GET", path, "").want(200)
		if now.header.Get("ETag") != written || written == read || written == `"0"` {
			t.Errorf("%s: read %s, wrote %s, read %s", path, read, written, now.header.Get("ETag"))
		}
		if differs(string(now.body), bodies[0]) {
			t.Errorf("%s: the first admin's change is lost: %s", path, now.body)
		}
		b.send(b.admin, "PUT", path, bodies[1], "If-Match", written).want(200)
		last := b.send(b.admin, "PUT", path, bodies[2]).want(200).header.Get("ETag") // who says nothing writes as before
		b.send(b.admin, "PUT", path, bodies[0], "If-Match", written).want(409)
		if got := b.send(b.admin, "GET", path, "").want(200); got.header.Get("ETag") != last || differs(string(got.body), bodies[2]) {
			t.Errorf("%s: at last it is %s at %s, want %s", path, got.body, got.header.Get("ETag"), last)
		}
	}
}

// differs reports whether what is telling in a body above is not in another.
func differs(got, want string) bool {
	for _, mark := range []string{"0.11", "0.12", "0.13", "0.21", "0.22", "0.23", "a.example", "b.example", "c.example"} {
		if strings.Contains(want, mark) != strings.Contains(got, mark) {
			return true
		}
	}
	return false
}

func TestATableHoldsNoFormula(t *testing.T) {
	for _, cell := range []string{"=1+1", "+7 999", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=cmd|' /C calc'!A0", "＝1+1", "－1", "＋1", "＠A1"} {
		if got := api.Harmless(cell); got != "'"+cell {
			t.Errorf("%q is written as %q", cell, got)
		}
	}
	for _, cell := range []string{"", "a=b", "'=1", "Ёлка", "1-2", "  "} {
		if got := api.Harmless(cell); got != cell {
			t.Errorf("%q is written as %q", cell, got)
		}
	}
}
