package feedback

import (
	"context"
	"slices"

	"github.com/whetstone-desk/whetstone/kb/ticket"
)

// findTickets adds the customer's tickets to those that are erased: suggestions
// that were made for one without naming the customer belong to them too.
func (x *erasing) findTickets(ctx context.Context) error {
	theirs, err := ticket.New(x.DB, nil).In(x.workspace).Of(ctx, x.who.Customer)
	x.who.Tickets = slices.Concat(x.who.Tickets, theirs)
	return err
}

// removeTickets removes the dialogues of those that are erased. It comes after
// the suggestions: while their tickets are there, an erasing that was stopped
// finds them again.
func (x *erasing) removeTickets(ctx context.Context) error {
	store := ticket.New(x.DB, nil).In(x.workspace)
	n, err := store.Erase(ctx, x.who.Tickets)
	x.done.Tickets += n
	if err != nil {
		return err
	}
	// A ticket that names nobody is theirs if a suggestion for it was.
	var of []string
	for i := range x.found {
		if id := x.found[i].TicketID; id != "" {
			of = append(of, id)
		}
	}
	n, err = store.EraseNameless(ctx, of)
	x.done.Tickets += n
	return err
}
