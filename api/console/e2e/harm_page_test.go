package e2e

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// A CSV that is opened in a spreadsheet runs nothing, whoever named what is in
// it; numbers stay numbers, and a program reads each text as it was but for the
// sign that keeps it one. And in the hour that comes twice, a time says which of
// the two it is.
func TestFilesForSpreadsheetsAndTheHourThatComesTwice(t *testing.T) {
	b := gallery(t, backend())
	for text, want := range map[string]string{
		`=HYPERLINK("https://evil.test")`: `"'=HYPERLINK(""https://evil.test"")"`, "+1+cmd|' /C calc'!A0": "'+1+cmd|' /C calc'!A0", "-2+3": "'-2+3", "@SUM(A1)": "'@SUM(A1)",
		"  =1": "'  =1", "\t=1": "'\t=1", "\r=1": "\"'\r=1\"", "\n=1": "\"'\n=1\"", "＝1": "'＝1", "＋1": "'＋1", "－1": "'－1", "＠A": "'＠A",
		"plain": "plain", "a=b": "a=b", "a,b": `"a,b"`, `say "x"`: `"say ""x"""`, "two\nlines": "\"two\nlines\"", "a;b": `"a;b"`, "": "",
	} {
		got := eval[string](b, `gallery.csv([[`+quote(text)+`, -5]])`)
		if got != "\ufeff"+want+",-5\r\n" {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
	b.do(emulation.SetTimezoneOverride("America/New_York"), chromedp.Navigate(b.server.url+"/"), chromedp.WaitVisible("h1"))
	shown := func(at string) string {
		return eval[string](b, `gallery.format.dateTime(`+quote(at)+`).replace(/[\u202f\u00a0]/g, " ")`)
	}
	if first, second := shown("2026-11-01T05:30:00Z"), shown("2026-11-01T06:30:00Z"); first == second || !strings.Contains(first, "01:30") || !strings.Contains(second, "01:30") {
		t.Errorf("half past one is %q and an hour later %q", first, second)
	}
	for at, want := range map[string]string{"2026-11-01T04:30:00Z": "1 Nov 00:30", "2026-11-01T07:30:00Z": "1 Nov 02:30", "2026-03-08T06:30:00Z": "8 Mar 01:30", "2026-03-08T07:30:00Z": "8 Mar 03:30"} {
		if got, err := moment(shown(at), time.UTC); err != nil || got.Format("2 Jan 15:04") != want {
			t.Errorf("%s is %q, want %q: %v", at, shown(at), want, err)
		}
	}
}

// moment reads what dateTime writes, in British or in American English.
func moment(text string, zone *time.Location) (time.Time, error) {
	at, err := time.ParseInLocation("2 Jan 2006, 15:04", strings.Replace(text, "Sept ", "Sep ", 1), zone)
	if err != nil {
		at, err = time.ParseInLocation("Jan 2, 2006, 03:04 PM", text, zone)
	}
	return at, err
}

// Every time that any page shows is one that the server told, in the reader's
// zone: to the minute, wherever it is written.
func TestEveryPageTellsTheTimesThatTheServerTold(t *testing.T) {
	zone, err := time.LoadLocation("America/St_Johns")
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t)
	gap := s.failing(t)
	s.call(t, "POST", "/v1/keys", `{"name":"timed","role":"helpdesk"}`, nil)
	b := open(t, s)
	b.do(chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := page.AddScriptToEvaluateOnNewDocument(`{
			const real = fetch, find = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;
			window.told = new Set();
			window.fetch = async (...a) => {
				const r = await real(...a);
				if (r.body && !r.headers.get("Content-Type")?.includes("event-stream")) for (const at of (await r.clone().text()).match(find) ?? []) told.add(at.slice(0, 16));
				return r;
			};
		}`).Do(ctx)
		return err
	}))
	b.signIn()
	b.zone(zone.String())
	seen := 0
	for _, page := range append(registered(t), "gaps/"+gap, "work/V-1034", "knowledge/articles/returns", "settings/audit") {
		b.visit("#/" + page)
		told := make(map[string]bool)
		for _, at := range eval[[]string](b, `[...window.told]`) {
			told[at] = true
		}
		for _, shown := range eval[[]string](b, `[...new Set([document.body.innerText, ...[...document.querySelectorAll("[title]")].map((e) => e.title)].join("\n").replace(/[\u202f\u00a0]/g, " ").match(/\b(?:[A-Z][a-z]{2} \d{1,2}, \d{4}, \d\d:\d\d [AP]M|\d{1,2} [A-Z][a-z]{2,3} \d{4}, \d\d:\d\d)/g) ?? [])]`) {
			at, err := moment(shown, zone)
			if err != nil {
				t.Errorf("%s: %q: %v", page, shown, err)
				continue
			}
			seen++
			if !told[at.UTC().Format("2006-01-02T15:04")] {
				t.Errorf("%s says %s, which the server did not tell", page, shown)
			}
		}
		for _, wrong := range eval[[]string](b, `[...document.querySelectorAll("time")].filter((e) => !e.dateTime || !told.has(new Date(e.dateTime).toISOString().slice(0, 16))).map((e) => e.outerHTML)`) {
			t.Errorf("%s: %s is of a time that the server did not tell", page, wrong)
		}
	}
	if seen < 15 {
		t.Errorf("only %d times were looked at", seen)
	}
}
