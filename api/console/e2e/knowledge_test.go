package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// command presses a letter with Ctrl.
func command(key string) chromedp.Action { return chromedp.KeyEvent(key, chromedp.KeyModifiers(2)) }

// said waits for a toast with the words, and leaves it.
func (b *browser) said(words string) {
	b.t.Helper()
	b.until(`[...document.querySelectorAll(".toast")].some((e) => e.innerText.includes(` + quote(words) + `))`)
}

// push clicks the button that says so.
func (b *browser) push(words string) {
	b.t.Helper()
	find := `[...document.querySelectorAll("main button, .dialog button, .toast button")].find((e) => e.innerText.includes(` + quote(words) + `) && !e.disabled)`
	b.until(find)
	b.do(chromedp.Evaluate(find+`.click()`, nil))
}

func TestAnEditorWritesAnArticleByKeysAndFindsItAsASuggestionWould(t *testing.T) {
	s := serve(t)
	b := invited(t, s, "editor")
	b.visit("#/knowledge")
	b.until(`location.hash === "#/knowledge/articles" && document.querySelectorAll("tbody tr").length > 5`)
	b.do(chromedp.KeyEvent("n"), chromedp.WaitVisible(".knowledge-paper"), publishing(), chromedp.WaitVisible(".wrong-text"))
	b.until(`document.activeElement.maxLength === 1000`)
	b.do(chromedp.KeyEvent("Polishing the samovar"), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent("## By hand\n\nUse **lemon**. <img src=x onerror=\"window.ran=1\"> [here](javascript:window.ran=1)"))
	b.until(`document.querySelector(".knowledge-paper strong")?.innerText === "lemon"`)
	b.reload() // what is typed outlives it
	b.until(`document.querySelector("textarea")?.value.includes("lemon")`)
	b.sound("new article")
	b.do(chromedp.Focus("textarea"), publishing())
	b.said("Saved")
	b.until(`document.querySelector(".knowledge-sheet strong")`)
	b.shoot(folder(t), "article")
	b.sound("article")
	b.visit("#/knowledge/articles")
	b.do(chromedp.KeyEvent("/"), chromedp.KeyEvent("how do I polish a samovar?"))
	b.until(`document.querySelector(".knowledge-hits a")?.innerText === "Polishing the samovar"`)
	if eval[bool](b, `"ran" in window || !!document.querySelector('a[href^="javascript:"], img')`) {
		t.Error("script in an article runs")
	}
}

func TestTwoEditorsOfOneArticleOverwriteNothing(t *testing.T) {
	s := serve(t)
	s.call(t, "PUT", "/v1/articles/shared", `{"title":"Shared","body":"As it was."}`, nil)
	b := invited(t, s, "editor")
	b.visit("#/knowledge/articles/shared")
	b.do(chromedp.KeyEvent("e"), chromedp.WaitVisible("textarea"), chromedp.Focus("textarea"), command("a"), chromedp.KeyEvent("As I say."))
	s.call(t, "POST", "/v1/presence", `{"subject":"article:shared","editing":true}`, nil)
	s.call(t, "PUT", "/v1/articles/shared", `{"title":"Shared","body":"As they say."}`, nil)
	b.do(command("s"), chromedp.WaitVisible(".knowledge-conflict .sides"))
	b.until(`document.querySelector(".knowledge-conflict").innerText.includes("they") && document.querySelector("textarea").value === "As I say."`)
	b.shoot(folder(t), "article-conflict")
	_ = b.complaints() // Chromium logs the conflict as an error
	b.sound("conflict")
	b.until(`document.querySelector(".knowledge-editing")`) // the other is seen within ten seconds
	b.push("Save mine over it")
	b.said("in the history")
	b.push("History")
	b.until(`document.querySelectorAll(".knowledge-versions button").length === 3`)
	b.sound("history")
	b.do(chromedp.Evaluate(`document.querySelectorAll(".knowledge-versions button")[2].click()`, nil))
	b.push("Bring this version back")
	b.said("newest again")
	var now struct{ Body string }
	if s.call(t, "GET", "/v1/articles/shared", "", &now); now.Body != "As it was." {
		t.Errorf("the first version was brought back, and the text is %q", now.Body)
	}
}

func TestWhatIsDoneToManyIsUndone(t *testing.T) {
	s := serve(t)
	b := invited(t, s, "editor")
	b.visit("#/knowledge/articles")
	first := eval[string](b, `document.querySelector("tbody .row-title").getAttribute("href").split("/").pop()`)
	b.do(chromedp.Focus(`tr[data-at="0"]`), chromedp.KeyEvent(" "), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(" "))
	b.push("Delete")
	b.do(chromedp.WaitVisible("dialog[open]"))
	b.press("Delete") // in the question
	b.said("2 deleted")
	b.push("Undo")
	b.said("as they were")
	s.call(t, "GET", "/v1/articles/"+first, "", nil)
}

func TestFilesAreLookedAtBeforeTheyAreImported(t *testing.T) {
	s := serve(t)
	b := invited(t, s, "editor")
	b.visit("#/sources")
	b.until(`document.body.innerText.includes("An admin connects it")`) // who edits reads connections, and makes none
	if eval[bool](b, `[...document.querySelectorAll("main a, main button")].some((e) => e.innerText.includes("New connection"))`) {
		t.Error("an editor is offered to make a connection")
	}
	b.visit("#/sources/import")
	name := filepath.Join(t.TempDir(), "<img src=x onerror=alert(1)>.csv")
	if err := os.WriteFile(name, []byte("id,problem,resolution\nim-1,It leaks,Bring it in\nim-2,,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var nodes []*cdp.Node
	b.do(chromedp.Nodes(`input[type="file"]`, &nodes, chromedp.NodeReady))
	b.do(dom.SetFileInputFiles([]string{name}).WithNodeID(nodes[0].NodeID))
	b.until(`document.querySelector(".sources-file .badge")?.innerText === "Ready"`)
	b.shoot(folder(t), "import")
	b.sound("import")
	b.do(publishing())
	b.said("1 document is in")
	s.call(t, "GET", "/v1/cases/im-1", "", nil)
}

func TestASourcesPlaceIsExplained(t *testing.T) {
	s := serve(t)
	b := invited(t, s, "editor")
	b.visit("#/try")
	b.until(`document.activeElement.tagName === "TEXTAREA"`)
	b.do(chromedp.KeyEvent("How do I return an item?"), publishing())
	b.until(`document.querySelector(".try-list") && document.querySelector(".page .markdown")`)
	if why := eval[string](b, `document.querySelector(".try-why").innerText`); !strings.HasPrefix(why, "Ahead of the next") {
		t.Errorf("the first stands first because: %q", why)
	}
	b.sound("try")
	b.shoot(folder(t), "try-asked")
}
