package embeddings

import (
	"slices"
	"testing"
)

// score is the lexical score without inverse document frequencies.
func score(query string, passage Sparse) float32 {
	var sum float32
	for _, q := range QueryTerms(query) {
		sum += q.Dot(passage)
	}
	return sum
}

func TestQueryFindsPassage(t *testing.T) {
	right := PassageTerms("Как вернуть деньги за заказ", "Возврат", "Оформите возврат в приложении, код ошибки E-1402. Iphone15.")
	wrong := PassageTerms("Способы оплаты", "", "Картой или наличными при получении.")
	for _, tt := range []struct{ name, query string }{
		{"the same words", "вернуть деньги"},
		{"another inflection", "возвратами"},
		{"a typo", "прилоение"},
		{"the wrong layout", "dthyenm ltymub"},
		{"a code written otherwise", "e1402"},
		{"a model in two words", "iPhone 15"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if r, w := score(tt.query, right), score(tt.query, wrong); r <= w {
				t.Errorf("%q scores %v in the right passage, %v in the wrong one", tt.query, r, w)
			}
		})
	}
}

func TestQueryWithNothingToSay(t *testing.T) {
	for _, tt := range []struct{ name, query string }{
		{"empty", ""}, {"emoji", "😀🎉"}, {"punctuation", "?!..."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := QueryTerms(tt.query)
			if len(got) != Channels {
				t.Fatalf("%d channels, want %d", len(got), Channels)
			}
			for c, q := range got {
				if q.Len() != 0 {
					t.Errorf("%v has %d terms, want none", Channel(c), q.Len())
				}
			}
		})
	}
}

func TestPassageTermsAreSortedAndPositive(t *testing.T) {
	s := PassageTerms("Return policy", "Refunds", "Refunds take 5 days. Refunds go to the card.")
	if !slices.IsSorted(s.Terms) || len(slices.Compact(slices.Clone(s.Terms))) != s.Len() {
		t.Error("terms are not ascending and unique")
	}
	if slices.Min(s.Weights) <= 0 {
		t.Error("a weight is not above 0")
	}
}

func BenchmarkPassageTerms(b *testing.B) {
	for _, p := range passages {
		b.Run(p.name, func(b *testing.B) {
			for b.Loop() {
				PassageTerms(p.title, "", p.body)
			}
		})
	}
}

func BenchmarkQueryTerms(b *testing.B) {
	for b.Loop() {
		QueryTerms("Здравствуйте, подскажите пожалуйста, как вернуть деньги за заказ 4411, если товар не подошёл?")
	}
}

// passages have about 60 words each.
var passages = []struct{ name, title, body string }{
	{"english", "How to return an order", `You can return most items within thirty days of delivery. Open your orders,
choose the item and press the return button. Print the label, put it on the parcel and bring it to a pick-up point.
We refund the card you paid with in five working days after the parcel reaches our warehouse. Items on sale, opened
software and gift cards cannot be returned unless they are broken.`},
	{"russian", "Как вернуть заказ", `Большинство товаров можно вернуть в течение тридцати дней после получения. Откройте
раздел с заказами, выберите товар и нажмите кнопку возврата. Распечатайте наклейку, приклейте её на посылку и отнесите
в пункт выдачи. Мы вернём деньги на карту, которой вы платили, за пять рабочих дней после того, как посылка придёт на
склад. Товары со скидкой, вскрытые программы и подарочные карты вернуть нельзя, если они не сломаны.`},
}
