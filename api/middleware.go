package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
	"github.com/oklog/ulid/v2"
	"golang.org/x/time/rate"

	"github.com/whetstone-desk/whetstone/api/auth"
)

type requestIDKey struct{}

// requestID returns the id by which the log names the request of ctx.
func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// headers sets what every response carries. It takes the caller's
// X-Request-Id if it is fit for a log, or makes one, and returns it.
func (s *Server) headers(c *gin.Context) {
	id := c.GetHeader("X-Request-Id")
	if id == "" || len(id) > 64 || strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' }) {
		id = ulid.Make().String()
	}
	c.Header("X-Request-Id", id)
	c.Header("X-Content-Type-Options", "nosniff")
	c.Header("X-Frame-Options", "DENY")                                               // the panel's page takes it back
	c.Header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'") // pages have policies of their own
	c.Header("Cache-Control", "no-store")                                             // what is behind a key is nobody else's
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), requestIDKey{}, id))
	c.Next()
}

// logged writes one line a request. The route stands for the path and nothing
// of the body is written, so no customer's words reach the log.
func (s *Server) logged(c *gin.Context) {
	start := time.Now()
	c.Next()
	route := c.FullPath()
	if route == "" {
		route = "(none)"
	}
	s.Log.InfoContext(c.Request.Context(), "request", "request", requestID(c.Request.Context()), "method", c.Request.Method,
		"route", route, "status", c.Writer.Status(), "bytes", c.Writer.Size(), "ms", float64(time.Since(start).Microseconds())/1000)
}

// authenticated lets through callers whose key, or the person who signed in,
// has the right.
func (s *Server) authenticated(a huma.API, right auth.Right) func(huma.Context, func(huma.Context)) {
	return func(hc huma.Context, next func(huma.Context)) {
		ctx, key, err := s.identified(hc)
		switch {
		case errors.Is(err, auth.ErrUnauthorized):
			hc.SetHeader("WWW-Authenticate", `Bearer realm="whetstone"`)
			if hc.Header("Authorization") != "" {
				hc.SetHeader("WWW-Authenticate", `Bearer realm="whetstone", error="invalid_token"`)
			}
			fail(a, hc, http.StatusUnauthorized, err.Error())
			return
		case err != nil:
			p := s.problem(hc.Context(), err)
			fail(a, hc, p.GetStatus(), p.Error())
			return
		case !key.Role.May(right):
			fail(a, hc, http.StatusForbidden, "the role "+string(key.Role)+" may not do this")
			return
		}
		// What takes long asks again whether its caller is still who they were.
		still := func() error {
			_, now, err := s.identified(hc)
			if err == nil && now.Role != key.Role {
				err = fmt.Errorf("%w: the role is another one now", auth.ErrUnauthorized)
			}
			return err
		}
		ctx = context.WithValue(auth.NewContext(ctx, key), stillKey{}, still)
		next(huma.WithContext(hc, ctx))
	}
}

// stillKey is where the context has a function that reports whether the caller
// may still call.
type stillKey struct{}

// identified returns who calls: by the key, or else by the session's cookie,
// whose token is then in the context. A browser sends the cookie along whoever
// had it call, so what is to change anything also takes the session's CSRF.
func (s *Server) identified(hc huma.Context) (context.Context, auth.Key, error) {
	ctx := hc.Context()
	if secret, ok := strings.CutPrefix(hc.Header("Authorization"), "Bearer "); ok {
		if secret = strings.TrimSpace(secret); strings.HasPrefix(secret, widgetPrefix) {
			return s.widgetCaller(hc, secret)
		}
		key, err := s.Keys.Verify(ctx, secret)
		if errors.Is(err, auth.ErrUnauthorized) {
			err = fmt.Errorf("%w: this key is unknown or was revoked", auth.ErrUnauthorized)
		}
		return ctx, key, err
	}
	token := sessionToken(hc)
	if token == "" || s.People == nil {
		return ctx, auth.Key{}, fmt.Errorf("%w: send a key: Authorization: Bearer wsk_…, or sign in", auth.ErrUnauthorized)
	}
	who, err := s.People.Verify(ctx, token)
	if err != nil {
		return ctx, auth.Key{}, err
	}
	if hc.Method() != http.MethodGet && !auth.SameCSRF(token, hc.Header("Whetstone-CSRF")) {
		return ctx, auth.Key{}, fmt.Errorf("%w: send the session's csrf in the header Whetstone-CSRF", auth.ErrForbidden)
	}
	return context.WithValue(ctx, tokenKey{}, token), who.Key(), nil
}

// addressed refuses an address that is not text, for the reasons of textual.
func addressed(a huma.API) func(huma.Context, func(huma.Context)) {
	return func(hc huma.Context, next func(huma.Context)) {
		u := hc.URL()
		if !plain(u.Path) || !plainQuery(u.Query()) || !plain(hc.Header("Idempotency-Key")) {
			fail(a, hc, http.StatusBadRequest, "the address or a header is not valid UTF-8 or holds a NUL byte")
			return
		}
		next(hc)
	}
}

// textual refuses a body that is too large or not text: broken UTF-8 would
// otherwise be mended silently, and NUL bytes kept by one database and refused
// by another.
func (s *Server) textual(a huma.API) func(huma.Context, func(huma.Context)) {
	return func(hc huma.Context, next func(huma.Context)) {
		c := humagin.Unwrap(hc)
		// The time is for the body alone: were it left set, it would end the
		// request while a model still writes.
		_ = hc.SetReadDeadline(time.Now().Add(bodyTime)) // not every writer has one
		body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, s.MaxBody))
		_ = hc.SetReadDeadline(time.Time{})
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			fail(a, hc, http.StatusRequestEntityTooLarge, fmt.Sprintf("the body is larger than %d bytes; send less, or use the bulk routes", s.MaxBody))
			return
		}
		if err != nil {
			fail(a, hc, http.StatusBadRequest, "the body did not arrive whole")
			return
		}
		if err := text(body); err != nil {
			fail(a, hc, http.StatusBadRequest, err.Error())
			return
		}
		c.Request.Body = io.NopCloser(bytes.NewReader(body))
		next(hc)
	}
}

// limits holds each key and person to a number of requests a second.
type limits struct {
	rate  rate.Limit
	burst int
	mu    sync.Mutex
	byKey map[string]*rate.Limiter
}

func newLimits(perSecond float64, burst int) *limits {
	return &limits{rate: rate.Limit(perSecond), burst: max(burst, 1), byKey: make(map[string]*rate.Limiter)}
}

func (l *limits) held(a huma.API) func(huma.Context, func(huma.Context)) {
	return func(hc huma.Context, next func(huma.Context)) {
		key, ok := auth.FromContext(hc.Context())
		if l.rate > 0 && ok && !l.of(key.ID).Allow() {
			hc.SetHeader("Retry-After", strconv.Itoa(int(max(1, math.Ceil(1/float64(l.rate))))))
			fail(a, hc, http.StatusTooManyRequests, "too many requests with this key; wait as Retry-After says and try again")
			return
		}
		next(hc)
	}
}

// of returns the limiter of a key. Keys and people are few and made by an
// admin, so none is ever forgotten.
func (l *limits) of(key string) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	lim, ok := l.byKey[key]
	if !ok {
		lim = rate.NewLimiter(l.rate, l.burst)
		l.byKey[key] = lim
	}
	return lim
}

// fail ends the request with a problem.
func fail(a huma.API, hc huma.Context, status int, detail string) {
	// Writing fails only if the client is gone, and then nobody is left to tell.
	_ = huma.WriteErr(a, hc, status, detail)
}
