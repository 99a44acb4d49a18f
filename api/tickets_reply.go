package api

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb/ticket"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// TicketReplyBody is what an operator sends.
type TicketReplyBody struct {
	Text         string `json:"text" minLength:"1" doc:"What the customer reads."`
	SuggestionID string `json:"suggestion_id,omitempty" maxLength:"128" doc:"The draft that it was made of: what became of it is told by this call."`
	Version      int64  `json:"version" minimum:"1" doc:"Of the ticket when the dialogue was read: if anybody has written since, nothing is sent."`
	Close        bool   `json:"close,omitempty" doc:"Nothing is left to do: the ticket is solved."`
	Key          string `json:"idempotency_key" minLength:"1" maxLength:"200" doc:"Your own id of the reply: sent twice, it counts once."`
	OperatorID   string `json:"operator_id,omitempty" maxLength:"128" doc:"Who sends it, where a system does so for somebody; you if missing."`
}

type repliedOut struct{ Body repliedView }

type repliedView struct {
	Ticket  TicketView        `json:"ticket"`
	Message TicketMessageView `json:"message" doc:"The reply as it stands in the dialogue."`
	Known   bool              `json:"known" doc:"It had been sent before and counts once."`
	Event   feedback.Kind     `json:"event,omitempty" enum:"sent,edited" doc:"What was told of the draft: sent as it was, or edited."`
	Refused string            `json:"refused,omitempty" doc:"Why what became of the draft could not be told; the reply is sent all the same."`
	Learned *learnedView      `json:"learned,omitempty" doc:"What was learned from it so far; missing without a draft."`
}

// learnedView says what sending taught.
type learnedView struct {
	Digested  bool          `json:"digested" doc:"false: it is still being looked at; read the suggestion again in a moment."`
	Used      feedback.Use  `json:"used" enum:",unchanged,edited,replaced,rejected"`
	Distance  *float64      `json:"edit_distance" minimum:"0" maximum:"1" doc:"Share of words that differ; null if not known."`
	Kept      int           `json:"kept" doc:"Sources that the draft rests on and that were kept."`
	Of        int           `json:"of" doc:"Sources that the draft rests on."`
	BroughtIn int           `json:"brought_in" doc:"Sources that the draft does not rest on and that were written in."`
	Credits   []creditShown `json:"credits" nullable:"false"`
}

type creditShown struct {
	feedback.Credit
	Title string `json:"title"`
}

// replyTicket answers POST /v1/tickets/{id}/reply. The reply is sent first and
// told of after, each once only: whoever is answered with a fault between the
// two, and sends again, makes up for it.
func (s *Server) replyTicket(ctx context.Context, in *struct {
	ByID
	Body TicketReplyBody
}) (*repliedOut, error) {
	key, b := caller(ctx), &in.Body
	var made retrieval.Suggestion
	if b.SuggestionID != "" {
		var err error
		if made, err = s.Store.Suggestion(ctx, key.WorkspaceID, b.SuggestionID); err != nil {
			return nil, err
		}
		if made.TicketID != "" && made.TicketID != in.ID {
			return nil, fmt.Errorf("%w: suggestion %s was made for another ticket", ticket.ErrInvalid, made.ID)
		}
	}
	t, sent, err := s.tickets(ctx).Reply(ctx, in.ID, ticket.Reply{
		Key: b.Key, Text: b.Text, Author: cmp.Or(b.OperatorID, authorOf(key)), SuggestionID: b.SuggestionID, Version: b.Version, Close: b.Close,
	})
	if err != nil {
		return nil, err
	}
	labels, err := s.labels(ctx, key.WorkspaceID)
	if err != nil {
		return nil, err
	}
	out := &repliedOut{repliedView{Ticket: ticketOf(&t, labels), Message: messageOf(&sent.Message), Known: sent.Known}}
	if b.SuggestionID == "" {
		return out, nil
	}
	operator := b.OperatorID
	if operator == "" && isPerson(key) {
		operator = authorOf(key)
	}
	events := replied(&made, &sent.Message, operator, b.Close)
	out.Body.Event = events[0].Kind
	recorded, err := s.Feedback.In(key.WorkspaceID).Record(ctx, events)
	switch {
	case err == nil:
		s.told()
		out.Body.Learned, err = s.learned(ctx, &made, recorded[len(recorded)-1].Seq)
	case refused(err):
		out.Body.Refused, err = err.Error(), nil
	}
	return out, err
}

// replied is what a reply tells of the draft that it was made of. The ids follow
// from the reply, so that it is told once.
func replied(made *retrieval.Suggestion, m *ticket.Message, operator string, solved bool) []feedback.Event {
	sum := sha256.Sum256([]byte(m.TicketID + "\x00" + m.Key + "\x00" + made.ID))
	id := "r-" + hex.EncodeToString(sum[:12])
	e := feedback.Event{ID: id, SuggestionID: made.ID, OperatorID: operator, Kind: feedback.Edited, Text: m.Text, At: m.At}
	if made.Decision != retrieval.Abstained && asDrafted(made.Answer.Text, m.Text) {
		e.Kind, e.Text = feedback.Sent, ""
	}
	events := []feedback.Event{e}
	if solved {
		events = append(events, feedback.Event{
			ID: id + "-o", SuggestionID: made.ID, OperatorID: operator, Kind: feedback.Resulted, At: m.At,
			Outcome: &feedback.Outcome{Status: feedback.ResolvedStatus},
		})
	}
	return events
}

// marks are those of citations, which customers do not see.
var marks = regexp.MustCompile(`\s*\[\d+\]`)

// asDrafted reports whether a text is the draft, with or without the marks of
// its citations and however its lines are broken.
func asDrafted(draft, text string) bool {
	bare := func(s string) string { return strings.Join(strings.Fields(marks.ReplaceAllString(s, "")), " ") }
	return bare(draft) == bare(text)
}

// Times of waiting for what was told to be digested.
const (
	learnedTime  = time.Second
	learnedEvery = 20 * time.Millisecond
)

// learned is what was learned of the suggestion from what was told up to seq,
// once it is, or what there is when the time is up.
func (s *Server) learned(ctx context.Context, made *retrieval.Suggestion, seq int64) (*learnedView, error) {
	feed, end := s.Feedback.In(made.WorkspaceID), time.After(learnedTime)
	tick := time.NewTicker(learnedEvery)
	defer tick.Stop()
	for {
		j, err := feed.Judgement(ctx, made.ID)
		switch {
		case err == nil && j.Seq >= seq:
			return learnedOf(made, &j), nil
		case err != nil && !errors.Is(err, feedback.ErrNotFound):
			return nil, err
		}
		select {
		case <-tick.C:
		case <-end:
			return &learnedView{Credits: []creditShown{}}, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func learnedOf(made *retrieval.Suggestion, j *feedback.Judgement) *learnedView {
	v := &learnedView{Digested: true, Used: j.Used, Credits: []creditShown{}}
	if j.Distance >= 0 {
		v.Distance = &j.Distance
	}
	titles := make(map[string]string)
	for i := range made.Sources {
		titles[made.Sources[i].ID] = made.Sources[i].Title
	}
	for _, c := range j.Credits {
		switch c.Verdict {
		case feedback.Kept:
			v.Kept++
			v.Of++
		case feedback.Dropped, feedback.Contradicted:
			v.Of++
		case feedback.BroughtIn:
			v.BroughtIn++
		}
		v.Credits = append(v.Credits, creditShown{c, titles[c.SourceID]})
	}
	return v
}

// suggested notes down what was made for a ticket, if there are tickets.
func (s *Server) suggested(ctx context.Context, made *retrieval.Suggestion) error {
	if s.Tickets == nil || made.TicketID == "" {
		return nil
	}
	return s.Tickets.In(made.WorkspaceID).Suggested(ctx, made.TicketID, made.ID, made.Topic)
}
