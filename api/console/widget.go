package console

import (
	"bytes"
	"context"
	"html"
	"net/http"
	"strings"
)

// widgetPolicy is the Content-Security-Policy of the panel's page but for who
// may show it.
const widgetPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors "

// Widget returns what serves the panel that other helpdesks show beside a
// ticket: its page at /widget/ and the script that puts it there at /widget.js.
// ancestors returns the origins that may show the page that the query's "of"
// names; no other page can, and the panel talks to no other. Neither needs a
// cookie or sets one: what the panel may do is in its token, which never gets
// here. The handler may be used by many goroutines if ancestors may.
func Widget(ancestors func(ctx context.Context, of string) ([]string, error)) http.Handler {
	files, err := read(dist)
	if err != nil {
		panic(err) // what is embedded can be read
	}
	page, script := files["widget.html"], files["widget.js"]
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secured(w)
		// A helpdesk's page loads both from elsewhere: that is what they are for.
		w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
		switch {
		case page == nil || script == nil:
			http.NotFound(w, r)
		case r.URL.Path == "/widget.js":
			script.body(w, r, "public, max-age=300")
		default:
			origins, err := ancestors(r.Context(), r.URL.Query().Get("of"))
			if err != nil {
				http.Error(w, "who may show this page cannot be found out at the moment", http.StatusServiceUnavailable)
				return
			}
			page.showTo(origins).body(w, r, "no-store")
		}
	})
}

// showTo sets who may show a page, and writes it into the page for its script.
func (f *file) showTo(origins []string) *page {
	who := strings.Join(origins, " ")
	plain := bytes.ReplaceAll(f.plain, []byte("@origins"), []byte(html.EscapeString(who)))
	if who == "" {
		who = "'none'"
	}
	return &page{file{kind: f.kind, plain: plain}, widgetPolicy + who}
}

// A page is a file with a policy of its own.
type page struct {
	file
	policy string
}

func (p *page) body(w http.ResponseWriter, r *http.Request, cache string) {
	w.Header().Set("Content-Security-Policy", p.policy)
	w.Header().Del("X-Frame-Options") // it cannot name who may, and the policy does
	p.file.body(w, r, cache)
}
