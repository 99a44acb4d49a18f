package retrieval

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFollowsUp(t *testing.T) {
	for _, tt := range []struct {
		text string
		want bool
	}{
		{"а если оплатил картой?", true},
		{"в рассрочку", true},
		{"what about gift cards?", true},
		{"and if I lost the receipt?", true},
		{"спасибо!", true},
		{"Как вернуть товар, если потерял чек и прошло две недели?", false},
		{"How do I change the delivery address of an order that was paid already?", false},
		{"А если курьер привёз не тот цвет палатки, а упаковку я уже выбросил и чека нет, можно ли обменять?", false},
	} {
		if got := followsUp(tt.text); got != tt.want {
			t.Errorf("%q: %v, want %v", tt.text, got, tt.want)
		}
	}
}

func TestRead(t *testing.T) {
	c, o, b := Customer, Operator, Bot
	for _, tt := range []struct {
		name          string
		dialogue      []Message
		text, context string
		earlier       int
	}{
		{"one message", []Message{{Role: c, Text: "How do I return a tent?"}}, "How do I return a tent?", "", 0},
		{"a burst is one question", []Message{{Role: c, Text: "Здравствуйте"}, {Role: c, Text: " "}, {Role: c, Text: "где заказ"}},
			"Здравствуйте\nгде заказ", "", 0},
		{"a reply after the question does not hide it", []Message{{Role: c, Text: "Where is my parcel with the boots?"}, {Role: b, Text: "One moment"}},
			"Where is my parcel with the boots?", "", 0},
		{"a follow-up takes its subject along", []Message{{Role: c, Text: "Подскажите, какие есть способы оплаты заказа в магазине"}, {Role: o, Text: "Картой"}, {Role: c, Text: "а если картой?"}},
			"а если картой?", "Подскажите, какие есть способы оплаты заказа в магазине", 2},
		{"through another follow-up", []Message{{Role: c, Text: "What does delivery to Riga cost and how long does it take?"}, {Role: o, Text: "€12"}, {Role: c, Text: "and express?"}, {Role: o, Text: "€20"}, {Role: c, Text: "and if I cancel?"}},
			"and if I cancel?", "What does delivery to Riga cost and how long does it take?\nand express?", 4},
		{"a new question leaves the old behind", []Message{{Role: c, Text: "How do I return a tent?"}, {Role: o, Text: "Like this"}, {Role: c, Text: "Thanks. Which gift cards do you sell and where can I pay with them?"}},
			"Thanks. Which gift cards do you sell and where can I pay with them?", "", 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			q, err := read(tt.dialogue)
			if err != nil || q.text != tt.text || q.context != tt.context || len(q.earlier) != tt.earlier {
				t.Errorf("read %+v, %v; want text %q, context %q, %d earlier", q, err, tt.text, tt.context, tt.earlier)
			}
		})
	}
}

func TestReadKeepsBothEndsOfALongMessage(t *testing.T) {
	q, err := read([]Message{{Role: Customer, Text: "start " + strings.Repeat("слово ", MaxQuestion) + " end"}})
	if err != nil || utf8.RuneCountInString(q.text) > MaxQuestion+1 || !strings.HasPrefix(q.text, "start") || !strings.HasSuffix(q.text, "end") {
		t.Errorf("%d runes, %v", utf8.RuneCountInString(q.text), err)
	}
}

func TestWithoutPlaceholders(t *testing.T) {
	for in, want := range map[string]string{
		"order ⟦order:A⟧ is late": "order   is late",
		"no placeholder":          "no placeholder",
		"open ⟦ end":              "open  end",
	} {
		if got := withoutPlaceholders(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestSliceCutsByRunes(t *testing.T) {
	const text = "жёлтый cab"
	for _, tt := range []struct {
		start, end int
		want       string
	}{{0, 6, "жёлтый"}, {7, 10, "cab"}, {7, 99, "cab"}, {99, 100, ""}, {3, 3, ""}} {
		if got := slice(text, tt.start, tt.end); got != tt.want {
			t.Errorf("%d to %d: %q, want %q", tt.start, tt.end, got, tt.want)
		}
	}
}
