package notify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/whetstone-desk/whetstone/kb/notice"
)

// The header fields of a webhook; see the package's comment.
const (
	HeaderEvent     = "Whetstone-Event"
	HeaderDelivery  = "Whetstone-Delivery"
	HeaderTimestamp = "Whetstone-Timestamp"
	HeaderSignature = "Whetstone-Signature"
)

// Sign returns the signature of a webhook's body that is sent at a time, in
// Unix seconds: "v1=" and the hexadecimal HMAC-SHA256 (RFC 2104) of the
// timestamp in decimal digits, a dot and the body.
func Sign(secret string, timestamp int64, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(strconv.AppendInt(nil, timestamp, 10))
	mac.Write([]byte("."))
	mac.Write(body)
	return "v1=" + hex.EncodeToString(mac.Sum(nil))
}

// A message is what is posted.
type message struct {
	ID        string          `json:"id"` // the notice's
	Kind      notice.Kind     `json:"kind"`
	Workspace string          `json:"workspace"`
	Subject   string          `json:"subject"`
	At        time.Time       `json:"at"`
	Data      json.RawMessage `json:"data"`
}

// post makes one attempt at a webhook.
func (d *Deliverer) post(ctx context.Context, p *notice.Parcel) notice.Outcome {
	n := &p.Notice
	body, err := json.Marshal(message{n.ID, n.Kind, n.WorkspaceID, n.Subject, n.At, n.Data})
	if err != nil {
		return notice.Outcome{Final: true, Error: "the notice cannot be written as JSON"}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.Hook.URL, bytes.NewReader(body))
	if err != nil {
		return notice.Outcome{Final: true, Error: "the hook's url is no web address"}
	}
	now := d.now().Unix()
	for name, value := range map[string]string{
		"Content-Type": "application/json", "User-Agent": "Whetstone",
		HeaderEvent: string(n.Kind), HeaderDelivery: p.Delivery.ID,
		HeaderTimestamp: strconv.FormatInt(now, 10), HeaderSignature: Sign(p.Hook.Secret, now, body),
	} {
		r.Header.Set(name, value)
	}
	got, err := d.client().Do(r)
	if err != nil {
		return notice.Outcome{Final: errors.Is(err, errForbidden), Error: reason(err)}
	}
	// A short answer is read so that the connection can be used again; what it
	// says is not kept, or a hook would be a way to read what the server can reach.
	_, _ = io.CopyN(io.Discard, got.Body, 4<<10)
	_ = got.Body.Close()
	o := notice.Outcome{Code: got.StatusCode, OK: got.StatusCode/100 == 2}
	switch {
	case got.StatusCode == http.StatusGone:
		o.Gone, o.Error = true, "the receiver wants no more (410), and the hook is switched off"
	case got.StatusCode/100 == 3:
		o.Error = fmt.Sprintf("answered %d: redirects are not followed: set the hook's url to the new address", got.StatusCode)
	case !o.OK:
		o.Error = strings.TrimSpace(fmt.Sprintf("answered %d %s", got.StatusCode, http.StatusText(got.StatusCode)))
	}
	return o
}

// reason says why a request failed, without its address, which may hold a
// secret.
func reason(err error) string {
	var of *url.Error
	if errors.As(err, &of) {
		if of.Timeout() {
			return fmt.Sprintf("no answer within %v", patience)
		}
		err = of.Err
	}
	return err.Error()
}

// client returns the client that webhooks are posted with. It asks no proxy:
// that would dial where this may not.
func (d *Deliverer) client() *http.Client {
	d.once.Do(func() {
		dialer := &net.Dialer{Timeout: patience, Control: d.control}
		d.http = &http.Client{
			Transport: &http.Transport{
				DialContext: dialer.DialContext, TLSHandshakeTimeout: patience, ForceAttemptHTTP2: true,
				MaxIdleConns: 4 * atOnce, IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: 64 << 10,
			},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	})
	return d.http
}

// errForbidden is returned for an address that webhooks are not sent to.
var errForbidden = errors.New("webhooks are not sent there")

// control looks at an address after its name was resolved, right before it is
// dialled, so that no change of the DNS leads past it.
func (d *Deliverer) control(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %s", errForbidden, address)
	}
	switch within(at.Addr()) {
	case never:
		return fmt.Errorf("%w: the name leads to %s, where machines keep their own affairs", errForbidden, at.Addr())
	case inside:
		if !d.AllowPrivate {
			return fmt.Errorf("%w: the name leads to the private address %s: set WHETSTONE_FETCH_PRIVATE to true to allow that", errForbidden, at.Addr())
		}
	case outside:
	}
	return nil
}

// A zone is how far away an address is.
type zone int

const (
	outside zone = iota
	inside       // this machine and private networks
	never        // link-local, metadata services, and what is no one machine's
)

// within returns the zone of an address. IPv6 addresses that stand for an IPv4
// one (mapped: RFC 4291; NAT64: RFC 6052; 6to4: RFC 3056) are in that one's.
func within(a netip.Addr) zone {
	a = a.WithZone("").Unmap()
	if b := a.As16(); a.Is6() {
		switch {
		case netip.MustParsePrefix("64:ff9b::/96").Contains(a):
			return within(netip.AddrFrom4([4]byte(b[12:])))
		case netip.MustParsePrefix("2002::/16").Contains(a):
			return within(netip.AddrFrom4([4]byte(b[2:6])))
		}
	}
	switch a.String() {
	case "fd00:ec2::254", "fd00:ec2::23", "100.100.100.200", "168.63.129.16", "192.0.0.192":
		return never // the metadata services of AWS, Alibaba, Azure and Oracle that are not link-local
	}
	if a.IsLinkLocalUnicast() || a.IsMulticast() || a.IsUnspecified() || a == netip.AddrFrom4([4]byte{255, 255, 255, 255}) {
		return never
	}
	shared := netip.MustParsePrefix("100.64.0.0/10") // of a provider: RFC 6598
	this := netip.MustParsePrefix("0.0.0.0/8")       // RFC 1122; Linux takes 0.0.0.0 for itself
	if a.IsLoopback() || a.IsPrivate() || shared.Contains(a) || this.Contains(a) {
		return inside
	}
	return outside
}
