package embeddings

import (
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/danish"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/finnish"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/hungarian"
	"github.com/blevesearch/snowballstem/irish"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/norwegian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/romanian"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
	"github.com/blevesearch/snowballstem/swedish"
	"github.com/blevesearch/snowballstem/turkish"
)

// maxStemmed bounds the words that are stemmed, in bytes. Longer ones are no
// words of a language, and a stemmer's time grows with the square of them.
const maxStemmed = 64

// stem returns the stem of a word in lower case, or the word itself where the
// language has no stemmer. Norwegian covers both written forms.
func stem(language, word string) string {
	if len(word) > maxStemmed || utf8.RuneCountInString(word) < 3 {
		return word
	}
	step := stemmer(language)
	if step == nil {
		return word
	}
	env := snowballstem.NewEnv(word)
	step(env)
	if s := strings.Trim(env.Current(), "'"); s != "" {
		return s
	}
	return word
}

// stemmer returns the algorithm of a language, or nil if there is none.
func stemmer(language string) func(*snowballstem.Env) bool {
	switch language {
	case "ru":
		return russian.Stem
	case "en":
		return english.Stem
	case "da":
		return danish.Stem
	case "nl":
		return dutch.Stem
	case "fi":
		return finnish.Stem
	case "fr":
		return french.Stem
	case "de":
		return german.Stem
	case "hu":
		return hungarian.Stem
	case "ga":
		return irish.Stem
	case "it":
		return italian.Stem
	case "no":
		return norwegian.Stem
	case "pt":
		return portuguese.Stem
	case "ro":
		return romanian.Stem
	case "es":
		return spanish.Stem
	case "sv":
		return swedish.Stem
	case "tr":
		return turkish.Stem
	}
	return nil
}
