package api

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/gin-gonic/gin"
	"golang.org/x/oauth2"

	"github.com/whetstone-desk/whetstone/api/auth"
)

// A truth is a yes or no that some providers write as a text.
type truth bool

// UnmarshalJSON reads true and "true"; all else is no.
func (t *truth) UnmarshalJSON(b []byte) error {
	*t = truth(strings.EqualFold(strings.Trim(string(b), `"`), "true"))
	return nil
}

// Claims are what the provider says of somebody.
type claims struct {
	Email    string `json:"email"`
	Verified truth  `json:"email_verified"`
	Name     string `json:"name"`
}

// nameLength is how many characters a name may have here; the rest of a longer
// one is left at the provider.
const nameLength = 200

// vouched reads what the provider says of who comes back from it.
func (s *Server) vouched(c *gin.Context, kept way) (who auth.Stranger, err error) {
	if said := c.Query("error"); said != "" {
		why := errors.New("api: OpenID provider") // a fault of somebody's settings, or its own
		if said == "access_denied" {
			why = errDeclined
		}
		return who, fmt.Errorf("%w: %q: %q", why, said, c.Query("error_description"))
	}
	ctx := s.OIDC.client(c.Request.Context())
	provider, err := s.OIDC.meet(ctx)
	if err != nil {
		return who, err
	}
	tokens, err := s.OIDC.exchange(ctx, s.OIDC.asking(c, provider), c.Query("code"), kept.verifier)
	if err != nil {
		return who, err
	}
	raw, _ := tokens.Extra("id_token").(string)
	id, err := provider.Verifier(&oidc.Config{ClientID: s.OIDC.Client}).Verify(ctx, raw)
	if err != nil {
		return who, fmt.Errorf("api: OpenID token: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(kept.nonce)) != 1 {
		return who, fmt.Errorf("%w: a token of another", errStale)
	}
	said, err := s.OIDC.told(ctx, provider, id, tokens)
	if err != nil {
		return who, err
	}
	if name := []rune(said.Name); len(name) > nameLength {
		said.Name = string(name[:nameLength])
	}
	return auth.Stranger{
		Identity: id.Issuer + "|" + id.Subject, Email: said.Email, Proven: bool(said.Verified) || s.OIDC.TrustEmail, Name: said.Name,
		Workspace: s.OIDC.Workspace, Role: s.OIDC.Role,
	}, nil
}

// told returns the claims of the token or, where it has no e-mail that counts,
// those of the userinfo endpoint: a provider that goes by OpenID Connect Core
// 1.0, section 5.4, has them there alone. An e-mail is never taken from one and
// its proof from the other.
func (o *OIDC) told(ctx context.Context, p *oidc.Provider, id *oidc.IDToken, tokens *oauth2.Token) (claims, error) {
	var said, more claims
	if err := id.Claims(&said); err != nil {
		return claims{}, fmt.Errorf("api: OpenID claims: %w", err)
	}
	if said.Email != "" && (bool(said.Verified) || o.TrustEmail) || p.UserInfoEndpoint() == "" {
		return said, nil
	}
	info, err := p.UserInfo(ctx, oauth2.StaticTokenSource(tokens))
	if err != nil {
		return claims{}, fmt.Errorf("api: OpenID userinfo: %w", err)
	}
	if info.Subject != id.Subject {
		return claims{}, fmt.Errorf("%w: userinfo of another", errStale) // section 5.3.2
	}
	if err := info.Claims(&more); err != nil {
		return claims{}, fmt.Errorf("api: OpenID claims: %w", err)
	}
	if more.Email == "" {
		more.Email, more.Verified = said.Email, said.Verified
	}
	if more.Name == "" {
		more.Name = said.Name
	}
	return more, nil
}

// exchange has the provider give tokens for a code. Which of the two ways to
// show the secret a client is registered for, no discovery document says: what
// served last is tried first, and the other if the provider does not know the
// client by that.
func (o *OIDC) exchange(ctx context.Context, cfg *oauth2.Config, code, verifier string) (*oauth2.Token, error) {
	styles := []oauth2.AuthStyle{oauth2.AuthStyleInHeader, oauth2.AuthStyleInParams}
	o.mu.Lock()
	if o.style == oauth2.AuthStyleInParams || o.Secret == "" { // without a secret there is only a name to give
		slices.Reverse(styles)
	}
	o.mu.Unlock()
	var errs []error
	for _, style := range styles {
		cfg.Endpoint.AuthStyle = style
		tokens, err := cfg.Exchange(ctx, code, oauth2.VerifierOption(verifier))
		if err == nil {
			o.mu.Lock()
			defer o.mu.Unlock()
			o.style = style
			return tokens, nil
		}
		errs = append(errs, err)
		answer := new(oauth2.RetrieveError)
		if !errors.As(err, &answer) || answer.ErrorCode == "invalid_grant" {
			break // it is away, or it knew the client and not the code
		}
		if answer.Response.StatusCode >= http.StatusInternalServerError {
			errs = append(errs, errAway)
			break
		}
	}
	return nil, fmt.Errorf("api: OpenID code: %w", errors.Join(errs...))
}
