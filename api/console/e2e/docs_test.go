package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// The reference is where the console's menu and the page of the workspace lead.
func TestTheReferenceShowsEveryCallInTheLanguageOfTheConsole(t *testing.T) {
	b := open(t, serve(t))
	b.signIn()
	b.wear(look{"ru", "light", 1440})
	b.visit("#/settings/workspace")
	to := eval[string](b, `document.querySelector('main a[href^="/docs#"]').getAttribute("href")`)
	b.do(chromedp.Navigate(b.server.url + to))
	b.until(`document.querySelector("article")`)
	if missing := eval[[]string](b, `fetch("/openapi.json").then((r) => r.json()).then((d) => Object.values(d.paths)
		.flatMap((calls) => Object.values(calls)).map((call) => call.operationId).filter((id) => !document.getElementById(id)))`); len(missing) > 0 {
		t.Errorf("the reference leaves out %v", missing)
	}
	if eval[bool](b, `document.body.innerText.includes("[object")`) {
		t.Error("the reference shows what is no text")
	}
	if !eval[bool](b, `document.documentElement.lang === "ru" && !!document.getElementById(location.hash.slice(1))`) {
		t.Errorf("the link %s leads nowhere, or to another language", to)
	}
	b.quiet("docs")
	b.wide("docs")
}
