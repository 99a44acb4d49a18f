package api

import (
	"context"
	"time"

	"github.com/whetstone-desk/whetstone/api/auth"
)

type keyView struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Role      auth.Role  `json:"role"`
	CreatedAt time.Time  `json:"created_at"`
	RevokedAt *time.Time `json:"revoked_at,omitempty"`
	Secret    string     `json:"secret,omitempty" doc:"The key itself, in the answer that makes it and never again."`
}

func keyOf(k *auth.Key) keyView {
	return keyView{ID: k.ID, Name: k.Name, Role: k.Role, CreatedAt: k.CreatedAt, RevokedAt: k.RevokedAt}
}

type keysOut struct{ Body keyList }

type keyList struct {
	Keys []keyView `json:"keys" nullable:"false"`
}

func (s *Server) listKeys(ctx context.Context, _ *struct{}) (*keysOut, error) {
	keys, err := s.Keys.List(ctx, caller(ctx).WorkspaceID)
	if err != nil {
		return nil, err
	}
	out := new(keysOut)
	out.Body.Keys = make([]keyView, len(keys))
	for i := range keys {
		out.Body.Keys[i] = keyOf(&keys[i])
	}
	return out, nil
}

type keyOut struct{ Body keyView }

type newKey struct {
	Name string    `json:"name" maxLength:"200" doc:"What the key is for."`
	Role auth.Role `json:"role" enum:"admin,editor,lead,operator,helpdesk" doc:"What the key may do."`
}

func (s *Server) makeKey(ctx context.Context, in *struct{ Body newKey }) (*keyOut, error) {
	key, secret, err := s.Keys.Issue(ctx, caller(ctx).WorkspaceID, in.Body.Name, in.Body.Role)
	if err != nil {
		return nil, err
	}
	noted(ctx, key.ID, string(key.Role)+" "+key.Name)
	view := keyOf(&key)
	view.Secret = secret
	return &keyOut{view}, nil
}

func (s *Server) revokeKey(ctx context.Context, in *ByID) (*none, error) {
	ws := caller(ctx).WorkspaceID
	key, err := s.Keys.Key(ctx, ws, in.ID)
	if err != nil {
		return nil, err
	}
	noted(ctx, key.ID, string(key.Role)+" "+key.Name)
	return nil, s.Keys.Revoke(ctx, ws, key.ID)
}
