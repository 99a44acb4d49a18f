package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// longest is how long, in milliseconds, a list may keep a key or the wheel
// waiting. What is judged is the processor's time: others may be at work on the
// machine too.
const longest = 100

func TestTenThousandTicketsAndFiftyThousandArticlesScrollAndSearchWithoutAPause(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: lists of tens of thousands: filling them takes most of a minute")
	}
	s := serve(t, "WHETSTONE_RATE=0")
	s.fill(t, volume{articles: 50_000, cases: 1_000, tickets: 10_000, suggestions: 100})
	b := open(t, s)
	b.signIn()
	b.visit("#/work")
	b.unhindered("the queue", []string{"kettle", "чайник 12", "m-0042"})
	b.visit("#/work?status=all")
	b.reaches(s.first(t, "/v1/tickets?sort=oldest&limit=1"), time.Minute)
	b.visit("#/knowledge/articles")
	b.unhindered("the articles", []string{"kettle", "как вернуть", "a-0123"})
	b.sorts(s)
	b.visit("#/knowledge/articles")
	b.until(fmt.Sprintf(`document.querySelector("table").getAttribute("aria-rowcount") === "%d"`, s.count(t, "/v1/articles")+1))
	b.reaches(s.first(t, "/v1/articles?sort=changed&brief=true&limit=1"), 2*time.Minute)
	b.jumps()
	b.few(s)
}

// unhindered scrolls through a list and searches in it.
func (b *browser) unhindered(name string, words []string) {
	b.t.Helper()
	b.until(`document.querySelector(".table-box.virtual tr[data-at]")`)
	for _, how := range []struct {
		name string
		do   func(i int)
	}{
		{"the wheel", func(int) { b.frames(`box.scrollBy(0, 600)`) }},
		{"PageDown", func(int) { b.frames(press("PageDown")) }},
		{"End", func(int) { b.frames(press("End")) }},
		{"searching", func(i int) { b.search(words[i]) }},
	} {
		p := b.usual(how.do)
		b.t.Logf("%s, %s: the longest pause is %.0f ms of the processor, in %.0f ms", name, how.name, p.own, p.wall)
		if p.own > longest {
			b.t.Errorf("%s, %s: a pause of %.0f ms, want at most %d", name, how.name, p.own, longest)
		}
	}
	if n := eval[int](b, `document.querySelectorAll("tr[data-at]").length`); n > 80 {
		b.t.Errorf("%s: %d rows are drawn at once", name, n)
	}
}

// press is the script of a key pressed on the row that has the focus.
func press(key string) string {
	return fmt.Sprintf(`{
		const at = document.activeElement?.closest?.("tr[data-at]") ?? box.querySelector('tr[tabindex="0"]') ?? box.querySelector("tr[data-at]");
		at.focus({ preventScroll: true });
		at.dispatchEvent(new KeyboardEvent("keydown", { key: %q, bubbles: true, cancelable: true }));
	}`, key)
}

// frames runs a script in each of 60 frames.
func (b *browser) frames(js string) {
	b.t.Helper()
	b.do(chromedp.Evaluate(fmt.Sprintf(`new Promise((done) => {
		let n = 0;
		const step = () => {
			const box = document.querySelector(".table-box");
			if (n++ === 60 || !box) return done(n);
			%s
			requestAnimationFrame(step);
		};
		step();
	})`, js), nil, awaited))
}

// search types words and waits for what they find.
func (b *browser) search(words string) {
	b.t.Helper()
	field := `main input[type="search"]`
	b.do(chromedp.Focus(field), chromedp.Evaluate(`document.querySelector('`+field+`').select()`, nil), chromedp.KeyEvent(words))
	b.until(`new URLSearchParams(location.hash.split("?")[1]).get("q") === ` + quote(words))
	b.until(`!document.querySelector('.loading, main [aria-busy="true"]') && document.querySelector("tr[data-at], .knowledge-hits li")`)
}

// reaches presses End until a row has come.
func (b *browser) reaches(id string, patience time.Duration) {
	b.t.Helper()
	began := time.Now()
	for last := ""; last != id; {
		if time.Since(began) > patience {
			b.t.Fatalf("after %v the last row is %q, want %q", patience, last, id)
		}
		b.frames(press("End"))
		last = eval[string](b, `decodeURIComponent([...document.querySelectorAll("tr[data-at] a.row-title")].pop()?.href.split("/").pop() ?? "")`)
	}
	b.until(`document.querySelector(".table-box").scrollTop > 1000`)
	b.t.Logf("the end of the list, row %s, was reached in %.1f s", eval[string](b, `[...document.querySelectorAll("tr[data-at]")].pop().dataset.at`), time.Since(began).Seconds())
}

// sorts has the articles sorted by their titles.
func (b *browser) sorts(s *server) {
	b.t.Helper()
	b.visit("#/knowledge/articles")
	p := b.usual(func(int) {
		b.do(chromedp.Focus(".sort"), chromedp.KeyEvent(kb.Enter))
		b.settled()
	})
	b.t.Logf("sorting: the longest pause is %.0f ms of the processor, in %.0f ms", p.own, p.wall)
	if p.own > longest {
		b.t.Errorf("sorting: a pause of %.0f ms", p.own)
	}
	want := s.first(b.t, "/v1/articles?sort=title&brief=true&limit=1")
	b.until(`document.querySelector("tr[data-at] a").href.endsWith(` + quote("/"+want) + `)`)
	if !eval[bool](b, `document.activeElement.classList.contains("sort")`) {
		b.t.Error("after sorting the heading has lost the focus")
	}
}

// count is how many there are of a list.
func (s *server) count(t *testing.T, path string) int {
	t.Helper()
	var page struct{ Total int }
	s.call(t, "GET", path+"?limit=1", "", &page)
	return page.Total
}

// first is the id of the first row of a list.
func (s *server) first(t *testing.T, path string) string {
	t.Helper()
	var page struct{ Articles, Tickets []struct{ ID string } }
	s.call(t, "GET", path, "", &page)
	return append(page.Articles, page.Tickets...)[0].ID
}

// jumps goes to a ticket and to an article from anywhere.
func (b *browser) jumps() {
	b.t.Helper()
	for _, id := range []string{"m-004242", "a-041234"} {
		b.do(chromedp.KeyEvent("k", ctrl), chromedp.WaitReady(".palette-field input"))
		p := b.busiest(func() {
			b.do(chromedp.KeyEvent(id))
			b.until(`document.querySelector(".palette-list li")`)
		})
		b.t.Logf("finding %s: the longest pause is %.0f ms of the processor, in %.0f ms", id, p.own, p.wall)
		b.do(chromedp.KeyEvent(kb.Enter))
		b.until(`location.hash.endsWith(` + quote(id) + `) && !document.querySelector("dialog")`)
		b.settled()
	}
}

// few looks at lists with no row and with one, in the same workspace.
func (b *browser) few(s *server) {
	b.t.Helper()
	dir := folder(b.t)
	look := func(hash, name string, rows int) {
		b.t.Helper()
		b.visit(hash)
		b.until(fmt.Sprintf(`document.querySelectorAll("tr[data-at]").length === %d && !!document.querySelector(".table-box .state h2") === %v`, rows, rows == 0))
		b.shoot(dir, "scale-"+strings.ReplaceAll(name, " ", "-"))
		b.sound(name)
	}
	look("#/knowledge/articles?locale=de", "no article", 0)
	s.call(b.t, "PUT", "/v1/articles/einer", `{"title":"Rückgabe","body":"Binnen 14 Tagen.","locale":"de"}`, nil)
	b.visit("#/work")
	look("#/knowledge/articles?locale=de", "one article", 1)
	b.until(`document.querySelector(".tail").textContent.startsWith("1 ")`)
	look("#/work?topic=nowhere", "no ticket", 0)
	s.call(b.t, "PUT", "/v1/tickets/lonely", `{"topic":"nowhere","messages":[{"role":"customer","text":"Anybody here?"}]}`, nil)
	b.visit("#/knowledge/articles")
	look("#/work?topic=nowhere", "one ticket", 1)
	look("#/settings/audit?subject=nothing", "no entry", 0)
	look("#/settings/audit?subject=einer", "one entry", 1)
}
