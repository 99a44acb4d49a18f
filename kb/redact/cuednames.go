package redact

// greeting takes the name after the greeting at i, or before it: "Добрый день,
// Анна!", "Анна, добрый день!".
func (f *finder) greeting(i int) int {
	j := i + 1
	if f.is(i, helloA) && !f.is(i, hello) {
		if !f.is(j, helloB) || !f.sameLine(j) {
			return 0
		}
		j++
	}
	f.greeted(i)
	sure := true // nothing but a comma separates
	for n := 0; n < 6 && j < len(f.t); n++ {
		switch {
		case f.symIn(j, ",-–—:"):
		case f.symIn(j, "!.)*") || f.t[j].lines > 0 && f.t[j].sort == symbol:
			sure = false
		case f.is(j, dear|hello) && !f.is(j, first) || f.is(j, title) && f.t[j].shape&upper1 == 0 && f.titled(j) == 0:
		default:
			n = 6
			continue
		}
		j++
	}
	if !f.wordAt(j) || f.t[j].lines > 1 {
		return 0
	}
	if f.is(j, title) && f.titled(j) > 0 {
		return f.titled(j)
	}
	sure = sure && f.t[j].lines == 0
	if !sure {
		// A new sentence: only a name that is called out.
		if hi := f.name(j, weak); hi > 0 && f.capital(j) && (f.is(j, first) || f.is(j, maybe|patron) && f.closes(hi)) {
			return f.takeName(j, hi)
		}
		return 0
	}
	if f.listed(j) || f.initial(j) > 0 {
		return f.pair(f.takeName(j, f.name(j, weak)))
	}
	// An unknown word is a name if it is called out in the greeting's own script.
	hi := f.name(j, strong)
	if hi > 0 && f.closes(hi) && (f.t[i].shape^f.t[j].shape)&latin == 0 && (f.t[j].shape&upperAll == 0 || f.t[i].shape&upperAll != 0) && f.size(j) > 1 {
		return f.pair(f.takeName(j, hi))
	}
	return 0
}

// pair takes the second name of two, the first of which ended at hi: "Dear
// Thomas and Louise". It returns where to go on; 0 for 0.
func (f *finder) pair(hi int) int {
	if hi == 0 || f.sym(hi) != '&' && !f.equal(hi, "and", "и") || !f.capital(hi+1) || !f.sameLine(hi+1) {
		return hi
	}
	if end := f.name(hi+1, strong); end > 0 && f.closes(end) {
		return f.takeName(hi+1, end)
	}
	return hi
}

// greeted takes the name called out before the greeting at i.
func (f *finder) greeted(i int) {
	if f.sym(i-1) != ',' && f.sym(i-1) != '!' {
		return
	}
	lo := i - 1
	for lo > 0 && i-lo < 5 && f.capital(lo-1) && (lo == i-1 || f.sameLine(lo)) && !f.is(lo-1, never) {
		lo--
	}
	if lo < i-1 && f.begins(lo) && f.free(lo, i-1) && f.name(lo, strong) == i-1 {
		f.take(Name, lo, i-1)
	}
}

// titled takes the name after the title at i: Mr Smith, г-жа Иванова.
func (f *finder) titled(i int) int {
	j := i + 1
	if f.t[i].shape&upperAll != 0 && f.equal(i, "ms", "dr") || f.equal(i, "гр") && (f.num(i-1) || f.sym(j) != '.') {
		return 0
	}
	if f.sym(j) == '.' && f.tight(j) {
		j++
	}
	if f.is(j, title) {
		j++
	}
	if !f.wordAt(j) || !f.sameLine(j) || f.is(j, country) { // гражданин РФ
		return 0
	}
	hi := f.name(j, strong)
	if hi == 0 && f.t[i].shape&latin != 0 && f.equal(i, "mr", "mrs") && f.t[j].flags&(never|filler|inward) == 0 && f.size(j) > 2 {
		hi = j + 1
	}
	return f.takeName(j, hi)
}

// calledName takes the name after зовут: "меня зовут Анна".
func (f *finder) calledName(i int) int {
	j := i + 1
	for j < i+4 && (f.symIn(j, ":-–—,") || f.equal(j, "меня", "его", "ее", "просто")) {
		j++
	}
	if !f.wordAt(j) || !f.sameLine(j) {
		return 0
	}
	hi := f.name(j, strong)
	if hi == 0 && !f.capital(j) && f.t[j].flags&(never|filler|inward) == 0 && f.size(j) > 2 && f.equal(i, "зовут") && !f.equal(i-1, "как") && !f.equal(i-2, "как") {
		hi = j + 1
	}
	return f.takeName(j, hi)
}

// iAm takes the name after "I am", "this is" and "это", given the word before it.
func (f *finder) iAm(i int) int {
	j, sure := i+1, false
	switch {
	case f.equal(i, "am") && f.equal(i-1, "i"), f.equal(i, "m") && f.symIn(i-1, "'’") && f.equal(i-2, "i"):
		sure = true
	case f.equal(i, "я") && f.t[i].shape&cyrillic != 0:
		if f.symIn(j, ",-–—") {
			j++
			sure = true
		}
	case f.sym(i+1) == ':' && f.t[i].lines > 0 && f.equal(i, "from", "to", "cc", "от", "кому", "копия"):
		return f.takeName(i+2, f.name(i+2, strong)) // the head of a letter
	case f.equal(i, "is") && f.equal(i-1, "this", "it"), f.equal(i, "s") && f.symIn(i-1, "'’") && f.equal(i-2, "it"), f.equal(i, "это"):
		if f.symIn(j, "-–—") {
			j++
		}
	default:
		return 0
	}
	if !f.capital(j) || !f.sameLine(j) || f.is(j, never) && !f.is(j, maybe) || f.t[j].shape&upperAll != 0 && !f.is(j, first) {
		return 0
	}
	hi := f.name(j, weak)
	if hi > 0 && (f.is(j, first|patron|family) || hi > j+1 || f.is(j, maybe) && (f.closes(hi) || f.presents(hi))) {
		return f.takeName(j, hi)
	}
	hi = f.name(j, strong)
	if hi > 0 && (sure && (f.closes(hi) || f.presents(hi)) || f.presents(hi)) && (f.t[i].shape^f.t[j].shape)&latin == 0 {
		return f.takeName(j, hi)
	}
	return 0
}

// presents reports a word that goes on after one has said one's name.
func (f *finder) presents(i int) bool {
	return f.sameLine(i) && f.equal(i, "from", "and", "here", "again", "speaking", "writing", "calling", "с", "из", "пишу", "снова", "опять", "и")
}

// announced takes the name after "my name is", "на имя", "recipient:".
func (f *finder) announced(i int) int {
	tr := weak
	if f.equal(i, "имя") && f.equal(i-1, "на") || f.equal(i, "фамилию", "фамилия", "behalf") || f.equal(i, "name") && f.equal(i-1, "my", "full", "last", "first", "family", "maiden", "real") {
		tr = strong
	}
	said := false
	mine := f.equal(i, "name", "surname") && f.equal(i-1, "my", "his", "her")
	own := !f.wordAt(i-1) && !(f.tight(i) && f.sym(i-1) == '_') || !f.sameLine(i) || f.is(i-1, nameCue|numberCue|filler|role) || f.equal(i-1, "full", "first", "last", "contact", "real", "and", "и")
	j := i + 1
	for n := 0; n < 6 && j < len(f.t) && (f.sameLine(j) || f.sym(j-1) == ':'); n++ {
		switch {
		case f.symIn(j, ":="):
			said = true
			if own {
				tr = strong
			}
		case f.equal(j, "is", "s"):
			said = true
			if mine || own && f.is(i-1, nameCue) {
				tr = strong
			}
		case f.symIn(j, "-–—'’\"«()/№*") || f.wordAt(j) && f.t[j].shape&upper1 == 0 && (f.is(j, nameCue|filler|orderCue|orderWeak|cardCue|passCue|accountCue) ||
			f.equal(j, "of", "of", "и", "полностью", "посылки", "была", "указано", "would", "be", "the", "new", "нового")) && !f.is(j, first):
		default:
			n = 6
			continue
		}
		j++
	}
	if f.titledAt(j) {
		return 0
	}
	if !f.wordAt(j) || f.is(j, nameCue) && f.t[j].flags&(first|maybe) == 0 {
		return 0
	}
	hi := f.name(j, tr)
	if hi == 0 && mine && said && f.t[j].shape&upper1 == 0 && f.t[j].flags&(never|filler|inward|unit) == 0 && f.size(j) > 2 {
		hi = j + 1
	}
	if tr == strong && f.t[j].shape&upperAll != 0 && f.t[j].flags&(first|maybe|family) == 0 && hi == j+1 {
		return 0
	}
	return f.takeName(j, hi)
}

// titledAt reports a title with a name, which is taken when its turn comes.
func (f *finder) titledAt(i int) bool {
	return f.is(i, title) && f.capital(i)
}

// roleName takes the name after someone's role: менеджер Ольга, my husband John.
func (f *finder) roleName(i int) int {
	j, tr := i+1, weak
	for n := 0; n < 4 && f.sameLine(j); n++ {
		switch {
		case f.equal(j, "имени", "named", "called"):
			tr = strong // an agent named …, but not a program named …
		case f.symIn(j, ":-–—,"):
			if f.sym(j) == ',' && !f.capital(j+1) {
				return 0
			}
		case f.equal(j, "по", "with", "to", "by", "out", "for", "вам", "вас", "from", "the", "a", "your", "на", "за"):
		default:
			n = 4
			continue
		}
		j++
	}
	if !f.capital(j) || !f.sameLine(j) || f.is(j, title) && f.t[j].flags&(first|maybe) == 0 {
		return 0
	}
	if f.equal(i, "registered", "issued", "addressed", "made", "signed", "belongs") && f.equal(j-1, "to", "by", "for") {
		if hi := f.name(j, strong); hi > j+1 && !f.is(j, city|country|state) {
			return f.takeName(j, hi)
		}
	}
	if tr == weak && !f.is(j, first|patron|maybe) && !(f.familyLike(j) && f.t[j].shape&cyrillic != 0) && !f.is(j+1, family|patron) {
		return 0
	}
	return f.takeName(j, f.name(j, tr))
}
