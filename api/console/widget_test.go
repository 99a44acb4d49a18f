package console_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/api/console"
)

// panel answers as the panel's handler does for a workspace whose page is
// called acme.
func panel(t *testing.T, path string) *httptest.ResponseRecorder {
	t.Helper()
	h := console.Widget(func(_ context.Context, of string) ([]string, error) {
		switch of {
		case "acme":
			return []string{"https://desk.example.org", "http://localhost:3000"}, nil
		case "gone":
			return nil, errors.New("the database is away")
		}
		return nil, nil
	})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	return w
}

func TestThePanelsPageIsFramedByThoseWhoMayAlone(t *testing.T) {
	for path, want := range map[string]string{
		"/widget/?of=acme": "frame-ancestors https://desk.example.org http://localhost:3000",
		"/widget/?of=made": "frame-ancestors 'none'",
		"/widget/":         "frame-ancestors 'none'",
	} {
		r := panel(t, path)
		policy := r.Header().Get("Content-Security-Policy")
		if !strings.HasSuffix(policy, want) || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: %q", path, policy)
		}
		if len(r.Header().Values("Set-Cookie")) > 0 || r.Header().Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %v", path, r.Header())
		}
	}
	r := panel(t, "/widget/?of=gone")
	if r.Code != http.StatusServiceUnavailable || !strings.Contains(r.Header().Get("Content-Security-Policy"), "frame-ancestors 'none'") {
		t.Errorf("when nobody knows who may: %d %v", r.Code, r.Header())
	}
}

func TestThePanelsPageKnowsWhomItMayTalkTo(t *testing.T) {
	page := body(t, panel(t, "/widget/?of=acme"))
	if !strings.Contains(page, `data-origins="https://desk.example.org http://localhost:3000"`) {
		t.Errorf("the page is %q", page)
	}
	if page := body(t, panel(t, "/widget/?of=made")); !strings.Contains(page, `data-origins=""`) || strings.Contains(page, "desk.example.org") {
		t.Errorf("for a name that was made up it is %q", page)
	}
	for _, name := range regexp.MustCompile(`(?:src|href)="(/[^"]+)"`).FindAllStringSubmatch(page, -1) {
		if r := get(t, "GET", name[1], nil); r.Code != http.StatusOK {
			t.Errorf("%s: %d", name[1], r.Code)
		}
	}
}

func TestTheScriptThatPutsThePanelThereCanBeLoadedFromElsewhere(t *testing.T) {
	r := panel(t, "/widget.js")
	if r.Code != http.StatusOK || r.Header().Get("Cross-Origin-Resource-Policy") != "cross-origin" || !strings.HasPrefix(r.Header().Get("Content-Type"), "text/javascript") {
		t.Errorf("%d %v", r.Code, r.Header())
	}
	if script := body(t, r); !strings.Contains(script, "Whetstone") || strings.Contains(script, "import ") {
		t.Errorf("it is no classic script: %.200q", script)
	}
}
