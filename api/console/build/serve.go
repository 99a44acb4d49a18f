package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"path"
	"strings"
	"sync"
	"time"
)

// serve answers /v1 from another server and everything else from a build that
// is made anew whenever the page is loaded.
func serve(addr, to, entry string) error {
	target, err := url.Parse(to)
	if err != nil {
		return err
	}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			// The server holds the origin against the host it was asked by.
			r.Out.Host = r.In.Host
		},
		FlushInterval: -1,
	}
	var mu sync.Mutex
	var built map[string][]byte
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/v1/") || r.URL.Path == "/healthz" || strings.HasPrefix(r.URL.Path, "/docs") || strings.HasPrefix(r.URL.Path, "/widget") {
			proxy.ServeHTTP(w, r)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		name := strings.TrimPrefix(r.URL.Path, "/")
		if name == "" || built == nil {
			if err := writeTypes(); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			files, err := inAll(entry)
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			built = files
		}
		if name == "" {
			name = "index.html"
		}
		body, ok := built[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write(body) // it fails only if the client is gone
	})
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", addr)
	if err != nil {
		return err
	}
	fmt.Printf("http://%s, with /v1 from %s\n", l.Addr(), to)
	srv := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	return srv.Serve(l)
}

// gzipped returns how many bytes b has when it is compressed.
func gzipped(b []byte) int {
	var buf bytes.Buffer
	z, _ := gzip.NewWriterLevel(&buf, gzip.BestCompression) // the level is one that exists
	_, _ = z.Write(b)                                       // a buffer takes everything
	_ = z.Close()
	return buf.Len()
}
