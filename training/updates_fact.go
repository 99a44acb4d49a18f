package training

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/whetstone-desk/whetstone/kb"
)

// A figure is a number with what it counts, such as 30 days or € 5.
type figure struct {
	number string // digits, a comma or point between them
	unit   string // the beginning of the word behind it, or the sign of a currency
}

// figures finds numbers that count something.
var figures = regexp.MustCompile(`([$€£₽])?\s?(\d+(?:[.,]\d+)*)(?:[\s\x{00a0}-]*([%$€£₽]|\p{L}+))?`)

// unitRunes is how much of a unit's word is compared: дней is дня, and days day.
const unitRunes = 2

func figuresOf(text string) []figure {
	var out []figure
	for _, m := range figures.FindAllStringSubmatch(strings.ToLower(text), -1) {
		unit := m[1]
		if unit == "" {
			unit = head(m[3], unitRunes)
		}
		if unit != "" {
			out = append(out, figure{strings.ReplaceAll(m[2], ",", "."), unit})
		}
	}
	return out
}

// head is the beginning of a word.
func head(word string, runes int) string {
	if utf8.RuneCountInString(word) <= runes {
		return word
	}
	return string([]rune(word)[:runes])
}

// stemRunes is how much of a word is compared to tell its subject, and how long
// a word must be to have one: shorter ones are mostly of every subject.
const stemRunes = 5

// subjectsOf are the beginnings of the words that say what a text is about.
func subjectsOf(text string) map[string]bool {
	out := make(map[string]bool)
	for _, w := range wordsOf(text) {
		if utf8.RuneCountInString(w) >= stemRunes {
			out[head(w, stemRunes)] = true
		}
	}
	return out
}

// A turn is a figure that an article gave for a subject and gives otherwise now.
type turn struct {
	figure
	subjects map[string]bool // of an article the first word of its title that its sentence has
	of       *removal
}

// turns are the figures that have changed in sentences that say what the
// article's title says they are about. What it still says elsewhere of the same
// subject has not changed.
func (c *change) turns() []turn {
	if c.gone {
		return nil
	}
	var out []turn
	now := sentencesOf(headOf(spoken(&c.doc.Content, c.doc.Deleted)))
	for i := range c.removed {
		r := &c.removed[i]
		if r.instead == nil {
			continue
		}
		t := turn{subjects: make(map[string]bool), of: r}
		said := subjectsOf(r.quote)
		for _, w := range wordsOf(c.name) { // titles begin with what they are about
			if s := head(w, stemRunes); said[s] && len(t.subjects) == 0 {
				t.subjects[s] = true
			}
		}
		is := figuresOf(r.instead.quote)
		for _, f := range figuresOf(r.quote) {
			t.figure = f
			rival := slices.ContainsFunc(is, func(o figure) bool { return o.unit == f.unit && o.number != f.number })
			if rival && len(t.subjects) > 0 && !slices.Contains(is, f) && !slices.ContainsFunc(now, func(s sentence) bool { return t.on(s.quote) }) {
				out = append(out, t)
			}
		}
	}
	return out
}

// besideWithin is how many words may stand between a figure and what it is about: in a
// long sentence there are several of both.
const besideWithin = 6

// on reports whether a sentence gives the figure for the subject.
func (t *turn) on(sentence string) bool { return t.beside(sentence) > 0 }

// beside counts the words of the subject that stand near the figure; 0 where a
// sentence does not give it.
func (t *turn) beside(sentence string) int {
	words, most := wordsOf(sentence), 0
	if !slices.Contains(figuresOf(sentence), t.figure) {
		return 0
	}
	for i, w := range words {
		if w != strings.FieldsFunc(t.number, func(r rune) bool { return r == '.' })[0] {
			continue
		}
		found := make(map[string]bool)
		for _, o := range words[max(0, i-besideWithin):min(len(words), i+besideWithin+1)] {
			if s := head(o, stemRunes); t.subjects[s] {
				found[s] = true
			}
		}
		most = max(most, len(found))
	}
	return most
}

// about reports whether a text has a word of the subject.
func (t *turn) about(text string) bool {
	for s := range subjectsOf(text) {
		if t.subjects[s] {
			return true
		}
	}
	return false
}

// formerly are the figures that a sentence of a release note gives for how
// things were, by their numbers, with what the sentence is about.
func formerly(sentence string, old []string) []turn {
	subjects := subjectsOf(sentence)
	for w := range subjectsOf("instead within previously formerly rather вместо прежде раньше ранее теперь течение after before") {
		delete(subjects, w)
	}
	units := make(map[string]bool)
	for _, f := range figuresOf(sentence) {
		units[f.unit] = true
	}
	var out []turn
	for _, n := range old {
		for u := range units {
			out = append(out, turn{figure: figure{n, u}, subjects: subjects})
		}
	}
	return out
}

// besideLeast is how many words of a release note's sentence must stand near a
// figure for it to be the one that the note says was given before.
const besideLeast = 2

// turned returns the change of a figure that a document still gives as it was,
// and the sentence that gives it; nil: none. A reply need not name its subject
// in each sentence: one in the article's own words is about it if the reply or
// its problem is.
func (c *change) turned(d *tenant) (r *removal, told string) {
	for i := range c.turning {
		t := &c.turning[i]
		for k := range d.claims {
			claim := &d.claims[k]
			if t.on(claim.quote) {
				return t.of, claim.quote
			}
			same := d.Kind == kb.Case && slices.Contains(figuresOf(claim.quote), t.figure) && shared(claim.words, t.of.set) >= restsOther
			if same && t.about(d.Problem+" "+d.Resolution) {
				return t.of, claim.quote
			}
		}
	}
	return nil, ""
}
