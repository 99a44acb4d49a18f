package clash

import (
	"math"
	"slices"
	"strings"

	"github.com/whetstone-desk/whetstone/embeddings"
)

// A word is what is known of a word of the corpus, however often it is said.
type word struct {
	norm  string
	key   string // stem, cut so that a noun meets its verb
	terms []uint32
	stop  bool
	light bool    // a verb or a word of manner: a paraphrase changes it first
	idf   float32 // set by weigh
	scope scope

	bilingual bool // one of its terms is said in both alphabets; set by weigh
}

// A vocabulary interns the words of a corpus.
type vocabulary struct {
	ids   map[string]int32
	words []word
}

// id returns the number of a token's word.
func (v *vocabulary) id(t *embeddings.Token) int32 {
	if id, ok := v.ids[t.Norm]; ok {
		return id
	}
	w := word{norm: t.Norm, key: cut(t.Stem), stop: t.Stop || frames[t.Norm], scope: scopeOf(t.Norm)}
	if !w.stop && t.Kind == embeddings.Word {
		w.terms = embeddings.QueryTerms(t.Norm)[embeddings.BodyWords].Terms
		w.terms = append(slices.Clone(w.terms), senses(t.Norm)...)
		w.light = light(t.Norm, t.Stem)
	}
	id := int32(len(v.words))
	v.words = append(v.words, w)
	v.ids[t.Norm] = id
	return id
}

// keyRunes is how much of a stem counts, as in package retrieval.
const keyRunes = 6

// cut shortens a stem to its first runes.
func cut(stem string) string {
	n := 0
	for i := range stem {
		if n == keyRunes {
			return stem[:i]
		}
		n++
	}
	return stem
}

// alike says how well two words match: 1 by stem, less by concept, 0 not.
func (v *vocabulary) alike(a, b int32) float64 {
	if a == b {
		return 1
	}
	x, y := &v.words[a], &v.words[b]
	if x.key == y.key {
		return 1
	}
	for _, s := range x.terms {
		for _, t := range y.terms {
			if s == t {
				return byConcept
			}
		}
	}
	return 0
}

// byConcept is what a match counts that only the thesaurus sees.
const byConcept = 0.85

// weigh sets how rare each word is: the smaller of what its stem and its
// concepts are, in documents.
func (c *corpus) weigh() {
	stems, terms := make(map[string]int), make(map[uint32]int)
	for i := range c.docs {
		seenStem, seenTerm := make(map[string]bool), make(map[uint32]bool)
		for _, id := range c.docs[i].said {
			w := &c.words[id]
			if !seenStem[w.key] {
				seenStem[w.key] = true
				stems[w.key]++
			}
			for _, t := range w.terms {
				if !seenTerm[t] {
					seenTerm[t] = true
					terms[t]++
				}
			}
		}
	}
	both := c.alphabets()
	for i := range c.words {
		w := &c.words[i]
		w.bilingual = slices.ContainsFunc(w.terms, func(t uint32) bool { return both[t] == 3 })
		df := stems[w.key]
		for _, t := range w.terms {
			df = max(df, terms[t])
		}
		// The constants keep words apart in a corpus of two documents and bound
		// what a typo weighs in a large one.
		idf := math.Log(1 + (float64(len(c.docs))+10)/(float64(df)+1))
		if w.light {
			idf *= lightShare
		}
		w.idf = float32(min(idf, 6))
	}
}

// alphabets says of each term whether words in Latin letters (1), in others (2)
// or in both stand for it.
func (c *corpus) alphabets() map[uint32]int8 {
	out := make(map[uint32]int8)
	for i := range c.words {
		bit := int8(2)
		if c.words[i].norm[0] < 0x80 {
			bit = 1
		}
		for _, t := range c.words[i].terms {
			out[t] |= bit
		}
	}
	return out
}

// lightShare is what a light word weighs of a heavy one.
const lightShare = 0.45

// light reports whether a word is one that another stands for easily: a
// Russian verb, by its ending, or one of a list.
func light(norm, stem string) bool {
	if lights[norm] || lights[stem] {
		return true
	}
	if norm[0] < 0x80 {
		return strings.HasSuffix(norm, "ly")
	}
	for _, e := range [...]string{
		"ть", "ться", "ется", "ится", "ются", "ятся", "ете", "ите", "ешь", "ишь", "йте", "йтесь", "ает", "яет", "ует",
		"ают", "яют", "уют", "ался", "алась", "ились", "ено", "ана", "аны", "ено", "ены", "ена",
	} {
		if strings.HasSuffix(norm, e) && len(norm) > len(e)+4 {
			return true
		}
	}
	return false
}

// lights are words of little weight that no ending gives away.
var lights = set(`use used using get give given take takes taken make made let allow allowed allows need needs must able apply applies
	happen happens keep kept stay stays stored store stores open opens works work working team staff start starts begin begins end ends until
	cost costs price stand stands arrive arrives reach provide provided offer offered remain remains become go goes come have has had set
	accept accepts accepted last lasts run runs show shown shows done day's currently automatically total overall entire whole full exact
	maximum minimum most least limit limited amount number size count time period
	default defaults умолчанию новый новая новое новые new длиной содержать содержит contain contains
	может могут можно нужно надо следует должен должна должны имеет имеют идет идут занимает занимают длится длятся
	всего общий общая общее весь вся целый максимум минимум максимальный максимальная максимальное минимальный минимальная
	максимального минимального лимит ограничение количество число размер срок период время временной составляет равен равна
	стоит стоят стоимость цена обойдется работает работают открыт открыта открыто начинается заканчивается действует хранится хранятся
	данный данная данное указанный соответствующий автоматически полностью`)

// frames are words that put a statement forward and say nothing of it.
var frames = set(`please note remember attention important notice reminder according accordance rule rules policy policies terms says say
	stated state states described mentioned keep mind aware know known generally usually typically normally basically simply also
	times per again recall currently our we you your they it us moreover besides however therefore thus today now
	обратите внимание пожалуйста помните напоминаем напомним важно учтите учитывайте имейте ввиду кстати согласно правилам правила
	правило регламент регламенту политике условиям сказано говорится указано обычно как правило также при этом наш наша наши вы ваш ваша
	течение момента раз
	дальше далее потом они мы вам вас нам сейчас сегодня действует действуют напоминание кратко дополнительно отметим`)

// set makes a set of the words of a text.
func set(text string) map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq(text) {
		m[w] = true
	}
	return m
}
