package console_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/api/console"
)

func get(t *testing.T, method, path string, header http.Header) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	if header != nil {
		r.Header = header
	}
	w := httptest.NewRecorder()
	console.Handler().ServeHTTP(w, r)
	return w
}

func body(t *testing.T, r *httptest.ResponseRecorder) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestEveryAddressThatIsNoFileGetsThePage(t *testing.T) {
	want := body(t, get(t, "GET", "/", nil))
	if !strings.Contains(want, `<div id="app">`) {
		t.Fatalf("the page is %q", want)
	}
	for _, path := range []string{"/index.html", "/gaps/01J", "/a/b/c", "/../..", "/assets"} {
		r := get(t, "GET", path, nil)
		if r.Code != http.StatusOK || body(t, r) != want {
			t.Errorf("%s: %d", path, r.Code)
		}
		if r.Header().Get("Cache-Control") != "no-cache" {
			t.Errorf("%s may be kept: %q", path, r.Header().Get("Cache-Control"))
		}
	}
}

func TestAssetsAreKeptForGoodAndCompressed(t *testing.T) {
	page := body(t, get(t, "GET", "/", nil))
	names := regexp.MustCompile(`/assets/[a-z-]+-[A-Z0-9]{8}\.(js|css)`).FindAllString(page, -1)
	if len(names) != 4 {
		t.Fatalf("the page loads %v", names)
	}
	for _, name := range names {
		plain := get(t, "GET", name, nil)
		if plain.Code != http.StatusOK || !strings.Contains(plain.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %q", name, plain.Code, plain.Header().Get("Cache-Control"))
		}
		zipped := get(t, "GET", name, http.Header{"Accept-Encoding": {"gzip, br"}})
		if zipped.Header().Get("Content-Encoding") != "gzip" {
			t.Errorf("%s is not compressed", name)
			continue
		}
		z, err := gzip.NewReader(zipped.Body)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(z)
		if err != nil || string(b) != body(t, plain) {
			t.Errorf("%s differs when it is compressed: %v", name, err)
		}
	}
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	for _, path := range []string{"/assets/app-00000000.js", "/favicon.ico", "/assets/../console.go"} {
		if r := get(t, "GET", path, nil); r.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, r.Code)
		}
	}
	if r := get(t, "POST", "/", nil); r.Code != http.StatusMethodNotAllowed || r.Header().Get("Allow") == "" {
		t.Errorf("POST: %d", r.Code)
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	for _, path := range []string{"/", "/gaps", "/missing.js"} {
		h := get(t, "GET", path, nil).Header()
		for name, want := range map[string]string{
			"Content-Security-Policy": console.Policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
		} {
			if h.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, h.Get(name))
			}
		}
	}
	if strings.Contains(console.Policy, "unsafe") || strings.Contains(console.Policy, "http") {
		t.Error("the policy lets in what is written into pages, or another host")
	}
}

func TestThePageHoldsNoScriptOfItsOwn(t *testing.T) {
	page := body(t, get(t, "GET", "/", nil))
	for _, tag := range regexp.MustCompile(`(?s)<script[^>]*>(.*?)</script>`).FindAllStringSubmatch(page, -1) {
		if tag[1] != "" || !strings.Contains(tag[0], `src="/assets/`) {
			t.Errorf("the policy would stop %s", tag[0])
		}
	}
}
