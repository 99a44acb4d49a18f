// Package chat writes answers with a model on any server that has OpenAI's
// chat API.
//
// The model is given the sources as numbered material between delimiters that
// nobody can guess, and is told to write from them alone. What it writes is
// not trusted either: each finished sentence is held against the sources
// (retrieval.Ground) before it is emitted or returned. A source or a
// workspace's own wishes may talk a model into nonsense, but not that nonsense
// into an answer.
package chat

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/cenkalti/backoff/v5"
	openai "github.com/sashabaranov/go-openai"

	"github.com/whetstone-desk/whetstone/embeddings"
	server "github.com/whetstone-desk/whetstone/embeddings/openai"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// Defaults of Options.
const (
	defaultTimeout   = 20 * time.Second
	defaultMaxTokens = 800   // three times a long reply
	defaultSources   = 12000 // 3,000 tokens of English, 5,000 of Russian: fits the usual 8,192 with the answer
)

// temperature keeps the model to what is likeliest. It is not 0, as the
// client library leaves a 0 out and the server would take its own.
const temperature = 0.01

// Options say how to write. A field left at zero has the default it names.
type Options struct {
	BaseURL     string        // the API's base, such as http://127.0.0.1:11434/v1
	Key         string        // empty: none is sent
	Model       string        // as the server names it
	Timeout     time.Duration // of a whole answer, with all tries; 0: 20 s
	MaxTokens   int           // of an answer; 0: 800
	SourceRunes int           // of all sources together; 0: 12000
}

// A Generator is a [retrieval.Generator] on a chat server. Make one with New.
type Generator struct {
	server *server.Server
	opts   Options
	nonce  func() string // a code nobody can guess, new at every call
}

// New returns a Generator without calling the server. It fails with
// embeddings.ErrMisconfigured where o cannot be right.
func New(o Options) (*Generator, error) {
	o.Timeout = cmp.Or(o.Timeout, defaultTimeout)
	o.MaxTokens = cmp.Or(o.MaxTokens, defaultMaxTokens)
	o.SourceRunes = cmp.Or(o.SourceRunes, defaultSources)
	s, err := server.NewServer(server.Endpoint{
		URL: o.BaseURL, Key: o.Key, Model: o.Model, Timeout: o.Timeout,
		Tries:    2, // someone is waiting
		Settings: "WHETSTONE_CHAT",
	})
	if err != nil {
		return nil, fmt.Errorf("chat: %w", err)
	}
	return &Generator{server: s, opts: o, nonce: rand.Text}, nil
}

// Check asks for a word to find out whether the server works as it is set up.
// It fails with embeddings.ErrUnavailable or with embeddings.ErrMisconfigured,
// whose text says what to set; Detail of package openai has the server's own
// words.
func (g *Generator) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, g.opts.Timeout)
	defer cancel()
	r := g.request("You are a helpful clerk.", "Say: ready")
	_, err := g.stream(ctx, r, func(string) bool { return false })
	return g.failed(ctx, err)
}

// Generate implements retrieval.Generator.
func (g *Generator) Generate(ctx context.Context, r retrieval.Request, emit func(string)) (retrieval.Answer, error) {
	if len(r.Evidence) == 0 {
		return retrieval.Answer{Abstain: retrieval.NoEvidence, Method: "model:" + g.opts.Model}, nil
	}
	p := newPrompt(&r, g.nonce(), g.opts.SourceRunes)
	system, user, err := p.render()
	if err != nil {
		return retrieval.Answer{}, fmt.Errorf("chat: prompt: %w", err)
	}
	limited, cancel := context.WithTimeout(ctx, g.opts.Timeout)
	defer cancel()
	d := draft{evidence: r.Evidence, mark: r.ForOperator, emit: emit, doubt: r.Doubt}
	reason, err := g.stream(limited, g.request(system, user), d.add)
	if err != nil {
		return retrieval.Answer{}, g.failed(ctx, err)
	}
	switch {
	case reason == openai.FinishReasonContentFilter:
		return retrieval.Answer{}, fmt.Errorf("chat: model %s: %w: it declined to answer", g.opts.Model, embeddings.ErrUnavailable)
	case d.read == 0:
		return retrieval.Answer{}, fmt.Errorf("chat: model %s: %w: its answer is empty", g.opts.Model, embeddings.ErrUnavailable)
	}
	d.finish(reason == openai.FinishReasonStop)
	return d.answer(g.opts.Model, r.Language), nil
}

// failed adds the package's segment to err. A time limit of the generator's own
// is the server's fault and not the end of the caller's context.
func (g *Generator) failed(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("chat: model %s: %w: no answer within %s", g.opts.Model, embeddings.ErrUnavailable, g.opts.Timeout)
	}
	return fmt.Errorf("chat: %w", err)
}

// request is the call to make. Reasoning models know neither max_tokens nor
// temperature; the client library can tell the known ones by their names.
func (g *Generator) request(system, user string) openai.ChatCompletionRequest {
	r := openai.ChatCompletionRequest{
		Model: g.opts.Model, MaxTokens: g.opts.MaxTokens, Temperature: temperature,
		Messages: []openai.ChatCompletionMessage{
			{Role: openai.ChatMessageRoleSystem, Content: system},
			{Role: openai.ChatMessageRoleUser, Content: user},
		},
	}
	if openai.NewReasoningValidator().Validate(r) != nil {
		r.MaxTokens, r.MaxCompletionTokens, r.Temperature = 0, 4*g.opts.MaxTokens, 0 // thinking counts too
	}
	return r
}

// stream makes the call and hands on the text as it comes, until take wants no
// more. It returns why the answer ended: FinishReasonLength if take ended it.
// Once text has been handed on, the call is not repeated.
func (g *Generator) stream(ctx context.Context, r openai.ChatCompletionRequest, take func(string) bool) (openai.FinishReason, error) {
	var reason openai.FinishReason
	err := g.server.Do(ctx, func(ctx context.Context, client *openai.Client) error {
		stream, err := client.CreateChatCompletionStream(ctx, r)
		if err != nil {
			return err
		}
		defer stream.Close() //nolint:errcheck // the answer has been read, or its error is the one that counts
		var taken bool
		reason, taken, err = read(stream, take)
		if err != nil && taken {
			return backoff.Permanent(err)
		}
		return err
	})
	return reason, err
}

// read hands on what comes in and returns why it ended and whether any text
// was handed on.
func read(stream *openai.ChatCompletionStream, take func(string) bool) (reason openai.FinishReason, taken bool, err error) {
	for {
		event, err := stream.Recv()
		switch {
		case errors.Is(err, io.EOF) && reason != "":
			return reason, taken, nil
		case errors.Is(err, io.EOF):
			return "", taken, io.ErrUnexpectedEOF // cut off
		case err != nil:
			return "", taken, err
		}
		for _, c := range event.Choices {
			if c.Index != 0 {
				continue // one answer was asked for
			}
			if c.FinishReason != "" {
				reason = c.FinishReason
			}
			if c.Delta.Refusal != "" {
				return openai.FinishReasonContentFilter, taken, nil
			}
			if c.Delta.Content == "" {
				continue
			}
			taken = true
			if !take(c.Delta.Content) {
				return openai.FinishReasonLength, taken, nil
			}
		}
	}
}
