package api

import "github.com/whetstone-desk/whetstone/retrieval"

// Suggestion returns s in the form of POST /v1/suggestions, to be encoded as
// JSON: programs read the same from a command as from the service.
func Suggestion(s *retrieval.Suggestion) any { return suggestionOf(s) }

// Search returns f in the form of POST /v1/search, to be encoded as JSON.
func Search(f *retrieval.Found) any { return searchOf(f) }
