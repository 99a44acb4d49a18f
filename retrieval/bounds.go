package retrieval

import "strings"

// upper and lower are the words that make the number behind them a limit; with
// a negation before them they turn round (not more than).
const (
	upper = " до максимум максимально maximum max under below within until till before up менее меньше less fewer ниже младше раньше дешевле легче короче реже "
	lower = " от минимум минимально minimum min over above exceeding после after since более больше more свыше выше старше дороже позже позднее later older longer higher тяжелее дольше чаще "
)

// boundOf reads the words around the fact at lexemes from to to.
func boundOf(x []lexeme, from, to int) bound {
	if b := boundBehind(x, to); b != exactly {
		return b
	}
	for i := from - 1; i >= 0 && i >= from-4; i-- {
		w := &x[i]
		if w.kind != lexWord {
			if w.kind == lexPunct && w.norm != "\"" {
				return exactly
			}
			if w.kind != lexPunct {
				return exactly // another number stands between
			}
			continue
		}
		switch {
		case w.norm == "least" && before(x, i, "at"):
			return atLeast
		case w.norm == "most" && before(x, i, "at"):
			return atMost
		case w.norm == "течение" || w.norm == "течении" || w.norm == "пределах":
			return atMost
		}
		var b bound
		switch pad := " " + w.norm + " "; {
		case strings.Contains(upper, pad):
			b = atMost
		case strings.Contains(lower, pad):
			b = atLeast
		default:
			continue
		}
		if i > 0 && (x[i-1].norm == "не" || x[i-1].norm == "no" || x[i-1].norm == "not" || x[i-1].norm == "нe") {
			b = -b
		}
		return b
	}
	return exactly
}

// boundBehind reads "or more", "и выше" behind a number.
func boundBehind(x []lexeme, to int) bound {
	if to < len(x) && x[to].norm == "+" {
		return atLeast
	}
	if to+1 >= len(x) {
		return exactly
	}
	switch x[to].norm {
	case "or", "and", "и", "или":
	default:
		return exactly
	}
	switch x[to+1].norm {
	case "more", "above", "up", "over", "later", "older", "longer", "более", "выше", "больше", "старше", "позже", "дороже", "тяжелее":
		return atLeast
	case "less", "fewer", "below", "under", "earlier", "younger", "менее", "ниже", "меньше", "младше", "раньше", "дешевле":
		return atMost
	}
	return exactly
}

func before(x []lexeme, i int, word string) bool { return i > 0 && x[i-1].norm == word }
