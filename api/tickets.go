package api

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb/ticket"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// TicketView is a ticket as it is shown.
type TicketView struct {
	ID           string              `json:"id"`
	Version      int64               `json:"version" doc:"Counts changes: send it with a change or a reply."`
	Subject      string              `json:"subject"`
	Preview      string              `json:"preview,omitempty" doc:"Start of the customer's latest message."`
	Status       ticket.Status       `json:"status" enum:"open,pending,solved" doc:"open: the customer waits. pending: they were answered."`
	Priority     ticket.Priority     `json:"priority,omitempty" enum:"urgent,high,normal,low"`
	Assignee     string              `json:"assignee,omitempty" doc:"Who sees to it."`
	Topic        string              `json:"topic,omitempty"`
	TopicLabel   string              `json:"topic_label,omitempty" doc:"What the topic is about."`
	Tone         string              `json:"tone,omitempty" doc:"The customer's, as your helpdesk tells it."`
	Language     string              `json:"language,omitempty"`
	Channel      string              `json:"channel,omitempty"`
	CustomerID   string              `json:"customer_id,omitempty"`
	Tags         []string            `json:"tags" nullable:"false"`
	SuggestionID string              `json:"suggestion_id,omitempty" doc:"The latest that was made for it."`
	Origin       string              `json:"origin,omitempty"`
	Forgotten    bool                `json:"forgotten,omitempty" doc:"Its texts were erased a while after it was solved."`
	AskedAt      time.Time           `json:"asked_at" doc:"When the customer last wrote."`
	AnsweredAt   *time.Time          `json:"answered_at,omitempty" doc:"When an operator last answered."`
	CreatedAt    time.Time           `json:"created_at"`
	UpdatedAt    time.Time           `json:"updated_at"`
	Messages     []TicketMessageView `json:"messages,omitempty" doc:"The dialogue, oldest first; when a ticket is read by itself."`
}

// TicketMessageView is a message as it is shown.
type TicketMessageView struct {
	Place        int64       `json:"place" doc:"Sets it apart within the ticket."`
	ID           string      `json:"id,omitempty" doc:"Your helpdesk's."`
	Version      int64       `json:"version" doc:"Of the ticket when the message became known: what is above the version that you have read is new to you."`
	Role         ticket.Role `json:"role" enum:"customer,operator,bot"`
	Text         string      `json:"text"`
	Author       string      `json:"author,omitempty"`
	SuggestionID string      `json:"suggestion_id,omitempty" doc:"The draft that it was made of."`
	At           time.Time   `json:"at"`
}

// ticketOf shows a ticket; labels says what topics are about.
func ticketOf(t *ticket.Ticket, labels map[string]string) TicketView {
	v := TicketView{
		ID: t.ID, Version: t.Version, Subject: t.Subject, Preview: t.Preview, Status: t.Status, Priority: t.Priority, Assignee: t.Assignee,
		Topic: t.Topic, TopicLabel: labels[t.Topic], Tone: t.Tone, Language: t.Language, Channel: t.Channel, CustomerID: t.CustomerID,
		Tags: t.Tags, SuggestionID: t.SuggestionID, Origin: t.Origin, Forgotten: t.Forgotten, AskedAt: t.AskedAt, AnsweredAt: t.AnsweredAt,
		CreatedAt: t.CreatedAt, UpdatedAt: t.UpdatedAt,
	}
	if v.Tags == nil {
		v.Tags = []string{}
	}
	for i := range t.Messages {
		v.Messages = append(v.Messages, messageOf(&t.Messages[i]))
	}
	return v
}

func messageOf(m *ticket.Message) TicketMessageView {
	return TicketMessageView{m.Place, m.Name, m.Version, m.Role, m.Text, m.Author, m.SuggestionID, m.At}
}

type ticketOut struct {
	Status int
	Body   TicketView
}

// wholeTicket is the response that shows a ticket.
func (s *Server) wholeTicket(ctx context.Context, t *ticket.Ticket, err error) (*ticketOut, error) {
	if err != nil {
		return nil, err
	}
	labels, err := s.labels(ctx, t.WorkspaceID)
	return &ticketOut{http.StatusOK, ticketOf(t, labels)}, err
}

// tickets returns the tickets of the caller's workspace.
func (s *Server) tickets(ctx context.Context) *ticket.Store {
	return s.Tickets.In(caller(ctx).WorkspaceID)
}

// TicketsWanted says which tickets to list, and how.
type TicketsWanted struct {
	Status   []ticket.Status `query:"status" enum:"open,pending,solved" doc:"Any of; missing: all."`
	Assignee string          `query:"assignee" maxLength:"256" doc:"A name, or me, or none for tickets that nobody sees to."`
	Topic    string          `query:"topic" maxLength:"256"`
	Priority ticket.Priority `query:"priority" enum:"urgent,high,normal,low"`
	Tone     string          `query:"tone" maxLength:"64"`
	Query    string          `query:"q" maxLength:"200" doc:"Words that the id, the subject, the customer's id or the start of the latest question hold."`
	Sort     ticket.Sort     `query:"sort" enum:"newest,oldest,priority" default:"newest" doc:"By when the customer last wrote; or the most urgent first."`
	Cursor   string          `query:"cursor" maxLength:"1000" doc:"next_cursor of the page before."`
	Limit    int             `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func (in *TicketsWanted) filter(key auth.Key) (ticket.Filter, error) {
	f := ticket.Filter{Topic: in.Topic, Priority: in.Priority, Tone: in.Tone, Query: in.Query, Sort: in.Sort, Limit: in.Limit + 1}
	for _, st := range in.Status {
		if !slices.Contains(f.Statuses, st) {
			f.Statuses = append(f.Statuses, st)
		}
	}
	switch in.Assignee {
	case "":
	case "me":
		me := authorOf(key)
		f.Assignee = &me
	case "none":
		f.Assignee = new(string)
	default:
		f.Assignee = &in.Assignee
	}
	if in.Cursor == "" {
		return f, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(in.Cursor)
	if err == nil {
		f.After = new(ticket.Mark)
		err = json.Unmarshal(b, f.After)
	}
	if err != nil || !plain(f.After.ID) {
		return f, fmt.Errorf("%w: cursor %q: pass next_cursor on as it came", errMalformed, in.Cursor)
	}
	return f, nil
}

type ticketsOut struct{ Body ticketPage }

type ticketPage struct {
	Tickets    []TicketView  `json:"tickets" nullable:"false" doc:"Without their messages."`
	Counts     *ticketCounts `json:"counts,omitempty" doc:"Of all tickets, whatever was asked for; on the first page."`
	Here       []hereView    `json:"here,omitempty" nullable:"false" doc:"Who else has which ticket open; on the first page."`
	NextCursor string        `json:"next_cursor,omitempty" doc:"Missing on the last page."`
}

// A hereView is one person in one ticket.
type hereView struct {
	TicketID string `json:"ticket_id"`
	Name     string `json:"name"`
	Editing  bool   `json:"editing" doc:"They are writing an answer."`
}

type ticketCounts struct {
	Open    int `json:"open"`
	Pending int `json:"pending"`
	Solved  int `json:"solved"`
}

// listTickets answers GET /v1/tickets.
func (s *Server) listTickets(ctx context.Context, in *TicketsWanted) (*ticketsOut, error) {
	f, err := in.filter(caller(ctx))
	if err != nil {
		return nil, err
	}
	ts, err := s.tickets(ctx).List(ctx, f)
	if err != nil {
		return nil, err
	}
	out := new(ticketsOut)
	if len(ts) > in.Limit {
		ts = ts[:in.Limit]
		mark, err := json.Marshal(ts[len(ts)-1].Mark())
		if err != nil {
			return nil, err
		}
		out.Body.NextCursor = base64.RawURLEncoding.EncodeToString(mark)
	}
	labels, err := s.labels(ctx, caller(ctx).WorkspaceID)
	if err != nil {
		return nil, err
	}
	out.Body.Tickets = make([]TicketView, len(ts))
	for i := range ts {
		out.Body.Tickets[i] = ticketOf(&ts[i], labels)
	}
	if in.Cursor == "" {
		n, err := s.tickets(ctx).Count(ctx)
		if err != nil {
			return nil, err
		}
		out.Body.Counts = &ticketCounts{n[ticket.Open], n[ticket.Pending], n[ticket.Solved]}
		if out.Body.Here, err = s.inTickets(ctx); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// readTicket answers GET /v1/tickets/{id}.
func (s *Server) readTicket(ctx context.Context, in *ByID) (*ticketOut, error) {
	t, err := s.tickets(ctx).Ticket(ctx, in.ID)
	return s.wholeTicket(ctx, &t, err)
}

// TicketBody is what is said of a ticket. What is missing stays as it is.
type TicketBody struct {
	Version    *int64           `json:"version,omitempty" minimum:"0" doc:"Of the ticket that you have read, 0: there must be none; missing: whatever it is now."`
	Subject    *string          `json:"subject,omitempty" maxLength:"1000" doc:"The start of the first message if there is none."`
	CustomerID *string          `json:"customer_id,omitempty" maxLength:"128" doc:"All that is kept of a customer can be erased by it."`
	Channel    *string          `json:"channel,omitempty" maxLength:"128" example:"email"`
	Language   *string          `json:"language,omitempty" maxLength:"16" example:"ru" doc:"Found out if missing."`
	Topic      *string          `json:"topic,omitempty" maxLength:"128" doc:"As your helpdesk sorts it; found out with the first draft if missing."`
	Tone       *string          `json:"tone,omitempty" maxLength:"64" example:"angry"`
	Priority   *ticket.Priority `json:"priority,omitempty" enum:"urgent,high,normal,low"`
	Status     *ticket.Status   `json:"status,omitempty" enum:"open,pending,solved" doc:"Missing: as the messages say."`
	Assignee   *string          `json:"assignee,omitempty" maxLength:"256"`
	Tags       *[]string        `json:"tags,omitempty" maxItems:"50"`
	Messages   []TicketMessage  `json:"messages,omitempty" maxItems:"1000" nullable:"false" doc:"The dialogue, or what is new of it: messages that are known already are not added again."`
	Origin     string           `json:"origin,omitempty" maxLength:"128" example:"connector:zendesk" doc:"What brings it. Default api, or console for a person."`
}

// TicketMessage is a message as it is told.
type TicketMessage struct {
	ID     string      `json:"id,omitempty" maxLength:"128" doc:"Your own id of it, by which it is known again; otherwise it is known by its role, text and time."`
	Role   ticket.Role `json:"role" enum:"customer,operator,bot"`
	Text   string      `json:"text"`
	Author string      `json:"author,omitempty" maxLength:"128"`
	At     time.Time   `json:"at,omitempty" doc:"Now if missing."`
}

func (b *TicketBody) change(key auth.Key) ticket.Change {
	c := ticket.Change{
		Subject: b.Subject, CustomerID: b.CustomerID, Channel: b.Channel, Language: b.Language, Topic: b.Topic, Tone: b.Tone,
		Priority: b.Priority, Status: b.Status, Assignee: b.Assignee, Tags: b.Tags, Origin: b.Origin,
	}
	if c.Origin == "" {
		c.Origin = "api"
		if isPerson(key) {
			c.Origin = "console"
		}
	}
	var asked strings.Builder
	for _, m := range b.Messages {
		c.Messages = append(c.Messages, ticket.Message{Name: m.ID, Role: m.Role, Text: m.Text, Author: m.Author, At: m.At})
		if m.Role == ticket.Customer {
			asked.WriteString(m.Text + "\n")
		}
	}
	if lang := embeddings.Language(asked.String()); lang != "und" {
		c.FoundLanguage = lang
	}
	return c
}

// isPerson reports whether the caller is a person who has signed in rather than
// a system with a key.
func isPerson(key auth.Key) bool { return strings.HasPrefix(key.ID, "person:") }

// putTicket answers PUT /v1/tickets/{id}.
func (s *Server) putTicket(ctx context.Context, in *struct {
	ByID
	Body TicketBody
}) (*ticketOut, error) {
	t, done, err := s.tickets(ctx).Put(ctx, in.ID, in.Body.Version, in.Body.change(caller(ctx)))
	out, err := s.wholeTicket(ctx, &t, err)
	if err == nil && done.Created {
		out.Status = http.StatusCreated
	}
	return out, err
}

// AssignBody says who sees to a ticket.
type AssignBody struct {
	Assignee *string `json:"assignee,omitempty" maxLength:"256" doc:"Empty: nobody. Missing: you do, unless somebody else does already."`
	Version  int64   `json:"version,omitempty" doc:"Of the ticket that you have read; missing: whatever it is now."`
}

// assignTicket answers POST /v1/tickets/{id}/assign.
func (s *Server) assignTicket(ctx context.Context, in *struct {
	ByID
	Body AssignBody
}) (*ticketOut, error) {
	var t ticket.Ticket
	var err error
	if in.Body.Assignee == nil {
		t, err = s.tickets(ctx).Claim(ctx, in.ID, authorOf(caller(ctx)))
	} else {
		t, err = s.tickets(ctx).Assign(ctx, in.ID, in.Body.Version, *in.Body.Assignee)
	}
	return s.wholeTicket(ctx, &t, err)
}

// StandBody says how a ticket stands.
type StandBody struct {
	Status  ticket.Status `json:"status" enum:"open,pending,solved"`
	Version int64         `json:"version,omitempty" doc:"Of the ticket that you have read; missing: whatever it is now."`
}

// standTicket answers POST /v1/tickets/{id}/status.
func (s *Server) standTicket(ctx context.Context, in *struct {
	ByID
	Body StandBody
}) (*ticketOut, error) {
	do := map[ticket.Status]func(context.Context, string, int64) (ticket.Ticket, error){
		ticket.Open: s.tickets(ctx).Reopen, ticket.Pending: s.tickets(ctx).Wait, ticket.Solved: s.tickets(ctx).Solve,
	}[in.Body.Status]
	noted(ctx, "", string(in.Body.Status))
	t, err := do(ctx, in.ID, in.Body.Version)
	return s.wholeTicket(ctx, &t, err)
}

// ticketSuggestion answers GET /v1/tickets/{id}/suggestion.
func (s *Server) ticketSuggestion(ctx context.Context, in *ByID) (*suggestionOut, error) {
	ws := caller(ctx).WorkspaceID
	t, err := s.tickets(ctx).Ticket(ctx, in.ID)
	if err != nil && !errors.Is(err, ticket.ErrNotFound) {
		return nil, err
	}
	id := t.SuggestionID
	if id == "" { // it was made before the ticket was told of
		made, err := s.Store.SuggestionsOf(ctx, ws, "", []string{in.ID})
		if err != nil {
			return nil, err
		}
		if len(made) == 0 {
			return nil, fmt.Errorf("%w: a suggestion for ticket %s", retrieval.ErrNotFound, in.ID)
		}
		id = made[len(made)-1].ID
	}
	return s.suggestion(ctx, &ByID{id})
}
