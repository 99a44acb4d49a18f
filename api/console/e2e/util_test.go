package e2e

import (
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
