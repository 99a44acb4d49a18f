package qdrantindex

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/retrieval"
)

func TestOpenSaysWhatToSet(t *testing.T) {
	refuse := func(code codes.Code) func(*fake) {
		return func(f *fake) {
			f.fail = func(context.Context, string, int) error { return status.Error(code, "no") }
		}
	}
	is := func(change func(*qdrant.CreateCollection)) func(*fake) {
		return func(f *fake) {
			ix := Index{collection: collectionName("whetstone", "model", 2), prefix: "whetstone", model: "model", dim: 2}
			c := ix.schema()
			change(c)
			f.collections[ix.collection] = c
		}
	}
	dense := func(c *qdrant.CreateCollection) *qdrant.VectorParams {
		return c.GetVectorsConfig().GetParamsMap().GetMap()[denseVector]
	}
	for _, tt := range []struct {
		name  string
		spoil func(*fake)
		want  error
		says  string
	}{
		{"no server", func(f *fake) { f.end() }, retrieval.ErrUnavailable, "WHETSTONE_QDRANT_URL"},
		{"a server that never answers", refuse(codes.Unavailable), retrieval.ErrUnavailable, "WHETSTONE_QDRANT_URL"},
		{"no key", refuse(codes.Unauthenticated), nil, "WHETSTONE_QDRANT_KEY"},
		{"a key that may not", refuse(codes.PermissionDenied), nil, "WHETSTONE_QDRANT_KEY"},
		{"an old server", func(f *fake) { f.version = "1.15.4" }, nil, "use 1.16 or later"},
		{"another dimension", is(func(c *qdrant.CreateCollection) { dense(c).Size = 768 }),
			embeddings.ErrMisconfigured, "dimension 768, and model model has 2"},
		{"another distance", is(func(c *qdrant.CreateCollection) { dense(c).Distance = qdrant.Distance_Euclid }),
			embeddings.ErrMisconfigured, "by Euclid"},
		{"no idf", is(func(c *qdrant.CreateCollection) { c.GetSparseVectorsConfig().GetMap()[lexicalVector].Modifier = nil }),
			embeddings.ErrMisconfigured, "how rare"},
		{"somebody else's collection", is(func(c *qdrant.CreateCollection) { c.VectorsConfig = nil }),
			embeddings.ErrMisconfigured, "not one of Whetstone's"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFake(t)
			tt.spoil(f)
			_, err := open(t.Context(), Options{URL: f.address, Model: "model", Dim: 2}, impatient)
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v, want something about %q", err, tt.says)
			}
			if tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("%v is not %v", err, tt.want)
			}
		})
	}
}

func TestOpenWithoutModel(t *testing.T) {
	for _, o := range []Options{{URL: "localhost", Dim: 2}, {URL: "localhost", Model: "model"}} {
		if _, err := Open(t.Context(), o); !errors.Is(err, embeddings.ErrMisconfigured) {
			t.Errorf("%+v: got %v, want ErrMisconfigured", o, err)
		}
	}
}

// calls are the ways to use an index, each with the method of the server that
// it calls first.
var calls = []struct {
	name   string
	method string
	do     func(context.Context, *Index) error
}{
	{"search", "Count", func(ctx context.Context, ix *Index) error {
		_, err := ix.Search(ctx, retrieval.Query{Workspace: "shop", Dense: embeddings.Vector{1, 0}, N: 1})
		return err
	}},
	{"replace", "Scroll", func(ctx context.Context, ix *Index) error {
		return ix.Replace(ctx, "shop", []retrieval.Entry{{Document: retrieval.Source{ID: "a"}, Points: make([]retrieval.Point, 1)}})
	}},
	{"drop", "UpdateBatch", func(ctx context.Context, ix *Index) error { return ix.Drop(ctx, "shop") }},
	{"position", "Get", func(ctx context.Context, ix *Index) error {
		_, err := ix.Position(ctx, "shop")
		return err
	}},
	{"set position", "UpdateBatch", func(ctx context.Context, ix *Index) error { return ix.SetPosition(ctx, "shop", 1) }},
	{"serving", "ListAliases", func(ctx context.Context, ix *Index) error {
		_, _, err := ix.Serving(ctx)
		return err
	}},
	{"promote", "ListAliases", func(ctx context.Context, ix *Index) error { return ix.Promote(ctx) }},
	{"prune", "ListAliases", func(ctx context.Context, ix *Index) error {
		_, err := ix.Prune(ctx)
		return err
	}},
	{"ping", "HealthCheck", func(ctx context.Context, ix *Index) error { return ix.Ping(ctx) }},
}

func TestServerGoesAway(t *testing.T) {
	f := newFake(t)
	ix := f.open(t, "model")
	f.end()
	for _, call := range calls {
		if err := call.do(t.Context(), ix); !errors.Is(err, retrieval.ErrUnavailable) {
			t.Errorf("%s: got %v, want ErrUnavailable", call.name, err)
		}
	}
}

func TestServerComesBack(t *testing.T) {
	f := newFake(t)
	ix := f.open(t, "model")
	for _, call := range calls {
		before := f.called(call.method)
		f.set(func(f *fake) {
			f.fail = func(_ context.Context, _ string, n int) error {
				if n == before {
					return status.Error(codes.Unavailable, "a moment please")
				}
				return nil
			}
		})
		err := call.do(t.Context(), ix)
		f.set(func(f *fake) { f.fail = nil })
		if status.Code(err) == codes.Unavailable || errors.Is(err, retrieval.ErrUnavailable) {
			t.Errorf("%s: %v, though the server was back at the second try", call.name, err)
		}
		if got := f.called(call.method) - before; got < 2 {
			t.Errorf("%s: tried %d times, want 2", call.name, got)
		}
	}
}

func TestWhatIsNotTriedAgain(t *testing.T) {
	f := newFake(t)
	ix := f.open(t, "model")
	f.set(func(f *fake) {
		f.fail = func(context.Context, string, int) error { return status.Error(codes.InvalidArgument, "no") }
	})
	for _, call := range calls {
		before := f.called(call.method)
		if err := call.do(t.Context(), ix); err == nil || errors.Is(err, retrieval.ErrUnavailable) {
			t.Errorf("%s: got %v, want an error that waiting does not mend", call.name, err)
		}
		if got := f.called(call.method) - before; got != 1 {
			t.Errorf("%s: tried %d times, want 1", call.name, got)
		}
	}
}

func TestServerIsTooSlow(t *testing.T) {
	f := newFake(t)
	ix := f.open(t, "model")
	ix.limits.read, ix.limits.write = time.Millisecond, time.Millisecond
	f.set(func(f *fake) {
		f.fail = func(ctx context.Context, _ string, _ int) error {
			<-ctx.Done()
			return status.FromContextError(ctx.Err()).Err()
		}
	})
	for _, call := range calls {
		if err := call.do(t.Context(), ix); !errors.Is(err, retrieval.ErrUnavailable) {
			t.Errorf("%s: got %v, want ErrUnavailable", call.name, err)
		}
	}
}

func TestCallerGivesUp(t *testing.T) {
	f := newFake(t)
	ix := f.open(t, "model")
	for _, call := range calls {
		ctx, cancel := context.WithCancel(t.Context())
		f.set(func(f *fake) {
			f.fail = func(ctx context.Context, _ string, _ int) error {
				cancel()
				<-ctx.Done()
				return status.FromContextError(ctx.Err()).Err()
			}
		})
		if err := call.do(ctx, ix); !errors.Is(err, context.Canceled) || errors.Is(err, retrieval.ErrUnavailable) {
			t.Errorf("%s: got %v, want that the context was canceled", call.name, err)
		}
		cancel()
	}
}

func TestServerIsBusy(t *testing.T) {
	f := newFake(t)
	ix := f.open(t, "model")
	f.set(func(f *fake) {
		f.fail = func(context.Context, string, int) error { return status.Error(codes.ResourceExhausted, "too many") }
	})
	if err := ix.Ping(t.Context()); !errors.Is(err, retrieval.ErrUnavailable) {
		t.Errorf("got %v, want ErrUnavailable", err)
	}
	if err := away(&qdrant.QdrantResourceExhaustedError{Reason: "too many", RetryAfterS: 1}); !err {
		t.Error("a busy server that says when to come back does not count as away")
	}
}

func TestUnconfirmedWrite(t *testing.T) {
	f := newFake(t)
	ix := f.open(t, "model")
	f.set(func(f *fake) { f.status = qdrant.UpdateStatus_Acknowledged })
	if err := ix.SetPosition(t.Context(), "shop", 1); !errors.Is(err, retrieval.ErrUnavailable) {
		t.Errorf("got %v, want ErrUnavailable: what was written cannot be read yet", err)
	}
}

func TestKeyIsSent(t *testing.T) {
	f := newFake(t)
	f.set(func(f *fake) {
		f.fail = func(ctx context.Context, _ string, _ int) error {
			if got := metadata.ValueFromIncomingContext(ctx, "api-key"); !slices.Equal(got, []string{"secret"}) {
				return status.Error(codes.Unauthenticated, "wrong key")
			}
			return nil
		}
	})
	var log strings.Builder
	ix, err := open(t.Context(), Options{
		URL: f.address, APIKey: "secret", Model: "model", Dim: 2, Log: slog.New(slog.NewTextHandler(&log, nil)),
	}, impatient)
	if err != nil {
		t.Fatal(err)
	}
	if err := ix.Close(); err != nil {
		t.Error(err)
	}
	if !strings.Contains(log.String(), "in the clear") || strings.Contains(log.String(), "secret") {
		t.Errorf("the log is %q, want a warning that does not tell the key", log.String())
	}
}

func TestAnswersAreMissing(t *testing.T) {
	f := newFake(t)
	ix := f.open(t, "model")
	f.set(func(f *fake) { f.lose = true })
	_, err := ix.Search(t.Context(), retrieval.Query{Workspace: "shop", Dense: embeddings.Vector{1, 0}, N: 1})
	if err == nil {
		t.Error("a batch of which a query was not answered is no error")
	}
}

func TestAddress(t *testing.T) {
	for _, tt := range []struct {
		url  string
		host string
		port int
		tls  bool
		ok   bool
	}{
		{"http://localhost:6334", "localhost", 6334, false, true},
		{"https://q.example.com", "q.example.com", 6334, true, true},
		{"https://q.example.com:443/", "q.example.com", 443, true, true},
		{"qdrant:7000", "qdrant", 7000, false, true},
		{"qdrant", "qdrant", 6334, false, true},
		{"127.0.0.1:6334", "127.0.0.1", 6334, false, true},
		{"http://[::1]:6334", "[::1]", 6334, false, true},
		{"", "", 0, false, false},
		{"grpc://localhost:6334", "", 0, false, false},
		{"http://localhost:6334/collections", "", 0, false, false},
		{"http://localhost:99999", "", 0, false, false},
		{"http://local host", "", 0, false, false},
	} {
		host, port, tls, err := address(tt.url)
		if (err == nil) != tt.ok || host != tt.host || port != tt.port || tls != tt.tls {
			t.Errorf("address(%q) = %s, %d, %v, %v", tt.url, host, port, tls, err)
		}
		if err != nil && !strings.Contains(err.Error(), "WHETSTONE_QDRANT_URL") {
			t.Errorf("address(%q): %v: does not say what to set", tt.url, err)
		}
	}
}
