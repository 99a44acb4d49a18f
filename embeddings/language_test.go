package embeddings

import "testing"

func TestLanguage(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"Russian", "Как вернуть заказ?", "ru"},
		{"Russian with a product name", "Не работает iPhone 15 Pro Max", "ru"},
		{"Russian around a link", "См. https://example.com/help/articles/returns", "ru"},
		{"English", "How do I return an order?", "en"},
		{"one English word", "refund", "en"},
		{"German", "Wie kann ich meine Bestellung zurückgeben?", "de"},
		{"German without umlauts", "Ich habe die Rechnung nicht bekommen", "de"},
		{"French", "Comment puis-je retourner ma commande ?", "fr"},
		{"Spanish", "¿Cómo puedo devolver mi pedido?", "es"},
		{"Italian", "Come posso restituire il mio ordine?", "it"},
		{"Portuguese", "Como posso devolver o meu pedido? Não chegou.", "pt"},
		{"Dutch", "Hoe kan ik mijn bestelling terugsturen?", "nl"},
		{"Swedish", "Hur kan jag skicka tillbaka min beställning?", "sv"},
		{"Turkish", "Siparişimi nasıl iade edebilirim?", "tr"},
		{"Ukrainian", "Як повернути замовлення і гроші?", "uk"},
		{"Arabic", "كيف أعيد الطلب؟", "ar"},
		{"Chinese", "如何退货？", "zh"},
		{"Japanese", "返品方法を教えてください", "ja"},
		{"Korean", "주문을 어떻게 반품하나요?", "ko"},
		{"digits", "4411", "und"},
		{"emoji", "😀", "und"},
		{"nothing", "", "und"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Language(tt.in); got != tt.want {
				t.Errorf("Language(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}
