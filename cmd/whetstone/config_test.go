package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write golden files")

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "settings.env")
	text := "# a comment\nWHETSTONE_ADDR = 0.0.0.0:9000\nWHETSTONE_RATE=\"5\"\nWHETSTONE_EMBEDDINGS_URL=http://localhost:1/v1\nWHETSTONE_EMBEDDINGS_MODEL=m\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		env  []string
		want string // in the error; empty: none
		ok   func(*config) bool
	}{
		{"nothing is set", nil, "", func(c *config) bool { return c.Addr == "127.0.0.1:8080" && c.dsn() == "whetstone-data/whetstone.db" }},
		{"the file is read", []string{"WHETSTONE_CONFIG=" + file}, "", func(c *config) bool { return c.Addr == "0.0.0.0:9000" && c.Rate == 5 }},
		{"the environment goes before the file", []string{"WHETSTONE_CONFIG=" + file, "WHETSTONE_RATE=7"}, "", func(c *config) bool { return c.Rate == 7 }},
		{"a misspelt name", []string{"WHETSTONE_ADDRESS=x"}, "WHETSTONE_ADDRESS is no setting", nil},
		{"a variable of others", []string{"WHETSTONE_TEST_QDRANT=x", "WHETSTONE_KEY=y", "PATH=/bin"}, "", func(*config) bool { return true }},
		{"a number that is none", []string{"WHETSTONE_BURST=many"}, "WHETSTONE_BURST", nil},
		{"a server without a model", []string{"WHETSTONE_CHAT_URL=http://x/v1"}, "set WHETSTONE_CHAT_MODEL", nil},
		{"a model without a server", []string{"WHETSTONE_EMBEDDINGS_MODEL=m"}, "set WHETSTONE_EMBEDDINGS_URL", nil},
		{"a database that is no PostgreSQL", []string{"WHETSTONE_DATABASE=mysql://x"}, "postgres://", nil},
		{"a provider without a client", []string{"WHETSTONE_OIDC_ISSUER=https://id.test"}, "set both or neither", nil},
		{"newcomers of a role that people do not have", []string{"WHETSTONE_OIDC_ROLE=helpdesk"}, "WHETSTONE_OIDC_ROLE", nil},
		{"a proxy that is a name", []string{"WHETSTONE_PROXIES=10.0.0.0/8 proxy"}, "WHETSTONE_PROXIES", nil},
		{"a provider", []string{"WHETSTONE_OIDC_ISSUER=https://id.test", "WHETSTONE_OIDC_CLIENT=desk", "WHETSTONE_OIDC_ROLE=lead", "WHETSTONE_OIDC_TRUST_EMAIL=true"}, "", func(c *config) bool {
			return c.oidc().Role == "lead" && c.oidc().Workspace == "default" && c.oidc().TrustEmail
		}},
		{"a token without its host", []string{"WHETSTONE_TOKEN_DESK=s3cret"}, "WHETSTONE_TOKEN_DESK: write the host that the token is for before it", nil},
		{"a token behind an address", []string{"WHETSTONE_TOKEN_DESK=https://acme.example s3cret"}, "write the host", nil},
		{"a token for all hosts", []string{"WHETSTONE_TOKEN_DESK=* s3cret"}, "write the host", nil},
		{"tokens", []string{"WHETSTONE_TOKEN_DESK=shop@*.Acme.example:8443  s3cret ", "WHETSTONE_TOKEN_B=api.intercom.io b"}, "", func(c *config) bool {
			return c.tokens["DESK"] == token{"shop", "*.Acme.example:8443", "s3cret"} && c.tokens["B"] == token{"", "api.intercom.io", "b"}
		}},
		{"a file that is not there", []string{"WHETSTONE_CONFIG=" + file + "x"}, "settings file", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := load(tt.env)
			if tt.want != "" {
				if err == nil || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("error %v, want %q", err, tt.want)
				}
				return
			}
			if err != nil || !tt.ok(c) {
				t.Errorf("settings %+v, %v", c, err)
			}
		})
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	c, err := load([]string{
		"WHETSTONE_DATABASE=postgres://anna:sesame@db/w", "WHETSTONE_QDRANT_KEY=sesame", "WHETSTONE_CHAT_URL=http://x/v1",
		"WHETSTONE_CHAT_MODEL=m", "WHETSTONE_CHAT_KEY=sesame", "WHETSTONE_EMBEDDINGS_KEY=sesame",
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range c.settings() {
		if strings.Contains(s.shown(), "sesame") {
			t.Errorf("%s shows its secret: %s", s.name, s.shown())
		}
	}
}

// The settings page is written from the list of settings; run the test with
// -update after changing it.
func TestSettingsPage(t *testing.T) {
	const path = "../../deploy/docs/settings.md"
	var b strings.Builder
	b.WriteString("# Settings\n\nAll of them may be left empty. They are read from the environment, over the file named by `WHETSTONE_CONFIG`" +
		" (or `whetstone.env` in the working folder), whose lines are `NAME=value`. A name that is no setting is an error." +
		" `whetstone config` prints what is in force, without secrets. `--data`, `--addr` and `--workspace` go before everything.\n\n" +
		"| name | default | meaning |\n|---|---|---|\n")
	for _, s := range new(config).settings() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", s.name, code(s.def), s.about)
	}
	fmt.Fprintf(&b, "\nBesides, `%s` and a name holds a token of [connections](sources.md), which name it in their configs, behind the host that it may go to:"+
		" `acme.zendesk.com TOKEN`; `*.example.com` is example.com and all below it, `shop@acme.zendesk.com` is for connections of the workspace shop alone."+
		" For git by ssh it is the path of a key. It is kept nowhere else and printed nowhere.\n", tokenPrefix)
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != b.String() {
		t.Errorf("%s is not what the settings say: run go test ./cmd/whetstone -run SettingsPage -update", path)
	}
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}
