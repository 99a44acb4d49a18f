package api

import (
	"context"

	"github.com/whetstone-desk/whetstone/retrieval"
)

// ByName names a profile in a path.
type ByName struct {
	Name string `path:"name" maxLength:"64"`
}

type profileOut struct{ Body retrieval.Profile }

func (s *Server) profile(ctx context.Context, in *ByName) (*profileOut, error) {
	p, err := s.Store.Profile(ctx, caller(ctx).WorkspaceID, in.Name)
	if err != nil {
		return nil, err
	}
	return &profileOut{p}, nil
}

func (s *Server) putProfile(ctx context.Context, in *struct {
	ByName
	Body retrieval.Profile
}) (*profileOut, error) {
	in.Body.Name = in.Name
	if err := s.Store.SetProfile(ctx, caller(ctx).WorkspaceID, in.Body); err != nil {
		return nil, err
	}
	return &profileOut{in.Body}, nil
}
