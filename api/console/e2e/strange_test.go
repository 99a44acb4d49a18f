package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
)

// What people write that a page must bear: from right to left, and long, with
// and without places to break.
const (
	arabic = "هل يمكنني إرجاع الخيمة بعد أسبوعين من الشراء؟"
	hebrew = "איך מחזירים אוהל אחרי שבועיים?"
)

// strange makes one of everything with such text, and returns the addresses
// where it stands.
func strange(t *testing.T, s *server) []string {
	t.Helper()
	unbroken := strings.Repeat("Возвратпалатки", 22)[:600] // 300 letters of two bytes
	long := (strings.Repeat(arabic+" ", 8))[:400]
	long = strings.ToValidUTF8(long, "")
	s.call(t, "PUT", "/v1/articles/arabic", fmt.Sprintf(`{"title":%q,"body":%q,"locale":"ar","tags":["خيمة"]}`, long, "## "+hebrew+"\n\n"+long+"\n\n- "+arabic+"\n\n> "+hebrew), nil)
	s.call(t, "PUT", "/v1/articles/unbroken", fmt.Sprintf(`{"title":%q,"body":%q,"tags":[%q]}`, unbroken, unbroken, unbroken[:80]), nil)
	s.call(t, "PUT", "/v1/cases/hebrew", fmt.Sprintf(`{"title":%q,"problem":%q,"resolution":%q,"locale":"he"}`, hebrew, hebrew, hebrew+" "+arabic), nil)
	s.call(t, "PUT", "/v1/cases/unbroken-case", fmt.Sprintf(`{"title":%q,"problem":%q,"resolution":%q}`, unbroken, unbroken, unbroken), nil)
	s.call(t, "PUT", "/v1/tickets/ARABIC-1", fmt.Sprintf(`{"subject":%q,"customer_id":"c1","channel":"בדואל","topic":%q,"assignee":%q,"messages":[{"id":"a","role":"customer","text":%q},{"id":"b","role":"operator","text":%q},{"id":"c","role":"customer","text":%q}]}`,
		long, arabic, hebrew, arabic, hebrew, arabic), nil)
	s.call(t, "PUT", "/v1/tickets/UNBROKEN-1", fmt.Sprintf(`{"subject":%q,"customer_id":"c2","messages":[{"id":"a","role":"customer","text":%q}]}`, unbroken, unbroken), nil)
	var person struct{ Person struct{ ID string } }
	s.call(t, "POST", "/v1/people", fmt.Sprintf(`{"email":"omar@shop.test","name":%q,"role":"operator"}`, arabic), &person)
	s.call(t, "POST", "/v1/keys", fmt.Sprintf(`{"name":%q,"role":"helpdesk"}`, hebrew), nil)
	var hook struct{ ID string }
	s.call(t, "POST", "/v1/webhooks", fmt.Sprintf(`{"url":"https://desk.example/%s"}`, strings.Repeat("long", 60)), &hook)
	second(t, s, "careful")
	s.call(t, "PUT", "/v1/pilots/trial", fmt.Sprintf(`{"profile":"careful","percent":20,"groups":[%q,%q]}`, arabic, unbroken[:120]), nil)
	gap := s.wanted(t)
	return []string{
		"work", "work/ARABIC-1", "work/UNBROKEN-1", "gaps", "gaps/" + gap, "knowledge/articles", "knowledge/articles/arabic", "knowledge/articles/unbroken", "knowledge/articles/arabic?tab=edit", "knowledge/articles/arabic?tab=history",
		"knowledge/articles/arabic?tab=use", "knowledge/cases", "knowledge/cases/hebrew", "knowledge/cases/unbroken-case", "try?q=" + strings.ReplaceAll(arabic, " ", "+"), "learning/sources/arabic", "learning", "learning/operators",
		"pilots", "pilots/trial", "settings/people", "settings/people/" + person.Person.ID, "settings/keys", "settings/webhooks", "settings/webhooks/" + hook.ID, "settings/audit", "upkeep",
	}
}

// wanted makes customers ask in Arabic for what nothing is written about, and
// returns the id of the gap that comes of it.
func (s *server) wanted(t *testing.T) string {
	t.Helper()
	for i, q := range []string{"هل تقدمون خدمة تغليف الهدايا؟", "كم يكلف تغليف الهدايا؟", "أريد تغليف الهدايا لو سمحتم", "هل يمكن تغليف الهدايا في المتجر؟", "تغليف الهدايا من فضلكم"} {
		var made struct{ ID string }
		s.call(t, "POST", "/v1/suggestions", fmt.Sprintf(`{"text":%q,"ticket_id":"R-%d","customer_id":"r%d"}`, q, i, i), &made)
		s.call(t, "POST", "/v1/suggestions/"+made.ID+"/feedback", fmt.Sprintf(`{"kind":"edited","text":%q}`, "نعم، تغليف الهدايا متاح مقابل خمسة يورو."), nil)
	}
	return s.gap(t)
}

// turned lists texts written from right to left that do not decide their own
// direction.
const turned = `(() => {
	const rtl = /[\u0590-\u07ff]/, first = /[\p{L}]/u, wrong = new Set();
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let n; (n = walk.nextNode());) {
		const text = n.nodeValue.trim(), e = n.parentElement, letter = first.exec(text);
		if (!letter || !rtl.test(letter[0]) || !e.getClientRects().length || e.closest("option, .hidden, [aria-hidden]")) continue;
		if (!e.closest("bdi, [dir=auto]") && !/[\u2068]/.test(text)) wrong.add(e.tagName + "." + e.className + " in " + e.parentElement.tagName + "." + e.parentElement.className + ": " + text.slice(0, 40));
	}
	for (const e of document.querySelectorAll("input, textarea")) if (rtl.test(e.value) && e.dir !== "auto") wrong.add(e.tagName + " " + (e.ariaLabel ?? e.id) + ": " + e.value.slice(0, 40));
	return [...wrong];
})()`

func TestTextFromRightToLeftAndLongTextStayInTheirPlace(t *testing.T) {
	dir, s := folder(t), serve(t)
	all := strange(t, s)
	b := member(t, s, "admin", "en")
	for _, a := range all {
		if !b.comes("#/"+a, still+` && document.querySelector("#content h1")`) {
			t.Errorf("%s does not come to rest", a)
		}
		for _, wrong := range eval[[]string](b, turned) {
			t.Errorf("%s: %s", a, wrong)
		}
		for _, width := range []int64{390, 1440} {
			b.do(emulation.SetDeviceMetricsOverride(width, 900, 1, false))
			b.wide(fmt.Sprintf("%s %d", a, width))
			b.shoot(dir, fmt.Sprintf("strange-%s-%d", strings.NewReplacer("?", "_", arabic, "").Replace(a), width))
		}
		b.violations(a)
		b.unexpected(a)
	}
}
