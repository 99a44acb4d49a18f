package feedback

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/redact"
	"github.com/whetstone-desk/whetstone/retrieval"
)

const (
	// longestCase is the most that a question or a reply may hold that becomes a
	// case, in bytes. What is longer is a log, a contract or an attack.
	longestCase = 32 << 10

	// longestTitle is the most that the title of a case holds, in runes.
	longestTitle = 80

	// badRating is the worst fourth of ratings: 1 and 2 of 5, and a thumb down.
	badRating = 0.25

	// badSatisfaction is the highest of 1 to 5 that says that a reply was no good.
	badSatisfaction = 2
)

// against returns what an outcome has against a reply, empty for nothing. A low
// NPS alone has nothing against it: it is about the company, and not the ticket.
func against(j *Judgement) string {
	switch {
	case j.Outcome.Status == ReopenedStatus, j.Outcome.Status == EscalatedStatus:
		return j.Outcome.Status
	case j.Outcome.Satisfaction >= 1 && j.Outcome.Satisfaction <= badSatisfaction:
		return "unsatisfied"
	case j.Rating >= 0 && j.Rating <= badRating:
		return "rated"
	}
	return ""
}

// unusable returns why what was sent is nobody's own reply to a customer.
func unusable(s *retrieval.Suggestion, j *Judgement) string {
	switch {
	case s.Mode == retrieval.ForCustomer, j.Outcome.Bot:
		return "bot"
	case j.Outcome.Private:
		return "private"
	case j.Used == Refused:
		return "rejected"
	case j.Used == Unknown && j.Outcome.Status != ResolvedStatus:
		return "unused"
	}
	return ""
}

// caseOf returns the case that a reply makes, or why it makes none.
func caseOf(s *retrieval.Suggestion, j *Judgement, final string) (d *kb.Document, why string) {
	if why = against(j); why != "" {
		return nil, why
	}
	if why = unusable(s, j); why != "" {
		return nil, why
	}
	// What is quoted below a reply are the customer's words, and others'.
	final = withoutQuotes(withoutHistory(storable(final)))
	question, final := storable(s.Question), storable(cited.ReplaceAllString(final, ""))
	switch {
	case question == "" || final == "":
		return nil, "empty"
	case len(question) > longestCase || len(final) > longestCase:
		return nil, "long"
	}
	problem, resolution := anonymous(question, final)
	r := readReply(resolution)
	switch {
	case !r.substantial():
		return nil, "thin"
	case r.account():
		return nil, "account"
	}
	d = &kb.Document{Kind: kb.Case, Origin: CaseOrigin, Author: CaseOrigin, Content: kb.Content{
		Title: titleOf(problem), Problem: problem, Resolution: resolution,
		Locale: localeOf(s.Language, problem+"\n"+resolution), Status: kb.Published, Evidence: 1,
	}}
	if kb.ValidID(j.ResolvedWith) {
		d.ResolvedWith = j.ResolvedWith
	}
	return d, ""
}

// cited finds the markers of a draft, which name sources that a case does not
// have.
var cited = regexp.MustCompile(`[ \t]?\[\d{1,2}\]`)

// storable returns text without what no document may hold.
func storable(text string) string {
	text = strings.ToValidUTF8(text, "")
	return strings.TrimSpace(strings.ReplaceAll(text, "\x00", ""))
}

// anonymous takes personal data out of a question and its reply, and keeps none
// of it. It looks until there is nothing more to find, since a placeholder can
// lay bare what stands beside it; so the store, which looks again, finds nothing
// that it would keep the original of.
func anonymous(question, reply string) (problem, resolution string) {
	problem, resolution = question, reply
	for range 4 {
		r := new(redact.Redactor)
		problem, resolution = r.Redact(problem), r.Redact(resolution)
		r.Redact(titleOf(problem))
		if len(r.Originals()) == 0 {
			break
		}
	}
	return problem, resolution
}

// titleOf returns a short form of a problem that holds no personal data any
// more: its first sentence that says something, cut between words. It takes
// nothing from anywhere else, so nothing can leak through it.
func titleOf(problem string) string {
	title := problem
	for _, span := range kb.Sentences(problem) {
		title = problem[span.Start:span.End]
		if n, _ := (&replyClause{text: title, words: wordsOf(title)}).weight(); n >= 2 {
			break
		}
	}
	title = strings.Join(strings.Fields(title), " ")
	runes := []rune(title)
	if len(runes) <= longestTitle {
		return title
	}
	at := longestTitle
	for at > longestTitle/2 && !unicode.IsSpace(runes[at]) {
		at--
	}
	cut := string(runes[:at])
	// Half a placeholder is none.
	if open := strings.LastIndex(cut, "⟦"); open > strings.LastIndex(cut, "⟧") {
		cut = cut[:open]
	}
	return strings.TrimRight(cut, " ,;:.-–—") + "…"
}

// localeOf returns the language of a case, as the store names it.
func localeOf(asked, text string) string {
	if lang := embeddings.Language(text); lang != "und" {
		return lang
	}
	if asked == "und" {
		return ""
	}
	return asked
}
