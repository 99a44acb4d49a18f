package openai

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/embeddings/openai/openaitest"
)

func TestOpen(t *testing.T) {
	server := openaitest.New(t)
	server.Dim = 24
	e, err := Open(t.Context(), Options{BaseURL: server.URL + "/embeddings/", Model: "hashed", SendDimensions: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Embed(t.Context(), []string{"text"}); err != nil {
		t.Fatal(err)
	}
	if raw := server.Requests()[1].Raw; strings.Contains(raw, "dimensions") {
		t.Errorf("a dimension that the server chose is asked for: %s", raw)
	}
	if e.Dim() != 24 || e.Model() != "hashed/24" {
		t.Errorf("opened %s of dimension %d, want the server's 24", e.Model(), e.Dim())
	}
}

func TestCheck(t *testing.T) {
	const key = "sk-very-secret"
	for _, tt := range []struct {
		name   string
		o      Options
		script openaitest.Step
		want   error
		says   string
	}{
		{"all is well", Options{}, nil, nil, ""},
		{"a dimension the model has not", Options{Dim: 9}, nil, embeddings.ErrMisconfigured, "WHETSTONE_EMBEDDINGS_DIM to 8"},
		{"an unknown model", Options{Model: "other"}, nil, embeddings.ErrMisconfigured, "WHETSTONE_EMBEDDINGS_MODEL"},
		{"a bad key", Options{Key: key + "-not"}, nil, embeddings.ErrMisconfigured, "correct WHETSTONE_EMBEDDINGS_KEY"},
		{"no key", Options{Key: " "}, nil, embeddings.ErrMisconfigured, "set WHETSTONE_EMBEDDINGS_KEY"},
		{"a key without rights", Options{}, openaitest.Fails(403), embeddings.ErrMisconfigured, "_KEY"},
		{"another server", Options{}, http.NotFound, embeddings.ErrMisconfigured, "correct WHETSTONE_EMBEDDINGS_URL"},
		{
			"a model that only the text names", Options{}, openaitest.Sends(""), embeddings.ErrUnavailable,
			"WHETSTONE_EMBEDDINGS_URL",
		},
		{
			"a model to be pulled first", Options{}, openaitest.Refuses(404, "", `model "x" not found`),
			embeddings.ErrMisconfigured, "WHETSTONE_EMBEDDINGS_MODEL",
		},
		{"a redirect", Options{}, openaitest.Redirects("http://127.0.0.1:1/"), embeddings.ErrMisconfigured, "redirects: set WHETSTONE_EMBEDDINGS_URL"},
		{
			"dimensions the model cannot have", Options{SendDimensions: true}, openaitest.Refuses(400, "", "no dimensions"),
			embeddings.ErrMisconfigured, "correct WHETSTONE_EMBEDDINGS_DIM",
		},
		{"no server", Options{BaseURL: "http://" + key + "@127.0.0.1:1/v1", Key: "other"}, nil, embeddings.ErrUnavailable, "cannot be reached"},
		{"no address", Options{BaseURL: "localhost:8000"}, nil, embeddings.ErrMisconfigured, "set WHETSTONE_EMBEDDINGS_URL"},
		{"a slow server", Options{Timeout: time.Millisecond}, openaitest.Hangs(), embeddings.ErrUnavailable, "did not answer within 1ms"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			server := openaitest.New(t)
			server.Key, server.Model = key, "hashed"
			if tt.script != nil {
				server.Script = slices.Repeat([]openaitest.Step{tt.script}, defaultTries)
			}
			err := check(t, tt.o, server.URL, key)
			if !errors.Is(err, tt.want) || err != nil && !strings.Contains(err.Error(), tt.says) {
				t.Errorf("error %v, want %v with %q", err, tt.want, tt.says)
			}
			if err != nil && strings.Contains(err.Error()+Detail(err), key) {
				t.Errorf("the key is in %q, %q", err, Detail(err))
			}
		})
	}
}

// check sets the options that are not set and checks the server.
func check(t *testing.T, o Options, address, key string) error {
	t.Helper()
	if o.BaseURL == "" {
		o.BaseURL = address
	}
	if o.Model == "" {
		o.Model = "hashed"
	}
	if o.Key == "" {
		o.Key = key
	}
	if o.Dim == 0 {
		o.Dim = 8
	}
	e, err := New(o)
	if err != nil {
		return err
	}
	e.server.sleep = new(waits).sleep
	return e.Check(t.Context())
}

func TestNothingSentIsInAnError(t *testing.T) {
	const text = "my card is 4111 1111 1111 1111"
	server := openaitest.New(t)
	server.Longest = 1
	e, _ := open(t, Options{BaseURL: server.URL})
	_, err := e.Embed(t.Context(), []string{text})
	if err == nil || strings.Contains(err.Error(), "4111") {
		t.Errorf("error %v, want one without the text", err)
	}
	if !strings.Contains(Detail(err), "text is too long") {
		t.Errorf("detail %q, want the server's words", Detail(err))
	}
}

func TestEndlessAnswer(t *testing.T) {
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for range 1000 {
			if _, err := w.Write(make([]byte, 1000)); err != nil {
				return
			}
		}
	}))
	t.Cleanup(h.Close)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := (&transport{next: http.DefaultTransport, now: time.Now, most: 5500}).RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(resp.Body)
	if len(got) != 5500 || !errors.Is(err, errTooLong) {
		t.Errorf("read %d bytes, error %v; want 5500 and errTooLong", len(got), err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Error(err)
	}
}

func TestDeadServer(t *testing.T) {
	server := openaitest.New(t)
	server.Script = slices.Repeat([]openaitest.Step{openaitest.Fails(500)}, 5)
	e, _ := open(t, Options{BaseURL: server.URL})
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	e.server.endpoint.Tries = 1
	e.server.now = func() time.Time { return now }
	for _, step := range []struct {
		name  string
		after time.Duration
		asked int // requests that have come in by then
		ok    bool
	}{
		{"first failure", 0, 1, false},
		{"second", 0, 2, false},
		{"third", 0, 3, false},
		{"left alone", 0, 3, false},
		{"still left alone", breakFor - time.Second, 3, false},
		{"asked once more", time.Second, 4, false},
		{"left alone for longer", breakFor, 4, false},
		{"asked again", breakFor, 5, false},
		{"left alone for longer still", 2 * breakFor, 5, false},
		{"recovered", 2 * breakFor, 6, true},
		{"as if nothing had been", 0, 7, true},
	} {
		now = now.Add(step.after)
		_, err := e.Embed(t.Context(), []string{"text"})
		if got := len(server.Requests()); got != step.asked || (err == nil) != step.ok {
			t.Errorf("%s: %d requests, error %v; want %d, success %v", step.name, got, err, step.asked, step.ok)
		}
		if err != nil && !errors.Is(err, embeddings.ErrUnavailable) {
			t.Errorf("%s: error %v, want ErrUnavailable", step.name, err)
		}
	}
}

func TestOneFindsOut(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	b := breaker{now: func() time.Time { return now }}
	b.leave(failed, 9*time.Second)
	if wait, ok := b.enter(); ok || wait != 9*time.Second {
		t.Errorf("entered: %v, wait %v; want as long as the server asked", ok, wait)
	}
	now = now.Add(9 * time.Second)
	_, first := b.enter()
	_, second := b.enter()
	if !first || second {
		t.Errorf("first entered: %v, second: %v; want the first alone", first, second)
	}
	b.leave(unknown, 0)
	if _, ok := b.enter(); !ok {
		t.Error("nobody may find out after the first has left without an answer")
	}
}
