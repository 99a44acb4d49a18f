// Package connect keeps a workspace's knowledge in step with where it comes
// from: a folder, a Git repository, a website, a feed, another helpdesk.
//
// A [Connection] says what is read and when. [Syncer.Sync] reads it once: a
// [Run] gives the items, and what has changed is written in batches. Each batch
// is one transaction with the documents, their [Version]s, the cursor and the
// claim of the run, so that a run may die at any point: what was written stays
// written, nothing is taken for gone, and the next run goes on from the cursor.
//
// The rules, each of which is a test:
//
//   - What is the same at its source is neither written nor indexed again.
//   - A document is deleted when a run has gone through the whole source
//     without meeting it, and what may have held it could be read.
//   - A run that would delete more than three tenths of the connection's
//     documents deletes nothing and asks ([Hold]).
//   - What was edited, deleted or written by others stays theirs: the run
//     reports a [Conflict] and leaves it alone. [How.Take] gives the source its
//     way.
//   - Of two runs at a time the second is told [ErrRunning].
//
// The package reads folders and work trees by itself ([OpenFolder], [OpenGit]);
// other sources are read by the packages below kb/source, which the program
// joins to it.
package connect
