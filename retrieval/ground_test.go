package retrieval

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/kb"
)

// An article is a source that the tests alter what is drafted from.
type article struct{ lang, text string }

// sampleArticles reads the articles that the demo is filled with.
func sampleArticles(t *testing.T) []article {
	t.Helper()
	var out []article
	for _, lang := range []string{"ru", "en"} {
		files, err := filepath.Glob("../cmd/whetstone/sample/articles/" + lang + "/*.md")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			_, body, ok := strings.Cut(strings.TrimPrefix(string(b), "---\n"), "\n---\n")
			if !ok {
				t.Fatalf("%s has no front matter", f)
			}
			out = append(out, article{lang, strings.TrimSpace(body)})
		}
	}
	if len(out) < 40 {
		t.Fatalf("read %d articles of the sample, want at least 40", len(out))
	}
	return out
}

// sentences returns the sentences of an article worth drafting: without its
// headings.
func (a article) sentences() []string {
	var out []string
	for _, s := range kb.Sentences(a.text) {
		text := a.text[s.Start:s.End]
		if strings.HasPrefix(text, "#") || strings.HasPrefix(text, "|--") || len(strings.Fields(text)) < 4 {
			continue
		}
		out = append(out, text)
	}
	return out
}

// dated holds what the sample has little of: days, months and times.
var dated = []article{
	{"ru", `Летняя распродажа начнётся 12 июня 2026 года и закончится 30 июня.

Заказы, оплаченные до 25 декабря, привезём к Новому году. С 31 декабря по 8 января склад не работает.

Подарочные баллы за 2025 год сгорают 1 марта. Новые баллы начислим 15 апреля 2026 года.

Магазин на Лесной закрыт с понедельника по среду, а в пятницу работает до 22:00.

Старые купоны действуют до 03.09.2026, новые выдаём с октября.

Собрание покупателей пройдёт в субботу, 14 ноября, в 18:30. Запись закроется в четверг.`},
	{"en", `The summer sale starts on June 12, 2026 and ends on June 30.

Orders paid by December 20 arrive before the holidays. The warehouse is closed from 31 December to 8 January.

Points earned in 2025 expire on March 1. New points are credited on 15 April 2026.

The shop in Forest Street is closed from Monday to Wednesday and is open until 10 pm on Friday.

Old vouchers are valid until 2026-09-03, new ones are issued from October.

The meeting takes place on Saturday, 14 November, at 6:30 pm. Registration closes on Thursday.`},
}

// A tally counts what was caught, by kind and language.
type tally struct{ caught, all int }

func (c *tally) add(caught bool) {
	c.all++
	if caught {
		c.caught++
	}
}

func (c *tally) share() float64 { return float64(c.caught) / float64(max(1, c.all)) }

// every is how many sentences of the sample there are for one that is drafted
// from: 1 takes all of them, and half a minute.
const every = 12

func TestGroundCatchesAlteredDrafts(t *testing.T) {
	if testing.Short() {
		t.Skip("a measurement on data: make test runs it in full, without the race detector")
	}
	rng := rand.New(rand.NewPCG(1, 2))
	byKind, by := make(map[string]*tally), make(map[string]*tally)
	count := func(m map[string]*tally, key string, caught bool) {
		if m[key] == nil {
			m[key] = new(tally)
		}
		m[key].add(caught)
	}
	for n, a := range append(slices.Clone(dated), sampleArticles(t)...) {
		evidence := []Evidence{{Text: a.text}}
		for i, s := range a.sentences() {
			if i%every != 0 && n >= len(dated) {
				continue
			}
			for _, alt := range alterations() {
				if alt.lang != "" && alt.lang != a.lang {
					continue
				}
				draft := alt.make(rng, s, a.text)
				if draft == "" || draft == s {
					continue
				}
				report := Ground(draft+" [1]", evidence)
				caught := !report.Supported()
				kind, _, _ := strings.Cut(alt.kind, ":")
				count(byKind, a.lang+" "+kind, caught)
				count(by, alt.kind, caught)
				if !caught && testing.Verbose() {
					t.Logf("missed (%s):\n  %s\n  %s", alt.kind, s, draft)
				}
			}
		}
	}
	for _, m := range []map[string]*tally{by, byKind} {
		for _, key := range sortedKeys(m) {
			t.Logf("%-60s %4d of %4d, %.3f", key, m[key].caught, m[key].all, m[key].share())
		}
	}
	for key, c := range byKind {
		if c.all >= 20 && c.share() < 0.95 {
			t.Errorf("caught %.3f of altered drafts (%s), want 0.95", c.share(), key)
		}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
