package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/oklog/ulid/v2"

	"github.com/whetstone-desk/whetstone/feedback"
)

// Told is an event as it is told.
type Told struct {
	ID         string            `json:"id,omitempty" maxLength:"128" doc:"Your own id of the event: told twice, it counts once. Made up if missing."`
	Kind       string            `json:"kind,omitempty" enum:"displayed,opened,copied,sent,edited,rejected,rated,source_vote,missing_knowledge,outcome"`
	OperatorID string            `json:"operator_id,omitempty" maxLength:"128" doc:"Who did it; whoever the suggestion was made for if missing."`
	SourceID   string            `json:"source_id,omitempty" maxLength:"128" doc:"Of opened, copied and source_vote."`
	Reason     string            `json:"reason,omitempty" enum:"wrong,outdated,incomplete,wrong_tone,not_needed,other" doc:"Of rejected."`
	Vote       string            `json:"vote,omitempty" enum:"relevant,irrelevant,outdated,incorrect" doc:"Of source_vote."`
	Rating     string            `json:"rating,omitempty" enum:"up,down,1,2,3,4,5" doc:"Of rated."`
	Text       string            `json:"text,omitempty" doc:"Of edited: what was sent. Of missing_knowledge: what is missing. Of rejected: a remark."`
	Shown      []string          `json:"shown,omitempty" maxItems:"200" doc:"Of displayed: ids of the sources that were on the screen, first one first." nullable:"false"`
	Outcome    *feedback.Outcome `json:"outcome,omitempty" doc:"Of outcome."`
	Supersedes string            `json:"supersedes,omitempty" maxLength:"128" doc:"Id of an event of the same suggestion that this one corrects."`
	At         time.Time         `json:"at,omitempty" doc:"When it happened; now if missing."`
}

// event returns what was told of a suggestion.
func (in *Told) event(suggestion string) (feedback.Event, error) {
	e := feedback.Event{
		ID: in.ID, SuggestionID: suggestion, OperatorID: in.OperatorID, Kind: feedback.Kind(in.Kind), SourceID: in.SourceID,
		Text: in.Text, Shown: in.Shown, Outcome: in.Outcome, Supersedes: in.Supersedes, At: in.At,
	}
	if in.Reason != "" && in.Vote != "" {
		return e, fmt.Errorf("%w: an event has a reason or a vote, not both", feedback.ErrInvalid)
	}
	e.Value = in.Reason + in.Vote
	switch {
	case in.Kind == "":
		return e, fmt.Errorf("%w: an event needs a kind", feedback.ErrInvalid)
	case in.Rating == "" && e.Kind == feedback.Rated:
		return e, fmt.Errorf("%w: rated needs a rating: up, down, or 1 to 5", feedback.ErrInvalid)
	case in.Rating != "" && e.Kind != feedback.Rated:
		return e, fmt.Errorf("%w: rating does not belong to %s", feedback.ErrInvalid, e.Kind)
	case in.Rating != "":
		var err error
		if e.Score, err = feedback.ScoreOf(in.Rating); err != nil {
			return e, err
		}
	}
	if e.ID == "" {
		e.ID = ulid.Make().String()
	}
	return e, nil
}

// feedbackBody is one event, or a batch in events.
type feedbackBody struct {
	Told
	Events []Told `json:"events,omitempty" maxItems:"1000" doc:"Several events, in place of one; all are recorded or none." nullable:"false"`
}

// keyed gives events without an id of their own one that a repeated request
// has again.
func keyed(key, suggestion string, events []Told) {
	if key == "" {
		return
	}
	sum := sha256.Sum256([]byte(suggestion + "\x00" + key))
	for i := range events {
		if events[i].ID == "" {
			events[i].ID = "k-" + hex.EncodeToString(sum[:12]) + "-" + strconv.Itoa(i)
		}
	}
}

type tellIn struct {
	ByID
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"200" doc:"The same key with the same body counts once."`
	Body           feedbackBody
}

type recordedView struct {
	ID    string `json:"id"`
	Known bool   `json:"known" doc:"It had been told before and counts once."`
}

type recordedOut struct{ Body recordedList }

type recordedList struct {
	Events []recordedView `json:"events" nullable:"false"`
}

// tell answers POST /v1/suggestions/{id}/feedback.
func (s *Server) tell(ctx context.Context, in *tellIn) (*recordedOut, error) {
	told := in.Body.Events
	if len(told) == 0 {
		told = []Told{in.Body.Told}
	} else if in.Body.Kind != "" {
		return nil, fmt.Errorf("%w: send one event or a batch in events, not both", feedback.ErrInvalid)
	}
	keyed(in.IdempotencyKey, in.ID, told)
	widgetTells(ctx, told)
	events := make([]feedback.Event, len(told))
	for i := range told {
		var err error
		if events[i], err = told[i].event(in.ID); err != nil {
			return nil, feedback.Nth(i, len(told), err)
		}
	}
	recorded, err := s.Feedback.In(caller(ctx).WorkspaceID).Record(ctx, events)
	if err != nil {
		return nil, err
	}
	s.told()
	out := &recordedOut{recordedList{make([]recordedView, len(events))}}
	for i := range events {
		out.Body.Events[i] = recordedView{events[i].ID, recorded[i].Known}
	}
	return out, nil
}

// told asks for what was told to be digested.
func (s *Server) told() {
	if s.Told != nil {
		s.Told()
	}
}

type eventLine struct {
	SuggestionID string `json:"suggestion_id" maxLength:"128"`
	Told
}

// bulkFeedback answers POST /v1/feedback/bulk.
func (s *Server) bulkFeedback(ctx context.Context, _ *struct{}) (*huma.StreamResponse, error) {
	return bulk(ctx, s, lines[feedback.Event]{
		decode: func(line []byte) (string, feedback.Event, error) {
			var in eventLine
			if err := strict(line, &in); err != nil {
				return in.ID, feedback.Event{}, err
			}
			e, err := in.event(in.SuggestionID)
			if err == nil {
				err = e.Validate()
			}
			return e.ID, e, err
		},
		put: s.recordAll,
		end: func(context.Context) { s.told() },
	})
}

// recordAll records events together and, where one of them is refused, one by
// one.
func (s *Server) recordAll(ctx context.Context, events []feedback.Event) ([]lineReport, error) {
	feed := s.Feedback.In(caller(ctx).WorkspaceID)
	reports := make([]lineReport, len(events))
	report := func(i int, r feedback.Recorded) {
		reports[i] = lineReport{Status: "recorded"}
		if r.Known {
			reports[i].Status = "known"
		}
	}
	recorded, err := feed.Record(ctx, events)
	for i := range recorded {
		report(i, recorded[i])
	}
	if err == nil || !refused(err) {
		return reports, err
	}
	for i := range events {
		one, err := feed.Record(ctx, events[i:i+1])
		switch {
		case err == nil:
			report(i, one[0])
		case refused(err):
			reports[i] = lineReport{Status: "failed", Error: err.Error()}
		default:
			return reports, err
		}
	}
	return reports, nil
}

// refused reports whether err is about what was told.
func refused(err error) bool {
	for _, e := range []error{feedback.ErrInvalid, feedback.ErrNotFound, feedback.ErrConflict, feedback.ErrTooMany} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

type eventView struct {
	Told
	ReceivedAt time.Time `json:"received_at"`
}

type eventsOut struct{ Body eventList }

type eventList struct {
	Events []eventView `json:"events" nullable:"false" doc:"In the order in which they were told."`
}

// events answers GET /v1/suggestions/{id}/feedback.
func (s *Server) feedbackOf(ctx context.Context, in *ByID) (*eventsOut, error) {
	ws := caller(ctx).WorkspaceID
	if _, err := s.Store.Suggestion(ctx, ws, in.ID); err != nil {
		return nil, err
	}
	es, err := s.Feedback.In(ws).Events(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &eventsOut{eventList{make([]eventView, len(es))}}
	for i := range es {
		out.Body.Events[i] = eventOf(&es[i])
	}
	return out, nil
}

func eventOf(e *feedback.Event) eventView {
	v := eventView{Told{
		ID: e.ID, Kind: string(e.Kind), OperatorID: e.OperatorID, SourceID: e.SourceID, Text: e.Text, Shown: e.Shown,
		Outcome: e.Outcome, Supersedes: e.Supersedes, At: e.At,
	}, e.ReceivedAt}
	switch e.Kind {
	case feedback.Rejected:
		v.Reason = e.Value
	case feedback.Voted:
		v.Vote = e.Value
	case feedback.Rated:
		v.Rating = strconv.Itoa(1 + int(4*e.Score+0.5))
	}
	return v
}

// judgementView is what became of a suggestion.
type judgementView struct {
	Used         feedback.Use      `json:"used" enum:",unchanged,edited,replaced,rejected" doc:"What became of the draft: sent unchanged, sent edited, replaced by something else, or rejected; empty if nobody told."`
	Distance     *float64          `json:"edit_distance" minimum:"0" maximum:"1" doc:"Share of words that differ between the draft and what was sent; null if not known."`
	Reason       string            `json:"reason,omitempty" doc:"Of a rejection."`
	Rating       *float64          `json:"rating" minimum:"0" maximum:"1" doc:"From 0, the worst, to 1; null if nobody rated."`
	ResolvedWith string            `json:"resolved_with,omitempty" doc:"The article that what was sent rests on most."`
	Credits      []feedback.Credit `json:"credits" nullable:"false" doc:"What each source deserves, and why: this is what learning reads."`
	Outcome      feedback.Outcome  `json:"outcome"`
	Missing      bool              `json:"missing_knowledge,omitempty"`
	At           time.Time         `json:"at" doc:"Of the last event that counts in it."`
}

func judgementOf(j *feedback.Judgement) *judgementView {
	v := &judgementView{
		Used: j.Used, Reason: j.Reason, ResolvedWith: j.ResolvedWith, Credits: j.Credits, Outcome: j.Outcome, Missing: j.Missing, At: j.At,
	}
	if v.Credits == nil {
		v.Credits = []feedback.Credit{}
	}
	if j.Distance >= 0 {
		v.Distance = &j.Distance
	}
	if j.Rating >= 0 {
		v.Rating = &j.Rating
	}
	return v
}
