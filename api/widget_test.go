package api_test

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/api"
	"github.com/whetstone-desk/whetstone/api/auth"
)

const panelFor = `{"ticket_id":"T1","operator":{"id":"vera","group":"returns"}}`

// token makes a panel's token for the ticket T1 and the operator vera.
func (b *bench) token() string {
	b.t.Helper()
	var v struct {
		Token     string
		Page      string
		ExpiresAt time.Time `json:"expires_at"`
	}
	b.send(b.helpdesk, "POST", "/v1/widget/tokens", panelFor).want(201).into(&v)
	if !v.ExpiresAt.Equal(b.now.Add(15*time.Minute)) || !strings.HasPrefix(v.Token, "wst_") {
		b.t.Errorf("got %+v", v)
	}
	return v.Token
}

// panelled is a workbench whose panel may be shown at one page.
func panelled(t *testing.T) *bench {
	t.Helper()
	b := workbench(t)
	b.send(b.admin, "PUT", "/v1/widget", `{"origins":["https://Desk.example.org:443/","http://localhost:3000"]}`).want(200).
		has(`"origins":["https://desk.example.org","http://localhost:3000"]`)
	b.send(b.helpdesk, "PUT", "/v1/tickets/T1", ask).want(201)
	b.send(b.helpdesk, "PUT", "/v1/tickets/T2", ask).want(201)
	return b
}

func TestAPanelWorksOnItsTicketAlone(t *testing.T) {
	b := panelled(t)
	token := b.token()
	b.send(token, "GET", "/v1/widget/session", "").want(200).has(`"ticket_id":"T1"`).has("https://desk.example.org").has(`"id":"vera"`)
	var s suggestion
	r := b.send(token, "POST", "/v1/suggestions", `{"ticket_id":"T1","text":"How do I return an item?","operator":{"id":"somebody"}}`).want(201)
	r.into(&s)
	made, err := b.store.Suggestion(t.Context(), "acme", s.ID)
	if err != nil || made.OperatorID != "vera" || made.OperatorGroup != "returns" {
		t.Errorf("made for %s of %s: %v", made.OperatorID, made.OperatorGroup, err)
	}
	b.send(token, "POST", "/v1/suggestions", `{"ticket_id":"T2","text":"How do I return an item?"}`).want(403)
	b.send(token, "POST", "/v1/suggestions", `{"text":"How do I return an item?"}`).want(403)
	b.send(token, "GET", "/v1/tickets/T1", "").want(200)
	b.send(token, "GET", "/v1/tickets/T1/suggestion", "").want(200).has(s.ID)
	b.send(token, "GET", "/v1/suggestions/"+s.ID, "").want(200)
	b.send(token, "GET", "/v1/articles/returns", "").want(200)
	b.send(token, "POST", "/v1/suggestions/"+s.ID+"/feedback", `{"kind":"sent","operator_id":"somebody"}`).want(201)
	b.send(token, "GET", "/v1/suggestions/"+s.ID+"/feedback", "").want(200).has(`"operator_id":"vera"`).hasNot("somebody")

	other := b.suggest(`{"ticket_id":"T2","text":"When does the courier come?"}`)
	b.put("/v1/articles/secret", `{"title":"Internal","body":"Nobody cites it.","audience":"internal"}`)
	for _, call := range []string{
		"GET /v1/tickets/T2", "GET /v1/tickets/T2/suggestion", "GET /v1/suggestions/" + other.ID, "GET /v1/suggestions/none", "GET /v1/articles/secret",
		"GET /v1/articles", "GET /v1/tickets", "GET /v1/find?q=item", "GET /v1/keys", "GET /v1/widget", "GET /v1/cases/returns?reveal=true",
		"GET /v1/suggestions/" + other.ID + "/feedback", "GET /v1/session",
	} {
		method, path, _ := strings.Cut(call, " ")
		b.send(token, method, path, "").want(403)
	}
	for path, body := range map[string]string{
		"/v1/suggestions/" + other.ID + "/feedback": `{"kind":"sent"}`, "/v1/search": `{"text":"item"}`, "/v1/presence": `{"subject":"ticket:T1"}`,
		"/v1/widget/tokens": panelFor, "/v1/tickets/T1/reply": `{"text":"x","version":1,"idempotency_key":"k"}`, "/v1/feedback/bulk": `{}`,
	} {
		b.send(token, "POST", path, body).want(403)
	}
}

func TestAPanelIsShownWhereItMay(t *testing.T) {
	b := panelled(t)
	token := b.token()
	get := func(origin string, want int) {
		t.Helper()
		b.send(token, "GET", "/v1/tickets/T1", "", "Origin", origin).want(want)
	}
	get("https://desk.example.org", 200)
	get(b.url, 200) // the panel's own page
	for _, origin := range []string{"https://evil.example.org", "http://desk.example.org", "https://desk.example.org.evil.example", "null"} {
		get(origin, 403)
	}
	for _, origin := range []string{"*", "desk.example.org", "https://desk.example.org/path", "javascript:alert(1)", "https://*.example.org", "https://a;b", "https://u@a"} {
		b.send(b.admin, "PUT", "/v1/widget", fmt.Sprintf(`{"origins":[%q]}`, origin)).want(422)
	}
	b.send(b.operator, "PUT", "/v1/widget", `{"origins":[]}`).want(403)
	b.send(b.admin, "GET", "/v1/widget", "").want(200).has("desk.example.org").hasNot("secret")
}

func TestThePanelsPageKnowsWhoMayShowIt(t *testing.T) {
	b := panelled(t)
	widgets := api.NewWidgets(b.db, func() time.Time { return *b.now })
	page := func() string {
		t.Helper()
		var v struct {
			Token, Page string
			ExpiresAt   time.Time `json:"expires_at"`
		}
		b.send(b.helpdesk, "POST", "/v1/widget/tokens", panelFor).want(201).into(&v)
		u, err := url.Parse(v.Page)
		if err != nil || u.Path != "/widget/" || u.Fragment != v.Token || strings.Contains(u.RawQuery, "wst_") {
			t.Fatalf("the page is %q: %v", v.Page, err)
		}
		return u.Query().Get("of")
	}
	ask := func(of, want string) {
		t.Helper()
		if got, err := widgets.Ancestors(t.Context(), of); err != nil || strings.Join(got, " ") != want {
			t.Errorf("%q: got %v: %v", of, got, err)
		}
	}
	of := page()
	ask(of, "https://desk.example.org http://localhost:3000")
	*b.now = b.now.Add(time.Hour)
	ask(of, "https://desk.example.org http://localhost:3000") // the page can say that its token is too old
	for _, forged := range []string{"", ".", "acme", "acme.", of + "x", "other" + strings.TrimPrefix(of, "acme")} {
		ask(forged, "")
	}
	b.send(b.admin, "PUT", "/v1/widget", `{"origins":["https://desk.example.org"],"renew":true}`).want(200)
	*b.now = b.now.Add(time.Minute)
	ask(of, "")
	ask(page(), "https://desk.example.org")
}

func TestATokenHoldsForFifteenMinutes(t *testing.T) {
	b := panelled(t)
	token := b.token()
	*b.now = b.now.Add(15*time.Minute - time.Second)
	b.send(token, "GET", "/v1/tickets/T1", "").want(200)
	*b.now = b.now.Add(time.Second)
	b.send(token, "GET", "/v1/tickets/T1", "").want(401)

	token = b.token()
	b.send(b.admin, "PUT", "/v1/widget", `{"origins":["https://desk.example.org"]}`).want(200)
	b.send(token, "GET", "/v1/tickets/T1", "").want(200)
	b.send(b.admin, "PUT", "/v1/widget", `{"origins":["https://desk.example.org"],"renew":true}`).want(200)
	b.send(token, "GET", "/v1/tickets/T1", "").want(401)
}

func TestForgedTokensDoNotHold(t *testing.T) {
	b := panelled(t)
	if _, err := b.kb.Create(t.Context(), "other", "Other"); err != nil {
		t.Fatal(err)
	}
	b.send(b.key("other", auth.Admin), "PUT", "/v1/widget", `{"origins":["https://desk.example.org"]}`).want(200)
	token := b.token()
	said, signature, _ := strings.Cut(strings.TrimPrefix(token, "wst_"), ".")
	body, err := base64.RawURLEncoding.DecodeString(said)
	if err != nil {
		t.Fatal(err)
	}
	with := func(from, to string) string {
		return "wst_" + base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(body), from, to, 1))) + "." + signature
	}
	for _, forged := range []string{
		"wst_", "wst_.", "wst_" + said, "wst_" + said + ".", "wst_" + said + "." + signature + "x", with(`"T1"`, `"T2"`), with(`"acme"`, `"other"`),
		with(`"acme"`, `"nowhere"`), with("vera", "anna"), "wst_!." + signature, strings.Replace(token, "wst_", "wsk_", 1), "wst_" + strings.Repeat("a", 9000) + ".b",
	} {
		b.send(forged, "GET", "/v1/tickets/T1", "").want(401)
		b.send(forged, "GET", "/v1/tickets/T2", "").want(401)
	}
}

func TestTokensAreMadeByHelpdesks(t *testing.T) {
	b := workbench(t)
	b.send(b.helpdesk, "POST", "/v1/widget/tokens", panelFor).want(422).has("allows origins first")
	b.send(b.admin, "PUT", "/v1/widget", `{"origins":["https://desk.example.org"]}`).want(200)
	b.send(b.admin, "POST", "/v1/widget/tokens", panelFor).want(201)
	for _, key := range []string{b.operator, b.editor, b.leader} {
		b.send(key, "POST", "/v1/widget/tokens", panelFor).want(403)
	}
	b.send(b.helpdesk, "POST", "/v1/widget/tokens", `{"ticket_id":"T1","operator":{}}`).want(422)
	b.send(b.helpdesk, "GET", "/v1/widget/session", "").want(403)
}
