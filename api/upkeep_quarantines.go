package api

import (
	"context"
	"time"

	"github.com/whetstone-desk/whetstone/kb/upkeep"
)

// QuarantineView says that a document rests on something that has changed.
type QuarantineView struct {
	DocumentID string       `json:"document_id"`
	Title      string       `json:"title,omitempty" doc:"Of the document; missing if it is gone."`
	CauseID    string       `json:"cause_id" doc:"What has changed."`
	CauseTitle string       `json:"cause_title,omitempty"`
	Revision   int64        `json:"revision" doc:"Of the cause, that brought it about."`
	Status     upkeep.Doubt `json:"status" enum:"open,confirmed,lifted"`
	Why        string       `json:"why"`
	Was        []choreSays  `json:"was" nullable:"false" doc:"What it rests on, as it was; of a release note: what the document says."`
	Is         []choreSays  `json:"is" nullable:"false" doc:"What is said in its place."`
	Drafts     []string     `json:"drafts" nullable:"false" doc:"Suggestions of the last seven days that rest on it and are not judged yet, the latest first, 50 at most."`
	Author     string       `json:"author,omitempty" doc:"Who ended it, or began it."`
	At         time.Time    `json:"at"`
	ClosedAt   *time.Time   `json:"closed_at,omitempty"`
}

// quarantineViews shows quarantines, with the drafts that open ones concern.
func (s *Server) quarantineViews(ctx context.Context, qs []upkeep.Quarantine) ([]QuarantineView, error) {
	var ids []string
	var open []upkeep.Quarantine
	for i := range qs {
		ids = append(ids, qs[i].DocumentID, qs[i].CauseID)
		if qs[i].Status == upkeep.Doubted {
			open = append(open, qs[i])
		}
	}
	titles, err := s.titles(ctx, ids)
	if err != nil {
		return nil, err
	}
	drafts := make([][]string, len(open))
	if s.OpenDrafts != nil && len(open) > 0 {
		if drafts, err = s.OpenDrafts(ctx, caller(ctx).WorkspaceID, open); err != nil {
			return nil, err
		}
	}
	out := make([]QuarantineView, len(qs))
	for i := range qs {
		q := &qs[i]
		v := QuarantineView{
			DocumentID: q.DocumentID, Title: titles[q.DocumentID], CauseID: q.CauseID, CauseTitle: titles[q.CauseID], Revision: q.Revision,
			Status: q.Status, Why: q.Data.Why, Was: saysOf(q.Data.Was), Is: saysOf(q.Data.Is), Drafts: []string{}, Author: q.Author, At: q.At, ClosedAt: q.ClosedAt,
		}
		if q.Status == upkeep.Doubted {
			v.Drafts = append(v.Drafts, drafts[0]...)
			drafts = drafts[1:]
		}
		out[i] = v
	}
	return out, nil
}

type quarantinesOut struct{ Body quarantinePage }

type quarantinePage struct {
	Quarantines []QuarantineView `json:"quarantines" nullable:"false" doc:"The latest first."`
	NextCursor  string           `json:"next_cursor,omitempty" doc:"Missing on the last page."`
}

// listQuarantines answers GET /v1/quarantines.
func (s *Server) listQuarantines(ctx context.Context, in *struct {
	Status   string `query:"status" enum:"open,confirmed,lifted,any" default:"open"`
	Document string `query:"document" maxLength:"128"`
	Cause    string `query:"cause" maxLength:"128"`
	Cursor   string `query:"cursor" doc:"next_cursor of the page before."`
	Limit    int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}) (*quarantinesOut, error) {
	f := upkeep.QuarantineFilter{DocumentID: in.Document, CauseID: in.Cause, Limit: in.Limit + 1}
	if in.Status != "any" {
		f.Status = upkeep.Doubt(in.Status)
	}
	var err error
	if f.Offset, err = offset(in.Cursor); err != nil {
		return nil, err
	}
	qs, err := s.Upkeep.In(caller(ctx).WorkspaceID).Quarantines(ctx, f)
	if err != nil {
		return nil, err
	}
	next := nextPage(f.Offset, in.Limit, len(qs))
	views, err := s.quarantineViews(ctx, qs[:min(len(qs), in.Limit)])
	if err != nil {
		return nil, err
	}
	return &quarantinesOut{quarantinePage{views, next}}, nil
}

// Doubted names a document in quarantine and what has changed.
type Doubted struct {
	Document string `path:"document" maxLength:"128"`
	Cause    string `path:"cause" maxLength:"128"`
}

type quarantineOut struct{ Body QuarantineView }

// confirmQuarantine answers POST /v1/quarantines/{document}/{cause}/confirm.
func (s *Server) confirmQuarantine(ctx context.Context, in *Doubted) (*quarantineOut, error) {
	return s.release(ctx, in, upkeep.Confirmed)
}

// liftQuarantine answers POST /v1/quarantines/{document}/{cause}/lift.
func (s *Server) liftQuarantine(ctx context.Context, in *Doubted) (*quarantineOut, error) {
	return s.release(ctx, in, upkeep.Lifted)
}

func (s *Server) release(ctx context.Context, in *Doubted, as upkeep.Doubt) (*quarantineOut, error) {
	key := caller(ctx)
	q, err := s.Upkeep.In(key.WorkspaceID).Release(ctx, in.Document, in.Cause, as, authorOf(key))
	if err != nil {
		return nil, err
	}
	views, err := s.quarantineViews(ctx, []upkeep.Quarantine{q})
	if err != nil {
		return nil, err
	}
	return &quarantineOut{views[0]}, nil
}
