package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/api"
	"github.com/whetstone-desk/whetstone/api/auth"
)

// reliant is an installation where anna@acme.test may come by the provider.
func (p *provider) reliant(change ...func(*api.OIDC)) *installation {
	o := &api.OIDC{Issuer: p.web.URL, Client: "desk", Secret: "sesame", Workspace: "acme"}
	for _, c := range change {
		c(o)
	}
	x := install(p.t, func(s *api.Server) { s.OIDC = o })
	x.person("anna@acme.test", auth.Editor)
	return x
}

// lands goes all the way by the provider and reports where it ends.
func (p *provider) lands(x *installation, want string) {
	p.t.Helper()
	r := p.comes(x, straight)
	in := false
	for _, c := range (&http.Response{Header: r.header}).Cookies() {
		in = in || c.Name == "whetstone"
	}
	if got := r.header.Get("Location"); got != want || in != (want == "/") {
		p.t.Errorf("to %s, signed in %t, want %s", got, in, want)
	}
}

// tells sets what the userinfo endpoint says from now on.
func (p *provider) tells(info map[string]any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.info = info
}

func TestWhatAProviderSaysOfSomebodyCountsWhereverItSaysIt(t *testing.T) {
	type said = map[string]any
	bare := said{"email": nil, "email_verified": nil, "name": nil}
	for _, tt := range []struct {
		name        string
		token, info said
		want        string
	}{
		{"all in the token", nil, nil, "/"},
		{"all at the userinfo endpoint", bare, said{"sub": "1", "email": "anna@acme.test", "email_verified": true}, "/"},
		{"the proof as a text", said{"email_verified": "true"}, nil, "/"},
		{"the proof as a text at the endpoint", bare, said{"sub": "1", "email": "anna@acme.test", "email_verified": "true"}, "/"},
		{"no as a text", said{"email_verified": "false"}, nil, "/#/sign-in?problem=unproven"},
		{"the proof at the endpoint alone", said{"email_verified": nil}, said{"sub": "1", "email": "anna@acme.test", "email_verified": true}, "/"},
		{"the proof of no e-mail", said{"email_verified": false}, said{"sub": "1", "email_verified": true}, "/#/sign-in?problem=unproven"},
		{"the proof of another e-mail", said{"email_verified": false}, said{"sub": "1", "email": "eve@acme.test", "email_verified": true}, "/#/sign-in?problem=forbidden"},
		{"somebody else's e-mail at the endpoint", bare, said{"sub": "2", "email": "anna@acme.test", "email_verified": true}, "/#/sign-in?problem=stale"},
		{"no e-mail anywhere", bare, said{"sub": "1"}, "/#/sign-in?problem=unproven"},
		{"a name of three hundred characters", said{"name": strings.Repeat("я", 300)}, nil, "/"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newProvider(t)
			p.tells(tt.info)
			p.says(tt.token)
			p.lands(p.reliant(), tt.want)
		})
	}
}

func TestANewcomerWithALongNameComesIn(t *testing.T) {
	p := newProvider(t)
	p.says(map[string]any{"sub": "9", "email": "new@acme.test", "name": strings.Repeat("я", 300)})
	p.lands(p.reliant(func(o *api.OIDC) { o.Role = auth.Operator }), "/")
}

func TestAnEmailNeedsNoProofWhereNobodyCanChooseTheirs(t *testing.T) {
	p := newProvider(t)
	p.says(map[string]any{"email_verified": nil})
	x := p.reliant(func(o *api.OIDC) { o.TrustEmail = true })
	p.lands(x, "/")
	p.says(map[string]any{"sub": "2", "email": nil})
	p.lands(x, "/#/sign-in?problem=unproven")
}

func TestTheSecretIsShownTheWayTheClientIsRegistered(t *testing.T) {
	p := newProvider(t)
	x := p.reliant()
	tries := func(want int) {
		t.Helper()
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.tried != want {
			t.Errorf("a token was asked for %d times, want %d", p.tried, want)
		}
		p.tried = 0
	}
	p.lands(x, "/")
	tries(1)
	p.mu.Lock()
	p.post = true
	p.mu.Unlock()
	p.lands(x, "/")
	tries(2)
	p.lands(x, "/")
	tries(1) // what served is kept
	p.comes(x, func(q, c string) (string, string) { return strings.Replace(q, "code=", "code=x", 1), c })
	tries(1) // it knew the client, and the code is spent
	p.mu.Lock()
	p.post = false
	p.mu.Unlock()
	p.lands(x, "/")
	tries(2)
}

func TestAProviderMayChangeItsKeys(t *testing.T) {
	p := newProvider(t)
	x := p.reliant()
	p.lands(x, "/")
	p.rotate("k2")
	p.lands(x, "/")
}

func TestAProviderThatGoesAwayHalfwayIsNamed(t *testing.T) {
	p := newProvider(t)
	x := p.reliant()
	r := p.comes(x, func(q, c string) (string, string) {
		p.web.Close()
		return q, c
	})
	if got := r.header.Get("Location"); got != "/#/sign-in?problem=away" {
		t.Errorf("to %s", got)
	}
}

func TestWhoSignsInComesBackToTheirPage(t *testing.T) {
	p := newProvider(t)
	x := p.reliant()
	for to, want := range map[string]string{
		"#/gaps/01J?status=open":         "/#/gaps/01J?status=open",
		"#/tickets/t.1/заказ":            "/#/tickets/t.1/заказ",
		"":                               "/",
		"https://evil.test/":             "/",
		"//evil.test":                    "/",
		"#/enter/token":                  "/",
		"#/sign-in?problem=stale":        "/",
		"#/" + strings.Repeat("x", 5000): "/",
	} {
		r := p.comesFrom(x, "/auth/oidc?to="+url.QueryEscape(to), straight)
		got, err := url.PathUnescape(r.header.Get("Location"))
		if err != nil || got != want {
			t.Errorf("%.40s: to %s: %v", to, got, err)
		}
	}
}

func TestAProviderIsAskedWhoItIsOnlyIfThePageWantsIt(t *testing.T) {
	p := newProvider(t)
	x := p.reliant()
	for from, want := range map[string]string{"/auth/oidc": "", "/auth/oidc?prompt=login": "login", "/auth/oidc?prompt=none": ""} {
		to, err := url.Parse(x.send("", "GET", from, "").want(302).header.Get("Location"))
		if err != nil || to.Query().Get("prompt") != want {
			t.Errorf("%s: to %s: %v", from, to, err)
		}
	}
}

func TestAStrayWayBackLeavesTheSignInThatIsUnderWay(t *testing.T) {
	p := newProvider(t)
	x := p.reliant()
	r := p.comes(x, func(_, c string) (string, string) { return "code=x&state=stray", c })
	if got := r.header.Values("Set-Cookie"); len(got) > 0 {
		t.Errorf("it sets %q", got)
	}
}
