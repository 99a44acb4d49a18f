package e2e

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

//go:embed testdata/widget/host.html
var hostPage string

// A desk is another helpdesk, at an origin of its own, with the panel in its
// page.
type desk struct {
	url    string
	tokens atomic.Int32 // how many it had made
}

// A deskTicket is a ticket in the other helpdesk.
type deskTicket struct {
	ID       string              `json:"id"`
	Next     string              `json:"next"`
	Messages []map[string]string `json:"messages"`
}

func asks(id, next, text string) deskTicket {
	return deskTicket{id, next, []map[string]string{{"role": "customer", "text": text}}}
}

// newDesk serves the example page with some tickets. It makes tokens with the
// server's key, as a helpdesk's own server does.
func newDesk(t *testing.T, s *server, tickets ...deskTicket) *desk {
	t.Helper()
	d := new(desk)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		told(w, "text/html; charset=utf-8", strings.ReplaceAll(hostPage, "https://whetstone.example", s.url))
	})
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /tickets/{id}", func(w http.ResponseWriter, r *http.Request) {
		for _, k := range tickets {
			if k.ID == r.PathValue("id") {
				b, _ := json.Marshal(k) // texts can be marshalled
				told(w, "application/json", string(b))
				return
			}
		}
		http.NotFound(w, r)
	})
	mux.HandleFunc("GET /token", func(w http.ResponseWriter, r *http.Request) {
		token, err := s.token(r.Context(), r.URL.Query().Get("ticket"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		d.tokens.Add(1)
		told(w, "text/plain", token)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	d.url = server.URL
	return d
}

// token makes a token for a ticket and the operator vera.
func (s *server) token(ctx context.Context, ticket string) (string, error) {
	body := fmt.Sprintf(`{"ticket_id":%s,"operator":{"id":"vera"}}`, quote(ticket))
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/v1/widget/tokens", strings.NewReader(body))
	if err != nil {
		return "", err
	}
	r.Header.Set("Authorization", "Bearer "+s.key)
	r.Header.Set("Content-Type", "application/json")
	got, err := send(r)
	if err != nil {
		return "", err
	}
	defer func() { _ = got.Body.Close() }() // it was only read
	var v struct{ Token string }
	if err := json.NewDecoder(got.Body).Decode(&v); err != nil || v.Token == "" {
		return "", fmt.Errorf("no token: %s: %w", got.Status, err)
	}
	return v.Token, nil
}

// allow lets pages of these origins show the panel; renew ends the tokens that
// were made before.
func (s *server) allow(t *testing.T, renew bool, origins ...string) {
	t.Helper()
	b, err := json.Marshal(map[string]any{"origins": origins, "renew": renew})
	if err != nil {
		t.Fatal(err)
	}
	s.call(t, "PUT", "/v1/widget", string(b), nil)
}

// A panel is the frame within a helpdesk's page.
type panel struct {
	*browser
	contexts chan runtime.ExecutionContextID
	now      runtime.ExecutionContextID
}

// sitAt opens a helpdesk's page and returns the panel in it.
func sitAt(t *testing.T, s *server) *panel {
	t.Helper()
	p := &panel{browser: open(t, s), contexts: make(chan runtime.ExecutionContextID, 100)}
	chromedp.ListenTarget(p.ctx, func(ev any) {
		if c, ok := ev.(*runtime.EventExecutionContextCreated); ok && c.Context.Origin == s.url && strings.Contains(string(c.Context.AuxData), `"isDefault":true`) {
			select {
			case p.contexts <- c.Context.ID:
			default: // nobody has looked into the panel for a hundred documents
			}
		}
	})
	return p
}

// in returns the latest document of the panel.
func (p *panel) in() runtime.ExecutionContextID {
	for {
		select {
		case p.now = <-p.contexts:
		default:
			return p.now
		}
	}
}

// says returns what an expression comes to in the panel.
func (p *panel) says(js string, out any) error {
	return p.run(3*time.Second, chromedp.ActionFunc(func(ctx context.Context) error {
		v, wrong, err := runtime.Evaluate(js).WithContextID(p.in()).WithReturnByValue(true).WithAwaitPromise(true).Do(ctx)
		switch {
		case err != nil:
			return err
		case wrong != nil:
			return wrong
		case out == nil:
			return nil
		}
		return json.Unmarshal(v.Value, out)
	}))
}

// see waits until an expression is true in the panel.
func (p *panel) see(js string) {
	p.t.Helper()
	var err error
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(40 * time.Millisecond) {
		var yes bool
		if err = p.says("!!("+js+")", &yes); err == nil && yes {
			return
		}
	}
	var text string
	_ = p.says(`document.body.innerText`, &text) // it helps to understand; no more
	p.t.Fatalf("the panel did not come to %s (%v); it is\n%s\nand the page complains of %v", js, err, text, p.complaints())
}

func (p *panel) press(js string) {
	p.t.Helper()
	if err := p.says(js, nil); err != nil {
		p.t.Fatalf("%s: %v", js, err)
	}
}

// open goes to the helpdesk's page at a ticket.
func (p *panel) open(d *desk, ticket, query string) {
	p.t.Helper()
	p.do(chromedp.Navigate(d.url + "/?ticket=" + url.QueryEscape(ticket) + query))
}

// faults returns what the page complained of besides asking the helpdesk itself.
func (p *panel) faults(d *desk) []string {
	var out []string
	for _, c := range p.complaints() {
		if !strings.HasPrefix(c, "external request: "+d.url) {
			out = append(out, c)
		}
	}
	return out
}

const (
	drafted = `document.querySelector(".widget-actions .primary")`
	refund  = "How do I return an item and when do I get my money back?"
)

// fed returns the kinds of what was told of a ticket's latest suggestion.
func (s *server) fed(t *testing.T, ticket string) string {
	t.Helper()
	var made struct{ ID string }
	s.call(t, "GET", "/v1/tickets/"+ticket+"/suggestion", "", &made)
	var told struct {
		Events []struct{ Kind, Reason, Rating string }
	}
	s.call(t, "GET", "/v1/suggestions/"+made.ID+"/feedback", "", &told)
	var kinds []string
	for _, e := range told.Events {
		kinds = append(kinds, e.Kind+e.Reason+e.Rating)
	}
	return strings.Join(kinds, " ")
}

// comes waits until all of these were told of a ticket's draft.
func (s *server) comes(t *testing.T, ticket string, kinds ...string) {
	t.Helper()
	var got string
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		got = s.fed(t, ticket)
		missing := false
		for _, k := range kinds {
			missing = missing || !strings.Contains(" "+got+" ", " "+k+" ")
		}
		if !missing {
			return
		}
	}
	t.Fatalf("of %s it was told %q, not %q", ticket, got, kinds)
}

// put makes a call that may be refused and returns its status.
func (s *server) put(t *testing.T, path, body string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, s.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.key)
	r.Header.Set("Content-Type", "application/json")
	got, err := send(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }() // it was only read
	_, _ = io.Copy(io.Discard, got.Body)
	return got.StatusCode
}
