package cluster

import (
	"strings"
	"sync"

	"github.com/whetstone-desk/whetstone/embeddings"
)

// Words of Russian and English that frame a request and say nothing of its
// topic, beside those the analyzer knows as stop words. They weigh little
// rather than nothing: "try" alone still tells something.
const frameText = `
ask asking question questions issue issues problem problems trouble wonder wondering wanted wants
try tries trying tried use uses using used make makes making made thing things explain understand
think thought see seem seems look looks looking find found happen happens happened happening needs
needed still ever yet already really actually instead able unable sure advise someone's come going
goes gone went give gives put keep keeps work works working long much many lot
вопрос вопросы вопросу проблема проблемы проблему проблемой подсказать скажи узнать понять понимаю
помочь помоги получается получилось пытаюсь пробую пробовал пробовала попробовал сделать делать делаю
использовать использую происходит произошло случилось возможно возможность нужен нужна нужны требуется
необходимо интересует интересно знаю знать вообще сейчас теперь опять снова постоянно именно
следует сообщите ответьте ответить напишите
`

// frames returns the set of the frame words, folded as tokens are.
var frames = sync.OnceValue(func() map[string]bool {
	set := make(map[string]bool)
	for w := range strings.FieldsSeq(frameText) {
		for _, t := range embeddings.Analyze(w).Tokens {
			set[t.Norm] = true
		}
	}
	return set
})

// longestText bounds what is read of a text, in bytes. What somebody asks is in
// the first pages of the longest letter.
const longestText = 6000

// plain is the beginning of text without the placeholders that stand for
// personal data, such as ⟦phone:A⟧ and [PHONE_1].
func plain(text string) string {
	if len(text) > longestText {
		text = strings.ToValidUTF8(text[:longestText], "")
	}
	if !strings.ContainsAny(text, "⟦[<") {
		return text
	}
	var b strings.Builder
	for len(text) > 0 {
		at := strings.IndexAny(text, "⟦[<")
		if at < 0 {
			break
		}
		b.WriteString(text[:at])
		text = text[at:]
		if n := placeholderLen(text); n > 0 {
			b.WriteString(" | ") // a phrase ends here
			text = text[n:]
			continue
		}
		n := 1
		if strings.HasPrefix(text, "⟦") {
			n = len("⟦")
		}
		b.WriteString(text[:n])
		text = text[n:]
	}
	b.WriteString(text)
	return b.String()
}

// longestPlaceholder bounds the search for a closing bracket, in bytes.
const longestPlaceholder = 64

// placeholderLen is the length in bytes of the placeholder text begins with, or
// 0: anything in ⟦⟧; in [] and <> only capitals, digits and underscores.
func placeholderLen(text string) int {
	for _, form := range [...]struct {
		opening, closing string
		any              bool
	}{{"⟦", "⟧", true}, {"[", "]", false}, {"<", ">", false}} {
		rest, ok := strings.CutPrefix(text, form.opening)
		if !ok {
			continue
		}
		end := strings.Index(rest[:min(len(rest), longestPlaceholder)], form.closing)
		if end < 1 {
			return 0
		}
		if !form.any && strings.Trim(rest[:end], "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") != "" {
			return 0
		}
		return len(form.opening) + end + len(form.closing)
	}
	return 0
}
