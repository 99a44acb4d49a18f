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
// of the workspace's change feed; Store.ChangesOf is all that an index needs to
// follow. Before a case is stored, kb/redact takes personal data out of it.
// kb.Split cuts a document into passages along its headings, and kb.Plain
// takes the markup out of them. kb/source reads files of many formats, kb/sqldb
// opens SQLite or PostgreSQL and migrates it.
//
// What comes from elsewhere comes by kb/connect: Syncer.Sync reads a folder, a
// Git work tree, a website or feed (kb/source/web) or another helpdesk
// (kb/source/desk) once, through the one HTTP client (kb/source/fetch), and
// writes what has changed. kb/ticket keeps what customers ask now.
//
// What is missing or no longer true is kept here too, and found elsewhere:
// kb/gap has the evidence, the topics of it and their way to an article
// (lifecycle.go), kb/upkeep the editors' chores, merges and quarantines,
// kb/notice what others are told, in the transaction that makes it true.
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
// a source that answers (extract_choose.go weighs its units, extract_title.go by
// what the title says already, extract_lean.go by what they lean on);
// retrieval/chat has a model server write and drops what
// Ground cannot find in the sources; Fallback quotes when the server is slow.
//
// The Indexer follows the change feed into an Index, the Follower does so for as
// long as the program runs. There are two indexes, retrieval/memindex in the
// process and retrieval/qdrantindex on a Qdrant server, and one contract for
// both, retrieval/indextest.
//
// What was learned is declared here, where it is read: learned.go and beliefs.go
// say what it is, rankers.go keeps its versions, shelves.go keeps cases apart from
// articles, votes.go lets them speak for these, lend.go lends these their words,
// overrides.go is what people decide over it.
//
// That a question is covered at all is answerable.go's to say; blind.go says why
// an empty answer is nobody's gap, doubts.go leaves out what is in quarantine and
// follows what was merged. Package retrieval/clash finds what a knowledge base
// says twice, and what it says in two ways. Both it and Ground read amounts and
// times by retrieval/forms.
//
// # What operators made of it
//
// Package feedback keeps events as they were told (record.go), makes a judgement
// of those of one suggestion (fold.go, settle.go), with the credit of each
// source (credit.go), and makes cases of resolved tickets (memory.go). The
// Digester follows the feed of events and does the latter three. Package
// feedback/experiment says who is answered by which profile; package
// feedback/analytics counts.
//
// # What we learn
//
// Package training has the timetable: schedule.go says when jobs are due and
// claim.go who of several processes does one. Then read lesson in learner.go:
// what a workspace gives to learn from. calibrate.go works out what is believed,
// rerank.go and tune.go make candidates, promote.go is the gate, watch.go takes
// back what is accepted less, relearn.go what was to be forgotten, progress.go
// measures how fast topics are learned.
//
// Then the jobs that look after the knowledge: gaps.go goes from signs that
// knowledge failed (gaps_evidence.go) over their topics and causes to proofs
// (gaps_verify.go), alarms.go looks at the traffic, updates.go follows what has
// changed to all that rests on it, upkeep.go finds chores. Their arithmetic:
// training/cluster groups questions whose number of topics nobody knows,
// training/compose drafts an article from replies, training/alarm tells a burst
// from chance.
// Other arithmetic is in training/calibration, training/gate, training/curve and
// training/plot; none of these packages knows a store. Package training/eval
// measures how well sources are found.
//
// # The way in
//
// Package api is the HTTP interface: routes.go is the list of what can be
// called, errors.go the table of errors. Package api/auth knows who is calling:
// keys, people, sessions. Package api/notify sends what kb/notice keeps.
//
// Package api/console serves the web console and the panel for other helpdesks'
// windows. Both are clients of this API; api/console/src/README.md is their tour.
//
// # The program
//
// Here in cmd/whetstone, app.go is the one place that picks implementations,
// space.go looks after the vectors of one model, keep.go keeps them in step and
// goes over to another model's, lead.go says who fills an index that is shared,
// config.go has all settings, and each subcommand has a file. The demo and its
// invented past (demo_history.go) are the way to see all of it at work.
package main
