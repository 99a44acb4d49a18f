package main

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb/sqldb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// run asks what is left of the history, and does each night what is done at
// night.
func (p *past) run(ctx context.Context, done func()) error {
	if err := p.remember(ctx); err != nil {
		return err
	}
	for i := p.mark.Done; i < len(p.tickets); i++ {
		t := &p.tickets[i]
		if i > 0 && t.at.Sub(p.tickets[i-1].at) > 2*time.Hour {
			if err := p.night(ctx, false); err != nil {
				return err
			}
		}
		p.clock = t.at
		if err := p.ask(ctx, t); err != nil {
			return err
		}
		p.mark.Done = i + 1
		if err := p.remember(ctx); err != nil {
			return err
		}
		done()
	}
	p.clock = p.mark.Now
	if err := p.night(ctx, true); err != nil {
		return err
	}
	p.mark.All = true
	return p.remember(ctx)
}

func (p *past) remember(ctx context.Context) error {
	text, err := json.Marshal(p.mark)
	if err != nil {
		return err
	}
	return sqldb.SetState(ctx, p.app.db, historyState+p.workspace, string(text))
}

// night does the jobs of a night, the longer ones before a Monday. Vectors stay
// where they are: to move them takes longer than all the rest.
func (p *past) night(ctx context.Context, last bool) error {
	l := p.app.learning.learner
	jobs := []func(context.Context) (string, error){l.Calibrate, l.Promote, l.FindGaps}
	if last || p.clock.Weekday() == time.Friday {
		jobs = append(jobs, l.Rerank, l.Upkeep)
	}
	if last {
		jobs = append(jobs, l.KeepProgress(p.app.db))
	}
	for _, job := range jobs {
		if _, err := job(ctx); err != nil {
			return err
		}
	}
	return nil
}

// ask answers a ticket and tells what its operator makes of that.
func (p *past) ask(ctx context.Context, t *pastTicket) error {
	who, group := t.operator()
	s, err := p.app.answerer.Suggest(ctx, retrieval.Ask{
		Workspace: p.workspace, TicketID: fmt.Sprintf("V-%d", 1+t.n), CustomerID: fmt.Sprintf("past-%d", t.n*7%173),
		OperatorID: who, OperatorGroup: group,
		Messages: []retrieval.Message{{Role: retrieval.Customer, Text: t.greeting() + t.text}},
	}, retrieval.Watch{})
	if err != nil {
		return err
	}
	told := p.told(t, &s)
	for i := range told {
		told[i].ID = fmt.Sprintf("%s-%d", s.ID, i)
		told[i].SuggestionID, told[i].OperatorID = s.ID, who
	}
	if _, err := p.app.learning.events.In(p.workspace).Record(ctx, told); err != nil {
		return err
	}
	if err := p.app.learning.digester.Catch(ctx); err != nil {
		return err
	}
	_, err = p.indexer.Sync(ctx, p.workspace)
	return err
}

// told is what a careful operator makes of a suggestion.
func (p *past) told(t *pastTicket, s *retrieval.Suggestion) []feedback.Event {
	shown := make([]string, len(s.Sources))
	for i := range s.Sources {
		shown[i] = s.Sources[i].ID
	}
	minutes := 2.0
	told := []feedback.Event{{Kind: feedback.Displayed, Shown: shown}}
	right := drafted(s) && (slices.Contains(t.line.Articles, cites(s)) || t.fits(s))
	switch {
	case right && t.n%4 == 1:
		minutes = 3
		told = append(told, feedback.Event{Kind: feedback.Edited, Text: t.greeting() + plainly(s.Answer.Text) + t.closing()})
	case right:
		told = append(told, feedback.Event{Kind: feedback.Sent})
	case t.line.Topic != "":
		minutes = 11
		told = append(told, feedback.Event{Kind: feedback.Edited, Text: t.line.Replies[t.asked%len(t.line.Replies)]})
	default:
		minutes = 6
		id, text := p.rightly(t)
		if id == "" {
			return append(told, feedback.Event{Kind: feedback.Rejected, Value: "wrong"})
		}
		told = append(told, feedback.Event{Kind: feedback.Edited, Text: t.greeting() + text},
			feedback.Event{Kind: feedback.Voted, SourceID: id, Value: feedback.Relevant})
	}
	handling := minutes*60 + float64(t.n*17%90)
	status := feedback.ResolvedStatus
	if t.n%23 == 4 {
		status = feedback.ReopenedStatus
	}
	return append(told, feedback.Event{Kind: feedback.Resulted, Outcome: &feedback.Outcome{
		Status: status, Handling: &handling, Satisfaction: 3 + t.n%3,
	}})
}

// fits reports whether a draft for what no article covers repeats what an
// operator has replied before.
func (t *pastTicket) fits(s *retrieval.Suggestion) bool {
	return slices.ContainsFunc(t.line.Replies, func(r string) bool {
		return strings.Contains(r, strings.TrimSpace(plainly(s.Answer.Text)))
	})
}

// rightly is the article that answers the ticket, and what it says of it.
func (p *past) rightly(t *pastTicket) (id, text string) {
	for _, id := range t.line.Articles {
		if text := passage(p.bodies[id], t.text); text != "" {
			return id, text
		}
	}
	return "", ""
}

// behind is how many words of the question a list is behind a sentence that has
// as many of them: it says less alone.
const behind = 2

// passage is the paragraph of an article that has most words of a question.
func passage(body, question string) string {
	words := stems(question)
	best, most := "", -behind-1
	for part := range strings.SplitSeq(body, "\n\n") {
		if part = strings.TrimSpace(part); part == "" || strings.ContainsAny(part[:1], "#|{:") {
			continue
		}
		n := 0
		if strings.ContainsAny(part[:1], "-0123456789") {
			n = -behind
		}
		for w := range stems(part) {
			if words[w] {
				n++
			}
		}
		if n > most {
			best, most = part, n
		}
	}
	return strings.ReplaceAll(best, "**", "")
}

// stems are the beginnings of a text's longer words.
func stems(text string) map[string]bool {
	out := make(map[string]bool)
	for w := range strings.FieldsSeq(strings.ToLower(text)) {
		if r := []rune(strings.Trim(w, ".,!?«»:;\"()*")); len(r) > 3 {
			out[string(r[:min(len(r), 5)])] = true
		}
	}
	return out
}

// marker is where a reply cites a source.
var marker = regexp.MustCompile(` ?\[\d+\]`)

// plainly is a draft as it is sent, without what it cites.
func plainly(text string) string { return marker.ReplaceAllString(text, "") }

func (t *pastTicket) russian() bool { return embeddings.Language(t.text) == "ru" }

// operator is who has the ticket: two answer in Russian and two in English.
func (t *pastTicket) operator() (id, group string) {
	ids, group := []string{"nora", "tomas"}, "europe"
	if t.russian() {
		ids, group = []string{"lena", "pavel"}, "russia"
	}
	return ids[t.n/3%2], group
}

func (t *pastTicket) greeting() string {
	greetings := []string{"", "Hello! ", "Hi, "}
	if t.russian() {
		greetings = []string{"", "Здравствуйте! ", "Добрый день! "}
	}
	return greetings[t.n%3]
}

func (t *pastTicket) closing() string {
	if t.russian() {
		return "\n\nЕсли останутся вопросы, пишите."
	}
	return "\n\nDo write if anything is unclear."
}
