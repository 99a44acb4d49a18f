package api

import (
	"context"
	"errors"
	"math"
	"net"
	"net/http"
	"runtime/debug"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/feedback"
	"github.com/whetstone-desk/whetstone/feedback/experiment"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/connect"
	"github.com/whetstone-desk/whetstone/kb/gap"
	"github.com/whetstone-desk/whetstone/kb/notice"
	"github.com/whetstone-desk/whetstone/kb/sqldb"
	"github.com/whetstone-desk/whetstone/kb/ticket"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/training"
)

// errMalformed is returned for a body or parameter that cannot be read.
var errMalformed = errors.New("malformed request")

// statuses is the one place where errors become HTTP. What is not here is a
// fault of ours: the client gets a 500 without detail and the log gets the rest.
var statuses = []struct {
	err    error
	status int
}{
	{errMalformed, http.StatusBadRequest},
	{kb.ErrInvalid, http.StatusUnprocessableEntity},
	{retrieval.ErrInvalid, http.StatusUnprocessableEntity},
	{auth.ErrInvalid, http.StatusUnprocessableEntity},
	{auth.ErrConflict, http.StatusConflict},
	{auth.ErrTooMany, http.StatusTooManyRequests},
	{experiment.ErrInvalid, http.StatusUnprocessableEntity},
	{feedback.ErrInvalid, http.StatusUnprocessableEntity},
	{gap.ErrInvalid, http.StatusUnprocessableEntity},
	{notice.ErrInvalid, http.StatusUnprocessableEntity},
	{ticket.ErrInvalid, http.StatusUnprocessableEntity},
	{errReused, http.StatusUnprocessableEntity},
	{kb.ErrNotFound, http.StatusNotFound},
	{retrieval.ErrNotFound, http.StatusNotFound},
	{auth.ErrNotFound, http.StatusNotFound},
	{training.ErrNotFound, http.StatusNotFound},
	{experiment.ErrNotFound, http.StatusNotFound},
	{feedback.ErrNotFound, http.StatusNotFound},
	{gap.ErrNotFound, http.StatusNotFound},
	{notice.ErrNotFound, http.StatusNotFound},
	{ticket.ErrNotFound, http.StatusNotFound},
	{feedback.ErrTooMany, http.StatusTooManyRequests},
	{kb.ErrConflict, http.StatusConflict},
	{feedback.ErrConflict, http.StatusConflict},
	{feedback.ErrBusy, http.StatusConflict},
	{retrieval.ErrConflict, http.StatusConflict},
	{gap.ErrConflict, http.StatusConflict},
	{ticket.ErrConflict, http.StatusConflict},
	{ticket.ErrNewer, http.StatusConflict},
	{experiment.ErrConflict, http.StatusConflict},
	{connect.ErrRunning, http.StatusConflict},
	{connect.ErrHeld, http.StatusConflict},
	{errInFlight, http.StatusConflict},
	{training.ErrRunning, http.StatusConflict},
	{auth.ErrUnauthorized, http.StatusUnauthorized},
	{auth.ErrForbidden, http.StatusForbidden},
	{embeddings.ErrUnavailable, http.StatusServiceUnavailable},
	{retrieval.ErrUnavailable, http.StatusServiceUnavailable},
	{training.ErrStopped, http.StatusServiceUnavailable},
	{sqldb.ErrUnavailable, http.StatusServiceUnavailable},
	{context.DeadlineExceeded, http.StatusServiceUnavailable},
}

// clientGone is what the log and the metrics show for a request whose client
// went away: nginx's number for it. Nobody reads the response.
const clientGone = 499

// problem turns an error into what the client is told: all of it where the
// request is at fault, and no address or name of ours where the service is.
func (s *Server) problem(ctx context.Context, err error) huma.StatusError {
	status := http.StatusInternalServerError
	for _, st := range statuses {
		if errors.Is(err, st.err) {
			status = st.status
			break
		}
	}
	switch {
	case status < http.StatusInternalServerError:
		return huma.NewError(status, err.Error())
	case ctx.Err() != nil && errors.Is(ctx.Err(), context.Canceled):
		return huma.NewError(clientGone, "the client went away")
	case status == http.StatusServiceUnavailable || sqldb.Transient(err):
		s.Log.ErrorContext(ctx, "service unavailable", "request", requestID(ctx), "error", err)
		return huma.NewError(http.StatusServiceUnavailable, "a part of the service does not answer at the moment; nothing was changed, try again")
	}
	s.Log.ErrorContext(ctx, "request failed", "request", requestID(ctx), "error", err)
	return huma.NewError(http.StatusInternalServerError, fault(ctx))
}

// inTime adds to a problem when it is of use to try again, where the error says.
func inTime(err error, p huma.StatusError) error {
	var locked *auth.Locked
	if !errors.As(err, &locked) {
		return p
	}
	seconds := strconv.Itoa(int(math.Ceil(locked.For.Seconds())))
	return huma.ErrorWithHeaders(p, http.Header{"Retry-After": {seconds}})
}

// fault is all that a client is told of a fault of ours.
func fault(ctx context.Context) string {
	return "something went wrong here; the log has it under request " + requestID(ctx)
}

// problem writes a problem outside the described routes.
func problem(c *gin.Context, status int, detail string) {
	c.Header("Content-Type", "application/problem+json")
	c.AbortWithStatusJSON(status, huma.ErrorModel{Status: status, Title: http.StatusText(status), Detail: detail})
}

// withoutValues keeps a problem from repeating what was sent: it can be long,
// and what clients send may be personal while what they log of a problem
// should not be.
func withoutValues(_ huma.Context, _ string, v any) (any, error) {
	if p, ok := v.(*huma.ErrorModel); ok {
		for _, e := range p.Errors {
			e.Value = nil
		}
	}
	return v, nil
}

// recovered turns a panic, which is a fault in the program, into a 500.
func (s *Server) recovered(c *gin.Context) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		ctx := c.Request.Context()
		var broken *net.OpError
		if err, ok := p.(error); ok && (errors.Is(err, http.ErrAbortHandler) || errors.As(err, &broken)) {
			panic(http.ErrAbortHandler) // the client is gone, which is no fault
		}
		s.Log.ErrorContext(ctx, "panic", "request", requestID(ctx), "route", c.FullPath(), "panic", p,
			"stack", string(debug.Stack()))
		if !c.Writer.Written() {
			problem(c, http.StatusInternalServerError, fault(ctx))
		}
	}()
	c.Next()
}
