package retrieval

import "github.com/whetstone-desk/whetstone/retrieval/forms"

// A unit is what a number counts.
type unit struct {
	forms.Unit
	work bool // working days, which are not calendar days
}

// unitOf returns the unit that a word names, or the zero unit.
func unitOf(word string) unit { return unit{Unit: forms.UnitOf(word)} }

// span reports whether the unit is one of time.
func (u unit) span() bool { return u.Family == forms.Clock || u.Family == forms.Calendar }

// short reports whether a form is so short that it is a unit only right behind
// a number.
func short(form string) bool { return len([]rune(form)) <= 2 || form == "second" || form == "min" }
