// Package cluster groups questions into topics when nobody knows how many
// topics there are.
//
// [Find] takes the topics of the last run and all the evidence of today, and
// returns today's topics. A topic keeps its id, and its label while that is
// true of it. Yesterday's members stay together; what is new joins the topic
// it is like or begins one of its own. Topics merge and split only where the
// evidence clearly says so, and every merge and split is told. So the same
// evidence gives the same topics day after day.
//
// The names, types and signatures here are settled: what else is learned goes
// into [Options], whose zero value stays ready.
//
// # How
//
// A question becomes a vector: its words, synonyms of both languages as one,
// pairs of words and pieces of words, weighed by how rare they are in the
// evidence, smoothed by latent semantic analysis (Deerwester et al. 1990; the
// randomised form of Halko, Martinsson and Tropp 2011). Words that only frame
// a request ("how do I", "подскажите") weigh little. Replies make a second
// part of the vector, and the vectors of a model that compares meanings a
// third. Across languages the words of [embeddings] that are known to mean one
// thing are all that compare, unless there are such vectors.
//
// Groups maximise the sum, over all pairs in one group, of the cosine less a
// threshold: the constant Potts model (Traag, Van Dooren and Nesterov 2011),
// found by the moves of the Louvain method (Blondel et al. 2008). In words: two
// groups are one if their members are alike by more than the threshold on
// average. The number of groups follows from the threshold, which is the same
// for ten questions and ten thousand.
//
// Everything here is a pure function of its arguments and may be called from
// many goroutines. It reads no store, no clock and no model. A topic of one
// question is a topic: how many customers it takes is the caller's decision.
package cluster
