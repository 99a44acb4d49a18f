package retrieval

import "strings"

// A family is a kind of measure. Measures of one family compare.
type family uint8

const (
	noUnit   family = iota
	clocked         // seconds to weeks, in minutes
	calendar        // months and years, in months
	money           // name is the currency
	percents
	measured // name is the measure
)

// A unit is what a number counts.
type unit struct {
	family family
	name   string  // day, rub, kg
	factor float64 // to the family's base
	work   bool    // working days, which are not calendar days
}

// unitForms lists how the units are written. A form that ends in * stands for
// every word that begins with it.
var unitForms = [...]struct {
	unit  unit
	forms string
}{
	{unit{family: clocked, name: "second", factor: 1. / 60}, "sec secs second seconds сек секунд*"},
	{unit{family: clocked, name: "minute", factor: 1}, "min mins minute minutes мин минут*"},
	{unit{family: clocked, name: "hour", factor: 60}, "h hr hrs hour hours hourly ч час часа часов часу часам часами часах часом часовой часового часовая"},
	{unit{family: clocked, name: "day", factor: 24 * 60}, "day days дн день дня дней дню дням днем днями днях дневный дневного дневная дневное сутки суток суткам сутками сутках суточный суточного"},
	{unit{family: clocked, name: "week", factor: 7 * 24 * 60}, "week weeks нед недел*"},
	{unit{family: calendar, name: "month", factor: 1}, "month months мес месяц* месячн*"},
	{unit{family: calendar, name: "year", factor: 12}, "year years yr yrs год года году годом годы годов годах лет летний летнего летняя годичн*"},
	{unit{family: percents, name: "percent", factor: 1}, "% percent процент*"},
	{unit{family: money, name: "rub", factor: 1}, "₽ руб рублей рубля рубль рублю рублям рублями рублях рублем рубли р rub rur ruble rubles rouble roubles"},
	{unit{family: money, name: "kop", factor: 1}, "коп копе*"},
	{unit{family: money, name: "usd", factor: 1}, "$ usd dollar dollars buck bucks доллар*"},
	{unit{family: money, name: "cent", factor: 1}, "cent cents цент цента центов"},
	{unit{family: money, name: "eur", factor: 1}, "€ eur euro euros евро"},
	{unit{family: money, name: "gbp", factor: 1}, "£ gbp pound pounds фунт*"},
	{unit{family: money, name: "cny", factor: 1}, "¥ cny yuan юан*"},
	{unit{family: money, name: "kzt", factor: 1}, "₸ kzt tenge тенге"},
	{unit{family: money, name: "uah", factor: 1}, "₴ uah гривен гривна гривны гривне гривень"},
	{unit{family: money, name: "byn", factor: 1}, "byn"},
	{unit{family: money, name: "try", factor: 1}, "₺ лир лиры лира"},
	{unit{family: measured, name: "kg", factor: 1}, "kg kgs kilogram kilograms kilo kilos кг килограмм*"},
	{unit{family: measured, name: "g", factor: 1}, "g gram grams г гр грамм грамма граммов"},
	{unit{family: measured, name: "km", factor: 1}, "km kilometer kilometers kilometre kilometres км километр*"},
	{unit{family: measured, name: "m", factor: 1}, "m meter meters metre metres м метр*"},
	{unit{family: measured, name: "cm", factor: 1}, "cm centimeter centimeters centimetre centimetres см сантиметр*"},
	{unit{family: measured, name: "mm", factor: 1}, "mm millimeter millimeters мм миллиметр*"},
	{unit{family: measured, name: "mile", factor: 1}, "mile miles миля мили миль"},
	{unit{family: measured, name: "l", factor: 1}, "l liter liters litre litres л литр*"},
	{unit{family: measured, name: "ml", factor: 1}, "ml мл миллилитр*"},
	{unit{family: measured, name: "kb", factor: 1}, "kb кб килобайт*"},
	{unit{family: measured, name: "mb", factor: 1}, "mb megabyte megabytes мб мегабайт*"},
	{unit{family: measured, name: "gb", factor: 1}, "gb gigabyte gigabytes гб гигабайт*"},
	{unit{family: measured, name: "tb", factor: 1}, "tb terabyte terabytes тб терабайт*"},
	{unit{family: measured, name: "px", factor: 1}, "px pixel pixels пикс пиксел*"},
	{unit{family: measured, name: "degree", factor: 1}, "° degree degrees градус*"},
	{unit{family: measured, name: "watt", factor: 1}, "w watt watts вт ватт"},
	{unit{family: measured, name: "mah", factor: 1}, "mah мач"},
	{unit{family: measured, name: "inch", factor: 1}, "inch inches дюйм*"},
	{unit{family: measured, name: "point", factor: 1}, "point points балл балла баллов баллам баллами бонус бонуса бонусов"},
}

// A unitTable finds units by form.
type unitTable struct {
	exact  map[string]unit
	prefix []struct {
		form string
		unit unit
	}
}

var units = newUnitTable()

func newUnitTable() unitTable {
	t := unitTable{exact: make(map[string]unit)}
	for _, u := range unitForms {
		for form := range strings.FieldsSeq(u.forms) {
			if stem, ok := strings.CutSuffix(form, "*"); ok {
				t.prefix = append(t.prefix, struct {
					form string
					unit unit
				}{stem, u.unit})
				continue
			}
			t.exact[form] = u.unit
		}
	}
	return t
}

// unitOf returns the unit that a word names, or the zero unit.
func unitOf(word string) unit {
	word = strings.TrimSuffix(strings.TrimSuffix(word, "'s"), "'")
	if u, ok := units.exact[word]; ok {
		return u
	}
	for _, p := range units.prefix {
		if strings.HasPrefix(word, p.form) {
			return p.unit
		}
	}
	return unit{}
}

// short reports whether a form is so short that it is a unit only right behind
// a number.
func short(form string) bool { return len([]rune(form)) <= 2 || form == "second" || form == "min" }

// qualifies reports whether a word may stand between a number and its unit,
// and whether it makes days working days.
func qualifies(word string) (ok, work bool) {
	for _, p := range [...]string{"рабоч", "банковск", "business", "working"} {
		if strings.HasPrefix(word, p) {
			return true, true
		}
	}
	for _, p := range [...]string{"календарн", "полн", "calendar", "full", "consecutive", "астрономич"} {
		if strings.HasPrefix(word, p) {
			return true, false
		}
	}
	return false, false
}

// months and weekdays find the numbers of months and of days of the week, from
// 1, by form.
var (
	months   = numberedForms(monthForms[:])
	weekdays = numberedForms(weekdayForms[:])
)

var monthForms = [...]string{
	"january jan январь января январе январю январем", "february feb февраль февраля феврале февралю февралем",
	"march mar март марта марте марту мартом", "april apr апрель апреля апреле апрелю апрелем",
	"may май мая мае маю маем", "june jun июнь июня июне июню июнем", "july jul июль июля июле июлю июлем",
	"august aug август августа августе августу августом", "september sep sept сентябрь сентября сентябре сентябрю сентябрем",
	"october oct октябрь октября октябре октябрю октябрем", "november nov ноябрь ноября ноябре ноябрю ноябрем",
	"december dec декабрь декабря декабре декабрю декабрем",
}

var weekdayForms = [...]string{
	"monday mondays mon понедельник понедельника понедельнику понедельники понедельникам пн",
	"tuesday tuesdays tue вторник вторника вторнику вторники вторникам вт",
	"wednesday wednesdays wed среду среды средам ср",
	"thursday thursdays thu четверг четверга четвергу четверги четвергам чт",
	"friday fridays fri пятница пятницу пятницы пятнице пятницам пт",
	"saturday saturdays суббота субботу субботы субботе субботам сб",
	"sunday sundays воскресенье воскресенья воскресеньям вс",
}

func numberedForms(forms []string) map[string]int {
	m := make(map[string]int)
	for i, list := range forms {
		for f := range strings.FieldsSeq(list) {
			m[f] = i + 1
		}
	}
	return m
}
