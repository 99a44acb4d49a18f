package redact

import (
	"embed"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:embed words
var wordFiles embed.FS

// flags says what a word may be a sign of. A word may have several.
type flags uint64

// The flags, in the order of the sections' names in flagNames.
const (
	first      flags = 1 << iota // first name that is little else
	maybe                        // first name that is an ordinary word, a place or a brand too
	patron                       // patronymic
	family                       // surname
	never                        // not a name, whatever stands before it
	hello                        // greeting
	helloA                       // greeting with helloB: good, добрый
	helloB                       // greeting with helloA: morning, день
	dear                         // between a greeting and a name: уважаемая, dear
	bye                          // closes a letter
	byeWeak                      // closes a letter, or thanks anyone
	title                        // Mr, господин
	called                       // зовут: a name follows
	nameCue                      // name, имя, получатель: a name may follow
	role                         // менеджер, husband: a name may follow
	orderCue                     // заказ, order
	orderWeak                    // доставка, payment: an order's number only after № or the like
	numberCue                    // номер, number, id
	filler                       // between a cue and its value: is, мой, под
	phoneCue                     // телефон, call
	cardCue                      // карта, visa
	passCue                      // паспорт
	seriesCue                    // серия
	insureCue                    // СНИЛС
	taxCue                       // ИНН
	accountCue                   // счёт, account
	deviceCue                    // IMEI
	notCue                       // the number after it is nobody's: ошибка, артикул, закон
	unit                         // the number before it is an amount: руб, items
	street                       // улица, street
	streetWeak                   // way, drive: a street only after a capitalised name
	house                        // дом
	housePart                    // корпус, строение
	flat                         // квартира, apt
	town                         // г, город, село: a place name follows
	region                       // область, район
	city                         // well-known city
	state                        // of the USA
	country                      //
	addressCue                   // адрес, live at
	postCue                      // индекс, zip
	loginCue                     // логин, telegram
	secretCue                    // пароль
	birthCue                     // родился, DOB
	month                        //
	extCue                       // доб, ext
	postBoxCue                   // PO, а/я
	selfCue                      // am, это, from: perhaps a name follows
	atCue                        // at, собака: perhaps the middle of an e-mail address
	inward                       // в, из, in, from: a place follows rather than a person
)

// nameFlags is what a hyphenated word inherits from its first part.
const nameFlags = first | maybe | patron | family

// sections returns the flag that each section of words/cues.txt stands for.
func sections() map[string]flags {
	names := strings.Fields(`first maybe patron family never hello helloA helloB dear bye byeWeak title called nameCue
		role orderCue orderWeak numberCue filler phoneCue cardCue passCue seriesCue insureCue taxCue accountCue deviceCue notCue
		unit street streetWeak house housePart flat town region city state country addressCue postCue loginCue secretCue
		birthCue month extCue postBoxCue selfCue atCue inward`)
	m := make(map[string]flags, len(names))
	for i, name := range names {
		m[name] = 1 << i
	}
	return m
}

// A lexicon is what the package knows of words. It never changes once made.
type lexicon struct {
	words map[string]flags // by word, folded
}

// words returns the lexicon, made when first asked for.
//
//nolint:gochecknoglobals // immutable once made
var words = sync.OnceValue(newLexicon)

func newLexicon() *lexicon {
	lx := &lexicon{words: make(map[string]flags, 16<<10)}
	lx.russianNames(wordFile("names_ru.txt"))
	lx.englishNames(wordFile("names_en.txt"))
	lx.cues(wordFile("cues.txt"))
	return lx
}

// wordFile returns an embedded file; a missing one is a fault of the program.
func wordFile(name string) string {
	b, err := wordFiles.ReadFile("words/" + name)
	if err != nil {
		panic("redact: " + err.Error())
	}
	return string(b)
}

// fields calls f with every word of a file and the section it stands in.
// "заказ|а|у" is short for "заказ заказа заказу" and "заявка|и" for "заявка
// заявки": a soft or open ending gives way. "#" begins a comment.
func fields(file string, f func(section, w string)) {
	section := ""
	for line := range strings.Lines(file) {
		line, _, _ = strings.Cut(line, "#")
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "@"); ok {
			section = name
			continue
		}
		for _, w := range strings.Fields(line) {
			stem, endings, _ := strings.Cut(w, "|")
			f(section, stem)
			if last, size := utf8.DecodeLastRuneInString(stem); strings.ContainsRune("аяоеьй", last) {
				stem = stem[:len(stem)-size]
			}
			for ending := range strings.SplitSeq(endings, "|") {
				if ending != "" {
					f(section, stem+ending)
				}
			}
		}
	}
}

func (lx *lexicon) add(w string, f flags) {
	w = strings.Map(fold, w)
	lx.words[w] |= f
}

func (lx *lexicon) cues(file string) {
	byName := sections()
	fields(file, func(section, w string) {
		f, ok := byName[section]
		if !ok {
			panic("redact: words/cues.txt: no such section: " + section)
		}
		if f != maybe {
			lx.add(w, f)
			return
		}
		// The section only demotes what the lists of names hold.
		w = strings.Map(fold, w)
		if lx.words[w]&first != 0 {
			lx.words[w] = lx.words[w]&^first | maybe
		}
	})
}

func (lx *lexicon) englishNames(file string) {
	fields(file, func(section, w string) {
		w, ambiguous := strings.CutSuffix(w, "?")
		switch {
		case section == "family":
			lx.add(w, family)
		case ambiguous:
			lx.add(w, maybe)
		default:
			lx.add(w, first)
		}
	})
}

// russianNames adds every name with its cases and, for men's names, the
// patronymics made of it.
func (lx *lexicon) russianNames(file string) {
	fields(file, func(section, w string) {
		w, ambiguous := strings.CutSuffix(w, "?")
		f := first
		if ambiguous {
			f = maybe
		}
		switch section {
		case "family":
			for _, s := range surnameForms(w) {
				lx.add(s, family)
			}
		case "plain":
			lx.add(w, f)
		default:
			for _, s := range nameForms(w, section == "men") {
				lx.add(s, f)
			}
		}
		if section == "men" {
			for _, s := range patronymics(w) {
				lx.add(s, patron)
			}
		}
	})
}

// nameForms returns the cases of a Russian first name in the nominative.
func nameForms(w string, man bool) []string {
	switch last, size := utf8.DecodeLastRuneInString(w); {
	case last == 'а':
		return inflect(w[:len(w)-size], "а ы и е у ой ою")
	case last == 'я':
		return inflect(w[:len(w)-size], "я и е ю ей ею ёй")
	case last == 'ь' && man:
		return inflect(w[:len(w)-size], "ь я ю ем ём е")
	case last == 'ь':
		return inflect(w[:len(w)-size], "ь и ью")
	case last == 'й' && man:
		return inflect(w[:len(w)-size], "й я ю ем е и")
	case man && !strings.ContainsRune("оуэиеыю", last):
		return inflect(w, "  а у ом ем е")
	}
	return []string{w}
}

// surnameForms returns the cases of a man's and a woman's Russian surname.
func surnameForms(w string) []string {
	switch {
	case strings.HasSuffix(w, "ий"):
		return inflect(strings.TrimSuffix(w, "ий"), "ий ого ому им ом ая ой ую ие их")
	case strings.HasSuffix(w, "ь"), strings.HasSuffix(w, "й"):
		stem := w[:len(w)-len("ь")]
		return append(inflect(stem, "я ю ем е"), w)
	case strings.HasSuffix(w, "ко"), strings.HasSuffix(w, "ых"), strings.HasSuffix(w, "их"):
		return []string{w}
	}
	return append(inflect(w, "а у ым ом е ой ы ых"), w)
}

// patronymics returns the patronymics of a man's name with their cases.
func patronymics(w string) []string {
	last, size := utf8.DecodeLastRuneInString(w)
	stem := w[:len(w)-size]
	his, her := []string(nil), []string(nil)
	switch {
	case strings.HasSuffix(w, "ий"):
		soft := strings.TrimSuffix(w, "ий")
		his, her = []string{soft + "ьевич", soft + "иевич"}, []string{soft + "ьевн", soft + "иевн"}
	case last == 'й' || last == 'ь':
		his, her = []string{stem + "евич"}, []string{stem + "евн"}
	case last == 'а' || last == 'я':
		his, her = []string{stem + "ич", stem + "ьич"}, []string{stem + "иничн", stem + "ичн"}
	default:
		his, her = []string{w + "ович", w + "ыч"}, []string{w + "овн"}
	}
	var forms []string
	for _, s := range his {
		forms = append(forms, inflect(s, "  а у ем е")...)
	}
	for _, s := range her {
		forms = append(forms, inflect(s, "а ы е у ой ою")...)
	}
	return forms
}

// inflect returns stem with each of the endings; two blanks in front stand for
// the empty ending.
func inflect(stem, endings string) []string {
	var forms []string
	if strings.HasPrefix(endings, "  ") {
		forms = append(forms, stem)
	}
	for _, e := range strings.Fields(endings) {
		forms = append(forms, stem+e)
	}
	return forms
}
