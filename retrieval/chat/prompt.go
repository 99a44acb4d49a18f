package chat

import (
	"cmp"
	"embed"
	"strings"
	"text/template"

	"github.com/whetstone-desk/whetstone/retrieval"
)

//go:embed prompts/*.tmpl
var prompts embed.FS

// What goes into a prompt at most, in runes. Longer texts are cut: they would
// push the sources out of a small model's window.
const (
	maxStyle    = 2000
	maxQuestion = 4000
	maxTurn     = 1000
	maxTurns    = 8
	maxTitle    = 200
	maxProblem  = 600
	minSource   = 500 // of each source, however many there are
)

// A prompt is what the templates are filled with. Every text in it that others
// wrote has been through tame.
type prompt struct {
	Nonce    string // the code of this request's delimiters
	Language string // its English name
	Style    string
	Count    int
	Sources  []promptSource
	Dialogue []promptTurn
	Question string
}

type promptSource struct {
	Number               int
	Title, Problem, Text string
}

type promptTurn struct{ Role, Text string }

// newPrompt makes the prompt of r. Its sources have room runes together.
func newPrompt(r *retrieval.Request, nonce string, room int) prompt {
	fit := func(text string, most int) string { return excerpt(tame(text, nonce), 0, 0, most) }
	line := func(text string, most int) string { return strings.Join(strings.Fields(fit(text, most)), " ") }
	p := prompt{
		Nonce: nonce, Language: languageName(r.Language), Count: len(r.Evidence),
		Style: fit(r.Instructions, maxStyle), Question: fit(r.Question, maxQuestion),
	}
	each := max(room/max(len(r.Evidence), 1), minSource)
	for i, e := range r.Evidence {
		p.Sources = append(p.Sources, promptSource{
			Number: i + 1, Title: line(e.Source.Title, maxTitle), Problem: line(e.Problem, maxProblem),
			// Cut before it is tamed: Start and End count the runes of the original.
			Text: tame(excerpt(e.Text, e.Start, e.End, each), nonce),
		})
	}
	for _, m := range r.Dialogue[max(len(r.Dialogue)-maxTurns, 0):] {
		p.Dialogue = append(p.Dialogue, promptTurn{Role: roleName(m.Role), Text: line(m.Text, maxTurn)})
	}
	return p
}

// render fills in the templates.
func (p *prompt) render() (system, user string, err error) {
	all, err := template.ParseFS(prompts, "prompts/*.tmpl")
	if err != nil {
		return "", "", err
	}
	var s, u strings.Builder
	if err := all.ExecuteTemplate(&s, "system.tmpl", p); err != nil {
		return "", "", err
	}
	if err := all.ExecuteTemplate(&u, "user.tmpl", p); err != nil {
		return "", "", err
	}
	return s.String(), u.String(), nil
}

// excerpt is the part of text, most runes at most, around what stands from
// start to end. More is taken behind than before, since what follows a step is
// the next step. It begins and ends at a line's end where one is near.
func excerpt(text string, start, end, most int) string {
	if len(text) <= most {
		return text
	}
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	start = min(max(start, 0), len(runes))
	end = min(max(end, start), start+most, len(runes))
	from := max(start-(most-(end-start))/3, 0)
	to := min(from+most, len(runes))
	from = max(to-most, 0)
	const near = 200
	for i := from; from > 0 && i < min(from+near, start); i++ {
		if runes[i] == '\n' {
			from = i + 1
			break
		}
	}
	for i := to - 1; to < len(runes) && i > max(to-near, end); i-- {
		if runes[i] == '\n' {
			to = i
			break
		}
	}
	out := string(runes[from:to])
	if from > 0 {
		out = "…\n" + out
	}
	if to < len(runes) {
		out += "\n…"
	}
	return out
}

func roleName(r retrieval.Role) string {
	switch r {
	case retrieval.Customer, retrieval.Operator, retrieval.Bot:
		return string(r)
	}
	return "someone"
}

// languageName is the English name of a language, which models know better
// than its code.
func languageName(code string) string {
	names := map[string]string{
		"ar": "Arabic", "da": "Danish", "de": "German", "en": "English", "es": "Spanish", "fi": "Finnish", "fr": "French",
		"hu": "Hungarian", "it": "Italian", "kk": "Kazakh", "nl": "Dutch", "no": "Norwegian", "pl": "Polish",
		"pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian", "zh": "Chinese",
	}
	if code == "" || code == "und" {
		return "the language of the question"
	}
	return cmp.Or(names[code], "the language with the ISO 639-1 code "+lettersOf(code))
}

// lettersOf keeps a language code, which comes with the request, from being a
// sentence.
func lettersOf(code string) string {
	letters := strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r == '-' {
			return r
		}
		return -1
	}, code)
	return letters[:min(len(letters), 12)]
}
