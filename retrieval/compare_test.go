package retrieval

import "testing"

func TestCompare(t *testing.T) {
	const source = "An item can be returned within 14 days of delivery. Write to the shop in Riga."
	tests := []struct {
		name, sentence string
		sources        [][]string
		exact          bool
		covered        bool // by at least half
		said, sent     string
	}{
		{"a sentence that was copied is exact", "An item can be returned within 14 days of delivery.", [][]string{{source}}, true, true, "", ""},
		{"a sentence that was reworded is covered", "You can return the item within 14 days of its delivery.", [][]string{{source}}, false, true, "", ""},
		{"a changed number clashes with the one in its place", "An item can be returned within 30 days of delivery.", [][]string{{source}}, false, true, "14 days", "30 days"},
		{"a number in another unit that is as much does not clash", "An item can be returned within 2 weeks of delivery.", [][]string{{source}}, false, true, "", ""},
		{"a number that is added does not clash", "Item 4411 can be returned within 14 days of delivery.", [][]string{{source}}, false, true, "", ""},
		{"another name is another matter", "An item from Oslo can be returned within 30 days of delivery.", [][]string{{source}}, false, true, "", ""},
		{"the text of a source that does not clash counts", "An item can be returned within 30 days of delivery.", [][]string{{source, "An item can be returned within 30 days of delivery."}}, true, true, "", ""},
		{"a sentence of other words is not covered", "Vouchers never expire.", [][]string{{source}}, false, false, "", ""},
		{"отрицание расходится с источником", "Товар нельзя вернуть в магазин.", [][]string{{"Товар можно вернуть в магазин. Чек нужен."}}, false, true, "Товар можно вернуть в магазин", "Товар нельзя вернуть в магазин."},
		{"«нет» в начале отвечает и не отрицает", "Нет, товар можно вернуть в магазин.", [][]string{{"Товар можно вернуть в магазин. Чек нужен."}}, false, true, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Compare(tt.sentence, tt.sources)
			if len(got) != 1 || got[0].Courtesy || len(got[0].Supports) != 1 {
				t.Fatalf("got %+v, want one sentence and one source", got)
			}
			s := got[0].Supports[0]
			var said, sent string
			if s.Clash != nil {
				said, sent = s.Clash.Said, s.Clash.Sent
			}
			if s.Exact != tt.exact || s.Cover >= 0.5 != tt.covered || said != tt.said || sent != tt.sent {
				t.Errorf("got exact %v, cover %.2f, %q for %q; want exact %v, covered %v, %q for %q", s.Exact, s.Cover, sent, said, tt.exact, tt.covered, tt.sent, tt.said)
			}
		})
	}
}

func TestCompareCountsRareWordsMore(t *testing.T) {
	got := Compare("The voucher of the shop expires.", [][]string{{"The voucher expires."}, {"The shop opens."}, {"The shop closes."}})
	s := got[0].Supports
	if s[0].Rare <= s[0].Cover || s[1].Rare >= s[1].Cover && s[1].Cover > 0 {
		t.Errorf("got %+v", s)
	}
	if c := Compare("Hello! Thank you.", nil); len(c) == 0 || !c[0].Courtesy || c[0].Weight != 0 {
		t.Errorf("a greeting: got %+v", c)
	}
}
