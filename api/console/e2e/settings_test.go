package e2e

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// labelled is an expression for the control with a label.
func labelled(label string) string {
	return `[...document.querySelectorAll("label")].filter((l) => l.textContent.trim().startsWith(` + quote(label) + `)).map((l) => document.getElementById(l.htmlFor)).at(-1)`
}

// fill puts the focus on a control by its label and types over what it has.
func (b *browser) fill(label, text string) {
	b.t.Helper()
	b.until(labelled(label))
	b.do(chromedp.Evaluate(labelled(label)+`.focus(); document.activeElement.select?.()`, nil), chromedp.KeyEvent(text))
}

// named is an expression for the last button or link of a name, which is the
// one of the dialog on top.
func named(name string) string {
	return `[...document.querySelectorAll("dialog[open] button, dialog[open] a, main button, main a, main tr[data-at]")].filter((e) => (!document.querySelector("dialog[open]") || e.closest("dialog")) &&
		!e.disabled && (e.title === ` + quote(name) + ` || (e.getAttribute("aria-label") ?? e.querySelector(".button-text, .row-title")?.textContent ?? e.textContent).trim() === ` + quote(name) + `)).at(-1)`
}

// press puts the focus on a button or link and presses Enter.
func (b *browser) press(name string) {
	b.t.Helper()
	b.until(named(name))
	b.do(chromedp.Evaluate(named(name)+`.focus()`, nil), chromedp.KeyEvent(kb.Enter))
}

// says waits until the page has a text.
func (b *browser) says(text string) {
	b.t.Helper()
	b.until(`document.body.innerText.includes(` + quote(text) + `)`)
}

func TestAnAdminsDay(t *testing.T) {
	s := serve(t)
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	t.Cleanup(hook.Close)
	s.call(t, "PUT", "/v1/tickets/erase-me", `{"customer_id":"rose-4711","subject":"Heliotrope","messages":[{"role":"customer","text":"Where is my heliotrope kettle?"}]}`, nil)
	b := open(t, s)
	b.signIn()

	b.visit("#/settings/people")
	b.do(chromedp.KeyEvent("n"))
	b.fill("E-mail", "anna@demo.test")
	b.reload() // what was typed is kept
	b.press("Invite")
	b.until(labelled("E-mail") + `?.value === "anna@demo.test"`)
	b.press("Make the link")
	b.until(labelled("Link") + `?.value.includes("/#/enter/")`)
	b.do(chromedp.KeyEvent(kb.Escape))
	b.says("Close without copying?")
	b.press("Close")
	b.until(`!document.querySelector("dialog[open]")`)
	b.says("anna@demo.test")

	b.visit("#/settings/keys")
	b.do(chromedp.KeyEvent("n"))
	b.fill("What it is for", "Desk")
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until(labelled("Desk") + `?.value.startsWith("wsk_")`)
	b.press("Copy")
	b.until(named("Copied"))
	b.press("Done")
	b.until(`!document.querySelector("dialog[open]")`)
	if eval[bool](b, `document.documentElement.outerHTML.includes("wsk_")`) {
		t.Error("the key is still on the page")
	}
	b.press("Revoke Desk")
	b.press("Revoke")
	b.until(`!` + named("Revoke Desk"))

	b.visit("#/settings/workspace")
	b.fill("A judgement counts half", "90")
	b.says("Not saved yet")
	b.reload()
	b.until(labelled("A judgement counts half") + `.value === "90"`)
	b.do(chromedp.KeyEvent("s", chromedp.KeyModifiers(2))) // Ctrl
	b.says("It counts from now on")
	var learns struct {
		HalfLifeDays float64 `json:"half_life_days"`
	}
	s.call(t, "GET", "/v1/settings", "", &learns)
	if learns.HalfLifeDays != 90 {
		t.Errorf("the settings are %+v", learns)
	}

	b.visit("#/settings/profiles/default")
	b.fill("Draft for an operator from", "101")
	b.says("A number from 0 to 100")
	b.fill("Draft for an operator from", "30")
	b.press("Save")
	b.says("made so from now on")
	b.press("Reset to the beginning")
	b.press("Reset to the beginning")
	b.says("as in the beginning")

	b.visit("#/settings/model")
	b.do(chromedp.KeyEvent("t"))
	b.says("nine to six")

	b.visit("#/settings/webhooks")
	b.do(chromedp.KeyEvent("n"))
	b.fill("Address", hook.URL+"/hook")
	b.do(chromedp.KeyEvent(kb.Enter))
	b.says("The secret")
	b.press("Copy")
	b.until(named("Copied"))
	b.press("Done")
	b.says(strings.TrimPrefix(hook.URL, "http://"))

	b.visit("#/settings/retention")
	b.fill("Customer", "rose-4711")
	b.do(chromedp.KeyEvent(kb.Enter))
	b.says("1 ticket")
	b.press("Erase for good")
	b.says("This cannot be undone")
	b.do(chromedp.KeyEvent(kb.Enter))
	b.says("Erased.")

	b.visit("#/settings/audit")
	for _, what := range []string{"Customer: erased for good", "Webhook: made", "Key: revoked", "Person: invited", "Learning settings: written"} {
		b.says(what)
	}
	if eval[bool](b, `document.body.innerText.includes("rose-4711")`) {
		t.Error("the log names who was erased")
	}
	for _, c := range b.complaints() {
		t.Error(c)
	}
}

func TestSettingsAreForAdmins(t *testing.T) {
	s := serve(t)
	b := open(t, s)
	b.do(chromedp.Navigate(s.person(t, "lead", "lead@demo.test")))
	b.fill("New password", "a passphrase of a lead")
	b.do(chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".shell"))
	for _, page := range []string{"people", "keys", "workspace", "profiles", "model", "webhooks", "retention", "audit"} {
		b.visit("#/settings/" + page)
		b.says("This page is not for your role")
	}
}
