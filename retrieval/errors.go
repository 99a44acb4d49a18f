package retrieval

import "errors"

// ErrUnavailable says that an index cannot be reached now. Trying later may
// help.
var ErrUnavailable = errors.New("index unavailable")
