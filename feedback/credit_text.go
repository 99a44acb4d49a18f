package feedback

import (
	"regexp"
	"strings"
)

// Bounds, in bytes, of what is looked at: marks within a line, and lines that
// may introduce quoted history.
const (
	longestMark        = 256
	longestAttribution = 240
)

var (
	// attribution introduces the message that a mail program quotes below.
	attribution = regexp.MustCompile(`(?i)^\s*(?:on\s.{6,200}\swrote|am\s.{6,200}\sschrieb.{0,80}|le\s.{6,200}\sa écrit\s?|.{6,200}\s(?:пишет|писал|писала|написал|написала|писал\(а\)|написал\(а\)))\s*:\s*$`)
	// divider does so without a name.
	divider = regexp.MustCompile(`(?i)^\s*(?:-{2,}\s*(?:original message|forwarded message|исходное сообщение|пересылаемое сообщение|пересланное сообщение)\s*-*|_{20,})\s*$`)
	// dated tells an attribution from a sentence that ends in "wrote:".
	dated = regexp.MustCompile(`\d|@|<`)
)

// withoutHistory leaves out what a mail program quotes below a reply, from the
// line that introduces it, and the lines that are quoted under such a line
// above a reply.
func withoutHistory(text string) string {
	if !strings.Contains(text, ":\n") && !strings.Contains(text, ":\r") && !strings.HasSuffix(text, ":") && !strings.Contains(text, "--") && !strings.Contains(text, "____") {
		return text
	}
	var kept []string
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		if !introduces(lines, i) {
			kept = append(kept, lines[i])
			continue
		}
		// Whoever answers below quotes with marks; the rest of the text is theirs.
		j := i + 1
		for j < len(lines) && strings.TrimSpace(lines[j]) == "" {
			j++
		}
		if j == len(lines) || !strings.HasPrefix(lines[j], ">") {
			break
		}
		for j < len(lines) && (strings.HasPrefix(lines[j], ">") || strings.TrimSpace(lines[j]) == "") {
			j++
		}
		i = j - 1
	}
	return strings.Join(kept, "\n")
}

// introduces reports whether a line, or it and the next one, says whose
// message follows.
func introduces(lines []string, i int) bool {
	line := lines[i]
	if len(line) > longestAttribution {
		return false
	}
	if divider.MatchString(line) {
		return true
	}
	if !dated.MatchString(line) {
		return false
	}
	if strings.HasSuffix(strings.TrimSpace(line), ":") {
		return attribution.MatchString(line)
	}
	// Programs break the line before the address.
	if i+1 < len(lines) && len(lines[i+1]) <= longestAttribution && strings.HasSuffix(strings.TrimSpace(lines[i+1]), ":") {
		lead := strings.ToLower(strings.TrimSpace(line))
		return strings.HasPrefix(lead, "on ") && attribution.MatchString(strings.TrimSpace(line)+" "+strings.TrimSpace(lines[i+1]))
	}
	return false
}

// withoutQuotes leaves out the lines that begin with a mark of quotation. One
// line by itself with a number behind the mark is a comparison: > 5 kg.
func withoutQuotes(text string) string {
	if !strings.HasPrefix(text, ">") && !strings.Contains(text, "\n>") {
		return text
	}
	lines := strings.Split(text, "\n")
	quoted := func(i int) bool { return i >= 0 && i < len(lines) && strings.HasPrefix(lines[i], ">") }
	var kept []string
	for i, line := range lines {
		behind := strings.TrimLeft(line, "> ")
		compares := behind != "" && '0' <= behind[0] && behind[0] <= '9' && !quoted(i-1) && !quoted(i+1)
		if !quoted(i) || compares {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

// placeholders stand for what is not known here: what redaction took out, and
// what a macro of the helpdesk puts in.
var placeholders = regexp.MustCompile(`⟦[^⟧\n]{0,100}⟧|\{\{[^}\n]{0,100}\}\}`)

// ownWords is what an operator wrote in a message: without quoted history and
// placeholders.
func ownWords(text string) string {
	// History goes first: an attribution is told by the quotation under it.
	return strings.TrimSpace(placeholders.ReplaceAllString(withoutQuotes(withoutHistory(text)), " "))
}

// clip returns the first n bytes of a text, up to the end of a line where there
// is one near.
func clip(text string, n int) string {
	if len(text) <= n {
		return text
	}
	text = strings.ToValidUTF8(text[:n], "")
	if i := strings.LastIndexByte(text, '\n'); i > n/2 {
		return text[:i]
	}
	return text
}

// markupLen is the length of what stands at a place of a text and is no word of
// it: a citation's marker, the number of a list's item, a tag, an entity, the
// name of a code block's language. 0: none of them.
func markupLen(text string, at int) int {
	rest := text[at:min(len(text), at+longestMark)]
	switch c := rest[0]; {
	case c == '[':
		n := digits(rest[1:])
		if n > 0 && n <= 3 && n+1 < len(rest) && rest[n+1] == ']' && (n+2 == len(rest) || rest[n+2] != '(') {
			return n + 2
		}
	case '0' <= c && c <= '9':
		n := digits(rest)
		if n <= 3 && n+1 < len(rest) && (rest[n] == '.' || rest[n] == ')') && rest[n+1] == ' ' && beginsLine(text, at) {
			return n + 1
		}
	case c == '<' && len(rest) > 2 && (rest[1] == '/' || rest[1] == '!' || 'a' <= rest[1]|0x20 && rest[1]|0x20 <= 'z'):
		end := strings.IndexAny(rest, ">\n")
		if end > 0 && rest[end] == '>' && !strings.ContainsAny(rest[:end], "@") && !strings.Contains(rest[1:min(end, 9)], "://") {
			return end + 1
		}
	case c == '&':
		if end := strings.IndexByte(rest[:min(len(rest), 10)], ';'); end > 1 && !strings.ContainsAny(rest[:end], " \n") {
			return end + 1
		}
	case c == '`' && strings.HasPrefix(rest, "```") && beginsLine(text, at):
		if end := strings.IndexByte(rest, '\n'); end > 0 && !strings.ContainsAny(rest[:end], " ") {
			return end
		}
	}
	return 0
}

func digits(s string) int {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return n
}

// beginsLine reports whether nothing but blanks and marks of quotation and
// emphasis stand before a place in its line.
func beginsLine(text string, at int) bool {
	for i := at - 1; i >= 0 && text[i] != '\n'; i-- {
		if strings.IndexByte(" \t>*_-+", text[i]) < 0 || at-i > 16 {
			return false
		}
	}
	return true
}

// tagLen is the length of the tag of redaction that s begins with, or 0.
func tagLen(s string) int {
	if !strings.HasPrefix(s, "⟦") {
		return 0
	}
	end := strings.Index(s[:min(len(s), longestMark)], "⟧")
	if end < 0 {
		return 0
	}
	return end + len("⟧")
}

// linkLen is the length of the web address that s begins with, or 0. Marks at
// its end are the sentence's.
func linkLen(s string) int {
	if s[0]|0x20 != 'h' && s[0]|0x20 != 'w' {
		return 0
	}
	head := strings.ToLower(s[:min(len(s), 8)])
	if !strings.HasPrefix(head, "http://") && !strings.HasPrefix(head, "https://") && !strings.HasPrefix(head, "www.") {
		return 0
	}
	end := strings.IndexAny(s, " \t\r\n\u00a0<>()[]\"«»|`")
	if end < 0 {
		end = len(s)
	}
	return len(strings.TrimRight(s[:end], ".,:;!?*_'/"))
}
