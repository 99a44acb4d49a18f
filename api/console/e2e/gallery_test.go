package e2e

import (
	"bufio"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// gallery serves the page with everything that pages draw with, and answers
// /v1 by the handler.
func gallery(t *testing.T, answers http.Handler) *browser {
	t.Helper()
	chromium(t)
	backend := httptest.NewServer(answers)
	t.Cleanup(backend.Close)
	cmd := exec.CommandContext(t.Context(), shared.build(t, "../build", "."), "-serve", "127.0.0.1:0", "-to", backend.URL, "-entry", "../e2e/gallery/gallery.tsx")
	cmd.Dir = "../build"
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Wait() }) // it is killed, which it reports as an error
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	url, _, _ := strings.Cut(line, ",")
	b := open(t, &server{url: url})
	b.do(chromedp.Navigate(url+"/"), chromedp.WaitVisible("h1"))
	return b
}

// told answers as the API would.
func told(w http.ResponseWriter, kind, body string) {
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write([]byte(body)) // it fails only if the browser is gone
}

func backend() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/live", func(w http.ResponseWriter, _ *http.Request) { told(w, "application/json", `{"value":"first"}`) })
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { told(w, "text/plain", "ok") })
	return mux
}

func TestWhatPagesDrawWithIsSoundInEveryLook(t *testing.T) {
	dir := folder(t)
	b := gallery(t, backend())
	for _, l := range looks() {
		b.wear(l)
		b.shoot(dir, "gallery-"+l.String())
		if l.theme == "light" {
			b.sound("gallery " + l.String())
		} else {
			b.quiet("gallery " + l.String())
			b.wide("gallery " + l.String())
			b.colours("gallery " + l.String())
		}
	}
}

// eval returns what an expression comes to, awaited.
func eval[T any](b *browser, js string) T {
	b.t.Helper()
	var out T
	b.do(chromedp.Evaluate("(async () => ("+js+"))()", &out, awaited))
	return out
}

func TestTextOfOthersStaysText(t *testing.T) {
	b := gallery(t, backend())
	if n := eval[int](b, `document.querySelectorAll(".markdown script, .markdown img, .markdown [onerror], .markdown a:not([href^='https://'])").length`); n > 0 {
		t.Errorf("%d elements of the hostile text became real", n)
	}
	if !eval[bool](b, `window.hacked === undefined && document.querySelector(".markdown").textContent.includes("<img src=x onerror=")`) {
		t.Error("the hostile text ran or was swallowed")
	}
	if eval[int](b, `document.querySelectorAll(".markdown a[href^='https://example.org'][rel~=noopener]").length`) != 2 {
		t.Error("good links are not links")
	}
}

func TestAHundredThousandRowsMoveByKeys(t *testing.T) {
	b := gallery(t, backend())
	if n := eval[int](b, `document.querySelectorAll(".table-box.virtual tbody tr").length`); n > 60 {
		t.Errorf("%d rows are drawn", n)
	}
	b.do(chromedp.Focus(`tr[data-at="0"]`), chromedp.KeyEvent(kb.End), chromedp.WaitVisible(`tr[data-at="99999"]:focus`),
		chromedp.KeyEvent(kb.ArrowUp), chromedp.WaitVisible(`tr[data-at="99998"]:focus`), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".toast"))
	if said := eval[string](b, `document.querySelector(".toast-text").textContent`); said != "open r99998" {
		t.Errorf("Enter says %q", said)
	}
	worst := b.usual(func(int) {
		b.do(chromedp.Evaluate(`new Promise((done) => {
			const box = document.querySelector(".table-box.virtual"); let n = 0;
			const step = () => { if (++n > 40) return done(n); box.scrollTop = (n * 97_000) % box.scrollHeight; requestAnimationFrame(step); };
			requestAnimationFrame(step);
		})`, nil, awaited))
	})
	t.Logf("the longest pause of 40 jumps among 100,000 rows was %.0f ms of the processor, in %.0f ms", worst.own, worst.wall)
	if worst.own > longest {
		t.Errorf("scrolling pauses for %.0f ms", worst.own)
	}
}

func TestAStreamThatStopsHalfwayIsAnError(t *testing.T) {
	mux := http.NewServeMux()
	var end atomic.Value
	end.Store("")
	mux.Handle("/", backend())
	mux.HandleFunc("POST /v1/suggestions", func(w http.ResponseWriter, _ *http.Request) {
		told(w, "text/event-stream", "event: sources\ndata: []\n\nevent: text\ndata: {\"text\":\"We re\"}\n\n"+end.Load().(string))
	})
	b := gallery(t, mux)
	for tail, want := range map[string]string{
		"": "broken", "event: suggestion\ndata: {\"text\":\"We": "broken", "event: suggestion\ndata: {\"text\n\n": "broken",
		"event: problem\ndata: {\"status\":503,\"detail\":\"away\"}\n\n": "busy", "event: suggestion\ndata: {\"text\":\"We refund\"}\n\n": "We refund",
	} {
		end.Store(tail)
		got := eval[string](b, `gallery.stream({ text: "?" }, {}).then((s) => s.text, (e) => e.kind)`)
		if got != want {
			t.Errorf("after %q the stream is %q, want %q", tail, got, want)
		}
	}
}

func TestTypedTextSurvivesAReload(t *testing.T) {
	b := gallery(t, backend())
	b.do(chromedp.SendKeys("textarea", " and more"))
	b.reload()
	if got := eval[string](b, `document.querySelector("textarea").value`); got != "As it was and more" {
		t.Errorf("after a reload the field holds %q", got)
	}
}

func TestDialogsKeepTheFocusAndGiveItBack(t *testing.T) {
	b := gallery(t, backend())
	b.do(chromedp.Focus("#open"), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible("dialog[open]"))
	for range 8 {
		b.do(chromedp.KeyEvent(kb.Tab))
		if !eval[bool](b, `document.activeElement === document.body || !!document.activeElement.closest("dialog")`) {
			t.Fatal("the focus left the dialog")
		}
	}
	b.do(chromedp.KeyEvent(kb.Escape), chromedp.WaitNotPresent("dialog[open]"))
	if !eval[bool](b, `document.activeElement.id === "open"`) {
		t.Error("the focus is not where it was before")
	}
	b.do(chromedp.Focus("#ask"), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible("dialog textarea"), chromedp.KeyEvent("wrong"), chromedp.Click("dialog .primary"), chromedp.WaitVisible(".toast"))
	if said := eval[string](b, `document.querySelector(".toast-text").textContent`); said != "wrong" {
		t.Errorf("the reason is %q", said)
	}
}

func TestALostConnectionIsSeenAndItsEndToo(t *testing.T) {
	var away atomic.Bool
	value := "first"
	inner := backend()
	b := gallery(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if away.Load() {
			panic(http.ErrAbortHandler) // the connection breaks
		}
		if r.URL.Path == "/v1/live" {
			told(w, "application/json", fmt.Sprintf(`{"value":%q}`, value))
			return
		}
		inner.ServeHTTP(w, r)
	}))
	b.do(chromedp.WaitVisible("#live"))
	// The proxy in between answers 502 for a server that is gone; the browser
	// itself is cut off to see what it makes of no answer at all.
	b.offline(true)
	if kind := eval[string](b, `gallery.api.get("/v1/live").then(() => "", (e) => e.kind)`); kind != "offline" {
		t.Errorf("no answer is %q", kind)
	}
	if eval[bool](b, `gallery.online.get()`) {
		t.Error("the console believes that it is online")
	}
	value = "second"
	b.offline(false)
	b.until(`document.querySelector("#live")?.textContent === "second"`)
	b.complaints() // of the requests that failed
}

func TestWordsNumbersAndTimesAreTheReaders(t *testing.T) {
	b := gallery(t, backend())
	for js, want := range map[string]string{
		`(gallery.lang.set("ru"), [1, 2, 5, 21, 1000].map((n) => gallery.words("n", { n })).join("|"))`: "1 обращение|2 обращения|5 обращений|21 обращение|1\u00a0000 обращений",
		`(gallery.lang.set("en"), [1, 2, 1000].map((n) => gallery.words("n", { n })).join("|"))`:        "1 ticket|2 tickets|1,000 tickets",
		`gallery.format.ago("2026-01-01T00:00:00Z", new Date("2026-01-03T00:00:00Z"))`:                  "2 days ago",
		`gallery.format.dateTime("")`:  "–",
		`gallery.words.any("unknown")`: "unknown",
		`gallery.changes("a b c", "a x c").map((c) => c.kind[0] + c.text).join("|")`: "sa |rb|ax|s c",
	} {
		if got := eval[string](b, js); got != want {
			t.Errorf("%s is %q, want %q", js, got, want)
		}
	}
	b.zone("Asia/Vladivostok")
	if got := eval[string](b, `gallery.format.time("2026-11-26T20:30:00Z")`); !strings.HasPrefix(got, "06:30") {
		t.Errorf("half past eight in the evening in UTC is %q in Vladivostok", got)
	}
}
