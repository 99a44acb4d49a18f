package retrieval

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// describe writes a fact for comparison.
func describe(f *fact) string {
	if f.code != "" {
		return f.code
	}
	s := fmt.Sprint(f.value)
	if f.ordinal {
		s += "th"
	}
	if f.unit.Name != "" {
		s += " " + f.unit.Name
	}
	if f.unit.work {
		s += " (work)"
	}
	switch f.bound {
	case atMost:
		s = "≤" + s
	case atLeast:
		s = "≥" + s
	case exactly:
	}
	return s
}

func TestFacts(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"14 дней", "14 day"},
		{"две недели", "2 week"},
		{"в течение 14-ти", "≤14"},
		{"14-дневный срок", "14 day"},
		{"двухнедельный срок", "2 week"},
		{"от 3 до 5 рабочих дней", "≥3 day (work); ≤5 day (work)"},
		{"3–5 days", "3 day; 5 day"},
		{"3-5 business days", "3 day (work); 5 day (work)"},
		{"не более двадцати пяти часов", "≤25 hour"},
		{"not less than three hundred hours", "≥300 hour"},
		{"24 months", "24 month"},
		{"полгода", "6 month"},
		{"1 500 ₽", "1500 rub"},
		{"10 000 рублей", "10000 rub"},
		{"1,5 тыс. руб.", "1500 rub"},
		{"$1,500.50", "1500.5 usd"},
		{"15 евро", "15 eur"},
		{"20 %", "20 percent"},
		{"20 процентов", "20 percent"},
		{"половина суммы", "50 percent"},
		{"5 марта 2026 года", "2026-03-05"},
		{"05.03.2026", "2026-03-05"},
		{"March 5, 2026", "2026-03-05"},
		{"the 5th of March", "0000-03-05"},
		{"пятого марта", "0000-03-05"},
		{"2026-03-05", "2026-03-05"},
		{"в марте 2026", "2026-03-00"},
		{"You may return it", ""},
		{"since May 2025", "2025-05-00"},
		{"по понедельникам", "weekday 1"},
		{"с 9:30 до 18:00", "09:30; 18:00"},
		{"at 5 p.m.", "17:00"},
		{"10am", "10:00"},
		{"8 800 555-35-35", "tel:78005553535"},
		{"+7 (495) 123-45-67", "tel:74951234567"},
		{"заказ №4411-A", "4411a"},
		{"error E-1402", "e1402"},
		{"версия 2.3.17", "2.3.17"},
		{"https://Example.org/a/", "example.org/a"},
		{"help@shop.example", "help@shop.example"},
		{"2,4 кг", "2.4 kg"},
		{"5 км", "5 km"},
		{"пакет 5GB", "5 gb"},
		{"второй заказ", "2th"},
		{"twice a year", "2; 1 year"},
		{"one of them", ""},
		{"Добрый день", ""},
		{"1. Откройте меню", ""},
		{"18 лет и старше", "≥18 year"},
		{"at least 3 items", "≥3"},
		{"up to 30 kg", "≤30 kg"},
		{"3 или более заказа", "≥3"},
		{"не позднее 10 дней", "≤10 day"},
	} {
		t.Run(tt.text, func(t *testing.T) {
			x := lex(tt.text)
			var got []string
			for _, f := range factsOf(x) {
				got = append(got, describe(&f))
			}
			if s := strings.Join(got, "; "); s != tt.want {
				t.Errorf("got %q, want %q", s, tt.want)
			}
		})
	}
}

func TestSameFacts(t *testing.T) {
	fact := func(text string) *fact {
		facts := factsOf(lex(text))
		if len(facts) != 1 {
			t.Fatalf("%q has %d facts", text, len(facts))
		}
		return &facts[0]
	}
	for _, tt := range []struct {
		answer, source string
		want           bool
	}{
		{"14 дней", "две недели", true},
		{"24 часа", "сутки", true},
		{"12 months", "one year", true},
		{"14 days", "14 hours", false},
		{"30 days", "1 month", false},
		{"3 дня", "3 рабочих дня", true},
		{"3 рабочих дня", "3 дня", false},
		{"300 ₽", "300 рублей", true},
		{"300 ₽", "300 $", false},
		{"1 500 ₽", "1500 ₽", true},
		{"20%", "20 процентов", true},
		{"5 марта", "05.03.2026", true},
		{"5 марта 2026", "5 марта", false},
		{"5 марта", "6 марта", false},
		{"18:00", "18 часов", true},
		{"+7 495 123-45-67", "8 (495) 123-45-67", true},
		{"www.shop.example/a", "https://shop.example/a/", true},
		{"2 кг", "2 г", false},
		{"второй день", "2 день", true},
	} {
		t.Run(tt.answer+" and "+tt.source, func(t *testing.T) {
			if got := same(fact(tt.answer), fact(tt.source)); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestNegations(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []string // the first word each bears on, as far as it is compared
	}{
		{"Товар нельзя вернуть", []string{"вернут"}},
		{"Вернуть товар нельзя", []string{"товар"}},
		{"не только вернуть, но и обменять", nil},
		{"не более 5 дней", nil},
		{"Не забудьте чек", nil},
		{"You cannot refund gift cards", []string{"refund"}},
		{"We don't ship knives without a licence", []string{"ship", "licenc"}},
		{"No more than 5 items", nil},
		{"Запрещено курить", []string{"кур"}},
	} {
		t.Run(tt.text, func(t *testing.T) {
			x := lex(tt.text)
			var got []string
			for _, n := range negationsOf(x, 0, len(x), factsOf(x)) {
				got = append(got, n.scope[0].key)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
