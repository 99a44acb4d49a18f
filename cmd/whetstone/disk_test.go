//go:build linux

package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// A full disk: writes are refused in so many words, searching goes on, and
// when there is room again everything works again.
func TestAFullDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := unix.Mount("none", dir, "tmpfs", 0, "size=6m"); err != nil {
		t.Skipf("SKIPPED: a full disk: mounting a small one needs root: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	env := newEnvironment(t).with("WHETSTONE_DATA=" + filepath.Join(dir, "data"))
	p := startServer(t, env)
	p.put("kettle", "Descaling the kettle", "Boil vinegar in it and rinse.")

	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 32<<20), 0o600); err == nil {
		t.Fatal("the disk took more than it holds")
	}
	text := strings.Repeat("Turn the lamp to the left and then to the right. ", 8000)
	status, body := 0, []byte(nil)
	until(t, "a write is refused", func() bool {
		status, body = p.call(http.MethodPut, "/v1/articles/lamp", asJSON(t, map[string]string{"title": "Lamp", "body": text}))
		return status != http.StatusOK && status != http.StatusCreated
	})
	if status != http.StatusServiceUnavailable || !strings.Contains(string(body), "nothing was changed") {
		t.Errorf("a write on a full disk: status %d: %s", status, body)
	}
	if !p.finds("descaling the kettle", "kettle") {
		t.Error("on a full disk nothing is found")
	}
	if status, _ := p.call(http.MethodGet, "/healthz", ""); status != http.StatusOK {
		t.Errorf("on a full disk the server's health is %d", status)
	}
	if out, _, code := command(t, env, "doctor"); code != 1 || !strings.Contains(out, "FAIL  disk") {
		t.Errorf("doctor ends with status %d and says %s", code, out)
	}

	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	until(t, "there is room again", func() bool {
		status, _ := p.call(http.MethodPut, "/v1/articles/cup", `{"title":"Washing the cup","body":"Use soap."}`)
		return status == http.StatusOK || status == http.StatusCreated
	})
	until(t, "what is written is found again", func() bool { return p.finds("washing the cup", "cup") })
	if r := p.ask("How do I wash the cup, washing it with soap?"); r.first() != "cup" {
		t.Errorf("asked when there is room again: %+v", r)
	}
	p.stop()
}
