package clash

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/whetstone-desk/whetstone/kb"
)

// These tests plant contradictions by rule into articles that nobody wrote for
// them: a sentence with a number, a date or a "can" is framed and reworded, the
// fact altered, and the sentence put into another article.

var (
	numberWord = regexp.MustCompile(`(^|[\s(«"])(\d{1,4})( ?%| [\p{L}]{2,})`)
	capable    = regexp.MustCompile(`(?i)\s(can|may|is|are|will) ([a-z]{4,})`)
	mozhno     = regexp.MustCompile(`\s(можно|доступна|доступен|доступны|будет|будут|может|могут|работает|поддерживается|отображается) `)
	monthRU    = regexp.MustCompile(`(\d{1,2}) (января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря)`)
	monthEN    = regexp.MustCompile(`(January|February|March|April|June|July|August|September|October|November|December) (\d{1,2})\b`)
)

// wordings are what a writer puts in place of a word without a change of
// meaning.
var wordings = strings.NewReplacer(
	" may ", " can ", " shows ", " displays ", " choose ", " select ", " delete ", " remove ", " each ", " every ", " create ", " make ",
	" maximum ", " greatest ", " because ", " since ", " begin ", " start ", " need ", " require ", " big ", " large ", " used ", " applied ",
	"не более", "не больше", "не менее", "не меньше", "необходимо", "нужно", "осуществляется", "происходит", "составляет", "равен",
	"ролик", "видео", "разместить", "опубликовать", "выбрать", "указать", "максимальный", "предельный", "который", "что", "также", "ещё",
)

var frameForms = map[bool][]string{
	true:  {"Обратите внимание: %s.", "Согласно правилам, %s.", "Напоминаем, что %s.", "Важно знать: %s."},
	false: {"Please note that %s.", "According to our policy, %s.", "Keep in mind that %s.", "As a rule, %s."},
}

// reworded frames a sentence and writes it in other words.
func reworded(s string, cyrillic bool, rnd *rand.Rand) string {
	s = wordings.Replace(strings.TrimRight(s, ".!; "))
	if first, rest, ok := strings.Cut(s, ", "); ok && rnd.IntN(2) == 0 && len(first) > 20 && len(rest) > 20 {
		s = rest + ", " + first // the clauses the other way round
	}
	r := []rune(s)
	if len(r) > 1 && unicode.IsLower(r[1]) {
		r[0] = unicode.ToLower(r[0])
	}
	f := frameForms[cyrillic]
	return fmt.Sprintf(f[rnd.IntN(len(f))], string(r))
}

// altered changes a fact of a sentence, and says which kind; empty: it has none
// that a rule can change.
func altered(s string, cyrillic bool, turn int) (string, string) {
	switch {
	case monthRU.MatchString(s):
		return monthRU.ReplaceAllStringFunc(s, func(m string) string {
			return strings.NewReplacer("января", "апреля", "февраля", "мая", "марта", "июня", "апреля", "июля", "мая", "августа", "июня", "сентября",
				"июля", "октября", "августа", "ноября", "сентября", "декабря", "октября", "января", "ноября", "февраля", "декабря", "марта").Replace(m)
		}), Date
	case monthEN.MatchString(s):
		return monthEN.ReplaceAllString(s, "October 2"), Date
	case turn%3 != 0 && numberWord.MatchString(s):
		at := numberWord.FindStringSubmatchIndex(s)
		n, _ := strconv.Atoi(s[at[4]:at[5]])
		if n >= 1900 && n < 2100 || n < 2 || unicode.IsUpper([]rune(strings.TrimSpace(s[at[6]:at[7]]))[0]) {
			return "", ""
		}
		return s[:at[4]] + strconv.Itoa(n*2+1) + s[at[5]:], Number
	case turn%3 == 0 && cyrillic && mozhno.MatchString(s) && !strings.Contains(s, " не "):
		at := mozhno.FindStringSubmatchIndex(s)
		if s[at[2]:at[3]] == "можно" {
			return s[:at[2]] + "нельзя" + s[at[3]:], Negation
		}
		return s[:at[2]] + "не " + s[at[2]:], Negation
	case turn%3 == 0 && !cyrillic && capable.MatchString(s) && !strings.Contains(s, " not ") && !strings.Contains(s, "n't "):
		at := capable.FindStringSubmatchIndex(s)
		return s[:at[3]] + " not" + s[at[3]:], Negation
	}
	return "", ""
}

// corpusOf reads articles of a set of the shared data.
func corpusOf(t testing.TB, name string) []Doc {
	root := filepath.Join(shared, name)
	var out []Doc
	add := func(id, title, body, locale string) {
		if len(body) < 6000 {
			out = append(out, Doc{ID: name + "/" + id, Title: title, Body: body, Language: locale, Kind: kb.Article})
		}
	}
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		file := filepath.Base(path)
		b, err := os.ReadFile(path)
		switch {
		case err != nil:
			return err
		case file == "articles.jsonl" || file == "corpus.jsonl" && strings.HasPrefix(name, "xquad"):
			for line := range strings.Lines(string(b)) {
				var d struct {
					ID           string `json:"id"`
					Key          string `json:"_id"`
					Title, Body  string
					Text, Locale string
				}
				if err := json.Unmarshal([]byte(line), &d); err != nil {
					return err
				}
				if d.Locale == "" {
					d.Locale = strings.TrimPrefix(name, "xquad-")
				}
				add(d.ID+d.Key, d.Title, d.Body+d.Text, d.Locale)
			}
		case strings.HasSuffix(file, ".md") || strings.HasSuffix(file, ".mdx"):
			add(strings.TrimPrefix(path, root), file, string(b), map[bool]string{true: "ru", false: "en"}[strings.HasSuffix(name, "ru")])
		}
		return nil
	})
	if err != nil {
		t.Skipf("SKIPPED: no %s among the shared data", name)
	}
	return out
}

// ruled plants n contradictions into 200 articles of the sets.
func ruled(t testing.TB, seed uint64, n int, sets ...string) ([]Doc, []plant) {
	rnd := rand.New(rand.NewPCG(seed, 7))
	var docs []Doc
	for _, s := range sets {
		c := corpusOf(t, s)
		rnd.Shuffle(len(c), func(i, k int) { c[i], c[k] = c[k], c[i] })
		docs = append(docs, c[:min(len(c), 200/len(sets))]...)
	}
	originals := slices.Clone(docs)
	var plants []plant
	for try := 0; len(plants) < n && try < 20000; try++ {
		d := &originals[rnd.IntN(len(originals))]
		spans := kb.Sentences(d.Body)
		if len(spans) == 0 || slices.ContainsFunc(plants, func(p plant) bool { return p.of == d.ID }) {
			continue
		}
		s := spans[rnd.IntN(len(spans))]
		text := d.Body[s.Start:s.End]
		words := len(strings.Fields(text))
		if words < 6 || words > 28 || strings.ContainsAny(text, "|`{}<>[]#:") || strings.HasSuffix(text, "?") || strings.Contains(text, "http") || !strings.HasSuffix(text, ".") {
			continue
		}
		cyrillic := d.Language == "ru"
		changed, kind := altered(text, cyrillic, len(plants))
		if kind == "" {
			continue
		}
		for {
			h := rnd.IntN(len(docs))
			if docs[h].ID != d.ID && docs[h].Language == d.Language {
				p := plant{of: d.ID, source: text, kind: kind, set: d.Language, text: reworded(changed, cyrillic, rnd), host: docs[h].ID}
				insert(&docs[h], p.text, rnd)
				plants = append(plants, p)
				break
			}
		}
	}
	return docs, plants
}

func TestContradictionsPlantedByRuleAreFound(t *testing.T) {
	for _, sets := range []string{"rutube-dev+stackfaq-stream-en", "xquad-en+xquad-ru", "kb-plausible-en+kb-diplodoc-ru"} {
		docs, plants := ruled(t, 3, 40, strings.Split(sets, "+")...)
		pairs, err := Find(t.Context(), docs)
		if err != nil {
			t.Fatal(err)
		}
		reached(t, fmt.Sprintf("%s, %d articles", sets, len(docs)), pairs, plants)
	}
}

// BenchmarkFind measures 5,000 documents whose sentences come from the shared
// data, so that each of them is said in several documents.
func BenchmarkFind(b *testing.B) {
	var pool []string
	for _, name := range []string{"rutube-dev", "stackfaq-stream-en", "xquad-en", "xquad-ru", "kb-plausible-en", "kb-diplodoc-ru"} {
		for _, d := range corpusOf(b, name) {
			for _, s := range kb.Sentences(d.Body) {
				pool = append(pool, d.Body[s.Start:s.End])
			}
		}
	}
	for _, n := range []int{200, 5000} {
		rnd := rand.New(rand.NewPCG(1, 1))
		docs := make([]Doc, n)
		for i := range docs {
			var body strings.Builder
			for range 12 {
				body.WriteString(pool[rnd.IntN(len(pool))] + "\n\n")
			}
			docs[i] = Doc{ID: strconv.Itoa(i), Title: pool[rnd.IntN(len(pool))], Body: body.String(), Kind: kb.Article}
		}
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			for b.Loop() {
				if _, err := Find(b.Context(), docs); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
