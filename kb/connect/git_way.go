package connect

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/whetstone-desk/whetstone/kb"
)

// A way is how the git program reaches a remote. The program looks names up by
// itself, and could be led elsewhere between the look and the call; so it is
// told the addresses that were looked at.
type way struct {
	remote string      // as the program is given it
	config [][2]string // what it is told besides
	ssh    string      // the command that it connects with; empty: it may not
}

// allowed finds the way to the remote, or says why connections may not go
// there.
func (g *repository) allowed(ctx context.Context) error {
	u, err := url.Parse(g.c.Config.Remote)
	if err != nil {
		return err
	}
	if u.Scheme == "file" {
		path, err := g.o.within(u.Path)
		g.way.remote = (&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String()
		return err
	}
	if g.o.Addresses == nil {
		return fmt.Errorf("%w: repositories are not fetched over the network here", kb.ErrInvalid)
	}
	// The program must not read another host out of the address than is looked
	// at here, so it gets the address in one plain form.
	name := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	addrs, err := g.o.Addresses(ctx, name)
	switch {
	case err != nil:
		return err
	case len(addrs) == 0:
		return fmt.Errorf("%w: the host has no address", kb.ErrInvalid)
	}
	plain := *u
	plain.Host, plain.RawQuery, plain.Fragment = bracketed(name), "", ""
	if u.Port() != "" {
		plain.Host += ":" + u.Port()
	}
	g.way.remote = plain.String()
	if u.Scheme == "ssh" {
		return g.bySSH(&plain, name, addrs[0])
	}
	return g.byHTTPS(ctx, &plain, name, addrs)
}

// bracketed is a host as it stands before a port.
func bracketed(host string) string {
	if strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return host
}

// byHTTPS pins the addresses of the host and shows it the token.
func (g *repository) byHTTPS(ctx context.Context, u *url.URL, name string, addrs []netip.Addr) error {
	if _, err := netip.ParseAddr(name); err != nil {
		if err := g.pins(ctx); err != nil {
			return err
		}
		texts := make([]string, len(addrs))
		for i, addr := range addrs {
			texts[i] = bracketed(addr.String())
		}
		pin := fmt.Sprintf("%s:%s:%s", name, or(u.Port(), "443"), strings.Join(texts, ","))
		g.way.config = append(g.way.config, [2]string{"http.curloptResolve", pin})
	}
	if g.c.Config.Token == "" {
		return nil
	}
	token, err := g.token(u)
	if err != nil {
		return err
	}
	basic := base64.StdEncoding.EncodeToString([]byte(or(g.c.Config.Login, "x-access-token") + ":" + token))
	g.secrets = []string{token, basic}
	g.way.config = append(g.way.config, [2]string{"http.extraHeader", "Authorization: Basic " + basic})
	return nil
}

// pins refuses a git program that does not know http.curloptResolve, which came
// with version 2.37: it would go wherever the name leads.
func (g *repository) pins(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, g.git, "version") //nolint:gosec // the program is the installation's
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.DevNull, "LC_ALL=C"}
	out, err := cmd.Output()
	var major, minor int
	if _, no := fmt.Sscanf(string(out), "git version %d.%d", &major, &minor); err != nil || no != nil || major < 2 || major == 2 && minor < 37 {
		return fmt.Errorf("%w: the git program here is %.60q: install git 2.37 or later, which can be kept to the addresses that were looked at",
			kb.ErrInvalid, strings.TrimSpace(string(out)))
	}
	return nil
}

// token is the connection's, if it may be sent to u.
func (g *repository) token(u *url.URL) (string, error) {
	if g.o.Token == nil {
		return "", fmt.Errorf("%w: there are no tokens here", kb.ErrInvalid)
	}
	return g.o.Token(u)
}

// keyFile is the path of a key as it can stand in a command and in ssh's
// options, which have signs of their own.
var keyFile = regexp.MustCompile(`^[A-Za-z0-9._/@+-]+$`)

// bySSH makes the command that connects to one address with one key. Whose
// machine it may be is said by known_hosts in the folder of the key; the keys,
// the agent and the settings of the server's account are not used.
func (g *repository) bySSH(u *url.URL, name string, addr netip.Addr) error {
	key, err := g.token(u)
	switch {
	case err != nil:
		return err
	case !filepath.IsAbs(key) || !keyFile.MatchString(key):
		return fmt.Errorf("%w: ssh needs a key: put the absolute path of its file into the setting WHETSTONE_TOKEN_%s, of letters, digits and . _ / @ + -",
			kb.ErrInvalid, g.c.Config.Token)
	}
	alias := name
	if port := or(u.Port(), "22"); port != "22" {
		alias = "[" + name + "]:" + port // as known_hosts has it
	}
	options := []string{
		"BatchMode=yes", "StrictHostKeyChecking=yes", "UpdateHostKeys=no", "CheckHostIP=no", "ConnectTimeout=20", "ProxyCommand=none",
		"HostName=" + addr.String(), "HostKeyAlias=" + alias, "IdentityFile=" + key, "IdentitiesOnly=yes", "IdentityAgent=none",
		"UserKnownHostsFile=" + filepath.Join(filepath.Dir(key), "known_hosts"), "GlobalKnownHostsFile=" + os.DevNull,
		"ForwardAgent=no", "PreferredAuthentications=publickey",
	}
	g.way.ssh = "ssh -F none"
	for _, option := range options {
		g.way.ssh += " '-o" + option + "'"
	}
	return nil
}
