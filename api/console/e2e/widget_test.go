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
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
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
	got, err := http.DefaultClient.Do(r)
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
			p.contexts <- c.Context.ID
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
	return chromedp.Run(p.ctx, chromedp.ActionFunc(func(ctx context.Context) error {
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

// see waits until an expression is true in the panel, for 20 seconds at most.
func (p *panel) see(js string) {
	p.t.Helper()
	var err error
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(40 * time.Millisecond) {
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

func TestAnOperatorWorksInAnotherHelpdesksWindowByKeyboard(t *testing.T) {
	s := serve(t)
	d := newDesk(t, s, asks("D-1", "D-2", refund), asks("D-2", "D-1", "Do you deliver to the Moon by rocket on Sundays?"))
	s.allow(t, false, d.url)
	p := sitAt(t, s)
	p.open(d, "D-1", "")
	p.see(drafted)
	p.see(`document.querySelectorAll(".widget-source mark").length > 0 && !document.querySelector("mark.lit")`)
	// A marker that is focused lights the sentences and the passages.
	p.do(chromedp.Focus("iframe"), chromedp.KeyEvent(kb.Tab))
	p.see(`document.activeElement.className === "widget-marker"`)
	p.see(`document.querySelector("mark.lit") && document.querySelector(".widget-cited.lit") && document.querySelector(".widget-source.lit")`)
	p.until(`parseInt(document.querySelector("iframe").style.height) > 400`)
	p.see(`document.documentElement.scrollHeight <= innerHeight + 1`) // no scrollbar within

	p.do(chromedp.KeyEvent("i"))
	p.until(`document.getElementById("editor").value.includes("Return items")`)
	if text := eval[string](p.browser, `document.getElementById("editor").value`); strings.Contains(text, "[1]") {
		t.Errorf("the editor holds markers: %q", text)
	}
	p.press(`document.querySelector("[aria-label='Good draft']").click()`)
	p.see(`document.querySelector("[aria-label='Good draft'][aria-pressed=true]")`)
	p.do(chromedp.Click("#send"))
	p.see(`document.body.innerText.includes("Sent as it is")`)
	s.comes(t, "D-1", "displayed", "copied", "rated5", "sent")

	p.do(chromedp.Click("#next"))
	p.see(`document.querySelector("h1").textContent === "No draft for this one" && document.querySelector(".widget-abstained p").textContent.length > 20`)
	if got := d.tokens.Load(); got != 2 {
		t.Errorf("%d tokens were made for two tickets", got)
	}
	p.do(chromedp.Click("#next"))
	p.see(drafted)
	// The same dialogue is answered once, and rejected with its reason.
	p.press(`document.querySelector(".widget-actions .primary").focus()`)
	p.do(chromedp.KeyEvent("r"))
	p.see(`document.activeElement.name === "reason"`)
	p.do(chromedp.KeyEvent(kb.ArrowDown))
	p.see(`document.activeElement.value === "outdated" && document.activeElement.checked`)
	p.do(chromedp.KeyEvent(kb.Enter))
	p.see(`document.body.innerText.includes("Rejected: It is out of date")`)
	s.comes(t, "D-1", "sent", "rejectedoutdated")
	for _, f := range p.faults(d) {
		t.Error(f)
	}
}

func TestAStrangersPageCannotShowThePanel(t *testing.T) {
	s := serve(t)
	d := newDesk(t, s, asks("D-1", "", refund))
	s.allow(t, false, "https://desk.example.org")
	p := sitAt(t, s)
	p.open(d, "D-1", "")
	p.until(`document.querySelector("iframe").src.includes("/widget/?of=")`)
	blocked := false
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end) && !blocked; time.Sleep(50 * time.Millisecond) {
		blocked = strings.Contains(strings.Join(p.complaints(), "\n"), "frame-ancestors")
	}
	if !blocked {
		t.Error("the browser did not refuse to frame it")
	}
	if p.in() != 0 {
		t.Error("something ran in the panel")
	}
	// Nor the console, ever.
	r, err := http.Get(s.url + "/") //nolint:noctx // a test's own server
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Body.Close() // its head was read
	if !strings.Contains(r.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
		t.Errorf("the console may be framed: %q", r.Header)
	}
}

func TestAnExpiredTokenIsReplacedWithoutAPress(t *testing.T) {
	s := serve(t)
	d := newDesk(t, s, asks("D-1", "", refund))
	s.allow(t, false, d.url)
	p := sitAt(t, s)
	p.open(d, "D-1", "")
	p.see(drafted)
	s.allow(t, true, d.url) // what was made before holds no more
	p.press(`document.querySelector("[aria-label='Bad draft']").click()`)
	p.see(`document.querySelector("[aria-label='Bad draft'][aria-pressed=true]")`)
	s.comes(t, "D-1", "rated1")
	if got := d.tokens.Load(); got != 2 {
		t.Errorf("%d tokens were made", got)
	}
}

func TestOnlyThePageAndThePanelHearEachOther(t *testing.T) {
	s := serve(t)
	d := newDesk(t, s, asks("D-1", "", refund))
	s.allow(t, false, d.url)
	p := sitAt(t, s)
	p.open(d, "D-1", "")
	p.see(drafted)
	// Another frame in the page speaks to the panel; the page itself speaks as if it were the panel.
	p.do(chromedp.Evaluate(`{
		const f = document.createElement("iframe");
		f.sandbox = "allow-scripts";
		f.srcdoc = "<script>parent.frames[0].postMessage({ whetstone: 1, type: 'set', lang: 'ru' }, '*'); parent.postMessage({ whetstone: 1, type: 'insert', text: 'evil' }, '*'); parent.postMessage('done', '*')<\/script>";
		addEventListener("message", (e) => e.data === "done" && (window.spoke = true));
		document.body.append(f);
		window.postMessage({ whetstone: 1, type: "insert", text: "evil" }, "*");
	}`, nil))
	p.until(`window.spoke`)
	p.see(`document.documentElement.lang === "en"`)
	p.do(chromedp.Evaluate(`panel.set({ lang: "ru" })`, nil))
	p.see(`document.documentElement.lang === "ru" && document.body.innerText.includes("Источники")`)
	if text := eval[string](p.browser, `document.getElementById("editor").value`); text != "" {
		t.Errorf("a stranger wrote %q into the editor", text)
	}
	// The token is in no address.
	if src := eval[string](p.browser, `document.querySelector("iframe").src`); strings.Contains(src, "wst_") {
		t.Errorf("the frame's address holds a token: %s", src)
	}
}

func TestScriptInAnArticleOrATicketDoesNotRunInThePanel(t *testing.T) {
	s := serve(t)
	const evil = `<script>parent.postMessage("ran","*");window.ran=1</script><img src=x onerror="window.ran=1"> [press](javascript:window.ran=1)`
	article := func(address string) string {
		b, err := json.Marshal(map[string]string{
			"title": "Zorblax calibration " + evil, "url": address, "locale": "en",
			"body": "## Zorblax calibration\n\nTo calibrate the zorblax, hold the green lever for nine seconds. " + evil + "\n",
		})
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if got := s.put(t, "/v1/articles/zorblax", article("javascript:window.ran=1")); got != http.StatusUnprocessableEntity {
		t.Errorf("an article's address is a script: %d", got)
	}
	s.call(t, "PUT", "/v1/articles/zorblax", article("https://help.example.org/z"), nil)
	d := newDesk(t, s, asks("D-1", "", "How do I calibrate the zorblax? "+evil))
	s.allow(t, false, d.url)
	p := sitAt(t, s)
	p.open(d, "D-1", "")
	p.see(`document.querySelector(".widget-source") && !document.querySelector("[aria-busy=true]")`)
	p.see(`document.body.innerText.includes("<script>")`) // it is there, as text
	for _, js := range []string{`window.ran`, `document.querySelector("img, a[href^=javascript]")`, `document.querySelector("#app script")`} {
		var yes bool
		if err := p.says("!!("+js+")", &yes); err != nil || yes {
			t.Errorf("%s in the panel: %v %v", js, yes, err)
		}
	}
	if eval[bool](p.browser, `!!window.ran`) {
		t.Error("it ran in the helpdesk's page")
	}
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
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }() // it was only read
	_, _ = io.Copy(io.Discard, got.Body)
	return got.StatusCode
}

func TestThePanelIsSoundInEveryLook(t *testing.T) {
	s := serve(t)
	long := strings.Repeat("Сверхдлинноесловобезпробелов", 12)
	s.call(t, "PUT", "/v1/articles/long", `{"title":`+quote(long)+`,"locale":"ru","body":"Чтобы откалибровать зорблакс, удерживайте зелёный рычаг девять секунд."}`, nil)
	d := newDesk(t, s, asks("D-1", "", refund), asks("D-2", "", "How long does the refund take in 2087 on Mars?"),
		asks("D-3", "", "Как откалибровать зорблакс зелёным рычагом?"), asks("D-4", "", "كيف أعيد المنتج؟"))
	s.allow(t, false, d.url)
	p := sitAt(t, s)
	dir := folder(t)
	for _, ticket := range []string{"D-1", "D-2", "D-3", "D-4"} {
		for _, l := range []look{{"en", "light", 960}, {"ru", "dark", 960}, {"ru", "light", 320}, {"en", "dark", 320}} {
			p.do(emulation.SetDeviceMetricsOverride(l.width, 900, 1, l.width < 600))
			p.open(d, ticket, "&lang="+l.lang+"&theme="+l.theme)
			p.see(`document.querySelector(".widget-draft h1") && !document.querySelector("[aria-busy=true]") && document.documentElement.lang === ` + quote(l.lang))
			var wrong []string
			if err := p.says(axe+`;axe.run(document, { resultTypes: ["violations"] }).then((r) => {
				const out = r.violations.flatMap((v) => v.nodes.slice(0, 3).map((n) => v.id + ": " + n.html.slice(0, 160) + " | " + (n.any[0] ?? n.all[0] ?? n.none[0] ?? {}).message));
				if (document.documentElement.scrollWidth > innerWidth) out.push("it is wider than its frame");
				return out;
			})`, &wrong); err != nil {
				t.Fatal(err)
			}
			name := "widget-" + ticket + "-" + l.String()
			for _, w := range wrong {
				t.Errorf("%s: %s", name, w)
			}
			p.shoot(dir, name)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) == 0 {
		t.Errorf("no screenshots in %s: %v", filepath.Base(dir), err)
	}
}
