package qdrantindex

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/qdrant/go-client/qdrant"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// Options says which server and which collection of it to open.
type Options struct {
	URL    string // of the server's gRPC port, such as http://localhost:6334; https encrypts
	APIKey string // empty: none
	Prefix string // of collection names, and the name of the alias; empty: "whetstone"
	Model  string // names the embedding model
	Dim    int    // length of its vectors
	Log    *slog.Logger
}

// An Index is a [retrieval.Index] in one collection of a Qdrant server. Open
// makes one. Its methods fail with [retrieval.ErrUnavailable] when the server
// cannot be reached or does not answer in time, and may be called from many
// goroutines.
type Index struct {
	client     *qdrant.Client
	prefix     string
	collection string
	model      string
	dim        int
	log        *slog.Logger
	limits     limits
	frequency  frequencies
}

var _ retrieval.Index = (*Index)(nil)

// limits is how long the index waits for the server.
type limits struct {
	read    time.Duration // a search, with all its tries
	write   time.Duration // a batch of points, with all its tries
	retries uint          // after a first try that failed for a moment's reason
	backoff time.Duration // before the first retry; it doubles from one to the next
}

// usualLimits: somebody waits for a search, nobody for a batch.
var usualLimits = limits{read: 5 * time.Second, write: time.Minute, retries: 4, backoff: 50 * time.Millisecond}

// Open connects to the server, makes the model's collection if there is none,
// and checks it if there is. The error says what to set where that helps. It
// wraps retrieval.ErrUnavailable if no server answers, and
// embeddings.ErrMisconfigured if the collection is there but holds vectors of
// another kind. Whoever opens an Index closes it.
func Open(ctx context.Context, o Options) (*Index, error) {
	return open(ctx, o, usualLimits)
}

func open(ctx context.Context, o Options, l limits) (*Index, error) {
	if o.Prefix == "" {
		o.Prefix = "whetstone"
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Model == "" || o.Dim < 1 {
		return nil, fmt.Errorf("qdrantindex: open: %w: a collection needs the name of a model and its dimension", embeddings.ErrMisconfigured)
	}
	client, err := dial(&o, l)
	if err != nil {
		return nil, fmt.Errorf("qdrantindex: open: %w", err)
	}
	ix := &Index{
		client: client, prefix: o.Prefix, collection: collectionName(o.Prefix, o.Model, o.Dim),
		model: o.Model, dim: o.Dim, log: o.Log, limits: l,
	}
	ix.frequency.now = time.Now
	if err := ix.prepare(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("qdrantindex: open %s: %w", o.URL, ix.advise(err)), client.Close())
	}
	return ix, nil
}

// Close ends the connections to the server.
func (ix *Index) Close() error {
	if err := ix.client.Close(); err != nil {
		return fmt.Errorf("qdrantindex: close: %w", err)
	}
	return nil
}

// Collection names the collection that the index reads and writes.
func (ix *Index) Collection() string { return ix.collection }

// Ping reports whether the server answers.
func (ix *Index) Ping(ctx context.Context) error {
	err := ix.read(ctx, func(ctx context.Context) error {
		_, err := ix.client.HealthCheck(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("qdrantindex: ping: %w", err)
	}
	return nil
}

// read runs a request that somebody waits for, write one that nobody does. The
// error they return is one that a caller of the index can tell apart.
func (ix *Index) read(ctx context.Context, request func(context.Context) error) error {
	return within(ctx, ix.limits.read, request)
}

func (ix *Index) write(ctx context.Context, request func(context.Context) error) error {
	return within(ctx, ix.limits.write, request)
}
