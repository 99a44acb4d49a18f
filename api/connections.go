package api

import (
	"context"
	"net/http"
	"time"

	"github.com/whetstone-desk/whetstone/kb/connect"
)

// ConnectionBody is a connection as it is written.
type ConnectionBody struct {
	Kind   connect.Kind   `json:"kind" enum:"folder,git,site,feed,desk"`
	Config connect.Config `json:"config" doc:"What it reads. A token is named here and kept in the service's settings, as WHETSTONE_TOKEN_ and its name."`
	Spec   string         `json:"spec,omitempty" maxLength:"100" example:"@every 15m" doc:"When: five cron fields, in UTC, or @every and a duration; missing: by hand."`
}

type connectionView struct {
	ID string `json:"id"`
	ConnectionBody
	Status    connect.Status `json:"status" enum:"active,paused,held"`
	Held      *connect.Hold  `json:"held,omitempty" doc:"Why it stopped before it deleted anything: approve with the next sync, or pause it."`
	Syncing   bool           `json:"syncing"`
	Author    string         `json:"author,omitempty"`
	CreatedAt time.Time      `json:"created_at"`
	UpdatedAt time.Time      `json:"updated_at"`
}

func connectionOf(c *connect.Connection) connectionView {
	return connectionView{
		ID: c.ID, ConnectionBody: ConnectionBody{c.Kind, c.Config, c.Spec}, Status: c.Status, Held: c.Held,
		Syncing: c.ClaimedBy != "" && c.ClaimedTill != nil && c.ClaimedTill.After(time.Now()),
		Author:  c.Author, CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt,
	}
}

type connectionOut struct{ Body connectionView }

func connected(c *connect.Connection, err error) (*connectionOut, error) {
	if err != nil {
		return nil, err
	}
	return &connectionOut{connectionOf(c)}, nil
}

type connectionsOut struct{ Body connectionList }

type connectionList struct {
	Connections []connectionView `json:"connections" nullable:"false" doc:"By id."`
}

func (s *Server) listConnections(ctx context.Context, _ *struct{}) (*connectionsOut, error) {
	cs, err := s.Syncer.Connections(ctx, caller(ctx).WorkspaceID)
	if err != nil {
		return nil, err
	}
	out := new(connectionsOut)
	out.Body.Connections = make([]connectionView, len(cs))
	for i := range cs {
		out.Body.Connections[i] = connectionOf(&cs[i])
	}
	return out, nil
}

func (s *Server) connection(ctx context.Context, in *ByID) (*connectionOut, error) {
	c, err := s.Syncer.Connection(ctx, caller(ctx).WorkspaceID, in.ID)
	return connected(&c, err)
}

func (s *Server) putConnection(ctx context.Context, in *struct {
	ByID
	Body ConnectionBody
}) (*connectionOut, error) {
	key := caller(ctx)
	c := &connect.Connection{WorkspaceID: key.WorkspaceID, ID: in.ID, Kind: in.Body.Kind, Config: in.Body.Config, Spec: in.Body.Spec, Author: authorOf(key)}
	err := s.Syncer.Put(ctx, c)
	return connected(c, err)
}

func (s *Server) deleteConnection(ctx context.Context, in *ByID) (*none, error) {
	return nil, s.Syncer.Remove(ctx, caller(ctx).WorkspaceID, in.ID)
}

func (s *Server) pauseConnection(ctx context.Context, in *ByID) (*connectionOut, error) {
	key := caller(ctx)
	c, err := s.Syncer.Pause(ctx, key.WorkspaceID, in.ID, authorOf(key))
	return connected(&c, err)
}

func (s *Server) resumeConnection(ctx context.Context, in *ByID) (*connectionOut, error) {
	key := caller(ctx)
	c, err := s.Syncer.Resume(ctx, key.WorkspaceID, in.ID, authorOf(key))
	return connected(&c, err)
}

// SyncBody says how a connection is to be synced.
type SyncBody struct {
	Approve bool     `json:"approve,omitempty" doc:"Let go what the connection is held for. If much more is gone by now it asks again."`
	Take    []string `json:"take,omitempty" maxItems:"1000" nullable:"false" doc:"Ids of documents that the source's version replaces although somebody has edited or deleted them here."`
}

type syncOut struct {
	Status int
	Body   syncView
}

type syncView struct {
	Done   bool            `json:"done" doc:"false: it goes on in the background; see its runs."`
	Report *connect.Report `json:"report,omitempty"`
}

// syncConnection answers POST /v1/connections/{id}/sync.
func (s *Server) syncConnection(ctx context.Context, in *struct {
	ByID
	Body SyncBody
}) (*syncOut, error) {
	key := caller(ctx)
	rep, done, err := s.Sync(ctx, key.WorkspaceID, in.ID, connect.How{By: authorOf(key), Approve: in.Body.Approve, Take: in.Body.Take})
	switch {
	case err != nil && rep.Error != "": // the source's fault, which the report tells
		return &syncOut{http.StatusOK, syncView{true, &rep}}, nil
	case err != nil:
		return nil, err
	case !done:
		return &syncOut{http.StatusAccepted, syncView{}}, nil
	}
	return &syncOut{http.StatusOK, syncView{true, &rep}}, nil
}

type syncRunView struct {
	ID         string         `json:"id"`
	Status     connect.Ending `json:"status" enum:"running,done,held,broken,stopped,died"`
	Report     connect.Report `json:"report"`
	StartedAt  time.Time      `json:"started_at"`
	FinishedAt *time.Time     `json:"finished_at,omitempty"`
}

type syncRunsOut struct{ Body syncRunList }

type syncRunList struct {
	Runs []syncRunView `json:"runs" nullable:"false" doc:"The latest first; the last 50 are kept."`
}

func (s *Server) connectionRuns(ctx context.Context, in *ByID) (*syncRunsOut, error) {
	ws := caller(ctx).WorkspaceID
	if _, err := s.Syncer.Connection(ctx, ws, in.ID); err != nil {
		return nil, err
	}
	rs, err := s.Syncer.Runs(ctx, ws, in.ID)
	if err != nil {
		return nil, err
	}
	out := new(syncRunsOut)
	out.Body.Runs = make([]syncRunView, len(rs))
	for i := range rs {
		out.Body.Runs[i] = syncRunView{rs[i].ID, rs[i].Status, rs[i].Report, rs[i].StartedAt, rs[i].FinishedAt}
	}
	return out, nil
}
