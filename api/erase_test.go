package api_test

import (
	"context"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/api"
	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb/ticket"
)

// erasing has a server that keeps tickets and erases.
func erasing(t *testing.T) *installation {
	t.Helper()
	return install(t, func(s *api.Server) {
		s.Erase = func(ctx context.Context, workspace string, who feedback.Whom) (feedback.Erased, error) {
			e := &feedback.Eraser{DB: s.Memory.DB, KB: s.KB, Suggestions: s.Store, Feedback: s.Feedback, Memory: s.Memory}
			return e.Erase(ctx, workspace, who)
		}
	}, func(s *api.Server) { s.Tickets = ticket.New(s.Memory.DB, nil) })
}

func TestACustomerIsCountedBeforeTheyAreErased(t *testing.T) {
	x := erasing(t)
	x.put("/v1/articles/returns", `{"title":"Returns","body":"Send it back within fourteen days."}`)
	x.send(x.admin, "PUT", "/v1/tickets/t1", `{"customer_id":"rose","subject":"Heliotrope","messages":[{"role":"customer","text":"How do returns work?"}]}`).want(201)
	x.send(x.admin, "PUT", "/v1/tickets/t2", `{"customer_id":"boris","subject":"Vermilion","messages":[{"role":"customer","text":"How do returns work?"}]}`).want(201)
	x.send(x.admin, "POST", "/v1/suggestions", `{"text":"How do returns work?","ticket_id":"t1","customer_id":"rose"}`).want(201)

	x.send(x.admin, "POST", "/v1/erase", `{"customer_id":"rose","dry":true}`).want(200).has(`"dry":true,"suggestions":1,"tickets":1`).hasNot("erased")
	x.send(x.admin, "POST", "/v1/erase", `{"tickets":["t2","none"],"dry":true}`).want(200).has(`"suggestions":0,"tickets":1`)
	x.send(x.admin, "GET", "/v1/tickets/t1", "").want(200)
	x.send(x.admin, "GET", "/v1/audit?what=erase", "").want(200).has(`"entries":[]`)

	x.send(x.admin, "POST", "/v1/erase", `{"customer_id":"rose","dry":false}`).want(200).has(`"suggestions":1,"tickets":1,"erased":{`)
	x.send(x.admin, "GET", "/v1/tickets/t1", "").want(404)
	x.send(x.admin, "GET", "/v1/tickets/t2", "").want(200)
	audit := x.send(x.admin, "GET", "/v1/audit?what=erase", "").want(200)
	audit.has(`"subject":"customer:`).has("1 suggestions, 1 tickets").hasNot("rose")
	x.send(x.admin, "POST", "/v1/erase", `{"customer_id":"rose","dry":true}`).want(200).has(`"suggestions":0,"tickets":0`)
}

func TestErasingNamesWhomAndSaysWhetherItIsMeant(t *testing.T) {
	x := erasing(t)
	for _, body := range []string{`{"dry":true}`, `{"customer_id":" ","dry":false}`, `{"customer_id":"rose"}`, `{"tickets":[""],"dry":true}`} {
		x.send(x.admin, "POST", "/v1/erase", body).want(422)
	}
	for _, role := range auth.Roles() {
		if role != auth.Admin {
			x.send(x.key("acme", role), "POST", "/v1/erase", `{"customer_id":"rose","dry":true}`).want(403)
		}
	}
	plain := install(t)
	plain.send(plain.admin, "POST", "/v1/erase", `{"customer_id":"rose","dry":false}`).want(404)
}

func TestWhatTheSettingsNameIsShownAndTried(t *testing.T) {
	x := install(t, func(s *api.Server) {
		s.Setup = api.Setup{Chat: api.ModelSetup{URL: "http://models.test/v1", Model: "m1", Key: true, TimeoutMS: 20000}, KeepDays: 30, NoticeDays: 180}
		s.TryModels = func(ctx context.Context) api.ModelsTried {
			if _, limited := ctx.Deadline(); !limited {
				t.Error("a try may take for ever")
			}
			return api.ModelsTried{Embeddings: api.ModelTried{OK: true, Dim: 64}, Chat: api.ModelTried{Fault: "no answer"}}
		}
	})
	x.send(x.admin, "GET", "/v1/service", "").want(200).has(`"url":"http://models.test/v1","model":"m1","key":true,"timeout_ms":20000`).has(`"audit_days":400`)
	x.send(x.admin, "POST", "/v1/model/test", "").want(200).has(`"ok":true,"took_ms":0,"dim":64`).has("no answer")
	x.send(x.admin, "GET", "/v1/audit", "").want(200).has(`"entries":[]`)
	lead := x.key("acme", auth.Lead)
	x.send(lead, "GET", "/v1/service", "").want(403)
	x.send(lead, "POST", "/v1/model/test", "").want(403)
	if strings.Contains(x.log.String(), "panic") {
		t.Error("a handler panicked")
	}
}
