package e2e

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// What a proxy does to a stream of events after its first piece of text.
const (
	passes = iota
	cuts   // it ends the response as if that was all
	drops  // it closes the connection
	hangs  // it sends nothing any more, and does not say so
)

// A middle is a proxy between browsers and a server that spoils drafts.
type middle struct {
	how  atomic.Int32
	drop chan struct{} // a connection is closed when the test says so
}

// through returns the server as it is reached through the proxy.
func through(t *testing.T, s *server) (*middle, *server) {
	t.Helper()
	to, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	m := &middle{drop: make(chan struct{})}
	proxy := &httputil.ReverseProxy{FlushInterval: -1, Rewrite: func(r *httputil.ProxyRequest) {
		r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = to.Scheme, to.Host, r.In.Host
	}, ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && r.URL.Path == "/v1/suggestions" && m.how.Load() != passes {
			told(w, "text/event-stream", "event: sources\ndata: []\n\nevent: text\ndata: {\"text\":\"You may return\"}\n\n")
			_ = http.NewResponseController(w).Flush() // it fails only if the browser is gone
			switch m.how.Load() {
			case drops:
				select {
				case <-m.drop:
				case <-r.Context().Done():
				}
				panic(http.ErrAbortHandler)
			case hangs:
				<-r.Context().Done()
			}
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(func() { web.CloseClientConnections(); web.Close() })
	return m, &server{url: web.URL, enter: strings.Replace(s.enter, s.url, web.URL, 1), key: s.key}
}

// dropped closes the connection if that is what is to happen to it; a page that
// has given it up by itself has closed it too.
func (m *middle) dropped() {
	if m.how.Load() != drops {
		return
	}
	select {
	case m.drop <- struct{}{}:
	case <-time.After(patience):
	}
}

// hurry has a page wait a twentieth of the time where it waits for very long.
func (b *browser) hurry() {
	b.t.Helper()
	b.do(chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := page.AddScriptToEvaluateOnNewDocument(`{ const real = setTimeout; window.setTimeout = (f, ms, ...a) => real(f, ms >= 15_000 ? ms / 20 : ms, ...a); }`).Do(ctx)
		return err
	}))
}

// A draft that breaks off, however it does, is shown as broken off, cannot be
// sent as it is, and is had whole by trying again.
func TestADraftThatIsCutSilentlyIsNotSent(t *testing.T) {
	s := serve(t)
	m, cut := through(t, s)
	b := open(t, cut)
	b.hurry()
	b.signIn()
	for how, id := range map[int32]string{cuts: "V-1036", drops: "V-1038", hangs: "V-1034"} {
		m.how.Store(how)
		b.visit("#/work/" + id)
		b.until(`document.querySelector(".work-area")?.value === "You may return"`)
		m.dropped()
		b.until(`/broke off/.test(document.querySelector(".work-notices .notice.bad")?.textContent) && document.querySelector(".work-area").value === "You may return"`)
		b.until(`document.querySelector(".work-send .primary").disabled && !document.querySelector('.work-area[aria-busy="true"]')`)
		b.do(chromedp.Focus(".work-area"), chromedp.KeyEvent(kb.Enter, ctrl))
		b.said("cannot be sent like this")
		_ = b.complaints() // that the connection was closed
		if m := s.ticket(t, id).Messages; m[len(m)-1].Role != "customer" || eval[bool](b, `!!document.querySelector("#work-held")`) {
			t.Errorf("%s: it was sent: %+v", id, m)
		}
		if how == cuts {
			b.sound("work, broken off")
			b.shoot(folder(t), "work-stopped")
		}
		m.how.Store(passes)
		b.push("Try again")
		b.drafted(id)
		b.until(`!document.querySelector(".work-notices .notice.bad") && !document.querySelector(".work-send .primary").disabled`)
	}
	// Finished by hand it is the operator's own.
	m.how.Store(cuts)
	b.visit("#/work/V-1041")
	b.until(`document.querySelector(".work-area")?.value === "You may return"`)
	b.do(chromedp.Focus(".work-area"), caret(14), chromedp.KeyEvent(" it within 30 days."))
	b.until(`!document.querySelector(".work-send .primary").disabled`)
}

// So it is in the panel, which does not hand it to the helpdesk's editor either.
func TestThePanelDoesNotInsertWhatIsCutSilently(t *testing.T) {
	s := serve(t)
	m, cut := through(t, s)
	d := newDesk(t, cut, asks("D-1", "", refund), asks("D-2", "", refund+" Please."), asks("D-3", "", refund+" Thanks."))
	s.allow(t, false, d.url)
	p := sitAt(t, cut)
	p.hurry()
	for how, id := range map[int32]string{cuts: "D-1", drops: "D-2", hangs: "D-3"} {
		m.how.Store(how)
		p.open(d, id, "")
		p.see(`document.querySelector(".widget-text")?.innerText === "You may return"`)
		m.dropped()
		p.see(`/broke off/.test(document.querySelector(".notice.bad")?.textContent) && document.querySelector(".widget-text").innerText === "You may return"`)
		p.see(`!document.querySelector(".widget-actions, .widget-writing, [aria-busy=true]")`)
		if text := eval[string](p.browser, `document.getElementById("editor").value`); text != "" {
			t.Errorf("the editor holds %q", text)
		}
		if how == cuts {
			p.shoot(folder(t), "widget-stopped")
		}
		m.how.Store(passes)
		p.press(`document.querySelector(".notice.bad button").click()`)
		p.see(drafted + ` && !document.querySelector(".notice.bad")`)
	}
}

// Whoever is shut out while a draft is written for them sees the door, and the
// model is asked for no more.
func TestADraftEndsWithTheSession(t *testing.T) {
	url, goOn := scribe(t, "You can return most items within 30 days of delivery if they are unused. [1] ", "Nobody may read this. [1] ", "Nor this. [1] ")
	s := serve(t, "WHETSTONE_CHAT_URL="+url, "WHETSTONE_CHAT_MODEL=m")
	b := open(t, s)
	id := s.known(t, b, "operator", "vera@shop.test")
	s.asked(t, "R-1", "How do I return an item I bought?")
	b.visit("#/work/R-1")
	b.until(`document.querySelectorAll(".work-source").length > 0`)
	goOn()
	goOn()
	b.until(`document.querySelector('.work-area[aria-busy="true"]').value.includes("30 days")`)
	s.call(t, "PATCH", "/v1/people/"+id, `{"active":false}`, nil)
	goOn() // what comes now is told to nobody
	b.out("session ended")
	if status, got := s.try(t, "GET", "/v1/tickets/R-1/suggestion", ""); status != http.StatusNotFound {
		t.Errorf("the draft was kept: %d %s", status, got)
	}
}
