package redact

import "strings"

// familyLike reports a capitalised word that is, or is built like, a surname.
func (f *finder) familyLike(i int) bool {
	if !f.capital(i) || f.size(i) < 3 {
		return f.capital(i) && f.is(i, family)
	}
	if f.is(i, family) {
		return true
	}
	if f.t[i].flags&(never|first|hello|bye|byeWeak|orderCue|phoneCue) != 0 {
		return false
	}
	if f.t[i].shape&cyrillic != 0 {
		return f.russianFamily(i)
	}
	s := f.str(i)
	if f.t[i].shape&upperAll != 0 {
		return f.is(i-1, first|maybe)
	}
	if f.size(i) < 5 {
		return strings.HasPrefix(s, "Mc")
	}
	for _, e := range [...]string{"son", "man", "berg", "stein", "ov", "ova", "ev", "eva", "sky", "ski", "skiy", "enko", "vich", "ez", "sen", "ssen",
		"worth", "ford", "wood", "field", "ton", "ley", "chuk", "yan", "dze", "shvili", "kov", "kova", "sson", "ic", "ich"} {
		if strings.HasSuffix(s, e) {
			return true
		}
	}
	return strings.HasPrefix(s, "Mc") || strings.HasPrefix(s, "Mac") || f.symIn(i-1, "'’")
}

// russianFamily reports a word of any case that ends as Russian surnames do.
func (f *finder) russianFamily(i int) bool {
	if f.size(i) < 5 || f.t[i].flags&never != 0 {
		return false
	}
	var buf [maxWord * 2]byte
	s := f.folded(i, buf[:0])
	for _, e := range [...]string{"ов", "ова", "ову", "овым", "ове", "овой", "ев", "ева", "еву", "евым", "еве", "евой", "ин", "ина", "ину", "иным", "ине", "иной",
		"ын", "ына", "ыну", "ской", "ский", "ская", "скую", "ского", "скому", "ским", "цкий", "цкая", "цкого", "цкой", "цкому", "енко",
		"чук", "чука", "чуку", "юк", "юка", "юку", "ян", "яна", "яну", "янц", "дзе", "швили", "ых", "их", "ович", "евич", "ко"} {
		if strings.HasSuffix(s, e) {
			return true
		}
	}
	return false
}

// verbLike reports a word that ends as Russian verbs do, which may stand before
// a name where a sentence begins: Напишите Ларисе Валерьевне.
func (f *finder) verbLike(i int) bool {
	s := f.str(i)
	for _, e := range [...]string{"те", "ть", "ся", "сь", "ет", "ит", "ут", "ют", "ат", "ят", "л", "ла", "ли", "ло", "но"} {
		if strings.HasSuffix(s, e) {
			return true
		}
	}
	return false
}

// folded appends token i in small letters, with ё as е, to b.
func (f *finder) folded(i int, b []byte) string {
	for _, r := range f.str(i) {
		b = append(b, string(fold(r))...)
	}
	return string(b)
}

// patronymic reports a word that is built like a patronymic in any case.
func (f *finder) patronymic(i int) bool {
	if !f.capital(i) || f.t[i].shape&cyrillic == 0 || f.is(i, never) {
		return false
	}
	var buf [maxWord * 2]byte
	s := f.folded(i, buf[:0])
	for _, e := range [...]string{"ович", "евич", "овича", "евича", "овичу", "евичу", "овичем", "евичем", "овиче", "евиче",
		"овна", "евна", "овны", "евны", "овне", "евне", "овну", "евну", "инична", "иничны", "иничне", "иничну", "ьич", "ьича", "ьичу"} {
		if strings.HasSuffix(s, e) {
			return true
		}
	}
	return false
}
