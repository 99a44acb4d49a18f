package connect_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/connect"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/retrieval/memindex"
)

// reads makes the desk's connection read files.
func (d *desk) reads(c connect.Connection, o connect.FileOptions) {
	d.Helper()
	if err := d.syncer.Remove(d.Context(), "shop", "docs"); err != nil {
		d.Fatal(err)
	}
	d.syncer.Open = func(ctx context.Context, c connect.Connection, _ func(string) string) (connect.Run, error) {
		return connect.OpenGit(ctx, c, o)
	}
	d.put(c)
}

func write(t testing.TB, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAFolderIsKeptInStep(t *testing.T) {
	each(t, func(d *desk) {
		dir := d.TempDir()
		write(d.T, dir, "a.md", "# A\n\nFirst.")
		write(d.T, dir, "guides/b.md", "# B\n\n{% include [x](../_parts/part.md) %}")
		write(d.T, dir, "_parts/part.md", "Part one.")
		write(d.T, dir, "c.jsonl", `{"id":"c1","title":"C","body":"c"}`)
		d.reads(connect.Connection{Kind: connect.Folder, Config: connect.Config{
			Path: dir, BaseURL: "https://help.example", Product: "kettle", Audience: kb.Internal, Tags: []string{"manual"},
		}}, connect.FileOptions{})
		d.want(d.sync(connect.How{}), "seen 3 created 3 changed 0 unchanged 0 deleted 0 skipped 1")
		doc, err := d.kb.In("shop").Document(d.Context(), "guides.b")
		if err != nil || doc.URL != "https://help.example/guides/b" || doc.Product != "kettle" || doc.Audience != kb.Internal || len(doc.Tags) != 1 {
			d.Errorf("got %+v, %v", doc, err)
		}
		// A page changes with what it includes.
		write(d.T, dir, "_parts/part.md", "Part two.")
		d.want(d.sync(connect.How{}), "seen 3 created 0 changed 1 unchanged 2 deleted 0 skipped 1")
		// A page that cannot be read any more is not gone; its neighbour is.
		write(d.T, dir, "a.md", "\x00\x01\x02\x03 no text")
		if err := os.Remove(filepath.Join(dir, "guides", "b.md")); err != nil {
			d.Fatal(err)
		}
		d.want(d.sync(connect.How{}), "seen 1 created 0 changed 0 unchanged 1 deleted 1 kept 1 skipped 2")
		if got := d.ids(); got != "a c1" {
			d.Errorf("left %s", got)
		}
		if err := os.RemoveAll(dir); err != nil {
			d.Fatal(err)
		}
		if r, err := d.syncer.Sync(d.Context(), "shop", "docs", connect.How{}); err == nil || r.Error == "" || d.ids() != "a c1" {
			d.Errorf("a folder that is not there: %+v, %v, left %s", r, err, d.ids())
		}
	})
}

func TestConnectionsReadBelowTheirFoldersOnly(t *testing.T) {
	allowed, other := t.TempDir(), t.TempDir()
	write(t, other, "a.md", "secret")
	if err := os.Symlink(other, filepath.Join(allowed, "out")); err != nil {
		t.Skip("no links here:", err)
	}
	o := connect.FileOptions{Within: []string{allowed}}
	for _, path := range []string{other, filepath.Join(allowed, "out"), filepath.Join(allowed, ".."), "/"} {
		c := connect.Connection{ID: "x", Kind: connect.Folder, Config: connect.Config{Path: path}}
		if _, err := connect.OpenFolder(t.Context(), c, o); !errors.Is(err, kb.ErrInvalid) {
			t.Errorf("%s was opened: %v", path, err)
		}
		c.Config = connect.Config{Remote: "file://" + path}
		if _, err := connect.OpenGit(t.Context(), c, o); !errors.Is(err, kb.ErrInvalid) {
			t.Errorf("a repository at %s was opened: %v", path, err)
		}
	}
	c := connect.Connection{ID: "x", Kind: connect.Folder, Config: connect.Config{Path: allowed}}
	if _, err := connect.OpenFolder(t.Context(), c, o); err != nil {
		t.Error(err)
	}
}

// git runs the program in a repository that a test makes.
func git(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@shop.example",
		"GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@shop.example")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

func TestARepositoryIsFetched(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("SKIPPED: there is no git program here")
	}
	d := open(t, sqldbtest.SQLite(t))
	origin, data := t.TempDir(), t.TempDir()
	git(t, origin, "init", "--quiet", "--initial-branch=main")
	hook := filepath.Join(origin, ".git", "hooks", "post-checkout")
	write(t, origin, "a.md", "# A\n\nFirst.")
	write(t, origin, "b.md", "# B\n\nSecond.")
	git(t, origin, "add", ".")
	git(t, origin, "commit", "--quiet", "-m", "one")
	d.reads(connect.Connection{Kind: connect.Git, Config: connect.Config{Remote: "file://" + origin, Branch: "main"}},
		connect.FileOptions{Data: data, Within: []string{origin}})
	first := d.sync(connect.How{})
	if first.Created != 2 || d.ids() != "a b" {
		t.Fatalf("first %+v, %s", first, d.ids())
	}
	write(t, origin, "b.md", "# B\n\nSecond, changed.")
	write(t, origin, "c.md", "# C\n\nThird.")
	git(t, origin, "rm", "--quiet", "a.md")
	git(t, origin, "add", ".")
	git(t, origin, "commit", "--quiet", "--amend", "-m", "history is written anew")
	write(t, origin, "d.md", "# D\n\nNot committed.")
	// What a killed run leaves behind does not stop the next.
	kept, err := filepath.Glob(filepath.Join(data, "git", "*"))
	if err != nil || len(kept) != 1 {
		t.Fatal(kept, err)
	}
	write(t, kept[0], ".git/index.lock", "")
	write(t, kept[0], "stray.md", "# Stray")
	second := d.sync(connect.How{})
	if second.Created != 1 || second.Changed != 1 || second.Deleted != 1 || d.ids() != "b c" {
		t.Errorf("second %+v, %s", second, d.ids())
	}
	if _, err := os.Stat(hook); err == nil {
		t.Error("a hook was made")
	}
	d.put(connect.Connection{Kind: connect.Git, Config: connect.Config{Remote: "file://" + origin, Branch: "none"}})
	if r, err := d.syncer.Sync(t.Context(), "shop", "docs", connect.How{}); err == nil || !strings.Contains(r.Error, "none") || d.ids() != "b c" {
		t.Errorf("a branch that is not there: %+v, %v", r, err)
	}
}

func TestATokenGoesToTheProgramAndNowhereElse(t *testing.T) {
	program := filepath.Join(t.TempDir(), "git")
	script := "#!/bin/sh\n[ \"$1\" = version ] && echo git version 2.39.5\necho \"args: $*\" >&2\n[ \"$1\" = fetch ] || exit 0\nenv | sort | grep -E '^GIT_(CONFIG_(KEY|VALUE)_(4|14|15)|TERMINAL_PROMPT|ALLOW_PROTOCOL)=|SECRET' >&2\nexit 1\n"
	if err := os.WriteFile(program, []byte(script), 0o700); err != nil { //nolint:gosec // it is run
		t.Fatal(err)
	}
	t.Setenv("WHETSTONE_SECRET", "of the server")
	c := connect.Connection{ID: "docs", Kind: connect.Git, Config: connect.Config{Remote: "https://git.example/x.git", Branch: "main", Token: "GIT"}}
	o := connect.FileOptions{Data: t.TempDir(), Git: program, Token: func(*url.URL) (string, error) { return "s3cret", nil }, Addresses: leadsTo("192.0.2.7", "2001:db8::7")}
	_, err := connect.OpenGit(t.Context(), c, o)
	if err == nil {
		t.Skip("SKIPPED: no shell here")
	}
	text := err.Error()
	for _, secret := range []string{"s3cret", base64.StdEncoding.EncodeToString([]byte("x-access-token:s3cret")), "of the server"} {
		if strings.Contains(text, secret) {
			t.Errorf("the error holds %s: %s", secret, text)
		}
	}
	for _, part := range []string{"--end-of-options https://git.example/x.git main", "GIT_ALLOW_PROTOCOL=https:ssh:file", "KEY_4=http.followRedirects", "VALUE_4=false",
		"KEY_14=http.curloptResolve", "VALUE_14=git.example:443:192.0.2.7,[2001:db8::7]", "KEY_15=http.extraHeader"} {
		if !strings.Contains(text, part) {
			t.Errorf("%s is missing in %s", part, text)
		}
	}
	o.Addresses = func(_ context.Context, host string) ([]netip.Addr, error) { return nil, fmt.Errorf("no %s", host) }
	if _, err := connect.OpenGit(t.Context(), c, o); err == nil || !strings.Contains(err.Error(), "no git.example") {
		t.Errorf("a host that is refused: %v", err)
	}
	o.Git = filepath.Join(t.TempDir(), "none")
	if _, err := connect.OpenGit(t.Context(), c, o); !errors.Is(err, kb.ErrInvalid) || !strings.Contains(err.Error(), "install it") {
		t.Errorf("without the program: %v", err)
	}
}

func TestPagesOfARepositoryHaveAddresses(t *testing.T) {
	for remote, want := range map[string]string{
		"https://github.com/shop/docs.git":     "https://github.com/shop/docs/blob/main/how%20to/a.md",
		"https://gitlab.shop.example/a/b/docs": "https://gitlab.shop.example/a/b/docs/-/blob/main/how%20to/a.md",
		"https://git.shop.example/docs":        "",
		"ssh://git@github.com/shop/docs.git":   "",
		"file:///srv/docs.git":                 "",
	} {
		if got := connect.Browse(remote, "main", "how to/a.md"); got != want {
			t.Errorf("%s: got %q, want %q", remote, got, want)
		}
	}
}

// A counter counts what is embedded.
type counter struct {
	embeddings.Embedder
	texts atomic.Int64
}

func (c *counter) Embed(ctx context.Context, texts []string) ([]embeddings.Vector, error) {
	c.texts.Add(int64(len(texts)))
	return c.Embedder.Embed(ctx, texts)
}

// counted counts the rows of documents, revisions and marks that are written,
// and all statements that write.
func counted(t *testing.T, db *gorm.DB) (rows, statements *int) {
	rows, statements = new(int), new(int)
	count := func(tx *gorm.DB) {
		*statements++
		switch tx.Statement.Table {
		case "documents", "revisions", "marks":
			*rows += int(tx.RowsAffected)
		}
	}
	for _, err := range []error{
		db.Callback().Create().After("gorm:create").Register("count", count),
		db.Callback().Update().After("gorm:update").Register("count", count),
		db.Callback().Delete().After("gorm:delete").Register("count", count),
		db.Callback().Raw().After("gorm:raw").Register("count", count),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return rows, statements
}

// manual writes n pages of some three kilobytes each.
func manual(t testing.TB, dir string, n int) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields("kettle order parcel courier refund account password device water filter button screen invoice branch warranty")
	for i := range n {
		var b strings.Builder
		fmt.Fprintf(&b, "---\ntitle: Page %d\n---\n\n", i)
		for range 6 {
			fmt.Fprintf(&b, "## How to %s %d {#x-%d}\n\n{%% note info \"Mind\" %%}\n\n", words[r.IntN(len(words))], r.IntN(1000), i)
			for range 60 {
				b.WriteString(words[r.IntN(len(words))] + " ")
			}
			b.WriteString("**end**.\n\n{% endnote %}\n\n- one\n- two\n\n")
		}
		write(t, dir, fmt.Sprintf("part%02d/page%04d.md", i%50, i), b.String())
	}
}

// TestAnUnchangedManualIsReadAndNothingElse measures the sync of 5,000 pages
// that are what they were, with an index that follows.
func TestAnUnchangedManualIsReadAndNothingElse(t *testing.T) {
	if testing.Short() {
		t.Skip("a measurement of time: make test runs it in full, without the race detector")
	}
	const pages = 5000
	d := open(t, sqldbtest.SQLite(t))
	dir := t.TempDir()
	manual(t, dir, pages)
	d.reads(connect.Connection{Kind: connect.Folder, Config: connect.Config{Path: dir}}, connect.FileOptions{})
	first := d.sync(connect.How{})
	if first.Created != pages {
		t.Fatalf("first %+v", first)
	}
	model := &counter{Embedder: embeddings.Local{}}
	index, err := memindex.Open("", model.Model(), model.Dim())
	if err != nil {
		t.Fatal(err)
	}
	indexer := retrieval.Indexer{KB: d.kb, Embedder: model, Index: index}
	if _, err := indexer.Sync(t.Context(), "shop"); err != nil {
		t.Fatal(err)
	}
	if model.texts.Swap(0) == 0 {
		t.Fatal("the index does not follow at all")
	}
	rows, statements := counted(t, d.db)
	begun := time.Now()
	d.want(d.sync(connect.How{}), "seen 5000 created 0 changed 0 unchanged 5000 deleted 0")
	took := time.Since(begun)
	wrote := *statements
	if _, err := indexer.Sync(t.Context(), "shop"); err != nil {
		t.Fatal(err)
	}
	t.Logf("5,000 unchanged pages in %v, %d rows written, %d statements, %d texts embedded", took, *rows, wrote, model.texts.Load())
	if *rows > 0 || wrote > 50 || model.texts.Load() > 0 {
		t.Errorf("took %v, wrote %d rows in %d statements, embedded %d texts", took, *rows, wrote, model.texts.Load())
	}
}

func BenchmarkUnchangedFolder(b *testing.B) {
	dir := b.TempDir()
	manual(b, dir, 5000)
	c := connect.Connection{ID: "docs", Kind: connect.Folder, Config: connect.Config{Path: dir}}
	for b.Loop() {
		run, err := connect.OpenFolder(b.Context(), c, connect.FileOptions{})
		if err != nil {
			b.Fatal(err)
		}
		for _, err := range run.Items() {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
