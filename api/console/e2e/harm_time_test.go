package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Zones far from UTC on both sides; one of them is half an hour off, and has
// summer time.
func zones(t *testing.T) map[string]*time.Location {
	t.Helper()
	out := make(map[string]*time.Location)
	for _, name := range []string{"Asia/Vladivostok", "America/St_Johns"} {
		l, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = l
	}
	return out
}

// Every page says when in the reader's zone, and a deadline is the same day
// everywhere.
func TestTimesAreTheReaders(t *testing.T) {
	s := serve(t)
	gap := s.failing(t)
	s.call(t, "PATCH", "/v1/gaps/"+gap, `{"owner":"anna","due":"2031-12-31T23:59:59Z"}`, nil)
	// One reply in the summer time of St. John's, one in its winter: an hour's difference.
	s.call(t, "PUT", "/v1/tickets/when", `{"messages":[{"id":"a","role":"customer","text":"In summer","at":"2026-07-01T18:15:00Z"},{"id":"b","role":"customer","text":"In winter","at":"2026-11-03T18:15:00Z"}]}`, nil)
	s.call(t, "PUT", "/v1/articles/timed", `{"title":"Timed","body":"What was written now."}`, nil)
	s.call(t, "POST", "/v1/keys", `{"name":"timed","role":"helpdesk"}`, nil)
	var article struct {
		UpdatedAt time.Time `json:"updated_at"`
	}
	s.call(t, "GET", "/v1/articles/timed", "", &article)
	b := open(t, s)
	b.signIn()
	for name, zone := range zones(t) {
		b.zone(name)
		// In the order of the reader's English, be it British or American.
		shows := func(page string, at time.Time, formats ...string) {
			t.Helper()
			b.visit("#/" + page)
			all := eval[string](b, `[document.body.innerText, ...[...document.querySelectorAll("[title]")].map((e) => e.title)].join("\n").replace(/\s+/g, " ")`)
			for _, f := range formats {
				if strings.Contains(all, at.In(zone).Format(f)) {
					return
				}
			}
			t.Errorf("%s in %s does not say %s: %.2000s", page, name, at.In(zone).Format(formats[0]), all)
		}
		const exact, american, minute, noon = "2 Jan 2006, 15:04", "Jan 2, 2006, 03:04 PM", "15:04", "03:04 PM"
		const apart, americanApart = "2 Jan 2006 15:04", "Jan 2, 2006 03:04 PM" // the minute in a line of its own
		summer, winter := time.Date(2026, 7, 1, 18, 15, 0, 0, time.UTC), time.Date(2026, 11, 3, 18, 15, 0, 0, time.UTC)
		shows("work/when", summer, minute, noon)
		shows("work/when", winter, minute, noon)
		shows("knowledge/articles", article.UpdatedAt, exact, american)
		shows("settings/keys", article.UpdatedAt, "2 Jan 2006", "Jan 2, 2006")
		var audit struct {
			Entries []struct{ At time.Time }
		}
		s.call(t, "GET", "/v1/audit?limit=1", "", &audit)
		shows("settings/audit", audit.Entries[0].At, apart, americanApart)
		b.visit("#/gaps/" + gap)
		b.until(`/31 Dec 2031|Dec 31, 2031/.test(document.body.innerText)`)
		if eval[bool](b, `/\b1 Jan 2032|Jan 1, 2032|30 Dec 2031|Dec 30, 2031/.test(document.body.innerText)`) {
			t.Errorf("in %s the deadline is another day", name)
		}
	}
}

// A deadline that is set in one zone is the same day in the other.
func TestADeadlineDoesNotMoveWithTheReader(t *testing.T) {
	s := serve(t)
	gap := s.failing(t)
	b := open(t, s)
	b.signIn()
	day := 20
	for name := range zones(t) {
		b.zone(name)
		b.visit("#/gaps/" + gap)
		day++
		b.keys("a")
		b.until(`document.querySelector('dialog[open] input[type="date"]')`)
		b.do(chromedp.Evaluate(fmt.Sprintf(`{ const d = document.querySelector('dialog[open] input[type="date"]'); d.value = "2031-03-%d"; d.dispatchEvent(new Event("input", { bubbles: true })); document.querySelector('dialog[open] [type="submit"]').focus(); }`, day), nil), chromedp.KeyEvent(kb.Enter))
		b.until(`!document.querySelector("dialog[open]")`)
		want := fmt.Sprintf(`/%[1]d Mar 2031|Mar %[1]d, 2031/.test(document.body.innerText)`, day)
		for reader := range zones(t) {
			b.zone(reader)
			b.until(want)
			b.keys("a")
			b.until(fmt.Sprintf(`document.querySelector('dialog[open] input[type="date"]')?.value === "2031-03-%d"`, day))
			b.do(chromedp.KeyEvent(kb.Escape))
			b.until(`!document.querySelector("dialog[open]")`)
		}
	}
}
