package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/retrieval"
)

type suggestIn struct {
	Accept         string `header:"Accept" doc:"text/event-stream: sources first, then the text as it is written, then the whole."`
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"200" doc:"The same key with the same body is answered once."`
	Body           suggestBody
	RawBody        []byte
}

// suggest answers POST /v1/suggestions, as JSON or as a stream of events.
func (s *Server) suggest(ctx context.Context, in *suggestIn) (*huma.StreamResponse, error) {
	if strings.Contains(in.Accept, "text/event-stream") {
		return &huma.StreamResponse{Body: func(hc huma.Context) { s.stream(ctx, hc, in) }}, nil
	}
	made, again, err := s.made(ctx, in, retrieval.Watch{})
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", "application/json")
		if !in.Body.Trial {
			heads(hc, &made, again)
		}
		hc.SetStatus(http.StatusCreated)
		enc := json.NewEncoder(hc.BodyWriter())
		enc.SetEscapeHTML(false)
		_ = enc.Encode(suggestionOf(&made)) // it fails only if the client is gone
	}}, nil
}

// stream answers with events. The response begins with the first of them, so
// that what goes wrong before is a problem with a status of its own.
func (s *Server) stream(ctx context.Context, hc huma.Context, in *suggestIn) {
	e, ctx := s.begin(ctx, hc, http.StatusCreated)
	defer e.end()
	made, again, err := s.made(ctx, in, retrieval.Watch{Sources: e.sources, Text: e.text, Doubt: e.unproven})
	view := suggestionOf(&made)
	if again && err == nil {
		heads(hc, &made, again)
		e.sources(view.Sources)
	}
	e.finish(err, "suggestion", view)
}

func heads(hc huma.Context, made *retrieval.Suggestion, again bool) {
	hc.SetHeader("Location", "/v1/suggestions/"+made.ID)
	if again {
		hc.SetHeader("Idempotency-Replayed", "true")
	}
}

// made returns the suggestion for a request, and whether it had been made
// before under the request's key.
func (s *Server) made(ctx context.Context, in *suggestIn, w retrieval.Watch) (made retrieval.Suggestion, again bool, err error) {
	key := caller(ctx)
	ask := in.Body.ask(key)
	ask.TicketID, ask.Mode = in.Body.TicketID, retrieval.Mode(in.Body.Mode)
	ask.CustomerID, ask.Topic = in.Body.CustomerID, in.Body.Topic
	if err := widgetAsks(ctx, &ask); err != nil {
		return made, false, err
	}
	if in.Body.Trial {
		if err = s.assign(ctx, &ask); err == nil {
			made, err = s.Answerer.Try(ctx, ask)
		}
		return made, false, err
	}
	if in.IdempotencyKey == "" {
		made, err = s.answered(ctx, ask, w)
		return made, false, err
	}
	id, err := s.Replies.Begin(ctx, key.WorkspaceID, in.IdempotencyKey, in.RawBody)
	if err != nil {
		return made, false, err
	}
	if id != "" {
		made, err = s.Store.Suggestion(ctx, key.WorkspaceID, id)
		return made, true, err
	}
	defer func() {
		// The key is settled even if the client has gone away in the meantime,
		// and given up if nothing was made, be it for a panic.
		ended := s.Replies.End(context.WithoutCancel(ctx), key.WorkspaceID, in.IdempotencyKey, id)
		if err == nil {
			err = ended
		}
	}()
	made, err = s.answered(ctx, ask, w)
	if err == nil {
		id = made.ID
	}
	return made, false, err
}

// answered makes a suggestion, by the arm of a pilot if there is one.
func (s *Server) answered(ctx context.Context, ask retrieval.Ask, w retrieval.Watch) (retrieval.Suggestion, error) {
	if err := s.assign(ctx, &ask); err != nil {
		return retrieval.Suggestion{}, err
	}
	made, err := s.Answerer.Suggest(ctx, ask, w)
	if err == nil {
		err = s.suggested(ctx, &made)
	}
	return made, err
}

type suggestionOut struct{ Body suggestionView }

func (s *Server) suggestion(ctx context.Context, in *ByID) (*suggestionOut, error) {
	made, err := s.Store.Suggestion(ctx, caller(ctx).WorkspaceID, in.ID)
	if err != nil {
		return nil, err
	}
	view := suggestionOf(&made)
	if err := s.since(ctx, made.WorkspaceID, view.Sources); err != nil {
		return nil, err
	}
	judged, err := s.Feedback.In(made.WorkspaceID).Judgement(ctx, made.ID)
	switch {
	case err == nil:
		view.Feedback = judgementOf(&judged)
	case !errors.Is(err, feedback.ErrNotFound):
		return nil, err
	}
	return &suggestionOut{view}, nil
}

type searchOut struct{ Body searchView }

// A searchBody is a question whose sources are asked for.
type searchBody struct {
	Question
	Unlearned bool `json:"unlearned,omitempty" doc:"Rank as if nothing had been learned, to see what learning changes."`
}

// A sourceView is a source with why it ranks where it does.
type sourceView struct {
	retrieval.Cited
	Parts retrieval.Parts `json:"parts" doc:"What each signal contributes to the value that it is ranked by."`
}

type searchView struct {
	Language string         `json:"language" doc:"Of the question: an ISO 639-1 code, or und."`
	Sources  []sourceView   `json:"sources" nullable:"false" doc:"Best first."`
	Profile  string         `json:"profile"`
	Ranker   int64          `json:"ranker" doc:"The version of what was learned that ranked them; 0: none."`
	TookMS   retrieval.Took `json:"took_ms" doc:"Milliseconds of each stage."`
}

func (s *Server) search(ctx context.Context, in *struct{ Body searchBody }) (*searchOut, error) {
	ask := in.Body.ask(caller(ctx))
	ask.Unlearned = in.Body.Unlearned
	if err := s.assign(ctx, &ask); err != nil {
		return nil, err
	}
	found, err := s.Answerer.Search(ctx, ask)
	if err != nil {
		return nil, err
	}
	return &searchOut{searchOf(&found)}, nil
}

// searchOf returns f as it is shown.
func searchOf(f *retrieval.Found) searchView {
	v := searchView{Language: f.Language, Sources: make([]sourceView, len(f.Sources)), Profile: f.Profile, Ranker: f.Ranker, TookMS: f.Took}
	for i := range f.Sources {
		v.Sources[i] = sourceView{f.Sources[i], f.Parts[i]}
	}
	return v
}
