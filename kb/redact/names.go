package redact

// trust says how much the words before a name promise that one follows.
type trust int

const (
	bare   trust = iota // nothing does: only names that are little else
	weak                // a cue: names that are words too, and surnames
	strong              // a sure cue: any capitalised word
)

// names finds people's names, going from left to right.
func (f *finder) names() {
	for i := 0; i < len(f.t); {
		next := i + 1
		if t := &f.t[i]; t.sort == word && !t.taken {
			if hi := f.cuedName(i); hi > 0 {
				next = hi
			} else if t.shape&upper1 != 0 {
				if hi := f.bareName(i); hi > 0 {
					f.take(Name, i, hi)
					next = hi
				}
			}
		}
		i = next
	}
	f.lastLines()
}

// cuedName takes the name that the cue at i announces and returns where to go
// on; 0 if i is no cue or announces nothing.
func (f *finder) cuedName(i int) int {
	fl := f.t[i].flags
	switch {
	case fl&selfCue != 0:
		return f.iAm(i)
	case fl&(hello|helloA|helloB|bye|byeWeak|title|called|nameCue|role) == 0:
		return 0
	case fl&title != 0 && f.titled(i) > 0:
		return f.titled(i)
	}
	for _, try := range [...]struct {
		cue   flags
		match func(*finder, int) int
	}{
		{hello | helloA, (*finder).greeting}, {called, (*finder).calledName}, {bye | byeWeak, (*finder).signature},
		{nameCue, (*finder).announced}, {role, (*finder).roleName},
	} {
		if fl&try.cue != 0 {
			if hi := try.match(f, i); hi > 0 {
				return hi
			}
		}
	}
	return 0
}

// takeName takes the name of tokens [lo, hi) and returns hi; 0 for hi 0.
func (f *finder) takeName(lo, hi int) int {
	if hi > lo {
		f.take(Name, lo, hi)
		return hi
	}
	return 0
}

// name returns where the name that begins at i ends, given the trust in one
// being there; 0 if none does.
func (f *finder) name(i int, tr trust) int {
	if !f.wordAt(i) {
		return 0
	}
	if hi := f.initialsFirst(i, tr); hi > 0 {
		return hi
	}
	if tr == strong && f.particle(i) {
		return f.extend(i)
	}
	if tr >= weak && f.t[i].shape&upper1 == 0 {
		return f.smallName(i)
	}
	if tr == bare {
		return f.bareName(i)
	}
	if !f.capital(i) {
		return 0
	}
	known := f.listed(i)
	if f.is(i, never) && !f.is(i, maybe|first) {
		return 0
	}
	next := f.oneName(i)
	switch {
	case f.is(i, maybe) && f.is(i, never):
		// "Hi Will," but not "Hi Will you": what follows decides.
		if hi := f.extend(next); hi > next && (tr == strong || f.familyLike(hi-1) || f.closes(hi)) || f.closes(next) {
			return max(hi, next)
		}
		if tr == strong {
			return next
		}
		return 0
	case known:
		return f.extend(next)
	case tr == strong:
		return f.extend(next)
	case f.capital(next) && f.sameLine(next) && (f.listed(next) || f.is(next, patron)):
		return f.extend(next)
	}
	return 0
}

// smallName returns where a name typed without capitals ends.
func (f *finder) smallName(i int) int {
	if !f.is(i, first|maybe|patron) || f.size(i) < 3 && !f.is(i, first) {
		return 0
	}
	j := i + 1
	for j < i+3 && f.wordAt(j) && f.sameLine(j) && (f.is(j, patron) || f.is(j, family) && !f.is(j, never) || f.size(j) > 4 && f.t[j].flags == 0 && f.russianFamily(j)) {
		j++
	}
	if f.is(i, maybe) && j == i+1 && !f.closes(j) {
		return 0
	}
	return j
}

// oneName returns where the single name at i ends: O'Brien is one, as is D’Arcy.
func (f *finder) oneName(i int) int {
	j := i + 1
	if f.size(i) <= 2 && f.symIn(j, "'’") && f.tight(j) && f.capital(j+1) && f.tight(j+1) {
		return j + 2
	}
	return j
}

// maxNames bounds a person's names: Анна-Мария фон Штейн Сергеевна.
const maxNames = 4

// extend returns where a name goes on to from i, where its first part ended.
func (f *finder) extend(i int) int {
	latinName := f.t[max(i-1, 0)].shape&latin != 0
	if i > 0 && f.t[i-1].sort == symbol || f.particle(i) {
		latinName = f.t[i].shape&latin != 0
	}
	unknown := 0
	for n := 1; n < maxNames && i < len(f.t) && f.sameLine(i) && !f.t[i].taken; n++ {
		switch {
		case f.initial(i) > 0:
			i = f.initial(i)
			continue
		case f.particle(i):
			j := i + 1
			if f.particle(j) {
				j++
			}
			if !f.capital(j) || !f.sameLine(j) || f.is(j, never) {
				return i
			}
			i = f.oneName(j)
			continue
		case f.equal(i, "jr", "sr", "ii", "iii") && f.capital(i):
			return i + 1
		case f.equal(i, "оглы", "кызы", "угли", "кизи"):
			i++
			continue
		case !f.capital(i) || f.t[i].shape&latin != 0 != latinName:
			return i
		case f.is(i, patron|family|first):
		case f.is(i, never) && f.size(i) <= 3 && f.closes(i+1) && n == 1:
			return i + 1 // Цзя Ли
		case f.is(i, never|hello|bye|byeWeak|month) && !f.is(i, maybe):
			return i
		case f.familyLike(i), f.oneName(i) > i+1:
		case f.t[i].shape&upperAll != 0 && f.t[i-1].shape&upperAll == 0, unknown > 0, f.size(i) < 2:
			return i
		default:
			unknown++
		}
		i = f.oneName(i)
	}
	return i
}

// particle reports a small word inside a surname.
func (f *finder) particle(i int) bool {
	return f.wordAt(i) && f.sameLine(i) &&
		f.equal(i, "van", "von", "der", "den", "de", "da", "di", "del", "della", "dos", "la", "le", "bin", "ibn", "al", "el", "фон", "де", "ибн", "аль", "ван")
}

// initial returns where an initial with its point at i ends; 0 if there is none.
func (f *finder) initial(i int) int {
	if f.capital(i) && f.size(i) == 1 && f.sym(i+1) == '.' && f.tight(i+1) {
		return i + 2
	}
	return 0
}

// initialsFirst returns where "И. И. Иванов" or "J. Smith" at i ends.
func (f *finder) initialsFirst(i int, tr trust) int {
	j, n := i, 0
	for n < 3 && f.initial(j) > 0 && (j == i || f.sameLine(j)) {
		j = f.initial(j)
		n++
	}
	if n == 2 && f.equal(i, "u", "e", "d", "p", "a") && tr == bare && f.equal(i+2, "s", "k", "n", "u", "c", "o", "m") {
		return 0 // U.S., P.O.
	}
	if n == 0 || !f.capital(j) || f.size(j) < 3 || !f.sameLine(j) || f.is(j, never|street|town) && !f.is(j, family) {
		return 0
	}
	if n == 1 && f.t[j].flags == 0 && f.equal(i-1, "to", "for", "by", "from", "от", "для", "у") && f.sameLine(i) {
		return f.oneName(j)
	}
	if n >= 2 && (f.t[i].shape^f.t[j].shape)&latin == 0 || f.familyLike(j) || tr == strong {
		return f.oneName(j)
	}
	return 0
}

// listed reports a word known as a name of some sort.
func (f *finder) listed(i int) bool {
	return f.is(i, first|maybe|patron|family) || f.wordAt(i) && f.familyLike(i)
}

// closes reports that nothing of the same sentence goes on at i.
func (f *finder) closes(i int) bool {
	return i >= len(f.t) || f.t[i].lines > 0 || f.symIn(i, ",.!;:?-–—)(|/*\"»") || f.t[i].sort == mark || f.t[i].taken
}

// bareName returns where a name at i ends that no cue announces; 0 if it takes
// a cue to be one.
func (f *finder) bareName(i int) int {
	if !f.capital(i) || f.namedAfter(i) {
		return 0
	}
	if hi := f.initialsFirst(i, bare); hi > 0 {
		return hi
	}
	if f.size(i) == 1 && f.capital(i+1) && f.is(i+1, family) && f.sameLine(i+1) && f.equal(i-1, "to", "by", "for", "from", "mr", "mrs") {
		return i + 2 // signed for by J SMITH
	}
	fl := f.t[i].flags
	next := f.oneName(i)
	same := f.capital(next) && f.sameLine(next)
	switch {
	case f.sym(next) == '/' && f.t[i].shape&upperAll != 0 && f.is(next+1, first|maybe) && f.t[next+1].shape&upperAll != 0 && f.tight(next+1):
		if hi := next + 2; f.is(hi, title) && f.t[hi].shape&upperAll != 0 {
			return hi + 1 // SMITH/JOHN MR, as airlines write it
		}
		return next + 2
	case fl&patron != 0, f.size(i) > 5 && f.patronymic(i):
		return f.extend(next)
	case fl&first != 0:
		if fl&city != 0 && f.is(i-1, inward|town) || f.quoted(i, next) {
			return 0
		}
		if f.t[i].shape&upperAll != 0 && f.size(i) <= 4 && !f.shouts(i-1) && !f.shouts(next) {
			return 0 // TED is more often an acronym
		}
		if f.sym(next) == '&' { // Marks & Spencer
			return 0
		}
		return f.extend(next)
	case fl&maybe != 0 && f.initial(next) > 0 && f.capital(f.initial(next)) && f.sameLine(f.initial(next)):
		return f.extend(next)
	case fl == 0 && same && !(f.begins(i) && f.verbLike(i)) && f.is(next, first|maybe) && (f.is(next+1, patron) || f.patronymic(next+1)) && f.t[i].shape&cyrillic != 0 && f.sameLine(next+1):
		return f.extend(next) // an unknown surname before a name with its patronymic
	case fl&maybe != 0 && same && (f.is(next, patron) || f.patronymic(next)):
		return f.extend(next)
	case fl&maybe != 0 && same && f.t[i].shape&f.t[next].shape&cyrillic != 0 && f.t[next].flags == 0 && f.size(next) > 3 && !f.equal(i, "лада", "роза"):
		return f.extend(next) // Russian capitalises no second word for nothing
	case fl&maybe != 0 && same && f.familyLike(next) && !f.is(next, never) && fl&(city|state) == 0:
		if !f.begins(i) || f.is(next, family) || f.t[i].shape&cyrillic != 0 || fl&never == 0 {
			return f.extend(next)
		}
	case fl&never != 0 && fl&family == 0:
		return 0
	case same && f.familyLike(i) && (f.is(next, first|patron) || f.is(next, maybe) && (f.is(next+1, patron) || f.closes(next+1)) && fl&family != 0):
		return f.extend(next)
	}
	return f.initialsLast(i, next)
}

// initialsLast returns where "Иванов И. И." at i ends, whose initials are at
// next; one initial takes a word that looks like a surname.
func (f *finder) initialsLast(i, next int) int {
	same := f.capital(next) && f.sameLine(next)
	if f.size(i) >= 3 && f.sameLine(next) {
		if one := f.initial(next); one > 0 {
			if two := f.initial(one); two > 0 && f.sameLine(one) {
				return two
			}
			if f.familyLike(i) && !f.is(i, first) {
				return one
			}
		} else if same && f.size(next) == 2 && f.t[next].shape&upperAll != 0 && f.familyLike(i) && f.t[i].shape&cyrillic != 0 && f.closes(next+1) {
			return next + 1 // Иванов ИИ
		}
	}
	return 0
}

// shouts reports a word in capitals.
func (f *finder) shouts(i int) bool {
	return f.wordAt(i) && f.t[i].shape&upperAll != 0
}

// quoted reports that tokens [lo, hi) stand in quotation marks of their own, as
// the names of goods and shops do.
func (f *finder) quoted(lo, hi int) bool {
	return f.symIn(lo-1, "«\"“„") && f.tight(lo) && f.symIn(hi, "»\"”“") && f.tight(hi)
}

// namedAfter reports that something other than a person bears the name at i.
func (f *finder) namedAfter(i int) bool {
	j := i - 1
	if f.sym(j) == '.' && f.tight(j) {
		j--
	}
	if f.is(j, street|town|region) && f.sameLine(i) && !f.equal(j, "с", "г", "п", "х", "st") {
		return true
	}
	return f.sameLine(i) && f.equal(j, "им", "имени", "метро", "святого", "святой", "св", "st", "saint", "hotel", "отель", "тц", "трц", "san", "santa", "port", "lake")
}

// begins reports that token i is the first of a sentence or a line.
func (f *finder) begins(i int) bool {
	return i == 0 || f.t[i].lines > 0 || f.symIn(i-1, ".!?:;…\"«“(—–")
}
