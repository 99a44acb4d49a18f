// Package openai embeds texts with any server that has OpenAI's API: OpenAI
// itself, vLLM, Ollama, text-embeddings-inference and others.
//
// A [Server] is the careful way to call one, and package chat uses it too: it
// tries again where that may help, waits as long as the server asks, stops
// asking a server that is dead, and turns every failure into
// embeddings.ErrUnavailable or embeddings.ErrMisconfigured. An [Embedder] cuts
// texts into batches for it and checks what comes back.
//
// No error of the package holds a key or a text that was sent. What the server
// itself said, which may quote either, is kept apart: see [Detail].
package openai

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
	openai "github.com/sashabaranov/go-openai"

	"github.com/whetstone-desk/whetstone/embeddings"
)

// Defaults of an Endpoint.
const (
	defaultTimeout = 30 * time.Second
	defaultTries   = 4
)

// Waiting between tries.
const (
	firstWait = 250 * time.Millisecond
	// A server that asks for a longer break than this is given up for now:
	// whoever called can come back later, and may have another way meanwhile.
	longestWait = 20 * time.Second
)

// An Endpoint says where a model is.
type Endpoint struct {
	URL      string        // the API's base, such as https://api.openai.com/v1
	Key      string        // empty: none is sent
	Model    string        // as the server names it
	Timeout  time.Duration // of one request; 0: 30 s
	Tries    int           // how often a request is made before it is given up; 0: 4
	Settings string        // how the names of its settings start, to say in errors what to set: "WHETSTONE_EMBEDDINGS"
}

// A Server is an OpenAI-compatible server. Make one with NewServer. Methods
// may be called from many goroutines.
type Server struct {
	endpoint Endpoint
	address  string // scheme and host, to show
	client   *openai.Client
	breaker  breaker
	sleep    func(context.Context, time.Duration) error
	now      func() time.Time
}

// NewServer returns the server at e without calling it. It fails with
// embeddings.ErrMisconfigured where e cannot be right.
func NewServer(e Endpoint) (*Server, error) {
	e.Timeout = cmp.Or(e.Timeout, defaultTimeout)
	e.Tries = cmp.Or(e.Tries, defaultTries)
	e.Key = strings.TrimSpace(e.Key)
	misconfigured := func(sentence string) error {
		return fmt.Errorf("openai: %w: %s", embeddings.ErrMisconfigured, sentence)
	}
	u, err := url.Parse(strings.TrimSpace(e.URL))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, misconfigured("set " + e.Settings + "_URL to an address such as http://127.0.0.1:8000/v1")
	}
	if e.Model == "" {
		return nil, misconfigured("set " + e.Settings + "_MODEL to the name of a model that the server has")
	}
	s := &Server{endpoint: e, address: u.Scheme + "://" + u.Host, sleep: sleep, now: time.Now}
	s.breaker.now = func() time.Time { return s.now() }

	config := openai.DefaultConfig(e.Key)
	config.BaseURL = base(u)
	config.EmptyMessagesLimit = 10_000 // keep-alive comments of a slow model are no fault
	config.HTTPClient = &http.Client{
		Transport: &transport{next: connections(), now: func() time.Time { return s.now() }, most: maxBody},
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return errRedirect // a POST would come out as a GET, and the key might go elsewhere
		},
	}
	s.client = openai.NewClientWithConfig(config)
	return s, nil
}

// connections keeps more of them open to one server than the default two, so
// that batches sent side by side do not connect anew each time.
func connections() http.RoundTripper {
	standard, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	own := standard.Clone()
	own.MaxIdleConnsPerHost = 16
	return own
}

// base is u as the client wants it. People paste the address of the call they
// have just tried, so its last part is taken off.
func base(u *url.URL) string {
	b := *u
	b.Path = strings.TrimRight(b.Path, "/")
	for _, call := range []string{"/embeddings", "/chat/completions"} {
		b.Path = strings.TrimSuffix(b.Path, call)
	}
	b.RawPath, b.RawQuery, b.Fragment = "", "", ""
	return b.String()
}

// Model is the name of the endpoint's model.
func (s *Server) Model() string { return s.endpoint.Model }

// Do runs call, again while that may help, and says why it failed:
// embeddings.ErrUnavailable, embeddings.ErrMisconfigured or the error of the
// ended ctx. A call that must not be repeated, since part of its answer has
// been used, returns its error wrapped by backoff.Permanent. A server that has
// failed several times in a row is left alone for a while: until then Do fails
// at once.
func (s *Server) Do(ctx context.Context, call func(context.Context, *openai.Client) error) error {
	if err := ctx.Err(); err != nil {
		return s.ended(err)
	}
	if wait, ok := s.breaker.enter(); !ok {
		return s.wrap(&failure{
			kind:     embeddings.ErrUnavailable,
			sentence: fmt.Sprintf("%s has failed repeatedly and is left alone for %s", s.address, wait.Round(time.Second)),
		})
	}
	f, err := s.try(ctx, call)
	s.breaker.leave(outcomeOf(f, err), f.pause())
	switch {
	case err != nil:
		return s.ended(err)
	case f != nil:
		return s.wrap(f)
	}
	return nil
}

// try makes the tries. The error is that of the ended ctx.
func (s *Server) try(ctx context.Context, call func(context.Context, *openai.Client) error) (*failure, error) {
	waits := backoff.NewExponentialBackOff()
	waits.InitialInterval, waits.Multiplier, waits.MaxInterval = firstWait, 2, longestWait
	waits.Reset()
	for n := 1; ; n++ {
		f := s.attempt(ctx, call)
		if f == nil {
			return nil, nil
		}
		if err := ctx.Err(); err != nil {
			return f, err
		}
		if !f.again || n >= s.endpoint.Tries {
			return f, nil
		}
		wait := waits.NextBackOff()
		if f.after > 0 {
			wait = f.after + rand.N(firstWait) // so that not all who were sent away come back at once
		}
		if deadline, ok := ctx.Deadline(); wait > longestWait || ok && s.now().Add(wait).After(deadline) {
			return f, nil
		}
		if err := s.sleep(ctx, wait); err != nil {
			return f, err
		}
	}
}

// attempt makes one try; nil says that it succeeded.
func (s *Server) attempt(ctx context.Context, call func(context.Context, *openai.Client) error) *failure {
	ctx, cancel := context.WithTimeout(ctx, s.endpoint.Timeout)
	defer cancel()
	var seen response
	err := call(context.WithValue(ctx, seenKey{}, &seen), s.client)
	if err == nil {
		return nil
	}
	return s.classify(err, seen)
}

// wrap adds the package's one segment to f.
func (s *Server) wrap(f *failure) error {
	return fmt.Errorf("openai: model %s: %w: %w", s.endpoint.Model, f.kind, f)
}

func (s *Server) ended(err error) error {
	return fmt.Errorf("openai: model %s: %w", s.endpoint.Model, err)
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
