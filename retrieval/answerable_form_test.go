package retrieval

import "testing"

func TestWhatAQuestionWantsToKnow(t *testing.T) {
	for _, tt := range []struct {
		question, title string
		want            float64
	}{
		{"Что за Shorts?", "Что такое Shorts?", 1},
		{"Трансляции, что это такое?", "Как запустить трансляцию?", 0},
		{"Сколько видео можно загрузить?", "Сколько комментариев можно закрепить?", 1},
		{"Как закрепить видео?", "Сколько комментариев можно закрепить?", 0},
		{"Можно сменить тариф?", "Могу ли я сменить тариф?", 0.5},
		{"how long does a refund take", "How long until I get my money back?", 1},
		{"How do I close my account?", "How to delete an account", 0.5},
		{"Who may sign in?", "How do I sign in?", 0},
		{"refund", "How do I get a refund?", 0},
		{"How do I get a refund?", "", 0},
	} {
		if got := formOf(tt.question).alike(formOf(tt.title)); got != tt.want {
			t.Errorf("%q and %q are alike by %.1f, want %.1f", tt.question, tt.title, got, tt.want)
		}
	}
}

func TestTold(t *testing.T) {
	titles := []string{"Remove a video", "Remove a private video from a list"}
	if got := told("How do I remove a video?", titles); got < 0.99 {
		t.Errorf("of a title that is asked for as a whole %.2f is told", got)
	}
	narrow := told("How do I remove a video?", titles[1:])
	if narrow <= 0 || narrow > 0.7 {
		t.Errorf("of a title on something narrower %.2f is told", narrow)
	}
	if told("How do I remove a video?", nil) != 0 || told("", titles) != 0 {
		t.Error("something is told where nothing is asked or found")
	}
}
