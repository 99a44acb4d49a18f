package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// beatEvery is how often a stream that has begun says that it goes on, so that
// who reads it can tell one that thinks from one that was cut off. The console
// gives up after three of them.
const beatEvery = 5 * time.Second

// events writes server-sent events, as long as the caller may call: with the
// end of their session, key or token, or with another role, nothing more is
// written but why, and the work behind the stream ends.
type events struct {
	ctx    huma.Context
	status int          // of the response where nothing went wrong before its first event
	still  func() error // reports whether the caller may still call
	stop   context.CancelFunc
	refuse func(error) huma.StatusError

	mu      sync.Mutex // over what follows: events are also written by the beat
	out     http.ResponseWriter
	started bool
	over    bool
	barred  error // why the caller may no longer call
}

// begin returns events in answer to a call, and the context for what they tell
// of. The caller must end them.
func (s *Server) begin(ctx context.Context, hc huma.Context, status int) (*events, context.Context) {
	refuse := func(err error) huma.StatusError { return s.problem(ctx, err) }
	work, stop := context.WithCancel(ctx)
	still, ok := ctx.Value(stillKey{}).(func() error)
	if !ok {
		still = func() error { return nil } // whoever calls has no session
	}
	e := &events{ctx: hc, out: humagin.Unwrap(hc).Writer, status: status, still: still, stop: stop, refuse: refuse}
	go e.beat(work)
	return e, work
}

// end has nothing be written any more.
func (e *events) end() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.over = true
	e.stop()
}

// beat writes a comment every now and then, which readers of events pass over,
// until ctx ends.
func (e *events) beat(ctx context.Context) {
	t := time.NewTicker(beatEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		e.mu.Lock()
		if e.may() && e.started {
			e.write(": it goes on\n\n")
		}
		e.mu.Unlock()
	}
}

// may reports whether there is anything to be written for the caller; if not
// any more, the work is stopped. The lock is held.
func (e *events) may() bool {
	if e.over || e.barred != nil {
		return false
	}
	// A database that does not answer for a moment ends nobody's session.
	if err := e.still(); errors.Is(err, auth.ErrUnauthorized) || errors.Is(err, auth.ErrForbidden) {
		e.barred = err
		e.stop()
		return false
	}
	return true
}

// finish writes the last event, or why there is none: what went wrong, or that
// the caller may no longer call.
func (e *events) finish(err error, name string, v any) {
	if err == nil {
		e.send(name, v)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.barred != nil {
		err = e.barred
	}
	if err != nil {
		e.failed(e.refuse(err))
	}
}

// whole is an answer that is not streamed, of a call that may be.
func whole(v any) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", "application/json")
		hc.SetStatus(http.StatusOK)
		_ = json.NewEncoder(hc.BodyWriter()).Encode(v) // it fails only if the client is gone
	}}
}

// inBothForms describes the answer of a call that may be streamed.
func inBothForms(what string, body *huma.Schema, events string) map[string]*huma.Response {
	return map[string]*huma.Response{"200": {
		Description: what,
		Content: map[string]*huma.MediaType{
			"application/json":  {Schema: body},
			"text/event-stream": {Schema: &huma.Schema{Type: huma.TypeString, Description: events}},
		},
	}}
}

func (e *events) sources(cited []retrieval.Cited) {
	if cited == nil {
		cited = []retrieval.Cited{}
	}
	e.send("sources", cited)
}

// A piece is the next of a text that is written.
type piece struct {
	Text string `json:"text"`
}

func (e *events) text(text string) { e.send("text", piece{text}) }

func (e *events) unproven(text string) { e.send("unproven", piece{text}) }

// failed ends the stream, or answers with the problem alone if there was no
// event yet. The lock is held.
func (e *events) failed(p huma.StatusError) {
	if e.started {
		e.event("problem", p)
		return
	}
	e.ctx.SetHeader("Content-Type", "application/problem+json")
	e.ctx.SetStatus(p.GetStatus())
	_ = json.NewEncoder(e.out).Encode(p) // it fails only if the client is gone
}

// send writes an event, if the caller may still have it.
func (e *events) send(name string, v any) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.may() {
		return
	}
	if !e.started {
		e.started = true
		e.ctx.SetHeader("Content-Type", "text/event-stream")
		e.ctx.SetHeader("X-Accel-Buffering", "no") // nginx would hold events back
		e.ctx.SetStatus(e.status)
	}
	e.event(name, v)
}

func (e *events) event(name string, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		return // the types here can be marshalled
	}
	e.write(fmt.Sprintf("event: %s\ndata: %s\n\n", name, data))
}

func (e *events) write(text string) {
	// A client that is gone ends the request's context; there is nobody to tell.
	_, _ = fmt.Fprint(e.out, text)
	_ = http.NewResponseController(e.out).Flush()
}
