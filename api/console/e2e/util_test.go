package e2e

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// awaited has an evaluation wait for the promise that it comes to.
func awaited(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }

// offline takes the browser's connection away, or gives it back.
func (b *browser) offline(off bool) {
	b.t.Helper()
	b.do(network.EmulateNetworkConditions(off, 0, -1, -1))
}

// zone moves the browser to a time zone; the page is loaded again.
func (b *browser) zone(name string) {
	b.t.Helper()
	b.do(emulation.SetTimezoneOverride(name))
	b.reload()
}

// newHaunt is a server elsewhere that answers deliveries with a script.
func newHaunt(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, `<script>window.ran=1</script><img src=x onerror="window.ran=1">`, http.StatusInternalServerError)
	}))
	t.Cleanup(s.Close)
	return s.URL
}
