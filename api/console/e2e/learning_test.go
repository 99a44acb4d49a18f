package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// second makes a profile beside the default, so that there is one to try.
func second(t *testing.T, s *server, name string) {
	t.Helper()
	var profile map[string]any
	s.call(t, "GET", "/v1/profiles/default", "", &profile)
	delete(profile, "name")
	delete(profile, "$schema")
	body, err := json.Marshal(profile)
	if err != nil {
		t.Fatal(err)
	}
	s.call(t, "PUT", "/v1/profiles/"+name, string(body), nil)
}

// pilot is what the API says of one.
type pilot struct {
	Status  string   `json:"status"`
	Profile string   `json:"profile"`
	Groups  []string `json:"groups"`
	Percent int      `json:"percent"`
	History []struct {
		Action string `json:"action"`
	} `json:"history"`
}

func TestALeadMakesAPilotRampsItRollsItBackAndStopsItByKeys(t *testing.T) {
	s := serve(t)
	second(t, s, "careful")
	b := invited(t, s, "lead")
	dir := folder(t)
	b.keys("g", "p")
	b.at("#/pilots")
	b.keys("n")
	// The name has the focus; the only other profile is chosen already.
	b.until(has(whose(".pilots-form input")))
	b.write("delivery-20")
	b.tabTo(whose(".pilots-add input"))
	b.write("Доставка")
	b.keys("Enter")
	b.until(`document.querySelector(".pilots-groups input")?.checked`)
	if says := eval[string](b, `document.querySelector(".pilots-says .pilots-sentence").textContent`); says != "20% of the operators of “\u2068Доставка\u2069” get profile “careful”; the others get the default profile." {
		t.Errorf("what will happen is %q", says)
	}
	b.shoot(dir, "pilot-form")
	b.sound("the form of a pilot")
	b.reload()
	b.until(`document.querySelector(".pilots-form input")?.value === "delivery-20"`) // what was typed is there after a reload
	b.keys("Ctrl+Enter")
	b.at("#/pilots/delivery-20")
	b.watches()

	b.ramps("30%")

	// The way back stands in the history, at what it leads to.
	b.tabTo(whose(".table-box td button"))
	b.keys("Enter")
	b.until(has(whose(`dialog [type="submit"]`)))
	if says := eval[string](b, `document.querySelector("dialog .asking-body").textContent`); !strings.HasPrefix(says, "20% of the operators of “\u2068Доставка\u2069”") {
		t.Errorf("rolling back is said to come to %q", says)
	}
	b.keys("Enter")
	b.gone()
	b.until(`document.querySelector(".pilots-sentence").textContent.includes("20%")`)
	b.back(whose(".page-actions .danger"))
	b.keys("Enter")
	b.until(has(whose(`dialog [type="submit"]`)))
	b.keys("Enter")
	b.gone()
	b.until(`document.querySelector(".pilots-sentence").textContent.includes("Stopped") && ` + has(`e !== document.body`))
	b.shoot(dir, "pilot-stopped")
	b.sound("a pilot")

	var p pilot
	s.call(t, "GET", "/v1/pilots/delivery-20", "", &p)
	var did []string
	for _, h := range p.History {
		did = append(did, h.Action)
	}
	if p.Status != "stopped" || p.Percent != 20 || strings.Join(did, " ") != "created started ramped ramped stopped" {
		t.Errorf("the pilot is %+v", p)
	}
}

// ramps gives a pilot two steps more of the operators, by keys, and waits until
// the page says the share.
func (b *browser) ramps(share string) {
	b.t.Helper()
	b.keys("p")
	b.until(has(whose(`dialog input[type="range"]`)))
	b.keys("ArrowRight", "ArrowRight")
	b.until(`document.querySelector("dialog").textContent.includes("` + share + `")`)
	b.tabTo(whose(`dialog [type="submit"]`))
	b.keys("Enter")
	b.gone()
	b.until(`document.querySelector(".pilots-sentence").textContent.includes("` + share + `")`)
}

// watches has the operators of the pilot's team judge drafts, and sees how many
// each arm has so far.
func (b *browser) watches() {
	b.t.Helper()
	for i := range 8 {
		var made struct{ ID string }
		b.server.call(b.t, "POST", "/v1/suggestions", fmt.Sprintf(`{"text":"Сроки доставки?","operator":{"id":"o%d","group":"Доставка"}}`, i), &made)
		b.server.call(b.t, "POST", "/v1/suggestions/"+made.ID+"/feedback", `{"kind":"sent"}`, nil)
	}
	b.keys("g", "p")
	b.at("#/pilots")
	b.tabTo(whose("tr[data-at]"))
	b.keys("Enter")
	b.until(`document.querySelector(".pilots-dots") && (document.querySelector(".chart") || /So far there are .*[1-9]/.test(document.body.innerText))`) // that it is too few is told with how many there are
}

func TestALeadSeesHowDraftsFareAndUndoesAnInfluence(t *testing.T) {
	s := serve(t)
	s.told(t)
	s.call(t, "PUT", "/v1/operators/%3Cb%3Eanna/override", `{"action":"reset"}`, nil)
	b := invited(t, s, "lead")
	dir := folder(t)
	// What was told is digested within seconds.
	for range 20 {
		b.visit("#/learning/acceptance?by=team&period=all")
		if eval[bool](b, `document.body.innerText.includes("5 of 6")`) {
			break
		}
		b.reload()
	}
	b.until(`document.querySelector(".figure-value")?.textContent === "83%" && document.querySelector(".chart")`)
	b.shoot(dir, "acceptance")
	b.sound("acceptance")
	for _, page := range []string{"learning", "learning/confidence", "learning/rankers", "learning/sources", "learning/sources/refund-timing-ru"} {
		b.visit("#/" + page)
		b.sound(page)
	}
	b.jump("Operators", "#/learning/operators")
	if eval[int](b, `document.querySelectorAll(".row-title b").length`) > 0 {
		t.Error("the name of an operator is HTML")
	}
	b.pick("Actions: <b>anna", "Let count again")
	b.until(has(whose(`dialog [type="submit"]`)))
	b.keys("Enter")
	b.gone()
	b.until(`document.querySelector(".toast")`)
	var left struct {
		Operators []struct {
			Override string `json:"override"`
		} `json:"operators"`
	}
	s.call(t, "GET", "/v1/operators", "", &left)
	for _, o := range left.Operators {
		if o.Override != "" {
			t.Errorf("the decision still stands: %+v", o)
		}
	}
}
