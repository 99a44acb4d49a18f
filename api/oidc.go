package api

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
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
	Issuer     string // its address, as its discovery document has it
	Client     string // as which it knows this installation
	Secret     string
	Role       auth.Role // of people who come for the first time; empty: they are refused
	Workspace  string    // of theirs
	TrustEmail bool      // whether an e-mail counts that it does not say is verified

	mu       sync.Mutex
	provider *oidc.Provider   // nil: not met yet
	style    oauth2.AuthStyle // how it took the secret last; zero: not known
}

// oidcTime is how long the provider may take for one answer.
const oidcTime = 10 * time.Second

// oidcCookie has what a sign-in that is under way must come back with.
const oidcCookie = "whetstone_oidc"

// oidcWay is how long somebody may take at the provider.
const oidcWay = 10 * time.Minute

// placeLength is how many bytes the page may have that somebody wants to come
// back to; a cookie holds four thousand in all.
const placeLength = 1000

var (
	// errAway is of a provider that cannot be reached.
	errAway = errors.New("the OpenID provider cannot be reached as it is set up")
	// errStale is of a way back that did not begin in this browser, or too long ago.
	errStale = errors.New("not a sign-in that is under way in this browser")
	// errDeclined is of somebody whom the provider sends back with a no, of its own or of theirs.
	errDeclined = errors.New("the OpenID provider says no")
)

func (s *Server) oidcRoutes(r *gin.Engine) {
	if s.OIDC == nil || s.People == nil {
		return
	}
	r.GET("/auth/oidc", s.toProvider)
	r.GET("/auth/oidc/callback", s.fromProvider)
}

// Check reports whether the provider can be reached and is who it should be.
func (o *OIDC) Check(ctx context.Context) error {
	_, err := o.meet(o.client(ctx))
	return err
}

func (o *OIDC) client(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, &http.Client{Timeout: oidcTime})
}

// meet returns the provider. Who was away is asked again the next time.
func (o *OIDC) meet(ctx context.Context) (*oidc.Provider, error) {
	o.mu.Lock()
	p := o.provider
	o.mu.Unlock()
	if p != nil {
		return p, nil
	}
	// It is asked outside the lock: if it hangs, people wait for it side by
	// side and not in turn. It keeps the context to read keys by, beyond this
	// request.
	p, err := oidc.NewProvider(context.WithoutCancel(ctx), o.Issuer)
	if err != nil {
		return nil, fmt.Errorf("api: meet OpenID provider: %w: %w", errAway, err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.provider = p
	return p, nil
}

// asking is how the provider is spoken to on behalf of a browser.
func (o *OIDC) asking(c *gin.Context, p *oidc.Provider) *oauth2.Config {
	scheme := "http"
	if secure(c) {
		scheme = "https"
	}
	return &oauth2.Config{
		ClientID: o.Client, ClientSecret: o.Secret, Endpoint: p.Endpoint(),
		RedirectURL: scheme + "://" + c.Request.Host + "/auth/oidc/callback", Scopes: []string{oidc.ScopeOpenID, "email", "profile"},
	}
}

// toProvider sends the browser to the provider, which asks who it is if the
// page wants it to: otherwise it would send whom it sent before.
func (s *Server) toProvider(c *gin.Context) {
	p, err := s.OIDC.meet(s.OIDC.client(c.Request.Context()))
	if err != nil {
		s.turnedAway(c, err)
		return
	}
	state, nonce, verifier := rand.Text(), rand.Text(), oauth2.GenerateVerifier()
	s.oidcKeeps(c, strings.Join([]string{state, nonce, verifier, url.QueryEscape(placeOf(c.Query("to")))}, "."), int(oidcWay.Seconds()))
	opts := []oauth2.AuthCodeOption{oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)}
	if c.Query("prompt") == "login" {
		opts = append(opts, oauth2.SetAuthURLParam("prompt", "login"))
	}
	c.Redirect(http.StatusFound, s.OIDC.asking(c, p).AuthCodeURL(state, opts...))
}

// placeOf returns a page of the console to come back to, or nothing: never
// another host, and never a link that signs somebody in.
func placeOf(to string) string {
	if len(to) > placeLength || !strings.HasPrefix(to, "#/") || strings.HasPrefix(to, "#/enter") || strings.HasPrefix(to, "#/sign-in") {
		return ""
	}
	return to
}

func (s *Server) oidcKeeps(c *gin.Context, value string, age int) {
	http.SetCookie(c.Writer, &http.Cookie{
		Name: oidcCookie, Value: value, Path: "/auth/oidc", MaxAge: age, HttpOnly: true, Secure: secure(c), SameSite: http.SameSiteLaxMode,
	})
}

// fromProvider takes back a browser that the provider has sent, and signs in
// whom it vouches for.
func (s *Server) fromProvider(c *gin.Context) {
	kept, err := underWay(c)
	if err != nil {
		s.turnedAway(c, err) // and another sign-in that is under way goes on
		return
	}
	s.oidcKeeps(c, "", -1)
	who, err := s.vouched(c, kept)
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
	c.Redirect(http.StatusFound, "/"+kept.place)
}

// turnedAway sends the browser back to where people sign in, with why: what
// else the provider said is for the log alone.
func (s *Server) turnedAway(c *gin.Context, err error) {
	s.Log.WarnContext(c.Request.Context(), "sign-in by the OpenID provider failed", "request", requestID(c.Request.Context()), "error", err)
	c.Redirect(http.StatusFound, "/#/sign-in?problem="+problemOf(err))
}

// problemOf is what the sign-in page knows of an error.
func problemOf(err error) string {
	unreachable := new(url.Error)
	switch {
	case errors.Is(err, auth.ErrUnproven):
		return "unproven"
	case errors.Is(err, auth.ErrForbidden):
		return "forbidden"
	case errors.Is(err, errStale):
		return "stale"
	case errors.Is(err, errDeclined):
		return "declined"
	case errors.Is(err, errAway), errors.As(err, &unreachable):
		return "away"
	}
	return "failed"
}

// A way is what a browser keeps while it is at the provider.
type way struct {
	nonce, verifier string
	place           string // the page to come back to, from its #; empty: the first
}

// underWay returns what the browser has kept of the sign-in that it comes back
// from.
func underWay(c *gin.Context) (way, error) {
	kept, _ := c.Cookie(oidcCookie) // without one nothing below agrees
	parts := strings.Split(kept, ".")
	if len(parts) < 4 || subtle.ConstantTimeCompare([]byte(parts[0]), []byte(c.Query("state"))) != 1 {
		return way{}, errStale
	}
	to, err := url.QueryUnescape(strings.Join(parts[3:], "."))
	if err != nil {
		return way{}, fmt.Errorf("%w: %w", errStale, err)
	}
	return way{nonce: parts[1], verifier: parts[2], place: placeOf(to)}, nil
}
