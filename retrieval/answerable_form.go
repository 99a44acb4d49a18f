package retrieval

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/whetstone-desk/whetstone/embeddings"
)

// A form is what a question wants to know of its subject. How many there may
// be and how one is removed are two articles, whatever words they share.
type form uint16

// The forms, the telling ones first: nearly everything can be asked as one of
// the last three.
const (
	asksWhat form = 1 << iota
	asksHowMany
	asksWhen
	asksWhy
	asksWhere
	asksWho
	asksWhich
	asksWhether
	asksHow

	tellingForms = asksWhich - 1
)

// formWords are the words that show a form: whole ones between spaces, or how
// one begins; ^ is the beginning of the question.
var formWords = [...]struct {
	form  form
	words []string
}{
	{asksWhat, []string{"^ что такое ", "^ что за ", " что это ", " что значит ", " что означает ", " зачем ", " для чего ",
		"^ what is ", "^ what's ", "^ what are ", "^ what does "}},
	{asksHowMany, []string{" сколько ", " ограничени", " лимит", " размер", " максимальн", " минимальн", " how many ", " how much "}},
	{asksWhen, []string{" как долго ", " как часто ", " как скоро ", " когда ", " сколько времени ", " сколько дней ", " сколько ждать ", " в какой срок ", " через сколько ",
		" how long ", " how often ", " how soon ", " when "}},
	{asksWhy, []string{" почему ", " из за чего ", " по какой причине ", " отчего ", " why "}},
	{asksWhere, []string{" где ", " куда ", " откуда ", " where "}},
	{asksWho, []string{" кто ", " кому ", " кого ", " who "}},
	{asksWhich, []string{" какой ", " какая ", " какое ", " какие ", " каких ", " какую ", " каким ", " какими ", " which ", "^ what "}},
	{asksWhether, []string{" ли ", " можно ", " могу ", " можем ", " могут ", " нельзя ", " возможно ", " получится ", " нужно ", " надо ", " обязательно ", " разреш", " будет ", " есть ", " бывает ",
		"^ can ", "^ could ", "^ is ", "^ are ", "^ do ", "^ does ", "^ will ", "^ should ", "^ may ", "^ must ", "^ have ", "^ has ", " can i ", " is it possible ", " is there "}},
	{asksHow, []string{" как ", " каким образом ", " что делать ", " how "}},
}

// formOf returns every form that a text shows.
func formOf(text string) form {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' })
	plain := "^ " + strings.ReplaceAll(strings.Join(words, " "), "ё", "е") + " "
	var out form
	for _, f := range formWords {
		for _, w := range f.words {
			if strings.Contains(plain, w) {
				out |= f.form
				break
			}
		}
	}
	return out
}

// alike says how far a question of form f asks what a title of form g answers:
// half for the most telling form of both, half for a telling one in common.
func (f form) alike(g form) float64 {
	x := 0.0
	if f&-f == g&-g && f != 0 {
		x += 0.5
	}
	if f&g&tellingForms != 0 {
		x += 0.5
	}
	return x
}

// told is the greatest share of a title's words that the question has, by how
// few of the titles have each: an article that says more than was asked about
// is on something narrower.
func told(question string, titles []string) float64 {
	asked, of, in := wordStems(question), make([][]string, len(titles)), make(map[string]float64)
	for i, title := range titles {
		of[i] = wordStems(title)
		for _, w := range of[i] {
			in[w]++
		}
	}
	most := 0.0
	for _, words := range of {
		all, both := 0.0, 0.0
		for _, w := range words {
			weight := math.Log1p(float64(len(titles)) / in[w])
			all += weight
			if _, has := slices.BinarySearch(asked, w); has {
				both += weight
			}
		}
		most = max(most, share(both, all))
	}
	return most
}

// wordStems returns the stems of a text's words, each once, in order.
func wordStems(text string) []string {
	var out []string
	for _, t := range embeddings.Analyze(text).Tokens {
		if t.Kind == embeddings.Word && !t.Part {
			out = append(out, t.Stem)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
