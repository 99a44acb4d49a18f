package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/embeddings/openai/openaitest"
)

// While its index is first built, which takes hours with some model servers, a
// server says that it lives and that it is not ready.
func TestAServerAnswersWhileItsIndexIsBuilt(t *testing.T) {
	release := make(chan struct{})
	model := &openaitest.Server{Model: "m1", Dim: 64}
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/embeddings") && r.ContentLength > 200 { // a passage, not the probe
			<-release
		}
		model.ServeHTTP(w, r)
	}))
	defer slow.Close()

	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	env := newEnvironment(t)
	dir := t.TempDir()
	write(t, dir, map[string]string{"a.md": "# Returns\n\n" + strings.Repeat("Send the parcel back within 14 days. ", 10)})
	succeed(t, env, "import", dir)
	if err := os.RemoveAll(filepath.Join(env.data(), "index")); err != nil {
		t.Fatal(err)
	}
	p := begin(t, env.with("WHETSTONE_EMBEDDINGS_URL="+slow.URL+"/v1", "WHETSTONE_EMBEDDINGS_MODEL=m1"), "serve", "--addr", addr)
	p.url = "http://" + addr
	until(t, "the server lives", func() bool { status, _ := p.call(http.MethodGet, "/healthz", ""); return status == http.StatusOK })
	if status, body := p.call(http.MethodGet, "/readyz", ""); status != http.StatusServiceUnavailable {
		t.Errorf("/readyz answers %d %s while the index is built", status, body)
	}
	close(release)
	until(t, "the server is ready", func() bool { status, _ := p.call(http.MethodGet, "/readyz", ""); return status == http.StatusOK })
}
