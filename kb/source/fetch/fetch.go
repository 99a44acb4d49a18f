// Package fetch is the one HTTP client for everything that is read from outside
// to fill a knowledge base: pages of a website, feeds, a helpdesk's API.
//
// It asks named hosts only, and looks at the address that is dialled, so that
// neither a redirect nor a change of the DNS leads it into the network it runs
// in. Answers are bounded while they are read, after they are unpacked. What
// fails for the moment is tried again. Secrets are sent to the host they belong
// to and appear in no error.
//
// It keeps nothing on disk and follows no links: that is the caller's.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

var (
	// ErrRefused is returned for what is never asked for: a host that is not
	// named, an address within the network, a scheme that is not of the web.
	ErrRefused = errors.New("refused")

	// ErrTooLarge is returned for an answer beyond Options.MaxBody.
	ErrTooLarge = errors.New("too large")

	// ErrSpent is returned when the answers of all requests together are beyond
	// Options.MaxTotal. It is an ErrTooLarge too.
	ErrSpent = fmt.Errorf("%w: the run has read all it may", ErrTooLarge)
)

// Options say whom a Client asks, and how much it may read. Hosts are required;
// what is 0 otherwise has the value that its comment names.
type Options struct {
	// Hosts are the only ones that are asked: "help.example.com", or
	// "*.example.com" for example.com and all below it. A host without a port
	// means the usual port of the scheme; "localhost:8080" means that port.
	Hosts []string

	// AllowPrivate admits addresses of the own network: loopback, private and
	// link-local ones. Those of cloud metadata are refused all the same.
	AllowPrivate bool

	// Credentials are sent to their hosts, and to no others.
	Credentials []Credential

	UserAgent string        // empty: Whetstone
	MaxBody   int64         // bytes of one answer, unpacked; 0: 5 MiB
	MaxTotal  int64         // bytes of all answers, unpacked; 0: 1 GiB
	Timeout   time.Duration // of one try with its redirects; 0: 30 s
	Tries     int           // of a request that fails for the moment; 0: 4
	Backoff   time.Duration // before the second try, then growing; 0: 500 ms
	MaxWait   time.Duration // the longest wait before another try; 0: 1 minute
	Rate      float64       // requests a second; 0: 5, below 0: no bound

	// Proxy names the proxy for a request; nil: none, whatever the environment
	// says. http.ProxyFromEnvironment asks the environment. Behind a proxy it is
	// the proxy that looks up hosts, and must keep them out of its network.
	Proxy func(*http.Request) (*url.URL, error)

	// For tests: how a host is looked up, the clock, and how time is passed.
	// Nil: as the system does.
	Resolve func(ctx context.Context, host string) ([]netip.Addr, error)
	Now     func() time.Time
	Wait    func(ctx context.Context, d time.Duration) error
}

// A Client fetches. It may be used by several goroutines at once.
type Client struct {
	o         Options
	hosts     []host
	http      *http.Client
	limiter   *rate.Limiter
	read      atomic.Int64 // bytes of all answers
	requests  atomic.Int64
	proxies   proxies
	forbidden func(addr netip.Addr, private bool) string // why it is refused; empty: it is not
}

// New returns a Client. A host that is no host is never asked.
func New(o Options) *Client {
	o.UserAgent = cmpOr(o.UserAgent, "Whetstone")
	o.MaxBody = cmpOr(o.MaxBody, 5<<20)
	o.MaxTotal = cmpOr(o.MaxTotal, 1<<30)
	o.Timeout = cmpOr(o.Timeout, 30*time.Second)
	o.Tries = max(1, cmpOr(o.Tries, 4))
	o.Backoff = cmpOr(o.Backoff, 500*time.Millisecond)
	o.MaxWait = cmpOr(o.MaxWait, time.Minute)
	o.Rate = cmpOr(o.Rate, 5)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Wait == nil {
		o.Wait = wait
	}
	o.Credentials = slices.Clone(o.Credentials)
	c := &Client{o: o, forbidden: forbidden, limiter: rate.NewLimiter(rate.Limit(o.Rate), 1)}
	if o.Rate < 0 {
		c.limiter.SetLimit(rate.Inf)
	}
	for _, name := range o.Hosts {
		c.hosts = append(c.hosts, parseHost(name))
	}
	c.http = &http.Client{
		Transport: c.transport(),
		// Redirects are followed one by one, see follow.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c
}

// cmpOr is value, or usual where value is zero.
func cmpOr[T comparable](value, usual T) T {
	var zero T
	if value == zero {
		return usual
	}
	return value
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// Conditions go with a request. The zero Conditions are none.
type Conditions struct {
	// Header has further fields. A redirect to another host does not get them,
	// but for those whose names begin with Accept.
	Header http.Header

	// The version that is known, as an earlier answer named it in its fields
	// ETag and Last-Modified. Where that is still the current one the answer is
	// NotModified.
	ETag, LastModified string

	MaxBody int64 // bytes of this answer; 0: as Options say
}

// A Response is an answer with a status of 200 to 299, or one NotModified.
type Response struct {
	Status      int
	Header      http.Header
	Body        []byte // unpacked; empty where NotModified
	URL         string // what was answered in the end, after redirects
	NotModified bool
}

// A StatusError is an answer that is none, after all tries: 404, 403, 500.
type StatusError struct {
	Status     int
	URL        string        // without secrets
	RetryAfter time.Duration // how long the server asks to wait; 0: it does not say
}

// Error names the address and the status.
func (e *StatusError) Error() string {
	text := strings.ToLower(http.StatusText(e.Status))
	if e.RetryAfter > 0 {
		return fmt.Sprintf("%s answers %d %s and asks to wait %v", e.URL, e.Status, text, e.RetryAfter)
	}
	return strings.TrimSpace(fmt.Sprintf("%s answers %d %s", e.URL, e.Status, text))
}

// Get reads address, an absolute one of http or https.
//
// Errors are a *[StatusError] for an answer with another status, [ErrRefused]
// and [ErrTooLarge] (and [ErrSpent]), which no second try helps, what ctx ended
// with, and those of the network, after all tries.
func (c *Client) Get(ctx context.Context, address string, with Conditions) (*Response, error) {
	return c.do(ctx, request{method: http.MethodGet, address: address, Conditions: with})
}

// Post reads address by POST, for APIs that ask so for what only reads: it is
// tried again like Get, and a redirect of it is refused.
func (c *Client) Post(ctx context.Context, address string, body []byte, with Conditions) (*Response, error) {
	return c.do(ctx, request{method: http.MethodPost, address: address, body: body, Conditions: with})
}

// Space makes requests at least d apart from now on, if they are not already.
func (c *Client) Space(d time.Duration) {
	if limit := rate.Every(d); d > 0 && limit < c.limiter.Limit() {
		c.limiter.SetLimitAt(c.o.Now(), limit)
	}
}

// Usage returns how many requests were sent and how many bytes were read.
func (c *Client) Usage() (requests, bytes int64) {
	return c.requests.Load(), c.read.Load()
}

// Allowed reports, as an [ErrRefused], why address would not be asked. What its
// host's name stands for is looked at when it is dialled.
func (c *Client) Allowed(address string) error {
	_, err := c.check(address)
	return err
}

// A request is one call of Get or Post.
type request struct {
	method, address string
	body            []byte
	Conditions
}
