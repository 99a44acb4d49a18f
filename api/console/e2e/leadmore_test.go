package e2e

import (
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestAnAddressThatIsASectionLeadsToItsFirstPage(t *testing.T) {
	s := serve(t)
	b := open(t, s)
	b.signIn()
	for address, want := range map[string]string{"#/settings": "#/settings/people", "#/knowledge": "#/knowledge/articles", "#/learning": "#/learning", "#/pilots": "#/pilots"} {
		b.visit(address)
		b.until(`location.hash === ` + quote(want))
	}
	operator := invited(t, s, "operator")
	operator.visit("#/settings")
	operator.says("This page is not for your role")
}

// finds opens the palette, types, and returns where the first thing found leads.
func (b *browser) finds(text, want string) {
	b.t.Helper()
	b.do(command("k"), chromedp.WaitVisible(".palette-field"), chromedp.KeyEvent(text))
	b.until(`document.querySelector('[role="option"]')?.textContent.includes(` + quote(want) + `)`)
	b.do(chromedp.KeyEvent(kb.Enter), chromedp.WaitNotPresent("dialog"))
	b.settled()
}

func TestThePaletteFindsByIdInBothLanguagesAndInSpiteOfSlips(t *testing.T) {
	s := serve(t)
	s.call(t, "PUT", "/v1/articles/slippers-77", `{"title":"Тапочки Ксилофон и уход за ними","body":"Стирайте вручную."}`, nil)
	s.call(t, "PUT", "/v1/tickets/QX-4711", `{"subject":"Heliotrope","messages":[{"role":"customer","text":"Where is my kettle?"}]}`, nil)
	b := open(t, s)
	b.signIn()
	for text, want := range map[string]string{"slippers-77": "Тапочки", "тапчоки": "Тапочки", "rcbkjajy": "Тапочки", "ксилофона": "Тапочки"} {
		b.finds(text, want)
		b.until(`location.hash === "#/knowledge/articles/slippers-77"`)
		b.visit("#/pilots")
	}
	b.finds("QX-4711", "Heliotrope")
	b.until(`location.hash === "#/work/QX-4711"`)
	for text, want := range map[string]string{"журнал": "#/settings/audit", "connectors": "#/settings/connectors", "webhoks": "#/settings/webhooks"} {
		b.do(command("k"), chromedp.WaitVisible(".palette-field"), chromedp.KeyEvent(text))
		b.until(`document.querySelectorAll('[role="option"]').length === 1 || document.querySelector('[role="option"]')`)
		b.do(chromedp.KeyEvent(kb.Enter), chromedp.WaitNotPresent("dialog"))
		b.until(`location.hash === ` + quote(want))
		b.settled()
	}
}

func TestAPersonChangesTheirPasswordAndSignsOutEverywhere(t *testing.T) {
	s := serve(t)
	b := invited(t, s, "lead")
	account := func() {
		b.do(chromedp.Click(".side .person"), inMenu(), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".account"))
	}
	account()
	b.shoot(folder(t), "account")
	b.sound("account")
	b.fill("Current password", "not the words")
	b.fill("New password", "other good words")
	b.do(chromedp.KeyEvent(kb.Enter))
	b.says("This is not your current password")
	b.fill("Current password", "a few good words")
	b.do(chromedp.KeyEvent(kb.Enter))
	b.says("The password is changed")
	b.fill("Your name", "Vera Lead")
	b.press("Save")
	b.until(`document.querySelector(".side .person-name").textContent === "Vera Lead"`)
	b.complaints() // of the password that was refused

	other := open(t, s)
	other.do(chromedp.Navigate(s.url), chromedp.WaitVisible(`input[type="email"]`), chromedp.SendKeys(`input[type="email"]`, "lead@shop.test"),
		chromedp.SendKeys(`input[type="password"]`, "other good words"+kb.Enter), chromedp.WaitVisible(".shell"))
	b.press("Sign out everywhere")
	b.says("Sign out everywhere?")
	b.press("Sign out everywhere")
	b.do(chromedp.WaitVisible(`input[type="email"]`))
	other.reload()
	other.do(chromedp.WaitVisible(`input[type="email"]`))
}

// told has six drafts judged: one is rejected, the others are sent as they are.
func (s *server) told(t *testing.T) {
	t.Helper()
	for i := range 6 {
		var got struct {
			ID string `json:"id"`
		}
		s.call(t, "POST", "/v1/suggestions", `{"text":"Сроки возврата денег?","operator":{"id":"anna","group":"Возврат"}}`, &got)
		event := `{"kind":"sent"}`
		if i == 0 {
			event = `{"kind":"rejected","reason":"wrong"}`
		}
		s.call(t, "POST", "/v1/suggestions/"+got.ID+"/feedback", event, nil)
	}
}

func TestAChartIsReadByKeysAsATableAndAsFiles(t *testing.T) {
	s := serve(t)
	s.told(t)
	b := open(t, s)
	b.signIn()
	b.do(chromedp.Evaluate(`localStorage.setItem("whetstone.lang", "ru")`, nil))
	b.reload()
	for range 20 { // what was told is digested within seconds
		b.visit("#/learning/acceptance?by=team&period=all")
		if eval[bool](b, `document.body.innerText.includes("5 из 6")`) {
			break
		}
		b.reload()
	}
	b.until(`document.querySelector(".chart pattern") && document.querySelector(".chart .bar")`)
	b.do(chromedp.Focus(".chart-box > svg"), chromedp.KeyEvent(kb.ArrowRight), chromedp.WaitVisible(".chart-tip"))
	if tip := eval[string](b, `document.querySelector(".chart-tip").innerText.replace(/\s+/g, " ")`); !strings.Contains(tip, "Возврат") || !strings.Contains(tip, "83 %") || !strings.Contains(tip, "n = 6") {
		t.Errorf("by keys it says %q", tip)
	}
	b.do(chromedp.Evaluate(`{ window.saved = {}; const make = URL.createObjectURL; URL.createObjectURL = (blob) => { blob.text().then((x) => { saved[blob.type] = x; }); return make(blob); }; HTMLAnchorElement.prototype.click = () => {}; }`, nil))
	b.press("Скачать CSV")
	b.press("Скачать SVG")
	b.until(`Object.keys(saved).length === 2`)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(eval[string](b, `saved["text/csv;charset=utf-8"]`), "\ufeff"))).ReadAll()
	if err != nil || len(rows) < 2 || rows[1][0] != "Возврат" {
		t.Fatalf("the CSV is %q: %v", rows, err)
	}
	if share, err := strconv.ParseFloat(rows[1][1], 64); err != nil || share < 0.83 || share > 0.84 {
		t.Errorf("a program reads the share as %q", rows[1][1])
	}
	drawing := eval[string](b, `saved["image/svg+xml;charset=utf-8"]`)
	for d := xml.NewDecoder(strings.NewReader(drawing)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("the SVG is not well formed: %v", err)
		}
	}
	for _, has := range []string{"<pattern", "Пригодились", "Без правок", "83\u00a0%", "Принятие"} {
		if !strings.Contains(drawing, has) {
			t.Errorf("%q is not in the SVG", has)
		}
	}
	if strings.Contains(drawing, "class=") || strings.Contains(drawing, "var(--") {
		t.Error("the SVG depends on the console's styles")
	}
	b.press("Таблица")
	b.until(`/83\s%/.test(document.querySelector(".chart-table td").textContent)`)
	for _, c := range b.complaints() {
		t.Error(c)
	}
}

func TestAPilotWithFewDraftsSaysSoInsteadOfAVerdict(t *testing.T) {
	s := serve(t)
	second(t, s, "careful")
	s.call(t, "PUT", "/v1/pilots/small", `{"profile":"careful","percent":50}`, nil)
	s.call(t, "POST", "/v1/pilots/small/start", "", nil)
	s.told(t)
	b := invited(t, s, "lead")
	b.visit("#/pilots/small")
	b.says("Too few to compare yet: each arm needs 20 drafts")
	if eval[bool](b, `!!document.querySelector(".chart, .pilots-verdict")`) {
		t.Error("a chart or a verdict is drawn of six drafts")
	}
}
