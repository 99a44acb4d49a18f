package embeddings

import (
	"math/bits"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// languageSample is how much of a text Language reads, in bytes. A page names
// its language in its first lines.
const languageSample = 1000

// Language returns the ISO 639-1 code of the language of text, or "und" where
// it has no letters. Russian and English are told apart by script; other
// languages by script, by letters of their own and by their small words. Latin
// text with no sign of another language is "en", Cyrillic text "ru".
func Language(text string) string {
	if len(text) > languageSample {
		cut := languageSample
		for cut > 0 && !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = text[:cut]
	}
	text = withoutLinks(text)
	scripts := countScripts(text)
	best, most := "und", 0
	for _, s := range []struct {
		language string
		count    int
	}{
		// In a tie the first wins: a Russian line about "iPhone" is Russian.
		{"ru", scripts.cyrillic}, {"en", scripts.latin}, {"ar", scripts.arabic},
		{"he", scripts.hebrew}, {"el", scripts.greek}, {"th", scripts.thai}, {"hi", scripts.devanagari},
		// A character of these stands for a syllable or a word.
		{"ko", 2 * scripts.hangul}, {"ja", 2 * scripts.kana}, {"zh", 2 * scripts.han},
	} {
		if s.count > most {
			best, most = s.language, s.count
		}
	}
	switch {
	case best == "zh" && scripts.kana > 0:
		return "ja"
	case best == "en" && scripts.cyrillic*3 >= scripts.latin:
		// Product names and links do not make a Russian question English.
		return cyrillicLanguage(text)
	case best == "ru":
		return cyrillicLanguage(text)
	case best == "en":
		return latinLanguage(text)
	}
	return best
}

// withoutLinks leaves out links and addresses: they are in no language.
func withoutLinks(text string) string {
	if !strings.Contains(text, "://") && !strings.Contains(text, "@") && !strings.Contains(text, "www.") {
		return text
	}
	var b strings.Builder
	for field := range strings.FieldsSeq(text) {
		if !strings.Contains(field, "://") && !strings.Contains(field, "@") && !strings.HasPrefix(field, "www.") {
			b.WriteString(field)
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// A scriptCount says how many letters of a text are of each script.
type scriptCount struct {
	cyrillic, latin, arabic, hebrew, greek, thai, devanagari, hangul, kana, han int
}

func countScripts(text string) scriptCount {
	var c scriptCount
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf:
			if 'a' <= r|0x20 && r|0x20 <= 'z' {
				c.latin++
			}
		case 0x0400 <= r && r <= 0x052F:
			c.cyrillic++
		case 0x00C0 <= r && r <= 0x024F:
			c.latin++
		case 0x0600 <= r && r <= 0x06FF:
			c.arabic++
		case 0x0590 <= r && r <= 0x05FF:
			c.hebrew++
		case 0x0370 <= r && r <= 0x03FF:
			c.greek++
		case 0x0E00 <= r && r <= 0x0E7F:
			c.thai++
		case 0x0900 <= r && r <= 0x097F:
			c.devanagari++
		case unicode.Is(unicode.Hangul, r):
			c.hangul++
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			c.kana++
		case unicode.Is(unicode.Han, r):
			c.han++
		}
	}
	return c
}

// cyrillicLanguage tells Russian from its neighbours by letters that Russian
// does not have.
func cyrillicLanguage(text string) string {
	for _, r := range text {
		if r < utf8.RuneSelf || 'А' <= r && r <= 'я' {
			continue
		}
		switch unicode.ToLower(r) {
		case 'і', 'ї', 'є', 'ґ':
			if strings.ContainsRune(text, 'ў') {
				return "be"
			}
			return "uk"
		case 'ў':
			return "be"
		case 'ј', 'љ', 'њ', 'ђ', 'ћ', 'џ':
			return "sr"
		case 'қ', 'ғ', 'ң', 'ү', 'ұ', 'һ', 'ә', 'ө':
			return "kk"
		}
	}
	return "ru"
}

// smallWords has, for each small word, a bit for every language that has it,
// in the order of latin.
var smallWords = sync.OnceValue(func() map[string]uint16 {
	all := make(map[string]uint16)
	for i, l := range latin {
		for word := range strings.FieldsSeq(l.words) {
			all[word] |= 1 << i
		}
	}
	return all
})

// latinLanguage tells the languages in Latin script apart. Each small word of
// a language counts one, each letter that few others have counts one too.
func latinLanguage(text string) string {
	var score [len(latin)]int
	foreign := false
	small := smallWords()
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		var buf [smallest]byte
		for set := small[string(lowered(buf[:0], word))]; set != 0; set &= set - 1 {
			score[bits.TrailingZeros16(set)]++
		}
		foreign = foreign || !isASCII(word)
	}
	if foreign {
		for _, r := range text {
			if r < 0xC0 {
				continue
			}
			for i, l := range latin {
				if strings.ContainsRune(l.letters, unicode.ToLower(r)) {
					score[i]++
				}
			}
		}
	}
	best := 0 // English
	for i, n := range score {
		// One small word alone says little: "no" and "per" are English too.
		if n > score[best] && (n > 1 || foreign) {
			best = i
		}
	}
	return latin[best].language
}

// smallest is how long a small word may be, in bytes.
const smallest = 12

// lowered appends word in lower case, as far as ASCII goes, or nothing if it
// is too long to be a small word.
func lowered(to []byte, word string) []byte {
	if len(word) > smallest {
		return to
	}
	for i := range len(word) {
		c := word[i]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		to = append(to, c)
	}
	return to
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// wordLanguage returns the language to stem a word in: that of the text where
// the word is in its script, else the chief language of the word's script.
func wordLanguage(language, word string) string {
	r, _ := utf8.DecodeRuneInString(word)
	switch {
	case r < 0x0250:
		if stemmer(language) == nil || language == "ru" {
			return "en"
		}
		return language
	case 0x0400 <= r && r <= 0x052F:
		switch language {
		case "uk", "be", "sr", "kk":
			return language
		}
		return "ru"
	}
	return "und"
}
