package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/net/idna"
)

// A host is one entry of Options.Hosts.
type host struct {
	name string // in small letters of ASCII, without a dot behind; empty: none
	port string // empty: the scheme's usual one
	sub  bool   // what is below it too
}

// parseHost reads an entry; one that is no host matches nothing.
func parseHost(entry string) host {
	entry = strings.TrimSpace(entry)
	name, sub := strings.CutPrefix(entry, "*.")
	var h host
	if bare, port, err := net.SplitHostPort(name); err == nil {
		name, h.port = bare, port
	}
	h.name, h.sub = canonicalHost(strings.Trim(name, "[]")), sub
	return h
}

// canonicalHost brings the spellings of a host to one; empty where it is none.
func canonicalHost(name string) string {
	name = strings.TrimSuffix(name, ".")
	if addr, err := netip.ParseAddr(name); err == nil {
		return addr.Unmap().String()
	}
	ascii, err := idna.Lookup.ToASCII(name)
	if err != nil {
		// Names of the own network may hold what names of the Internet may not.
		if ascii = strings.ToLower(name); strings.ContainsAny(ascii, "/@?#:\\ \t\r\n%") {
			return ""
		}
	}
	return ascii
}

// matches reports whether u is of this host.
func (h host) matches(u *url.URL) bool {
	usual := map[string]string{"http": "80", "https": "443"}[u.Scheme]
	if cmpOr(u.Port(), usual) != cmpOr(h.port, usual) || h.name == "" {
		return false
	}
	name := canonicalHost(u.Hostname())
	return name == h.name || h.sub && strings.HasSuffix(name, "."+h.name)
}

// check returns address as a URL if it may be asked.
func (c *Client) check(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("%w: not an address", ErrRefused)
	}
	shown := c.Redact(address)
	switch {
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return nil, fmt.Errorf("%w: %.200q is no address of http or https", ErrRefused, shown)
	case u.User != nil:
		return nil, fmt.Errorf("%w: %s has a name before the host: put it and the password into the source's credentials", ErrRefused, shown)
	case !slices.ContainsFunc(c.hosts, func(h host) bool { return h.matches(u) }):
		return nil, fmt.Errorf("%w: %s is not among the hosts that this source names: add %s to them if it belongs to it", ErrRefused, shown, u.Host)
	}
	if addr, err := netip.ParseAddr(u.Hostname()); err == nil {
		if err := c.admit(addr); err != nil {
			return nil, err
		}
	}
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}

// admit reports why an address of the network is not to be dialled.
func (c *Client) admit(addr netip.Addr) error {
	addr = addr.WithZone("").Unmap()
	if why := c.forbidden(addr, c.o.AllowPrivate); why != "" {
		return fmt.Errorf("%w: %s is %s", ErrRefused, addr, why)
	}
	return nil
}

// plainName is a host's name in ASCII as every program reads it.
var plainName = regexp.MustCompile(`^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$`)

// Addresses looks a host up for a program that connects by itself, and returns
// the addresses it has if a Client would dial every one of them; else the error
// is an [ErrRefused]. The program must be kept to these, since the next look may
// find others. A host is a name in ASCII, or an address in the usual form:
// numbers that some programs read as addresses are refused.
func Addresses(ctx context.Context, host string, allowPrivate bool) ([]netip.Addr, error) {
	return addresses(ctx, host, allowPrivate, func(ctx context.Context, name string) ([]netip.Addr, error) {
		return net.DefaultResolver.LookupNetIP(ctx, "ip", name)
	})
}

func addresses(ctx context.Context, host string, allowPrivate bool, look func(context.Context, string) ([]netip.Addr, error)) ([]netip.Addr, error) {
	var found []netip.Addr
	if addr, err := netip.ParseAddr(host); err == nil {
		found = []netip.Addr{addr}
	} else {
		name := canonicalHost(host)
		last := name[strings.LastIndexByte(name, '.')+1:]
		if !plainName.MatchString(name) || last[0] >= '0' && last[0] <= '9' {
			return nil, fmt.Errorf("%w: %.100q is no host's name", ErrRefused, host)
		}
		if found, err = look(ctx, name); err != nil || len(found) == 0 {
			return nil, fmt.Errorf("%w: no address is known of %s", ErrRefused, name)
		}
	}
	c := Client{o: Options{AllowPrivate: allowPrivate}, forbidden: forbidden}
	for i := range found {
		found[i] = found[i].WithZone("").Unmap()
		if err := c.admit(found[i]); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// ValidHost reports whether an entry is one that Options.Hosts can have: a name
// or an address, perhaps with *. before it and a port behind it.
func ValidHost(entry string) bool {
	h := parseHost(entry)
	if _, err := strconv.ParseUint(h.port, 10, 16); h.port != "" && err != nil {
		return false
	}
	if _, err := netip.ParseAddr(h.name); err == nil {
		return !h.sub
	}
	return plainName.MatchString(h.name)
}

// Covers reports whether an entry of Options.Hosts names the host and the port
// of u.
func Covers(entry string, u *url.URL) bool { return parseHost(entry).matches(u) }

// metadata are addresses that tell a machine in a cloud its keys: AWS, Google,
// Azure and others; AWS by IPv6; containers of AWS; Azure's host; Alibaba.
const metadata = " 169.254.169.254 fd00:ec2::254 169.254.170.2 fd00:ec2::23 168.63.129.16 100.100.100.200 "

// private are networks that a machine may share with its neighbours.
const private = "10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16 ::1/128 fc00::/7 fe80::/10"

// special are networks that hold no site (RFC 6890 and its registries), and
// those of IPv6 that carry an address of IPv4 inside: NAT64, 6to4, Teredo.
const special = "0.0.0.0/8 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 " +
	"2001::/23 2001:db8::/32 2002::/16 3fff::/20"

// forbidden says why addr is not dialled; empty where it is. Private admits the
// own network.
func forbidden(addr netip.Addr, allowPrivate bool) string {
	switch {
	case strings.Contains(metadata, " "+addr.String()+" "):
		return "an address of a cloud's metadata, which no source has"
	case within(addr, private):
		if allowPrivate {
			return ""
		}
		return "an address of the own network: allow private addresses for this source if it is meant"
	case within(addr, special), addr.Is6() && !within(addr, "2000::/3"):
		return "an address that no site has"
	}
	return ""
}

// within reports whether one of networks holds addr.
func within(addr netip.Addr, networks string) bool {
	for network := range strings.FieldsSeq(networks) {
		if netip.MustParsePrefix(network).Contains(addr) {
			return true
		}
	}
	return false
}

// transport dials what admit admits, whatever name led there: control sees the
// very address of the connection.
func (c *Client) transport() *http.Transport {
	control := func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("%w: %q is no address", ErrRefused, address)
		}
		return c.admit(at.Addr())
	}
	guarded := &net.Dialer{Timeout: 10 * time.Second, Control: control}
	open := &net.Dialer{Timeout: 10 * time.Second}
	t := &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if c.proxies.has(address) {
				return open.DialContext(ctx, network, address)
			}
			return c.dial(ctx, guarded, network, address)
		},
		TLSHandshakeTimeout:    10 * time.Second,
		MaxResponseHeaderBytes: 256 << 10,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        30 * time.Second,
		ForceAttemptHTTP2:      true,
	}
	if c.o.Proxy != nil {
		t.Proxy = func(r *http.Request) (*url.URL, error) {
			u, err := c.o.Proxy(r)
			if err == nil && u != nil {
				c.proxies.add(u)
			}
			return u, err
		}
	}
	return t
}

// dial connects to the first address of a host that answers.
func (c *Client) dial(ctx context.Context, d *net.Dialer, network, address string) (net.Conn, error) {
	name, port, err := net.SplitHostPort(address)
	if err != nil || c.o.Resolve == nil {
		return d.DialContext(ctx, network, address)
	}
	addrs, err := c.o.Resolve(ctx, name)
	if err != nil {
		return nil, err
	}
	err = errors.New("the host has no address")
	for _, addr := range addrs {
		var conn net.Conn
		conn, err = d.DialContext(ctx, network, net.JoinHostPort(addr.String(), port))
		if err == nil {
			return conn, nil
		}
	}
	return nil, err
}

// proxies are the addresses, as they are dialled, of proxies in use. They are
// named by whoever runs the program, and mostly stand in the own network.
type proxies struct{ seen sync.Map }

func (p *proxies) add(u *url.URL) {
	usual := map[string]string{"http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"}[u.Scheme]
	p.seen.Store(net.JoinHostPort(u.Hostname(), cmpOr(u.Port(), usual)), true)
}

func (p *proxies) has(address string) bool {
	_, ok := p.seen.Load(address)
	return ok
}
