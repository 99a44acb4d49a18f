// Package kb holds what a helpdesk knows: its articles and the cases it has
// resolved, who changed them and when, and how they are cut into passages.
//
// Read it in the order [Workspace], [Document], [Passage], [Store]. A Store is
// opened in a workspace and can reach nothing outside it. Every accepted write
// takes the next number of the workspace's change feed ([Store.Changes]), which
// is all that an index needs in order to follow.
//
// The package knows nothing of vectors, of ranking or of HTTP.
package kb
