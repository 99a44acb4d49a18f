package main

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/connect"
	"github.com/whetstone-desk/whetstone/kb/source/fetch"
)

// tokenPrefix begins the names of settings that hold tokens of connections: a
// connection names its token by what follows.
const tokenPrefix = "WHETSTONE_TOKEN_"

// A token is what a connection shows to a host. Connections are set up by the
// admins of workspaces, who are not those of the machine: so the setting says
// where the token may go, and not the connection.
type token struct {
	workspace string // that may use it; empty: any
	host      string // as in fetch.Options.Hosts
	value     string
}

// errToken says how a token is written, without what was written.
var errToken = errors.New("write the host that the token is for before it, as in acme.zendesk.com TOKEN; *.example.com is example.com and all below it," +
	" shop@acme.zendesk.com is for connections of the workspace shop alone, git.example.com:8443 is another port than the usual one")

// parseToken reads the value of a setting.
func parseToken(text string) (token, error) {
	where, value, _ := strings.Cut(strings.TrimSpace(text), " ")
	t := token{host: where, value: strings.TrimSpace(value)}
	if i := strings.LastIndexByte(where, '@'); i >= 0 {
		t.workspace, t.host = where[:i], where[i+1:]
		if !kb.ValidID(t.workspace) {
			return token{}, errToken
		}
	}
	if t.value == "" || !fetch.ValidHost(t.host) {
		return token{}, errToken
	}
	return t, nil
}

// token returns the token of a name, to be taken out of texts.
func (c *config) token(name string) (string, bool) {
	t, ok := c.tokens[name]
	return t.value, ok
}

// tokenOf is the token that a connection names, if it may go to an address.
func (a *app) tokenOf(c *connect.Connection, to *url.URL) (string, error) {
	name := c.Config.Token
	t, ok := a.cfg.tokens[name]
	switch {
	case name == "":
		return "", fmt.Errorf("%w: connection %s names no token: set %sNAME and put NAME into its config", kb.ErrInvalid, c.ID, tokenPrefix)
	case !ok || t.workspace != "" && t.workspace != c.WorkspaceID:
		return "", fmt.Errorf("%w: there is no token %s for this workspace: put it into the setting %s%s and start again", kb.ErrInvalid, name, tokenPrefix, name)
	case !fetch.Covers(t.host, to):
		return "", fmt.Errorf("%w: the token %s is not for %s: whoever runs the server says in the setting %s%s where it may go", kb.ErrInvalid, name, to.Host, tokenPrefix, name)
	case to.Scheme == "http" && !a.cfg.FetchPrivate:
		return "", fmt.Errorf("%w: the token %s is not sent over http, where everyone on the way reads it: use https", kb.ErrInvalid, name)
	}
	return t.value, nil
}
