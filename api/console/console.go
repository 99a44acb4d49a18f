// Package console serves Whetstone's web console, which is a client of the
// public API like any other. Its sources are in src, what is served in dist;
// `make console` makes the one of the other and dist is committed, so that the
// program is built without Node.
package console

import (
	"bytes"
	"compress/gzip"
	"embed"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

//go:embed dist
var dist embed.FS

// Policy is the Content-Security-Policy of the console: scripts, styles and
// data come from this server alone, nothing runs that is written into a page,
// and no page of another frames it.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

// A file is a part of the console as it is sent.
type file struct {
	kind   string // the content type
	plain  []byte
	zipped []byte // by gzip
}

// Handler returns what serves the console at /. Files of a build carry a hash
// of their content in their names and may be kept for good; every other address
// that is not a file's gets the page, which knows what to show. Only GET and
// HEAD are answered. The handler may be used by many goroutines.
func Handler() http.Handler {
	files, err := read(dist)
	if err != nil {
		panic(err) // what is embedded can be read
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
		f, ok := files[name]
		if !ok && path.Ext(name) != "" {
			secured(w)
			http.NotFound(w, r) // an asset of another version, not a page
			return
		}
		if !ok || name == "" {
			name, f = "index.html", files["index.html"]
		}
		f.send(w, r, strings.HasPrefix(name, "assets/"))
	})
}

// secured sets what every response carries.
func secured(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Security-Policy", Policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

func (f *file) send(w http.ResponseWriter, r *http.Request, immutable bool) {
	secured(w)
	cache := "no-cache"
	if immutable {
		cache = "public, max-age=31536000, immutable"
	}
	f.body(w, r, cache)
}

// body sends the file with what Cache-Control is to say.
func (f *file) body(w http.ResponseWriter, r *http.Request, cache string) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", cache)
	h.Set("Vary", "Accept-Encoding")
	body := f.plain
	if f.zipped != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = f.zipped
	}
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // it fails only if the client is gone
	}
}

// kinds returns a file's content type. What the machine says of endings is not
// asked: it may say that scripts are plain text.
func kinds(ending string) string {
	switch ending {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return "application/octet-stream"
}

// read returns the files of a build by their addresses without the first slash.
func read(from fs.FS) (map[string]*file, error) {
	files := make(map[string]*file)
	err := fs.WalkDir(from, "dist", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		plain, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		f := &file{kind: kinds(path.Ext(name)), plain: plain}
		if f.zipped, err = zip(plain); err != nil {
			return err
		}
		if len(f.zipped) >= len(plain) {
			f.zipped = nil
		}
		files[strings.TrimPrefix(name, "dist/")] = f
		return nil
	})
	return files, err
}

func zip(plain []byte) ([]byte, error) {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(plain); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
