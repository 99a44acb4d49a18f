// Whetstone drafts replies to customers from a knowledge base and resolved
// cases, with citations, or says that it does not know.
//
// This is the tour of the code, from the bottom up; reading the packages in
// this order is reading the product.
//
// # What we know
//
// Package kb holds articles and resolved cases. A kb.Store is opened in a
// workspace and reaches nothing outside it. Every write takes the next number
// of the workspace's change feed; Store.Changes is all that an index needs to
// follow. Before a case is stored, kb/redact takes personal data out of it.
// kb.Split cuts a document into passages along its headings, and kb.Plain
// takes the markup out of them. kb/source reads files of many formats, kb/sqldb
// opens SQLite or PostgreSQL and migrates it.
//
// # How texts compare
//
// Package embeddings has the one analyzer: language, words, stems, synonyms,
// letter groups. PassageTerms and QueryTerms make sparse vectors of them, whose
// inverse document frequency the index adds; Matcher looks at how close
// together a passage has the question's words. An Embedder makes dense vectors:
// Local needs nothing, embeddings/openai asks a server, and Cached remembers.
//
// # Answering
//
// Package retrieval goes from a question to a suggestion. Read answer.go from
// the top: Answerer.Suggest takes the question out of the dialogue (dialogue.go)
// and personal data out of the question (task.go), asks an Index for passages
// (index.go), ranks them by words, by how close together the words stand and,
// with a model server, by meaning (score.go, rank.go), judges whether they
// answer (confidence.go, conflict.go), and has a Generator write. Extract quotes the part of
// a source that answers; retrieval/chat has a model server write and drops what
// Ground cannot find in the sources; Fallback quotes when the server is slow.
//
// The Indexer follows the change feed into an Index, the Follower does so for as
// long as the program runs. There are two indexes, retrieval/memindex in the
// process and retrieval/qdrantindex on a Qdrant server, and one contract for
// both, retrieval/indextest.
//
// # What runs by itself
//
// Package training has the timetable. Package training/eval measures how well
// sources are found.
//
// # The way in
//
// Package api is the HTTP interface: routes.go is the list of what can be
// called, errors.go the table of errors. Package api/auth knows who is calling.
//
// # The program
//
// Here in cmd/whetstone, app.go is the one place that picks implementations,
// space.go looks after the vectors of one model, keep.go keeps them in step and
// goes over to another model's, lead.go says who fills an index that is shared,
// config.go has all settings, and each subcommand has a file.
package main
