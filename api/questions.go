package api

import (
	"time"

	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// Question is the part of a request that search and suggestions share.
type Question struct {
	Text     string      `json:"text,omitempty" doc:"The question, where there is no dialogue; after a dialogue, the customer's next message."`
	Messages []messageIn `json:"messages,omitempty" maxItems:"200" doc:"The dialogue, oldest first. The customer's latest messages are the question." nullable:"false"`
	Locale   string      `json:"locale,omitempty" example:"ru" doc:"The customer's language; found out if missing."`
	Filters  filtersIn   `json:"filters,omitempty"`
	Operator operatorIn  `json:"operator,omitempty"`
	Limit    int         `json:"limit,omitempty" minimum:"1" maximum:"20" default:"5" doc:"How many sources at most."`
	Profile  string      `json:"profile,omitempty" doc:"How to answer; the workspace's default if missing."`
}

type messageIn struct {
	Role string    `json:"role" enum:"customer,operator,bot"`
	Text string    `json:"text"`
	At   time.Time `json:"at,omitempty"`
}

type filtersIn struct {
	Kind     string   `json:"kind,omitempty" enum:"article,case"`
	Audience string   `json:"audience,omitempty" enum:"public,internal"`
	Locale   string   `json:"locale,omitempty" doc:"Only documents in this language."`
	Product  string   `json:"product,omitempty" doc:"Only documents of this product or of none."`
	Region   string   `json:"region,omitempty" doc:"Only documents of this region or of none."`
	Tags     []string `json:"tags,omitempty" doc:"Only documents with all of these." nullable:"false"`
}

type operatorIn struct {
	ID    string `json:"id,omitempty" maxLength:"128"`
	Group string `json:"group,omitempty" maxLength:"128"`
}

type suggestBody struct {
	TicketID   string `json:"ticket_id,omitempty" maxLength:"128" doc:"The ticket in your helpdesk."`
	CustomerID string `json:"customer_id,omitempty" maxLength:"128" doc:"Who asks, as your helpdesk knows them: all that is kept of a customer can be erased by it."`
	Topic      string `json:"topic,omitempty" maxLength:"128" doc:"What the ticket is about, as your helpdesk sorts it; found out if missing."`
	Mode       string `json:"mode,omitempty" enum:"draft,answer" default:"draft" doc:"draft: for an operator, who may see internal sources. answer: to send unattended, from public sources only."`
	Trial      bool   `json:"trial,omitempty" doc:"To find out what would be answered: nothing is kept, so there is no feedback to tell and the suggestion cannot be read again. It is not streamed piece by piece."`
	Question
}

func (b *Question) ask(key auth.Key) retrieval.Ask {
	a := retrieval.Ask{
		Workspace: key.WorkspaceID, Locale: b.Locale, Limit: b.Limit, Profile: b.Profile, Mode: retrieval.ForOperator,
		OperatorID: b.Operator.ID, OperatorGroup: b.Operator.Group,
		Filter: retrieval.Filter{Product: b.Filters.Product, Region: b.Filters.Region, Tags: b.Filters.Tags},
	}
	if b.Filters.Kind != "" {
		a.Filter.Kinds = []kb.Kind{kb.Kind(b.Filters.Kind)}
	}
	if b.Filters.Audience != "" {
		a.Filter.Audiences = []kb.Audience{kb.Audience(b.Filters.Audience)}
	}
	if b.Filters.Locale != "" {
		a.Filter.Locales = []string{b.Filters.Locale}
	}
	for _, m := range b.Messages {
		a.Messages = append(a.Messages, retrieval.Message{Role: retrieval.Role(m.Role), Text: m.Text, At: m.At})
	}
	if b.Text != "" {
		a.Messages = append(a.Messages, retrieval.Message{Role: retrieval.Customer, Text: b.Text})
	}
	return a
}

type citationView struct {
	Marker   int    `json:"marker" doc:"The number in brackets in the text."`
	SourceID string `json:"source_id" doc:"An id among sources."`
	Start    int    `json:"start" doc:"Runes in answer.text: where the stretch that rests on the source starts."`
	End      int    `json:"end"`
	From     int    `json:"from" doc:"Runes in the source's text: where the support starts."`
	To       int    `json:"to"`
}

type spanView struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

type answerView struct {
	Text      string         `json:"text" doc:"Markdown, with markers such as [1]."`
	Citations []citationView `json:"citations" nullable:"false"`
	Unproven  []spanView     `json:"unproven,omitempty" doc:"Runes in text: sentences that no source supports." nullable:"false"`
	Method    string         `json:"method" example:"extract" doc:"extract, or model:<name>."`
	Notice    string         `json:"notice,omitempty" doc:"What an operator should know of how the answer came about."`
}

type suggestionView struct {
	ID            string             `json:"id"`
	TicketID      string             `json:"ticket_id,omitempty"`
	Decision      retrieval.Decision `json:"decision" enum:"draft,answer,abstain" doc:"draft: for an operator to look at. answer: good enough to send. abstain: there is no reply."`
	AbstainReason *retrieval.Reason  `json:"abstain_reason" enum:"no_evidence,low_confidence,conflicting_sources,not_grounded,restricted,not_calibrated" doc:"Why there is no answer; null if there is one."`
	Confidence    float64            `json:"confidence" minimum:"0" maximum:"1" doc:"How sure the service is that the reply answers."`
	Language      string             `json:"language" doc:"Of the question: an ISO 639-1 code, or und."`
	Answer        *answerView        `json:"answer" doc:"null if abstained."`
	Sources       []retrieval.Cited  `json:"sources" nullable:"false" doc:"Best first; the marker of the first is [1]."`
	Profile       string             `json:"profile" doc:"How it was made."`
	Pilot         string             `json:"pilot,omitempty" doc:"The pilot that the operator takes part in."`
	Arm           string             `json:"arm,omitempty" enum:"pilot,control" doc:"The operator's arm of it."`
	Ranker        int64              `json:"ranker" doc:"The version of what was learned that ranked the sources; 0 if nothing was."`
	Topic         string             `json:"topic,omitempty"`
	CreatedAt     time.Time          `json:"created_at"`
	TookMS        retrieval.Took     `json:"took_ms" doc:"Milliseconds of each stage."`
	Feedback      *judgementView     `json:"feedback,omitempty" doc:"What became of it; absent until something was told and digested."`
}

// suggestionOf returns s as it is shown. Placeholders stay: those in an answer
// come from its sources, and stand for somebody else than those of the
// question.
func suggestionOf(s *retrieval.Suggestion) suggestionView {
	v := suggestionView{
		ID: s.ID, TicketID: s.TicketID, Decision: s.Decision, Confidence: s.Confidence, Language: s.Language,
		Sources: s.Sources, Profile: s.Profile, CreatedAt: s.CreatedAt, TookMS: s.Took,
		Pilot: s.Pilot, Arm: s.Arm, Ranker: s.Ranker, Topic: s.Topic,
	}
	if v.Sources == nil {
		v.Sources = []retrieval.Cited{}
	}
	if s.Decision == retrieval.Abstained {
		v.AbstainReason = &s.AbstainReason
		return v
	}
	a := &answerView{Text: s.Answer.Text, Method: s.Answer.Method, Notice: s.Answer.Notice, Citations: []citationView{}}
	for _, c := range s.Answer.Citations {
		a.Citations = append(a.Citations, citationView(c))
	}
	for _, u := range s.Answer.Unproven {
		a.Unproven = append(a.Unproven, spanView(u))
	}
	v.Answer = a
	return v
}
