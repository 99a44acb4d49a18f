package fetch

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// maxRedirects is how many redirects one request may take.
const maxRedirects = 5

// do sends a request, again while it fails for the moment.
func (c *Client) do(ctx context.Context, r request) (*Response, error) {
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = c.o.Backoff, c.o.MaxWait
	for try := 1; ; try++ {
		resp, err := c.try(ctx, &r)
		if err == nil {
			return resp, nil
		}
		again := try < c.o.Tries && ctx.Err() == nil && passing(err)
		d := min(pause.NextBackOff(), c.o.MaxWait)
		var status *StatusError
		if errors.As(err, &status) && status.RetryAfter > 0 {
			// Who asks for more patience than there is gets none: a caller that
			// comes again later does better.
			again = again && status.RetryAfter <= c.o.MaxWait
			d = status.RetryAfter
		}
		if !again {
			return nil, fmt.Errorf("fetch: %w", err)
		}
		if err := c.o.Wait(ctx, d); err != nil {
			return nil, fmt.Errorf("fetch: waiting for %s: %w", c.Redact(r.address), err)
		}
	}
}

// passing reports whether a second try may help.
func passing(err error) bool {
	var status *StatusError
	if errors.As(err, &status) {
		switch status.Status {
		case http.StatusTooManyRequests, http.StatusRequestTimeout:
			return true
		case http.StatusNotImplemented, http.StatusHTTPVersionNotSupported:
			return false
		}
		return status.Status >= 500
	}
	var certificate *tls.CertificateVerificationError
	return !errors.Is(err, ErrRefused) && !errors.Is(err, ErrTooLarge) && !errors.As(err, &certificate)
}

// try sends a request once and follows where it leads.
func (c *Client) try(ctx context.Context, r *request) (*Response, error) {
	address, first := r.address, ""
	for range maxRedirects + 1 {
		u, err := c.check(address)
		if err != nil {
			return nil, err
		}
		first = cmpOr(first, u.Scheme+"://"+u.Host)
		resp, next, err := c.hop(ctx, r, u, first)
		switch {
		case err != nil:
			return nil, err
		case next == "":
			return resp, nil
		case r.method != http.MethodGet:
			return nil, fmt.Errorf("%w: %s redirects a %s to %s", ErrRefused, c.Redact(address), r.method, c.Redact(next))
		}
		address = next
	}
	return nil, fmt.Errorf("%w: %s redirects more than %d times", ErrRefused, c.Redact(r.address), maxRedirects)
}

// hop asks u, and returns its answer or where it redirects to. First is the
// origin that the caller asked.
func (c *Client) hop(ctx context.Context, r *request, u *url.URL, first string) (*Response, string, error) {
	address := u.String()
	if c.read.Load() >= c.o.MaxTotal {
		return nil, "", c.spent()
	}
	if err := c.turn(ctx); err != nil {
		return nil, "", err
	}
	ctx, cancel := context.WithTimeout(ctx, c.o.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, r.method, address, bytes.NewReader(r.body))
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", c.Redact(address), c.clean(err))
	}
	c.fill(req, r, u.Scheme+"://"+u.Host == first)
	c.authorize(req, strings.HasPrefix(first, "http://"))
	c.requests.Add(1)
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", c.Redact(address), c.clean(err))
	}
	defer resp.Body.Close() //nolint:errcheck // it was only read
	return c.answer(resp, address, cmpOr(r.MaxBody, c.o.MaxBody))
}

// fill sets the header of a request. Home says that it goes where the caller
// meant it to go, and not where a redirect led.
func (c *Client) fill(req *http.Request, r *request, home bool) {
	for name, values := range r.Header {
		if home || strings.HasPrefix(http.CanonicalHeaderKey(name), "Accept") {
			req.Header[http.CanonicalHeaderKey(name)] = values
		}
	}
	// Unpacking is left to net/http, which leaves it to whoever asks for more.
	req.Header.Del("Accept-Encoding")
	req.Header.Set("User-Agent", c.o.UserAgent)
	if r.ETag != "" {
		req.Header.Set("If-None-Match", r.ETag)
	}
	if r.LastModified != "" {
		req.Header.Set("If-Modified-Since", r.LastModified)
	}
}

// answer reads what address answered, at most most bytes, or returns where it
// redirects to.
func (c *Client) answer(resp *http.Response, address string, most int64) (*Response, string, error) {
	asked := resp.Request.Header
	switch code := resp.StatusCode; {
	case code == http.StatusNotModified && (asked.Get("If-None-Match") != "" || asked.Get("If-Modified-Since") != ""):
		return &Response{Status: code, Header: resp.Header, URL: address, NotModified: true}, "", nil
	case code >= 300 && code < 400 && resp.Header.Get("Location") != "":
		to, err := resp.Location()
		if err != nil {
			return nil, "", fmt.Errorf("%w: %s redirects to what is no address", ErrRefused, c.Redact(address))
		}
		return nil, to.String(), nil
	case code < 200 || code >= 300:
		return nil, "", &StatusError{Status: code, URL: c.Redact(address), RetryAfter: retryAfter(resp.Header, c.o.Now())}
	}
	body, err := c.readAll(resp, most)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", c.Redact(address), c.clean(err))
	}
	return &Response{Status: resp.StatusCode, Header: resp.Header, Body: body, URL: address}, "", nil
}

// turn waits until the rate allows another request.
func (c *Client) turn(ctx context.Context) error {
	now := c.o.Now()
	if d := c.limiter.ReserveN(now, 1).DelayFrom(now); d > 0 {
		return c.o.Wait(ctx, d)
	}
	return ctx.Err()
}

// readAll reads an answer, unpacked, up to most bytes.
func (c *Client) readAll(resp *http.Response, most int64) ([]byte, error) {
	tooLarge := fmt.Errorf("%w: the answer has more than %d bytes: raise the source's bound for one page if it is meant", ErrTooLarge, most)
	if resp.ContentLength > most {
		return nil, tooLarge
	}
	left := c.o.MaxTotal - c.read.Load()
	body, err := io.ReadAll(io.LimitReader(resp.Body, min(most, left)+1))
	c.read.Add(int64(len(body)))
	switch {
	case err != nil:
		return nil, err
	case int64(len(body)) > most:
		return nil, tooLarge
	case int64(len(body)) > left:
		return nil, c.spent()
	}
	return body, nil
}

func (c *Client) spent() error {
	return fmt.Errorf("%w, %d bytes: raise the source's bound for a run if it is meant", ErrSpent, c.o.MaxTotal)
}

// retryAfter reads how long a server asks to wait, in seconds or as a date; at
// most a day.
func retryAfter(h http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(h.Get("Retry-After"))
	seconds, err := strconv.ParseFloat(text, 64)
	if at, no := http.ParseTime(text); no == nil {
		seconds, err = at.Sub(now).Seconds(), nil
	}
	if err != nil || math.IsNaN(seconds) || seconds <= 0 {
		return 0
	}
	return time.Duration(min(seconds, 86400) * float64(time.Second))
}
