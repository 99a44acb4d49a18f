package connect_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/connect"
	"github.com/whetstone-desk/whetstone/kb/source/fetch"
)

// leadsTo makes every host stand for the addresses.
func leadsTo(addrs ...string) func(context.Context, string) ([]netip.Addr, error) {
	return func(context.Context, string) ([]netip.Addr, error) {
		var out []netip.Addr
		for _, addr := range addrs {
			out = append(out, netip.MustParseAddr(addr))
		}
		return out, nil
	}
}

// listen returns the port of a server that counts who connects.
func listen(t *testing.T) (port string, calls <-chan struct{}) {
	t.Helper()
	server, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	came, over := make(chan struct{}, 100), make(chan struct{})
	go func() {
		defer close(over)
		for {
			conn, err := server.Accept()
			if err != nil {
				return
			}
			came <- struct{}{}
			_ = conn.Close() // the caller finds out
		}
	}()
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		<-over
	})
	_, port, err = net.SplitHostPort(server.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port, came
}

func TestRepositoriesOfTheOwnNetworkAreNotAsked(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("SKIPPED: there is no git program here")
	}
	open, calls := listen(t)
	o := connect.FileOptions{
		Data:  t.TempDir(),
		Token: func(*url.URL) (string, error) { return "/keys/docs", nil },
		Addresses: func(ctx context.Context, host string) ([]netip.Addr, error) {
			return fetch.Addresses(ctx, host, false)
		},
	}
	texts := make(map[string]bool)
	for _, port := range []string{open, "1"} { // nothing listens at the second
		for _, host := range []string{"127.0.0.1", "localhost", "127.1", "0x7f000001", "2130706433", "127.0.0.1.", "169.254.169.254"} {
			for _, scheme := range []string{"https", "ssh"} {
				c := connect.Connection{ID: "x", Kind: connect.Git, Config: connect.Config{Remote: scheme + "://" + host + ":" + port + "/x.git", Token: "KEY"}}
				_, err := connect.OpenGit(t.Context(), c, o)
				if !errors.Is(err, fetch.ErrRefused) {
					t.Errorf("%s: %v", c.Config.Remote, err)
					continue
				}
				texts[strings.ReplaceAll(err.Error(), ":"+port+"/", ":PORT/")] = true
			}
		}
	}
	if len(calls) > 0 {
		t.Errorf("%d calls reached the server", len(calls))
	}
	if len(texts) != 14 {
		t.Errorf("the texts tell ports that are open from others: %v", texts)
	}
	c := connect.Connection{ID: "x", Kind: connect.Git, Config: connect.Config{Remote: "https://127.0.0.1:" + open + "/x.git"}}
	if _, err := connect.OpenGit(t.Context(), c, connect.FileOptions{Data: t.TempDir()}); !errors.Is(err, kb.ErrInvalid) || len(calls) > 0 {
		t.Errorf("without anybody who looks at addresses: %v", err)
	}
}

// The name leads nowhere here, or elsewhere: the program goes to the address
// that was looked at.
func TestTheGitProgramGoesToTheAddressThatWasLookedAt(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("SKIPPED: there is no git program here")
	}
	port, calls := listen(t)
	o := connect.FileOptions{Data: t.TempDir(), Addresses: leadsTo("127.0.0.1")}
	c := connect.Connection{ID: "x", Kind: connect.Git, Config: connect.Config{Remote: "https://Docs.Invalid.:" + port + "/x.git"}}
	if _, err := connect.OpenGit(t.Context(), c, o); err == nil || len(calls) == 0 {
		t.Errorf("%d calls came to the address: %v", len(calls), err)
	}
}

// program is a git program that says its version and the settings it is given.
func program(t *testing.T, version string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "git")
	script := "#!/bin/sh\n[ \"$1\" = version ] && echo git version " + version + " && exit 0\n[ \"$1\" = fetch ] || exit 0\nenv | sort | grep -E '^(HOME|SSH|GIT_SSH_COMMAND|GIT_TERMINAL)' >&2\nexit 1\n"
	if err := os.WriteFile(path, []byte(script), 0o700); err != nil { //nolint:gosec // it is run
		t.Fatal(err)
	}
	return path
}

func TestAGitProgramThatCannotBeKeptToAnAddressIsRefused(t *testing.T) {
	c := connect.Connection{ID: "x", Kind: connect.Git, Config: connect.Config{Remote: "https://docs.example/x.git"}}
	for version, fit := range map[string]bool{"2.36.9": false, "1.99.1": false, "2.37.0": true, "3.0": true} {
		o := connect.FileOptions{Data: t.TempDir(), Addresses: leadsTo("192.0.2.7"), Git: program(t, version)}
		_, err := connect.OpenGit(t.Context(), c, o)
		if err == nil || errors.Is(err, kb.ErrInvalid) == fit {
			t.Errorf("%s: %v", version, err)
		}
		if text := fmt.Sprint(err); fit && !strings.Contains(text, "GIT_SSH_COMMAND=false GIT_TERMINAL_PROMPT=0 HOME=/dev/null") {
			t.Errorf("the program's surroundings: %s", text)
		}
	}
}

func TestSSHUsesTheKeyOfItsTokenAndNoOther(t *testing.T) {
	t.Setenv("SSH_AUTH_SOCK", "/run/agent")
	c := connect.Connection{ID: "x", Kind: connect.Git, Config: connect.Config{Remote: "ssh://git@git.example:2222/x.git", Token: "KEY"}}
	key := "/keys/docs"
	o := connect.FileOptions{
		Data: t.TempDir(), Git: program(t, "2.39.5"), Addresses: leadsTo("192.0.2.7"),
		Token: func(*url.URL) (string, error) { return key, nil },
	}
	_, err := connect.OpenGit(t.Context(), c, o)
	if err == nil || strings.Contains(err.Error(), "SSH_AUTH_SOCK") {
		t.Errorf("the server's agent can be asked: %v", err)
	}
	command := connect.SSHCommand(t.Context(), c, o)
	for _, part := range []string{
		"ssh -F none", "'-oHostName=192.0.2.7'", "'-oHostKeyAlias=[git.example]:2222'", "'-oCheckHostIP=no'", "'-oIdentityFile=/keys/docs'",
		"'-oIdentitiesOnly=yes'", "'-oIdentityAgent=none'", "'-oStrictHostKeyChecking=yes'",
	} {
		if !strings.Contains(command, part) {
			t.Errorf("%s is missing: %s", part, command)
		}
	}
	for _, key = range []string{"docs", "/keys/it's", "/keys/a b", "/keys/%h", "s3cret"} {
		if _, err := connect.OpenGit(t.Context(), c, o); !errors.Is(err, kb.ErrInvalid) || strings.Contains(err.Error(), key) {
			t.Errorf("key %q: %v", key, err)
		}
	}
}

func TestTwoFoldersAreToldApartByTheirPrefix(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "index.md", "# Start\n\nHere.")
	write(t, dir, "long.jsonl", `{"id":"`+strings.Repeat("x", 127)+`","title":"L","body":"l"}`)
	c := connect.Connection{ID: "x", Kind: connect.Folder, Config: connect.Config{Path: dir, Prefix: "b:"}}
	run, err := connect.OpenFolder(t.Context(), c, connect.FileOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for item, err := range run.Items() {
		if err != nil {
			got = append(got, err.Error()[:30])
			continue
		}
		got = append(got, item.Document.ID)
	}
	if text := strings.Join(got, "; "); !strings.HasPrefix(text, "b:index; long.jsonl:1: id ") {
		t.Errorf("got %s", text)
	}
}
