package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// The language is chosen in the person's menu, by keys; it is the person's from
// then on, in every browser, and what was being typed is there after it.
func TestTheLanguageIsSwitchedByKeysAndStays(t *testing.T) {
	s := serve(t)
	b := invited(t, s, "operator")
	b.until(`document.querySelector("h1")?.textContent === "Work" && document.querySelector("tr[data-at]")`)
	b.keys("j")
	b.drafted("V-1042")
	b.writing()
	b.keys("Ctrl+Home")
	b.write("Half a sent")
	b.keys("Escape") // out of the field; Tab goes on from there

	const inRussian = `document.documentElement.lang === "ru" && document.querySelector(".work-send .button-text")?.textContent === "Отправить"`
	b.do(chromedp.Evaluate(`window.before = true`, nil))
	b.menuOfThePerson()
	b.item("Русский")
	b.until(`!window.before && ` + inRussian) // the page was loaded again
	typed := `document.querySelector(".work-area").value.startsWith("Half a sent")`
	b.until(typed)
	b.shoot(folder(t), "language-switched")
	b.sound("work, in Russian")
	b.reload()
	b.until(inRussian + ` && ` + typed)

	other := open(t, s)
	other.do(chromedp.Navigate(s.url + "/"))
	other.over("E-mail", "operator@shop.test")
	other.over("Password", "a few good words")
	other.keys("Enter")
	other.until(`document.documentElement.lang === "ru" && document.querySelector("h1")?.textContent === "Работа"`)
	if other.complaints(); !eval[bool](other, `localStorage.getItem("whetstone.lang") === "ru"`) {
		t.Error("the other browser does not remember the language")
	}

	// And back, where nobody has typed anything.
	other.until(`document.querySelector("tr[data-at]")`)
	other.menuOfThePerson()
	other.item("English")
	other.until(`document.documentElement.lang === "en" && document.querySelector("h1")?.textContent === "Work"`)
}

// menuOfThePerson opens the menu with the language, which stands before the page.
func (b *browser) menuOfThePerson() {
	b.t.Helper()
	b.back(whose(".side .person"))
	b.keys("Enter")
}
