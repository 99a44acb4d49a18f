package feedback

import (
	"math"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

func article(id, text string, cited bool) Offered {
	return Offered{ID: id, Kind: kb.Article, Title: id, Text: text, Place: 1, Cited: cited}
}

const (
	returnsText  = "An unused item can be returned within 14 days of delivery. The refund reaches the bank card in 5 working days. Keep the receipt until then."
	shippingText = "A courier brings parcels from 9:00 to 18:00. Tracking numbers arrive by e-mail after the warehouse ships the parcel."
	возврат      = "Неиспользованный товар можно вернуть в течение 14 дней после получения. Деньги приходят на карту за 5 рабочих дней. Чек нужно сохранить."
	доставка     = "Курьер привозит посылки с 9:00 до 18:00. Номер отслеживания приходит на почту, когда склад отправил посылку."
)

// A want is a verdict with the range of its amount; of a share only where it is
// not negative.
type want struct {
	verdict   Verdict
	low, high float64
	share     float64 // -1: any
	why       string  // a part of Why
}

func TestCreditsOf(t *testing.T) {
	returns, shipping := article("returns", returnsText, true), article("shipping", shippingText, false)
	возвраты, доставки := article("возврат", возврат, true), article("доставка", доставка, false)
	revised := returns
	revised.Revised = true
	corrected := revised
	corrected.Text = strings.Replace(returnsText, "14 days", "30 days", 1)
	unshown := shipping
	unshown.Place = 0
	sameCase := Offered{ID: "case", Kind: kb.Case, Article: "returns", Text: returnsText, Place: 2}
	citedCase := sameCase
	citedCase.Cited = true
	boiler := " Write to help@shop.example to ask for the manager."
	tests := []struct {
		name         string
		draft, final string
		offered      []Offered
		want         []want
	}{
		{"a draft sent as it was keeps its source", returnsText, returnsText, []Offered{returns, shipping},
			[]want{{Kept, 0.8, 0.8, 1, "3 of 3 sentences rest on it; the draft cited it."}, {Unused, 0, 0, 0, "shown in place 1"}}},
		{"черновик, отправленный без правок, сохраняет источник", возврат, "Здравствуйте! " + возврат + " Хорошего дня!", []Offered{возвраты, доставки},
			[]want{{Kept, 0.8, 0.8, 1, "3 of 3"}, {Unused, 0, 0, 0, ""}}},
		{"an answer rewritten from another source credits that one and drops the cited", returnsText, "Tracking numbers arrive by e-mail after the warehouse ships the parcel.", []Offered{returns, shipping},
			[]want{{Dropped, -0.5, -0.4, 0, "but the 1 sentence does not rest on it"}, {BroughtIn, 1, 1, 1, "the draft did not cite it"}}},
		{"ответ, переписанный из другого источника, поднимает его", возврат, "Номер отслеживания приходит на почту, когда склад отправил посылку.", []Offered{возвраты, доставки},
			[]want{{Dropped, -0.5, -0.4, 0, ""}, {BroughtIn, 1, 1, 1, ""}}},
		{"a source that was not shown can be brought in", returnsText, "A courier brings parcels from 9:00 to 18:00.", []Offered{returns, unshown},
			[]want{{Dropped, -0.5, -0.4, 0, ""}, {BroughtIn, 1, 1, 1, ""}}},
		{"a source that was neither shown nor used has no verdict", returnsText, returnsText, []Offered{returns, unshown},
			[]want{{Kept, 0.8, 0.8, 1, ""}, {"", 0, 0, 0, "it was not shown"}}},
		{"half from each is credited to both", returnsText, "The refund reaches the bank card in 5 working days. A courier brings parcels from 9:00 to 18:00.", []Offered{returns, shipping},
			[]want{{Kept, 0.4, 0.6, -1, "1 of 2 sentences rests on it"}, {BroughtIn, 0.45, 0.7, -1, "1 of 2"}}},
		{"a changed number contradicts the source", returnsText, "An unused item can be returned within 30 days of delivery.", []Offered{returns, shipping},
			[]want{{Contradicted, -1, -0.9, 0, "says 14 days, was sent as 30 days"}, {Unused, 0, 0, 0, ""}}},
		{"изменённый срок противоречит источнику", возврат, "Неиспользованный товар можно вернуть в течение 30 дней после получения.", []Offered{возвраты, доставки},
			[]want{{Contradicted, -1, -0.9, 0, "says 14 дней, was sent as 30 дней"}, {Unused, 0, 0, 0, ""}}},
		{"one changed number of three sentences is blamed less", returnsText, strings.Replace(returnsText, "14", "30", 1), []Offered{returns},
			[]want{{Contradicted, -0.8, -0.65, -1, "2 of 3 sentences rest on it"}}},
		{"a changed date contradicts the source", "The sale ends on 5 March 2026.", "The sale ends on 9 March 2026.", []Offered{article("sale", "The sale ends on 5 March 2026. All shops take part.", true)},
			[]want{{Contradicted, -1, -0.9, 0, "says 5 March 2026, was sent as 9 March 2026"}}},
		{"a negation put in contradicts the source", returnsText, "An unused item can not be returned within 14 days of delivery.", []Offered{returns},
			[]want{{Contradicted, -1, -0.9, 0, "as the opposite"}}},
		{"вставленное отрицание противоречит источнику", возврат, "Неиспользованный товар нельзя вернуть в течение 14 дней после получения.", []Offered{возвраты},
			[]want{{Contradicted, -1, -0.9, 0, "as the opposite"}}},
		{"a source below that is contradicted is blamed half", "", "A courier brings parcels from 9:00 to 21:00.", []Offered{shipping},
			[]want{{Contradicted, -0.5, -0.45, 0, "there was no draft"}}},
		{"the same said of another country is no contradiction", "", "Delivery to Kazakhstan takes 14 days.", []Offered{article("russia", "Delivery to Russia takes 5 days.", false)},
			[]want{{Unused, 0, 0, 0, ""}}},
		{"no before the same words is an answer and no negation", "", "Нет, вы можете вернуть товар только в магазине.", []Offered{article("магазин", "Вы можете вернуть товар только в магазине.", false)},
			[]want{{BroughtIn, 1, 1, 1, ""}}},
		{"a draft reworded for its tone keeps what its facts rest on", returnsText, "Please don't worry: you can return the unused item to us within 14 days after its delivery. You will see the refund on your bank card 5 working days later.", []Offered{returns, shipping},
			[]want{{Kept, 0.75, 0.8, 1, "2 of 2"}, {Unused, 0, 0, 0, ""}}},
		{"a reply of the operator's own hardly blames the draft's source", returnsText, "Our manager will ring about a gift voucher tomorrow morning.", []Offered{returns, shipping},
			[]want{{Dropped, -0.1, -0.1, 0, "nor on any other source"}, {Unused, 0, 0, 0, ""}}},
		{"what all sources have credits nobody", "", strings.TrimSpace(boiler), []Offered{article("a", returnsText+boiler, false), article("b", shippingText+boiler, false), article("c", "Vouchers never expire."+boiler, false)},
			[]want{{"", 0, 0, 0, "All sources"}, {"", 0, 0, 0, "All sources"}, {"", 0, 0, 0, "All sources"}}},
		{"what all sources have does not dilute the rest", "", returnsText + boiler, []Offered{article("a", returnsText+boiler, false), article("b", shippingText+boiler, false)},
			[]want{{BroughtIn, 1, 1, 1, "beside 1 that all sources have"}, {Unused, 0, 0, 0, ""}}},
		{"a case and its article share what both have", "", returnsText, []Offered{article("returns", returnsText, false), sameCase},
			[]want{{BroughtIn, 0.55, 0.65, 0.5, "as much on another source"}, {BroughtIn, 0.55, 0.65, 0.5, ""}}},
		{"of a case and its article the cited one has it all", returnsText, returnsText, []Offered{article("returns", returnsText, false), citedCase},
			[]want{{Unused, 0, 0, 0, ""}, {Kept, 0.8, 0.8, 1, ""}}},
		{"in another language there is no credit and no blame", returnsText, "Неиспользованный товар принимаем обратно две недели, затем деньги вернутся на карту.", []Offered{returns, shipping},
			[]want{{"", 0, 0, 0, "another language"}, {"", 0, 0, 0, "another language"}}},
		{"a source corrected to what was sent is kept", "An unused item can be returned within 14 days of delivery.", "An unused item can be returned within 30 days of delivery.", []Offered{corrected},
			[]want{{Kept, 0.8, 0.8, 1, ""}}},
		{"a source that says otherwise only since is kept by what the draft took", "An unused item can be returned within 14 days of delivery.", "An unused item can be returned within 14 days of delivery.", []Offered{corrected},
			[]want{{Kept, 0.8, 0.8, 1, ""}}},
		{"a source that changed since is blamed half", "Keep the receipt until then.", "A courier brings parcels from 9:00 to 18:00.", []Offered{revised, shipping},
			[]want{{Dropped, -0.25, -0.2, 0, "it has changed since"}, {BroughtIn, 1, 1, 1, ""}}},
		{"nothing sent says nothing", returnsText, " \n", []Offered{returns}, []want{{"", 0, 0, 0, "nothing to compare"}}},
		{"a greeting says nothing", returnsText, "Hello! Thank you for writing to us.", []Offered{returns}, []want{{"", 0, 0, 0, "only greets"}}},
		{"приветствие ничего не говорит", возврат, "Здравствуйте! Спасибо за обращение.", []Offered{возвраты}, []want{{"", 0, 0, 0, "only greets"}}},
		{"a placeholder says nothing", returnsText, "⟦name:A⟧ {{ticket.macro}}", []Offered{returns}, []want{{"", 0, 0, 0, "nothing to compare"}}},
		{"quoted history does not count", returnsText, "A courier brings parcels from 9:00 to 18:00.\n\nOn Mon, 5 Jan 2026 at 10:00, Ann <ann@example.com> wrote:\n> " + returnsText, []Offered{returns, shipping},
			[]want{{Dropped, -0.5, -0.4, 0, ""}, {BroughtIn, 1, 1, 1, "The 1 sentence"}}},
		{"a reply below the quotation counts", returnsText, "On Mon, 5 Jan 2026 at 10:00, Ann <ann@example.com> wrote:\n> " + shippingText + "\n\n" + returnsText, []Offered{returns, shipping},
			[]want{{Kept, 0.8, 0.8, 1, "3 of 3"}, {Unused, 0, 0, 0, ""}}},
		{"история переписки без знаков цитаты не считается", возврат, возврат + "\n\n5 января 2026 г., 10:00, Анна <anna@example.com> писала:\n" + доставка, []Offered{возвраты, доставки},
			[]want{{Kept, 0.8, 0.8, 1, "3 of 3"}, {Unused, 0, 0, 0, ""}}},
		{"only quoted history says nothing", returnsText, "> " + returnsText, []Offered{returns}, []want{{"", 0, 0, 0, "nothing to compare"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := CreditsOf(&Reply{Draft: tt.draft, Citations: cites(tt.draft, tt.offered), Final: tt.final, Offered: tt.offered})
			if len(got) != len(tt.want) {
				t.Fatalf("got %d credits, want %d", len(got), len(tt.want))
			}
			for i, w := range tt.want {
				c := got[i]
				if c.Verdict != w.verdict || c.Amount < w.low-1e-9 || c.Amount > w.high+1e-9 || w.share >= 0 && math.Abs(c.Share-w.share) > 1e-9 || !strings.Contains(c.Why, w.why) {
					t.Errorf("got %s %q, share %.3f, amount %.3f, %q\nwant %q, share %.3f, amount %.3f to %.3f, %q",
						c.SourceID, c.Verdict, c.Share, c.Amount, c.Why, w.verdict, w.share, w.low, w.high, w.why)
				}
			}
		})
	}
}

// cites ties the whole draft to the sources that it cites.
func cites(draft string, offered []Offered) []retrieval.Citation {
	var out []retrieval.Citation
	for _, o := range offered {
		if o.Cited {
			out = append(out, retrieval.Citation{Marker: 1, SourceID: o.ID, End: utf8.RuneCountInString(draft)})
		}
	}
	return out
}

func TestCreditIsTheSameEachTime(t *testing.T) {
	r := &Reply{Draft: returnsText, Final: returnsText + " " + shippingText, Offered: []Offered{
		article("a", returnsText+" "+shippingText, true), article("b", shippingText, false), article("c", returnsText, false)}}
	first := CreditsOf(r)
	for range 100 {
		if got := CreditsOf(r); !reflect.DeepEqual(got, first) {
			t.Fatalf("got %+v, then %+v", first, got)
		}
	}
}

func TestCreditNamesTheArticle(t *testing.T) {
	got := CreditsOf(&Reply{Final: returnsText, Offered: []Offered{
		{ID: "a", Kind: kb.Article, Place: 1, Text: returnsText},
		{ID: "c", Kind: kb.Case, Article: "a", Place: 2, Text: returnsText},
		{ID: "d", Kind: kb.Case, Place: 3, Text: shippingText},
	}})
	for i, want := range []string{"a", "a", ""} {
		if got[i].Article != want || got[i].Place != i+1 {
			t.Errorf("source %d: got article %q in place %d, want %q in %d", i, got[i].Article, got[i].Place, want, i+1)
		}
	}
}

func TestCreditOfAMegabyte(t *testing.T) {
	if testing.Short() {
		t.Skip("a measurement of time: make test runs it in full, without the race detector")
	}
	long := megabyte(1) + "\n\n" + returnsText
	sources := []Offered{article("a", returnsText, true), article("b", megabyte(2), false), article("c", strings.Repeat(shippingText+" ", 8000), false)}
	for name, r := range map[string]*Reply{
		"prose":        {Draft: returnsText, Final: returnsText + "\n\n" + long, Offered: sources},
		"one line":     {Draft: long, Final: strings.Repeat("слово ", 180_000), Offered: sources},
		"one word":     {Draft: returnsText, Final: strings.Repeat("x", 1<<20), Offered: sources},
		"numbers":      {Draft: returnsText, Final: strings.Repeat("14 days 9:00 ", 80_000), Offered: sources},
		"quoted":       {Draft: returnsText, Final: returnsText + "\n" + strings.Repeat("> "+shippingText+"\n", 9000), Offered: sources},
		"empty quotes": {Draft: returnsText, Final: strings.Repeat(">\n", 500_000), Offered: sources},
	} {
		t.Run(name, func(t *testing.T) {
			got := CreditsOf(r)
			sound(t, got)
			if (name == "prose" || name == "quoted") && got[0].Share == 0 {
				t.Errorf("the source of its first lines has no share: %+v", got[0])
			}
		})
	}
}

// sound checks what is true of any credits.
func sound(t *testing.T, credits []Credit) {
	t.Helper()
	sum := 0.
	for _, c := range credits {
		sum += c.Share
		if !(c.Share >= 0 && c.Share <= 1) || !(c.Amount >= -1 && c.Amount <= 1) || c.Why == "" || !utf8.ValidString(c.Why) && utf8.ValidString(c.SourceID) {
			t.Errorf("%+v", c)
		}
		if c.Verdict == "" && c.Amount != 0 || c.Verdict == Unused && c.Amount != 0 {
			t.Errorf("an amount without a reason: %+v", c)
		}
	}
	if sum > 1+1e-9 {
		t.Errorf("the shares come to %v", sum)
	}
}

func FuzzCreditsOf(f *testing.F) {
	f.Add(returnsText, returnsText, returnsText, shippingText, 0, 20, true)
	f.Add(возврат, "Нет. > 30 дней [1]\n> x\nOn 1 wrote:", возврат, возврат, -3, 1<<30, false)
	f.Add("", "⟦x⟧ 14", "", "14 days", 5, 2, true)
	f.Fuzz(func(t *testing.T, draft, final, one, two string, from, to int, revised bool) {
		r := &Reply{Draft: draft, Final: final, Citations: []retrieval.Citation{{Marker: 1, SourceID: "a", Start: from, End: to}}, Offered: []Offered{
			{ID: "a", Kind: kb.Article, Place: 1, Title: two, Text: one, Revised: revised},
			{ID: "b", Kind: kb.Case, Article: "a", Place: 2, Text: two},
			{ID: "c", Kind: kb.Article, Text: one + " " + two, Cited: revised},
		}}
		got := CreditsOf(r)
		if len(got) != 3 {
			t.Fatalf("got %d credits of 3 sources", len(got))
		}
		sound(t, got)
	})
}

func BenchmarkCreditsOf(b *testing.B) {
	var offered []Offered
	for i, text := range []string{returnsText, shippingText, возврат, "Vouchers never expire and can be used in any shop of ours.", "An account is closed within 30 days."} {
		var s strings.Builder
		for n := 0; s.Len() < 2000; n++ {
			s.WriteString(text + " " + strings.Fields(returnsText + " " + shippingText)[(7*i+3*n)%30] + " ")
		}
		offered = append(offered, article(string(rune('a'+i)), s.String(), i == 0))
	}
	draft := strings.Repeat(returnsText+" ", 3)
	r := &Reply{Draft: draft, Citations: cites(draft, offered), Final: strings.Repeat(returnsText+" "+shippingText+" ", 4), Offered: offered}
	for b.Loop() {
		CreditsOf(r)
	}
}
