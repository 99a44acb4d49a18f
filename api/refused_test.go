package api_test

import (
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/api"
	"github.com/whetstone-desk/whetstone/api/auth"
)

func TestWhatCannotBeReadIsRefused(t *testing.T) {
	x := install(t, func(s *api.Server) { s.MaxBody = 64 << 10 })
	for _, tt := range []struct {
		name, body string
		want       int
	}{
		{"no JSON", `hello`, 400},
		{"half of JSON", `{"text":"a`, 400},
		{"two values", `{"text":"a"}{"text":"b"}`, 400},
		{"an empty body", ``, 400},
		{"null", `null`, 422},
		{"an array", `[]`, 422},
		{"an unknown field", `{"text":"a","colour":"red"}`, 422},
		{"an unknown field inside", `{"text":"a","filters":{"colour":"red"}}`, 422},
		{"a wrong type", `{"text":7}`, 422},
		{"a wrong choice", `{"text":"a","mode":"guess"}`, 422},
		{"too many sources", `{"text":"a","limit":21}`, 422},
		{"no source at all", `{"text":"a","limit":-1}`, 422},
		{"a raw NUL byte", "{\"text\":\"a\x00b\"}", 400},
		{"an escaped NUL byte", `{"text":"a\u0000b"}`, 400},
		{"an escaped NUL byte after backslashes", `{"text":"a\\\u0000b"}`, 400},
		{"six characters that only look like one", `{"text":"чайник \\u0000"}`, 201},
		{"broken UTF-8", "{\"text\":\"a\xff\"}", 400},
		{"UTF-16", "\xff\xfe{\x00}\x00", 400},
		{"too large", `{"text":"` + strings.Repeat("a", 64<<10) + `"}`, 413},
		{"as large as may be", `{"text":"` + strings.Repeat("a", 64<<10-11) + `"}`, 201},
		{"deep", strings.Repeat(`[`, 20000), 400},
		{"a text of no letters", `{"text":"\ud800"}`, 201},
	} {
		r := x.send(x.admin, "POST", "/v1/suggestions", tt.body)
		if r.status != tt.want {
			t.Errorf("%s: got %d, want %d: %.300s", tt.name, r.status, tt.want, r.body)
		}
	}
	for _, path := range []string{"/v1/articles/a%00b", "/v1/articles/%ff", "/v1/articles?locale=%00", "/v1/articles?locale=%ff", "/v1/suggestions/%00"} {
		x.send(x.admin, "GET", path, "").want(400)
	}
	x.send(x.admin, "PUT", "/v1/articles/a%20b", `{"title":"x"}`).want(422).has("letters")
	x.send(x.admin, "PUT", "/v1/articles/"+strings.Repeat("x", 129), `{"title":"x"}`).want(422)
	x.send(x.admin, "POST", "/v1/search", `{"text":"a","secret":"4111 1111 1111 1111"}`).want(422).hasNot("4111")
	x.send(x.admin, "POST", "/v1/search", `text=a`, "Content-Type", "application/x-www-form-urlencoded").want(415)
}

func TestWhoMayNotIsRefused(t *testing.T) {
	x := install(t)
	for name, key := range map[string]string{
		"no key": "", "no key at all": "hello", "a key that was never made": "wsk_AAAAAAAAAAAA.AAAA", "a key without its secret": strings.SplitN(x.admin, ".", 2)[0],
		"a key with another's secret": strings.SplitN(x.admin, ".", 2)[0] + "." + strings.SplitN(x.key("acme", auth.Admin), ".", 2)[1],
	} {
		for _, call := range []string{"POST /v1/suggestions", "GET /v1/articles", "PUT /v1/articles/a", "POST /v1/articles/bulk", "GET /v1/keys"} {
			method, path, _ := strings.Cut(call, " ")
			if r := x.send(key, method, path, `{"title":"x"}`); r.status != 401 || !strings.HasPrefix(r.header.Get("WWW-Authenticate"), "Bearer") {
				t.Errorf("%s, %s: %d %s", name, call, r.status, r.body)
			}
		}
	}
	r := x.send("", "GET", "/v1/keys", "", "Authorization", "Basic YTpi")
	r.want(401)

	const mayNot, may = false, true
	type roles struct{ admin, editor, operator, helpdesk bool }
	for call, want := range map[string]roles{
		`POST /v1/suggestions {"text":"a"}`:                {may, may, may, may},
		`POST /v1/search {"text":"a"}`:                     {may, may, may, may},
		`GET /v1/articles`:                                 {may, may, may, may},
		`PUT /v1/articles/a {"title":"x"}`:                 {may, may, mayNot, mayNot},
		`POST /v1/articles/bulk {"id":"a","title":"x"}`:    {may, may, mayNot, mayNot},
		`POST /v1/articles/a/restore {"revision":1}`:       {may, may, mayNot, mayNot},
		`PUT /v1/cases/c {"problem":"x","resolution":"y"}`: {may, may, mayNot, may},
		`POST /v1/cases/bulk {"id":"c","problem":"x"}`:     {may, may, mayNot, may},
		`GET /v1/profiles/default`:                         {may, mayNot, mayNot, mayNot},
		`GET /v1/keys`:                                     {may, mayNot, mayNot, mayNot},
		`POST /v1/keys {"name":"x","role":"helpdesk"}`:     {may, mayNot, mayNot, mayNot},
		`DELETE /v1/keys/none`:                             {may, mayNot, mayNot, mayNot},
	} {
		method, rest, _ := strings.Cut(call, " ")
		path, body, _ := strings.Cut(rest, " ")
		for role, want := range map[auth.Role]bool{
			auth.Admin: want.admin, auth.Editor: want.editor, auth.Operator: want.operator, auth.Helpdesk: want.helpdesk,
		} {
			r := x.send(x.key("acme", role), method, path, body)
			if got := r.status != 403; got != want {
				t.Errorf("%s as %s: %d %s", call, role, r.status, r.body)
			}
		}
	}
}

func TestAnotherWorkspaceIsNotThere(t *testing.T) {
	x := install(t)
	if _, err := x.kb.Create(t.Context(), "other", "Other"); err != nil {
		t.Fatal(err)
	}
	stranger := x.key("other", auth.Admin)
	x.stock()
	x.put("/v1/cases/c", `{"problem":"Не могу вернуть чайник","resolution":"Отправьте чайник почтой."}`)
	s := x.suggest(`{"text":"Как вернуть чайник?"}`, "Idempotency-Key", "k")
	x.send(x.admin, "PUT", "/v1/profiles/quick", string(x.send(x.admin, "GET", "/v1/profiles/default", "").body)).want(200)
	for _, path := range []string{"/v1/articles/returns", "/v1/articles/returns/revisions", "/v1/cases/c", "/v1/cases/c?reveal=true",
		"/v1/cases/c/revisions", "/v1/suggestions/" + s.ID, "/v1/profiles/quick"} {
		got := x.send(stranger, "GET", path, "").want(404)
		never := x.send(stranger, "GET", strings.NewReplacer("returns", "nothing", "/c", "/nothing", s.ID, "nothing", "quick", "nothing").Replace(path), "")
		if got.header.Get("Content-Type") != never.header.Get("Content-Type") || never.status != 404 {
			t.Errorf("%s is told apart from what never was: %s and %s", path, got.body, never.body)
		}
	}
	for _, path := range []string{"/v1/articles/returns", "/v1/cases/c", "/v1/keys/" + strings.SplitN(x.admin, ".", 2)[0]} {
		x.send(stranger, "DELETE", path, "").want(404)
	}
	x.send(stranger, "POST", "/v1/articles/returns/restore", `{"revision":1}`).want(404)
	x.send(stranger, "GET", "/v1/articles", "").want(200).has(`"articles":[]`)
	x.send(stranger, "POST", "/v1/search", `{"text":"Как вернуть чайник?"}`).want(200).has(`"sources":[]`)
	x.send(stranger, "POST", "/v1/suggestions", `{"text":"Как вернуть чайник?"}`, "Idempotency-Key", "k").want(201).has("no_evidence").hasNot(s.ID)
	// The same id is another document there.
	x.send(stranger, "PUT", "/v1/articles/returns", `{"title":"Ours"}`).want(201)
	x.send(x.admin, "GET", "/v1/articles/returns", "").want(200).has("Возврат")
	x.send(x.admin, "GET", "/v1/keys", "").want(200).hasNot(strings.SplitN(stranger, ".", 2)[0])
}

func TestKeysAreMadeShownOnceAndRevoked(t *testing.T) {
	x := install(t)
	var made struct {
		ID, Name, Role, Secret string
		CreatedAt              string `json:"created_at"`
		RevokedAt              string `json:"revoked_at"`
	}
	x.send(x.admin, "POST", "/v1/keys", `{"name":"helpdesk","role":"helpdesk"}`).want(201).into(&made)
	if !strings.HasPrefix(made.Secret, made.ID+".") || made.Role != "helpdesk" {
		t.Fatalf("got %+v", made)
	}
	x.send(made.Secret, "GET", "/v1/articles", "").want(200)
	x.send(x.admin, "GET", "/v1/keys", "").want(200).has(made.ID).hasNot(strings.TrimPrefix(made.Secret, made.ID+"."))
	x.send(x.admin, "DELETE", "/v1/keys/"+made.ID, "").want(204)
	x.send(made.Secret, "GET", "/v1/articles", "").want(401)
	x.send(x.admin, "DELETE", "/v1/keys/"+made.ID, "").want(404)
	x.send(x.admin, "GET", "/v1/keys", "").want(200).has("revoked_at")
	x.send(x.admin, "POST", "/v1/keys", `{"name":"root","role":"root"}`).want(422)
	if strings.Contains(x.log.String(), strings.TrimPrefix(made.Secret, made.ID+".")) {
		t.Error("a key is in the log")
	}
}

func TestProfilesAreSetAndUsed(t *testing.T) {
	x := install(t)
	x.stock()
	r := x.send(x.admin, "GET", "/v1/profiles/default", "").want(200)
	x.send(x.admin, "GET", "/v1/profiles/strict", "").want(404)
	strict := strings.Replace(string(r.body), `"name":"default"`, `"name":"ignored"`, 1)
	x.send(x.admin, "PUT", "/v1/profiles/strict", strict).want(200).has(`"name":"strict"`)
	x.send(x.admin, "GET", "/v1/profiles/strict", "").want(200)
	if s := x.suggest(`{"text":"Как вернуть чайник?","profile":"strict"}`); s.Profile != "strict" {
		t.Errorf("answered by %s", s.Profile)
	}
	x.send(x.admin, "PUT", "/v1/profiles/strict", strings.Replace(strict, `"min_draft":`, `"min_draft":7`, 1)).want(422)
}

func TestOneKeyMayNotAskTooOften(t *testing.T) {
	x := install(t, func(s *api.Server) { s.Rate, s.Burst = 0.001, 3 })
	other := x.key("acme", auth.Operator)
	for range 3 {
		x.send(x.admin, "GET", "/v1/articles", "").want(200)
	}
	if r := x.send(x.admin, "GET", "/v1/articles", "").want(429); r.header.Get("Retry-After") != "1000" {
		t.Errorf("Retry-After is %q", r.header.Get("Retry-After"))
	}
	x.send(other, "GET", "/v1/articles", "").want(200)
	x.send("", "GET", "/healthz", "").want(200)
}
