package e2e

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestAPartThatFailsLeavesTheOthers(t *testing.T) {
	demo := serve(t)
	below := planted(t, demo)
	hook := below[slices.IndexFunc(below, func(a string) bool { return strings.HasPrefix(a, "settings/webhooks/") })]
	v, s := before(t, demo)
	b := member(t, s, "admin", "en")
	for _, c := range []struct{ address, fails, stays string }{
		{"settings/workspace", "/v1/widget", ".card form, .card input"},
		{hook, "/deliveries", ".facts"},
		{"learning/jobs/rerank", "/runs", ".facts"},
		{"sources/guide", "/runs", ".facts"},
		{"pilots/trial", "/report", ".page-actions button"},
		{"knowledge/articles/address-change-en", "/care", ".markdown"},
	} {
		v.breaks(c.fails, fate("error"))
		if !b.comes("#/"+c.address, `document.querySelector("#content [data-state=error]") && document.querySelector("#content `+strings.ReplaceAll(c.stays, ", ", ", #content ")+`")`) {
			t.Errorf("%s without %s: %q", c.address, c.fails, eval[string](b, `document.querySelector("#content").innerText.slice(0, 400)`))
		}
		v.set(fault{})
		b.do(chromedp.Evaluate(`document.querySelectorAll("#content [data-state] .state-action button").forEach((e) => e.click())`, nil))
		if !b.comes("", `!document.querySelector("#content [data-state=error]") && `+still) {
			t.Errorf("%s: trying again did not bring the part back", c.address)
		}
		b.unexpected(c.address)
	}
}

func TestALostConnectionKeepsWhatIsTypedAndEndsByItself(t *testing.T) {
	v, s := before(t, serve(t))
	b := member(t, s, "admin", "en")
	b.visit("#/gaps")
	v.set(fate("offline"))
	if !b.comes("#/work", `document.querySelector("#content [data-state=offline]") && document.querySelector(".offline")`) {
		t.Fatal("a lost connection is not told")
	}
	const words = "Where is the parcel I ordered on Monday?"
	b.push("New ticket")
	b.do(chromedp.WaitVisible("dialog textarea"), chromedp.SendKeys("dialog textarea", words),
		chromedp.Click(`dialog button[type="submit"]`), chromedp.WaitVisible(".toast.bad"))
	kept := `document.querySelector("dialog textarea")?.value === ` + quote(words)
	if !eval[bool](b, kept) {
		t.Error("what was typed is gone with the connection")
	}
	v.set(fault{})
	b.until(`!document.querySelector(".offline") && !document.querySelector("#content [data-state]") && document.querySelectorAll("#content tbody tr").length > 1`)
	if !eval[bool](b, kept) {
		t.Error("what was typed is gone once the connection is back")
	}
	b.do(chromedp.Focus("dialog textarea"), chromedp.KeyEvent(kb.Tab), chromedp.Click(`dialog button[type="submit"]`), chromedp.WaitNotPresent("dialog"))
	b.until(`location.hash.startsWith("#/work/")`)
}

// closed returns the addresses that a role may not open.
func closed(t *testing.T, role string) []string {
	t.Helper()
	source, err := os.ReadFile("../src/pages.ts")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range regexp.MustCompile(`(?m)^\s*\{ path: "([^"]+)".*?roles: \[([^\]]*)\]`).FindAllStringSubmatch(string(source), -1) {
		if !strings.Contains(m[2], `"`+role+`"`) {
			out = append(out, m[1])
		}
	}
	if len(out) < 3 {
		t.Fatalf("only %q are closed to role %s", out, role)
	}
	return out
}

func TestWhoMayNotOpenAPageIsToldWhoCanChangeIt(t *testing.T) {
	dir, s := folder(t), serve(t)
	for _, role := range []string{"operator", "editor", "lead"} {
		b := member(t, s, role, "en")
		all := closed(t, role)
		for _, lang := range []string{"en", "ru"} {
			b.wear(look{lang, "light", 1440})
			for _, a := range all {
				if !b.comes("#/"+a+"/some", `document.querySelector("#content [data-state=forbidden] h1")`) {
					t.Errorf("role %s opens %s", role, a)
				}
				for _, words := range b.stated("forbidden") {
					if !strings.Contains(words, map[string]string{"en": "An admin", "ru": "администратор"}[lang]) || strings.Count(words, " | ") != 2 {
						t.Errorf("%s, role %s: the state says only %q", a, role, words)
					}
				}
			}
			b.everyLook(dir, "role-"+role, lang)
		}
		b.unexpected(role)
	}
}
