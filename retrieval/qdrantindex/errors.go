package qdrantindex

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/whetstone-desk/whetstone/retrieval"
)

// errUnconfirmed says that the server took a write but did not say in time that
// it can be read back.
var errUnconfirmed = errors.New("the write was not confirmed in time")

// within runs a request that may take so long, and says what an error of it
// means: the caller's own context ended, the server is away, or neither.
func within(ctx context.Context, d time.Duration, request func(context.Context) error) error {
	limited, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	err := request(limited)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case away(err):
		return fmt.Errorf("%w: %w", retrieval.ErrUnavailable, err)
	}
	return err
}

// away reports whether err may pass without anybody doing anything.
func away(err error) bool {
	var busy *qdrant.QdrantResourceExhaustedError // has lost its status on the way
	if errors.As(err, &busy) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, errUnconfirmed) {
		return true
	}
	switch status.Code(err) {
	case codes.Unavailable, codes.DeadlineExceeded, codes.ResourceExhausted, codes.Aborted:
		return true
	default:
		return false
	}
}

// advise adds to an error at start what the operator of the service can do.
func (ix *Index) advise(err error) error {
	switch {
	case errors.Is(err, retrieval.ErrUnavailable):
		return fmt.Errorf("no Qdrant answers: start it, or set WHETSTONE_QDRANT_URL to the address of its gRPC port, which is %d unless set otherwise (6333 is the port for HTTP): %w",
			usualPort, err)
	case status.Code(err) == codes.Unauthenticated, status.Code(err) == codes.PermissionDenied:
		return fmt.Errorf("the server refuses the key: set WHETSTONE_QDRANT_KEY to one that may read and write: %w", err)
	}
	return err
}

// missing reports whether err says that there is no such collection.
func missing(err error) bool { return status.Code(err) == codes.NotFound }
