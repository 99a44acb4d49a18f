package api

import "strings"

// nearly finds titles whose words begin almost as those of q do: with one
// letter wrong, missing, too many or in its neighbour's place. It is asked
// where nothing has the words as they were typed.
func nearly(q string) matcher {
	var words [][]rune
	for _, w := range strings.Fields(folded(q)) {
		words = append(words, []rune(w))
	}
	return func(_, title string) (int, bool) {
		if len(words) == 0 {
			return 0, false
		}
		has := strings.Fields(title)
		for _, w := range words {
			if !anyNear(w, has) {
				return 0, false
			}
		}
		return 0, true
	}
}

// nearFrom is how many letters a word has at least to be found with one wrong:
// shorter ones would find too much.
const nearFrom = 4

func anyNear(w []rune, has []string) bool {
	for _, h := range has {
		h = strings.TrimLeft(h, "«\"“'([")
		if strings.HasPrefix(h, string(w)) || len(w) >= nearFrom && near(w, []rune(h)) {
			return true
		}
	}
	return false
}

// near reports whether a beginning of h is one change away from w. The first
// letters of most words differ, so most comparisons end at once.
func near(w, h []rune) bool {
	i := 0
	for i < len(w) && i < len(h) && w[i] == h[i] {
		i++
	}
	rest := func(a, b int) bool { // what follows is as it should be
		if a > len(w) {
			return false
		}
		for ; a < len(w); a, b = a+1, b+1 {
			if b >= len(h) || w[a] != h[b] {
				return false
			}
		}
		return true
	}
	switch {
	case rest(i+1, i+1), rest(i+1, i), rest(i, i+1): // wrong, too many, missing
		return true
	}
	return i+1 < len(w) && i+1 < len(h) && w[i] == h[i+1] && w[i+1] == h[i] && rest(i+2, i+2)
}

// Where the keys of the Russian layout are on the English one.
const (
	latinKeys    = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
	cyrillicKeys = "йцукенгшщзхъфывапролджэячсмитьбюе" // ё is looked for as е
)

// relaid is q as if the keyboard had been on its other layout, and "" where it
// has letters of neither.
func relaid(q string) string {
	from, to := []rune(latinKeys), []rune(cyrillicKeys)
	if strings.ContainsAny(folded(q), cyrillicKeys) {
		from, to = to, from
	}
	changed := false
	out := strings.Map(func(r rune) rune {
		for i, f := range from {
			if r == f {
				changed = true
				return to[i]
			}
		}
		return r
	}, folded(q))
	if !changed {
		return ""
	}
	return out
}

// ways are the ways to look for q, the strictest first; a later one is tried
// where those before find nothing.
func ways(q string) []matcher {
	all := []matcher{exactly(q), nearly(q)}
	if other := relaid(q); other != "" {
		all = append(all, exactly(other))
	}
	return all
}
