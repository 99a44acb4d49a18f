package e2e

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const words = "a few good words"

// known makes somebody of a role who has chosen a password, and returns their id.
func (s *server) known(t *testing.T, b *browser, role, email string) (id string) {
	t.Helper()
	b.do(chromedp.Navigate(s.person(t, role, email)), chromedp.WaitVisible(`input[type="password"]`), chromedp.SendKeys(`input[type="password"]`, words+kb.Enter), chromedp.WaitVisible(".shell"))
	return eval[string](b, `fetch("/v1/session").then((r) => r.json()).then((s) => s.person.id)`)
}

// tab opens another page of the same browser, with the same cookies.
func (b *browser) tab() *browser {
	b.t.Helper()
	two := window(b.t, b.server, b.jar)
	two.do(chromedp.Navigate(b.server.url+"/"), chromedp.WaitVisible(".shell, .door"))
	return two
}

// out waits until the page has nothing but the door.
func (b *browser) out(why string) {
	b.t.Helper()
	b.until(`document.querySelector('.door input[type="email"]') && !document.querySelector(".shell") && document.querySelector(".notice").textContent.includes(` + quote(why) + `)`)
}

// Whatever ends a session, the pages that were open close: at the next call, and
// at the latest when somebody looks at them again.
func TestASessionThatEndsClosesThePagesThatAreOpen(t *testing.T) {
	s := serve(t)
	for name, end := range map[string]struct{ method, path, body string }{
		"another role": {"PATCH", "", `{"role":"lead"}`}, "shut out": {"PATCH", "", `{"active":false}`}, "a new password": {"POST", "/reset", ""},
	} {
		b := open(t, s)
		id := s.known(t, b, "editor", strings.ReplaceAll(name, " ", "-")+"@shop.test")
		b.visit("#/knowledge/articles")
		s.call(t, end.method, "/v1/people/"+id+end.path, end.body, nil)
		// The tab calls nothing: it is looked at again.
		b.do(chromedp.Evaluate(`document.dispatchEvent(new Event("visibilitychange"))`, nil))
		b.out("session ended")
		if got := eval[int](b, `fetch("/v1/articles").then((r) => r.status)`); got != 401 {
			t.Errorf("%s: the cookie still opens the articles: %d", name, got)
		}
		b.do(chromedp.Evaluate(`location.hash = "#/knowledge/cases"`, nil))
		b.until(`document.querySelector('.door input[type="email"]') && !document.querySelector(".table-box")`)
	}
}

func TestTabsOfOneBrowserShowOnePerson(t *testing.T) {
	s := serve(t)
	b := open(t, s)
	s.known(t, b, "editor", "anna@shop.test")
	s.known(t, b, "admin", "boris@shop.test") // in the same browser: Anna's session is over
	b.visit("#/settings/people")
	two := b.tab()
	two.visit("#/settings/people")
	b.do(chromedp.Click(".side .person"), inMenu(), chromedp.KeyEvent(kb.End), chromedp.KeyEvent(kb.Enter))
	b.out("signed out")
	two.out("signed out")
	if got := eval[int](two, `fetch("/v1/people").then((r) => r.status)`); got != 401 {
		t.Errorf("after signing out the cookie opens the people: %d", got)
	}
	// Somebody else signs in here: the other tab is theirs too, with their rights.
	b.do(chromedp.SendKeys(`input[type="email"]`, "anna@shop.test"), chromedp.SendKeys(`input[type="password"]`, words+kb.Enter), chromedp.WaitVisible(".shell"))
	two.until(`document.querySelector(".side .person-role")?.textContent === "editor" && document.querySelector(".state h1")`)
	if eval[bool](two, `document.body.innerText.includes("boris@shop.test")`) {
		t.Error("the other tab shows what is an admin's")
	}
	two.visit("#/knowledge/articles")
	two.do(chromedp.KeyEvent("n"), chromedp.WaitVisible(".knowledge-paper"), chromedp.SendKeys("main input", "Made in the other tab"), publishing())
	two.said("Saved")
}

func TestWhoHasToWaitIsToldUntilWhen(t *testing.T) {
	s := serve(t)
	s.known(t, open(t, s), "lead", "lead@shop.test")
	b := open(t, s) // a stranger's
	b.do(chromedp.Navigate(s.url+"/"), chromedp.WaitVisible(`input[type="email"]`), chromedp.SendKeys(`input[type="email"]`, "lead@shop.test"))
	for range 6 {
		b.do(chromedp.Evaluate(`document.querySelector(".notice")?.remove(); { const f = document.querySelector('input[type="password"]'); f.focus(); f.select(); }`, nil), chromedp.KeyEvent("not the words"+kb.Enter))
		b.until(`!document.querySelector('[aria-busy="true"]')`)
	}
	b.until(`/Try again in 1 min, at \d\d:\d\d/.test(document.querySelector(".notice.bad")?.textContent)`)
	b.shoot(folder(t), "sign-in-locked")
	_ = b.complaints() // that the tries were refused
	b.sound("sign-in, locked")
	b.wear(look{"ru", "light", 390})
	b.do(chromedp.SendKeys(`input[type="email"]`, "lead@shop.test"), chromedp.SendKeys(`input[type="password"]`, words+kb.Enter))
	b.until(`/снова через 1 мин, в \d\d:\d\d/.test(document.querySelector(".notice.bad")?.textContent)`)
	b.shoot(folder(t), "sign-in-locked-ru")
}

// Two admins: the second is told, sees what the first has written, and has what
// they typed; what only the first has changed stays changed.
func TestTwoAdminsOfOneWorkspaceOverwriteNothing(t *testing.T) {
	s := serve(t)
	b := open(t, s)
	b.signIn()
	b.visit("#/settings/workspace")
	b.fill("A judgement counts half", "90")
	b.fill("Events from one operator", "4000")
	s.call(t, "PUT", "/v1/settings", `{"case_memory":true,"approve_cases":true,"promote":"by_hand","risk":0.1,"half_life_days":60,"daily_cap":5000}`, nil)
	b.do(chromedp.KeyEvent("s", chromedp.KeyModifiers(2)))
	b.until(`document.querySelector(".settings-met")?.innerText.includes("60") && document.querySelector(".settings-met").innerText.includes("90") && !document.querySelector(".settings-met").innerText.includes("4000")`)
	b.until(labelled("A judgement counts half") + `.value === "90" && ` + labelled("Events from one operator") + `.value === "4000" && ` + labelled("By hand") + `.checked`)
	_ = b.complaints() // the conflict
	b.shoot(folder(t), "settings-conflict")
	b.sound("settings, a conflict")
	b.reload() // neither is lost by one
	b.until(`document.querySelector(".settings-met")?.innerText.includes("60") && ` + labelled("Events from one operator") + `.value === "4000"`)
	b.press("Take theirs")
	b.until(labelled("A judgement counts half") + `.value === "60" && !document.querySelector(".settings-met")`)
	b.do(chromedp.KeyEvent("s", chromedp.KeyModifiers(2)))
	b.says("It counts from now on")
	var now struct {
		Approve  bool    `json:"approve_cases"`
		Promote  string  `json:"promote"`
		HalfLife float64 `json:"half_life_days"`
		Cap      int     `json:"daily_cap"`
	}
	if s.call(t, "GET", "/v1/settings", "", &now); !now.Approve || now.Promote != "by_hand" || now.HalfLife != 60 || now.Cap != 4000 {
		t.Errorf("the settings are %+v", now)
	}
	b.fill("Events from one operator", "3000") // the version is the new one now
	b.do(chromedp.KeyEvent("s", chromedp.KeyModifiers(2)))
	b.until(`!document.querySelector(".settings-bar")`)

	b.fill("Addresses, one a line", "https://mine.example.org")
	s.call(t, "PUT", "/v1/widget", `{"origins":["https://theirs.example.org"]}`, nil)
	b.press("Save")
	b.until(`document.querySelector(".settings-met")?.innerText.includes("https://theirs.example.org") && ` + labelled("Addresses") + `.value.includes("mine.example.org")`)
	_ = b.complaints()
}

func TestTwoAdminsOfOneProfileOverwriteNothing(t *testing.T) {
	s := serve(t)
	second(t, s, "careful")
	b := open(t, s)
	b.signIn()
	b.visit("#/settings/profiles/careful")
	b.fill("Draft for an operator from", "31")
	var theirs map[string]any
	s.call(t, "GET", "/v1/profiles/careful", "", &theirs)
	theirs["min_draft"], theirs["instructions"] = 0.27, "Be brief."
	body, err := json.Marshal(theirs)
	if err != nil {
		t.Fatal(err)
	}
	s.call(t, "PUT", "/v1/profiles/careful", string(body), nil)
	b.press("Save")
	b.until(`document.querySelector(".settings-met")?.innerText.includes("27") && document.querySelector(".settings-met").innerText.includes("31")`)
	b.until(labelled("Draft for an operator from") + `.value === "31" && document.querySelector("textarea").value === "Be brief."`)
	_ = b.complaints() // the conflict
	b.sound("a profile, a conflict")
	b.press("Save")
	b.says("made so from now on")
	if s.call(t, "GET", "/v1/profiles/careful", "", &theirs); theirs["min_draft"] != 0.31 || theirs["instructions"] != "Be brief." {
		t.Errorf("the profile is %v", theirs)
	}
	// What the form does not show is no reason to ask.
	b.fill("Draft for an operator from", "33")
	if body, err = json.Marshal(theirs); err != nil {
		t.Fatal(err)
	}
	s.call(t, "PUT", "/v1/profiles/careful", string(body), nil)
	b.press("Save")
	b.until(`!document.querySelector(".settings-bar")`)
	if s.call(t, "GET", "/v1/profiles/careful", "", &theirs); theirs["min_draft"] != 0.33 {
		t.Errorf("the profile is %v", theirs)
	}
}
