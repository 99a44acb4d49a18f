package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// scribe is a model server that writes a reply sentence by sentence, each one
// when it is told to go on.
func scribe(t *testing.T, sentences ...string) (url string, goOn func()) {
	t.Helper()
	next := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // nobody asks any more
		}
		say := func(delta, end string) {
			told(w, "text/event-stream", fmt.Sprintf("data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"content\":%s},\"finish_reason\":%s}]}\n\n", quote(delta), end))
			_ = http.NewResponseController(w).Flush() // it fails only if the server is gone
		}
		if strings.Contains(string(body), "Say: ready") { // whether it works at all
			say("ready", `"stop"`)
			return
		}
		for _, sentence := range sentences {
			select {
			case <-next:
				say(sentence, "null")
			case <-r.Context().Done():
				return
			}
		}
		say("", `"stop"`)
		told(w, "text/event-stream", "data: [DONE]\n\n")
	}))
	t.Cleanup(s.Close)
	return s.URL + "/v1", func() {
		t.Helper()
		select {
		case next <- struct{}{}:
		case <-time.After(patience):
			t.Fatal("the model is not asked for more")
		}
	}
}

// asked puts a ticket with one question.
func (s *server) asked(t *testing.T, id, question string) {
	t.Helper()
	s.call(t, "PUT", "/v1/tickets/"+id, fmt.Sprintf(`{"messages":[{"role":"customer","author":"Ann","text":%q}]}`, question), nil)
}

// A model's draft comes sentence by sentence, after its sources; what none of
// them bears out is marked, and is taken out and brought back at a press.
func TestADraftArrivesAsItIsWritten(t *testing.T) {
	url, goOn := scribe(t, "You can return most items within 30 days of delivery if they are unused. [1] ",
		"You can return it within 90 days. [1] ", "We also send you a gift voucher of 500 euros. [1] ", "Kind regards!")
	s := serve(t, "WHETSTONE_CHAT_URL="+url, "WHETSTONE_CHAT_MODEL=m")
	b := open(t, s)
	b.signIn()
	s.asked(t, "R-1", "How do I return an item I bought?")
	b.visit("#/work/R-1")
	b.until(`document.querySelectorAll(".work-source").length > 0 && document.querySelector('.work-area[aria-busy="true"]').value === ""`)
	goOn()
	goOn() // the second begins: the first is finished
	b.until(`document.querySelector('.work-area[aria-busy="true"]').value === "You can return most items within 30 days of delivery if they are unused."`)
	b.until(`document.querySelector(".work-source.used") && document.querySelectorAll(".work-note").length === 1`)
	b.shoot(folder(t), "work-writing")
	goOn() // the third begins: the second is finished, and no source bears it out
	b.until(`document.querySelector('.work-area[aria-busy="true"]').value === "You can return most items within 30 days of delivery if they are unused. You can return it within 90 days."`)
	b.until(`document.querySelector(".work-span.unproven")?.textContent === "You can return it within 90 days." && document.querySelectorAll(".work-note").length === 2`)
	b.sound("work, a sentence without a source while more is written")
	b.shoot(folder(t), "work-doubting")
	goOn()
	b.drafted("R-1")
	b.until(`document.querySelectorAll(".work-span.unproven").length === 2`)
	b.sound("work, sentences without a source")
	b.shoot(folder(t), "work-unproven")
	b.do(chromedp.Focus(".work-notices .notice.warn .button"), chromedp.KeyEvent(kb.Enter))
	b.until(`document.querySelector(".work-area").value === "You can return most items within 30 days of delivery if they are unused. Kind regards!"`)
	b.do(chromedp.KeyEvent("z", ctrl))
	b.until(`document.querySelectorAll(".work-span.unproven").length === 2`)
}

// Of a draft that broke off only what sources support is left in the field.
func TestADraftThatBrokeOffKeepsNoSentenceWithoutASource(t *testing.T) {
	url, goOn := scribe(t, "You can return most items within 30 days of delivery if they are unused. [1] ", "You can return it within 90 days. [1] ", "Kind regards!", "Bye.")
	s := serve(t, "WHETSTONE_CHAT_URL="+url, "WHETSTONE_CHAT_MODEL=m")
	b := open(t, s)
	b.signIn()
	s.asked(t, "R-2", "How do I return an item I bought?")
	b.visit("#/work/R-2")
	b.until(`document.querySelector('.work-area[aria-busy="true"]')`)
	goOn()
	goOn()
	goOn()
	b.until(`document.querySelector(".work-span.unproven")`)
	b.press("I will write it myself")
	b.until(`!document.querySelector(".work-span.unproven") && document.querySelector('.work-area:not([aria-busy="true"])').value === "You can return most items within 30 days of delivery if they are unused."`)
}

func TestASentenceAndItsPassageLightEachOther(t *testing.T) {
	b := open(t, serve(t))
	b.do(emulation.SetFocusEmulationEnabled(true)) // a window in the background hears of no focus
	b.signIn()
	b.visit("#/work/V-1041")
	b.drafted("V-1041")
	b.do(chromedp.Focus(".work-note"))
	b.until(`document.querySelector(".work-source.lit .work-quote mark") && document.querySelector(".work-span.lit")`)
	b.do(chromedp.Evaluate(`document.activeElement.blur()`, nil))
	b.until(`!document.querySelector(".work-span.lit")`)
	b.do(chromedp.Focus(".work-source.used .work-source-foot .button"))
	b.until(`document.querySelector(".work-span.lit")`)
	b.do(chromedp.Focus(".work-source:not(.used) .work-source-foot .button"))
	b.until(`!document.querySelector(".work-span.lit")`)
}

// A reply can be taken back for some seconds, and goes out by itself if whoever
// sent it is elsewhere by then.
func TestAReplyCanBeTakenBackAndGoesOutByItself(t *testing.T) {
	s := serve(t)
	b := open(t, s)
	b.signIn()
	b.visit("#/work/V-1036")
	b.drafted("V-1036")
	b.do(caret(0), chromedp.KeyEvent("Mine. "), chromedp.KeyEvent(kb.Enter, ctrl))
	b.until(`document.querySelector(".work-going")`)
	b.shoot(folder(t), "work-held")
	b.sound("work, on its way")
	b.do(chromedp.KeyEvent("z", ctrl))
	b.until(`document.querySelector(".work-area")?.value.startsWith("Mine. ")`)
	if m := s.ticket(t, "V-1036").Messages; len(m) != 1 {
		t.Fatalf("it was sent all the same: %+v", m)
	}
	b.do(chromedp.KeyEvent(kb.Enter, ctrl))
	b.until(`document.querySelector(".work-going") && document.activeElement.id === "work-held"`)
	b.do(chromedp.KeyEvent("j"))
	b.until(`location.hash !== "#/work/V-1036" && [...document.querySelectorAll(".toast")].some((x) => x.textContent.includes("Sent as you changed it."))`)
	if m := s.ticket(t, "V-1036").Messages; len(m) != 2 || !strings.HasPrefix(m[1].Text, "Mine. ") {
		t.Errorf("the dialogue is %+v", m)
	}
}

func TestAReplyOnItsWayIsSentWhenThePageIsLeft(t *testing.T) {
	s := serve(t)
	b := open(t, s)
	b.signIn()
	b.visit("#/work/V-1042")
	b.drafted("V-1042")
	b.do(chromedp.KeyEvent(kb.Enter, ctrl))
	b.until(`document.querySelector(".work-going")`)
	b.reload()
	b.until(`document.querySelector(".work-learned")`)
	if m := s.ticket(t, "V-1042").Messages; len(m) != 2 {
		t.Errorf("the dialogue is %+v", m)
	}
}

// What an operator says of a draft and its sources can be taken back.
func TestMarksCanBeTakenBack(t *testing.T) {
	s := serve(t)
	b := open(t, s)
	b.signIn()
	b.visit("#/work/V-1041")
	b.drafted("V-1041")
	var ticket struct {
		Suggestion string `json:"suggestion_id"`
	}
	s.call(t, "GET", "/v1/tickets/V-1041", "", &ticket)
	counted := func() string {
		var made struct {
			Feedback *struct {
				Rating  *float64
				Credits []struct{ Votes []any }
			}
		}
		s.call(t, "GET", "/v1/suggestions/"+ticket.Suggestion, "", &made)
		if made.Feedback == nil {
			return "nothing"
		}
		votes := 0
		for _, c := range made.Feedback.Credits {
			votes += len(c.Votes)
		}
		return fmt.Sprint("rated ", made.Feedback.Rating != nil, ", votes ", votes)
	}
	becomes := func(want string) {
		t.Helper()
		got := counted()
		for end := time.Now().Add(15 * time.Second); got != want && time.Now().Before(end); got = counted() {
			time.Sleep(50 * time.Millisecond)
		}
		if got != want {
			t.Errorf("what counts is %q, want %q", got, want)
		}
	}
	b.do(chromedp.Focus(".work-source .menu button, .work-source-head .button"), chromedp.KeyEvent(kb.Enter))
	b.until(`document.querySelector('[role="menuitemradio"], [role="menuitem"]')`)
	b.do(chromedp.Evaluate(`[...document.querySelectorAll('[role^="menuitem"]')].find((x) => x.textContent.includes("Outdated")).click()`, nil))
	b.until(`[...document.querySelectorAll(".work-source .badge")].some((x) => x.textContent === "Outdated")`)
	becomes("rated false, votes 1")
	b.do(chromedp.Click(".toast .button:not(.only-icon)"))
	b.until(`![...document.querySelectorAll(".work-source .badge")].some((x) => x.textContent === "Outdated")`)
	becomes("rated false, votes 0")
	thumb := `.work-thumbs .button`
	b.do(chromedp.Focus(thumb), chromedp.KeyEvent(kb.Enter))
	b.until(`document.querySelector('.work-thumbs [aria-pressed="true"]')`)
	b.do(chromedp.Focus(thumb), chromedp.KeyEvent(kb.Enter))
	b.until(`!document.querySelector('.work-thumbs [aria-pressed="true"]')`)
	becomes("rated false, votes 0")
}

// A case that rests on an article which says something else by now is marked in
// new drafts, and yesterday's draft says that its source has changed.
func TestWhatRestsOnSomethingThatChangedIsMarked(t *testing.T) {
	s := serve(t)
	const was, is = "The sauna is open from 9:00 to 21:00 every day. Bring a towel.", "The sauna is open from 11:00 to 21:00 every day. Bring a towel."
	s.call(t, "PUT", "/v1/articles/sauna", `{"title":"Opening hours of the sauna","body":"`+was+`"}`, nil)
	s.call(t, "PUT", "/v1/cases/sauna-case", `{"title":"When does the sauna open?","problem":"When does the sauna open?","resolution":"`+was+`","resolved_with":"sauna"}`, nil)
	s.run(t, "updates") // what it has not seen cannot change
	b := open(t, s)
	b.signIn()
	s.asked(t, "Q-1", "When does the sauna open?")
	b.visit("#/work/Q-1")
	b.drafted("Q-1")
	b.until(`document.querySelector(".work-area").value.includes("9:00") && !document.querySelector(".work-span.doubtful")`)
	s.call(t, "PUT", "/v1/articles/sauna", `{"title":"Opening hours of the sauna","body":"`+is+`"}`, nil)
	s.run(t, "updates")
	quarantined := func() bool {
		var made struct{ Sources []struct{ Quarantined bool } }
		s.call(t, "GET", "/v1/tickets/Q-1/suggestion", "", &made)
		return made.Sources[0].Quarantined
	}
	for end := time.Now().Add(15 * time.Second); !quarantined(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("nothing is in quarantine")
		}
	}
	b.visit("#/work")
	b.visit("#/work/Q-1") // the draft that there is
	b.drafted("Q-1")
	b.until(`document.querySelector(".work-span.doubtful") && document.querySelector(".work-notices .notice.warn") && document.querySelector(".work-source .badge.bad")`)
	b.sound("work, a quarantined source")
	b.shoot(folder(t), "work-quarantined")
}

func TestTheQueueTellsWhatIsNewAndWhoIsWhere(t *testing.T) {
	s := serve(t)
	b := open(t, s)
	b.signIn()
	other := invited(t, s, "operator")
	other.visit("#/work/V-1041")
	b.visit("#/work")
	b.until(`document.querySelector(".work-inside")?.textContent.includes("operator")`)
	b.until(`document.querySelector("a.work-up") && !document.querySelector("a.work-up").href.endsWith("V-1041")`) // somebody is there
	unread := `[...document.querySelectorAll(".work-row")].find((x) => x.textContent.includes("The stove does not light")).querySelector(".work-dot")`
	b.until(unread)
	b.shoot(folder(t), "work-queue-inside")
	b.sound("work, somebody in a ticket")
	next := eval[string](b, `document.querySelector("a.work-up").hash`)
	b.do(chromedp.KeyEvent("s"))
	b.until(`location.hash === ` + quote(next))
	b.visit("#/work/V-1039")
	b.drafted("V-1039")
	b.visit("#/work")
	b.until(`!(` + unread + `)`)
	b.visit("#/work?priority=urgent")
	b.until(`document.querySelectorAll(".work-row").length === 2`)
	b.visit("#/work?tone=upset")
	b.until(`document.querySelectorAll(".work-row").length === 1`)
}

// Of two who answer one ticket the second is refused, is told who was faster,
// and keeps the text.
func TestTheSecondReplyOfTwoIsRefused(t *testing.T) {
	s := serve(t)
	one, two := open(t, s), invited(t, s, "operator")
	one.signIn()
	for _, b := range []*browser{one, two} {
		b.visit("#/work/V-1042")
		b.drafted("V-1042")
	}
	two.do(caret(0), chromedp.KeyEvent("Second. "))
	// The other's answer comes in the moment between reading and sending.
	two.do(chromedp.Evaluate(`{ const real = fetch; window.fetch = (url, o) => String(url).endsWith("/v1/tickets/V-1042") ? new Promise(() => {}) : real(url, o); window.real = () => { window.fetch = real; }; }`, nil))
	one.do(chromedp.KeyEvent(kb.Enter, ctrl))
	one.learned()
	two.do(chromedp.KeyEvent(kb.Enter, ctrl))
	two.until(`document.querySelector(".work-going")`)
	two.do(chromedp.Evaluate(`real()`, nil))
	two.until(`document.querySelector(".work-notices .notice.warn")?.textContent.includes("Demo")`)
	two.complaints() // that the answer is a conflict
	if m := s.ticket(t, "V-1042").Messages; len(m) != 2 || strings.HasPrefix(m[1].Text, "Second") {
		t.Errorf("the dialogue is %+v", m)
	}
	if got := eval[string](two, `document.querySelector(".work-area").value`); !strings.HasPrefix(got, "Second. ") {
		t.Errorf("the text is %q", got)
	}
}

// The same person has a ticket open twice: what is typed in one tab is there in
// the other, and what is sent is not sent again.
func TestTwoTabsOfOnePersonAreOneDesk(t *testing.T) {
	s := serve(t)
	b := open(t, s)
	b.signIn()
	b.visit("#/work/V-1038")
	b.drafted("V-1038")
	b.do(caret(0), chromedp.KeyEvent("Mine. "))
	second := window(t, s, b.jar)
	second.do(chromedp.Navigate(s.url+"/#/work/V-1038"), chromedp.WaitVisible(".work-desk"))
	second.until(`document.querySelector(".work-area")?.value.startsWith("Mine. ")`)
	second.do(chromedp.KeyEvent(kb.Enter, ctrl))
	second.learned()
	b.do(page.BringToFront())
	b.until(`document.querySelector(".work-sent") || document.querySelector(".work-notices .notice.warn")`)
	b.do(chromedp.KeyEvent(kb.Enter, ctrl))
	if m := s.ticket(t, "V-1038").Messages; len(m) != 3 {
		t.Errorf("the dialogue is %+v", m)
	}
}
