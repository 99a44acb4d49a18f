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
		return f.takeName(j, f.name(j, weak))
	}
	// An unknown word is a name if it is called out in the greeting's own script.
	hi := f.name(j, strong)
	if hi > 0 && f.closes(hi) && (f.t[i].shape^f.t[j].shape)&latin == 0 && (f.t[j].shape&upperAll == 0 || f.t[i].shape&upperAll != 0) && f.size(j) > 1 {
		return f.takeName(j, hi)
	}
	return 0
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
	if !f.wordAt(j) || !f.sameLine(j) {
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
	for j < i+4 && (f.symIn(j, ":-–—,") || f.equal(j, "меня", "его", "ее", "просто", "её")) {
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
	if f.equal(i, "имя") && f.equal(i-1, "на") || f.equal(i, "фамилию", "behalf") || f.equal(i, "name") && f.equal(i-1, "my", "full", "last", "first", "family", "maiden", "real") {
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
		case f.equal(j, "по", "with", "to", "вам", "вас", "from", "the", "a", "your", "на", "за"):
		default:
			n = 4
			continue
		}
		j++
	}
	if !f.capital(j) || !f.sameLine(j) || f.is(j, title) && f.t[j].flags&(first|maybe) == 0 {
		return 0
	}
	if tr == weak && !f.is(j, first|patron|maybe) && !(f.familyLike(j) && f.t[j].shape&cyrillic != 0) && !f.is(j+1, family|patron) {
		return 0
	}
	return f.takeName(j, f.name(j, tr))
}

// signature takes the name after the close of a letter at i.
func (f *finder) signature(i int) int {
	j, newLine, stop := i+1, false, false
	tr := weak
	if f.is(i, bye) {
		tr = strong
	}
	for n := 0; n < 8 && j < len(f.t); n++ {
		newLine = newLine || f.t[j].lines > 0
		switch {
		case f.symIn(j, ",.!-–—:;)*_~"):
			stop = true
		case f.is(j, bye|byeWeak|dear) && !f.is(j, first) && !(f.is(j, maybe) && f.capital(j)) || !f.capital(j) && f.equal(j, "in", "again", "и", "and", "к", "вам", "за", "с", "you", "so", "much"):
			if f.is(j, bye) {
				tr = strong
			}
		default:
			n = 8
			continue
		}
		j++
	}
	if tr == strong && f.wordAt(j) && !f.capital(j) && !f.is(j, first) {
		// "С уважением и надеждой на понимание," ends with its line.
		for k := j; k < min(j+8, len(f.t)); k++ {
			if f.t[k].lines > 0 && k > j {
				j, newLine = k, true
				break
			}
		}
	}
	if !f.wordAt(j) || f.is(j, title) {
		return 0
	}
	if !stop && !newLine && tr == weak && !f.listed(j) {
		return 0
	}
	hi := f.name(j, weak)
	if hi > 0 && f.listed(j) && (f.closes(hi) || f.is(j, first) && f.capital(j)) && !(f.is(j, never) && !f.closes(hi)) {
		return f.takeName(j, hi)
	}
	if tr != strong && !(newLine && f.t[j].lines > 0) {
		return 0
	}
	hi = f.name(j, strong)
	if hi > 0 && f.closes(hi) && f.t[j].flags&(street|orderCue|phoneCue) == 0 && (tr == strong || hi >= len(f.t)) {
		return f.takeName(j, hi)
	}
	if k := f.initial(j); tr == strong && k > 0 || tr == strong && f.capital(j) && f.size(j) == 1 && f.closes(j+1) && newLine {
		return f.takeName(j, max(k, j+1))
	}
	return 0
}

// maxSignature bounds the lines at the end of a text in which a name alone is a
// signature.
const maxSignature = 4

// lastLines takes names that stand alone on one of the last lines, or after a
// dash there, and a last sentence that is nothing but a name.
func (f *finder) lastLines() {
	end := len(f.t)
	for lines := 0; lines < maxSignature && end > 0; lines++ {
		lo := end - 1
		for lo > 0 && f.t[lo].lines == 0 && end-lo < 12 {
			lo--
		}
		if f.t[lo].lines > 0 && end-lo < 12 {
			f.signatureLine(lo, end, lo > 0)
		}
		end = lo
		if lo == 0 || f.t[lo].lines == 0 {
			break
		}
	}
	// "… Жду ответа. Вера"
	hi := len(f.t)
	for hi > 0 && f.symIn(hi-1, ".!") {
		hi--
	}
	for lo := max(1, hi-3); lo < hi; lo++ {
		if f.symIn(lo-1, ".!?)—–-") && f.capital(lo) && f.is(lo, maybe|first) && !f.is(lo, never) && f.free(lo, hi) && f.name(lo, weak) == hi {
			f.take(Name, lo, hi)
			return
		}
	}
}

// signatureLine takes the line [lo, hi) if it is a name; after says that there
// is text before it.
func (f *finder) signatureLine(lo, hi int, after bool) {
	dashes := 0
	for f.symIn(lo, "-–—") && lo < hi {
		lo++
		dashes++
	}
	for hi > lo && f.symIn(hi-1, ".,!") {
		hi--
	}
	if lo >= hi || !f.free(lo, hi) || !after {
		return
	}
	tr := weak
	if dashes == 2 || lo > 2 && dashes == 0 && f.symIn(lo-1, "-–—") && f.symIn(lo-2, "-–—") {
		tr = strong
	}
	if f.name(lo, tr) != hi || f.is(lo, never) && hi == lo+1 || tr == weak && hi == lo+1 && !f.is(lo, first|maybe) {
		return
	}
	f.take(Name, lo, hi)
}
