package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"github.com/whetstone-desk/whetstone/api/auth"
)

// What the description says of sessions.
const (
	aboutSession = `Who calls, where and in which language. ` + "`csrf`" + ` goes into the header ` + "`Whetstone-CSRF`" + ` of every call of a session but GET. Of a key, ` + "`csrf` and `email`" + ` are empty.`

	aboutSignIn = `Begins a session, in a cookie that scripts cannot read. It ends after 12 hours without a call, after a week, with sign-out, with another role or password. A wrong password and an e-mail that is nobody's are answered alike. After failed tries the account, and after many the network address, has to wait: 429, and ` + "`Retry-After`" + ` says how many seconds. A browser where they have signed in before has tries of its own, so that nobody is kept out by a stranger.`

	aboutEnter = `By the token of an invitation, of a reset or of the demo, which works once. The first two take the password chosen, and may take a name.`

	aboutLook = `For whom a link is and what it is for, without using it.`

	aboutSignOut = `Every process refuses the session within five seconds.`

	aboutOwn = `What is missing stays. A new password takes the current one, and ends the person's other sessions.`

	aboutWays = `How people may sign in here.`
)

func (r *routes) session() {
	s := r.server
	add(r, r.open(call{"GET", "/session/ways", "sign-in-ways", "Ask how to sign in", auth.Ask, aboutWays}), s.ways)
	add(r, r.open(call{"POST", "/session", "sign-in", "Sign in", auth.Ask, aboutSignIn}), s.signIn)
	add(r, r.open(call{"POST", "/session/link", "enter", "Sign in by a link", auth.Ask, aboutEnter}), s.enter)
	add(r, r.open(call{"POST", "/session/link/look", "look-at-link", "Ask what a link is for", auth.Ask, aboutLook}), s.lookAtLink)
	add(r, r.op(call{"GET", "/session", "session", "Read who calls", auth.Ask, aboutSession}), s.session)
	add(r, r.op(call{"PATCH", "/session", "change-session", "Change one's own name, language or password", auth.Ask, aboutOwn}), s.changeSession)
	add(r, r.op(call{"DELETE", "/session", "sign-out", "Sign out", auth.Ask, aboutSignOut}), s.signOut)
}

// open returns the operation of a call that takes no key. A browser may make
// it from this origin only: a stranger's page must not sign anybody in.
func (r *routes) open(c call) huma.Operation {
	op := r.op(c)
	op.Middlewares = huma.Middlewares{addressed(r.api), ours(r.api), r.server.audited, r.server.textual(r.api)}
	op.Security = []map[string][]string{{}}
	op.Extensions["x-roles"] = []string{"anyone"}
	return op
}

// ours refuses what a browser sends from a page of another origin.
func ours(a huma.API) func(huma.Context, func(huma.Context)) {
	guard := http.NewCrossOriginProtection()
	return func(hc huma.Context, next func(huma.Context)) {
		if err := guard.Check(humagin.Unwrap(hc).Request); err != nil {
			fail(a, hc, http.StatusForbidden, "a page of another origin may not sign in here")
			return
		}
		next(hc)
	}
}

// sessionCookie is the cookie of a browser that is signed in.
const sessionCookie = "whetstone"

// knownCookie is the cookie of a browser where somebody has signed in before,
// and knownLife how long it lasts: as long as browsers keep one.
const (
	knownCookie = "whetstone_known"
	knownLife   = 400 * 24 * time.Hour
)

// tokenKey is where the context has the token of the caller's session.
type tokenKey struct{}

func sessionToken(hc huma.Context) string {
	c, err := huma.ReadCookie(hc, sessionCookie)
	if err != nil {
		return "" // there is none
	}
	return c.Value
}

// A Visit is what the request tells of the browser it comes from.
type Visit struct {
	address string
	secure  bool   // by https
	token   string // of the session it has, which may have ended
	known   string // the keepsake of who signed in there before
}

// Resolve reads the request; huma calls it.
func (v *Visit) Resolve(hc huma.Context) []error {
	c := humagin.Unwrap(hc)
	v.address, v.secure, v.token = c.ClientIP(), secure(c), sessionToken(hc)
	if kept, err := huma.ReadCookie(hc, knownCookie); err == nil {
		v.known = kept.Value
	}
	return nil
}

// secure reports whether the browser came by https. Who says so without need
// only keeps their own cookie from themselves.
func secure(c *gin.Context) bool {
	first, _, _ := strings.Cut(c.GetHeader("X-Forwarded-Proto"), ",") // of several proxies, the browser's
	return c.Request.TLS != nil || strings.EqualFold(strings.TrimSpace(first), "https")
}

// cookie is the session's, or without a token what takes it away.
func (v *Visit) cookie(token string) http.Cookie {
	c := http.Cookie{
		Name: sessionCookie, Value: token, Path: "/", MaxAge: int(auth.SessionLife.Seconds()), HttpOnly: true, Secure: v.secure, SameSite: http.SameSiteLaxMode,
	}
	if token == "" {
		c.MaxAge = -1
	}
	return c
}

// remember is the cookie by which the browser is known when they sign in again.
func (v *Visit) remember(who *auth.Person) http.Cookie {
	return http.Cookie{
		Name: knownCookie, Value: who.Keepsake(), Path: "/v1/session", MaxAge: int(knownLife.Seconds()), HttpOnly: true, Secure: v.secure, SameSite: http.SameSiteStrictMode,
	}
}

type sessionView struct {
	Person    callerView    `json:"person"`
	Workspace workspaceView `json:"workspace"`
	CSRF      string        `json:"csrf" doc:"For the header Whetstone-CSRF."`
	Locale    string        `json:"locale" enum:",en,ru" doc:"Language of the console; empty: as the browser says."`
	Version   string        `json:"version" doc:"Of Whetstone."`
}

type callerView struct {
	ID    string    `json:"id" doc:"Of the person, or of the key."`
	Name  string    `json:"name"`
	Email string    `json:"email"`
	Role  auth.Role `json:"role" enum:"admin,editor,lead,operator,helpdesk"`
}

type workspaceView struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type sessionOut struct{ Body sessionView }

type begunOut struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      sessionView
}

// viewOf shows the session of a person.
func (s *Server) viewOf(ctx context.Context, who *auth.Person, token string) (sessionView, error) {
	w, err := s.KB.Workspace(ctx, who.WorkspaceID)
	return sessionView{
		Person: callerView{who.ID, who.Name, who.Email, who.Role}, Workspace: workspaceView{w.ID, w.Name},
		CSRF: auth.CSRF(token), Locale: who.Locale, Version: s.Version,
	}, err
}

// begun answers with a session that has begun, and ends the one before it.
func (s *Server) begun(ctx context.Context, v *Visit, who *auth.Person, token string) (*begunOut, error) {
	signed(ctx, who)
	if v.token != "" {
		if err := s.People.SignOut(ctx, v.token); err != nil {
			return nil, err
		}
	}
	view, err := s.viewOf(ctx, who, token)
	cookies := []http.Cookie{v.cookie(token)}
	if who.Hash != "" {
		cookies = append(cookies, v.remember(who))
	}
	return &begunOut{cookies, view}, err
}

type credentials struct {
	Email    string `json:"email" maxLength:"254"`
	Password string `json:"password" maxLength:"1024"`
}

// errNobody is returned where nobody can sign in.
var errNobody = fmt.Errorf("%w: nobody signs in here", auth.ErrNotFound)

func (s *Server) signIn(ctx context.Context, in *struct {
	Visit
	Body credentials
}) (*begunOut, error) {
	if s.People == nil {
		return nil, errNobody
	}
	who, token, err := s.People.SignIn(ctx, auth.Credentials{Email: in.Body.Email, Password: in.Body.Password, Address: in.address, Keepsake: in.known})
	if err != nil {
		return nil, err
	}
	return s.begun(ctx, &in.Visit, &who, token)
}

type entering struct {
	Token    string `json:"token" maxLength:"128" doc:"What follows /#/enter/ in the link."`
	Name     string `json:"name,omitempty" maxLength:"200" doc:"Missing: the one that was given."`
	Password string `json:"password,omitempty" maxLength:"1024" doc:"At least 10 characters; needed by an invitation and a reset."`
}

func (s *Server) enter(ctx context.Context, in *struct {
	Visit
	Body entering
}) (*begunOut, error) {
	if s.People == nil {
		return nil, errNobody
	}
	who, token, err := s.People.Enter(ctx, in.Body.Token, in.Body.Name, in.Body.Password)
	if err != nil {
		return nil, err
	}
	return s.begun(ctx, &in.Visit, &who, token)
}

type linkSeen struct {
	Body struct {
		Kind  auth.LinkKind `json:"kind" enum:"invitation,reset,entrance" doc:"entrance: it takes no password."`
		Email string        `json:"email"`
		Name  string        `json:"name"`
	}
}

func (s *Server) lookAtLink(ctx context.Context, in *struct {
	Body struct {
		Token string `json:"token" maxLength:"128"`
	}
}) (*linkSeen, error) {
	if s.People == nil {
		return nil, errNobody
	}
	who, link, err := s.People.Look(ctx, in.Body.Token)
	out := new(linkSeen)
	out.Body.Kind, out.Body.Email, out.Body.Name = link.Kind, who.Email, who.Name
	return out, err
}

type waysOut struct {
	Body struct {
		Password bool   `json:"password" doc:"By e-mail and password."`
		OIDC     bool   `json:"oidc" doc:"By the OpenID provider: have the browser go to /auth/oidc."`
		Version  string `json:"version"`
	}
}

func (s *Server) ways(context.Context, *struct{}) (*waysOut, error) {
	out := new(waysOut)
	out.Body.Password, out.Body.OIDC, out.Body.Version = s.People != nil, s.People != nil && s.OIDC != nil, s.Version
	return out, nil
}

// sessionOf returns the token of the caller's session.
func sessionOf(ctx context.Context) (string, error) {
	token, ok := ctx.Value(tokenKey{}).(string)
	if !ok {
		return "", fmt.Errorf("%w: a key has no session", auth.ErrForbidden)
	}
	return token, nil
}

func (s *Server) session(ctx context.Context, _ *struct{}) (*sessionOut, error) {
	key := caller(ctx)
	token, err := sessionOf(ctx)
	if err != nil {
		w, err := s.KB.Workspace(ctx, key.WorkspaceID)
		return &sessionOut{sessionView{
			Person: callerView{ID: key.ID, Name: key.Name, Role: key.Role}, Workspace: workspaceView{w.ID, w.Name}, Version: s.Version,
		}}, err
	}
	who, err := s.People.Verify(ctx, token)
	if err != nil {
		return nil, err
	}
	view, err := s.viewOf(ctx, &who, token)
	return &sessionOut{view}, err
}

type ownChange struct {
	Name     *string      `json:"name,omitempty" maxLength:"200"`
	Locale   *string      `json:"locale,omitempty" enum:",en,ru"`
	Password *newPassword `json:"password,omitempty"`
}

type newPassword struct {
	Current string `json:"current,omitempty" maxLength:"1024" doc:"Missing where there is none yet."`
	New     string `json:"new" maxLength:"1024" doc:"At least 10 characters."`
}

// changeSession changes what people change of themselves. Of a new password the
// browser gets a new keepsake, for the one it has holds as long as the old.
func (s *Server) changeSession(ctx context.Context, in *struct {
	Visit
	Body ownChange
}) (*begunOut, error) {
	token, err := sessionOf(ctx)
	if err != nil {
		return nil, err
	}
	own := auth.Own{Name: in.Body.Name, Locale: in.Body.Locale}
	if p := in.Body.Password; p != nil {
		own.Current, own.New = &p.Current, &p.New
		noted(ctx, "", "password")
	}
	who, err := s.People.ChangeOwn(ctx, token, own)
	if err != nil {
		return nil, err
	}
	out := new(begunOut)
	if own.New != nil {
		out.SetCookie = []http.Cookie{in.remember(&who)}
	}
	out.Body, err = s.viewOf(ctx, &who, token)
	return out, err
}

type endedOut struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
}

type signOutIn struct {
	Visit
	Everywhere bool `query:"everywhere" doc:"Ends the person's sessions in other browsers too."`
}

func (s *Server) signOut(ctx context.Context, in *signOutIn) (*endedOut, error) {
	token, err := sessionOf(ctx)
	if err != nil {
		return nil, err
	}
	if in.Everywhere {
		noted(ctx, "", "everywhere")
		return &endedOut{in.cookie("")}, s.People.SignOutEverywhere(ctx, token)
	}
	return &endedOut{in.cookie("")}, s.People.SignOut(ctx, token)
}
