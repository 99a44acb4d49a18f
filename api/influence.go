package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/retrieval"
)

type influenceView struct {
	Topic   string              `json:"topic" doc:"Id of the topic; empty: questions of other topics and of none."`
	Label   string              `json:"label,omitempty" doc:"What the topic is about."`
	Bonus   float64             `json:"bonus" doc:"What it adds to the source's score now, which lies between 0 and 1."`
	Says    string              `json:"says" doc:"The same in words."`
	Learned retrieval.Posterior `json:"learned" doc:"Every term of it."`
}

type sourceLearning struct {
	ID       string                `json:"id"`
	Title    string                `json:"title"`
	Ranker   int64                 `json:"ranker" doc:"The version that serves; 0: nothing was learned yet."`
	Override string                `json:"override,omitempty" enum:"pin,reset,exclude" doc:"What a person decided over it."`
	Kept     float64               `json:"kept" doc:"Share of what was learned that counts: less than 1 after the source was changed."`
	Topics   []influenceView       `json:"topics" nullable:"false" doc:"Greatest influence first."`
	Recent   []feedback.SourceNote `json:"recent" nullable:"false" doc:"The latest judgements of it."`
	Usage    feedback.Usage        `json:"usage" doc:"How often drafts rested on it of late, and what became of them."`
}

type sourceLearningOut struct{ Body sourceLearning }

// recentNotes is how many judgements of a source are shown.
const recentNotes = 20

// sourceLearning answers GET /v1/sources/{id}/learning.
func (s *Server) sourceLearning(ctx context.Context, in *ByID) (*sourceLearningOut, error) {
	ws := caller(ctx).WorkspaceID
	doc, err := s.KB.In(ws).Document(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	r, err := s.Store.ServingRanker(ctx, ws)
	if err != nil && !errors.Is(err, retrieval.ErrNotFound) {
		return nil, err
	}
	v := sourceLearning{ID: doc.ID, Title: doc.Title, Ranker: r.Version, Kept: 1, Topics: []influenceView{}}
	if v.Recent, err = s.Feedback.In(ws).Notes(ctx, doc.ID, recentNotes); err != nil {
		return nil, err
	}
	if v.Usage, err = s.Feedback.In(ws).Usage(ctx, doc.ID, time.Now()); err != nil {
		return nil, err
	}
	decided, err := s.override(ctx, retrieval.OverSource, doc.ID)
	if err != nil {
		return nil, err
	}
	v.Override = decided.Action
	if u, ok := r.Learned.Sources[doc.ID]; ok {
		labels, err := s.labels(ctx, ws)
		if err != nil {
			return nil, err
		}
		v.Kept = kept(u, doc.Revision)
		explain := func(topic string, p retrieval.Posterior) {
			bonus := overruled(decided, &r.Learned, r.Learned.Bonus(doc.ID, topic, doc.Revision))
			v.Topics = append(v.Topics, influence(labels[topic], topic, bonus, p))
		}
		explain("", u.Whole)
		for _, topic := range slices.Sorted(maps.Keys(u.ByTopic)) {
			if topic != "" {
				explain(topic, u.ByTopic[topic])
			}
		}
		slices.SortStableFunc(v.Topics, func(a, b influenceView) int { return cmp.Compare(b.Bonus*b.Bonus, a.Bonus*a.Bonus) })
	}
	return &sourceLearningOut{v}, nil
}

// kept is the share of what was learned of a source that counts for a revision
// of it.
func kept(u retrieval.Usefulness, revision int64) float64 {
	u.Whole.Bonus, u.ByTopic = retrieval.MaxBonus, nil
	l := retrieval.Learned{Sources: map[string]retrieval.Usefulness{"": u}}
	return l.Bonus("", "", revision) / retrieval.MaxBonus
}

// overruled is what a bonus comes to under what a person decided.
func overruled(o retrieval.Override, l *retrieval.Learned, bonus float64) float64 {
	switch {
	case o.Action == retrieval.Pin:
		return retrieval.MaxBonus
	case o.Action == retrieval.Exclude, o.Action == retrieval.Reset && !l.Through.After(o.At):
		return 0
	}
	return bonus
}

// labels says what topics are about, by id.
func (s *Server) labels(ctx context.Context, workspace string) (map[string]string, error) {
	beliefs, err := s.Store.Beliefs(ctx, workspace)
	labels := make(map[string]string)
	for i := range beliefs.Topics {
		labels[beliefs.Topics[i].ID] = beliefs.Topics[i].Label
	}
	return labels, err
}

func influence(label, topic string, bonus float64, p retrieval.Posterior) influenceView {
	v := influenceView{Topic: topic, Label: cmp.Or(label, topic), Bonus: bonus, Learned: p}
	where := "everywhere else"
	if topic != "" {
		where = fmt.Sprintf("on '%s'", v.Label)
	}
	v.Says = fmt.Sprintf("%+.3f %s: %d kept, %d brought in, %d dropped, %d against, last on %s",
		v.Bonus, where, p.Kept, p.Brought, p.Dropped, p.Against, p.Last.Format(time.DateOnly))
	return v
}

// override returns what a person decided about a source or operator; the zero
// Override if nothing.
func (s *Server) override(ctx context.Context, kind, id string) (retrieval.Override, error) {
	all, err := s.Store.Overrides(ctx, caller(ctx).WorkspaceID)
	for _, o := range all {
		if o.Kind == kind && o.ID == id {
			return o, err
		}
	}
	return retrieval.Override{}, err
}

type overrideIn struct {
	ByID
	Body struct {
		Action string `json:"action" enum:"pin,reset,exclude" doc:"pin: ranks as if it had proven as useful as can be. reset: what was learned before now does not count. exclude: is not used any more; of an operator, nothing of theirs counts."`
	}
}

// overrideSource answers PUT /v1/sources/{id}/override.
func (s *Server) overrideSource(ctx context.Context, in *overrideIn) (*none, error) {
	key := caller(ctx)
	if _, err := s.KB.In(key.WorkspaceID).Document(ctx, in.ID); err != nil {
		return nil, err
	}
	return nil, s.decree(ctx, retrieval.OverSource, in.ID, in.Body.Action)
}

func (s *Server) liftSource(ctx context.Context, in *ByID) (*none, error) {
	return nil, s.Store.Lift(ctx, caller(ctx).WorkspaceID, retrieval.OverSource, in.ID)
}

func (s *Server) decree(ctx context.Context, kind, id, action string) error {
	key := caller(ctx)
	noted(ctx, "", action)
	return s.Store.Override(ctx, retrieval.Override{
		WorkspaceID: key.WorkspaceID, Kind: kind, ID: id, Action: action, Author: authorOf(key), At: time.Now(),
	})
}

type operatorView struct {
	ID       string          `json:"id"`
	Trust    retrieval.Trust `json:"trust" doc:"How far their judgements count, and why."`
	Override string          `json:"override,omitempty" enum:"reset,exclude"`
}

type operatorsOut struct{ Body operatorList }

type operatorList struct {
	Operators []operatorView `json:"operators" nullable:"false" doc:"Those who are weighed down first."`
}

// listOperators answers GET /v1/operators.
func (s *Server) listOperators(ctx context.Context, _ *struct{}) (*operatorsOut, error) {
	ws := caller(ctx).WorkspaceID
	beliefs, err := s.Store.Beliefs(ctx, ws)
	if err != nil {
		return nil, err
	}
	all, err := s.Store.Overrides(ctx, ws)
	if err != nil {
		return nil, err
	}
	by := make(map[string]*operatorView)
	for id, t := range beliefs.Operators {
		by[id] = &operatorView{ID: id, Trust: t}
	}
	for _, o := range all {
		if o.Kind != retrieval.OverOperator {
			continue
		}
		if by[o.ID] == nil {
			by[o.ID] = &operatorView{ID: o.ID, Trust: retrieval.Trust{Weight: 1}}
		}
		by[o.ID].Override = o.Action
	}
	out := &operatorsOut{operatorList{[]operatorView{}}}
	for _, id := range slices.Sorted(maps.Keys(by)) {
		out.Body.Operators = append(out.Body.Operators, *by[id])
	}
	slices.SortStableFunc(out.Body.Operators, func(a, b operatorView) int { return cmp.Compare(a.Trust.Weight, b.Trust.Weight) })
	return out, nil
}

// overrideOperator answers PUT /v1/operators/{id}/override: with exclude, it
// undoes all that the operator has taught.
func (s *Server) overrideOperator(ctx context.Context, in *overrideIn) (*none, error) {
	if err := s.decree(ctx, retrieval.OverOperator, in.ID, in.Body.Action); err != nil {
		return nil, err
	}
	ws := caller(ctx).WorkspaceID
	if s.Memory != nil {
		change := s.Memory.Readmit // a reset is no exclusion any more
		if in.Body.Action == retrieval.Exclude {
			change = s.Memory.Withdraw
		}
		if _, err := change(ctx, ws, in.ID); err != nil {
			return nil, err
		}
	}
	if s.Relearn == nil {
		return nil, nil
	}
	return nil, s.Relearn(ctx, ws, "learned anew since an operator's influence was taken out")
}

func (s *Server) liftOperator(ctx context.Context, in *ByID) (*none, error) {
	ws := caller(ctx).WorkspaceID
	if err := s.Store.Lift(ctx, ws, retrieval.OverOperator, in.ID); err != nil || s.Memory == nil {
		return nil, err
	}
	_, err := s.Memory.Readmit(ctx, ws, in.ID)
	return nil, err
}

type beliefsOut struct{ Body retrieval.Beliefs }

// beliefs answers GET /v1/beliefs.
func (s *Server) beliefs(ctx context.Context, _ *struct{}) (*beliefsOut, error) {
	b, err := s.Store.Beliefs(ctx, caller(ctx).WorkspaceID)
	if err != nil {
		return nil, err
	}
	topics := slices.Clone(b.Topics)
	for i := range topics {
		topics[i].Centroid = nil // numbers that say nothing to a reader
	}
	b.Topics = topics
	return &beliefsOut{b}, nil
}
