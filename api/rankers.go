package api

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/whetstone-desk/whetstone/retrieval"
)

type rankerView struct {
	Version   int64                  `json:"version"`
	Status    retrieval.RankerStatus `json:"status" enum:"candidate,proven,serving,retired,rejected,rolled_back" doc:"candidate: has not come to the gate. proven: has passed it, and profiles that ask for the newest use it. serving: ranks wherever nothing else is said."`
	Note      string                 `json:"note" doc:"Why it has its status."`
	Figures   map[string]any         `json:"figures" doc:"Of how it was learned and of the gate."`
	CreatedAt time.Time              `json:"created_at"`
	StatusAt  time.Time              `json:"status_at" doc:"Since when it has its status."`
	Learned   *retrieval.Learned     `json:"learned,omitempty" doc:"All that it has learned; where one version is asked for."`
}

func rankerOf(r *retrieval.Ranker) rankerView {
	return rankerView{Version: r.Version, Status: r.Status, Note: r.Note, Figures: r.Figures, CreatedAt: r.CreatedAt, StatusAt: r.StatusAt}
}

type rankersOut struct{ Body rankerList }

type rankerList struct {
	Rankers []rankerView `json:"rankers" nullable:"false" doc:"The newest first."`
}

// rankersShown is how many versions are listed.
const rankersShown = 100

func (s *Server) listRankers(ctx context.Context, _ *struct{}) (*rankersOut, error) {
	rs, err := s.Store.Rankers(ctx, caller(ctx).WorkspaceID, rankersShown)
	if err != nil {
		return nil, err
	}
	out := &rankersOut{rankerList{make([]rankerView, len(rs))}}
	for i := range rs {
		out.Body.Rankers[i] = rankerOf(&rs[i])
	}
	return out, nil
}

// ByVersion names a ranker in a path.
type ByVersion struct {
	Version string `path:"version" maxLength:"20" doc:"A number, serving or newest."`
}

type rankerOut struct{ Body rankerView }

// ranker returns the version that the path names.
func (s *Server) ranker(ctx context.Context, version string) (retrieval.Ranker, error) {
	ws := caller(ctx).WorkspaceID
	switch version {
	case retrieval.ServingRanker:
		return s.Store.ServingRanker(ctx, ws)
	case retrieval.NewestRanker:
		return s.Store.NewestRanker(ctx, ws)
	}
	n, err := strconv.ParseInt(version, 10, 64)
	if err != nil {
		return retrieval.Ranker{}, fmt.Errorf("%w: version %.20q: use a number, serving or newest", retrieval.ErrInvalid, version)
	}
	return s.Store.RankerVersion(ctx, ws, n)
}

func (s *Server) readRanker(ctx context.Context, in *ByVersion) (*rankerOut, error) {
	r, err := s.ranker(ctx, in.Version)
	if err != nil {
		return nil, err
	}
	out := &rankerOut{rankerOf(&r)}
	out.Body.Learned = &r.Learned
	return out, nil
}

// serveRanker makes a version serve.
func (s *Server) serveRanker(ctx context.Context, in *ByVersion) (*rankerOut, error) {
	r, err := s.ranker(ctx, in.Version)
	if err != nil {
		return nil, err
	}
	key := caller(ctx)
	err = s.Store.Judge(ctx, key.WorkspaceID, r.Version, retrieval.Ruling{
		Status: retrieval.Serving, Note: fmt.Sprintf("%s made it serve; it was %s: %s", authorOf(key), r.Status, r.Note), At: time.Now(),
	})
	if err != nil {
		return nil, err
	}
	return s.readRanker(ctx, &ByVersion{strconv.FormatInt(r.Version, 10)})
}

type rolledOut struct{ Body rolledView }

type rolledView struct {
	RolledBack int64 `json:"rolled_back"`
	Serving    int64 `json:"serving" doc:"The version that serves now; 0: sources are ranked as if nothing had been learned."`
}

// rollBack takes a version back.
func (s *Server) rollBack(ctx context.Context, in *ByVersion) (*rolledOut, error) {
	r, err := s.ranker(ctx, in.Version)
	if err != nil {
		return nil, err
	}
	key := caller(ctx)
	_, err = s.Store.RollBack(ctx, key.WorkspaceID, r.Version, authorOf(key)+" rolled it back", time.Now())
	if err != nil {
		return nil, err
	}
	out := &rolledOut{rolledView{RolledBack: r.Version}}
	if serving, err := s.Store.ServingRanker(ctx, key.WorkspaceID); err == nil {
		out.Body.Serving = serving.Version
	}
	return out, nil
}
