package api

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/whetstone-desk/whetstone/retrieval"
)

// ByName names a profile in a path.
type ByName struct {
	Name string `path:"name" maxLength:"64"`
}

type profileOut struct {
	Versioned
	Body retrieval.Profile
}

func (s *Server) profile(ctx context.Context, in *ByName) (*profileOut, error) {
	p, version, err := s.Store.ProfileAt(ctx, caller(ctx).WorkspaceID, in.Name)
	if err != nil {
		return nil, err
	}
	return &profileOut{at(version), p}, nil
}

func (s *Server) putProfile(ctx context.Context, in *struct {
	ByName
	Matching
	Body retrieval.Profile
}) (*profileOut, error) {
	ws := caller(ctx).WorkspaceID
	in.Body.Name = in.Name
	if err := s.ranked(ctx, in.Body.Ranker); err != nil {
		return nil, err
	}
	read, said, err := in.revision()
	if err != nil {
		return nil, err
	}
	if said {
		version, err := s.Store.ReplaceProfile(ctx, ws, in.Body, read)
		return &profileOut{at(version), in.Body}, err
	}
	if err := s.Store.SetProfile(ctx, ws, in.Body); err != nil {
		return nil, err
	}
	_, version, err := s.Store.ProfileAt(ctx, ws, in.Name)
	return &profileOut{at(version), in.Body}, err
}

// ranked checks that a profile asks for a ranker that there is.
func (s *Server) ranked(ctx context.Context, which string) error {
	version, err := strconv.ParseInt(which, 10, 64)
	if err != nil {
		return nil // a name, which the profile checks itself
	}
	_, err = s.Store.RankerVersion(ctx, caller(ctx).WorkspaceID, version)
	if errors.Is(err, retrieval.ErrNotFound) {
		return fmt.Errorf("%w: ranker %d: there is no such version", retrieval.ErrInvalid, version)
	}
	return err
}
