package retrieval

import (
	"slices"
	"strings"
)

// An intent is what sort of answer a question asks for.
type intent uint8

const (
	forPrice intent = 1 << iota
	forTime
	forSteps
)

// asking are the words by which a question shows what it asks for.
var asking = [...]struct {
	intent intent
	words  []string
}{
	{forPrice, []string{"сколько стоит", "сколько будет стоить", "цена", "стоимост", "почём", "почем", "комисси", "тариф", "бесплатно", "how much", "cost", "price", "fee", "charge", "for free"}},
	{forTime, []string{"как долго", "сколько дней", "сколько времени", "сколько ждать", "за сколько", "срок", "когда", "через сколько", "до какого", "долго",
		"how long", "how many days", "how soon", "when", "deadline", "how quickly", "how fast"}},
	{forSteps, []string{"как ", "каким образом", "что делать", "что нужно", "куда нажать", "помогите", "не могу", "не получается",
		"how do", "how can", "how to", "how should", "what should i do", "what do i do", "steps", "can't", "cannot", "unable", "help me"}},
}

// intentOf reads the intent of a question.
func intentOf(text string) intent {
	text = strings.ToLower(text)
	var out intent
	for _, a := range asking {
		for _, w := range a.words {
			if strings.Contains(text, w) {
				out |= a.intent
			}
		}
	}
	if out&(forPrice|forTime) != 0 {
		out &^= forSteps // "как долго" asks for no steps
	}
	return out
}

// intentShare is what an answer of the sort that was asked for counts, against
// all words of the question.
const intentShare = 0.25

// serves reports whether a unit holds the sort of answer that is asked for.
func (u *excerpt) serves(want intent) bool {
	for i := range u.blocks {
		b := &u.blocks[i]
		if want&forSteps != 0 && b.kind == list && len(b.lines) > 1 && itemMark(strings.TrimSpace(b.lines[0])) != "" {
			return true
		}
	}
	if want&(forPrice|forTime) == 0 {
		return false
	}
	return slices.ContainsFunc(factsOf(u.lex), func(f fact) bool {
		span := !f.weak && f.unit.span()
		return want&forPrice != 0 && f.kind == PriceProblem || want&forTime != 0 && span
	})
}
