package api

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"github.com/whetstone-desk/whetstone/api/auth"
)

// AuditKept is how long it is kept who changed what: a year, and time to look
// at it.
const AuditKept = 400 * 24 * time.Hour

const aboutAudit = `Every call that succeeded and changed anything, the newest first: who made it, which operation, of what. Suggestions, searches, feedback, messages of tickets and presence are not among them, and nothing of what was written is. Entries are kept for 400 days.`

func (r *routes) audit() {
	add(r, r.op(call{"GET", "/audit", "audit", "List who changed what", auth.Manage, aboutAudit}), r.server.entries)
}

// unaudited reports whether calls of a path are everyday work that others keep:
// what was suggested and told is kept with the suggestion, and who wrote what
// with the ticket.
func unaudited(route string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(route, "/v1/"), "/")
	switch first {
	case "suggestions", "search", "feedback", "presence":
		return true
	}
	switch route {
	case "/v1/session/link/look", "/v1/tickets/{id}", "/v1/tickets/{id}/reply", "/v1/widget/tokens", "/v1/model/test":
		return true
	}
	return false
}

// A note is what a handler says of its call to the audit.
type note struct {
	caller          auth.Key // who signed in by this very call
	subject, detail string
	unchanged       bool // nothing was changed
}

type noteKey struct{}

// noted says what a call is about where its address does not, and a few words
// of what it did. They are for admins to read, and nothing of a body but what
// they could see anyway.
func noted(ctx context.Context, subject, detail string) {
	if n, ok := ctx.Value(noteKey{}).(*note); ok {
		n.subject, n.detail = subject, detail
	}
}

// unchanged says that a call changed nothing, so that the audit has no entry.
func unchanged(ctx context.Context) {
	if n, ok := ctx.Value(noteKey{}).(*note); ok {
		n.unchanged = true
	}
}

// signed says who signed in by this call.
func signed(ctx context.Context, who *auth.Person) {
	if n, ok := ctx.Value(noteKey{}).(*note); ok {
		n.caller = who.Key()
	}
}

// audited keeps calls that succeeded and changed anything.
func (s *Server) audited(hc huma.Context, next func(huma.Context)) {
	op := hc.Operation()
	if s.Audit == nil || op.Method == http.MethodGet || unaudited(op.Path) {
		next(hc)
		return
	}
	n := new(note)
	next(huma.WithContext(hc, context.WithValue(hc.Context(), noteKey{}, n)))
	w := humagin.Unwrap(hc).Writer
	if n.unchanged || w.Status() < 200 || w.Status() >= 300 {
		return
	}
	who := caller(hc.Context())
	if who.ID == "" {
		who = n.caller
	}
	if n.subject == "" {
		n.subject = subject(hc, w.Header().Get("Location"))
	}
	s.keep(hc.Context(), &auth.Entry{
		WorkspaceID: who.WorkspaceID, ActorID: who.ID, Actor: who.Name, Method: op.Method, Operation: op.OperationID,
		Subject: n.subject, Detail: n.detail,
	})
}

// keep adds an entry, also where the client has gone. What was done is done: a
// failure goes to the log.
func (s *Server) keep(ctx context.Context, e *auth.Entry) {
	e.RequestID = requestID(ctx)
	if err := s.Audit.Keep(context.WithoutCancel(ctx), e); err != nil {
		s.Log.ErrorContext(ctx, "audit failed", "request", e.RequestID, "actor", e.ActorID, "operation", e.Operation, "subject", e.Subject, "error", err)
	}
}

// subject is what a call is about, by its address, or by where it says that
// what it made is.
func subject(hc huma.Context, location string) string {
	var ids []string
	for part := range strings.SplitSeq(hc.Operation().Path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			ids = append(ids, hc.Param(strings.TrimSuffix(name, "}")))
		}
	}
	if len(ids) == 0 && location != "" {
		return path.Base(location)
	}
	return strings.Join(ids, "/")
}

type entryView struct {
	ID        string    `json:"id"`
	At        time.Time `json:"at"`
	Who       actorView `json:"who"`
	Method    string    `json:"method"`
	What      string    `json:"what" doc:"The operation's id in this description."`
	Subject   string    `json:"subject" doc:"What was changed, by its id; empty where there is one of it only, or many at once."`
	Detail    string    `json:"detail"`
	RequestID string    `json:"request_id"`
}

type actorView struct {
	ID   string `json:"id" doc:"person: and the person's id, or a key's id."`
	Name string `json:"name" doc:"As it was then."`
}

type entriesOut struct{ Body entryPage }

type entryPage struct {
	Entries    []entryView `json:"entries" nullable:"false"`
	NextCursor string      `json:"next_cursor,omitempty" doc:"Missing on the last page."`
}

// entries answers GET /v1/audit.
func (s *Server) entries(ctx context.Context, in *struct {
	Who     string `query:"who" maxLength:"200" doc:"A person's or key's id, as in entries, or their name."`
	What    string `query:"what" maxLength:"100" doc:"An operation's id."`
	Subject string `query:"subject" maxLength:"300"`
	Cursor  string `query:"cursor" maxLength:"100" doc:"next_cursor of the page before."`
	Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}) (*entriesOut, error) {
	out := &entriesOut{entryPage{Entries: []entryView{}}}
	before, err := base64.RawURLEncoding.DecodeString(in.Cursor)
	if err != nil || !plain(string(before)) {
		return nil, fmt.Errorf("%w: cursor %q: pass next_cursor on as it came", errMalformed, in.Cursor)
	}
	if s.Audit == nil {
		return out, nil
	}
	es, err := s.Audit.Entries(ctx, caller(ctx).WorkspaceID, auth.Filter{
		Who: in.Who, What: in.What, Subject: in.Subject, Before: string(before), Limit: in.Limit + 1,
	})
	if err != nil {
		return nil, err
	}
	if len(es) > in.Limit {
		es = es[:in.Limit]
		out.Body.NextCursor = base64.RawURLEncoding.EncodeToString([]byte(es[in.Limit-1].ID))
	}
	for i := range es {
		e := &es[i]
		out.Body.Entries = append(out.Body.Entries, entryView{e.ID, e.At, actorView{e.ActorID, e.Actor}, e.Method, e.Operation, e.Subject, e.Detail, e.RequestID})
	}
	return out, nil
}
