package feedback

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
)

// A replyText is what an operator sent, cut up to be judged: is there anything in
// it that the next customer could use?
type replyText []replySentence

// A replySentence is one sentence of a reply.
type replySentence struct {
	clauses  []replyClause
	asks     bool // it ends in a question mark
	points   bool // it names a place to look or write to: a link, an address, something in quotation marks
	supposes bool // it says what is the case if or when something is, and not what is
}

// A replyClause is what stands between two commas or their like.
type replyClause struct {
	text  string
	words []string // folded
}

// standIns finds placeholders of personal data; each has its kind as a group.
var standIns = regexp.MustCompile(`⟦\s*(\pL+)\s*:\s*\pL+\s*⟧`)

// pointing finds places to look or write to.
var pointing = regexp.MustCompile(`https?://|www\.|[\w.]+@[\w.]+\w|[«"“„][^»"”“]+[»"”“]|→|›|\s>\s`)

// money finds amounts.
var money = regexp.MustCompile(`(?i)[€$£₽]\s?\d|\d\s?(?:[€$£₽]|руб|р\.|eur\b|usd\b|коп)`)

// readReply cuts a text up.
func readReply(text string) replyText {
	var r replyText
	for _, span := range kb.Sentences(text) {
		raw := text[span.Start:span.End]
		s := replySentence{asks: strings.HasSuffix(strings.TrimRight(raw, ")( \t!»\""), "?"), points: pointing.MatchString(raw)}
		for _, part := range clausesOf(raw) {
			c := replyClause{text: part, words: wordsOf(part)}
			if len(c.words) == 0 {
				continue
			}
			s.supposes = s.supposes || openers().has(c.words[0]) || slices.ContainsFunc(c.words, conditions().has)
			s.clauses = append(s.clauses, c)
		}
		if len(s.clauses) > 0 {
			r = append(r, s)
		}
	}
	return r
}

// clausesOf cuts a sentence at what divides it. A comma, full stop or colon
// within a number, an address or a placeholder divides nothing.
func clausesOf(s string) []string {
	var out []string
	from := 0
	for i, c := range s {
		next := i + len(string(c))
		tight := next < len(s) && !unicode.IsSpace(rune(s[next]))
		if strings.ContainsRune(",:.!?", c) && tight || !strings.ContainsRune(",;:.!?()—–\n", c) {
			continue
		}
		out = append(out, s[from:i])
		from = next
	}
	return append(out, s[from:])
}

// wordsOf returns the words of a text, folded. What stands before an
// apostrophe is a word by itself: we've is we and ve. A placeholder is the word
// ⟦kind⟧.
func wordsOf(text string) []string {
	text = standIns.ReplaceAllString(text, " ⟦$1⟧ ")
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '⟦' && r != '⟧' && r != '-'
	})
	for i, w := range words {
		words[i] = strings.ReplaceAll(w, "ё", "е")
	}
	return slices.DeleteFunc(words, func(w string) bool { return strings.Trim(w, "-") == "" })
}

// substantial reports whether the reply tells anything: whether something is
// left of it without greetings, thanks, promises, questions back, what was
// passed on, and the news that it is done.
func (r replyText) substantial() bool {
	told, firm := 0, false
	for i := range r {
		s := &r[i]
		if s.asks || s.requests() {
			continue
		}
		for j := range s.clauses {
			c := &s.clauses[j]
			if s.empty(c) {
				continue
			}
			n, f := c.weight()
			told, firm = told+n, firm || f
		}
	}
	return told >= 2 || told == 1 && firm
}

// requests reports whether the sentence asks the customer for more, rather than
// say where to turn to.
func (s *replySentence) requests() bool {
	if s.points || s.supposes {
		return false
	}
	for i := range s.clauses {
		c := &s.clauses[i]
		for k, w := range c.words {
			if k < 4 && requests().has(w) && !slices.Contains(c.words, "to") {
				return true
			}
		}
	}
	return false
}

// empty reports whether a clause tells nothing about the subject.
func (s *replySentence) empty(c *replyClause) bool {
	all := func(lists ...*wordList) bool {
		return !slices.ContainsFunc(c.words, func(w string) bool {
			return !strings.HasPrefix(w, "⟦") && !stopWord(w) && !slices.ContainsFunc(lists, func(l *wordList) bool { return l.has(w) })
		})
	}
	if all(courtesies(), finished(), fillers(), yours(), promises()) && !money.MatchString(c.text) && !slices.ContainsFunc(c.words, digital) {
		return !c.rules()
	}
	if s.points || s.supposes {
		return false
	}
	return slices.ContainsFunc(c.words, passing().has) && slices.ContainsFunc(c.words, receivers().has) ||
		c.promises() && len(c.words) <= 12 && !slices.ContainsFunc(c.words, digital)
}

// promises reports whether a clause says what the operator is going to do. In
// Russian the verb alone says whose doing it is.
func (c *replyClause) promises() bool {
	return slices.ContainsFunc(c.words, func(w string) bool {
		return promises().has(w) && (!english(w) || c.words[0] == "i" || c.words[0] == "we" || slices.Contains(c.words, "we"))
	})
}

// rules reports whether a clause says yes, no or how many: little, but what was
// asked for.
func (c *replyClause) rules() bool {
	return slices.ContainsFunc(c.words, func(w string) bool {
		return slices.Contains([]string{"нельзя", "невозможно", "cannot", "impossible"}, w)
	})
}

// weight returns how many words of a clause carry a subject, and whether it
// says a number or no.
func (c *replyClause) weight() (n int, firm bool) {
	for _, w := range c.words {
		switch {
		case digital(w), slices.Contains([]string{"не", "нет", "нельзя", "no", "not", "cannot", "t", "только", "only"}, w):
			firm = true
		case !strings.HasPrefix(w, "⟦") && !stopWord(w) && !fillers().has(w) && len([]rune(w)) > 1:
			n++
		}
	}
	return n, firm || pointing.MatchString(c.text)
}

// starts reports whether the clause begins with one of the words.
func (c *replyClause) starts(words ...string) bool {
	joined := strings.Join(c.words, " ")
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(joined, w) })
}

// digital reports whether a word holds a digit.
func digital(w string) bool { return strings.ContainsFunc(w, unicode.IsDigit) }

// stopWord reports whether a word carries no subject.
func stopWord(w string) bool {
	t := embeddings.Analyze(w).Tokens
	return len(t) == 0 || t[0].Stop
}
