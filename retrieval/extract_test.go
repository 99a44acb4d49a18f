package retrieval

import (
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/kb"
)

func articleEvidence(id, locale, text string, score float64) Evidence {
	return Evidence{Source: Source{ID: id, Kind: kb.Article, Title: id, Locale: locale}, Text: text, End: runeLen(text), Score: score}
}

func caseEvidence(id, problem, reply string, score float64) Evidence {
	return Evidence{Source: Source{ID: id, Kind: kb.Case, Locale: "en"}, Text: reply, Problem: problem, End: runeLen(reply), Score: score}
}

const kettle = `The kettle comes with a filter that catches scale. It sits behind the spout and lasts for about two hundred fillings of the kettle in soft water.

## Cleaning the filter

Clean it once a month, more often in hard water:

1. Let the kettle cool down and pull the filter up.
2. Put it into a glass of water with two spoons of **vinegar**.
   Leave it there overnight.
3. Rinse it and push it back until it clicks.

Do not use bleach, it eats the mesh.

## Warranty

The kettle has a warranty of 24 months. The filter wears out, so the warranty does not cover it. Write to [the workshop](https://fix.example/kettle) with the order number.

## Prices of parts

| Part | Price | Ships in |
|---|---|---|
| Filter | $4 | 2 days |
| Lid | $9 | 5 days |
| Base | $15 | 5 days |
| Handle | $7 | 9 days |
| Seal | $2 | 2 days |

## Colours

The kettle is sold in white, in black and in sage. We do not plan others this year, but a limited run in copper is likely next spring, when the new factory opens its second line.
`

func TestExtractQuotesThePartThatAnswers(t *testing.T) {
	for _, tt := range []struct {
		name, question string
		has, hasNot    []string
	}{
		{
			"steps come whole, with the line that announces them and what is nested in them",
			"How do I clean the filter of the kettle?",
			[]string{"more often in hard water:", "1. Let the kettle", "2. Put it into a glass", "Leave it there overnight.", "3. Rinse it", "vinegar"},
			[]string{"**", "Colours", "24 months", "##"},
		},
		{
			"of a table come its head and the row that was asked for",
			"How much is a new lid?",
			[]string{"| Part | Price | Ships in |", "| Lid | $9 | 5 days |"},
			[]string{"| Base", "| Seal", "copper"},
		},
		{
			"an address stays behind the words it was linked from",
			"Is the filter covered by the warranty?",
			[]string{"the warranty does not cover it", "the workshop (https://fix.example/kettle)"},
			[]string{"](", "| Lid"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			evidence := []Evidence{articleEvidence("kettle", "en", kettle, 0.9)}
			a, err := Extract{}.Generate(t.Context(), Request{Question: tt.question, Language: "en", Evidence: evidence}, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range tt.has {
				if !strings.Contains(a.Text, s) {
					t.Errorf("the answer lacks %q:\n%s", s, a.Text)
				}
			}
			for _, s := range tt.hasNot {
				if strings.Contains(a.Text, s) {
					t.Errorf("the answer has %q:\n%s", s, a.Text)
				}
			}
			checkQuoted(t, a, evidence)
		})
	}
}

func TestASecondArticleIsForWhatTheFirstAndItsTitleLeaveOpen(t *testing.T) {
	expiry := articleEvidence("expiry", "ru", "Через 12 месяцев после начисления. Первыми всегда списываются самые старые.", 0.24)
	expiry.Source.Title = "Когда сгорают баллы «Тропинки»"
	closing := articleEvidence("closing", "ru", "Потратьте баллы «Тропинки»: они сгорают вместе с кабинетом, и вернуть их нельзя.", 0.15)
	closing.Source.Title = "Как удалить личный кабинет"
	for question, want := range map[string]int{
		"Подскажите, когда сгорают баллы «Тропинки»? Накопилось много, хочу успеть.": 1,
		"Когда сгорают баллы «Тропинки»? И как удалить личный кабинет?":              2,
	} {
		a, err := Extract{}.Generate(t.Context(), Request{Question: question, Language: "ru", Evidence: []Evidence{expiry, closing}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(a.Citations) != want || a.Citations[0].SourceID != "expiry" {
			t.Errorf("%s: %s", question, a.Text)
		}
	}
}

// checkQuoted holds an extractive answer to its promise: nothing invented, and
// every citation points at what it quotes.
func checkQuoted(t *testing.T, a Answer, evidence []Evidence) {
	t.Helper()
	if r := Ground(a.Text, evidence); !r.Supported() {
		t.Errorf("the answer is not grounded: %v\n%s", problemsOf(r), a.Text)
	}
	if a.Text != "" && len(a.Citations) == 0 {
		t.Error("the answer cites nothing")
	}
	last := 0
	for _, c := range a.Citations {
		e := evidence[c.Marker-1]
		quote, from := slice(a.Text, c.Start, c.End), slice(e.Text, c.From, c.To)
		if c.Start < last || c.End <= c.Start || c.To <= c.From || c.SourceID != e.Source.ID {
			t.Errorf("citation %+v is out of order or empty", c)
		}
		last = c.End
		first, _, _ := strings.Cut(flatten(strings.Fields(strings.TrimLeft(quote, "|- "))[0]), " ")
		if !strings.Contains(flatten(from), first) {
			t.Errorf("citation %+v quotes %q, its source says %q", c, quote, from)
		}
		if next := slice(a.Text, c.End, c.End+6); !strings.HasPrefix(strings.TrimLeft(next, " \n"), "[") {
			t.Errorf("behind %q stands %q, want the marker", quote, next)
		}
	}
}

func TestExtractQuotesShortArticlesWhole(t *testing.T) {
	text := "Да, можно. Подпишите заявление и отправьте его на [почту](mailto:office@example.org). Ответ придёт за 3 дня."
	evidence := []Evidence{articleEvidence("a", "ru", text, 0.8)}
	a, err := Extract{}.Generate(t.Context(), Request{Question: "можно ли заявление", Language: "ru", Evidence: evidence}, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := "Да, можно. Подпишите заявление и отправьте его на почту. Ответ придёт за 3 дня. [1]"
	if a.Text != want {
		t.Errorf("got %q, want %q", a.Text, want)
	}
	checkQuoted(t, a, evidence)
}

func TestExtractSendsACasesReplyOnlyWhereItFits(t *testing.T) {
	article := articleEvidence("article", "en", "Parcels are kept for 7 days. After that they go back to the warehouse.", 0.7)
	const problem = "How long does the locker keep my parcel?"
	for _, tt := range []struct {
		name, question, problem, reply string
		used                           bool
	}{
		{"the same problem", "How long will a locker keep the parcel?", problem, "Hi ⟦name:A⟧! A locker keeps it for 3 days.\n\nBest regards,\n⟦name:B⟧", true},
		{"another number", "Does the locker keep my parcel 5 days?", "Does the locker keep my parcel 3 days?", "Yes, it does.", false},
		{"another product", "How long does the locker keep my Pereval parcel?", "How long does the locker keep my Tropa parcel?", "It keeps it 3 days.", false},
		{"denied", "Why does the locker not keep my parcel?", "Why does the locker keep my parcel?", "Because you asked us to.", false},
		{"another subject", "How long does the repair of my boots take?", problem, "A locker keeps it for 3 days.", false},
		{"a reply about one account", "How long will a locker keep the parcel?", problem, "I've extended it, your code is ⟦order:A⟧.", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			evidence := []Evidence{caseEvidence("case", tt.problem, tt.reply, 0.8), article}
			a, err := Extract{}.Generate(t.Context(), Request{Question: tt.question, Language: "en", Evidence: evidence}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if used := len(a.Citations) > 0 && a.Citations[0].SourceID == "case"; used != tt.used {
				t.Errorf("the case was used: %v, want %v; the answer is %q", used, tt.used, a.Text)
			}
			if strings.Contains(a.Text, "⟦") {
				t.Errorf("the answer names someone: %q", a.Text)
			}
		})
	}
}

func TestExtractAnswersBothOfTwoQuestions(t *testing.T) {
	evidence := []Evidence{
		articleEvidence("returns", "ru", "Вернуть товар можно в любом пункте выдачи. Возьмите код возврата в карточке заказа.", 0.9),
		articleEvidence("gift", "ru", "Подарочная карта действует 3 года с даты покупки.", 0.6),
		articleEvidence("shops", "ru", "Магазины открыты с 10:00 до 21:00.", 0.5),
	}
	a, err := Extract{}.Generate(t.Context(), Request{
		Question: "Как вернуть товар? И сколько действует подарочная карта?", Language: "ru", Evidence: evidence}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Citations) != 2 || a.Citations[0].SourceID != "returns" || a.Citations[1].SourceID != "gift" {
		t.Errorf("got citations %+v of %q, want returns and gift", a.Citations, a.Text)
	}
	checkQuoted(t, a, evidence)
}

func TestExtractPrefersTheCustomersLanguage(t *testing.T) {
	ru := articleEvidence("ru", "ru", "Возврат возможен в течение 30 дней.", 0.7)
	en := articleEvidence("en", "en", "Returns are possible within 30 days.", 0.8)
	for _, tt := range []struct {
		name     string
		evidence []Evidence
		want     string
		noticed  bool
	}{
		{"a source in the language of the customer goes before a nearer one", []Evidence{en, ru}, "ru", false},
		{"a foreign source is quoted with a notice", []Evidence{en}, "en", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, err := Extract{}.Generate(t.Context(), Request{Question: "возврат товара", Language: "ru", Evidence: tt.evidence}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(a.Citations) != 1 || a.Citations[0].SourceID != tt.want || (a.Notice != "") != tt.noticed {
				t.Errorf("got %+v with notice %q, want source %s", a.Citations, a.Notice, tt.want)
			}
		})
	}
}

func TestExtractEmitsWhatItReturns(t *testing.T) {
	evidence := []Evidence{articleEvidence("kettle", "en", kettle, 0.9)}
	var b strings.Builder
	a, err := Extract{}.Generate(t.Context(), Request{Question: "What does the lid cost?", Language: "en", Evidence: evidence}, func(s string) { b.WriteString(s) })
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != a.Text || a.Text == "" {
		t.Errorf("emitted %q, returned %q", b.String(), a.Text)
	}
}

func TestExtractAbstainsWithoutAnythingToQuote(t *testing.T) {
	for _, tt := range []struct {
		name     string
		evidence []Evidence
		want     Reason
	}{
		{"no evidence", nil, NoEvidence},
		{"an empty article", []Evidence{articleEvidence("a", "en", " \n", 0.9)}, NoEvidence},
		{"a case that does not fit", []Evidence{caseEvidence("c", "My boots leak", "Send them in.", 0.9)}, LowConfidence},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, err := Extract{}.Generate(t.Context(), Request{Question: "How long is the warranty of a kettle?", Language: "en", Evidence: tt.evidence}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if a.Abstain != tt.want || a.Text != "" {
				t.Errorf("got %q, %q, want abstention %q", a.Abstain, a.Text, tt.want)
			}
		})
	}
}

// TestExtractQuotesTheSample answers from every article of the sample with its
// own headings as questions, so that all sorts of blocks are met.
func TestExtractQuotesTheSample(t *testing.T) {
	for _, a := range sampleArticles(t) {
		for _, b := range blocksOf(a.text) {
			evidence := []Evidence{articleEvidence("a", a.lang, a.text, 1)}
			answer, err := Extract{}.Generate(t.Context(), Request{Question: b.heading + " " + b.lines[0], Language: a.lang, Evidence: evidence}, nil)
			if err != nil {
				t.Fatal(err)
			}
			checkQuoted(t, answer, evidence)
		}
	}
}
