package e2e

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// down presses a letter without the character that chromedp's own KeyEvent adds,
// which would choose in the list that has the focus by then.
func down(letter string) chromedp.Action {
	key := func(kind input.KeyType) chromedp.Action {
		return input.DispatchKeyEvent(kind).WithKey(letter).WithCode("Key" + strings.ToUpper(letter))
	}
	return chromedp.Tasks{key(input.KeyRawDown), key(input.KeyUp)}
}

func TestAGapIsGivenToSomebodyByName(t *testing.T) {
	s := serve(t)
	id := s.failing(t)
	_ = s.person(t, "editor", "other@shop.test")
	s.call(t, "PATCH", "/v1/gaps/"+id, `{"owner":"Somebody who left"}`, nil)
	b := invited(t, s, "admin")
	b.zone("Pacific/Auckland")
	b.visit("#/gaps")
	if got := eval[string](b, `document.querySelector('a[download="gaps.csv"]').getAttribute("aria-label")`); got != "Download these gaps as CSV" {
		t.Errorf("the link that says CSV is called %q", got)
	}
	b.visit("#/gaps/" + id)
	b.do(chromedp.WaitVisible(".gaps-evidence"), down("a"), chromedp.WaitVisible("dialog[open] select"))
	b.until(`document.querySelectorAll("dialog[open] option").length >= 4`)
	b.until(`document.querySelector("dialog[open] select").selectedOptions[0].textContent === "Somebody who left"`)
	b.sound("assigning")
	b.shoot(folder(t), "gaps-assign")
	b.do(chromedp.Evaluate(`(() => {
		const set = (e, v) => { e.value = v; e.dispatchEvent(new Event(e.tagName === "SELECT" ? "change" : "input", { bubbles: true })); };
		set(document.querySelector("dialog[open] select"), "editor");
		set(document.querySelector('dialog[open] input[type="date"]'), "2030-01-31");
	})()`, nil))
	b.press("Save")
	b.until(`document.querySelector(".gaps-lead").textContent.includes("editor") && document.querySelector(".gaps-lead").textContent.includes("Jan 31, 2030")`)
	var g struct {
		Owner string
		Due   time.Time
	}
	s.call(t, "GET", "/v1/gaps/"+id, "", &g)
	if got := g.Due.UTC().Format(time.DateOnly); g.Owner != "editor" || got != "2030-01-31" {
		t.Errorf("it is %s's until %s, want the day that was chosen, wherever that was", g.Owner, got)
	}
}

func TestTwoEditorsInOneGapSeeEachOther(t *testing.T) {
	t.Parallel() // it is mostly waiting until a page asks again who is there
	s := serve(t)
	id := s.failing(t)
	one, two := invited(t, s, "editor"), invited(t, s, "admin")
	one.visit("#/gaps/" + id)
	two.visit("#/gaps/" + id)
	for b, other := range map[*browser]string{one: "admin", two: "editor"} {
		b.until(`document.querySelector("main .notice")?.textContent.includes(` + quote(other) + `)`)
		b.sound("a gap with two in it")
	}
	one.do(chromedp.WaitVisible(".gaps-evidence"), chromedp.Evaluate(`[...document.querySelectorAll("main button")].find((e) => e.innerText.startsWith("Write it myself")).click()`, nil),
		chromedp.WaitVisible(".gaps-editor textarea"), chromedp.Focus(".gaps-editor textarea"), chromedp.KeyEvent("Mine."))
	two.until(`document.querySelector("main .notice")?.textContent.includes("is editing")`)
}

func TestAProofTurnsGreenQuestionByQuestion(t *testing.T) {
	s := serve(t)
	id := s.failing(t)
	s.call(t, "POST", "/v1/gaps/"+id+"/draft", fmt.Sprintf(`{"title":"Gift wrapping of presents","body":%q}`, fmt.Sprintf(wrapping, 3)), nil)
	b := invited(t, s, "editor")
	b.visit("#/gaps/" + id)
	b.do(chromedp.WaitVisible(".gaps-editor"), chromedp.Evaluate(`(() => {
		window.told = [];
		const real = window.fetch;
		window.fetch = async (...a) => {
			const r = await real(...a);
			if (!String(a[0]).endsWith("/publish") || !r.body) return r;
			let first = true;
			// Each event is handed on by itself, and only when the page shows the one before.
			const parts = new TransformStream({ async transform(chunk, out) {
				for (const e of new TextDecoder().decode(chunk).split(/(?<=\n\n)/)) {
					if (!first) while (document.querySelectorAll(".gaps-asked .yes, .gaps-asked .no").length < window.told.length) await new Promise((go) => setTimeout(go, 5));
					first = false;
					window.told.push(document.querySelectorAll(".gaps-asked .yes").length);
					out.enqueue(new TextEncoder().encode(e));
				}
			} });
			return new Response(r.body.pipeThrough(parts), { status: r.status, headers: r.headers });
		};
	})()`, nil), publishing(), chromedp.WaitVisible("dialog[open] .primary"))
	b.press("Publish and check")
	b.do(chromedp.WaitVisible(".gaps-proof.good"))
	b.shoot(folder(t), "gaps-proven-by-stream")
	b.sound("proven")
	var g struct {
		Status string
		Proof  struct{ Asked, Answered int }
	}
	s.call(t, "GET", "/v1/gaps/"+id, "", &g)
	told := eval[[]int](b, `window.told`)
	if g.Status != "closed" || len(told) != g.Proof.Asked+1 {
		t.Fatalf("the gap is %+v, and the page was told %v", g, told)
	}
	for i := range told {
		if told[i] > i || i > 0 && told[i] < told[i-1] {
			t.Errorf("before event %d there are %d green", i+1, told[i])
		}
	}
	if last := told[len(told)-1]; last != g.Proof.Answered {
		t.Errorf("%d are green before the end, want %d", last, g.Proof.Answered)
	}
}

func TestAnArticleSaysWhetherItIsUsedAndWhatToDoNext(t *testing.T) {
	s := serve(t)
	s.call(t, "PUT", "/v1/articles/samovar", `{"title":"Polishing the samovar","body":"Polish the samovar with lemon juice and a soft cloth once a month. Rinse the samovar with warm water afterwards."}`, nil)
	for i, f := range []string{`{"kind":"sent"}`, `{"kind":"rejected","reason":"wrong"}`, ``} {
		var made struct{ ID string }
		s.call(t, "POST", "/v1/suggestions", fmt.Sprintf(`{"text":"How do I polish the samovar?","ticket_id":"S-%d","customer_id":"s%d"}`, i, i), &made)
		if f != "" {
			s.call(t, "POST", "/v1/suggestions/"+made.ID+"/feedback", f, nil)
		}
	}
	var l struct {
		Usage struct{ Served, Unchanged, Rejected int }
	}
	for end := time.Now().Add(patience); l.Usage.Unchanged+l.Usage.Rejected < 2 && time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		s.call(t, "GET", "/v1/sources/samovar/learning", "", &l)
	}
	if l.Usage.Served != 3 || l.Usage.Unchanged != 1 || l.Usage.Rejected != 1 {
		t.Fatalf("it was used %+v", l.Usage)
	}
	s.call(t, "PUT", "/v1/articles/samovar-old", `{"title":"Polishing samovars","body":"Polish the samovar with lemon juice and a soft cloth twice a month. Rinse the samovar with warm water afterwards."}`, nil)
	s.run(t, "upkeep")
	var page struct{ Chores []struct{ Kind string } }
	for end := time.Now().Add(patience); len(page.Chores) == 0 && time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		s.call(t, "GET", "/v1/upkeep?document=samovar", "", &page)
	}
	b := invited(t, s, "editor")
	b.visit("#/knowledge/articles/samovar")
	b.until(`document.querySelector(".knowledge-served strong")?.textContent === "3"`)
	if got := eval[string](b, `document.querySelector(".knowledge-ends").innerText.replace(/\s+/g, " ")`); got != "1 sent as they were 1 rejected 1 not judged" {
		t.Errorf("what became of it: %q", got)
	}
	b.until(`document.querySelectorAll(".knowledge-steps a").length > 0`)
	b.shoot(folder(t), "article-glance")
	b.sound("an article at a glance")
	b.do(chromedp.Evaluate(`document.querySelector(".knowledge-steps a").click()`, nil))
	b.until(`location.hash.startsWith("#/upkeep") && document.querySelectorAll(".upkeep-chore").length === ` + strconv.Itoa(len(page.Chores)))
	b.sound("chores of one article")
}

func TestAnImportIsStopped(t *testing.T) {
	s := serve(t)
	b := invited(t, s, "editor")
	b.visit("#/sources/import")
	const most = 6000
	b.do(chromedp.Evaluate(fmt.Sprintf(`(() => {
		const lines = Array.from({ length: %d }, (_, i) => JSON.stringify({ id: "im-" + i, title: "Kettle " + i, body: "Kettle " + i + " holds " + i + " litres." }));
		const data = new DataTransfer();
		data.items.add(new File([lines.join("\n")], "many.jsonl"));
		document.querySelector(".sources-drop").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
	})()`, most), nil))
	b.until(`document.querySelector(".sources-file .badge")?.innerText === "Ready"`)
	// Stopped as soon as it is told how far it is.
	b.do(chromedp.Evaluate(`(() => {
		new MutationObserver((_, o) => {
			if (!document.querySelector(".sources-file .num")?.textContent.includes("so far")) return;
			o.disconnect();
			document.querySelector(".sources-progress button").click();
		}).observe(document.body, { subtree: true, childList: true, characterData: true });
	})()`, nil), publishing())
	b.until(`document.querySelector(".sources-file .badge")?.innerText === "Stopped"`)
	b.says("At least ")
	b.shoot(folder(t), "import-stopped")
	b.sound("an import that was stopped")
	s.call(t, "GET", "/v1/articles/im-0", "", nil)
	if eval[int](b, fmt.Sprintf(`fetch("/v1/articles/im-%d").then((r) => r.status)`, most-1)) != 404 {
		t.Error("the last document was stored after the import was stopped")
	}
	_ = b.complaints() // of the 404, which was wanted
}

func TestARankingSaysWhatAPersonDecided(t *testing.T) {
	s := serve(t)
	b := invited(t, s, "editor")
	var found struct{ Sources []struct{ ID string } }
	s.call(t, "POST", "/v1/search", `{"text":"How do I return an item?","limit":8}`, &found)
	s.call(t, "PUT", "/v1/sources/"+found.Sources[3].ID+"/override", `{"action":"pin"}`, nil)
	b.visit("#/try?q=How+do+I+return+an+item%3F")
	b.until(`document.querySelector(".try-list") && document.querySelector(".page .markdown")`)
	for end := time.Now().Add(patience); !strings.Contains(eval[string](b, `document.querySelector(".try-list")?.innerText ?? ""`), "A person has pinned it"); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the ranking does not say that a source is pinned")
		}
		b.reload() // it holds within a second
	}
	b.do(chromedp.Evaluate(`document.querySelector(".try-list .disclosure summary").click()`, nil))
	b.sound("a ranking")
	b.shoot(folder(t), "try-explained")
}
