package openaitest

import (
	"encoding/json"
	"net/http"
	"strings"
)

// Fails answers with an error status.
func Fails(status int) Step {
	return func(w http.ResponseWriter, _ *http.Request) { fail(w, status, "scripted", "scripted failure") }
}

// Refuses answers with an error status, code and message.
func Refuses(status int, code, message string) Step {
	return func(w http.ResponseWriter, _ *http.Request) { fail(w, status, code, message) }
}

// Busy answers with status 429 and a Retry-After header.
func Busy(after string) Step {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", after)
		fail(w, http.StatusTooManyRequests, "rate_limit_exceeded", "slow down")
	}
}

// Sends answers with status 200 and the body as it is.
func Sends(body string) Step {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		write(w, body)
	}
}

// Redirects sends the client elsewhere.
func Redirects(to string) Step {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusMovedPermanently) }
}

// Hangs answers nothing until the client leaves.
func Hangs() Step {
	return func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
}

// Breaks closes the connection without an answer.
func Breaks() Step {
	return func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
}

// Says streams text as a chat's answer, word by word.
func Says(text string) Step {
	return Streams(append(words(text), Finish("stop"), Done)...)
}

// Done is the line that ends a stream.
const Done = "data: [DONE]\n\n"

// Streams sends events as a stream; see Delta, Finish and Done.
func Streams(events ...string) Step {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for _, event := range events {
			write(w, event)
		}
	}
}

// Stalls streams the events and then nothing until the client leaves.
func Stalls(events ...string) Step {
	return func(w http.ResponseWriter, r *http.Request) {
		Streams(events...)(w, r)
		<-r.Context().Done()
	}
}

// Cuts streams the events and breaks the connection.
func Cuts(events ...string) Step {
	return func(w http.ResponseWriter, r *http.Request) {
		Streams(events...)(w, r)
		panic(http.ErrAbortHandler)
	}
}

// Delta is the event of one more piece of text.
func Delta(text string) string {
	return event(map[string]any{"index": 0, "delta": map[string]any{"content": text}})
}

// Finish is the event that says why a text ends: "stop", "length",
// "content_filter".
func Finish(reason string) string {
	return event(map[string]any{"index": 0, "delta": map[string]any{}, "finish_reason": reason})
}

// Nothing is an event without a choice.
const Nothing = "data: {\"choices\":[]}\n\n"

func event(choice map[string]any) string {
	b, err := json.Marshal(map[string]any{"object": "chat.completion.chunk", "choices": []any{choice}})
	if err != nil {
		panic(err) // only of a value this package made
	}
	return "data: " + string(b) + "\n\n"
}

func words(text string) []string {
	var deltas []string
	for word := range strings.SplitAfterSeq(text, " ") {
		deltas = append(deltas, Delta(word))
	}
	return deltas
}
