package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/chromedp"
)

// thrice presses what an expression comes to three times, and again while the
// server, which is slow, has not answered. It returns what was sent.
func (b *browser) thrice(find string) []string {
	b.t.Helper()
	b.until(find)
	b.do(chromedp.Evaluate(`{
		const real = (window.realFetch ??= window.fetch);
		window.sent = []; window.open = 0;
		window.fetch = async (u, o) => {
			if (!o?.method || o.method === "GET" || String(u).includes("presence")) return real(u, o);
			window.sent.push(o.method + " " + u);
			window.open++;
			await new Promise((done) => setTimeout(done, 400));
			try { return await real(u, o); } finally { window.open--; }
		};
		const press = () => (`+find+`)?.click();
		press(); press(); press(); setTimeout(press, 60); setTimeout(press, 200);
	}`, nil))
	b.until(`window.sent.length > 0 && window.open === 0`)
	b.settled()
	return eval[[]string](b, `[...window.sent]`)
}

func once(t *testing.T, sent []string, want string) {
	t.Helper()
	n := 0
	for _, s := range sent {
		if strings.HasPrefix(s, want) {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%s was sent %d times: %q", want, n, sent)
	}
}

// A second click, a third, and one while the answer is slow, do nothing.
func TestWhatIsPressedOftenIsDoneOnce(t *testing.T) {
	s := serve(t)
	second(t, s, "careful")
	b := open(t, s)
	b.signIn()
	b.visit("#/pilots?new=yes")
	b.fill("Name", "twice")
	sent := b.thrice(`document.querySelector('.pilots-form [type="submit"]')`)
	once(t, sent, "PUT /v1/pilots/twice")
	once(t, sent, "POST /v1/pilots/twice/start")

	inDialog := `document.querySelector('dialog[open] [type="submit"]')`
	for _, tt := range []struct {
		page string
		fill map[string]string
		want string
	}{
		{"settings/keys", map[string]string{"What it is for": "Desk"}, "POST /v1/keys"},
		{"settings/people", map[string]string{"E-mail": "twice@demo.test"}, "POST /v1/people"},
		{"settings/webhooks", map[string]string{"Address": "https://hooks.example.org/w"}, "POST /v1/webhooks"},
		{"settings/profiles", map[string]string{"Name": "twice"}, "PUT /v1/profiles/twice"},
	} {
		b.visit("#/" + tt.page)
		b.keys("n")
		for label, text := range tt.fill {
			b.fill(label, text)
		}
		once(t, b.thrice(inDialog), tt.want)
		b.reload() // away with what is shown once
	}
	b.visit("#/knowledge/articles/new")
	b.do(chromedp.SendKeys("main input", "Written twice"), chromedp.SendKeys("main textarea", "Once is enough."))
	once(t, b.thrice(`[...document.querySelectorAll(".knowledge-save .primary")].at(-1)`), "PUT /v1/articles/")

	b.visit("#/sources/import")
	var nodes []*cdp.Node
	b.do(chromedp.Nodes(`input[type="file"]`, &nodes, chromedp.NodeReady))
	b.do(dom.SetFileInputFiles([]string{table(t)}).WithNodeID(nodes[0].NodeID))
	b.until(`document.querySelector(".sources-file .badge")?.innerText === "Ready"`)
	once(t, b.thrice(`[...document.querySelectorAll("main .button.primary")].find((x) => /Import/.test(x.textContent))`), "POST /v1/import")

	b.visit("#/settings/workspace")
	b.fill("Events from one operator", "4000")
	once(t, b.thrice(`document.querySelector(".settings-bar .primary")`), "PUT /v1/settings")
	var made struct {
		People []struct{ Email string }
	}
	s.call(t, "GET", "/v1/people", "", &made)
	made.People = slices.DeleteFunc(made.People, func(p struct{ Email string }) bool { return p.Email != "twice@demo.test" })
	if len(made.People) != 1 {
		t.Errorf("%d people were invited", len(made.People))
	}
}

// So it is with what is sent elsewhere, given to somebody or taken away for good.
func TestWhatIsPressedOftenIsDoneOnceElsewhereToo(t *testing.T) {
	s := serve(t)
	gap, hook := s.failing(t), newHaunt(t)
	s.call(t, "POST", "/v1/gaps/"+gap+"/draft", `{}`, nil)
	var made struct{ ID string }
	s.call(t, "POST", "/v1/webhooks", texts(t, map[string]any{"url": hook, "kinds": []string{"ticket.replied"}}), &made)
	s.call(t, "PUT", "/v1/tickets/erase-me", `{"customer_id":"rose-4711","messages":[{"role":"customer","text":"Where is my heliotrope kettle?"}]}`, nil)
	s.call(t, "POST", "/v1/tickets/V-1034/reply", `{"text":"Yes, you can.","version":1,"idempotency_key":"yes"}`, nil)
	b := open(t, s)
	b.signIn()

	b.visit("#/sources/new")
	b.do(chromedp.Evaluate(`[...document.querySelectorAll(".sources-form .radio label")].find((l) => l.textContent.startsWith("Folder")).click()`, nil))
	b.fill("Name", "twice")
	b.fill("Folder on the server", t.TempDir())
	once(t, b.thrice(`document.querySelector('.sources-form [type="submit"]')`), "PUT /v1/connections/twice")
	b.visit("#/sources/twice")
	once(t, b.thrice(`[...document.querySelectorAll("main button.primary")].find((x) => /Sync/.test(x.textContent))`), "POST /v1/connections/twice/sync")

	b.visit("#/settings/webhooks/" + made.ID)
	for end := time.Now().Add(10 * time.Second); !eval[bool](b, `!!document.querySelector("tr[data-at]")`) && time.Now().Before(end); {
		b.reload()
	}
	once(t, b.thrice(`document.querySelector('tr[data-at] button[title^="Resend"]')`), "POST /v1/deliveries/")

	b.visit("#/settings/retention")
	b.fill("Customer", "rose-4711")
	once(t, b.thrice(`document.querySelector('.settings-form [type="submit"]')`), "POST /v1/erase") // it counts
	b.push("Erase")
	once(t, b.thrice(`document.querySelector("dialog[open] .danger")`), "POST /v1/erase")

	inDialog := `document.querySelector('dialog[open] [type="submit"]')`
	b.visit("#/gaps/" + gap)
	b.keys("a")
	once(t, b.thrice(inDialog), "PATCH /v1/gaps/"+gap)
	b.visit("#/gaps/" + gap)
	b.until(`[...document.querySelectorAll("main button[aria-haspopup]")].some((x) => { x.click(); const item = [...document.querySelectorAll('[role="menuitem"]')].find((i) => /answers it already/.test(i.textContent)); item?.click(); return item; })`)
	b.until(`document.querySelector('dialog[open] input[type="search"]')`)
	b.do(chromedp.Focus(`dialog[open] input[type="search"]`), chromedp.KeyEvent("return"))
	b.until(`document.querySelector('dialog[open] input[type="radio"]')`)
	b.do(chromedp.Evaluate(`document.querySelector('dialog[open] input[type="radio"]').click()`, nil))
	once(t, b.thrice(inDialog), "POST /v1/gaps/"+gap+"/publish")
}

// What takes more than a word to type is there after a reload.
func TestNoReloadLosesWhatIsTyped(t *testing.T) {
	s := serve(t)
	id := s.failing(t)
	s.call(t, "POST", "/v1/gaps/"+id+"/draft", `{}`, nil)
	b := open(t, s)
	b.signIn()
	const text = "typed and not sent"
	for _, tt := range []struct{ page, begin, field string }{
		{"work/V-1036", "", `document.querySelector(".work-area")`},
		{"work/V-1038", "Reject…", `document.querySelector("dialog[open] textarea")`},
		{"work/V-1032", "Tell the editors", `document.querySelector("dialog[open] textarea")`},
		{"work", "n", `document.querySelector("dialog[open] textarea")`},
		{"knowledge/articles/new", "", `document.querySelector("main textarea")`},
		{"gaps/" + id, "", `document.querySelector(".gaps-editor textarea")`},
		{"sources/new", "", `document.querySelector(".sources-form .field input")`},
		{"try", "", `document.querySelector("main textarea")`},
		{"pilots?new=yes", "", `document.querySelector(".pilots-form input")`},
		{"settings/webhooks", "n", `document.querySelector('dialog[open] input[type="url"]')`},
		{"settings/people", "n", `document.querySelector('dialog[open] input[type="email"]')`},
		{"settings/keys", "n", `document.querySelector("dialog[open] input")`},
		{"settings/workspace", "", `document.querySelector("main textarea")`},
		{"settings/profiles/default", "", `document.querySelector("main textarea")`},
	} {
		begin := func() {
			b.settled()
			switch {
			case len(tt.begin) == 1:
				b.keys(tt.begin)
			case tt.begin != "":
				b.push(tt.begin)
			}
			b.until(tt.field + ` && !` + tt.field + `.readOnly`)
		}
		b.visit("#/" + tt.page)
		begin()
		b.do(chromedp.Evaluate(tt.field+`.focus(); document.activeElement.select()`, nil), chromedp.KeyEvent(text))
		b.until(tt.field + `.value === ` + quote(text))
		b.reload()
		begin()
		if got := eval[string](b, tt.field+`.value`); got != text {
			t.Errorf("%s: after a reload it is %q", tt.page, got)
		}
		b.reload() // away with a dialog
	}

	// Files a browser gives back to nobody; how they are read is kept for them.
	files := func() {
		var nodes []*cdp.Node
		b.do(chromedp.Nodes(`input[type="file"]`, &nodes, chromedp.NodeReady))
		b.do(dom.SetFileInputFiles([]string{table(t)}).WithNodeID(nodes[0].NodeID))
		b.until(`document.querySelector(".sources-file .badge")?.innerText === "Ready"`)
	}
	b.visit("#/sources/import")
	files()
	b.do(chromedp.Evaluate(`{ const s = document.querySelector("main select"); s.value = "case"; s.dispatchEvent(new Event("change", { bubbles: true })); }`, nil))
	b.push("Operators only")
	b.until(`location.hash.includes("kind=case") && location.hash.includes("audience=internal") && document.querySelector(".sources-file .badge")?.innerText === "Ready"`)
	b.reload()
	files()
	b.until(`document.querySelector("main select").value === "case" && document.querySelector('main .segments [aria-checked="true"], main .segments [aria-pressed="true"], main .segments input:checked')`)
	if got := eval[string](b, `[...performance.getEntriesByType("resource")].map((e) => e.name).filter((n) => n.includes("/v1/import")).at(-1)`); !strings.Contains(got, "kind=case") || !strings.Contains(got, "audience=internal") {
		t.Errorf("after a reload it is read as %s", got)
	}
}

// table returns the name of a small file of records.
func table(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "twice.csv")
	if err := os.WriteFile(name, []byte("id,problem,resolution\ntw-1,It leaks,Bring it in\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}
