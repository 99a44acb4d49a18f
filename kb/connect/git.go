package connect

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/whetstone-desk/whetstone/kb"
)

const (
	// gitTime bounds one call of the git program.
	gitTime = 10 * time.Minute

	// gitBytes bounds what a repository may take on the disk, history of one
	// commit and work tree together.
	gitBytes = 2 << 30

	// gitLook is how often a fetch is measured while it goes on.
	gitLook = 2 * time.Second
)

// OpenGit begins a run over a work tree, or over a repository that it fetches
// first: the last commit of one branch, into a folder of its own below
// FileOptions.Data. A work tree needs no git program.
//
// The program runs without a shell of ours, a terminal or the machine's
// settings, keys and agents, and may speak https, ssh and file only. It goes to
// the addresses that FileOptions.Addresses names, follows no redirects, runs no
// hooks and fetches no submodules.
func OpenGit(ctx context.Context, c Connection, o FileOptions) (Run, error) {
	if c.Config.Remote == "" {
		return OpenFolder(ctx, c, o)
	}
	g := repository{c: &c, o: &o}
	if err := g.prepare(ctx); err != nil {
		return nil, fmt.Errorf("fetch %s: %w", c.Config.Remote, err)
	}
	f := &files{root: g.dir, options: o.source(c), prefix: c.Config.Prefix}
	if c.Config.BaseURL == "" {
		f.address = browse(c.Config.Remote, c.Config.Branch)
	}
	return f, nil
}

// A repository is fetched.
type repository struct {
	c   *Connection
	o   *FileOptions
	git string
	dir string
	env []string
	way way

	secrets []string // the token, and as it is sent
}

// prepare brings the work tree to the last commit.
func (g *repository) prepare(ctx context.Context) error {
	err := remote(g.c.Config.Remote, g.c.Config.Branch)
	if err != nil {
		return fmt.Errorf("%w: %w", kb.ErrInvalid, err)
	}
	if g.git, err = exec.LookPath(or(g.o.Git, "git")); err != nil {
		return fmt.Errorf("%w: there is no git program here: install it, or give the path of a work tree", kb.ErrInvalid)
	}
	if err := g.allowed(ctx); err != nil {
		return err
	}
	// A folder for each remote and branch, so that a changed config does not
	// meet what was fetched before.
	sum := sha256.Sum256([]byte(g.c.WorkspaceID + "\n" + g.c.ID + "\n" + g.c.Config.Remote + "\n" + g.c.Config.Branch))
	g.dir = filepath.Join(g.o.Data, "git", hex.EncodeToString(sum[:10]))
	if err := g.tidy(); err != nil {
		return err
	}
	g.settings()
	return g.update(ctx)
}

// tidy takes away what a killed run has locked, and all of a repository that has
// grown with its fetches. Nobody else is at it: the connection is claimed.
func (g *repository) tidy() error {
	if sizeOf(g.dir) > gitBytes/2 {
		if err := os.RemoveAll(g.dir); err != nil {
			return err
		}
	}
	for _, name := range []string{"index.lock", "shallow.lock", "HEAD.lock", "config.lock"} {
		if err := os.Remove(filepath.Join(g.dir, ".git", name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return os.MkdirAll(g.dir, 0o700)
}

// settings makes the environment of the git program: a home that holds nothing,
// so that no keys, passwords or known hosts of the server's account are used. A
// token goes in the environment, where other users of the machine do not see it.
func (g *repository) settings() {
	pairs := append([][2]string{
		{"protocol.allow", "never"}, {"protocol.https.allow", "always"}, {"protocol.ssh.allow", "always"},
		{"protocol.file.allow", "always"}, {"http.followRedirects", "false"}, {"core.hooksPath", os.DevNull},
		{"core.symlinks", "false"}, {"core.fsmonitor", "false"}, {"submodule.recurse", "false"}, {"credential.helper", ""},
		{"gc.auto", "0"}, {"core.autocrlf", "false"}, {"safe.directory", "*"}, {"transfer.fsckObjects", "true"},
	}, g.way.config...)
	g.env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + os.DevNull, "XDG_CONFIG_HOME=" + os.DevNull,
		"LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_ASKPASS=", "SSH_ASKPASS=", "GIT_CONFIG_NOSYSTEM=1",
		"GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_ALLOW_PROTOCOL=https:ssh:file", "GIT_LFS_SKIP_SMUDGE=1",
		"GIT_SSH_VARIANT=ssh", "GIT_SSH_COMMAND=" + or(g.way.ssh, "false"),
		fmt.Sprintf("GIT_CONFIG_COUNT=%d", len(pairs)),
	}
	for i, pair := range pairs {
		g.env = append(g.env, fmt.Sprintf("GIT_CONFIG_KEY_%d=%s", i, pair[0]), fmt.Sprintf("GIT_CONFIG_VALUE_%d=%s", i, pair[1]))
	}
}

// update fetches the last commit and lays its files out.
func (g *repository) update(ctx context.Context) error {
	if _, err := os.Stat(filepath.Join(g.dir, ".git", "HEAD")); errors.Is(err, fs.ErrNotExist) {
		if err := g.call(ctx, "init", "--quiet", "--template="); err != nil {
			return err
		}
	}
	branch := or(g.c.Config.Branch, "HEAD")
	err := g.call(ctx, "fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--force", "--end-of-options",
		g.way.remote, branch)
	if err != nil {
		return err
	}
	if err := g.call(ctx, "checkout", "--quiet", "--force", "--detach", "FETCH_HEAD"); err != nil {
		return err
	}
	// What a run that was killed has left behind is no part of the commit.
	return g.call(ctx, "clean", "--quiet", "-d", "-x", "--force")
}

// call runs the git program in the repository.
func (g *repository) call(ctx context.Context, args ...string) error {
	ctx, cancel := context.WithTimeout(ctx, gitTime)
	defer cancel()
	ctx, stop := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go g.weigh(ctx, stop, done)
	cmd := exec.CommandContext(ctx, g.git, args...) //nolint:gosec // the program is the installation's, the arguments are checked by remote
	cmd.Dir, cmd.Env = g.dir, g.env
	cmd.WaitDelay = 10 * time.Second // its children hold the pipe
	var said bytes.Buffer
	cmd.Stderr = &said
	err := cmd.Run()
	if cause := context.Cause(ctx); err != nil && cause != nil {
		err = cause
	}
	stop(nil)
	<-done
	if err != nil {
		text := said.String()
		for _, secret := range g.secrets {
			text = strings.ReplaceAll(text, secret, "****")
		}
		return fmt.Errorf("git %s: %w: %s", args[0], err, short(strings.Join(strings.Fields(text), " ")))
	}
	return nil
}

// weigh stops a call that fills the disk.
func (g *repository) weigh(ctx context.Context, stop context.CancelCauseFunc, done chan<- struct{}) {
	defer close(done)
	tick := time.NewTicker(gitLook)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if sizeOf(g.dir) > gitBytes {
				stop(fmt.Errorf("the repository is larger than %d GiB", gitBytes>>30))
				return
			}
		}
	}
}

// sizeOf returns the bytes of the files in a folder, as far as they can be
// seen.
func sizeOf(dir string) (total int64) {
	_ = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil //nolint:nilerr // files of a fetch come and go
		}
		if info, err := entry.Info(); err == nil && !entry.IsDir() {
			total += info.Size()
		}
		return nil
	})
	return total
}
