package chat

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/whetstone-desk/whetstone/kb"
)

// A piece is a sentence or a line of an answer: the unit that is checked and
// emitted.
type piece struct {
	before string // white space that parts it from the one before
	text   string // with its markers
}

// A cutter takes an answer as it comes in and cuts off pieces as they are
// finished.
type cutter struct{ rest string }

// add takes more text.
func (c *cutter) add(text string) { c.rest += text }

// next returns the next finished piece. With last, whatever is left counts as
// finished.
func (c *cutter) next(last bool) (piece, bool) {
	spans := kb.Sentences(c.rest)
	if len(spans) == 0 {
		return piece{}, false
	}
	start, end := spans[0].Start, spans[0].End
	behind := len(c.rest)
	if len(spans) > 1 {
		behind = spans[1].Start
	}
	// Markers behind the full stop belong to the sentence before it.
	if n := len(leadingMarkers.FindString(c.rest[end:])); n > 0 {
		end += n
		behind = max(behind, end)
	}
	if !last && !begun(c.rest[behind:]) {
		return piece{}, false // what comes next may still belong to it
	}
	p := piece{before: c.rest[:start], text: strings.TrimSpace(c.rest[start:end])}
	c.rest = c.rest[end:]
	return p, true
}

// begun reports whether text has enough of the next sentence to be sure that
// it is one.
func begun(text string) bool {
	text = strings.TrimLeftFunc(text, unicode.IsSpace)
	if strings.HasPrefix(text, "[") || strings.HasPrefix(text, "【") {
		return strings.ContainsAny(text, "]】\n")
	}
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) || len(text) > 8
}

// number is what stands in a marker. Models write citations in more ways than
// the one they are told.
const number = `(?:(?i:sources?|источники?|№)\s*)?\d{1,3}(?:\s*[,;]\s*\d{1,3})*(?:†[^\]】\n]{0,40})?`

var (
	anyMarker      = regexp.MustCompile(`[\[【]\s*` + number + `\s*[\]】]`)
	leadingMarkers = regexp.MustCompile(`^(?:[ \x{00a0}]*[\[【]\s*` + number + `\s*[\]】])+[.]?`)
	digits         = regexp.MustCompile(`\d+`)
)

// plainMarkers brings citations to the form [1][2].
func plainMarkers(text string) string {
	return anyMarker.ReplaceAllStringFunc(text, func(m string) string {
		var b strings.Builder
		m, _, _ = strings.Cut(m, "†") // what follows is the place in the source
		for _, n := range digits.FindAllString(m, -1) {
			b.WriteString("[" + n + "]")
		}
		return b.String()
	})
}
