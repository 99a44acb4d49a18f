package connect

// Browse is where a file of a repository can be looked at, for tests; empty
// where that is not known.
func Browse(remote, branch, file string) string {
	if at := browse(remote, branch); at != nil {
		return at(file)
	}
	return ""
}
