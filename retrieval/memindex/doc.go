// Package memindex is the index that runs inside the process: exact, without a
// server, kept in a folder so that a restart embeds nothing again.
//
// # How it is built
//
// Every workspace has a shard. A shard is a list of immutable segments, and a
// bitmap for each of them that says which passages are still alive. [Index.Replace]
// builds a small segment of the new passages and clears the bits of the old
// ones; when several segments of like size have gathered they are merged into
// one. Segments look the same in memory and on disk, where they are mapped and
// not read. A search works on the list it found when it began, so it neither
// waits for a writer nor sees half of what one does.
//
// A search by words adds up the inverted lists of the query's terms. A search
// by vector scans one byte per dimension, which gives every cosine to within a
// bound that is known, and then computes those that may matter from the
// vectors themselves: the result is that of a full scan.
//
// # What survives a crash
//
// The folder's manifest is replaced as one, after everything it names is on
// disk. So a crash at any time leaves a state that was once true, with its
// position, and the change feed brings what came after. A file that is
// damaged, or was written by another version or for another model, is left out
// and the shard's position is 0: the feed rebuilds it. [Index.Damage] tells.
package memindex
