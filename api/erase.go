package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/kb/ticket"
	"github.com/whetstone-desk/whetstone/retrieval"
)

const aboutErase = `What is kept of a customer, or of tickets, by the helpdesk's ids: their dialogues, suggestions with all that was told about them, the cases that nothing else stands behind, and what was quoted of them elsewhere. What was learned from them is learned anew without them, so this takes a while; it goes on if the client leaves, and calling it again takes up what was not finished. With ` + "`dry`" + ` nothing is removed and the figures say what would be. Copies of the database, and your helpdesk's own records, are yours to handle. The audit keeps who was erased as a hash of the id: ` + "`customer:`" + ` and the first 16 hexadecimal digits of its SHA-256.`

func (r *routes) erasing() {
	add(r, r.op(call{"POST", "/erase", "erase", "Erase a customer, or tickets, for good", auth.Manage, aboutErase}), r.server.erase)
}

type eraseBody struct {
	CustomerID string   `json:"customer_id,omitempty" maxLength:"300" doc:"The customer's id in the helpdesk; or tickets, or both."`
	Tickets    []string `json:"tickets,omitempty" maxItems:"1000" nullable:"false"`
	Dry        bool     `json:"dry" doc:"true: only say what would be erased."`
}

type erasedOut struct{ Body erasedView }

type erasedView struct {
	Dry         bool             `json:"dry"`
	Suggestions int64            `json:"suggestions"`
	Tickets     int64            `json:"tickets" doc:"With their dialogues."`
	Erased      *feedback.Erased `json:"erased,omitempty" doc:"Everything that was removed; missing with dry."`
}

// erase answers POST /v1/erase.
func (s *Server) erase(ctx context.Context, in *struct{ Body eraseBody }) (*erasedOut, error) {
	who := feedback.Whom{Customer: strings.TrimSpace(in.Body.CustomerID), Tickets: in.Body.Tickets}
	if who.Customer == "" && len(who.Tickets) == 0 {
		return nil, fmt.Errorf("%w: name a customer or tickets to erase", feedback.ErrInvalid)
	}
	if slices.Contains(who.Tickets, "") {
		return nil, fmt.Errorf("%w: tickets: an id is empty", feedback.ErrInvalid)
	}
	if in.Body.Dry {
		unchanged(ctx)
		return s.wouldErase(ctx, who)
	}
	if s.Erase == nil {
		return nil, fmt.Errorf("%w: nothing is erased by this server", auth.ErrNotFound)
	}
	// What has begun is finished even where nobody waits for it any more.
	done, err := s.Erase(context.WithoutCancel(ctx), caller(ctx).WorkspaceID, who)
	if err != nil {
		return nil, err
	}
	noted(ctx, ErasedSubject(who), fmt.Sprintf("%d suggestions, %d tickets, %d cases", done.Suggestions, done.Tickets, done.Cases))
	return &erasedOut{erasedView{Suggestions: done.Suggestions, Tickets: done.Tickets, Erased: &done}}, nil
}

// wouldErase counts what erasing would remove.
func (s *Server) wouldErase(ctx context.Context, who feedback.Whom) (*erasedOut, error) {
	ws := caller(ctx).WorkspaceID
	var theirs []string
	if s.Tickets != nil {
		var err error
		if theirs, err = s.Tickets.In(ws).Of(ctx, who.Customer); err != nil {
			return nil, err
		}
	}
	found, err := s.Store.SuggestionsOf(ctx, ws, who.Customer, slices.Concat(who.Tickets, theirs))
	if err != nil {
		return nil, err
	}
	tickets, err := s.ticketsOf(ctx, slices.Concat(who.Tickets, theirs), found)
	return &erasedOut{erasedView{Dry: true, Suggestions: int64(len(found)), Tickets: tickets}}, err
}

// ticketsOf counts the tickets there are among those named, and those that name
// nobody and that one of the suggestions was made for.
func (s *Server) ticketsOf(ctx context.Context, named []string, found []retrieval.Suggestion) (int64, error) {
	if s.Tickets == nil {
		return 0, nil
	}
	asked := make(map[string]bool) // whether the ticket was named
	for i := range found {
		asked[found[i].TicketID] = false
	}
	for _, id := range named {
		asked[id] = true
	}
	delete(asked, "")
	n := int64(0)
	for id, wanted := range asked {
		t, err := s.Tickets.In(caller(ctx).WorkspaceID).Ticket(ctx, id)
		switch {
		case errors.Is(err, ticket.ErrNotFound):
		case err != nil:
			return 0, err
		case wanted || t.CustomerID == "":
			n++
		}
	}
	return n, nil
}

// ErasedSubject says in the audit who was erased, without keeping the id of a
// person who asked to be forgotten: whoever asks again can be looked up.
func ErasedSubject(who feedback.Whom) string {
	if who.Customer == "" {
		return "tickets"
	}
	sum := sha256.Sum256([]byte(who.Customer))
	return "customer:" + hex.EncodeToString(sum[:8])
}
