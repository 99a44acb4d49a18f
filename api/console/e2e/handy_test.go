package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// kite is an article that no other of the demo is like, and a question that it
// answers with its first sentence.
func kite(t *testing.T, s *server) {
	t.Helper()
	s.call(t, "PUT", "/v1/articles/kite", `{"title":"Folding the kite Zephyr","locale":"en","body":"## Into its sleeve\n\nFold the kite Zephyr along the middle spar. Roll it from the tail to the nose. The sleeve closes with a drawstring."}`, nil)
	s.call(t, "PUT", "/v1/tickets/T-kite", `{"subject":"The kite","messages":[{"role":"customer","text":"How do I fold the kite Zephyr along the middle spar?"}]}`, nil)
}

// What is put in is the passage that its card shows, though the draft has some
// of it already, and without the article's heading. What is said of it covers
// nothing that is needed next.
func TestAPassageIsPutInWholeAndNothingCoversTheButtons(t *testing.T) {
	s := serve(t)
	kite(t, s)
	b := open(t, s)
	b.signIn()
	for _, width := range []int64{1440, 390} {
		b.wear(look{"en", "light", width})
		b.visit("#/work/T-kite")
		b.drafted("T-kite")
		if width < 600 {
			b.do(chromedp.Click(`[role="tab"]:nth-child(3)`))
		}
		b.do(chromedp.Evaluate(`{ const area = document.querySelector(".work-area"); area.setSelectionRange(0, 0); }`, nil),
			chromedp.Click(`.work-source.used .work-source-foot button`), chromedp.WaitVisible(".toast"))
		said := eval[string](b, `document.querySelector(".work-area").value`)
		if !strings.HasPrefix(said, "Fold the kite Zephyr along the middle spar. Roll it from the tail to the nose. The sleeve closes with a drawstring.") {
			t.Errorf("at %d px the reply begins %q", width, said)
		}
		b.settled()
		if over := eval[bool](b, `(() => {
			const a = document.querySelector(".toast").getBoundingClientRect();
			return [...document.querySelectorAll(".work-actions button, .page-actions button")].some((e) => {
				const r = e.getBoundingClientRect();
				return r.width > 0 && r.left < a.right && a.left < r.right && r.top < a.bottom && a.top < r.bottom;
			});
		})()`); over {
			t.Errorf("at %d px a message covers what is pressed next", width)
		}
		b.shoot(folder(t), "work-inserted-"+look{"en", "light", width}.String())
		b.keys("Ctrl+z")
		b.until(`document.querySelector(".work-area").value.length < ` + quote(said) + `.length`)
	}
}

// A reload sends what was held, and nobody hears of it. What has gone out is not
// brought back as if it had not.
func TestAReplyThatWentOutInAReloadIsNotOfferedAgain(t *testing.T) {
	s := serve(t)
	b := open(t, s)
	b.signIn()
	b.visit("#/work/V-1039")
	b.drafted("V-1039")
	b.writing()
	b.keys("Ctrl+Home")
	b.write("Good day! ")
	b.keys("Ctrl+Enter")
	b.until(`document.querySelector(".work-held")`)
	b.reload()
	b.until(`document.querySelector("#work-next, .work-area")`)
	b.settled()
	b.until(`document.querySelector(".work-sent:not(.work-held)") && !document.querySelector(".work-area, .work-notices .warn")`)
	if m := s.ticket(t, "V-1039").Messages; len(m) != 2 || !strings.HasPrefix(m[1].Text, "Good day! ") {
		t.Errorf("the dialogue is %+v", m)
	}
}

// However much there is to say over a reply, what sends it is in reach.
func TestWhatIsSaidOfAReplyDoesNotCoverItsButtons(t *testing.T) {
	s := serve(t)
	b := open(t, s)
	b.signIn()
	for id, width := range map[string]int64{"V-1034": 1440, "V-1036": 390} {
		b.wear(look{"ru", "light", width})
		b.visit("#/work/" + id)
		b.drafted(id)
		b.do(caret(0), chromedp.KeyEvent("Моё. "))
		b.reload() // it says that the text is back
		b.drafted(id)
		s.call(t, "PUT", "/v1/tickets/"+id, `{"messages":[{"role":"customer","text":"Forget the address: how do I cancel the order?"}]}`, nil)
		b.until(`document.querySelector(".work-newest")`)
		b.do(chromedp.Evaluate(`scrollTo(0, 0)`, nil))
		b.settled()
		if !eval[bool](b, `(() => {
			const send = document.querySelector(".work-send .primary"), r = send.getBoundingClientRect();
			return r.bottom < innerHeight && send.contains(document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2));
		})()`) {
			t.Errorf("at %d px the button that sends is covered", width)
		}
		if width > 1000 && !eval[bool](b, `document.querySelector(".work-tools").getBoundingClientRect().top < document.querySelector(".work-actions > .check").getBoundingClientRect().bottom`) {
			t.Errorf("at %d px the buttons take a row more than they need", width)
		}
		b.shoot(folder(t), "work-newer-kept-"+look{"ru", "light", width}.String())
	}
}

// On a small window the draft of a gap stands below all that is known of it, and
// is a press away.
func TestTheDraftOfAGapIsAPressAwayOnASmallWindow(t *testing.T) {
	s := serve(t)
	id := s.failing(t)
	b := open(t, s)
	b.signIn()
	for width, seen := range map[int64]bool{1440: false, 390: true} {
		b.wear(look{"ru", "light", width})
		b.visit("#/gaps/" + id)
		if eval[bool](b, `document.querySelector(".gaps-jump").offsetWidth > 0`) != seen {
			t.Errorf("at %d px what leads to the draft is there: %v", width, !seen)
		}
		if !seen {
			continue
		}
		b.shoot(folder(t), "gap-small")
		b.do(chromedp.Click(".gaps-jump"))
		b.until(`(({ top }) => top > 60 && top < innerHeight / 2)(document.getElementById("gaps-draft").getBoundingClientRect())`)
		b.sound("a gap on a small window")
	}
}

// A menu that is opened near the edge of a small window can be read whole.
func TestMenusStayInTheWindow(t *testing.T) {
	b := open(t, serve(t))
	b.signIn()
	for _, lang := range []string{"en", "ru"} {
		b.wear(look{lang, "light", 390})
		b.visit("#/work/V-1034")
		b.drafted("V-1034")
		if out := eval[[]string](b, `(async () => {
			const out = [];
			for (const button of document.querySelectorAll('main [aria-haspopup="menu"]')) {
				if (!button.offsetWidth) continue;
				button.click();
				await new Promise((done) => setTimeout(done, 250));
				const r = document.querySelector(".menu-list").getBoundingClientRect();
				if (r.left < 0 || r.right > innerWidth) out.push(button.title + ": from " + r.left + " to " + r.right);
				button.click();
				await new Promise((done) => setTimeout(done, 100));
			}
			return out;
		})()`); len(out) > 0 {
			t.Errorf("in %s, of a window of 390 px: %s", lang, strings.Join(out, "; "))
		}
	}
}

// On a small window too an editor sees which articles answer nobody yet.
func TestADraftIsKnownAsOneOnASmallWindow(t *testing.T) {
	s := serve(t)
	s.call(t, "PUT", "/v1/articles/half", `{"title":"Half an article","body":"To be written.","status":"draft"}`, nil)
	b := open(t, s)
	b.signIn()
	b.wear(look{"en", "light", 390})
	b.visit("#/knowledge/articles?status=draft")
	b.until(`document.querySelector("tr[data-at] .row-title")?.textContent === "Half an article"`)
	if !eval[bool](b, `[...document.querySelectorAll("tr[data-at] .badge")].some((e) => e.offsetWidth > 0 && e.textContent === "Draft")`) {
		t.Error("nothing says that it is a draft")
	}
	b.visit("#/knowledge/articles/half")
	if !eval[bool](b, `document.querySelector(".knowledge-sheet").getBoundingClientRect().top < innerHeight - 200`) {
		t.Error("one does not see the text of an article that is opened")
	}
	b.shoot(folder(t), "knowledge-small")
	b.choose("Publish") // what is said to be next can be done there
	b.until(`document.querySelector(".page-head .badge, .knowledge-marks .badge")?.textContent === "Published"`)
}

// Why a file cannot be read is said in one language.
func TestAFileThatCannotBeReadSaysWhyInRussian(t *testing.T) {
	b := open(t, serve(t))
	b.signIn()
	b.wear(look{"ru", "light", 1440})
	b.visit("#/sources/import")
	b.do(chromedp.Evaluate(`{
		const dataTransfer = new DataTransfer();
		for (const name of ["broken.pdf", "broken.docx"]) dataTransfer.items.add(new File(["no such thing"], name));
		document.querySelector(".sources-drop").dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
	}`, nil))
	b.until(`["PDF не читается: это не PDF", "DOCX не читается: это не DOCX"].every((s) => document.querySelector("main").textContent.includes(s))`)
	b.shoot(folder(t), "import-unreadable")
}

// What a lost connection says takes room, not the buttons; and it is not said
// any more once there is a connection.
func TestALostConnectionLeavesTheButtonsInSight(t *testing.T) {
	b := open(t, serve(t))
	b.signIn()
	b.visit("#/work/V-1042")
	b.drafted("V-1042")
	if cut := eval[[]string](b, `[...document.querySelectorAll(".work-quote:not(.long)")].filter((e) => e.scrollHeight > e.clientHeight + 2).map((e) => e.textContent.slice(-60))`); len(cut) > 0 {
		t.Errorf("sources that are cut off and do not look so: %q", cut)
	}
	b.offline(true)
	b.writing()
	b.keys("Ctrl+Enter")
	b.until(`document.querySelector(".offline") && document.querySelector(".work-state.bad")?.textContent.includes("no connection")`)
	if below := eval[float64](b, `document.querySelector(".work-tools").getBoundingClientRect().bottom - innerHeight`); below > 0 {
		t.Errorf("the buttons are %.0f px below the window", below)
	}
	b.offline(false)
	b.until(`!document.querySelector(".offline") && document.querySelector(".work-state.bad")?.textContent.includes("connection is back")`)
	b.complaints() // of a network that was not there
}

// The figures beside the statuses are those of the whole queue, and stand
// nowhere beside a part of it.
func TestAPartOfTheQueueHasNotItsFigures(t *testing.T) {
	b := open(t, serve(t))
	b.signIn()
	const figures = `(document.querySelector(".toolbar .segments")?.textContent.match(/\d+/g)?.length ?? 0)`
	b.visit("#/work")
	b.until(`document.querySelector("tr[data-at]") && (` + figures + `) > 2`)
	b.visit("#/work?topic=delivery")
	b.until(`document.querySelectorAll("tr[data-at]").length === 2`)
	if n := eval[int](b, figures); n > 0 {
		t.Errorf("%d figures of all tickets stand over some of them", n)
	}
}
