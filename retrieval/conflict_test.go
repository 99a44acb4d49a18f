package retrieval

import (
	"testing"

	"github.com/whetstone-desk/whetstone/kb"
)

func TestConflicts(t *testing.T) {
	article := func(id, text string) Evidence { return articleEvidence(id, "", text, 0.9) }
	elsewhere := func(e Evidence, region string) Evidence { e.Source.Region = region; return e }
	weaker := func(e Evidence) Evidence { e.Score = 0.5; return e }
	resolved := func(e Evidence) Evidence { e.Source.Kind = kb.Case; return e }
	returns := article("a", "You can return an unused item within 30 days of delivery. The refund goes to the card.")
	other := article("b", "You can return an unused item within 14 days of delivery.")
	const asked = "How many days do I have to return an item?"
	for _, tt := range []struct {
		name, question string
		evidence       []Evidence
		want           ProblemKind
	}{
		{"another number of days", asked, []Evidence{returns, other}, NumberProblem},
		{"the same number in words", asked, []Evidence{returns, article("b", "An unused item can be returned within thirty days of delivery.")}, ""},
		{"another region", asked, []Evidence{elsewhere(returns, "ru"), elsewhere(other, "eu")}, ""},
		{"a much weaker source", asked, []Evidence{returns, weaker(other)}, ""},
		{"a case", asked, []Evidence{returns, resolved(other)}, ""},
		{"another matter", asked, []Evidence{returns, article("b", "You can extend the storage of a parcel by 3 days.")}, ""},
		{"another question", "Where is my parcel now?", []Evidence{returns, other}, ""},
		{"a source that says both", asked, []Evidence{returns, article("b", "You can return an unused item within 14 days of delivery. Members have 30 days.")}, ""},
		{"the opposite", "можно ли вернуть вскрытые наушники?", []Evidence{
			article("a", "Вскрытые наушники можно вернуть в магазин."), article("b", "Вскрытые наушники нельзя вернуть в магазин."),
		}, NegationProblem},
		{"another price", "сколько стоит курьер по Москве?", []Evidence{
			article("a", "Курьер по Москве стоит 300 ₽."), article("b", "Доставка курьером по Москве стоит 350 ₽."),
		}, PriceProblem},
		{"prices of different places", "сколько стоит курьер?", []Evidence{
			article("a", "Курьер по Москве стоит 300 ₽."), article("b", "Курьер по Сибири стоит 590 ₽."),
		}, ""},
		{"another day", "до какого числа действует скидка на палатки?", []Evidence{
			article("a", "Скидка на палатки действует до 5 марта."), article("b", "Скидка на палатки действует до 15 марта."),
		}, DateProblem},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got ProblemKind
			for _, c := range Conflicts(tt.evidence, tt.question) {
				got = c.Kind
				a, b := tt.evidence[c.A], tt.evidence[c.B]
				if slice(a.Text, c.SpanA.Start, c.SpanA.End) == "" || slice(b.Text, c.SpanB.Start, c.SpanB.End) == "" {
					t.Errorf("the conflict %+v points nowhere", c)
				}
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestConflictsInTheSample asks sentences of the sample of the articles that
// have most of their words: they were written not to contradict each other.
func TestConflictsInTheSample(t *testing.T) {
	articles := sampleArticles(t)
	pages := make([]*page, len(articles))
	for i, a := range articles {
		pages[i] = newPage(a.text)
	}
	asked, found := 0, 0
	for _, a := range articles {
		for i, question := range a.sentences() {
			if i%7 != 0 {
				continue
			}
			var evidence []Evidence
			ask := newPage(question)
			for j, b := range articles {
				if b.lang == a.lang && len(evidence) < 4 && shareOf(ask, pages[j]) > 0.6 {
					evidence = append(evidence, articleEvidence(b.text[:40], b.lang, b.text, 1))
				}
			}
			if len(evidence) < 2 {
				continue
			}
			asked++
			for _, c := range Conflicts(evidence, question) {
				found++
				x, y := evidence[c.A], evidence[c.B]
				t.Logf("%q and %q conflict", slice(x.Text, c.SpanA.Start, c.SpanA.End), slice(y.Text, c.SpanB.Start, c.SpanB.End))
			}
		}
	}
	t.Logf("%d conflicts in %d questions", found, asked)
	if asked < 30 || found > asked/50 {
		t.Errorf("found %d conflicts in %d questions, want at most 1 in 50", found, asked)
	}
}
