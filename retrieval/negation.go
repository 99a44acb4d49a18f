package retrieval

import (
	"slices"
	"strings"

	"github.com/whetstone-desk/whetstone/retrieval/forms"
)

// A negation is a word that turns a statement round, with the words it turns.
type negation struct {
	at    int       // lexeme
	scope []scoped  // the nearest subject words in its clause, the heaviest first
	shape [2]string // the words right before and behind, whatever they are
}

// A scoped word is one that a negation bears on, the more the nearer.
type scoped struct {
	key    string
	weight float64
}

// negators are the words that negate by themselves; negatorStems those that do
// in every form.
const negators = " не ни нет нету нельзя без безо никогда никак никто никому никого ничего ничем никакой никаких никакие никакого неа " +
	"not no never none nothing nobody neither nor without cannot unable impossible can't cant dont "

var negatorStems = [...]string{"невозможн", "запрещ", "запрет", "воспрещ", "отсутств", "forbid", "prohibit"}

func negates(norm string) bool {
	if strings.Contains(negators, " "+norm+" ") || strings.HasSuffix(norm, "n't") {
		return true
	}
	for _, s := range negatorStems {
		if strings.HasPrefix(norm, s) {
			return true
		}
	}
	return false
}

// idioms are negations that negate nothing: what follows the negator.
const idioms = " только забудьте забудь забывайте беспокойтесь волнуйтесь переживайте стесняйтесь просто лишь " +
	"only worry hesitate forget just problem problems "

// limits are the words that a negator makes a limit of, with what they limit.
const limits = " более менее больше меньше позднее позже ранее раньше выше ниже старше младше моложе дороже дешевле дольше чаще реже " +
	"more less fewer later earlier sooner longer older younger higher lower exceed exceeding превышает превышать "

// negationsOf finds the negations among the lexemes from lo to hi.
func negationsOf(x []lexeme, lo, hi int, facts []fact) []negation {
	var out []negation
	for i := lo; i < hi; i++ {
		if x[i].kind != lexWord || !negates(x[i].norm) || idiomatic(x, i, hi, facts) {
			continue
		}
		// "Neither … nor" and "нет никаких" negate once.
		if i > lo && negates(x[i-1].norm) {
			continue
		}
		out = append(out, negation{at: i, scope: scopeOf(x, i, lo, hi), shape: neighbours(x, i, lo, hi)})
	}
	return out
}

// idiomatic reports whether the negator at i is a figure of speech or part of
// a limit, which the limited number carries.
func idiomatic(x []lexeme, i, hi int, facts []fact) bool {
	if i+1 >= hi {
		return false
	}
	next := x[i+1].norm
	if strings.Contains(idioms, " "+next+" ") {
		return true
	}
	if x[i].norm == "no" && next == "." && i+2 < hi && x[i+2].kind != lexWord {
		return true // No. 5
	}
	if !strings.Contains(limits, " "+next+" ") {
		return false
	}
	return slices.ContainsFunc(facts, func(f fact) bool { return f.from > i && f.from <= i+5 })
}

// clauseEnd reports whether a lexeme parts clauses.
func clauseEnd(w *lexeme) bool {
	if w.kind == lexPunct {
		return w.norm != "\"" && w.norm != "«" && w.norm != "»"
	}
	switch w.norm {
	case "но", "а", "but", "если", "if", "because", "поэтому", "although", "хотя", "when", "когда":
		return true
	}
	return false
}

// scopeOf collects the words that the negator at i bears on.
func scopeOf(x []lexeme, i, lo, hi int) []scoped {
	var out []scoped
	take := func(from, step int, weights []float64) {
		for j, k := from, 0; j >= lo && j < hi && k < len(weights); j += step {
			if clauseEnd(&x[j]) {
				return
			}
			if bearing(&x[j]) && !negates(x[j].norm) {
				out = append(out, scoped{keyOf(&x[j]), weights[k]})
				k++
			}
		}
	}
	take(i+1, 1, []float64{1, 0.6, 0.4})
	if len(out) == 0 {
		take(i-1, -1, []float64{1, 0.6, 0.4})
		return out
	}
	take(i-1, -1, []float64{0.5, 0.3})
	return out
}

// neighbours are the words beside the negator at i.
func neighbours(x []lexeme, i, lo, hi int) [2]string {
	var out [2]string
	if i > lo {
		out[0] = x[i-1].norm
	}
	if i+1 < hi {
		out[1] = x[i+1].norm
	}
	return out
}

// bearing reports whether a lexeme is a word that says what a text is about.
func bearing(w *lexeme) bool {
	return w.kind == lexWord && !w.stop || named(w)
}

// keyOf is what two forms of a word have in common: its stem, cut so that
// возврат and возвращать meet.
func keyOf(w *lexeme) string {
	if named(w) {
		return w.norm
	}
	return cutKey(w.stem)
}

// named reports whether a lexeme names one thing, letter by letter.
func named(w *lexeme) bool { return w.kind == lexCode || w.kind == lexLink || w.kind == lexPhone }

// keyRunes is how much of a stem counts. Shorter would join words of other
// roots; longer would part a noun from its verb.
const keyRunes = 6

func cutKey(stem string) string {
	n := 0
	for i := range stem {
		if n == keyRunes {
			return stem[:i]
		}
		n++
	}
	return stem
}

// covers is the share of scope's weight that keys has.
func covers(scope []scoped, keys map[string]bool) float64 {
	total, found := 0., 0.
	for _, s := range scope {
		total += s.weight
		if keys[s.key] {
			found += s.weight
		}
	}
	if total == 0 {
		return 0
	}
	return found / total
}

// likeness is the share of a's scope that b's scope has too.
func likeness(a, b *negation) float64 {
	if len(a.scope) == 0 || len(b.scope) == 0 {
		if a.shape[0] == b.shape[0] && a.shape[1] == b.shape[1] {
			return 1
		}
		return 0.5
	}
	keys := make(map[string]bool, len(b.scope))
	for _, s := range b.scope {
		keys[s.key] = true
	}
	return covers(a.scope, keys)
}

// negativePrefixes make a word its opposite.
var negativePrefixes = [...]string{"не", "un", "in", "im", "ir", "il", "dis", "non"}

// unprefixed returns the stem of a word's opposite, if it has the form of one:
// недоступн as доступн, unavail as avail.
func unprefixed(stem string) (string, bool) {
	for _, p := range negativePrefixes {
		rest, ok := strings.CutPrefix(stem, p)
		if ok && len([]rune(rest)) >= 4 {
			return rest, true
		}
	}
	return "", false
}

// contrasts are words that say the opposite of each other. Of the forms, a *
// stands for any ending.
var contrasts = [...][2]string{
	{"до", "после"}, {"before", "after"}, {"more", "less fewer"}, {"больше более", "меньше менее"},
	{"выше", "ниже"}, {"above", "below"}, {"over", "under"}, {"раньше ранее", "позже позднее"}, {"earlier sooner", "later"},
	{"бесплатн*", "платн*"}, {"free", "paid chargeable"}, {"онлайн", "офлайн оффлайн"}, {"online", "offline"},
	{"разреш*", "запрещ* запрет*"}, {"allow* permit*", "forbid* prohibit* disallow*"},
	{"включ*", "отключ* выключ* исключ*"}, {"enable*", "disable*"}, {"открыт* открыва*", "закрыт* закрыва*"},
	{"open*", "close*"}, {"including include* includes", "excluding exclude* except"}, {"включая", "кроме исключая"},
	{"maximum max most", "minimum min least"}, {"максим*", "миним*"}, {"increase*", "decrease* reduce*"},
	{"увелич*", "уменьш* сокращ*"}, {"always", "never"}, {"всегда", "никогда"}, {"can may", "cannot can't"},
	{"можно", "нельзя"}, {"required mandatory", "optional"}, {"обязательн*", "необязательн*"},
	{"possible", "impossible"}, {"возможно возможен возможна", "невозможно невозможен невозможна"},
	{"first", "last"}, {"with", "without"}, {"внутри", "снаружи"}, {"inside", "outside"},
}

// A side is a place in contrasts.
type side struct{ pair, of int }

// contrastOf finds the contrasts a word belongs to, with its side of each.
var contrastOf = newContrasts()

func newContrasts() *forms.Table[side] {
	t := new(forms.Table[side])
	for pair := range contrasts {
		for of, list := range contrasts[pair] {
			t.Put(list, side{pair, of})
		}
	}
	return t
}
