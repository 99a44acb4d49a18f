package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestAnOperatorWorksInAnotherHelpdesksWindowByKeyboard(t *testing.T) {
	s := serve(t)
	d := newDesk(t, s, asks("D-1", "D-2", refund), asks("D-2", "D-1", "Can you tune my grand piano at home?"))
	s.allow(t, false, d.url)
	p := sitAt(t, s)
	p.open(d, "D-1", "")
	p.see(drafted)
	p.see(`document.querySelectorAll(".widget-source mark").length > 0 && !document.querySelector("mark.lit")`)
	// A marker that is focused lights the sentences and the passages.
	p.do(chromedp.Focus("iframe"), chromedp.KeyEvent(kb.Tab))
	p.see(`document.activeElement.className === "widget-marker"`)
	p.see(`document.querySelector("mark.lit") && document.querySelector(".widget-cited.lit") && document.querySelector(".widget-source.lit")`)
	p.until(`parseInt(document.querySelector("iframe").style.height) > 400`)
	p.see(`document.documentElement.scrollHeight <= innerHeight + 1`) // no scrollbar within

	p.do(chromedp.KeyEvent("i"))
	p.until(`document.getElementById("editor").value.includes("Return items")`)
	if text := eval[string](p.browser, `document.getElementById("editor").value`); strings.Contains(text, "[1]") {
		t.Errorf("the editor holds markers: %q", text)
	}
	p.press(`document.querySelector("[aria-label='Good draft']").click()`)
	p.see(`document.querySelector("[aria-label='Good draft'][aria-pressed=true]")`)
	p.do(chromedp.Click("#send"))
	p.see(`document.body.innerText.includes("Sent as it is")`)
	s.comes(t, "D-1", "displayed", "copied", "rated5", "sent")

	p.do(chromedp.Click("#next"))
	p.see(`document.querySelector("h1").textContent === "No draft for this one" && document.querySelector(".widget-abstained p").textContent.length > 20`)
	if got := d.tokens.Load(); got != 2 {
		t.Errorf("%d tokens were made for two tickets", got)
	}
	p.do(chromedp.Click("#next"))
	p.see(drafted)
	// The same dialogue is answered once, and rejected with its reason.
	p.press(`document.querySelector(".widget-actions .primary").focus()`)
	p.do(chromedp.KeyEvent("r"))
	p.see(`document.activeElement.name === "reason"`)
	p.do(chromedp.KeyEvent(kb.ArrowDown))
	p.see(`document.activeElement.value === "outdated" && document.activeElement.checked`)
	p.do(chromedp.KeyEvent(kb.Enter))
	p.see(`document.body.innerText.includes("Rejected: It is out of date")`)
	s.comes(t, "D-1", "sent", "rejectedoutdated")
	for _, f := range p.faults(d) {
		t.Error(f)
	}
}

func TestAStrangersPageCannotShowThePanel(t *testing.T) {
	s := serve(t)
	d := newDesk(t, s, asks("D-1", "", refund))
	s.allow(t, false, "https://desk.example.org")
	p := sitAt(t, s)
	p.open(d, "D-1", "")
	p.until(`document.querySelector("iframe").src.includes("/widget/?of=")`)
	var heard string
	blocked, said := false, false
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end) && !(blocked && said); time.Sleep(50 * time.Millisecond) {
		heard += strings.Join(p.complaints(), "\n")
		blocked, said = strings.Contains(heard, "frame-ancestors"), strings.Contains(heard, `console.error: "Whetstone:"`)
	}
	if !blocked {
		t.Error("the browser did not refuse to frame it")
	}
	if !said {
		t.Error("nobody told the page that the panel is not there")
	}
	if p.in() != 0 {
		t.Error("something ran in the panel")
	}
	// Nor the console, ever.
	r, err := http.Get(s.url + "/") //nolint:noctx // a test's own server
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Body.Close() // its head was read
	if !strings.Contains(r.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
		t.Errorf("the console may be framed: %q", r.Header)
	}
}

func TestAnExpiredTokenIsReplacedWithoutAPress(t *testing.T) {
	s := serve(t)
	d := newDesk(t, s, asks("D-1", "", refund))
	s.allow(t, false, d.url)
	p := sitAt(t, s)
	p.open(d, "D-1", "")
	p.see(drafted)
	s.allow(t, true, d.url) // what was made before holds no more
	p.press(`document.querySelector("[aria-label='Bad draft']").click()`)
	p.see(`document.querySelector("[aria-label='Bad draft'][aria-pressed=true]")`)
	s.comes(t, "D-1", "rated1")
	if got := d.tokens.Load(); got != 2 {
		t.Errorf("%d tokens were made", got)
	}
}

func TestThePanelMarksASentenceWithoutASourceAsItArrives(t *testing.T) {
	url, goOn := scribe(t, "You can return most items within 30 days of delivery if they are unused. [1] ", "You can return it within 90 days. [1] ", "Thank you! ", "Kind regards!")
	s := serve(t, "WHETSTONE_CHAT_URL="+url, "WHETSTONE_CHAT_MODEL=m")
	d := newDesk(t, s, asks("D-1", "", "How do I return an item I bought?"))
	s.allow(t, false, d.url)
	p := sitAt(t, s)
	p.open(d, "D-1", "")
	goOn()
	goOn()
	goOn() // the third begins: the second is finished
	p.see(`document.querySelector(".widget-writing") && document.querySelector(".widget-unproven")?.textContent.includes("within 90 days")`)
	goOn()
	p.see(drafted)
	p.see(`document.querySelectorAll(".widget-unproven").length === 1 && document.body.innerText.includes("Kind regards!")`)
}

func TestWhyACallOfThePanelFailedIsSaidInItsLanguage(t *testing.T) {
	s := serve(t)
	d := newDesk(t, s, asks("D-1", "", refund))
	s.allow(t, false, d.url)
	p := sitAt(t, s)
	p.open(d, "D-1", "")
	p.see(drafted)
	p.do(chromedp.Evaluate(`panel.set({ lang: "ru" })`, nil))
	p.see(`document.documentElement.lang === "ru"`)
	for _, tt := range []struct {
		status       int
		detail, want string
	}{
		{403, "forbidden: this token is for ticket D-1 alone", "Обращения или черновика больше нет."},
		{429, "too many requests with this key; wait as Retry-After says and try again", "Слишком много запросов: попробуйте позже."},
		{500, "something went wrong here; the log has it under request 01ABC", "На сервере что-то сломалось, в его журнале это запрос 01ABC"},
		{418, "of which nobody has thought", "Не получилось."},
	} {
		p.press(fmt.Sprintf(`window.fetch = async () => new Response(%s, { status: %d, headers: { "Content-Type": "application/problem+json" } })`,
			quote(fmt.Sprintf(`{"status":%d,"detail":%q}`, tt.status, tt.detail)), tt.status))
		p.press(`document.querySelector("[aria-label='Плохой черновик']").click()`)
		p.see(fmt.Sprintf(`document.querySelector(".notice.bad")?.textContent === %s`, quote(tt.want)))
	}
}

func TestOnlyThePageAndThePanelHearEachOther(t *testing.T) {
	s := serve(t)
	d := newDesk(t, s, asks("D-1", "", refund))
	s.allow(t, false, d.url)
	p := sitAt(t, s)
	p.open(d, "D-1", "")
	p.see(drafted)
	// Another frame in the page speaks to the panel; the page itself speaks as if it were the panel.
	p.do(chromedp.Evaluate(`{
		const f = document.createElement("iframe");
		f.sandbox = "allow-scripts";
		f.srcdoc = "<script>parent.frames[0].postMessage({ whetstone: 1, type: 'set', lang: 'ru' }, '*'); parent.postMessage({ whetstone: 1, type: 'insert', text: 'evil' }, '*'); parent.postMessage('done', '*')<\/script>";
		addEventListener("message", (e) => e.data === "done" && (window.spoke = true));
		document.body.append(f);
		window.postMessage({ whetstone: 1, type: "insert", text: "evil" }, "*");
	}`, nil))
	p.until(`window.spoke`)
	p.see(`document.documentElement.lang === "en"`)
	p.do(chromedp.Evaluate(`panel.set({ lang: "ru" })`, nil))
	p.see(`document.documentElement.lang === "ru" && document.body.innerText.includes("Источники")`)
	if text := eval[string](p.browser, `document.getElementById("editor").value`); text != "" {
		t.Errorf("a stranger wrote %q into the editor", text)
	}
	// The token is in no address.
	if src := eval[string](p.browser, `document.querySelector("iframe").src`); strings.Contains(src, "wst_") {
		t.Errorf("the frame's address holds a token: %s", src)
	}
}

func TestScriptInAnArticleOrATicketDoesNotRunInThePanel(t *testing.T) {
	s := serve(t)
	const evil = `<script>parent.postMessage("ran","*");window.ran=1</script><img src=x onerror="window.ran=1"> [press](javascript:window.ran=1)`
	article := func(address string) string {
		b, err := json.Marshal(map[string]string{
			"title": "Zorblax calibration " + evil, "url": address, "locale": "en",
			"body": "## Zorblax calibration\n\nTo calibrate the zorblax, hold the green lever for nine seconds. " + evil + "\n",
		})
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if got := s.put(t, "/v1/articles/zorblax", article("javascript:window.ran=1")); got != http.StatusUnprocessableEntity {
		t.Errorf("an article's address is a script: %d", got)
	}
	s.call(t, "PUT", "/v1/articles/zorblax", article("https://help.example.org/z"), nil)
	d := newDesk(t, s, asks("D-1", "", "How do I calibrate the zorblax? "+evil))
	s.allow(t, false, d.url)
	p := sitAt(t, s)
	p.open(d, "D-1", "")
	p.see(`document.querySelector(".widget-source") && !document.querySelector("[aria-busy=true]")`)
	p.see(`document.body.innerText.includes("<script>")`) // it is there, as text
	for _, js := range []string{`window.ran`, `document.querySelector("img, a[href^=javascript]")`, `document.querySelector("#app script")`} {
		var yes bool
		if err := p.says("!!("+js+")", &yes); err != nil || yes {
			t.Errorf("%s in the panel: %v %v", js, yes, err)
		}
	}
	if eval[bool](p.browser, `!!window.ran`) {
		t.Error("it ran in the helpdesk's page")
	}
}

func TestThePanelIsSoundInEveryLook(t *testing.T) {
	s := serve(t)
	long := strings.Repeat("Сверхдлинноесловобезпробелов", 12)
	s.call(t, "PUT", "/v1/articles/long", `{"title":`+quote(long)+`,"locale":"ru","body":"Чтобы откалибровать зорблакс, удерживайте зелёный рычаг девять секунд."}`, nil)
	d := newDesk(t, s, asks("D-1", "", refund), asks("D-2", "", "How long does the refund take in 2087 on Mars?"),
		asks("D-3", "", "Как откалибровать зорблакс зелёным рычагом?"), asks("D-4", "", "كيف أعيد المنتج؟"))
	s.allow(t, false, d.url)
	p := sitAt(t, s)
	dir := folder(t)
	for _, ticket := range []string{"D-1", "D-2", "D-3", "D-4"} {
		for _, l := range []look{{"en", "light", 960}, {"ru", "dark", 960}, {"ru", "light", 320}, {"en", "dark", 320}} {
			p.do(emulation.SetDeviceMetricsOverride(l.width, 900, 1, l.width < 600))
			p.open(d, ticket, "&lang="+l.lang+"&theme="+l.theme)
			p.see(`document.querySelector(".widget-draft h1") && !document.querySelector("[aria-busy=true]") && document.documentElement.lang === ` + quote(l.lang))
			var wrong []string
			if err := p.says(axe+`;axe.run(document, { resultTypes: ["violations"] }).then((r) => {
				const out = r.violations.flatMap((v) => v.nodes.slice(0, 3).map((n) => v.id + ": " + n.html.slice(0, 160) + " | " + (n.any[0] ?? n.all[0] ?? n.none[0] ?? {}).message));
				if (document.documentElement.scrollWidth > innerWidth) out.push("it is wider than its frame");
				return out;
			})`, &wrong); err != nil {
				t.Fatal(err)
			}
			name := "widget-" + ticket + "-" + l.String()
			for _, w := range wrong {
				t.Errorf("%s: %s", name, w)
			}
			p.shoot(dir, name)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) == 0 {
		t.Errorf("no screenshots in %s: %v", filepath.Base(dir), err)
	}
}
