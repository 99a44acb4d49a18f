package e2e

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// far is how often Tab may be pressed on the way to something. Whatever takes
// longer needs a shortcut, or a better order.
const far = 25

// keys presses keys one after the other, each by its name: "e", "Enter",
// "Shift+Tab", "Ctrl+Enter", "Alt+1". A page is told of them as it is of a
// keyboard's: where it takes a key, nothing is written by it.
func (b *browser) keys(names ...string) {
	b.t.Helper()
	for _, name := range names {
		b.do(stroke(name)...)
	}
}

// stroke is a key going down and up.
func stroke(name string) []chromedp.Action {
	var held input.Modifier
	key := name
	for {
		with, rest, more := strings.Cut(key, "+")
		if !more || rest == "" {
			break
		}
		held |= modifier(with)
		key = rest
	}
	code, number, text := key, int64(0), ""
	switch key {
	case "Enter":
		number, text = 13, "\r"
	case "Tab":
		number = 9
	case "Escape":
		number = 27
	case "Space":
		key, code, number, text = " ", "Space", 32, " "
	case "End", "Home", "ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown":
		number = map[string]int64{"End": 35, "Home": 36, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40}[key]
	default:
		code, number, text = place([]rune(key)[0])
	}
	kind := input.KeyDown
	if text == "" || held&(input.ModifierCtrl|input.ModifierAlt) != 0 {
		kind, text = input.KeyRawDown, ""
	}
	event := func(kind input.KeyType) *input.DispatchKeyEventParams {
		return input.DispatchKeyEvent(kind).WithKey(key).WithCode(code).WithWindowsVirtualKeyCode(number).WithModifiers(held)
	}
	return []chromedp.Action{event(kind).WithText(text).WithUnmodifiedText(text), event(input.KeyUp)}
}

func modifier(name string) input.Modifier {
	switch name {
	case "Ctrl":
		return input.ModifierCtrl
	case "Alt":
		return input.ModifierAlt
	default:
		return input.ModifierShift
	}
}

// place is where a character is on a keyboard.
func place(r rune) (code string, number int64, text string) {
	upper := unicode.ToUpper(r)
	switch {
	case upper >= 'A' && upper <= 'Z':
		return "Key" + string(upper), int64(upper), string(r)
	case r >= '0' && r <= '9':
		return "Digit" + string(r), int64(r), string(r)
	case r == '/' || r == '?':
		return "Slash", 191, string(r)
	default:
		return "", 0, string(r)
	}
}

// write types a text, character by character, into the field that has the focus.
func (b *browser) write(text string) {
	b.t.Helper()
	b.until(`document.activeElement?.matches("textarea, input:not([type=checkbox], [type=radio], [type=range])")`)
	for _, r := range text {
		b.do(stroke(string(r))...)
	}
}

// over types a text over what is in a field, which is found by its label.
func (b *browser) over(label, text string) {
	b.t.Helper()
	b.tabTo(`e.matches("input, textarea") && ` + called(label))
	b.keys("Ctrl+a")
	b.write(text)
}

// called is the condition that an element has a name, as readers of screens say
// it: its own words, its label's, or those that its tooltip shows.
func called(name string) string {
	return `((e.getAttribute("aria-label") ?? e.querySelector(".button-text, .row-title")?.textContent ?? e.textContent).trim() === ` + quote(name) + ` ||
		e.title === ` + quote(name) + ` || [...(e.labels ?? [])].some((l) => l.textContent.trim().startsWith(` + quote(name) + `)))`
}

// whose is the condition that an element matches a selector.
func whose(selector string) string { return `e.matches(` + quote(selector) + `)` }

// has is the condition that what has the focus is such that cond, of e, is true.
func has(cond string) string { return `((e) => !!e && ` + cond + `)(document.activeElement)` }

// tabTo presses Tab until what has the focus is such that cond, of e, is true;
// back, with Shift. It fails with all that was passed.
func (b *browser) tabTo(cond string) { b.t.Helper(); b.walk("Tab", cond) }
func (b *browser) back(cond string)  { b.t.Helper(); b.walk("Shift+Tab", cond) }

func (b *browser) walk(key, cond string) {
	b.t.Helper()
	// What is not there yet cannot be come to.
	b.until(`[...([...document.querySelectorAll("dialog[open]")].at(-1) ?? document).querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].some((e) => !e.disabled && ` + cond + `)`)
	var passed []string
	for range far + 1 {
		if eval[bool](b, has(cond)) {
			return
		}
		b.keys(key)
		passed = append(passed, eval[string](b, `((e) => e.tagName.toLowerCase() + " " + (e.getAttribute("aria-label") ?? e.labels?.[0]?.textContent ?? e.textContent).trim().slice(0, 40))(document.activeElement)`))
	}
	b.t.Fatalf("%d times %s did not lead to what is %s, but to\n%s", len(passed), key, cond, strings.Join(passed, "\n"))
}

// choose goes to a button or link by its name and presses Enter.
func (b *browser) choose(name string) {
	b.t.Helper()
	b.tabTo(called(name))
	b.keys("Enter")
}

// pick opens the menu of a name and takes an item.
func (b *browser) pick(menu, item string) {
	b.t.Helper()
	b.choose(menu)
	b.item(item)
}

// item goes down an open menu and takes an item.
func (b *browser) item(name string) {
	b.t.Helper()
	b.until(has(`e.matches('[role^="menuitem"]')`))
	for range 12 {
		if eval[bool](b, has(`e.textContent.trim() === `+quote(name))) {
			b.keys("Enter")
			return
		}
		b.keys("ArrowDown")
	}
	b.t.Fatalf("the menu has no %q: %s", name, eval[string](b, `document.querySelector('[role="menu"]').innerText`))
}

// jump finds something by Ctrl and K and opens it; it leads to an address.
func (b *browser) jump(words, hash string) {
	b.t.Helper()
	b.keys("Ctrl+k")
	b.until(has(whose(".palette-field input")))
	b.write(words)
	b.until(fmt.Sprintf(`document.querySelectorAll(".palette-list [role=option]").length === 1 || document.querySelector('.palette-list [aria-selected="true"] .palette-title')?.textContent.toLowerCase().includes(%q)`, strings.ToLower(words)))
	b.keys("Enter")
	b.at(hash)
}

// at waits until an address is come to and its page is there.
func (b *browser) at(hash string) {
	b.t.Helper()
	b.until(`location.hash === ` + quote(hash) + ` && !document.querySelector("dialog[open]")`)
	b.settled() // what was there before is gone
}

// gone waits until no dialog is open and the focus is somewhere.
func (b *browser) gone() {
	b.t.Helper()
	b.until(`!document.querySelector("dialog[open]") && document.activeElement !== document.body`)
}
