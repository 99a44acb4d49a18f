package fetch

import (
	"compress/gzip"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestAnAnswerIsReadUpToItsBound(t *testing.T) {
	const most = 64 << 10
	endless := func(w http.ResponseWriter, r *http.Request) {
		block := make([]byte, 32<<10)
		for r.Context().Err() == nil {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}
	for name, handler := range map[string]http.HandlerFunc{
		"a body without end": endless,
		"a body that says it has 10 GB": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "10737418240")
			endless(w, r)
		},
		"a bomb of gzip": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			block := make([]byte, 1<<20)
			for r.Context().Err() == nil {
				if _, err := z.Write(block); err != nil {
					return
				}
			}
		},
		"one byte too many": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, most+1)) },
	} {
		t.Run(name, func(t *testing.T) {
			address, host := serve(t, handler)
			o := quick(host)
			o.MaxBody = most
			c := New(o)
			if _, err := c.Get(t.Context(), address, Conditions{}); !errors.Is(err, ErrTooLarge) || errors.Is(err, ErrSpent) {
				t.Errorf("got %v, want ErrTooLarge", err)
			}
			if requests, bytes := c.Usage(); requests != 1 || bytes > most+1 {
				t.Errorf("%d requests read %d bytes", requests, bytes)
			}
		})
	}
	address, host := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, most)) })
	o := quick(host)
	o.MaxBody = most
	if r, err := New(o).Get(t.Context(), address, Conditions{}); err != nil || len(r.Body) != most {
		t.Errorf("a body as long as the bound: %v", err)
	}
}

func TestARunReadsUpToItsBound(t *testing.T) {
	address, host := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 600)) })
	o := quick(host)
	o.MaxTotal = 1000
	c := New(o)
	if _, err := c.Get(t.Context(), address, Conditions{}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := c.Get(t.Context(), address, Conditions{}); !errors.Is(err, ErrSpent) || !errors.Is(err, ErrTooLarge) {
			t.Errorf("got %v, want ErrSpent", err)
		}
	}
	if requests, bytes := c.Usage(); requests != 2 || bytes > 1001 {
		t.Errorf("%d requests read %d bytes", requests, bytes)
	}
}

func TestWhatFailsForTheMomentIsTriedAgain(t *testing.T) {
	type answer struct {
		status int
		after  string
	}
	start := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name    string
		answers []answer
		status  int             // of the error; 0: none
		waits   []time.Duration // those that the server asked for
		tries   int
	}{
		{"500, then well", []answer{{500, ""}, {200, ""}}, 0, nil, 2},
		{"429 with seconds", []answer{{429, "7"}, {200, ""}}, 0, []time.Duration{7 * time.Second}, 2},
		{"503 with a date", []answer{{503, "Thu, 26 Nov 2026 12:00:20 GMT"}, {200, ""}}, 0, []time.Duration{20 * time.Second}, 2},
		{"429 for an hour", []answer{{429, "3600"}}, 429, nil, 1},
		{"500 for ever", []answer{{500, ""}}, 500, nil, 4},
		{"404", []answer{{404, ""}}, 404, nil, 1},
		{"401", []answer{{401, ""}}, 401, nil, 1},
		{"501", []answer{{501, ""}}, 501, nil, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tries := 0
			address, host := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				a := tt.answers[min(tries, len(tt.answers)-1)]
				tries++
				if a.after != "" {
					w.Header().Set("Retry-After", a.after)
				}
				w.WriteHeader(a.status)
			})
			var waits []time.Duration
			o := quick(host)
			o.Now = func() time.Time { return start }
			o.Wait = func(_ context.Context, d time.Duration) error {
				waits = append(waits, d)
				return nil
			}
			_, err := New(o).Get(t.Context(), address, Conditions{})
			var status *StatusError
			if errors.As(err, &status); (status == nil) != (tt.status == 0) || status != nil && status.Status != tt.status {
				t.Errorf("got %v, want status %d", err, tt.status)
			}
			if tries != tt.tries || len(waits) != tt.tries-1 {
				t.Errorf("%d tries with waits of %v, want %d tries", tries, waits, tt.tries)
			}
			if tt.waits != nil && !slices.Equal(waits, tt.waits) {
				t.Errorf("waited %v, want %v", waits, tt.waits)
			}
		})
	}
}

func TestAWaitEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	address, host := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		cancel()
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	o := quick(host)
	o.Wait, o.Backoff = nil, time.Hour
	if _, err := New(o).Get(ctx, address, Conditions{}); err == nil {
		t.Error("no error")
	}
}

func TestAnAnswerThatDoesNotComeIsGivenUp(t *testing.T) {
	address, host := serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	o := quick(host)
	o.Timeout, o.Tries = 20*time.Millisecond, 2
	c := New(o)
	if _, err := c.Get(t.Context(), address, Conditions{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want a deadline", err)
	}
	if n, _ := c.Usage(); n != 2 {
		t.Errorf("%d tries, want 2", n)
	}
}

func TestAKnownVersionIsNotSentAgain(t *testing.T) {
	address, host := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") == `"v1"` || r.Header.Get("If-Modified-Since") == "Thu, 26 Nov 2026 12:00:00 GMT" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", `"v1"`)
		_, _ = w.Write([]byte("text " + r.Header.Get("User-Agent") + r.Header.Get("X-More")))
	})
	c := New(quick(host))
	r, err := c.Get(t.Context(), address, Conditions{Header: http.Header{"X-More": {"!"}}})
	if err != nil || r.NotModified || string(r.Body) != "text Whetstone!" || r.Header.Get("ETag") != `"v1"` {
		t.Errorf("first %+v, %v", r, err)
	}
	for _, with := range []Conditions{{ETag: `"v1"`}, {LastModified: "Thu, 26 Nov 2026 12:00:00 GMT"}} {
		if r, err := c.Get(t.Context(), address, with); err != nil || !r.NotModified || len(r.Body) > 0 {
			t.Errorf("again %+v, %v", r, err)
		}
	}
}

func TestNobodyIsToldNotModifiedWithoutAsking(t *testing.T) {
	address, host := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) })
	var status *StatusError
	if r, err := New(quick(host)).Get(t.Context(), address, Conditions{}); !errors.As(err, &status) || status.Status != http.StatusNotModified {
		t.Errorf("got %+v, %v", r, err)
	}
}

func TestRequestsKeepTheirDistance(t *testing.T) {
	address, host := serve(t, func(http.ResponseWriter, *http.Request) {})
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	var waited time.Duration
	o := quick(host)
	o.Rate = 2
	o.Now = func() time.Time { return now }
	o.Wait = func(_ context.Context, d time.Duration) error {
		now, waited = now.Add(d), waited+d
		return nil
	}
	c := New(o)
	get := func(n int) time.Duration {
		waited = 0
		for range n {
			if _, err := c.Get(t.Context(), address, Conditions{}); err != nil {
				t.Fatal(err)
			}
		}
		return waited
	}
	if got := get(5); got != 2*time.Second {
		t.Errorf("five requests at two a second waited %v, want 2 s", got)
	}
	c.Space(100 * time.Millisecond) // no less than it is
	c.Space(3 * time.Second)
	if got := get(4).Round(time.Second); got != 12*time.Second {
		t.Errorf("four requests 3 s apart waited %v", got)
	}
}

func TestAPostIsSentWholeOnEveryTry(t *testing.T) {
	var bodies []string
	address, host := serve(t, func(w http.ResponseWriter, r *http.Request) {
		var b strings.Builder
		for buf := make([]byte, 64); ; {
			n, err := r.Body.Read(buf)
			b.Write(buf[:n])
			if err != nil {
				break
			}
		}
		bodies = append(bodies, r.Method+" "+b.String())
		if len(bodies) == 1 {
			w.WriteHeader(http.StatusBadGateway)
		}
		if r.URL.Path == "/moved" {
			http.Redirect(w, r, "/", http.StatusTemporaryRedirect)
		}
	})
	c := New(quick(host))
	if _, err := c.Post(t.Context(), address, []byte(`{"page":1}`), Conditions{}); err != nil {
		t.Fatal(err)
	}
	if want := []string{`POST {"page":1}`, `POST {"page":1}`}; !slices.Equal(bodies, want) {
		t.Errorf("sent %q", bodies)
	}
	if _, err := c.Post(t.Context(), address+"/moved", nil, Conditions{}); !errors.Is(err, ErrRefused) {
		t.Errorf("a redirect of a POST: %v, want ErrRefused", err)
	}
}
