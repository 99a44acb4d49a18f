package embeddings

import (
	_ "embed"
	"strings"
	"sync"
)

// Words that say nothing of what a text is about: function words of Russian
// and English, greetings, thanks and pleas. Negations are among them: they
// change what an answer must say, not what it is about.
//
//go:embed stopwords.txt
var stopText string

// stops returns the set of the stop words, folded as tokens are.
var stops = sync.OnceValue(func() map[string]struct{} {
	set := make(map[string]struct{})
	for w := range strings.FieldsSeq(stopText) {
		set[fold(w)] = struct{}{}
	}
	return set
})

// isStop reports whether a folded word carries no subject.
func isStop(word string) bool {
	_, ok := stops()[word]
	return ok
}
