package notify_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/api/notify"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/notice"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// A post is the clock, the database and the deliverer of a test.
type post struct {
	t   *testing.T
	db  *gorm.DB
	now time.Time
	*notify.Deliverer
}

func open(t *testing.T, db *gorm.DB) *post {
	t.Helper()
	if _, err := kb.New(db).Create(t.Context(), "acme", "Acme"); err != nil {
		t.Fatal(err)
	}
	p := &post{t: t, db: db, now: noon}
	p.Deliverer = p.replica()
	return p
}

// replica returns another process's deliverer.
func (p *post) replica() *notify.Deliverer {
	s := notice.NewStore(p.db)
	s.Now = func() time.Time { return p.now }
	return &notify.Deliverer{Store: s, AllowPrivate: true, Now: s.Now}
}

func (p *post) hook(h notice.Hook) notice.Hook {
	p.t.Helper()
	h.WorkspaceID, h.Active = "acme", true
	if err := p.Store.Put(p.t.Context(), &h); err != nil {
		p.t.Fatal(err)
	}
	return h
}

func (p *post) add(subject string) {
	p.t.Helper()
	err := notice.Add(p.t.Context(), p.db, notice.Notice{
		WorkspaceID: "acme", Kind: notice.GapOpened, Subject: subject, At: p.now,
		Data: notice.JSON(map[string]any{"count": 7, "tickets": []string{"T-1", "T-2"}, "p": 0.000123456}),
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *post) send() string {
	p.t.Helper()
	note, err := p.Send(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	return note
}

// one returns the hook's only delivery.
func (p *post) one(h notice.Hook) notice.Delivery {
	p.t.Helper()
	ds, err := p.Store.Deliveries(p.t.Context(), "acme", h.ID, notice.Page{})
	if err != nil || len(ds) != 1 {
		p.t.Fatalf("%d deliveries, %v; want 1", len(ds), err)
	}
	return ds[0]
}

// A receiver is a server of webhooks that answers with a status.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	got    []*http.Request
	bodies []string
}

func receive(t *testing.T, status int) *receiver {
	r := &receiver{status: status}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, err := io.ReadAll(q.Body)
		if err != nil {
			t.Error(err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got, r.bodies = append(r.got, q), append(r.bodies, string(body))
		w.Header().Set("Location", "http://127.0.0.1:1/elsewhere")
		w.WriteHeader(r.status)
		_, _ = io.WriteString(w, "inner affairs of the receiver")
	}))
	t.Cleanup(r.Close)
	return r
}

func TestAWebhookIsSignedAndArrivesOnce(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		p, r := open(t, db), receive(t, http.StatusNoContent)
		h := p.hook(notice.Hook{URL: r.URL + "/in?token=x", Secret: "a secret of sixteen"})
		p.add("Refunds")
		if got := p.send() + "; " + p.send(); got != "1 delivered, 0 not; 0 delivered, 0 not" {
			t.Errorf("notes %q", got)
		}
		d := p.one(h)
		if d.Status != notice.Delivered || d.Code != 204 || d.Attempts != 1 || d.Error != "" || !d.At.Equal(noon) {
			t.Errorf("delivery reads %+v", d)
		}
		if len(r.got) != 1 {
			t.Fatalf("%d requests, want 1", len(r.got))
		}
		q, body := r.got[0], r.bodies[0]
		at := strconv.FormatInt(noon.Unix(), 10)
		for name, want := range map[string]string{
			notify.HeaderEvent: "gap.opened", notify.HeaderDelivery: d.ID, notify.HeaderTimestamp: at, "Content-Type": "application/json",
			notify.HeaderSignature: notify.Sign("a secret of sixteen", noon.Unix(), []byte(body)),
		} {
			if got := q.Header.Get(name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		var got map[string]any
		if err := json.Unmarshal([]byte(body), &got); err != nil {
			t.Fatal(err)
		}
		if got["kind"] != "gap.opened" || got["workspace"] != "acme" || got["subject"] != "Refunds" ||
			got["id"] != d.NoticeID || got["at"] != "2026-03-02T12:00:00Z" || got["data"].(map[string]any)["count"] != 7.0 {
			t.Errorf("body is %s", body)
		}
	})
}

func TestASignatureIsTheHMACOfTimestampAndBody(t *testing.T) {
	// printf '1700000000.{}' | openssl dgst -sha256 -hmac key
	const want = "v1=9d713ed406bb7076d4123f0dc2c39d2df5c654ed4b0cd56b52c8b4c940bd63ae"
	got := notify.Sign("key", 1700000000, []byte("{}"))
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestWhatFailsIsTriedAgainUnderTheSameID(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		p, r := open(t, db), receive(t, http.StatusInternalServerError)
		h := p.hook(notice.Hook{URL: r.URL})
		p.add("Refunds")
		p.send()
		d := p.one(h)
		if d.Status != notice.Pending || d.Code != 500 || d.Error != "answered 500 Internal Server Error" || d.Due.Sub(noon) != notice.Retries()[0] {
			t.Errorf("delivery reads %+v", d)
		}
		p.send() // not due yet
		r.status = http.StatusOK
		p.now = d.Due
		p.send()
		if d = p.one(h); d.Status != notice.Delivered || d.Attempts != 2 || len(r.got) != 2 {
			t.Errorf("delivery reads %+v after %d requests", d, len(r.got))
		}
		first, second := r.got[0].Header.Get(notify.HeaderDelivery), r.got[len(r.got)-1].Header.Get(notify.HeaderDelivery)
		if first != second || first != d.ID {
			t.Errorf("attempts came as %s and %s, want %s", first, second, d.ID)
		}
	})
}

func TestAReceiverThatIsGoneSwitchesTheHookOff(t *testing.T) {
	p, r := open(t, sqldbtest.SQLite(t)), receive(t, http.StatusGone)
	h := p.hook(notice.Hook{URL: r.URL})
	p.add("Refunds")
	p.send()
	if d := p.one(h); d.Status != notice.Failed || d.Code != 410 {
		t.Errorf("delivery reads %+v", d)
	}
	if got, err := p.Store.Hook(t.Context(), "acme", h.ID); err != nil || got.Active {
		t.Errorf("the hook is active: %v, %v", got.Active, err)
	}
}

func TestARedirectIsNotFollowed(t *testing.T) {
	p, r := open(t, sqldbtest.SQLite(t)), receive(t, http.StatusTemporaryRedirect)
	h := p.hook(notice.Hook{URL: r.URL})
	p.add("Refunds")
	p.send()
	if d := p.one(h); d.Code != 307 || d.Status != notice.Pending || len(r.got) != 1 {
		t.Errorf("delivery reads %+v after %d requests", d, len(r.got))
	}
}

func TestReplicasSendEachNoticeOnce(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		p, r := open(t, db), receive(t, http.StatusOK)
		p.hook(notice.Hook{URL: r.URL})
		for i := range 30 {
			p.add(strconv.Itoa(i))
		}
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				if _, err := p.replica().Send(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		p.send() // what the replicas left to each other
		seen := make(map[string]int)
		for _, q := range r.got {
			seen[q.Header.Get(notify.HeaderDelivery)]++
		}
		if len(seen) != 30 || len(r.got) != 30 {
			t.Errorf("%d deliveries in %d requests, want 30 in 30", len(seen), len(r.got))
		}
	})
}

func TestWhatADeadProcessHadClaimedIsSentByAnother(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, db *gorm.DB) {
		p, r := open(t, db), receive(t, http.StatusOK)
		h := p.hook(notice.Hook{URL: r.URL})
		p.add("Refunds")
		// A process claims and dies: by kill, or because the server stops.
		ctx, stop := context.WithCancel(t.Context())
		stop()
		claimed, err := p.Store.Claim(t.Context(), noon, 2*time.Minute, 1)
		if err != nil || len(claimed) != 1 {
			t.Fatalf("%d claimed, %v", len(claimed), err)
		}
		if _, err := p.replica().Send(ctx); err == nil {
			t.Error("a stopped server sends")
		}
		p.send()
		if len(r.got) != 0 {
			t.Fatal("what another process has claimed was sent")
		}
		p.now = noon.Add(2 * time.Minute)
		p.send()
		if d := p.one(h); d.Status != notice.Delivered || d.ID != claimed[0].Delivery.ID || d.Attempts != 2 {
			t.Errorf("delivery reads %+v", d)
		}
	})
}

func TestWebhooksDoNotReachWhereMachinesKeepTheirSecrets(t *testing.T) {
	r := receive(t, http.StatusOK)
	port := r.URL[strings.LastIndex(r.URL, ":"):]
	for _, tt := range []struct {
		url     string
		private bool
		want    string // in the error; empty: it is delivered
	}{
		{"http://127.0.0.1" + port, true, ""},
		{"http://127.0.0.1" + port, false, "WHETSTONE_FETCH_PRIVATE"},
		{"http://localhost" + port, false, "WHETSTONE_FETCH_PRIVATE"},
		{"http://[::ffff:127.0.0.1]" + port, false, "WHETSTONE_FETCH_PRIVATE"},
		{"http://10.1.2.3/", false, "WHETSTONE_FETCH_PRIVATE"},
		{"http://[fd00::1]/", false, "WHETSTONE_FETCH_PRIVATE"},
		{"http://100.64.1.1/", false, "WHETSTONE_FETCH_PRIVATE"},
		{"http://169.254.169.254/latest/meta-data", true, "169.254.169.254"},
		{"http://[::ffff:169.254.169.254]/", true, "169.254.169.254"},
		{"http://[64:ff9b::a9fe:a9fe]/", true, "where machines keep"},
		{"http://[2002:a9fe:a9fe::]/", true, "where machines keep"},
		{"http://[fd00:ec2::254]/", true, "where machines keep"},
		{"http://100.100.100.200/", true, "where machines keep"},
		{"http://[fe80::1]/", true, "where machines keep"},
		{"http://[ff02::1]/", true, "where machines keep"},
	} {
		t.Run(fmt.Sprintf("%s %v", tt.url, tt.private), func(t *testing.T) {
			p := open(t, sqldbtest.SQLite(t))
			p.AllowPrivate = tt.private
			h := p.hook(notice.Hook{URL: tt.url})
			p.add("Refunds")
			p.send()
			d := p.one(h)
			if (d.Status == notice.Delivered) != (tt.want == "") || !strings.Contains(d.Error, tt.want) {
				t.Errorf("delivery reads %+v, want %q", d, tt.want)
			}
			if tt.want != "" && d.Status != notice.Failed {
				t.Errorf("it is tried again: %+v", d)
			}
		})
	}
}

func TestAFailureTellsNoSecret(t *testing.T) {
	p, r := open(t, sqldbtest.SQLite(t)), receive(t, http.StatusOK)
	r.Close() // nobody listens any more
	h := p.hook(notice.Hook{URL: r.URL + "/services/T0KEN-IN-PATH?key=K3Y", Secret: "s3cret-of-the-hook"})
	p.add("Refunds")
	p.send()
	d := p.one(h)
	if d.Error == "" {
		t.Fatalf("delivery reads %+v, want an error", d)
	}
	for _, secret := range []string{"T0KEN", "K3Y", "s3cret"} {
		if strings.Contains(d.Error, secret) {
			t.Errorf("error %q tells %s", d.Error, secret)
		}
	}
}
