// Package retrieval goes from a question to a suggestion.
//
// An [Index] finds passages; the fused and rescored best of them become
// [Evidence]; a [Generator] writes from it, and what it wrote is held against
// the sources ([Ground]) before anyone sees it. The in-process index is package
// memindex, Qdrant's is package qdrantindex, and package indextest holds both
// to one contract.
//
// The package knows no HTTP and reads no settings: package api calls it, and
// the program hands it what it needs.
package retrieval
