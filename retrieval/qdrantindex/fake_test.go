package qdrantindex

import (
	"context"
	"math"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// A fake is a server that keeps collections and aliases, notes what it is
// asked, and fails as it is told. It searches nothing: for that the contract
// runs against a real one.
type fake struct {
	qdrant.UnimplementedQdrantServer

	address string
	version string
	end     func()

	mu          sync.Mutex
	fail        failure
	find        func(*qdrant.QueryPoints) []*qdrant.ScoredPoint // answers a query
	passages    uint64                                          // how many it says it has
	lose        bool                                            // the first answer of each batch
	rival       bool                                            // another process makes every collection first
	calls       map[string]int
	collections map[string]*qdrant.CreateCollection
	fields      []*qdrant.CreateFieldIndexCollection
	aliases     map[string]string
	switches    [][]*qdrant.AliasOperations
	updates     []*qdrant.UpdateBatchPoints
	queries     []*qdrant.QueryBatchPoints
	status      qdrant.UpdateStatus
}

// A failure returns the error of a call, nil to let it through. It is given the
// call's method and how often that was called before.
type failure func(ctx context.Context, method string, before int) error

// set changes how the fake behaves.
func (f *fake) set(change func(*fake)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}

// The two services of a fake that have methods of the same names.
type (
	fakeCollections struct {
		qdrant.UnimplementedCollectionsServer
		fake *fake
	}
	fakePoints struct {
		qdrant.UnimplementedPointsServer
		fake *fake
	}
)

// impatient are limits under which a test that waits for them is soon over.
var impatient = limits{read: 10 * time.Second, write: 10 * time.Second, retries: 3, backoff: time.Millisecond}

func newFake(t *testing.T) *fake {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &fake{
		address: l.Addr().String(), version: "1.18.0", calls: make(map[string]int),
		collections: make(map[string]*qdrant.CreateCollection), aliases: make(map[string]string),
		status: qdrant.UpdateStatus_Completed, passages: 100,
	}
	s := grpc.NewServer(grpc.UnaryInterceptor(f.intercept), grpc.MaxRecvMsgSize(math.MaxInt)) // as Qdrant has it
	qdrant.RegisterQdrantServer(s, f)
	qdrant.RegisterCollectionsServer(s, fakeCollections{fake: f})
	qdrant.RegisterPointsServer(s, fakePoints{fake: f})
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = s.Serve(l) // ends with Stop
	}()
	f.end = func() { s.Stop(); <-served }
	t.Cleanup(f.end)
	return f
}

// open opens an index of a model with two dimensions.
func (f *fake) open(t *testing.T, model string) *Index {
	t.Helper()
	ix, err := open(t.Context(), Options{URL: "http://" + f.address, Model: model, Dim: 2}, impatient)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ix.Close(); err != nil {
			t.Error(err)
		}
	})
	return ix
}

func (f *fake) intercept(ctx context.Context, req any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
	method := info.FullMethod[slices.Index([]byte(info.FullMethod[1:]), '/')+2:]
	f.mu.Lock()
	before, fail := f.calls[method], f.fail
	f.calls[method]++
	f.mu.Unlock()
	if fail != nil {
		if err := fail(ctx, method, before); err != nil {
			return nil, err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return handle(ctx, req)
}

// called tells how often a method was called.
func (f *fake) called(method string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[method]
}

func (f *fake) HealthCheck(context.Context, *qdrant.HealthCheckRequest) (*qdrant.HealthCheckReply, error) {
	return &qdrant.HealthCheckReply{Version: f.version}, nil
}

func (s fakeCollections) Create(_ context.Context, r *qdrant.CreateCollection) (*qdrant.CollectionOperationResponse, error) {
	if s.fake.rival {
		s.fake.collections[r.GetCollectionName()] = r
	}
	if s.fake.collections[r.GetCollectionName()] != nil {
		return nil, status.Error(codes.AlreadyExists, "there is one")
	}
	s.fake.collections[r.GetCollectionName()] = r
	return &qdrant.CollectionOperationResponse{Result: true}, nil
}

func (s fakeCollections) Get(_ context.Context, r *qdrant.GetCollectionInfoRequest) (*qdrant.GetCollectionInfoResponse, error) {
	c := s.fake.collections[r.GetCollectionName()]
	if c == nil {
		return nil, status.Error(codes.NotFound, "there is none")
	}
	return &qdrant.GetCollectionInfoResponse{Result: &qdrant.CollectionInfo{Config: &qdrant.CollectionConfig{
		Metadata: c.GetMetadata(),
		Params:   &qdrant.CollectionParams{VectorsConfig: c.GetVectorsConfig(), SparseVectorsConfig: c.GetSparseVectorsConfig()},
	}}}, nil
}

func (s fakePoints) CreateFieldIndex(_ context.Context, r *qdrant.CreateFieldIndexCollection) (*qdrant.PointsOperationResponse, error) {
	s.fake.fields = append(s.fake.fields, r)
	return &qdrant.PointsOperationResponse{Result: &qdrant.UpdateResult{Status: s.fake.status}}, nil
}

func (s fakeCollections) ListAliases(context.Context, *qdrant.ListAliasesRequest) (*qdrant.ListAliasesResponse, error) {
	out := new(qdrant.ListAliasesResponse)
	for alias, collection := range s.fake.aliases {
		out.Aliases = append(out.Aliases, &qdrant.AliasDescription{AliasName: alias, CollectionName: collection})
	}
	return out, nil
}

func (s fakeCollections) UpdateAliases(_ context.Context, r *qdrant.ChangeAliases) (*qdrant.CollectionOperationResponse, error) {
	s.fake.switches = append(s.fake.switches, r.GetActions())
	for _, a := range r.GetActions() {
		if d := a.GetDeleteAlias(); d != nil {
			delete(s.fake.aliases, d.GetAliasName())
		}
		if c := a.GetCreateAlias(); c != nil {
			s.fake.aliases[c.GetAliasName()] = c.GetCollectionName()
		}
	}
	return &qdrant.CollectionOperationResponse{Result: true}, nil
}

func (s fakePoints) Scroll(context.Context, *qdrant.ScrollPoints) (*qdrant.ScrollResponse, error) {
	return new(qdrant.ScrollResponse), nil
}

func (s fakePoints) Count(context.Context, *qdrant.CountPoints) (*qdrant.CountResponse, error) {
	return &qdrant.CountResponse{Result: &qdrant.CountResult{Count: s.fake.passages}}, nil
}

func (s fakePoints) UpdateBatch(_ context.Context, r *qdrant.UpdateBatchPoints) (*qdrant.UpdateBatchResponse, error) {
	s.fake.updates = append(s.fake.updates, r)
	out := new(qdrant.UpdateBatchResponse)
	for range r.GetOperations() {
		out.Result = append(out.Result, &qdrant.UpdateResult{Status: s.fake.status})
	}
	return out, nil
}

func (s fakePoints) QueryBatch(_ context.Context, r *qdrant.QueryBatchPoints) (*qdrant.QueryBatchResponse, error) {
	s.fake.queries = append(s.fake.queries, r)
	out := new(qdrant.QueryBatchResponse)
	for _, q := range r.GetQueryPoints() {
		result := new(qdrant.BatchResult)
		if s.fake.find != nil {
			result.Result = s.fake.find(q)
		}
		out.Result = append(out.Result, result)
	}
	if s.fake.lose {
		out.Result = out.Result[1:]
	}
	return out, nil
}
