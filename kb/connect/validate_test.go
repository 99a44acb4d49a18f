package connect_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/connect"
)

func TestWhatCannotWorkIsRefusedWithWhatToDo(t *testing.T) {
	each(t, func(d *desk) {
		git := func(remote, branch string) connect.Connection {
			return connect.Connection{Kind: connect.Git, Config: connect.Config{Remote: remote, Branch: branch}}
		}
		folder := func(c connect.Config, spec string) connect.Connection {
			c.Path = "/docs"
			return connect.Connection{Kind: connect.Folder, Config: c, Spec: spec}
		}
		for _, tt := range []struct {
			name string
			c    connect.Connection
			want string // of the text; empty: it is accepted
		}{
			{"no kind", connect.Connection{}, "use folder, git, site, feed or desk"},
			{"a relative path", connect.Connection{Kind: connect.Folder, Config: connect.Config{Path: "docs"}}, "absolute path"},
			{"a folder", folder(connect.Config{}, ""), ""},
			{"a token instead of its name", folder(connect.Config{Token: "ghp_abcDEF"}, ""), "WHETSTONE_TOKEN_"},
			{"an unknown audience", folder(connect.Config{Audience: "friends"}, ""), "public or internal"},
			{"an empty tag", folder(connect.Config{Tags: []string{" "}}, ""), "tags"},
			{"an address of another scheme", folder(connect.Config{BaseURL: "javascript:alert(1)"}, ""), "https://"},
			{"no timetable", folder(connect.Config{}, "now and then"), "five cron fields"},
			{"too often", folder(connect.Config{}, "@every 5s"), "a minute or more"},
			{"a program for a transport", git("ext::sh -c true", ""), "https://, ssh:// or file://"},
			{"an option for a remote", git("--upload-pack=true", ""), "https://, ssh:// or file://"},
			{"an option for a host", git("ssh://-oProxyCommand=true/x", ""), "host"},
			{"an option for a user", git("ssh://-oProxyCommand=true@shop.example/x", ""), "user"},
			{"an option for a branch", git("https://git.example/x", "--orphan"), "branch"},
			{"a range for a branch", git("https://git.example/x", "a..b"), "branch"},
			{"plain git", git("git://git.example/x", ""), "https://, ssh:// or file://"},
			{"http", git("http://git.example/x", ""), "https://, ssh:// or file://"},
			{"a password in a remote", git("https://a:b@git.example/x", ""), "password"},
			{"a file on another host", git("file://host/x", ""), "file:///srv"},
			{"a line break in a remote", git("https://git.example/x\n--a", ""), "https://, ssh:// or file://"},
			{"https", git("https://git.example/x.git", "docs/main-1.2"), ""},
			{"ssh without a key", git("ssh://git@git.example:2222/x.git", ""), "WHETSTONE_TOKEN_"},
			{"ssh", connect.Connection{Kind: connect.Git, Config: connect.Config{Remote: "ssh://git@git.example:2222/x.git", Token: "KEY"}}, ""},
			{"a command for a host", git("https://a$(id).example/x", ""), "host"},
			{"a path and a remote", connect.Connection{Kind: connect.Git, Config: connect.Config{Path: "/a", Remote: "https://git.example/x"}}, "not both"},
			{"a site", connect.Connection{Kind: connect.Site, Config: connect.Config{URL: "https://help.example", Hosts: []string{"help.example"}}}, ""},
			{"a site of no scheme", connect.Connection{Kind: connect.Site, Config: connect.Config{URL: "help.example"}}, "https://"},
			{"a site not among its hosts", connect.Connection{Kind: connect.Site, Config: connect.Config{URL: "https://help.example", Hosts: []string{"a.example"}}}, "add it"},
			{"a host with a path", connect.Connection{Kind: connect.Site, Config: connect.Config{URL: "https://a.example", Hosts: []string{"a.example/x"}}}, "without scheme"},
			{"a feed with a password", connect.Connection{Kind: connect.Feed, Config: connect.Config{URL: "https://a:b@help.example"}}, "password"},
			{"a desk without a system", connect.Connection{Kind: connect.Desk, Config: connect.Config{Token: "A", Articles: true}}, "system"},
			{"a desk without a token", connect.Connection{Kind: connect.Desk, Config: connect.Config{System: "zendesk", Articles: true}}, "WHETSTONE_TOKEN_"},
			{"a desk that reads nothing", connect.Connection{Kind: connect.Desk, Config: connect.Config{System: "zendesk", Token: "A"}}, "articles, tickets or both"},
			{"a desk", connect.Connection{Kind: connect.Desk, Config: connect.Config{System: "zendesk", URL: "https://x.zendesk.example", Token: "A", Tickets: true}}, ""},
		} {
			d.Run(tt.name, func(t *testing.T) {
				c := tt.c
				c.WorkspaceID, c.ID = "shop", "c"+strings.ReplaceAll(tt.name, " ", "-")
				err := d.syncer.Put(t.Context(), &c)
				if tt.want == "" && err != nil || tt.want != "" && (!errors.Is(err, kb.ErrInvalid) || !strings.Contains(err.Error(), tt.want)) {
					t.Errorf("got %v, want %q", err, tt.want)
				}
			})
		}
		c := connect.Connection{WorkspaceID: "shop", ID: "docs", Kind: connect.Git, Config: connect.Config{Remote: "https://git.example/x"}}
		if err := d.syncer.Put(d.Context(), &c); !errors.Is(err, kb.ErrConflict) {
			d.Errorf("a connection of another kind: %v", err)
		}
		c.WorkspaceID = "nobody"
		if err := d.syncer.Put(d.Context(), &c); !errors.Is(err, kb.ErrNotFound) {
			d.Errorf("a connection of no workspace: %v", err)
		}
	})
}

func TestConnectionsAreOfOneWorkspace(t *testing.T) {
	each(t, func(d *desk) {
		if _, err := d.kb.Create(d.Context(), "other", "Other"); err != nil {
			d.Fatal(err)
		}
		d.has(3)
		d.sync(connect.How{})
		for what, err := range map[string]error{
			"read":   second(d.syncer.Connection(d.Context(), "other", "docs")),
			"synced": second(d.syncer.Sync(d.Context(), "other", "docs", connect.How{})),
			"paused": second(d.syncer.Pause(d.Context(), "other", "docs", "eve")),
			"gone":   d.syncer.Remove(d.Context(), "other", "docs"),
		} {
			if !errors.Is(err, kb.ErrNotFound) {
				d.Errorf("%s from another workspace: %v", what, err)
			}
		}
		if cs, err := d.syncer.Connections(d.Context(), "other"); err != nil || len(cs) > 0 {
			d.Errorf("listed %v, %v", cs, err)
		}
		// The same id elsewhere is another connection, with documents of its own.
		c := connect.Connection{WorkspaceID: "other", ID: "docs", Kind: connect.Folder, Config: connect.Config{Path: "/docs"}}
		if err := d.syncer.Put(d.Context(), &c); err != nil {
			d.Fatal(err)
		}
		d.has(1)
		if r, err := d.syncer.Sync(d.Context(), "other", "docs", connect.How{}); err != nil || r.Created != 1 || r.Deleted != 0 {
			d.Errorf("%+v, %v", r, err)
		}
		if d.ids() != "p0001 p0002 p0003" {
			d.Errorf("the first workspace holds %s", d.ids())
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestARemovedConnectionLeavesItsDocuments(t *testing.T) {
	each(t, func(d *desk) {
		d.has(3)
		d.sync(connect.How{})
		if err := d.syncer.Remove(d.Context(), "shop", "docs"); err != nil {
			d.Fatal(err)
		}
		for _, row := range []any{&connect.Connection{}, &connect.Version{}, &connect.SyncRun{}} {
			var n int64
			if err := d.db.Model(row).Count(&n).Error; err != nil || n > 0 {
				d.Errorf("%T: %d are left, %v", row, n, err)
			}
		}
		// Set up again, it takes them up where they are.
		d.put(connect.Connection{})
		d.has(2)
		d.want(d.sync(connect.How{}), "seen 2 created 0 changed 0 unchanged 2 deleted 1")
	})
}
