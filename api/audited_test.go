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

// everyday are the calls that leave no entry in the audit though they are no
// GET, by their operations' ids, and who or what remembers them instead.
var everyday = map[string]string{
	"suggest": "the suggestion", "search": "changes nothing", "tell": "the event, with its operator", "bulk-feedback": "the events, with their operators",
	"say-presence": "forgotten within a minute", "put-ticket": "the ticket's dialogue", "reply-ticket": "the ticket's dialogue, with its author",
	"make-widget-token": "the token says for whom it is, and ends within the hour", "look-at-link": "changes nothing", "try-models": "changes nothing",
}

// silent are the addresses of everyday, for calls as they are made.
var silent = regexp.MustCompile(`^/v1/(suggestions|search|feedback/bulk|presence|widget/tokens|session/link/look|model/test)(/|$)|^/v1/tickets/[^/]+(/reply)?$`)

// audited checks, after each call of any test that changed anything, that the
// audit says who did what. So a route that leaves no entry fails the first
// test that calls it.
func (x *installation) audited(method, path string, r reply) {
	x.t.Helper()
	path, _, _ = strings.Cut(path, "?")
	if !x.audits || method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions || r.status >= 300 || !strings.HasPrefix(path, "/v1/") || silent.MatchString(path) {
		return
	}
	if path == "/v1/erase" && strings.Contains(string(r.body), `"dry":true`) || r.header.Get("Idempotency-Replayed") != "" || !x.db.Migrator().HasTable("audit") {
		return
	}
	var kept []auth.Entry
	if err := x.db.Where("request_id = ?", r.header.Get("X-Request-Id")).Find(&kept).Error; err != nil {
		x.t.Fatal(err)
	}
	if !slices.ContainsFunc(kept, func(e auth.Entry) bool {
		return e.WorkspaceID != "" && e.ActorID != "" && e.Operation != "" && e.Method == method
	}) {
		x.t.Errorf("%s %s was answered with %d, and the audit does not say who did it: %+v", method, path, r.status, kept)
	}
}

// What any call may change is either in the audit or remembered elsewhere, as
// everyday says. A new route is in the audit unless it is entered there.
func TestEveryRouteThatChangesAnythingIsAudited(t *testing.T) {
	x := install(t)
	var d description
	if err := json.Unmarshal(x.send("", "GET", "/openapi.json", "").want(200).body, &d); err != nil {
		t.Fatal(err)
	}
	calls := 0
	for path, methods := range d.Paths {
		for method, op := range methods {
			if method == "get" {
				continue
			}
			calls++
			_, told := everyday[op.OperationID]
			if kept := api.Audits(path); kept == told {
				t.Errorf("%s %s (%s): in the audit is %t, and the list of what is remembered elsewhere says %t", method, path, op.OperationID, kept, told)
			}
		}
	}
	if calls < 50 {
		t.Errorf("only %d calls that change anything are described", calls)
	}
}
