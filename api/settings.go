package api

import (
	"context"

	"github.com/whetstone-desk/whetstone/feedback"
)

type settingsOut struct {
	Versioned
	Body feedback.Settings
}

func (s *Server) settings(ctx context.Context, _ *struct{}) (*settingsOut, error) {
	got, version, err := s.Feedback.SettingsAt(ctx, caller(ctx).WorkspaceID)
	if err != nil {
		return nil, err
	}
	return &settingsOut{at(version), got}, nil
}

func (s *Server) putSettings(ctx context.Context, in *struct {
	Matching
	Body feedback.Settings
}) (*settingsOut, error) {
	ws := caller(ctx).WorkspaceID
	read, said, err := in.revision()
	if err != nil {
		return nil, err
	}
	if said {
		version, err := s.Feedback.ReplaceSettings(ctx, ws, in.Body, read)
		return &settingsOut{at(version), in.Body}, err
	}
	if err := s.Feedback.SetSettings(ctx, ws, in.Body); err != nil {
		return nil, err
	}
	_, version, err := s.Feedback.SettingsAt(ctx, ws)
	return &settingsOut{at(version), in.Body}, err
}
