package retrieval

import "errors"

// ErrNotFound says that the workspace has no such thing, such as a suggestion
// asked for by its id.
var ErrNotFound = errors.New("not found")

// ErrUnavailable says that an index cannot be reached now. Trying later may
// help.
var ErrUnavailable = errors.New("index unavailable")
