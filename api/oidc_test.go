package api_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/api"
	"github.com/whetstone-desk/whetstone/api/auth"
)

// A provider vouches for whoever asks, as OpenID Connect Core 1.0 has it: one
// client, codes that are used once, tokens by ES256.
type provider struct {
	t      *testing.T
	web    *httptest.Server
	mu     sync.Mutex
	key    *ecdsa.PrivateKey
	kid    string                // of the key
	codes  map[string]url.Values // what was asked, by the code given
	claims map[string]any        // of the next token, over the ordinary ones
	info   map[string]any        // of the userinfo endpoint; nil: there is none
	post   bool                  // whether the client is registered to show its secret in the form alone
	tried  int                   // how often a token was asked for
}

func newProvider(t *testing.T) *provider {
	p := &provider{t: t, codes: make(map[string]url.Values)}
	p.rotate("k")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		d := map[string]any{
			"issuer": p.web.URL, "authorization_endpoint": p.web.URL + "/authorize", "token_endpoint": p.web.URL + "/token",
			"jwks_uri": p.web.URL + "/keys", "id_token_signing_alg_values_supported": []string{"ES256"},
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.info != nil {
			d["userinfo_endpoint"] = p.web.URL + "/me"
		}
		p.write(w, d)
	})
	mux.HandleFunc("GET /keys", p.keys)
	mux.HandleFunc("GET /me", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer a" {
			t.Errorf("userinfo is asked for with %q", r.Header.Get("Authorization"))
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.write(w, p.info)
	})
	mux.HandleFunc("POST /token", p.token)
	p.web = httptest.NewServer(mux)
	t.Cleanup(p.web.Close)
	return p
}

// rotate has the provider sign with another key from now on, and know no other.
func (p *provider) rotate(kid string) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		p.t.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.key, p.kid = key, kid
}

func (p *provider) keys(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	point, err := p.key.PublicKey.Bytes() // 4, x, y
	if err != nil {
		p.t.Error(err)
	}
	p.write(w, map[string]any{"keys": []any{map[string]any{
		"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": p.kid, "x": encoded(point[1:33]), "y": encoded(point[33:]),
	}}})
}

func encoded(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (p *provider) write(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		p.t.Error(err)
	}
}

// says sets what the next tokens claim.
func (p *provider) says(claims map[string]any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.claims = claims
}

// agree has the person at the provider agree to what the browser was sent
// with, and returns the query with which it sends the browser back.
func (p *provider) agree(asked url.Values) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	code := rand.Text()
	p.codes[code] = asked
	return url.Values{"code": {code}, "state": {asked.Get("state")}}.Encode()
}

func (p *provider) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tried++
	client, secret, _ := r.BasicAuth()
	if p.post {
		client, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	if client != "desk" || secret != "sesame" {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		p.write(w, map[string]string{"error": "invalid_client"})
		return
	}
	code := r.FormValue("code")
	asked, ok := p.codes[code]
	delete(p.codes, code)
	challenge := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if !ok || encoded(challenge[:]) != asked.Get("code_challenge") || asked.Get("code_challenge_method") != "S256" ||
		r.FormValue("redirect_uri") != asked.Get("redirect_uri") {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		p.write(w, map[string]string{"error": "invalid_grant"})
		return
	}
	now := time.Now().Unix()
	claims := map[string]any{
		"iss": p.web.URL, "sub": "1", "aud": "desk", "iat": now, "exp": now + 60, "nonce": asked.Get("nonce"),
		"email": "anna@acme.test", "email_verified": true, "name": "Anna",
	}
	for name, v := range p.claims {
		if claims[name] = v; v == nil {
			delete(claims, name)
		}
	}
	p.write(w, map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": p.signed(claims)})
}

// signed returns the claims as a JWT (RFC 7518, section 3.4).
func (p *provider) signed(claims map[string]any) string {
	b, err := json.Marshal(claims)
	if err != nil {
		p.t.Error(err)
	}
	text := encoded([]byte(`{"alg":"ES256","kid":"`+p.kid+`"}`)) + "." + encoded(b)
	sum := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, p.key, sum[:])
	if err != nil {
		p.t.Error(err)
	}
	sig := make([]byte, 64)
	r.FillBytes(sig[:32])
	s.FillBytes(sig[32:])
	return text + "." + encoded(sig)
}

// comes goes all the way by the provider and returns the last response; change
// may tamper with the way back.
func (p *provider) comes(x *installation, change func(query, cookie string) (string, string)) reply {
	p.t.Helper()
	return p.comesFrom(x, "/auth/oidc", change)
}

// comesFrom is comes from another address of the sign-in.
func (p *provider) comesFrom(x *installation, from string, change func(query, cookie string) (string, string)) reply {
	p.t.Helper()
	r := x.send("", "GET", from, "").want(302)
	to, err := url.Parse(r.header.Get("Location"))
	if err != nil || !strings.HasPrefix(to.String(), p.web.URL+"/authorize?") {
		p.t.Fatalf("sent to %s: %v", to, err)
	}
	c := cookieOf(p.t, r.header, "whetstone_oidc")
	if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/auth/oidc" {
		p.t.Errorf("the cookie is %s", c)
	}
	if got := to.Query().Get("redirect_uri"); got != x.url+"/auth/oidc/callback" {
		p.t.Errorf("to come back to %s", got)
	}
	query, cookie := change(p.agree(to.Query()), c.Value)
	return x.send("", "GET", "/auth/oidc/callback?"+query, "", "Cookie", "whetstone_oidc="+cookie).want(302)
}

func straight(query, cookie string) (string, string) { return query, cookie }

func TestSigningInByAProvider(t *testing.T) {
	p := newProvider(t)
	x := install(t, func(s *api.Server) {
		s.OIDC = &api.OIDC{Issuer: p.web.URL, Client: "desk", Secret: "sesame", Role: auth.Operator, Workspace: "acme"}
	})
	anna := x.person("anna@acme.test", auth.Editor)
	x.send("", "GET", "/v1/session/ways", "").want(200).has(`"oidc":true`)
	r := p.comes(x, straight)
	c := cookieOf(t, r.header, "whetstone")
	if r.header.Get("Location") != "/" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
		t.Errorf("to %s with %s", r.header.Get("Location"), c)
	}
	x.send("", "GET", "/v1/session", "", "Cookie", "whetstone="+c.Value).want(200).has(anna.ID)
	x.send(x.admin, "GET", "/v1/audit?what=sign-in-oidc", "").want(200).has("person:" + anna.ID)

	p.says(map[string]any{"sub": "2", "email": "new@acme.test", "name": "Newcomer"})
	c = cookieOf(t, p.comes(x, straight).header, "whetstone")
	x.send("", "GET", "/v1/session", "", "Cookie", "whetstone="+c.Value).want(200).has(`"name":"Newcomer","email":"new@acme.test","role":"operator"`)
}

func TestWhoAProviderDoesNotVouchForStaysOut(t *testing.T) {
	p := newProvider(t)
	x := install(t, func(s *api.Server) {
		s.OIDC = &api.OIDC{Issuer: p.web.URL, Client: "desk", Secret: "sesame", Workspace: "acme"}
	})
	x.person("anna@acme.test", auth.Editor)
	var used string
	for _, tt := range []struct {
		name   string
		claims map[string]any
		change func(query, cookie string) (string, string)
		why    string
	}{
		{"a newcomer where none are let in", map[string]any{"sub": "9", "email": "new@acme.test"}, straight, "forbidden"},
		{"an e-mail that is not proven", map[string]any{"email_verified": false}, straight, "unproven"},
		{"an e-mail of which nothing is said", map[string]any{"email_verified": nil}, straight, "unproven"},
		{"no e-mail", map[string]any{"email": nil, "email_verified": nil}, straight, "unproven"},
		{"a token for another client", map[string]any{"aud": "other"}, straight, "failed"},
		{"a token that has expired", map[string]any{"exp": time.Now().Unix() - 3600}, straight, "failed"},
		{"a token of another issuer", map[string]any{"iss": "https://evil.test"}, straight, "failed"},
		{"another nonce", map[string]any{"nonce": "x"}, straight, "stale"},
		{"another state", nil, func(q, c string) (string, string) { return q + "x", c }, "stale"},
		{"no cookie", nil, func(q, _ string) (string, string) { return q, "" }, "stale"},
		{"another verifier", nil, func(q, c string) (string, string) {
			return q, strings.Join(append(strings.Split(c, ".")[:2], "x", ""), ".")
		}, "failed"},
		{"who says no", nil, func(q, c string) (string, string) { return q + "&error=access_denied", c }, "declined"},
		{"a provider that is out of order", nil, func(q, c string) (string, string) { return q + "&error=server_error&error_description=disk+full", c }, "failed"},
		{"a code that was made up", nil, func(q, c string) (string, string) { return strings.Replace(q, "code=", "code=x", 1), c }, "failed"},
		{"in order", nil, func(q, c string) (string, string) { used = q; return q, c }, ""},
	} {
		p.says(tt.claims)
		r := p.comes(x, tt.change)
		in := false
		for _, c := range (&http.Response{Header: r.header}).Cookies() {
			in = in || c.Name == "whetstone"
		}
		want := "/#/sign-in?problem=" + tt.why
		if tt.why == "" {
			want = "/"
		}
		if got := r.header.Get("Location"); got != want || in != (tt.why == "") {
			t.Errorf("%s: to %s, signed in %t", tt.name, got, in)
		}
	}
	p.says(nil)
	r := p.comes(x, func(q, c string) (string, string) {
		mine, err := url.ParseQuery(q)
		theirs, err2 := url.ParseQuery(used)
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		return url.Values{"state": mine["state"], "code": theirs["code"]}.Encode(), c
	})
	if got := r.header.Get("Location"); got != "/#/sign-in?problem=failed" {
		t.Errorf("with a code that was used: to %s", got)
	}
	log := x.log.String()
	if strings.Contains(log, "sesame") {
		t.Error("the log has the secret")
	}
	for _, why := range []string{"disk full", "invalid_grant", "does not vouch for an e-mail", "new@acme.test has no account here"} {
		if !strings.Contains(log, why) {
			t.Errorf("the log does not say %q", why)
		}
	}
}

func TestAProviderThatIsAwayIsAskedAgain(t *testing.T) {
	var away, key = true, new(sync.Mutex)
	p := newProvider(t)
	gate := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key.Lock()
		defer key.Unlock()
		if away {
			http.Error(w, "away", http.StatusBadGateway)
			return
		}
		p.web.Config.Handler.ServeHTTP(w, r)
	}))
	t.Cleanup(gate.Close)
	p.web.URL = gate.URL
	x := install(t, func(s *api.Server) {
		s.OIDC = &api.OIDC{Issuer: gate.URL, Client: "desk", Secret: "sesame", Role: auth.Lead, Workspace: "acme"}
	})
	if got := x.send("", "GET", "/auth/oidc", "").want(302).header.Get("Location"); got != "/#/sign-in?problem=away" {
		t.Errorf("to %s", got)
	}
	key.Lock()
	away = false
	key.Unlock()
	cookieOf(t, p.comes(x, straight).header, "whetstone")
	x.send("", "GET", "/auth/oidc/callback", "").want(302)

	without := install(t)
	without.send("", "GET", "/auth/oidc", "").want(404)
}
