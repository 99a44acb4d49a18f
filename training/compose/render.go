package compose

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/whetstone-desk/whetstone/kb/gap"
)

// render lays the statements out as the draft's body: running text in
// paragraphs, steps and items in lists.
func render(taken []chosen, d *gap.Draft) {
	var b strings.Builder
	number := 0
	for i := range taken {
		c := &taken[i]
		follows := i > 0 && taken[i-1].layout == c.layout
		switch {
		case i == 0:
		case !follows:
			b.WriteString("\n\n")
		case c.layout == running:
			b.WriteString(" ")
		default:
			b.WriteString("\n")
		}
		switch c.layout {
		case step:
			if number++; !follows {
				number = 1
			}
			b.WriteString(strconv.Itoa(number) + ". ")
		case bullet:
			b.WriteString("- ")
		case running:
		}
		start := utf8.RuneCountInString(b.String())
		b.WriteString(c.text)
		d.Sentences = append(d.Sentences, gap.Sentence{Text: c.text, Start: start, End: start + utf8.RuneCountInString(c.text), Tickets: c.tickets})
		if conflict, ok := c.conflict(i); ok {
			d.Conflicts = append(d.Conflicts, conflict)
		}
	}
	if d.Body = b.String(); d.Body != "" {
		d.Body += "\n"
	}
}

// words are what a draft says of itself, in its language.
type words struct {
	nobody     string // has answered
	once       string // said by one ticket only
	foreign    string // replies in other languages; with their number
	own        string // sentences about one customer; with their number
	unanswered string // tickets without a reply; with their number and an example
	known      string // an article says all of it already
}

func wording(lang string) *words {
	if lang == "ru" {
		return &words{
			nobody:     "Ни на один из этих вопросов ещё не ответили: писать не из чего.",
			once:       "Сказано только в одном обращении и в черновик не вошло: ",
			foreign:    "Ответов на других языках, которые не вошли: %d.",
			own:        "Фраз о делах отдельных клиентов, которые не вошли: %d.",
			unanswered: "Вопросов, ответ на которые неизвестен: %d. Например: %s",
			known:      "В статье уже есть всё, что отвечали операторы: её не нашли или не поняли.",
		}
	}
	return &words{
		nobody:     "Nobody has answered any of these questions yet: there is nothing to write from.",
		once:       "Told in one ticket only, and left out: ",
		foreign:    "Replies in other languages that were left out: %d.",
		own:        "Sentences about single customers that were left out: %d.",
		unanswered: "Questions of which no answer is known: %d. One of them: %s",
		known:      "The article says all that operators answered: it was not found, or not understood.",
	}
}

// exampleMost is how long an example may be, in runes.
const exampleMost = 200

// left says what was left out of the draft, and what nobody knows.
func (w *words) left(t *Task, rs []reading, lang string) []string {
	var out []string
	foreign, silent, example := 0, 0, ""
	for i := range t.Replies {
		r := &t.Replies[i]
		switch {
		case strings.TrimSpace(r.Text) == "":
			silent++
			example = r.Question
		case spoken(r) != lang:
			foreign++
		}
	}
	own := 0
	for i := range rs {
		own += rs[i].own
	}
	if silent > 0 && example != "" {
		if short := []rune(example); len(short) > exampleMost {
			example = string(short[:exampleMost]) + "…"
		}
		out = append(out, fmt.Sprintf(w.unanswered, silent, example))
	}
	if foreign > 0 {
		out = append(out, fmt.Sprintf(w.foreign, foreign))
	}
	if own > 0 {
		out = append(out, fmt.Sprintf(w.own, own))
	}
	return out
}
