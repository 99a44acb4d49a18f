package openai

import (
	"context"
	"errors"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/embeddings/embeddingstest"
	"github.com/whetstone-desk/whetstone/embeddings/openai/openaitest"
)

// open returns an Embedder whose waiting takes no time but is written down.
func open(t *testing.T, o Options) (*Embedder, *waits) {
	t.Helper()
	o.Model = "hashed"
	if o.Dim == 0 {
		o.Dim = 8
	}
	e, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	w := &waits{}
	e.server.sleep = w.sleep
	return e, w
}

type waits struct {
	mu   sync.Mutex
	list []time.Duration
}

func (w *waits) sleep(ctx context.Context, d time.Duration) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.list = append(w.list, d)
	return ctx.Err()
}

func unit(text string, dim int) embeddings.Vector {
	return embeddings.Vector(openaitest.Vector(text, dim)).Unit()
}

func TestBatches(t *testing.T) {
	server := openaitest.New(t)
	e, _ := open(t, Options{BaseURL: server.URL, Batch: 3, MaxBatchBytes: 40, Concurrency: 2})
	texts := []string{
		"one", "two", "three", "four", "", "  \n", "🙂", strings.Repeat("long ", 20), "пять", "шесть семь", "восемь",
	}
	got, err := e.Embed(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		want := make(embeddings.Vector, 8)
		if says(text) {
			want = unit(text, 8)
		}
		if !slices.Equal(got[i], want) {
			t.Errorf("vector of %q is %v, want %v", text, got[i], want)
		}
	}
	sent := 0
	for _, r := range server.Requests() {
		sent += len(r.Input)
		if size := len(strings.Join(r.Input, "")); len(r.Input) > 3 || size > 40 && len(r.Input) > 1 {
			t.Errorf("a batch of %d texts and %d bytes", len(r.Input), size)
		}
	}
	if sent != 8 {
		t.Errorf("%d texts were sent, want the 8 that say something", sent)
	}
}

func TestWhatIsSent(t *testing.T) {
	for _, tt := range []struct {
		name string
		o    Options
		want func(openaitest.Request) bool
	}{
		{"no dimensions unless asked to", Options{}, func(r openaitest.Request) bool { return !strings.Contains(r.Raw, "dimensions") }},
		{"dimensions if asked to", Options{SendDimensions: true, Dim: 5}, func(r openaitest.Request) bool { return r.Dimensions == 5 }},
		{"the key", Options{Key: "secret\n"}, func(r openaitest.Request) bool { return r.Key == "secret" }},
		{"no key if there is none", Options{}, func(r openaitest.Request) bool { return r.Key == "" }},
		{"the model", Options{}, func(r openaitest.Request) bool { return r.Model == "hashed" }},
		{"the beginning of a long text", Options{MaxRunes: 6}, func(r openaitest.Request) bool { return r.Input[0] == "привет" }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			server := openaitest.New(t)
			tt.o.BaseURL = server.URL
			e, _ := open(t, tt.o)
			if _, err := e.Embed(t.Context(), []string{"приветствие"}); err != nil {
				t.Fatal(err)
			}
			if r := server.Requests()[0]; !tt.want(r) {
				t.Errorf("sent %+v", r)
			}
		})
	}
}

func TestRetries(t *testing.T) {
	const again = -1 // a wait by the client's own reckoning
	ok := openaitest.Step(nil)
	for _, tt := range []struct {
		name   string
		script []openaitest.Step
		waits  []time.Duration
		want   error
	}{
		{"at once", []openaitest.Step{ok}, nil, nil},
		{"a 500 passes", []openaitest.Step{openaitest.Fails(500), openaitest.Fails(503), ok}, []time.Duration{again, again}, nil},
		{"a broken connection passes", []openaitest.Step{openaitest.Breaks(), ok}, []time.Duration{again}, nil},
		{"an unreadable answer passes", []openaitest.Step{openaitest.Sends(`{"data":`), ok}, []time.Duration{again}, nil},
		{"a 429 passes after as long as it says", []openaitest.Step{openaitest.Busy("7"), ok}, []time.Duration{7 * time.Second}, nil},
		{"a fraction of a second", []openaitest.Step{openaitest.Busy("0.5"), ok}, []time.Duration{time.Second / 2}, nil},
		{"a 429 that asks too much is not waited for", []openaitest.Step{openaitest.Busy("3600"), ok}, nil, embeddings.ErrUnavailable},
		{
			"four tries are enough", slices.Repeat([]openaitest.Step{openaitest.Fails(502)}, 5),
			[]time.Duration{again, again, again}, embeddings.ErrUnavailable,
		},
		{
			"a used-up quota does not come back by asking",
			[]openaitest.Step{openaitest.Refuses(429, "insufficient_quota", "pay"), ok}, nil, embeddings.ErrUnavailable,
		},
		{"a bad key does not get better", []openaitest.Step{openaitest.Fails(401), ok}, nil, embeddings.ErrMisconfigured},
	} {
		t.Run(tt.name, func(t *testing.T) {
			server := openaitest.New(t)
			server.Script = tt.script
			e, waits := open(t, Options{BaseURL: server.URL})
			_, err := e.Embed(t.Context(), []string{"text"})
			if !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
			if len(waits.list) != len(tt.waits) {
				t.Fatalf("waited %v, want %v", waits.list, tt.waits)
			}
			for i, got := range waits.list {
				if want := tt.waits[i]; want == again && (got <= 0 || got > 5*time.Second) || want != again && (got < want || got > want+firstWait) {
					t.Errorf("wait %d was %v, want %v", i, got, want)
				}
			}
		})
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name, header, value string
		want                time.Duration
	}{
		{"seconds", "Retry-After", "3", 3 * time.Second},
		{"a date", "Retry-After", "Mon, 23 Nov 2026 12:00:09 GMT", 9 * time.Second},
		{"a date gone by", "Retry-After", "Mon, 23 Nov 2026 11:00:00 GMT", 0},
		{"milliseconds", "Retry-After-Ms", "250", 250 * time.Millisecond},
		{"less than nothing", "Retry-After", "-1", 0},
		{"no number", "Retry-After", "NaN", 0},
		{"for ever", "Retry-After", "1e300", time.Hour},
		{"words", "Retry-After", "soon", 0},
	} {
		if got := retryAfter(http.Header{tt.header: {tt.value}}, now); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestBadVectors(t *testing.T) {
	for _, tt := range []struct {
		name, body string
		want       error
		says       string
	}{
		{"too few", `{"data":[{"index":0,"embedding":[1,0]}]}`, embeddings.ErrUnavailable, "1 vectors for 2 texts"},
		{"twice the same number", `{"data":[{"index":1,"embedding":[1,0]},{"index":1,"embedding":[1,0]}]}`, embeddings.ErrUnavailable, "misnumbered"},
		{"a number beyond", `{"data":[{"index":0,"embedding":[1,0]},{"index":2,"embedding":[1,0]}]}`, embeddings.ErrUnavailable, "misnumbered"},
		{"empty", `{"data":[{"index":0,"embedding":[]},{"index":1,"embedding":[1,0]}]}`, embeddings.ErrUnavailable, "empty vector"},
		{"zeros", `{"data":[{"index":0,"embedding":[0,0]},{"index":1,"embedding":[1,0]}]}`, embeddings.ErrUnavailable, "without a direction"},
		{"no numbers", `{"data":[{"index":0,"embedding":[NaN,0]},{"index":1,"embedding":[1,0]}]}`, embeddings.ErrUnavailable, "cannot be read"},
		{"another dimension", `{"data":[{"index":0,"embedding":[1,0,0]},{"index":1,"embedding":[1,0,0]}]}`, embeddings.ErrMisconfigured, "set WHETSTONE_EMBEDDINGS_DIM to 3"},
		{"a web page", `<html>hello</html>`, embeddings.ErrUnavailable, "WHETSTONE_EMBEDDINGS_URL"},
		{"unnumbered but in order", `{"data":[{"embedding":[1,0]},{"embedding":[0,2]}]}`, nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			server := openaitest.New(t)
			server.Script = slices.Repeat([]openaitest.Step{openaitest.Sends(tt.body)}, defaultTries)
			e, _ := open(t, Options{BaseURL: server.URL, Dim: 2})
			got, err := e.Embed(t.Context(), []string{"a", "b"})
			if !errors.Is(err, tt.want) || err != nil && !strings.Contains(err.Error(), tt.says) {
				t.Fatalf("error %v, want %v with %q", err, tt.want, tt.says)
			}
			if err == nil && !slices.EqualFunc(got, []embeddings.Vector{{1, 0}, {0, 1}}, slices.Equal) {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestSmallerRequests(t *testing.T) {
	server := openaitest.New(t)
	server.Batch, server.Longest = 3, 600
	e, _ := open(t, Options{BaseURL: server.URL, Batch: 10, Concurrency: 1})
	var texts []string
	for i := range 10 {
		texts = append(texts, "text "+strconv.Itoa(i))
	}
	texts[4] = strings.Repeat("word ", 400)
	got, err := e.Embed(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		if want := unit(text, 8); got[i].Dot(want) < 0.999 {
			t.Errorf("vector %d is %v, want %v", i, got[i], want)
		}
	}
	server.Longest = 1
	if _, err := e.Embed(t.Context(), texts); !errors.Is(err, embeddings.ErrMisconfigured) {
		t.Errorf("a server that refuses everything: %v, want ErrMisconfigured", err)
	}
}

func TestEnded(t *testing.T) {
	server := openaitest.New(t)
	server.Script = slices.Repeat([]openaitest.Step{openaitest.Hangs()}, 20)
	e, _ := open(t, Options{BaseURL: server.URL, Batch: 1})
	for range breakAfter {
		ctx, cancel := context.WithCancel(t.Context())
		arrived := len(server.Requests())
		done := make(chan error, 1)
		go func() {
			_, err := e.Embed(ctx, []string{"a", "b", "c", "d", "e", "f", "g"})
			done <- err
		}()
		for len(server.Requests()) == arrived && len(done) == 0 {
			runtime.Gosched()
		}
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) || errors.Is(err, embeddings.ErrUnavailable) {
			t.Errorf("error %v, want context.Canceled alone", err)
		}
	}
	if _, ok := e.server.breaker.enter(); !ok {
		t.Error("a caller that left counts as a failure of the server")
	}
}

func TestRealServer(t *testing.T) {
	address := os.Getenv("WHETSTONE_TEST_OPENAI")
	if address == "" {
		t.Skip("WHETSTONE_TEST_OPENAI is not set to the address of an OpenAI-compatible server")
	}
	model := os.Getenv("WHETSTONE_TEST_OPENAI_MODEL")
	e, err := Open(t.Context(), Options{BaseURL: address, Key: os.Getenv("WHETSTONE_TEST_OPENAI_KEY"), Model: model})
	if err != nil {
		t.Fatal(err, Detail(err))
	}
	got, err := e.Embed(t.Context(), []string{"how do I return an order?", "sending goods back", "the weather in spring", ""})
	if err != nil {
		t.Fatal(err, Detail(err))
	}
	if near, far := got[0].Dot(got[1]), got[0].Dot(got[2]); near <= far {
		t.Errorf("%s finds the weather (%.3f) nearer than a return (%.3f)", e.Model(), far, near)
	}
	o := Options{BaseURL: address, Key: e.opts.Key, Model: model, Dim: e.Dim() + 1}
	if _, err := Open(t.Context(), o); !errors.Is(err, embeddings.ErrMisconfigured) {
		t.Errorf("another dimension: %v, want ErrMisconfigured", err)
	}
}

func TestContract(t *testing.T) {
	embeddingstest.Run(t, func(t *testing.T) embeddings.Embedder {
		e, _ := open(t, Options{BaseURL: openaitest.New(t).URL, Dim: 8})
		return e
	})
}
