package api

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/kb/ticket"
)

// foundOfEach is how many of each kind a search for anything shows.
const foundOfEach = 8

type findIn struct {
	Query string `query:"q" maxLength:"200" doc:"An id or its start, or words of a title. Without any, nothing is found, but what is looked through is made ready."`
}

type findOut struct{ Body findView }

// findView is what was found, the best of each kind first.
type findView struct {
	Articles []foundView `json:"articles" nullable:"false"`
	Cases    []foundView `json:"cases" nullable:"false"`
	Gaps     []foundView `json:"gaps" nullable:"false" doc:"Empty for who may not read them, as tickets."`
	Tickets  []foundView `json:"tickets" nullable:"false"`
}

type foundView struct {
	ID     string `json:"id"`
	Title  string `json:"title" doc:"Or the label of a gap, or the subject of a ticket."`
	Status string `json:"status"`
}

// find answers GET /v1/find.
func (f *finders) find(s *Server) func(ctx context.Context, in *findIn) (*findOut, error) {
	return func(ctx context.Context, in *findIn) (*findOut, error) {
		key := caller(ctx)
		v := findView{Articles: []foundView{}, Cases: []foundView{}, Gaps: []foundView{}, Tickets: []foundView{}}
		if len(strings.Fields(in.Query)) == 0 {
			return &findOut{v}, f.ready(ctx, key.WorkspaceID)
		}
		if s.Tickets != nil && key.Role.May(auth.Tell) {
			var err error
			if v.Tickets, err = s.findTickets(ctx, in.Query); err != nil {
				return nil, err
			}
		}
		for _, way := range ways(in.Query) {
			if err := f.fill(ctx, s, way, &v); err != nil {
				return nil, err
			}
			if len(v.Articles)+len(v.Cases)+len(v.Gaps)+len(v.Tickets) > 0 {
				break
			}
		}
		return &findOut{v}, nil
	}
}

// fill adds the documents and gaps that are found in a way.
func (f *finders) fill(ctx context.Context, s *Server, way matcher, v *findView) error {
	key := caller(ctx)
	found, err := f.documents(ctx, key.WorkspaceID, way)
	if err != nil {
		return err
	}
	for _, t := range found[kb.Article] {
		v.Articles = append(v.Articles, foundView{t.ID, t.Title, string(t.Status)})
	}
	for _, t := range found[kb.Case] {
		v.Cases = append(v.Cases, foundView{t.ID, t.Title, string(t.Status)})
	}
	if s.Gaps != nil && key.Role.May(auth.Teach) {
		v.Gaps, err = s.findGaps(ctx, way)
	}
	return err
}

// ready brings what is looked through up to date: the first time that takes a
// while.
func (f *finders) ready(ctx context.Context, workspace string) error {
	t := f.in(workspace, time.Now())
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.catch(ctx, f.kb, workspace)
}

// documents returns the best of each kind.
func (f *finders) documents(ctx context.Context, workspace string, way matcher) (map[kb.Kind][]kb.Title, error) {
	t := f.in(workspace, time.Now())
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.catch(ctx, f.kb, workspace); err != nil {
		return nil, err
	}
	return t.find(way, foundOfEach), nil
}

// findGaps returns the gaps whose label or most typical question is found.
func (s *Server) findGaps(ctx context.Context, way matcher) ([]foundView, error) {
	gs, err := s.Gaps.In(caller(ctx).WorkspaceID).Gaps(ctx, gap.Filter{Statuses: []gap.Status{
		gap.Open, gap.Assigned, gap.Drafted, gap.Published, gap.Verifying, gap.Closed, gap.Reopened, gap.Dismissed,
	}})
	if err != nil {
		return nil, err
	}
	var ms []match
	for i := range gs {
		if how, ok := way(gs[i].ID, folded(gs[i].Label+" "+gs[i].Topic.Question)); ok {
			ms = append(ms, match{how: how, at: i})
		}
	}
	// Of those that are found equally well the costliest come first, as they came.
	slices.SortStableFunc(ms, func(a, b match) int { return cmp.Compare(a.how, b.how) })
	out := []foundView{}
	for _, m := range ms[:min(foundOfEach, len(ms))] {
		g := &gs[m.at]
		out = append(out, foundView{g.ID, cmp.Or(g.Label, g.Topic.Question), string(g.Status)})
	}
	return out, nil
}

// findTickets returns the ticket of that id, then the latest that have the words.
func (s *Server) findTickets(ctx context.Context, q string) ([]foundView, error) {
	ts, err := s.tickets(ctx).List(ctx, ticket.Filter{Query: q, Limit: foundOfEach})
	if err != nil {
		return nil, err
	}
	exact, err := s.tickets(ctx).Ticket(ctx, strings.TrimSpace(q))
	switch {
	case err == nil:
		ts = slices.Insert(slices.DeleteFunc(ts, func(t ticket.Ticket) bool { return t.ID == exact.ID }), 0, exact)
	case !errors.Is(err, ticket.ErrNotFound):
		return nil, err
	}
	out := []foundView{}
	for i := range ts[:min(foundOfEach, len(ts))] {
		out = append(out, foundView{ts[i].ID, cmp.Or(ts[i].Subject, ts[i].Preview), string(ts[i].Status)})
	}
	return out, nil
}
