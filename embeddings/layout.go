package embeddings

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// strangeGap is how many bits for each pair of letters a text must gain
	// by the change before it counts as typed in the wrong layout. Questions
	// gain about 2.5, and lose as much if they were right.
	strangeGap = 1.0

	// strangeWordGap is the same for a single word of a text in both scripts,
	// where names and abbreviations abound.
	strangeWordGap = 2.0

	// minSwitched is how many letters it takes to judge a text, or a word of
	// a text in both scripts: what is shorter is mostly an abbreviation.
	minSwitched = 4
)

// FixLayout returns what was typed in the wrong keyboard layout as it was
// meant ("ghbdtn" as "привет", "руддщ" as "hello"), and any other text as it
// is. A text in one script is judged as a whole. In a text in both scripts the
// words in Latin letters are judged one by one.
func FixLayout(text string) string {
	if latin, cyrillic := scriptsOf(text); latin != cyrillic {
		return fixLayout(text, strangeGap)
	} else if !latin {
		return text
	}
	words := strings.Fields(text)
	changed := false
	for i, w := range words {
		if latin, cyrillic := scriptsOf(w); !latin || cyrillic {
			continue
		}
		words[i] = fixLayout(w, strangeWordGap)
		changed = changed || words[i] != w
	}
	if !changed {
		return text
	}
	return strings.Join(words, " ")
}

// fixLayout judges a text in one script.
func fixLayout(text string, gap float64) string {
	letters := 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	if letters < minSwitched || strings.Contains(text, "://") {
		return text
	}
	other := switchLayout(text)
	if strangeness(text)-strangeness(other) < gap {
		return text
	}
	return other
}

// scriptsOf reports which of the two scripts text has letters of.
func scriptsOf(text string) (latin, cyrillic bool) {
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf:
			latin = latin || 'a' <= r|0x20 && r|0x20 <= 'z'
		case 0x0400 <= r && r <= 0x052F:
			cyrillic = true
		}
	}
	return latin, cyrillic
}

// The keys of a keyboard in both layouts, in the same order.
const (
	latinKeys    = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
	cyrillicKeys = "йцукенгшщзхъфывапролджэячсмитьбюё"
)

// switchLayout returns text as it would read had it been typed in the other
// layout, Latin for Cyrillic or Cyrillic for Latin.
func switchLayout(text string) string {
	from, to := []rune(latinKeys), []rune(cyrillicKeys)
	if _, cyrillic := scriptsOf(text); cyrillic {
		from, to = to, from
	}
	return strings.Map(func(r rune) rune {
		lower := unicode.ToLower(r)
		for i, key := range from {
			if key == lower {
				return to[i]
			}
		}
		return r
	}, text)
}

// strangeness is how unlikely the letters of text follow each other in their
// language, in bits for each pair, about 3 for words and 6 for noise. A text
// without letters of either script is not strange.
func strangeness(text string) float64 {
	pairs, bits := 0, 0
	last := rune(0)
	for _, r := range fold(text) {
		if n, ok := surprise(last, r); ok {
			pairs++
			bits += n
		}
		last = r
	}
	if n, ok := surprise(last, 0); ok {
		pairs++
		bits += n
	}
	if pairs == 0 {
		return 0
	}
	return float64(bits) / float64(pairs)
}

// surprise returns how many bits it takes to say that b follows a, where one
// of them may be the edge of a word. It is no pair if neither is a letter.
func surprise(a, b rune) (bits int, ok bool) {
	rows, first := englishPairs[:], 'a'
	if isRussian(a) || isRussian(b) {
		rows, first = russianPairs[:], 'а'
	}
	i, j := pairIndex(a, first, len(rows)), pairIndex(b, first, len(rows))
	if i == 0 && j == 0 {
		return 0, false
	}
	return int(rows[i][j] - '0'), true
}

func isRussian(r rune) bool { return 'а' <= r && r <= 'я' }

// pairIndex is the place of a letter in a table of n rows: 0 for what is no
// letter of the script, which begins at first.
func pairIndex(r, first rune, n int) int {
	if r < first || int(r-first) >= n-1 {
		return 0
	}
	return int(r-first) + 1
}

// queryTokens analyzes a question and, where it looks typed in the wrong
// layout, takes the tokens of what was meant with it.
func queryTokens(text string) []Token {
	tokens := Analyze(text).Tokens
	if fixed := FixLayout(text); fixed != text {
		tokens = append(tokens, Analyze(fixed).Tokens...)
	}
	return tokens
}
