package forms

import "strings"

// A Family is a kind of measure. Measures of one family compare by their
// factors, but for money of different currencies.
type Family uint8

// The families, each with what its factors are counted in.
const (
	NoUnit   Family = iota
	Clock           // seconds to weeks, in minutes
	Calendar        // months and years, in months
	Money           // of the currency
	Percent
	Weight // kilograms
	Length // metres
	Volume // litres
	Size   // megabytes
	Speed  // megabits a second
	Pixel
	Degree
	Power  // watts
	Charge // mAh
	Point  // of a loyalty programme, or of a score
)

// A Unit is what a number counts.
type Unit struct {
	Family Family
	Name   string  // day, rub, kg
	Factor float64 // to the family's base
}

// Currency returns the currency of a unit of money: that of kopecks is rub.
func (u Unit) Currency() string {
	switch u.Name {
	case "kop":
		return "rub"
	case "cent":
		return "usd"
	}
	return u.Name
}

// unitForms lists how the units are written. A form that ends in * stands for
// every word that begins with it.
var unitForms = [...]struct {
	unit  Unit
	forms string
}{
	{Unit{Family: Clock, Name: "second", Factor: 1. / 60}, "sec secs second seconds сек секунд*"},
	{Unit{Family: Clock, Name: "minute", Factor: 1}, "min mins minute minutes мин минут*"},
	{Unit{Family: Clock, Name: "hour", Factor: 60}, "h hr hrs hour hours hourly ч час часа часов часу часам часами часах часом часовой часового часовая"},
	{Unit{Family: Clock, Name: "day", Factor: 24 * 60}, "day days дн день дня дней дню дням днем днями днях дневный дневного дневная дневное сутки суток суткам сутками сутках суточный суточного"},
	{Unit{Family: Clock, Name: "week", Factor: 7 * 24 * 60}, "week weeks нед недел*"},
	{Unit{Family: Calendar, Name: "month", Factor: 1}, "month months мес месяц* месячн*"},
	{Unit{Family: Calendar, Name: "year", Factor: 12}, "year years yr yrs год года году годом годы годов годах лет летний летнего летняя годичн*"},
	{Unit{Family: Percent, Name: "percent", Factor: 1}, "% percent процент*"},
	{Unit{Family: Money, Name: "rub", Factor: 1}, "₽ руб рублей рубля рубль рублю рублям рублями рублях рублем рубли р rub rur ruble rubles rouble roubles"},
	{Unit{Family: Money, Name: "kop", Factor: .01}, "коп копе*"},
	{Unit{Family: Money, Name: "usd", Factor: 1}, "$ usd dollar dollars buck bucks доллар*"},
	{Unit{Family: Money, Name: "cent", Factor: .01}, "cent cents цент цента центов"},
	{Unit{Family: Money, Name: "eur", Factor: 1}, "€ eur euro euros евро"},
	{Unit{Family: Money, Name: "gbp", Factor: 1}, "£ gbp pound pounds фунт*"},
	{Unit{Family: Money, Name: "cny", Factor: 1}, "¥ cny yuan юан*"},
	{Unit{Family: Money, Name: "kzt", Factor: 1}, "₸ kzt tenge тенге"},
	{Unit{Family: Money, Name: "uah", Factor: 1}, "₴ uah гривен гривна гривны гривне гривень"},
	{Unit{Family: Money, Name: "byn", Factor: 1}, "byn"},
	{Unit{Family: Money, Name: "try", Factor: 1}, "₺ лир лиры лира"},
	{Unit{Family: Weight, Name: "kg", Factor: 1}, "kg kgs kilogram kilograms kilo kilos кг килограмм*"},
	{Unit{Family: Weight, Name: "g", Factor: .001}, "g gram grams г гр грамм грамма граммов"},
	{Unit{Family: Length, Name: "km", Factor: 1000}, "km kilometer kilometers kilometre kilometres км километр*"},
	{Unit{Family: Length, Name: "m", Factor: 1}, "m meter meters metre metres м метр метра метров метрах метру метром метры"},
	{Unit{Family: Length, Name: "cm", Factor: .01}, "cm centimeter centimeters centimetre centimetres см сантиметр*"},
	{Unit{Family: Length, Name: "mm", Factor: .001}, "mm millimeter millimeters мм миллиметр*"},
	{Unit{Family: Length, Name: "mile", Factor: 1609}, "mile miles миля мили миль"},
	{Unit{Family: Volume, Name: "l", Factor: 1}, "l liter liters litre litres л литр*"},
	{Unit{Family: Volume, Name: "ml", Factor: .001}, "ml мл миллилитр*"},
	{Unit{Family: Size, Name: "kb", Factor: 1. / 1024}, "kb кб килобайт*"},
	{Unit{Family: Size, Name: "mb", Factor: 1}, "mb megabyte megabytes мб мегабайт*"},
	{Unit{Family: Size, Name: "gb", Factor: 1024}, "gb gigabyte gigabytes гб гигабайт*"},
	{Unit{Family: Size, Name: "tb", Factor: 1024 * 1024}, "tb terabyte terabytes тб терабайт*"},
	{Unit{Family: Pixel, Name: "px", Factor: 1}, "px pixel pixels пикс пиксел*"},
	{Unit{Family: Degree, Name: "degree", Factor: 1}, "° degree degrees градус*"},
	{Unit{Family: Power, Name: "watt", Factor: 1}, "w watt watts вт ватт"},
	{Unit{Family: Charge, Name: "mah", Factor: 1}, "mah мач"},
	{Unit{Family: Length, Name: "inch", Factor: .0254}, "inch inches дюйм*"},
	{Unit{Family: Point, Name: "point", Factor: 1}, "point points балл балла баллов баллам баллами бонус бонуса бонусов бонусы бонусам бонусами"},
	{Unit{Family: Speed, Name: "mbps", Factor: 1}, "mbps мбит"},
}

var units = newUnits()

func newUnits() *Table[Unit] {
	t := new(Table[Unit])
	for _, u := range unitForms {
		t.Put(u.forms, u.unit)
	}
	return t
}

// UnitOf returns the unit that a word names, or the zero unit.
func UnitOf(word string) Unit {
	u, _ := units.One(strings.TrimSuffix(strings.TrimSuffix(word, "'s"), "'"))
	return u
}

// Qualifies reports whether a word may stand between a number and its unit,
// and whether it makes days working days.
func Qualifies(word string) (ok, work bool) {
	for _, p := range [...]string{"рабоч", "банковск", "business", "working"} {
		if strings.HasPrefix(word, p) {
			return true, true
		}
	}
	for _, p := range [...]string{"календарн", "полн", "calendar", "full", "consecutive", "астрономич", "bonus", "loyalty", "бонусн"} {
		if strings.HasPrefix(word, p) {
			return true, false
		}
	}
	return false, false
}

var months, weekdays = numbered(monthForms[:]), numbered(weekdayForms[:])

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
	"wednesday wednesdays wed среда среду среды средам ср",
	"thursday thursdays thu четверг четверга четвергу четверги четвергам чт",
	"friday fridays fri пятница пятницу пятницы пятнице пятницам пт",
	"saturday saturdays суббота субботу субботы субботе субботам сб",
	"sunday sundays воскресенье воскресенья воскресеньям вс",
}

// Month returns the number of the month that a word names, 1 to 12, or 0.
func Month(word string) int {
	n, _ := months.One(word)
	return n
}

// Weekday returns the number of the day of the week that a word names, 1 for
// Monday to 7, or 0.
func Weekday(word string) int {
	n, _ := weekdays.One(word)
	return n
}
