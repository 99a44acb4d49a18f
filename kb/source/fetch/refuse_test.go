package fetch

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// serve starts a server of handler, and returns its address and host.
func serve(t *testing.T, handler http.HandlerFunc) (address, host string) {
	t.Helper()
	srv := httptest.NewServer(handler)
	t.Cleanup(srv.Close)
	return srv.URL, strings.TrimPrefix(srv.URL, "http://")
}

// quick are options for a server of the test, which tries without waiting.
func quick(hosts ...string) Options {
	return Options{
		Hosts: hosts, AllowPrivate: true, Rate: -1,
		Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}
}

func TestAddressesOfTheOwnNetworkAreRefused(t *testing.T) {
	for _, tt := range []struct {
		addr         string
		never, plain bool // even where private ones are allowed; without that
	}{
		{addr: "127.0.0.1"}, {addr: "10.1.2.3"}, {addr: "172.31.0.1"}, {addr: "192.168.1.1"},
		{addr: "100.64.0.1"}, {addr: "169.254.1.1"}, {addr: "::1"}, {addr: "fd12::1"}, {addr: "fe80::1%eth0"},
		{addr: "::ffff:127.0.0.1"}, {addr: "::ffff:10.0.0.1"},
		{addr: "169.254.169.254", never: true}, {addr: "::ffff:169.254.169.254", never: true},
		{addr: "fd00:ec2::254", never: true}, {addr: "0.0.0.0", never: true}, {addr: "::", never: true},
		{addr: "224.0.0.1", never: true}, {addr: "ff02::1", never: true}, {addr: "255.255.255.255", never: true},
		{addr: "64:ff9b::7f00:1", never: true}, {addr: "64:ff9b:1::1", never: true}, {addr: "2002:7f00:1::", never: true},
		{addr: "::127.0.0.1", never: true}, {addr: "2001:0:1::1", never: true}, {addr: "192.0.2.1", never: true},
		{addr: "93.184.216.34", plain: true}, {addr: "2606:4700::1111", plain: true}, {addr: "::ffff:8.8.8.8", plain: true},
	} {
		for _, private := range []bool{false, true} {
			err := New(Options{AllowPrivate: private}).admit(netip.MustParseAddr(tt.addr))
			if got, want := err == nil, tt.plain || private && !tt.never; got != want {
				t.Errorf("%s, private %v: admitted %v, want %v (%v)", tt.addr, private, got, want, err)
			}
			if err != nil && !errors.Is(err, ErrRefused) {
				t.Errorf("%s: %v is not ErrRefused", tt.addr, err)
			}
		}
	}
}

// A program that connects by itself gets the addresses of a host only if all of
// them may be dialled, and never a number that it may read as another address.
func TestAHostIsLookedUpForAnotherProgram(t *testing.T) {
	hosts := map[string][]netip.Addr{
		"help.example":   {netip.MustParseAddr("93.184.216.34"), netip.MustParseAddr("::ffff:8.8.8.8")},
		"mixed.example":  {netip.MustParseAddr("93.184.216.34"), netip.MustParseAddr("10.0.0.1")},
		"own.example":    {netip.MustParseAddr("127.0.0.1")},
		"cloud.example":  {netip.MustParseAddr("169.254.169.254")},
		"127.1":          {netip.MustParseAddr("93.184.216.34")},
		"0x7f000001":     {netip.MustParseAddr("93.184.216.34")},
		"2130706433":     {netip.MustParseAddr("93.184.216.34")},
		"help.127.0.0.1": {netip.MustParseAddr("93.184.216.34")},
	}
	look := func(_ context.Context, name string) ([]netip.Addr, error) { return hosts[name], nil }
	for _, tt := range []struct {
		host         string
		open, closed bool // with private addresses, without
	}{
		{"help.example", true, true}, {"HELP.Example.", true, true}, {"93.184.216.34", true, true},
		{"mixed.example", true, false}, {"own.example", true, false}, {"127.0.0.1", true, false}, {"::1", true, false},
		{"cloud.example", false, false}, {"169.254.169.254", false, false}, {"none.example", false, false},
		{"127.1", false, false}, {"0x7f000001", false, false}, {"2130706433", false, false}, {"help.127.0.0.1", false, false},
		{"", false, false}, {"a b.example", false, false}, {"a@b.example", false, false}, {"-o.example", false, false},
	} {
		for _, private := range []bool{false, true} {
			found, err := addresses(t.Context(), tt.host, private, look)
			if want := !private && tt.closed || private && tt.open; (err == nil) != want || (len(found) > 0) != want || err != nil && !errors.Is(err, ErrRefused) {
				t.Errorf("%q, private %v: %v, %v", tt.host, private, found, err)
			}
		}
	}
	if found, err := Addresses(t.Context(), "127.0.0.1", true); err != nil || len(found) != 1 {
		t.Errorf("by the system: %v, %v", found, err)
	}
}

func TestAnEntryOfHostsIsAHost(t *testing.T) {
	for entry, want := range map[string]bool{
		"help.example": true, "*.help.example": true, "localhost:8080": true, "127.0.0.1": true, "[::1]:8080": true, "пример.рф": true,
		"": false, "*": false, "*.": false, "*.127.0.0.1": false, "https://help.example": false, "help.example/x": false, "a b": false,
		"help.example:x": false, "a@b": false, "a*.example": false, "help.*": false,
	} {
		if got := ValidHost(entry); got != want {
			t.Errorf("%q: %v", entry, got)
		}
	}
	u, err := url.Parse("https://a.help.example/x")
	if err != nil {
		t.Fatal(err)
	}
	if !Covers("*.help.example", u) || Covers("help.example", u) || Covers("a.help.example:8443", u) || Covers("evil.example", u) {
		t.Error("an entry covers what it does not name, or not what it names")
	}
}

func TestOnlyNamedHostsAreAsked(t *testing.T) {
	c := New(Options{Hosts: []string{"help.example.com", "*.example.org", "example.net:8080", "пример.рф", ""}})
	for address, want := range map[string]bool{
		"https://help.example.com/a":       true,
		"http://HELP.example.com./a":       true,
		"https://help.example.com:443/":    true,
		"https://help.example.com:8443/":   false,
		"https://www.help.example.com/":    false,
		"https://example.com/":             false,
		"https://help.example.com.evil.io": false,
		"https://example.org":              true,
		"https://a.b.example.org":          true,
		"https://badexample.org":           false,
		"http://example.net:8080/":         true,
		"http://example.net/":              false,
		"https://xn--e1afmkfd.xn--p1ai/":   true,
		"https://пример.рф/":               true,
		"https://help.example.com@evil.io": false,
		"https://u:p@help.example.com/":    false,
		"ftp://help.example.com/":          false,
		"file:///etc/passwd":               false,
		"//help.example.com/":              false,
		"https://":                         false,
		"https://127.0.0.1/":               false,
		"gopher://help.example.com:80":     false,
		"https://help.example.com:port/":   false,
	} {
		err := c.Allowed(address)
		if got := err == nil; got != want {
			t.Errorf("%s allowed: %v, want %v (%v)", address, got, want, err)
		}
		if err != nil && !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v is not ErrRefused", address, err)
		}
	}
}

func TestARedirectLeadsNowhereThatIsNotAllowed(t *testing.T) {
	var asked atomic.Int64
	_, inside := serve(t, func(http.ResponseWriter, *http.Request) { asked.Add(1) })
	for name, to := range map[string]string{
		"another host":         "http://evil.example/",
		"a server of its own":  "http://" + inside + "/",
		"its name":             "http://localhost:" + strings.Split(inside, ":")[1] + "/",
		"metadata":             "http://169.254.169.254/latest/meta-data/",
		"metadata as IPv6":     "http://[::ffff:169.254.169.254]/",
		"a file":               "file:///etc/passwd",
		"itself, without end":  "/again",
		"the host with a name": "//user:secret@{host}/",
	} {
		t.Run(name, func(t *testing.T) {
			var host string
			address, host := serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Location", strings.ReplaceAll(to, "{host}", r.Host))
				w.WriteHeader(http.StatusFound)
			})
			c := New(quick(host, "169.254.169.254"))
			_, err := c.Get(t.Context(), address, Conditions{})
			if !errors.Is(err, ErrRefused) {
				t.Errorf("got %v, want ErrRefused", err)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the error shows a password: %v", err)
			}
		})
	}
	if n := asked.Load(); n > 0 {
		t.Errorf("a host that is not named was asked %d times", n)
	}
}

func TestANameThatStandsForTheOwnNetworkIsRefused(t *testing.T) {
	address, host := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("it was asked") })
	_, port, _ := net.SplitHostPort(host)
	o := quick("help.example.com:"+port, host)
	o.AllowPrivate = false
	o.Resolve = func(context.Context, string) ([]netip.Addr, error) {
		return []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("::ffff:127.0.0.1")}, nil
	}
	for _, a := range []string{"http://help.example.com:" + port, address} {
		if _, err := New(o).Get(t.Context(), a, Conditions{}); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: got %v, want ErrRefused", a, err)
		}
	}
	// The name of the system's own making goes through the system's resolver.
	o.Resolve, o.Hosts = nil, []string{"localhost:" + port}
	if _, err := New(o).Get(t.Context(), "http://localhost:"+port, Conditions{}); !errors.Is(err, ErrRefused) {
		t.Errorf("localhost: got %v, want ErrRefused", err)
	}
}

// A name answers with an address of the Internet when it is looked at, and with
// one of the own network a moment later. 127.0.0.1 plays the Internet here.
func TestANameThatMovesIntoTheOwnNetworkIsRefused(t *testing.T) {
	public, _ := net.Listen("tcp", "127.0.0.1:0")
	_, port, _ := net.SplitHostPort(public.Addr().String())
	private, err := net.Listen("tcp", "127.0.0.2:"+port)
	if err != nil {
		t.Skip("no second loopback address here:", err)
	}
	var reached atomic.Int64
	for _, l := range []net.Listener{public, private} {
		srv := &httptest.Server{Listener: l, Config: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if l == private {
				reached.Add(1)
			}
			w.Header().Set("Connection", "close")
		})}}
		srv.Start()
		t.Cleanup(srv.Close)
	}
	o := quick("help.example.com:" + port)
	o.AllowPrivate = false
	var lookups atomic.Int64
	o.Resolve = func(context.Context, string) ([]netip.Addr, error) {
		if lookups.Add(1) == 1 {
			return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
		}
		return []netip.Addr{netip.MustParseAddr("127.0.0.2")}, nil
	}
	c := New(o)
	c.forbidden = func(addr netip.Addr, private bool) string {
		if addr == netip.MustParseAddr("127.0.0.1") {
			return ""
		}
		return forbidden(addr, private)
	}
	address := "http://help.example.com:" + port
	if _, err := c.Get(t.Context(), address, Conditions{}); err != nil {
		t.Fatalf("the first request: %v", err)
	}
	if _, err := c.Get(t.Context(), address, Conditions{}); !errors.Is(err, ErrRefused) {
		t.Errorf("the second request: %v, want ErrRefused", err)
	}
	if reached.Load() > 0 || lookups.Load() != 2 {
		t.Errorf("the private server was reached %d times in %d lookups", reached.Load(), lookups.Load())
	}
}

func TestAProxyIsUsedOnlyWhereOneIsGiven(t *testing.T) {
	var through atomic.Int64
	proxy, _ := serve(t, func(http.ResponseWriter, *http.Request) { through.Add(1) })
	t.Setenv("HTTP_PROXY", proxy)
	o := Options{Hosts: []string{"help.example.com"}, Rate: -1, Tries: 1}
	o.Resolve = func(context.Context, string) ([]netip.Addr, error) {
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	}
	if _, err := New(o).Get(t.Context(), "http://help.example.com", Conditions{}); !errors.Is(err, ErrRefused) || through.Load() != 0 {
		t.Errorf("without a proxy: %v, %d requests through it", err, through.Load())
	}
	o.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy) }
	if _, err := New(o).Get(t.Context(), "http://help.example.com", Conditions{}); err != nil || through.Load() != 1 {
		t.Errorf("with a proxy: %v, %d requests through it", err, through.Load())
	}
}
