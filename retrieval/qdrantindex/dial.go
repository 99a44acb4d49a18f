package qdrantindex

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
)

// usualPort is Qdrant's gRPC port unless it is set otherwise.
const usualPort = 6334

// maxResponse is the largest answer taken, in bytes. A search brings some
// hundred passages with their texts, which the usual 4 MB need not hold.
const maxResponse = 64 << 20

// dial prepares connections to the server. It does not wait for them.
func dial(o *Options, l limits) (*qdrant.Client, error) {
	host, port, tls, err := address(o.URL)
	if err != nil {
		return nil, err
	}
	headers := make(map[string]string)
	if o.APIKey != "" {
		// Config.APIKey does the same, with a warning from each connection.
		headers["api-key"] = o.APIKey
		if !tls {
			o.Log.Warn("the key of Qdrant crosses the network in the clear", "host", host)
		}
	}
	return qdrant.NewClient(&qdrant.Config{
		Host: host, Port: port, UseTLS: tls, Headers: headers,
		SkipCompatibilityCheck: true, // prepare does it, with an error instead of a line in the log
		RetryConfig:            &qdrant.RetryConfig{MaxRetries: l.retries, BaseBackoff: l.backoff, MaxBackoff: time.Second},
		GrpcOptions: []grpc.DialOption{
			grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxResponse)),
			// The usual wait grows to two minutes, for which a server would
			// still count as away that has long been back.
			grpc.WithConnectParams(grpc.ConnectParams{
				Backoff:           backoff.Config{BaseDelay: l.backoff, Multiplier: 1.6, Jitter: 0.2, MaxDelay: 2 * time.Second},
				MinConnectTimeout: 5 * time.Second,
			}),
		},
	})
}

// address takes apart a URL, or what people write for one: host:port, or a host
// alone.
func address(s string) (host string, port int, tls bool, err error) {
	bad := func(why string) (string, int, bool, error) {
		return "", 0, false, fmt.Errorf("address %q: %s: set WHETSTONE_QDRANT_URL to something like http://localhost:%d", s, why, usualPort)
	}
	if !strings.Contains(s, "://") {
		s = "http://" + s
	}
	u, err := url.Parse(s)
	var parsing *url.Error
	switch {
	case errors.As(err, &parsing):
		return bad(parsing.Err.Error())
	case err != nil:
		return bad(err.Error())
	case u.Scheme != "http" && u.Scheme != "https":
		return bad("the scheme is neither http nor https")
	case u.Hostname() == "":
		return bad("no host")
	case strings.Trim(u.Path, "/") != "":
		return bad("gRPC has no paths")
	}
	port = usualPort
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil || port < 1 || port > 65535 {
			return bad("no such port")
		}
	}
	host = u.Hostname()
	if strings.Contains(host, ":") {
		host = "[" + host + "]" // an IPv6 address
	}
	return host, port, u.Scheme == "https", nil
}
