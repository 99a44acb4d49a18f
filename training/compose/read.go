package compose

import (
	"cmp"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/redact"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// A layout is how a sentence stands in a reply.
type layout int

const (
	running layout = iota // in running text
	bullet                // an item of a list
	step                  // a numbered item
)

// A piece is one sentence of a reply that tells something for everybody.
type piece struct {
	reply  int // place among the replies that are read
	text   string
	layout layout
	place  float64 // in its reply, from 0 to 1
}

// A reading is one reply as it is read.
type reading struct {
	Reply
	pieces []piece
	own    int // sentences that are about one customer alone
}

// spoken is the language of a reply.
func spoken(r *Reply) string {
	if l := embeddings.Language(r.Text); l != "und" {
		return l
	}
	return r.Language
}

// read takes the replies in the language apart. Those that tell nothing for
// everybody are left out.
func read(t *Task, lang string) []reading {
	var out []reading
	for _, r := range latest(t.Replies) {
		if strings.TrimSpace(r.Text) == "" || spoken(&r) != lang {
			continue
		}
		x := reading{Reply: r}
		x.take(len(out))
		if len(x.pieces) > 0 || x.own > 0 {
			out = append(out, x)
		}
	}
	return out
}

// marker is what begins an item of a list.
var marker = regexp.MustCompile(`^(?:(\d{1,2})[.)]|[-*•·–—])\s+`)

// vocative is a customer's name, as its placeholder, before what is said.
var vocative = regexp.MustCompile(`^(?:[\p{L} ]{0,20}\s)?⟦(?:name|text):[^⟧]*⟧\s*[,!.:–—-]\s*`)

// personal is a placeholder of personal data.
var personal = regexp.MustCompile(`⟦[^⟧]*⟧`)

// placeholder opens what stands for personal data.
const placeholder = "⟦"

// take cuts the reply into pieces, without courtesies, without personal data
// and without what was done for one customer.
func (x *reading) take(at int) {
	text, _ := redact.Redact(x.Text)
	courtesies := make(map[int]bool) // by byte at which the sentence begins
	for _, c := range retrieval.Compare(text, nil) {
		if c.Courtesy {
			courtesies[offset(text, c.Span.Start)] = true
		}
	}
	spans := announced(text, kb.Sentences(text))
	for i, s := range spans {
		if courtesies[s.Start] {
			continue
		}
		one, kind := unmarked(text[s.Start:s.End])
		one = capital(vocative.ReplaceAllString(one, ""))
		switch {
		case !tells(personal.ReplaceAllString(one, "")): // a signature, a remark
		case strings.Contains(one, placeholder), feedback.Acts(one):
			x.own++
		case strings.HasSuffix(one, "?"): // a question back
		default:
			x.pieces = append(x.pieces, piece{reply: at, text: one, layout: kind, place: float64(i) / float64(max(1, len(spans)-1))})
		}
	}
}

// unmarked is an item of a list without what marks it as one.
func unmarked(s string) (string, layout) {
	s = strings.Join(strings.Fields(s), " ")
	m := marker.FindStringSubmatch(s)
	switch {
	case m == nil:
		return s, running
	case m[1] != "":
		return s[len(m[0]):], step
	}
	return s[len(m[0]):], bullet
}

// announced joins what only announces the next sentence to that one; before a
// list it stays by itself.
func announced(text string, spans []kb.Span) []kb.Span {
	var out []kb.Span
	for i, s := range spans {
		if i > 0 && strings.HasSuffix(text[spans[i-1].Start:spans[i-1].End], ":") {
			if _, kind := unmarked(text[s.Start:s.End]); kind == running {
				out[len(out)-1].End = s.End
				continue
			}
		}
		out = append(out, s)
	}
	return out
}

// leastLetters is what a sentence must have to tell anything.
const leastLetters = 8

func tells(s string) bool {
	if !feedback.Tells(s) && !strings.HasSuffix(s, ":") {
		return false
	}
	n := 0
	for _, c := range s {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			n++
		}
	}
	return n >= leastLetters
}

// offset is the byte at which a rune stands.
func offset(text string, runes int) int {
	at := 0
	for range runes {
		_, n := utf8.DecodeRuneInString(text[at:])
		at += n
	}
	return at
}

func capital(s string) string {
	c, n := utf8.DecodeRuneInString(s)
	if n == 0 || strings.HasPrefix(s, "http") {
		return s
	}
	return string(unicode.ToUpper(c)) + s[n:]
}

// title is what a reader would look for: the question that the typical customer
// asks, or the topic's label where that is no question for everybody.
func title(t *Task) string {
	return cmp.Or(Asked(t.Question), capital(t.Label))
}

// Asked is what a message of a customer asks, as a title: without greetings,
// and empty where it is too long or holds what is of one customer alone.
func Asked(message string) string {
	question, _ := redact.Redact(message)
	best := ""
	for _, span := range kb.Sentences(question) {
		one := strings.Join(strings.Fields(question[span.Start:span.End]), " ")
		asks := strings.HasSuffix(one, "?")
		if asks && len(one) > len(best) || best == "" && !courteous(one) {
			best = one
		}
	}
	if strings.Contains(best, placeholder) || utf8.RuneCountInString(best) > titleMost {
		return ""
	}
	return capital(best)
}

// courteous reports whether a sentence only greets, thanks or apologizes.
func courteous(s string) bool {
	for _, c := range retrieval.Compare(s, nil) {
		if !c.Courtesy {
			return false
		}
	}
	return true
}

// titleMost is how long a title may be, in runes.
const titleMost = 120
