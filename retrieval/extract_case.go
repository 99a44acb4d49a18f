package retrieval

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// An asked is a question as Extract looks at it.
type asked struct {
	page   *page
	reader *reader
	cut    map[int][]excerpt // by source: what it was cut into; shared by the parts of a question
}

func newAsked(question string, r *reader) *asked {
	return &asked{r.page(question), r, make(map[int][]excerpt)}
}

// part is a part of the question as a question by itself.
func (q *asked) part(text string) *asked { return &asked{q.reader.page(text), q.reader, q.cut} }

// Shares of words by weight that a question and a case's problem must have of
// each other for the case to be the same one.
const (
	caseCovers  = 0.7 // of the question's, the problem's
	caseCovered = 0.5 // of the problem's, the question's: people tell stories
)

// fits reports whether the reply of a case answers the question: the problem
// is the same one, with the same numbers, names and negations, and the reply
// speaks of no account but for everyone.
func (q *asked) fits(e *Evidence) bool {
	if accountBound(e.Text) || addressesModel(e.Text) {
		return false
	}
	p := q.reader.page(e.Problem)
	if len(q.page.words) < 2 || shareOf(q.page, p) < caseCovers || shareOf(p, q.page) < caseCovered {
		return false
	}
	return sameFacts(q.page, p) && sameFacts(p, q.page) && sameNames(q.page, p) && sameNames(p, q.page) &&
		len(negationsOf(q.page.lex, 0, len(q.page.lex), q.page.facts()))%2 == len(negationsOf(p.lex, 0, len(p.lex), p.facts()))%2
}

// shareOf is the share of p's words, by weight, that q has too.
func shareOf(p, q *page) float64 {
	weights, total := weigh(p)
	if total == 0 {
		return 0
	}
	found := 0.
	for key, w := range weights {
		if len(q.words[key]) > 0 {
			found += w
		}
	}
	return found / total
}

// sameFacts reports whether q has every fact of p.
func sameFacts(p, q *page) bool {
	for i := range p.facts() {
		if p.facts()[i].weak {
			continue
		}
		found := false
		for j := range q.facts() {
			found = found || same(&p.facts()[i], &q.facts()[j])
		}
		if !found {
			return false
		}
	}
	return true
}

// sameNames reports whether q has every name in p: words in Latin letters
// within Russian, and capital words within a sentence.
func sameNames(p, q *page) bool {
	runes := []rune(p.text)
	russian := strings.ContainsFunc(p.text, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) })
	for i := range p.lex {
		w := &p.lex[i]
		if w.kind != lexWord || w.stop {
			continue
		}
		first := runes[w.start]
		latin := russian && first < 0x80
		inside := i > 0 && p.lex[i-1].kind == lexWord && unicode.IsUpper(first)
		if (latin || inside) && len(q.words[keyOf(w)]) == 0 {
			return false
		}
	}
	return true
}

// doings are how replies begin to tell what was done in one account.
var doings = wordForms(`отправил отправила отправили начислил начислила начислили вернул вернула вернули оформил оформила оформили
	исправил исправила исправили проверил проверила проверили отменил отменила отменили продлил продлила продлили изменил изменила изменили
	добавил добавила добавили заменил заменила заменили нашел нашла нашли связался связалась передал передала передали восстановил
	восстановила восстановили удалил удалила удалили посмотрел посмотрела посмотрели снял сняла сняли прислал прислала прислали вижу
	i've we've checked refunded cancelled canceled credited resent reset restored extended`)

func wordForms(words string) map[string]bool {
	set := make(map[string]bool)
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

// accountBound reports whether a reply speaks of one customer's account: it
// holds personal data beyond the greeting and the signature, or tells what was
// done.
func accountBound(reply string) bool {
	body := strings.TrimSpace(withoutFrame(reply))
	if body == "" || strings.Contains(body, "⟦") {
		return true
	}
	x := lex(body)
	for i := range x {
		if doings[x[i].norm] {
			return true
		}
		if x[i].norm == "have" && i > 0 && (x[i-1].norm == "i" || x[i-1].norm == "we") {
			return true
		}
	}
	return false
}

// reply is the whole of a case's reply, ready to be sent again.
func (q *asked) reply(e *Evidence, source int) []piece {
	body := withoutFrame(e.Text)
	at := strings.Index(e.Text, body)
	start := runeLen(e.Text[:at])
	var parts []string
	for _, b := range blocksOf(body) {
		parts = append(parts, render(&b))
	}
	text := strings.Join(parts, "\n\n")
	if at > 0 {
		// What followed a name and a comma begins the message now.
		first, size := utf8.DecodeRuneInString(text)
		text = string(unicode.ToUpper(first)) + text[size:]
	}
	return []piece{{source: source, text: text, span: Span{start, start + runeLen(body)}}}
}
