package redact

// mayHavePostcode reports that a capital touches a digit somewhere, as in NW1 6XE.
func (f *finder) mayHavePostcode() bool {
	for i := range f.t {
		if f.t[i].sort == number && f.tight(i) && f.t[i-1].shape&upper1 != 0 {
			return true
		}
	}
	return false
}

// englishStreet matches a house number with a street: 221B Baker Street, 1600
// Pennsylvania Ave NW, 12 rue de Rivoli.
func (f *finder) englishStreet(i int) (bit, end int) {
	c := f.cluster(i)
	if c.lo != i || f.size(i) > 5 || c.letters > 2 || c.digits > 8 || f.symIn(i-1, "$€£.№") && f.tight(i) {
		return 0, 0
	}
	j := c.hi
	if j == i+2 && f.equal(i+1, "st", "nd", "rd", "th") {
		j = i // 5th Avenue has no number before it
	}
	if f.sym(j) == ',' {
		j++
	}
	if f.equal(j, "rue", "via", "calle", "avenida", "avenue", "boulevard") && f.sameLine(j) {
		if end = f.romanceStreet(j); end > 0 {
			return hasStreet | hasHouse, end
		}
	}
	capitals, words := 0, 0
	for ; words < 5 && j < len(f.t) && (j == i || f.sameLine(j)); words++ {
		switch {
		case words > 0 && f.wordAt(j) && f.is(j, street|streetWeak) && f.streetEnds(i, j, capitals == words):
			return hasStreet | hasHouse, f.direction(f.pointAny(j + 1))
		case f.num(j) && f.wordAt(j+1) && f.tight(j+1) && f.equal(j+1, "st", "nd", "rd", "th"):
			capitals++
			j += 2
		case f.capital(j) && (f.size(j) == 1 || f.t[j].flags&(unit|month|orderCue) == 0) && f.t[j].shape&latin != 0:
			if f.is(j, never) && f.t[j].flags&(street|first|maybe|family|city) == 0 && f.size(j) > 2 && !f.equal(j, "park", "first", "second", "third", "white", "black", "red", "green", "new") {
				return 0, 0
			}
			capitals++
			j = f.pointAny(j + 1)
			if f.symIn(j, "'’") && f.tight(j) && f.tight(j+1) {
				j += 2
			}
		case f.wordAt(j) && f.t[j].shape&latin != 0 && f.t[j].flags&(unit|never|filler|inward|month|orderCue|phoneCue) == 0:
			j++
		default:
			return 0, 0
		}
	}
	return 0, 0
}

// streetEnds reports that word j, some way after number i, is what a street
// ends with; capitals says that all words between are capitalised.
func (f *finder) streetEnds(i, j int, capitals bool) bool {
	if f.tight(j) && f.t[j-1].sort == number {
		return false
	}
	if f.capital(j+1) && f.is(j+1, street|streetWeak) && f.sameLine(j+1) {
		return false // 12 Park Lane goes on
	}
	if !capitals {
		// In small letters only the plainest words will do, and only close by.
		return f.is(j, street) && j-i <= 3
	}
	if f.is(j, street) {
		return true
	}
	// "iPhone 15 Pro Green": a product's name before the number is no address.
	if f.t[j].shape&upper1 == 0 {
		return false
	}
	return !(f.capital(i-1) && f.sameLine(i)) || f.sym(j+1) == ','
}

// pointAny steps over a full stop that touches the word before i: St., N.
func (f *finder) pointAny(i int) int {
	if f.sym(i) == '.' && f.tight(i) && f.size(i-1) <= 4 && i+1 < len(f.t) && f.sameLine(i+1) {
		return i + 1
	}
	return i
}

// direction steps over N, SW or West after a street.
func (f *finder) direction(i int) int {
	if f.equal(i, "n", "s", "e", "w", "ne", "nw", "se", "sw", "north", "south", "east", "west") && f.capital(i) && f.sameLine(i) {
		return i + 1
	}
	return i
}

// romanceStreet returns where "rue de Rivoli" that begins at i ends.
func (f *finder) romanceStreet(i int) int {
	j := i + 1
	for j < i+4 && f.equal(j, "de", "du", "des", "la", "le", "della", "di", "del", "l", "d") {
		j++
		if f.symIn(j, "'’") {
			j++
		}
	}
	if !f.capital(j) || !f.sameLine(j) {
		return 0
	}
	return f.placeName(j)
}

// stateZip returns where a state with its zip code ends: IL 62704-1234, Texas 75001.
func (f *finder) stateZip(i int) int {
	if i >= len(f.t) || !f.wordAt(i) || !f.is(i, state) && !f.capital(i) {
		return 0
	}
	if f.is(i, state) && f.t[i].shape&upperAll == 0 {
		return 0
	}
	j := i + 1
	if !f.is(i, state) {
		if f.size(i) < 4 || f.t[i].shape&latin == 0 || f.is(i, never|street|streetWeak|orderCue|phoneCue|postCue|flat) {
			return 0
		}
	}
	if f.sym(j) == ',' {
		j++
	}
	if _, end := f.canadianPostcode(j); end > 0 {
		return end
	}
	australian := f.size(j) == 4 && f.equal(i, "nsw", "vic", "qld", "wa", "sa", "tas", "act", "nt")
	if !f.num(j) || f.size(j) != 5 && !australian || !f.sameLine(j) || f.amount(j, j+1) {
		return 0
	}
	j++
	if f.dash(j) && f.tight(j) && f.num(j+1) && f.size(j+1) == 4 {
		j += 2
	}
	return j
}

// britishPostcode matches NW1 6XE and SW1A 1AA.
func (f *finder) britishPostcode(i, _ int) (bit, end int) {
	if !f.wordAt(i) || f.size(i) > 2 || f.t[i].shape&(upper1|latin) != upper1|latin || f.size(i) == 2 && f.t[i].shape&upperAll == 0 {
		return 0, 0
	}
	if bit, end = f.canadianPostcode(i); end > 0 {
		return bit, end
	}
	if !f.num(i+1) || !f.tight(i+1) || f.size(i+1) > 2 {
		return 0, 0
	}
	j := i + 2
	if f.wordAt(j) && f.tight(j) {
		if f.size(j) != 1 {
			return 0, 0
		}
		j++
	}
	if f.num(j) && !f.tight(j) && f.size(j) == 1 && f.capital(j+1) && f.tight(j+1) && f.size(j+1) == 2 && f.t[j+1].shape&upperAll != 0 {
		return hasZip, j + 2
	}
	return 0, 0
}

// canadianPostcode matches M5E 1W7.
func (f *finder) canadianPostcode(i int) (bit, end int) {
	letter := func(j int) bool { return f.capital(j) && f.size(j) == 1 && f.t[j].shape&latin != 0 }
	digit := func(j int) bool { return f.num(j) && f.size(j) == 1 }
	if letter(i) && digit(i+1) && letter(i+2) && digit(i+3) && letter(i+4) && digit(i+5) &&
		f.tight(i+1) && f.tight(i+2) && !f.tight(i+3) && f.tight(i+4) && f.tight(i+5) && f.sameLine(i+3) {
		return hasZip, i + 6
	}
	return 0, 0
}

// namedHouse returns where an address begins that a house's name stands before:
// Greenfield House, 3 School Lane.
func (f *finder) namedHouse(i int) int {
	at := i
	if f.sym(i-1) == ',' {
		at = i - 2
	}
	if !f.equal(at, "house", "cottage", "court", "farm", "lodge", "villa", "building", "hall", "barn", "manor", "tower", "towers",
		"mansions", "apartments", "residence", "bungalow") {
		return i
	}
	lo := at
	for lo > 0 && at-lo < 4 && f.capital(lo-1) && !f.is(lo-1, never) && f.sameLine(lo) {
		lo--
	}
	if lo == at {
		return i
	}
	return lo
}

// leftOf returns where an address that a postcode gave away begins: the places,
// houses and streets on its left, back to a cue or a small word.
func (f *finder) leftOf(i, has int) int {
	if has&hasZip == 0 || has&hasStreet != 0 {
		return i
	}
	lo := i
	for j := i - 1; j >= 0 && i-j <= 16; j-- {
		t := &f.t[j]
		switch {
		case t.taken || f.t[j+1].lines > 1:
			return lo
		case t.sort == number && t.runes <= 5 && !f.symIn(j-1, "$€£"):
			lo = j
		case t.sort == word && t.shape&upper1 != 0 && (t.flags&(never|hello|title) == 0 || t.flags&(city|street|streetWeak) != 0 || f.equal(j, "the") && lo < i):
			lo = j
		case t.sort == symbol && (t.sym == ',' || t.sym == '\'' || t.sym == '’' || t.sym == '.' && f.is(j-1, street|streetWeak|flat)):
		default:
			return lo
		}
	}
	return lo
}

// postBox matches PO Box 123, P.O. Box 123 and а/я 45.
func (f *finder) postBox(i, _ int) (bit, end int) {
	var j int
	switch {
	case !f.is(i, postBoxCue):
		return 0, 0
	case f.equal(i, "po"):
		j = i + 1
	case f.equal(i, "p") && f.sym(i+1) == '.' && f.equal(i+2, "o"):
		j = f.pointAny(i + 3)
	case f.equal(i, "а") && f.sym(i+1) == '/' && f.equal(i+2, "я") && f.tight(i+2):
		j = i + 3
	default:
		return 0, 0
	}
	if f.equal(j, "box") {
		j++
	} else if j != i+3 || f.sym(i+1) != '/' {
		return 0, 0
	}
	if f.symIn(j, "№#") {
		j++
	}
	if !f.num(j) || !f.sameLine(j) {
		return 0, 0
	}
	return hasZip | hasStreet, j + 1
}
