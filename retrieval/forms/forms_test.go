package forms

import (
	"slices"
	"testing"
)

func TestAWordHasTheValuesOfItsBeginnings(t *testing.T) {
	var table Table[int]
	if _, ok := table.One("day"); ok {
		t.Error("an empty table knows a word")
	}
	table.Put("day days", 1)
	table.Put("day* do*", 2)
	table.Put("daylight", 3)
	for word, want := range map[string][]int{
		"day": {1, 2}, "days": {1, 2}, "daily": nil, "daybreak": {2}, "daylight": {3, 2}, "do": {2}, "d": nil, "": nil,
	} {
		if got := slices.Collect(table.All(word)); !slices.Equal(got, want) {
			t.Errorf("All(%q) = %v, not %v", word, got, want)
		}
	}
	table.Put("dayl*", 4)
	for word, want := range map[string]int{"day": 1, "daylong": 4, "daylight": 3, "dots": 2, "x": 0} {
		if got, ok := table.One(word); got != want || ok != (want > 0) {
			t.Errorf("One(%q) = %d, %t, not %d", word, got, ok, want)
		}
	}
}

func TestWhatIsWrittenInTwoWaysIsOneAmount(t *testing.T) {
	for _, pair := range [][2]string{
		{"дней", "days"}, {"недели", "weeks"}, {"месяцев", "month"}, {"лет", "years"}, {"₽", "рублями"}, {"$", "dollars"}, {"%", "процентов"},
		{"кг", "kilograms"}, {"гб", "gigabytes"}, {"мбит", "mbps"}, {"балла", "points"},
	} {
		if a, b := UnitOf(pair[0]), UnitOf(pair[1]); a != b || a.Family == NoUnit {
			t.Errorf("%q is %+v and %q is %+v", pair[0], a, pair[1], b)
		}
	}
	for word, want := range map[string]string{"копеек": "rub", "cents": "usd", "евро": "eur"} {
		if got := UnitOf(word).Currency(); got != want {
			t.Errorf("%q is money of %q, not %q", word, got, want)
		}
	}
	for _, word := range []string{"", "dayton", "метро", "parcel", "среда"} {
		if u := UnitOf(word); u != (Unit{}) {
			t.Errorf("%q is a unit: %+v", word, u)
		}
	}
}

func TestMonthsDaysAndNumbersAreFoundInEveryCase(t *testing.T) {
	for word, want := range map[string]int{"января": 1, "may": 5, "sept": 9, "декабрем": 12, "weekday": 0} {
		if got := Month(word); got != want {
			t.Errorf("Month(%q) = %d, not %d", word, got, want)
		}
	}
	for word, want := range map[string]int{"monday": 1, "среду": 3, "воскресенье": 7, "weekend": 0} {
		if got := Weekday(word); got != want {
			t.Errorf("Weekday(%q) = %d, not %d", word, got, want)
		}
	}
	for word, want := range map[string]float64{"zero": 0, "полтора": 1.5, "четырнадцати": 14, "dozen": 12, "девятьсот": 900} {
		if got, ok := Number(word); got != want || !ok {
			t.Errorf("Number(%q) = %g, %t, not %g", word, got, ok, want)
		}
	}
	if _, ok := Number("many"); ok {
		t.Error("many is a number")
	}
	if Scale("тысяч") != 1000 || Scale("k") != 1000 || Scale("кг") != 0 {
		t.Error("scales are not what they are")
	}
	for word, want := range map[string][2]bool{"рабочих": {true, true}, "calendar": {true, false}, "бонусных": {true, false}, "много": {}} {
		if ok, work := Qualifies(word); ok != want[0] || work != want[1] {
			t.Errorf("Qualifies(%q) = %t, %t", word, ok, work)
		}
	}
}
