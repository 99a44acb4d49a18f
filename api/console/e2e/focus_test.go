package e2e

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// shown tells of what has the focus where it is, how it is named, and what is
// wrong with how it shows. What is around it is compared with and without the
// focus, because a ring may be drawn by what holds a field.
const shown = `(() => {
	const e = document.activeElement;
	if (!e || e === document.body || e === document.documentElement) return { name: "", wrong: [] };
	e.dataset.passed = e.dataset.passed ? e.dataset.passed + "x" : "x";
	const settle = () => { for (const a of document.getAnimations()) if (a.effect.getTiming().iterations !== Infinity) a.finish(); };
	const around = [e, e.parentElement, e.parentElement?.parentElement, e.parentElement?.parentElement?.parentElement, e.parentElement?.parentElement?.parentElement?.parentElement].filter((x) => x && x !== document.body);
	const look = () => (settle(), around.flatMap((x) => [null, "::before", "::after"].map((part) => {
		const s = getComputedStyle(x, part);
		return [s.outlineStyle === "none" ? 0 : s.outlineWidth + s.outlineColor, s.boxShadow, s.borderColor, s.backgroundColor].join();
	})).join(";"));
	const focused = look();
	const r = e.getBoundingClientRect();
	const wrong = [];
	if (r.width < 2 || r.height < 2) wrong.push("is nothing to see");
	const x = Math.max(r.left, 0) / 2 + Math.min(r.right, innerWidth) / 2, y = Math.max(r.top, 0) / 2 + Math.min(r.bottom, innerHeight) / 2;
	if (r.right <= 0 || r.left >= innerWidth || r.bottom <= 0 || r.top >= innerHeight) wrong.push("is outside the window at " + [r.left, r.top, r.right, r.bottom].map(Math.round));
	else {
		const hit = document.elementFromPoint(x, y);
		if (hit && !e.contains(hit) && !hit.contains(e) && hit.htmlFor !== e.id) wrong.push("lies under " + hit.tagName + "." + hit.className);
	}
	e.blur();
	const plain = look();
	e.focus({ preventScroll: true });
	if (focused === plain) wrong.push("looks as if it had no focus");
	return { name: e.tagName.toLowerCase() + "." + e.className + " " + (e.getAttribute("aria-label") ?? e.labels?.[0]?.textContent ?? e.textContent).trim().slice(0, 40), wrong, again: e.dataset.passed.length > 1 };
})()`

// tabThrough passes everything on the page by Tab, once, and reports what
// cannot be seen while it has the focus.
func (b *browser) tabThrough(page string) {
	b.t.Helper()
	const most = 400
	b.do(chromedp.Evaluate(`for (const e of document.querySelectorAll("[data-passed]")) if (!e.closest(".side")) delete e.dataset.passed; document.querySelector("#content h1").focus()`, nil))
	var last string
	for n := range most {
		b.keys("Tab")
		at := eval[struct {
			Name  string
			Wrong []string
			Again bool
		}](b, shown)
		if at.Again {
			if n < 2 {
				b.t.Errorf("%s: only %d things have the focus, the last is %q", page, n, last)
			}
			return
		}
		if at.Name == "" {
			continue // between the end of the page and its beginning
		}
		last = at.Name
		for _, w := range at.Wrong {
			b.t.Errorf("%s: with the focus, %q %s", page, at.Name, w)
		}
	}
	b.t.Errorf("%s: after %d times Tab the page is not through, but at %q", page, most, last)
}

func TestTheFocusIsSeenEverywhere(t *testing.T) {
	paths := append(registered(t), "work/V-1042", "work/V-1032", "pilots/seen", "knowledge/articles/refund-timing-ru", "pilots?new=yes", "settings/profiles/default")
	for _, width := range []int64{1440, 390} {
		t.Run(strconv.FormatInt(width, 10), func(t *testing.T) {
			t.Parallel()
			s := serve(t)
			second(t, s, "careful")
			s.call(t, "PUT", "/v1/pilots/seen", `{"profile":"careful","groups":["a"],"percent":20}`, nil)
			b := open(t, s)
			b.signIn()
			b.do(emulation.SetDeviceMetricsOverride(width, 900, 1, width < 600))
			for _, path := range paths {
				if path == "knowledge" || strings.HasPrefix(path, "settings/") && width < 600 && path != "settings/people" && path != "settings/profiles/default" || !strings.Contains(path, os.Getenv("WHETSTONE_PAGES")) {
					continue
				}
				b.visit("#/" + path)
				b.tabThrough(fmt.Sprintf("%s at %d", path, width))
			}
		})
	}
}
