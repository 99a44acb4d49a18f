package redact

import "strings"

// streetElement matches "ул. Ленина", "проспект Мира", "Невский пр.", "Via Roma".
func (f *finder) streetElement(i, _ int) (bit, end int) {
	if f.is(i, street) && !(f.tight(i) && f.t[i-1].sort == number) {
		j := f.point(i + 1)
		if end = f.streetName(j); end > j {
			return hasStreet, end
		}
		// Typed without capitals, a street needs its house.
		if f.plainStreet(i) && f.wordAt(j) && f.sameLine(j) && f.t[j].flags&(filler|inward|never) == 0 && f.size(j) > 2 {
			for end = j + 1; end < j+3 && f.wordAt(end) && f.sameLine(end) && f.size(end) > 3 && !f.is(end, house|housePart|flat); end++ {
			}
			k := end
			if f.sym(k) == ',' {
				k++
			}
			if f.is(k, house) {
				k = f.point(k + 1)
			}
			if f.num(k) && f.sameLine(k) && f.size(k) <= 4 && !f.amount(k, k+1) {
				return hasStreet, end
			}
		}
		return 0, 0
	}
	if !f.capital(i) || f.is(i, never) && !f.is(i, first|maybe) {
		return 0, 0
	}
	if end = f.germanStreet(i); end > 0 {
		return hasStreet | hasHouse, end
	}
	if end = f.streetName(i); end > i && f.is(end, street) && f.t[end].shape&cyrillic != 0 && f.sameLine(end) && !f.equal(end, "линия", "линию", "линии") {
		return hasStreet, f.point(end + 1)
	}
	return 0, 0
}

// plainStreet reports a word that is said of nothing but streets.
func (f *finder) plainStreet(i int) bool {
	return f.equal(i, "ул", "улица", "улице", "улицу", "улицы", "просп", "проспект", "проспекте", "пр-т", "переулок", "пер", "бульвар", "шоссе",
		"набережная", "мкр", "микрорайон", "микрорайоне")
}

// streetName returns where the name of a Russian street that begins at i ends,
// i if none does: Ленина, 8 Марта, 3-я Парковая, им. Кирова, А. С. Пушкина.
func (f *finder) streetName(i int) int {
	j, names := i, 0
	for n := 0; n < 2 && f.equal(j, "им", "имени", "реки", "канала", "маршала", "генерала", "академика"); n++ {
		j = f.point(j + 1)
	}
	for j < len(f.t) && j-i < 9 && names < 3 && (j == i || f.sameLine(j)) && !f.t[j].taken {
		switch t := &f.t[j]; {
		case t.sort == number && t.runes <= 4 && names == 0:
			k := j + 1
			if f.dash(k) && f.tight(k) && f.wordAt(k+1) && f.tight(k+1) && f.size(k+1) <= 5 {
				k += 2 // 3-я, 40-летия
			} else if f.wordAt(k) && f.tight(k) {
				return i
			}
			if !f.capital(k) && !f.is(k, month) && !f.equal(k, "лет", "года", "летия") || f.is(k, street) {
				return i
			}
			if !f.capital(k) {
				names++
				k++
			}
			j = k
		case t.sort == word && t.shape&upper1 != 0 && t.runes == 1 && f.sym(j+1) == '.':
			j += 2
		case t.sort == word && t.shape&upper1 != 0 && t.runes > 1 && t.flags&(flat|house) == 0 && (t.flags&street == 0 || names == 0 && j > i):
			names++
			j++
		default:
			if names == 0 {
				return i
			}
			return j
		}
	}
	if names == 0 {
		return i
	}
	return j
}

// townElement matches a marker with a place's name: г. Москва, село Ивановка.
func (f *finder) townElement(i, _ int) (bit, end int) {
	if !f.is(i, town) || f.size(i) <= 2 && (f.num(i-1) || f.tight(i) && f.sym(i-1) == '/') {
		return 0, 0
	}
	j := f.point(i + 1)
	if !f.wordAt(j) || !f.sameLine(j) || !f.capital(j) && !f.is(j, city) || f.is(j, street|region) {
		return 0, 0
	}
	if f.t[i].shape&upper1 != 0 && f.size(i) == 1 && j == i+1 {
		return 0, 0
	}
	return hasTown, f.placeName(j)
}

// placeName returns where the name of a place that begins at i ends: Нижний
// Новгород, Ростов-на-Дону, San Francisco.
func (f *finder) placeName(i int) int {
	j := i + 1
	for j < i+3 && f.capital(j) && f.sameLine(j) && f.size(j) > 2 && (f.t[j].flags&(never|street|region|house|flat) == 0 || f.is(j, city)) &&
		!(f.is(j, state) && f.t[j].shape&upperAll != 0) {
		j++
	}
	return j
}

// mayNamePlace reports that the capitalised word at i can begin a place's name.
func (f *finder) mayNamePlace(i int) bool {
	return !f.is(i, never) || f.is(i, city) || f.equal(i, "new", "st", "white", "black", "red", "green")
}

// regionElement matches "Московская обл.", "р-н Ленинский", "Республика Коми".
func (f *finder) regionElement(i, _ int) (bit, end int) {
	switch {
	case f.is(i, region) && f.size(i) > 1:
		j := f.point(i + 1)
		if f.capital(j) && f.sameLine(j) && f.t[j].flags&(street|town) == 0 && f.size(j) > 2 {
			return hasRegion, j + 1
		}
	case f.capital(i) && f.size(i) > 3 && f.is(i+1, region) && f.sameLine(i+1) && !f.is(i, never):
		return hasRegion, f.point(i + 2)
	}
	return 0, 0
}

// placeElement matches a well-known city or country, and after a street any
// capitalised place; with a state and a zip code it is an address by itself.
func (f *finder) placeElement(i, has int) (bit, end int) {
	if hi := f.stateZip(i); hi > 0 && has != 0 {
		return hasZip, hi
	}
	if f.is(i, postCue) {
		j := i + 1
		if f.symIn(j, ":-") {
			j++
		}
		if f.num(j) && f.size(j) >= 5 && f.size(j) <= 6 {
			return hasIndex, j + 1
		}
		return 0, 0
	}
	if !f.capital(i) {
		if f.is(i, city) && (has != 0 && f.size(i) > 3 || f.sym(i+1) == ',' || f.is(i+1, street|city)) {
			return hasCity, i + 1
		}
		if has&hasStreet != 0 && f.is(i+1, state) && f.num(i+2) && f.size(i+2) == 5 {
			return hasZip, i + 3 // fargo nd 58102
		}
		return 0, 0
	}
	end = f.placeName(i)
	j := end
	if f.sym(j) == ',' {
		j++
	}
	if hi := f.stateZip(j); hi > 0 && f.size(i) > 2 && f.mayNamePlace(i) {
		return hasZip | hasCity, hi
	}
	if _, hi := f.britishPostcode(j, 0); hi > 0 && (f.sym(i-1) != 0 || f.is(i, city) || has != 0) && f.mayNamePlace(i) {
		return hasZip | hasCity, hi
	}
	switch {
	case f.equal(i, "dublin") && has&hasStreet != 0 && f.num(end) && f.size(end) <= 2:
		return hasCity, end + 1
	case has&hasFlat != 0 && has&hasStreet == 0 && f.sym(i-1) == ',' && f.sym(end) == ',' && f.t[i].shape&latin != 0 && !f.is(i, never):
		return hasRegion, end // Apt 12, Rosewood Court, 4 Mill Road
	case f.is(i, city|country):
		if has == 0 && f.is(i, maybe|first) && f.is(i, country) {
			return 0, 0
		}
		return hasCity, end
	case has&hasIndex != 0 && f.sym(end) == ',' && !f.is(i, never) && f.sameLine(i):
		return hasCity, end
	case has&hasStreet != 0 && f.sym(i-1) == ',' && !f.is(i, never) && f.t[i].lines == 0 &&
		(end == len(f.t) || f.symIn(end, ",.;)") || f.t[end].lines > 0 || f.num(end)):
		return hasCity, end
	case has&hasZip != 0 && f.is(i, country):
		return hasCity, end
	}
	return f.bareStreet(i, has)
}

// bareStreet matches a street that nothing calls one, after a place and before
// a house: "Ростов-на-Дону, Большая Садовая, 46".
func (f *finder) bareStreet(i, has int) (bit, end int) {
	if has&(hasIndex|hasTown|hasCity) == 0 || has&hasStreet != 0 || f.sym(i-1) != ',' || f.is(i, never) {
		return 0, 0
	}
	end = f.streetName(i)
	k := end
	if f.sym(k) == ',' {
		k++
	}
	if f.is(k, house) {
		k = f.point(k + 1)
	}
	if end == i || !f.num(k) || !f.sameLine(k) || f.size(k) > 3 || f.amount(k, k+1) || f.clock(k) > 0 {
		return 0, 0
	}
	return hasStreet, end
}

// germanStreet matches Hauptstraße 5 and Keizersgracht 123.
func (f *finder) germanStreet(i int) int {
	if f.t[i].shape&latin == 0 || f.size(i) < 7 || !f.num(i+1) || !f.sameLine(i+1) || f.size(i+1) > 3 {
		return 0
	}
	s := strings.ToLower(f.str(i))
	for _, suffix := range [...]string{"straße", "strasse", "weg", "gasse", "platz", "allee", "straat", "gracht", "laan", "gatan", "vej"} {
		if strings.HasSuffix(s, suffix) {
			return f.cluster(i + 1).hi
		}
	}
	return 0
}
