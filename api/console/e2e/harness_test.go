package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
	_ "time/tzdata" // machines without zones run the tests of times too

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// chromium returns the browser, or skips the test.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("SKIPPED: every test of the console in a browser: there is no chromium on the PATH")
	return ""
}

// binary returns the program to test.
func binary(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("WHETSTONE_BIN"); path != "" {
		return path
	}
	return shared.build(t, "../../..", "./cmd/whetstone")
}

// A server is the demo, running.
type server struct {
	url   string // without a slash at its end
	enter string // the address that signs in an admin, once
	key   string // an admin's, for what a test sets up
}

// serve starts the demo on a free port, with these settings, and stops it when
// the test ends.
func serve(t *testing.T, settings ...string) *server {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary(t), "demo", "--addr", "127.0.0.1:0", "--data", t.TempDir(), "--print-env")
	cmd.Env = append(append(clean(os.Environ()), "WHETSTONE_FETCH_PRIVATE=true"), settings...) // webhooks of tests listen on this machine
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 15 * time.Second
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Wait() })                                     // it is interrupted, which it reports as an error
	late := time.AfterFunc(2*time.Minute, func() { _ = cmd.Process.Kill() }) // it says nothing any more, and the test fails
	defer late.Stop()
	s := new(server)
	lines := bufio.NewScanner(out)
	for s.key == "" && lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), "=")
		switch name {
		case "WHETSTONE_URL":
			s.url = value
		case "WHETSTONE_ENTER":
			s.enter = value
		case "WHETSTONE_KEY":
			s.key = value
		}
	}
	if s.url == "" || s.enter == "" || s.key == "" {
		t.Fatalf("the demo did not say where it is: %+v\n%s", s, said.String())
	}
	return s
}

// clean takes the settings of whoever runs the tests out of an environment.
func clean(env []string) []string {
	var out []string
	for _, e := range env {
		if !strings.HasPrefix(e, "WHETSTONE_") {
			out = append(out, e)
		}
	}
	return out
}

// send makes a call that ends, also where the server never answers.
func send(r *http.Request) (*http.Response, error) {
	client := http.Client{Timeout: 5 * time.Minute} // tens of thousands of articles are one call
	return client.Do(r)
}

// try makes a call with the admin's key and returns what is answered.
func (s *server) try(t *testing.T, method, path, body string) (int, []byte) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
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
	answer, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return got.StatusCode, answer
}

// call makes a call with the admin's key and reads its answer into out, if that
// is not nil.
func (s *server) call(t *testing.T, method, path, body string, out any) {
	t.Helper()
	status, answer := s.try(t, method, path, body)
	if status >= 300 {
		t.Fatalf("%s %s: %d %s", method, path, status, answer)
	}
	if out != nil {
		if err := json.Unmarshal(answer, out); err != nil {
			t.Fatalf("%s %s: %v", method, path, err)
		}
	}
}

// person makes somebody of a role and returns the link that invites them.
func (s *server) person(t *testing.T, role, email string) string {
	t.Helper()
	var made struct {
		Link struct {
			Path string `json:"path"`
		} `json:"link"`
	}
	s.call(t, "POST", "/v1/people", fmt.Sprintf(`{"email":%q,"name":%q,"role":%q}`, email, role, role), &made)
	return s.url + made.Link.Path
}

// browser is one window. What the page complains of is collected.
type browser struct {
	t      *testing.T
	ctx    context.Context
	server *server
	jar    cdp.BrowserContextID // of its cookies

	mu    sync.Mutex
	wrong []string
}

// open opens a window with cookies of its own, of which there are none yet.
func open(t *testing.T, s *server) *browser {
	t.Helper()
	var jar cdp.BrowserContextID
	err := shared.control(t, func(ctx context.Context) (err error) {
		jar, err = target.CreateBrowserContext().Do(ctx)
		return err
	})
	if err != nil {
		t.Fatalf("browser: %v", err)
	}
	t.Cleanup(func() { // at the worst it stays until the browser is closed
		_ = shared.control(t, func(ctx context.Context) error { return target.DisposeBrowserContext(jar).Do(ctx) })
	})
	return window(t, s, jar)
}

// window opens a window with the cookies of a jar. It has the focus, as if no
// other were open.
func window(t *testing.T, s *server, jar cdp.BrowserContextID) *browser {
	t.Helper()
	var id target.ID
	err := shared.control(t, func(ctx context.Context) (err error) {
		id, err = target.CreateTarget("about:blank").WithBrowserContextID(jar).WithNewWindow(true).Do(ctx)
		return err
	})
	if err != nil {
		t.Fatalf("browser: %v", err)
	}
	ctx, closeWindow := chromedp.NewContext(shared.chromium(t), chromedp.WithTargetID(id))
	t.Cleanup(closeWindow)
	b := &browser{t: t, ctx: ctx, server: s, jar: jar}
	chromedp.ListenTarget(ctx, b.listen)
	late := time.AfterFunc(patience, closeWindow) // the first run is the window's life, and so has no deadline of its own
	if err := chromedp.Run(ctx); err != nil {
		t.Fatalf("browser: %v", err)
	}
	late.Stop()
	b.do(network.Enable(), log.Enable(), runtime.Enable(), emulation.SetFocusEmulationEnabled(true), emulation.SetDeviceMetricsOverride(1440, 900, 1, false))
	return b
}

// listen collects what must not happen on any page.
func (b *browser) listen(ev any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch ev := ev.(type) {
	case *runtime.EventExceptionThrown:
		b.wrong = append(b.wrong, "exception: "+ev.ExceptionDetails.Error())
	case *runtime.EventConsoleAPICalled:
		if ev.Type == runtime.APITypeError || ev.Type == runtime.APITypeWarning {
			b.wrong = append(b.wrong, fmt.Sprintf("console.%s: %s", ev.Type, ev.Args[0].Value))
		}
	case *log.EventEntryAdded:
		// That nobody is signed in yet is an answer, which Chromium logs too.
		if ev.Entry.Level == log.LevelError && !strings.Contains(ev.Entry.Text, "401") {
			b.wrong = append(b.wrong, "log: "+ev.Entry.Text+" "+ev.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		u := ev.Request.URL
		if !strings.HasPrefix(u, b.server.url+"/") && !strings.HasPrefix(u, "data:") && !strings.HasPrefix(u, "blob:") && u != "about:blank" {
			b.wrong = append(b.wrong, "external request: "+u)
		}
	}
}

// complaints returns what was collected and forgets it.
func (b *browser) complaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := b.wrong
	b.wrong = nil
	return out
}

// patience is how long a page may take for what is asked of it.
const patience = 30 * time.Second

// run runs actions for a while at most: a browser does not answer every call
// (of one that meets a navigation the answer may never come).
func (b *browser) run(limit time.Duration, actions ...chromedp.Action) error {
	ctx, stop := context.WithTimeout(b.ctx, limit)
	defer stop()
	return chromedp.Run(ctx, actions...)
}

// do runs actions, and fails the test with what was on the page if they take
// too long.
func (b *browser) do(actions ...chromedp.Action) {
	b.t.Helper()
	err := b.run(patience, actions...)
	if errors.Is(err, context.DeadlineExceeded) {
		b.t.Fatalf("browser: what was waited for did not come; the page is\n%s\n%v", b.text(), b.complaints())
	}
	if err != nil {
		b.t.Fatalf("browser: %v", err)
	}
}

// text is what stands on the page, for whoever reads why a test failed.
func (b *browser) text() string {
	var text string
	if err := b.run(3*time.Second, chromedp.Evaluate(`location.href + "\n" + document.body.innerText`, &text)); err != nil {
		return err.Error()
	}
	return text
}

// signIn uses the demo's link and waits for the shell.
func (b *browser) signIn() {
	b.t.Helper()
	b.do(chromedp.Navigate(b.server.enter), chromedp.WaitVisible(".shell"))
}

// visit goes to an address of the console and waits until it has drawn itself
// and asks nothing any more.
func (b *browser) visit(hash string) {
	b.t.Helper()
	b.do(chromedp.Evaluate(`location.hash = `+quote(hash), nil))
	b.settled()
}

// settled waits until nothing is loading.
func (b *browser) settled() {
	b.t.Helper()
	const quiet = `!!document.querySelector("h1, .state h2") && !document.querySelector(".loading") &&
		document.getAnimations().every((a) => a.playState !== "running" || a.effect.getTiming().iterations === Infinity)`
	b.until(quiet)
	// What begins in the next frame counts too.
	b.do(chromedp.Evaluate(`new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(1), 60)))`, nil, awaited))
	b.until(quiet)
}

// reload loads the page again and waits until it has settled.
func (b *browser) reload() {
	b.t.Helper()
	b.do(chromedp.Evaluate(`window.before = true`, nil))
	_ = b.run(3*time.Second, chromedp.Evaluate(`setTimeout(() => location.reload(), 0)`, nil)) // the answer may be lost on the way; what counts is seen below
	b.until(`!window.before && document.querySelector("h1, .state h2")`)
	b.settled()
}

// until waits until an expression is true; also across reloads, in which an
// expression may fail.
func (b *browser) until(js string) {
	b.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(40 * time.Millisecond) {
		var yes bool
		if err := b.run(3*time.Second, chromedp.Evaluate("!!("+js+")", &yes)); err == nil && yes {
			return
		}
	}
	b.t.Fatalf("in %s it did not become true that %s; the page is\n%s\n%v", patience, js, b.text(), b.complaints())
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // every string has a JSON
	}
	return string(b)
}

// inMenu waits until the menu that was opened has the focus: a key that comes
// before goes to its button.
func inMenu() chromedp.Action { return chromedp.WaitVisible(`[role="menu"] [role^="menuitem"]:focus`) }
