package kb

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestSentences(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		{"nothing in nothing", " \n\t ", nil},
		{"one sentence without an end", "Где мой заказ", []string{"Где мой заказ"}},
		{"two", "Заказ оплачен. Ждём отправки.", []string{"Заказ оплачен.", "Ждём отправки."}},
		{"English", "It works. Try again! Does it?", []string{"It works.", "Try again!", "Does it?"}},
		{"several marks are one end", "Где заказ?! Жду неделю...", []string{"Где заказ?!", "Жду неделю..."}},
		{"a quotation closes with its sentence", "Нажмите «Готово.» Затем выйдите.", []string{"Нажмите «Готово.»", "Затем выйдите."}},
		{"a question inside a quotation", "«Как это?» спросил он.", []string{"«Как это?» спросил он."}},
		{"abbreviations inside", "Оплата, т.е. перевод, и т.д. не нужны.", []string{"Оплата, т.е. перевод, и т.д. не нужны."}},
		{"abbreviations with spaces", "Карты, счета и т. д. Всё это, т. е. всё, годится.",
			[]string{"Карты, счета и т. д.", "Всё это, т. е. всё, годится."}},
		{"money at the end", "Стоит 500 руб. Доставка 200 руб. за заказ.", []string{"Стоит 500 руб.", "Доставка 200 руб. за заказ."}},
		{"an address", "Пункт на ул. Ленина, д. 5, кв. 12 в г. Москва. Звоните.",
			[]string{"Пункт на ул. Ленина, д. 5, кв. 12 в г. Москва.", "Звоните."}},
		{"a year", "Акция до 31.12.2026 г. Потом цены вырастут.", []string{"Акция до 31.12.2026 г.", "Потом цены вырастут."}},
		{"initials", "Пишите А. С. Пушкину. Он ответит.", []string{"Пишите А. С. Пушкину.", "Он ответит."}},
		{"titles in English", "Ask Mr. Smith, e.g. by mail. See No. 5 vs. No. 6.", []string{"Ask Mr. Smith, e.g. by mail.", "See No. 5 vs. No. 6."}},
		{"no is a word too", "No. Thank you.", []string{"No.", "Thank you."}},
		{"etc. at the end", "Cards, coins, etc. Then pay.", []string{"Cards, coins, etc.", "Then pay."}},
		{"decimals and versions", "Версия 3.5 весит 1.2 ГБ. Скачайте.", []string{"Версия 3.5 весит 1.2 ГБ.", "Скачайте."}},
		{"addresses of pages and people", "Откройте https://a.example/b.html?x=1.2. Или пишите на help@shop.example. Ответим.",
			[]string{"Откройте https://a.example/b.html?x=1.2.", "Или пишите на help@shop.example.", "Ответим."}},
		{"an address of one letter at its end", "See https://a.example/b. Then go on.", []string{"See https://a.example/b.", "Then go on."}},
		{"an ellipsis inside", "Ну… посмотрим. Жду... долго.", []string{"Ну… посмотрим.", "Жду... долго."}},
		{"customers forget capitals", "не пришёл заказ. что делать? верните деньги! жду",
			[]string{"не пришёл заказ.", "что делать?", "верните деньги!", "жду"}},
		{"customers forget spaces", "Товар оплачен.Когда придёт?Жду", []string{"Товар оплачен.", "Когда придёт?", "Жду"}},
		{"items", "Нужно:\n- паспорт\n- чек\n1. Открыть. Закрыть.\n2. Ждать",
			[]string{"Нужно:", "- паспорт", "- чек", "1. Открыть.", "Закрыть.", "2. Ждать"}},
		{"short lines stand alone", "Москва\nпитер\nказань", []string{"Москва", "питер", "казань"}},
		{"wrapped lines belong together", "Возврат денег занимает до десяти рабочих дней после того,\nкак товар приехал на склад. Затем\nпридёт письмо.",
			[]string{"Возврат денег занимает до десяти рабочих дней после того,\nкак товар приехал на склад.", "Затем\nпридёт письмо."}},
		{"paragraphs and headings", "# Возврат\nСрок 14 дней\n\nбез чека", []string{"# Возврат", "Срок 14 дней", "без чека"}},
		{"rows of a table", "| Город | Срок |\n| Москва | 1 день. Иногда 2 |", []string{"| Город | Срок |", "| Москва | 1 день.", "Иногда 2 |"}},
		{"CRLF", "Раз.\r\nДва.\r\n", []string{"Раз.", "Два."}},
		{"Chinese needs no spaces", "你好。谢谢！", []string{"你好。", "谢谢！"}},
		{"hours", "Open till 5 p.m. Closed at night.", []string{"Open till 5 p.m.", "Closed at night."}},
		{"a month", "с 5 дек. по 7 янв. доставки нет.", []string{"с 5 дек. по 7 янв. доставки нет."}},
		{"thousands", "Собрали 5 тыс. руб. Спасибо.", []string{"Собрали 5 тыс. руб.", "Спасибо."}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, s := range Sentences(tt.text) {
				got = append(got, tt.text[s.Start:s.End])
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// hostile are inputs that once were, or could be, slow to read.
func hostile(n int) map[string]string {
	texts := map[string]string{"leading spaces": strings.Repeat(" ", n) + strings.Repeat("1. ", n/8)}
	for _, unit := range []string{
		"a", " ", "\n", ".", "1. ", "?!", "[", "](", "[](", "]()", "`", "`` ` ", "```\n", "*", "**a", "_a ", "__a", "<", "<a ", "<a \"", "<A {",
		"<!--", "<script>", "{", "{%", "{{", "{#", "{a=", "&", "&amp", "\\", "|", "- ", "> ", "#", "# a\n", "- a\n", "  - a\n", ":::a\n", "| a\n", "a\n-\n",
		"http://", "ж", "Ж. ", "«", "\u00a0", "\u0301", "\xff", "---\n", "a:\n", "![", "@[a](", "==a ", "~~~\n", "!!! a\n", "[a]: /\n", "<table>\n", "\t",
	} {
		texts[unit] = strings.Repeat(unit, n/len(unit))
	}
	return texts
}

// linear gives f a lot of each hostile input. Work that grew with the
// square of its length would not end before the test is stopped.
func linear(f func(string)) {
	for _, text := range hostile(1 << 18) {
		f(text)
	}
}

func TestSentencesTakeLinearTime(t *testing.T) {
	if testing.Short() {
		t.Skip("a measurement of time: make test runs it in full, without the race detector")
	}
	linear(func(s string) { Sentences(s) })
}

func FuzzSentences(f *testing.F) {
	for _, text := range hostile(64) {
		f.Add(text)
	}
	f.Add("Раз. Два?! «Три.» т.е. 3.5\n- a\n")
	f.Fuzz(func(t *testing.T, text string) {
		at := 0
		for _, s := range Sentences(text) {
			if s.Start < at || s.End <= s.Start || s.End > len(text) {
				t.Fatalf("span %v after %d of %d", s, at, len(text))
			}
			if strings.TrimSpace(text[at:s.Start]) != "" {
				t.Fatalf("left out %q", text[at:s.Start])
			}
			if utf8.ValidString(text) && !utf8.ValidString(text[s.Start:s.End]) {
				t.Fatalf("cuts a letter: %q", text[s.Start:s.End])
			}
			at = s.End
		}
		if strings.TrimSpace(text[at:]) != "" {
			t.Fatalf("left out %q", text[at:])
		}
	})
}
