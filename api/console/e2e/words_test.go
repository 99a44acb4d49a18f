package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Names that are the same in every language, and what is typed as it stands.
const names = `Whetstone API CSV SVG JSON JSONL Lines Markdown PDF DOCX HTML Zendesk OIDC HTTP HTTPS URL UTC Enter Ctrl Shift Alt Esc Tab Git RSS Atom Feed YAML Bearer ` +
	`Freshdesk Intercom Chatwoot Zammad UseDesk Omnidesk Help Scout Front English Русский script iframe postMessage ssh https http cron every SMTP TLS WHETSTONE_ ` +
	`OpenAI Ollama vLLM llama cpp id gzip robots txt POST Slack Telegram x p X L A B wsk_ GB MB kB B`

// data are words of the demo that stand in the console's own sentences.
const data = `root demo Demo Vetrogor anna boris editor vera default careful delivery returns tea away Стол Возврат Доставка refund payment new nowhere`

// strangers is an expression for the texts on the page in letters of another
// language: with each its kind and where it stands. What people wrote has dir
// or is quoted, what is English by its nature has lang, and code is code. A
// title or a label may repeat what people wrote.
func strangers(letters, language string) string {
	return `(() => {
		const known = new Set(` + quote(names+" "+data) + `.split(" "));
		const worded = /learning.jobs|settings.audit|learning.sources/.test(location.hash);
		const theirs = 'script, style, noscript, code, kbd, pre, samp, bdi, textarea, .avatar, .mono, [lang=` + language + `], ' + (worded ? '[dir="auto"]:not(td)' : '[dir="auto"]');
		const word = new RegExp("[` + letters + `][` + letters + `_'’]*", "g");
		const quoted = [...document.querySelectorAll('bdi, .mono, [dir="auto"], .row-title')].map((e) => e.textContent.trim()).filter((t) => t.length > 1).sort((a, b) => b.length - a.length);
		const out = [];
		const look = (text, e, how) => {
			let plain = text;
			if (how !== "text") for (const q of quoted) plain = plain.split(q).join(" ");
			plain = plain.replace(/«[^»]*»|“[^”]*”|\S+@\S+|https?:\S*|[\w-]*[\d_/.:][\w./:-]*/g, " ");
			if ((plain.match(word) ?? []).some((w) => !known.has(w))) out.push(how + " " + JSON.stringify(text.trim().slice(0, 160)) + " in " + e.tagName.toLowerCase() + "." + [...e.classList].join("."));
		};
		const shown = (e) => e.checkVisibility({ visibilityProperty: true });
		const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		for (let n = walk.nextNode(); n; n = walk.nextNode()) {
			const e = n.parentElement;
			if (e && !e.closest(theirs) && (shown(e) || e.closest("option"))) look(n.data, e, e.closest("option") ? "option" : "text");
		}
		for (const e of document.querySelectorAll("[title], [aria-label], [placeholder], [alt], [aria-description], [aria-roledescription], [aria-valuetext]")) {
			if (e.closest('[lang=` + language + `], svg.chart') || !shown(e)) continue;
			for (const a of ["title", "aria-label", "placeholder", "alt", "aria-description", "aria-roledescription", "aria-valuetext"]) {
				const v = e.getAttribute(a);
				if (v && !(a === "title" && e.closest('bdi, [dir="auto"]'))) look(v, e, a);
			}
		}
		look(document.title.replace(/.* · /, ""), document.documentElement, "document's title");
		return [...new Set(out)];
	})()`
}

// full fills the demo with what every page has something of, and returns the
// addresses of what has one of its own.
func (s *server) full(t *testing.T) []string {
	t.Helper()
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	t.Cleanup(refusing.Close)
	var hook struct{ ID string }
	s.call(t, "POST", "/v1/webhooks", fmt.Sprintf(`{"url":%q}`, refusing.URL), &hook)
	folder := t.TempDir()
	for name, text := range map[string]string{"tea.md": "# Чай\n\nЧай заваривают пять минут.", "bad.pdf": "no", "empty.md": "", "none.csv": "a,b\n1,2\n"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.call(t, "PUT", "/v1/connections/tea", fmt.Sprintf(`{"kind":"folder","config":{"path":%q},"spec":"@every 12h"}`, folder), nil)
	s.call(t, "PUT", "/v1/connections/away", `{"kind":"site","config":{"url":"https://nowhere.invalid/"}}`, nil)
	for _, id := range []string{"tea", "away"} {
		s.call(t, "POST", "/v1/connections/"+id+"/sync", `{}`, nil)
	}
	gap := s.failing(t)
	for i, event := range []string{`{"kind":"sent"}`, `{"kind":"edited","text":"Деньги вернутся за 30 дней на карту, с которой вы платили."}`, `{"kind":"rejected","reason":"wrong"}`, `{"kind":"missing_knowledge","text":"Сроки"}`} {
		var made struct{ ID string }
		s.call(t, "POST", "/v1/suggestions", fmt.Sprintf(`{"text":"Когда вернутся деньги за возврат?","ticket_id":"R-%d","operator":{"id":"anna","group":"Возврат"}}`, i), &made)
		s.call(t, "POST", "/v1/suggestions/"+made.ID+"/feedback", event, nil)
	}
	for id, days := range map[string]int{"boots-old": 14, "boots-new": 30} {
		s.call(t, "PUT", "/v1/articles/"+id, fmt.Sprintf(`{"title":"Returning %s","body":"Boots can be returned within %d days of delivery, in their original box and unworn. Print the return label in your account and hand the parcel to any pick-up point."}`, id, days), nil)
	}
	s.call(t, "PUT", "/v1/tickets/gone", `{"customer_id":"x-1","subject":"Чай","messages":[{"role":"customer","text":"Где чай?"}]}`, nil)
	s.call(t, "POST", "/v1/erase", `{"customer_id":"x-1","dry":false}`, nil)
	s.call(t, "PUT", "/v1/operators/boris/override", `{"action":"exclude"}`, nil)
	var key struct{ Key struct{ ID string } }
	s.call(t, "POST", "/v1/keys", `{"name":"Стол","role":"helpdesk"}`, &key)
	s.person(t, "editor", "vera@demo.test")
	second(t, s, "careful")
	s.call(t, "PUT", "/v1/pilots/delivery", `{"profile":"careful","percent":20,"groups":["Доставка"]}`, nil)
	s.call(t, "POST", "/v1/pilots/delivery/start", "", nil)
	s.call(t, "PUT", "/v1/pilots/returns", `{"profile":"careful","percent":50,"groups":["Возврат"]}`, nil)
	for _, job := range []string{"calibrate", "rerank", "tune", "promote", "gaps", "alarms", "updates", "upkeep", "progress", "sync", "forget-personal-data"} {
		s.run(t, job)
	}
	return []string{
		"gaps/" + gap, "work/V-1042", "knowledge/articles/refund-timing-ru", "knowledge/articles/new", "knowledge/cases/case-0001", "sources/tea", "sources/away", "sources/new", "sources/import", "sources/tea/edit",
		"pilots/delivery", "learning/sources/refund-timing-ru", "learning/jobs/gaps", "learning/jobs/upkeep", "learning/acceptance?by=team&period=all",
		"settings/profiles/default", "settings/webhooks/" + hook.ID, "settings/audit?what=erase", "upkeep?kind=contradiction", "upkeep?kind=duplicate", "upkeep?tab=quarantines", "try?q=" + "Как вернуть чайник?",
	}
}

// A reading is of the console in one language.
type reading struct {
	*browser
	lang, letters, other string
	widths               []int64 // in the order of being looked at
	found                map[string]bool
}

// report tells what on the page is in another language, once.
func (r *reading) report(where string) {
	r.t.Helper()
	for _, x := range eval[[]string](r.browser, strangers(r.letters, r.other)) {
		if !r.found[x] {
			r.found[x] = true
			r.t.Errorf("%s %s: %s", r.lang, where, x)
		}
	}
}

// opened reads what a page opens by a letter of its own, and its menus. What
// this does to the demo's data does not matter.
func (r *reading) opened(path string) {
	r.t.Helper()
	r.do(chromedp.KeyEvent("?"))
	r.report(path + ", its keys")
	keys := eval[[]string](r.browser, `[...(document.querySelectorAll("dialog section").length > 1 ? document.querySelector("dialog section").querySelectorAll("dd") : [])].map((d) => d.textContent.toLowerCase()).filter((k) => k.length === 1)`)
	r.do(chromedp.KeyEvent(kb.Escape))
	for _, key := range keys {
		r.do(chromedp.KeyEvent(key))
		r.calm()
		r.report(path + ", key " + key)
		r.back(path)
	}
	for i := range min(3, eval[int](r.browser, `document.querySelectorAll('main [aria-haspopup="menu"]').length`)) {
		r.do(chromedp.Evaluate(fmt.Sprintf(`document.querySelectorAll('main [aria-haspopup="menu"]')[%d]?.click()`, i), nil))
		r.calm()
		r.report(fmt.Sprintf("%s, menu %d", path, i+1))
		r.back(path)
	}
}

// calm waits until nothing loads any more.
func (r *reading) calm() {
	r.t.Helper()
	r.do(chromedp.Evaluate(`new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(1), 60)))`, nil, awaited))
	r.until(`!document.querySelector(".loading")`)
}

// back closes what is open and goes to the page again where a key led away.
func (r *reading) back(path string) {
	r.t.Helper()
	for range 3 {
		if !eval[bool](r.browser, `!!document.querySelector("dialog[open], [role=menu]")`) {
			break
		}
		r.do(chromedp.KeyEvent(kb.Escape))
		r.calm()
	}
	r.do(chromedp.Evaluate(`document.activeElement?.blur()`, nil))
	if eval[string](r.browser, `decodeURI(location.hash)`) != "#/"+path {
		r.do(chromedp.Evaluate(`location.hash = `+quote("#/"+path), nil))
		r.calm()
	}
}
