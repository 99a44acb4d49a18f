package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const wrapping = "We can gift wrap any present for %d euros. Choose Gift wrapping in the basket before you pay."

// failing makes customers ask for what nothing is written about; the operators
// disagree about the price. It returns the id of the gap that comes of it.
func (s *server) failing(t *testing.T) string {
	t.Helper()
	for i, q := range []string{
		"Can you gift wrap my present?", "Do you offer gift wrapping for presents?", "I want gift wrapping for a present, is that possible?",
		"How much is gift wrapping of a present?", "Is gift wrapping available for a birthday present?", "Please gift wrap my present, what does it cost?",
	} {
		var made struct{ ID string }
		s.call(t, "POST", "/v1/suggestions", fmt.Sprintf(`{"text":%q,"ticket_id":"W-%d","customer_id":"c%d"}`, q, i, i), &made)
		s.call(t, "POST", "/v1/suggestions/"+made.ID+"/feedback", fmt.Sprintf(`{"kind":"edited","text":%q}`, fmt.Sprintf(wrapping, 3+2*(i%2))), nil)
	}
	return s.gap(t)
}

// gap looks for gaps and returns the id of the only one.
func (s *server) gap(t *testing.T) string {
	t.Helper()
	s.run(t, "gaps")
	var list struct{ Gaps []struct{ ID string } }
	for end := time.Now().Add(patience); len(list.Gaps) == 0 && time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		s.call(t, "GET", "/v1/gaps", "", &list)
	}
	if len(list.Gaps) != 1 {
		t.Fatalf("gaps %+v, want one", list.Gaps)
	}
	return list.Gaps[0].ID
}

// run starts a job, and waits while it is under way by itself.
func (s *server) run(t *testing.T, job string) {
	t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		status, answer := s.try(t, "POST", "/v1/jobs/"+job+"/run", "")
		if status < 300 {
			return
		}
		if status != http.StatusConflict || time.Now().After(end) {
			t.Fatalf("job %s: %d %s", job, status, answer)
		}
	}
}

// publishing presses Ctrl and Enter as a keyboard does: chromedp's own Enter
// also writes a character, into whatever has the focus by then.
func publishing() chromedp.Action {
	enter := func(kind input.KeyType) chromedp.Action {
		return input.DispatchKeyEvent(kind).WithKey("Enter").WithCode("Enter").WithWindowsVirtualKeyCode(13).WithModifiers(input.ModifierCtrl)
	}
	return chromedp.Tasks{enter(input.KeyRawDown), enter(input.KeyUp)}
}

func TestAnEditorGoesFromAGapToAVerifiedArticleByKeys(t *testing.T) {
	s := serve(t)
	id := s.failing(t)
	dir := folder(t)
	b := invited(t, s, "editor")
	// An editor lands where the work is.
	b.until(`location.hash.startsWith("#/gaps") || document.querySelector("h1")?.textContent === "Gaps"`)
	b.do(chromedp.WaitVisible(`tr[data-at="0"]`))
	b.shoot(dir, "gaps-list")
	b.sound("gaps")
	b.tabTo(whose(`tr[data-at="0"]`))
	b.keys("Enter")
	b.do(chromedp.WaitVisible(".gaps-evidence"))
	if at := eval[string](b, `location.hash`); at != "#/gaps/"+id {
		t.Fatalf("Enter on the first row leads to %s", at)
	}
	b.keys("t")
	b.until(`document.querySelector(".gaps-lead")?.textContent.includes("editor")`)
	b.keys("d")
	b.do(chromedp.WaitVisible(".gaps-editor"))
	b.anew()
	b.decides()

	// A sentence under the focus lights the tickets that it comes from.
	b.tabTo(whose(".gaps-linked"))
	b.until(`document.querySelectorAll(".gaps-evidence li.lit").length > 0 && document.querySelector(".gaps-from").textContent.includes("W-")`)
	b.shoot(dir, "gaps-draft")
	b.sound("gap with a draft")

	// What is typed survives a reload.
	b.keys("e")
	b.until(has(whose("textarea")))
	b.keys("Ctrl+End")
	b.write(" It takes a day.")
	b.reload()
	b.do(chromedp.WaitVisible(".gaps-editor"))
	if got := eval[string](b, `document.querySelector(".gaps-editor textarea").value`); !strings.Contains(got, "It takes a day.") {
		t.Errorf("after the reload the text is %q", got)
	}

	// Published once, whatever the keys do, and proven question by question.
	b.keys("Ctrl+Enter")
	b.until(has(whose("dialog[open] .primary")))
	b.keys("Enter")
	b.do(chromedp.WaitVisible(".gaps-proof li.yes"))
	b.shoot(dir, "gaps-proving")
	b.do(chromedp.WaitVisible(".gaps-proof.good"))
	if left := eval[int](b, `document.querySelectorAll(".gaps-proof li:not(.yes)").length`); left > 1 {
		t.Errorf("%d questions did not turn green", left)
	}
	b.shoot(dir, "gaps-proven")
	b.sound("gap that is proven")
	s.closed(t, id, "It takes a day.")
}

// anew asks for a draft of a new article where what is not in the article that
// was found is drafted.
func (b *browser) anew() {
	b.t.Helper()
	const newArticle = `[...document.querySelectorAll(".card-lead")].some((l) => l.textContent === "A new article")`
	if !eval[bool](b, newArticle) {
		b.tabTo(whose(".card-actions .menu button"))
		b.keys("Enter")
		b.item("Draft a new article instead")
		b.until(newArticle)
	}
}

// decides finds that publishing has to wait until somebody has said which of
// the facts that replies tell differently is right, and says it.
func (b *browser) decides() {
	b.t.Helper()
	b.keys("Ctrl+Enter")
	b.do(chromedp.WaitVisible("dialog[open] .notice.warn"))
	b.keys("Escape")
	b.gone()
	b.tabTo(whose(".gaps-conflict input"))
	b.keys("Space", "ArrowDown")
	b.do(chromedp.WaitVisible(".gaps-conflicts.settled"))
}

// closed checks that the gap is the editor's and closed by an article, written
// once, with the text in it.
func (s *server) closed(t *testing.T, id, text string) {
	t.Helper()
	var g struct {
		Status    string
		Owner     string
		ArticleID string `json:"article_id"`
	}
	s.call(t, "GET", "/v1/gaps/"+id, "", &g)
	if g.Status != "closed" || g.Owner != "editor" {
		t.Errorf("the gap is %+v", g)
	}
	var a struct {
		Body     string
		Revision int64
	}
	s.call(t, "GET", "/v1/articles/"+g.ArticleID, "", &a)
	if !strings.Contains(a.Body, text) || a.Revision != 1 {
		t.Errorf("the article is %+v", a)
	}
}

func TestWhatAnEditorTypedOutlivesSomebodyElsesDraft(t *testing.T) {
	s := serve(t)
	id := s.failing(t)
	s.call(t, "POST", "/v1/gaps/"+id+"/draft", `{"title":"Gift wrapping","body":"We gift wrap any present."}`, nil)
	b := invited(t, s, "editor")
	b.visit("#/gaps/" + id)
	b.do(chromedp.WaitVisible(".gaps-editor"), chromedp.KeyEvent("e"), chromedp.WaitVisible("textarea:focus"), chromedp.Evaluate(`document.activeElement.setSelectionRange(1e6, 1e6)`, nil), chromedp.KeyEvent(" My words."))
	s.call(t, "POST", "/v1/gaps/"+id+"/draft", `{"title":"Gift wrapping","body":"Theirs <img src=x onerror=alert(1)> [x](javascript:alert(1))."}`, nil)
	b.do(chromedp.KeyEvent("s", chromedp.KeyModifiers(input.ModifierCtrl)), chromedp.WaitVisible(".gaps-editor .notice.warn"))
	_ = b.complaints() // that the call was refused is logged, and was wanted
	b.sound("conflict")
	if got := eval[string](b, `document.querySelector(".gaps-editor textarea").value`); !strings.HasSuffix(strings.TrimSpace(got), "My words.") {
		t.Errorf("the text is %q", got)
	}
	b.do(chromedp.Evaluate(`document.querySelector(".notice.warn button[aria-pressed]").focus()`, nil), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".sides"))
	b.shoot(folder(t), "gaps-conflict")
	b.do(chromedp.Evaluate(`[...document.querySelectorAll(".notice.warn button")].at(-1).focus()`, nil), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible("dialog[open]"), chromedp.KeyEvent(kb.Enter), chromedp.WaitNotPresent("dialog[open]"))
	b.until(`document.querySelector(".gaps-editor textarea").value.startsWith("Theirs")`)
	if eval[bool](b, `!!document.querySelector('.gaps-sheet img, .gaps-sheet a[href^="javascript"]')`) {
		t.Error("what stands in a draft became part of the page")
	}
	b.sound("their draft")
}

func TestTheUpkeepQueueIsWorkedOff(t *testing.T) {
	s := serve(t)
	const boots = "Boots can be returned within %d days of delivery, in their original box and unworn. **Print** the return label in your account and hand the parcel to any pick-up point."
	for id, body := range map[string]string{
		"boots-old": fmt.Sprintf(boots, 14), "boots-new": fmt.Sprintf(boots, 30),
		// The same is told with other numbers, in articles that are about different things otherwise.
		"trash": "Welcome to your workspace. Deleted projects stay in the trash for 30 days.", "projects": "You will find deleted projects in the trash for 90 days. Ask us if anything is unclear.",
	} {
		s.call(t, "PUT", "/v1/articles/"+id, fmt.Sprintf(`{"title":%q,"body":%q}`, "About "+id, body), nil)
	}
	s.run(t, "upkeep")
	b := invited(t, s, "editor")
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		var page struct{ Counts map[string]int }
		s.call(t, "GET", "/v1/upkeep?limit=1", "", &page)
		if page.Counts["duplicate"] > 0 && page.Counts["contradiction"] > 0 {
			break
		}
	}
	b.keys("g", "u")
	b.at("#/upkeep")
	b.tabTo(whose(`[role="tab"]`))
	b.keys("ArrowRight", "ArrowRight")
	b.until(`location.hash === "#/upkeep?kind=duplicate"`)
	b.do(chromedp.WaitVisible(".upkeep-chore"))
	if quotes := eval[string](b, `[...document.querySelectorAll(".upkeep-quote")].map((e) => e.textContent).join(" ")`); !strings.Contains(quotes, "Print the return label") {
		t.Errorf("a quote is not as it is read: %s", quotes)
	}
	b.shoot(folder(t), "upkeep-duplicates")
	b.sound("upkeep")
	b.choose("Merge…")
	b.do(chromedp.WaitVisible("dialog[open] .sides"))
	b.shoot(folder(t), "upkeep-merge")
	b.sound("merge")
	b.tabTo(whose("dialog[open] .button.danger"))
	b.keys("Enter")
	b.gone()
	var a struct {
		MergedFrom string `json:"merged_from"`
	}
	s.call(t, "GET", "/v1/articles/boots-old", "", &a)
	was := a.MergedFrom
	s.call(t, "GET", "/v1/articles/boots-new", "", &a)
	if was == "" && a.MergedFrom == "" {
		t.Error("neither article was merged into the other")
	}
	b.back(whose(`[role="tab"]`))
	b.keys("ArrowLeft")
	b.until(`location.hash === "#/upkeep?kind=contradiction"`)
	b.do(chromedp.WaitVisible(".upkeep-chore mark"))
	before := eval[int](b, `document.querySelectorAll(".upkeep-chore:not(.over)").length`)
	b.choose("Done")
	b.do(chromedp.WaitVisible(".upkeep-chore.over"))
	if after := eval[int](b, `document.querySelectorAll(".upkeep-chore:not(.over)").length`); after != before-1 {
		t.Errorf("%d chores are open, then %d", before, after)
	}
	b.sound("upkeep, one done")
}
