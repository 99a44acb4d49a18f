package e2e

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/chromedp"
)

// What somebody writes who wants a script to run, as HTML and as Markdown.
const (
	html  = `<img src=x onerror="window.ran=1"><script>window.ran=1</script><svg onload="window.ran=1"></svg>`
	links = `[a](javascript:window.ran=1) [b](JaVaScRiPt:window.ran=1) [c](data:text/html,<script>window.ran=1</script>) [d](vbscript:x) [e](java&#115;cript:window.ran=1) ` +
		`[f](&#x6A;avascript:window.ran=1) <javascript:window.ran=1> ![g](javascript:window.ran=1) [h](//evil.test/x) [i](<javascript:window.ran=1>) [j]( javascript:window.ran=1) [k]: javascript:window.ran=1 ` + "`" + `<b onclick=window.ran=1>` + "`"
	evil = html + " " + links
)

// texts is a JSON object of texts.
func texts(t *testing.T, kv map[string]any) string {
	t.Helper()
	b, err := json.Marshal(kv)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// harmless reports what on the page is not of the console's own making.
func (b *browser) harmless(where string) {
	b.t.Helper()
	for _, wrong := range eval[[]string](b, `[
		...("ran" in window ? ["a script ran"] : []),
		...[...document.querySelectorAll("#app script, #app img, #app iframe, #app object, #app embed, #app svg[onload], #app base, #app meta")].map((e) => e.outerHTML.slice(0, 120)),
		...[...document.querySelectorAll("*")].filter((e) => [...e.attributes].some((a) => a.name.startsWith("on"))).map((e) => e.outerHTML.slice(0, 120)),
		...[...document.body.querySelectorAll("[href], [src], [action], [formaction]")].filter((e) => {
			const to = e.getAttribute("href") ?? e.getAttribute("src") ?? e.getAttribute("action") ?? e.getAttribute("formaction");
			return typeof to === "string" && (to.startsWith("//") || !["http:", "https:", "mailto:", "blob:"].includes(new URL(to, location.href).protocol));
		}).map((e) => e.outerHTML.slice(0, 120)),
	]`) {
		b.t.Errorf("%s: %s", where, wrong)
	}
	for _, c := range b.complaints() {
		if strings.Contains(c, "Content Security Policy") || strings.Contains(c, "external request") || strings.Contains(c, "Refused to") {
			b.t.Errorf("%s: %s", where, c)
		}
	}
}

// haunted fills the demo with texts that want a script to run, and returns the
// id of a gap and of a webhook.
func haunted(t *testing.T, s *server, hook string) (gap, webhook string) {
	t.Helper()
	gap = s.failing(t)
	s.call(t, "POST", "/v1/gaps/"+gap+"/draft", texts(t, map[string]any{"title": "Wrapping " + html, "body": "## " + html + "\n\n" + evil}), nil)
	s.call(t, "PUT", "/v1/articles/zorblax", texts(t, map[string]any{"title": "Zorblax calibration " + html, "locale": "en", "tags": []string{"<b>x</b>"},
		"body": "## Zorblax " + evil + "\n\nTo calibrate the zorblax, hold the green lever for nine seconds. " + evil + "\n\n| a | b |\n|---|---|\n| " + html + " | x |\n\n> " + evil}), nil)
	s.call(t, "PUT", "/v1/articles/zorblax", texts(t, map[string]any{"title": "Zorblax calibration again " + html, "locale": "en", "body": "To calibrate the zorblax, hold the red lever. " + evil}), nil)
	s.call(t, "PUT", "/v1/cases/zorcase", texts(t, map[string]any{"problem": "My zorblax beeps. " + evil, "resolution": "Hold the green lever. " + evil}), nil)
	s.call(t, "PUT", "/v1/tickets/evil", texts(t, map[string]any{"subject": html, "topic": "<b onclick=x>t</b>", "tone": "<i>", "customer_id": "<img src=x onerror=window.ran=1>",
		"messages": []map[string]string{{"role": "customer", "author": html, "text": "How do I calibrate the zorblax? " + evil}}}), nil)
	s.call(t, "POST", "/v1/people", texts(t, map[string]any{"email": "eve@demo.test", "name": html, "role": "editor"}), nil)
	s.call(t, "POST", "/v1/keys", texts(t, map[string]any{"name": html, "role": "helpdesk"}), nil)
	var made struct{ ID string }
	s.call(t, "POST", "/v1/webhooks", texts(t, map[string]any{"url": hook + "/<script>window.ran=1</script>?x=%22onerror=%22"}), &made)
	var profile map[string]any
	s.call(t, "GET", "/v1/profiles/default", "", &profile)
	profile["instructions"] = evil
	s.call(t, "PUT", "/v1/profiles/careful", texts(t, profile), nil)
	s.call(t, "PUT", "/v1/pilots/evil", texts(t, map[string]any{"profile": "careful", "groups": []string{html}, "percent": 20}), nil)
	s.call(t, "PUT", "/v1/operators/%3Cimg%20src=x%20onerror=window.ran=1%3E/override", `{"action":"reset"}`, nil)
	s.call(t, "PUT", "/v1/sources/zorblax/override", `{"action":"reset"}`, nil)
	s.call(t, "PUT", "/v1/connections/evil", texts(t, map[string]any{"kind": "feed", "config": map[string]any{"url": hook + "/<script>window.ran=1</script>", "prefix": "ev"}}), nil)
	return gap, made.ID
}

func TestNoScriptRunsWhoeverWritesIt(t *testing.T) {
	s := serve(t)
	hook := newHaunt(t)
	gap, webhook := haunted(t, s, hook)
	b := open(t, s)
	b.signIn()
	pages := append(registered(t), "gaps/"+gap, "gaps?status=all", "work/evil", "knowledge/articles/zorblax", "knowledge/cases/zorcase", "sources/evil", "sources/connections",
		"pilots/evil", "settings/webhooks/"+webhook, "settings/profiles/careful", "learning/sources/zorblax", "upkeep?kind=contradiction")
	for _, page := range pages {
		b.visit("#/" + page)
		b.harmless(page)
	}
	if !eval[bool](b, `!!document.body`) {
		t.Fatal("nothing was looked at")
	}
	// The texts are there, as texts: else the test would look at nothing.
	for page, want := range map[string]string{"work/evil": "<script>", "knowledge/articles/zorblax": "<script>", "settings/keys": "onerror", "settings/people": "onerror"} {
		b.visit("#/" + page)
		b.until(`(document.body.innerText + [...document.querySelectorAll("textarea")].map((a) => a.value)).includes(` + quote(want) + `)`)
	}
	b.visit("#/knowledge/articles/zorblax")
	b.push("History")
	b.until(`document.querySelectorAll(".knowledge-versions button").length === 2`)
	b.harmless("history")
	b.visit("#/knowledge/articles/new")
	b.do(chromedp.Evaluate(`{ const a = document.querySelector("main textarea"); a.focus(); }`, nil), chromedp.KeyEvent("**preview** "+evil))
	b.until(`document.querySelector(".knowledge-paper strong")?.innerText === "preview"`)
	b.harmless("the preview")
	b.visit("#/try")
	b.do(chromedp.SendKeys("main textarea", "How do I calibrate the zorblax? "+html), publishing())
	b.until(`document.querySelectorAll(".try-list").length > 0`)
	b.harmless("try")
	b.do(chromedp.KeyEvent("k", chromedp.KeyModifiers(2)), chromedp.WaitVisible(".palette-field"), chromedp.KeyEvent("zorblax"), chromedp.WaitVisible(`[role="option"]`))
	b.harmless("the palette")
}

// Files run nothing either, whatever they are called and whatever is in them.
func TestNoScriptOfAFileRuns(t *testing.T) {
	s := serve(t)
	b := open(t, s)
	b.signIn()
	b.visit("#/sources/import")
	dir := t.TempDir()
	var names []string
	for name, content := range map[string]string{
		`<img src=x onerror="window.ran=1">.csv`: "id,problem,resolution\n" + `f-1,"` + strings.ReplaceAll(html, `"`, `""`) + `",Bring it in` + "\n<svg onload=window.ran=1>,,\n",
		"page.html":                              "<html><head><title>Haunted " + `&lt;script&gt;window.ran=1&lt;/script&gt;` + "</title><script>window.ran=1</script></head><body onload='window.ran=1'><h1>Haunted</h1><p>Hold the lever. <a href='javascript:window.ran=1'>here</a><img src=x onerror='window.ran=1'></p></body></html>",
		"broken.jsonl":                           `{"id":"<img src=x onerror=window.ran=1>","title":` + "\n",
		"drawing.svg":                            `<svg xmlns="http://www.w3.org/2000/svg" onload="window.ran=1"><script>window.ran=1</script></svg>`,
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		names = append(names, path)
	}
	var nodes []*cdp.Node
	b.do(chromedp.Nodes(`input[type="file"]`, &nodes, chromedp.NodeReady))
	b.do(dom.SetFileInputFiles(names).WithNodeID(nodes[0].NodeID))
	b.until(`document.querySelectorAll(".sources-file .badge").length === 4 && ![...document.querySelectorAll(".sources-file .badge")].some((e) => e.innerText === "Looking")`)
	b.do(chromedp.Evaluate(`document.querySelectorAll("main details").forEach((d) => d.open = true)`, nil))
	b.harmless("files that were looked at")
	b.do(publishing())
	b.until(`document.querySelectorAll(".sources-file .badge.good").length > 0`)
	b.harmless("files that were imported")
	var found struct{ Articles []struct{ ID string } }
	for end := time.Now().Add(10 * time.Second); len(found.Articles) == 0 && time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		s.call(t, "GET", "/v1/find?q=Haunted", "", &found)
	}
	if len(found.Articles) == 0 {
		t.Fatal("the page was not imported")
	}
	b.visit("#/knowledge/articles/" + found.Articles[0].ID)
	b.harmless("an imported page")
	// What was uploaded is at no address of its own.
	for _, path := range []string{"/drawing.svg", "/page.html", "/v1/import/page.html", "/assets/page.html"} {
		r, err := http.Get(s.url + path) //nolint:noctx // a test's own server
		if err != nil {
			t.Fatal(err)
		}
		_ = r.Body.Close() // its head was read
		if kind := r.Header.Get("Content-Type"); r.StatusCode == http.StatusOK && !strings.Contains(r.Header.Get("Content-Security-Policy"), "script-src 'self'") || strings.Contains(kind, "svg") {
			t.Errorf("%s is served: %s %s", path, r.Status, kind)
		}
	}
}
