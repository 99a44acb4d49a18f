package redact

// A context is what stands before a number: what kind of thing it is said to be.
type context struct {
	cue    flags // the nearest word that says what a number is; 0 if there is none
	at     int   // where that word is
	marked bool  // №, #, ":" or a word like "number" stands between
	hash   bool  // № or # stands right before
	loose  bool  // other words stand between
	fill   int   // words such as "is" and "мой" between
	near   bool  // the mark stands before all other words
	mine   bool  // "my number"
}

const (
	// valueCues are the words that say what the number after them is.
	valueCues = orderCue | orderWeak | phoneCue | cardCue | passCue | seriesCue | insureCue | taxCue | accountCue |
		deviceCue | notCue | birthCue | secretCue | loginCue | postCue

	// maxBack bounds the search for a cue, in tokens. A longer way is another thought.
	maxBack = 14
)

// context reads backwards from token i.
func (f *finder) context(i int) context {
	c := context{at: -1}
	skipped := 0
	for j := i - 1; j >= 0 && i-j <= maxBack; j-- {
		if !f.sameLine(j+1) && f.sym(j) != ':' {
			break
		}
		switch t := &f.t[j]; {
		case t.sort == symbol:
			if !f.passSymbol(&c, j, i) {
				return c
			}
		case t.sort == number || t.sort == mark || t.taken:
			if !c.marked {
				return c
			}
			c.loose = true
		case j == i-1 && t.runes <= 2 && t.shape&latin != 0 && t.shape&upperAll != 0 && t.flags&(valueCues|numberCue|filler) == 0:
			// the letters of a number: YB 123 4567
		case t.flags&valueCues != 0:
			if c.passCue(f, j) {
				continue
			}
			return c
		case t.flags&numberCue != 0:
			c.marked = true
			c.near = c.near || !c.loose
			c.mine = c.mine || f.equal(j-1, "my", "мой", "наш", "our", "моему", "его", "ее", "her", "his")
		case t.flags&filler != 0:
			c.fill++
		default:
			// Some cues are so plain that a word or two may follow: ИНН физлица.
			c.loose = true
			if skipped++; skipped > 2 && !c.marked {
				return c
			}
		}
	}
	return c
}

// passSymbol reads symbol j on the way back from i; false ends the way.
func (f *finder) passSymbol(c *context, j, i int) bool {
	switch r := f.t[j].sym; r {
	case '№', '#':
		c.marked, c.near = true, c.near || !c.loose
		c.hash = c.hash || j == i-1
	case ':', '=':
		c.marked = true
	case '-', '–', '—', '(', '"', '«', '“', '\'', '*', '`', '_', '»', '”', ')', '/':
	case ',':
		return c.marked || f.is(j-1, orderCue)
	case '.':
		// The point of тел., no. and сер. ends no sentence.
		return f.size(j-1) <= 4 && f.tight(j) && f.t[j-1].sort == word && !(f.is(j-1, unit) && f.num(j-2))
	default:
		return false
	}
	return true
}

// passCue reads the cue at j. It returns true where a better one may stand
// before it: "confirmation code", "номер телефона", "passport series".
func (c *context) passCue(f *finder, j int) bool {
	fl := f.t[j].flags & valueCues
	if f.t[j].flags&numberCue != 0 {
		// A code is an error's or a confirmation's.
		c.marked = true
		if fl&notCue != 0 && !f.is(j-1, orderCue|orderWeak|passCue|postCue) {
			c.cue, c.at = notCue, j
			return false
		}
		if fl&notCue != 0 {
			return true
		}
	}
	if c.loose {
		// An error some words back says nothing of this number.
		if fl &^= notCue; fl == 0 {
			return false
		}
	}
	c.cue, c.at = fl, j
	if f.is(j-1, numberCue) || f.symIn(j-1, "№#") {
		c.marked = true // номер возврата 4411
	}
	return false
}

// says reports that the number is said to be one of the kinds, by a cue close by.
func (c *context) says(any flags) bool {
	return c.cue&any != 0
}
