package api

import (
	"context"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/whetstone-desk/whetstone/kb/gap"
)

// GapView is a gap as editors see it in a list.
type GapView struct {
	ID         string         `json:"id"`
	Version    int64          `json:"version" doc:"Counts changes: send it with yours, so that nobody's is lost."`
	Status     gap.Status     `json:"status" enum:"waiting,open,assigned,drafted,published,verifying,closed,reopened,dismissed,merged"`
	Label      string         `json:"label" doc:"A few words that set it apart."`
	Cause      gap.Cause      `json:"cause" enum:"uncovered,not_found,outdated,restricted,action"`
	Cost       float64        `json:"cost" doc:"Minutes a month, weighed by dissatisfaction and growth: the product of topic.factors."`
	Owner      string         `json:"owner,omitempty"`
	Due        *time.Time     `json:"due,omitempty"`
	ArticleID  string         `json:"article_id,omitempty" doc:"The article that is to close it."`
	MergedInto string         `json:"merged_into,omitempty" doc:"The gap that it is a part of."`
	Topic      gap.Topic      `json:"topic"`
	Dismissal  *gap.Dismissal `json:"dismissal,omitempty"`
	FirstAt    time.Time      `json:"first_at"`
	LastAt     time.Time      `json:"last_at"`
	OpenedAt   *time.Time     `json:"opened_at,omitempty"`
	ClosedAt   *time.Time     `json:"closed_at,omitempty"`
	UpdatedAt  time.Time      `json:"updated_at"`
}

func gapOf(g *gap.Gap) GapView {
	return GapView{
		ID: g.ID, Version: g.Version, Status: g.Status, Label: g.Label, Cause: g.Cause, Cost: g.Cost, Owner: g.Owner, Due: g.Due,
		ArticleID: g.ArticleID, MergedInto: g.MergedInto, Topic: g.Topic, Dismissal: g.Dismissal, FirstAt: g.FirstAt, LastAt: g.LastAt,
		OpenedAt: g.OpenedAt, ClosedAt: g.ClosedAt, UpdatedAt: g.UpdatedAt,
	}
}

// gapWhole is a gap with all that is known of it.
type gapWhole struct {
	GapView
	Draft    *gap.Draft    `json:"draft,omitempty" doc:"Never published by itself."`
	Proof    *gap.Proof    `json:"proof,omitempty" doc:"What came of asking its questions again."`
	History  []gap.Step    `json:"history" nullable:"false" doc:"Oldest first."`
	Evidence []failureView `json:"evidence,omitempty" doc:"The suggestions that failed, the latest first; when a gap is read by itself."`
}

type failureView struct {
	SuggestionID string       `json:"suggestion_id"`
	TicketID     string       `json:"ticket_id,omitempty"`
	TicketKnown  bool         `json:"ticket_known" doc:"Whether GET /v1/tickets/{ticket_id} shows it; false: the suggestion named the ticket, and nothing else was told of it."`
	Language     string       `json:"language"`
	Question     string       `json:"question" doc:"Without personal data."`
	Reply        string       `json:"reply,omitempty" doc:"What was sent, without personal data."`
	Missing      string       `json:"missing,omitempty" doc:"What an operator said that nobody has written down, without personal data."`
	Signs        []gap.Sign   `json:"signs" nullable:"false"`
	Sources      []gap.Blamed `json:"sources,omitempty"`
	Confidence   float64      `json:"confidence"`
	Counted      bool         `json:"counted" doc:"false: the customer has shown as many that day as count."`
	At           time.Time    `json:"at"`
}

func failureOf(f *gap.Failure) failureView {
	v := failureView{
		f.SuggestionID, f.TicketID, false, f.Language, f.Question, f.Reply, f.Missing, f.Signs, f.Sources, f.Confidence, f.Counted, f.At,
	}
	if v.Signs == nil {
		v.Signs = []gap.Sign{}
	}
	return v
}

type gapOut struct{ Body gapWhole }

func wholeGap(g *gap.Gap, err error) (*gapOut, error) {
	if err != nil {
		return nil, err
	}
	w := gapWhole{GapView: gapOf(g), Draft: g.Draft, Proof: g.Proof, History: g.History}
	if w.History == nil {
		w.History = []gap.Step{}
	}
	return &gapOut{w}, nil
}

// GapsWanted says which gaps to list.
type GapsWanted struct {
	Status []gap.Status `query:"status" enum:"waiting,open,assigned,drafted,published,verifying,closed,reopened,dismissed,merged" doc:"Any of; missing: those that somebody works on or should."`
	Cause  []gap.Cause  `query:"cause" enum:"uncovered,not_found,outdated,restricted,action" doc:"Any of."`
	Owner  string       `query:"owner" maxLength:"256"`
}

func (in *GapsWanted) filter() gap.Filter {
	return gap.Filter{Statuses: in.Status, Causes: in.Cause, Owner: in.Owner}
}

type gapsOut struct{ Body gapPage }

type gapPage struct {
	Gaps       []GapView `json:"gaps" nullable:"false" doc:"The costliest first."`
	NextCursor string    `json:"next_cursor,omitempty" doc:"Missing on the last page."`
}

// listGaps answers GET /v1/gaps.
func (s *Server) listGaps(ctx context.Context, in *struct {
	GapsWanted
	Cursor string `query:"cursor" doc:"next_cursor of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}) (*gapsOut, error) {
	f := in.filter()
	var err error
	if f.Offset, err = offset(in.Cursor); err != nil {
		return nil, err
	}
	f.Limit = in.Limit + 1
	gs, err := s.Gaps.In(caller(ctx).WorkspaceID).Gaps(ctx, f)
	if err != nil {
		return nil, err
	}
	out := new(gapsOut)
	if len(gs) > in.Limit {
		gs = gs[:in.Limit]
		out.Body.NextCursor = base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(f.Offset + in.Limit)))
	}
	out.Body.Gaps = make([]GapView, len(gs))
	for i := range gs {
		out.Body.Gaps[i] = gapOf(&gs[i])
	}
	return out, nil
}

// offset is the place that a cursor of a ranked list stands for. The list may
// have changed in between: a gap that has moved over the border of a page is
// then seen twice or, on the next reading, once.
func offset(cursor string) (int, error) {
	if cursor == "" {
		return 0, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		var n int
		if n, err = strconv.Atoi(string(b)); err == nil && n >= 0 {
			return n, nil
		}
	}
	return 0, fmt.Errorf("%w: cursor %q: pass next_cursor on as it came", errMalformed, cursor)
}

// evidenceShown is how many failures of a gap are shown with it.
const evidenceShown = 100

// readGap answers GET /v1/gaps/{id}.
func (s *Server) readGap(ctx context.Context, in *ByID) (*gapOut, error) {
	store := s.Gaps.In(caller(ctx).WorkspaceID)
	g, err := store.Gap(ctx, in.ID)
	out, err := wholeGap(&g, err)
	if err != nil {
		return nil, err
	}
	fs, err := store.Evidence(ctx, g.ID, evidenceShown)
	if err != nil {
		return nil, err
	}
	out.Body.Evidence = make([]failureView, len(fs))
	for i := range fs {
		out.Body.Evidence[i] = failureOf(&fs[i])
	}
	return out, s.knowTickets(ctx, out.Body.Evidence)
}

// knowTickets marks the failures whose ticket was told of.
func (s *Server) knowTickets(ctx context.Context, of []failureView) error {
	if s.Tickets == nil || len(of) == 0 {
		return nil
	}
	var ids []string
	for i := range of {
		if of[i].TicketID != "" {
			ids = append(ids, of[i].TicketID)
		}
	}
	known, err := s.tickets(ctx).Known(ctx, ids)
	for i := range of {
		of[i].TicketKnown = known[of[i].TicketID]
	}
	return err
}

// GapChangeBody is what a person changes about a gap. What is missing stays.
type GapChangeBody struct {
	Version int64      `json:"version,omitempty" doc:"Of the gap that you have read; missing: whatever it is now."`
	Owner   *string    `json:"owner,omitempty" maxLength:"256" doc:"Who sees to it; empty: nobody any more."`
	Due     *time.Time `json:"due,omitempty" doc:"Until when; needs an owner. The console shows its day in UTC, the same to everybody."`
	Status  gap.Status `json:"status,omitempty" enum:"dismissed,reopened" doc:"dismissed: it is no gap, and stays so until its volume has doubled. reopened: it is one again."`
	Reason  string     `json:"reason,omitempty" maxLength:"4096" doc:"Why: needed to dismiss."`
}

// changeGap answers PATCH /v1/gaps/{id}.
func (s *Server) changeGap(ctx context.Context, in *struct {
	ByID
	Body GapChangeBody
}) (*gapOut, error) {
	key, b := caller(ctx), &in.Body
	if b.Owner == nil && b.Due == nil && b.Status == "" {
		return nil, fmt.Errorf("%w: say what to change: owner, due or status", gap.ErrInvalid)
	}
	who, at := authorOf(key), time.Now()
	g, err := s.Gaps.In(key.WorkspaceID).Change(ctx, in.ID, b.Version, func(g *gap.Gap) error {
		switch b.Status {
		case gap.Dismissed:
			if err := g.Dismiss(b.Reason, who, at); err != nil {
				return err
			}
		case gap.Reopened:
			if err := g.Reopen(who, b.Reason, at); err != nil {
				return err
			}
		}
		if b.Owner == nil && b.Due == nil {
			return nil
		}
		owner, due := g.Owner, b.Due
		if b.Owner != nil {
			owner = *b.Owner
		}
		if due == nil && owner != "" {
			due = g.Due
		}
		return g.Assign(owner, due, who, at)
	})
	return wholeGap(&g, err)
}

// exported are a gap's columns in a table.
func exported() []string {
	return strings.Fields("id label status cause cost volume handling_minutes dissatisfaction growth tickets customers question why owner due " +
		"article_id first_at last_at opened_at closed_at")
}

// row is the gap as a line of a table, in the order of exported.
func row(g *gap.Gap) []string {
	number := func(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) }
	when := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return t.UTC().Format(time.RFC3339)
	}
	f := &g.Topic.Factors
	return []string{
		g.ID, harmless(g.Label), string(g.Status), string(g.Cause), number(g.Cost), number(f.Volume), number(f.Handling), number(f.Dissatisfaction),
		number(f.Growth), strconv.Itoa(g.Topic.Tickets), strconv.Itoa(g.Topic.Customers), harmless(g.Topic.Question), harmless(g.Topic.Why), harmless(g.Owner), when(g.Due),
		harmless(g.ArticleID), when(&g.FirstAt), when(&g.LastAt), when(g.OpenedAt), when(g.ClosedAt),
	}
}

// harmless has a spreadsheet show what customers wrote, which it would run as a
// formula. What looks like white space to it is no protection, and neither are
// the wide signs of East Asian keyboards.
func harmless(cell string) string {
	text := strings.TrimLeftFunc(cell, unicode.IsSpace)
	first, _ := utf8.DecodeRuneInString(text)
	if text != "" && strings.ContainsRune("=+-@＝＋－＠", first) || cell != "" && strings.ContainsRune("\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
