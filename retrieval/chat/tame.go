package chat

import (
	"regexp"
	"strings"
	"unicode"
)

// refusal is what the model writes where the sources do not answer.
const refusal = "NO_ANSWER"

// tame makes a text that others wrote safe to stand between delimiters. It
// takes out what could pass for a delimiter, for a turn of the chat, for a
// citation or for a refusal, and what a reader would not see. Nothing that an
// answer might quote is lost by it.
func tame(text, nonce string) string {
	text = strings.ToValidUTF8(text, "�")
	text = strings.Map(visible, strings.ReplaceAll(text, "\r\n", "\n"))
	// The code is new to every request, so a text that has it cannot be honest.
	text = regexp.MustCompile(`(?i)`+regexp.QuoteMeta(nonce)).ReplaceAllString(text, "")
	for _, t := range taming() {
		text = t.pattern.ReplaceAllString(text, t.by)
	}
	for range 4 { // taking off a token inside may leave one outside
		text = specialTokens.ReplaceAllString(text, "‹$1›")
	}
	return strings.TrimSpace(text)
}

// A replacement is a thing to tame.
type replacement struct {
	pattern *regexp.Regexp
	by      string
}

func taming() []replacement {
	return []replacement{
		{delimiters, "("},
		{closers, ")"},
		{instTokens, "($1)"},
		{markers, "($1)"},
		{refusals, "NO ANSWER"},
	}
}

var (
	delimiters = regexp.MustCompile(`[⟦〚]`)
	closers    = regexp.MustCompile(`[⟧〛]`)

	// Chat templates mark turns with such tokens, and some servers take them
	// for what they look like wherever they stand.
	specialTokens = regexp.MustCompile(`(?i)<{1,2}\s*([|｜][^<>|｜\n]{0,40}[|｜]?|[^<>|｜\n]{0,40}[|｜]|/?(?:s|bos|eos|pad|unk|think|sys|start_of_turn|end_of_turn))\s*>{1,2}`)
	instTokens    = regexp.MustCompile(`(?i)\[(/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_RESULTS))\]`)

	// A source's own [3] would be taken for, or copied as, a citation.
	markers  = regexp.MustCompile(`[\[【]\s*(\d{1,3}(?:\s*,\s*\d{1,3})*)\s*[\]】]`)
	refusals = regexp.MustCompile(`(?i)\bNO_ANSWER\b`)
)

// visible drops runes that no reader sees, which can hide a text or turn it
// around; of those, joiners stay, as some scripts are spelled with them.
func visible(r rune) rune {
	switch {
	case r == '\n' || r == '\t' || r == '\u200c' || r == '\u200d':
		return r
	case r == '\r' || r == '\v' || r == '\f' || r == '\u0085' || r == '\u2028' || r == '\u2029':
		return '\n'
	case unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r):
		return -1
	case 0xFE00 <= r && r <= 0xFE0F || 0xE0100 <= r && r <= 0xE01EF: // variation selectors carry hidden bytes
		return -1
	}
	return r
}
