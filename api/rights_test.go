package api_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/api"
	"github.com/whetstone-desk/whetstone/api/auth"
)

// rights reads the table of who may call what: by method and path the letters of
// the roles, or open.
func rights(t *testing.T) map[string]string {
	t.Helper()
	b, err := os.ReadFile("testdata/rights.txt")
	if err != nil {
		t.Fatal(err)
	}
	out := make(map[string]string)
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) == 3 && f[0] != "#" {
			out[f[1]+" "+f[2]] = f[0]
		}
	}
	return out
}

// routed returns the routes of the API, as the router has them.
func routed() []string {
	var out []string
	parameter := regexp.MustCompile(`:(\w+)`)
	for _, route := range api.RoutesOf(&api.Server{}) {
		if strings.Contains(route, " /v1/") {
			out = append(out, parameter.ReplaceAllString(route, "{$1}"))
		}
	}
	slices.Sort(out)
	return out
}

// addressed returns a route's method and an address of something that is not
// there.
func addressed(route string) (method, path string) {
	method, path, _ = strings.Cut(route, " ")
	return method, regexp.MustCompile(`\{\w+\}`).ReplaceAllString(path, "1")
}

// bodyFor is a body that gets as far as whoever looks at the role: the handler
// of a token's does so itself.
func bodyFor(route string) string {
	if route == "POST /v1/widget/tokens" {
		return `{"ticket_id":"t","operator":{"id":"o"}}`
	}
	return `{}`
}

func TestTheRouterAgreesWithTheTableOfRights(t *testing.T) {
	want, routes := rights(t), routed()
	for _, route := range routes {
		if want[route] == "" {
			t.Errorf("%s: the table does not say who may", route)
		}
	}
	if len(want) != len(routes) {
		t.Errorf("the table has %d routes and the router %d", len(want), len(routes))
	}
	b := workbench(t)
	letters := map[auth.Role]string{auth.Admin: "a", auth.Editor: "e", auth.Lead: "l", auth.Operator: "o", auth.Helpdesk: "h"}
	for _, role := range auth.Roles() {
		email := string(role) + "@acme.test"
		if role != auth.Helpdesk {
			b.person(email, role)
		}
		calls := func(method, path, body string, _ ...string) reply { return b.send(b.helpdesk, method, path, body) }
		if role != auth.Helpdesk {
			calls = b.browser(email).send
		}
		for _, route := range routes {
			if want[route] == "open" || route == "DELETE /v1/session" && role != auth.Helpdesk { // it would be the last call
				continue
			}
			method, path := addressed(route)
			r := calls(method, path, bodyFor(route))
			may := strings.Contains(want[route], letters[role])
			if got := r.status != 403 && r.status != 401; got != may {
				t.Errorf("%s as %s: %d %s", route, role, r.status, r.body)
			}
		}
	}
	for _, route := range routes {
		method, path := addressed(route)
		if r := b.send("", method, path, bodyFor(route)); (r.status == 401) != (want[route] != "open") {
			t.Errorf("%s by nobody: %d %s", route, r.status, r.body)
		}
	}
}

func TestAPanelsTokenOpensNothingElse(t *testing.T) {
	b := panelled(t)
	token := b.token()
	open := []string{
		"GET /v1/widget/session", "POST /v1/suggestions", "GET /v1/tickets/{id}", "GET /v1/tickets/{id}/suggestion", "GET /v1/suggestions/{id}",
		"GET /v1/suggestions/{id}/feedback", "POST /v1/suggestions/{id}/feedback", "GET /v1/articles/{id}", "GET /v1/cases/{id}",
	}
	for _, route := range routed() {
		if slices.Contains(open, route) || rights(t)[route] == "open" {
			continue
		}
		method, path := addressed(route)
		if r := b.send(token, method, path, bodyFor(route)); r.status != 403 {
			t.Errorf("%s: %d %s", route, r.status, r.body)
		}
	}
}

// What another site has a browser send carries the cookie and no more.
func TestNoRouteIsCalledByAnotherSite(t *testing.T) {
	b := workbench(t)
	b.person("anna@acme.test", auth.Admin)
	b.person("boris@acme.test", auth.Admin)
	anna, boris := b.browser("anna@acme.test"), b.browser("boris@acme.test")
	want := rights(t)
	for _, route := range routed() {
		method, path := addressed(route)
		if method == "GET" {
			continue
		}
		if want[route] == "open" {
			for _, from := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.test"}, {"Origin", "null"}} {
				if r := b.send("", method, path, `{}`, from...); r.status != 403 {
					t.Errorf("%s from %v: %d %s", route, from, r.status, r.body)
				}
			}
			continue
		}
		for name, headers := range map[string][]string{
			"without": {}, "an empty one": {"Whetstone-CSRF", ""}, "another session's": {"Whetstone-CSRF", boris.csrf}, "the cookie itself": {"Whetstone-CSRF", anna.token},
			"a longer one": {"Whetstone-CSRF", anna.csrf + "x"}, "in another header": {"X-CSRF-Token", anna.csrf},
		} {
			r := b.send("", method, path, `{}`, append([]string{"Cookie", "whetstone=" + anna.token}, headers...)...)
			if r.status != 403 || !strings.Contains(string(r.body), "Whetstone-CSRF") {
				t.Errorf("%s, %s: %d %s", route, name, r.status, r.body)
			}
		}
		r := b.send("", "OPTIONS", path, "", "Origin", "https://evil.test", "Access-Control-Request-Method", method)
		for name := range r.header {
			if strings.HasPrefix(name, "Access-Control-") {
				t.Errorf("%s: another site is let in: %v", route, r.header)
			}
		}
	}
	anna.send("GET", "/v1/session", "").want(200) // none of it ended the session
}

// Whatever is answered, no page of another shows it in a frame.
func TestNoAnswerIsFramedByAStranger(t *testing.T) {
	b := panelled(t)
	b.person("anna@acme.test", auth.Admin)
	anna := b.browser("anna@acme.test")
	paths := []string{"/", "/nowhere", "/docs", "/docs/docs.css", "/docs/docs.js", "/healthz", "/readyz", "/metrics", "/openapi.json", "/openapi.yaml"}
	for _, route := range routed() {
		if method, path := addressed(route); method == "GET" {
			paths = append(paths, path)
		}
	}
	for _, path := range paths {
		for _, kind := range []string{"text/html", "application/json"} {
			h := anna.send("GET", path, "", "Accept", kind).header
			if policy := h.Get("Content-Security-Policy"); h.Get("X-Frame-Options") != "DENY" || !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
				t.Errorf("%s as %s may be framed: %v", path, kind, h)
			}
			if h.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s as %s may be taken for something else", path, kind)
			}
		}
	}
	// The panel names who may; an older header could not, and would keep them out.
	token := b.token()
	var said struct{ Page string }
	decode(t, b.send(b.helpdesk, "POST", "/v1/widget/tokens", panelFor).want(201).body, &said)
	page, _, _ := strings.Cut(said.Page, "#")
	h := b.send("", "GET", page, "").want(200).header
	if !strings.HasSuffix(h.Get("Content-Security-Policy"), "frame-ancestors https://desk.example.org http://localhost:3000") || h.Get("X-Frame-Options") != "" || strings.Contains(page, token) {
		t.Errorf("the panel: %v", h)
	}
}
