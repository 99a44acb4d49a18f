package main

import (
	"net/http"
	"strings"
	"testing"
)

// Two processes on one data folder: a second server says why it cannot, and
// commands work beside the first.
func TestBesideARunningServer(t *testing.T) {
	t.Parallel()
	env := newEnvironment(t)
	p := startServer(t, env)
	p.put("kettle", "Descaling the kettle", "Boil vinegar in it and rinse.")

	fail(t, env, []string{"serve"}, "in use by another whetstone process", "--data")
	fail(t, env, []string{"reindex", "--all"}, "in use", "stop it")

	dir := t.TempDir()
	write(t, dir, map[string]string{"lamp.md": "# Changing the bulb of the lamp\n\nTurn it to the left."})
	out := succeed(t, env, "import", dir)
	if !strings.HasPrefix(out, "1 created,") {
		t.Errorf("import says %s", out)
	}
	until(t, "the server finds what was imported", func() bool { return p.finds("change the bulb of a lamp", "lamp") })
	for _, args := range [][]string{{"search", "descale a kettle", "--json"}, {"suggest", "how do I descale the kettle?", "--json"}} {
		r := read[reply](t, []byte(succeed(t, env, args...)))
		if r.first() != "kettle" {
			t.Errorf("%s finds %+v", args[0], r)
		}
	}

	key := read[struct{ ID, Secret string }](t, []byte(succeed(t, env, "key", "add", "--name", "other", "--role", "operator", "--json")))
	admin := p.key
	p.key = key.Secret
	if status, body := p.call(http.MethodPost, "/v1/search", `{"text":"kettle"}`); status != http.StatusOK {
		t.Errorf("a new key: status %d %s", status, body)
	}
	succeed(t, env, "key", "revoke", key.ID)
	until(t, "the key is refused", func() bool {
		status, _ := p.call(http.MethodPost, "/v1/search", `{"text":"kettle"}`)
		return status == http.StatusUnauthorized
	})
	p.key = admin
	if _, audit := p.call(http.MethodGet, "/v1/audit?who=command", ""); !strings.Contains(string(audit), `"make-key"`) || !strings.Contains(string(audit), `"revoke-key"`) {
		t.Errorf("what commands did stands in the audit as %s", audit)
	}
	doctor, _, _ := command(t, env, "doctor")
	if !strings.Contains(doctor, "a server has it open") {
		t.Errorf("doctor says %s", doctor)
	}
	p.stop()
}

func TestAWorkspaceRemovedBesideAServer(t *testing.T) {
	t.Parallel()
	env := newEnvironment(t)
	p := startServer(t, env)
	p.put("kettle", "Descaling the kettle", "Boil vinegar in it and rinse.")
	succeed(t, env, "workspace", "remove", "default", "--yes")
	succeed(t, env, "workspace", "add", "default")
	p.key = strings.TrimSpace(succeed(t, env, "key", "add"))
	p.put("lamp", "Changing the bulb of the lamp", "Turn it to the left.")
	until(t, "the new workspace is searched", func() bool { return p.finds("bulb of the lamp", "lamp") })
	if p.finds("descale the kettle", "kettle") {
		t.Error("what was removed is found")
	}
	p.stop()
}
