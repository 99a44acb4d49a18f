package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// What is wrong for the eye in a table: a cell with a button that cuts it off,
// a figure that leaves its column, and a head whose titles do not stand on one line.
const uneven = `[...document.querySelectorAll(".table-box")].flatMap((box) => {
	const out = [...box.querySelectorAll("td:has(button)")].filter((td) => td.scrollWidth > td.clientWidth && getComputedStyle(td).overflowX !== "visible").map((td) => "cut off: " + td.textContent);
	out.push(...[...box.querySelectorAll("td.end span")].filter((e) => e.clientWidth > 0 && e.scrollWidth > e.clientWidth).map((e) => "runs out: " + e.textContent));
	const tops = [...box.querySelectorAll("th")].flatMap((th) => {
		const text = document.createTreeWalker(th, NodeFilter.SHOW_TEXT).nextNode(), range = document.createRange();
		if (!text || th.querySelector(".hidden") || th.getBoundingClientRect().width === 0) return [];
		range.selectNodeContents(text);
		return range.getClientRects().length > 1 ? [] : [Math.round(range.getBoundingClientRect().top * 2) / 2];
	});
	return Math.max(...tops) - Math.min(...tops) > 0.5 ? [...out, "heads at " + tops] : out;
})`

func TestALeadReadsWhatIsThere(t *testing.T) {
	s := serve(t)
	s.full(t)
	b := member(t, s, "lead", "ru")
	var made struct{ ID string }
	for _, page := range []string{"learning/operators", "pilots/delivery", "pilots", "learning/acceptance"} {
		b.visit("#/" + page)
		b.until(`document.querySelector(".table-box tbody tr")`)
		for _, x := range eval[[]string](b, uneven) {
			t.Errorf("%s: %s", page, x)
		}
	}
	b.says("Написано заново") // what was sent instead of a draft has a figure of its own

	// A chart has a place for what is known, and the table all.
	s.call(t, "POST", "/v1/suggestions", `{"text":"Как вернуть чайник?","operator":{"id":"zoe"}}`, &made)
	s.call(t, "POST", "/v1/suggestions/"+made.ID+"/feedback", `{"kind":"sent"}`, nil)
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if _, report := s.try(t, "GET", "/v1/reports/acceptance?by=operator", ""); strings.Contains(string(report), `"zoe"`) {
			break
		}
	}
	b.visit("#/learning/acceptance?by=operator")
	b.reload()
	b.says("На графике не больше 12")
	b.until(`document.querySelector(".table-box tbody").innerText.includes("zoe") && !document.querySelector("svg.chart, .chart svg").textContent.includes("zoe")`)

	// Whose judgements count as they should is said in a sentence, and nothing before it.
	b.visit("#/learning/operators/anna")
	b.until(`document.querySelector(".learning-verdict")?.textContent.startsWith("anna:")`)
	b.visit("#/learning/jobs")
	b.until(`![...document.querySelectorAll(".badge")].some((e) => e.textContent.trim().length < 2)`)

	// What was typed before is said to be back when it is, and not while it is typed.
	b.visit("#/pilots?new=yes")
	b.do(chromedp.SendKeys(".pilots-form input", "осень"))
	b.until(`document.querySelector(".pilots-form input").value === "осень"`)
	if eval[bool](b, `document.body.innerText.includes("Введённое раньше")`) {
		t.Error("what is being typed is said to be from before")
	}
	b.reload()
	b.says("Введённое раньше снова здесь")

	s.call(t, "POST", "/v1/pilots/delivery/stop", "", nil)
	b.visit("#/pilots/delivery")
	b.until(`document.querySelector(".pilots-sentence").innerText.match(/остановлен/gi)?.length === 1`)
}

func TestAnAdminSeesOnATelephoneWhoIsWhatAndWhatWasChanged(t *testing.T) {
	s := bare(t)
	b := member(t, s, "admin", "ru")
	s.call(t, "PUT", "/v1/articles/returns", `{"title":"Returns","body":"Send it back within 14 days."}`, nil)
	b.do(emulation.SetDeviceMetricsOverride(390, 900, 1, true))
	b.visit("#/settings/people")
	b.until(`document.querySelector("main tbody").innerText.includes("администратор")`)
	b.visit("#/settings/audit")
	b.until(`document.querySelector("main tbody tr").innerText.includes("returns")`)
	b.until(`/\d\d:\d\d/.test(document.querySelector("main tbody tr").innerText) && document.querySelector("main tbody tr").innerText.includes("Статья: сохранение")`)
	b.wide("the audit log")

	b.visit("#/settings/model")
	for _, name := range []string{"EMBEDDINGS_URL", "EMBEDDINGS_MODEL", "CHAT_URL", "CHAT_MODEL"} {
		b.says("WHETSTONE_" + name)
	}
	b.wide("the model server")
	b.do(emulation.SetDeviceMetricsOverride(1440, 900, 1, false))
	b.visit("#/settings/connectors")
	b.until(`!!document.querySelector('.nav a[aria-current="page"][href="#/settings/connectors"]') && !!document.querySelector('main a[href="#/sources/new"]')`)

	// A connection that does not get through is not said to be in step, and why is said with the way out.
	s.call(t, "PUT", "/v1/connections/away", `{"kind":"folder","config":{"path":"/nowhere/at/all"}}`, nil)
	s.call(t, "POST", "/v1/connections/away/sync", `{}`, nil)
	b.do(emulation.SetDeviceMetricsOverride(390, 900, 1, true))
	b.visit("#/sources")
	b.until(`document.querySelector("main tbody .badge")?.textContent === "Сбой"`)
	b.visit("#/sources/away")
	b.says("WHETSTONE_FOLDERS")
	b.until(`document.querySelector("main .badge").textContent === "Сбой" && [...document.querySelectorAll(".table-box")].every((e) => e.scrollWidth <= e.clientWidth)`)
	b.do(emulation.SetDeviceMetricsOverride(1440, 900, 1, false))

	// Where a helpdesk's token goes is said with what is known of it.
	b.visit("#/sources/new")
	b.do(chromedp.Evaluate(`[...document.querySelectorAll("main input[type=radio]")].at(-1).click()`, nil), chromedp.WaitVisible("main select"))
	b.do(chromedp.SetValue("main select", "helpscout"), chromedp.Evaluate(`document.querySelector("main select").dispatchEvent(new Event("change", { bubbles: true }))`, nil))
	b.do(chromedp.SendKeys(`main input[type="url"]`, "https://docsapi.helpscout.net/"))
	b.says(`WHETSTONE_TOKEN_HELPSCOUT="docsapi.helpscout.net …"`)
	b.says("Help Scout")

	// Whoever signed out signs in again without a pointer.
	b.do(chromedp.Click(".side-foot .person"), inMenu(), chromedp.KeyEvent(kb.End), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".door"))
	b.until(`document.activeElement.type === "email"`)
}

func TestAnAxisOfNumbersHasRoundValues(t *testing.T) {
	b := gallery(t, backend())
	for _, width := range []int64{1440, 390} {
		b.do(emulation.SetDeviceMetricsOverride(width, 900, 1, width < 600))
		b.settled()
		said := eval[[]string](b, `[...document.querySelectorAll('svg[aria-label^="Calibration"] .tick[text-anchor]')].filter((e) => +e.getAttribute("y") === 244).map((e) => e.textContent)`)
		if want := map[int64]string{1440: "0% 10% 20% 30% 40% 50% 60% 70% 80% 90% 100%", 390: "0% 25% 50% 75% 100%"}[width]; strings.Join(said, " ") != want {
			t.Errorf("at %d the axis says %q, want %s", width, said, want)
		}
	}
	// What a bar is called takes a second line where one is too short.
	b.do(emulation.SetDeviceMetricsOverride(640, 900, 1, false))
	b.until(`[...document.querySelectorAll('svg[aria-label^="Reasons"] tspan')].some((e) => e.textContent === "название")`)
	b.do(emulation.SetDeviceMetricsOverride(1440, 900, 1, false))
	b.do(chromedp.Focus(`svg[aria-label^="Calibration"]`), chromedp.KeyEvent(kb.Home))
	b.until(`[...document.querySelectorAll(".chart-tip div")].every((e) => e.clientHeight < 30)`) // each value on a line of its own
	b.until(`[...document.querySelectorAll('svg[aria-label^="Calibration"] .name')].length === 2`)
	b.whole("the gallery")
}

// learnedInATopic is a version that learned nothing of a source but in one of
// its topics, and of another nothing that counts.
const learnedInATopic = `{"version":7,"status":"rejected","status_at":"2026-11-20T10:00:00Z","created_at":"2026-11-20T10:00:00Z","note":"Not promoted: the rankers differ on 8 of 66 groups of questions, and fewer than 10 do not tell gain from chance.",
	"figures":{},"learned":{"factors":{},"sources":{
		"refund-timing-ru":{"revision":1,"kept":1,"whole":{"useful":1,"useless":1,"kept":1,"brought":0,"dropped":1,"against":0,"lower":0.4,"bonus":0,"last":"2026-11-12T09:00:00Z"},
			"by_topic":{"t-1":{"useful":0,"useless":1,"kept":0,"brought":0,"dropped":2,"against":0,"lower":0.2,"bonus":-0.034,"last":"2026-11-14T05:00:00Z"}}},
		"delivery-cost-ru":{"revision":1,"kept":1,"whole":{"useful":1,"useless":0,"kept":1,"brought":0,"dropped":0,"against":0,"lower":0.6,"bonus":0,"last":"2026-11-12T09:00:00Z"}}}}}`

func TestInfluenceInOneTopicIsShownAndNoneIsNot(t *testing.T) {
	b := member(t, serve(t), "lead", "ru")
	b.do(chromedp.Evaluate(`{
		const real = window.fetch, version = `+learnedInATopic+`;
		window.fetch = (...a) => String(a[0]?.url ?? a[0]).endsWith("/v1/rankers/7") ? Promise.resolve(new Response(JSON.stringify(version), { headers: { "Content-Type": "application/json" } })) : real(...a);
	}`, nil))
	b.visit("#/learning/rankers/7")
	b.says("в одной из тем")
	if rows := eval[string](b, `[...document.querySelectorAll(".table-box tbody tr")].map((r) => r.innerText).join("|")`); strings.Count(rows, "|") != 0 || !strings.Contains(rows, "−0,034") {
		t.Errorf("the sources with an influence are %q", rows)
	}
	b.until(`document.querySelector("main").innerText.includes("Не введена")`) // why it does not serve is read without a press
}
