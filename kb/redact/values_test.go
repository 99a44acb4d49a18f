package redact

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A writer makes up personal data. It is seeded: the same seed makes the same.
type writer struct {
	*rand.Rand
	russian bool
}

func (w writer) pick(list string) string {
	words := strings.Split(list, "|")
	return words[w.IntN(len(words))]
}

// digits replaces every 0 of pattern by a digit and every 9 by one but 0.
func (w writer) digits(pattern string) string {
	b := []byte(pattern)
	for i, c := range b {
		switch c {
		case '0':
			b[i] = byte('0' + w.IntN(10))
		case '9':
			b[i] = byte('1' + w.IntN(9))
		}
	}
	return string(b)
}

// value makes up a value of a kind in one of its forms; "=x" is just x.
func (w writer) value(kind Kind, form string) string {
	if literal, ok := strings.CutPrefix(form, "="); ok {
		return strings.ReplaceAll(literal, `\n`, "\n")
	}
	switch kind {
	case Name:
		if w.russian && form != "latin" {
			return w.russianName(form)
		}
		return w.englishName(form)
	case Email:
		return w.email(form)
	case Phone:
		return w.phone(form)
	case Card:
		return w.card(form)
	case Passport:
		return w.passport(form)
	case Order:
		return w.order(form)
	case Address:
		if w.russian {
			return w.russianAddress(form)
		}
		return w.englishAddress(form)
	}
	return w.other(kind, form)
}

const (
	ruMen   = "Иван|Алексей|Дмитрий|Сергей|Андрей|Михаил|Николай|Павел|Илья|Игорь|Руслан|Тимур|Вячеслав|Фёдор|Роман|Марк|Лев|Ринат|Рустам|Ашот"
	ruWomen = "Анна|Мария|Ольга|Екатерина|Наталья|Светлана|Татьяна|Юлия|Ирина|Вера|Надежда|Любовь|Алёна|Ксения|Гульнара|Айгуль|Майя|Зарина|Софья|Дарья"
	ruDims  = "Саша|Лена|Маша|Женя|Катя|Дима|Серёжа|Оля|Настя|Вова|Таня|Лёша|Света|Паша|Коля|Юля|Наташа|Миша"
	ruRare  = "Бауыржан|Нурсултан|Цзя Ли|Олоферн|Калерия|Евстигней|Умида|Бекзат|Хосе|Тарлан|Сарвар|Юнис"
	ruPatrM = "Иванович|Сергеевич|Алексеевич|Петрович|Ильич|Дмитриевич|Юрьевич|Никитич|Рашидович|Эдуардович"
	ruPatrW = "Ивановна|Сергеевна|Алексеевна|Петровна|Ильинична|Дмитриевна|Юрьевна|Никитична|Рашидовна|Эдуардовна"
	// Surnames: most are in no list of the package.
	ruFam  = "Иванов|Петров|Смирнов|Кузнецов|Щеглов|Бубнов|Тряпицын|Лисин|Сухарев|Чепурной|Пшеничный|Гречко|Коваленко|Марчук|Хачатурян|Вишневецкий|Заболоцкий|Дробыш|Шульц|Бергман"
	ruFamW = "Иванова|Петрова|Смирнова|Кузнецова|Щеглова|Бубнова|Тряпицына|Лисина|Сухарева|Вишневецкая|Заболоцкая|Гречко|Коваленко|Марчук|Хачатурян|Дробыш|Шульц|Бергман"
	ruGen  = "Иванова Ивана Петровича|Щегловой Марии Сергеевны|Сухарева Дмитрия|Петрова А.С.|Ольги Вишневецкой|Коваленко Анны Юрьевны|Тимура Лисина|Юлии Алексеевны Бубновой"
	ruAcc  = "Иванова Ивана Петровича|Щеглову Марию Сергеевну|Сухарева Дмитрия|Ольгу Вишневецкую|Коваленко Анну Юрьевну|Тимура Лисина|Марчук Ирину"
	ruIns  = "Ивановым Иваном Петровичем|Щегловой Марией Сергеевной|Сухаревым Дмитрием|Ольгой Вишневецкой|Коваленко Анной Юрьевной|Лисиным Т.Р."
	ruDat  = "Иванову Ивану Петровичу|Щегловой Марии Сергеевне|Сухареву Дмитрию|Ольге Вишневецкой|Коваленко Анне Юрьевне|Бубнову С.А."
)

func (w writer) russianName(form string) string {
	man := w.IntN(2) == 0
	io, full, family := w.pick(ruWomen), "", w.pick(ruFamW)
	patronymic := w.pick(ruPatrW)
	if man || strings.HasPrefix(form, "men") {
		io, family, patronymic = w.pick(ruMen), w.pick(ruFam), w.pick(ruPatrM)
	}
	if form == "women_io" {
		io, patronymic = w.pick(ruWomen), w.pick(ruPatrW)
	}
	full = io + " " + family
	initials := string([]rune(io)[:1]) + "." + w.pick("| ") + string([]rune(patronymic)[:1]) + "."
	switch form {
	case "first", "men":
		return io
	case "women":
		return w.pick(ruWomen)
	case "dim":
		return w.pick(ruDims)
	case "rare":
		return w.pick(ruRare)
	case "io", "men_io", "women_io":
		return io + " " + patronymic
	case "family":
		return w.pick(ruFam)
	case "small":
		return w.pick("анна|ольга|сергей|дмитрий|катя|алексей|наталья|игорь")
	case "smallfull":
		return w.pick("анна петрова|сергей иванов|дмитрий смирнов|наталья|игорь кузнецов")
	case "fio":
		return w.pick(family + " " + io + " " + patronymic + "|" + full + "|" + io + " " + patronymic + " " + family)
	case "fio_gen":
		return w.pick(ruGen)
	case "fio_acc":
		return w.pick(ruAcc)
	case "fio_ins":
		return w.pick(ruIns)
	case "fio_dat":
		return w.pick(ruDat)
	case "short":
		return w.pick(family + " " + initials + "|" + initials + " " + family)
	case "short_gen":
		return w.pick("Иванова И.И.|Щегловой М. С.|И.П. Сухарева|Вишневецкой О.Ю.|Марчук А.А.")
	}
	return full
}

const (
	enMen   = "John|Michael|David|James|Robert|William|Oliver|Harry|Mohammed|Carlos|Wei|Ravi|Sergei|Mark|Will|Jack|Frank|Ahmed|Lars|Pavel"
	enWomen = "Kate|Mary|Jennifer|Emily|Sarah|Olivia|Priya|Fatima|Maria|Grace|Hope|Joy|Charlotte|Victoria|Svetlana|Chloe|Megan|Yuki|Rose|Zoe"
	enRare  = "Oluwaseun|Bartholomew|Thandiwe|Xiomara|Siobhan|Niamh|Bjarne|Ludovica|Tuan|Kwame|Saoirse|Ottoline"
	// Surnames: half are in no list of the package.
	enFam = "Smith|Johnson|Brown|Wilson|O'Brien|McAllister|Patel|Nguyen|Garcia|Featherstone|Okonkwo|Szymanski|Larkspur|Quigley|Thistlewood|Van Dyke|de la Cruz|Lindgren|Abernathy|Zhou"
)

func (w writer) englishName(form string) string {
	name := w.pick(enMen + "|" + enWomen)
	full := name + " " + w.pick(enFam)
	switch form {
	case "first":
		return name
	case "men":
		return w.pick(enMen)
	case "women":
		return w.pick(enWomen)
	case "rare":
		return w.pick(enRare)
	case "family":
		return w.pick(enFam)
	case "small":
		return w.pick("john|kate|emily smith|david|sarah brown|michael")
	case "short":
		return w.pick("J. |K.L. |R. J. |M. ") + " " + w.pick("Smith|Brown|Patel|Thompson|Lindgren")
	case "latin":
		return w.pick("IVAN PETROV|Anna Smirnova|OLGA KUZNETSOVA|Sergey Ivanov|DMITRII SOKOLOV")
	}
	if w.IntN(5) == 0 {
		return name + " " + w.pick("A.|J.|Lee|Marie") + " " + w.pick("Smith|Brown|Quigley|Okonkwo|Patel")
	}
	return full
}

func (w writer) email(form string) string {
	local := w.pick("ivan.petrov|kate|john_doe77|a.smirnova|m-brown|info.ivanov|j.r.smith+shop|olga1985|d|x_men_2000|anna-maria.k")
	if form == "said" {
		return w.pick(local + " (at) mail.ru|ivan (собака) yandex.ru|kate [at] gmail.com|" + local + " at gmail dot com|anna собака mail точка ru|john[at]outlook[dot]com|petrov @ mail.ru")
	}
	return local + "@" + w.pick("mail.ru|yandex.ru|gmail.com|example.co.uk|my-company.org|почта.рф|sub.domain.example.com|bk.ru|icloud.com")
}

func (w writer) phone(form string) string {
	ru := "+7 (999) 000-00-00|+7 999 000 00 00|+79990000000|89990000000|8 (999) 000-00-00|8 999 000-00-00|8-999-000-00-00|8(999)0000000|+7-999-000-00-00|79990000000|8 999 0000000|+7(999)000-0000|8 999 00 00 000|+7.999.000.00.00|8999 000 00 00"
	us := "(2CC) 555-0000|2CC-555-0000|2CC.555.0000|+1 2CC 555 0000|1-2CC-555-0000|+1 (2CC) 555-0000|2CC 555 0000|+12CC5550000|(2CC)555-0000"
	uk := "077CC 000000|+44 77CC 000000|077 CC00 0000|077CC000000|020 7C00 0000|+44 (0)20 7C00 0000|0161 496 0000|+44 20 7C00 0000"
	other := "+49 171 C000000|+33 6 CC 00 00 00|+380 67 C00 00 00|+375 29 C00-00-00|+998 90 C00 00 00|+972 54-C00-0000|+91 98C00 00000|+34 612 C00 000"
	// C is any digit but 0; the zeros of a number's last seven places are any.
	fill := func(s string) string {
		head := max(strings.LastIndex(s, "C"), strings.LastIndex(s, "555")+2, strings.LastIndex(s, "496")+2) + 1
		s = s[:head] + w.digits(s[head:])
		for strings.Contains(s, "C") {
			s = strings.Replace(s, "C", w.digits("9"), 1)
		}
		return s
	}
	switch form {
	case "city":
		return w.pick(w.digits("900-00-00") + "|(495) " + w.digits("900-00-00") + "|" + w.digits("90-00-00") + "|8 (812) " + w.digits("900-00-00") + "|495 " + w.digits("900-00-00"))
	case "ext":
		if w.russian {
			return "+7 (495) " + w.digits("900-00-00") + w.pick(" доб. 123|, доб. 45| (доб. 101)| доб 7|, внутр. 321")
		}
		return w.pick("(212) 555-"+w.digits("0000")+"|020 7946 "+w.digits("0000")) + w.pick(" ext. 123| ext 45| x101|, extension 7")
	}
	if w.russian {
		if w.IntN(6) == 0 {
			return fill(w.pick(other))
		}
		s := w.pick(ru)
		head := strings.Index(s, "999")
		return s[:head] + "9" + w.digits("00") + w.digits(strings.ReplaceAll(s[head+3:], "9", "0"))
	}
	return fill(w.pick(us + "|" + uk + "|" + us + "|" + uk + "|" + other))
}

func (w writer) card(form string) string {
	n := w.pick("4|5|2|4") + w.digits("00000000000000")
	for d := range 10 {
		if s := fmt.Sprint(n, d); luhn(s) {
			n = s
			break
		}
	}
	if form == "masked" {
		return w.pick(n[:4] + " **** **** " + n[12:] + "|" + n[:4] + "********" + n[12:] + "|" + n[:6] + "******" + n[12:] + "|**** **** **** " + n[12:] + "|" +
			n[:4] + " XXXX XXXX " + n[12:] + "|" + n[:4] + "-****-****-" + n[12:] + "|****" + n[12:] + "|" + n[:4] + " " + n[4:6] + "** **** " + n[12:])
	}
	groups := n[:4] + " " + n[4:8] + " " + n[8:12] + " " + n[12:]
	return w.pick(n + "|" + groups + "|" + groups + "|" + strings.ReplaceAll(groups, " ", "-") + "|" + w.digits("4276 0000 0000 0000") + "|3782 822463 10005")
}

func (w writer) passport(form string) string {
	s, n := w.digits("9000"), w.digits("000000")
	switch form {
	case "series":
		return w.pick(s + " номер " + n + "|" + s[:2] + " " + s[2:] + " номер " + n + "|" + s + " № " + n + "|" + s + ", номер " + n)
	case "foreign":
		if w.russian {
			return w.pick(w.digits("90 0000000") + "|" + w.digits("900000000") + "|" + w.digits("90 № 0000000"))
		}
		return w.pick(w.digits("900000000") + "|AB" + w.digits("0000000") + "|C" + w.digits("00X00T00") + "|" + w.digits("X00000000") + "|GB" + w.digits("0000000"))
	}
	return w.pick(s[:2] + " " + s[2:] + " " + n + "|" + s + " " + n + "|" + s + n + "|" + s + " № " + n + "|" + s[:2] + " " + s[2:] + " №" + n + "|" + s + "-" + n)
}

func (w writer) order(form string) string {
	switch form {
	case "num":
		return w.digits(w.pick("9000|90000|900000|9000000|900000000"))
	case "track":
		return w.pick("RA" + w.digits("000000000") + "RU|1Z999AA1" + w.digits("0000000000") + "|8" + w.digits("0000000000000") + "|" + w.digits("9000000000") + "|JD" + w.digits("0000000000000000"))
	case "alnum":
		return w.pick(w.digits("A00000") + "|" + w.digits("BK-00000") + "|" + w.digits("X9Y00Z") + "|" + w.digits("9000-00"))
	}
	return w.digits(w.pick("9000|900000|A-90000|900-000|WB-9000000|9000/2|ORD-2024-9000|9000-00|AB900000|IM90000000"))
}
