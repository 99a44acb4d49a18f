package retrieval

import "testing"

const groundRU = `# Возврат и доставка

Вернуть товар можно в течение 14 дней с момента получения, если он не был в употреблении. Деньги придут на карту за 3–5 рабочих дней после проверки на складе.

Бельё и косметику вернуть нельзя. Без чека мы принимаем товар только по номеру заказа.

Доставка стоит 300 ₽ в Москву и 450 ₽ в регионы. При заказе от 5 000 ₽ доставка бесплатная.

1. Откройте раздел «Заказы».
2. Нажмите «Вернуть» и выберите причину.
3. Отнесите посылку в пункт выдачи не позднее чем через 7 дней.

Акция «Весна» действует до 5 марта 2026 года. Промокод SPRING20 даёт скидку 20 % и не суммируется с баллами.

Пункт выдачи работает с 9:00 до 21:00, по воскресеньям закрыт. Звоните по номеру 8 800 555-35-35 или пишите на help@shop.example.`

const groundEN = `# Orders

You can cancel an order free of charge until it is packed. Once it is packed, we cannot cancel it, but you may refuse the parcel.

Shipping to the EU costs $15 and takes 7 to 10 business days. Shipping within the US is free for orders over $80.

Gift cards are valid for 3 years and cannot be refunded. They are sent by e-mail within 24 hours.

The warranty covers two years from delivery. Batteries are not covered after 12 months. Repairs take at most 30 days.

The sale starts on March 5, 2026 and ends on March 12. Call +1 800 555 0199, Monday to Friday, 9 am to 5 pm, or see https://shop.example/help.`

func TestGroundOnPairs(t *testing.T) {
	evidence := []Evidence{{Text: groundRU}, {Text: groundEN}}
	const fine ProblemKind = ""
	for _, tt := range []struct {
		answer string
		want   ProblemKind // of the first problem
	}{
		// Said in other words.
		{"В течение двух недель после получения товар можно вернуть, если он не был в употреблении.", fine},
		{"После проверки на складе деньги вернутся на карту в течение 3–5 рабочих дней.", fine},
		{"К сожалению, косметику и бельё вернуть невозможно.", fine},
		{"Без чека товар принимается только по номеру заказа.", fine},
		{"Стоимость доставки: 300 рублей в Москву, 450 рублей в регионы.", fine},
		{"Если сумма заказа от 5000 руб., доставка бесплатна.", fine},
		{"Акция «Весна» продлится до 05.03.2026.", fine},
		{"Промокод SPRING20 даёт 20 процентов скидки, с баллами он не суммируется.", fine},
		{"По воскресеньям пункт выдачи закрыт.", fine},
		{"Пункт выдачи открыт с 9:00 до 21:00.", fine},
		{"Позвоните нам: 8 (800) 555-35-35.", fine},
		{"Добрый день! Подскажите, пожалуйста, номер заказа?", fine},
		{"Благодарим за обращение и желаем хорошего дня!", fine},
		{"An order can be cancelled free of charge until it has been packed.", fine},
		{"After it has been packed we can't cancel the order, but you may refuse the parcel.", fine},
		{"It costs 15 dollars to ship to the EU, and it takes 7–10 business days.", fine},
		{"Orders over $80 ship free within the US.", fine},
		{"A gift card is valid for three years and can't be refunded.", fine},
		{"Gift cards arrive by e-mail within a day.", fine},
		{"The warranty lasts 2 years from delivery; batteries are not covered after a year.", fine},
		{"The sale runs from 5 March 2026 until 12 March.", fine},
		{"You can call us from Monday to Friday between 9:00 and 17:00.", fine},
		{"Hi Anna, thanks for your patience! Let us know if anything else comes up.", fine},

		// Wrong in a word.
		{"Товар можно вернуть в течение трёх недель после получения, если он не был в употреблении.", NumberProblem},
		{"В течение 14 часов после получения товар можно вернуть, если он не был в употреблении.", NumberProblem},
		{"Вернуть товар можно в течение 14 дней с момента получения, если он был в употреблении.", NegationProblem},
		{"Бельё и косметику можно вернуть.", NegationProblem},
		{"Доставка стоит 450 ₽ в Москву и 300 ₽ в регионы.", PriceProblem},
		{"Стоимость доставки: 450 рублей в Москву, 300 рублей в регионы.", PriceProblem},
		{"Доставка в Москву стоит 300 долларов.", PriceProblem},
		{"При заказе до 5 000 ₽ доставка бесплатная.", PriceProblem},
		{"При заказе от 5 000 ₽ доставка платная.", NegationProblem},
		{"Отнесите посылку в пункт выдачи не раньше чем через 7 дней.", NumberProblem},
		{"Акция «Весна» действует до 5 мая 2026 года.", DateProblem},
		{"Акция «Весна» действует до 15 марта 2026 года.", DateProblem},
		{"Промокод SPRING30 даёт скидку 20 %.", NumberProblem},
		{"Промокод SPRING20 суммируется с баллами.", NegationProblem},
		{"Пункт выдачи работает с 9:00 до 22:00.", NumberProblem},
		{"Пункт выдачи закрыт по субботам.", DateProblem},
		{"Пишите на info@shop.example.", URLProblem},
		{"Мы подарим вам ещё один рюкзак за отзыв.", Unsupported},
		{"Once it is packed, we can cancel it.", NegationProblem},
		{"You cannot cancel an order free of charge until it is packed.", NegationProblem},
		{"Shipping to the EU takes 10 to 7 business days.", NumberProblem},
		{"Shipping to the EU costs €15.", PriceProblem},
		{"Shipping within the US is free for orders under $80.", PriceProblem},
		{"Gift cards are valid for 3 months.", NumberProblem},
		{"Gift cards can be refunded.", NegationProblem},
		{"Batteries are covered after 12 months.", NegationProblem},
		{"Batteries are not covered before 12 months.", NumberProblem},
		{"Repairs take at least 30 days.", NumberProblem},
		{"The sale starts on March 12, 2026 and ends on March 5.", DateProblem},
		{"The sale starts on March 5, 2025.", DateProblem},
		{"Call +1 800 555 0198.", NumberProblem},
		{"See https://shop.example/helpdesk for more.", URLProblem},
		{"We will send you a free pair of socks for the trouble.", Unsupported},
		{"Shipping to the EU costs $15 [1].", Unsupported}, // cites the wrong source
		{"Shipping to the EU costs $15 [7].", Unsupported}, // cites none
	} {
		t.Run(tt.answer, func(t *testing.T) {
			r := Ground(tt.answer, evidence)
			got := fine
			if p := problemsOf(r); len(p) > 0 {
				got = p[0].Kind
			}
			if (got == fine) != r.Supported() {
				t.Errorf("supported: %v, with problems %v", r.Supported(), problemsOf(r))
			}
			if (got == fine) != (tt.want == fine) {
				t.Errorf("got %q, want %q: %+v", got, tt.want, r.Verdicts)
			}
		})
	}
}

func TestGroundPointsAtTheSupport(t *testing.T) {
	evidence := []Evidence{{Source: Source{ID: "ru"}, Text: groundRU}, {Source: Source{ID: "en"}, Text: groundEN}}
	answer := "Здравствуйте! Бельё и косметику вернуть нельзя [1]. Gift cards cannot be refunded. We plan a party."
	r := Ground(answer, evidence)
	if len(r.Verdicts) != 4 {
		t.Fatalf("got %d verdicts of 4 sentences", len(r.Verdicts))
	}
	got := r.Citations(evidence)
	if len(got) != 2 || got[0].SourceID != "ru" || got[1].SourceID != "en" {
		t.Fatalf("got citations %+v, want one of each source", got)
	}
	if s := slice(answer, got[0].Start, got[0].End); s != "Бельё и косметику вернуть нельзя" {
		t.Errorf("the first citation covers %q", s)
	}
	if s := slice(groundRU, got[0].From, got[0].To); s != "Бельё и косметику вернуть нельзя" {
		t.Errorf("the first citation rests on %q", s)
	}
	if s := slice(groundEN, got[1].From, got[1].To); s != "Gift cards are valid for 3 years and cannot be refunded." {
		t.Errorf("the second citation rests on %q", s)
	}
	unproven := r.Unproven()
	if len(unproven) != 1 || slice(answer, unproven[0].Start, unproven[0].End) != "We plan a party." {
		t.Errorf("unproven is %v", unproven)
	}
}

func FuzzGround(f *testing.F) {
	f.Add("Бельё нельзя [1]. $5–7, 14-day 05.03.2026 [2", groundRU)
	f.Add("1. a\n- b | c |\n```\n[1][2] 8 (800) 555-35-35 www.x", groundEN)
	f.Add("\xff[0] не не 9999999999999999999 ½ №", "# \xf0\n1.")
	f.Fuzz(func(t *testing.T, answer, source string) {
		if len(answer)+len(source) > 4000 {
			t.Skip("longer than it is worth")
		}
		r := Ground(answer, []Evidence{{Text: source}})
		last := 0
		for _, v := range r.Verdicts {
			if v.Span.Start < last || v.Span.End <= v.Span.Start || v.Span.End > runeLen(answer) {
				t.Errorf("the span %+v is out of order or outside of %q", v.Span, answer)
			}
			last = v.Span.End
			if v.Support.Start < 0 || v.Support.End > runeLen(source) {
				t.Errorf("the support %+v is outside of its source", v.Support)
			}
			if v.Supported != (len(v.Problems) == 0) {
				t.Errorf("supported %v with problems %v", v.Supported, v.Problems)
			}
		}
	})
}
