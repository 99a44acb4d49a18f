package main

import (
	"context"
	"iter"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/connect"
	"github.com/whetstone-desk/whetstone/kb/source"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

// A slowRun is a source that gives nothing until it is told to end.
type slowRun struct{ end <-chan struct{} }

func (s slowRun) Items() iter.Seq2[source.Item, error] {
	return func(func(source.Item, error) bool) { <-s.end }
}
func (s slowRun) Complete(kb.Kind) bool { return false }
func (s slowRun) Cursor() string        { return "" }

// Slow sites, more of them than are read at once, hold up neither the job nor
// the folder that is due every minute.
func TestAFolderGoesOnWhileSlowSitesAreRead(t *testing.T) {
	db := sqldbtest.SQLite(t)
	if _, err := kb.New(db).Create(t.Context(), "shop", "Shop"); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)
	end, began := make(chan struct{}), make(chan string, 100)
	over := make(chan struct{})
	close(over)
	syncer := &connect.Syncer{
		DB: db, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return now },
		Latest: func(_ string, now time.Time) (time.Time, error) { return now.Truncate(time.Minute), nil },
		Open: func(_ context.Context, c connect.Connection, _ func(string) string) (connect.Run, error) {
			began <- c.ID
			if c.Kind == connect.Site {
				return slowRun{end}, nil
			}
			return slowRun{over}, nil
		},
	}
	for i := range farAtOnce + 2 {
		c := connect.Connection{WorkspaceID: "shop", ID: "a" + word(i), Kind: connect.Site, Spec: "@every 1h", Config: connect.Config{URL: "https://help.example"}}
		if err := syncer.Put(t.Context(), &c); err != nil {
			t.Fatal(err)
		}
	}
	folder := connect.Connection{WorkspaceID: "shop", ID: "docs", Kind: connect.Folder, Spec: "@every 1m", Config: connect.Config{Path: "/docs"}}
	if err := syncer.Put(t.Context(), &folder); err != nil {
		t.Fatal(err)
	}
	s := newSyncing(t.Context(), syncer, slog.New(slog.DiscardHandler))
	s.now = syncer.Now
	for i, want := range []int{farAtOnce + 1, 1, 1} {
		if _, err := s.due(t.Context()); err != nil {
			t.Fatal(err)
		}
		folders := 0
		for range want {
			if <-began == "docs" {
				folders++
			}
		}
		if folders != 1 {
			t.Errorf("in minute %d the folder was read %d times", i, folders)
		}
		until(t, "the folder's run to end", func() bool {
			runs, err := syncer.Runs(t.Context(), "shop", "docs")
			return err == nil && len(runs) == i+1 && runs[0].Status == connect.Done && len(s.near) == 0
		})
		if len(s.far) != farAtOnce {
			t.Errorf("%d sites are read at once, want %d", len(s.far), farAtOnce)
		}
		now = now.Add(time.Minute)
	}
	close(end)
	s.runs.Wait()
}

func TestATokenGoesToItsHostAndWorkspaceAlone(t *testing.T) {
	cfg, err := load([]string{"WHETSTONE_TOKEN_DESK=shop@*.acme.example s3cret", "WHETSTONE_TOKEN_KEY=git.acme.example:2222 /keys/docs"})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		workspace, token, to string
		private, sent        bool
	}{
		{"shop", "DESK", "https://help.acme.example/api", false, true},
		{"shop", "DESK", "https://help.acme.example.evil.example/", false, false},
		{"shop", "DESK", "https://evil.example/", true, false},
		{"shop", "DESK", "https://help.acme.example:8443/", false, false},
		{"shop", "DESK", "http://help.acme.example/", false, false},
		{"shop", "DESK", "http://help.acme.example/", true, true},
		{"other", "DESK", "https://help.acme.example/", true, false},
		{"other", "KEY", "ssh://git@git.acme.example:2222/x.git", false, true},
		{"other", "KEY", "ssh://git@git.acme.example/x.git", false, false},
		{"shop", "NONE", "https://help.acme.example/", false, false},
		{"shop", "", "https://help.acme.example/", false, false},
	} {
		to, err := url.Parse(tt.to)
		if err != nil {
			t.Fatal(err)
		}
		cfg.FetchPrivate = tt.private
		a := &app{cfg: cfg}
		got, err := a.tokenOf(&connect.Connection{WorkspaceID: tt.workspace, ID: "c", Config: connect.Config{Token: tt.token}}, to)
		if (err == nil) != tt.sent || (got != "") != tt.sent || err != nil && strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%+v: %q, %v", tt, got, err)
		}
	}
}

// The reader of each kind asks whether its token may go where the connection
// says.
func TestNoReaderTakesATokenElsewhere(t *testing.T) {
	cfg, err := load([]string{"WHETSTONE_TOKEN_T=acme.example s3cret", "WHETSTONE_DATA=" + t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	cfg.FetchPrivate = true
	a := &app{cfg: cfg}
	for _, c := range []connect.Connection{
		{Kind: connect.Desk, Config: connect.Config{System: "zendesk", URL: "https://127.0.0.1:1/", Login: "a@b.example", Articles: true}},
		{Kind: connect.Desk, Config: connect.Config{System: "intercom", Articles: true}},
		{Kind: connect.Site, Config: connect.Config{URL: "https://127.0.0.1:1/"}},
		{Kind: connect.Feed, Config: connect.Config{URL: "https://127.0.0.1:1/"}},
		{Kind: connect.Git, Config: connect.Config{Remote: "https://127.0.0.1:1/x.git"}},
		{Kind: connect.Git, Config: connect.Config{Remote: "ssh://127.0.0.1:1/x.git"}},
	} {
		c.ID, c.Config.Token = "c", "T"
		if _, err := a.openRun(t.Context(), c, nil); err == nil || !strings.Contains(err.Error(), "the token T is not for ") {
			t.Errorf("%s: %v", c.Kind, err)
		}
	}
	cfg.FetchPrivate = false
	c := connect.Connection{ID: "c", Kind: connect.Git, Config: connect.Config{Remote: "https://127.0.0.1:1/x.git"}}
	if _, err := a.openRun(t.Context(), c, nil); err == nil || !strings.Contains(err.Error(), "own network") {
		t.Errorf("a repository of the own network: %v", err)
	}
}
