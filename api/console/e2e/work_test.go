package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// ctrl holds the control key.
func ctrl(k *input.DispatchKeyEventParams) *input.DispatchKeyEventParams {
	k.Modifiers = input.ModifierCtrl
	return k
}

// caret puts the caret of the reply at a place.
func caret(at int) chromedp.Action {
	return chromedp.Evaluate(fmt.Sprintf(`{ const area = document.querySelector(".work-area"); area.focus(); area.setSelectionRange(%[1]d, %[1]d); }`, at), nil)
}

// drafted waits until a ticket is open whose draft has come, or that has none.
func (b *browser) drafted(id string) {
	b.t.Helper()
	b.until(`location.hash === "#/work/` + id + `" && document.querySelector(".work-area") && !document.querySelector('.work-area[aria-busy="true"]') && (document.querySelector(".work-area").value || document.querySelector(".work-abstained"))`)
}

// learned waits for the line that says what sending taught, and returns it.
func (b *browser) learned() string {
	b.t.Helper()
	b.until(`document.querySelector(".work-learned[role=status]")`)
	return eval[string](b, `document.querySelector(".work-learned").textContent`)
}

// ticketSeen is what a test reads of a ticket.
type ticketSeen struct {
	Status   string `json:"status"`
	Version  int64  `json:"version"`
	Messages []struct {
		Role, Text, Author string
	} `json:"messages"`
}

func (s *server) ticket(t *testing.T, id string) (out ticketSeen) {
	t.Helper()
	s.call(t, "GET", "/v1/tickets/"+id, "", &out)
	return out
}

// An operator's day without a mouse: a draft sent as it is, one edited with a
// passage put in, one rejected with a reason, one that was not written, and a
// reply that outlives a lost connection and a reload.
func TestAnOperatorsDayByKeyboard(t *testing.T) {
	s := serve(t)
	b := invited(t, s, "operator")
	dir := folder(t)
	b.until(`document.querySelector('tr[data-at="0"]')`)
	b.shoot(dir, "work-day-queue")
	b.keys("j")
	b.drafted("V-1042")
	b.choose("Good draft")
	b.until(has(`e.getAttribute("aria-pressed") === "true"`))
	b.keys("Ctrl+Enter")
	b.until(`document.querySelector(".work-held")`)
	b.keys("Ctrl+z") // it was too soon
	b.until(has(whose(".work-area")))
	b.sends()
	if said := b.learned(); !strings.Contains(said, "Sent as it was drafted. Kept") || !strings.Contains(said, "credited") {
		t.Errorf("after sending the draft as it is: %q", said)
	}
	b.shoot(dir, "work-day-sent")
	b.sound("work, sent")
	b.editsAndInserts(dir)
	b.rejects()
	b.tellsTheEditors(dir)
	b.answersOverALostConnection()
	b.sound("work")
}

// onward opens the next ticket from the one that was answered: what leads there
// has the focus.
func (b *browser) onward(id string) {
	b.t.Helper()
	b.until(has(`e.id === "work-next"`))
	b.keys("Enter")
	b.drafted(id)
}

// writing puts the focus into the reply by its key.
func (b *browser) writing() {
	b.t.Helper()
	b.keys("e")
	b.until(has(whose(".work-area")))
}

// sends sends the reply, without the seconds in which it can be taken back.
func (b *browser) sends() {
	b.t.Helper()
	b.keys("Ctrl+Enter")
	b.choose("Send now")
}

func (b *browser) editsAndInserts(dir string) {
	b.t.Helper()
	b.onward("V-1041")
	b.writing()
	b.keys("Ctrl+Home")
	b.write("Hello Tom! ")
	b.until(`document.querySelector(".work-source.lit .work-quote mark")`) // the caret is in a sentence
	before := eval[int](b, `document.querySelector(".work-area").value.length`)
	b.keys("Alt+1")
	b.until(fmt.Sprintf(`document.querySelector(".work-area").value.length > %d`, before+20))
	b.keys("Ctrl+z")
	b.until(fmt.Sprintf(`document.querySelector(".work-area").value.length === %d`, before))
	b.keys("Ctrl+Home", "Alt+1")
	b.until(fmt.Sprintf(`document.querySelector(".work-area").value.length > %d && document.querySelector(".work-area").value.indexOf("Hello Tom! ") > 20`, before+20))
	b.until(has(`e.matches(".work-area") && e.value.indexOf("Hello Tom! ") - e.selectionStart <= 1`)) // one goes on writing after it
	b.shoot(dir, "work-day-edited")
	b.sound("work, edited")
	b.sends()
	if said := b.learned(); !strings.Contains(said, "Sent as you changed it.") {
		b.t.Errorf("after an edit: %q", said)
	}
	if m := b.server.ticket(b.t, "V-1041").Messages; len(m) != 4 || strings.Index(m[3].Text, "Hello Tom! ") < 20 || strings.Contains(m[3].Text, "[1]") {
		b.t.Errorf("the customer reads %+v", m[len(m)-1])
	}
}

func (b *browser) rejects() {
	b.t.Helper()
	b.onward("V-1040")
	b.pick("Mark this source 1", "Outdated")
	b.until(`document.querySelector(".work-source .badge.bad")?.textContent === "Outdated"`)
	b.until(has(called("Mark this source 1"))) // the menu gives the focus back
	b.keys("r")
	b.until(has(whose(`dialog input[type="radio"]`)))
	b.settled()
	b.sound("work, rejecting")
	b.keys("ArrowDown")
	b.until(`document.activeElement?.labels?.[0]?.textContent === "It is outdated"`)
	b.tabTo(called("Remark"))
	b.write("not our rule")
	b.keys("Ctrl+Enter")
	b.until(has(`e.matches(".work-area") && e.value === ""`))
	var made struct {
		Feedback struct{ Used string }
	}
	if b.server.call(b.t, "GET", "/v1/tickets/V-1040/suggestion", "", &made); made.Feedback.Used != "rejected" {
		b.t.Errorf("the draft of V-1040 was %q", made.Feedback.Used)
	}
	b.write("Отменили, деньги вернутся за два дня.")
	b.keys("Ctrl+Enter")
	b.until(has(`e.id === "work-next"`)) // and one need not wait until it is gone
}

func (b *browser) tellsTheEditors(dir string) {
	b.t.Helper()
	b.jump("Summer job", "#/work/V-1032")
	b.drafted("V-1032")
	b.shoot(dir, "work-day-abstained")
	b.sound("work, abstained")
	b.choose("Tell the editors")
	b.until(has(whose("dialog textarea")))
	b.keys("Ctrl+Enter")
	b.until(`document.querySelector(".work-abstained [role=status]")`)
	b.until(has(whose(".work-area")))
	b.write("We are not hiring at the moment.")
	b.sends()
	b.learned()
	if m := b.server.ticket(b.t, "V-1040").Messages; len(m) == 0 || m[len(m)-1].Role != "operator" {
		b.t.Errorf("the reply to the ticket before has not gone out: %+v", m)
	}
}

func (b *browser) answersOverALostConnection() {
	b.t.Helper()
	b.until(has(`e.id === "work-next"`))
	b.keys("Escape")
	b.until(`document.querySelector("tr[data-at]")`)
	b.keys("/")
	b.until(has(whose(`input[type="search"]`)))
	b.write("баллы")
	b.until(`document.querySelectorAll("tr[data-at]").length === 1`)
	b.tabTo(whose(`tr[data-at="0"]`))
	b.keys("Enter")
	b.drafted("V-1033")
	b.choose("Bad draft")
	b.until(has(`e.getAttribute("aria-pressed") === "true"`))
	b.writing()
	b.keys("Ctrl+End")
	b.offline(true)
	b.write(" Typed offline.")
	b.keys("Ctrl+Enter")
	b.until(`document.querySelector(".work-state.bad")`)
	b.offline(false)
	b.complaints() // of a network that was not there
	b.reload()
	b.drafted("V-1033")
	b.until(`document.querySelector(".work-area").value.endsWith(" Typed offline.")`)
	b.sends()
	b.learned()
	if m := b.server.ticket(b.t, "V-1033").Messages; len(m) != 2 || !strings.HasSuffix(m[1].Text, " Typed offline.") {
		b.t.Errorf("the dialogue is %+v", m)
	}
}

func TestANewerMessageStopsAReplyAndKeepsItsText(t *testing.T) {
	s := serve(t)
	b := open(t, s)
	b.signIn()
	b.visit("#/work/V-1034")
	b.drafted("V-1034")
	b.do(caret(0), chromedp.KeyEvent("Mine. "))
	s.call(t, "PUT", "/v1/tickets/V-1034", `{"messages":[{"role":"customer","text":"Forget the address: how do I cancel the order?"}]}`, nil)
	b.do(chromedp.KeyEvent(kb.Enter, ctrl))
	b.until(`document.querySelector(".work-notices .notice.warn .work-newest")`)
	b.complaints() // that the answer is a conflict
	b.shoot(folder(t), "work-newer")
	b.sound("work, a newer message")
	if m := s.ticket(t, "V-1034").Messages; len(m) != 2 {
		t.Errorf("it was sent all the same: %+v", m)
	}
	b.reload()
	b.drafted("V-1034")
	b.until(`document.querySelector(".work-area").value.startsWith("Mine. ") && document.querySelector(".work-newest")`)
	b.do(chromedp.Focus(".work-notices .notice.warn .button.primary"), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".work-before"))
	b.until(`!document.querySelector(".work-newest") && !document.querySelector(".work-area").value.startsWith("Mine. ")`)
	b.do(chromedp.Focus(".work-before summary"), chromedp.KeyEvent(kb.Enter), chromedp.Focus(".work-before button"), chromedp.KeyEvent(kb.Enter))
	b.until(`document.querySelector(".work-area").value.startsWith("Mine. ")`)
}

func TestAReplyIsSentOnceHoweverOftenItIsPressed(t *testing.T) {
	s := serve(t)
	b := open(t, s)
	b.signIn()
	b.visit("#/work/V-1036")
	b.drafted("V-1036")
	b.do(chromedp.Evaluate(`{ const send = document.querySelector(".work-send .primary"); send.click(); send.click(); send.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", code: "Enter", ctrlKey: true, bubbles: true })); }`, nil))
	b.learned()
	if m := s.ticket(t, "V-1036").Messages; len(m) != 2 {
		t.Errorf("three presses: %d messages", len(m))
	}
}

func TestADraftThatStopsHalfwayDoesNotLookFinished(t *testing.T) {
	b := open(t, serve(t))
	b.signIn()
	b.visit("#/work")
	b.do(chromedp.Evaluate(`{ const real = fetch; window.fetch = (url, o) => String(url).startsWith("/v1/suggestions") && o.method === "POST" ?
		Promise.resolve(new Response("event: sources\ndata: []\n\nevent: text\ndata: {\"text\":\"You may return\"}\n\n", { status: 201, headers: { "Content-Type": "text/event-stream" } })) : real(url, o); }`, nil))
	b.visit("#/work/V-1036")
	b.until(`document.querySelector(".work-notices .notice.bad") && document.querySelector(".work-area").value === "You may return"`)
	b.shoot(folder(t), "work-stopped")
	b.sound("work, stopped")
}

func TestTwoPeopleInATicketSeeEachOther(t *testing.T) {
	t.Parallel() // it is mostly waiting until a page asks again who is there
	s := serve(t)
	one, two := open(t, s), invited(t, s, "operator")
	one.signIn()
	one.visit("#/work/V-1038")
	one.drafted("V-1038")
	one.do(caret(0), chromedp.KeyEvent("x"))
	one.until(`document.querySelector(".work-state").textContent`)
	two.visit("#/work/V-1038")
	two.until(`document.querySelector(".work-presence.editing")`)
	one.until(`document.querySelector(".work-presence")`)
}

// What a customer writes is text: it does not run, and turns with its script.
func TestATicketOfAStrangerIsText(t *testing.T) {
	s := serve(t)
	b := open(t, s)
	long := strings.Repeat("subject without an end ", 14)
	s.call(t, "PUT", "/v1/tickets/odd", fmt.Sprintf(`{"subject":%q,"topic":"<b>x</b>","tone":"<i>","messages":[{"role":"customer","author":"<u>x</u>","text":"<img src=x onerror='window.ran=1'><script>window.ran=1</script> مرحبا"}]}`, long), nil)
	b.signIn()
	b.wear(look{"en", "light", 390})
	b.visit("#/work/odd")
	b.settled()
	if eval[bool](b, `!!window.ran || !!document.querySelector(".work-desk img, .work-desk script, .work-desk u")`) {
		t.Error("what a customer wrote is more than text")
	}
	if w := eval[int](b, `document.documentElement.scrollWidth`); w > 390 {
		t.Errorf("the page is %d px wide", w)
	}
}

func TestADraftIsReadableAtOnce(t *testing.T) {
	s := serve(t)
	b := open(t, s)
	b.signIn()
	b.visit("#/work")
	best, ids := 1e9, []string{"V-1042", "V-1041", "V-1040", "V-1039", "V-1038"}
	// On a busy machine it takes more tries until nothing else is in the way.
	for i := 0; i < 5 || i < 40 && best > 150; i++ {
		if i == len(ids) { // each ticket is opened for the first time
			ids = append(ids, fmt.Sprintf("again-%d", i))
			s.call(t, "PUT", "/v1/tickets/"+ids[i], fmt.Sprintf(`{"messages":[{"role":"customer","text":%q}]}`, s.ticket(t, "V-1042").Messages[0].Text), nil)
		}
		id := ids[i]
		ms := eval[float64](b, fmt.Sprintf(`new Promise((done) => {
			const since = performance.now();
			const look = () => document.querySelector(".work-area")?.value && !document.querySelector('.work-area[aria-busy="true"]') && location.hash.endsWith(%q) ? done(performance.now() - since) : requestAnimationFrame(look);
			location.hash = "#/work/" + %q;
			requestAnimationFrame(look);
		})`, id, id))
		best = min(best, ms)
		b.visit("#/work")
	}
	t.Logf("from opening a ticket to its draft: %.0f ms", best)
	if best > 150 {
		t.Errorf("a draft is readable after %.0f ms, want at most 150", best)
	}
}

func TestTheQueueIsPaintedAtOnceAndScrollsWithThousands(t *testing.T) {
	s := serve(t)
	b := open(t, s)
	b.signIn()
	b.visit("#/work")
	best := 1e9
	for i := 0; i < 5 || i < 25 && best > 300; i++ {
		b.reload()
		best = min(best, eval[float64](b, `performance.getEntriesByName("first-contentful-paint")[0].startTime`))
	}
	t.Logf("first paint of the queue: %.0f ms", best)
	if best > 300 {
		t.Errorf("the queue is first painted after %.0f ms, want at most 300", best)
	}
	for i := range 180 {
		s.call(t, "PUT", fmt.Sprintf("/v1/tickets/many-%d", i), fmt.Sprintf(`{"messages":[{"role":"customer","text":"Question %d"}]}`, i), nil)
	}
	b.reload()
	b.until(`document.querySelectorAll("tr[data-at]").length > 10`)
	for range 6 {
		b.do(chromedp.Evaluate(`{ const box = document.querySelector(".table-box"); box.scrollTop = box.scrollHeight; }`, nil))
		b.settled()
	}
	b.until(`Number(document.querySelector("table").getAttribute("aria-rowcount")) > 180`)
	if n := eval[int](b, `document.querySelectorAll("tr[data-at]").length`); n > 60 {
		t.Errorf("%d rows are drawn at once", n)
	}
}
