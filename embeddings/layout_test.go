package embeddings

import "testing"

func TestFixLayout(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"a Russian word typed in Latin", "ghbdtn", "привет"},
		{"a Russian question typed in Latin", "rfr dthyenm ltymub pf pfrfp", "как вернуть деньги за заказ"},
		{"letters on the keys of punctuation", "j,vty b djpdhfn", "обмен и возврат"},
		{"an English word typed in Cyrillic", "руддщ цщкдв", "hello world"},
		{"an English question typed in Cyrillic", "рщц ещ куегкт фт щквук", "how to return an order"},
		{"one long word inside a Russian text", "не приходит gbcmvj на почту", "не приходит письмо на почту"},
		{"an English question stays", "how to return an order", "how to return an order"},
		{"a Russian question stays", "как вернуть заказ", "как вернуть заказ"},
		{"a product name in a Russian text stays", "не работает iPhone и Xiaomi", "не работает iPhone и Xiaomi"},
		{"abbreviations stay", "HTTPS, SSL, TLS", "HTTPS, SSL, TLS"},
		{"a link stays", "https://xn--80ak6aa92e.com/qwrtp", "https://xn--80ak6aa92e.com/qwrtp"},
		{"a misspelt word stays", "strikethrugh", "strikethrugh"},
		{"an empty text stays", "", ""},
		{"digits stay", "4411", "4411"},
		{"Arabic stays", "كيف أعيد الطلب", "كيف أعيد الطلب"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := FixLayout(tt.in); got != tt.want {
				t.Errorf("FixLayout(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}
