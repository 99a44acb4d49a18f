// Package notify sends what package kb/notice keeps: notices to webhooks and
// e-mail addresses.
//
// # Webhooks
//
// A notice is posted as a JSON object with the fields id, kind, workspace,
// subject, at (RFC 3339) and data, and with these header fields:
//
//	Whetstone-Event:     the kind, such as gap.opened
//	Whetstone-Delivery:  the delivery's id, the same in each attempt
//	Whetstone-Timestamp: when this attempt was made, in Unix seconds
//	Whetstone-Signature: v1=, then the HMAC-SHA256, in hexadecimal, of the
//	                     timestamp, a dot and the body, keyed with the hook's secret
//
// A receiver computes the signature itself, see [Sign], compares the two in
// constant time, and refuses a timestamp that is minutes old. It answers with
// any status from 200 to 299 when it has the notice; 410 says that it wants no
// more, and switches the hook off; anything else is tried again, see
// [notice.Retries]. Redirects are not followed. A notice arrives at least once:
// twice if a process died between sending and noting it, so a receiver
// remembers the deliveries it has seen.
//
// # E-mail
//
// See [Mail]. The Message-ID of a delivery is the same in each attempt.
package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/whetstone-desk/whetstone/kb/notice"
)

// A Deliverer sends what is due. Set its fields before first use and do not
// change them after; its methods may be called from many goroutines, and many
// processes may share one database.
type Deliverer struct {
	Store *notice.Store
	Mail  Mail

	// AllowPrivate lets webhooks go to this machine and to private networks.
	// Link-local addresses, where clouds keep their secrets, are never dialled.
	AllowPrivate bool

	Log *slog.Logger
	Now func() time.Time // nil: time.Now

	once sync.Once
	http *http.Client
}

// How deliveries are sent.
const (
	atOnce   = 8                // at a time, so that one slow receiver holds up few others
	batch    = 2 * atOnce       // claimed together
	patience = 15 * time.Second // for one attempt

	// lease is how long a claim lasts: longer than a batch takes at worst, or
	// another process would send what is under way here.
	lease = 2 * time.Minute

	// most bounds what one call sends, so that it ends.
	most = 2000
)

// Send sends what is due, and returns when nothing is due any more. The note
// counts what arrived and what did not; an error is one of the database, or
// that ctx has ended.
func (d *Deliverer) Send(ctx context.Context) (note string, err error) {
	var sent tally
	for sent.n < most {
		ps, err := d.Store.Claim(ctx, d.now(), lease, batch)
		if err != nil {
			return sent.note(), err
		}
		if len(ps) == 0 {
			break
		}
		if err := d.batch(ctx, ps, &sent); err != nil {
			return sent.note(), err
		}
	}
	return sent.note(), nil
}

// A tally counts attempts by how they ended.
type tally struct {
	mu           sync.Mutex
	n, delivered int
	errs         []error
}

func (t *tally) note() string {
	return fmt.Sprintf("%d delivered, %d not", t.delivered, t.n-t.delivered)
}

// batch sends deliveries that were claimed, a few at a time.
func (d *Deliverer) batch(ctx context.Context, ps []notice.Parcel, sent *tally) error {
	var wg sync.WaitGroup
	places := make(chan struct{}, atOnce)
	for i := range ps {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			delivered, err := d.deliver(ctx, &ps[i])
			sent.mu.Lock()
			defer sent.mu.Unlock()
			sent.n++
			if delivered {
				sent.delivered++
			}
			sent.errs = append(sent.errs, err)
		})
	}
	wg.Wait()
	err := errors.Join(sent.errs...)
	sent.errs = nil
	return err
}

// deliver makes one attempt and keeps how it ended.
func (d *Deliverer) deliver(ctx context.Context, p *notice.Parcel) (delivered bool, err error) {
	attempt, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var o notice.Outcome
	if p.Hook.URL != "" {
		o = d.post(attempt, p)
	} else {
		o = d.Mail.send(attempt, p, d.now())
	}
	if !o.OK && ctx.Err() != nil {
		return false, ctx.Err() // it is nobody's fault: the claim runs out and another process goes on
	}
	o.At = d.now()
	// What has arrived is noted even while the server stops, or it would
	// arrive twice.
	keep, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if err := d.Store.Done(keep, p.Delivery, o); err != nil {
		return o.OK, err
	}
	if !o.OK && d.Log != nil {
		d.Log.WarnContext(ctx, "notice not delivered", "workspace", p.Delivery.WorkspaceID, "delivery", p.Delivery.ID,
			"hook", p.Hook.ID, "attempt", p.Delivery.Attempts, "code", o.Code, "error", o.Error)
	}
	return o.OK, nil
}

func (d *Deliverer) now() time.Time {
	if d.Now != nil {
		return d.Now()
	}
	return time.Now()
}
