// Package qdrantindex keeps an index in a Qdrant server: for when passages
// outgrow one process, or several processes share them.
//
// # How it is laid out
//
// Every embedding model has a collection of its own, named after a prefix, the
// model and its dimension. A point is a passage. It has a dense vector, and one
// sparse vector that holds the terms of all lexical channels; Qdrant applies
// the inverse document frequency ([retrieval.Hit]). The payload holds the
// passage and its source, so a search needs no second store. Where an Indexer
// stands in a workspace is kept in the same collection, as a point without
// vectors: whatever order a server recovers its log in, the position cannot get
// ahead of the passages that were written before it.
//
// # Changing the model
//
// An [Index] reads and writes the collection of its own model, whichever model
// serves. An alias named like the prefix says which that is: [Index.Serving]
// reads it, [Index.Promote] points it at the Index's own collection. So a new
// model's collection is filled beside the one that answers, by an Indexer as
// always, and takes over when complete; [Index.Prune] removes what is left.
//
// # How a search goes
//
// Two round trips, each one batch. The first asks for the best passages by
// words and the nearest by vector. The second asks, of the passages found, what
// the first left open: their score in each lexical channel, and their cosine.
//
// [retrieval.Result.IDF] needs the inverse document frequency of every term of
// the question, which Qdrant does not tell. A search for one term alone does:
// its best hit's score, divided by the weight that the hit has for the term. A
// term that hits nothing has the frequency of an unseen one, for which the
// passages are counted. These probes ride in the second batch, and what they
// tell is remembered for as long as the collection stays about the same.
//
// # What differs from the in-process index
//
// The inverse document frequency is that of the whole collection and not of one
// workspace. Passages that were removed from a segment that Qdrant has already
// optimized still count until it tidies that, and while it optimizes one, those
// that come meanwhile do not count yet.
//
// Lexical search is exact. Dense search is exact while the collection has less
// than 64 MB of vectors; above that it goes by graph and can miss a neighbour.
// Scores are added up in 32 bits, so they agree with the in-process index to
// about five digits.
package qdrantindex
