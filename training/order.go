package training

import (
	"cmp"
	"maps"
	"slices"

	"github.com/whetstone-desk/whetstone/retrieval"
)

// sorted returns the candidates' ids by score, best first, equal ones as they
// were.
func sorted(cs []retrieval.Candidate, score func(*retrieval.Candidate) float64) []string {
	type scored struct {
		id    string
		score float64
	}
	all := make([]scored, len(cs))
	for i := range cs {
		all[i] = scored{cs[i].ID, score(&cs[i])}
	}
	slices.SortStableFunc(all, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	ids := make([]string, len(all))
	for i := range all {
		ids[i] = all[i].id
	}
	return ids
}

// sortedKeys returns the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
