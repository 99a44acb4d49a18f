package api_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/api"
	"github.com/whetstone-desk/whetstone/api/console"
	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/retrieval"
)

func TestADatabaseThatIsAwayIsAProblemWithoutDetail(t *testing.T) {
	x := install(t)
	x.stock()
	pool, err := x.db.DB()
	if err != nil {
		t.Fatal(err)
	}
	if err := pool.Close(); err != nil {
		t.Fatal(err)
	}
	for call, body := range map[string]string{
		"POST /v1/suggestions":     `{"text":"Как вернуть чайник?"}`,
		"POST /v1/search":          `{"text":"Как вернуть чайник?"}`,
		"GET /v1/articles":         "",
		"GET /v1/articles/returns": "",
		"PUT /v1/articles/a":       `{"title":"x"}`,
		"DELETE /v1/cases/c":       "",
		"GET /v1/keys":             "",
	} {
		method, path, _ := strings.Cut(call, " ")
		// The admin's key is remembered; a stranger's has to be looked up.
		for _, key := range []string{x.admin, "wsk_unknown.key"} {
			x.send(key, method, path, body, "Idempotency-Key", "k").want(503).hasNot("sql").hasNot("closed")
		}
	}
	r := x.send(x.admin, "POST", "/v1/articles/bulk", `{"id":"a","title":"x"}`)
	if got := lines[report](t, r.want(200).hasNot("sql").body); len(got) != 1 || got[0].Status != "failed" || !strings.HasPrefix(got[0].Error, "not stored") {
		t.Errorf("bulk reports %+v", got)
	}
	if log := x.log.String(); !strings.Contains(log, "closed") || strings.Contains(log, "чайник") {
		t.Errorf("the log does not say why, or says too much:\n%s", log)
	}
}

// away is an index that cannot be reached.
type away struct{ retrieval.Index }

func (away) Search(context.Context, retrieval.Query) (retrieval.Result, error) {
	return retrieval.Result{}, errors.Join(retrieval.ErrUnavailable, errors.New("dial 10.0.0.7: refused"))
}

func TestAnIndexThatIsAwayIsAProblemWithoutDetail(t *testing.T) {
	x := install(t, func(s *api.Server) { s.Answerer.Serve(retrieval.Space{Embedder: embeddings.Local{}, Index: away{}}) })
	for _, path := range []string{"/v1/search", "/v1/suggestions"} {
		x.send(x.admin, "POST", path, `{"text":"Как вернуть чайник?"}`).want(503).hasNot("10.0.0.7")
		x.send(x.admin, "POST", path, `{"text":"Как вернуть чайник?"}`, "Accept", "text/event-stream").want(503).hasNot("10.0.0.7")
	}
	if log := x.log.String(); !strings.Contains(log, "10.0.0.7") || strings.Contains(log, "чайник") {
		t.Errorf("the log does not say why, or says too much:\n%s", log)
	}
	x = install(t, func(s *api.Server) {
		s.Answerer = &retrieval.Answerer{KB: s.KB, Store: s.Store, Generator: retrieval.Extract{}, Log: s.Log}
	})
	x.send(x.admin, "POST", "/v1/search", `{"text":"Как вернуть чайник?"}`).want(503)
}

func TestTheLogHoldsNoCustomersText(t *testing.T) {
	x := install(t)
	x.stock()
	const canary = "Зимородок"
	x.suggest(`{"text":"` + canary + ` как вернуть чайник?","ticket_id":"` + canary + `"}`)
	x.search(`{"text":"` + canary + `"}`)
	x.put("/v1/cases/c", `{"problem":"`+canary+`","resolution":"`+canary+`"}`)
	x.send(x.admin, "GET", "/v1/articles/"+canary, "").want(404)
	x.send(x.admin, "GET", "/v1/"+canary+"?q="+canary, "").want(404)
	x.send(x.admin, "POST", "/v1/suggestions", `{"text":"`+canary, "X-Request-Id", "r-1").want(400)
	x.send(x.admin, "POST", "/v1/suggestions", `{"`+canary+`":1}`).want(422)
	x.send(x.admin, "POST", "/v1/suggestions", `{"messages":[{"role":"operator","text":"`+canary+`"}]}`).want(422)
	x.send(x.admin, "POST", "/v1/articles/bulk", `{"id":"a","title":`+canary+"}\n"+`{"id":"`+canary+` b","title":"x"}`).want(200)
	log := x.log.String()
	if strings.Contains(log, canary) {
		t.Errorf("log:\n%s", log)
	}
	if !strings.Contains(log, "request=r-1 method=POST route=/v1/suggestions status=400") {
		t.Errorf("a request is not in the log:\n%s", log)
	}
	if strings.Contains(log, strings.SplitN(x.admin, ".", 2)[1]) {
		t.Error("a key is in the log")
	}
}

func TestRequestIDsAreEchoedIfTheyAreFitForALog(t *testing.T) {
	x := install(t)
	for sent, kept := range map[string]bool{"abc-1": true, "a b": false, "a\tb": false, strings.Repeat("x", 65): false, "ключ": false, "": false} {
		got := x.send("", "GET", "/healthz", "", "X-Request-Id", sent).header.Get("X-Request-Id")
		if (got == sent) != kept || got == "" {
			t.Errorf("X-Request-Id %q comes back as %q", sent, got)
		}
	}
}

func TestOtherAddressesAndMethods(t *testing.T) {
	x := install(t)
	x.send("", "GET", "/nothing", "").want(404)
	x.send(x.admin, "GET", "/v1/nothing", "").want(404)
	x.send(x.admin, "GET", "/v1/suggestions/a/b", "").want(404)
	for path, want := range map[string]string{"/v1/suggestions": "POST", "/v1/articles/a": "GET, PUT, DELETE", "/healthz": "GET"} {
		for _, method := range []string{"PATCH", "BREW"} {
			r := x.send(x.admin, method, path, "").want(405)
			for allowed := range strings.SplitSeq(want, ", ") {
				if !strings.Contains(r.header.Get("Allow"), allowed) {
					t.Errorf("%s %s: Allow is %q", method, path, r.header.Get("Allow"))
				}
			}
		}
		if r := x.send("", "OPTIONS", path, "").want(204); r.header.Get("Allow") == "" || len(r.body) > 0 {
			t.Errorf("OPTIONS %s: Allow %q, body %q", path, r.header.Get("Allow"), r.body)
		}
	}
	for path, want := range map[string]int{"/healthz": 200, "/docs": 200, "/v1/articles": 200, "/v1/articles/none": 404} {
		if r := x.send(x.admin, "HEAD", path, "").want(want); len(r.body) > 0 {
			t.Errorf("HEAD %s has a body", path)
		}
	}
	if r := x.send("", "GET", "/", "").want(200); r.header.Get("Content-Security-Policy") != console.Policy {
		t.Errorf("the console is served under the policy %q", r.header.Get("Content-Security-Policy"))
	}
}

func TestHealthReadinessAndMetrics(t *testing.T) {
	var notReady error
	x := install(t, func(s *api.Server) { s.Ready = func(context.Context) error { return notReady } })
	x.send("", "GET", "/healthz", "").want(200)
	x.send("", "GET", "/readyz", "").want(200)
	notReady = errors.New("the index is being opened")
	x.send("", "GET", "/healthz", "").want(200)
	x.send("", "GET", "/readyz", "").want(503).has("being opened")
	x.send(x.admin, "GET", "/v1/articles/one", "").want(404)
	x.send(x.admin, "GET", "/v1/articles/two", "").want(404)
	x.send(x.admin, "BREW", "/v1/articles/two", "").want(405)
	r := x.send("", "GET", "/metrics", "").want(200)
	for _, want := range []string{
		`whetstone_requests_total{method="GET",route="/v1/articles/:id",status="404"} 2`,
		`whetstone_requests_total{method="other",route="none",status="405"} 1`,
		`whetstone_requests_total{method="GET",route="/readyz",status="503"} 1`,
		`whetstone_request_seconds_count{route="/v1/articles/:id"} 2`,
	} {
		r.has(want)
	}
}

func TestDocsNeedNothingFromOutside(t *testing.T) {
	x := install(t)
	page := x.send("", "GET", "/docs", "").want(200)
	if csp := page.header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
		t.Errorf("Content-Security-Policy is %q", csp)
	}
	for path, kind := range map[string]string{"/docs": "text/html", "/docs/docs.css": "text/css", "/docs/docs.js": "text/javascript"} {
		r := x.send("", "GET", path, "").want(200)
		if !strings.HasPrefix(r.header.Get("Content-Type"), kind) || r.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s is served as %v", path, r.header)
		}
		for _, outside := range []string{"https://", "http://", "//cdn"} {
			if bytes.Contains(r.body, []byte(outside)) {
				t.Errorf("%s names %s", path, outside)
			}
		}
		if len(r.body) == 0 {
			t.Errorf("%s is empty", path)
		}
	}
	for _, inline := range []string{"<style", "style=", "onclick=", "<script>"} {
		page.hasNot(inline)
	}
	if got := http.DetectContentType(page.body); !strings.HasPrefix(got, "text/html") {
		t.Errorf("the page looks like %s", got)
	}
}
