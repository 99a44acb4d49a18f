package api

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
