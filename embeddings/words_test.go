package embeddings

import (
	"fmt"
	"sync"
	"testing"
)

func TestWordsSayWhatAnalyzeSays(t *testing.T) {
	words := new(Words)
	for range 2 { // looked up, then remembered
		for _, text := range []string{
			"Коробки с чайниками стоят на верхней полке, а крышки — под ними.",
			"The lids of these kettles were polished twice before they left the workshop.",
			"Die Deckel der Kannen wurden zweimal poliert und dann verpackt.",
			"Чохли для ґаджетів їдуть окремо",
		} {
			a := Analyze(text)
			for _, token := range a.Tokens {
				for _, w := range []*Words{nil, words} {
					stem, stop := w.Look(a.Language, token.Norm)
					if stem != token.Stem || stop != token.Stop {
						t.Errorf("%q in %s: got %q, %v, want %q, %v", token.Norm, a.Language, stem, stop, token.Stem, token.Stop)
					}
				}
			}
		}
	}
}

func TestWordsTellLanguagesApart(t *testing.T) {
	words := new(Words)
	for _, language := range []string{"en", "de", "ru", "en"} {
		got, _ := words.Look(language, "kannen")
		if want := stem(wordLanguage(language, "kannen"), "kannen"); got != want {
			t.Errorf("in %s: got %q, want %q", language, got, want)
		}
	}
}

func TestWordsThatAreTooManyAreFoundAgain(t *testing.T) {
	words := new(Words)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 2 * knownWords {
				norm := fmt.Sprintf("ходил%xи", i)
				if got, _ := words.Look("ru", norm); got != stem("ru", norm) {
					t.Errorf("%s: got %q, want %q", norm, got, stem("ru", norm))
					return
				}
			}
		})
	}
	wg.Wait()
}
