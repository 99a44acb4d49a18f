package e2e

import (
	"fmt"
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

// An admin's day without a mouse: people, keys, what counts, profiles, the model
// server, who is told of what happens, a customer to forget, and the audit log.
func TestAnAdminsDay(t *testing.T) {
	s := serve(t)
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	t.Cleanup(hook.Close)
	s.call(t, "PUT", "/v1/tickets/erase-me", `{"customer_id":"rose-4711","subject":"Heliotrope","messages":[{"role":"customer","text":"Where is my heliotrope kettle?"}]}`, nil)
	s.joined(t, "lead", "zoe@demo.test")
	b := open(t, s)
	b.signIn()
	b.seesToPeople()
	b.seesToKeys()
	b.seesToWhatCounts()
	b.seesToWebhooks(hook.URL)

	b.jump("Retention", "#/settings/retention")
	b.over("Customer", "rose-4711")
	b.keys("Enter")
	b.says("1 ticket")
	b.choose("Erase for good")
	b.says("This cannot be undone")
	b.keys("Enter")
	b.says("Erased.")

	b.jump("Audit", "#/settings/audit")
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

// joined makes somebody of a role who has chosen a password.
func (s *server) joined(t *testing.T, role, email string) {
	t.Helper()
	_, token, _ := strings.Cut(s.person(t, role, email), "/#/enter/")
	s.call(t, "POST", "/v1/session/link", fmt.Sprintf(`{"token":%q,"password":"a few good words"}`, token), nil)
}

func (b *browser) seesToPeople() {
	b.t.Helper()
	b.keys("g", ",")
	b.at("#/settings/people")
	b.keys("n")
	b.over("E-mail", "anna@demo.test")
	b.reload() // what was typed is kept
	b.choose("Invite")
	b.until(labelled("E-mail") + `?.value === "anna@demo.test"`)
	b.choose("Make the link")
	b.until(labelled("Link") + `?.value.includes("/#/enter/")`)
	b.keys("Escape")
	b.says("Close without copying?")
	b.choose("Close")
	b.gone()
	b.says("anna@demo.test")

	// Somebody has forgotten the password; their row is the last by name.
	b.tabTo(whose("tr[data-at]"))
	b.keys("End")
	b.until(has(`e.textContent.includes("zoe@demo.test")`))
	b.keys("Enter")
	b.choose("Reset the password")
	b.says("The password stops working")
	b.keys("Enter")
	b.until(labelled("Link") + `?.value.includes("/#/enter/")`)
	b.choose("Copy")
	b.until(named("Copied"))
	b.choose("Done")
	b.until(`document.querySelectorAll("dialog[open]").length === 1`) // the person is still open
	b.keys("Escape")
	b.gone()
}

func (b *browser) seesToKeys() {
	b.t.Helper()
	b.jump("Keys", "#/settings/keys")
	b.keys("n")
	b.over("What it is for", "Desk")
	b.keys("Enter")
	b.until(labelled("Desk") + `?.value.startsWith("wsk_")`)
	b.choose("Copy")
	b.until(named("Copied"))
	b.choose("Done")
	b.gone()
	if eval[bool](b, `document.documentElement.outerHTML.includes("wsk_")`) {
		b.t.Error("the key is still on the page")
	}
	b.choose("Revoke Desk")
	b.until(`document.querySelector("dialog[open]")`)
	b.choose("Revoke")
	b.gone()
	b.until(`!` + named("Revoke Desk"))
}

func (b *browser) seesToWhatCounts() {
	b.t.Helper()
	b.jump("Workspace", "#/settings/workspace")
	b.over("A judgement counts half", "90")
	b.says("Not saved yet")
	b.reload()
	b.until(labelled("A judgement counts half") + `.value === "90"`)
	b.keys("Ctrl+s")
	b.says("It counts from now on")
	var learns struct {
		HalfLifeDays float64 `json:"half_life_days"`
	}
	b.server.call(b.t, "GET", "/v1/settings", "", &learns)
	if learns.HalfLifeDays != 90 {
		b.t.Errorf("the settings are %+v", learns)
	}

	b.jump("Profiles", "#/settings/profiles")
	b.tabTo(whose("tr[data-at]"))
	b.keys("Enter")
	b.at("#/settings/profiles/default")
	b.over("Draft for an operator from", "101")
	b.says("A number from 0 to 100")
	b.over("Draft for an operator from", "30")
	b.keys("Ctrl+s")
	b.says("made so from now on")
	b.back(called("Reset to the beginning"))
	b.keys("Enter")
	b.until(has(whose(`dialog [type="submit"]`)))
	b.keys("Enter")
	b.says("as in the beginning")

	b.jump("Model server", "#/settings/model")
	b.keys("t")
	b.says("nine to six")
}

// seesToWebhooks makes a webhook of replies, has one sent, sees that it was
// delivered and sends it once more.
func (b *browser) seesToWebhooks(to string) {
	b.t.Helper()
	b.jump("Webhooks", "#/settings/webhooks")
	b.keys("n")
	b.over("Address", to+"/hook")
	b.tabTo(called("Everything"))
	b.keys("Space")
	b.tabTo(called("A ticket was replied to"))
	b.keys("Space", "Enter")
	b.says("The secret")
	b.choose("Copy")
	b.until(named("Copied"))
	b.choose("Done")
	b.says(strings.TrimPrefix(to, "http://"))
	b.server.call(b.t, "POST", "/v1/tickets/V-1034/reply", `{"text":"Yes, you can.","version":1,"idempotency_key":"yes"}`, nil)
	b.tabTo(whose("tr[data-at]"))
	b.keys("Enter")
	b.until(`document.querySelector("tr[data-at] .badge.good")?.textContent === "Delivered"`)
	b.tabTo(`e.title.startsWith("Resend what was sent")`)
	b.keys("Enter")
	b.says("Sent again")
}

func TestSettingsAreForAdmins(t *testing.T) {
	s := serve(t)
	b := open(t, s)
	b.do(chromedp.Navigate(s.person(t, "lead", "lead@demo.test")))
	b.over("New password", "a passphrase of a lead")
	b.keys("Enter")
	b.do(chromedp.WaitVisible(".shell"))
	for _, page := range []string{"people", "keys", "workspace", "profiles", "model", "webhooks", "retention", "audit"} {
		b.visit("#/settings/" + page)
		b.says("This page is not for your role")
	}
}
