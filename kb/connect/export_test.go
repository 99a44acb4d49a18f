package connect

import (
	"context"
	"time"
)

// Browse is where a file of a repository can be looked at, for tests; empty
// where that is not known.
func Browse(remote, branch, file string) string {
	if at := browse(remote, branch); at != nil {
		return at(file)
	}
	return ""
}

// BeatOn makes runs give a sign of life when told to and not by the clock.
func (s *Syncer) BeatOn(beats <-chan time.Time) { s.beats = beats }

// SSHCommand is what the git program connects with, for tests.
func SSHCommand(ctx context.Context, c Connection, o FileOptions) string {
	g := repository{c: &c, o: &o}
	if err := g.allowed(ctx); err != nil {
		return err.Error()
	}
	return g.way.ssh
}
