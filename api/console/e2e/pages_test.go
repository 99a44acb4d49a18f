package e2e

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
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
	dir := os.Getenv("WHETSTONE_SCREENSHOTS")
	if dir == "" {
		made, err := os.MkdirTemp("", "whetstone-screenshots-")
		if err != nil {
			t.Fatal(err)
		}
		dir = made
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Logf("screenshots are in %s", dir)
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
	var png []byte
	var size struct{ Width, Height int64 }
	b.do(chromedp.Evaluate(`({ Width: innerWidth, Height: Math.min(4000, Math.max(900, document.documentElement.scrollHeight)) })`, &size))
	// The window is made as high as the page, so that bars stay at its edges.
	b.do(emulation.SetDeviceMetricsOverride(size.Width, size.Height, 1, size.Width < 600), chromedp.CaptureScreenshot(&png),
		emulation.SetDeviceMetricsOverride(size.Width, 900, 1, size.Width < 600))
	file := strings.ReplaceAll(name, "/", "_") + ".png"
	if err := os.WriteFile(filepath.Join(dir, file), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// sound reports what is wrong with the page as it is: what was complained of,
// what is wider than the window, and what axe-core finds.
func (b *browser) sound(name string) {
	b.t.Helper()
	for _, c := range b.complaints() {
		b.t.Errorf("%s: %s", name, c)
	}
	b.wide(name)
	b.violations(name)
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

// violations reports what axe-core finds.
func (b *browser) violations(name string) {
	b.t.Helper()
	var violations []string
	if !eval[bool](b, `!!window.axe`) {
		b.do(chromedp.Evaluate(axe+`;0`, nil))
	}
	b.do(chromedp.Evaluate(`axe.run(document, { resultTypes: ["violations"] }).then((r) => r.violations.flatMap((v) => v.nodes.slice(0, 3).map((n) =>
			v.id + ": " + n.html.slice(0, 160) + " | " + (n.any[0] ?? n.all[0] ?? n.none[0] ?? {}).message)))`, &violations, awaited))
	for _, v := range violations {
		b.t.Errorf("%s: axe: %s", name, v)
	}
	_ = b.complaints() // of axe-core itself
}

func TestEveryPageIsSoundInEveryLook(t *testing.T) {
	dir := folder(t)
	b := open(t, serve(t))
	b.do(chromedp.Navigate(b.server.url + "/"))
	for _, l := range looks() {
		b.wear(l)
		b.shoot(dir, "sign-in-"+l.String())
		b.sound("sign-in " + l.String())
	}
	b.signIn()
	for _, l := range looks() {
		b.wear(l)
		for _, path := range registered(t) {
			if !strings.Contains(path, os.Getenv("WHETSTONE_PAGES")) {
				continue
			}
			b.visit("#/" + path)
			b.shoot(dir, path+"-"+l.String())
			b.sound(path + " " + l.String())
		}
	}
}
