// Package gate decides whether a newly learned ranker may serve, and whether
// one that serves must go back.
//
// [Clusters] and [Split] take the data apart so that a candidate is judged on
// questions it has not learned from, not even in other words. [Decide] weighs
// the candidate against the ranker that serves. [Watch] looks at what operators
// make of a promoted ranker, as often as one likes, and says when it is worse
// than what was there before.
//
// It is arithmetic: no store, no clock. Its random draws have fixed seeds, so
// the same trials give the same verdict. Nothing here changes its arguments;
// all of it may be called from many goroutines.
package gate
