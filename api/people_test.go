package api_test

import (
	"strings"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/api"
	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/kb/notice"
)

// A personSeen is somebody as the API shows them.
type personSeen struct {
	ID, Email, Name, Locale string
	Role                    auth.Role
	Active, Invited, OIDC   bool
	CreatedAt               time.Time  `json:"created_at"`
	EnteredAt               *time.Time `json:"entered_at"`
	LockedUntil             *time.Time `json:"locked_until"`
}

type invited struct {
	Person personSeen
	Link   struct {
		Kind, Token, Path string
		ExpiresAt         time.Time `json:"expires_at"`
	}
}

func TestInviting(t *testing.T) {
	x := install(t)
	var in invited
	x.send(x.admin, "POST", "/v1/people", `{"email":"Anna@acme.test","role":"operator"}`).want(201).into(&in)
	if in.Person.Email != "anna@acme.test" || !in.Person.Invited || in.Link.Kind != "invitation" || in.Link.Path != "/#/enter/"+in.Link.Token {
		t.Errorf("invited %+v", in)
	}
	x.send("", "POST", "/v1/session/link/look", `{"token":"`+in.Link.Token+`"}`).want(200).has(`"kind":"invitation","email":"anna@acme.test"`)
	x.send("", "POST", "/v1/session/link/look", `{"token":"none"}`).want(404)
	x.send("", "POST", "/v1/session/link", `{"token":"`+in.Link.Token+`"}`).want(422).has("password")
	r := x.send("", "POST", "/v1/session/link", `{"token":"`+in.Link.Token+`","name":"Анна","password":"`+passphrase+`"}`).want(200).has("Анна")
	b := x.browserOf(r)
	b.send("GET", "/v1/articles", "").want(200)
	b.send("GET", "/v1/people", "").want(403)
	x.send("", "POST", "/v1/session/link", `{"token":"`+in.Link.Token+`","password":"another one"}`).want(404)

	x.send(x.admin, "POST", "/v1/people", `{"email":"anna@acme.test","role":"operator"}`).want(409)
	x.send(x.admin, "POST", "/v1/people", `{"email":"nobody","role":"operator"}`).want(422)
	x.send(x.admin, "POST", "/v1/people", `{"email":"a@b.c","role":"helpdesk"}`).want(422)
	x.send(x.admin, "POST", "/v1/people", `{"email":"a@b.c","role":"operator","hash":"x"}`).want(422)

	var again invited
	x.send(x.admin, "POST", "/v1/people/"+in.Person.ID+"/reset", "").want(200).into(&again)
	b.send("GET", "/v1/session", "").want(401)
	x.send("", "POST", "/v1/session", `{"email":"anna@acme.test","password":"`+passphrase+`"}`).want(401)
	x.send("", "POST", "/v1/session/link", `{"token":"`+again.Link.Token+`","password":"battery staple"}`).want(200)
	list := x.send(x.admin, "GET", "/v1/people", "").want(200).has("anna@acme.test").hasNot("argon2").hasNot(again.Link.Token)
	var all struct{ People []personSeen }
	list.into(&all)
	if len(all.People) != 1 || all.People[0].EnteredAt == nil || all.People[0].Invited || all.People[0].Name != "Анна" {
		t.Errorf("people %+v", all)
	}
}

func TestWorkIsGivenToThoseWhoMayDoIt(t *testing.T) {
	x := install(t)
	x.send(x.key("acme", auth.Editor), "GET", "/v1/people/assignees", "").want(200).has(`"people":[]`)
	x.person("boris@acme.test", auth.Editor)
	x.person("anna@acme.test", auth.Admin)
	x.person("lena@acme.test", auth.Lead)
	x.person("olga@acme.test", auth.Operator)
	gone := x.person("gone@acme.test", auth.Editor)
	x.send(x.admin, "PATCH", "/v1/people/"+gone.ID, `{"active":false}`).want(200)
	var list struct{ People []struct{ Name, Role string } }
	x.send(x.key("acme", auth.Editor), "GET", "/v1/people/assignees", "").want(200).into(&list)
	if len(list.People) != 2 || list.People[0].Name != "anna@acme.test" || list.People[0].Role != "admin" || list.People[1].Name != "boris@acme.test" {
		t.Errorf("assignees %+v", list.People)
	}
	x.send(x.key("acme", auth.Operator), "GET", "/v1/people/assignees", "").want(403)
}

func TestPeopleAreOfOneWorkspace(t *testing.T) {
	x := install(t)
	if _, err := x.kb.Create(t.Context(), "other", "Other"); err != nil {
		t.Fatal(err)
	}
	anna := x.person("anna@acme.test", auth.Admin)
	stranger := x.key("other", auth.Admin)
	x.send(stranger, "GET", "/v1/people", "").want(200).has(`"people":[]`)
	x.send(stranger, "PATCH", "/v1/people/"+anna.ID, `{"role":"lead"}`).want(404)
	x.send(stranger, "POST", "/v1/people/"+anna.ID+"/reset", "").want(404)
	x.send(stranger, "GET", "/v1/audit", "").want(200).has(`"entries":[]`)
	b := x.browser(anna.Email)
	b.send("PATCH", "/v1/people/"+anna.ID, `{"role":"editor"}`).want(409).has("last admin")
	b.send("PATCH", "/v1/people/"+anna.ID, `{"active":false}`).want(409)
	b.send("PATCH", "/v1/people/"+anna.ID, `{"name":"Anna A."}`).want(200).has("Anna A.")
	b.send("GET", "/v1/session", "").want(200).has("Anna A.")
}

// An auditSeen is a page of the audit.
type auditSeen struct {
	Entries []struct {
		ID                            string
		At                            time.Time
		Who                           struct{ ID, Name string }
		Method, What, Subject, Detail string
		RequestID                     string `json:"request_id"`
	}
	NextCursor string `json:"next_cursor"`
}

func (a *auditSeen) whats() string {
	var all []string
	for _, e := range a.Entries {
		all = append(all, strings.TrimSpace(e.What+" "+e.Subject))
	}
	return strings.Join(all, ", ")
}

func TestWhatChangedAnythingIsKept(t *testing.T) {
	x := install(t, func(s *api.Server) { s.Notices = notice.NewStore(s.Memory.DB) })
	x.person("root@acme.test", auth.Admin)
	x.person("anna@acme.test", auth.Editor)
	root, anna := x.browser("root@acme.test"), x.browser("anna@acme.test")
	read := func(query string) (a auditSeen) {
		t.Helper()
		root.send("GET", "/v1/audit?"+query, "").want(200).into(&a)
		return a
	}
	anna.send("PUT", "/v1/articles/returns", `{"title":"Returns","body":"Secret words"}`, "X-Request-Id", "r1").want(201)
	anna.send("PUT", "/v1/articles/returns", `{"title":""}`).want(422)
	anna.send("GET", "/v1/articles/returns", "").want(200)
	anna.send("POST", "/v1/search", `{"text":"returns"}`).want(200)
	anna.send("POST", "/v1/suggestions", `{"text":"returns"}`).want(201)
	anna.send("POST", "/v1/keys", `{"name":"x","role":"admin"}`).want(403)
	anna.send("POST", "/v1/articles/bulk", `{"id":"b","title":"Bulk"}`).want(200)
	x.send(x.admin, "POST", "/v1/keys", `{"name":"zendesk","role":"helpdesk"}`).want(201)
	x.send(x.admin, "POST", "/v1/people", `{"email":"new@acme.test","role":"lead"}`).want(201)
	anna.send("DELETE", "/v1/session", "").want(204)
	all := read("limit=50")
	var keyID, personID string
	for _, e := range all.Entries {
		switch e.What {
		case "make-key":
			keyID = e.Subject
		case "invite":
			personID = e.Subject
		}
		if e.ID == "" || e.At.IsZero() || e.Who.ID == "" || e.Who.Name == "" || e.RequestID == "" || e.Method == "GET" {
			t.Errorf("an entry is not whole: %+v", e)
		}
		if strings.Contains(e.Subject+e.Detail, "Secret words") {
			t.Errorf("an entry has a body's words: %+v", e)
		}
	}
	want := "sign-out, invite " + personID + ", make-key " + keyID + ", bulk-articles, put-article returns, sign-in, sign-in"
	if got := all.whats(); got != want || keyID == "" || personID == "" {
		t.Errorf("kept %s, want %s", got, want)
	}
	put := read("what=put-article")
	if len(put.Entries) != 1 || put.Entries[0].Who.Name != "anna@acme.test" || put.Entries[0].RequestID != "r1" || put.Entries[0].Method != "PUT" {
		t.Errorf("%+v", put)
	}
	if got := read("who=anna@acme.test&limit=2"); got.whats() != "sign-out, bulk-articles" || got.NextCursor == "" {
		t.Errorf("of Anna the latest are %s", got.whats())
	} else if next := read("who=anna@acme.test&limit=2&cursor=" + got.NextCursor); next.whats() != "put-article returns, sign-in" || next.NextCursor != "" {
		t.Errorf("and before that %s", next.whats())
	}
	if got := read("subject=returns"); got.whats() != "put-article returns" {
		t.Errorf("of returns: %s", got.whats())
	}
	root.send("GET", "/v1/audit?cursor=!", "").want(400)
	x.send(x.admin, "DELETE", "/v1/keys/"+keyID, "").want(204)
	if got := read("what=revoke-key"); len(got.Entries) != 1 || got.Entries[0].Detail != "helpdesk zendesk" {
		t.Errorf("of the revoked key is kept %+v", got.Entries)
	}
	var hook struct{ ID string }
	decode(t, x.send(x.admin, "POST", "/v1/webhooks", `{"url":"https://hooks.acme.test/a-secret-path"}`).want(201).body, &hook)
	x.send(x.admin, "DELETE", "/v1/webhooks/"+hook.ID, "").want(204)
	for _, what := range []string{"make-webhook", "delete-webhook"} {
		if got := read("what=" + what); len(got.Entries) != 1 || got.Entries[0].Subject != hook.ID || got.Entries[0].Detail != "hooks.acme.test" {
			t.Errorf("of %s is kept %+v", what, got.Entries)
		}
	}
}

func TestAnEntryThatCannotBeKeptIsInTheLog(t *testing.T) {
	x := install(t)
	if err := x.db.Exec("DROP TABLE audit").Error; err != nil {
		t.Fatal(err)
	}
	x.send(x.admin, "PUT", "/v1/articles/returns", `{"title":"Returns"}`).want(201)
	if !strings.Contains(x.log.String(), "audit failed") || !strings.Contains(x.log.String(), "put-article") {
		t.Error("nobody is told")
	}
}
