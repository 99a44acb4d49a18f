package e2e

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

//go:embed testdata/axe.min.js
var axe string

// folder returns where screenshots are kept.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := shared.screenshots()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// registered returns the addresses of the pages in the registry, with those
// below them that every demo has.
func registered(t *testing.T) []string {
	t.Helper()
	b, err := os.ReadFile("../src/pages.ts")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range regexp.MustCompile(`(?m)^\s*\{ path: "([^"]+)"`).FindAllStringSubmatch(string(b), -1) {
		out = append(out, m[1])
	}
	if len(out) == 0 {
		t.Fatal("no page is registered")
	}
	return append(out, "learning/jobs/calibrate", "nowhere")
}

// A look is one way to see a page.
type look struct {
	lang, theme string
	width       int64
}

func (l look) String() string { return fmt.Sprintf("%s-%s-%d", l.lang, l.theme, l.width) }

func looks() []look {
	var out []look
	for _, width := range []int64{1440, 390} {
		for _, lang := range []string{"en", "ru"} {
			for _, theme := range []string{"light", "dark"} {
				out = append(out, look{lang, theme, width})
			}
		}
	}
	return out
}

// wear makes the window look so, from the next loading on.
func (b *browser) wear(l look) {
	b.t.Helper()
	b.do(
		emulation.SetDeviceMetricsOverride(l.width, 900, 1, l.width < 600),
		chromedp.Evaluate(fmt.Sprintf(`localStorage.setItem("whetstone.lang", %q); localStorage.setItem("whetstone.theme", %q)`, l.lang, l.theme), nil),
	)
	b.reload()
}

// shoot keeps a screenshot of the whole page.
func (b *browser) shoot(dir, name string) {
	b.t.Helper()
	file := filepath.Join(dir, strings.NewReplacer("/", "_", "?", "_").Replace(name)+".png") // a folder of artifacts takes no question marks
	var size struct{ Width, Height int64 }
	b.do(chromedp.Evaluate(`({ Width: innerWidth, Height: Math.min(4000, Math.max(900, document.documentElement.scrollHeight)) })`, &size))
	if size.Height == 900 {
		b.do(snap(file))
		return
	}
	// The window is made as high as the page, so that bars stay at its edges.
	b.do(emulation.SetDeviceMetricsOverride(size.Width, size.Height, 1, size.Width < 600), snap(file), emulation.SetDeviceMetricsOverride(size.Width, 900, 1, size.Width < 600))
}

// sound reports what is wrong with the page as it is: what was complained of, a
// mark of what was taken out that stands for no word, what is wider than the
// window, and what axe-core finds.
func (b *browser) sound(name string) {
	b.t.Helper()
	b.quiet(name)
	b.marked(name)
	b.wide(name)
	b.violations(name)
}

// quiet reports what was complained of.
func (b *browser) quiet(name string) {
	b.t.Helper()
	for _, c := range b.complaints() {
		b.t.Errorf("%s: %s", name, c)
	}
}

// marked reports a mark of what was taken out of a text, where words belong.
func (b *browser) marked(name string) {
	b.t.Helper()
	if text := eval[string](b, `document.body.innerText.match(/.{0,40}⟦.{0,40}/)?.[0] ?? ""`); text != "" {
		b.t.Errorf("%s shows a mark: %s", name, text)
	}
}

// wide reports what is wider than the window.
func (b *browser) wide(name string) {
	b.t.Helper()
	var wide []string
	b.do(chromedp.Evaluate(`(() => {
		const over = document.documentElement.scrollWidth - innerWidth;
		if (over <= 0) return [];
		return ["the page is " + over + " px wider than the window", ...[...document.querySelectorAll("body *")]
			.filter((e) => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 4).map((e) => e.tagName + "." + e.className)];
	})()`, &wide))
	if len(wide) > 0 {
		b.t.Errorf("%s: %s", name, strings.Join(wide, ", "))
	}
}

// violations reports what axe-core finds on the page.
func (b *browser) violations(name string) { b.t.Helper(); b.axe(name, "document") }

// colours reports what axe-core finds in the colours, which are all that another
// theme changes.
func (b *browser) colours(name string) {
	b.t.Helper()
	b.axe(name, "document", "color-contrast", "link-in-text-block")
}

// axe reports what axe-core finds in a part of the page, by all of its rules or
// by some.
func (b *browser) axe(name, part string, rules ...string) {
	b.t.Helper()
	var violations []string
	if !eval[bool](b, `!!window.axe`) {
		b.do(chromedp.Evaluate(axe+`;0`, nil))
	}
	options := `{ resultTypes: ["violations"] }`
	if len(rules) > 0 {
		options = fmt.Sprintf(`{ resultTypes: ["violations"], runOnly: "%s".split(" ") }`, strings.Join(rules, " "))
	}
	// What is half faded in or out has no colour of its own yet.
	b.do(chromedp.Evaluate(`document.getAnimations().filter((a) => a.effect.getTiming().iterations !== Infinity).forEach((a) => a.finish())`, nil))
	b.do(chromedp.Evaluate(`axe.run(`+part+`, `+options+`).then((r) => r.violations.flatMap((v) => v.nodes.slice(0, 3).map((n) =>
			v.id + ": " + n.html.slice(0, 160) + " | " + (n.any[0] ?? n.all[0] ?? n.none[0] ?? {}).message)))`, &violations, awaited))
	for _, v := range violations {
		b.t.Errorf("%s: axe: %s", name, v)
	}
	_ = b.complaints() // of axe-core itself
}

func TestTheSignInPageIsSoundInEveryLook(t *testing.T) {
	dir := folder(t)
	b := open(t, serve(t))
	b.do(chromedp.Navigate(b.server.url + "/"))
	for _, l := range looks() {
		b.wear(l)
		b.shoot(dir, "sign-in-"+l.String())
		b.sound("sign-in " + l.String())
	}
}

// One walk through all pages for each language does all that is looked at on
// every page: what is complained of, cut off, wider than the window, in another
// language, and what axe-core finds.
func TestEveryPageIsSoundInEveryLook(t *testing.T) {
	dir := folder(t)
	for _, r := range []reading{
		{lang: "en", letters: "А-Яа-яЁё", other: "ru", widths: []int64{1440, 390}},
		{lang: "ru", letters: "A-Za-z", other: "en", widths: []int64{390, 1440}}, // what is opened at last may change what there is
	} {
		t.Run(r.lang, func(t *testing.T) {
			t.Parallel()
			s := serve(t)
			paths := slices.DeleteFunc(append(registered(t), s.full(t)...), func(p string) bool { return !strings.Contains(p, os.Getenv("WHETSTONE_PAGES")) })
			r.browser, r.found = open(t, s), make(map[string]bool)
			r.signIn()
			for _, width := range r.widths {
				r.wear(look{r.lang, "light", width})
				for _, path := range paths {
					r.visit("#/" + path)
					r.looked(dir, path, width)
				}
			}
		})
	}
}

// looked looks at a page at one width, in both themes.
func (r *reading) looked(dir, path string, width int64) {
	r.t.Helper()
	light, dark := look{r.lang, "light", width}, look{r.lang, "dark", width}
	name := path + " " + light.String()
	r.quiet(name)
	r.marked(name)
	r.wide(name)
	r.whole(name)
	r.shoot(dir, path+"-"+light.String())
	// The pages of the languages differ in their words, which are longest where
	// the window is narrow.
	if r.lang == "en" || width < 600 {
		r.violations(name)
	}
	r.do(themed("dark"))
	r.shoot(dir, path+"-"+dark.String())
	if r.lang == "en" {
		r.colours(path + " " + dark.String())
	}
	r.do(themed("light"))
	if width < 600 {
		return
	}
	r.report(path)
	if r.lang == "ru" {
		r.opened(path)
		_ = r.complaints() // of what the keys began
	}
}
