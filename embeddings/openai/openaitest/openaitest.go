// Package openaitest is a small server with OpenAI's API for tests. It embeds
// by hashing words, says what it is told to say, and fails as it is told to.
package openaitest

import (
	"encoding/json"
	"hash/fnv"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// A Server is a fake server on loopback, closed when its test ends. Set its
// fields before the first request.
type Server struct {
	URL     string // the API's base
	Key     string // the key it wants; empty: any or none
	Model   string // the only model it has; empty: every one
	Dim     int    // of its vectors
	Batch   int    // most texts it takes in one request; 0: any number
	Longest int    // most bytes it takes in one text; 0: any number
	Reply   string // what it answers to a chat

	// Script says what happens to the first requests, in order; the rest are
	// answered. A nil element answers too.
	Script []Step

	mu       sync.Mutex
	requests []Request
}

// A Step is what one request meets instead of an answer.
type Step func(w http.ResponseWriter, r *http.Request)

// A Request is one that the server has received.
type Request struct {
	Path       string
	Key        string // what came as the bearer token
	Raw        string // the body
	Model      string
	Input      []string
	Dimensions int
	Stream     bool
	Messages   []Message
}

// A Message is one of a chat.
type Message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// New starts a server with vectors of 8 dimensions.
func New(t testing.TB) *Server {
	t.Helper()
	s := &Server{Dim: 8}
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	s.URL = h.URL + "/v1"
	return s
}

// Requests returns what has come in so far.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.requests...)
}

// ServeHTTP answers, or takes the script's next step.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client has left
	}
	in := Request{Path: r.URL.Path, Raw: string(raw), Key: strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")}
	if err := json.Unmarshal(raw, &in); err != nil {
		fail(w, http.StatusBadRequest, "invalid_json", err.Error())
		return
	}
	s.mu.Lock()
	n := len(s.requests)
	s.requests = append(s.requests, in)
	s.mu.Unlock()
	switch {
	case n < len(s.Script) && s.Script[n] != nil:
		s.Script[n](w, r)
	case s.Key != "" && in.Key != s.Key:
		fail(w, http.StatusUnauthorized, "invalid_api_key", "Incorrect API key provided: "+in.Key)
	case s.Model != "" && in.Model != s.Model:
		fail(w, http.StatusNotFound, "model_not_found", "The model `"+in.Model+"` does not exist")
	case strings.HasSuffix(in.Path, "/v1/embeddings"):
		s.embed(w, in)
	case strings.HasSuffix(in.Path, "/v1/chat/completions"):
		Says(s.Reply)(w, r)
	default:
		http.NotFound(w, r)
	}
}

// A vector is one of an answer.
type vector struct {
	Index     int       `json:"index"`
	Embedding []float32 `json:"embedding"`
}

// embed answers with the last text's vector first, since order is not promised.
func (s *Server) embed(w http.ResponseWriter, in Request) {
	if s.Batch > 0 && len(in.Input) > s.Batch {
		fail(w, http.StatusRequestEntityTooLarge, "batch_too_large", "too many texts")
		return
	}
	dim := s.Dim
	if in.Dimensions > 0 {
		dim = in.Dimensions
	}
	data := make([]vector, 0, len(in.Input))
	for i := len(in.Input) - 1; i >= 0; i-- {
		if s.Longest > 0 && len(in.Input[i]) > s.Longest {
			fail(w, http.StatusBadRequest, "context_length_exceeded", "text is too long: "+in.Input[i])
			return
		}
		data = append(data, vector{Index: i, Embedding: Vector(in.Input[i], dim)})
	}
	send(w, http.StatusOK, map[string]any{"object": "list", "data": data, "model": in.Model})
}

// Vector is what the server makes of a text: a count of its words in hashed
// places, not of unit length.
func Vector(text string, dim int) []float32 {
	v := make([]float32, dim)
	for _, word := range strings.Fields(strings.ToLower(text)) {
		h := fnv.New32a()
		h.Write([]byte(word)) //nolint:errcheck // a hash takes every write
		v[h.Sum32()%uint32(dim)]++
	}
	return v
}

// send writes v as JSON. A client that has left is no fault of the test.
func send(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // only of a value this package made
	}
	write(w, string(b))
}

// write sends text at once.
func write(w http.ResponseWriter, text string) {
	if _, err := io.WriteString(w, text); err != nil {
		return // the client has left
	}
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
	}
}

func fail(w http.ResponseWriter, status int, code, message string) {
	send(w, status, map[string]any{"error": map[string]any{"message": message, "type": "error", "code": code}})
}
