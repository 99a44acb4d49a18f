package retrieval

import "testing"

func TestAReplyLosesItsGreetingAndItsSignature(t *testing.T) {
	for _, tt := range []struct{ name, reply, want string }{
		{"both in one line", "⟦name:A⟧, зажмите кнопку на 10 секунд. С уважением, ⟦name:B⟧", "зажмите кнопку на 10 секунд."},
		{"a name and then a greeting", "⟦name:A⟧, здравствуйте! Зажмите кнопку.", "Зажмите кнопку."},
		{"a greeting and then a name", "Добрый день, ⟦name:A⟧! Зажмите кнопку.", "Зажмите кнопку."},
		{"dear", "Dear ⟦name:A⟧, hold the button. Best regards, ⟦name:B⟧", "hold the button."},
		{"hi", "Hi ⟦name:A⟧! Hold the button.", "Hold the button."},
		{"the name alone", "Hold the button. ⟦name:B⟧", "Hold the button."},
		{"the name and whose support it is", "Зажмите кнопку. Хорошего дня! ⟦name:B⟧, служба поддержки", "Зажмите кнопку."},
		{"thanks to someone", "Thank you for writing, ⟦name:A⟧! Hold the button.", "Thank you for writing, ⟦name:A⟧! Hold the button."},
		{"lines", "Hello ⟦name:A⟧,\n\nHold the button.\n\nKind regards,\n⟦name:B⟧\nPereval", "Hold the button."},
		{"a greeting of nobody", "Здравствуйте! Зажмите кнопку. С уважением, ⟦name:B⟧", "Здравствуйте! Зажмите кнопку."},
		{"an answer that is one word", "⟦name:A⟧, да, можно.", "да, можно."},
		{"a name within what is said", "Hold the button. The best person to ask is ⟦name:B⟧.", "Hold the button. The best person to ask is ⟦name:B⟧."},
		{"someone to ask", "Позвоните нам. ⟦name:B⟧ передаст вам новый кабель.", "Позвоните нам. ⟦name:B⟧ передаст вам новый кабель."},
		{"no name", "Hold the button, then let go.", "Hold the button, then let go."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := withoutFrame(tt.reply); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestExtractSendsAReplyOfOneLine(t *testing.T) {
	evidence := []Evidence{caseEvidence("case", "Как сбросить датчик протечки?",
		"⟦name:A⟧, зажмите кнопку на 10 секунд. С уважением, ⟦name:B⟧", 0.8)}
	a, err := Extract{}.Generate(t.Context(), Request{Question: "Как мне сбросить датчик протечки?", Language: "ru", Evidence: evidence}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := "Зажмите кнопку на 10 секунд. [1]"; a.Text != want {
		t.Errorf("got %q, want %q", a.Text, want)
	}
}
