package redact

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
	if tr == weak && f.wordAt(j) && !f.capital(j) && !f.listed(j) {
		// "Thank you kindly, Kate": the thanks go on to a comma.
		for k := j; k < min(j+7, len(f.t)) && f.sameLine(k); k++ {
			if f.symIn(k, ",!") && f.capital(k+1) {
				j, stop = k+1, true
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
	return f.signer(j, tr, stop, newLine)
}

// signer takes the name at j, where a signature is expected: after a stop or on
// a new line.
func (f *finder) signer(j int, tr trust, stop, newLine bool) int {
	hi := f.name(j, weak)
	if both := f.name(j, strong); tr == strong && both > 0 && f.sym(both) == '&' {
		return f.pair(f.takeName(j, both))
	}
	if hi > 0 && f.listed(j) && (f.closes(hi) || f.is(j, first) && f.capital(j)) && !(f.is(j, never) && !f.closes(hi)) {
		return f.takeName(j, hi)
	}
	hi = f.name(j, strong)
	if hi > 0 && f.closes(hi) && f.t[j].flags&(street|orderCue|phoneCue) == 0 && (tr == strong || f.signed(j, hi)) {
		return f.takeName(j, hi)
	}
	if tr == strong && f.wordAt(j) && f.t[j].shape&upper1 == 0 {
		return f.signedAs(j)
	}
	if k := f.initial(j); k > 0 && stop && k < len(f.t) && f.initial(k) == len(f.t) {
		return f.takeName(j, len(f.t)) // A.J.
	}
	if k := f.initial(j); tr == strong && k > 0 || tr == strong && f.capital(j) && f.size(j) == 1 && f.closes(j+1) && newLine {
		return f.takeName(j, max(k, j+1))
	}
	return 0
}

// signed reports that the unknown capitalised words [lo, hi) after thanks are a
// signature: the text ends with them, or they have a line to themselves.
func (f *finder) signed(lo, hi int) bool {
	if f.t[lo].lines > 0 {
		return hi >= len(f.t) || hi-lo > 1 && f.t[hi].lines > 0
	}
	return hi >= len(f.t) && f.sym(lo-1) == ',' && f.t[lo].flags == 0
}

// signedAs takes the name that ends a line of small words: "семья Ковалёвых",
// "your customer Kate". The line begins at i.
func (f *finder) signedAs(i int) int {
	j := i
	for j < i+5 && f.wordAt(j) && f.t[j].shape&upper1 == 0 && (j == i || f.sameLine(j)) {
		j++
	}
	if !f.capital(j) || !f.sameLine(j) {
		return 0
	}
	if hi := f.name(j, weak); hi > 0 && f.closes(hi) {
		return f.takeName(j, hi)
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

// shortLine reports that the line that ends with token i is a few words long.
func (f *finder) shortLine(i int) bool {
	for j := i; j >= 0 && i-j < 5; j-- {
		if f.t[j].lines > 0 {
			return true
		}
	}
	return false
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
	if dashes == 1 && f.tight(lo) && hi == len(f.t) && f.t[lo].flags == 0 {
		tr = strong
	}
	if dashes == 0 && f.sym(lo-1) == ',' && f.t[lo].lines > 0 && f.shortLine(lo-1) {
		tr = strong // "Talk soon," and a name
	}
	if dashes == 2 || lo > 2 && dashes == 0 && f.symIn(lo-1, "-–—") && f.symIn(lo-2, "-–—") {
		tr = strong
	}
	if f.name(lo, tr) != hi || f.is(lo, never) && hi == lo+1 || tr == weak && hi == lo+1 && !f.is(lo, first|maybe) {
		return
	}
	f.take(Name, lo, hi)
}
