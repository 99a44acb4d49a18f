package openai

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/sync/errgroup"

	"github.com/whetstone-desk/whetstone/embeddings"
)

// Defaults of Options. They suit the strictest of the usual servers.
const (
	defaultBatch       = 32        // text-embeddings-inference takes no more
	defaultBatchBytes  = 128 << 10 // some 32,000 tokens of English
	defaultConcurrency = 4
	defaultMaxRunes    = 6000 // 1,500 tokens of English, 2,500 of Russian: within 8,192, the usual limit, with room
)

// Options say how to embed. A field left at zero has the default it names.
type Options struct {
	BaseURL        string        // the API's base, such as http://127.0.0.1:11434/v1
	Key            string        // empty: none is sent
	Model          string        // as the server names it
	Dim            int           // length of the vectors; 0: Open asks the server
	Batch          int           // most texts in one request; 0: 32
	MaxBatchBytes  int           // most bytes of text in one request, unless one text is longer; 0: 128 KiB
	MaxRunes       int           // of a longer text only the beginning is embedded; 0: 6000
	Concurrency    int           // most requests under way; 0: 4
	Timeout        time.Duration // of one request; 0: 30 s
	SendDimensions bool          // ask the server for vectors of Dim; not every server allows it
}

// An Embedder is an [embeddings.Embedder] on a [Server].
type Embedder struct {
	server *Server
	opts   Options
	slots  chan struct{} // one for each request that may be under way
}

// New returns an Embedder without calling the server, so it also starts while
// the server is away. Options.Dim must be set. It fails with
// embeddings.ErrMisconfigured.
func New(o Options) (*Embedder, error) {
	if o.Dim <= 0 {
		return nil, fmt.Errorf("openai: %w: set %s_DIM to the length of the model's vectors", embeddings.ErrMisconfigured, settings)
	}
	return newEmbedder(o)
}

// Open returns an Embedder that has passed Check. With Options.Dim 0 it takes
// the dimension that the server's vectors have.
func Open(ctx context.Context, o Options) (*Embedder, error) {
	e, err := newEmbedder(o)
	if err != nil {
		return nil, err
	}
	if o.Dim <= 0 {
		e.opts.SendDimensions = false
		if e.opts.Dim, err = e.discover(ctx); err != nil {
			return nil, err
		}
		return e, nil
	}
	if err := e.Check(ctx); err != nil {
		return nil, err
	}
	return e, nil
}

// settings is how the names of an embedding server's settings start.
const settings = "WHETSTONE_EMBEDDINGS"

func newEmbedder(o Options) (*Embedder, error) {
	o.Batch = cmp.Or(o.Batch, defaultBatch)
	o.MaxBatchBytes = cmp.Or(o.MaxBatchBytes, defaultBatchBytes)
	o.MaxRunes = cmp.Or(o.MaxRunes, defaultMaxRunes)
	o.Concurrency = cmp.Or(o.Concurrency, defaultConcurrency)
	server, err := NewServer(Endpoint{URL: o.BaseURL, Key: o.Key, Model: o.Model, Timeout: o.Timeout, Settings: settings})
	if err != nil {
		return nil, err
	}
	return &Embedder{server: server, opts: o, slots: make(chan struct{}, o.Concurrency)}, nil
}

// Model names the model and the dimension, since some models have several.
func (e *Embedder) Model() string {
	return e.opts.Model + "/" + strconv.Itoa(e.opts.Dim)
}

// Dim implements embeddings.Embedder.
func (e *Embedder) Dim() int { return e.opts.Dim }

// probe is embedded to find out whether a server works.
const probe = "Whetstone"

// Check embeds a word to find out whether the server works as it is set up. If
// not, it fails with embeddings.ErrUnavailable or with
// embeddings.ErrMisconfigured, whose text says what to set; [Detail] has the
// server's own words.
func (e *Embedder) Check(ctx context.Context) error {
	_, err := e.Embed(ctx, []string{probe})
	var f *failure
	if e.opts.SendDimensions && errors.As(err, &f) && f.refused() {
		return fmt.Errorf("%w; or correct %s_DIM, as not every model has vectors of %d", err, settings, e.opts.Dim)
	}
	return err
}

// discover returns the dimension of the server's vectors.
func (e *Embedder) discover(ctx context.Context) (int, error) {
	vectors, err := e.request(ctx, []string{probe})
	if err != nil {
		return 0, err
	}
	return len(vectors[0]), nil
}

// Embed implements embeddings.Embedder. A text without letters and digits has a
// vector of zeros and is not sent.
func (e *Embedder) Embed(ctx context.Context, texts []string) ([]embeddings.Vector, error) {
	if err := ctx.Err(); err != nil {
		return nil, e.server.ended(err)
	}
	out := make([]embeddings.Vector, len(texts))
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(e.opts.Concurrency)
	for _, batch := range e.batches(texts) {
		group.Go(func() error {
			vectors, err := e.embed(groupCtx, batch.texts)
			for i, v := range vectors {
				out[batch.places[i]] = v
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for i, v := range out {
		if v == nil {
			out[i] = make(embeddings.Vector, e.opts.Dim)
		}
	}
	return out, nil
}

// A batch is what goes into one request.
type batch struct {
	texts  []string
	places []int // where in the caller's texts each one stood
}

// batches cuts texts into batches, leaving out those that say nothing.
func (e *Embedder) batches(texts []string) []batch {
	var all []batch
	size := 0
	for i, text := range texts {
		text = cut(text, e.opts.MaxRunes)
		if !says(text) {
			continue
		}
		last := len(all) - 1
		if last < 0 || len(all[last].texts) == e.opts.Batch || size+len(text) > e.opts.MaxBatchBytes {
			all = append(all, batch{})
			last, size = last+1, 0
		}
		all[last].texts = append(all[last].texts, text)
		all[last].places = append(all[last].places, i)
		size += len(text)
	}
	return all
}

// cut returns the first n runes of text.
func cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for i := range text {
		if n == 0 {
			return text[:i]
		}
		n--
	}
	return text
}

// says reports whether text has a letter or a digit.
func says(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}
