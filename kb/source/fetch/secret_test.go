package fetch

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const token = "s3cr3t/t0ken+1"

// leaks reports whether text holds the token in one of its forms.
func leaks(text string) bool {
	for _, form := range []string{token, url.QueryEscape(token), url.PathEscape(token), "bWU6czNjcjN0"} {
		if strings.Contains(text, form) {
			return true
		}
	}
	return false
}

func TestASecretNeverPrints(t *testing.T) {
	s := NewSecret(token)
	holder := struct {
		Open   Secret
		hidden Secret
		ptr    *Secret
	}{s, s, &s}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("m", "secret", s, "holder", holder, "credential", Bearer("h", s))
	slog.New(slog.NewJSONHandler(&log, nil)).Info("m", "secret", s, "holder", holder)
	client := New(Options{Credentials: []Credential{Bearer("h", s), Basic("h", "me", s), Header("h", "X", s), Query("h", "k", s)}})
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%p", "%c"} {
		for _, v := range []any{s, &s, holder, &holder, []Secret{s}, map[string]Secret{"a": s}, client, client.o, client.o.Credentials} {
			if text := fmt.Sprintf(verb, v); leaks(text) {
				t.Errorf("%s of %T prints it: %.200s", verb, v, text)
			}
		}
	}
	b, err := json.Marshal(map[string]any{"secret": s, "holder": holder, "credential": Bearer("h", s)})
	if err != nil || leaks(string(b)) || leaks(log.String()) {
		t.Errorf("JSON %s, log %s, %v", b, log.String(), err)
	}
	if got := fmt.Sprint(s, NewSecret("")); got != "**** " {
		t.Errorf("prints %q", got)
	}
	var back Secret
	if err := json.Unmarshal([]byte(`"`+token+`"`), &back); err != nil || back.Reveal() != token {
		t.Errorf("read back %v", err)
	}
}

func TestCredentialsGoToTheirHostOnly(t *testing.T) {
	seen := map[string]string{}
	record := func(name string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			seen[name] = strings.Join(r.Header["Authorization"], "") + strings.Join(r.Header["X-Api-Key"], "") + r.URL.RawQuery + r.Referer()
			if to := r.URL.Query().Get("to"); to != "" {
				http.Redirect(w, r, to, http.StatusFound)
			}
		}
	}
	home, homeHost := serve(t, record("home"))
	other, otherHost := serve(t, record("other"))
	for name, with := range map[string]struct {
		cred Credential
		Conditions
		want string
	}{
		"a bearer token":         {cred: Bearer(homeHost, NewSecret(token)), want: "Bearer " + token},
		"a password":             {cred: Basic(homeHost, "me", NewSecret(token)), want: "Basic bWU6czNjcjN0"},
		"a field":                {cred: Header(homeHost, "x-api-key", NewSecret(token)), want: token},
		"a parameter":            {cred: Query(homeHost, "api_token", NewSecret(token)), want: "api_token=" + url.QueryEscape(token)},
		"a field of the request": {Conditions: Conditions{Header: http.Header{"X-Api-Key": {token}}}, want: token},
	} {
		t.Run(name, func(t *testing.T) {
			clear(seen)
			o := quick(homeHost, otherHost)
			o.Credentials = []Credential{with.cred}
			c := New(o)
			r, err := c.Get(t.Context(), home+"/?to="+url.QueryEscape(other+"/"), with.Conditions)
			if err != nil {
				t.Fatal(err)
			}
			if leaks(r.URL) {
				t.Errorf("the address of the response has it: %s", r.URL)
			}
			if _, err := c.Get(t.Context(), other, Conditions{}); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(seen["home"], with.want) {
				t.Errorf("the host got %q, want %q", seen["home"], with.want)
			}
			if seen["other"] != "" {
				t.Errorf("another host got %q", seen["other"])
			}
		})
	}
}

func TestCredentialsAreNotSentInTheClearAfterARedirect(t *testing.T) {
	o := Options{Credentials: []Credential{
		Bearer("help.example.com", NewSecret(token)), Query("help.example.com", "k", NewSecret(token)), Header("help.example.com:8080", "X-Key", NewSecret(token)),
	}}
	for _, tt := range []struct {
		address string
		plain   bool // the caller asked by http
		want    bool
	}{
		{"https://help.example.com/", false, true},
		{"https://help.example.com:8080/", false, true},
		{"http://help.example.com/", true, true},
		{"http://help.example.com/", false, false},
		{"https://help.example.com:8443/", false, false},
		{"https://www.help.example.com/", false, false},
		{"https://example.com/", false, false},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, tt.address, nil)
		if err != nil {
			t.Fatal(err)
		}
		New(o).authorize(r, tt.plain)
		if got := leaks(r.URL.String() + fmt.Sprint(r.Header)); got != tt.want {
			t.Errorf("%s, asked by http %v: sent %v, want %v", tt.address, tt.plain, got, tt.want)
		}
	}
}

// A connection that is broken, a server that says back what it was sent, and
// addresses that hold a token themselves.
func TestErrorsHoldNoToken(t *testing.T) {
	garbage, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = garbage.Close() })
	go func() {
		for {
			conn, err := garbage.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Write([]byte("Bearer " + token + " is no HTTP\r\n\r\n"))
			_ = conn.Close()
		}
	}()
	echo, echoHost := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/refused":
			w.Header().Set("Location", "http://evil.example/?"+r.URL.RawQuery+"&said="+url.QueryEscape(token))
			w.WriteHeader(http.StatusFound)
		case "/large":
			_, _ = w.Write(make([]byte, 100))
		default:
			w.WriteHeader(http.StatusForbidden)
		}
	})
	o := quick(echoHost, garbage.Addr().String(), "gone.invalid")
	o.MaxBody, o.Tries = 10, 2
	s := NewSecret(token)
	o.Credentials = []Credential{
		Bearer(echoHost, s), Bearer(garbage.Addr().String(), s), Query(echoHost, "api_token", s), Basic("gone.invalid", "me", s),
	}
	c := New(o)
	own := "?page=2&access_token=another-" + "one&apiKey=k2k2"
	for _, address := range []string{
		echo + "/" + own, echo + "/refused" + own, echo + "/large" + own, "http://" + garbage.Addr().String() + "/" + own,
		"http://gone.invalid/" + own, "http://u:another-one@evil.example/" + own, "http://evil.example/" + own,
		"http://[broken/another-one" + own, echo + "/" + url.PathEscape(token),
	} {
		_, err := c.Get(t.Context(), address, Conditions{})
		if err == nil {
			t.Errorf("%s: no error", address)
			continue
		}
		if text := fmt.Sprintf("%v %+v %#v", err, err, err); leaks(text) || strings.Contains(text, "another-one") || strings.Contains(text, "k2k2") {
			t.Errorf("%s: the error shows it: %s", address, text)
		}
	}
	if got, want := c.Redact("https://u:p@h/a?page=2&access_token=x;sid=3#frag"), "https://****@h/a?page=2&access_token=****&sid=****"; got != want {
		t.Errorf("Redact %s, want %s", got, want)
	}
}
