package clash

import "strings"

// A unit is what a number is counted in. Units of one family compare by factor.
type unit struct {
	family string // "" none: the number counts the noun behind it
	factor float64
}

// Families that are read apart.
const (
	familyTime  = "time"  // in minutes
	familyMoney = "money" // of any currency; with its name behind: money:rub
)

// unitForms lists how units are written. A form that ends in * stands for every
// word that begins with it.
var unitForms = [...]struct {
	family string
	factor float64
	forms  string
}{
	{familyTime, 1. / 60, "sec secs second seconds сек секунд*"},
	{familyTime, 1, "min mins minute minutes мин минут*"},
	{familyTime, 60, "h hr hrs hour hours ч час часа часов часу часам часами часах часовой часового часовая"},
	{familyTime, 1440, "day days дн день дня дней дню дням днем днями днях дневн* сутк* суток суточн*"},
	{familyTime, 7 * 1440, "week weeks нед недел*"},
	{familyTime, 30 * 1440, "month months мес месяц* месячн*"},
	{familyTime, 365 * 1440, "year years yr yrs год года году годом годы годов годах лет летн* годичн*"},
	{"percent", 1, "% percent процент*"},
	{"money:rub", 1, "₽ р руб рубл* rub rur ruble rubles rouble roubles"},
	{"money:usd", 1, "$ usd dollar dollars buck bucks доллар*"},
	{"money:usd", .01, "cent cents цент цента центов"},
	{"money:eur", 1, "€ eur euro euros евро"},
	{"money:gbp", 1, "£ gbp pound pounds фунт*"},
	{"money:kzt", 1, "₸ kzt tenge тенге"},
	{"money:cny", 1, "¥ cny yuan юан*"},
	{"money:uah", 1, "₴ uah гривен гривна гривны"},
	{"weight", 1, "kg kgs kilogram kilograms kilo kilos кг килограмм*"},
	{"weight", .001, "g gram grams г гр грамм грамма граммов"},
	{"length", 1000, "km kilometer kilometers kilometre kilometres км километр*"},
	{"length", 1, "m meter meters metre metres м метр метра метров метрах"},
	{"length", .01, "cm centimeter centimeters centimetre centimetres см сантиметр*"},
	{"length", .001, "mm millimeter millimeters мм миллиметр*"},
	{"length", 1609, "mile miles миля мили миль"},
	{"volume", 1, "l liter liters litre litres л литр*"},
	{"volume", .001, "ml мл миллилитр*"},
	{"size", 1. / 1024, "kb кб килобайт*"},
	{"size", 1, "mb megabyte megabytes мб мегабайт*"},
	{"size", 1024, "gb gigabyte gigabytes гб гигабайт*"},
	{"size", 1024 * 1024, "tb terabyte terabytes тб терабайт*"},
	{"speed", 1, "mbps мбит"},
	{"pixel", 1, "px pixel pixels пикс пиксел*"},
	{"degree", 1, "° degree degrees градус*"},
	{"watt", 1, "w watt watts вт ватт"},
	{"point", 1, "points point балл балла баллов баллами бонус* "},
}

// units finds units by form.
var units = newUnits()

type unitTable struct{ exact, prefix map[string]unit }

func newUnits() unitTable {
	t := unitTable{exact: make(map[string]unit), prefix: make(map[string]unit)}
	for _, u := range unitForms {
		for form := range strings.FieldsSeq(u.forms) {
			if stem, open := strings.CutSuffix(form, "*"); open {
				t.prefix[stem] = unit{family: u.family, factor: u.factor}
			} else {
				t.exact[form] = unit{family: u.family, factor: u.factor}
			}
		}
	}
	return t
}

// unitOf returns the unit that a word names, or the zero unit.
func unitOf(norm string) unit {
	if u, ok := units.exact[norm]; ok {
		return u
	}
	for i := range norm {
		if u, ok := units.prefix[norm[:i]]; ok {
			return u
		}
	}
	return units.prefix[norm]
}

// qualifies reports whether a word may stand between a number and its unit,
// and whether it makes days working days.
func qualifies(norm string) (ok, work bool) {
	for _, p := range [...]string{"рабоч", "банковск", "business", "working"} {
		if strings.HasPrefix(norm, p) {
			return true, true
		}
	}
	for _, p := range [...]string{"календарн", "полн", "calendar", "full", "consecutive", "bonus", "loyalty", "бонусн"} {
		if strings.HasPrefix(norm, p) {
			return true, false
		}
	}
	return false, false
}

// scaleOf returns what a word multiplies a number by, or 0.
func scaleOf(norm string) float64 {
	switch norm {
	case "hundred":
		return 100
	case "thousand", "k", "тыс", "тысяча", "тысячи", "тысяч":
		return 1000
	case "million", "млн", "миллион", "миллиона", "миллионов":
		return 1e6
	}
	return 0
}

// numerals, months and weekdays find numbers by form.
var (
	numerals = newNumerals()
	months   = numbered(`january jan январь января январе январю|february feb февраль февраля феврале февралю|march март марта марте марту
|april apr апрель апреля апреле апрелю|may май мая мае маю|june jun июнь июня июне июню|july jul июль июля июле июлю
|august aug август августа августе августу|september sep sept сентябрь сентября сентябре сентябрю|october oct октябрь октября октябре октябрю
|november nov ноябрь ноября ноябре ноябрю|december dec декабрь декабря декабре декабрю`)
	weekdays = numbered(`monday mondays понедельник понедельника понедельнику понедельникам пн|tuesday tuesdays вторник вторника вторнику вторникам вт
|wednesday wednesdays среда среду среды средам ср|thursday thursdays четверг четверга четвергу четвергам чт|friday fridays пятница пятницу пятницы пятнице пятницам пт
|saturday saturdays суббота субботу субботы субботе субботам сб|sunday sundays воскресенье воскресенья воскресенью воскресеньям вс`)
)

func numbered(forms string) map[string]int {
	m := make(map[string]int)
	for i, list := range strings.Split(forms, "|") {
		for f := range strings.FieldsSeq(list) {
			m[f] = i + 1
		}
	}
	return m
}

func newNumerals() map[string]float64 {
	m := make(map[string]float64)
	for i, forms := range [...]string{
		"two два две двух двум двумя", "three три трех трем тремя", "four четыре четырех четырем", "five пять пяти пятью",
		"six шесть шести", "seven семь семи", "eight восемь восьми", "nine девять девяти", "ten десять десяти", "eleven одиннадцать одиннадцати",
		"twelve двенадцать двенадцати", "thirteen тринадцать тринадцати", "fourteen четырнадцать четырнадцати", "fifteen пятнадцать пятнадцати",
		"sixteen шестнадцать", "seventeen семнадцать", "eighteen восемнадцать", "nineteen девятнадцать", "twenty двадцать двадцати",
	} {
		for f := range strings.FieldsSeq(forms) {
			m[f] = float64(i + 2)
		}
	}
	for f := range strings.FieldsSeq("полтора полутора полторы") {
		m[f] = 1.5
	}
	for i, forms := range [...]string{
		"thirty тридцать тридцати", "forty сорок сорока", "fifty пятьдесят пятидесяти", "sixty шестьдесят шестидесяти",
		"seventy семьдесят семидесяти", "eighty восемьдесят восьмидесяти", "ninety девяносто девяноста", "сто ста",
	} {
		for f := range strings.FieldsSeq(forms) {
			m[f] = float64(10*i + 30)
		}
	}
	return m
}
