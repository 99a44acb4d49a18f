// Package api is the way in: Whetstone's HTTP interface.
//
// [Server] holds what the handlers need; routes.go is the list of them; each
// handler is an ordinary function from a request to a response or an error,
// and errors.go is the one place where errors become status codes. The OpenAPI
// description is made from the same types, so it cannot fall behind.
//
// Every call under /v1 carries a key, which binds it to one workspace: there
// is no way to name another.
package api

import (
	"context"
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/api/console"
	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/feedback/experiment"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/connect"
	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/kb/notice"
	"github.com/whetstone-desk/whetstone/kb/ticket"
	"github.com/whetstone-desk/whetstone/kb/upkeep"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/training"
)

// A Server answers HTTP requests. Its fields are set before Handler is called
// and not changed after.
type Server struct {
	KB       *kb.DB
	Keys     *auth.Keys
	People   *auth.People // nil: nobody signs in
	Audit    *auth.Audit  // nil: what is changed is not kept
	Answerer *retrieval.Answerer
	Store    *retrieval.Store
	Pilots   *experiment.Store
	Feedback *feedback.Store
	Replies  *Replies
	Log      *slog.Logger
	Version  string

	// Rate is how many requests a second one key may make on average, and
	// Burst how many at once. A Rate of 0 sets no limit.
	Rate  float64
	Burst int

	// OIDC is the provider that vouches for people. Nil: they come by password.
	OIDC *OIDC

	// Proxies are the addresses and networks whose X-Forwarded-For is believed.
	// An entry that is neither is a fault, and then none is believed.
	Proxies []string

	// MaxBody is how many bytes a request's body may have; a bulk request's
	// lines are each held to it instead.
	MaxBody int64

	// Caught waits, for a short time, until what was just written can be
	// found, and reports whether it can. Nil: do not wait.
	Caught func(ctx context.Context, workspace string, seq int64) bool

	// Told is called when feedback was recorded, for it to be digested. Nil: it
	// is digested when its time comes.
	Told func()

	// Memory makes cases of tickets. Nil: nothing does.
	Memory *feedback.Memory

	// Relearn takes out of what serves what was to be forgotten. Nil: the next
	// runs of jobs do.
	Relearn func(ctx context.Context, workspace, why string) error

	// Gaps is what the knowledge base does not cover; Compose drafts an article
	// for one, a change of the article named if that is not empty, and Prove
	// asks the questions of one again and tells of each, unless tell is nil.
	Gaps    *gap.DB
	Compose func(ctx context.Context, workspace string, g *gap.Gap, article string) (*gap.Draft, error)
	Prove   func(ctx context.Context, workspace, id, author string, tell func(gap.Asked)) (gap.Gap, error)

	// Syncer keeps what the knowledge base follows, and Sync brings it in step
	// with one of them: for as long as that is short, or else beginning it; done
	// says which.
	Syncer *connect.Syncer
	Sync   func(ctx context.Context, workspace, id string, how connect.How) (r connect.Report, done bool, err error)

	// Upkeep is what the knowledge base needs to stay true. OpenDrafts finds, for
	// each of some quarantines, the drafts that nobody has judged yet; nil: none
	// are listed.
	Upkeep     *upkeep.DB
	OpenDrafts func(ctx context.Context, workspace string, qs []upkeep.Quarantine) ([][]string, error)

	// Tickets are what customers ask, Presences who is looking at what, and
	// Widgets where the panel for other helpdesks may be shown. Nil: there is
	// none of it.
	Tickets   *ticket.DB
	Presences *Presences
	Widgets   *Widgets

	// Setup is what admins may read of the service's settings, and TryModels has
	// the model servers that they name make something. Nil: it cannot.
	Setup     Setup
	TryModels func(ctx context.Context) ModelsTried

	// Erase removes what is kept of a customer or of tickets. Nil: it cannot.
	Erase func(ctx context.Context, workspace string, who feedback.Whom) (feedback.Erased, error)

	// Notices is what is told to others, and to whom.
	Notices *notice.Store

	// Jobs does what is done by itself. Nil: there are no jobs.
	Jobs *training.Runner

	// Ready reports why the server cannot do its work at the moment, or nil.
	// Anybody may read what it says.
	Ready func(context.Context) error
}

// bodyTime is how long a client may take to send an ordinary body, or one line
// of a bulk request.
const bodyTime = 30 * time.Second

// Handler returns the server as an http.Handler.
func (s *Server) Handler() http.Handler {
	e := s.engine()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			// What GET would answer; net/http leaves the body out.
			get := *r
			get.Method = http.MethodGet
			r = &get
		}
		e.ServeHTTP(w, r)
	})
}

// engine returns the router with every route in it.
func (s *Server) engine() *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.HandleMethodNotAllowed = true
	r.ContextWithFallback = true
	r.UseRawPath = true // an operator's id may hold a slash
	if err := r.SetTrustedProxies(s.Proxies); err != nil {
		s.Log.Error("proxies are not believed", "error", err)
	}
	m := newMetrics()
	pages := gin.WrapH(console.Handler())
	r.Use(m.count, s.headers, s.logged, s.recovered)
	r.NoRoute(func(c *gin.Context) {
		if c.Request.Method == http.MethodGet && !strings.HasPrefix(c.Request.URL.Path, "/v1") && strings.Contains(c.GetHeader("Accept"), "text/html") {
			c.Status(http.StatusOK)
			pages(c) // somebody's browser: the console says that there is nothing
			return
		}
		problem(c, http.StatusNotFound, "there is nothing at this address; /docs lists what there is")
	})
	r.NoMethod(func(c *gin.Context) {
		if c.Request.Method == http.MethodOptions {
			c.Status(http.StatusNoContent) // the router has set Allow
			return
		}
		problem(c, http.StatusMethodNotAllowed, "this address takes "+c.Writer.Header().Get("Allow")+" only; see /docs")
	})
	r.GET("/healthz", func(c *gin.Context) { c.String(http.StatusOK, "ok\n") })
	r.GET("/readyz", s.ready)
	r.GET("/metrics", gin.WrapH(m.handler()))
	r.GET("/docs", docsPage)
	r.GET("/docs/docs.css", docsStyle)
	r.GET("/docs/docs.js", docsScript)
	r.GET("/", pages)
	r.GET("/assets/*file", pages)
	if s.Widgets != nil {
		panel := gin.WrapH(console.Widget(s.Widgets.Ancestors))
		r.GET("/widget/", panel)
		r.GET("/widget.js", panel)
	}
	s.oidcRoutes(r)
	s.routes(humagin.New(r, s.config()))
	return r
}

// config is the head of the OpenAPI description.
func (s *Server) config() huma.Config {
	cfg := huma.DefaultConfig("Whetstone", s.Version)
	cfg.Info.Description = about
	cfg.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	cfg.DocsPath = ""     // the page it would serve loads from another host
	cfg.SchemasPath = ""  // the description carries its schemas
	cfg.CreateHooks = nil // no $schema field in responses
	cfg.RejectUnknownQueryParameters = true
	cfg.Transformers = []huma.Transformer{withoutValues}
	cfg.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"key":     {Type: "http", Scheme: "bearer", Description: "A key, as in `Authorization: Bearer wsk_….…`."},
		"session": {Type: "apiKey", In: "cookie", Name: sessionCookie, Description: "Of a person who signed in. Calls other than GET also carry the session's `csrf` in the header `Whetstone-CSRF`."},
	}
	cfg.Security = []map[string][]string{{"key": {}}, {"session": {}}}
	cfg.Tags = tags()
	return cfg
}

// schemaName names a type in the description. Packages below kb have words of
// their own for what others call by the same name, so theirs begin with the
// package's.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if _, below, ok := strings.Cut(t.PkgPath(), "/whetstone/kb/"); ok && t.Name() != "" {
		return strings.ToUpper(below[:1]) + below[1:] + name
	}
	return name
}

func (s *Server) ready(c *gin.Context) {
	if s.Ready != nil {
		if err := s.Ready(c.Request.Context()); err != nil {
			problem(c, http.StatusServiceUnavailable, err.Error())
			return
		}
	}
	c.String(http.StatusOK, "ready\n")
}
