package redact

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestRedact(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{
			"a Russian letter",
			"Здравствуйте, Анна Сергеевна! Не пришёл заказ 4411, мой телефон +7 (916) 123-45-67, почта ivan.petrov@mail.ru",
			"Здравствуйте, ⟦name:A⟧! Не пришёл заказ ⟦order:A⟧, мой телефон ⟦phone:A⟧, почта ⟦email:A⟧",
		},
		{
			"an English letter",
			"Hi John,\nMy order #A-10293 hasn't arrived at 221B Baker Street, London NW1 6XE. Call 415-555-0132 ext. 12.\nBest regards,\nKate",
			"Hi ⟦name:A⟧,\nMy order #⟦order:A⟧ hasn't arrived at ⟦address:A⟧. Call ⟦phone:A⟧.\nBest regards,\n⟦name:B⟧",
		},
		{
			"what is equal gets one placeholder, what differs another",
			"kate@mail.com, bob@mail.com, kate@mail.com",
			"⟦email:A⟧, ⟦email:B⟧, ⟦email:A⟧",
		},
		{
			"a name met once is known in its other cases",
			"Здравствуйте, Бауыржан! Мы написали Бауыржану вчера.",
			"Здравствуйте, ⟦name:A⟧! Мы написали ⟦name:B⟧ вчера.",
		},
		{
			"numbers that are nobody's stay",
			"10 items, $20, iPhone 15, 10:00, 12.05.2024, order 66 items, error 1045, v2.10.3, 8 800 555-35-35, ст. 26.1 закона № 2300-1",
			"10 items, $20, iPhone 15, 10:00, 12.05.2024, order 66 items, error 1045, v2.10.3, 8 800 555-35-35, ст. 26.1 закона № 2300-1",
		},
		{"a text's own placeholder stays, and its token is not given away", "⟦name:A⟧: Hi John,", "⟦name:A⟧: Hi ⟦name:B⟧,"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, spans := Redact(c.text)
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if back := Restore(got, Originals(spans)); back != c.text {
				t.Errorf("restored %q, want %q", back, c.text)
			}
		})
	}
}

func TestRestoreForgivesWhatModelsDo(t *testing.T) {
	originals := map[string]string{"⟦name:A⟧": "Анна", "⟦name:B⟧": "⟦name:A⟧"}
	for clean, want := range map[string]string{
		"⟦name:A⟧ и ⟦ name : a ⟧":   "Анна и Анна",
		"⟦name:А⟧, ⟦Name:A⟧":        "Анна, Анна",
		"⟦name:B⟧":                  "⟦name:A⟧",
		"⟦name:C⟧ ⟦⟦name:A⟧ ⟦name:": "⟦name:C⟧ ⟦Анна ⟦name:",
		"":                          "",
	} {
		if got := Restore(clean, originals); got != want {
			t.Errorf("Restore(%q) = %q, want %q", clean, got, want)
		}
	}
}

func TestRedactorKeepsACaseInStep(t *testing.T) {
	var r Redactor
	problem, reply := "Меня зовут Бауыржан, заказ 4411", "Здравствуйте! Бауыржан, ваш заказ 4411 в пути. ⟦name:A⟧"
	got := []string{r.Redact(problem), r.Redact(reply)}
	want := []string{"Меня зовут ⟦name:A⟧, заказ ⟦order:A⟧", "Здравствуйте! ⟦name:A⟧, ваш заказ ⟦order:A⟧ в пути. ⟦text:A⟧"}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("got  %s\nwant %s", got[i], want[i])
		}
	}
	if back := Restore(got[1], r.Originals()); back != reply {
		t.Errorf("restored %q, want %q", back, reply)
	}
	if s := r.Spans(); len(s) != 3 || s[2].Kind != Literal {
		t.Errorf("spans of the reply: %+v, want three, the last a literal", s)
	}
}

// checkSpans fails unless the spans of text are ordered, apart and where they
// say, and both ways back lead to text.
func checkSpans(t *testing.T, text string) {
	t.Helper()
	clean, spans := Redact(text)
	if back := Restore(clean, Originals(spans)); back != text {
		t.Fatalf("restored %q from %q, want %q", back, clean, text)
	}
	runes := []rune(text)
	valid := utf8.ValidString(text)
	end := 0
	for _, s := range spans {
		if s.Start < end || s.End <= s.Start || s.End > len(runes) {
			t.Fatalf("span %+v of %q: begins before %d or ends outside", s, text, end)
		}
		if valid && string(runes[s.Start:s.End]) != s.Text {
			t.Fatalf("span %+v of %q stands for %q", s, text, string(runes[s.Start:s.End]))
		}
		end = s.End
	}
}

func FuzzRedact(f *testing.F) {
	for _, s := range []string{
		"", "⟦name:A⟧ Hi John, ⟦⟦email:b⟧", "Здравствуйте, Анна! +7 (916) 123-45-67, доб. 5", "\xff\xfe Иванов И.И. 4276 **** **** 1234",
		"ул. Ленина, д. 5, кв. 12", "221B Baker Street, London NW1 6XE", "a@b@c.ru@@ (at) x dot y", "password: qwe123 https://x.ru/?token=1&a=2",
		"::1 2001:db8::1 1.2.3.4:80", "С уважением,\n--\n", "GB82 WEST 1234 5698 7654 32 QQ 12 34 56 C", "O'", "Mr", "(((+", "№#№ order",
	} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		checkSpans(t, a)
		checkSpans(t, a+b)
		var r Redactor
		cleanA, cleanB := r.Redact(a), r.Redact(b)
		if back := Restore(cleanA, r.Originals()); back != a && !strings.Contains(a, opening) {
			t.Fatalf("restored %q, want %q", back, a)
		}
		if back := Restore(cleanB, r.Originals()); back != b {
			t.Fatalf("restored %q, want %q", back, b)
		}
	})
}

// What is quadratic in these takes minutes rather than milliseconds.
func TestLongTexts(t *testing.T) {
	if testing.Short() {
		t.Skip("a measurement of time: make test runs it in full, without the race detector")
	}
	for _, s := range []string{
		"", "a@", "@", "1", "1 ", "+", "((", "*", "* ", "А.", "Иван ", "order ", "№", "ул. ", "д. 5, ", "1.", ":", "::1", "http://a=1&", "⟦", "⟦a", "⟦a:",
		"a.b.", "x at y dot ", "101000, ", "8 ", "12-", "A1-", "Hi ", "с уважением, ", "password: ", "login: a_", "A ", "a-", "a", "ё", "/", "12 A ",
		"12 a ", "Paris, ", "г. М", "1 Street ", "NW1 ", "NW1 6XE ", "Mr ", "4276 ", "GB82 ", "45 08 ", "12/", "\n", "A\n", "=1", "http://", "t.me/a",
		"#1 ", "1, ", "order 444, ", "?a=", "xxxx ", "xxxx-", "Thanks and ", "\xff", "name is ", "House, ", benchEnglish, benchRussian,
	} {
		text := strings.Repeat(s, (1<<15)/max(len(s), 1))
		clean, spans := Redact(text)
		if Restore(clean, Originals(spans)) != text {
			t.Errorf("%.20q repeated is not restored", s)
		}
	}
}

func BenchmarkRedact(b *testing.B) {
	for name, text := range map[string]string{"ru": benchRussian, "en": benchEnglish} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				Redact(text)
			}
		})
	}
}

const (
	benchRussian = `Здравствуйте, Анна Сергеевна! Третью неделю не могу получить свой заказ № 4411-22. Сначала мне обещали доставку
до 15 мая, потом до 20, а вчера курьер сказал, что посылка вернулась на склад, потому что не дозвонился. Мой телефон +7 916 123-45-67
всегда включён, никаких звонков я не видел. Оплатил картой 12 500 руб., деньги списали сразу. Прошу либо привезти товар по адресу
г. Москва, ул. Профсоюзная, д. 45, корп. 2, кв. 17 с 10:00 до 18:00, либо вернуть деньги полностью. Чек прислали на ivan.petrov@mail.ru.
Если ответа не будет в течение трёх дней, обращусь в Роспотребнадзор по статье 23.1 закона о защите прав потребителей. С уважением, Иван Петров`
	benchEnglish = `Hi Jennifer, I ordered a pair of wireless headphones (model WH-1000XM4) three weeks ago and they still have not arrived.
The tracking page for order #A-10293 says delivered on May 12, but nobody at my house has seen the parcel, and my neighbour at number 14
has not got it either. I paid $249.99 with my card 4276 1234 5678 9012 and the money was taken the same day. Please either send it again to
221B Baker Street, London NW1 6XE between 9:00 and 17:00 or give me a full refund. You can reach me on 07700 900123 or at
kate.brown@example.com at any time. I have been a customer for 10 years and never had such a problem before. Best regards, Kate Brown`
)
