package api

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/gin-gonic/gin"
	"golang.org/x/oauth2"

	"github.com/whetstone-desk/whetstone/api/auth"
)

// An OIDC is the OpenID provider that vouches for people, by the authorization
// code flow with state, nonce and PKCE (RFC 7636). Its fields are set before it
// is used and not changed after.
type OIDC struct {
	Issuer    string // its address, as its discovery document has it
	Client    string // as which it knows this installation
	Secret    string
	Role      auth.Role // of people who come for the first time; empty: they are refused
	Workspace string    // of theirs

	mu       sync.Mutex
	provider *oidc.Provider // nil: not met yet
}

// oidcTime is how long the provider may take for one answer.
const oidcTime = 10 * time.Second

// oidcCookie has what a sign-in that is under way must come back with.
const oidcCookie = "whetstone_oidc"

// oidcWay is how long somebody may take at the provider.
const oidcWay = 10 * time.Minute

func (s *Server) oidcRoutes(r *gin.Engine) {
	if s.OIDC == nil || s.People == nil {
		return
	}
	r.GET("/auth/oidc", s.toProvider)
	r.GET("/auth/oidc/callback", s.fromProvider)
}

// meet returns the provider and how to talk to it. Who was away is asked again
// the next time.
func (o *OIDC) meet(c *gin.Context) (context.Context, *oidc.Provider, *oauth2.Config, error) {
	ctx := oidc.ClientContext(c.Request.Context(), &http.Client{Timeout: oidcTime})
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.provider == nil {
		// It keeps the context to read keys by, beyond this request.
		p, err := oidc.NewProvider(context.WithoutCancel(ctx), o.Issuer)
		if err != nil {
			return ctx, nil, nil, fmt.Errorf("api: OpenID provider: %w", err)
		}
		o.provider = p
	}
	scheme := "http"
	if secure(c) {
		scheme = "https"
	}
	return ctx, o.provider, &oauth2.Config{
		ClientID: o.Client, ClientSecret: o.Secret, Endpoint: o.provider.Endpoint(),
		RedirectURL: scheme + "://" + c.Request.Host + "/auth/oidc/callback", Scopes: []string{oidc.ScopeOpenID, "email", "profile"},
	}, nil
}

// toProvider sends the browser to the provider.
func (s *Server) toProvider(c *gin.Context) {
	_, _, cfg, err := s.OIDC.meet(c)
	if err != nil {
		s.turnedAway(c, err)
		return
	}
	state, nonce, verifier := rand.Text(), rand.Text(), oauth2.GenerateVerifier()
	s.oidcKeeps(c, strings.Join([]string{state, nonce, verifier}, "."), int(oidcWay.Seconds()))
	c.Redirect(http.StatusFound, cfg.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)))
}

func (s *Server) oidcKeeps(c *gin.Context, value string, age int) {
	http.SetCookie(c.Writer, &http.Cookie{
		Name: oidcCookie, Value: value, Path: "/auth/oidc", MaxAge: age, HttpOnly: true, Secure: secure(c), SameSite: http.SameSiteLaxMode,
	})
}

// fromProvider takes back a browser that the provider has sent, and signs in
// whom it vouches for.
func (s *Server) fromProvider(c *gin.Context) {
	who, err := s.vouched(c)
	s.oidcKeeps(c, "", -1)
	if err != nil {
		s.turnedAway(c, err)
		return
	}
	ctx := c.Request.Context()
	person, token, err := s.People.Recognize(ctx, who)
	if err != nil {
		s.turnedAway(c, err)
		return
	}
	if old, err := c.Cookie(sessionCookie); err == nil {
		if err := s.People.SignOut(ctx, old); err != nil {
			s.turnedAway(c, err)
			return
		}
	}
	if key := person.Key(); s.Audit != nil {
		s.keep(ctx, &auth.Entry{WorkspaceID: key.WorkspaceID, ActorID: key.ID, Actor: key.Name, Method: c.Request.Method, Operation: "sign-in-oidc"})
	}
	cookie := (&Visit{secure: secure(c)}).cookie(token)
	http.SetCookie(c.Writer, &cookie)
	c.Redirect(http.StatusFound, "/")
}

// vouched reads what the provider says of somebody.
func (s *Server) vouched(c *gin.Context) (who auth.Stranger, err error) {
	kept, _ := c.Cookie(oidcCookie) // without one nothing below agrees
	parts := strings.Split(kept, ".")
	if len(parts) != 3 || subtle.ConstantTimeCompare([]byte(parts[0]), []byte(c.Query("state"))) != 1 {
		return who, fmt.Errorf("%w: not a sign-in that began in this browser", auth.ErrForbidden)
	}
	if c.Query("error") != "" {
		return who, fmt.Errorf("%w: the provider says no", auth.ErrForbidden)
	}
	ctx, provider, cfg, err := s.OIDC.meet(c)
	if err != nil {
		return who, err
	}
	tokens, err := cfg.Exchange(ctx, c.Query("code"), oauth2.VerifierOption(parts[2]))
	if err != nil {
		return who, fmt.Errorf("api: OpenID code: %w", err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	id, err := provider.Verifier(&oidc.Config{ClientID: s.OIDC.Client}).Verify(ctx, raw)
	if err != nil {
		return who, fmt.Errorf("api: OpenID token: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(parts[1])) != 1 {
		return who, fmt.Errorf("%w: a token of another sign-in", auth.ErrForbidden)
	}
	var claims struct {
		Email    string `json:"email"`
		Verified bool   `json:"email_verified"`
		Name     string `json:"name"`
	}
	if err := id.Claims(&claims); err != nil {
		return who, fmt.Errorf("api: OpenID claims: %w", err)
	}
	return auth.Stranger{
		Identity: id.Issuer + "|" + id.Subject, Email: claims.Email, Proven: claims.Verified, Name: claims.Name,
		Workspace: s.OIDC.Workspace, Role: s.OIDC.Role,
	}, nil
}

// turnedAway sends the browser back to where people sign in, with why: what
// else the provider said is for the log alone.
func (s *Server) turnedAway(c *gin.Context, err error) {
	why := "failed"
	if errors.Is(err, auth.ErrForbidden) {
		why = "forbidden"
	}
	s.Log.WarnContext(c.Request.Context(), "sign-in by the OpenID provider failed", "request", requestID(c.Request.Context()), "error", err)
	c.Redirect(http.StatusFound, "/#/sign-in?problem="+why)
}
