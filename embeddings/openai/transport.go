package openai

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxBody is the most that is read of one answer, in bytes. The largest honest
// one, a batch of long vectors, is a tenth of it.
const maxBody = 64 << 20

var (
	errRedirect = errors.New("the server redirects")
	errTooLong  = errors.New("the answer is too long")
)

// A response is what the client library does not tell about one.
type response struct {
	status int           // 0: none came
	after  time.Duration // how long the server asks to wait; 0: it does not
}

// seenKey is the context's key of the *response to fill in.
type seenKey struct{}

// A transport notes what the client library hides and bounds what it reads.
type transport struct {
	next http.RoundTripper
	now  func() time.Time
	most int64 // bytes of one answer
}

func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if seen, ok := r.Context().Value(seenKey{}).(*response); ok {
		*seen = response{status: resp.StatusCode, after: retryAfter(resp.Header, t.now())}
	}
	resp.Body = &bounded{ReadCloser: resp.Body, left: t.most}
	return resp, nil
}

// retryAfter reads how long a server asks to wait: in seconds, as a date, or
// in milliseconds as some do.
func retryAfter(h http.Header, now time.Time) time.Duration {
	if ms, err := strconv.ParseFloat(strings.TrimSpace(h.Get("Retry-After-Ms")), 64); err == nil {
		return wholesome(ms * float64(time.Millisecond))
	}
	text := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.ParseFloat(text, 64); err == nil {
		return wholesome(seconds * float64(time.Second))
	}
	if at, err := http.ParseTime(text); err == nil {
		return wholesome(float64(at.Sub(now)))
	}
	return 0
}

// wholesome is d as a duration from 0 to an hour.
func wholesome(d float64) time.Duration {
	if !(d > 0) { // NaN too
		return 0
	}
	return time.Duration(min(d, float64(time.Hour)))
}

// bounded fails the read that goes beyond what is left.
type bounded struct {
	io.ReadCloser
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLong
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// ended reports whether err is of a context that ended.
func ended(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
