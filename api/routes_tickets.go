package api

import (
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/whetstone-desk/whetstone/api/auth"
)

// What the description says of the workbench.
const (
	aboutTickets = `The queue, a page at a time: pass ` + "`next_cursor`" + ` on as ` + "`cursor`" + ` until there is none.`

	aboutTicket = `With its dialogue as it came: whoever answers must see it. It is erased with the customer, and a while after the ticket was solved.`

	aboutPutTicket = `Adds the ticket or changes it. What is missing stays as it is, and messages that are known already are not added again, so the whole dialogue may be sent each time. A new message of the customer opens the ticket again.`

	aboutReply = `Appends the reply to the dialogue, tells what became of the draft (` + "`sent`" + ` where the text is the draft, with or without its markers; else ` + "`edited`" + `) and returns what was learned from it so far. If the customer has written, or somebody has answered, since ` + "`version`" + `, the answer is 409, its detail begins with ` + "`newer message`" + `, and nothing was sent or told.

The reply reaches the customer through your helpdesk: a webhook that names ` + "`ticket.replied`" + ` is told at once and reads the text from the ticket.`

	aboutAssign = `Gives the ticket to somebody, to nobody, or takes it; taking what another has is a conflict.`

	aboutStand = `Says whose turn it is, without a reply.`

	aboutTicketSuggestion = `The latest that was made for the ticket.`

	aboutPresence = `Says where you are, about every ten seconds, and returns who else is there. Nothing of it is kept for longer than it is true.`

	aboutWidgetToken = `For the panel that shows one ticket's draft and sources to one operator within another helpdesk's window. The token asks for suggestions for that ticket, reads them and their sources, and tells what became of them; it does nothing else. Your server makes it with its key; the page gets the token and never the key.`

	aboutWidgetSession = `What the token that you call with is for, and which pages the panel may talk to.`

	aboutPutWidget = `Origins are as browsers send them: scheme, host and port. The panel is shown in pages of these alone, and a token that comes from another is refused.`

	aboutFind = `At most 8 of each kind, by what you may read: by an id or its start, or by words of the title, of a gap's label and question, of a ticket's subject, customer and latest question.`
)

func (r *routes) tickets() {
	s := r.server
	add(r, r.op(call{"GET", "/tickets", "list-tickets", "List tickets", auth.Tell, aboutTickets}), s.listTickets)
	add(r, r.op(call{"GET", "/tickets/{id}", "ticket", "Read a ticket", auth.Tell, aboutTicket}), s.readTicket)
	add(r, r.op(call{"PUT", "/tickets/{id}", "put-ticket", "Add or change a ticket", auth.Tell, aboutPutTicket}), s.putTicket)
	r.alsoCreates("/v1/tickets/{id}")
	add(r, r.op(call{"POST", "/tickets/{id}/reply", "reply-ticket", "Send a reply", auth.Tell, aboutReply}), s.replyTicket)
	add(r, r.op(call{"POST", "/tickets/{id}/assign", "assign-ticket", "Take a ticket or give it to somebody", auth.Tell, aboutAssign}), s.assignTicket)
	add(r, r.op(call{"POST", "/tickets/{id}/status", "stand-ticket", "Solve or reopen a ticket", auth.Tell, aboutStand}), s.standTicket)
	add(r, r.op(call{"GET", "/tickets/{id}/suggestion", "ticket-suggestion", "Read a ticket's latest suggestion", auth.Ask, aboutTicketSuggestion}), s.ticketSuggestion)
	add(r, r.op(call{"POST", "/presence", "say-presence", "Say where you are and see who else is", auth.Read, aboutPresence}), s.sayPresence)
	add(r, r.op(call{"GET", "/find", "find", "Find anything by its name", auth.Read, aboutFind}), newFinders(s.KB).find(s))
}

func (r *routes) widget() {
	s := r.server
	add(r, r.op(call{"GET", "/widget", "widget", "Read where the panel may be shown", auth.Manage, ""}), s.readWidget)
	add(r, r.op(call{"PUT", "/widget", "put-widget", "Say where the panel may be shown", auth.Manage, aboutPutWidget}), s.putWidget)
	add(r, r.byHelpdesks(created(r.op(call{"POST", "/widget/tokens", "make-widget-token", "Make a token for the panel", auth.Ask, aboutWidgetToken}))), s.makeWidgetToken)
	add(r, r.op(call{"GET", "/widget/session", "widget-session", "Read what a token is for", auth.Ask, aboutWidgetSession}), s.widgetSession)
}

// byHelpdesks keeps an operation to helpdesks and admins, whoever else has its
// right.
func (r *routes) byHelpdesks(op huma.Operation) huma.Operation {
	roles := []auth.Role{auth.Admin, auth.Helpdesk}
	op.Extensions["x-roles"] = roles
	op.Middlewares = append(op.Middlewares, func(hc huma.Context, next func(huma.Context)) {
		if !slices.Contains(roles, caller(hc.Context()).Role) {
			fail(r.api, hc, http.StatusForbidden, "a helpdesk or an admin does this")
			return
		}
		next(hc)
	})
	return op
}
