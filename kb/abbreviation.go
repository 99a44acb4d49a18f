package kb

import (
	"strings"
	"unicode/utf8"
)

// leads reports whether the word, in small letters and without its full stop,
// is an abbreviation that something belongs to which follows: "ул. Мира",
// "Mr. Smith", "e.g. this".
func leads(word string) bool {
	switch word {
	case "т.е", "т.к", "т.н", "т.о", "г", "гор", "ул", "д", "кв", "стр", "корп", "обл", "респ", "пос", "дер", "р-н",
		"просп", "пр-т", "пр", "пер", "пл", "наб", "ш", "бул", "эт", "оф", "каб", "п", "пп", "пункт", "ст", "ч", "гл",
		"см", "ср", "рис", "табл", "прим", "напр", "например", "тел", "моб", "доб", "факс", "им", "св", "проф", "акад",
		"доц", "гр", "ген", "дир", "инж", "отд", "сокр", "букв", "лат", "англ", "рус", "нем", "мин", "макс", "ок",
		"приб", "прибл", "арт", "кат", "кол", "ном", "уч", "вкл", "исх", "вх", "эл", "ред", "изд", "авт",
		"mr", "mrs", "ms", "dr", "prof", "sr", "st", "e.g", "eg", "i.e", "ie", "vs", "cf", "fig", "figs", "eq", "sec",
		"ch", "vol", "pp", "p", "ed", "eds", "approx", "ca", "tel", "ext", "ref", "art", "dept", "est", "gen", "rev",
		"viz", "al", "incl", "excl", "max", "min":
		return true
	}
	return false
}

// closes reports whether the word, in small letters and without its full stop,
// is an abbreviation that may end a sentence: "500 руб.", "etc.".
func closes(word string) bool {
	switch word {
	case "и.т.д", "т.д", "т.п", "др", "пр", "руб", "коп", "р", "долл", "г", "гг", "в", "вв", "тыс", "млн", "млрд", "шт",
		"экз", "мин", "сек", "час", "ч", "дн", "нед", "мес", "кг", "гр", "км", "мм", "л", "кв.м", "чел", "уп", "упак",
		"пом", "стр", "эт", "проц",
		"etc", "inc", "ltd", "co", "corp", "llc", "a.m", "p.m", "am", "pm", "u.s", "u.k", "jr", "sr", "min", "max",
		"sec", "hr", "hrs", "mins", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
		"янв", "фев", "апр", "авг", "сен", "сент", "окт", "ноя", "нояб", "дек":
		return true
	}
	return false
}

// sentenceWord reports whether a word is no abbreviation by the look of it, so
// that a full stop behind it ends a sentence though a small letter follows, as
// customers write. Russian abbreviations end in a consonant and are short.
func sentenceWord(word string) bool {
	n := utf8.RuneCountInString(word)
	last, _ := utf8.DecodeLastRuneInString(strings.ToLower(word))
	if cyrillic(last) {
		return n >= 5 || n >= 3 && strings.ContainsRune("аеёиоуыэюяйь", last)
	}
	return n >= 4
}

// lettered reports whether a word is made of single letters and full stops, as
// "т.е" and "U.S".
func lettered(word string) bool {
	parts := 0
	for part := range strings.SplitSeq(word, ".") {
		if utf8.RuneCountInString(part) != 1 || digit(part[0]) {
			return false
		}
		parts++
	}
	return parts > 1
}
