package api

import (
	"context"

	"github.com/whetstone-desk/whetstone/kb"
)

// Row is the row that Replies keeps.
type Row = reply

// RoutesOf returns every route of the server as a method and a path in the
// router's notation.
func RoutesOf(s *Server) []string {
	var out []string
	for _, r := range s.engine().Routes() {
		out = append(out, r.Method+" "+r.Path)
	}
	return out
}

// PresenceRow and WidgetRow are the rows that Presences and Widgets keep.
type (
	PresenceRow = presence
	WidgetRow   = widget
)

// FindsDocuments returns what counts the articles that are found by their title.
func FindsDocuments(b *kb.DB) func(ctx context.Context, workspace, q string) (int, error) {
	f := newFinders(b)
	return func(ctx context.Context, workspace, q string) (int, error) {
		found, err := f.documents(ctx, workspace, exactly(q))
		return len(found[kb.Article]), err
	}
}

// Harmless is how a text is put into a table for spreadsheets.
func Harmless(cell string) string { return harmless(cell) }

// Audits reports whether calls of a route are kept in the audit.
func Audits(route string) bool { return !unaudited(route) }
