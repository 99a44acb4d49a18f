package cluster

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/whetstone-desk/whetstone/embeddings"
)

// ErrInvalid says that the arguments of Find contradict themselves: an id that
// is empty or there twice, a member of two groups.
var ErrInvalid = errors.New("invalid evidence")

// An Item is one piece of evidence.
type Item struct {
	ID   string // not empty, of this item alone
	Text string // the question, without personal data; placeholders are passed over

	// Reply is what an operator answered, without personal data; empty if
	// nobody has. Replies to one topic are alike, so that they are strong
	// evidence of it.
	Reply string

	Language string // ISO 639-1; empty: by the text

	// Vector is of a model that compares meanings. Without one, words alone
	// compare. Vectors of another length than most are passed over.
	Vector embeddings.Vector
}

// A Group is a topic: its members and what sets it apart.
type Group struct {
	ID string // stays from run to run

	// Label is a few words that set the group apart, in the language of most
	// of its members. It stays while most of the members speak of it.
	Label string

	// Phrases are up to five phrases of one to three words, as they are written
	// in the questions, that are usual in the group and rare in the others:
	// best first. There are none where the members say nothing.
	Phrases []string

	Typical string   // id of the item most like all others of the group
	Members []string // ids of items, ascending; at least one
}

// A ChangeKind says what happened to groups of the last run.
type ChangeKind string

// The kinds of changes.
const (
	Merged ChangeKind = "merged" // several became one
	Split  ChangeKind = "split"  // one became several
)

// A Change says that groups of the last run were merged into one, or that one
// of them was split.
type Change struct {
	Kind ChangeKind
	From []string // ids of groups of the last run, ascending
	Into []string // ids of groups of this run, ascending
}

// Options are choices of the caller. The zero value is ready.
type Options struct {
	// Near is how much alike, as a cosine from 0 to 1, the members of a group
	// are on average at the least. Higher makes more and smaller groups. 0
	// means the built-in one.
	Near float64

	// Background is texts of the same desk that are no evidence, without
	// personal data: other questions, titles of articles. From them, too, it is
	// learned which words are rare and which go together. A few thousand make
	// much of a little evidence; without any, evidence speaks for itself.
	Background []string

	// Seed is for the order in which groups are tried.
	Seed uint64
}

// Noise is the share of items that are in groups smaller than three, from 0 to
// 1; 0 if there are none.
func Noise(groups []Group) float64 {
	few, all := 0, 0
	for _, g := range groups {
		all += len(g.Members)
		if len(g.Members) < fewest {
			few += len(g.Members)
		}
	}
	return float64(few) / float64(max(all, 1))
}

// fewest is how many items make a topic that speaks for itself.
const fewest = 3

// Find groups items. Groups of before, which an earlier Find returned, keep
// their ids and those of their members that are among items still; what is left
// without members is left out. Groups that merge keep the id of the largest, a
// group that is split leaves its id with the largest part; changes says so.
// Groups come by their number of members, the largest first, then by id.
//
// The order of items and of before does not matter. Find fails with ErrInvalid,
// or with the error of an ended context.
func Find(ctx context.Context, before []Group, items []Item, o Options) (groups []Group, changes []Change, err error) {
	if err := check(before, items); err != nil {
		return nil, nil, err
	}
	items = slices.Clone(items)
	slices.SortFunc(items, func(a, b Item) int { return cmp.Compare(a.ID, b.ID) })
	s, err := newSpace(ctx, items, o.Background)
	if err != nil {
		return nil, nil, fmt.Errorf("cluster: comparing %d items: %w", len(items), err)
	}
	p := newPartition(s, o)
	p.recall(before)
	if err := p.settle(ctx); err != nil {
		return nil, nil, fmt.Errorf("cluster: grouping %d items: %w", len(items), err)
	}
	groups, changes = p.identify(before)
	name(groups, before, s)
	return groups, changes, nil
}

// check reports whether ids are such as Find asks for.
func check(before []Group, items []Item) error {
	seen := make(map[string]bool, len(items))
	for _, it := range items {
		if it.ID == "" || seen[it.ID] {
			return fmt.Errorf("cluster: item %q has no id of its own: %w", it.ID, ErrInvalid)
		}
		seen[it.ID] = true
	}
	groups := make(map[string]bool, len(before))
	clear(seen)
	for _, g := range before {
		if g.ID == "" || groups[g.ID] {
			return fmt.Errorf("cluster: group %q has no id of its own: %w", g.ID, ErrInvalid)
		}
		groups[g.ID] = true
		for _, m := range g.Members {
			if seen[m] {
				return fmt.Errorf("cluster: item %q is of two groups: %w", m, ErrInvalid)
			}
			seen[m] = true
		}
	}
	return nil
}
