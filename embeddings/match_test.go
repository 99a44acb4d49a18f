package embeddings

import (
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestMatcherRanksTexts(t *testing.T) {
	for _, tt := range []struct{ name, query, better, worse string }{
		{"the words of the question", "вернуть деньги за заказ", "Как вернуть деньги за заказ", "Как оплатить заказ"},
		{"words in one place", "return a gift card", "You may return a gift card.",
			"Return the parcel to us. We check each of them by hand in one to three working days, then we write to you. A gift is packed. A card is printed."},
		{"another inflection", "возврата посылок", "Возвраты и посылка", "Оплата и доставка"},
		{"a misspelling", "прилжение", "Скачайте приложение", "Скачайте инструкцию"},
		{"a word of the same concept", "erase my profile", "How to delete an account", "How to pay for an order"},
		{"a concept in the other language", "удалить аккаунт", "Delete your account", "Pay for your order"},
		{"the wrong layout", "dthyenm ltymub", "Вернуть деньги", "Оплатить картой"},
		{"a code", "ошибка E-1402", "Ошибка E-1402: нет связи", "Ошибка E-1407: нет связи"},
		{"an order number", "где заказ #4411", "Заказ 4411 отправлен", "Заказ 4412 отправлен"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := NewMatcher(tt.query, nil)
			better, worse := m.Best(tt.better), m.Best(tt.worse)
			if better.Score <= worse.Score {
				t.Errorf("%q scores %v, %q scores %v", tt.better, better.Score, tt.worse, worse.Score)
			}
		})
	}
}

func TestMatcherSaysWhere(t *testing.T) {
	text := "Оплата картой. Чтобы вернуть деньги, напишите нам."
	got := NewMatcher("как вернуть деньги", nil).Best(text)
	if s := string([]rune(text)[got.Start:got.End]); s != "вернуть деньги" {
		t.Errorf("best place is %q, want %q", s, "вернуть деньги")
	}
}

func TestMatcherCountsRareWordsMore(t *testing.T) {
	rare := BodyWords.term(hashString(hashSeed, stem("en", "quokka")))
	weight := func(term uint32) float64 {
		if term == rare {
			return 9
		}
		return 1
	}
	// The title never says the word, so its term is as rare as can be there:
	// the smaller weight of the two must count.
	m := NewMatcher("quokka zebra", func(term uint32) float64 {
		if term == TitleWords.term(hashString(hashSeed, stem("en", "quokka"))) {
			return 10
		}
		return weight(term)
	})
	if got := m.Best("a quokka").Score; got != 9 {
		t.Errorf("the rare word scores %v, want 9", got)
	}
	if got := m.Best("a zebra").Score; got != 1 {
		t.Errorf("the usual word scores %v, want 1", got)
	}
	if got := m.Mass(); got != 10 {
		t.Errorf("mass is %v, want 10", got)
	}
}

func TestMatcherOfNothing(t *testing.T) {
	for _, tt := range []struct{ name, query string }{
		{"empty", ""}, {"emoji", "😀🎉"}, {"stop words", "а как же это, и что"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := NewMatcher(tt.query, nil)
			if got := m.Best("Как вернуть деньги"); got != (Match{}) || m.Mass() != 0 {
				t.Errorf("match %+v of mass %v, want none", got, m.Mass())
			}
		})
	}
}

func TestMatcherHoldsLongQuestions(t *testing.T) {
	long := strings.Repeat("вернуть zebra-", 3000) + strings.Join(slices.Repeat([]string{"слово"}, 500), "q ")
	if got := NewMatcher(long, nil).Words(); got > maxAsked {
		t.Errorf("%d words are looked for, want at most %d", got, maxAsked)
	}
}

func FuzzMatcher(f *testing.F) {
	f.Add("вернуть деньги don't", "Don’t panic: вернём деньги\xff'")
	f.Add("E-1402 a'b", "a'\xc3")
	f.Fuzz(func(t *testing.T, query, text string) {
		m := NewMatcher(query, nil)
		got := m.Best(text)
		if got.Start < 0 || got.End < got.Start || got.End > utf8.RuneCountInString(text) {
			t.Fatalf("place %d to %d in %d runes", got.Start, got.End, utf8.RuneCountInString(text))
		}
		if got.Score < 0 || got.Score > m.Mass()+1e-9 || math.IsNaN(got.Score) {
			t.Fatalf("score %v of mass %v", got.Score, m.Mass())
		}
	})
}

func BenchmarkMatcher(b *testing.B) {
	words := strings.Fields(passages[1].body)
	texts := make([]string, 50)
	for i := range texts {
		var t strings.Builder
		for k := range 140 { // about 1000 runes, a third of its words its own
			t.WriteString(words[(i*7+k*(i%5+1))%len(words)])
			if k%3 == 0 {
				t.WriteRune('а' + rune(i+k)%32)
			}
			t.WriteByte(' ')
		}
		texts[i] = t.String()
	}
	for b.Loop() {
		m := NewMatcher("Здравствуйте, подскажите, как вернуть деньги за заказ 4411, если товар не подошёл?", nil)
		for _, t := range texts {
			m.Best(t)
		}
	}
}
