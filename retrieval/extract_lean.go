package retrieval

import (
	"regexp"
	"slices"
	"strings"

	"github.com/whetstone-desk/whetstone/kb"
)

// What is quoted has to be understood by someone who does not see the article.
// A unit leans on another where it begins with a word that points back, and on
// a list or a table where it speaks of the one above.

// above is how a sentence speaks of a list or a table before it.
var above = regexp.MustCompile(`(?:список|списк|таблиц|перечень|перечн|пункт|шаг)\S*\s+выше|(?:указанн|перечисленн|приведённ|приведенн|описанн)\S*\s+выше|выше\s?(?:указанн|перечисленн|приведённ|приведенн)` +
	`|\b(?:list|table|items?|steps?)\s+above\b|\babove\s+(?:list|table|items?|steps?)\b|\b(?:listed|mentioned|described)\s+above\b`)

// pointing are the words that a sentence points back with when it begins with
// them. Those that may as well begin a rule ("if", "after") are not among them.
var pointing = wordForms(`еще это этот эта эти этого этой этих этому этим этом таком он она оно они там тогда такой такая такое такие туда
	this these those that it they he she such there then`)

// pointsAbove reports whether the unit begins with a sentence about a list or a
// table that stands before it.
func (u *excerpt) pointsAbove() bool {
	if u.blocks[0].kind != paragraph {
		return false
	}
	text := strings.Join(u.blocks[0].lines, " ")
	if !strings.Contains(text, "bove") && !strings.Contains(text, "ыше") {
		return false // as nearly every text: the rest takes its time
	}
	spans := kb.Sentences(text)
	return len(spans) > 0 && above.MatchString(strings.ToLower(text[:spans[0].End]))
}

// pointsBack reports whether the unit begins with a word for what was said
// before it.
func (u *excerpt) pointsBack() bool {
	if u.blocks[0].kind != paragraph {
		return false
	}
	text := strings.ToLower(strings.TrimLeft(u.blocks[0].lines[0], " *_«\"“"))
	for _, before := range [...]string{"в ", "во ", "in ", "for ", "for all ", "при ", "для ", "на ", "с "} {
		text = strings.TrimPrefix(text, before)
	}
	first, _, _ := strings.Cut(text, " ")
	return pointing[strings.ReplaceAll(strings.Trim(first, ",.:;!?*_"), "ё", "е")]
}

// listed is the place of the unit with the list or table that the one at i
// speaks of: the nearest before it, -1 if there is none.
func listed(units []excerpt, i int) int {
	for i--; i >= 0; i-- {
		if slices.ContainsFunc(units[i].blocks, func(b block) bool { return b.kind == list || b.kind == table }) {
			return i
		}
	}
	return -1
}

// leaning is what a unit's score counts for that speaks of a list under another
// heading: most of what it says is there.
const leaning = 0.5

// leans reports whether the ith unit speaks of a list or table that is not
// under its heading.
func leans(units []excerpt, i int) bool {
	if !units[i].pointsAbove() {
		return false
	}
	at := listed(units, i)
	return at < 0 || units[at].blocks[0].section != units[i].blocks[0].section
}

// upright gives what was chosen of the units what it leans on, as far as there
// is room, and leaves out what then leans on nothing, unless that is all there
// is.
func upright(units, chosen []excerpt) []excerpt {
	total, taken := 0, make([]bool, len(units))
	for i := range chosen {
		taken[chosen[i].at] = true
		total += chosen[i].count
	}
	for i := len(units) - 1; i > 0; i-- {
		if taken[i] && !taken[i-1] && !units[i].first && units[i].pointsBack() && total+units[i-1].count <= mostWords {
			taken[i-1] = true
			total += units[i-1].count
		}
	}
	var out []excerpt
	for i := range units {
		if !taken[i] {
			continue
		}
		at := listed(units, i)
		riddle := units[i].pointsAbove() && (at < 0 || !taken[at]) || !units[i].first && units[i].pointsBack() && (i == 0 || !taken[i-1])
		if !riddle {
			out = append(out, units[i])
		}
	}
	if allThin(out) {
		return chosen
	}
	return out
}
