package desk

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/source"
)

// An author is who wrote a message.
type author int

// The authors of messages. What nobody wrote, or what cannot be told, is of a
// machine.
const (
	machine author = iota
	customer
	agent
)

// A message is one part of a ticket's conversation.
type message struct {
	by      author
	private bool // a note that the customer does not see
	text    string
	html    bool // text is HTML
	at      stamp
}

// A ticket is what the systems' tickets have in common.
type ticket struct {
	id, subject string
	url, locale string
	tags        []string
	state       string // as the system calls it, for the report
	solved      bool
	deleted     bool // by an operator, or spam
	updated     stamp
	resolved    stamp
	rating      *float64 // from 0 to 1; nil: none
	separate    bool     // a rating does not change updated
	replies     int      // what else tells versions apart, where updated does not say all
	messages    []message
}

// mark tells this version of a ticket from others.
func (t *ticket) mark() string {
	mark := t.updated.String()
	if t.separate && t.rating != nil && mark != "" {
		mark += fmt.Sprintf(" rated %.2f", *t.rating)
	}
	if t.replies > 0 && mark != "" {
		mark += fmt.Sprintf(" %d messages", t.replies)
	}
	return mark
}

// ticket delivers a ticket as a case, or says why it is none. Load, which may
// be nil, reads the messages; it is called for tickets that may become a case
// and are not known in this version.
func (r *reader) ticket(t ticket, load func(t *ticket) error) error {
	id := r.System + ".ticket." + t.id
	if r.at != nil {
		r.at.saw(t.updated)
		if since := moment(r.at.Since); r.sift && !t.updated.IsZero() && t.updated.Before(since.Time) {
			return nil
		}
	}
	switch {
	case t.deleted && r.at != nil && (r.Known == nil || r.Known(id) != ""):
		return r.give(source.Item{Document: kb.Document{ID: id, Kind: kb.Case, Deleted: true}, File: r.place(id), Line: r.line})
	case t.deleted:
		return r.skip(id, "deleted or spam")
	case !t.solved:
		return r.skip(id, "not solved: its state is %s", cmp.Or(t.state, "not known"))
	}
	// What is read below must not be in it, or it would differ when it is not.
	mark := t.mark()
	if done, err := r.known(id, mark); done || err != nil {
		return err
	}
	if load != nil {
		switch err := load(&t); {
		case gone(err):
			return r.skip(id, "gone since it was listed")
		case broken(err):
			return r.lost(id, "%v", err)
		case err != nil:
			return err
		}
	}
	return r.solved(id, mark, t)
}

// solved makes a case of a ticket.
func (r *reader) solved(id, mark string, t ticket) error {
	said, err := conversation(t.messages)
	if err != nil {
		return r.lost(id, "%v", err)
	}
	problem, replies := split(said)
	switch {
	case problem == "":
		return r.skip(id, "no message of the customer")
	case len(replies) == 0:
		return r.skip(id, "no public reply of a person")
	}
	n := final(replies)
	item := source.Item{Mark: mark, Rating: t.rating}
	if n < len(replies)-1 {
		item.Notes = append(item.Notes, fmt.Sprintf("its resolution is reply %d of %d: what came after it is courtesy", n+1, len(replies)))
	}
	d := &item.Document
	d.Kind, d.ID = kb.Case, id
	d.Title, d.Problem, d.Resolution = line(t.subject), problem, replies[n]
	d.Locale, d.URL, d.Tags = t.locale, t.url, t.tags
	d.UpdatedAt, d.ResolvedAt = t.updated.Time, t.resolved.pointer()
	return r.deliver(item)
}

// conversation returns what people said in public, as Markdown.
func conversation(messages []message) ([]message, error) {
	var out []message
	for _, m := range messages {
		if m.private || m.by == machine {
			continue
		}
		if m.html {
			text, err := markdown(m.text, true)
			if err != nil {
				return nil, fmt.Errorf("a message's HTML cannot be read: %w", err)
			}
			m.text, m.html = text, false
		}
		if m.text = unquoted(m.text); m.text != "" {
			out = append(out, m)
		}
	}
	if !slices.ContainsFunc(out, func(m message) bool { return m.at.IsZero() }) {
		slices.SortStableFunc(out, func(a, b message) int { return a.at.Compare(b.at.Time) })
	}
	return out, nil
}

// split returns what the customer wrote until the first reply, and the replies
// that came after it. What an operator wrote before the customer did answers
// nothing.
func split(said []message) (problem string, replies []string) {
	var asked []string
	for _, m := range said {
		switch {
		case m.by == customer && len(replies) == 0:
			asked = append(asked, m.text)
		case m.by == agent && len(asked) > 0:
			replies = append(replies, m.text)
		}
	}
	return strings.Join(asked, "\n\n"), replies
}

// final returns which reply resolves the case: the last that says more than a
// courtesy, or the last if none does. Of replies that belong together this is
// the one in which the matter ends; earlier ones asked back or were of no help.
func final(replies []string) int {
	for i := len(replies) - 1; i >= 0; i-- {
		if !courtesy(replies[i]) {
			return i
		}
	}
	return len(replies) - 1
}

// minSubstance is how many letters a reply needs beside stock phrases to be
// more than a courtesy: "Reset your password" has 17.
const minSubstance = 15

// courtesy reports whether a reply only greets, thanks or says goodbye.
func courtesy(reply string) bool {
	plain := strings.ToLower(kb.Plain(reply))
	if strings.Contains(reply, "](") || strings.Contains(reply, "`") || strings.Contains(plain, "http") {
		return false
	}
	left := 0
	for sentence := range strings.FieldsFuncSeq(plain, func(c rune) bool { return strings.ContainsRune(".!?\n", c) }) {
		if !stock(sentence) {
			left += len([]rune(strings.Join(strings.Fields(sentence), "")))
		}
	}
	return left < minSubstance
}

// stock reports whether a sentence, in small letters, is one that every reply
// may hold.
func stock(sentence string) bool {
	for _, phrase := range [...]string{
		"you're welcome", "you are welcome", "very welcome", "glad to", "glad i could", "glad we could", "happy to help", "happy i could", "thank you", "thanks for", "thanks again",
		"have a great", "have a nice", "have a good", "other questions", "further questions", "more questions", "let us know if", "let me know if", "feel free to",
		"hesitate to", "best regards", "kind regards", "anything else", "closing this", "close this ticket", "closed and merged into", "hello", "dear ",
		"рады помочь", "рад помочь", "рада помочь", "рады были помочь", "обращайтесь", "хорошего дня", "хорошего вечера", "хороших выходных", "доброго дня", "добрый день", "здравствуйте",
		"всего доброго", "спасибо за", "спасибо, что", "благодарим", "если будут вопросы", "если возникнут вопросы", "остались вопросы", "останутся вопросы", "появятся вопросы", "с уважением",
		"закрываю обращение", "закрываем обращение", "закрою обращение", "еще помочь", "ещё помочь", "чем-то помочь",
	} {
		if strings.Contains(sentence, phrase) {
			return true
		}
	}
	return false
}
