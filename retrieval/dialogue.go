package retrieval

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/whetstone-desk/whetstone/embeddings"
)

// MaxQuestion is how much of a question is read, in runes. What a customer
// asks stands at the start or the end of a long message, so the middle goes.
const MaxQuestion = 8000

// A question is what a customer wants to know, taken from a dialogue.
type question struct {
	text    string    // the latest burst of the customer's messages
	context string    // what gives a short follow-up its subject; empty: it has one
	earlier []Message // all that was said before the burst
}

// read finds the question in a dialogue: the customer's latest messages, which
// count as one since people send a thought in pieces.
func read(messages []Message) (question, error) {
	end := len(messages)
	for end > 0 && messages[end-1].Role != Customer {
		end--
	}
	start := end
	for start > 0 && messages[start-1].Role == Customer {
		start--
	}
	q := question{text: burst(messages[start:end]), earlier: messages[:start]}
	if strings.TrimSpace(q.text) == "" {
		return q, fmt.Errorf("%w: there is no customer's message with text to answer", ErrInvalid)
	}
	if followsUp(q.text) {
		q.context = subject(messages[:start])
	}
	return q, nil
}

func burst(messages []Message) string {
	var parts []string
	for _, m := range messages {
		if t := strings.TrimSpace(m.Text); t != "" {
			parts = append(parts, t)
		}
	}
	return shorten(strings.Join(parts, "\n"), MaxQuestion)
}

// shorten keeps the first and the last runes of a text that is too long.
func shorten(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	runes := []rune(text)
	return string(runes[:most/2]) + "\n" + string(runes[len(runes)-most/2:])
}

// openers begin a message that goes on with what was said before.
var openers = []string{
	"а если", "а как", "а когда", "а можно", "а что", "а где", "а сколько", "а для", "а у ", "а в ", "а на ", "а это", "а при", "и если", "и как", "и ещё",
	"и еще", "тогда", "то есть", "а с ", "а по ", "ну а", "а ещё", "а еще", "это ", "этот", "эту ", "он ", "она ", "оно ", "они ", "его ", "её ", "ее ", "их ",
	"and if", "and how", "and what", "and when", "and where", "what if", "what about", "how about", "but if", "but what", "then ", "so ", "also ", "and ",
	"it ", "that ", "this ", "they ", "them ", "is it", "can it", "does it", "will it", "would it", "what's it", "how long does it", "same ",
}

// shortSubject is the number of words with meaning below which a message that
// goes on with the last one is taken to lack a subject of its own.
const shortSubject = 7

// followsUp reports whether a message cannot be understood without what came
// before: it is very short, or short and begins like a continuation.
func followsUp(text string) bool {
	n := 0
	for _, t := range embeddings.Analyze(text).Tokens {
		if !t.Stop && !t.Part {
			n++
		}
	}
	if n <= 2 {
		return true
	}
	text = strings.ToLower(strings.TrimSpace(text))
	return n < shortSubject && slices.ContainsFunc(openers, func(o string) bool { return strings.HasPrefix(text, o) })
}

// subject returns the customer's latest message before the burst that is no
// follow-up itself, with the follow-ups between.
func subject(earlier []Message) string {
	var parts []string
	for i := len(earlier) - 1; i >= 0 && len(parts) < 3; i-- {
		if earlier[i].Role != Customer || strings.TrimSpace(earlier[i].Text) == "" {
			continue
		}
		parts = append(parts, earlier[i].Text)
		if !followsUp(earlier[i].Text) {
			break
		}
	}
	slices.Reverse(parts)
	return shorten(strings.Join(parts, "\n"), MaxQuestion/4)
}
