package embeddings

import (
	"slices"
	"testing"
	"unicode/utf8"
)

func TestAnalyzeTokens(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		want     []string // norm and kind
	}{
		{"words in lower case", "Delete My Account", []string{"delete word", "my word", "account word"}},
		{"ё is е", "Ещё ёлка", []string{"еще word", "елка word"}},
		{"stress marks are left out", "за\u0301мок", []string{"замок word"}},
		{"a hyphen parts words", "какой-то e-mail", []string{"какой word", "то word", "e word", "mail word"}},
		{"an apostrophe does not", "don’t", []string{"don't word"}},
		{"an order number", "заказ #4411.", []string{"заказ word", "4411 code"}},
		{"an order number in Russian style", "№4411", []string{"4411 code"}},
		{"an error code", "E-1402", []string{"e1402 code", "1402 number"}},
		{"a hexadecimal code", "0x80070057", []string{"0x80070057 code", "80070057 number"}},
		{"a model", "iPhone15", []string{"iphone15 code", "iphone word", "15 number"}},
		{"a number with a comma", "1,5 кг", []string{"1.5 number", "кг word"}},
		{"a date", "12.05.2024", []string{"12.05.2024 number"}},
		{"a link and its words", "см. https://example.com/return-policy.", []string{
			"см word", "https://example.com/return-policy link",
			"https word", "example word", "com word", "return word", "policy word"}},
		{"an address", "help@example.com", []string{"help@example.com link", "help word", "example word", "com word"}},
		{"Arabic", "كيف أعيد", []string{"كيف word", "أعيد word"}},
		{"emoji only", "😀🎉", nil},
		{"nothing", "", nil},
		{"broken UTF-8", "a\xffb", []string{"a word", "b word"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, token := range Analyze(tt.in).Tokens {
				got = append(got, token.Norm+" "+token.Kind.String())
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("Analyze(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestAnalyzeOffsetsAreRunes(t *testing.T) {
	text := "Где заказ №4411?"
	tokens := Analyze(text).Tokens
	last := tokens[len(tokens)-1]
	if last.Start != 10 || last.End != 15 || last.Surface != "№4411" {
		t.Errorf("last token %q at %d to %d, want №4411 at 10 to 15", last.Surface, last.Start, last.End)
	}
}

func FuzzAnalyze(f *testing.F) {
	for _, s := range []string{
		"Не пришёл заказ #4411, E-1402!", "https://a.b/c?d=e", "a@b.c", "кафе\u0301", "日本語 テスト", "\xff\xfe", "don't", "--''__##", "ß İ ǅ",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		runes := utf8.RuneCountInString(s)
		start := 0
		for _, token := range Analyze(s).Tokens {
			if token.Start < start || token.End <= token.Start || token.End > runes {
				t.Fatalf("token %q at %d to %d, after one at %d, in %d runes", token.Surface, token.Start, token.End, start, runes)
			}
			if got := utf8.RuneCountInString(token.Surface); got != token.End-token.Start {
				t.Fatalf("token %q has %d runes, not %d", token.Surface, got, token.End-token.Start)
			}
			if string([]rune(s)[token.Start:token.End]) != token.Surface {
				t.Fatalf("token %q is not at %d", token.Surface, token.Start)
			}
			start = token.Start
		}
		for c, q := range QueryTerms(s) {
			if !slices.IsSorted(q.Terms) || len(q.Terms) != len(q.Weights) {
				t.Fatalf("query terms of channel %d are out of order", c)
			}
		}
	})
}
