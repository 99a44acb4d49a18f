package e2e

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// A valve stands between a browser and a server: it passes calls of the API on,
// or does to them what a bad day does.
type valve struct {
	*httptest.Server
	mu   sync.Mutex
	how  fault
	only string        // part of the paths that it is done to; empty: all
	free chan struct{} // closed when what is held may go on
}

// A fault is what happens to a call.
type fault struct {
	hold   bool   // the answer does not come until something else is set
	cut    bool   // the connection is closed
	status int    // this is answered, with body
	body   string // a problem, unless it says otherwise
}

// fate is what happens to calls in a state that a page is to show.
func fate(state string) fault {
	return map[string]fault{
		"held":      {hold: true},
		"error":     {status: 500, body: `{"title":"Internal Server Error","status":500}`},
		"busy":      {status: 503, body: `{"title":"Service Unavailable","status":503}`},
		"malformed": {status: 200, body: `{"tickets":[{"id":`},
		"forbidden": {status: 403, body: `{"title":"Forbidden","status":403,"detail":"your role may not do this"}`},
		"offline":   {cut: true},
	}[state]
}

// before puts a valve before a server; it passes everything on at first.
func before(t *testing.T, s *server) (*valve, *server) {
	t.Helper()
	to, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		FlushInterval: -1, // streams are passed on as they are written
		// The host stays the browser's: the server compares it with the origin.
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = to.Scheme, to.Host, r.In.Host
		},
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }, // the browser or the server is gone
	}
	v := &valve{free: make(chan struct{})}
	v.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if how := v.state(r); !how.happens(w, r, v) {
			proxy.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(func() { v.set(fault{}); v.CloseClientConnections(); v.Close() })
	return v, &server{url: v.URL, enter: strings.Replace(s.enter, s.url, v.URL, 1), key: s.key}
}

// set makes something happen to calls from now on; those that are held go on.
func (v *valve) set(how fault) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.how, v.only = how, ""
	close(v.free)
	v.free = make(chan struct{})
}

// breaks does it to the paths with a part in them.
func (v *valve) breaks(part string, how fault) {
	v.set(how)
	v.mu.Lock()
	defer v.mu.Unlock()
	v.only = part
}

// state returns what happens to a call. Who is signed in is always told: what
// there is without that is the sign-in page, with states of its own.
func (v *valve) state(r *http.Request) fault {
	v.mu.Lock()
	defer v.mu.Unlock()
	api := strings.HasPrefix(r.URL.Path, "/v1/") && !strings.HasPrefix(r.URL.Path, "/v1/session") || r.URL.Path == "/healthz" && v.how.cut
	if !api || !strings.Contains(r.URL.Path, v.only) {
		return fault{}
	}
	return v.how
}

// happens reports whether it answered itself.
func (f fault) happens(w http.ResponseWriter, r *http.Request, v *valve) bool {
	switch {
	case f.hold:
		v.mu.Lock()
		free := v.free
		v.mu.Unlock()
		select {
		case <-free:
			return false
		case <-r.Context().Done():
			panic(http.ErrAbortHandler)
		}
	case f.cut:
		panic(http.ErrAbortHandler) // the connection ends without an answer
	case f.status != 0:
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(f.status)
		_, _ = w.Write([]byte(f.body)) // it fails only if the browser is gone
		return true
	}
	return false
}

// bare starts a server with nothing in it.
func bare(t *testing.T) *server {
	t.Helper()
	bin, dir := binary(t), t.TempDir()
	made, err := program(t, bin, dir, "key", "add", "--name", "tests", "--role", "admin").Output()
	if err != nil {
		t.Fatalf("key: %v", err)
	}
	s := new(server)
	for _, word := range strings.Fields(string(made)) {
		if strings.HasPrefix(word, "wsk_") {
			s.key = word
		}
	}
	cmd := program(t, bin, dir, "serve", "--addr", "127.0.0.1:0")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 15 * time.Second
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Wait() }) // it is interrupted, which it reports as an error
	lines := bufio.NewScanner(said)
	for s.url == "" && lines.Scan() {
		if _, rest, ok := strings.Cut(lines.Text(), "serves "); ok {
			s.url, _, _ = strings.Cut(rest, ",")
		}
	}
	if s.url == "" || s.key == "" {
		t.Fatalf("the empty server did not say where it is: %+v", s)
	}
	go func() {
		for lines.Scan() {
		}
	}()
	return s
}

// program is a run of the binary in a folder of its own.
func program(t *testing.T, bin, dir string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(t.Context(), bin, append(args, "--data", dir)...)
	cmd.Env = clean(os.Environ())
	return cmd
}
