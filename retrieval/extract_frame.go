package retrieval

import (
	"regexp"
	"strings"
	"unicode"
)

// tag is how redaction writes a name.
const tag = "⟦name"

var (
	names = regexp.MustCompile(`⟦name:[^⟧]*⟧`)
	// hailing is a clause that only greets or addresses someone.
	hailing = regexp.MustCompile(`^(?i:(?:здравствуйте|здравствуй|добрый|доброе|доброго|день|дня|вечер|утро|времени|суток|привет|приветствую|приветствуем|` +
		`уважаем(?:ый|ая|ые)|дорог(?:ой|ая)|hello|hi|hey|there|dear|good|morning|afternoon|evening|day|greetings|mr|mrs|ms)[\s,.]*)*$`)
	// closing is how the words before the name of a signature end.
	closing = regexp.MustCompile(`(?i:с уважением|с наилучшими пожеланиями|всего (?:вам )?(?:доброго|хорошего)|(?:хорошего|приятного|доброго)(?: вам)? дня|спасибо|ваш[аи]?|` +
		`(?:best|kind|warm|warmest)(?: regards| wishes)?|regards|cheers|sincerely(?: yours)?|yours(?: sincerely| truly)?|many thanks|thanks|thank you|have a (?:nice|great|good) day)[\s,!.—–-]*$`)
)

// longestFrame is how long, in bytes, a greeting and a signature may be.
const longestFrame = 120

// withoutFrame takes a greeting that names someone off the start of a reply,
// and a signature that does off its end. Chats and tables have all of a reply
// in one line, so neither needs a line of its own.
func withoutFrame(reply string) string {
	reply = strings.TrimSpace(reply)
	if !strings.Contains(reply, tag) {
		return reply
	}
	reply = withoutGreeting(reply)
	for {
		at := signature(reply)
		if at < 0 {
			return reply
		}
		reply = strings.TrimRightFunc(reply[:at], func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",—–-", r) })
	}
}

// withoutGreeting cuts the clauses at the start that greet, if one of them has
// a name in it: a greeting of nobody may stay.
func withoutGreeting(reply string) string {
	rest, named := reply, false
	for {
		i := strings.IndexAny(rest, "!,.\n")
		if i < 0 || i > longestFrame {
			break
		}
		bare := strings.TrimSpace(names.ReplaceAllString(rest[:i], ""))
		has := strings.Contains(rest[:i], tag)
		if !hailing.MatchString(bare) && (!has || !courteous(newPage(bare))) {
			break
		}
		named = named || has
		rest = strings.TrimLeft(rest[i+1:], "!,. \n")
	}
	if !named {
		return reply
	}
	return rest
}

// signature is where the signature of a reply starts, -1 if it has none.
func signature(reply string) int {
	name := strings.LastIndex(reply, tag)
	if name < 0 || len(reply)-name > longestFrame {
		return -1
	}
	from := 0 // of the sentence
	if i := strings.LastIndexAny(strings.TrimRight(reply[:name], " \n"), ".!?\n"); i >= 0 {
		from = i + 1
	}
	before, behind := strings.TrimLeft(reply[from:name], " \n,—–-"), names.ReplaceAllString(reply[name:], "")
	ownLine := strings.HasSuffix(strings.TrimRight(reply[:name], " "), "\n")
	if before == "" && from > 0 && (ownLine || plainTail(behind)) && len(strings.Fields(behind)) <= 6 {
		return closingStart(reply, from)
	}
	if at := closing.FindStringIndex(before); at != nil && len(strings.Fields(behind)) <= 6 {
		start := name - len(before) + at[0]
		if lead := strings.TrimSpace(reply[from:start]); lead == "" || strings.HasSuffix(lead, ",") || strings.HasSuffix(lead, "—") {
			return start
		}
	}
	if courteous(newPage(strings.TrimSpace(before + behind))) {
		return from
	}
	return -1
}

// closingStart moves the start of a signature before the words that close a letter,
// where they are a sentence or a line by themselves.
func closingStart(reply string, from int) int {
	head := strings.TrimRight(reply[:from], " \n!.,")
	start := strings.LastIndexAny(head, ".!?\n") + 1
	if at := closing.FindStringIndex(strings.TrimLeft(head[start:], " ")); at != nil && at[0] == 0 {
		return start
	}
	return from
}

// plainTail reports whether what stands behind the name of a signature may:
// nothing, or whose support it is.
func plainTail(text string) bool {
	x := lex(text)
	for i := range x {
		if polite[keyOf(&x[i])] {
			return true
		}
	}
	return len(x) == 0
}
