package e2e

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// planted makes one of everything that a demo lacks, and returns the addresses
// of a page of each kind below the registered ones.
func planted(t *testing.T, s *server) []string {
	t.Helper()
	gap := s.failing(t)
	second(t, s, "careful")
	s.call(t, "PUT", "/v1/pilots/trial", `{"profile":"careful","percent":20}`, nil)
	s.call(t, "PUT", "/v1/connections/guide", `{"kind":"folder","config":{"path":"/srv/guide"}}`, nil)
	var hook struct{ ID string }
	s.call(t, "POST", "/v1/webhooks", `{"url":"https://desk.example/hook"}`, &hook)
	return []string{
		"work/V-1042", "gaps/" + gap, "knowledge/articles/address-change-en", "knowledge/cases/case-0001", "sources/guide", "sources/guide/edit",
		"pilots/trial", "learning/rankers/1", "learning/topics/topic/returns", "learning/sources/address-change-en", "settings/webhooks/" + hook.ID, "settings/profiles/careful",
	}
}

// absent are addresses of things that are not there.
func absent() []string {
	return []string{
		"work/gone", "gaps/gone", "knowledge/articles/gone", "knowledge/cases/gone", "sources/gone", "sources/gone/edit", "pilots/gone", "learning/rankers/99",
		"learning/topics/topic/gone", "learning/sources/gone", "learning/jobs/gone", "settings/webhooks/gone", "settings/profiles/gone", "nowhere",
	}
}

// asking are the registered pages that read something; a page that reads only
// when asked is asked.
func asking(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, p := range registered(t) {
		switch p {
		case "nowhere", "knowledge":
		case "try":
			out = append(out, "try?q=delivery")
		default:
			out = append(out, p)
		}
	}
	return out
}

// member signs in somebody of a role and leaves them at the start, in a language.
func member(t *testing.T, s *server, role, lang string) *browser {
	t.Helper()
	b := open(t, s)
	// Without motion no picture is taken while something moves.
	b.do(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}))
	_, token, _ := strings.Cut(s.person(t, role, role+"."+lang+"@shop.test"), "#/enter/")
	b.do(chromedp.Navigate(s.url + "/"))
	b.do(chromedp.Evaluate(fmt.Sprintf(`localStorage.setItem("whetstone.lang", %q);
		fetch("/v1/session/link", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ token: %q, password: "a few good words" }) }).then((r) => r.status)`, lang, token), nil, awaited),
		chromedp.Navigate("about:blank"), chromedp.Navigate(s.url+"/"), chromedp.WaitVisible(".shell"))
	return b
}

// comes waits in the page, for ten seconds at most, until an expression is
// true, and reports whether it became so. Going elsewhere takes two frames.
func (b *browser) comes(hash, js string) bool {
	b.t.Helper()
	return eval[bool](b, fmt.Sprintf(`new Promise((done) => {
		if (%[1]s && location.hash !== %[1]s) location.hash = %[1]s;
		const end = Date.now() + 10000;
		const look = () => { if (%[2]s) done(true); else if (Date.now() > end) done(false); else setTimeout(look, 12); };
		requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(look, 0)));
	})`, quote(hash), js))
}

// still is what a page is when nothing loads and nothing moves.
const still = `!document.querySelector(".loading") && document.getAnimations().every((a) => a.playState !== "running" || a.effect.getTiming().iterations === Infinity)`

// themed changes the theme without loading the page again; the colours are
// there at once.
func themed(theme string) chromedp.Action {
	return chromedp.Evaluate(fmt.Sprintf(`document.documentElement.dataset.theme = %q;
		for (const a of document.getAnimations()) if (a.effect.getTiming().iterations !== Infinity) a.finish()`, theme), nil)
}

// everyLook keeps a screenshot of the page as it is in both themes and widths,
// says what is wider than the window, and what axe-core finds in both themes at
// one width: the wide one in English and the narrow one in Russian.
func (b *browser) everyLook(dir, name, lang string) {
	b.t.Helper()
	for _, width := range []int64{390, 1440} {
		var tall int64
		b.do(emulation.SetDeviceMetricsOverride(width, 900, 1, false), chromedp.Evaluate(`Math.min(3000, document.documentElement.scrollHeight)`, &tall))
		if tall > 900 {
			b.do(emulation.SetDeviceMetricsOverride(width, tall, 1, false))
		}
		for _, theme := range []string{"light", "dark"} {
			b.do(themed(theme), snap(filepath.Join(dir, strings.ReplaceAll(name, "/", "_")+"-"+look{lang, theme, width}.String()+".png")))
			switch {
			case (width == 1440) != (lang == "en"):
			case theme == "light":
				b.violations(name + " " + theme)
			default:
				// What is around the state is every page's.
				b.axe(name+" "+theme, `"#content"`, "color-contrast", "link-in-text-block")
			}
		}
		b.wide(fmt.Sprintf("%s %s %d", name, lang, width))
	}
}

// snap keeps a screenshot of the window.
func snap(file string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		png, err := page.CaptureScreenshot().WithOptimizeForSpeed(true).Do(ctx)
		if err != nil {
			return err
		}
		return os.WriteFile(file, png, 0o644)
	})
}

// unexpected says what the page complained of, but for the calls that failed
// because the test made them: Chromium logs those too.
func (b *browser) unexpected(name string) {
	b.t.Helper()
	for _, c := range b.complaints() {
		if !strings.HasPrefix(c, "log: Failed to load resource") {
			b.t.Errorf("%s: %s", name, c)
		}
	}
}

// stated are the words of the states that a page shows, in one line each.
func (b *browser) stated(kind string) []string {
	b.t.Helper()
	return eval[[]string](b, fmt.Sprintf(`[...document.querySelectorAll("#content [data-state=%s]")].map((e) => [...e.children].map((c) => c.innerText.trim()).filter(Boolean).join(" | "))`, kind))
}

// A sweep visits addresses in one state, in one language.
type sweep struct {
	b    *browser
	v    *valve
	dir  string
	lang string
}

// through visits each address while something happens to every call.
func (s sweep) through(state string, addresses []string, retried bool) {
	b, shown := s.b, cmp.Or(map[string]string{"malformed": "error"}[state], state)
	seen := `document.querySelector('#content [data-state="` + shown + `"]')`
	if state == "held" {
		seen = `document.querySelector("#content .loading .bone")`
	}
	// Nothing that was read before stays in sight.
	b.comes("#/nowhere", `document.querySelector("#content [data-state=missing] h1")`)
	s.v.set(fate(state))
	for _, a := range addresses {
		name := state + "-" + a
		if !b.comes("#/"+a, seen+` && document.querySelector("#content h1")`) {
			b.t.Errorf("%s: the state is not shown; the page says %q", name, eval[string](b, `document.querySelector("#content")?.innerText.slice(0, 300) ?? ""`))
			continue
		}
		s.worded(name, shown)
		if s.dir != "" {
			b.everyLook(s.dir, name, s.lang)
		}
		if retried {
			s.v.set(fault{})
			b.do(chromedp.Evaluate(`document.querySelectorAll("#content [data-state] .state-action button").forEach((e) => e.click())`, nil))
			if !b.comes("", `!`+seen+` && `+still) {
				b.t.Errorf("%s: trying again did not bring the content: %q", name, b.stated(state))
			}
			s.v.set(fate(state))
		}
		b.unexpected(name)
	}
	s.v.set(fault{})
}

// worded reports states that do not say what to do: each has a title, a
// sentence, and an action unless only somebody else can act.
func (s sweep) worded(name, kind string) {
	s.b.t.Helper()
	want := 3
	if kind == "forbidden" || strings.HasSuffix(name, "-try") {
		want = 2 // an admin can act; the field above is where to act
	}
	for _, words := range s.b.stated(kind) {
		if strings.Count(words, " | ")+1 < want {
			s.b.t.Errorf("%s: the state says only %q", name, words)
		}
	}
}

// without leaves addresses out.
func without(all []string, some ...string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(a string) bool { return slices.Contains(some, a) })
}

func TestEveryPageHasItsStatesInEveryLook(t *testing.T) {
	dir := folder(t)
	demo := serve(t)
	all := slices.DeleteFunc(append(asking(t), planted(t, demo)...), func(a string) bool { return !strings.Contains(a, os.Getenv("WHETSTONE_PAGES")) })
	for _, lang := range []string{"en", "ru"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			v, s := before(t, demo)
			w := sweep{member(t, s, "admin", lang), v, dir, lang}
			w.through("held", all, true)
			w.through("error", all, true)
			w.through("forbidden", all, false)
			w.through("offline", all, false)
			plain := sweep{w.b, v, "", lang}
			if lang == "en" {
				plain.through("busy", all, false)
				plain.through("malformed", all, false)
			}
			w.through("missing", absent(), false)
		})
	}
}

func TestEveryPageSaysWhatItIsForWhileItIsEmpty(t *testing.T) {
	dir, s := folder(t), bare(t)
	// What there always is: the settings, the person, the key, the profile, the jobs.
	filled := []string{"learning/jobs", "learning/jobs/calibrate", "settings/people", "settings/keys", "settings/workspace", "settings/profiles", "settings/model", "settings/retention", "settings/audit"}
	for _, lang := range []string{"en", "ru"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			v, s := before(t, s)
			w := sweep{member(t, s, "admin", lang), v, dir, lang}
			w.through("empty", append(without(asking(t), filled...), "try"), false)
			for _, a := range filled {
				if !w.b.comes("#/"+a, still+` && document.querySelector("#content h1")`) || len(w.b.stated("empty")) > 0 {
					t.Errorf("%s is empty", a)
				}
				w.b.everyLook(dir, "empty-"+a, lang)
			}
		})
	}
}
