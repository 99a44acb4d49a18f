package retrieval

import (
	"regexp"
	"strings"

	"github.com/whetstone-desk/whetstone/kb/markup"
)

// orders are how text speaks that was put into a source to steer a language
// model. Nobody who writes to support is helped by it.
var orders = regexp.MustCompile(`(?:ignore|disregard|forget|override)\s+(?:(?:all|any|the|of|your|my|these|those)\s+)*(?:previous|prior|above|preceding|earlier)\s+(?:\S+\s+)?(?:instruction|prompt|direction)` +
	`|(?:игнорируй|игнорировать|проигнорируй|забудь|забыть|не учитывай|отмени)(?:те)?\s+(?:(?:все|всё|эти|свои|твои|ваши)\s+)*(?:предыдущи|прошлы|прежни|вышеуказанн|ранее данн)\S*\s+(?:\S+\s+)?(?:инструкци|указани|промпт|команд)` +
	`|(?m:^[\s>#*_\[]*(?:system|система)[\]*_]*\s*:[\s*_]*(?:you\b|your\b|ignore|always|never|do\b|don't|reply|respond|answer|say\b|tell\b|from now|new\b|` +
	`ты\s|вы\s|всегда|никогда|отве[тч]|скажи|игнорир|не\s|теперь|напиши|сообщи))|(?:ignore|reveal|print|show) (?:the |your )?system prompt` +
	`|<source\s+id=|<\|im_(?:start|end)\|>|\[/?inst\]`)

// orderMarks are what a text has to have one of to be worth a look for orders.
var orderMarks = [...]string{"ignore", "disregard", "forget", "override", "игнорир", "забуд", "забыт", "не учитывай", "отмени", "system", "систем", "<source", "<|im_", "inst]"}

// addressesModel reports whether a text gives orders to a language model.
func addressesModel(text string) bool {
	text = strings.ToLower(text)
	for _, m := range orderMarks {
		if strings.Contains(text, m) {
			return orders.MatchString(text)
		}
	}
	return false
}

// referring is how a sentence goes that only says where to read on.
var referring = regexp.MustCompile(`^(?:смотрите|смотри|см\.|подробн|читайте|об этом|узнайте|see\b|read\b|learn more|find out|for (?:more|details|further)|more (?:about|on|in|details)|refer\b|details\b)` +
	`.*(?:стать|раздел|инструкци|страниц|пункт|выше|ниже|article|section|guide|page|above|below|here|\]\()`)

// surroundings are sentences about what else stands on the page.
var surroundings = regexp.MustCompile(`(?:список|списк|таблиц|перечень|перечн|раздел|пункт)\S*\s+(?:выше|ниже)|(?:выше|ниже)(?:указанн|приведённ|приведенн)?\S*\s+(?:список|списк|таблиц|переч|раздел)` +
	`|\b(?:list|table|section|steps?)\s+(?:above|below)|\b(?:above|following)\s+(?:list|table|section|steps?)\b`)

// labels are what can only be headings, however they are set.
var labels = regexp.MustCompile(`^(?:важно|внимание|примечание|обратите внимание|подсказка|совет|important|note|notice|attention|warning|tip|hint)$` +
	`|^(?:как|что|где|когда|почему|зачем|если|how|what|where|when|why|who|if)\s`)

// mostLabel is how many words a label has at most, mostPointer those of a
// sentence that points elsewhere.
const (
	mostLabel   = 5
	mostPointer = 16
)

// saysNothing reports whether blocks say nothing by themselves: a heading that
// was not marked as one, or a sentence that points at something else to read.
func saysNothing(blocks []block) bool {
	for i := range blocks {
		if !blocks[i].thin() {
			return false
		}
	}
	return true
}

func (b *block) thin() bool {
	switch b.kind {
	case paragraph:
		text := strings.TrimSpace(strings.Join(b.lines, " "))
		return label(text) || points(text)
	case list:
		for _, l := range b.lines { // a table of contents
			l = strings.TrimSpace(l)
			l = strings.TrimSpace(l[markup.Bullet(l):])
			if !strings.HasPrefix(l, "[") || !strings.HasSuffix(l, ")") || strings.Count(l, "](") != 1 || strings.Contains(l, "](http") {
				return false
			}
		}
		return true
	default:
		return false
	}
}

// label reports whether a paragraph is a bare heading.
func label(text string) bool {
	bare := strings.ToLower(strings.Trim(text, " *_:#!"))
	if strings.ContainsAny(bare, ".,!0123456789()") || len(strings.Fields(bare)) > mostLabel {
		return false
	}
	return labels.MatchString(bare)
}

// points reports whether a paragraph says only where to read on.
func points(text string) bool {
	words := len(strings.Fields(text))
	if words == 0 || words > mostPointer {
		return false
	}
	text = strings.ToLower(strings.Trim(text, " *_"))
	if i := strings.IndexAny(strings.TrimPrefix(text, "см."), ".!?"); i >= 0 && strings.Contains(text[i:], ". ") {
		return false // there is more
	}
	return referring.MatchString(text) || surroundings.MatchString(text)
}

// allThin reports whether no unit says anything by itself.
func allThin(units []excerpt) bool {
	for i := range units {
		if !units[i].thin {
			return false
		}
	}
	return true
}

// strongest is the unit with the best score of those that say something, and
// of all where none does.
func strongest(units []excerpt) int {
	best, says := 0, false
	for i := range units {
		if !units[i].thin && (!says || units[i].score > units[best].score) {
			best, says = i, true
		}
	}
	if says {
		return best
	}
	for i := range units {
		if units[i].score > units[best].score {
			best = i
		}
	}
	return best
}

// withoutIdle leaves out of what was chosen the headings whose text was not,
// and what only leads to other pages, unless that is all there is. A sentence
// about a list above stays: it may say where the list does not hold.
func withoutIdle(chosen []excerpt) []excerpt {
	if allThin(chosen) {
		return chosen
	}
	var out []excerpt
	for i := range chosen {
		u := &chosen[i]
		heads := i+1 < len(chosen) && chosen[i+1].blocks[0].section == u.blocks[0].section && !chosen[i+1].thin
		if !u.idle() || heads && u.label() {
			out = append(out, *u)
		}
	}
	return out
}

// idle reports whether a thin unit is of no use to someone who reads a message.
func (u *excerpt) idle() bool {
	if !u.thin {
		return false
	}
	for i := range u.blocks {
		text := strings.ToLower(strings.Join(u.blocks[i].lines, " "))
		if strings.Contains(text, "](http") || u.blocks[i].kind == paragraph && surroundings.MatchString(text) {
			return false
		}
	}
	return true
}

// label reports whether a unit is a heading and no more.
func (u *excerpt) label() bool {
	b := &u.blocks[len(u.blocks)-1]
	return len(u.blocks) == 1 && b.kind == paragraph && label(strings.Join(b.lines, " "))
}
