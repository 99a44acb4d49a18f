package kb

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// sound fails where ps break what Split promises of text.
func sound(t *testing.T, text string, ps []Passage) {
	t.Helper()
	var all strings.Builder
	at := 0
	for i, p := range ps {
		if p.Ordinal != i || p.Start != at || p.End != at+utf8.RuneCountInString(p.Text) {
			t.Fatalf("passage %d is %d from %d to %d, after %d: %q", i, p.Ordinal, p.Start, p.End, at, p.Text)
		}
		if n := p.End - p.Start; n > MaxPassage || n == 0 && text != "" {
			t.Fatalf("passage %d has %d runes", i, n)
		}
		if utf8.ValidString(text) && !utf8.ValidString(p.Text+p.Heading) {
			t.Fatalf("passage %d cuts a letter: %q under %q", i, p.Text, p.Heading)
		}
		at = p.End
		all.WriteString(p.Text)
	}
	if all.String() != text {
		t.Fatalf("lost something: %d bytes of %d", all.Len(), len(text))
	}
}

// shape renders passages as heading and text, a line each.
func shape(ps []Passage) string {
	var b strings.Builder
	for _, p := range ps {
		fmt.Fprintf(&b, "%s: %s\n", p.Heading, strings.Join(strings.Fields(p.Text), " "))
	}
	return b.String()
}

func TestSplitHeadings(t *testing.T) {
	long := strings.TrimSpace(strings.Repeat("Слово за слово. ", 20)) // 319 runes
	for _, tt := range []struct{ name, body, want string }{
		{"text without headings", long, ": " + long},
		{"a path of headings", "# A\n" + long + "\n## B\n" + long + "\n### C\n" + long + "\n## D\n" + long,
			"A: # A " + long + "\nA › B: ## B " + long + "\nA › B › C: ### C " + long + "\nA › D: ## D " + long},
		{"a level left out", "# A\n### C\n" + long + "\n## B\n" + long, "A › C: # A ### C " + long + "\nA › B: ## B " + long},
		{"the document's title is not repeated", "# Правила\n" + long + "\n## B\n" + long, ": # Правила " + long + "\nB: ## B " + long},
		{"a heading goes with what follows", long + "\n\n## A\n\n" + long, ": " + long + "\nA: ## A " + long},
		{"setext headings", "A\n===\n" + long + "\n\nB\n---\n" + long, "A: A === " + long + "\nA › B: B --- " + long},
		{"a rule is no heading", long + "\n\n---\n\n" + long, ": " + long + " --- " + long},
		{"a comment in code is no heading", "## A\n```\n# no\n```\n" + long, "A: ## A ``` # no ``` " + long},
		{"a fence in an item", "- a\n\n  ```\n# no\n  ```\n- b\n\n" + long, ": - a ``` # no ``` - b " + long},
		{"headings are read as text", "## **A** {#a} ##\n" + long, "A: ## **A** {#a} ## " + long},
		{"a numbered heading", "## 1. A\n" + long, "1. A: ## 1. A " + long},
		{"a hashtag is no heading", "#tag\n" + long, ": #tag " + long},
		{"CRLF", "# A\r\n" + long + "\r\n\r\nB\r\n---\r\n" + long, "A: # A " + long + "\nA › B: B --- " + long},
		{"questions stay apart", "## A?\nДа.\n## B?\nНет.\n## C?\nНе знаю.", "A?: ## A? Да.\nB?: ## B? Нет.\nC?: ## C? Не знаю."},
		{"small sections share", "# T\n" + long + "\n## A\nДа.\n## B\nНет.\n## C\n" + long,
			"T: # T " + long + "\nT: ## A Да. ## B Нет.\nT › C: ## C " + long},
		{"a small introduction goes with the first section", "# T\nКоротко.\n## A\n" + long + "\n## B\n" + long,
			"T › A: # T Коротко. ## A " + long + "\nT › B: ## B " + long},
		{"front matter is no heading", "---\ntitle: x\n---\n" + long, ": --- title: x --- " + long},
		{"nothing but headings", "# A\n## B\n# C", "A › B: # A ## B\nC: # C"},
		{"a heading ends a list", "- a\n- " + long + "\n# C\n" + long, ": - a - " + long + "\nC: # C " + long},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ps := Split(&Document{Kind: Article, Content: Content{Title: "Правила", Body: tt.body}})
			sound(t, tt.body, ps)
			if got := strings.TrimSpace(shape(ps)); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestSplitEmptyDocuments(t *testing.T) {
	for _, tt := range []struct {
		name string
		doc  Document
		want int
	}{
		{"neither title nor body", Document{Kind: Article}, 0},
		{"only a title", Document{Kind: Article, Content: Content{Title: "T"}}, 1},
		{"only space", Document{Kind: Article, Content: Content{Body: " \n\n"}}, 1},
		{"a case's problem", Document{Kind: Case, Content: Content{Problem: "# Где?\nТут\n---", Resolution: "Там"}}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ps := Split(&tt.doc)
			if len(ps) != tt.want {
				t.Fatalf("got %d passages, want %d:\n%s", len(ps), tt.want, shape(ps))
			}
			sound(t, tt.doc.Body+tt.doc.Problem, ps)
			if len(ps) > 0 && ps[0].Heading != "" {
				t.Errorf("got heading %q", ps[0].Heading)
			}
		})
	}
}

// TestSplitKeepsBlocks puts blocks after texts of every length: where a block
// fits a passage, it is in one.
func TestSplitKeepsBlocks(t *testing.T) {
	item := strings.Repeat("слово ", 20)
	for name, block := range map[string]string{
		"a list":            "Сделайте так:\n\n* " + item + "\n\n  " + item + "\n* " + item + "\n  1. " + item + "\n* " + item + "\n",
		"numbered steps":    "**Шаги**\n\n1. " + item + "\n2. " + item + "\n\n   ```\n   # code\n   ```\n\n3. " + item + "\n",
		"a table":           "| a | b |\n|---|---|\n" + strings.Repeat("| "+item+" | b |\n", 5),
		"a table of YFM":    "#|\n|| a | b ||\n\n" + strings.Repeat("|| "+item+" | b ||\n\n", 5) + "|#\n",
		"a table of HTML":   "<table>\n\n" + strings.Repeat("<tr><td>"+item+"</td></tr>\n\n", 5) + "</table>\n",
		"a plain table":     "a | b\n--- | ---\n" + strings.Repeat(item+" | b\n", 5),
		"code":              "```\n# a\n\n" + strings.Repeat(item+"\n\n", 5) + "```\n",
		"code with tildes":  "~~~sh\n```\n\n" + strings.Repeat(item+"\n\n", 5) + "~~~\n",
		"a quotation":       "> **Важно**\n>\n" + strings.Repeat("> "+item+"\n>\n", 5),
		"a heading and all": "## A\n\n" + strings.Repeat(item, 5) + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			for n := range 60 {
				body := strings.Repeat("Ещё одно слово. ", n) + "\n\n" + block + "\n\nПосле блока. " + item
				ps := Split(&Document{Kind: Article, Content: Content{Body: body}})
				sound(t, body, ps)
				found := false
				for _, p := range ps {
					found = found || strings.Contains(p.Text, block)
				}
				if !found {
					t.Fatalf("after %d words, cut:\n%s", n, shape(ps))
				}
			}
		})
	}
}

func TestSplitCutsLongBlocksWhereTheyMayBeCut(t *testing.T) {
	word := strings.Repeat("слово ", 10)
	for _, tt := range []struct {
		name, body string
		starts     string // what every passage but the first begins with
		most       int    // passages
	}{
		{"a list between its items", strings.Repeat("* "+word+"\n  - "+word+"\n  - "+word+"\n", 20), "* ", 8},
		{"a long item between inner items", "* a\n" + strings.Repeat("  - "+word+"\n", 40), "  - ", 5},
		{"a table between rows", "|a|b|\n|-|-|\n" + strings.Repeat("| "+word+"|"+word+"|\n", 20), "| ", 5},
		{"a paragraph between sentences", strings.Repeat("Фраза "+word+"конец. ", 40), "Фраза ", 6},
		{"a line without sentences between words", strings.Repeat("слово ", 500), "слово ", 4},
		{"code between lines", "```\n" + strings.Repeat("x = "+word+"\n", 40) + "```\n", "x = ", 5},
		{"a quotation between paragraphs", strings.Repeat("> Фраза "+word+"\n>\n", 40), "> Фраза ", 6},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ps := Split(&Document{Kind: Article, Content: Content{Body: tt.body}})
			sound(t, tt.body, ps)
			if len(ps) < 2 || len(ps) > tt.most {
				t.Errorf("got %d passages, want 2 to %d", len(ps), tt.most)
			}
			for _, p := range ps[1:] {
				if !strings.HasPrefix(p.Text, tt.starts) {
					t.Errorf("a passage begins with %q", p.Text[:min(len(p.Text), 40)])
				}
			}
		})
	}
}

func TestSplitOddTexts(t *testing.T) {
	for name, text := range map[string]string{
		"a giant word":               strings.Repeat("ж", 10*MaxPassage+1),
		"a giant line of sentences":  strings.Repeat("Раз два три. ", 10<<10),
		"a heading without end":      "# " + strings.Repeat("слово ", 1000),
		"accents without end":        "e" + strings.Repeat("\u0301", 5*MaxPassage),
		"families":                   strings.Repeat("👨\u200d👩\u200d👧", 2*MaxPassage),
		"only spaces":                strings.Repeat(" ", 3*MaxPassage),
		"only non-breaking spaces":   strings.Repeat("\u00a0", 3*MaxPassage),
		"carriage returns":           strings.Repeat("a\r", MaxPassage),
		"broken letters":             strings.Repeat("a\xff\xd0 \xe2\x80", MaxPassage),
		"a fence that is not closed": "```\n" + strings.Repeat("# a\n\n", MaxPassage),
		"a byte order mark":          "\ufeff# A\n\nтекст",
	} {
		t.Run(name, func(t *testing.T) {
			sound(t, text, Split(&Document{Kind: Article, Content: Content{Body: text}}))
		})
	}
}

func TestSplitTakesLinearTime(t *testing.T) {
	if testing.Short() {
		t.Skip("a measurement of time: make test runs it in full, without the race detector")
	}
	linear(func(s string) { Split(&Document{Kind: Article, Content: Content{Body: s}}) })
}

func FuzzSplit(f *testing.F) {
	for _, text := range hostile(64) {
		f.Add(text, 1)
		f.Add(text, MaxPassage)
	}
	f.Add("# A\n\ntext: \n\n- a\n- b\n\n| a |\n|---|\n| b |\n\nB\n---\n> c\n```\nd\n```\n", 30)
	f.Fuzz(func(t *testing.T, text string, repeat int) {
		body := strings.Repeat(text, max(1, min(repeat, (64<<10)/(len(text)+1))))
		for _, d := range []Document{
			{Kind: Article, Content: Content{Title: "A", Body: body}},
			{Kind: Case, Content: Content{Title: "A", Problem: body}},
		} {
			sound(t, body, Split(&d))
		}
	})
}

// manual is a made-up page with everything in it, for measuring.
func manual() string {
	var b strings.Builder
	for i := range 40 {
		fmt.Fprintf(&b, "## Раздел %d {#s%d}\n\nЧтобы **вернуть** товар, откройте [раздел](https://a.example/%d) «Заказы». Деньги придут через 3–5 дней.\n\n", i, i, i)
		b.WriteString("1. Нажмите `Вернуть`.\n2. Выберите причину: *брак*, _размер_ или цвет.\n3. Дождитесь письма на a_b@shop.example.\n\n")
		b.WriteString("| Способ | Срок |\n|---|---|\n| Карта | 3 дня |\n| Счёт | 5 дней |\n\n> **Важно.** Сохраните чек &laquo;до&raquo; конца.\n\n")
		b.WriteString("The refund is sent to the card that you paid with. It takes up to ten working days, depending on the bank.\n\n")
	}
	return b.String()
}

func BenchmarkSplit(b *testing.B) {
	d := Document{Kind: Article, Content: Content{Body: manual()}}
	b.SetBytes(int64(len(d.Body)))
	n := 0
	for b.Loop() {
		n += len(Split(&d))
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "passages/s")
}

func BenchmarkPlain(b *testing.B) {
	body := manual()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		Plain(body)
	}
}

func BenchmarkSentences(b *testing.B) {
	body := Plain(manual())
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		Sentences(body)
	}
}
