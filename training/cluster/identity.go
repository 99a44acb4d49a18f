package cluster

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// sortGroups brings groups into an order of their own.
func sortGroups(groups []Group) {
	slices.SortFunc(groups, func(a, b Group) int {
		return cmp.Or(cmp.Compare(len(b.Members), len(a.Members)), cmp.Compare(a.ID, b.ID))
	})
}

// identify gives each group its id: of the group of the last run that has the
// most members in it, if that has not more of them elsewhere; else a new one.
func (p *partition) identify(before []Group) ([]Group, []Change) {
	members := p.members()
	shares := p.shares(members)
	owner := make([]int32, len(members)) // group of the last run whose id it takes
	for g := range owner {
		owner[g] = none
	}
	taken := make(map[int32]bool)
	for _, s := range shares {
		if owner[s.group] == none && !taken[s.was] {
			owner[s.group], taken[s.was] = s.was, true
		}
	}
	used := make(map[string]bool)
	for _, g := range before {
		used[g.ID] = true
	}
	var groups []Group
	ids := make([]string, len(members))
	for g, items := range members {
		if len(items) == 0 {
			continue
		}
		group := Group{Members: make([]string, len(items))}
		for at, i := range items {
			group.Members[at] = p.s.items[i].ID
		}
		if owner[g] != none {
			group.ID = p.ids[owner[g]]
		} else {
			group.ID = newID(group.Members, used)
		}
		ids[g] = group.ID
		groups = append(groups, group)
	}
	sortGroups(groups)
	return groups, p.changes(shares, ids)
}

// A share is how many members of a group of the last run are in a group now.
type share struct {
	was, group int32
	size       int
}

// shares are all there are, the greatest first; of equal ones that of the
// larger group of the last run.
func (p *partition) shares(members [][]int) []share {
	var out []share
	for g, items := range members {
		count := make(map[int32]int)
		for _, i := range items {
			if p.was[i] != none {
				count[p.was[i]]++
			}
		}
		for was, n := range count {
			out = append(out, share{was, int32(g), n})
		}
	}
	slices.SortFunc(out, func(a, b share) int {
		// Groups of the last run are numbered by size.
		return cmp.Or(cmp.Compare(b.size, a.size), cmp.Compare(a.was, b.was), cmp.Compare(a.group, b.group))
	})
	return out
}

// changes tells which groups of the last run merged or were split, by the
// first id they came from.
func (p *partition) changes(shares []share, ids []string) []Change {
	from, into := make(map[string][]string), make(map[string][]string)
	for _, s := range shares {
		was, is := p.ids[s.was], ids[s.group]
		from[is] = append(from[is], was)
		into[was] = append(into[was], is)
	}
	var out []Change
	for is, ofs := range from {
		if len(ofs) > 1 {
			out = append(out, Change{Kind: Merged, From: ofs, Into: []string{is}})
		}
	}
	for was, ins := range into {
		if len(ins) > 1 {
			out = append(out, Change{Kind: Split, From: []string{was}, Into: ins})
		}
	}
	for _, c := range out {
		slices.Sort(c.From)
		slices.Sort(c.Into)
	}
	slices.SortFunc(out, func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.From[0], b.From[0]))
	})
	return out
}

// idPrefix begins the ids of topics that were found and not told.
const idPrefix = "t-"

// newID names a group after the first of its members, or the next if a group is
// named after that one already.
func newID(members []string, used map[string]bool) string {
	for salt := ""; ; salt += "+" {
		for _, m := range members {
			sum := sha256.Sum256([]byte(m + salt))
			if id := idPrefix + hex.EncodeToString(sum[:6]); !used[id] {
				used[id] = true
				return id
			}
		}
	}
}
