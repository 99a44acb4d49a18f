package cluster

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/whetstone-desk/whetstone/embeddings"
)

const (
	// phrasesMost bounds the phrases of a group, phraseWords the words of one.
	phrasesMost = 5
	phraseWords = 3

	// labelPhrases bounds the phrases of a label.
	labelPhrases = 3

	// wordBonus is what each further word adds to a phrase: "virtual card" says
	// more than "card", though fewer say it.
	wordBonus = 0.4
)

// A phrase is one to three words in a row that say something.
type phrase struct {
	key   string   // its stems
	stems []string // without stop words inside it
	text  string   // as written
}

// A said is what one item says.
type said struct {
	language string
	phrases  []phrase // each key once
	stems    map[string]bool
}

// read finds the phrases of an item's text.
func read(it Item) said {
	text := plain(it.Text)
	a := embeddings.Analyze(text)
	s := said{language: languageOf(it), stems: make(map[string]bool)}
	runes := []rune(text)
	tokens := slices.DeleteFunc(a.Tokens, func(t embeddings.Token) bool { return t.Part })
	seen := make(map[string]bool)
	for i := range tokens {
		if speaks(tokens[i]) {
			s.stems[tokens[i].Stem] = true
		}
		for n := 1; n <= phraseWords && i+n <= len(tokens); n++ {
			if n > 1 && !together(runes[tokens[i+n-2].End:tokens[i+n-1].Start]) {
				break
			}
			p, ok := phraseOf(tokens[i:i+n], runes)
			if ok && !seen[p.key] {
				seen[p.key] = true
				s.phrases = append(s.phrases, p)
			}
		}
	}
	return s
}

// speaks reports whether a token may begin or end a phrase. Numbers and links
// do not: they are of one customer's case.
func speaks(t embeddings.Token) bool {
	if t.Stop || frames()[t.Norm] || len([]rune(t.Norm)) < 2 {
		return false
	}
	return t.Kind == embeddings.Word || t.Kind == embeddings.Code && !strings.HasPrefix(t.Surface, "#") && !strings.HasPrefix(t.Surface, "№")
}

// together reports whether what stands between two words lets them be of one
// phrase.
func together(between []rune) bool {
	return len(between) <= 1 && (len(between) == 0 || between[0] == ' ' || between[0] == '-')
}

// phraseOf makes a phrase of tokens, if they are one.
func phraseOf(tokens []embeddings.Token, runes []rune) (phrase, bool) {
	last := len(tokens) - 1
	if !speaks(tokens[0]) || !speaks(tokens[last]) {
		return phrase{}, false
	}
	p := phrase{text: string(runes[tokens[0].Start:tokens[last].End])}
	for _, t := range tokens {
		if t.Kind == embeddings.Link || t.Kind == embeddings.Number {
			return phrase{}, false
		}
		p.key += t.Stem + " "
		if speaks(t) {
			p.stems = append(p.stems, t.Stem)
		}
	}
	return p, true
}

// name gives groups their label, phrases and most typical item.
func name(groups []Group, before []Group, s *space) {
	index := make(map[string]int, len(s.items))
	said := make([]said, len(s.items))
	for i, it := range s.items {
		index[it.ID] = i
		said[i] = read(it)
	}
	last := make(map[string]Group)
	for _, g := range before {
		last[g.ID] = g
	}
	usual := usualPhrases(said)
	for i := range groups {
		g := &groups[i]
		members := make([]int, len(g.Members))
		for at, id := range g.Members {
			members[at] = index[id]
		}
		own := ofMajority(members, said)
		typical := s.medoid(members, own)
		g.Typical = s.items[typical].ID
		chosen := choose(own, said, usual)
		for _, p := range chosen {
			g.Phrases = append(g.Phrases, p.text)
		}
		was := last[g.ID]
		switch {
		case was.Label != "" && (sameMembers(was, *g) || stillTrue(was.Label, own, said)):
			g.Label = was.Label
		case len(chosen) > 0:
			g.Label = label(chosen, own, said)
		default:
			g.Label = beginning(s.items[typical].Text)
		}
	}
}

// sameMembers reports whether two groups have the same members, in any order.
func sameMembers(a, b Group) bool {
	members := slices.Sorted(slices.Values(a.Members))
	return slices.Equal(members, b.Members)
}

// labelRunes bounds a label that is the beginning of a question.
const labelRunes = 40

// beginning is how a question begins that says nothing to name it by.
func beginning(text string) string {
	fields := strings.Fields(strings.ReplaceAll(plain(text), "|", " "))
	runes := []rune(strings.Join(fields, " "))
	return string(runes[:min(len(runes), labelRunes)])
}

// usualPhrases counts in how many items each phrase is, by language and key.
func usualPhrases(all []said) map[string]float64 {
	count := make(map[string]float64)
	for _, s := range all {
		for _, p := range s.phrases {
			count[s.language+" "+p.key]++
		}
	}
	return count
}

// ofMajority are the members in the language of most; in a tie in that which
// comes first.
func ofMajority(members []int, all []said) []int {
	languages := make([]string, len(members))
	for at, i := range members {
		languages[at] = all[i].language
	}
	best := usualOf(languages)
	return slices.DeleteFunc(slices.Clone(members), func(i int) bool { return all[i].language != best })
}

// medoid is the one of some that is most like all of members; in a tie the one
// with the least id.
func (s *space) medoid(members, some []int) int {
	sum := make([]float32, s.points.dim)
	for _, i := range members {
		axpy(1, s.points.row(i), sum)
	}
	best, near := some[0], float32(math.Inf(-1))
	for _, i := range some {
		r := s.points.row(i)
		if x := dot(r, sum) - dot(r, r); x > near+least {
			best, near = i, x
		}
	}
	return best
}

// A candidate is a phrase that a group may be named by.
type candidate struct {
	phrase
	in     float64        // members that say it
	forms  map[string]int // how it is written
	weight float64
}

// choose returns the phrases that set members apart, best first. They are
// weighed by class-based TF-IDF (Grootendorst 2022): how many members say it,
// and how few others. What one member alone says is no phrase of a group of
// several, unless they share none.
func choose(members []int, all []said, usual map[string]float64) []candidate {
	found := make(map[string]*candidate)
	language := all[members[0]].language
	for _, i := range members {
		for _, p := range all[i].phrases {
			c := found[p.key]
			if c == nil {
				c = &candidate{phrase: p, forms: make(map[string]int)}
				found[p.key] = c
			}
			c.in++
			c.forms[p.text]++
		}
	}
	list := make([]candidate, 0, len(found))
	for _, c := range found {
		// The share of the group against that of all others.
		others := usual[language+" "+c.key] - c.in
		rest := max(float64(len(all)-len(members)), 1)
		share := c.in / float64(len(members))
		c.weight = share * math.Log1p(share/((others+0.5)/rest)) * (1 + wordBonus*float64(len(c.stems)-1))
		c.text = usualForm(c.forms)
		list = append(list, *c)
	}
	slices.SortFunc(list, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.key, b.key))
	})
	shared := slices.DeleteFunc(slices.Clone(list), func(c candidate) bool { return c.in < 2 })
	if len(shared) == 0 {
		shared = list
	}
	return distinct(shared)
}

// distinct takes the first phrases that do not say what one before them says.
func distinct(list []candidate) []candidate {
	var out []candidate
	seen := make(map[string]bool)
	for _, c := range list {
		fresh := 0
		for _, s := range c.stems {
			if !seen[s] {
				fresh++
			}
		}
		if 2*fresh <= len(c.stems) {
			continue
		}
		for _, s := range c.stems {
			seen[s] = true
		}
		if out = append(out, c); len(out) == phrasesMost {
			break
		}
	}
	return out
}

// usualForm is how a phrase is written most often; in a tie in lower case.
func usualForm(forms map[string]int) string {
	best := ""
	for form, n := range forms {
		if best == "" || n > forms[best] || n == forms[best] && form > best {
			best = form
		}
	}
	return best
}

// label joins the first phrases, as many as it takes for most of members to
// say one, and for two words: one alone tells too little.
func label(phrases []candidate, members []int, all []said) string {
	var texts []string
	told := make(map[string]bool)
	for _, p := range phrases[:min(labelPhrases, len(phrases))] {
		texts = append(texts, p.text)
		for _, s := range p.stems {
			told[s] = true
		}
		if len(told) > 1 && 2*speaking(told, members, all) > len(members) {
			break
		}
	}
	return strings.Join(texts, ", ")
}

// stillTrue reports whether at least half of members speak of a label.
func stillTrue(label string, members []int, all []said) bool {
	told := read(Item{Text: label}).stems
	return 2*speaking(told, members, all) >= len(members)
}

// speaking is how many of members say one of the stems.
func speaking(stems map[string]bool, members []int, all []said) int {
	n := 0
	for _, i := range members {
		for s := range stems {
			if all[i].stems[s] {
				n++
				break
			}
		}
	}
	return n
}
