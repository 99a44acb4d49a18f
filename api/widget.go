package api

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/kb/ticket"
	"github.com/whetstone-desk/whetstone/retrieval"
)

type widgetTokenKey struct{}

// widgetOf returns the token that the caller came with; there is none for a key
// or a person, who may do what their role may.
func widgetOf(ctx context.Context) (held heldWidget, ok bool) {
	held, ok = ctx.Value(widgetTokenKey{}).(heldWidget)
	return held, ok
}

// A heldWidget is a token that was checked, with the pages that may show it.
type heldWidget struct {
	WidgetToken
	origins []string
}

// widgetCaller returns who calls with a widget's token: an operator who can
// reach one ticket, its suggestions and their sources, and nothing else. That
// the call is another's is auth.ErrForbidden.
func (s *Server) widgetCaller(hc huma.Context, token string) (context.Context, auth.Key, error) {
	ctx := hc.Context()
	if s.Widgets == nil {
		return ctx, auth.Key{}, auth.ErrUnauthorized
	}
	t, origins, err := s.Widgets.Verify(ctx, token)
	if err != nil {
		return ctx, auth.Key{}, err
	}
	if from := hc.Header("Origin"); from != "" && !slices.Contains(origins, from) && !sameHost(from, hc.Host()) {
		return ctx, auth.Key{}, fmt.Errorf("%w: the panel may not be shown at %.100q", auth.ErrForbidden, from)
	}
	if err := s.widgetMay(hc, &t); err != nil {
		return ctx, auth.Key{}, err
	}
	ctx = context.WithValue(ctx, widgetTokenKey{}, heldWidget{t, origins})
	return ctx, auth.Key{ID: "widget:" + t.Operator, WorkspaceID: t.Workspace, Name: t.Operator, Role: auth.Operator}, nil
}

func sameHost(origin, host string) bool {
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && u.Host == host
}

// widgetMay reports, as auth.ErrForbidden, a call that a token does not allow.
// What a call's body says is checked where it is read: see widgetAsks.
func (s *Server) widgetMay(hc huma.Context, t *WidgetToken) error {
	id := hc.Param("id")
	if u, err := url.PathUnescape(id); err == nil {
		id = u
	}
	other := fmt.Errorf("%w: this token is for ticket %s alone", auth.ErrForbidden, t.Ticket)
	switch hc.Operation().OperationID {
	case "suggest", "widget-session":
		return nil
	case "ticket", "ticket-suggestion":
		if id != t.Ticket {
			return other
		}
		return nil
	case "suggestion", "tell", "feedback":
		made, err := s.Store.Suggestion(hc.Context(), t.Workspace, id)
		if err == nil && made.TicketID == t.Ticket {
			return nil
		}
		if err != nil && !errors.Is(err, retrieval.ErrNotFound) {
			return err
		}
		return other
	case "article", "case":
		if hc.Query("reveal") != "" {
			return fmt.Errorf("%w: a widget's token shows no personal data", auth.ErrForbidden)
		}
		return s.widgetReads(hc.Context(), t, id)
	}
	return fmt.Errorf("%w: a widget's token does not do this", auth.ErrForbidden)
}

// widgetReads reports, as auth.ErrForbidden, that a document is no source of a
// suggestion for the token's ticket.
func (s *Server) widgetReads(ctx context.Context, t *WidgetToken, id string) error {
	made, err := s.Store.SuggestionsOf(ctx, t.Workspace, "", []string{t.Ticket})
	if err != nil {
		return err
	}
	for i := len(made) - 1; i >= 0; i-- {
		whole, err := s.Store.Suggestion(ctx, t.Workspace, made[i].ID)
		if err != nil && !errors.Is(err, retrieval.ErrNotFound) {
			return err
		}
		if slices.ContainsFunc(whole.Sources, func(c retrieval.Cited) bool { return c.ID == id }) {
			return nil
		}
	}
	return fmt.Errorf("%w: a widget's token reads the sources of its ticket's suggestions alone", auth.ErrForbidden)
}

// widgetAsks holds a question that came with a widget's token to its ticket and
// operator.
func widgetAsks(ctx context.Context, ask *retrieval.Ask) error {
	t, ok := widgetOf(ctx)
	if !ok {
		return nil
	}
	if ask.TicketID != t.Ticket {
		return fmt.Errorf("%w: this token is for ticket %s alone: name it in ticket_id", auth.ErrForbidden, t.Ticket)
	}
	ask.OperatorID, ask.OperatorGroup = t.Operator, t.Group
	return nil
}

// widgetTells holds what is told with a widget's token to its operator.
func widgetTells(ctx context.Context, told []Told) {
	if t, ok := widgetOf(ctx); ok {
		for i := range told {
			told[i].OperatorID = t.Operator
		}
	}
}

type widgetOut struct {
	Versioned
	Body widgetView
}

type widgetView struct {
	Origins []string `json:"origins" nullable:"false" doc:"Of the pages that may show the panel."`
}

// readWidget answers GET /v1/widget.
func (s *Server) readWidget(ctx context.Context, _ *struct{}) (*widgetOut, error) {
	origins, version, err := s.Widgets.At(ctx, caller(ctx).WorkspaceID)
	if origins == nil {
		origins = []string{}
	}
	return &widgetOut{at(version), widgetView{origins}}, err
}

// WidgetBody says where the panel may be shown.
type WidgetBody struct {
	Origins []string `json:"origins" maxItems:"50" nullable:"false" example:"[\"https://desk.example.org\"]" doc:"Of the pages that may show the panel; none: nowhere."`
	Renew   bool     `json:"renew,omitempty" doc:"Tokens that were made before hold no more."`
}

// putWidget answers PUT /v1/widget.
func (s *Server) putWidget(ctx context.Context, in *struct {
	Matching
	Body WidgetBody
}) (*widgetOut, error) {
	read, said, err := in.revision()
	if err != nil {
		return nil, err
	}
	c := WidgetChange{Origins: in.Body.Origins, Renew: in.Body.Renew}
	if said {
		c.Read = &read
	}
	origins, version, err := s.Widgets.Set(ctx, caller(ctx).WorkspaceID, c)
	return &widgetOut{at(version), widgetView{origins}}, err
}

// WidgetTokenBody says for whom a token is.
type WidgetTokenBody struct {
	TicketID string     `json:"ticket_id" minLength:"1" maxLength:"128"`
	Operator operatorIn `json:"operator" doc:"Who sits at the panel; the id is needed."`
}

type widgetTokenOut struct{ Body widgetTokenView }

type widgetTokenView struct {
	Token     string    `json:"token" doc:"Hand it to the panel; it holds for 15 minutes."`
	Page      string    `json:"page" doc:"Address of the panel's page on this server with the token in it, for a frame of your own; widget.js needs the token alone."`
	ExpiresAt time.Time `json:"expires_at"`
}

// makeWidgetToken answers POST /v1/widget/tokens.
func (s *Server) makeWidgetToken(ctx context.Context, in *struct{ Body WidgetTokenBody }) (*widgetTokenOut, error) {
	key := caller(ctx)
	switch {
	case in.Body.Operator.ID == "":
		return nil, fmt.Errorf("%w: operator.id: say who sits at the panel", auth.ErrInvalid)
	case !ticket.ValidID(in.Body.TicketID):
		return nil, fmt.Errorf("%w: ticket_id is no id of a ticket", auth.ErrInvalid)
	}
	made, err := s.Widgets.Issue(ctx, WidgetToken{
		Workspace: key.WorkspaceID, Ticket: in.Body.TicketID, Operator: in.Body.Operator.ID, Group: in.Body.Operator.Group,
	})
	return &widgetTokenOut{widgetTokenView{made.Token, made.Page, made.Until}}, err
}

type widgetSessionOut struct{ Body widgetSession }

type widgetSession struct {
	TicketID  string     `json:"ticket_id"`
	Operator  operatorIn `json:"operator"`
	Origins   []string   `json:"origins" nullable:"false" doc:"Of the pages that may show the panel, and that it may talk to."`
	ExpiresAt time.Time  `json:"expires_at"`
}

// widgetSession answers GET /v1/widget/session.
func (s *Server) widgetSession(ctx context.Context, _ *struct{}) (*widgetSessionOut, error) {
	t, ok := widgetOf(ctx)
	if !ok {
		return nil, fmt.Errorf("%w: send a widget's token, not a key", auth.ErrForbidden)
	}
	return &widgetSessionOut{widgetSession{
		TicketID: t.Ticket, Operator: operatorIn{t.Operator, t.Group}, Origins: t.origins, ExpiresAt: time.Unix(t.Expires, 0).UTC(),
	}}, nil
}
