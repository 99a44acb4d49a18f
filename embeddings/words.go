package embeddings

import "strings"

// wordSet makes a set of blank-separated words, folded as tokens are.
func wordSet(words string) map[string]struct{} {
	set := make(map[string]struct{})
	for w := range strings.FieldsSeq(words) {
		set[fold(w)] = struct{}{}
	}
	return set
}
