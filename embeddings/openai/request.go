package openai

import (
	"context"
	"errors"
	"math"
	"unicode/utf8"

	openai "github.com/sashabaranov/go-openai"

	"github.com/whetstone-desk/whetstone/embeddings"
)

// shortest is the length in runes below which a text is not cut any more to
// make a server take it: what it refuses then is something else.
const shortest = 200

// embed embeds texts in one request, or in several where the server takes no
// such large one. Servers do not tell their limits, so it tries halves: of the
// texts, and of a single text that is beyond the model's window.
func (e *Embedder) embed(ctx context.Context, texts []string) ([]embeddings.Vector, error) {
	vectors, err := e.request(ctx, texts)
	var f *failure
	if err == nil || !errors.As(err, &f) || !f.refused() {
		return vectors, err
	}
	if len(texts) == 1 {
		runes := utf8.RuneCountInString(texts[0])
		if runes < 2*shortest {
			return nil, err
		}
		return e.embed(ctx, []string{cut(texts[0], runes/2)})
	}
	first, err := e.embed(ctx, texts[:len(texts)/2])
	if err != nil {
		return nil, err
	}
	second, err := e.embed(ctx, texts[len(texts)/2:])
	if err != nil {
		return nil, err
	}
	return append(first, second...), nil
}

// request embeds texts in one request.
func (e *Embedder) request(ctx context.Context, texts []string) ([]embeddings.Vector, error) {
	select {
	case e.slots <- struct{}{}:
		defer func() { <-e.slots }()
	case <-ctx.Done():
		return nil, e.server.ended(ctx.Err())
	}
	var vectors []embeddings.Vector
	err := e.server.Do(ctx, func(ctx context.Context, client *openai.Client) error {
		r := openai.EmbeddingRequest{Input: texts, Model: openai.EmbeddingModel(e.opts.Model)}
		if e.opts.SendDimensions {
			r.Dimensions = e.opts.Dim
		}
		resp, err := client.CreateEmbeddings(ctx, r)
		if err != nil {
			return err
		}
		vectors, err = e.read(resp.Data, len(texts))
		return err
	})
	return vectors, err
}

// read checks an answer for n texts and puts its vectors in their order.
func (e *Embedder) read(data []openai.Embedding, n int) ([]embeddings.Vector, error) {
	address := e.server.address
	if len(data) != n {
		return nil, unavailable("%s sent %d vectors for %d texts", address, len(data), n)
	}
	numbered := false // some servers leave the index out and keep the order
	for _, d := range data {
		numbered = numbered || d.Index != 0
	}
	out := make([]embeddings.Vector, n)
	for i, d := range data {
		if numbered {
			i = d.Index
		}
		if i < 0 || i >= n || out[i] != nil {
			return nil, unavailable("%s sent vectors that are misnumbered", address)
		}
		v, err := e.vector(d.Embedding)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

// vector checks one vector and brings it to unit length.
func (e *Embedder) vector(v embeddings.Vector) (embeddings.Vector, error) {
	s := e.server
	switch {
	case len(v) == 0:
		return nil, unavailable("%s sent an empty vector", s.address)
	case e.opts.Dim > 0 && len(v) != e.opts.Dim:
		return nil, s.misconfigured("the model's vectors have %d dimensions and not %d: set %s_DIM to %d",
			len(v), e.opts.Dim, settings, len(v))
	}
	var length float64
	for _, x := range v {
		length += float64(x) * float64(x)
	}
	if !(length > 0) || math.IsInf(length, 0) { // NaN too
		return nil, unavailable("%s sent a vector without a direction", s.address)
	}
	return v.Unit(), nil
}
