package redact

// The elements of an address, as bits of what a chain of them has.
const (
	hasIndex = 1 << iota
	hasCity  // a city by its name alone
	hasTown  // г. Москва, с. Ивановка
	hasRegion
	hasStreet
	hasHouse
	hasPart // building, entrance, floor
	hasFlat
	hasZip // state and zip code, or a British postcode
)

// addressCues are the words without which no address is looked for.
const addressCues = street | streetWeak | house | flat | town | region | addressCue | postCue | state | postBoxCue

// maxElements bounds a chain of elements.
const maxElements = 16

// addresses finds postal addresses: chains of elements that only together are
// one. A city, a street or a house number alone is nobody's address.
func (f *finder) addresses() {
	if f.all&addressCues == 0 && !f.mayHavePostcode() {
		return
	}
	for i := 0; i < len(f.t); {
		lo, hi := f.chain(i)
		if hi == 0 {
			i++
			continue
		}
		f.take(Address, lo, hi)
		i = hi
	}
}

// chain returns the address that begins at token i; hi is 0 if none does.
func (f *finder) chain(i int) (lo, hi int) {
	if f.t[i].taken || f.t[i].sort == symbol {
		return 0, 0
	}
	has, at := 0, i
	if f.leadsAddress(i) {
		at = i + 2
		has = hasCity
	}
	start := at
	for range maxElements {
		bit, end := f.element(at, has)
		if end == 0 || !f.free(at, end) {
			break
		}
		has |= bit
		hi = end
		at = f.nextElement(end, has)
	}
	if hi == 0 || start > i && hi == 0 {
		return 0, 0
	}
	if f.isAddress(has, i) {
		return f.namedHouse(f.leftOf(i, has)), f.point(hi)
	}
	return 0, 0
}

// isAddress reports that a chain of such elements, which begins at i, is an
// address.
func (f *finder) isAddress(has, i int) bool {
	all := func(bits int) bool { return has&bits == bits }
	place := has & (hasCity | hasTown | hasRegion)
	switch {
	case all(hasStreet | hasHouse), all(hasStreet | hasFlat), all(hasHouse | hasFlat), all(hasStreet | hasIndex), has&hasZip != 0:
		return true
	case has&hasStreet != 0 && place != 0, has&hasIndex != 0 && place != 0, has&hasTown != 0 && has&hasHouse != 0:
		return true
	case has&hasFlat != 0 && has&hasPart != 0:
		return true
	case has&hasIndex != 0:
		c := f.context(i)
		return c.says(postCue)
	case has&hasStreet != 0:
		for j := i - 1; j >= 0 && i-j <= 4; j-- {
			if f.is(j, addressCue) {
				return true
			}
		}
	}
	return false
}

// leadsAddress reports that the word at i is a place in front of an address:
// "Клин, ул. Мира, 5".
func (f *finder) leadsAddress(i int) bool {
	if !f.capital(i) || f.size(i) < 3 || f.sym(i+1) != ',' || f.is(i, never) && !f.is(i, city) {
		return false
	}
	bit, _ := f.element(i+2, 0)
	return bit&(hasStreet|hasTown|hasRegion) != 0
}

// nextElement skips what may stand between two elements of an address.
func (f *finder) nextElement(i, has int) int {
	i = f.point(i)
	if f.symIn(i, ",;") {
		i++
	}
	// A new line continues an address only where a part of one clearly follows.
	if i < len(f.t) && f.t[i].lines > 1 {
		return len(f.t)
	}
	if has&hasStreet != 0 && f.equal(i, "in", "в") {
		i++
	}
	return i
}

// point steps over the full stop of an abbreviation before i.
func (f *finder) point(i int) int {
	if f.sym(i) == '.' && f.tight(i) && f.size(i-1) <= 4 && f.t[i-1].sort == word && f.t[i-1].shape&upper1 == 0 {
		return i + 1
	}
	return i
}

// element returns the element of an address at token i, given those before it,
// and where it ends; 0 if there is none.
func (f *finder) element(i, has int) (bit, end int) {
	if i >= len(f.t) || f.t[i].taken {
		return 0, 0
	}
	if f.t[i].sort == number {
		return f.numberElement(i, has)
	}
	if f.t[i].sort != word {
		if f.sym(i) == '#' && has&hasStreet != 0 && f.num(i+1) {
			return hasFlat, f.cluster(i + 1).hi
		}
		return 0, 0
	}
	fl := f.t[i].flags
	if fl&(house|housePart|flat|street|town|region|city|country|postCue|state|postBoxCue) == 0 && f.t[i].shape&upper1 == 0 && !f.is(i+1, state) {
		return 0, 0
	}
	for _, try := range [...]func(*finder, int, int) (int, int){
		(*finder).postBox, (*finder).britishPostcode, (*finder).unitElement, (*finder).streetElement, (*finder).townElement,
		(*finder).regionElement, (*finder).placeElement,
	} {
		if bit, end = try(f, i, has); end > 0 {
			return bit, end
		}
	}
	return 0, 0
}

// numberElement matches what begins with a number: a postal index, the house
// after a street, "3 этаж", "5th Avenue", "12 Baker Street".
func (f *finder) numberElement(i, has int) (bit, end int) {
	if f.size(i) == 6 && !f.tight(i+1) || f.size(i) == 6 && f.sym(i+1) != 0 && !f.dash(i+1) {
		if d := f.str(i)[0]; d >= '1' && d <= '6' && !f.amount(i, i+1) {
			return hasIndex, i + 1
		}
	}
	if f.equal(i+1, "st", "nd", "rd", "th") && f.tight(i+1) && f.is(i+2, flat) && has != 0 {
		return hasFlat, i + 3 // 10th Floor
	}
	if bit, end = f.englishStreet(i); end > 0 {
		return bit, end
	}
	if f.is(i+1, housePart) && f.size(i+1) > 2 && f.size(i) <= 2 && has != 0 {
		return hasPart, i + 2
	}
	if f.dash(i+1) && f.tight(i+1) && f.wordAt(i+2) && f.tight(i+2) && f.is(i+3, street) {
		return hasStreet, i + 4 // 5-я просека
	}
	// 3-я Парковая улица, 8 Марта ул.
	if end = f.streetName(i); end > i && f.is(end, street) && !f.amount(i, end) {
		return hasStreet, f.point(end + 1)
	}
	if has&hasStreet != 0 && has&hasHouse == 0 && f.size(i) <= 4 {
		if f.sym(i-1) == ',' || f.is(i-2, house) || !f.amount(i, i+1) {
			return hasHouse, f.houseNumber(i)
		}
	}
	if has&hasStreet != 0 && f.size(i) == 5 && f.capital(i+1) && f.sameLine(i+1) && f.t[i+1].shape&latin != 0 && f.mayNamePlace(i+1) {
		return hasZip | hasCity, f.placeName(i + 1)
	}
	if has&(hasTown|hasCity) != 0 && has&(hasStreet|hasHouse) != 0 && f.size(i) == 5 {
		return hasZip, i + 1
	}
	if has&hasHouse != 0 && has&hasFlat == 0 && f.size(i) <= 4 && f.sym(i-1) != 0 && !f.amount(i, i+1) && f.t[i-1].sym != ';' {
		// "Ленина 5-12", "Ленина, 5, 12": what follows the house is the flat.
		return hasFlat, f.houseNumber(i)
	}
	return 0, 0
}

// houseNumber returns where the house number at i ends: 5, 12А, 5/2, 5к2, 12-3, 7 а.
func (f *finder) houseNumber(i int) int {
	c := f.cluster(i)
	hi := max(c.hi, i+1)
	if f.wordAt(hi) && f.size(hi) == 1 && f.sameLine(hi) && f.t[hi].flags&(inward|filler|house|housePart|town) == 0 &&
		!f.equal(hi, "и", "я", "а") && f.t[hi].shape&cyrillic != 0 && !f.num(hi+1) {
		hi++
	}
	return hi
}

// unitElement matches a word with a number: д. 5, корп. 2, кв. 12, Apt 4B.
func (f *finder) unitElement(i, has int) (bit, end int) {
	fl := f.t[i].flags & (house | housePart | flat)
	if fl == 0 {
		return 0, 0
	}
	j := f.point(i + 1)
	if f.symIn(j, "№#:") {
		j++
	}
	if !f.num(j) || f.t[j].lines > 0 || f.size(j) > 5 {
		letter := f.wordAt(j) && f.size(j) == 1 && f.t[j].shape&upper1 != 0
		if !letter || has == 0 || f.sym(j+1) == '.' {
			return 0, 0
		}
		return hasPart, j + 1
	}
	end = f.houseNumber(j)
	switch {
	case fl&flat != 0 && f.t[i].shape&latin != 0 && f.amount(j, end):
		return 0, 0
	case fl&flat != 0:
		return hasFlat, end
	case fl&house != 0:
		return hasHouse, end
	case has == 0:
		return 0, 0
	}
	return hasPart, end
}
