// Package clash finds what a knowledge base says twice and what it says in two
// ways: documents that are nearly the same, and statements of two documents
// that contradict each other. It is pure: it is given texts and returns pairs
// of passages, and decides nothing. An editor does.
//
// # Duplicates
//
// Two documents are near-duplicates if at least [DuplicateShare] of the words
// of the shorter one stand in runs of three or more that the other has too.
// Candidates are found by shingles sampled modulo a number (Broder, "On the
// resemblance and containment of documents", 1997, section 3: unlike a MinHash
// signature, whose match falls with the longer text, such a sample estimates
// containment).
//
// # Contradictions
//
// A document is read as statements, one a sentence. A statement has words, each
// weighed by how rare it is and known by its stem and by its concept (so that
// Russian and English meet), and facts: numbers with what they count, prices,
// dates, times of day. Two statements contradict each other where their words
// cover each other, their scope (plan, platform, region, kind of customer,
// names) does not differ, and a fact stands against a rival of the same
// measure, a negation or an opposite word against its absence, or "only" against
// "any". A document that says both is a document that distinguishes, and no
// contradiction. Nor are statements that hang the fact or the negation on
// different things: a threshold is no price, a paid repair no warranty repair,
// and a negation counts only in the clause that the two share.
//
// What is not read: code, tables (what a cell says depends on its header),
// questions, front matter, numbers of steps, figures and versions, years of a
// changelog. What cannot be found: a contradiction that takes an inference or
// two sentences to see, and, across languages, one without a number or a date.
package clash
