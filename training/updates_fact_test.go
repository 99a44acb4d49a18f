package training

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/kb"
)

// sampleShop puts the documents of the demo's shop on a shelf, its cases as
// ones of which nobody knows what they were resolved with.
func (s *shelf) sampleShop() (bodies map[string]string) {
	s.Helper()
	bodies = make(map[string]string)
	const root = "../cmd/whetstone/sample"
	paths, err := filepath.Glob(root + "/articles/*/*.md")
	if err != nil || len(paths) == 0 {
		s.Fatalf("no articles: %v", err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			s.Fatal(err)
		}
		head, body, _ := strings.Cut(strings.TrimPrefix(string(text), "---\n"), "\n---\n")
		lang := filepath.Base(filepath.Dir(path))
		id := strings.TrimSuffix(filepath.Base(path), ".md") + "-" + lang
		title := id
		for line := range strings.Lines(head) {
			if t, ok := strings.CutPrefix(line, "title: "); ok {
				title = strings.Trim(strings.TrimSpace(t), `"`)
			}
		}
		bodies[id] = body
		s.put(kb.Document{ID: id, Kind: kb.Article, Content: kb.Content{Title: title, Body: body, Locale: lang}})
	}
	text, err := os.ReadFile(root + "/cases/cases.jsonl")
	if err != nil {
		s.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		var c struct{ ID, Locale, Problem, Resolution string }
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			s.Fatal(err)
		}
		s.put(kb.Document{ID: c.ID, Kind: kb.Case, Content: kb.Content{Problem: c.Problem, Resolution: c.Resolution, Locale: c.Locale}})
	}
	s.update()
	return bodies
}

func TestWhatGivesAChangedFigureForTheSameSubjectIsQuarantined(t *testing.T) {
	s := oneShelf(t)
	was := s.sampleShop()["return-how-en"]
	d, err := s.learner.KB.In("shop").Document(t.Context(), "return-how-en")
	if err != nil {
		t.Fatal(err)
	}
	d.Body = strings.NewReplacer("30 days", "60 days", "for 14 days", "for 21 days").Replace(was)
	if d.Body == was {
		t.Fatalf("nothing has changed in %q", was)
	}
	s.put(d)
	s.wants("case-0043<return-how-en case-0077<return-how-en non-returnable-en<return-how-en", "after 30 days became 60 and 14 became 21")
}

func TestTheSameFigureForAnotherSubjectStays(t *testing.T) {
	s := oneShelf(t)
	was := s.sampleShop()["return-how-ru"]
	d, err := s.learner.KB.In("shop").Document(t.Context(), "return-how-ru")
	if err != nil {
		t.Fatal(err)
	}
	d.Body = strings.ReplaceAll(was, "30 дней", "60 дней")
	s.put(d)
	s.update()
	got := s.doubted()
	for _, other := range []string{"repair-time-ru", "case-0135", "case-0069"} { // storage, the basket, exchange
		if strings.Contains(got, other) {
			t.Errorf("%s is in quarantine: %s", other, got)
		}
	}
	if !strings.Contains(got, "case-0100") { // Вернуть можно в течение 30 дней с получения.
		t.Errorf("in quarantine is %q", got)
	}
}

func TestAReleaseNoteNeedNotSayThatSomethingHasChanged(t *testing.T) {
	s := oneShelf(t)
	s.sampleShop()
	s.put(kb.Document{ID: "news", Kind: kb.Article, Content: kb.Content{
		Title: "Longer returns", Body: "You can return anything within 60 days of delivery instead of 30 days.", Tags: []string{"release-notes"},
	}})
	s.wants("non-returnable-en<news return-how-en<news", "after 60 days instead of 30")
}
